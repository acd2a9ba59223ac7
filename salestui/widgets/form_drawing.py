"""Lays the fields of a form out in lines: the one in focus open, all others folded to label and value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salestui.domain.playbook import Field, FieldType
from salestui.domain.showing import show
from salestui.domain.views import CheckState
from salestui.field_texts import reason_text, short_problem_text
from salestui.i18n import gettext as _
from salestui.i18n import ngettext
from salestui.widgets.cells import Piece, cut, right, width, wrap
from salestui.widgets.files import file_size
from salestui.widgets.form_model import FILES, TEXTUAL, Target
from salestui.widgets.form_page import (
    PREVIEW,
    Drawn,
    Page,
    Place,
    bar,
    example,
    fits_in_line,
    is_chosen,
    lines_of,
    matching_people,
    option_pieces,
    options,
)
from salestui.widgets.form_table import draw_table
from salestui.widgets.symbols import symbols
from salestui.widgets.times import short_day

if TYPE_CHECKING:
    from salestui.widgets.theme import Ground

__all__ = ["draw", "opens_as_block", "preview"]


def opens_as_block(page: Page, key: str) -> bool:
    """Tell whether a field opens to several lines under a heading, rather than beside its label."""
    if key == FILES:
        return True
    asked = page.model.field(key)
    if asked.type in {FieldType.CHOICE, FieldType.CHOICES, FieldType.YES_NO}:
        return not fits_in_line(page, asked)
    return asked.type not in TEXTUAL


def draw(page: Page) -> Drawn:
    """Return the whole form as lines."""
    drawn = Drawn()
    for stop, key in enumerate(page.model.keys):
        if stop != page.cursor.stop or page.readonly:
            before = len(drawn.lines)
            _draw_folded(page, drawn, stop, key)
            if stop == page.cursor.stop:
                drawn.focus = (before, len(drawn.lines) - 1)
            continue
        block = opens_as_block(page, key)
        air = 0 if page.inline else (1 if page.airy else 0) + (1 if block else 0)
        if drawn.lines:
            for _line in range(air):
                drawn.add()
        first = len(drawn.lines)
        if block:
            _draw_block(page, drawn, stop, key)
        else:
            _draw_inline(page, drawn, stop, key)
        _draw_hints(page, drawn, stop, key, indent=1 if block else 1 + page.label_width)
        drawn.focus = (first, len(drawn.lines) - 1)
        for _line in range(air):
            drawn.add()
    return drawn


def _draw_folded(page: Page, drawn: Drawn, stop: int, key: str) -> None:
    style = page.palette.style
    asked = page.model.field(key)
    state = page.model.state(key)
    edge = page.width - 1
    value_at = 1 + page.label_width
    ground: Ground = "cursor" if page.readonly and stop == page.cursor.stop and page.focused else "background"
    label_token = "foreground" if state is CheckState.UNMET else "faint"
    label = (1, cut(asked.label.get(page.language), page.label_width - 1), style(label_token, ground))
    wrong = next(iter(page.model.problems_of(key)), None)
    if not page.model.filled(key):
        pieces: list[Piece] = [label]
        if wrong is not None and not page.readonly:
            must = _("required")
            hint = asked.help.get(page.language)
            empty = _("Nothing yet: {hint}").format(hint=hint) if hint else _("Nothing yet")
            room = right(must, edge) - value_at - 2
            pieces.append((value_at, cut(empty, room), style("faint", ground)))
            pieces.append((right(must, edge), must, style("error", ground)))
        drawn.add(*pieces, ground=ground, stop=stop)
        return
    mark = _problem_mark(page, key) if wrong is not None else ""
    room = edge - value_at - (width(mark) + 3 if mark else 0)
    for index, text in enumerate(_folded_lines(page, key, max(room, 8))):
        pieces = [label] if index == 0 else []
        pieces.append((value_at, text, style("muted", ground)))
        if index == 0 and mark:
            pieces.append((right(mark, edge), mark, style("error", ground)))
        drawn.add(*pieces, ground=ground, stop=stop)


def _problem_mark(page: Page, key: str) -> str:
    problem = page.model.problems_of(key)[0]
    fields, language = page.model.fields, page.language
    text = (
        reason_text(problem, fields, language)
        if "." not in problem.where or problem.code == "row_incomplete"
        else short_problem_text(problem, fields, language)
    )
    return cut(f"{symbols().cross} {text}", max(20, page.width // 2 - page.label_width // 2))


def _folded_lines(page: Page, key: str, room: int) -> list[str]:
    most = 2 if page.airy and not page.inline and not page.readonly else 99 if page.readonly else 1
    if key == FILES:
        lines = [_file_text(page, index) for index in range(len(page.model.files))]
    else:
        asked, value = page.model.field(key), page.model.values.get(key)
        if value is None:
            lines = [str(page.model.raw.get(key, ""))]
        else:
            text = show(asked, value, page.language, home_currency=page.model.currency, zone=page.model.zone)
            if asked.type is FieldType.TABLE:
                lines = _row_lines(page, asked)
                if page.readonly:
                    return [part for line in lines for part in wrap(line, room)]
            else:
                return lines_of(text, room, most)
    shown = [cut(line.replace("\n", " "), room) for line in lines[:most]]
    if len(lines) > most:
        more = _("{n} more").format(n=len(lines) - most)
        shown[-1] = cut(lines[most - 1], room - width(more) - 3) + "   " + more
    return shown or [""]


def _row_lines(page: Page, table: Field) -> list[str]:
    """Return the rows of a folded table, days without their year."""
    rows = page.model.values.get(table.key)
    lines = []
    for row in rows if isinstance(rows, list) else []:
        cells = [
            show(
                column, row.get(column.key), page.language, short=column.type in {FieldType.DATE, FieldType.DATETIME},
                home_currency=page.model.currency, zone=page.model.zone,
            )
            for column in table.columns
        ]  # fmt: skip
        lines.append("   ".join(cell for cell in cells if cell))
    return lines


def _file_text(page: Page, index: int) -> str:
    file = page.model.files[index]
    return "   ".join(
        part for part in (file.name, file_size(file.size), short_day(file.added) if file.added else "") if part
    )


def _draw_inline(page: Page, drawn: Drawn, stop: int, key: str) -> None:
    style = page.palette.style
    asked = page.model.field(key)
    value_at, edge = 1 + page.label_width, page.width - 1
    label = cut(asked.label.get(page.language), page.label_width - 1)
    pieces: list[Piece] = [bar(page), (1, label, style("primary", "cursor", bold=True))]
    if asked.type in TEXTUAL:
        note, token = preview(page, Target(key))
        note = cut(note, PREVIEW)
        pieces.append((value_at, "", style("foreground", "cursor")))
        if note:
            pieces.append((right(note, edge), note, style(token, "cursor")))
        drawn.place = Place(
            Target(key),
            value_at,
            len(drawn.lines),
            max(8, edge - value_at - PREVIEW),
            placeholder=_sample_inside(page, asked),
        )
    else:
        pieces.extend(option_pieces(page, asked, Target(key), value_at))
        if not page.model.filled(key) and page.model.required(key):
            must = _("required")
            pieces.append((right(must, edge), must, style("error", "cursor")))
    drawn.add(*pieces, ground="cursor", stop=stop)


def _sample_inside(page: Page, asked: Field) -> str:
    """Return the example to show within the empty editor: in small forms, which have no lines for hints."""
    return example(page, asked) if page.inline else ""


def preview(page: Page, target: Target) -> tuple[str, str]:
    """Return what the typed text comes to, or why it cannot be read, with the token of its colour."""
    model = page.model
    asked = model.field(target.key)
    problem = model.problem_at(target)
    if problem is not None and problem.code == "missing":
        return _("required"), "error"
    if problem is not None:
        return symbols().cross, "error"
    value = model.values.get(target.key)
    if value is None or asked.type in {FieldType.TEXT, FieldType.PERSON}:
        return "", "muted"
    shown = show(asked, value, page.language, home_currency=model.currency, zone=model.zone)
    return ("", "muted") if shown == model.text(target) else (shown, "muted")


def _draw_block(page: Page, drawn: Drawn, stop: int, key: str) -> None:
    style = page.palette.style
    asked = page.model.field(key)
    edge = page.width - 1
    title = asked.label.get(page.language)
    pieces: list[Piece] = [(1, cut(title, edge - 30), style("primary", bold=True))]
    state, token, bold = _block_state(page, asked, key)
    count = _block_count(page, asked, key)
    at = edge
    if state:
        at = right(state, edge)
    help_text = asked.help.get(page.language)
    if _help_in_head(page, asked):
        pieces.append((1 + width(title) + 3, help_text, style("muted")))
    if count:
        pieces.append((right(count, at - (3 if state else 0)), count, style("muted")))
    if state:
        pieces.append((at, state, style(token, bold=bold)))
    drawn.add(*pieces, stop=stop)
    if page.airy:
        drawn.add()
    if key == FILES:
        _draw_files(page, drawn, stop)
    elif asked.type is FieldType.TABLE:
        draw_table(page, drawn, stop, asked)
    elif asked.type is FieldType.LONG_TEXT:
        _draw_area(page, drawn, stop, asked)
    else:
        _draw_options(page, drawn, stop, asked)


def _help_in_head(page: Page, asked: Field) -> bool:
    """Tell whether a table's help is short enough to stand beside its heading."""
    taken = width(asked.label.get(page.language)) + width(asked.help.get(page.language))
    return asked.type is FieldType.TABLE and taken + 40 <= page.width


