"""Damages a database file as failing disks do: flipped bits, a lost end, pages of zeros."""

from pathlib import Path
from random import Random
from typing import Final

from salestui.storage import examining
from salestui.storage.examining import DAMAGE

PAGE: Final = 4096


def flip(content: bytes, random: Random) -> bytes:
    """Flip one bit, sometimes three, where something is written."""
    changed = bytearray(content)
    for _each in range(random.choice((1, 1, 1, 3))):
        at = random.randrange(len(changed))
        while not changed[at]:
            at = random.randrange(len(changed))
        changed[at] ^= 1 << random.randrange(8)
    return bytes(changed)


def cut(content: bytes, random: Random) -> bytes:
    """Lose the end, from a page's beginning or from anywhere."""
    length = random.randrange(1, len(content))
    return content[: length // PAGE * PAGE] if random.random() < 0.5 and length > PAGE else content[:length]


def blank(content: bytes, random: Random) -> bytes:
    """Put zeros in the place of one page, or of a run of them."""
    first = random.randrange(len(content) // PAGE)
    count = random.choice((1, 1, 2, 8))
    return (content[: first * PAGE] + bytes(count * PAGE) + content[(first + count) * PAGE :])[: len(content)]


KINDS: Final = {"flip": flip, "cut": cut, "blank": blank}


def values(path: Path) -> dict[str, list[str]] | None:
    """Return every value that the product can read, None where not even that works."""
    try:
        with examining.readable(path) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'seal'")
            names = sorted(name for (name,) in tables.fetchall())
            return {
                name: sorted(map(repr, connection.execute(f'SELECT * FROM "{name}" NOT INDEXED').fetchall()))  # noqa: S608
                for name in names
            }
    except DAMAGE:
        return None
