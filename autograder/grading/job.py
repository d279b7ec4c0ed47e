"""All that is read of a submission before it is graded: the job that a grading process gets."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.course.loader import Assignment, Course
from autograder.course.provenance import edition_of, provenances_of
from autograder.grading import messages
from autograder.grading.discovery import SubmissionFolder
from autograder.language.current import ENGLISH, current, speaking
from autograder.report.ungraded import UngradedFile
from autograder.sandbox.protocol import Part
from autograder.submission import messages as submission_messages
from autograder.submission.choice import Candidate, Choice, choose, for_others, holds_work_on
from autograder.submission.errors import UnreadableError
from autograder.submission.messages import Problem
from autograder.submission.model import Submission
from autograder.submission.reader import nothing_there
from autograder.submission.reader_process import Reader, reader_for
from autograder.text import decode_name

MAX_FILES = 20  # that may be the work on one assignment, and are read
MAX_SECONDS = 8  # of computing in which all of them are read, but for the last


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
    file: Path | None = None  # that counts, or that could not be read
    ungraded: tuple[UngradedFile, ...] = ()  # other files that may hold work on this assignment
    language: str = ENGLISH  # that its student reads

    @property
    def submission(self) -> Submission | None:
        """What was read, if it could be."""
        return self.work if isinstance(self.work, Submission) else None

    @property
    def fingerprint(self) -> str:
        """One hash of all that the score rests on."""
        return _digest(f"{self.student}:{dict(self.provenance)}")


def read_job(course: Course, submission: SubmissionFolder, *, confined: bool = True, language: str = ENGLISH) -> Job:
    """The job of grading one submission as it lies there now."""
    return next(read_jobs(course, [submission], confined, lambda _student: language))


def read_jobs(
    course: Course,
    submissions: Sequence[SubmissionFolder],
    confined: bool,
    language_of: Callable[[str], str] = lambda _student: ENGLISH,
) -> Iterator[Job]:
    """The jobs of grading submissions; each is read when it is asked for, and once, those after it included.

    `language_of` a student is the language that they read: all is said in it.
    """
    of_assignments = provenances_of(course)
    edition = edition_of(of_assignments)
    works = _Works(reader_for([each.handout for each in course.assignments]))
    for each in submissions:
        with speaking(language_of(each.student)):
            job = _read(course, each, works, confined)
        yield replace(job, edition=edition, provenance={**job.provenance, **of_assignments[each.assignment]})


def _read(course: Course, each: SubmissionFolder, works: _Works, confined: bool) -> Job:
    """One job, but for what is the same in all of a course: its edition, and what it rests on beside the submission."""
    assignment = course.assignment(each.assignment)
    choice = works.choice(each)
    work = _with_notes(choice.work, course, each.assignment)
    before = {
        earlier.name: earlier.part(read.earlier_cells)
        for earlier in assignment.earlier
        if earlier.name in each.siblings
        and isinstance(read := works.choice(each.siblings[earlier.name]).work, Submission)
    }
    if isinstance(work, Submission):
        notes = (*([each.note] if each.note else []), *work.notes, *_note_on_missing(work, assignment, before))
        work = replace(work, notes=notes)
    own = {
        "the submission": work if isinstance(work, str) else f"{work.file}:{work.digest}:{work.notes}",
        "earlier submissions": repr(tuple(before.values())),
        "confinement": str(confined),
        **({} if current() == ENGLISH else {"language": current()}),  # in which messages are said: no mark rests on it
    }
    return Job(
        course=course.folder,
        student=each.student,
        assignment=each.assignment,
        work=work,
        before=tuple(before.values()),
        confined=confined,
        edition="",
        provenance={name: _digest(content) for name, content in own.items()},
        file=each.find(work.file) if isinstance(work, Submission) else next(iter(each.files), None),
        ungraded=tuple(
            UngradedFile(each.student, each.assignment, each.path_of(file), reason) for file, reason in choice.others
        ),
        language=current(),
    )


class _Works:
    """What counts of each submission, read once: that of one student is kept until the next one's is asked for."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._student = ""
        self._choices: dict[str, Choice] = {}

    def choice(self, submission: SubmissionFolder) -> Choice:
        if submission.student != self._student:
            self._student, self._choices = submission.student, {}
        if submission.assignment not in self._choices:
            self._choices[submission.assignment] = self._choose(submission)
        return self._choices[submission.assignment]

    def _choose(self, submission: SubmissionFolder) -> Choice:
        """Which of the files counts; or why there is none."""
        if not submission.files:
            return Choice(self._nothing(submission))
        if submission.is_given:
            return Choice(self._read(submission.files[0], submission.assignment))
        candidates = list(self._candidates(submission))
        choice = choose(submission.assignment, candidates) or Choice(self._nothing(submission))
        others = [*choice.others, *for_others(submission.assignment, candidates)]
        if isinstance(choice.work, Submission) and not choice.work.answers_any(submission.assignment):
            others += [(submission.shown(file), messages.PERHAPS_WORK) for file in submission.documents]
        return replace(choice, others=tuple(others))

    def _candidates(self, submission: SubmissionFolder) -> Iterator[Candidate]:
        """The files that may be the work, read within limits; what cannot be chosen is not kept whole."""
        begun, kept = self._reader.seconds, set()
        for number, file in enumerate(submission.files):
            shown, is_exact = submission.shown(file), submission.is_exact(file)
            if number >= MAX_FILES or self._reader.seconds - begun > MAX_SECONDS:
                more = len(submission.files) - number - 1
                yield Candidate(shown, is_exact, UnreadableError(Problem.NOT_LOOKED_AT, file=shown, more=more))
                return
            read = self._read(file, submission.assignment)
            if isinstance(read, Submission) and not is_exact:
                alike = read.answers_any(submission.assignment), submission.assignment in read.defined
                read = replace(read, notebook=()) if alike in kept else read
                kept.add(alike)
            yield Candidate(shown, is_exact, read)

    def _read(self, file: Path, assignment: str) -> Submission | UnreadableError:
        try:
            return self._reader.read(file, assignment)
        except UnreadableError as error:
            return error

    def _nothing(self, submission: SubmissionFolder) -> UnreadableError:
        """Why there is nothing to read in a folder: perhaps there is the work on another assignment."""
        name, folder = submission.assignment, submission.folder
        if folder.is_symlink() or folder.parent.is_symlink() or not folder.is_dir():
            return UnreadableError(Problem.NO_FOLDER, assignment=name)
        for file in submission.others[:MAX_FILES]:
            read = self._read(file, name)
            if isinstance(read, Submission) and read.answered:
                other, questions = holds_work_on(read)
                fields = {"file": submission.shown(file), "questions": questions, "other": other}
                return UnreadableError(Problem.HOLDS_ANOTHER, assignment=name, **fields)
        return nothing_there(folder, name, is_read=True)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _with_notes(work: Submission | UnreadableError, course: Course, assignment: str) -> Submission | str:
    """The work, with a note on each question in it that belongs to another assignment since an earlier edition."""
    others = [name for name in course.former.get(assignment, ()) if name != assignment]
    if isinstance(work, UnreadableError):
        return decode_name(str(work))
    if not others:
        return work
    source = "\n".join(cell.source for cell in work.cells)
    notes = [
        messages.moved_question(question, name)
        for name in others
        for question in course.assignment(name).questions
        if re.search(rf"^def {question}\b", source, re.MULTILINE)
    ]
    return replace(work, notes=(*work.notes, *notes))


def _note_on_missing(work: Submission, assignment: Assignment, before: Collection[str]) -> list[str]:
    """A note on the earlier assignments that the work builds on, and that are not there."""
    source = "\n".join(cell.source for cell in work.cells)
    missing = [
        earlier.name
        for earlier in assignment.earlier
        if earlier.name not in before and any(re.search(rf"\b{name}\b", source) for name in earlier.questions)
    ]
    return [submission_messages.no_earlier_work(", ".join(missing))] if missing else []
