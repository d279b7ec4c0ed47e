"""Answers in words, for the student at home: which are asked for, and which are written. Portable."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograder.student import messages
from autograder.submission.handout import STUB, Handout
from autograder.submission.model import CODE, Submission
from autograder.submission.which_file import NOTEBOOK, kind_of
from autograder.submission.written import find_written, own_cells_around


@dataclass(frozen=True)
class Written:
    """The questions of one assignment that are answered in words, and those of them that are; by their names.

    With `in_notebook`, there is a place for them in the file that counts.
    """

    asked: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()
    in_notebook: bool = True

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(name for name in self.asked if name not in self.answered)

    def lines(self, assignment: str) -> list[tuple[bool, str]]:
        """For each question whether it is answered, and a sentence on it."""
        return [
            (True, messages.written(name))
            if name in self.answered
            else (False, self.sentence_on_missing(name, assignment))
            for name in self.asked
        ]

    def sentence_on_missing(self, name: str, assignment: str) -> str:
        if not self.in_notebook:
            return messages.words_need_a_notebook(name, assignment)
        return messages.not_written_in_words(name, STUB)


NOTHING_IN_WORDS = Written()


def written_in(work: Submission, handout: Handout) -> Written:
    """Which answers in words are in a file. One is there when nothing in its cell says YOUR ANSWER HERE any more."""
    is_notebook = kind_of(Path(work.file).name) == NOTEBOOK
    answered = tuple(name for name in handout.written if is_notebook and _is_written(name, work, handout))
    return Written(tuple(handout.written), answered, is_notebook)


def _is_written(name: str, work: Submission, handout: Handout) -> bool:
    """Whether a question is answered in its own cell, or in text of the student's own around that."""
    index = find_written(name, handout.written[name], work.notebook)
    if name not in work.answers or index is None:
        return False
    cell = work.notebook[index]
    if cell.kind == CODE or STUB in cell.source:
        return False
    has_own_text = any(each.kind != CODE for each in own_cells_around(index, work.notebook, handout))
    return has_own_text or not _is_bare(cell.source, handout.written[name])


def _is_bare(text: str, question: str) -> bool:
    """Whether a cell holds nothing but its question: the place of the answer was emptied."""
    return "".join(text.split()) in ("".join(question.replace(STUB, "").split()), "")
