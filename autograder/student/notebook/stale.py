"""Whether what runs in a notebook is what stands in it: sentences on functions that live in memory only. Portable.

A kernel does not know what the browser shows. So each sentence rests on something that is sure: a run that failed, a
cell that was run again, or the file, where that was saved after the function was defined.
"""

from __future__ import annotations

import ast
import builtins
import dis
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType
from typing import Any

from autograder.sandbox.toplevel.statement import Statement
from autograder.student.notebook import messages
from autograder.student.notebook.saved import SavedNotebook, saved_notebook
from autograder.student.notebook.session import Run, Session, current, is_own

MAX_WARNINGS = 3
MARGIN = 1.0  # seconds by which a file must be newer: the clock of a disk is not always that of the machine


def stale(function: Callable[..., Any]) -> tuple[str, ...]:
    """A sentence on each thing that the notebook has otherwise than memory, and that `function` rests on."""
    session = current()
    name = getattr(function, "__name__", "")
    if session is None or not is_own(function):
        return ()
    if callable(session.names.get(name)) and session.names[name] is not function:
        return (messages.another_has_its_name(name),)
    return tuple(_warnings(name, function, session))[:MAX_WARNINGS]


def _warnings(name: str, function: object, session: Session) -> Iterator[str]:
    saved = saved_notebook(session.names)
    for each, value in _with_what_it_uses(name, function, session).items():
        run = session.defined_in(each)
        if is_own(value) and run:
            yield from _of_function(each, run, session, saved)
        elif not is_own(value) and saved:
            yield from _of_value(each, name, session, saved)


def _of_function(name: str, run: Run, session: Session, saved: SavedNotebook | None) -> Iterator[str]:
    """At most one sentence on a function, which `run` defined."""
    mine = run.definition(name)
    is_newer = saved is not None and saved.at > run.ended + MARGIN
    theirs = saved.definition(name) if saved else None
    later = session.since(run)
    if saved and is_newer and theirs and _same(mine, theirs):
        return  # what runs is what stands there
    if any(each.failed and each.definition(name) for each in later):
        yield messages.run_again_and_failed(name)
    elif any(each.cell == run.cell and run.cell and not each.definition(name) for each in later):
        yield messages.run_again_without(name)
    elif saved and is_newer and theirs is None:
        yield messages.gone_from_file(name, saved.name, saved.clock)
    elif saved and len(all_ := saved.definitions(name)) > 1 and any(_same(mine, each) for each in all_[:-1]):
        if not _same(mine, all_[-1]):
            yield messages.last_one_counts(name, saved.name)
    elif saved and is_newer:
        yield messages.another_in_file(name, saved.name, saved.clock)


def _of_value(name: str, user: str, session: Session, saved: SavedNotebook) -> Iterator[str]:
    """A sentence where a constant, say, is in memory and in no cell."""
    binding = [run for run in session.runs if run.definition(name)]
    is_newer = bool(binding) and saved.at > binding[-1].ended + MARGIN
    if is_newer and not saved.definition(name) and not saved.may_bind_anything:
        yield messages.only_in_memory(name, user, saved.name, saved.clock)


def _same(one: Statement | None, other: Statement | None) -> bool:
    """Whether two statements do the same, whatever stands in their comments and blanks."""
    if not (one and one.node and other and other.node):
        return False
    try:
        return ast.dump(one.node) == ast.dump(other.node)
    except RecursionError:  # of a sum of a thousand terms, for one
        return one.text == other.text


def _with_what_it_uses(name: str, function: object, session: Session) -> dict[str, Any]:
    """A function by its name, and what of the notebook's own it uses, and what that uses."""
    found: dict[str, Any] = {}
    todo = [(name, function)]
    while todo:
        each, value = todo.pop(0)
        if each not in found:
            found[each] = value
            names = dict.fromkeys(used for code in _code_of(value) for used in _names_in(code))
            todo += [(used, session.names[used]) for used in names if used in session.names and not _is_given(used)]
    return found


def _is_given(name: str) -> bool:
    return name.startswith("_") or hasattr(builtins, name)


def _code_of(value: object) -> list[CodeType]:
    """The code of a function, or of the methods of a class, of the notebook's own."""
    if not is_own(value):
        return []
    methods = vars(value).values() if isinstance(value, type) else [value]
    return [each.__code__ for each in methods if isinstance(each, FunctionType)]


def _names_in(code: CodeType) -> Iterator[str]:
    """The names that code takes from outside, functions inside of it included."""
    yield from (each.argval for each in dis.get_instructions(code) if each.opname in ("LOAD_GLOBAL", "LOAD_NAME"))
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in(constant)
