"""Reports on GitHub Actions: a summary page in Markdown for the run, and annotations at the student's own lines.

Workflow commands are as https://docs.github.com/actions/reference/workflow-commands-for-github-actions says, with the
escapes of https://github.com/actions/toolkit (packages/core/src/command.ts).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from autograder.language.listing import listed
from autograder.publish.ci import messages
from autograder.publish.ci.annotations import Annotation, Locate, annotations_of
from autograder.report.findings import check_texts
from autograder.report.formatting import mean_score, percent, points
from autograder.report.model import CheckResult, Outcome, QuestionResult, Report, Status
from autograder.report.statistics import common_misconceptions
from autograder.student.check_table import MARKS, WRONG
from autograder.text import for_github_message, for_github_property, for_markdown, without_marks

NO_CAUSES: Mapping[tuple[str, str], str] = MappingProxyType({})
MAX_ANNOTATIONS = 10  # of one level that GitHub shows of a step
MAX_SUMMARY_BYTES = 900_000  # GitHub takes 1 MiB of Markdown of a step, and nothing of a longer page
MAX_MESSAGE_CHARS = 1000
PRIORITY: dict[Outcome | Status, int] = {Outcome.GRADER_ERROR: 0, Status.UNREADABLE: 1}  # all else comes later
# The lines under the headers of the tables: how their columns are aligned.
STUDENT_ALIGNMENT = "|---|---:|---:|"
ASSIGNMENT_ALIGNMENT = "|---|---:|---:|---|"
SUBMISSION_ALIGNMENT = "|---|---|---:|---|"


def annotate(reports: Iterable[Report], locate: Locate) -> str:
    """Workflow commands, one a line: a notice for what is still to be written, an error for what is wrong.

    One for each question, and no more than GitHub shows: grader errors first, then what could not be read.
    """
    annotations = [each for report in reports for each in _first_of_each_question(annotations_of(report, locate))]
    levels: dict[str, list[str]] = {"error": [], "notice": []}
    for annotation in sorted(annotations, key=lambda each: PRIORITY.get(each.outcome, len(PRIORITY))):
        level = "notice" if annotation.outcome is Outcome.MISSING else "error"
        levels[level].append(_command(level, annotation))
    return "".join(f"{line}\n" for lines in levels.values() for line in lines[:MAX_ANNOTATIONS])


def _first_of_each_question(annotations: Iterable[Annotation]) -> Iterator[Annotation]:
    questions: set[str] = set()
    for annotation in annotations:
        if annotation.question not in questions:
            questions.add(annotation.question)
            yield annotation


def _command(level: str, annotation: Annotation) -> str:
    report = annotation.report
    title = " · ".join(filter(None, (report.student, report.assignment, annotation.question)))
    fields = {"file": annotation.location.path, "line": str(annotation.location.line), "title": title}
    properties = ",".join(f"{name}={for_github_property(value)}" for name, value in fields.items())
    return f"::{level} {properties}::{for_github_message(f'{annotation.title}: {annotation.message}')}"


def student_summary(reports: Sequence[Report], causes: Mapping[tuple[str, str], str] = NO_CAUSES) -> str:
    """The page for one student: how far each assignment is, then what is open.

    `causes` says what is to be mended before a question, which it gives by its assignment and its name.
    """
    lines = [messages.STUDENT_HEADING, "", messages.STUDENT_COLUMNS, STUDENT_ALIGNMENT]
    lines += [_progress_row(report) for report in reports]
    unreadable = [each for each in reports if each.status is Status.UNREADABLE]
    lines += ["", *(f"- {markdown(each.assignment)}: {markdown(each.error)}" for each in unreadable)]
    lines += [""] if unreadable else []
    for report in reports:
        if report.is_started:
            lines += _details(report, causes)
    return _truncated(lines)


def _progress_row(report: Report) -> str:
    done = sum(question.score == question.max_score for question in report.questions)
    passed = sum(check.outcome is Outcome.PASSED for check in report.checks)
    questions_done = messages.questions_done(done, len(report.questions))
    checks_passed = messages.checks_passed(passed, len(report.checks))
    return f"| {markdown(report.assignment)} | {questions_done} | {checks_passed} |"


def _details(report: Report, causes: Mapping[tuple[str, str], str]) -> Iterator[str]:
    yield f"### {markdown(report.assignment)}"
    yield ""
    for question in report.questions:
        yield from _question(question, causes.get((report.assignment, question.name), ""))


def _question(question: QuestionResult, cause: str) -> Iterator[str]:
    name = f"<code>{markdown(question.name)}</code>"
    if question.score == question.max_score:
        yield f"- ✓ {messages.all_checks_pass(name, len(question.checks))}"
        return
    yield f"- ✗ {name}<br>{markdown(cause)}" if cause else f"- ✗ {name}"
    for each in check_texts(question):
        check = each.check
        message = f"<br>{markdown(without_marks(each.sentence))}" if each.sentence else ""
        yield f"  - {MARKS.get(check.outcome, WRONG)} {markdown(check.title)}{message}"


def class_summary(reports: Sequence[Report], absent: Sequence[str]) -> str:
    """The page for the instructor: grader errors, the assignments, what could not be read, every score."""
    lines = [messages.CLASS_HEADING, "", *_grader_errors(reports), messages.ASSIGNMENT_COLUMNS, ASSIGNMENT_ALIGNMENT]
    for name in sorted({report.assignment for report in reports}):
        lines.append(_assignment_row(name, [report for report in reports if report.assignment == name]))
    if not all(report.confined for report in reports):
        lines += ["", messages.UNCONFINED]
    lines += ["", messages.SUBMISSION_COLUMNS, SUBMISSION_ALIGNMENT]
    lines += [_submission_row(report) for report in reports]
    lines += [f"| {markdown(student)} | | | {messages.NO_SUBMISSION} |" for student in absent]
    return _truncated(lines)


def _grader_errors(reports: Sequence[Report]) -> list[str]:
    broken = [report for report in reports if report.has_grader_error]
    if not broken:
        return []
    lines = [
        f"- {markdown(f'{report.student} {report.assignment}')}: {markdown(_broken_check(report).message)}"
        for report in broken[:MAX_ANNOTATIONS]
    ]
    return [messages.grader_errors(len(broken)), "", *lines, ""]


def _broken_check(report: Report) -> CheckResult:
    return next(check for check in report.checks if check.outcome is Outcome.GRADER_ERROR)


def _assignment_row(name: str, reports: Sequence[Report]) -> str:
    common = listed(f"{markdown(each)} ({count})" for each, count in common_misconceptions(reports))
    return f"| {markdown(name)} | {len(reports)} | {percent(mean_score(reports))} | {common} |"


def _submission_row(report: Report) -> str:
    note = markdown(report.error) if report.status is Status.UNREADABLE else ""
    return f"| {markdown(report.student)} | {markdown(report.assignment)} | {points(report)} | {note} |"


def _truncated(lines: Iterable[str]) -> str:
    """As many of the lines as GitHub takes."""
    page, bytes_left = [], MAX_SUMMARY_BYTES
    for line in lines:
        bytes_left -= len(line.encode()) + 1
        if bytes_left < 0:
            page.append(f"\n\n{messages.MORE_THAN_FITS}")
            break
        page.append(line)
    return "\n".join(page) + "\n"


def markdown(text: str) -> str:
    return for_markdown(text, MAX_MESSAGE_CHARS)
