"""Reports on GitHub Actions: a page of Markdown for the run, and annotations at the student's own lines.

Workflow commands are as https://docs.github.com/actions/reference/workflow-commands-for-github-actions says, with the
escapes of https://github.com/actions/toolkit (packages/core/src/command.ts).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from autograder.publish.ci.annotations import Place, Remark, remarks
from autograder.report.findings import readable, spoken
from autograder.report.formatting import mean_score, percent, points
from autograder.report.model import CheckResult, Outcome, QuestionResult, Report, Status

MOST = 10  # annotations of one level that GitHub shows of a step
ROOM = 900_000  # bytes of Markdown; GitHub takes 1 MiB of a step, and nothing of a longer page
LENGTH = 1000  # of one message
FIRST: dict[Outcome | Status, int] = {Outcome.GRADER_ERROR: 0, Status.UNREADABLE: 1}
MARKS = {Outcome.PASSED: "✓", Outcome.MISSING: "·"}
WRONG = "✗"


def annotate(reports: Iterable[Report], place: Place) -> str:
    """Workflow commands, one a line: a notice for what is still to be written, an error for what is wrong.

    One for each question, and no more than GitHub shows: our own faults first, then what could not be read.
    """
    found = [remark for report in reports for remark in _one_each(remarks(report, place))]
    levels: dict[str, list[str]] = {"error": [], "notice": []}
    for remark in sorted(found, key=lambda remark: FIRST.get(remark.outcome, len(FIRST))):
        level = "notice" if remark.outcome is Outcome.MISSING else "error"
        levels[level].append(_command(level, remark))
    return "".join(f"{line}\n" for lines in levels.values() for line in lines[:MOST])


def _one_each(found: Iterable[Remark]) -> Iterator[Remark]:
    """The first remark on each question."""
    told: set[str] = set()
    for remark in found:
        if remark.question not in told:
            told.add(remark.question)
            yield remark


def _command(level: str, remark: Remark) -> str:
    report = remark.report
    title = " · ".join(filter(None, (report.student, report.assignment, remark.question)))
    properties = {"file": remark.path, "line": str(remark.line), "title": title}
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{level} {written}::{_data(f'{remark.title}: {remark.words}')}"


def _data(text: str) -> str:
    return readable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


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
    told: set[str] = set()
    for check in question.checks:
        words = "" if check.outcome is Outcome.PASSED else spoken(check)
        said = f"<br>{markdown(words)}" if words and words not in told else ""
        yield f"  - {MARKS.get(check.outcome, WRONG)} {markdown(check.title)}{said}"
        told.add(words)


def class_summary(reports: Sequence[Report], absent: Sequence[str]) -> str:
    """The page for the instructor: our own faults, the assignments, what could not be read, every score."""
    lines = ["## The class", ""]
    if broken := [report for report in reports if report.has_grader_error]:
        lines += [f"**Reports with a grader error: {len(broken)}. Ours to mend, then grade again.**", ""]
        lines += [
            f"- {markdown(f'{report.student} {report.assignment}')}: {markdown(_fault(report).message)}"
            for report in broken[:MOST]
        ] + [""]
    lines += ["| Assignment | Submissions | Mean | Most common misconceptions |", "|---|---:|---:|---|"]
    for name in sorted({report.assignment for report in reports}):
        lines.append(_assignment(name, [report for report in reports if report.assignment == name]))
    if not all(report.confined for report in reports):
        lines += ["", "**Graded without confinement.**"]
    lines += ["", "| Student | Assignment | Score | |", "|---|---|---:|---|"]
    lines += [_submission(report) for report in reports]
    lines += [f"| {markdown(student)} | | | handed in nothing |" for student in absent]
    return _fitting(lines)


def _fitting(lines: Iterable[str]) -> str:
    """As many of the lines as GitHub takes."""
    page, room = [], ROOM
    for line in lines:
        room -= len(line.encode()) + 1
        if room < 0:
            page.append("\n\nThere is more than fits on this page: see the reports.")
            break
        page.append(line)
    return "\n".join(page) + "\n"


def _fault(report: Report) -> CheckResult:
    return next(check for check in report.checks if check.outcome is Outcome.GRADER_ERROR)


def _assignment(name: str, reports: Sequence[Report]) -> str:
    seen = Counter(each for report in reports for question in report.questions for each in question.misconceptions)
    common = ", ".join(f"{markdown(each)} ({count})" for each, count in seen.most_common(3))
    return f"| {markdown(name)} | {len(reports)} | {percent(mean_score(reports))} | {common} |"


def _submission(report: Report) -> str:
    note = markdown(report.error) if report.status is Status.UNREADABLE else ""
    return f"| {markdown(report.student)} | {markdown(report.assignment)} | {points(report)} | {note} |"


def markdown(text: str) -> str:
    """A stranger's words in Markdown, on one line: nothing of theirs is markup but `code` in backticks."""
    parts = re.split(r"`([^`\n]+)`", readable(text).strip()[:LENGTH])
    pieces = [
        _escaped(part) if place % 2 == 0 else f"<code>{_escaped(part)}</code>" for place, part in enumerate(parts)
    ]
    return "".join(pieces)


def _escaped(text: str) -> str:
    """What Markdown or HTML gives a meaning to, as references, which have none (https://spec.commonmark.org, 2.5)."""
    plain = re.sub(r"[\\`*_~\[\]<>&|$#@:!.+-]", lambda match: f"&#{ord(match[0])};", text)
    return re.sub(r"\s*\n\s*", "<br>", plain)
