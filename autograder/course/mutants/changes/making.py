"""Makes the mutants of a question out of its solution: one change each, in what stands between the markers."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator
from copy import copy
from dataclasses import dataclass
from types import CodeType
from typing import Any

from autograder.course.lesson import LessonCell
from autograder.course.loader import Assignment
from autograder.course.mutants import messages
from autograder.course.mutants.changes import expressions, statements
from autograder.course.mutants.model import Mutant, Recipe

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
BINDING = (ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign, ast.Import, ast.ImportFrom)
MAX_CHANGES = 2000  # of one question


def changes(assignment: Assignment, question: str, mutable: Collection[str]) -> tuple[list[Recipe], int]:
    """The mutants of a question that are changes of its solution, each once; and how many more were left out.

    mutable: the parameters that are handed something that can be written into
    """
    cell = _cell_of(assignment, question)
    tree = ast.parse(cell.source)
    inside = _solution_lines(cell.source)
    first_line = _first_line(assignment.lesson, cell.line)
    right = ast.dump(tree)
    found: dict[str, Recipe] = {}
    for place in _places(tree, inside):
        for kind, other in place.variants(mutable):
            before = place.header
            place.put(other)
            try:
                now, form = place.header_with(other), ast.dump(tree)
                code = _compiled(tree) if form != right and form not in found else None
            finally:
                place.put(place.node)
            if code is not None:
                mutant = Mutant(question, kind, before, now, first_line + place.statement.lineno - 1)
                found[form] = Recipe(mutant, _maker(assignment, question, code))
    made = list(found.values())
    step = -(-len(made) // MAX_CHANGES) or 1
    return made[::step], len(made) - len(made[::step])


def line_of(assignment: Assignment, question: str) -> int:
    """The line of lesson.py in which a question's function or class begins."""
    cell = _cell_of(assignment, question)
    body = ast.parse(cell.source).body
    defined = [node for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == question]
    return _first_line(assignment.lesson, cell.line) + (defined[-1].lineno if defined else 1) - 1


def _cell_of(assignment: Assignment, question: str) -> LessonCell:
    return next(cell for cell in assignment.cells if cell.is_question and cell.name == question)


def _solution_lines(source: str) -> set[int]:
    lines: set[int] = set()
    is_inside = False
    for number, line in enumerate(source.splitlines(), 1):
        is_inside = (is_inside or BEGIN in line) and END not in line
        if is_inside:
            lines.add(number)
    return lines


def _first_line(lesson: str, marker: int) -> int:
    """The line of the lesson in which the source of a cell begins."""
    lines = lesson.splitlines()
    return next((number for number in range(marker + 1, len(lines) + 1) if lines[number - 1]), marker + 1)


def _compiled(tree: ast.Module) -> CodeType | None:
    """What the cell defines, and nothing that it does beside; None where Python refuses it."""
    defining = ast.Module([node for node in tree.body if isinstance(node, BINDING)], [])
    try:
        return compile(ast.fix_missing_locations(defining), "mutant", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return None


def _maker(assignment: Assignment, question: str, code: CodeType) -> Callable[[], Callable[..., Any]]:
    def make() -> Callable[..., Any]:
        import operator

        values = {**assignment.reference.values, "operator": operator}
        exec(code, values)
        made: Callable[..., Any] = values[question]
        return made

    return make


@dataclass(frozen=True)
class _Place:
    """A node in a tree: the field of its parent in which it stands, the statement, and the function around it."""

    node: ast.AST
    parent: ast.AST
    name: str
    index: int | None
    statement: ast.stmt
    function: ast.FunctionDef | None

    def put(self, other: ast.AST) -> None:
        """Let another node stand here."""
        if self.index is None:
            setattr(self.parent, self.name, other)
        else:
            getattr(self.parent, self.name)[self.index] = other

    @property
    def header(self) -> str:
        return header(self.statement)

    def header_with(self, other: ast.AST) -> str:
        """The statement as it is when another node stands here."""
        return header(other if self.node is self.statement else self.statement)

    def variants(self, mutable: Collection[str]) -> Iterator[tuple[str, ast.AST]]:
        names = _bound_before(self.function, getattr(self.node, "lineno", 0)) if self.function else {}
        own = {each.arg for each in _parameters(self.function)} if self.function else set()
        writable = [name for name in names if name in own and name in mutable]
        if isinstance(self.node, ast.stmt):
            yield from statements.variants(self.node, names, writable)
        elif isinstance(self.node, ast.expr):
            kind_of = messages.DEFAULT if isinstance(self.parent, ast.arguments) else ""
            for kind, other in expressions.variants(self.node, names, writable):
                yield kind_of or kind, other


def header(statement: ast.AST) -> str:
    """One line of a statement, without those inside it."""
    shown = copy(statement)
    for name in ("body", "orelse", "finalbody", "decorator_list"):
        if isinstance(getattr(shown, name, None), list):
            setattr(shown, name, [ast.Pass()] if name == "body" else [])
    return ast.unparse(ast.fix_missing_locations(shown)).splitlines()[0]


def _places(tree: ast.Module, inside: set[int]) -> Iterator[_Place]:
    """Every node that may be changed, and the defaults of parameters, in the order in which they stand."""
    found = list(_below(tree, None, None))
    yield from (
        place
        for place in found
        if getattr(place.node, "lineno", 0) in inside or isinstance(place.parent, ast.arguments)
    )


def _below(parent: ast.AST, statement: ast.stmt | None, function: ast.FunctionDef | None) -> Iterator[_Place]:
    for name, value in ast.iter_fields(parent):
        for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(node, ast.AST) or _is_left_alone(node, parent, name):
                continue
            own = node if isinstance(node, ast.stmt) else statement
            within = node if isinstance(node, ast.FunctionDef) else function
            if isinstance(node, ast.stmt | ast.expr) and own is not None:
                yield _Place(node, parent, name, index, own, function)
            if not isinstance(node, ast.Raise):  # its words are nobody's answer
                yield from _below(node, own, within)


def _is_left_alone(node: ast.AST, parent: ast.AST, name: str) -> bool:
    """What cannot be changed, or says nothing: names that are called, docstrings, annotations."""
    is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    is_number_of_a_sign = isinstance(parent, ast.UnaryOp) and expressions.whole_number(parent) is not None
    is_name_called = name == "func" and isinstance(node, ast.Name)
    is_decoration = name in ("decorator_list", "annotation", "returns", "format_spec")
    return is_docstring or is_number_of_a_sign or is_name_called or is_decoration


def _parameters(function: ast.FunctionDef) -> list[ast.arg]:
    arguments = function.args
    starred = [each for each in (arguments.vararg, arguments.kwarg) if each]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *starred]


def _bound_before(function: ast.FunctionDef, line: int) -> dict[str, str]:
    """The names that a function has given itself before some line: they may be taken for one another.

    With each stands the one that it is only another name of (`P = patch_size`), or itself.
    """
    before = [node for node in ast.walk(function) if getattr(node, "lineno", line) < line]
    stored = [node.id for node in before if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    names = {name: name for name in [*(each.arg for each in _parameters(function)), *stored]}
    for node in before:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name(id=other)) if stored.count(name) == 1:
                names[name] = names.get(other, other)
    return names
