"""The direction of imports, as docs/architecture.md draws it."""

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.house.source import ROOT, imports, modules

LEAVES = {"errors", "i18n", "config", "paths", "keys", "system"}
WORDS = {"dataclass", "imports"}  # how records are made and modules spared, for everybody
TEXTS = {"field_texts"}  # words for what the domain found wrong, shared by forms and command line

# what each part may import of ours, besides itself
MAY_IMPORT: dict[str, set[str]] = {
    **dict.fromkeys(LEAVES, LEAVES),
    **{word: set() for word in WORDS},
    "domain": set(),
    **{texts: {"domain", "errors", "i18n"} for texts in TEXTS},
    "playbooks": {"domain", "errors", "i18n"} | TEXTS,
    "storage": {"domain", "errors", "i18n", "paths", "system"},
    "services": {"domain", "storage", "playbooks"} | TEXTS | LEAVES,
    "widgets": {"domain", "i18n", "keys"} | TEXTS,
    "screens": {"domain", "services", "widgets"} | TEXTS | LEAVES,
    "cli": {"domain", "storage", "services", "playbooks"} | TEXTS | LEAVES,
    "app": {"domain", "storage", "services", "screens", "widgets"} | TEXTS | LEAVES,
    "__main__": {"app", "cli", "domain", "storage", "services", "screens"} | LEAVES,
    "salestui": set(),
}

# the screens hold the open store and hand it to services; what is in it is none of their business
EXCEPTIONS = {("screens", "salestui.storage.store")}

# which library is used where; the standard library is everybody's
LIBRARIES: dict[str, set[str]] = {
    "textual": {"widgets", "screens", "app", "__main__"},
    "rich": {"widgets", "screens", "app", "cli", "services", "__main__"},
    "peewee": {"storage"},
    "playhouse": {"storage"},
    "psycopg": {"storage"},
    "platformdirs": {"paths"},
    "pydantic_core": {"playbooks"},
    **{name: {"services"} for name in ("docx", "docxtpl", "jinja2", "lxml", "markupsafe", "openpyxl")},
    "pydantic": {"playbooks", "services", "cli", "config"},
}


def part_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else parts[0]


def _allowed(part: str, name: str) -> bool:
    top = name.partition(".")[0]
    if (part, name) in EXCEPTIONS:
        return True
    if top == "salestui":
        return part_of(name) in MAY_IMPORT[part] | WORDS | {part, "salestui"}
    return top in sys.stdlib_module_names or part in LIBRARIES.get(top, set())


def test_a_module_imports_only_what_lies_below_it() -> None:
    homeless = {part_of(module) for module in modules()} - set(MAY_IMPORT)
    assert not homeless, "belongs to no part of the house: put it where it belongs, or name it above"
    wrong = [
        f"{module} imports {name}"
        for module in modules()
        for name in sorted(set(imports(module)))
        if not _allowed(part_of(module), name)
    ]
    assert not wrong, "\n".join(wrong)


def test_nothing_imports_in_a_circle_not_even_for_the_type_checker() -> None:
    graph = {
        name: {other for other in imports(name) if other in modules() and other not in {name, "salestui"}}
        for name in modules()
    }
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(" → ".join(reversed(error.args[1])))


def test_the_app_is_imported_by_its_start_alone() -> None:
    assert {name for name in modules() if "salestui.app" in imports(name)} <= {"salestui.__main__"}


def _at_import(module: str) -> set[str]:
    names = set()
    for node in modules()[module].body:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return {name.partition(".")[0] for name in names}


def test_pydantic_is_imported_late_outside_the_playbooks() -> None:
    """It costs as much as the rest of the start together."""
    assert not {name for name in modules() if part_of(name) != "playbooks" and "pydantic" in _at_import(name)}


def test_one_library_alone_opens_databases() -> None:
    """Two of them on one file lose each other's locks; storage.driver holds the one that Peewee chose."""
    forbidden = {"sqlite3", "pysqlite3", "_sqlite3"}
    assert not {name for name in modules() if forbidden & {found.partition(".")[0] for found in imports(name)}}


@pytest.mark.parametrize(
    ("start", "unwanted"),
    [
        ("salestui.domain.gate", {"textual", "rich", "peewee", "pydantic"}),
        ("salestui.config", {"textual", "rich", "peewee", "pydantic"}),
        ("salestui.cli", {"textual", "pydantic"}),
        ("salestui.storage.store", {"psycopg", "psycopg2"}),
        ("salestui.services.exporting", {"docx", "docxtpl", "jinja2", "lxml", "openpyxl"}),
    ],
)
def test_nothing_heavy_is_loaded_before_it_is_needed(start: str, unwanted: set[str]) -> None:
    program = f"import sys, {start}; print(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not unwanted & set(loaded.stdout.split())
