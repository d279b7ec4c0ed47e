"""That misconceptions can be told apart by their names, and be called as the function that they stand for is."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.checking.recognition.misconceptions import Misconception
from autograder.course.certifying import messages
from autograder.course.lesson import CourseError
from autograder.course.loader import MISCONCEPTIONS, Assignment

MARK = "misconception"  # the decorator's name


def require_fitting(assignment: Assignment) -> None:
    """Raises CourseError where two misconceptions have one name, or one cannot be called as its question is."""
    misconceptions = assignment.misconceptions  # which tells of files that cannot be read
    lines: dict[str, tuple[Path, int]] = {}
    for path in assignment.sources(MISCONCEPTIONS):
        for name, line in defined(path):
            if name in lines:
                first, at = lines[name]
                raise CourseError(messages.name_taken(path, line, name, first.name, at))
            lines[name] = path, line
    for misconception in misconceptions:
        path, line = place_of(assignment, misconception)
        name, question = misconception.name, misconception.question
        wanted, given = _signature(assignment.functions[question]), _signature(misconception.function)
        if wanted is not None and given is not None and not _fits(wanted, given):
            raise CourseError(messages.other_signature(path, line, name, str(given), question, str(wanted)))


def place_of(assignment: Assignment, misconception: Misconception) -> tuple[Path, int]:
    """The file and the line in which a misconception begins, its decorator included."""
    paths = assignment.sources(MISCONCEPTIONS)
    places = ((path, line) for path in paths for name, line in defined(path) if name == misconception.name)
    return next(places, (paths[0], 1))


def defined(path: Path) -> list[tuple[str, int]]:
    """The misconceptions that a file defines, in its order, and the lines in which they begin."""
    return [
        (node.name, min(each.lineno for each in node.decorator_list))
        for node in ast.parse(path.read_bytes()).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        if any(_is_mark(each) for each in node.decorator_list)
    ]


def _is_mark(decorator: ast.expr) -> bool:
    made_by = decorator.func if isinstance(decorator, ast.Call) else decorator
    return MARK in (getattr(made_by, "id", ""), getattr(made_by, "attr", ""))


def _signature(function: Callable[..., Any]) -> inspect.Signature | None:
    try:
        return inspect.signature(function)
    except (TypeError, ValueError):  # a callable that does not tell
        return None


def _fits(wanted: inspect.Signature, given: inspect.Signature) -> bool:
    """Whether all calls that fit the one fit the other: the same parameters in the same order, and none that is new."""
    kinds = {each.kind for each in given.parameters.values()}
    if inspect.Parameter.VAR_POSITIONAL in kinds and inspect.Parameter.VAR_KEYWORD in kinds:
        return True
    own = list(given.parameters.values())
    asked = list(wanted.parameters.values())
    same = [(each.name, each.kind) for each in own[: len(asked)]] == [(each.name, each.kind) for each in asked]
    needed = [each.name for each in own if each.default is each.empty]
    return same and needed == [each.name for each in asked if each.default is each.empty][: len(needed)]
