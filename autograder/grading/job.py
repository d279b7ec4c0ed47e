"""Finds what was handed in, and reads of each submission what a grading process needs: the job of grading it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.course.loader import Assignment, Course, rests_on
from autograder.errors import UserError
from autograder.grading.discovery import is_course, meant
from autograder.sandbox.loader import Part
from autograder.submission.reader import Submission, UnreadableError, read_submission


class NothingHandedInError(UserError):
    """There is nothing to grade; the message says where it was looked for."""


@dataclass(frozen=True)
class Handed:
    """A student's folder for one assignment."""

    student: str
    assignment: str
    folder: Path


@dataclass(frozen=True)
class Job:
    """All that a grading process needs to grade one submission, wherever it runs."""

    course: Path
    student: str
    assignment: str
    work: Submission | str  # the code, or the reason why there is none
    before: tuple[Part, ...]  # the student's own work for the assignments before this one
    confined: bool
    edition: str  # of the assignment: a grading process that outlives an edit reads the course again
    fingerprint: str
    rests_on: Mapping[str, str]


def find_submissions(submitted: Path, assignments: Sequence[str]) -> tuple[list[str], list[Handed]]:
    """The students, and what lies in `submitted/<student>/<assignment>/`. Raises NothingHandedInError."""
    if is_course(submitted):
        raise NothingHandedInError(
            f"{submitted.resolve()} is the course itself: "
            "name the folder that holds the students' folders, for example submitted"
        )
    try:
        with os.scandir(submitted) as entries:
            folders = sorted(entry.name for entry in entries if _may_be_a_students(entry))
    except OSError as error:
        raise NothingHandedInError(f"{submitted} cannot be read: {error.strerror}") from None
    handed = [
        Handed(_printable(student), assignment, submitted / student / assignment)
        for student in folders
        for assignment in assignments
        if os.path.lexists(submitted / student / assignment)
    ]
    if not handed:
        looked_for = submitted / "<student>" / assignments[0] / f"{assignments[0]}.ipynb"
        folder = meant(submitted, assignments)
        hint = f"; did you mean {folder}?" if folder else ""
        raise NothingHandedInError(f"nothing is handed in: there is no {looked_for} (or .py){hint}")
    return [_printable(student) for student in folders], handed


def _may_be_a_students(entry: os.DirEntry[str]) -> bool:
    """A folder, or a link, which is turned away with a reason: neither a file beside them nor a hidden one."""
    return entry.name[0] != "." and (entry.is_symlink() or entry.is_dir(follow_symlinks=False))


def read_job(course: Course, each: Handed, *, confined: bool = True) -> Job:
    """The job of grading one submission as it lies there now."""
    return next(read_jobs(course, [each], confined))


def read_jobs(course: Course, handed: Sequence[Handed], confined: bool) -> Iterator[Job]:
    """The jobs of grading submissions; each is read when it is asked for."""
    parts = {name: rests_on(course, course.assignment(name)) for name in {each.assignment for each in handed}}
    edition = _digest(repr(sorted((name, sorted(of_it.items())) for name, of_it in parts.items())))
    for each in handed:
        work = _read(each)
        before = _before(course.assignment(each.assignment), each)
        own = {
            "the submission": work if isinstance(work, str) else f"{work.file}:{work.digest}:{work.notes}",
            "earlier submissions": repr(before),
            "confinement": str(confined),
        }
        all_parts = {name: _digest(content) for name, content in own.items()} | parts[each.assignment]
        yield Job(
            course.folder,
            each.student,
            each.assignment,
            work,
            before,
            confined,
            edition,
            _digest(f"{each.student}:{all_parts}"),
            all_parts,
        )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _read(each: Handed) -> Submission | str:
    if each.folder.is_symlink() or each.folder.parent.is_symlink() or not each.folder.is_dir():
        return (
            f"{each.assignment} is a link or a file where a folder is expected: hand in a folder with your file in it."
        )
    try:
        return read_submission(each.folder, each.assignment)
    except UnreadableError as error:
        return _printable(str(error))


def _before(assignment: Assignment, each: Handed) -> tuple[Part, ...]:
    """What the student handed in for earlier assignments; what is not there or not readable gives them nothing."""
    works = ((earlier, _read(_handed(each, earlier))) for earlier in assignment.earlier)
    return tuple(earlier.part(work.earlier_cells) for earlier, work in works if isinstance(work, Submission))


def _handed(each: Handed, assignment: Assignment) -> Handed:
    return replace(each, assignment=assignment.name, folder=each.folder.with_name(assignment.name))


def _printable(text: str) -> str:
    """A name or a sentence that may hold bytes that are no text, as text; different names stay different."""
    if text.isascii() and "\\" not in text:
        return text
    return text.replace("\\", "\\\\").encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
