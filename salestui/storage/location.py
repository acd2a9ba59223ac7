"""Where a database lies: reads what was given as `--database`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from salestui.dataclass import dataclass
from salestui.errors import DatabaseUnreadable, UnknownLocation

__all__ = ["Location"]

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")
_SUPPORTED: Final = ("sqlite:///PATH",)


@dataclass(frozen=True, slots=True)
class Location:
    """The place of a SQLite database: its absolute path, links resolved."""

    path: Path

    @classmethod
    def parse(cls, given: str | Path) -> Location:
        """Read a path or `sqlite:///path` (`sqlite:////absolute`); raises UnknownLocation for other schemes."""
        if isinstance(given, str) and (found := _SCHEME.match(given)):
            scheme = found[1].lower()
            rest = given[found.end() :]
            if scheme != "sqlite" or not rest.startswith("/") or rest == "/":
                raise UnknownLocation(scheme, _SUPPORTED)
            given = unquote(rest[1:])
        try:
            return cls(Path(given).expanduser().resolve())
        except (OSError, RuntimeError) as error:  # a home that nobody has, a link that leads to itself
            raise DatabaseUnreadable(given, str(error)) from error

    @property
    def files(self) -> Path:
        """The directory of the attached files."""
        return self.beside(".files")

    def beside(self, ending: str) -> Path:
        """The path of a side file: the database's own with `ending` added."""
        return self.path.with_name(self.path.name + ending)

    @property
    def label(self) -> str:
        """The path as shown to people: the home directory as `~`."""
        home = Path.home()
        return f"~/{self.path.relative_to(home).as_posix()}" if self.path.is_relative_to(home) else str(self.path)

    def __str__(self) -> str:
        return str(self.path)
