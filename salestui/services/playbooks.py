"""Installed playbook versions: they are added and read, never changed."""

from __future__ import annotations

from collections.abc import Iterator

from salestui.domain.outcomes import Done, Invalid, NotAllowed
from salestui.domain.permissions import Act, refusal
from salestui.domain.playbook import Playbook, ReviewerRole
from salestui.domain.problems import Problem
from salestui.domain.records import Kind, shown
from salestui.domain.team import InstalledPlaybook
from salestui.errors import NotFound
from salestui.playbooks import loader
from salestui.services.deal_rules import ON_BOARD
from salestui.services.request import Call, reads, writes
from salestui.storage import playbooks as rows
from salestui.storage.store import Transaction

__all__ = [
    "builtin_missing", "default_key", "get", "install", "install_builtin", "installed", "latest", "reviewer_roles",
    "text",
]  # fmt: skip

_built: dict[tuple[str, int, str], Playbook] = {}
"""Playbooks by key, number and digest: building one takes longer than everything else a key press does."""


@reads
def get(call: Call, key: str, version: int) -> Playbook:
    """Return one version of a playbook; raises NotFound."""
    digest = rows.digest(key, version)
    if digest is None:
        raise NotFound("playbook", f"{key} {version}")
    wanted = (key, version, digest)
    if wanted not in _built:
        _built[wanted] = loader.from_json(rows.checked(key, version) or "", f"{key} {version}")
    return _built[wanted]


@reads
def latest(call: Call, key: str) -> Playbook:
    """Return the newest version of a playbook; raises NotFound."""
    number = rows.latest_number(key)
    if number is None:
        raise NotFound("playbook", key)
    return get(call, key, number)


@reads
def installed(call: Call) -> tuple[InstalledPlaybook, ...]:
    """Return all installed versions, by key and number."""
    return rows.installed()


@reads
def default_key(call: Call) -> str:
    """Return the playbook a campaign gets that names none: handbook A where it is installed, else the first."""
    keys = [version.key for version in installed(call)]
    if not keys:
        raise NotFound("playbook", loader.BUILTIN[0])
    return loader.BUILTIN[0] if loader.BUILTIN[0] in keys else keys[0]


@reads
def text(call: Call, key: str, version: int) -> str:
    """Return the TOML text of a version as it was installed; raises NotFound."""
    found = rows.text(key, version)
    if found is None:
        raise NotFound("playbook", f"{key} {version}")
    return found


@reads
def reviewer_roles(call: Call) -> tuple[ReviewerRole, ...]:
    """Return the reviewer roles of the newest version of every playbook, each key once."""
    roles: dict[str, ReviewerRole] = {}
    for key in dict.fromkeys(version.key for version in installed(call)):
        for role in latest(call, key).roles:
            roles.setdefault(role.key, role)
    return tuple(roles.values())


@reads
def builtin_missing(call: Call) -> tuple[str, ...]:
    """Return the playbooks that come with the program in a newer version than the database has."""
    return tuple(key for key in loader.BUILTIN if (rows.latest_number(key) or 0) < loader.builtin_version(key))


@writes
def install_builtin(tx: Transaction) -> Done:
    """Install the playbooks that come with the program where the database has none as new; any start does it."""
    missing = builtin_missing(tx)
    for key in missing:
        _add(tx, loader.builtin(key), loader.builtin_text(key), by_program=True)
    return Done(" ".join(loader.BUILTIN), 1, changed=bool(missing))


@writes
def install(tx: Transaction, text: str, source: str) -> Done | NotAllowed | Invalid:
    """Install a playbook from its TOML text; `source` stands for the file in messages. Only an administrator may.

    Versions never change and their numbers rise. Running deals keep the version they pin. What running deals stand in
    cannot be dropped: a stage is retired, an output made optional. Raises BadPlaybook.
    """
    code = refusal(tx.actor, Act.INSTALL_PLAYBOOK)
    if code:
        return NotAllowed(code)
    playbook = loader.load_text(text, source)
    key, version = playbook.key, playbook.version
    there = rows.digest(key, version)
    if there == loader.digest(text):
        return Done(key, version, version, changed=False)
    newest = rows.latest_number(key) or 0
    if there is not None:
        return Invalid((Problem("version", "version_taken", {"playbook": key, "version": version, "latest": newest}),))
    if version < newest:
        return Invalid((Problem("version", "version_not_rising", {"playbook": key, "latest": newest}),))
    dropped = tuple(_dropped(tx, playbook))
    if dropped:
        return Invalid(dropped)
    _add(tx, playbook, text, by_program=False)
    return Done(key, version, version)


def _dropped(tx: Transaction, new: Playbook) -> Iterator[Problem]:
    """Yield the stages, and the outputs of stages, in which running deals stand and which the new version lacks."""
    outputs = {output.key for _stage, output in new.outputs()}
    standing: dict[tuple[int, str], list[str]] = {}
    for deal, version, stage in rows.deals_on(new.key, ON_BOARD):
        standing.setdefault((version, stage), []).append(shown(Kind.DEAL, deal))
    for (version, key), deals in standing.items():
        left = get(tx, new.key, version).stage(key)
        if not new.has_stage(key):
            yield Problem(f"stages.{key}", "stage_in_use", {"deals": deals})
            continue
        for output in left.outputs:
            if output.key not in outputs:
                yield Problem(f"outputs.{output.key}", "output_in_use", {"deals": deals, "stage": key})


def _add(tx: Transaction, playbook: Playbook, text: str, *, by_program: bool) -> None:
    before = rows.latest_number(playbook.key)
    digest = loader.digest(text)
    rows.insert(
        playbook.key,
        playbook.version,
        text=text,
        checked=loader.to_json(playbook),
        digest=digest,
        now=tx.now,
        installed_by=None if by_program else tx.actor.id,
    )
    tx.record(
        "playbook.installed",
        subject=playbook.key,
        before=None if before is None else {"version": before},
        after={"version": playbook.version, "digest": digest},
    )
