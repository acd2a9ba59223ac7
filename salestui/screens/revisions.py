"""The revisions of an output side by side: what changed field by field, an old one restored, a draft dropped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from salestui import keys
from salestui.dataclass import dataclass
from salestui.domain.dates import short_moment
from salestui.domain.differences import Difference, differences
from salestui.domain.facts import FileFact
from salestui.domain.outcomes import Done
from salestui.domain.passages import AIR, Passage, heading
from salestui.domain.playbook import Field, FieldType, Text
from salestui.domain.records import Kind, shown
from salestui.domain.showing import show
from salestui.domain.views import KeyHint, Tone
from salestui.i18n import gettext as _
from salestui.i18n import language, ngettext
from salestui.screens.base import SalesScreen, bindings, hint
from salestui.screens.brief import BriefedForm
from salestui.screens.desk import Desk
from salestui.services import answer_texts, output_page, outputs, refusals
from salestui.services.output_page import OutputPage
from salestui.widgets.footer import KeyFooter
from salestui.widgets.passages import HeadLine, PassageView

Values = Mapping[str, object]
NOTHING = "-"
ROOMY = 100


@dataclass(frozen=True, slots=True)
class Version:
    """One column of a comparison: what it is called, its values and files; `number` is None for what is being typed."""

    name: str
    values: Values
    files: tuple[FileFact, ...]
    number: int | None = None
    about: str = ""
    note: str = ""


def versions_of(page: OutputPage, typed: Version | None) -> tuple[Version, ...]:
    """Return what is being typed, if anything, then all revisions, newest first."""
    zone = page.loaded.team.zone
    known = []
    for revision in page.sheet.revisions:
        at = short_moment(revision.at, zone, language())
        state = output_page.revision_state(page, revision)
        about = "  ".join(part for part in (at, revision.author_name, state) if part)
        name, note = f"r{revision.number}", revision.note
        known.append(Version(name, revision.values, revision.files, revision.number, about, note))
    return (typed, *known) if typed else tuple(known)


def compared(page: OutputPage, before: Version | None, after: Version) -> tuple[Passage, ...]:
    """Return what changed from one version to another, field by field; without a `before` what stands in it."""
    fields = page.sheet.output.fields
    found = differences(fields, before.values if before else {}, after.values)
    names = (before.name if before else "", after.name)
    passages: list[Passage] = []
    for difference in found:
        passages += [*changed(page, difference, names), AIR]
    passages += _files(before, after)
    passages += _answered(page, after)
    if before is not None:
        differing = {difference.field.key for difference in found}
        equal = [field.label.get(language()) for field in fields if field.key not in differing]
        if equal and not found:
            passages.append(Passage(_("Nothing differs."), tone=Tone.MUTED))
        elif equal:
            joined = ("、" if language() == "zh" else ", ").join(equal)
            passages.append(Passage(_("Unchanged: {fields}").format(fields=joined), tone=Tone.FAINT))
    return tuple(passages)


def changed(page: OutputPage, difference: Difference, names: tuple[str, str]) -> list[Passage]:
    """Return one field that differs: its label, then its content in either version under that version's name."""
    field = difference.field
    kept = difference.common
    right = ngettext("{n} row unchanged", "{n} rows unchanged", kept).format(n=kept) if kept else ""
    lines = [heading(field.label.get(language()), right, Tone.FAINT)]
    for name, value, tone in ((names[0], difference.before, Tone.MUTED), (names[1], difference.after, Tone.NORMAL)):
        for number, text in enumerate(_texts(page, field, value) if name else ()):
            lines.append(Passage(text, label=name if number == 0 else " ", tone=tone))
    return lines


def _texts(page: OutputPage, field: Field, value: object) -> list[str]:
    rows = value if field.type is FieldType.TABLE and isinstance(value, list | tuple) else [value]
    shown = [
        show(
            field,
            [row] if field.type is FieldType.TABLE else row,
            language(),
            home_currency=page.currency,
            zone=page.loaded.team.zone,
        )
        for row in rows
    ]
    return [text for text in shown if text] or [NOTHING]


def _answered(page: OutputPage, version: Version) -> list[Passage]:
    """What the customer had said that this revision answers."""
    key = page.sheet.output.key
    said = answer_texts.answered_by(page.loaded, key, version.number, page.currency) if version.number else ()
    if not said:
        return []
    return [heading(_("Answers the customer's feedback")), *(Passage(text, label=" ") for text in said), AIR]


def _files(before: Version | None, after: Version) -> list[Passage]:
    old = {file.sha256: file.name for file in before.files} if before else {}
    new = {file.sha256: file.name for file in after.files}
    gone = [name for sha, name in old.items() if sha not in new]
    come = [name for sha, name in new.items() if sha not in old]
    if not gone and not come:
        return []
    lines = [heading(_("Files"))]
    if before and gone:
        lines.append(Passage(", ".join(gone), label=before.name, tone=Tone.MUTED))
    if come:
        lines.append(Passage(", ".join(come), label=after.name))
    return [*lines, AIR]


class VersionList(OptionList, can_focus=False):
    """The list of versions; the screen's own keys move it."""


