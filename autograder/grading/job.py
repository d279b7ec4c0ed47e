"""All that is read of a submission before it is graded: the job that a grading process gets."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.course.loader import Assignment, Course
from autograder.course.provenance import provenance_of
from autograder.grading import messages
from autograder.grading.discovery import SubmissionFolder
from autograder.sandbox.protocol import Part
from autograder.submission.messages import no_earlier_work
from autograder.submission.model import Submission
from autograder.submission.reader import UnreadableError, read_file, read_submission
from autograder.text import decode_name


@dataclass(frozen=True)
class Job:
    """All that a grading process needs to grade one submission, wherever it runs."""

    course: Path
    student: str
    assignment: str
    work: Submission | str  # the code, or the reason why there is none
    before: tuple[Part, ...]  # the student's own work for the assignments before this one
    confined: bool
    edition: str  # of the whole course: a grading process that outlives an edit reads it again
    provenance: Mapping[str, str]  # a hash of each thing that the score rests on, by name

    @property
    def fingerprint(self) -> str:
        """One hash of all that the score rests on."""
        return _digest(f"{self.student}:{dict(self.provenance)}")


def read_job(course: Course, submission: SubmissionFolder, *, confined: bool = True) -> Job:
    """The job of grading one submission as it lies there now."""
    return next(read_jobs(course, [submission], confined))


def read_jobs(course: Course, submissions: Sequence[SubmissionFolder], confined: bool) -> Iterator[Job]:
    """The jobs of grading submissions; each is read when it is asked for."""
    of_assignments = {each.name: provenance_of(course, each) for each in course.assignments}
    edition = _digest(repr(sorted((name, sorted(parts.items())) for name, parts in of_assignments.items())))
    for each in submissions:
        assignment = course.assignment(each.assignment)
        work = _with_notes(_read(each, assignment.written_questions), course, each.assignment)
        before = _before(assignment, each)
        if isinstance(work, Submission):
            work = replace(work, notes=(*work.notes, *_note_on_missing(work, assignment, before)))
        own = {
            "the submission": work if isinstance(work, str) else f"{work.file}:{work.digest}:{work.notes}",
            "earlier submissions": repr(tuple(before.values())),
            "confinement": str(confined),
        }
        yield Job(
            course=course.folder,
            student=each.student,
            assignment=each.assignment,
            work=work,
            before=tuple(before.values()),
            confined=confined,
            edition=edition,
            provenance={name: _digest(content) for name, content in own.items()} | of_assignments[each.assignment],
        )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _read(submission: SubmissionFolder, written: Mapping[str, str] | None = None) -> Submission | str:
    folder, file = submission.folder, submission.file
    if not file and (folder.is_symlink() or folder.parent.is_symlink() or not folder.is_dir()):
        return messages.not_a_folder(submission.assignment)
    try:
        return read_file(file, written) if file else read_submission(folder, submission.assignment, written)
    except UnreadableError as error:
        return decode_name(str(error))


def _with_notes(work: Submission | str, course: Course, assignment: str) -> Submission | str:
    """The work, with a note on each question in it that belongs to another assignment since an earlier edition."""
    others = [name for name in course.former.get(assignment, ()) if name != assignment]
    if isinstance(work, str) or not others:
        return work
    source = "\n".join(cell.source for cell in work.cells)
    notes = [
        messages.moved_question(question, name)
        for name in others
        for question in course.assignment(name).questions
        if re.search(rf"^def {question}\b", source, re.MULTILINE)
    ]
    return replace(work, notes=(*work.notes, *notes))


def _before(assignment: Assignment, submission: SubmissionFolder) -> dict[str, Part]:
    """What the student handed in for earlier assignments; what is not there or not readable gives them nothing.

    It lies in folders beside this one, where this one is called as the assignment.
    """
    if submission.folder.name != assignment.name:
        return {}
    works = ((earlier, _read(_sibling(submission, earlier))) for earlier in assignment.earlier)
    return {earlier.name: earlier.part(work.earlier_cells) for earlier, work in works if isinstance(work, Submission)}


def _note_on_missing(work: Submission, assignment: Assignment, before: Collection[str]) -> list[str]:
    """A note on the earlier assignments that the work builds on, and that are not there."""
    source = "\n".join(cell.source for cell in work.cells)
    missing = [
        earlier.name
        for earlier in assignment.earlier
        if earlier.name not in before and any(re.search(rf"\b{name}\b", source) for name in earlier.questions)
    ]
    return [no_earlier_work(", ".join(missing))] if missing else []


def _sibling(submission: SubmissionFolder, assignment: Assignment) -> SubmissionFolder:
    return SubmissionFolder(submission.student, assignment.name, submission.folder.with_name(assignment.name))
