"""How far a student is: the visible checks on their files, each assignment in a process of its own. Portable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from autograder import settings
from autograder.checking.collection import ChecksError
from autograder.report.model import QuestionResult, Report, Status
from autograder.sandbox.exchange.calls import Home, Worker
from autograder.sandbox.plain.home import PlainHome
from autograder.student import messages
from autograder.student.causes.cause import Cause, fails
from autograder.student.causes.earlier import QuestionAt, in_order
from autograder.student.known_mistakes import note_on_known_mistakes
from autograder.student.own_files import notes_on_content, notes_on_files, read_own
from autograder.student.side_by_side.excerpt import SideBySide
from autograder.student.visible import run_visible
from autograder.student.workspace import Workspace, find_workspace
from autograder.student.written import NOTHING_IN_WORDS, Written, written_in
from autograder.submission.errors import UnreadableError
from autograder.submission.reader import notes_on_definitions
from autograder.submission.which_file import VISIBLE_CHECKS, is_work


@dataclass(frozen=True)
class AssignmentProgress:
    """How far a student is with one assignment; `file` is None where there is none yet.

    `problem` says why the file cannot be checked, or that one is there under another name; `notes` what was decided;
    `written` which answers in words are there. `pairs` are the numbers of checks that failed; `before` gives for a
    question that fails those that it builds on, and `causes` the one of them that is to be mended first.
    """

    name: str
    file: Path | None
    questions: tuple[QuestionResult, ...]
    problem: str = ""
    notes: tuple[str, ...] = ()
    written: Written = NOTHING_IN_WORDS
    pairs: Mapping[str, SideBySide] = field(default_factory=dict)
    before: Mapping[str, tuple[QuestionAt, ...]] = field(default_factory=dict)
    causes: Mapping[str, Cause] = field(default_factory=dict)

    @property
    def done(self) -> bool:
        """Whether all visible checks pass, and each answer in words is written."""
        return self._is_right and not self.written.missing

    @property
    def needs_a_notebook(self) -> bool:
        """Whether all that is left is to be answered in words, for which the file has no place."""
        return self._is_right and not self.done and not self.written.in_notebook

    @property
    def _is_right(self) -> bool:
        return bool(self.questions) and all(question.score == question.max_score for question in self.questions)

    @property
    def is_started(self) -> bool:
        return self.report.is_started or bool(self.written.answered)

    @property
    def report(self) -> Report:
        """The same as a report on nobody in particular, for the outputs that read one."""
        status = Status.UNREADABLE if self.problem else Status.GRADED
        return Report(
            "", self.name, self.name, status, self.questions, error=self.problem, notes=self.notes, confined=False
        )


def progress(course: Workspace, home: Home | None = None) -> list[AssignmentProgress]:
    """How far a student is with the whole course. Raises ChecksError and SandboxError."""
    expected = sum(course.file(name) is not None for name in course.names)
    with nullcontext(home) if home else home_of(course, expected) as here:
        return [progress_on(course, name, here) for name in course.names]


def progress_on(course: Workspace, name: str, home: Home | None = None) -> AssignmentProgress:
    """How far a student is with one assignment of it. Raises ChecksError and SandboxError."""
    file = course.file(name)
    if file is None:
        asked = tuple(course.handout(name).written)
        return AssignmentProgress(name, None, (), course.misnamed(name), written=Written(asked))
    try:
        return check_file(file, home)
    except (UnreadableError, ChecksError) as error:
        return AssignmentProgress(name, file, (), str(error))


def check_file(file: Path, home: Home | None = None) -> AssignmentProgress:
    """Run the visible checks beside a notebook or .py file on the functions in it, and on those of earlier assignments.

    These run in a process of their own, which is started in `home`. Raises ChecksError, UnreadableError, SandboxError.
    """
    if not is_work(file):
        raise ChecksError(messages.not_your_work(file.name))
    course = _course_of(file)
    name, work = file.parent.name, read_own(course, file)
    checks = file.with_name(VISIBLE_CHECKS)
    if not checks.is_file():
        raise ChecksError(messages.no_checks_beside(VISIBLE_CHECKS, file.parent, file.name))
    parts = course.parts(name, file)
    with nullcontext(home) if home else home_of(course) as here, Worker(here, parts) as worker:
        worker.load()
        ran = run_visible(checks, worker, worker.parameters)
    notes = (
        *notes_on_files(course, file),
        *notes_on_content(file, work),
        *notes_on_definitions(worker.repeated),
        note_on_known_mistakes(checks, ran.questions),
    )
    return AssignmentProgress(
        name,
        file,
        ran.questions,
        notes=tuple(filter(None, notes)),
        written=written_in(work, course.handout(name)),
        pairs=ran.pairs,
        before=_questions_before(course, name, worker.builds_on, ran.questions),
    )


def home_of(course: Workspace, expected: int = 1) -> PlainHome:
    """Where so many assignments are checked, under the course's limits."""
    return PlainHome(course.settings.limits, course.settings.imports, expected, files=course.files)


def confined_home_of(course: Workspace) -> AbstractContextManager[Home]:
    """The same in guests, as grading has them on any system. Raises NotConfinedError and SandboxError."""
    from autograder.sandbox.wasm.home import WasmHome  # an extra

    settings = course.settings
    return WasmHome(settings.limits, settings.imports, files=course.files, ahead=True, tells=True)


def _questions_before(
    course: Workspace, assignment: str, built_on: Mapping[str, Sequence[str]], results: Sequence[QuestionResult]
) -> dict[str, tuple[QuestionAt, ...]]:
    """For each question that fails, the earlier ones that its answer builds on."""
    own = [question.name for question in results]
    failed = [question.name for question in results if fails(question)]
    return {name: in_order(built_on.get(name, ()), QuestionAt(assignment, name), course, own) for name in failed}


def _course_of(file: Path) -> Workspace:
    """The course in which a file lies where the work on an assignment should. Raises ChecksError."""
    if not any((folder / settings.FILE).is_file() for folder in file.parents):
        raise ChecksError(messages.in_no_course(file.name, VISIBLE_CHECKS))
    course = find_workspace(file.parent)
    if file.parent.parent != course.folder or file.parent.name not in course.names:
        raise ChecksError(messages.in_no_assignment(file.name, course.folder / course.names[0]))
    return course
