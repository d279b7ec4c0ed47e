"""A student's own check: the visible checks, on their own machine, in their notebook or on their files. Portable."""

from __future__ import annotations

import inspect
import linecache
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import settings
from autograder.checking.collection import AssignmentChecks, CheckRun, ChecksError
from autograder.checking.session import run_once
from autograder.report.model import QuestionResult, Report, Status
from autograder.sandbox.namespace import Namespace
from autograder.sandbox.objects import Objects, owner_of
from autograder.sandbox.protocol import CodeLine, Missing, Raised, Reply, Upstream
from autograder.sandbox.repeat import Kept
from autograder.streams import as_shown
from autograder.student import messages
from autograder.student.check_table import html_table, html_warnings, text_table, text_warnings
from autograder.student.notebook import session
from autograder.student.notebook.stale import stale
from autograder.student.own_files import notes_on_content, notes_on_files, read_own
from autograder.student.workspace import Workspace, find_workspace, questions
from autograder.student.written import NOTHING_IN_WORDS, Written, written_in
from autograder.submission.errors import UnreadableError
from autograder.submission.reader import notes_on_definitions
from autograder.submission.which_file import VISIBLE_CHECKS, is_work

session.watch()  # from the cell on in which a notebook imports `check`


@dataclass(frozen=True)
class CheckTable:
    """What `check` shows: a table in Jupyter, text elsewhere."""

    question: QuestionResult
    warnings: tuple[str, ...] = ()  # of what runs and is not what stands in the notebook

    def _repr_html_(self) -> str:
        return html_warnings(self.warnings) + html_table(self.question)

    def __repr__(self) -> str:
        return as_shown(text_warnings(self.warnings) + text_table(self.question))


class _InMemory:
    """The functions of a running notebook."""

    def __init__(self, names: Mapping[str, Any], classes: Mapping[type, str]) -> None:
        """`classes` are questions, each by its name: their instances stay where they are."""
        self._names = names
        self._classes = classes
        self._objects = Objects()
        self._kept = Kept()

    def call(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], upstream: Upstream | None = None
    ) -> Reply:
        return self._kept.keep(name, self._call(name, args, kwargs))

    def repeat(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], upstream: Upstream | None = None
    ) -> Reply:
        return self._kept.repeat(name, lambda: self._call(name, args, kwargs))

    def _call(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply:
        if not callable(self._names.get(owner_of(name))):
            return Missing()
        reply = self._objects.call(name, args, kwargs, self._names, self._classes, _locate)
        if isinstance(reply, Raised) and reply.type == "KeyboardInterrupt":
            raise KeyboardInterrupt  # the student pressed stop: stop
        return reply


def check(function: Callable[..., Any], checks: str | Path = VISIBLE_CHECKS) -> CheckTable:
    """Run the visible checks of one question on `function`, as it is in memory.

    `checks` is the file that they stand in, beside the notebook. Raises ChecksError when it is not there.
    """
    path = Path(checks).resolve()
    if not path.is_file():
        raise ChecksError(messages.no_checks(path.name, path.parent))
    name = getattr(function, "__name__", "")
    if name not in questions(path):
        raise ChecksError(messages.no_checks_for(name, ", ".join(questions(path))))
    names = {**_globals(function), name: function}
    classes = {kind: each for each in questions(path) if isinstance(kind := names.get(each), type)}
    results = run_visible(path, _InMemory(names, classes), names)
    return CheckTable(next(result for result in results if result.name == name), stale(function))


def _globals(function: object) -> dict[str, Any]:
    """The names beside a function, or a class, in the notebook."""
    methods = (
        [each for each in vars(function).values() if hasattr(each, "__globals__")] if isinstance(function, type) else []
    )
    found = next((each.__globals__ for each in methods), getattr(function, "__globals__", {}))
    return dict(found)


def check_file(file: Path) -> AssignmentProgress:
    """Run the visible checks beside a notebook or .py file on the functions in it, and on those of earlier assignments.

    Raises ChecksError and UnreadableError.
    """
    if not is_work(file):
        raise ChecksError(messages.not_your_work(file.name))
    course = _course_of(file)
    name, work = file.parent.name, read_own(course, file)
    checks = file.with_name(VISIBLE_CHECKS)
    if not checks.is_file():
        raise ChecksError(messages.no_checks_beside(VISIBLE_CHECKS, file.parent, file.name))
    space = course.load(name, file)
    results = run_visible(checks, space, space.values)
    notes = (*notes_on_files(course, file), *notes_on_content(file, work), *notes_on_definitions(space.repeated))
    return AssignmentProgress(name, file, results, notes=notes, written=written_in(work, course.handout(name)))


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

    `problem` says why the file cannot be checked, or that one is there under another name; `notes` what was decided;
    `written` which answers in words are there.
    """

    name: str
    file: Path | None
    questions: tuple[QuestionResult, ...]
    problem: str = ""
    notes: tuple[str, ...] = ()
    written: Written = NOTHING_IN_WORDS

    @property
    def done(self) -> bool:
        """Whether all visible checks pass, and each answer in words is written."""
        return (
            bool(self.questions)
            and all(question.score == question.max_score for question in self.questions)
            and not self.written.missing
        )

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


def progress(course: Workspace) -> list[AssignmentProgress]:
    """How far a student is with the whole course. Raises ChecksError."""
    return [_progress(course, name) for name in course.names]


def _progress(course: Workspace, name: str) -> AssignmentProgress:
    file = course.file(name)
    if file is None:
        asked = tuple(course.handout(name).written)
        return AssignmentProgress(name, None, (), course.misnamed(name), written=Written(asked))
    try:
        return check_file(file)
    except UnreadableError as error:
        return AssignmentProgress(name, file, (), str(error))


def run_visible(
    checks: Path, answers: _InMemory | Namespace, functions: Mapping[str, Any]
) -> tuple[QuestionResult, ...]:
    """Run a file of visible checks. Raises ChecksError when it cannot be used."""
    parameters = {name: _parameters(functions.get(name)) for name in questions(checks)}
    return run_once(AssignmentChecks(parameters, checks), CheckRun(answers))


def _parameters(function: object) -> tuple[str, ...]:
    try:
        return tuple(inspect.signature(function).parameters) if callable(function) else ()
    except (TypeError, ValueError):  # a callable that does not tell
        return ()


def _locate(filename: str, number: int) -> CodeLine | None:
    """A line of the student's notebook: IPython keeps the source of each cell under a name of its own."""
    if "ipykernel" not in filename and not filename.startswith("<ipython"):
        return None
    return CodeLine(messages.YOUR_CELL, number, linecache.getline(filename, number).strip())
