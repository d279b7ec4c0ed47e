"""That checks tell students what is wrong, and no number that is hidden: read off the text of the checks."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from autograder.checking.source import FUNCTIONS_OF
from autograder.course.certifying import messages
from autograder.course.lesson import CourseError
from autograder.course.loader import HIDDEN_CHECKS, Assignment
from autograder.submission.which_file import VISIBLE_CHECKS

REFERENCE = FUNCTIONS_OF[1]
NUMPY_TESTING = "numpy.testing"
FAIL = "fail"  # pytest's


def require_telling(assignment: Assignment) -> None:
    """Raises CourseError where a check may fail without a word, or with one that the reference's answers are in."""
    for file in assignment.sources(HIDDEN_CHECKS):
        for line, name in _of_numpy(ast.parse(file.read_bytes())):
            raise CourseError(messages.shows_numbers(file, line, name))
    for file in (assignment.folder / VISIBLE_CHECKS, *assignment.sources(HIDDEN_CHECKS)):
        for function in ast.parse(file.read_bytes()).body:
            if isinstance(function, ast.FunctionDef):
                _require_telling(function, file)


def _require_telling(function: ast.FunctionDef, file: Path) -> None:
    known = _from_reference(function)
    for node, said in _ends(function):
        if said is None or (isinstance(said, ast.Constant) and not said.value):
            raise CourseError(messages.says_nothing(file, node.lineno, function.name))
        if any(isinstance(each, ast.Name) and each.id in known for each in ast.walk(said)):
            raise CourseError(messages.shows_the_answer(file, node.lineno, function.name))


def _ends(function: ast.FunctionDef) -> Iterator[tuple[ast.stmt | ast.expr, ast.expr | None]]:
    """Where a function may end a check in words of its own, and these words."""
    for node in ast.walk(function):
        match node:
            case ast.Assert():
                yield node, node.msg
            case ast.Raise(exc=ast.Name(id="AssertionError")):
                yield node, None
            case ast.Raise(exc=ast.Call(func=ast.Name(id="AssertionError"), args=args)):
                yield node, next(iter(args), None)
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name == FAIL:
                reasons = [each.value for each in node.keywords if each.arg == "reason"]
                yield node, next(iter([*node.args, *reasons]), None)


def _of_numpy(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Where NumPy's own assertions are called, which show all numbers that are asked for, and their names."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == NUMPY_TESTING]
    imported = {alias.asname or alias.name for node in imports for alias in node.names}
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in imported:
                yield node.lineno, name
            case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="testing"), attr=name)):
                yield node.lineno, name


def _from_reference(function: ast.FunctionDef) -> set[str]:
    """The names in a function that what the reference answers is in, and the reference's own."""
    known = {REFERENCE}
    while True:
        found = {
            name.id
            for node in ast.walk(function)
            if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr) and node.value is not None
            if any(isinstance(each, ast.Name) and each.id in known for each in ast.walk(node.value))
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            for name in ast.walk(target)
            if isinstance(name, ast.Name)
        }
        if found <= known:
            return known
        known |= found
