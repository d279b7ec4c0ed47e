"""`autograder grade`: a class, from the folders that it handed in to reports, pages and tables."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from autograder.classroom.marks.stand_in import marks_of
from autograder.cli import messages
from autograder.cli.shared.ci_outputs import CiOutputs, ci_options
from autograder.cli.shared.class_table import nothing_from, progress_bar, show_class, show_gradebook
from autograder.cli.shared.errors import INCOMPLETE, one_line_errors
from autograder.cli.shared.messages import WRITING_PAGES, cannot_run
from autograder.cli.shared.output_paths import DEFAULT_OUT, require_apart
from autograder.cli.shared.terminal import say
from autograder.course.loader import Course, find_course, load_course
from autograder.distribution import install_name
from autograder.errors import UserError
from autograder.grading import messages as grading_messages
from autograder.grading.class_record import ClassRecord
from autograder.grading.discovery import find_submissions
from autograder.grading.job import Job
from autograder.grading.runner import grade_class
from autograder.grading.store import ReportStore
from autograder.pages.writer import write_class_files, write_student_pages
from autograder.publish.ci.github import class_summary
from autograder.publish.ci.source_map import source_maps
from autograder.report.diff import Change, Key, ups_and_downs
from autograder.report.model import Report
from autograder.report.ungraded import UngradedFile
from autograder.sandbox import selftest
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
@click.option("--unconfined", is_flag=True, help="Grade without the sandbox. Only for work that you trust.")
@click.option("--gradebook", metavar="URL", help="Also write into nbgrader's database: sqlite:///gradebook.db")
@ci_options
@one_line_errors
def grade(
    submitted: Path,
    chosen: tuple[str, ...],
    out: Path,
    jobs: int,
    unconfined: bool,
    gradebook: str | None,
    **ci: Any,
) -> None:
    """Grade SUBMITTED/<student>/<assignment>/<assignment>.ipynb (or .py).

    Writes a report and a page for each submission, marks.csv, totals.csv and index.html into the folder --out. What was
    graded before and has not changed is kept. Exit code: 0, every submission has a report; 1, some report holds a
    grader_error, a file was handed in and not graded, or a page could not be made; 2, nothing was graded, or the run
    was stopped.
    """
    outputs = CiOutputs(**ci)
    outputs.begin(made=out)
    console = Console()
    started = time.monotonic()
    course = load_course(find_course(Path.cwd()))
    names = [course.assignment(name).name for name in chosen] or list(course.names)
    found = find_submissions(submitted, course.names, course.former, names)
    require_apart(out, submitted)
    if not unconfined:
        selftest.require(course.limits, course.imports)
    if gradebook:
        if find_spec("nbgrader") is None:
            raise UserError(cannot_run("--gradebook", "nbgrader", install_name("nbgrader")))
        from autograder.nbgrader.gradebook import open_gradebook  # of an extra, which most do not have

        book = open_gradebook(course, gradebook, list(dict.fromkeys(each.assignment for each in found.submissions)))
    store = ReportStore(out)
    fresh = 0
    changes: list[Change] = []
    problems: list[str] = []
    files: dict[Key, Path | None] = {}
    ungraded = list(found.ungraded)
    with store.writing():
        with progress_bar(console) as bar:
            task = bar.add_task("grading", total=len(found.submissions))

            def progress(job: Job, report: Report, is_fresh: bool, change: Change | None) -> None:
                nonlocal fresh
                files[job.student, job.assignment] = job.file
                ungraded.extend(job.ungraded)
                fresh += is_fresh
                changes.extend([change] if change else [])
                bar.advance(task)

            try:
                reports = grade_class(
                    course, found.submissions, store, jobs=jobs, confined=not unconfined, progress=progress
                )
            except KeyboardInterrupt:
                raise UserError(messages.STOPPED) from None
        stored, unusable = store.beside(reports)
        others = set(course.names).difference(names)
        known = set(found.students)
        earlier = [report for report in stored if report.student in known and report.assignment in others]
        ungraded += [each for each in store.load_ungraded() if each.student in known and each.assignment in others]
        of_class = [*reports, *earlier]
        keys = tuple((each.student, each.assignment) for each in of_class)
        record = ClassRecord(course.title, tuple(found.students), keys, tuple(ungraded))
        marks = marks_of(record, of_class)
        with progress_bar(console, WRITING_PAGES) as bar:
            pages = bar.add_task("pages")
            problems += write_student_pages(
                store, [*reports, *stored], marks, lambda done, of: bar.update(pages, completed=done, total=of)
            )
        write_class_files(store, record, of_class, marks)
    heard_of = {each.student for each in found.submissions} | {each.student for each in ungraded}
    absent = nothing_from(marks, heard_of)
    show_class(console, reports, marks, absent, fresh, time.monotonic() - started, chosen)
    if ungraded:
        _show_warnings([messages.ungraded(len(ungraded))], 1)
        _show_warnings(
            [grading_messages.not_graded(each.file, each.reason) for each in _one_each_first(ungraded)],
            MAX_UNGRADED_LINES,
        )
    _show_warnings(list(found.alike), MAX_UNGRADED_LINES)
    _show_warnings(_of_other_editions(store, course), MAX_UNGRADED_LINES)
    _show_warnings(unusable, MAX_UNGRADED_LINES)
    _show_warnings(problems, MAX_PAGES_NAMED)
    say(console, messages.files(out))
    if changes:
        up, down = ups_and_downs(changes)
        say(console, messages.changed(len(changes), up, down, out))
    if gradebook:
        graded = zip(found.submissions, reports, strict=True)
        written = book.write((each, report, store.load_work(report)) for each, report in graded)
        show_gradebook(console, book.url, written, len(reports))
        _show_warnings([*book.warnings, *book.problems], MAX_UNGRADED_LINES)
        problems += book.problems
    locate = source_maps(lambda report: files[report.student, report.assignment], lambda report: _cells(store, report))
    outputs.write(reports, locate, lambda: class_summary(reports, absent))
    if problems or ungraded or any(report.has_grader_error for report in reports):
        sys.exit(INCOMPLETE)


def _cells(store: ReportStore, report: Report) -> Sequence[NotebookCell]:
    work = store.load_work(report)
    return work.notebook if work else ()


def _one_each_first(files: Sequence[UngradedFile]) -> list[UngradedFile]:
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


def _show_warnings(lines: list[str], most: int) -> None:
    console = Console(stderr=True)
    for line in lines[:most]:
        say(console, line, "yellow")
    if len(lines) > most:
        say(console, messages.more_lines(len(lines) - most), "yellow")
