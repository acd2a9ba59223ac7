from pathlib import Path

import pytest

from salestui.errors import UnknownLocation
from salestui.storage.location import Location


def test_a_path_is_made_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert Location.parse("sales.db").path == tmp_path.resolve() / "sales.db"


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("sqlite:////srv/sales.db", "/srv/sales.db"),
        ("SQLite:////srv/my%20sales.db", "/srv/my sales.db"),
        ("/srv/%20.db", "/srv/%20.db"),
        (Path("/srv/sales.db"), "/srv/sales.db"),
        ("/srv/销售.db", "/srv/销售.db"),
    ],
)
def test_a_path_and_a_sqlite_address_name_the_same_place(given, path):
    assert str(Location.parse(given)) == path


def test_a_relative_sqlite_address_counts_from_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert Location.parse("sqlite:///sales.db").path == tmp_path.resolve() / "sales.db"


def test_the_home_directory_may_be_written_short(own_home):
    assert Location.parse("~/sales.db").path == own_home.resolve() / "sales.db"
    assert Location(own_home / "sales.db").label == "~/sales.db"
    assert Location(Path("/srv/sales.db")).label == "/srv/sales.db"


def test_an_in_memory_name_is_only_a_file_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert Location.parse(":memory:").path == tmp_path.resolve() / ":memory:"


@pytest.mark.parametrize("given", ["mysql://lin:secret@db/sales", "https://example.com/sales.db", "sqlite://host/x"])
def test_an_unknown_kind_of_address_is_refused_without_showing_its_password(given):
    with pytest.raises(UnknownLocation) as caught:
        Location.parse(given)
    assert "sqlite:///PATH" in caught.value.text()
    assert "secret" not in caught.value.text()


def test_side_files_lie_beside_the_database():
    location = Location(Path("/srv/sales.db"))
    assert location.files == Path("/srv/sales.db.files")
    assert location.beside(".lock") == Path("/srv/sales.db.lock")
