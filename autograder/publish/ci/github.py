"""Reports on GitHub Actions: a page of Markdown for the run, and annotations at the student's own lines.

Workflow commands are as https://docs.github.com/actions/reference/workflow-commands-for-github-actions says, with the
escapes of https://github.com/actions/toolkit (packages/core/src/command.ts).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from autograder.publish.ci.annotations import Annotation, Locate, annotations_of
from autograder.report.findings import check_texts
from autograder.report.formatting import mean_score, percent, points
from autograder.report.model import CheckResult, Outcome, QuestionResult, Report, Status
from autograder.report.statistics import common_misconceptions
from autograder.text import for_github_message, for_github_property, for_markdown, without_marks

MAX_ANNOTATIONS = 10  # annotations of one level that GitHub shows of a step
MAX_SUMMARY_BYTES = 900_000  # bytes of Markdown; GitHub takes 1 MiB of a step, and nothing of a longer page
MAX_MESSAGE_CHARS = 1000  # of one message
FIRST: dict[Outcome | Status, int] = {Outcome.GRADER_ERROR: 0, Status.UNREADABLE: 1}
MARKS = {Outcome.PASSED: "✓", Outcome.MISSING: "·"}
WRONG = "✗"


def annotate(reports: Iterable[Report], locate: Locate) -> str:
    """Workflow commands, one a line: a notice for what is still to be written, an error for what is wrong.

    One for each question, and no more than GitHub shows: our own faults first, then what could not be read.
    """
    found = [annotation for report in reports for annotation in _one_each(annotations_of(report, locate))]
    levels: dict[str, list[str]] = {"error": [], "notice": []}
    for annotation in sorted(found, key=lambda each: FIRST.get(each.outcome, len(FIRST))):
        level = "notice" if annotation.outcome is Outcome.MISSING else "error"
        levels[level].append(_command(level, annotation))
    return "".join(f"{line}\n" for lines in levels.values() for line in lines[:MAX_ANNOTATIONS])


def _one_each(found: Iterable[Annotation]) -> Iterator[Annotation]:
    """The first annotation on each question."""
    told: set[str] = set()
    for annotation in found:
        if annotation.question not in told:
            told.add(annotation.question)
            yield annotation


def _command(level: str, annotation: Annotation) -> str:
    report = annotation.report
    title = " · ".join(filter(None, (report.student, report.assignment, annotation.question)))
    properties = {"file": annotation.location.path, "line": str(annotation.location.line), "title": title}
    written = ",".join(f"{name}={for_github_property(value)}" for name, value in properties.items())
    return f"::{level} {written}::{for_github_message(f'{annotation.title}: {annotation.message}')}"


def student_summary(reports: Sequence[Report]) -> str:
    """The page for one student: how far each assignment is, then what is open."""
    lines = ["## Your visible checks", "", "| Assignment | Questions done | Checks passed |", "|---|---:|---:|"]
    for report in reports:
        done = sum(question.score == question.max_score for question in report.questions)
        passed = sum(check.outcome is Outcome.PASSED for check in report.checks)
        lines.append(
            f"| {markdown(report.assignment)} | {done} of {len(report.questions)} | {passed} of {len(report.checks)} |"
        )
    lines.append("")
    for report in reports:
        if _started(report):
            lines += _details(report)
    return _fitting(lines)


def _started(report: Report) -> bool:
    return any(check.outcome is not Outcome.MISSING for check in report.checks)


def _details(report: Report) -> Iterator[str]:
    yield f"### {markdown(report.assignment)}"
    yield ""
    for question in report.questions:
        yield from _question(question)


def _question(question: QuestionResult) -> Iterator[str]:
    if question.score == question.max_score:
        yield f"- ✓ <code>{markdown(question.name)}</code>: all {len(question.checks)} checks pass."
        return
    yield f"- ✗ <code>{markdown(question.name)}</code>"
    for each in check_texts(question):
        check = each.check
        said = f"<br>{markdown(without_marks(each.in_words))}" if each.in_words else ""
        yield f"  - {MARKS.get(check.outcome, WRONG)} {markdown(check.title)}{said}"


def class_summary(reports: Sequence[Report], absent: Sequence[str]) -> str:
    """The page for the instructor: our own faults, the assignments, what could not be read, every score."""
    lines = ["## The class", ""]
    if broken := [report for report in reports if report.has_grader_error]:
        lines += [f"**Reports with a grader error: {len(broken)}. Ours to mend, then grade again.**", ""]
        lines += [
            f"- {markdown(f'{report.student} {report.assignment}')}: {markdown(_fault(report).message)}"
            for report in broken[:MAX_ANNOTATIONS]
        ] + [""]
    lines += ["| Assignment | Submissions | Mean | Most common misconceptions |", "|---|---:|---:|---|"]
    for name in sorted({report.assignment for report in reports}):
        lines.append(_assignment(name, [report for report in reports if report.assignment == name]))
    if not all(report.confined for report in reports):
        lines += ["", "**Graded without confinement.**"]
    lines += ["", "| Student | Assignment | Score | |", "|---|---|---:|---|"]
    lines += [_submission(report) for report in reports]
    lines += [f"| {markdown(student)} | | | no submission |" for student in absent]
    return _fitting(lines)


def _fitting(lines: Iterable[str]) -> str:
    """As many of the lines as GitHub takes."""
    page, left = [], MAX_SUMMARY_BYTES
    for line in lines:
        left -= len(line.encode()) + 1
        if left < 0:
            page.append("\n\nThere is more than fits on this page: see the reports.")
            break
        page.append(line)
    return "\n".join(page) + "\n"


def _fault(report: Report) -> CheckResult:
    return next(check for check in report.checks if check.outcome is Outcome.GRADER_ERROR)


def _assignment(name: str, reports: Sequence[Report]) -> str:
    common = ", ".join(f"{markdown(each)} ({count})" for each, count in common_misconceptions(reports))
    return f"| {markdown(name)} | {len(reports)} | {percent(mean_score(reports))} | {common} |"


def _submission(report: Report) -> str:
    note = markdown(report.error) if report.status is Status.UNREADABLE else ""
    return f"| {markdown(report.student)} | {markdown(report.assignment)} | {points(report)} | {note} |"


def markdown(text: str) -> str:
    return for_markdown(text, MAX_MESSAGE_CHARS)
