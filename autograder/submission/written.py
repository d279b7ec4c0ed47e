"""Answers in words: what a student wrote below a question that a person grades, and the cells that it stands in.

Portable.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import takewhile

from autograder.submission import messages
from autograder.submission.handout import STUB, Handout
from autograder.submission.model import CODE, MARKDOWN, NotebookCell
from autograder.text import without_inert

MAX_ANSWER_CHARS = 100_000  # a small book


def find_written(name: str, question: str, cells: Sequence[NotebookCell]) -> int | None:
    """Which cell holds the answer to a question: the one with the surest sign; of several, the last.

    `question` is the text of the released cell. A bare copy of it is no answer where there is one. By its ids it is
    known even where it has become code.
    """
    first = first_line(question)
    signs: tuple[Callable[[NotebookCell], bool], ...] = (
        lambda cell: name in (cell.grade_id, cell.id) and cell.source != question,
        lambda cell: cell.grade_id == name,
        lambda cell: cell.id == name,
        lambda cell: cell.kind == MARKDOWN and first != "" and first_line(cell.source) == first,
    )
    found = (index for sign in signs for index in reversed(range(len(cells))) if sign(cells[index]))
    return next(found, None)


def first_line(text: str) -> str:
    """The line by which a written question is known, whatever an editor made of its blanks."""
    lines = (" ".join(line.split()) for line in without_inert(text).splitlines())
    first = next((line for line in lines if line), "")
    return "" if first == STUB else first


def written_answers(cells: Sequence[NotebookCell], handout: Handout) -> dict[str, str]:
    """The answers among a notebook's cells, each without its question; what was left as it was released is no answer.

    Who has written nothing into the cell of a question may have answered it in cells of their own, around it or at
    least somewhere: a person is to look at that.
    """
    answers = {}
    for name, question in handout.written.items():
        index = find_written(name, question, cells)
        if index is None:
            continue
        answer = _without_question(cells[index].source, question)
        own = own_cells_around(index, cells, handout) or _own_texts(cells, handout)
        answer = answer or "\n\n".join(cell.source.strip() for cell in own)
        if answer:
            answers[name] = _bounded(answer)
    return answers


def left_as_released(cells: Sequence[NotebookCell], handout: Handout, answered: Collection[str]) -> tuple[str, ...]:
    """The questions in words that have no answer, and whose cell is there, letter by letter as it was handed out.

    Of all others without an answer a person is to say whether there is one: the cell is gone, or was changed.
    """
    texts = [cell for cell in cells if cell.kind == MARKDOWN]
    found = {name: find_written(name, question, texts) for name, question in handout.written.items()}
    return tuple(
        name
        for name, index in found.items()
        if name not in answered and index is not None and texts[index].source == handout.written[name]
    )


def own_cells_around(index: int, cells: Sequence[NotebookCell], handout: Handout) -> list[NotebookCell]:
    """The cells of a student's own beside a released cell, surest first: text below it, text above it, code below it.

    They end where another cell begins that was handed out, or that answers a question, in words or in code.
    """
    asked = _cells_of_questions(cells, handout)
    below, above = _own(cells[index + 1 :], handout, asked), _own(reversed(cells[:index]), handout, asked)[::-1]
    return _text(below) or _text(above) or below


def _own(cells: Iterable[NotebookCell], handout: Handout, asked: Collection[int]) -> list[NotebookCell]:
    own = takewhile(
        lambda cell: not (handout.is_released(cell) or id(cell) in asked or handout.answers_in_code(cell)), cells
    )
    return [cell for cell in own if cell.source.strip()]


def _own_texts(cells: Sequence[NotebookCell], handout: Handout) -> list[NotebookCell]:
    """Text of a student's own anywhere. What stands in the cell of another question is the answer to that."""
    asked = _cells_of_questions(cells, handout)
    return [cell for cell in handout.own_texts(cells) if id(cell) not in asked]


def _cells_of_questions(cells: Sequence[NotebookCell], handout: Handout) -> frozenset[int]:
    """The cells, by their identity, in which questions in words are answered."""
    found = (find_written(name, question, cells) for name, question in handout.written.items())
    return frozenset(id(cells[index]) for index in found if index is not None)


def _text(cells: Iterable[NotebookCell]) -> list[NotebookCell]:
    return [cell for cell in cells if cell.kind != CODE]


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
