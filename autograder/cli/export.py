"""`autograder export`: reads marks, roster and template, writes one file, and says what has no place in it."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path

import click
from rich.console import Console

from autograder.classroom.csv_file import CsvFile, read_csv_file
from autograder.classroom.marks.record import load_marks
from autograder.classroom.members import roster_of_members
from autograder.classroom.naming import few
from autograder.classroom.person import composed
from autograder.classroom.roster import Roster
from autograder.cli import messages
from autograder.cli.shared import messages as shared_messages
from autograder.cli.shared.errors import INCOMPLETE, one_line_errors
from autograder.cli.shared.people import people_of_class
from autograder.cli.shared.terminal import most_names, say
from autograder.errors import UserError
from autograder.grading.store import ReportStore
from autograder.language.listing import listed
from autograder.publish.lms.account import about_missing_marks, about_new, about_students, about_template
from autograder.publish.lms.canvas import EXCUSED, canvas_csv, fill_canvas_csv
from autograder.publish.lms.canvas import IDS as CANVAS_IDS
from autograder.publish.lms.ledger import Export
from autograder.publish.lms.long_csv import questions_csv
from autograder.publish.lms.moodle import fill_moodle_worksheet, moodle_csv
from autograder.publish.lms.overwriting.exported import Exported, read_exported, save_exported
from autograder.publish.lms.overwriting.keeper import Keeper
from autograder.publish.lms.overwriting.output import require_own_output, write_output
from autograder.publish.lms.table import MarkTable
from autograder.publish.lms.worksheet import IDENTIFIER
from autograder.publish.lms.worksheet import IDS as MOODLE_IDS

KNOWN_BY = {"canvas": CANVAS_IDS, "moodle": (*MOODLE_IDS, IDENTIFIER)}
FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("system", type=click.Choice(["canvas", "moodle", "csv"]))
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--out", type=FILE, metavar="FILE", required=True, help="The file to write.")
@click.option("--roster", type=FILE, metavar="FILE", help="CSV: a column `folder`, and ids (default: class.toml's).")
@click.option("--template", type=FILE, metavar="FILE", help="Fill in this download of the LMS; all else stays.")
@click.option("--assignment", "chosen", metavar="A", multiple=True, help="Only this one. May be given again.")
@click.option("--replace", is_flag=True, help="In a template, also write over marks that somebody else wrote.")
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
    replace: bool,
) -> None:
    """Write the marks of a FOLDER of reports for an LMS: those of the last `grade` or `marks`.

    canvas: a gradebook to import, or the --template exported by Canvas, filled in. moodle: a file for the gradebook's
    import, or an assignment's grading worksheet as --template. csv: a row for each question. Without a roster, of
    class.toml or given, people are known by their names in the class. A template's empty cells are filled, and those
    that an earlier export wrote; what else differs is left. Exit code 1: something was left so, or Moodle would not
    take it as it is meant; there are marks of students whom roster or template does not know, or reports on some who
    are not in the class. All are named.
    """
    titles = _titles(columns)
    if titles and (system != "canvas" or template is None):
        raise UserError(messages.COLUMN_WITHOUT_TEMPLATE)
    if template and system == "csv":
        raise UserError(messages.TEMPLATE_FOR_CSV)
    if replace and template is None:
        raise UserError(messages.REPLACE_WITHOUT_TEMPLATE)
    store = ReportStore(folder)
    table = _table(store, chosen)
    if absent := [name for name in titles if name not in table.assignments]:
        raise UserError(messages.unknown_column(absent[0], listed(table.assignments)))
    file = read_csv_file(template) if template else None
    people, which_roster = people_of_class(store, table.marks, roster)
    if which_roster and system != "csv" and not people.has_any(*KNOWN_BY[system], *(file.header if file else ())):
        people, which_roster = roster_of_members(each.member for each in table.marks.students), messages.NO_IDS
    require_own_output(out, file.header if file else ())
    is_remembered = system != "csv"
    with store.writing() if is_remembered else nullcontext():
        exported, digest = read_exported(store) if is_remembered else Exported(), _digest(file)
        made = _export(system, table, people, file, titles, Keeper(system, exported, digest, replaces=replace))
        write_output(out, made.text)
        if made.written and is_remembered:
            save_exported(store, exported.after(made.written, digest))
    console = Console()
    most = most_names(console)
    say(console, messages.exported(out, made.count, listed(table.assignments)))
    left = _left_the_class(table)
    is_for_moodle = system == "moodle"
    about_cells = (
        about_template(made, is_for_moodle=is_for_moodle, most=most)
        if template
        else about_new(made, is_for_moodle=is_for_moodle)
    )
    for line in (
        *([which_roster] if which_roster else ()),
        *about_cells,
        *about_students(
            made,
            EXCUSED if system == "canvas" else "",
            has_roster=people.is_given,
            has_template=template is not None,
            most=most,
        ),
        *_without_work(made, _heard_of(store, people), most),
        *about_missing_marks(made, folder, most),
        *([messages.left_the_class(few(left, most))] if left else ()),
    ):
        say(console, line)
    is_passed_over = template is not None and is_for_moodle and made.above_maximum
    if made.unknown or left or made.kept.differs or made.misread or is_passed_over:
        sys.exit(INCOMPLETE)


def _titles(columns: Sequence[str]) -> dict[str, str]:
    """Canvas' own titles, by assignment. Raises UserError."""
    titles: dict[str, str] = {}
    for column in columns:
        assignment, equals, title = column.partition("=")
        if not equals:
            raise UserError(messages.not_a_pair(column))
        if assignment in titles:
            raise UserError(messages.column_twice(assignment))
        titles[assignment] = title
    return titles


