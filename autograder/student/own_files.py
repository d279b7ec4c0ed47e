"""Which of a student's own files counts for an assignment, by grading's rule, and what is said of the others.

Portable.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from autograder.student import messages
from autograder.student.workspace import Workspace
from autograder.submission.broken.diagnosis import CONFLICT
from autograder.submission.choice import Candidate, candidates_in, choose
from autograder.submission.errors import UnreadableError
from autograder.submission.model import CODE, Submission
from autograder.submission.reader import read_regular_file
from autograder.submission.which_file import is_work


def read_own(course: Workspace, file: Path) -> Submission:
    """What is in a file of the student's. Raises UnreadableError, in words for whoever still has the file.

    That is raised, too, where it answers another assignment than its own.
    """
    name = file.parent.name
    candidate = Candidate(file.name, True, _read(course, file))
    choice = choose(name, [candidate])
    work = choice.work if choice else candidate.read
    if isinstance(work, UnreadableError):
        raise work.for_own_file(file.name)
    return work


def notes_on_files(course: Workspace, file: Path) -> tuple[str, ...]:
    """What a student is to know who has `file` checked: which other files there are, and which of them counts."""
    return tuple(_notes(course, file))


def notes_on_content(file: Path, work: Submission) -> tuple[str, ...]:
    """What is odd in a file that can be read all the same: letters of 16 bits, and what git left of a merge."""
    conflicts = (
        messages.conflict_in_code(cell.label, line) if cell.kind == CODE else messages.conflict_in_text(line)
        for cell in work.notebook
        if (line := _conflict(cell.source))
    )
    encoding = json.detect_encoding(read_regular_file(file)[:4])
    wide = [] if encoding.startswith("utf-8") else [messages.not_utf_8(file.name)]
    return (*wide, *conflicts)


def _conflict(source: str) -> str:
    """The first line of a conflict that git wrote into a cell, if there is one."""
    lines = [line.rstrip() for line in source.splitlines() if CONFLICT.match(line)]
    is_whole = any(line.startswith("<") for line in lines) and any(line.startswith(">") for line in lines)
    return lines[0] if is_whole else ""


def _notes(course: Workspace, file: Path) -> Iterator[str]:
    name = file.parent.name
    candidates = candidates_in(file.parent, name, course.read)
    choice = choose(name, candidates)
    if choice is None:
        return
    counting = choice.file
    if file.name != counting:
        yield messages.another_counts(counting, file.name)
        return
    for other in candidates:
        if other.file != counting:
            yield from _on_other(name, counting, other)
    if isinstance(choice.work, Submission) and not choice.work.answers_any(name):
        yield from _under_another_name(course, file)


def _on_other(name: str, counting: str, other: Candidate) -> Iterator[str]:
    """A sentence on a file that does not count, beside the one that does."""
    if isinstance(other.read, UnreadableError):
        yield messages.counts_before_broken(counting, str(other.read.for_own_file(other.file)))
    elif other.read.answers_any(name):
        yield messages.counts_before_work(counting, other.file)
    else:
        yield messages.counts_before_untouched(counting, other.file)


def _under_another_name(course: Workspace, file: Path) -> Iterator[str]:
    """Nothing is answered in `file`; perhaps something is in a copy beside it, as browsers make them."""
    for other in sorted(file.parent.iterdir()):
        if other.stem != file.stem and is_work(other):
            read = _read(course, other)
            if isinstance(read, Submission) and read.answered.get(file.parent.name):
                yield messages.work_under_another_name(file.name, other.name)


def _read(course: Workspace, file: Path) -> Submission | UnreadableError:
    try:
        return course.read(file)
    except UnreadableError as error:
        return error
