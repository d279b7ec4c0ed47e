"""Of several files that may be the work on an assignment, which one counts: the one in which somebody has worked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.language.listing import listed
from autograder.submission import messages
from autograder.submission.errors import UnreadableError
from autograder.submission.messages import Problem
from autograder.submission.model import Submission
from autograder.submission.which_file import find_work

MAX_NOTES = 5
NO_FILES = (Problem.LINK, Problem.NOT_A_FILE)  # nothing was handed in with them


@dataclass(frozen=True)
class Candidate:
    """A file that may be the work on an assignment, and what was read of it. `is_exact`: it lies where it should."""

    file: str
    is_exact: bool
    read: Submission | UnreadableError

    @property
    def work(self) -> Submission | None:
        return self.read if isinstance(self.read, Submission) else None

    def may_be_for(self, assignment: str) -> bool:
        """Whether it may be the work on an assignment: it has code for it, is unreadable, or lies where it should."""
        return self.is_exact or not self.work or self.work.answers_any(assignment) or assignment in self.work.defined


@dataclass(frozen=True)
class Choice:
    """What counts, or why nothing does; and of each other file in which somebody's work may be, why it does not.

    `file` is the one that counts, or that would if it could be read.
    """

    work: Submission | UnreadableError
    others: tuple[tuple[str, str], ...] = ()
    file: str = ""


def choose(assignment: str, candidates: Sequence[Candidate]) -> Choice | None:
    """Which of some files counts, which come in the order in which they count; None where none of them is for this.

    A file in which nothing is answered yields to one that is somebody's work, if there is only one such file or one
    lies where it should. Else people must decide.
    """
    candidates = _without_copies([each for each in candidates if each.may_be_for(assignment)])
    if not candidates:
        return None
    works = [each for each in candidates if each.work and each.work.answers_any(assignment)]
    exact = [each for each in works if each.is_exact]
    if not exact and len(works) > 1:
        names = listed(each.file for each in works)
        error = UnreadableError(Problem.SEVERAL, assignment=assignment, files=names)
        return Choice(error, tuple((each.file, messages.one_of_several(assignment)) for each in works))
    readable = [each for each in candidates if each.work]
    chosen = next(iter([*exact, *works, *readable, *candidates]))
    others = tuple(
        (each.file, str(each.read) if isinstance(each.read, UnreadableError) else messages.counts_instead(chosen.file))
        for each in candidates
        if each is not chosen and (each in works or (not each.work and _may_be_work(each)))
    )
    if chosen.work is None:
        return Choice(chosen.read, others, chosen.file)
    left = [each for each in candidates if each is not chosen and any(each.file == file for file, _ in others)]
    notes = _notes(assignment, chosen, candidates, left)
    if chosen.work.answered and not chosen.work.answers_any(assignment):
        other, questions = holds_work_on(chosen.work)
        fields = {"file": chosen.file, "assignment": assignment, "other": other, "questions": questions}
        return Choice(UnreadableError(Problem.WRONG_NOTEBOOK, **fields), others, chosen.file)
    return Choice(replace(chosen.work, file=chosen.file, notes=notes), others, chosen.file)


def candidates_in(folder: Path, assignment: str, read: Callable[[Path], Submission]) -> list[Candidate]:
    """The files in a folder that are called as its assignment, each read with `read`, which may raise UnreadableError.

    They are there in the order in which they count.
    """
    return [Candidate(file.name, True, _read(file, read)) for file in find_work(folder, assignment)]


def _read(file: Path, read: Callable[[Path], Submission]) -> Submission | UnreadableError:
    try:
        return read(file)
    except UnreadableError as error:
        return error


def for_others(assignment: str, candidates: Sequence[Candidate]) -> list[tuple[str, str]]:
    """Files among those for an assignment that answer another one, and nothing of this; and what to do with them."""
    return [
        (each.file, messages.belongs_elsewhere(*holds_work_on(each.work)))
        for each in candidates
        if each.work and each.work.answered and not each.is_exact and not each.work.answers_any(assignment)
    ]


def holds_work_on(work: Submission) -> tuple[str, str]:
    """The assignment that most of a file's answers are for, and those answers; there are some."""
    name = max(work.answered, key=lambda each: len(work.answered[each]))
    return name, listed(f"`{question}`" for question in work.answered[name])


def _without_copies(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Of files with the same content, the first."""
    first: dict[object, Candidate] = {}
    for each in candidates:
        first.setdefault(each.work.digest if each.work else each.file, each)
    return list(first.values())


def _may_be_work(candidate: Candidate) -> bool:
    return isinstance(candidate.read, UnreadableError) and candidate.read.problem not in NO_FILES


def _notes(
    assignment: str, chosen: Candidate, candidates: Sequence[Candidate], left: Sequence[Candidate]
) -> tuple[str, ...]:
    """What the student is told of a file that does not lie where it should, and of others, which did not count."""
    exact = [each for each in candidates if each.is_exact and each is not chosen]
    if chosen.is_exact:
        told_of = [*exact, *(each for each in left if each not in exact)]
        return tuple(_note(chosen, each) for each in told_of[:MAX_NOTES])
    of_others = [_note(chosen, each) for each in left if each not in exact][:MAX_NOTES]
    if not exact:
        return (messages.read_instead_of_none(chosen.file, assignment), *of_others)
    is_unread = exact[0].work is None
    told = messages.read_instead_of_broken if is_unread else messages.read_instead_of_untouched
    return (told(chosen.file, exact[0].file), *of_others)


def _note(chosen: Candidate, other: Candidate) -> str:
    if isinstance(other.read, UnreadableError) and other.read.problem not in NO_FILES:
        return str(other.read)
    return messages.not_graded(chosen.file, other.file)
