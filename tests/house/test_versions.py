"""No lost update: every service that changes what is there asks for the version that was read; every screen says it."""

import ast
from collections.abc import Iterator

from tests.house.source import modules

ASKED = {"expected_version", "expected_revision"}
MAKES = "makes something new; nothing that is there is changed"
OWN = "one's own alone"
GUARDED = "looks itself at the state it needs, and refuses when that has passed"
ALL = "acts on everything of a kind as it stands"
WITHOUT = {
    "users.add": MAKES,
    "deals.new": MAKES,
    "new_deals.start": MAKES,
    "first_steps.begin": MAKES,
    "contacts.new": MAKES,
    "campaigns.new": MAKES,
    "customers.new": MAKES,
    "follow_ups.plan": MAKES,
    "customer_events.record": MAKES,
    "scores.record_form": "the command line's way to scores.record, which asks",
    "playbooks.install": MAKES,
    "playbooks.install_builtin": MAKES,
    "reviews.ask": GUARDED,
    "reviews.vote": "a vote is an entry of its own; which revision it read is kept with it",
    "reviews.recall": GUARDED,
    "review_asking.reassign": GUARDED,
    "deputies.name": MAKES,
    "deputies.name_given": MAKES,
    "deputies.end": GUARDED,
    "exceptions.grant": GUARDED,
    "exceptions.revoke": GUARDED,
    "outputs.save_draft": OWN,
    "outputs.discard_draft": OWN,
    "erasure.erase": ALL,
    "handover.hand_over": ALL,
    "cards.catch_up": "what the board keeps of deals is derived from them",
    "cards.place_anew": "what the board keeps of deals is derived from them",
    "board_counts.recount": "what the board keeps of deals is derived from them",
    "playbook_life.upgrade": GUARDED,
}


def written() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield each writing service by module and name."""
    for name, tree in modules().items():
        if name.startswith("salestui.services."):
            for node in tree.body:
                if isinstance(node, ast.FunctionDef) and any(
                    isinstance(mark, ast.Name) and mark.id == "writes" for mark in node.decorator_list
                ):
                    yield f"{name.rpartition('.')[2]}.{node.name}", node


def place_of(node: ast.FunctionDef) -> int | None:
    """Return at which of its own arguments a service takes the version (99: as a keyword alone), None for none."""
    given = [argument.arg for argument in node.args.args][1:]
    found = next((index for index, name in enumerate(given) if name in ASKED), None)
    if found is None and any(argument.arg in ASKED for argument in node.args.kwonlyargs):
        return 99
    return found


def test_every_service_that_changes_something_asks_for_its_version() -> None:
    silent = {name for name, node in written() if place_of(node) is None}
    assert silent - WITHOUT.keys() == set()
    assert WITHOUT.keys() - silent == set()


def imported(module: str) -> dict[str, str]:
    """Return what each name that a module imports from elsewhere stands for, as a dotted name."""
    found = {}
    for node in ast.walk(modules()[module]):
        if isinstance(node, ast.ImportFrom):
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found


def service_of(module: str, asked: ast.expr) -> str:
    """Return the service that a screen names, by the module that has its body: `deals.advance` is `moves.advance`."""
    if not isinstance(asked, ast.Attribute) or not isinstance(asked.value, ast.Name):
        return ""
    home = imported(module).get(asked.value.id, "")
    if not home.startswith("salestui.services."):
        return ""
    whole = imported(home).get(asked.attr, f"{home}.{asked.attr}")
    return ".".join(whole.split(".")[-2:])


def test_every_screen_says_which_version_it_showed() -> None:
    places = {name: place for name, node in written() if (place := place_of(node)) is not None}
    forgetful = []
    for module in (name for name in modules() if name.startswith("salestui.screens.")):
        for call in ast.walk(modules()[module]):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or call.func.attr != "tell":
                continue
            place = places.get(service_of(module, call.args[0])) if call.args else None
            named = any(keyword.arg in ASKED for keyword in call.keywords)
            starred = any(isinstance(argument, ast.Starred) for argument in call.args)
            if place is not None and not named and not starred and len(call.args) - 1 <= place:
                forgetful.append(f"{module}:{call.lineno} {ast.unparse(call.args[0])}")
    assert forgetful == [], "\n".join(forgetful)
