"""What one statement of a solution may be changed to: left out, forced one way, written in place, ended too early."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping

from autograder.course.mutants import messages
from autograder.course.mutants.changes.expressions import changed, shortened

Variants = Iterator[tuple[str, ast.stmt]]
LEAVABLE = (
    *(ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.Raise, ast.Return, ast.Delete, ast.For, ast.While),
    *(ast.If, ast.Break, ast.Continue, ast.Assert),
)


def variants(node: ast.stmt, names: Mapping[str, str], mutable: Collection[str]) -> Variants:
    """Other statements for one, each with the kind of the change; `names` and `mutable` as for expressions."""
    if isinstance(node, LEAVABLE):
        yield messages.STATEMENT, ast.Pass()
    match node:
        case ast.If() | ast.While():
            yield from _tested(node)
        case ast.For():
            yield from ((messages.LOOP, changed(node, iter=other)) for other in shortened(node.iter))
            yield messages.LOOP, changed(node, body=[*node.body, ast.Break()])
        case ast.Return(value=value) if value is not None:
            unchanged = names.get(value.id) if isinstance(value, ast.Name) else None
            returned = (name for name in names if names[name] != unchanged)
            yield from ((messages.RETURNED, changed(node, value=ast.Name(name, ast.Load()))) for name in returned)
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.BinOp(left=ast.Name(id=left)) as value) if left == name:
            yield messages.IN_PLACE, ast.AugAssign(ast.Name(name, ast.Store()), value.op, value.right)
        case ast.AugAssign(target=ast.Name(id=name)):
            yield messages.STATEMENT, ast.Assign([ast.Name(name, ast.Store())], node.value)
        case ast.Raise(exc=ast.Call(func=ast.Name()) as call):
            other = changed(call, func=ast.Name("RuntimeError", ast.Load()))
            yield messages.RAISED, changed(node, exc=other)


def _tested(node: ast.If | ast.While) -> Variants:
    """Forced one way, or the wrong way round. A loop for ever is for the limits of time."""
    for test in (ast.Constant(True), ast.Constant(False), ast.UnaryOp(ast.Not(), node.test)):
        yield messages.CONDITION, changed(node, test=test)
