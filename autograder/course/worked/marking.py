"""A question in words as those see it who mark it: what is asked, the model answer, and the marking guide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.course.lesson import SOLUTION
from autograder.course.loader import Assignment

MARKER = re.compile(r"[^\n]*### (?:BEGIN|END) SOLUTION[^\n]*\n?")
SCHEME = re.compile(r"[^\n]*### BEGIN MARK SCHEME[^\n]*\n?(?P<text>.*?)[^\n]*### END MARK SCHEME[^\n]*\n?", re.DOTALL)


@dataclass(frozen=True)
class MarkingGuide:
    """The texts of a question in words, in Markdown, each empty where the lesson has none. They hold the solution."""

    question: str
    asked: str
    model_answer: str
    mark_scheme: str


def marking_guides(assignment: Assignment) -> Iterator[MarkingGuide]:
    """One for each question in words, in the lesson's order. Raises CourseError where the lesson cannot be read."""
    for cell in assignment.cells:
        if cell.is_written:
            solutions = "\n\n".join(match[0] for match in SOLUTION.finditer(cell.source))
            yield MarkingGuide(
                question=cell.name,
                asked=SOLUTION.sub("", cell.source).strip(),
                model_answer=MARKER.sub("", SCHEME.sub("", solutions)).strip(),
                mark_scheme="\n\n".join(match["text"].strip() for match in SCHEME.finditer(solutions)),
            )
