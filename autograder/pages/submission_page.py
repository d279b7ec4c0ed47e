"""Reports as HTML: a page for the student, and a page of the class for the instructor.

The pages stand alone: no font, no address outside, and no script but one: the class page carries its own, for sorting
and filtering, says everything without it too, and lets the browser run no other. All their words are in templates/.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from statistics import median
from typing import TypeVar
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from autograder.outputs.inline import html_text
from autograder.pages.heatmap import HALF, rows
from autograder.report.findings import is_unread
from autograder.report.formatting import mean_of, percent
from autograder.report.model import CheckResult, Outcome, QuestionResult, Report, Status, number
from autograder.report.statistics import FEWEST, Mistake, Question, assignments, distribution, shares

Ranked = TypeVar("Ranked", Mistake, Question)

LEADING = 5  # misconceptions, and hard questions, that the class page begins with

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
        all_missing=all(check.outcome is Outcome.MISSING and not is_unread(check) for check in report.checks),
        withheld=sum(c.points - c.earned for c in report.checks if c.outcome is Outcome.GRADER_ERROR),
        spoken=_spoken,
    )


def class_page(
    reports: Sequence[Report],
    link: Callable[[Report], str],
    title: str = "Class results",
    students: Iterable[str] = (),
) -> str:
    """The page of a whole class. `link` gives the address of a report's page relative to this one.

    `students` are all who belong to the class: those without a report are told to have handed in nothing.
    """
    ordered = sorted(reports, key=lambda report: (report.student, report.assignment))
    handed_in: dict[str, dict[str, Report]] = {name: {} for name in sorted({*students, *(r.student for r in ordered)})}
    for report in ordered:
        handed_in[report.student][report.assignment] = report
    columns = assignments(ordered)
    questions = [question for column in columns for question in column.questions]
    mistakes = sorted((m for q in questions for m in q.mistakes), key=lambda m: (-len(m.seen), -m.share, m.key))
    places = {each.key: place for place, each in enumerate(questions)}
    places |= {each.key: place for place, each in enumerate(mistakes)}
    hrefs = {id(report): _relative(link(report)) for report in ordered}
    shows: dict[str, list[int]] = {student: [] for student in handed_in}
    for place, mistake in enumerate(mistakes):
        for report in mistake.seen:
            shows[report.student].append(place)
    course = shares(list(works.values()) for works in handed_in.values())
    return _PAGES.get_template("class.html").render(
        title=title,
        reports=ordered,
        rows=rows(handed_in, columns),
        absent=[student for student, works in handed_in.items() if not works],
        columns=columns,
        order={column.name: place for place, column in enumerate(columns)},
        questions=questions,
        mistakes=mistakes,
        shows=shows,
        places=places,
        common=_leading([mistake for mistake in mistakes if len(mistake.seen) > 1]),
        hardest=_leading(sorted((q for q in questions if q.full < q.graded), key=lambda q: q.mean or 0)),
        course=course,
        class_mean=mean_of(course),
        grader_errors=_grader_errors(ordered),
        unreadable=_unreadable(ordered),
        link=lambda report: hrefs[id(report)],
        script=_SCRIPT,
        script_hash=_SCRIPT_HASH,
    )


@dataclass(frozen=True)
class _QuestionView:
    """A question as its student reads it: the mistakes it shows, what is open, what works."""

    question: QuestionResult
    lessons: tuple[CheckResult, ...]
    # With each what to say of it; or, where the page has said it already, None and the check that it was said of.
    open: tuple[tuple[CheckResult, str | None, CheckResult], ...]
    passed: tuple[CheckResult, ...]

    @classmethod
    def of(cls, question: QuestionResult) -> _QuestionView:
        lessons = {c.misconception: c for c in reversed(question.checks) if c.misconception}
        told = {_spoken(check) or check.outcome: check for check in lessons.values()}
        still_open: list[tuple[CheckResult, str | None, CheckResult]] = []
        for check in question.checks:
            if check.outcome is not Outcome.PASSED:
                words = _spoken(check)
                if check.misconception:
                    words = _beyond(words, _spoken(lessons[check.misconception]))
                first = told.get(words or check.outcome)
                still_open.append((check, None if first else words, first or check))
                told.setdefault(words or check.outcome, check)
        return cls(
            question=question,
            lessons=tuple(lessons[name] for name in question.misconceptions),
            open=tuple(still_open),
            passed=tuple(check for check in question.checks if check.outcome is Outcome.PASSED),
        )


def _finding_and_lesson(message: str) -> tuple[str, str]:
    """A message that names a misconception, in its parts: it ends with a line on the mistake, and a line of hint."""
    lines = message.split("\n")
    return "\n".join(lines[:-2]), "\n".join(lines[-2:])


def _beyond(message: str, told: str) -> str:
    """What a message adds to one that the page has told, when both teach the same: its finding."""
    finding, lesson = _finding_and_lesson(message)
    return finding if message != told and lesson == _finding_and_lesson(told)[1] else message


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


def _leading(ranked: Iterable[Ranked]) -> list[Ranked]:
    """The first `LEADING` of each assignment, in their order."""
    met: Counter[str] = Counter()
    leading = []
    for each in ranked:
        met[each.assignment] += 1
        if met[each.assignment] <= LEADING:
            leading.append(each)
    return leading


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


def _unreadable(reports: Sequence[Report]) -> dict[tuple[str, str], list[Report]]:
    """The submissions that could not be read, by assignment and reason."""
    alike: dict[tuple[str, str], list[Report]] = {}
    for report in sorted(reports, key=lambda report: report.assignment):
        if report.status is Status.UNREADABLE:
            alike.setdefault((report.assignment, report.error), []).append(report)
    return alike


def _quoted(text: str, safe: str) -> str:
    # Bytes of a file name that are no UTF-8 arrive as U+DC80 to U+DCFF and leave as those bytes.
    return quote(re.sub("[\ud800-\udc7f\udd00-\udfff]", "\ufffd", text), safe=safe, errors="surrogateescape")


def _relative(href: str) -> str:
    """An address below this page, whatever it says: `./` leaves no room for a scheme or a host."""
    return "./" + _quoted(href, safe="/%")


def _blocks(message: str) -> list[tuple[bool, str]]:
    """The paragraphs of a message. True: laid out with spaces. Else as HTML, with code and stressed words in it."""
    lines = "\n".join(message.splitlines())
    paragraphs = [text for text in re.split(r"\n\s*\n", lines.strip("\n")) if text.strip()]
    laid_out = [re.search(r"^[ \t]|\S  ", text, re.MULTILINE) is not None for text in paragraphs]
    return [(a, b if a else _inline(b)) for a, b in zip(laid_out, paragraphs, strict=True)]


def _inline(text: str) -> Markup:
    return Markup(html_text(text.translate(_VISIBLE)))  # escaped there


def _breakable(name: str) -> Markup:
    """A name that may go on in the next line behind each of its underscores."""
    return Markup(str(escape(name.translate(_VISIBLE))).replace("_", "_<wbr>"))  # escaped here


def _visible(value: object) -> object:
    """Every value that a template prints passes here, before it is escaped."""
    return value.translate(_VISIBLE) if isinstance(value, str) and not isinstance(value, Markup) else value


def _share(share: float) -> str:
    """A share of what was seen: few is not none, and most is not all."""
    return "<1%" if 0 < share < 1 else ">99%" if 99 < share < 100 else percent(share)


_PAGES = Environment(
    loader=PackageLoader("autograder.outputs"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=_visible,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES.filters.update(
    number=number,
    blocks=_blocks,
    count="{:,}".format,
    breakable=_breakable,
    percent=percent,
    share=_share,
    is_unread=is_unread,
    distribution=distribution,
    median=median,
    lesson=lambda message: _finding_and_lesson(message)[1],
)
_PAGES.globals.update(FEWEST=FEWEST, HALF=HALF, LEADING=LEADING)

_SCRIPT = Markup(
    resources.files("autograder.outputs").joinpath("templates/class.js").read_text(encoding="utf-8")
)  # ours
_SCRIPT_HASH = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
