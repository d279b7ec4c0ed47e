"""From cells of source to the functions that they define: each top-level statement stands or falls alone.

Runs in the worker, and on the grader's side for the lesson itself, so that both are read by the same rules. Portable.
"""

from __future__ import annotations
import __future__

import ast
import builtins
import re
import signal
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from itertools import pairwise
from types import CodeType, FrameType
from typing import Any

from autograder.sandbox import messages
from autograder.sandbox.execute import raised
from autograder.sandbox.namespace import Namespace, lines_of, names_in
from autograder.sandbox.protocol import CodeLine

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


@dataclass(frozen=True)
class _Statement:
    """A statement that counts, and the names that it binds: its code, or why it has none."""

    label: str
    line: int
    names: tuple[str, ...]
    code: CodeType | None = None
    problem: str = ""
    refused: str = ""  # the module that it may not import


def load(
    parts: Sequence[Part],
    imports: Collection[str],
    seconds: float | None = None,
    *,
    whole: bool = False,
    computing: bool = True,
) -> Namespace:
    """Run the top-level imports, definitions and assignments of the last of `parts`; the last definition wins.

    Anything else at top level (prints, plots, loops, magics) is not run. Each part knows what the ones before it
    export, and nothing else of them. `imports` are the top-level modules that may be imported; `seconds` is the CPU
    time that one statement may take (None: no limit). A part of which the ones after it mention nothing is run for the
    `whole` only. Without `computing`, nothing is run that calls something: no alarm ends a call that C never leaves.
    """
    needed: list[tuple[Part, list[_Statement]]] = []
    mentioned: set[str] = set()
    for part in reversed(parts):
        if whole or not needed or mentioned & set(part.exports):
            statements = [each for cell in part.cells for each in _compiled(cell, imports, computing)]
            mentioned |= {name for each in statements if each.code for name in names_in(each.code)}
            needed.append((part, statements))
    spaces: list[Namespace] = []
    given: dict[str, Any] = {}
    for part, statements in reversed(needed):
        values = {"__name__": "answers", "__builtins__": _builtins(imports), **given}
        space = Namespace(values, imports, sources={cell.label: cell.source for cell in part.cells})
        _run(statements, space, seconds)
        given |= {name: values[name] for name in part.exports if callable(values.get(name))}
        spaces.append(space)
    return replace(spaces[-1], earlier=tuple(spaces[:-1]))


def _builtins(imports: Collection[str]) -> dict[str, Any]:
    """Python's builtins, with an `import` that knows which modules an answer may use."""

    def guarded(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.partition(".")[0] not in {*imports, "__future__"}:
            raise ImportError(messages.import_refused(name, ", ".join(sorted(imports))))
        return builtins.__import__(name, *args, **kwargs)

    return {**vars(builtins), "__import__": guarded}


def _compiled(cell: Cell, imports: Collection[str], computing: bool) -> Iterator[_Statement]:
    """The statements of a cell that count; of one that does not parse, those of its blocks, as far as they do."""
    source = _without_cell_magic(cell.source)
    for clean in (str, _without_line_magics):
        source = clean(source)
        try:
            body = ast.parse(source).body
        except UNPARSABLE:
            continue
        yield from (_compile(each, cell.label, imports, computing) for each in body if isinstance(each, KEPT))
        return
    for block in _blocks(source):
        try:
            body = ast.parse(block).body
        except UNPARSABLE as error:
            kind = type(error).__name__
            reason = messages.not_parsed(kind, cell.label)
            if isinstance(error, SyntaxError) and error.lineno:
                reason = messages.not_parsed_from_line(kind, cell.label, error.lineno, error.msg)
            yield _Statement(cell.label, 0, tuple(_names_begun(block)), problem=reason)
            continue
        yield from (_compile(each, cell.label, imports, computing) for each in body if isinstance(each, KEPT))


def _compile(statement: ast.stmt, label: str, imports: Collection[str], computing: bool) -> _Statement:
    made = _Statement(label, statement.lineno, tuple(_names_bound(statement)))
    if isinstance(statement, ast.Import | ast.ImportFrom) and (refused := _refused_import(statement, imports)):
        return replace(made, refused=refused)
    if not computing and _computes(statement):
        return replace(made, problem=messages.not_run(label, statement.lineno))
    try:
        code = compile(ast.Module([statement], []), label, "exec", flags=FLAGS, dont_inherit=True)
    except UNPARSABLE as error:
        problem = messages.raised_at(type(error).__name__, label, statement.lineno, str(error))
        return replace(made, problem=problem)
    return replace(made, code=code)


def _without_cell_magic(source: str) -> str:
    """Blank out a first line like `%%time`, or all of a cell that is not Python (`%%bash`). Line numbers stay."""
    lines = lines_of(source.removeprefix("\ufeff"))
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
    lines = lines_of(source)
    starts = [
        number
        for number, line in enumerate(lines)
        if re.match(r"(?!(?:else|elif|except|finally)\b)[^\s#)\]}]", line)
        and not (number and lines[number - 1].startswith("@"))
    ]
    for start, end in pairwise([*starts, len(lines)]):
        yield "\n" * start + "\n".join(lines[start:end])


def _names_begun(block: str) -> list[str]:
    """The names that a block, which does not parse, set out to define."""
    return re.findall(r"^(?:async\s+)?(?:def|class)\s+(\w+)", block, flags=re.M) or re.findall(
        r"^(\w+)\s*=", block, flags=re.M
    )


def _run(statements: Sequence[_Statement], space: Namespace, seconds: float | None) -> None:
    with _alarms(seconds) as alarm:
        for statement in statements:
            if statement.refused:
                space.blocked.update(dict.fromkeys(statement.names, statement.refused))
            if statement.problem:
                space.problems.update(dict.fromkeys(statement.names, statement.problem))
            if not statement.code:
                continue
            try:
                with alarm():
                    exec(statement.code, space.values)
            except BaseException as error:  # costs this statement, whatever it is
                reply = raised(error, space.locate)
                line = reply.line or CodeLine(statement.label, statement.line, "")
                problem = messages.raised_at(reply.type, line.label, line.number, reply.message)
                space.problems.update(dict.fromkeys(statement.names, problem))


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


def _refused_import(statement: ast.Import | ast.ImportFrom, imports: Collection[str]) -> str | None:
    """The first module in an import statement that answers may not use."""
    if isinstance(statement, ast.ImportFrom):
        module = "." * statement.level + (statement.module or "")
        return None if module.partition(".")[0] in {*imports, "__future__"} else module
    return next((alias.name for alias in statement.names if alias.name.partition(".")[0] not in imports), None)


def _names_bound(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return [alias.asname or alias.name.partition(".")[0] for alias in statement.names]
    return [node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]


@contextmanager
def _alarms(seconds: float | None) -> Iterator[Callable[[], AbstractContextManager[None]]]:
    """Gives a context manager that interrupts what computes for longer in it, so that what comes after still counts."""
    if seconds is None:
        yield nullcontext
        return

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError(messages.too_much_computing(format(seconds, "g")))

    @contextmanager
    def alarm() -> Iterator[None]:
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)

    before: Callable[..., Any] | int | None = signal.signal(signal.SIGVTALRM, interrupt)
    try:
        yield alarm
    finally:
        signal.signal(signal.SIGVTALRM, before)
