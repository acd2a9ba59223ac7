"""Writes docs/keys.md and docs/keys.zh-CN.md from the table of keys; a test keeps them in step.

python tools/keys_page.py           write both pages
python tools/keys_page.py --check   fail where a page is not what the table says
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from salestui import i18n, keys  # noqa: E402  # the repository is put on the path just above
from salestui.i18n import gettext as _  # noqa: E402  # the same
from salestui.screens.help import ABOUT  # noqa: E402  # the same

PAGES: Final[dict[i18n.Language, Path]] = {"en": ROOT / "docs" / "keys.md", "zh": ROOT / "docs" / "keys.zh-CN.md"}

_OPENING: Final[dict[i18n.Language, str]] = {
    "en": """# Keys

[中文](keys.zh-CN.md)

Small letters act on what is selected, capital letters go to a place, digits go to the numbered line. `?` (or `f1`)
shows the keys of the present place, `ctrl+p` finds every command by name, `esc` leads back.

What a Chinese input method makes of `>` `<` `?` `/` (》《？、 and the full-width forms) works as well. Every daily
action also has a key that no input method swallows: arrows, enter, digits or function keys.

## Your own keys

Each action has a name, in the last column. Give it other keys in the settings file (the settings, `S`, say where it
lies); several keys are separated by commas, and the help and the lists of commands follow:

```toml
[keymap]
"board.talk" = "t,f9"
"app.settings" = "S,f10"
```
""",
    "zh": """# 按键

[English](keys.md)

小写字母对选中的东西操作，大写字母去别的地方，数字去带这个编号的行。
`?`（或 `f1`）显示这里的按键，`ctrl+p` 按名称找命令，`esc` 返回。

中文输入法把 `>` `<` `?` `/` 变成 》《？、 或全角也一样能用。
每天要做的事都另有输入法不会吃掉的键：方向键、回车、数字或功能键。

## 改成自己的键

每个动作有一个名字，在最后一列。在设置文件里给它别的键（文件在哪里，设置 `S` 里写着）；
几个键用逗号隔开，帮助和命令列表都跟着变：

```toml
[keymap]
"board.talk" = "t,f9"
"app.settings" = "S,f10"
```
""",
}
_HEADS: Final[dict[i18n.Language, tuple[str, str, str]]] = {
    "en": ("Key", "What it does", "Name"),
    "zh": ("按键", "做什么", "名字"),
}


def page(language: i18n.Language) -> str:
    """Return the page in a language."""
    before = i18n.language()
    i18n.use(language)
    try:
        parts = [_OPENING[language]]
        for place, title in keys.PLACES.items():
            found = keys.of(place)
            if found:
                parts.append(_section(_(title), tuple(_(line) for line in ABOUT.get(place, ())), found, language))
        return "\n".join(parts)
    finally:
        i18n.use(before)


def _section(title: str, about: tuple[str, ...], found: tuple[keys.Key, ...], language: i18n.Language) -> str:
    rows = [
        f"| {' '.join(_code(name) for name in keys.names(key.keys))} | {_(key.help)} | `{key.id}` |" for key in found
    ]
    said = f"{('' if language == 'zh' else ' ').join(about)}\n\n" if about else ""
    head = " | ".join(_HEADS[language])
    return f"## {title}\n\n{said}| {head} |\n|---|---|---|\n" + "\n".join(rows) + "\n"


def _code(name: str) -> str:
    return f"`{name}`"


def main() -> int:
    """Write the pages, or compare them."""
    stale = [path for language, path in PAGES.items() if not path.exists() or path.read_text("utf-8") != page(language)]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not what salestui/keys.py says: run python tools/keys_page.py")
        return int(bool(stale))
    for language, path in PAGES.items():
        path.write_text(page(language), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
