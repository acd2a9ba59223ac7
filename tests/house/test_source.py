"""How every source file looks, beyond what ruff and mypy check."""

import ast
import re
from collections.abc import Iterator

from tests.house.source import PACKAGE, ROOT, modules, shown

SOURCES = sorted([*PACKAGE.rglob("*.py"), *(ROOT / "tools").glob("*.py")])

_READERS = {"open", "read_bytes", "read_text", "write_bytes", "write_text", "copy", "copy2", "copyfile", "copyfileobj"}
_DATABASE = re.compile(r"database|\bdb\b|db_path|\.db\b", re.IGNORECASE)


def test_a_file_holds_one_idea() -> None:
    lines = {shown(path): len(path.read_text("utf-8").splitlines()) for path in SOURCES}
    assert not {path: count for path, count in lines.items() if count > 400}


def test_a_function_fits_the_eye() -> None:
    long = [
        f"{shown(path)}:{node.lineno} {node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno >= 60
    ]
    assert not long


def _file_calls(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in _READERS:
                yield node


def test_nobody_opens_the_database_file_past_sqlite() -> None:
    """Closing a descriptor of it drops the locks of SQLite, and acknowledged changes can vanish."""
    wrong = []
    for module, tree in modules().items():
        for call in _file_calls(tree):
            text = ast.unparse(call)
            created_alone = text.startswith("os.open(") and "O_EXCL" in text  # before anybody can have connected
            if _DATABASE.search(text) and not created_alone:
                wrong.append(f"{module}:{call.lineno} {text}")
    assert not wrong


def test_the_time_and_the_user_are_told_to_the_rules_and_never_asked() -> None:
    forbidden = re.compile(r"\b(?:datetime\.(?:now|utcnow|today)|date\.today|time\.time|getpwuid|getuser)\s*\(")
    asked = {
        shown(path)
        for part in ("domain", "storage", "services")
        for path in (PACKAGE / part).rglob("*.py")
        if forbidden.search(path.read_text("utf-8"))
    }
    assert not asked
