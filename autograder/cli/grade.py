"""`autograder grade`: a class, from the folders that it handed in to reports, pages and tables."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from autograder.classroom.attempts.choice import NEWEST, last_before_deadline
from autograder.classroom.attempts.records import for_folders
from autograder.classroom.attempts.times import times_of
from autograder.classroom.collect.manifest import Manifest
from autograder.classroom.marks.changes import mark_changes
from autograder.classroom.marks.gather import deadline_of, require_sheet
from autograder.classroom.marks.record import begin_grading, end_grading
from autograder.classroom.marks.rules import rules_of_course
from autograder.classroom.policy.model import Attempts
from autograder.cli import messages
from autograder.cli.shared.ci_outputs import CiOutputs, ci_options
from autograder.cli.shared.class_table import nothing_from, progress_bar, show_class, show_gradebook
from autograder.cli.shared.errors import INCOMPLETE, one_line_errors
from autograder.cli.shared.marking import (
    NO_GRADEBOOK,
    former_marks,
    require_gradebook,
    say_moved,
    show_mark_changes,
    write_everywhere,
)
from autograder.cli.shared.output_paths import DEFAULT_OUT, require_apart
from autograder.cli.shared.terminal import say
from autograder.course import messages as course_messages
from autograder.course.loader import Course, find_course, load_course
from autograder.errors import UserError
from autograder.grading import messages as grading_messages
from autograder.grading.class_record import ClassRecord, questions_of
from autograder.grading.discovery import find_submissions
from autograder.grading.files import path_from
from autograder.grading.job import Job
from autograder.grading.runner import grade_class
from autograder.grading.store import ReportStore
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
@click.option("--gradebook", metavar="URL", help="nbgrader's database, sqlite:///gradebook.db: written and read.")
@click.option("--class", "class_file", type=click.Path(path_type=Path), metavar="FILE", help="The rules: class.toml.")
@ci_options
@one_line_errors
def grade(
    submitted: Path,
    chosen: tuple[str, ...],
    out: Path,
    jobs: int,
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
    outputs = CiOutputs(**ci)
    outputs.begin(made=out)
    console = Console()
    started = time.monotonic()
    course = load_course(find_course(Path.cwd()))
    names = [course.assignment(name).name for name in chosen] or list(course.names)
    found = find_submissions(submitted, course.names, course.former, names)
    require_apart(out, submitted)
    require_gradebook(gradebook)
    store = ReportStore(out)
    rules = rules_of_course(course, store, submitted, class_file, found.students)
    marks_before = former_marks(store, rules, gradebook)
    require_sheet(rules)
    deadline = for_folders(rules.members, deadline_of(rules, course.names, datetime.now(UTC)))
    manifest, choice = Manifest(submitted), NEWEST
    if rules.policy.attempt is Attempts.LAST_BEFORE_DEADLINE:
        choice = last_before_deadline(submitted, manifest, found.students, names, deadline)
        found = find_submissions(submitted, course.names, course.former, names, choice.folders)
    if not unconfined:
        selftest.require(course.limits, course.imports, files=course.files)
    book = None
    if gradebook and gradebook != NO_GRADEBOOK:
        from autograder.nbgrader.gradebook import open_gradebook  # of an extra, which most do not have

        book = open_gradebook(course, gradebook, list(dict.fromkeys(each.assignment for each in found.submissions)))
    fresh = 0
    changes: list[Change] = []
    problems: list[str] = []
    files: dict[Key, Path | None] = {}
    ungraded = list(found.ungraded)
    with store.writing():
        begin_grading(store)
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
        last = store.last_class()
        others = set(course.names).difference(names)
        known = set(found.students)
        earlier = [report for report in stored if report.student in known and report.assignment in others]
        ungraded += [each for each in last.ungraded if each.student in known and each.assignment in others]
        of_class = [*reports, *earlier]
        keys = tuple((each.student, each.assignment) for each in of_class)
        graded = [(each, store.load_work(report)) for each, report in zip(found.submissions, reports, strict=True)]
        times = times_of(manifest, graded, deadline, choice)
        record = ClassRecord(
            course.title,
            tuple(found.students),
            keys,
            tuple(ungraded),
            questions_of(course),
            last.times_with(times.handed_in, keys),
            path_from(store.root, rules.file),
            rules.is_named,
            path_from(store.root, submitted),
        )
        store.save_class(record)
        end_grading(store)
        if book:
            written_to_book = book.write(
                (each, report, work) for (each, work), report in zip(graded, reports, strict=True)
            )
        in_class = {(each.student, each.assignment) for each in of_class}
        left = [each for each in stored if (each.student, each.assignment) not in in_class]
        written = write_everywhere(console, store, record, of_class, left, rules, book.marks if book else None)
        problems += written.problems
    marks = written.marks
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
    _show_warnings([course_messages.PUBLIC_SEED] if course.has_public_seed else [], 1)
    say(console, messages.files(out))
    if changes:
        up, down = ups_and_downs(changes)
        say(console, messages.changed(len(changes), up, down, out))
    if book:
        show_gradebook(console, book.url, written_to_book, len(reports))
        _show_warnings([*book.warnings, *book.problems], MAX_UNGRADED_LINES)
        problems += book.problems
    _show_warnings([*choice.warnings, *times.warnings, *written.warnings], MAX_UNGRADED_LINES)
    old_reports = (*(change.before for change in changes), *of_class)
    moves = mark_changes(marks_before, marks, old_reports) if marks_before else []
    if moves:
        show_mark_changes(console, [each for each in moves if each.before and each.before.mark is not None])
        say_moved(console, moves)
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
