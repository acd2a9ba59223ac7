"""The base of all faults, and those of what people and scripts give."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from salestui.i18n import gettext as _


class SalestuiError(Exception):
    """Base of all faults: `code` for machines, `params` its facts, `text()` for people in the language in use."""

    code = "error"
    exit_code = 1

    def __init__(self, **params: object) -> None:
        self.params: Mapping[str, object] = params
        super().__init__(self.code)

    def text(self) -> str:
        """Return what happened and what to do, in the user's language."""
        return self.code

    def __str__(self) -> str:
        return self.text()


class NotFound(SalestuiError):
    """Nothing has this id or name; `kind` is a word of the design (deal, customer, stage …)."""

    code = "not_found"
    exit_code = 4

    def __init__(self, kind: str, id: object) -> None:
        super().__init__(kind=kind, id=str(id))

    def text(self) -> str:
        kinds = {
            "deal": _("There is no deal {id}."),
            "customer": _("There is no customer {id}."),
            "campaign": _("There is no campaign {id}."),
            "contact": _("There is no contact {id}."),
            "activity": _("There is no talk or activity {id}."),
            "stage": _("The playbook has no stage {id}."),
            "output": _("The playbook has no output {id}."),
            "action": _("The playbook has no key action {id}."),
            "playbook": _("There is no playbook {id}."),
            "user": _("There is no user {id}."),
            "review": _("There is no review {id}."),
            "role": _("There is no reviewer role {id}."),
            "deputy": _("There is no deputy {id}."),
            "exception": _("There is no exception {id}."),
            "requirement": _("The gate has no requirement {id}."),
            "file": _("There is no file {id}."),
            "revision": _("There is no revision {id}."),
        }
        return kinds.get(str(self.params["kind"]), _("There is no {id}.")).format(**self.params)


class UnknownUser(SalestuiError):
    """This login may not use this database."""

    code = "unknown_user"
    exit_code = 5

    def __init__(self, login: str, admins: tuple[str, ...]) -> None:
        super().__init__(login=login, admins=", ".join(admins))

    def text(self) -> str:
        return _("{login} is not a user of this database. Ask {admins} to run: salestui user add {login}").format(
            **self.params
        )


class BadInput(SalestuiError):
    """What was given cannot be read: `what` says where it stands, `problem` what is wrong and what to do."""

    code = "bad_input"

    def __init__(self, what: str, problem: str) -> None:
        super().__init__(what=what, problem=problem)

    def text(self) -> str:
        return f"{self.params['what']}: {self.params['problem']}"


class BadConfig(SalestuiError):
    """A config file cannot be used: file, key ("-" where it is the whole file), problem."""

    code = "bad_config"
    exit_code = 2

    def __init__(self, path: Path, key: str, problem: str) -> None:
        super().__init__(path=str(path), key=key, problem=problem)

    def text(self) -> str:
        if self.params["key"] == "-":
            return _("Config file {path}: {problem}").format(**self.params)
        return _("Config file {path}, {key}: {problem}").format(**self.params)


class BadPlaybook(SalestuiError):
    """A playbook cannot be used: file, path of the key inside it, problem."""

    code = "bad_playbook"

    def __init__(self, path: str, problems: tuple[tuple[str, str], ...]) -> None:
        super().__init__(path=path, problems=problems)
        self.problems = problems

    def text(self) -> str:
        lines = [_("Playbook {path} cannot be used:").format(path=self.params["path"])]
        return "\n".join(lines + [f"  {key}: {problem}" for key, problem in self.problems])


class BadTemplate(SalestuiError):
    """A company's Word template cannot be used; `placeholder` is what it cannot fill, empty where it is no template."""

    code = "bad_template"

    def __init__(self, path: Path | str, problem: str, placeholder: str = "") -> None:
        super().__init__(path=str(path), placeholder=placeholder, problem=problem)

    def text(self) -> str:
        if self.params["placeholder"]:
            return _("Template {path}, {placeholder}: {problem}").format(**self.params)
        return _("Template {path}: {problem}").format(**self.params)


class FileThere(SalestuiError):
    """A file of this name exists, and nobody said that it may be replaced."""

    code = "file_there"

    def __init__(self, path: Path | str) -> None:
        super().__init__(path=str(path))

    def text(self) -> str:
        return _(
            "{path} exists already. Choose another name, or let it be replaced (on the command line: --force)."
        ).format(**self.params)
