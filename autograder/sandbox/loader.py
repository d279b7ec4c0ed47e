"""From cells of source to the functions that they define: each top-level statement stands or falls alone.

Runs in the worker, and on the grader's side for the lesson itself, so that both are read by the same rules. Portable.
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from types import ModuleType
from typing import Any

from autograder.sandbox import messages
from autograder.sandbox.execute import raised
from autograder.sandbox.namespace import Namespace
from autograder.sandbox.protocol import CodeLine, Part
from autograder.sandbox.toplevel.alarms import Alarms, TooLongError
from autograder.sandbox.toplevel.dependencies import Compiled, Dependencies
from autograder.sandbox.toplevel.imports import DEMO_OF, OWN_MODULE, PLOTS, PREVIOUS, may_import, refused_part

NAME = "answers"  # of the module that a submission is
MAX_INTERRUPTED = 3  # statements; together they take less than loading may


def in_no_folder(_assignment: str) -> AbstractContextManager[None]:
    """Where code runs that reads no file: anywhere."""
    return nullcontext()


def load(
    parts: Sequence[Part],
    imports: Collection[str],
    seconds: float | None = None,
    *,
    slowness: float = 1,
    whole: bool = False,
    computing: bool = True,
    beside: Callable[[str], AbstractContextManager[None]] = in_no_folder,
) -> Namespace:
    """Run what the questions of the last of `parts` depend on at its top level; the last definition wins.

    Anything else there (prints, plots, experiments) is not run. Each part knows the questions of the ones before it,
    and nothing else of them. `imports` are the modules that may be imported beside the standard library's harmless
    part. Of a part before the last, that is run which the ones after it depend on, or all of its questions for the
    `whole`.

    `beside` lets code run in the folder of its assignment. `seconds` is the CPU time that one statement may take (None:
    no limit), and `slowness` times as many where Python is slower. After some that took longer, nothing more is run
    that calls something; without `computing`, nothing is from the beginning: no alarm ends a call that C never leaves.
    """
    needed: list[tuple[Part, Dependencies]] = []
    mentioned: set[str] = set()
    for part in reversed(parts):
        questions = part.questions if whole or not needed else tuple(mentioned.intersection(part.questions))
        if not needed or questions:
            found = Dependencies(part.cells, imports)
            found = found.of((*questions, *part.handed)) if questions else found.of_all()
            mentioned |= found.mentioned | found.quoted
            needed.append((part, found))
    spaces: list[Namespace] = []
    given: dict[str, Any] = {}
    alarms = Alarms(seconds, slowness)
    for part, found in reversed(needed):
        values = {"__name__": NAME, "__builtins__": _builtins(imports), **given}
        sources = {cell.label: cell.source for cell in part.cells}
        repeated = found.repeated(part.questions)
        space = Namespace(values, imports, sources=sources, questions=part.questions, repeated=repeated)
        with findable(space), beside(part.assignment), alarms.heard():
            _run(found.chosen, space, given, alarms, computing=computing)
        given = given | {name: values[name] for name in part.questions if callable(values.get(name))}
        spaces.append(space)
    return replace(spaces[-1], earlier=tuple(spaces[:-1]))


@contextmanager
def findable(space: Namespace) -> Iterator[None]:
    """Let what looks up the module of a class, as dataclasses do, find the submission; no longer than need be."""
    before = sys.modules.get(NAME)
    sys.modules[NAME] = type(NAME, (ModuleType,), {"__dict__": property(lambda _self: space.values)})(NAME)
    try:
        yield
    finally:
        del sys.modules[NAME]
        if before is not None:
            sys.modules[NAME] = before


def _builtins(imports: Collection[str]) -> dict[str, Any]:
    """Python's builtins, with an `import` that knows which modules an answer may use."""

    def guarded(name: str, *args: Any, **kwargs: Any) -> Any:
        names = kwargs.get("fromlist", args[2] if len(args) > 2 else ()) or ()
        refused = name if not may_import(name, imports) else refused_part(name, names, imports)
        if refused:
            raise ModuleNotFoundError(messages.import_refused(refused, ", ".join(sorted(imports))))
        return builtins.__import__(name, *args, **kwargs)

    return {**vars(builtins), "__import__": guarded}


def _run(
    chosen: Sequence[Compiled],
    space: Namespace,
    given: Mapping[str, Any],
    alarms: Alarms,
    *,
    computing: bool,
) -> None:
    """Run statements; of each that cannot be, its names get to know why."""
    for compiled in chosen:
        statement = compiled.statement
        for name, refusal in compiled.refusals.items():
            if (refusal.module, refusal.name) == (OWN_MODULE, PREVIOUS):
                space.values[name] = _previous(given)
            elif (refusal.module, refusal.name) == (PLOTS, DEMO_OF):
                space.values[name] = _demo_of
            else:
                space.refusals.setdefault(name, []).append(refusal)
        binds = statement.deeds.binds
        if compiled.problem:
            space.problems.update(dict.fromkeys(binds, compiled.problem))
        if not compiled.code:
            continue
        may_compute = computing and alarms.rung < MAX_INTERRUPTED
        if not may_compute and statement.node and _computes(statement.node):
            not_run = messages.not_run(statement.label, statement.line)
            space.problems.update(dict.fromkeys(binds, not_run))
            continue
        try:
            with alarms.around():
                exec(compiled.code, space.values)
        except TooLongError:  # where in the statement that was is chance
            problem = messages.raised_at("TimeoutError", statement.label, statement.line, alarms.message)
            space.problems.update(dict.fromkeys(binds, problem))
        except BaseException as error:  # costs this statement, whatever it is
            reply = space.explained(raised(error, space.locate))
            line = reply.line or CodeLine(statement.label, statement.line, "")
            problem = messages.raised_at(reply.type, line.label, line.number, reply.message)
            space.problems.update(dict.fromkeys(binds, problem))
            if isinstance(error, NotImplementedError) and isinstance(statement.node, ast.ClassDef):
                space.values[statement.node.name] = _unwritten(statement.node.name, str(error))
        else:
            passed_by = messages.passed_by(statement.label, statement.line)
            missing = binds - space.values.keys() - compiled.refusals.keys() - {"*"}
            space.problems = dict.fromkeys(missing, passed_by) | space.problems


def _unwritten(name: str, message: str) -> type:
    """A class whose whole body is still to be written: it cannot be made an instance of."""

    def init(_self: object, *_args: object, **_kwargs: object) -> None:
        raise NotImplementedError(message)

    return type(name, (), {"__init__": init})


def _previous(given: Mapping[str, Any]) -> Callable[[str], Any]:
    """What a notebook gets a function of an earlier assignment with."""

    def previous(name: str) -> Any:
        if name not in given:
            raise NotImplementedError(messages.not_there_before(name))
        return given[name]

    return previous


def _demo_of(*_functions: object) -> AbstractContextManager[None]:
    """Here nothing is shown, and an exception costs the statement."""
    return nullcontext()


def _computes(statement: ast.stmt) -> bool:
    """Whether running a statement calls something; what functions do when they are called themselves does not count."""
    todo: list[ast.AST] = [statement]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Call) or getattr(node, "decorator_list", None):
            return True
        inside = isinstance(node, ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef)
        todo += [node.args] if inside else ast.iter_child_nodes(node)  # type: ignore[attr-defined]
    return False
