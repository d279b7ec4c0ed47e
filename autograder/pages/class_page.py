"""The page of a whole class, for the instructor."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from importlib import resources
from typing import TypeVar
from urllib.parse import quote

from markupsafe import Markup

from autograder.pages import messages
from autograder.pages._jinja import PAGES
from autograder.pages.heatmap import rows
from autograder.report.formatting import mean_of
from autograder.report.model import CheckResult, Outcome, Report, Status
from autograder.report.statistics import MisconceptionStatistics, QuestionStatistics, assignments, shares
from autograder.report.ungraded import UngradedFile
from autograder.report.unpaid import unpaid

Ranked = TypeVar("Ranked", MisconceptionStatistics, QuestionStatistics)

TOP_N = 5  # misconceptions, and hard questions, that the page begins with

# Not escaped: the script is part of this package, and no untrusted text.
_SCRIPT = Markup(resources.files("autograder.pages").joinpath("templates/class.js").read_text(encoding="utf-8"))
_SCRIPT_HASH = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()


def class_page(
    reports: Sequence[Report],
    link: Callable[[Report], str],
    title: str = messages.CLASS_RESULTS,
    students: Iterable[str] = (),
    ungraded: Sequence[UngradedFile] = (),
) -> str:
    """The page of a whole class. `link` gives the path of a report's page below the folder of this one.

    `students` are all who belong to the class, also those without a submission; `ungraded` are files that were handed
    in and are part of no report.
    """
    ordered = sorted(reports, key=lambda report: (report.student, report.assignment))
    handed_in: dict[str, dict[str, Report]] = {name: {} for name in sorted({*students, *(r.student for r in ordered)})}
    for report in ordered:
        handed_in[report.student][report.assignment] = report
    heard_of = {each.student for each in ungraded}
    columns = assignments(ordered)
    questions = [question for column in columns for question in column.questions]
    mistakes = sorted((m for q in questions for m in q.misconceptions), key=lambda m: (-len(m.seen), -m.share, m.key))
    indices = {each.key: index for index, each in enumerate(questions)}
    indices |= {each.key: index for index, each in enumerate(mistakes)}
    hrefs = {id(report): _relative(link(report)) for report in ordered}
    shows: dict[str, list[int]] = {student: [] for student in handed_in}
    for index, mistake in enumerate(mistakes):
        for report in mistake.seen:
            shows[report.student].append(index)
    course = shares(list(works.values()) for works in handed_in.values())
    return PAGES.get_template("class.html").render(
        title=title,
        reports=ordered,
        rows=rows(handed_in, columns),
        absent=[student for student, works in handed_in.items() if not works and student not in heard_of],
        columns=columns,
        order={column.name: index for index, column in enumerate(columns)},
        questions=questions,
        mistakes=mistakes,
        shows=shows,
        places=indices,
        common=_top([mistake for mistake in mistakes if len(mistake.seen) > 1]),
        hardest=_top(sorted((q for q in questions if q.full < q.graded), key=lambda q: q.mean or 0)),
        course=course,
        class_mean=mean_of(course),
        grader_errors=_grader_errors(ordered),
        unreadable=_unreadable(ordered),
        unpaid=unpaid(ordered),
        ungraded=sorted(ungraded),
        link=lambda report: hrefs[id(report)],
        top_n=TOP_N,
        script=_SCRIPT,
        script_hash=_SCRIPT_HASH,
    )


def _top(ranked: Iterable[Ranked]) -> list[Ranked]:
    """The first `TOP_N` of each assignment, in their order."""
    counts: Counter[str] = Counter()
    top = []
    for each in ranked:
        counts[each.assignment] += 1
        if counts[each.assignment] <= TOP_N:
            top.append(each)
    return top


def _grader_errors(reports: Sequence[Report]) -> list[tuple[str, str, CheckResult, list[Report]]]:
    """Assignment, question and check of each grader error, and every report that has it."""
    errors: dict[tuple[str, str, str], tuple[str, str, CheckResult, list[Report]]] = {}
    for report in reports:
        for question in report.questions:
            for check in question.checks:
                if check.outcome is Outcome.GRADER_ERROR:
                    key = (report.assignment, question.name, check.name)
                    errors.setdefault(key, (report.assignment, question.name, check, []))[3].append(report)
    return [errors[key] for key in sorted(errors)]


def _unreadable(reports: Sequence[Report]) -> dict[tuple[str, str], list[Report]]:
    """The submissions that could not be read, by assignment and reason."""
    alike: dict[tuple[str, str], list[Report]] = {}
    for report in sorted(reports, key=lambda report: report.assignment):
        if report.status is Status.UNREADABLE:
            alike.setdefault((report.assignment, report.error), []).append(report)
    return alike


def _relative(path: str) -> str:
    """The address of a file below this page, whatever its name: `./` leaves no room for a scheme or a host."""
    # Bytes of a file name that are no UTF-8 arrive as U+DC80 to U+DCFF and leave as those bytes.
    text = re.sub("[\ud800-\udc7f\udd00-\udfff]", "\ufffd", path)
    return "./" + quote(text, errors="surrogateescape")
