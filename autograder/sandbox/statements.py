"""From cells of source to the functions that they define: each top-level statement stands or falls alone.

Runs in the worker, and on the grader's side for the lesson itself, so that both are read by the same rules. Portable.
"""

from __future__ import annotations
import __future__

import ast
import builtins
import re
import signal
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from types import FrameType
from typing import Any

from autograder.sandbox.calls import Line, raised
from autograder.sandbox.namespace import Namespace, import_refused

KEPT = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Assign,
    ast.AnnAssign,
    ast.AugAssign,
)
UNPARSABLE = (SyntaxError, ValueError, RecursionError, MemoryError)  # what ast.parse may raise
PYTHON_CELL_MAGICS = {"time", "timeit", "capture", "prun"}
# Annotations stay text: a type that was not imported must not cost the function that mentions it.
FLAGS = __future__.annotations.compiler_flag


@dataclass(frozen=True)
class Cell:
    """A piece of source that a student sees as one: a notebook's code cell, or a whole .py file."""

    label: str
    source: str


@dataclass(frozen=True)
class Part:
    """The cells of one assignment, and the names in them that the assignments after it build on."""

    cells: tuple[Cell, ...]
    exports: tuple[str, ...] = ()


def load_parts(parts: Sequence[Part], imports: Collection[str], seconds: float | None = None) -> Namespace:
    """Load the last of `parts`; each part knows what the ones before it export, and nothing else of them."""
    spaces: list[Namespace] = []
    given: dict[str, Any] = {}
    for part in parts:
        spaces.append(load(part.cells, imports, seconds, given))
        values = spaces[-1].values
        given.update({name: values[name] for name in part.exports if callable(values.get(name))})
    return replace(spaces[-1], earlier=tuple(spaces[:-1]))


def load(
    cells: Sequence[Cell],
    imports: Collection[str],
    seconds: float | None = None,
    given: Mapping[str, Any] | None = None,
) -> Namespace:
    """Run the top-level imports, definitions and assignments of `cells` in order; the last definition wins.

    Anything else at top level (prints, plots, loops, magics) is not run. `imports` are the top-level modules that
    may be imported; `seconds` is the CPU time that one statement may take (None: no limit); `given` is there at
    first.
    """
    values = {"__name__": "answers", "__builtins__": _builtins(imports), **(given or {})}
    space = Namespace(values, imports)
    for cell in cells:
        space.lines[cell.label] = _lines(cell.source)
        for statement in _statements(cell, space):
            _run(statement, cell, space, imports, seconds)
    return space


def _builtins(imports: Collection[str]) -> dict[str, Any]:
    """Python's builtins, with an `import` that knows which modules an answer may use."""

    def guarded(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.partition(".")[0] not in imports:
            raise ImportError(import_refused(name, imports))
        return builtins.__import__(name, *args, **kwargs)

    return {**vars(builtins), "__import__": guarded}


def _statements(cell: Cell, space: Namespace) -> Iterator[ast.stmt]:
    """The statements of a cell. Where it does not parse, those of its blocks that do; the others become problems."""
    source = _without_cell_magic(cell.source)
    for clean in (str, _without_line_magics):
        source = clean(source)
        try:
            yield from ast.parse(source).body
            return
        except UNPARSABLE:
            pass
    for block in _blocks(source):
        try:
            yield from ast.parse(block).body
        except UNPARSABLE as error:
            reason = f"{type(error).__name__} in {cell.label}"
            if isinstance(error, SyntaxError) and error.lineno:
                reason = f"{type(error).__name__} in {cell.label}, line {error.lineno}: {error.msg}"
            for name in _names_begun(block):
                space.problems[name] = reason


def _without_cell_magic(source: str) -> str:
    """Blank out a first line like `%%time`, or all of a cell that is not Python (`%%bash`). Line numbers stay."""
    lines = _lines(source.removeprefix("\ufeff"))
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if not lines[first].lstrip().startswith("%%"):
        return "\n".join(lines)
    magic = lines[first].lstrip()[2:].split()[:1]
    return "\n".join([*lines[:first], "", *lines[first + 1 :]]) if set(magic) <= PYTHON_CELL_MAGICS else ""


def _without_line_magics(source: str) -> str:
    """Blank out what only IPython understands: `%magic`, `!shell`, `name?`. Line numbers stay."""
    return re.sub(r"^([ \t]*)(?:[%!?].*|[\w.]+\?{1,2}|\w+\s*=\s*[%!].*)[ \t]*$", r"\1pass", source, flags=re.M)


def _blocks(source: str) -> Iterator[str]:
    """Cut source where a top-level statement seems to begin, each block padded so that its line numbers hold."""
    lines = _lines(source)
    starts = [
        number
        for number, line in enumerate(lines)
        if re.match(r"(?!(?:else|elif|except|finally)\b)[^\s#)\]}]", line)
        and not (number and lines[number - 1].startswith("@"))
    ]
    for start, end in pairwise([*starts, len(lines)]):
        yield "\n" * start + "\n".join(lines[start:end])


def _lines(source: str) -> list[str]:
    """The lines of source as Python counts them."""
    return re.split(r"\r\n|\r|\n", source)


def _names_begun(block: str) -> list[str]:
    """The names that a block, which does not parse, set out to define."""
    return re.findall(r"^(?:async\s+)?(?:def|class)\s+(\w+)", block, flags=re.M) or re.findall(
        r"^(\w+)\s*=", block, flags=re.M
    )


def _run(statement: ast.stmt, cell: Cell, space: Namespace, imports: Collection[str], seconds: float | None) -> None:
    if not isinstance(statement, KEPT):
        return
    if isinstance(statement, ast.Import | ast.ImportFrom) and (refused := _refused_import(statement, imports)):
        for alias in statement.names:
            space.blocked[alias.asname or alias.name.partition(".")[0]] = refused
        return
    try:
        code = compile(ast.Module([statement], []), cell.label, "exec", flags=FLAGS, dont_inherit=True)
        with _cpu_limit(seconds):
            exec(code, space.values)
    except BaseException as error:  # costs this statement, whatever it is
        reply = raised(error, space.locate)
        place = reply.line or Line(cell.label, statement.lineno, "")
        where = f"{place.label}, line {place.number}"
        for name in _names_bound(statement):
            space.problems[name] = f"{reply.type} in {where}: {reply.message}"


def _refused_import(statement: ast.Import | ast.ImportFrom, imports: Collection[str]) -> str | None:
    """The first module in an import statement that answers may not use."""
    if isinstance(statement, ast.ImportFrom):
        module = "." * statement.level + (statement.module or "")
        return None if module.partition(".")[0] in {*imports, "__future__"} else module
    return next((alias.name for alias in statement.names if alias.name.partition(".")[0] not in imports), None)


def _names_bound(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [statement.name]
    return [node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]


@contextmanager
def _cpu_limit(seconds: float | None) -> Iterator[None]:
    """Interrupt a statement that computes for too long, so that the ones after it still count."""
    if seconds is None:
        yield
        return

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"took more than {seconds:g} s of computing")

    before: Callable[..., Any] | int | None = signal.signal(signal.SIGVTALRM, interrupt)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
