"""The palette of the look as Textual themes: dark, light, and 16 colours on the terminal's own background.

Stylesheets use the tokens as `$faint`, `$rule`, `$cursor` …; widgets that draw their own lines ask `palette_of(app)`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

from rich.style import Style
from textual.color import Color
from textual.theme import Theme

from salestui.widgets.cells import GUARD
from salestui.widgets.symbols import ASCII, symbols

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import App
    from textual.filter import LineFilter

__all__ = ["DARK", "LIGHT", "THEMES", "LookMixin", "Palette", "choose_theme", "palette_of"]

Ground = Literal["background", "surface", "panel", "cursor"]

GRADES: Final = {"A": "grade-a", "B": "grade-b", "C": "grade-c"}
_GROUNDS: Final[tuple[Ground, ...]] = ("background", "surface", "panel", "cursor")
_BOLD: Final = frozenset({"strong", "grade-a"})

DARK: Final = {
    "background": "#15171c", "surface": "#1c1f26", "panel": "#232730", "cursor": "#2a3140", "foreground": "#d9dce3",
    "strong": "#f3f4f7", "muted": "#a4abb8", "faint": "#7f8794", "rule": "#434a57", "primary": "#86b1ff",
    "on-primary": "#0f1420", "success": "#83c78b", "warning": "#e3b468", "error": "#f28b86",
}  # fmt: skip
LIGHT: Final = {
    "background": "#fcfcfa", "surface": "#f4f4f1", "panel": "#eaeae6", "cursor": "#dfe8fb", "foreground": "#25282e",
    "strong": "#0b0d10", "muted": "#555c69", "faint": "#646b78", "rule": "#c4c8ce", "primary": "#1f5fd0",
    "on-primary": "#ffffff", "success": "#1a7235", "warning": "#865500", "error": "#b92d27",
}  # fmt: skip
_SIXTEEN: Final = {
    "background": "ansi_default", "surface": "ansi_default", "panel": "ansi_default", "cursor": "ansi_default",
    "foreground": "ansi_default", "strong": "ansi_default", "muted": "ansi_default", "faint": "ansi_bright_black",
    "rule": "ansi_bright_black", "on-primary": "ansi_default", "success": "ansi_green", "error": "ansi_red",
}  # fmt: skip
SIXTEEN_DARK: Final = {**_SIXTEEN, "primary": "ansi_cyan", "warning": "ansi_yellow"}
SIXTEEN_LIGHT: Final = {**_SIXTEEN, "primary": "ansi_blue", "warning": "ansi_magenta"}


def _tokens(colors: dict[str, str]) -> dict[str, str]:
    return {
        **colors,
        "grade-a": colors["success"],
        "grade-b": colors["foreground"],
        "grade-c": colors["muted"],
        "grade-none": colors["faint"],
        "ansi-background": colors["background"],
        "ansi-foreground": colors["foreground"],
        "border": colors["rule"],
        "border-blurred": colors["rule"],
        "block-cursor-background": colors["cursor"],
        "block-cursor-foreground": colors["strong"],
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": colors["background"],
        "block-cursor-blurred-foreground": colors["foreground"],
        "block-cursor-blurred-text-style": "none",
        "block-hover-background": colors["panel"],
        "input-cursor-background": colors["foreground"],
        "input-cursor-foreground": colors["background"],
        "input-cursor-text-style": "reverse" if colors["background"].startswith("ansi") else "none",
        "input-selection-background": "ansi_bright_black" if colors["cursor"].startswith("ansi") else colors["cursor"],
        "footer-background": colors["background"],
        "footer-foreground": colors["muted"],
        "footer-key-foreground": colors["primary"],
        "footer-description-foreground": colors["muted"],
        "scrollbar": colors["rule"],
        "scrollbar-hover": colors["faint"],
        "scrollbar-active": colors["primary"],
        "scrollbar-background": colors["background"],
        "scrollbar-background-hover": colors["background"],
        "scrollbar-background-active": colors["background"],
        "scrollbar-corner-color": colors["background"],
        "link-color": colors["primary"],
        "link-background": colors["background"],
        "link-style": "none",
    }


def _theme(name: str, colors: dict[str, str], *, dark: bool, ansi: bool = False) -> Theme:
    return Theme(
        name=name,
        primary=colors["primary"],
        secondary=colors["primary"],
        accent=colors["primary"],
        warning=colors["warning"],
        error=colors["error"],
        success=colors["success"],
        foreground=colors["foreground"],
        background=colors["background"],
        surface=None if ansi else colors["surface"],
        panel=None if ansi else colors["panel"],
        dark=dark,
        ansi=ansi,
        variables=_tokens(colors),
    )


THEMES: Final = (
    _theme("salestui-dark", DARK, dark=True),
    _theme("salestui-light", LIGHT, dark=False),
    _theme("salestui-16-dark", SIXTEEN_DARK, dark=True, ansi=True),
    _theme("salestui-16-light", SIXTEEN_LIGHT, dark=False, ansi=True),
)


def choose_theme(*, dark: bool, sixteen: bool) -> str:
    """Return the theme's name for a terminal; `sixteen` for 16 colours, the SSH profile and NO_COLOR."""
    return f"salestui-{'16-' if sixteen else ''}{'dark' if dark else 'light'}"


