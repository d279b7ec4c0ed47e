"""The percent format of lessons: the one parser, for questions and for the notebook that is released.

A cell begins with a marker and ends before the next one:

    # %%                                 code
    # %% softmax                         code: the answer to the question `softmax`
    # %% [markdown]                      text; each of its lines is a comment
    # %% why_sqrt_d [markdown] points=5  a written answer, which a person grades

The format is Jupytext's py:percent (https://jupytext.readthedocs.io/en/latest/formats-scripts.html), as far as lessons
use it; a test holds this parser to Jupytext's own reading of them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from autograder.course import messages
from autograder.errors import UserError
from autograder.report.model import MAX_POINTS, is_worth
from autograder.submission.handout import CODE_STUB, STUB

MARKER = re.compile(r"# %%(?: (?P<name>[A-Za-z_]\w*))?(?: \[(?P<kind>\w+)\])?(?: points=(?P<points>\S+))?\s*")
BEGINS_LIKE_A_MARKER = re.compile(r"#[ \t]*%%")  # a marker, or what somebody meant for one
SOLUTION = re.compile(r"(?P<indent>[ \t]*)[^\n]*### BEGIN SOLUTION.*?### END SOLUTION[^\n]*", re.DOTALL)
SOLUTION_MARK = re.compile(r"(?P<hashes>#*)[ \t]*(?P<end>BEGIN|END) (?P<what>SOLUTION|HIDDEN TESTS)\b")
HASHES, BEGIN, END, TESTS = "###", "BEGIN", "END", "HIDDEN TESTS"
FENCE = "# ---"  # around Jupytext's own header, which begins a file
MARKDOWN = "markdown"


class CourseError(UserError):
    """The course itself is not in order; the message says which file, what, and what to do."""


@dataclass(frozen=True)
class LessonCell:
    """A cell of a lesson. `line` is that of its marker in the file. A written answer is worth `points`."""

    source: str
    line: int
    is_markdown: bool = False
    name: str = ""
    points: float | None = None

    @property
    def is_question(self) -> bool:
        """Whether it is the answer to a question, in code."""
        return self.name != "" and not self.is_markdown

    @property
    def released(self) -> str:
        """What students get of it, as nbgrader releases it."""
        if self.is_markdown:
            return SOLUTION.sub(STUB, self.source)
        return SOLUTION.sub(lambda match: "\n".join(f"{match['indent']}{line}" for line in CODE_STUB), self.source)

    @property
    def is_written(self) -> bool:
        """Whether it is an answer in words."""
        return self.name != "" and self.is_markdown


def parse_lesson(text: str, path: Path) -> tuple[LessonCell, ...]:
    """The cells of a lesson, in order; `path` is named in errors. Raises CourseError."""
    lines = text.splitlines()
    start = _after_header(lines)
    markers = [number for number in range(start, len(lines)) if BEGINS_LIKE_A_MARKER.match(lines[number])]
    cells = [_cell(lines[begin:end], begin + 1, path) for begin, end in _spans(markers, len(lines))]
    first: dict[str, int] = {}
    for cell in cells:
        if cell.name and first.setdefault(cell.name, cell.line) != cell.line:
            raise CourseError(messages.name_taken(path, cell.line, cell.name, first[cell.name]))
    before = _code(lines[start : markers[0] if markers else len(lines)])
    return (*([LessonCell(before, start + 1)] if before else []), *cells)


def require_whole_solutions(text: str, path: Path) -> None:
    """Raises CourseError where marks around solutions do not go in pairs, or stand in a cell that has no name."""
    lines, cells = text.splitlines(), parse_lesson(text, path)
    ends = [*(cell.line - 1 for cell in cells[1:]), len(lines)]
    for cell, end in zip(cells, ends, strict=True):
        _require_pairs(lines[cell.line - 1 : end], cell.line, cell.name, path)


def _after_header(lines: list[str]) -> int:
    """The first line behind the header; 0 where there is none."""
    if lines[:1] != [FENCE] or FENCE not in lines[1:]:
        return 0
    return lines.index(FENCE, 1) + 1


def _spans(starts: list[int], end: int) -> Iterator[tuple[int, int]]:
    return pairwise([*starts, end])


def _cell(lines: list[str], number: int, path: Path) -> LessonCell:
    marker = MARKER.fullmatch(lines[0])
    if marker is None or marker["kind"] not in (None, MARKDOWN):
        raise CourseError(messages.unknown_marker(path, number, lines[0].strip()))
    name, is_markdown = marker["name"] or "", marker["kind"] == MARKDOWN
    points = None
    if marker["points"] is not None:
        if not (name and is_markdown):
            raise CourseError(messages.points_out_of_place(path, number))
        points = _points(marker["points"], path, number)
    elif name and is_markdown:
        raise CourseError(messages.no_points(path, number, name))
    source = _markdown(lines[1:]) if is_markdown else _code(lines[1:])
    return LessonCell(source, number, is_markdown, name, points)


def _require_pairs(lines: list[str], first: int, name: str, path: Path) -> None:
    begun = 0
    for number, line in enumerate(lines, first):
        mark = SOLUTION_MARK.search(line)
        if mark is None:
            continue
        if mark["what"] == TESTS:
            raise CourseError(messages.hidden_tests(path, number))
        if mark["hashes"] != HASHES or f"{HASHES} {mark['end']}" not in line:
            raise CourseError(messages.unknown_mark(path, number, mark["end"]))
        if not name:
            raise CourseError(messages.solution_without_name(path, number))
        if mark["end"] == BEGIN and begun:
            raise CourseError(messages.solution_in_solution(path, number, begun))
        if mark["end"] == END and not begun:
            raise CourseError(messages.solution_not_begun(path, number, name))
        begun = number if mark["end"] == BEGIN else 0
    if begun:
        raise CourseError(messages.solution_not_ended(path, begun, name))


def _points(text: str, path: Path, number: int) -> float:
    try:
        points = float(text)
    except ValueError:
        points = math.nan
    if not is_worth(points):
        raise CourseError(messages.not_points(path, number, text, MAX_POINTS))
    return int(points) if points.is_integer() else points


def _code(lines: list[str]) -> str:
    return "\n".join(lines).strip("\n")


def _markdown(lines: list[str]) -> str:
    """The text of comments; a line that is no comment stays as it is."""
    return _code([re.sub(r"^# ?", "", line) for line in lines])
