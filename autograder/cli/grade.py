"""`autograder grade`: a class, from the folders that it handed in to reports, pages and tables."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from autograder.classroom.marks.changes import mark_changes
from autograder.cli import messages
from autograder.cli.shared.ci_outputs import CiOutputs, ci_options
from autograder.cli.shared.class_run import ClassRun, ClassToGrade, find_class, run_class
from autograder.cli.shared.errors import INCOMPLETE, one_line_errors
from autograder.cli.shared.homes import sandbox_option
from autograder.cli.shared.marking import say_moved, show_mark_changes
from autograder.cli.shared.output_paths import DEFAULT_OUT
from autograder.cli.shared.tables.of_class import nothing_from, show_class, show_gradebook
from autograder.cli.shared.terminal import say
from autograder.course import messages as course_messages
from autograder.course.loader import Course, find_course, load_course
from autograder.errors import UserError
from autograder.grading import messages as grading_messages
from autograder.grading.grader import get_ready
from autograder.grading.pool import start_pool
from autograder.grading.store import ReportStore
from autograder.publish.ci.annotations import Locate
from autograder.publish.ci.github import class_summary
from autograder.publish.ci.source_map import source_maps
from autograder.report.diff import ups_and_downs
from autograder.report.model import Report
from autograder.report.ungraded import UngradedFile
from autograder.sandbox.homes import Where
from autograder.submission.model import NotebookCell

MAX_UNGRADED_LINES = 20  # a large class makes the same mistake often
MAX_PAGES_NAMED = 5  # of those that could not be made


@click.command()
@click.argument("submitted", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--assignment", "chosen", metavar="A", multiple=True, help="Grade only this one. May be given again.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=DEFAULT_OUT,
    show_default=True,
    help="The folder to write reports, pages and tables into.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=os.cpu_count() or 1,
    help="Number of worker processes (default: one per core).",
)
@sandbox_option
@click.option("--unconfined", is_flag=True, help="The same as --sandbox none.")
@click.option("--gradebook", metavar="URL", help="nbgrader's database, sqlite:///gradebook.db: written and read.")
@click.option("--class", "class_file", type=click.Path(path_type=Path), metavar="FILE", help="The rules: class.toml.")
@ci_options
@one_line_errors
def grade(
    submitted: Path,
    chosen: tuple[str, ...],
    out: Path,
    jobs: int,
    sandbox: Where | None,
    unconfined: bool,
    gradebook: str | None,
    class_file: Path | None,
    **ci: Any,
) -> None:
    """Grade SUBMITTED/<student>/<assignment>/<assignment>.ipynb (or .py).

    Writes a report and a page for each submission, marks.csv, totals.csv and index.html into the folder --out. What was
    graded before and has not changed is kept. Marks are made by the rules in class.toml, which lies beside SUBMITTED or
    is named by --class, and of the points by hand in written.csv beside it or in --gradebook.

    Exit code: 0, every submission has a report; 1, some report holds a grader_error, a file was handed in and not
    graded, or a page could not be made; 2, nothing was graded, or the run was stopped.
    """
    if unconfined and sandbox not in (None, Where.NONE):
        raise UserError(messages.contrary_homes(sandbox))
    where = Where.NONE if unconfined else sandbox
    outputs = CiOutputs(**ci)
    outputs.begin(made=out)
    console = Console()
    started = time.monotonic()
    course = load_course(find_course(Path.cwd()))
    plan = find_class(course, submitted, out, chosen=chosen, class_file=class_file, gradebook=gradebook)
    with start_pool(jobs) as pool:
        if where is not Where.NONE:
            where = pool.submit(get_ready, course.folder, where).result()  # or nothing is graded, nor written
        run = run_class(console, plan, pool, jobs=jobs, where=where)
    reports = run.graded.reports
    heard_of = {each.student for each in plan.found.submissions} | {each.student for each in run.ungraded}
    absent = nothing_from(run.marks, heard_of)
    show_class(console, reports, run.marks, absent, run.graded.fresh, time.monotonic() - started, chosen)
    _warn_of_files(plan, run)
    say(console, messages.files(out))
    _show_changes(console, plan, run)
    outputs.write(reports, _source_maps(plan, run), lambda: class_summary(reports, absent))
    if run.problems or run.ungraded or any(report.has_grader_error for report in reports):
        sys.exit(INCOMPLETE)


def _warn_of_files(plan: ClassToGrade, run: ClassRun) -> None:
    """What was not graded, and what else a person has to look at among the files."""
    if run.ungraded:
        _show_warnings([messages.ungraded(len(run.ungraded))], 1)
        lines = [grading_messages.not_graded(each.file, each.reason) for each in _one_each_first(run.ungraded)]
        _show_warnings(lines, MAX_UNGRADED_LINES)
    if unplaced := plan.manifest.unplaced:  # for which `collect` has failed already
        _show_warnings([messages.unplaced(len(unplaced))], 1)
        _show_warnings([_why_not_placed(each) for each in unplaced], MAX_UNGRADED_LINES)
    _show_warnings(plan.found.alike, MAX_UNGRADED_LINES)
    _show_warnings(_of_other_editions(plan.store, plan.course), MAX_UNGRADED_LINES)
    _show_warnings(run.unusable, MAX_UNGRADED_LINES)
    _show_warnings(run.written.problems, MAX_PAGES_NAMED)
    _show_warnings([course_messages.PUBLIC_SEED] if plan.course.has_public_seed else [], 1)


def _why_not_placed(file: UngradedFile) -> str:
    if not file.file:
        return grading_messages.source_not_placed(file.source, file.reason)
    return grading_messages.not_placed(file.source, file.file, file.reason)


def _show_changes(console: Console, plan: ClassToGrade, run: ClassRun) -> None:
    """Which reports and marks are not what they were, and what a person has to look at in the marks."""
    changes = run.graded.changes
    if changes:
        up, down = ups_and_downs(changes)
        say(console, messages.changed(len(changes), up, down, plan.store.root))
    if run.book:
        show_gradebook(console, run.book.url, run.in_book, len(run.graded.reports))
        _show_warnings([*run.book.warnings, *run.book.problems], MAX_UNGRADED_LINES)
    _show_warnings([*plan.choice.warnings, *run.times.warnings, *run.written.warnings], MAX_UNGRADED_LINES)
    old_reports = (*(change.before for change in changes), *run.of_class)
    moves = mark_changes(run.marks_before, run.marks, old_reports) if run.marks_before else []
    if moves:
        show_mark_changes(console, [each for each in moves if each.before and each.before.mark is not None])
        say_moved(console, moves)


def _source_maps(plan: ClassToGrade, run: ClassRun) -> Locate:
    files, works = run.graded.files, run.graded.works_by_key

    def cells(report: Report) -> Sequence[NotebookCell]:
        work = works[report.student, report.assignment]
        return work.notebook if work else ()

    return source_maps(lambda report: files[report.student, report.assignment], cells)


def _one_each_first(files: Iterable[UngradedFile]) -> list[UngradedFile]:
    """In order, but for this: before a second file of anybody, the first ones of all others."""
    seen: Counter[str] = Counter()
    numbered = []
    for file in sorted(files):
        numbered.append((seen[file.student], file))
        seen[file.student] += 1
    return [file for _, file in sorted(numbered)]


def _of_other_editions(store: ReportStore, course: Course) -> list[str]:
    """A line for each assignment that there are reports on, and that the course does not have."""
    lines = []
    for name, count in store.count_by_assignment().items():
        if today := ", ".join(course.former.get(name, ())):
            if name not in course.names:
                lines.append(grading_messages.former_reports(store.root, count, name, today))
        elif name not in course.names:
            lines.append(grading_messages.unknown_reports(store.root, count, name))
    return lines


def _show_warnings(lines: Sequence[str], most: int) -> None:
    console = Console(stderr=True)
    for line in lines[:most]:
        say(console, line, "yellow")
    if len(lines) > most:
        say(console, messages.more_lines(len(lines) - most), "yellow")
