"""`autograder written`: the answers in words, in a sheet to give points in and on a page to read them on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console

from autograder.classroom.marks.rules import policy_file
from autograder.classroom.naming import few
from autograder.classroom.written import messages
from autograder.classroom.written.answers import ClassAnswers, class_answers
from autograder.classroom.written.filling import filled_sheet
from autograder.classroom.written.points import graded_rows, sheet_notes
from autograder.classroom.written.sheet import FILE, Sheet, read_sheet
from autograder.cli.shared.errors import INCOMPLETE, one_line_errors
from autograder.cli.shared.terminal import say
from autograder.course.folder import find_course
from autograder.course.loader import load_course
from autograder.course.translation.cells import lesson_in
from autograder.errors import UserError
from autograder.grading.files import way_to, write_atomically
from autograder.grading.store import ReportStore
from autograder.language.current import speaking
from autograder.pages.written_page import is_written_page, written_page

MAX_NAMES = 20


@click.command()
@click.argument("graded", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    required=True,
    help="The sheet: written.csv. What is filled in there stays.",
)
@click.option("--names", is_flag=True, help="Say who gave which answer: a column more, and on the page.")
@one_line_errors
def written(graded: Path, out: Path, names: bool) -> None:
    """Write a sheet to grade the answers in words of a folder of reports, and a page beside it to read them on.

    The sheet has a row for each answer to a question; those that are the same stand in one. Fill in points and
    comments: they stay when the command is run again, and when the class is graded again. The page shows each question
    with its model answer, its marking guide, and the answers; like the sheet, it names nobody. Exit code 1: what some
    have answered is not kept, and they are named.
    """
    if out.suffix.lower() != ".csv":
        raise UserError(messages.no_csv(out, f"{out.stem}.csv"))
    page = out.with_suffix(".html")
    if page.exists() and not is_written_page(page):
        raise UserError(messages.other_page(page, out))
    course, store = load_course(find_course(Path.cwd())), ReportStore(graded)
    record = store.load_class()
    answers = class_answers(store, store.read_briefs(record.reports), course.names)
    if not (answers.answers or answers.unanswered or answers.not_kept):
        raise UserError(messages.no_words(graded))
    former = read_sheet(out) if out.exists() else None
    with speaking(record.language):
        lessons = [lesson_in(each, record.language) for each in course.assignments]
        made = written_page(answers, lessons, former, course.title, with_names=names)
    write_atomically(out, filled_sheet(answers, former, with_names=names))
    write_atomically(page, made)
    console = Console()
    for line in (*_account(answers, former, out, page), *_where(out, policy_file(store, record))):
        say(console, line)
    if answers.not_kept:
        sys.exit(INCOMPLETE)


def _account(answers: ClassAnswers, sheet: Sheet | None, out: Path, page: Path) -> Iterator[str]:
    """What was written, and what a person has to know of it."""
    graded = graded_rows(sheet, answers) if sheet else {}
    found = [answer for answer in answers.answers if answer.text]
    students = {student for answer in found for student in answer.students}
    without, waiting = len(answers.answers) - len(found), len(answers.answers) - len(graded)
    yield messages.to_grade(out, len(found), len(students), without, waiting)
    yield messages.page_beside(page)
    if left := sum(map(len, answers.unanswered.values())):
        yield messages.left_empty(left)
    for (assignment, question), given in answers.by_question.items():
        if lost := [student for answer in given if not answer.text for student in answer.students]:
            yield messages.answer_not_found(question, assignment, len(lost), few(sorted(lost), MAX_NAMES))
    if answers.not_kept:
        yield messages.words_not_kept(few(sorted(" ".join(key) for key in answers.not_kept), MAX_NAMES))
    yield from sheet_notes(sheet, answers) if sheet else ()


def _where(out: Path, policy: Path) -> Iterator[str]:
    """Where the sheet is read: beside the rules of the class."""
    place = Path(way_to(policy.with_name(FILE)))
    is_there = place.resolve() == out.resolve()
    yield messages.marks_reads_it(out) if is_there else messages.marks_reads_elsewhere(out, place)