def _block_count(page: Page, asked: Field, key: str) -> str:
    if asked.type is FieldType.TABLE:
        count = page.model.row_counts(key)[1]
        return ngettext("{n} row", "{n} rows", count).format(n=count)
    if key == FILES and page.model.file_rule is not None:
        rule = page.model.file_rule
        return ", ".join(rule.types)
    return ""


def _block_state(page: Page, asked: Field, key: str) -> tuple[str, str, bool]:
    problems = page.model.problems_of(key)
    if not problems:
        return ("", "muted", False)
    if asked.type is FieldType.TABLE:
        rows = {problem.where.split(".")[1] for problem in problems if "." in problem.where}
        if rows:
            return _("{n} unfinished").format(n=len(rows)), "warning", True
    if problems[0].code == "missing":
        return _("required"), "error", False
    return cut(reason_text(problems[0], page.model.fields, page.language), page.width // 2), "warning", True


def _draw_area(page: Page, drawn: Drawn, stop: int, asked: Field) -> None:
    text = page.model.text(Target(asked.key))
    inner = page.width - 4
    rows = sum(max(1, len(wrap(line, inner))) for line in text.split("\n"))
    height = max(3 if page.inline else 4, min(rows + 1, 12 if page.airy else 6))
    drawn.place = Place(
        Target(asked.key), 1, len(drawn.lines), page.width - 2, height, several=True, block=True,
        placeholder=_sample_inside(page, asked),
    )  # fmt: skip
    for index in range(height):
        drawn.add(bar(page, "panel"), ground="panel", stop=stop, row=index)


def _draw_options(page: Page, drawn: Drawn, stop: int, asked: Field) -> None:
    palette, value = page.palette, page.model.get(Target(asked.key))
    for index, (option, text) in enumerate(options(page, asked)):
        here = index == page.cursor.option
        ground: Ground = "cursor" if here else "background"
        chosen = is_chosen(value, option)
        digit = str(index + 1) if index < 9 else " "
        pieces: list[Piece] = [bar(page)] if here else []
        if chosen:
            pieces.append((2, f" {digit} ", palette.chosen()))
        else:
            pieces.append((3, digit, palette.style("primary", ground, bold=True)))
        token = "strong" if chosen or here else "foreground"
        pieces.append((7, cut(text, page.width - 9), palette.style(token, ground)))
        drawn.add(*pieces, ground=ground, stop=stop, row=index)


def _draw_files(page: Page, drawn: Drawn, stop: int) -> None:
    style = page.palette.style
    edge = page.width - 1
    files = page.model.files
    for index, file in enumerate(files):
        here = index == page.cursor.row
        ground: Ground = "cursor" if here else "background"
        day = short_day(file.added) if file.added else ""
        size = file_size(file.size)
        size_end = edge - 9
        pieces: list[Piece] = [bar(page)] if here else []
        pieces += [
            (1, str(index + 1), style("primary" if here else "faint", ground, bold=here)),
            (4, cut(file.name, size_end - 16), style("foreground", ground)),
            (right(size, size_end), size, style("muted", ground)),
            (right(day, edge), day, style("faint", ground)),
        ]
        drawn.add(*pieces, ground=ground, stop=stop, row=index)
    here = page.cursor.row >= len(files)
    ground = "cursor" if here else "background"
    pieces = [bar(page)] if here else []
    pieces.append((1, "+", style("primary", ground, bold=True)))
    if here:
        drawn.place = Place(
            Target(FILES), 4, len(drawn.lines), edge - 4, placeholder=_("Path of the file, tab completes")
        )
    else:
        pieces.append((4, _("Attach a file"), style("faint")))
    drawn.add(*pieces, ground=ground, stop=stop, row=len(files))
    if here and page.file_problem:
        drawn.add((4, f"{symbols().cross} {cut(page.file_problem, edge - 8)}", style("error")), stop=stop)
    elif here and page.file_names:
        for text in wrap("   ".join(page.file_names[:30]), edge - 4, 3):
            drawn.add((4, text, style("faint")), stop=stop)


def _draw_hints(page: Page, drawn: Drawn, stop: int, key: str, *, indent: int) -> None:
    style = page.palette.style
    asked = page.model.field(key)
    edge = page.width - 1
    hints: list[tuple[str, str, str]] = []
    wrong = _wrong_text(page, key)
    if wrong:
        hints.append((symbols().cross, wrong, "error"))
    help_text = asked.help.get(page.language)
    if help_text and not _help_in_head(page, asked) and not page.inline:
        hints.append((_("Hint"), help_text, "muted"))
    sample = example(page, asked)
    if sample and not page.inline:
        hints.append((_("E.g."), sample, "muted"))
    matching = matching_people(page)
    if matching:
        hints.append((_("tab"), "   ".join(matching), "muted"))
    clue = page.clues.get(key)
    if clue is not None:
        hints.append((_("Clue"), clue.text, "muted"))
    if hints and opens_as_block(page, key) and page.airy:
        drawn.add(stop=stop)
    margin = max((width(word) for word, _text, _token in hints), default=0) + 2
    for word, text, token in hints:
        take = _("{key} take over").format(key="f4") if clue is not None and text == clue.text and clue.value else ""
        room = edge - indent - margin - (width(take) + 2 if take else 0)
        for index, part in enumerate(wrap(text, max(room, 10), 2 if page.airy else 1)):
            pieces: list[Piece] = []
            if index == 0:
                pieces.append((indent, word, style(token if word == symbols().cross else "faint")))
            pieces.append((indent + margin, part, style(token)))
            if index == 0 and take:
                pieces.append((right(take, edge), take, style("primary")))
            drawn.add(*pieces, stop=stop)


def _wrong_text(page: Page, key: str) -> str:
    """Return why what stands here is not right; nothing for what is only empty, which says "required" already."""
    fields, language = page.model.fields, page.language
    problems = [p for p in page.model.problems_of(key) if p.code not in {"missing", "row_incomplete"}]
    asked = page.model.field(key)
    if asked.type is FieldType.TABLE:
        row = str(page.cursor.row + 1)
        problems.sort(key=lambda problem: problem.where.split(".")[1:2] != [row])
    if not problems:
        return ""
    problem = problems[0]
    if "." in problem.where:
        return short_problem_text(problem, fields, language)
    text = reason_text(problem, fields, language)
    if not opens_as_block(page, key):
        return text
    return "" if len(problems) == 1 and asked.type is not FieldType.TABLE else text
