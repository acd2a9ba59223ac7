"""When the program itself is at fault, it says where, to a log of its own; of the user's data it says nothing."""

import pytest

from salestui import paths
from salestui.services import crash, customers
from tests.cli.shell import Shell

SECRETS = ("苏州启明", "13800138000", "s3cret")


def fail(*_arguments: object, **_options: object) -> None:
    phone = SECRETS[1]
    raise LookupError(f"{SECRETS[0]} {phone} postgresql://lin:{SECRETS[2]}@db/sales")


def test_a_report_names_places_in_the_code_and_no_values() -> None:
    try:
        fail()
    except LookupError as error:
        told = crash.report(error)
    written = paths.log_file().read_text("utf-8")
    assert str(paths.log_file()) in told
    assert "LookupError" in written
    assert "test_crash.py" in written
    assert not [secret for secret in SECRETS if secret in told + written]


@pytest.mark.parametrize("json", [True, False])
def test_a_command_that_fails_unexpectedly_exits_with_one_and_shows_no_data(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, json: bool
) -> None:
    shell.ok("init")
    monkeypatch.setattr(customers, "all", fail)
    result = shell.json("customer", "list") if json else shell("customer", "list")
    assert result.code == 1
    assert not [secret for secret in (*SECRETS, "Traceback") if secret in result.out + result.err]
    if json:
        assert result.document["code"] == "crashed"
    else:
        assert str(paths.log_file()) in result.err
