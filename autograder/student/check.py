"""A student's own check in their notebook: the visible checks on a function, as it is in memory. Portable."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.checking.collection import ChecksError
from autograder.checking.source import functions_handed
from autograder.language.listing import listed
from autograder.report.model import QuestionResult
from autograder.sandbox.exchange.calls import Worker
from autograder.sandbox.protocol import Part
from autograder.sandbox.toplevel.builds_on import module_of
from autograder.sandbox.toplevel.refused import depends_on_refused
from autograder.settings import USUAL_LIMITS
from autograder.streams import as_shown
from autograder.student import messages
from autograder.student.causes.cause import Cause
from autograder.student.causes.in_notebook import cause_in_notebook
from autograder.student.check_table import html_table, html_warning, text_table, text_warning
from autograder.student.known_mistakes import note_on_known_mistakes
from autograder.student.language import speak_in
from autograder.student.notebook import session
from autograder.student.notebook.in_memory import InMemory, Memory
from autograder.student.notebook.source import file_of, session_source
from autograder.student.notebook.stale import stale
from autograder.student.previous import fetched
from autograder.student.progress import home_of
from autograder.student.side_by_side.excerpt import SideBySide
from autograder.student.visible import VisibleRun, run_visible
from autograder.student.workspace import course_around, questions
from autograder.submission.which_file import VISIBLE_CHECKS

session.watch()  # from the cell on in which a notebook imports `check`


@dataclass(frozen=True)
class CheckTable:
    """What `check` shows: a table in Jupyter, text elsewhere."""

    question: QuestionResult
    pairs: Mapping[str, SideBySide] = field(default_factory=dict)
    cause: Cause | None = None
    warnings: tuple[str, ...] = ()  # of what runs and is not what stands in the notebook
    note: str = ""

    def _repr_html_(self) -> str:
        table = html_table(self.question, self.pairs, self._lead)
        return "".join([*map(html_warning, self.warnings), table, *map(html_warning, self._notes)])

    def __repr__(self) -> str:
        table = text_table(self.question, self.pairs, self._lead)
        return as_shown("\n".join([*map(text_warning, self.warnings), table, *map(text_warning, self._notes)]))

    @property
    def _lead(self) -> tuple[str, ...]:
        return self.cause.lines if self.cause else ()

    @property
    def _notes(self) -> list[str]:
        return [self.note] if self.note else []


def check(function: Callable[..., Any], checks: str | Path = VISIBLE_CHECKS) -> CheckTable:
    """Run the visible checks of one question on `function`, as it is in memory.

    `checks` is the file that they stand in, beside the notebook. A call that takes longer than the course allows is
    interrupted. Raises ChecksError when it is not there, KeyboardInterrupt when you press stop.
    """
    path = Path(checks).resolve()
    speak_in(path.parent)
    if not path.is_file():
        raise ChecksError(messages.no_checks(path.name, path.parent))
    if not callable(function):
        raise ChecksError(messages.not_a_function(type(function).__name__))
    name = _question(function, questions(path), sys._getframe(1).f_globals)
    if name not in questions(path):
        raise ChecksError(messages.no_checks_for(name, listed(questions(path))))
    __tracebackhide__ = True  # a student who has pressed stop is shown nothing of ours
    try:
        ran = _run_as_read(path, function, name) or _run_in_memory(path, {**module_of(function), name: function}, name)
        result = ran.of(name)
        cause = cause_in_notebook(path, function, result, lambda *asked: _run_in_memory(*asked).of(asked[-1]))
    except KeyboardInterrupt:
        raise KeyboardInterrupt from None
    return CheckTable(result, ran.pairs, cause, stale(function), note_on_known_mistakes(path, [result]))


def _question(function: Callable[..., Any], asked: Sequence[str], names: Mapping[str, Any]) -> str:
    """The question that a function answers: as it is called where it is handed over, else by its own name."""
    called = getattr(function, "__name__", type(function).__name__)
    return called if called in asked else next((each for each in asked if names.get(each) is function), called)


def _run_as_read(checks: Path, function: Callable[..., Any], name: str) -> VisibleRun | None:
    """Run visible checks on the source of the session, as grading would, where that imports what answers may not have.

    There it is not what is in memory that counts: without that module, the session could not have come to be.
    """
    course = course_around(checks)
    if course is None:
        return None
    cells, handed = session_source(function), functions_handed(checks)
    if not depends_on_refused(cells, (name, *handed), course.imports):
        return None
    parts = [*course.parts_before(checks.parent.name), Part(cells, questions(checks), handed, checks.parent.name)]
    with home_of(course) as home, Worker(home, parts) as worker:
        worker.load()
        return run_visible(checks, worker, worker.parameters, name)


def _run_in_memory(checks: Path, names: Mapping[str, Any], question: str) -> VisibleRun:
    """Run the visible checks of one question on functions that are in memory."""
    course = course_around(checks)
    limits, imports = (course.settings.limits, course.imports) if course else (USUAL_LIMITS, frozenset())
    file = file_of(names.get(question))
    memory = Memory(dict(names), imports, questions=questions(checks), earlier=fetched(), file=file)
    return run_visible(checks, InMemory(memory, limits), memory.parameters, question)
