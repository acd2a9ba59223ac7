"""Two hundred texts that want to be more than text, and what must never come out of the program because of them."""

from __future__ import annotations

import re

__all__ = ["TEXTS", "leaks"]

_SEQUENCES = (
    "\x1b[38;5;213m",
    "\x1b[97;41m",
    "\x1b[2J",
    "\x1b[3J",
    "\x1b[6n",
    "\x1b[5n",
    "\x1b[c",
    "\x1b[>c",
    "\x1b[21t",
    "\x1b[18t",
    "\x1b[5i",
    "\x1b[4i",
    "\x1b[?1049l",
    "\x1b[?25h",
    "\x1b[?1000h",
    "\x1b[?2004l",
    "\x1b[20h",
    "\x1b[!p",
    "\x1bc",
    "\x1b7",
    "\x1b8",
    "\x1bM",
    "\x1bD",
    "\x1b#8",
    "\x1b(0",
    "\x1bN",
    "\x1b]0;title\x07",
    "\x1b]2;title\x1b\\",
    "\x1b]52;c;aGk=\x07",
    "\x1b]52;c;?\x07",
    "\x1b]8;;https://evil.example\x1b\\x\x1b]8;;\x1b\\",
    "\x1b]4;1;?\x07",
    "\x1b]10;?\x07",
    "\x1b]9;note\x07",
    "\x1b]777;notify;a;b\x07",
    "\x1b]1337;File=:AAAA\x07",
    "\x1b]50;font\x07",
    "\x1bP+q544e\x1b\\",
    "\x1bPq#0~\x1b\\",
    "\x1b_Ga=q;AAAA\x1b\\",
    "\x1b^pm\x1b\\",
    "\x1bXsos\x1b\\",
    "\x9b31m",
    "\x9d0;t\x9c",
    "\x90q\x9c",
    "\x1b[200~rm -rf\x1b[201~",
    "\x1b[",
    "\x1b",
    "\x1b]",
    "\x1b[1;1H",
    "\x1b[999C",
    "\x1b[1S",
    "\x1b[4h",
    "\x1b[12l",
    "\x1b[1;5r",
    "\x1b[ q",
)
_INVISIBLE = (
    *"\u00ad\u061c\u115f\u1160\u17b4\u180e\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e",
    *"\u2060\u2061\u2066\u2067\u2068\u2069\u206a\u3164\ufe0e\ufe0f\ufeff\uffa0\ufff9\ufffb\U000e0001\U000e0041",
)
_MARKUP = (
    "[/]",
    "[@click=app.quit]x[/]",
    "[@click=app.quit]",
    "[b]fett[/b]",
    "[b]",
    "[/b]",
    "[link=https://evil.example]y[/link]",
    "[$error]z[/",
    "[red on blue]",
    "[[",
    "]]",
    "[",
    "]",
    "\\[",
    "\\[/]",
    "[not a tag",
    "[=]",
    "[@]",
    "[on",
    "[dim][/dim][/]",
    "[@mouse.down=app.bell()]x",
    "[bold]a[/italic]",
    "[#ff0000]r",
    "[rgb(1,2,3)]",
    "[:]",
    "[a b c=d]",
    "{0}",
    "{x!r}",
    "%s%n%x",
    "$primary",
    "&lt;b&gt;",
    "<script>alert(1)</script>",
    "=cmd|'/c calc'!A0",
    "+1+1",
    "@SUM(A1)",
    "-2+3",
    "'; DROP TABLE deal;--",
    "../../etc/passwd",
    "${jndi:ldap://x}",
    "`id`",
    "$(id)",
)
_WIDTHS = (
    "汉" * 200,
    "a" * 500,
    "👨‍👩‍👧‍👦" * 5,
    "🇨🇳" * 9,
    "👍🏽" * 7,
    "e\u0301\u0302\u0303" * 20,
    "\u0301" * 9,
    "Z\u0336\u0337\u0338a\u0335lgo",
    "ｆｕｌｌ　ｗｉｄｔｈ",
    "한국어" * 9,
    "ภาษาไทยน้ำ",
    "ﷺ" * 3,
    "𓀀" * 9,
    "\u3000" * 9,
    " " * 60,
    "❤️" * 9,
)
_CONTROLS = tuple(chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)))

TEXTS: tuple[str, ...] = (
    *(f"vor{sequence}nach" for sequence in _SEQUENCES),
    *(f"{markup}汉" for markup in _MARKUP),
    *_WIDTHS,
    *(f"ab{character}汉{character}d" for character in _INVISIBLE),
    *(f"汉{control}x" for control in _CONTROLS),
)[:200]
"""Escape sequences, live markup, odd widths, invisible characters and single control characters."""

_OURS = re.compile(
    rb"\x1b\[[0-9;]*[mHCDGKXJ]"  # colours, the cursor, erasing
    rb"|\x1b\[\?(?:25|7|1000|1002|1003|1004|1006|1015|1016|1049|2004|2026|2048)[hl]"  # modes
    rb"|\x1b\[\?(?:2026|2048)\$p|\x1b\[>\d+u|\x1b\[<u"  # questions, the keyboard
    rb"|\x1b\]22;[a-z-]*\x07"  # the shape of the pointer
)
_WHOLE = tuple(f"vor{sequence}nach".encode() for sequence in _SEQUENCES)
_CONTROL = re.compile(
    "[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]"
)


def leaks(raw: bytes) -> list[str]:
    """Return what a program wrote beyond text and its own codes; a line feed and a carriage return are its own."""
    found = [repr(sequence) for sequence in _WHOLE if sequence in raw]
    rest = _OURS.sub(b"", raw)
    text = rest.decode("utf-8", "backslashreplace")
    return found + [f"{text[max(match.start() - 20, 0) : match.end() + 20]!r}" for match in _CONTROL.finditer(text)]
