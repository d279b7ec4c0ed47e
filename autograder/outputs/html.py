"""Reports as HTML: a page for the student, and a page of the class for the instructor.

The pages stand alone: no script, no font, no address outside. All their words are in templates/.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from autograder.report import CheckResult, Outcome, QuestionResult, Report, Status, mean, number

MOST_COMMON = 15  # misconceptions that the class page lists; the rarer ones are counted only

# A terminal escape, a null byte or a reversed reading order in a name or message must be seen, not obeyed.
_CONTROLS = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"} | {0x7F: 0x2421}
_BIDI = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_VISIBLE = _CONTROLS | dict.fromkeys((*range(0x80, 0xA0), *_BIDI, *range(0xD800, 0xE000), 0xFFFE, 0xFFFF), 0xFFFD)


def submission_page(report: Report) -> str:
    """The page of one submission, written to its student."""
    return _PAGES.get_template("submission.html").render(
        report=report,
        questions=[_QuestionView.of(question) for question in report.questions],
        next_step=_next_step(report),
        passed=sum(check.outcome is Outcome.PASSED for check in report.checks),
        all_missing=all(check.outcome is Outcome.MISSING for check in report.checks),
        withheld=sum(c.points - c.earned for c in report.checks if c.outcome is Outcome.GRADER_ERROR),
        spoken=_spoken,
    )


def class_page(reports: Sequence[Report], link: Callable[[Report], str], title: str = "Class results") -> str:
    """The page of a whole class. `link` gives the address of a report's page relative to this one."""
    ordered = sorted(reports, key=lambda report: (report.student, report.assignment))
    handed_in = {(report.student, report.assignment): report for report in ordered}
    students = sorted({report.student for report in ordered})
    assignments = sorted({report.assignment for report in ordered})
    mistakes = Counter(
        (report.assignment, question.name, mistake)
        for report in ordered
        for question in report.questions
        for mistake in question.misconceptions
    )
    return _PAGES.get_template("class.html").render(
        title=title,
        reports=ordered,
        rows=[[handed_in.get((student, assignment)) for assignment in assignments] for student in students],
        students=students,
        columns=[_Column.of([r for r in ordered if r.assignment == name]) for name in assignments],
        grader_errors=_grader_errors(ordered),
        unreadable=[report for report in ordered if report.status is Status.UNREADABLE],
        mistakes=sorted(mistakes.items(), key=lambda item: (-item[1], item[0]))[:MOST_COMMON],
        mistakes_in_all=len(mistakes),
        link=lambda report: _relative(link(report)),
        mean=mean,
    )


@dataclass(frozen=True)
class _QuestionView:
    """A question as its student reads it: the mistakes it shows, what is open, what works."""

    question: QuestionResult
    lessons: tuple[CheckResult, ...]
    open: tuple[tuple[CheckResult, bool], ...]  # with each: whether the page has given its message already
    passed: tuple[CheckResult, ...]

    @classmethod
    def of(cls, question: QuestionResult) -> _QuestionView:
        lessons = {c.misconception: c for c in reversed(question.checks) if c.misconception}
        told = {_spoken(check) or check.outcome for check in lessons.values()}
        still_open: list[tuple[CheckResult, bool]] = []
        for check in question.checks:
            if check.outcome is not Outcome.PASSED:
                words = _spoken(check) or check.outcome
                still_open.append((check, words in told))
                told.add(words)
        return cls(
            question=question,
            lessons=tuple(lessons[name] for name in question.misconceptions),
            open=tuple(still_open),
            passed=tuple(check for check in question.checks if check.outcome is Outcome.PASSED),
        )


def _spoken(check: CheckResult) -> str:
    """What a check says to the student. Our own faults speak to the instructor: they may quote the solution."""
    return "" if check.outcome is Outcome.GRADER_ERROR else check.message


def _next_step(report: Report) -> tuple[int, CheckResult] | None:
    """Where to look next: the place of the first question that is not full, its most instructive check."""
    for place, question in enumerate(report.questions):
        failing = [c for c in question.checks if c.outcome not in (Outcome.PASSED, Outcome.GRADER_ERROR)]
        if failing and question.score < question.max_score:
            return place, next((check for check in failing if check.misconception), failing[0])
    return None


@dataclass(frozen=True)
class _Question:
    """A question over the class: how many answers were graded, how many are full, their mean share of the points."""

    name: str
    answers: int
    full: int
    mean: float | None


@dataclass(frozen=True)
class _Column:
    """An assignment over the class."""

    assignment: str
    mean: float | None
    questions: tuple[_Question, ...]

    @classmethod
    def of(cls, reports: Sequence[Report]) -> _Column:
        answers: dict[str, list[QuestionResult]] = {}
        for report in reports:
            for question in report.questions if report.status is Status.GRADED else ():
                answers.setdefault(question.name, []).extend([question] if question.is_final else [])
        questions = (
            _Question(name, len(given), sum(q.score >= q.max_score for q in given), mean(given))
            for name, given in answers.items()
        )
        return cls(reports[0].assignment, mean(reports), tuple(questions))


def _grader_errors(reports: Sequence[Report]) -> list[tuple[str, str, CheckResult, list[Report]]]:
    """Assignment, question and check of each fault of ours, and every report that it touches."""
    faults: dict[tuple[str, str, str], tuple[str, str, CheckResult, list[Report]]] = {}
    for report in reports:
        for question in report.questions:
            for check in question.checks:
                if check.outcome is Outcome.GRADER_ERROR:
                    key = (report.assignment, question.name, check.name)
                    faults.setdefault(key, (report.assignment, question.name, check, []))[3].append(report)
    return [faults[key] for key in sorted(faults)]


def _quoted(text: str, safe: str) -> str:
    # Bytes of a file name that are no UTF-8 arrive as U+DC80 to U+DCFF and leave as those bytes.
    return quote(re.sub("[\ud800-\udc7f\udd00-\udfff]", "\ufffd", text), safe=safe, errors="surrogateescape")


def _relative(href: str) -> str:
    """An address below this page, whatever it says: `./` leaves no room for a scheme or a host."""
    return "./" + _quoted(href, safe="/%")


def _blocks(message: str) -> list[tuple[bool, list[str]]]:
    """The paragraphs of a message. True: laid out with spaces. Else in pieces, of which every second is `code`."""
    lines = "\n".join(message.splitlines())
    paragraphs = [text for text in re.split(r"\n\s*\n", lines.strip("\n")) if text.strip()]
    laid_out = [re.search(r"^[ \t]|\S  ", text, re.MULTILINE) is not None for text in paragraphs]
    return [(a, [b] if a else re.split(r"`([^`\n]+)`", b)) for a, b in zip(laid_out, paragraphs, strict=True)]


def _visible(value: object) -> object:
    """Every value that a template prints passes here, before it is escaped."""
    return value.translate(_VISIBLE) if isinstance(value, str) and not isinstance(value, Markup) else value


_PAGES = Environment(
    loader=PackageLoader("autograder.outputs"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=_visible,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES.filters.update(number=number, blocks=_blocks)
