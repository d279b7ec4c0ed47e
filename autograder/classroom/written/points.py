"""What people gave in a sheet, for the answers that a class has today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from autograder.classroom.marks.model import HandPoints
from autograder.classroom.written import messages
from autograder.classroom.written.answers import ClassAnswers, DistinctAnswer, normal_text
from autograder.classroom.written.filling import answer_cell
from autograder.classroom.written.sheet import ANSWER, ASSIGNMENT, POINTS, QUESTION, Sheet, SheetRow
from autograder.errors import UserError
from autograder.report.model import number

MIN_CHARS_TO_TELL = 20  # of an answer: what is shorter may be a number, which spreadsheets write in their own way


def hand_points(sheet: Sheet, answers: ClassAnswers) -> dict[tuple[str, str, str], HandPoints]:
    """The points of each answer that has some, by folder, assignment and question. Raises UserError.

    Rows without points give none, nor do those out of another maximum than the question has now: `sheet_notes` tells.
    """
    return {
        key: HandPoints(row.points, row.comment, sheet.path.name)
        for answer_id, row in graded_rows(sheet, answers).items()
        if row.points is not None
        for key in answers.by_id[answer_id].keys
    }


def graded_rows(sheet: Sheet, answers: ClassAnswers) -> dict[str, SheetRow]:
    """The rows whose points count, by the ids of their answers. Raises UserError."""
    require_sound(sheet, answers)
    return {
        row.answer_id: row
        for row in sheet.rows
        if row.points is not None and (answer := answers.by_id.get(row.answer_id)) and _is_out_of_todays(row, answer)
    }


def require_sound(sheet: Sheet, answers: ClassAnswers) -> None:
    """Raises UserError where points are more than is possible, or a row's id is not that of the answer in it."""
    owners = _owners(answers)
    for row in sheet.rows:
        own = owners.get(_saved(*(sheet.cell(row, column) for column in (ASSIGNMENT, QUESTION, ANSWER))))
        if own and row.answer_id not in own:
            raise UserError(messages.id_of_another(sheet.path, row.number, row.answer_id, min(own)))
        known = answers.by_id.get(row.answer_id)
        possible = known.possible if known and row.possible is None else row.possible
        if row.points is not None and possible is not None and row.points > possible:
            raise UserError(messages.above_maximum(sheet.path, row.number, number(row.points), number(possible)))


def _owners(answers: ClassAnswers) -> dict[tuple[str, ...], set[str]]:
    """The ids of the answers that stand in a row as these cells: of those cells alone that can be of no other answer.

    Otherwise one student's answer could be written such that the row of another's is taken for one that has moved.
    """
    owners: dict[tuple[str, ...], set[str]] = defaultdict(set)
    unsure = set()
    for answer in answers.answers:
        cells = _saved(answer.assignment, answer.question, answer_cell(answer))
        owners[cells].add(answer.id)
        is_whole = cells[-1] == answer.text and answer.text != messages.NOT_FOUND and not answer.pictures
        if not is_whole or len(answer.text) < MIN_CHARS_TO_TELL:
            unsure.add(cells)
    return {cells: ids for cells, ids in owners.items() if cells not in unsure}


def sheet_notes(sheet: Sheet, answers: ClassAnswers) -> tuple[str, ...]:
    """A line on each thing in the sheet that does not count as it looks, or that was read in one of two ways."""
    return tuple(_notes(sheet, answers))


def _notes(sheet: Sheet, answers: ClassAnswers) -> Iterator[str]:
    if commas := [row for row in sheet.rows if row.points is not None and "," in sheet.cell(row, POINTS)]:
        first, points = commas[0], number(commas[0].points or 0)
        yield messages.comma_decimals(sheet.path, first.number, sheet.cell(first, POINTS).strip(), points, len(commas))
    known = [(row, answer) for row in sheet.rows if (answer := answers.by_id.get(row.answer_id))]
    if alone := [row for row, _ in known if row.points is None and row.comment]:
        yield messages.comments_alone(sheet.path, len(alone), alone[0].number)
    changed: dict[tuple[str, str, float, float], list[int]] = defaultdict(list)
    for row, answer in known:
        if row.points is not None and row.possible is not None and not _is_out_of_todays(row, answer):
            changed[answer.assignment, answer.question, row.possible, answer.possible].append(row.number)
    for (assignment, question, before, now), rows in changed.items():
        yield messages.other_maximum(sheet.path, assignment, question, number(before), number(now), len(rows), rows[0])
    gone = [row for row in sheet.rows if row.answer_id not in answers.by_id and sheet.is_filled(row)]
    if gone:
        yield messages.nobodys(sheet.path, len(gone))


def _is_out_of_todays(row: SheetRow, answer: DistinctAnswer) -> bool:
    return row.possible is None or number(row.possible) == number(answer.possible)


def _saved(*cells: str) -> tuple[str, ...]:
    """Cells as a spreadsheet may have saved them: with other ends of lines, without the sign that hides formulas."""
    return tuple("\n".join(line.lstrip("'") for line in normal_text(cell).split("\n")) for cell in cells)
