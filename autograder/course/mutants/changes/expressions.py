"""What one expression of a solution may be changed to: each change is a mistake that somebody could make."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator, Mapping
from copy import copy
from itertools import pairwise
from typing import Any

from autograder.course.mutants import messages
from autograder.course.mutants.changes.twins import ANY_ORDER, IN_AN_ORDER, TWINS

Variants = Iterator[tuple[str, ast.expr]]

OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div, ast.Mod),
    ast.Mod: (ast.FloorDiv, ast.Div),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd, ast.BitXor),
    ast.BitXor: (ast.BitOr,),
    ast.LShift: (ast.RShift,),
    ast.RShift: (ast.LShift,),
}
ONE_WAY = (ast.Sub, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult)  # the order of the two sides counts
IN_PLACE = {ast.Add: "iadd", ast.Sub: "isub", ast.Mult: "imul", ast.Div: "itruediv", ast.MatMult: "imatmul"}
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}


def variants(node: ast.expr, names: Mapping[str, str], mutable: Collection[str]) -> Variants:
    """Other expressions for one, each with the kind of the change.

    names:   those that have a value there and that the function has given itself: its parameters, its variables, each
             with the one that it is only another name of
    mutable: the parameters that can be written into
    """
    make = _MAKERS.get(type(node))
    if make is not None:
        yield from make(node)
    match node:
        case ast.Name(id=name) if name in names:
            yield from ((messages.NAME, ast.Name(other, ast.Load())) for other in names if names[other] != names[name])
        case ast.BinOp(left=ast.Name(id=name)) if name in mutable and type(node.op) in IN_PLACE:
            function = ast.Attribute(ast.Name("operator", ast.Load()), IN_PLACE[type(node.op)], ast.Load())
            yield messages.IN_PLACE, ast.Call(function, [node.left, node.right], [])


def changed(node: Any, **fields: Any) -> Any:
    """The same node with other fields."""
    other = copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def _binary(node: ast.BinOp) -> Variants:
    for other in OPERATORS.get(type(node.op), ()):
        yield messages.OPERATOR, changed(node, op=other())
    if isinstance(node.op, ONE_WAY):
        yield messages.ORDER, changed(node, left=node.right, right=node.left)
    yield messages.LEFT_OUT, node.left
    yield messages.LEFT_OUT, node.right


def _compare(node: ast.Compare) -> Variants:
    for place, op in enumerate(node.ops):
        for other in COMPARISONS[type(op)]:
            yield messages.COMPARISON, changed(node, ops=[*node.ops[:place], other(), *node.ops[place + 1 :]])


def _boolean(node: ast.BoolOp) -> Variants:
    yield messages.CONDITION, changed(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for place in range(len(node.values)):
        rest = [*node.values[:place], *node.values[place + 1 :]]
        yield messages.CONDITION, rest[0] if len(rest) == 1 else changed(node, values=rest)


def _unary(node: ast.UnaryOp) -> Variants:
    if (number := whole_number(node)) is not None:
        yield from _numbers(number)
    else:
        yield messages.LEFT_OUT, node.operand


def whole_number(node: ast.AST) -> int | None:
    """A whole number as it is written down, with its sign."""
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)) if type(value) is int:
            return -value
        case ast.Constant(value=int() as value) if type(value) is int:
            return value
    return None


def _constant(node: ast.Constant) -> Variants:
    match node.value:
        case bool() as value:
            yield messages.CONSTANT, ast.Constant(not value)
        case int() as value:
            yield from _numbers(value)
        case float() as value:
            for other in dict.fromkeys((value * 10, value / 10, 0.0, -value, value + 1)):
                if other != value:
                    yield messages.CONSTANT, ast.Constant(other)
        case str() as value:
            yield messages.CONSTANT, ast.Constant(f"{value}x")
            if value:
                yield messages.CONSTANT, ast.Constant("")


def _numbers(value: int) -> Variants:
    for other in dict.fromkeys((0, 1, value - 1, value + 1, 2 * value, -value)):
        if other != value:
            yield messages.CONSTANT, _number(other)


def _number(value: int) -> ast.expr:
    return ast.UnaryOp(ast.USub(), ast.Constant(-value)) if value < 0 else ast.Constant(value)


def _call(node: ast.Call) -> Variants:
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    for twin in TWINS.get(name, ()):
        function = changed(node.func, **{"attr" if isinstance(node.func, ast.Attribute) else "id": twin})
        yield messages.FUNCTION, changed(node, func=function)
    for one, other in pairwise(range(len(node.args))):
        if (name in ANY_ORDER and one == 0) or (name == "swapaxes" and other == len(node.args) - 1):
            continue
        args = list(node.args)
        args[one], args[other] = args[other], args[one]
        yield messages.ORDER, changed(node, args=args)
    for place, argument in enumerate(node.args):
        if not isinstance(argument, ast.Starred):
            yield messages.CALL_LEFT_OUT, argument
            if len(node.args) > 1:
                yield messages.ARGUMENT, changed(node, args=[*node.args[:place], *node.args[place + 1 :]])
    if isinstance(node.func, ast.Attribute) and not _is_module(node.func.value):
        yield messages.CALL_LEFT_OUT, node.func.value
    for place, keyword in enumerate(node.keywords):
        rest = [*node.keywords[:place], *node.keywords[place + 1 :]]
        yield messages.ARGUMENT, changed(node, keywords=rest)
        if keyword.arg == "axis":
            everything = ast.keyword(keyword.arg, ast.Constant(None))
            yield messages.ARGUMENT, changed(node, keywords=[*rest, everything])
    if name in IN_AN_ORDER and all(keyword.arg != "order" for keyword in node.keywords):
        by_column = ast.keyword("order", ast.Constant("F"))
        yield messages.ARGUMENT, changed(node, keywords=[*node.keywords, by_column])


def _is_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("np", "numpy", "math", "itertools", "functools", "random", "re")


def _attribute(node: ast.Attribute) -> Variants:
    if node.attr in ("T", "mT"):
        yield messages.LEFT_OUT, node.value


def _subscript(node: ast.Subscript) -> Variants:
    if isinstance(node.ctx, ast.Load):
        yield messages.LEFT_OUT, node.value


def _slice(node: ast.Slice) -> Variants:
    for name in ("lower", "upper", "step"):
        bound = getattr(node, name)
        if bound is not None:
            yield messages.INDEX, changed(node, **{name: None})
            if whole_number(bound) is None:
                yield messages.INDEX, changed(node, **{name: ast.BinOp(bound, ast.Add(), ast.Constant(1))})
                yield messages.INDEX, changed(node, **{name: ast.BinOp(bound, ast.Sub(), ast.Constant(1))})


def _several(node: ast.Tuple | ast.List) -> Variants:
    if isinstance(node.ctx, ast.Load):
        for one, other in pairwise(range(len(node.elts))):
            elements = list(node.elts)
            elements[one], elements[other] = elements[other], elements[one]
            yield messages.ORDER, changed(node, elts=elements)


def _choice(node: ast.IfExp) -> Variants:
    yield messages.CONDITION, node.body
    yield messages.CONDITION, node.orelse


def _comprehension(node: Any) -> Variants:
    first, *rest = node.generators
    for place in range(len(first.ifs)):
        fewer = changed(first, ifs=[*first.ifs[:place], *first.ifs[place + 1 :]])
        yield messages.CONDITION, changed(node, generators=[fewer, *rest])
    for other in shortened(first.iter):
        yield messages.LOOP, changed(node, generators=[changed(first, iter=other), *rest])


def shortened(sequence: ast.expr) -> Iterator[ast.expr]:
    """All that is gone through but the first, all but the last, the other way round."""
    one = ast.Constant(1)
    whole = ast.Call(ast.Name("list", ast.Load()), [sequence], [])
    for part in (
        ast.Slice(lower=one),
        ast.Slice(upper=ast.UnaryOp(ast.USub(), one)),
        ast.Slice(step=ast.UnaryOp(ast.USub(), one)),
    ):
        yield ast.Subscript(whole, part, ast.Load())


_MAKERS: dict[type[ast.expr], Callable[[Any], Variants]] = {
    ast.BinOp: _binary,
    ast.Compare: _compare,
    ast.BoolOp: _boolean,
    ast.UnaryOp: _unary,
    ast.Constant: _constant,
    ast.Call: _call,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.Tuple: _several,
    ast.List: _several,
    ast.IfExp: _choice,
    **dict.fromkeys((ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp), _comprehension),
}
