from pathlib import Path

import pytest

from salestui import paths


@pytest.mark.parametrize(
    ("option", "variable", "setting", "expected"),
    [
        ("/a.db", "/b.db", "/c.db", "/a.db"),
        (None, "/b.db", "/c.db", "/b.db"),
        (None, None, "/c.db", "/c.db"),
        ("", "", "", None),
        (None, "postgresql:///sales", None, "postgresql:///sales"),
    ],
)
def test_the_database_is_the_option_then_the_variable_then_the_setting(
    monkeypatch: pytest.MonkeyPatch, option: str | None, variable: str | None, setting: str | None, expected: str | None
) -> None:
    if variable is None:
        monkeypatch.delenv("SALESTUI_DATABASE", raising=False)
    else:
        monkeypatch.setenv("SALESTUI_DATABASE", variable)
    assert paths.database(option, setting) == (expected or str(paths.data_directory() / "salestui.db"))


def test_no_test_touches_the_files_of_whoever_runs_it(own_home: Path) -> None:
    for path in (paths.data_directory(), paths.state_directory(), paths.cache_directory(), paths.config_file()):
        assert path.is_relative_to(own_home)


def test_another_config_file_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALESTUI_CONFIG", "/etc/salestui.toml")
    assert paths.config_file() == Path("/etc/salestui.toml")
