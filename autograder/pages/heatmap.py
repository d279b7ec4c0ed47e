"""The heat map of a class: a row for each student, with marks, and a cell for each question, with points and colour."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

from markupsafe import Markup

from autograder.classroom.marks.model import ClassMarks, Mark, MarkStatus, Member, StudentMarks
from autograder.classroom.person import composed
from autograder.pages import messages
from autograder.pages._jinja import PAGES
from autograder.pages.class_figures import Column
from autograder.pages.mark_view import has_page
from autograder.report.model import QuestionResult, Report, Status, mean, number
from autograder.report.statistics import is_unwritten
from autograder.text import sanitise

LOW_SCORE_PERCENT = 50  # who has less can be filtered for
WITHDRAWN = "withdrawn"
MAX_ROWS = 200  # that the page has as HTML, and shows at once
BASE = "\ue000"  # private to us: no name that is shown can hold it as an address, where all is percent-encoded
BETWEEN = " · "  # what is said beside a name


@dataclass(frozen=True, slots=True)
class HeatmapCell:
    """A student's points in a question. `warmth`, the colour: "w0" for no point … "w5" for all, or "unwritten"."""

    points: str
    warmth: str
    is_final: bool

    @classmethod
    def of(cls, question: QuestionResult) -> HeatmapCell:
        score, maximum = question.score, question.max_score
        warmth = 5 if score >= maximum else min(4, 1 + int(4 * score / maximum)) if score > 0 else 0
        return cls(number(score), "unwritten" if is_unwritten(question) else f"w{warmth}", question.is_final)


@dataclass(frozen=True, slots=True)
class HeatmapWork:
    """A student's assignment: its points, empty where there are none, with a word for what is to be known of it.

    `in_words` has the points of all answers in words; None where the assignment asks for none.
    """

    assignment: str
    points: str
    words: tuple[str, ...]
    has_page: bool
    cells: tuple[HeatmapCell | None, ...]
    in_words: str | None


@dataclass(frozen=True, slots=True)
class HeatmapRow:
    """A student: their total, their work on each assignment, and states to filter by."""

    member: Member
    total: float | None
    is_final: bool
    works: tuple[HeatmapWork, ...]
    states: tuple[str, ...]
    mistakes: Sequence[int]


@dataclass(frozen=True, slots=True)
class HeatmapTable:
    """The students' table: how many there are, the first rows, and where there are more, all of them as JSON.

    `absent` are those who handed in nothing, `sections` those that there are.
    """

    count: int
    first: tuple[HeatmapRow, ...]
    data: Markup
    absent: tuple[Member, ...]
    sections: tuple[str, ...]


def student_table(rows: Iterable[HeatmapRow], link: Callable[[str, str], str], most: int = MAX_ROWS) -> HeatmapTable:
    """The table of these rows, of which the page itself has `most`. `link` gives the address of a student's page."""
    first: list[HeatmapRow] = []
    absent: list[Member] = []
    data = _TableData(link)
    count = 0
    for row in rows:
        count += 1
        first += [row] if len(first) < most else []
        absent += [row.member] if "absent" in row.states else []
        data.add(row)
    return HeatmapTable(
        count, tuple(first), data.json() if count > most else Markup(), tuple(absent), tuple(sorted(data.sections))
    )


class _TableData:
    """The table in little: each different cell once, as HTML, and for each student which cells the row has.

    BASE in a cell stands for the folder of the student's pages.
    """

    def __init__(self, link: Callable[[str, str], str]) -> None:
        self._link = link
        self._html = PAGES.get_template("class_cells.html").module
        self._codes: dict[object, int] = {}
        self._cells: list[str] = []
        self._states: dict[str, int] = {}
        self._rows = StringIO()
        self.sections: set[str] = set()

    def add(self, row: HeatmapRow) -> None:
        member = row.member
        self.sections.update([member.section] if member.section else [])
        codes = [self._code("total", row.total, row.is_final)]
        folder = ""
        for work in row.works:
            href = self._link(member.name, work.assignment) if work.has_page else ""
            above, _, page = href.rpartition("/")
            folder = folder or above
            address = f"{BASE}/{page}" if href and above == folder else href
            codes.append(self._code("work", work.points, work.words, address))
            codes += [self._code("question", cell) for cell in work.cells]
            codes += [] if work.in_words is None else [self._code("in_words", work.in_words)]
        about = BETWEEN.join(filter(None, (member.folder if member.folder != member.name else "", member.section)))
        states = self._states.setdefault(" ".join(row.states), len(self._states))
        between = ",\n" if self._rows.tell() else ""
        fields = sanitise(member.name), sanitise(about), folder, sanitise(member.section), states, row.mistakes, codes
        self._rows.write(f"{between}{_for_page(json.dumps(fields, separators=(',', ':')))}")

    def json(self) -> Markup:
        """As it may stand in a page: in no place where HTML or JavaScript could see another sign than its own."""
        shared = json.dumps({"cells": self._cells, "states": list(self._states), "base": BASE})
        return Markup(f'{_for_page(shared[:-1])}, "rows": [\n{self._rows.getvalue()}\n]}}')  # escaped there

    def _code(self, kind: str, *what: object) -> int:
        if (kind, *what) not in self._codes:
            self._codes[kind, *what] = len(self._cells)
            self._cells.append(str(getattr(self._html, kind)(*what)))
        return self._codes[kind, *what]


