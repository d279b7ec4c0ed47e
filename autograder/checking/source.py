"""What the text of a check file tells: which of the student's functions its checks call, hand on, and look back at."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache
from pathlib import Path
from traceback import extract_tb
from typing import NamedTuple

from autograder.checking import author_messages

LOOKS_BACK = "assert_no_side_effects"
TAKING_ARGUMENTS = {"assert_matches": 2, LOOKS_BACK: 1}  # behind the functions that they are about
FUNCTIONS_OF = ("student", "reference")  # the fixtures whose attributes are functions


@lru_cache(maxsize=8)
def nodes_of(source: bytes) -> tuple[ast.AST, ...]:
    """All that a file consists of, from the outside in. Raises what `ast.parse` does."""
    return tuple(ast.walk(ast.parse(source)))


def questions_called(path: Path) -> dict[str, tuple[str, ...]]:
    """For each check in a file, the names that it calls as `student.<name>`, in the order in which they stand.

    What the functions of the file call to which it hands `student` are among them.
    """
    return _questions_called(path.read_bytes())


@cache
def _questions_called(source: bytes) -> dict[str, tuple[str, ...]]:
    functions = {node.name: tuple(ast.walk(node)) for node in nodes_of(source) if isinstance(node, ast.FunctionDef)}
    return {name: tuple(dict.fromkeys(_called_through(name, functions, {name}))) for name in functions}


def _called_through(check: str, functions: Mapping[str, Sequence[ast.AST]], passed: AbstractSet[str]) -> Iterator[str]:
    yield from _called(functions[check])
    for call in (node for node in functions[check] if isinstance(node, ast.Call)):
        helper = getattr(call.func, "id", "")
        if helper in functions and helper not in passed and any(map(_is_student, _arguments(call))):
            yield from _called_through(helper, functions, passed | {helper})


def _arguments(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(each.value for each in call.keywords)]


def _is_student(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "student"


def functions_handed(path: Path) -> tuple[str, ...]:
    """The functions of the student's that the checks in a file hand to others, as `student.<name>`."""
    return _functions_handed(path.read_bytes())


@cache
def _functions_handed(source: bytes) -> tuple[str, ...]:
    try:
        nodes = nodes_of(source)
    except SyntaxError:  # it is told where checks are collected
        return ()
    calls = (node for node in nodes if isinstance(node, ast.Call))
    handed = (inner for call in calls for each in _given(call) for inner in _outermost(each) if _is_students(inner))
    return tuple(dict.fromkeys(node.attr for node in handed))  # type: ignore[attr-defined]


def run_last(path: Path) -> frozenset[str]:
    """The checks in a file that look back at the question's other calls, and run when all others have."""
    return _run_last(path.read_bytes())


@cache
def _run_last(source: bytes) -> frozenset[str]:
    checks = (node for node in nodes_of(source) if isinstance(node, ast.FunctionDef))
    return frozenset(
        check.name
        for check in checks
        if any(LOOKS_BACK in (getattr(node, "id", ""), getattr(node, "attr", "")) for node in ast.walk(check))
    )


def defined_twice(path: Path) -> dict[str, int]:
    """The checks of a file that a later one of the same name hides, and the line in which that begins."""
    lines: dict[str, list[int]] = {}
    for node in ast.parse(path.read_bytes()).body:
        if isinstance(node, ast.FunctionDef):
            lines.setdefault(node.name, []).append(_first_line(node))
    return {name: found[1] for name, found in lines.items() if len(found) > 1}


def line_of(path: Path, function: str) -> int | None:
    """The line in which a function or class of a file begins, decorators included; None where the file has none."""
    nodes = (node for node in nodes_of(path.read_bytes()) if isinstance(node, ast.FunctionDef | ast.ClassDef))
    return next((_first_line(node) for node in nodes if node.name == function), None)


def _first_line(function: ast.FunctionDef | ast.ClassDef) -> int:
    return min((function.lineno, *(each.lineno for each in function.decorator_list)))


def broken(path: Path, error: BaseException) -> str:
    """What a file that cannot be run is told by: the error, and the line in it, if it is in it."""
    name, detail = type(error).__name__, " ".join(str(error).split())
    if isinstance(error, SyntaxError) and error.filename == str(path) and error.lineno:
        return author_messages.broken_line(path, error.lineno, name, error.msg)
    frames = (each.lineno for each in extract_tb(error.__traceback__) if each.filename == str(path))
    line = next(filter(None, frames), None)
    return author_messages.broken_line(path, line, name, detail) if line else author_messages.broken(path, name, detail)


class Taken(NamedTuple):
    """A function that is taken from a fixture, such as `student.softmax`."""

    fixture: str
    name: str
    line: int


def taken(path: Path) -> tuple[Taken, ...]:
    """What the functions of a file take from their parameters `student` and `reference`, in the file's order."""
    found = {
        (node.lineno, node.col_offset): Taken(node.value.id, node.attr, node.lineno)
        for function in nodes_of(path.read_bytes())
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if node.value.id in FUNCTIONS_OF and node.value.id in _parameters(function)
    }
    return tuple(found[place] for place in sorted(found))


def _parameters(function: ast.FunctionDef) -> set[str]:
    arguments = function.args
    return {each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}


def _called(check: Sequence[ast.AST]) -> Iterator[str]:
    """What is called of the student's, in the order in which it stands; not what is handed to such a call."""
    calls = [node for node in check if isinstance(node, ast.Call)]
    handed = {id(inner) for call in calls for each in _given(call) for inner in _outermost(each)}
    yield from (node.attr for node in check if _is_students(node) and id(node) not in handed)  # type: ignore[attr-defined]


def _given(call: ast.Call) -> list[ast.expr]:
    """The arguments that a call hands to a function of the student's."""
    if not _is_students(call.func):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if name not in TAKING_ARGUMENTS:
            return []
        return [*call.args[TAKING_ARGUMENTS[name] :], *(each.value for each in call.keywords)]
    return _arguments(call)


def _outermost(argument: ast.expr) -> list[ast.expr]:
    """An argument, or the entries of a list, a tuple or a dict that is one."""
    if isinstance(argument, ast.List | ast.Tuple):
        return argument.elts
    return argument.values if isinstance(argument, ast.Dict) else [argument]


def _is_students(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and _is_student(node.value)
