"""What `--on` names: the answers that a course's checks are run on."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from autograder.checking.recognition.misconceptions import Misconception
from autograder.course.by_pytest import messages
from autograder.course.loader import Assignment, Course
from autograder.course.stand_ins.mistaken import Mistaken
from autograder.errors import UserError
from autograder.language.listing import listed
from autograder.sandbox.client import Sandbox
from autograder.sandbox.exchange.calls import Worker
from autograder.sandbox.protocol import Answers, Cell
from autograder.submission.model import CODE
from autograder.submission.reader_process import reader_for

REFERENCE, STUB = "reference", "stub"
NEAR = 3  # names that may have been meant
DRAWS = "a"  # hidden inputs are drawn from it, where no student's are asked for
PAUSED_SECONDS = 24 * 3600  # an author who looks at a file may stop at a breakpoint


@dataclass(frozen=True)
class GivenAnswers:
    """Answers to run checks on, how they are told of, and what hidden inputs are drawn from."""

    answers: Answers
    told: str
    seed: str = DRAWS


class Named:
    """What the option names, for each assignment. A context manager: a student's file runs in a process of its own."""

    def __init__(self, course: Course, name: str, start: Path) -> None:
        self._course = course
        self._name = name or REFERENCE
        self._file = start / self._name
        self._open = ExitStack()

    def close(self) -> None:
        self._open.close()

    def among(self, asked: Sequence[Assignment]) -> list[Assignment]:
        """Those of some assignments that it is for: a misconception, or a file, is for one. Raises UserError."""
        if self._name in (REFERENCE, STUB) or not asked:
            return list(asked)
        if having := [each for each in asked if self._misconception(each)]:
            return having
        if not self._file.is_file():
            known = sorted({known.name for each in asked for known in each.misconceptions})
            near = listed(get_close_matches(self._name, known, NEAR, cutoff=0))
            raise UserError(messages.nothing_named(self._name, near or messages.A_FILE))
        told = [each for each in asked if each.name in (self._file.parent.name, self._file.stem)]
        if len(told or asked) > 1:
            raise UserError(messages.file_of_which(self._name, listed(each.name for each in told or asked)))
        return told or list(asked)

    def for_assignment(self, assignment: Assignment) -> GivenAnswers:
        """Raises CourseError, SandboxError and UnreadableError."""
        if self._name == REFERENCE:
            return GivenAnswers(assignment.reference, messages.REFERENCE)
        if self._name == STUB:
            return GivenAnswers(_stub(assignment), messages.STUB)
        if known := self._misconception(assignment):
            answers = Mistaken(assignment.reference, known.question, known.function)
            if known.further:
                return GivenAnswers(
                    answers, messages.misconception_with(known.name, known.question, len(known.functions))
                )
            return GivenAnswers(answers, messages.misconception(known.name, known.question))
        return self._from_file(assignment)

    def _misconception(self, assignment: Assignment) -> Misconception | None:
        return next((each for each in assignment.misconceptions if each.name == self._name), None)

    def _from_file(self, assignment: Assignment) -> GivenAnswers:
        """A student's file, confined as in grading: this process knows the answers."""
        handouts = [each.handout for each in self._course.assignments]
        read = reader_for(handouts).read(self._file, assignment.name)
        limits = replace(self._course.limits, submission_seconds=PAUSED_SECONDS)
        sandbox = self._open.enter_context(Sandbox(limits, self._course.imports, files=self._course.files))
        parts = [*assignment.parts[:-1], assignment.part(read.cells)]
        worker = self._open.enter_context(Worker(sandbox, parts))
        if self._file.parent.name != assignment.name:
            return GivenAnswers(worker, messages.file(self._name))
        student = self._file.absolute().parent.parent.name
        return GivenAnswers(
            worker, messages.file_of(self._name, student), self._course.draw_seed(student, assignment.name)
        )


def _stub(assignment: Assignment) -> Answers:
    """What students are given. It is ours, and needs no process of its own."""
    cells = [each for each in assignment.handout.cells if each.kind == CODE]
    given = tuple(Cell(f"{assignment.name}, code cell {number}", each.source) for number, each in enumerate(cells, 1))
    return assignment.load([*assignment.parts[:-1], assignment.part(given)])