def _table(store: ReportStore, chosen: Sequence[str]) -> MarkTable:
    reports = {(composed(student), name): report for (student, name), report in store.read_all().items()}
    marks = load_marks(store)
    for name in chosen:
        if name not in marks.assignments:
            raise UserError(messages.no_reports_on(store.root, name, listed(marks.assignments)))
    names = tuple(name for name in marks.assignments if not chosen or name in chosen)
    return MarkTable(marks, reports, names, store.whole)


def _left_the_class(table: MarkTable) -> list[str]:
    """Those on whom an earlier run left reports, and who are not in the class any more."""
    here = {composed(each.member.folder) for each in table.marks.students}
    with_work = dict.fromkeys(student for student, name in table.reports if name in table.assignments)
    return [student for student in with_work if student not in here]


def _digest(file: CsvFile | None) -> str:
    """By which the same template is known when it is filled in once more; empty without one."""
    return hashlib.sha256(file.text(file.rows).encode()).hexdigest() if file else ""


def _export(
    system: str,
    table: MarkTable,
    people: Roster,
    template: CsvFile | None,
    titles: Mapping[str, str],
    keeper: Keeper,
) -> Export:
    match system, template:
        case "canvas", None:
            return canvas_csv(table, people, keeper)
        case "canvas", CsvFile():
            return fill_canvas_csv(table, people, template, titles, keeper)
        case "moodle", None:
            return moodle_csv(table, people, keeper)
        case "moodle", CsvFile():
            return fill_moodle_worksheet(table, people, template, keeper)
    return questions_csv(table, people)


def _heard_of(store: ReportStore, people: Roster) -> set[str]:
    """The names of those who handed in files that were not graded."""
    folders = {composed(each.student) for each in store.last_class().ungraded}
    return {person.name for person in people.people if person.folder in folders}


def _without_work(made: Export, heard_of: Collection[str], most: int) -> Iterator[str]:
    """Of whom nothing was handed in; of those `heard_of`, there are files that were not graded."""
    if nothing := [student for student in made.missing if student not in heard_of]:
        yield shared_messages.no_submission(few(nothing, most))
    if ungraded := [student for student in made.missing if student in heard_of]:
        yield messages.only_ungraded(few(ungraded, most))
