"""A whole run of `grade`: what is found, graded, written, and said of it on the terminal."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

from rich.console import Console

from autograder.classroom.marks.changes import mark_changes
from autograder.cli import messages
from autograder.cli.shared.ci_outputs import CiOutputs
from autograder.cli.shared.class_run import ClassRun, ClassToGrade, find_class, run_class
from autograder.cli.shared.marking import say_moved, show_mark_changes
from autograder.cli.shared.runs.graders import GradersOf
from autograder.cli.shared.tables.of_class import nothing_from, show_class, show_gradebook
from autograder.cli.shared.terminal import say
from autograder.course import messages as course_messages
from autograder.course.folder import find_course
from autograder.course.loader import Course, load_course
from autograder.grading import messages as grading_messages
from autograder.grading.job import counted_file, prepare_reading
from autograder.grading.store import ReportStore
from autograder.language.current import speaking
from autograder.language.listing import listed
from autograder.pages.writer import prepare_pages
from autograder.report.diff import ups_and_downs
from autograder.report.model import Report
from autograder.report.ungraded import UngradedFile
from autograder.submission.model import NotebookCell

MAX_UNGRADED_LINES = 20  # a large class makes the same mistake often
MAX_PAGES_NAMED = 5  # of those that could not be made


def grade_whole_class(
    submitted: Path,
    out: Path,
    graders_of: GradersOf,
    outputs: CiOutputs,
    *,
    chosen: Sequence[str],
    class_file: Path | None,
    gradebook: str | None,
    language: str,
) -> bool:
    """Grade a class by the course at or above this folder, as soon as somebody can.

    Returns whether every file that was handed in has a report, and everything could be made of it. Raises UserError and
    SandboxError.
    """
    console = Console()
    started = time.monotonic()
    course = load_course(find_course(Path.cwd()))
    plan = find_class(
        course, submitted, out, chosen=chosen, class_file=class_file, gradebook=gradebook, language=language
    )
    with graders_of(course) as graders:
        graders.expect(len(plan.found.submissions))
        prepare_pages()
        prepare_reading(course)
        where = graders.wait()  # or nothing is graded, nor written
        run = run_class(console, plan, graders, where)
    reports = run.graded.reports
    heard_of = {each.student for each in plan.found.submissions} | {each.student for each in run.ungraded}
    absent = nothing_from(run.marks, heard_of)
    show_class(console, reports, run.marks, absent, run.graded.fresh, time.monotonic() - started, chosen)
    _warn_of_files(plan, run)
    say(console, messages.files(out))
    _show_changes(console, plan, run)
    _write(outputs, plan, run, absent)
    return not (run.problems or run.ungraded or any(report.has_grader_error for report in reports))


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
    old_reports = chain((change.before for change in changes), run.of_class)
    before = run.marks_before if run.written.has_moved else None
    moves = mark_changes(before, run.marks, old_reports) if before else []
    if moves:
        show_mark_changes(console, [each for each in moves if each.before and each.before.mark is not None])
        say_moved(console, moves)


def _write(outputs: CiOutputs, plan: ClassToGrade, run: ClassRun, absent: Sequence[str]) -> None:
    """What was asked for by continuous integration, if it was."""
    if not outputs.are_wanted:
        return
    from autograder.publish.ci.github import class_summary
    from autograder.publish.ci.source_map import source_maps

    store, submissions = plan.store, plan.found.submissions

    def file(report: Report) -> Path | None:
        work = store.load_work(report)
        return counted_file(submissions.of(report.student, report.assignment), work.file if work else "")

    def cells(report: Report) -> Sequence[NotebookCell]:
        work = store.load_work(report)
        return work.notebook if work else ()

    def summary() -> str:
        with speaking(plan.rules.language):
            return class_summary(run.graded.reports, absent)

    outputs.write(lambda: store.each_of(submissions.all_keys()), source_maps(file, cells), summary)


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
        if today := listed(course.former.get(name, ())):
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
