"""A student's own check: the visible checks, on their own machine, in their notebook or on their files. Portable."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import settings
from autograder.checking.collection import AssignmentChecks, CheckRun, ChecksError, functions_handed
from autograder.checking.session import run_once
from autograder.report.model import QuestionResult, Report, Status
from autograder.sandbox.exchange.calls import Worker
from autograder.sandbox.plain.home import PlainHome
from autograder.sandbox.protocol import Answers, Part
from autograder.sandbox.toplevel.refused import depends_on_refused
from autograder.settings import USUAL_LIMITS
from autograder.streams import as_shown
from autograder.student import messages
from autograder.student.check_table import html_table, text_table
from autograder.student.in_memory import InMemory, Session
from autograder.student.session_source import file_of, session_source
from autograder.student.workspace import Workspace, course_around, fetched, find_workspace, questions
from autograder.submission.errors import UnreadableError
from autograder.submission.reader import notes_on_definitions
from autograder.submission.which_file import VISIBLE_CHECKS, is_work


@dataclass(frozen=True)
class CheckTable:
    """What `check` shows: a table in Jupyter, text elsewhere."""

    question: QuestionResult

    def _repr_html_(self) -> str:
        return html_table(self.question)

    def __repr__(self) -> str:
        return as_shown(text_table(self.question))


def check(function: Callable[..., Any], checks: str | Path = VISIBLE_CHECKS) -> CheckTable:
    """Run the visible checks of one question on `function`, as it is in memory.

    `checks` is the file that they stand in, beside the notebook. A call that takes longer than the course allows is
    interrupted. Raises ChecksError when it is not there, KeyboardInterrupt when you press stop.
    """
    path = Path(checks).resolve()
    if not path.is_file():
        raise ChecksError(messages.no_checks(path.name, path.parent))
    name = getattr(function, "__name__", "")
    if name not in questions(path):
        raise ChecksError(messages.no_checks_for(name, ", ".join(questions(path))))
    __tracebackhide__ = True  # a student who has pressed stop is shown nothing of ours
    try:
        results = _run_in_session(path, function, name)
    except KeyboardInterrupt:
        raise KeyboardInterrupt from None
    return CheckTable(next(result for result in results if result.name == name))


def _run_in_session(checks: Path, function: Callable[..., Any], name: str) -> tuple[QuestionResult, ...]:
    """Run visible checks on what is in memory. What imports a module that answers may not have, is read as in grading.

    There it is not what is in memory that counts: without that module, the session could not have come to be.
    """
    course = course_around(checks)
    limits, imports = (course.settings.limits, course.imports) if course else (USUAL_LIMITS, frozenset())
    if course:
        cells = session_source(function)
        handed = functions_handed(checks)
        if depends_on_refused(cells, (name, *handed), imports):
            parts = [*course.parts_before(checks.parent.name), Part(cells, questions(checks), handed)]
            with _home(course, 1) as home, Worker(home, parts) as worker:
                worker.load()
                return run_visible(checks, worker, worker.parameters)
    names = {**_globals(function), name: function}
    session = Session(names, imports, questions=questions(checks), earlier=fetched(), file=file_of(function))
    return run_visible(checks, InMemory(session, limits), session.parameters)


def _globals(function: object) -> dict[str, Any]:
    """The names beside a function, or a class, in the notebook."""
    methods = (
        [each for each in vars(function).values() if hasattr(each, "__globals__")] if isinstance(function, type) else []
    )
    found = next((each.__globals__ for each in methods), getattr(function, "__globals__", {}))
    return dict(found)


def check_file(file: Path, home: PlainHome | None = None) -> AssignmentProgress:
    """Run the visible checks beside a notebook or .py file on the functions in it, and on those of earlier assignments.

    These run in a process of their own, which is started in `home`. Raises ChecksError, UnreadableError, SandboxError.
    """
    if not is_work(file):
        raise ChecksError(messages.not_your_work(file.name))
    course = _course_of(file)
    checks = file.with_name(VISIBLE_CHECKS)
    if not checks.is_file():
        raise ChecksError(messages.no_checks_beside(VISIBLE_CHECKS, file.parent, file.name))
    parts = course.parts(file.parent.name, file)
    with nullcontext(home) if home else _home(course, 1) as here, Worker(here, parts) as worker:
        worker.load()
        results = run_visible(checks, worker, worker.parameters)
    return AssignmentProgress(file.parent.name, file, results, notes=notes_on_definitions(worker.repeated))


def _home(course: Workspace, expected: int) -> PlainHome:
    """Where so many assignments are checked, under the course's limits."""
    return PlainHome(course.settings.limits, course.settings.imports, expected)


def _course_of(file: Path) -> Workspace:
    """The course in which a file lies where the work on an assignment should. Raises ChecksError."""
    if not any((folder / settings.FILE).is_file() for folder in file.parents):
        raise ChecksError(messages.in_no_course(file.name, VISIBLE_CHECKS))
    course = find_workspace(file.parent)
    if file.parent.parent != course.folder or file.parent.name not in course.names:
        raise ChecksError(messages.in_no_assignment(file.name, course.folder / course.names[0]))
    return course


@dataclass(frozen=True)
class AssignmentProgress:
    """How far a student is with one assignment; `file` is None where there is none yet.

    `problem` says why the file cannot be checked, or that one is there under another name; `notes` what was decided.
    """

    name: str
    file: Path | None
    questions: tuple[QuestionResult, ...]
    problem: str = ""
    notes: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        return bool(self.questions) and all(question.score == question.max_score for question in self.questions)

    @property
    def report(self) -> Report:
        """The same as a report on nobody in particular, for the outputs that read one."""
        status = Status.UNREADABLE if self.problem else Status.GRADED
        return Report(
            "", self.name, self.name, status, self.questions, error=self.problem, notes=self.notes, confined=False
        )


def progress(course: Workspace) -> list[AssignmentProgress]:
    """How far a student is with the whole course. Raises ChecksError and SandboxError."""
    with _home(course, sum(course.file(name) is not None for name in course.names)) as home:
        return [_progress(course, name, home) for name in course.names]


def _progress(course: Workspace, name: str, home: PlainHome) -> AssignmentProgress:
    file = course.file(name)
    if file is None:
        return AssignmentProgress(name, None, (), course.misnamed(name))
    try:
        return check_file(file, home)
    except UnreadableError as error:
        return AssignmentProgress(name, file, (), str(error))


def run_visible(checks: Path, answers: Answers, parameters: Mapping[str, Sequence[str]]) -> tuple[QuestionResult, ...]:
    """Run a file of visible checks. Raises ChecksError when it cannot be used.

    `parameters` are what those of the questions are called in the student's code, as far as it is known.
    """
    named = {name: parameters.get(name, ()) for name in questions(checks)}
    return run_once(AssignmentChecks(named, checks), CheckRun(answers))
