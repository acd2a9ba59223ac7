"""`salestui playbook`: the handbooks as data: read, checked, installed, compared."""

from __future__ import annotations

import difflib
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from salestui.cli.answers import Answer, changed, done
from salestui.cli.context import Context
from salestui.cli.parsing import Group, writes
from salestui.cli.upgrading import add_upgrade
from salestui.errors import BadInput, NotFound
from salestui.i18n import gettext as _

if TYPE_CHECKING:
    from salestui.cli.options import Options
    from salestui.domain.playbook import Playbook
    from salestui.domain.playbook_diff import Difference
    from salestui.services.request import Request

__all__ = ["add"]


def add(group: Group, _name: str) -> None:
    """Add the commands of a playbook."""
    group.command("list", _list, _("list the installed versions"))
    parser = group.command("show", _show, _("print a playbook as a file, to read or to start one's own from"))
    parser.add_argument("key", metavar=_("KEY"))
    parser.add_argument("--version", type=int, metavar=_("N"), help=_("this version; else the newest"))
    parser.add_argument("--outline", action="store_true", help=_("only its stages, outputs and key actions"))
    parser = group.command("check", _check, _("check a playbook file without installing it"))
    parser.add_argument("path", metavar=_("FILE"))
    parser.set_defaults(opens=False)
    parser = group.command("install", _install, _("install a playbook file; running deals keep their version"))
    parser.add_argument("path", metavar=_("FILE"))
    writes(parser, data=False, changes=False)
    parser = group.command("diff", _diff, _("compare a file with the version installed last, or any two"))
    parser.add_argument("one", metavar=_("ONE"), help=_("FILE, KEY or KEY@VERSION"))
    parser.add_argument("other", nargs="?", metavar=_("OTHER"), help=_("FILE, KEY or KEY@VERSION"))
    parser.add_argument("--toml", action="store_true", help=_("line by line, as the files are written"))
    add_upgrade(group)


def _read(path: str) -> str:
    try:
        return Path(path).read_text("utf-8")
    except OSError as error:
        raise BadInput(path, error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise BadInput(path, _("It is not UTF-8 text (byte {n}).").format(n=error.start + 1)) from error


def _list(context: Context, _args: Namespace) -> Answer:
    from salestui.cli.tables import table
    from salestui.services import playbooks

    request = context.request()
    with request.reading():
        found = playbooks.installed(request)
        books = [playbooks.get(request, each.key, each.version) for each in found]
    told = [
        {"key": each.key, "version": each.version, "title": {"zh": each.title.zh, "en": each.title.en}}
        for each in books
    ]
    headings = (_("key"), _("version"), _("title"), _("stages"))
    rows = [(each.key, str(each.version), each.title.get(context.language), str(len(each.stages))) for each in books]
    return Answer({"format": "salestui.playbooks/1", "playbooks": told}, lambda: table(headings, rows, right=(1, 3)))


def _chosen(request: Request, key: str, version: int | None) -> Playbook:
    from salestui.services import playbooks

    return playbooks.latest(request, key) if version is None else playbooks.get(request, key, version)


def _show(context: Context, args: Namespace) -> Answer:
    from salestui.services import playbooks

    request = context.request()
    with request.reading():
        book = _chosen(request, args.key, args.version)
        text = playbooks.text(request, book.key, book.version)
    language = context.language
    document: dict[str, object] = {"format": "salestui.playbook/1", "key": book.key, "version": book.version}
    document["title"] = book.title.get(language)
    document["stages"] = [
        {
            "key": stage.key,
            "number": stage.number,
            "title": stage.title.get(language),
            "goal": stage.goal.get(language),
            "owners": [owner.get(language) for owner in stage.owners],
            "outputs": [{"key": each.key, "title": each.title.get(language)} for each in stage.outputs],
            "actions": [{"key": each.key, "title": each.title.get(language)} for each in stage.actions],
        }
        for stage in book.stages
    ]
    document["toml"] = text
    return Answer(document, lambda: "\n".join(_told(book, language)) if args.outline else text)


def _told(book: Playbook, language: str) -> Iterator[str]:
    yield f"{book.title.get(language)}   {book.key} {book.version}"
    for stage in book.stages:
        yield ""
        owners = ("、" if language == "zh" else ", ").join(owner.get(language) for owner in stage.owners)
        yield f"{stage.number} {stage.title.get(language)}   {owners}   ({stage.key})"
        yield f"  {stage.goal.get(language)}"
        yield from (f"  □ {output.title.get(language)}   ({output.key})" for output in stage.outputs)
        yield from (f"  · {action.title.get(language)}   ({action.key})" for action in stage.actions)


def _check(_options: Options, args: Namespace) -> Answer:
    from salestui.playbooks import loader

    book = loader.load_text(_read(args.path), args.path)
    return Answer(
        {"format": "salestui.playbook_check/1", "key": book.key, "version": book.version, "sound": True},
        lambda: _("{path} is sound: {key} {version}.").format(path=args.path, key=book.key, version=book.version),
    )


def _install(context: Context, args: Namespace) -> Answer:
    from salestui.cli.data import given
    from salestui.services import playbooks

    told = given(args)
    request = context.request(told.command_id)
    made = done(playbooks.install(request, _read(args.path), args.path))
    return changed(made, _("{key} {version} is installed.").format(key=made.id, version=made.version))


def _edition(request: Request, named: str) -> tuple[Playbook, str]:
    """Return the playbook that is meant, and its TOML text: a file's, a version's, or the newest one's."""
    from salestui.playbooks import loader
    from salestui.services import playbooks

    if Path(named).is_file():
        text = _read(named)
        return loader.load_text(text, named), text
    key, _at, number = named.partition("@")
    if number and not number.isdigit():
        raise NotFound("playbook", named)
    book = _chosen(request, key, int(number) if number else None)
    return book, playbooks.text(request, book.key, book.version)


def _diff(context: Context, args: Namespace) -> Answer:
    from salestui.services import playbook_life, playbook_texts

    request = context.request()
    with request.reading():
        old, new = (_key_of(args.one), args.one) if args.other is None else (args.one, args.other)
        (before, text_before), (after, text_after) = _edition(request, old), _edition(request, new)
        found = playbook_life.diff(request, before, after)
    written = list(difflib.unified_diff(text_before.splitlines(), text_after.splitlines(), old, new, lineterm=""))
    lines = playbook_texts.lines(found)
    document = {
        "format": "salestui.playbook_diff/1",
        "same": not written,
        "from": {"key": before.key, "version": before.version},
        "to": {"key": after.key, "version": after.version},
        "differences": [_difference(each) for each in found.differences],
        "lines": list(lines),
        "diff": written,
    }
    return Answer(document, lambda: "\n".join(written if args.toml else lines) or _("No difference."))


def _difference(found: Difference) -> dict[str, object]:
    return {
        "kind": found.kind.value,
        "part": found.part.value,
        "path": list(found.path),
        "stage": found.stage,
        "wording": found.wording,
        "details": [{"name": each.name, "before": each.before, "after": each.after} for each in found.details],
    }


def _key_of(path: str) -> str:
    """Return the key of the playbook in a file; raises BadInput and BadPlaybook."""
    from salestui.playbooks import loader

    return loader.load_text(_read(path), path).key
