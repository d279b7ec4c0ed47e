"""What the instructor sees while and after a class is graded: progress, scores, what was written where."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from autograder.classroom.marks.model import ClassMarks, Mark, MarkStatus, StudentMarks
from autograder.classroom.naming import few
from autograder.classroom.person import composed
from autograder.cli.shared import messages
from autograder.cli.shared.tables.rows import Heading, show_rows
from autograder.cli.shared.terminal import most_names, safe, say
from autograder.language.current import translated
from autograder.language.listing import listed
from autograder.pages.class_figures import staying
from autograder.report.formatting import mean_score, percent, points
from autograder.report.model import Outcome, Report, Status, number
from autograder.report.statistics import common_misconceptions

NOT_LOADED = messages.NOT_LOADED
# How checks end, the worst first.
ENDS = (
    *(Outcome.GRADER_ERROR, Outcome.CRASHED, Outcome.TIMEOUT, Outcome.ERROR),
    *(NOT_LOADED, Outcome.MISSING),
)
SECONDS_BETWEEN = 0.1  # two states of a progress bar
MAX_TABLE_ROWS = 40  # a larger class is summed up; its reports are in files


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.0f}/s" if task.speed else "", style="progress.data.speed")


DESCRIPTION = "{task.description}"  # in the place of what is done: what the task says of itself, now and then anew


def progress_bar(console: Console, doing: str = "") -> Progress:
    """A bar with what is done, the number done, the rate and the time left; nothing where the output is no terminal."""
    return Progress(
        TextColumn(doing or messages.GRADING),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )


def now_and_then(tell: Callable[[int, int], object]) -> Callable[[int, int], None]:
    """Tell how much of how much is done, and the last of it in any case; but not so often that it would take time."""
    told = 0.0

    def at_times(done: int, of: int) -> None:
        nonlocal told
        if done == of or time.monotonic() - told > SECONDS_BETWEEN:
            tell(done, of)
            told = time.monotonic()

    return at_times


def nothing_from(marks: ClassMarks, heard_of: Collection[str]) -> list[str]:
    """The people of whom nothing came in. `heard_of` are the folders of whom something did, graded or not."""
    folders = {composed(each) for each in heard_of}
    return [
        each.member.name
        for each in marks.students
        if not each.member.is_withdrawn
        and composed(each.member.folder) not in folders
        and not all(mark.status is MarkStatus.EXCUSED for mark in each.marks.values())
    ]


def show_class(
    console: Console,
    reports: Sequence[Report],
    marks: ClassMarks,
    absent: Sequence[str],
    fresh: int,
    seconds: float,
    chosen: Sequence[str] = (),
) -> None:
    """The marks: a row a student and submission for a small class, a row an assignment for a large one.

    `marks` are those of the class, of which the assignments of `reports` are told. `absent` are those of whom nothing
    came in; for the `chosen` assignments, where only these were graded.
    """
    if len(reports) <= MAX_TABLE_ROWS:
        _show_submissions(console, reports, marks)
    else:
        _show_assignments(console, reports)
    if absent:
        names = few(absent, most_names(console))
        say(console, messages.no_submission_for(listed(chosen), names) if chosen else messages.no_submission(names))
    unreadable = sum(report.status is Status.UNREADABLE for report in reports)
    broken = sum(report.has_grader_error for report in reports)
    summary = messages.summary(len(reports), unreadable, percent(mean_score(reports)))
    console.print(f"{summary} {_graded(fresh, len(reports) - fresh, seconds)}", highlight=False)
    if line := to_come(marks, {each.assignment for each in reports}):
        console.print(line, highlight=False)
    if broken:
        console.print(messages.grader_errors(broken), style="bold red")
    if any(not report.confined for report in reports):
        console.print(messages.UNCONFINED, style="yellow")


def _graded(fresh: int, kept: int, seconds: float) -> str:
    took = f"{seconds:.1f}"
    rate = f"{fresh / seconds:.0f}" if fresh and seconds else ""
    if kept and rate:
        return messages.graded_at_and_kept(fresh, took, rate, kept)
    if kept:
        return messages.graded_and_kept(fresh, took, kept)
    return messages.graded_at(fresh, took, rate) if rate else messages.graded(fresh, took)


def show_gradebook(console: Console, url: str, written: int, reports: int) -> None:
    held_back = reports - written
    say(
        console,
        messages.gradebook_held_back(url, written, held_back) if held_back else messages.gradebook(url, written),
    )


def to_come(marks: ClassMarks, assignments: Iterable[str] | None = None) -> str:
    """How many marks await a person, came in late, or have no work behind them; empty where none does."""
    names = marks.assignments if assignments is None else assignments
    of_them = [each.marks[name] for name in names for each in staying(marks)]
    statuses = Counter(mark.status for mark in of_them)
    awaiting, missing = statuses[MarkStatus.AWAITS_HAND_GRADING], statuses[MarkStatus.MISSING]
    late = sum(mark.is_late for mark in of_them)
    return messages.to_come(awaiting, late, missing) if awaiting or late or missing else ""


def _show_submissions(console: Console, reports: Sequence[Report], marks: ClassMarks) -> None:
    student, assignment, score, notes = messages.CLASS_COLUMNS
    headings = [Heading(student, leads=True), Heading(assignment, leads=True), Heading(score, is_number=True)]
    rows = []
    members: dict[str, list[StudentMarks]] = {}
    for each in marks.students:
        members.setdefault(composed(each.member.folder), []).append(each)
    for report in reports:
        for each in members[composed(report.student)]:
            mark = each.marks[report.assignment]
            points, note = safe(_points(report, mark)), safe(_note(report, mark))
            rows.append([safe(each.member.name), safe(report.assignment), points, note])
    show_rows(console, [*headings, Heading(notes)], rows)


def _points(report: Report, mark: Mark) -> str:
    """The mark; where there is none yet, the points of the checks."""
    if mark.mark is None:
        return points(report)
    return messages.out_of(number(mark.mark), number(mark.possible))


def _show_assignments(console: Console, reports: Sequence[Report]) -> None:
    assignment, submissions, mean, common = messages.ASSIGNMENT_COLUMNS
    headings = [
        Heading(assignment, leads=True),
        Heading(submissions, is_number=True),
        Heading(mean, is_number=True),
        Heading(common),
    ]
    rows = []
    for name in sorted({report.assignment for report in reports}):
        of_it = [report for report in reports if report.assignment == name]
        seen = listed(f"{each} ({count})" for each, count in common_misconceptions(of_it))
        rows.append([safe(name), safe(str(len(of_it))), safe(percent(mean_score(of_it))), safe(seen)])
    show_rows(console, headings, rows)


def _note(report: Report, mark: Mark) -> str:
    """The one thing to know of a submission, behind a word for its mark where it is not simply there."""
    words = [messages.MARK_WORDS.get(mark.status, ""), messages.LATE if mark.is_late else ""]
    words = [word for word in words if word]
    if report.status is Status.UNREADABLE:
        return listed([*words, messages.unreadable(report.error)])
    mistakes = [
        messages.mistake(question.name, each) for question in report.questions for each in question.misconceptions
    ]
    others = Counter(NOT_LOADED if check.is_not_loaded else check.outcome.value for check in report.checks)
    return listed([*words, *mistakes, *(messages.times(others[end], translated(end)) for end in ENDS if others[end])])
