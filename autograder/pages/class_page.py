"""The page of a whole class, for the instructor."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from importlib import resources
from typing import Any, TypeVar
from urllib.parse import quote

from markupsafe import Markup

from autograder.classroom.marks.model import ClassMarks, Member
from autograder.classroom.person import composed
from autograder.pages import class_figures, messages
from autograder.pages._jinja import PAGES
from autograder.pages.class_figures import staying
from autograder.pages.heatmap import LOW_SCORE_PERCENT, MAX_ROWS, rows, student_table
from autograder.report.model import CheckResult, Outcome, Report, Status
from autograder.report.statistics import MisconceptionStatistics, QuestionStatistics
from autograder.report.ungraded import UngradedFile
from autograder.report.unpaid import unpaid

Ranked = TypeVar("Ranked", MisconceptionStatistics, QuestionStatistics)

TOP_N = 5  # misconceptions, and hard questions, that the page begins with

# Not escaped: the script is part of this package, and no untrusted text.
_SCRIPT = Markup(resources.files("autograder.pages").joinpath("templates/class.js").read_text(encoding="utf-8"))
_SCRIPT_HASH = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()


def class_page(*about: Any, **more: Any) -> str:
    """What `class_page_pieces` makes, as one text."""
    return "".join(class_page_pieces(*about, **more))


def class_page_pieces(
    reports: Sequence[Report],
    marks: ClassMarks,
    link: Callable[[str, str], str],
    title: str = "",
    ungraded: Sequence[UngradedFile] = (),
    graded: Mapping[str, datetime] | None = None,
    most_rows: int = MAX_ROWS,
) -> Iterator[str]:
    """The page of a whole class, piece by piece.

    `link` gives the path of a student's page, by assignment, below this one's folder.
    `reports` are the class's, of which those on the work of people who have withdrawn show in their rows only.
    `ungraded` are files that were handed in and are part of no report, those that got no place on their way in among
    them. `graded` is when each assignment was, with an offset. Of a class of more than `most_rows`, the table has as
    many rows, and each list as many names: a script shows all others in the table.
    """
    reports = sorted(reports, key=lambda report: (report.student, report.assignment))
    members: dict[str, list[Member]] = {}
    for student in staying(marks):
        members.setdefault(composed(student.member.folder), []).append(student.member)
    counting = [each for each in reports if composed(each.student) in members and each.assignment in marks.assignments]
    columns = class_figures.columns(marks, counting)
    total = class_figures.course(marks, counting)
    by_assignment: defaultdict[str, dict[str, Report]] = defaultdict(dict)
    for report in reports:
        by_assignment[report.assignment][composed(report.student)] = report
    heard_of = {composed(each.student) for each in ungraded if not each.source}
    questions = [question for column in columns for question in column.statistics.questions]
    mistakes = sorted((m for q in questions for m in q.misconceptions), key=lambda m: (-len(m.seen), -m.share, m.key))
    indices = {each.key: index for index, each in enumerate(questions)}
    indices |= {each.key: index for index, each in enumerate(mistakes)}
    shows: dict[str, list[int]] = {}
    for index, mistake in enumerate(mistakes):
        for report in mistake.seen:
            shows.setdefault(composed(report.student), []).append(index)
    people = rows(marks, by_assignment, columns, shows, totals_of_checks=total.of_checks)
    table = student_table(people, lambda student, assignment: _relative(link(student, assignment)), most_rows)
    return PAGES.get_template("class.html").generate(
        title=title or messages.CLASS_RESULTS,
        reports=counting,
        table=table,
        most_names=most_rows,
        staying=len(staying(marks)),
        handed_in=sum(len(members[folder]) for folder in {composed(report.student) for report in counting}),
        absent=[each for each in table.absent if composed(each.folder) not in heard_of],
        sections=table.sections,
        columns=columns,
        order={column.name: index for index, column in enumerate(columns)},
        questions=questions,
        mistakes=mistakes,
        places=indices,
        common=_top([mistake for mistake in mistakes if len(mistake.seen) > 1]),
        hardest=_top(sorted((q for q in questions if q.full < q.graded), key=lambda q: q.mean or 0)),
        course=total,
        awaiting=class_figures.awaiting(marks),
        late=class_figures.late(marks),
        warnings=marks.warnings,
        grader_errors=_grader_errors(counting),
        unreadable=_unreadable(counting),
        unpaid=unpaid(counting),
        ungraded=sorted(each for each in ungraded if not each.source),
        unplaced=_by_source(ungraded),
        has_unplaced={composed(each.student) for each in ungraded if each.source and each.student},
        graded={name: time for name, time in (graded or {}).items() if name in marks.assignments},
        members=lambda report: members[composed(report.student)],
        link=lambda student, assignment: _relative(link(student, assignment)),
        top_n=TOP_N,
        LOW_SCORE_PERCENT=LOW_SCORE_PERCENT,
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


def _by_source(files: Iterable[UngradedFile]) -> dict[str, list[UngradedFile]]:
    """What got no place on its way in, by source; a file of several people is one."""
    once = {(each.source, each.file, each.reason): each for each in sorted(files) if each.source}
    by_source: dict[str, list[UngradedFile]] = {}
    for (source, *_), each in sorted(once.items()):
        by_source.setdefault(source, []).append(each)
    return by_source


def _relative(path: str) -> str:
    """The address of a file below this page, whatever its name: `./` leaves no room for a scheme or a host."""
    # Bytes of a file name that are no UTF-8 arrive as U+DC80 to U+DCFF and leave as those bytes.
    text = re.sub("[\ud800-\udc7f\udd00-\udfff]", "\ufffd", path)
    return "./" + quote(text, errors="surrogateescape")
