"""Draws a terminal's screen as a picture, cell by cell, with Chinese on exactly the two cells it takes."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageDraw, ImageFont

__all__ = ["MissingFontError", "draw"]

CELL_WIDTH, CELL_HEIGHT, FONT_SIZE, MARGIN = 12, 26, 20, 8

# the families that serve each kind of character, best first
FAMILIES: Final[Mapping[str, tuple[str, ...]]] = {
    "latin": ("JetBrains Mono", "DejaVu Sans Mono", "Menlo", "Liberation Mono"),
    "wide": ("Noto Sans CJK SC", "Noto Sans Mono CJK SC", "Source Han Sans SC", "PingFang SC", "WenQuanYi Micro Hei"),
    "signs": ("DejaVu Sans Mono", "Menlo", "JetBrains Mono"),
}
_PACKAGES: Final = "Debian and Ubuntu: apt install fonts-jetbrains-mono fonts-noto-cjk fonts-dejavu-core fontconfig"
_NAMED_COLOURS: Final[Mapping[str, str]] = {
    "black": "000000",
    "red": "cd3131",
    "green": "0dbc79",
    "brown": "e5e510",
    "blue": "2472c8",
    "magenta": "bc3fbc",
    "cyan": "11a8cd",
    "white": "e5e5e5",
    "brightblack": "666666",
    "brightred": "f14c4c",
    "brightgreen": "23d18b",
    "brightbrown": "f5f543",
    "brightblue": "3b8eea",
    "brightmagenta": "d670d6",
    "brightcyan": "29b8db",
    "brightwhite": "ffffff",
}
# block elements as (left, top, right, bottom) of the cell: drawn, so that neighbours touch
_BLOCKS: Final[Mapping[str, tuple[float, float, float, float]]] = {
    "█": (0, 0, 1, 1),
    "▌": (0, 0, 0.5, 1),
    "▐": (0.5, 0, 1, 1),
    "▀": (0, 0, 1, 0.5),
    "▄": (0, 0.5, 1, 1),
    "▎": (0, 0, 0.25, 1),
    "▊": (0, 0, 0.75, 1),
    "▔": (0, 0, 1, 0.12),
    "▁": (0, 0.88, 1, 1),
    "▕": (0.88, 0, 1, 1),
    "▏": (0, 0, 0.12, 1),
    "─": (0, 0.48, 1, 0.54),
    "│": (0.46, 0, 0.56, 1),
}
_DARK, _LIGHT = ("121212", "d4d4d4"), ("ffffff", "1e1e1e")


class MissingFontError(Exception):
    """No font on this machine can show what a screen holds; the message says what to install."""


@cache
def _installed() -> Mapping[tuple[str, bool], tuple[str, int]]:
    """Return file and index of every installed regular and bold face by family and boldness."""
    if shutil.which("fc-list") is None:
        raise MissingFontError(f"fc-list, which tells the fonts of this machine, is missing. {_PACKAGES}")
    form = "%{file}\t%{index}\t%{family}\t%{style}\n"
    listed = subprocess.run(["fc-list", "-f", form], capture_output=True, text=True, check=True).stdout
    found: dict[tuple[str, bool], tuple[str, int]] = {}
    for line in listed.splitlines():
        file, index, families, styles = line.split("\t")
        style = styles.split(",")[0]
        if style in {"Regular", "Book", "Roman", "Bold"}:
            for family in families.split(","):
                found.setdefault((family, style == "Bold"), (file, int(index) & 0xFFFF))
    return found


@cache
def _font(kind: str, *, bold: bool) -> ImageFont.FreeTypeFont:
    for family in FAMILIES[kind]:
        face = _installed().get((family, bold)) or _installed().get((family, False))
        if face is not None:
            return ImageFont.truetype(face[0], FONT_SIZE + (kind == "wide"), index=face[1])
    raise MissingFontError(f"None of these fonts is installed: {', '.join(FAMILIES[kind])}. {_PACKAGES}")


def _kind(letter: str) -> str:
    code = ord(letter)
    if code >= 0x2E80:
        return "wide"
    return "latin" if code < 0x2100 and code not in range(0x2010, 0x2070) else "signs"


def _colour(name: str, default: str) -> tuple[int, int, int]:
    value = default if name == "default" else _NAMED_COLOURS.get(name, name)
    if len(value) != 6:
        value = default
    return int(value[:2], 16), int(value[2:4], 16), int(value[4:], 16)


def draw(screen: Any, path: Path, *, light: bool = False) -> None:  # noqa: ANN401  # pyte publishes no types
    """Write the screen of a `Terminal` as a PNG; `light` is the terminal's own background where a program sets none."""
    background, foreground = _LIGHT if light else _DARK
    size = (screen.columns * CELL_WIDTH + 2 * MARGIN, screen.lines * CELL_HEIGHT + 2 * MARGIN)
    # the program's own background goes on to the edge
    picture = Image.new("RGB", size, _colour(screen.buffer[0][0].bg, background))
    pen = ImageDraw.Draw(picture)
    letters: list[tuple[int, int, Any, tuple[int, int, int]]] = []
    for row in range(screen.lines):
        for column in range(screen.columns):
            cell = screen.buffer[row][column]
            ink, paper = _colour(cell.fg, foreground), _colour(cell.bg, background)
            if cell.reverse:
                ink, paper = paper, ink
            left, top = MARGIN + column * CELL_WIDTH, MARGIN + row * CELL_HEIGHT
            pen.rectangle([left, top, left + CELL_WIDTH - 1, top + CELL_HEIGHT - 1], fill=paper)
            if cell.underscore:
                pen.line([left, top + CELL_HEIGHT - 3, left + CELL_WIDTH - 1, top + CELL_HEIGHT - 3], fill=ink)
            if cell.data.strip():
                letters.append((left, top, cell, ink))
    for left, top, cell, ink in letters:  # after all backgrounds: a wide character reaches over its second cell
        _letter(pen, left, top, cell, ink)
    if not screen.cursor.hidden:
        left, top = MARGIN + screen.cursor.x * CELL_WIDTH, MARGIN + screen.cursor.y * CELL_HEIGHT
        pen.rectangle([left, top, left + CELL_WIDTH - 1, top + CELL_HEIGHT - 1], outline=_colour("default", foreground))
    picture.quantize(256).save(path, optimize=True)


def _letter(pen: ImageDraw.ImageDraw, left: int, top: int, cell: Any, ink: tuple[int, int, int]) -> None:  # noqa: ANN401  # the same
    block = _BLOCKS.get(cell.data[0])
    if block is not None:
        x0, y0, x1, y1 = block
        corners = [
            left + x0 * CELL_WIDTH,
            top + y0 * CELL_HEIGHT,
            left + x1 * CELL_WIDTH - 1,
            top + y1 * CELL_HEIGHT - 1,
        ]
        pen.rectangle(corners, fill=ink)
        return
    kind = _kind(cell.data[0])
    pen.text((left, top - 2 if kind == "wide" else top + 1), cell.data, font=_font(kind, bold=cell.bold), fill=ink)
