"""All that is read of a submission before it is graded: the job that a grading process gets."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.course.loader import Assignment, Course
from autograder.course.provenance import edition_of, provenances_of
from autograder.grading import messages
from autograder.grading.found.submissions import SubmissionFolder
from autograder.language.current import ENGLISH, current, speaking
from autograder.language.listing import listed
from autograder.report.ungraded import UngradedFile
from autograder.sandbox.homes import Where, first_that_confines
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
# What provenance has of a home: where it is another one, work is graded again.
CONFINEMENT = {Where.KERNEL: "True", Where.NONE: "False", Where.WASM: "wasm"}


@dataclass(frozen=True)
class Job:
    """All that a grading process needs to grade one submission, wherever it runs."""

    course: Path
    student: str
    assignment: str
    work: Submission | str  # the code, or the reason why there is none
    before: tuple[Part, ...]  # the student's own work for the assignments before this one
    where: Where  # its code runs
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


def read_job(
    course: Course,
    submission: SubmissionFolder,
    *,
    confined: bool = True,
    where: Where | None = None,
    language: str = ENGLISH,
) -> Job:
    """The job of grading one submission as it lies there now."""
    return JobReader(course, confined, where, lambda _student: language).read(submission)


def prepare_reading(course: Course) -> None:
    """Let the process that reads submissions start, and take in what there is of the course, while others work."""
    _reader(course).start()
    provenances_of(course)


def _reader(course: Course) -> Reader:
    return reader_for([each.handout for each in course.assignments])


def read_jobs(
    course: Course,
    submissions: Iterable[SubmissionFolder],
    confined: bool,
    where: Where | None = None,
    language_of: Callable[[str], str] = lambda _student: ENGLISH,
) -> Iterator[Job]:
    """The jobs of grading submissions; each is read when it is asked for, and once, those after it included."""
    reader = JobReader(course, confined, where, language_of)
    return map(reader.read, submissions)


class JobReader:
    """Reads submissions; what lies in one student's folders is read once, if all that asks for it comes in turn."""

    def __init__(
        self,
        course: Course,
        confined: bool,
        where: Where | None = None,
        language_of: Callable[[str], str] = lambda _student: ENGLISH,
    ) -> None:
        """The home that is wanted confines, or else the first that does. Raises NotConfinedError where none can.

        `language_of` a student is the language that they read: all is said in it.
        """
        self._course, self.language_of = course, language_of
        self._where = (where or first_that_confines()) if confined else Where.NONE
        self._of_assignments = provenances_of(course)
        self._edition = edition_of(self._of_assignments)
        reader = _reader(course)
        self._works = _Works(reader)
        self.rests_on = _digest(repr((self._edition, CONFINEMENT[self._where], reader.handouts)))  # beside submissions

    def read(self, submission: SubmissionFolder) -> Job:
        """The job of grading a submission as it lies there now."""
        with speaking(self.language_of(submission.student)):
            return self._read(submission)

    def _read(self, submission: SubmissionFolder) -> Job:
        course, name = self._course, submission.assignment
        assignment = course.assignment(name)
        choice = self._works.choice(submission)
        work = _with_notes(choice.work, course, name)
        before = {
            earlier.name: earlier.part(read.earlier_cells)
            for earlier in assignment.earlier
            if earlier.name in submission.siblings
            and isinstance(read := self._works.choice(submission.siblings[earlier.name]).work, Submission)
        }
        if isinstance(work, Submission):
            told = [submission.note] if submission.note else []
            work = replace(work, notes=(*told, *work.notes, *_note_on_missing(work, assignment, before)))
        own = {
            "the submission": work if isinstance(work, str) else f"{work.file}:{work.digest}:{work.notes}",
            "earlier submissions": repr(tuple(before.values())),
            "confinement": CONFINEMENT[self._where],
            **({} if current() == ENGLISH else {"language": current()}),  # in which all is said: no mark rests on it
        }
        return Job(
            course=course.folder,
            student=submission.student,
            assignment=name,
            work=work,
            before=tuple(before.values()),
            where=self._where,
            edition=self._edition,
            provenance={part: _digest(content) for part, content in own.items()} | self._of_assignments[name],
            file=counted_file(submission, work.file if isinstance(work, Submission) else ""),
            ungraded=tuple(
                UngradedFile(submission.student, name, submission.path_of(file), reason)
                for file, reason in choice.others
            ),
            language=current(),
        )


def counted_file(submission: SubmissionFolder, shown: str) -> Path | None:
    """The file that counts, by the path that it is told as; or that would, where it cannot be read."""
    return submission.find(shown) if shown else next(iter(submission.files), None)


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
    return [submission_messages.no_earlier_work(listed(missing))] if missing else []