def _for_page(text: str) -> str:
    """JSON text in which HTML finds no sign of its own."""
    return text.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e")


def rows(
    marks: ClassMarks,
    reports: Mapping[str, Mapping[str, Report]],
    columns: Sequence[Column],
    shows: Mapping[str, Sequence[int]],
    *,
    totals_of_checks: bool,
) -> Iterator[HeatmapRow]:
    """A row for each student, by name, with a work for each of `columns`.

    `reports` are by assignment and folder, as `composed`; `shows` has the misconceptions of each folder, by number.
    With `totals_of_checks`, nobody has a total yet: a row has the share of the points of the checks in its place.
    """
    cells: dict[int, tuple[QuestionResult, HeatmapCell]] = {}

    def cell(question: QuestionResult) -> HeatmapCell:
        """Made once for all answers that are one in memory; these live on."""
        if id(question) not in cells:
            cells[id(question)] = question, HeatmapCell.of(question)
        return cells[id(question)][1]

    for each in sorted(marks.students, key=lambda student: student.member.name):
        yield _row(each, reports, columns, shows.get(composed(each.member.folder), ()), totals_of_checks, cell)


def _row(
    student: StudentMarks,
    reports: Mapping[str, Mapping[str, Report]],
    columns: Sequence[Column],
    mistakes: Sequence[int],
    totals_of_checks: bool,
    cell: Callable[[QuestionResult], HeatmapCell],
) -> HeatmapRow:
    folder = composed(student.member.folder)
    works = [reports.get(column.name, {}).get(folder) for column in columns]
    total = mean(works) if totals_of_checks else student.total
    return HeatmapRow(
        student.member,
        total,
        student.is_final or totals_of_checks,
        tuple(_work(student.marks[c.name], work, c, cell) for c, work in zip(columns, works, strict=True)),
        (WITHDRAWN,) if student.member.is_withdrawn else _states(student, works, total),
        mistakes,
    )


def _states(student: StudentMarks, works: Sequence[Report | None], total: float | None) -> tuple[str, ...]:
    statuses = [mark.status for mark in student.marks.values()]
    states = {
        "absent": not any(works) and set(statuses) != {MarkStatus.EXCUSED},
        "gap": MarkStatus.MISSING in statuses,
        "unreadable": any(work and work.status is Status.UNREADABLE for work in works),
        "ours": MarkStatus.GRADER_ERROR in statuses,
        "low": total is not None and total < LOW_SCORE_PERCENT,
        "late": any(mark.is_late for mark in student.marks.values()),
        "awaiting": MarkStatus.AWAITS_HAND_GRADING in statuses,
        "excused": MarkStatus.EXCUSED in statuses,
    }
    return tuple(name for name in states if states[name])


def _work(
    mark: Mark, report: Report | None, column: Column, cell: Callable[[QuestionResult], HeatmapCell]
) -> HeatmapWork:
    results = {q.name: q for q in report.questions} if report and report.status is Status.GRADED else {}
    counts_as_zero = mark.status is MarkStatus.AWAITS_HAND_GRADING and mark.mark is not None
    status = messages.AWAITING_AS_ZERO if counts_as_zero else messages.WORDS[mark.status]
    words = (status, messages.LATE if mark.is_late else "")
    return HeatmapWork(
        column.name,
        _points(mark, report),
        tuple(word for word in words if word),
        report is not None or has_page(mark),
        tuple(cell(results[q.name]) if q.name in results else None for q in column.statistics.questions),
        (number(mark.written) if mark.written is not None and mark.answers else "") if column.has_words else None,
    )


def _points(mark: Mark, report: Report | None) -> str:
    """The mark; what awaits something has the points of the checks so far."""
    if mark.mark is not None:
        return messages.out_of(number(mark.mark), number(mark.possible))
    if mark.status is MarkStatus.AWAITS_HAND_GRADING and mark.mark_without_written is not None:
        return messages.out_of(number(mark.mark_without_written), number(mark.possible_without_written))
    if mark.status is MarkStatus.GRADER_ERROR and report:
        return messages.out_of(number(report.score), number(report.max_score))
    return ""
