"""`autograder export`: reads reports, roster and template, writes one file, and says what has no place in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

from autograder.classroom.csv_file import read_table
from autograder.classroom.roster import Roster, read_roster, roster_of
from autograder.errors import UserError
from autograder.outputs.text import plain
from autograder.publish.lms.canvas import canvas_csv, fill_canvas_csv
from autograder.publish.lms.long_csv import questions_csv
from autograder.publish.lms.moodle import fill_moodle_worksheet, moodle_csv
from autograder.publish.lms.scores import Export, Marks
from autograder.report.diff import read_reports
from autograder.report.model import Status

ENOUGH = 100_000


class ExportError(UserError):
    """Nothing can be exported; the message says why."""


def write_export(
    console: Console,
    system: str,
    folder: Path,
    out: Path,
    roster: Path | None,
    template: Path | None,
    chosen: Sequence[str],
    columns: Mapping[str, str],
) -> tuple[str, ...]:
    """Write `out`; returns the students whose reports have no place in it. Raises UserError, with nothing written."""
    marks = _marks(folder, chosen)
    if absent := [name for name in columns if name not in marks.assignments]:
        raise ExportError(f"--column names {absent[0]!r}, and there are reports on {', '.join(marks.assignments)} only")
    people = read_roster(roster) if roster else roster_of(marks.students)
    export = _export(system, marks, people, template, columns)
    try:
        out.write_text(export.text, encoding="utf-8", newline="")
    except OSError as error:
        raise ExportError(f"{out} cannot be written: {error.strerror}") from None
    given = [name for name, file in (("roster", roster), ("template", template)) if file]
    _tell(console, out, marks, export, given)
    return export.unknown


def _marks(folder: Path, chosen: Sequence[str]) -> Marks:
    reports = read_reports(folder)
    there = sorted({assignment for _, assignment in reports})
    for name in chosen:
        if name not in there:
            raise ExportError(f"{folder} holds no reports on {name!r}; there are some on {', '.join(there)}")
    return Marks({key: report for key, report in reports.items() if not chosen or key[1] in chosen})


def _export(system: str, marks: Marks, people: Roster, template: Path | None, columns: Mapping[str, str]) -> Export:
    match system, template:
        case "canvas", None:
            return canvas_csv(marks, people)
        case "canvas", Path():
            return fill_canvas_csv(marks, people, read_table(template), columns)
        case "moodle", None:
            return moodle_csv(marks, people)
        case "moodle", Path():
            return fill_moodle_worksheet(marks, people, read_table(template))
    return questions_csv(marks, people)


def _tell(console: Console, out: Path, marks: Marks, export: Export, given: Sequence[str]) -> None:
    """What was written, and who and what was not."""
    console.print(plain(f"{out}: {len(marks.students)} students, {', '.join(marks.assignments)}.", ENOUGH))
    not_final = [f"{report.student} {report.assignment} ({_reason(report.status)})" for report in export.not_final]
    both = len(given) == 2
    unknown = "Known neither to the roster nor to the template" if both else f"Not in the {' '.join(given)}"
    for words, names in (
        (unknown, export.unknown),
        ("Handed in nothing", export.missing),
        ("No score written, for it would not be theirs", not_final),
    ):
        if names:
            console.print(plain(f"{words}: {', '.join(names)}", ENOUGH))


def _reason(status: Status) -> str:
    return "unreadable" if status is Status.UNREADABLE else "the grader failed"
