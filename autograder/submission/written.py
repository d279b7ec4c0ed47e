"""Answers in words: what a student wrote below a question that a person grades, and the cell that it stands in.

Portable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.submission import messages
from autograder.text import INERT_TAG

STUB = "YOUR ANSWER HERE"  # what nbgrader puts in the place of a written solution
MAX_ANSWER_CHARS = 100_000  # a small book


@dataclass(frozen=True)
class TextCell:
    """A cell of text, untrusted: what it says, and the hints at the released cell that it was."""

    text: str
    grade_id: object  # in nbgrader's metadata, which some editors drop
    id: object  # the cell's own

    @classmethod
    def of(cls, cell: Mapping[str, Any], text: str) -> TextCell:
        metadata = cell.get("metadata")
        of_nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
        return cls(text, of_nbgrader.get("grade_id") if isinstance(of_nbgrader, dict) else None, cell.get("id"))


def find_written(name: str, question: str, cells: Sequence[TextCell]) -> int | None:
    """Which cell holds the answer to a question: the one with the surest sign; of several, the last.

    `question` is the text of the released cell. A bare copy of it is no answer where there is one.
    """
    first = first_line(question)
    signs: tuple[Callable[[TextCell], bool], ...] = (
        lambda cell: name in (cell.grade_id, cell.id) and cell.text != question,
        lambda cell: cell.grade_id == name,
        lambda cell: cell.id == name,
        lambda cell: first != "" and first_line(cell.text) == first,
    )
    found = (index for sign in signs for index in reversed(range(len(cells))) if sign(cells[index]))
    return next(found, None)


def first_line(text: str) -> str:
    """The line by which a written question is known, whatever an editor made of its blanks."""
    lines = (" ".join(line.split()) for line in text.replace(INERT_TAG, "<").splitlines())
    first = next((line for line in lines if line), "")
    return "" if first == STUB else first


def written_answers(cells: Sequence[TextCell], questions: Mapping[str, str]) -> dict[str, str]:
    """The answers among a notebook's cells, each without its question; what was left as it was released is no answer.

    `questions` has the text of each released cell by its name.
    """
    found = {name: find_written(name, question, cells) for name, question in questions.items()}
    answers = {
        name: _without_question(cells[index].text, questions[name])
        for name, index in found.items()
        if index is not None
    }
    return {name: _bounded(answer) for name, answer in answers.items() if answer}


def _without_question(text: str, question: str) -> str:
    """What is left of a cell without what was released in it, before and behind the place of the answer."""
    if text.strip() == question.strip():
        return ""
    before, _, behind = (part.strip() for part in question.partition(STUB))
    return text.strip().removeprefix(before).removesuffix(behind).replace(STUB, "").strip()


def _bounded(answer: str) -> str:
    if len(answer) <= MAX_ANSWER_CHARS:
        return answer
    return f"{answer[:MAX_ANSWER_CHARS]}\n\n{messages.ANSWER_CUT}"
