"""`autograder export`: reads reports, roster and template, writes one file, and says what has no place in it."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import click
from rich.console import Console

from autograder.classroom.csv_file import read_csv_file
from autograder.classroom.person import composed
from autograder.classroom.roster import Roster, read_roster, roster_of
from autograder.cli import messages
from autograder.cli.shared.errors import INCOMPLETE, one_line_errors
from autograder.cli.shared.messages import cannot_write, no_submission
from autograder.cli.shared.terminal import say
from autograder.errors import UserError
from autograder.grading.store import ReportStore, read_reports
from autograder.publish.lms.canvas import canvas_csv, fill_canvas_csv
from autograder.publish.lms.long_csv import questions_csv
from autograder.publish.lms.moodle import fill_moodle_worksheet, moodle_csv
from autograder.publish.lms.scores import Export, ScoreTable
from autograder.report.model import Report, Status

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("system", type=click.Choice(["canvas", "moodle", "csv"]))
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--out", type=FILE, metavar="FILE", required=True, help="The file to write.")
@click.option("--roster", type=FILE, metavar="FILE", help="CSV: a column `folder`, and the ids of the LMS.")
@click.option("--template", type=FILE, metavar="FILE", help="Fill in this download of the LMS; all else stays.")
@click.option("--assignment", "chosen", metavar="A", multiple=True, help="Only this one. May be given again.")
@click.option("--column", "columns", metavar="A=TITLE", multiple=True, help="Canvas' own title of an assignment.")
@one_line_errors
def export(
    system: str,
    folder: Path,
    out: Path,
    roster: Path | None,
    template: Path | None,
    chosen: tuple[str, ...],
    columns: tuple[str, ...],
) -> None:
    """Write the scores in a FOLDER of reports for an LMS.

    canvas: a gradebook to import, or the --template exported by Canvas, filled in. moodle: a file for the gradebook's
    import, or an assignment's grading worksheet as --template. csv: a row for each question. Without a roster, the
    class is that of the last `autograder grade`. Exit code 1: there are reports on students who are not in the class,
    or whom the template does not know; they are named.
    """
    titles = dict(_pair(column) for column in columns)
    if titles and (system != "canvas" or template is None):
        raise UserError(messages.COLUMN_WITHOUT_TEMPLATE)
    if template and system == "csv":
        raise UserError(messages.TEMPLATE_FOR_CSV)
    scores = _scores(folder, chosen)
    people = read_roster(roster) if roster else roster_of(ReportStore(folder).load_class().students)
    scores, left = (scores, ()) if roster else _of_the_class(scores, people)
    if absent := [name for name in titles if name not in scores.assignments]:
        raise UserError(messages.unknown_column(absent[0], ", ".join(scores.assignments)))
    made = _export(system, scores, people, template, titles)
    try:
        out.write_text(made.text, encoding="utf-8", newline="")
    except OSError as error:
        raise UserError(cannot_write(out, error.strerror)) from None
    console = Console()
    say(console, messages.exported(out, len(scores.students), ", ".join(scores.assignments)))
    heard_of = {each.student for each in ReportStore(folder).load_ungraded()}
    for line in _left_out(made, heard_of, has_roster=roster is not None, has_template=template is not None):
        say(console, line)
    if left:
        say(console, messages.left_the_class(", ".join(left)))
    if made.unknown or left:
        sys.exit(INCOMPLETE)


def _pair(column: str) -> tuple[str, str]:
    assignment, equals, title = column.partition("=")
    if not equals:
        raise UserError(messages.not_a_pair(column))
    return assignment, title


def _scores(folder: Path, chosen: Sequence[str]) -> ScoreTable:
    reports = read_reports(folder)
    there = sorted({assignment for _, assignment in reports})
    for name in chosen:
        if name not in there:
            raise UserError(messages.no_reports_on(folder, name, ", ".join(there)))
    return ScoreTable(
        {
            (composed(student), assignment): report
            for (student, assignment), report in reports.items()
            if not chosen or assignment in chosen
        }
    )


def _of_the_class(scores: ScoreTable, people: Roster) -> tuple[ScoreTable, tuple[str, ...]]:
    """The scores of those who are in the class, and who is not: an earlier run left reports on them."""
    students = {person.folder for person in people.people}
    left = tuple(student for student in scores.students if student not in students)
    return ScoreTable({key: report for key, report in scores.reports.items() if key[0] in students}), left


def _export(
    system: str, scores: ScoreTable, people: Roster, template: Path | None, titles: Mapping[str, str]
) -> Export:
    match system, template:
        case "canvas", None:
            return canvas_csv(scores, people)
        case "canvas", Path():
            return fill_canvas_csv(scores, people, read_csv_file(template), titles)
        case "moodle", None:
            return moodle_csv(scores, people)
        case "moodle", Path():
            return fill_moodle_worksheet(scores, people, read_csv_file(template))
    return questions_csv(scores, people)


def _left_out(made: Export, heard_of: Collection[str], *, has_roster: bool, has_template: bool) -> list[str]:
    """Who and what was not written; of those `heard_of`, there are files that were not graded."""
    unknown = {
        (True, True): messages.unknown_to_both,
        (True, False): messages.unknown_to_roster,
        (False, True): messages.unknown_to_template,
        (False, False): messages.unknown_to_any,
    }[has_roster, has_template]
    not_final = ", ".join(f"{report.student} {report.assignment} ({_reason(report)})" for report in made.not_final)
    lines = []
    if made.unknown:
        lines.append(unknown(", ".join(made.unknown)))
    if nothing := [student for student in made.missing if student not in heard_of]:
        lines.append(no_submission(", ".join(nothing)))
    if ungraded := [student for student in made.missing if student in heard_of]:
        lines.append(messages.only_ungraded(", ".join(ungraded)))
    if not_final:
        lines.append(messages.not_final(not_final))
    return lines


def _reason(report: Report) -> str:
    is_unreadable = report.status is Status.UNREADABLE
    return messages.UNREADABLE_REASON if is_unreadable else messages.GRADER_ERROR_REASON
