"""From cells of source to the functions that they define: each top-level statement stands or falls alone.

Runs in the worker, and on the grader's side for the lesson itself, so that both are read by the same rules. Portable.
"""

from __future__ import annotations
import __future__

import ast
import builtins
import inspect
import re
import signal
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import CodeType, FrameType
from typing import Any

from autograder.sandbox.calls import Line, Missing, Raised, Reply, Returned, Upstream, execute, raised

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
ABSENT = object()
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


@dataclass
class Namespace:
    """What the cells defined: `values` by name, and for names that failed, why (`problems`)."""

    values: dict[str, Any]
    imports: Collection[str]
    problems: dict[str, str] = field(default_factory=dict)
    blocked: dict[str, str] = field(default_factory=dict)
    lines: dict[str, list[str]] = field(default_factory=dict)
    earlier: tuple[Namespace, ...] = ()

    def locate(self, filename: str, number: int) -> Line | None:
        """The student's line, when `filename` is the label of one of the cells."""
        source = next((space.lines[filename] for space in (self, *self.earlier) if filename in space.lines), None)
        if source is None or not 1 <= number <= len(source):
            return None
        return Line(filename, number, source[number - 1].strip()[:200])

    def call(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], upstream: Upstream | None = None
    ) -> Reply:
        """Call the function `name` that the cells defined. Missing, too, if it builds on nothing in `upstream`."""
        if upstream is None:
            return self._call(name, args, kwargs)
        if not self._mentioned(name) & upstream.parameters.keys():
            return Missing(f"`{name}` builds on none of {', '.join(upstream.parameters)}")
        with self._with(upstream):
            return self._call(name, args, kwargs)

    def _call(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply:
        function = self.values.get(name)
        if not callable(function):
            if name in self.values:
                return Missing(f"`{name}` is not a function but a value of type {type(function).__name__}")
            return Missing(self.problems.get(name, ""))
        reply = execute(function, args, kwargs, self.locate)
        if isinstance(reply, Raised) and (unknown := re.match(r"name '(\w+)' is not defined", reply.message)):
            refused = self.blocked.get(unknown[1])
            return replace(reply, message=import_refused(refused, self.imports)) if refused else reply
        return reply

    def _mentioned(self, name: str) -> set[str]:
        """The global names that a function mentions, itself or through the functions that it mentions."""
        found: set[str] = set()
        todo = {name}
        while todo:
            mentioned = {
                other for space in (self, *self.earlier) for each in todo for other in _names(space.values.get(each))
            }
            todo = mentioned - found
            found |= mentioned
        return found

    @contextmanager
    def _with(self, upstream: Upstream) -> Iterator[None]:
        """Let the functions of `upstream` stand in for those of the same names, here and in the earlier parts.

        One that the cells define with another number of parameters is left alone: their own code calls it so.
        """
        swapped: list[tuple[dict[str, Any], str, Any]] = []
        for name, parameters in upstream.parameters.items():
            for space in (self, *self.earlier):
                own = space.values.get(name, ABSENT)
                if (space is not self and own is ABSENT) or not _takes(own, parameters):
                    continue
                swapped.append((space.values, name, own))
                space.values[name] = _stand_in(upstream, name)
        try:
            yield
        finally:
            for values, name, own in swapped:
                if own is ABSENT:
                    values.pop(name, None)
                else:
                    values[name] = own


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
        space.lines[cell.label] = cell.source.splitlines()
        for statement in _statements(cell, space):
            _run(statement, cell, space, imports, seconds)
    return space


def _names(function: object) -> Iterator[str]:
    """The names that a function's code mentions, the functions inside it included; a decorated one's as well."""
    todo = [getattr(inspect.unwrap(function), "__code__", None)] if callable(function) else []
    while todo:
        code = todo.pop()
        if isinstance(code, CodeType):
            yield from code.co_names
            todo += code.co_consts


def _stand_in(upstream: Upstream, name: str) -> Callable[..., Any]:
    """A function that has its answers from `upstream`."""

    def stand_in(*args: Any, **kwargs: Any) -> Any:
        reply = upstream.call(name, args, kwargs)
        if isinstance(reply, Returned):
            return reply.value
        if isinstance(reply, Raised):
            kind = getattr(builtins, reply.type, None)
            raise (kind if isinstance(kind, type) and issubclass(kind, Exception) else RuntimeError)(reply.message)
        raise RuntimeError(f"`{name}` has no answer")

    return stand_in


def _takes(own: Any, parameters: Sequence[str]) -> bool:
    """Whether `own` takes as many parameters, or is no function, so that it cannot be missed."""
    try:
        return not callable(own) or len(inspect.signature(own).parameters) == len(parameters)
    except (TypeError, ValueError):  # a callable that does not tell
        return False


def _builtins(imports: Collection[str]) -> dict[str, Any]:
    """Python's builtins, with an `import` that knows which modules an answer may use."""

    def guarded(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.partition(".")[0] not in imports:
            raise ImportError(import_refused(name, imports))
        return builtins.__import__(name, *args, **kwargs)

    return {**vars(builtins), "__import__": guarded}


def import_refused(module: str, imports: Collection[str]) -> str:
    return f"answers may import {', '.join(sorted(imports))}; `{module}` is not one of them"


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
    source = source.removeprefix("\ufeff")
    first, _, rest = source.lstrip().partition("\n")
    if not first.startswith("%%"):
        return source
    return "\n" + rest if first[2:].partition(" ")[0] in PYTHON_CELL_MAGICS else ""


def _without_line_magics(source: str) -> str:
    """Blank out what only IPython understands: `%magic`, `!shell`, `name?`. Line numbers stay."""
    return re.sub(r"^([ \t]*)(?:[%!?].*|[\w.]+\?{1,2}|\w+\s*=\s*[%!].*)[ \t]*$", r"\1pass", source, flags=re.M)


def _blocks(source: str) -> Iterator[str]:
    """Cut source where a top-level statement seems to begin, each block padded so that its line numbers hold."""
    lines = source.splitlines()
    starts = [
        number
        for number, line in enumerate(lines)
        if re.match(r"(?:async\s+def|def|class|import|from|@)\b|@|[A-Za-z_][\w, ]*(?::[^=]+)?=(?!=)", line)
        and not (number and lines[number - 1].startswith("@"))
    ]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield "\n" * start + "\n".join(lines[start:end])


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
        where = f"{cell.label}, line {reply.line.number if reply.line else statement.lineno}"
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