class Palette:
    """The styles of one theme, each made once: `style(tone, ground)`; without colours bold does the colours' work.

    `flat` is true where the theme has no backgrounds of its own: there only the bar and bold show the cursor.
    """

    def __init__(self, variables: dict[str, str], *, colorless: bool) -> None:
        self.colorless = colorless
        self._colors: dict[str, Any] = {}
        for token in (*DARK, "grade-a", "grade-b", "grade-c", "grade-none"):
            color = Color.parse(variables[token])
            bare = colorless or color.a == 0 or color.rich_color.is_default
            self._colors[token] = None if bare else color.rich_color
        self.flat = self._colors["cursor"] is None
        self._styles: dict[tuple[str, Ground, bool], Style] = {}

    def style(self, tone: str, ground: Ground = "background", *, bold: bool = False) -> Style:
        """Return the style of a tone on a ground. Faint is drawn as muted under the cursor, strong is always bold."""
        key = (tone, ground, bold)
        style = self._styles.get(key)
        if style is None:
            name = "muted" if tone == "faint" and ground == "cursor" else tone
            style = Style(
                color=self._colors[name],
                bgcolor=self._colors[ground],
                bold=True if bold or tone in _BOLD else None,
            )
            self._styles[key] = style
        return style

    def bar(self, ground: Ground = "cursor", *, active: bool = True) -> Style:
        """Return the style of the cursor bar: reversed, so that the left half of ▐ is lit; the ASCII bar is not."""
        drawn = symbols() is not ASCII
        key = ("bar" if active else "bar-rule", ground, drawn)
        style = self._styles.get(key)
        if style is None:
            color = self._colors["primary" if active else "rule"]
            style = Style(
                color=color, bgcolor=self._colors[ground], reverse=drawn or None, bold=None if drawn else True
            )
            self._styles[key] = style
        return style

    def chosen(self) -> Style:
        """Return the style of the digit chosen in a form: on primary, reversed where there are no backgrounds."""
        if self.flat:
            return Style(reverse=True, bold=True)
        return Style(color=self._colors["on-primary"], bgcolor=self._colors["primary"], bold=True)

    def grade(self, grade: str | None, ground: Ground = "background") -> Style:
        """Return the style of a grade's letter."""
        return self.style("grade-none" if not grade else GRADES.get(grade, "grade-b"), ground)


@lru_cache(maxsize=16)
def _palette(colors: tuple[tuple[str, str], ...], *, colorless: bool) -> Palette:
    return Palette(dict(colors), colorless=colorless)


_TOKENS: Final = (*DARK, "grade-a", "grade-b", "grade-c", "grade-none")


def palette_of(app: App[Any]) -> Palette:
    """Return the styles of the app's present theme."""
    variables = app.theme_variables or app.get_css_variables()
    return _palette(tuple((token, variables[token]) for token in _TOKENS), colorless=app.no_color)


class LookMixin:
    """Mixed into the app, before `App`: our themes, their tokens for any other theme, and the guard on every line."""

    def look(self: Any, theme: str) -> None:
        """Register our themes and wear one of them."""
        for known in THEMES:
            self.register_theme(known)
        self.theme = theme

    def get_theme_variable_defaults(self: Any) -> dict[str, str]:
        """Give the tokens that other themes do not know the values of ours."""
        theme = self.current_theme
        dark, light = (SIXTEEN_DARK, SIXTEEN_LIGHT) if theme.ansi else (DARK, LIGHT)
        colors = dark if theme.dark else light
        given = {"foreground", "background", "surface", "panel", "primary", "success", "warning", "error"}
        return {token: value for token, value in _tokens(colors).items() if token not in given}

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Let every line pass the guard before it is drawn."""
        return (*super().get_line_filters(), GUARD)  # type: ignore[misc]  # App's, which the mixin stands before