class RevisionsScreen(SalesScreen[object]):
    """Shows the revision under the cursor against the one before it, or against any other.

    Dismisses with `Done` when one was restored or the draft dropped, else with None.
    """

    PLACES: ClassVar[tuple[str, ...]] = ("revisions",)
    CSS_PATH = "revisions.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (ROOMY, "-roomy")]
    BINDINGS: ClassVar[list[BindingType]] = bindings("revisions")

    def __init__(self, desk: Desk, page: OutputPage, typed: Version | None) -> None:
        super().__init__(desk)
        self._dropping = False
        self._page = page
        self._versions = versions_of(page, typed)
        self._at, self._base = 0, 1

    def compose(self) -> ComposeResult:
        """The title row, the list of revisions beside what changed, the footer."""
        head = HeadLine()
        head.show(((self._page.title, Tone.STRONG), (self._page.loaded.deal.customer_label, Tone.NORMAL)))
        yield head
        with Container():
            yield VersionList(*(Option(self._prompt(version)) for version in self._versions))
            with Container(id="changes"):
                yield PassageView(id="between")
                yield PassageView(id="compared")
        yield KeyFooter(self.hints())

    def _prompt(self, version: Version) -> Content:
        name = Content(version.name) if version.number else Content.styled(version.name, "$warning")
        lines = [version.about, version.note]
        between = "\n    " if self.app.size.width >= ROOMY else "   "
        return Content.assemble(name, "  ", Content.styled(between.join(line for line in lines if line), "$faint"))

    def on_mount(self) -> None:
        """Compare the newest with the one before it."""
        self._compare()

    def hints(self) -> Iterable[KeyHint]:
        """The keys of this place; restoring and dropping only where they mean something."""
        yield KeyHint("j k", _("choose"))
        yield KeyHint("h l", _("compare with"))
        here = self._versions[self._at]
        current = here.number == self._page.sheet.latest and not self._page.sheet.facts.withdrawn
        yield hint(keys.BY_ID["revisions.restore"], enabled=here.number is not None and not current)
        if self._versions[0].number is None:
            yield hint(keys.BY_ID["revisions.discard"])
        yield hint(keys.BY_ID["revisions.leave"])
        yield hint(keys.BY_ID["revisions.help"])

    def _compare(self) -> None:
        after = self._versions[self._at]
        before = self._versions[self._base] if self._base < len(self._versions) else None
        self.query_one(VersionList).highlighted = self._at
        said = _("{new} against {old}").format(new=after.name, old=before.name) if before else after.name
        self.query_one("#between", PassageView).show((heading(said, after.note),))
        self.query_one("#compared", PassageView).show(compared(self._page, before, after))
        self.show_hints()

    def action_up(self) -> None:
        """The revision above, against the one before it."""
        self._choose(self._at - 1)

    def action_down(self) -> None:
        """The revision below, against the one before it."""
        self._choose(self._at + 1)

    def _choose(self, at: int) -> None:
        if 0 <= at < len(self._versions):
            self._at, self._base, self._dropping = at, at + 1, False
            self._compare()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click chooses a revision."""
        self._choose(event.option_index)

    def action_older(self) -> None:
        """Compare with an older revision."""
        if self._base < len(self._versions) - 1:
            self._base += 1
            self._compare()

    def action_newer(self) -> None:
        """Compare with a newer revision, as far as it is older than the one chosen."""
        if self._base - 1 > self._at:
            self._base -= 1
            self._compare()

    def action_page_down(self) -> None:
        """Half a page down."""
        view = self.query_one("#compared", PassageView)
        view.scroll_lines(max(1, view.size.height // 2))

    def action_page_up(self) -> None:
        """Half a page up."""
        view = self.query_one("#compared", PassageView)
        view.scroll_lines(-max(1, view.size.height // 2))

    @work(group="conversation", exclusive=True)
    async def action_restore(self) -> None:
        """Submit the revision's content as a new one, with a note."""
        here, page = self._versions[self._at], self._page
        if here.number is None:
            self.notice(_("This is what you are typing; ctrl+s in the form saves it."))
            return
        if here.number == page.sheet.latest and not page.sheet.facts.withdrawn:
            self.notice(_("{revision} is the current one already.").format(revision=here.name))
            return
        outcome = await self.app.push_screen_wait(self._restoring(here, here.number))
        if outcome is not None:
            self.dismiss(outcome)

    def _restoring(self, here: Version, number: int) -> BriefedForm:
        page = self._page
        note = Field(
            "note",
            FieldType.TEXT,
            Text("修订说明", "Note"),
            help=Text("为什么退回到这一版", "Why this one again"),
        )

        async def save(values: Values, _files: Sequence[Path]) -> object:
            said = str(values.get("note") or "")
            deal, key, latest = page.loaded.deal.id, page.sheet.output.key, page.sheet.latest
            return await self.desk.tell(outputs.restore, deal, key, number, said, latest)

        brief = [Passage(refusals.consequence_text(known, page.loaded.playbook), label=" ", tone=Tone.WARNING)
                 for known in page.sheet.consequences]  # fmt: skip
        follows = _("It becomes r{n}, with the content of {old}; nothing is lost.").format(
            n=page.sheet.latest + 1, old=here.name
        )
        title = _("Restore {revision}").format(revision=here.name)
        return BriefedForm(
            self.desk,
            title,
            (note,),
            save,
            brief=brief,
            subject=page.title,
            follows=follows,
            draft=f"restore:{shown(Kind.DEAL, page.loaded.deal.id)}.{page.sheet.output.key}.r{number}",
        )

    @work(group="conversation", exclusive=True)
    async def action_discard(self) -> None:
        """Forget the draft."""
        if self._versions[0].number is not None:
            self.notice(_("There is no draft to drop."))
            return
        if not self._dropping:
            self._dropping = True
            self.notice(_("Press it once more to drop the draft for good; a submitted revision never goes."))
            return
        page = self._page
        await self.desk.tell(outputs.discard_draft, page.loaded.deal.id, page.sheet.output.key)
        self.dismiss(Done(page.sheet.output.key, page.sheet.latest))

    def action_leave(self) -> None:
        """Back to the form."""
        self.dismiss(None)
