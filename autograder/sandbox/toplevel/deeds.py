"""What code does to the names of the top level, told by its text."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from autograder.sandbox.toplevel.imports import Import, imported

DYNAMIC = {"exec", "eval", "globals", "locals", "vars"}  # these may bind or read any name


@dataclass(frozen=True)
class Deeds:
    """What some code does to the names of the top level, by kinds of deeds."""

    binds: set[str] = field(default_factory=set)
    alters: set[str] = field(default_factory=set)  # names that it assigns into
    asks: set[str] = field(default_factory=set)  # names of which it calls a method
    hands: set[str] = field(default_factory=set)  # names that it hands to a call as a statement of its own
    passes: set[str] = field(default_factory=set)  # names that it hands to any call
    calls: set[str] = field(default_factory=set)  # names that it calls; "" where that may bind any
    mentions: set[str] = field(default_factory=set)  # all names in it
    imports: list[Import] = field(default_factory=list)

    def include(self, inside: Deeds) -> None:
        """Add what code does that runs inside this one."""
        for own, further in zip(self._sets, inside._sets, strict=True):
            own.update(further)
        self.imports.extend(inside.imports)

    @property
    def _sets(self) -> tuple[set[str], ...]:
        return self.binds, self.alters, self.asks, self.hands, self.passes, self.calls, self.mentions


def deeds_of(code: Iterable[ast.AST]) -> Deeds:
    """What code does when it runs: the bodies of functions in it do not, nor those of lambdas."""
    deeds = Deeds()
    todo = list(code)
    while todo:
        node = todo.pop()
        kind = type(node)
        if kind in _RUN_IN_PART:
            todo += _RUN_IN_PART[kind](node, deeds)
        else:
            for field_name in _CHILDREN.get(kind, ()):
                child = getattr(node, field_name)
                if type(child) is list:
                    todo += child
                else:
                    todo.append(child)
    return deeds


def _name(node: ast.Name, deeds: Deeds) -> list[ast.AST]:
    deeds.mentions.add(node.id)
    if type(node.ctx) is ast.Store:  # what is deleted afterwards still counts
        deeds.binds.add(node.id)
    return []


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, deeds: Deeds) -> list[ast.AST]:
    deeds.binds.add(node.name)
    return [*node.decorator_list, *node.args.defaults, *node.args.kw_defaults]  # type: ignore[list-item]


def _class(node: ast.ClassDef, deeds: Deeds) -> list[ast.AST]:
    inside = deeds_of(node.body)
    inside.binds.clear()  # those are its attributes
    deeds.include(inside)
    deeds.binds.add(node.name)
    return [*node.decorator_list, *node.bases, *node.keywords]


def _call(node: ast.Call, deeds: Deeds) -> list[ast.AST]:
    if isinstance(node.func, ast.Name):
        deeds.calls.add("" if node.func.id in DYNAMIC else node.func.id)
    elif isinstance(node.func, ast.Attribute):
        deeds.asks.update(_roots(node.func))
    for each in node.args:
        deeds.passes.update(_roots(each))
    for keyword in node.keywords:
        deeds.passes.update(_roots(keyword.value))
    return [node.func, *node.args, *node.keywords]


def _place(node: ast.Attribute | ast.Subscript, deeds: Deeds) -> list[ast.AST]:
    if type(node.ctx) is not ast.Load:
        deeds.alters.update(_roots(node))
    return [node.value] if isinstance(node, ast.Attribute) else [node.value, node.slice]


def _expression(node: ast.Expr, deeds: Deeds) -> list[ast.AST]:
    """What calls get that are a statement of their own, they may alter."""
    inside = deeds_of([node.value])
    inside.hands.update(inside.passes)
    deeds.include(inside)
    return []


def _import(node: Import, deeds: Deeds) -> list[ast.AST]:
    deeds.binds.update(imported(node))
    deeds.imports.append(node)
    return []


def _capture(node: ast.ExceptHandler | ast.MatchAs | ast.MatchStar | ast.MatchMapping, deeds: Deeds) -> list[ast.AST]:
    if name := node.rest if isinstance(node, ast.MatchMapping) else node.name:
        deeds.binds.add(name)
    return list(ast.iter_child_nodes(node))


_RUN_IN_PART: dict[type[ast.AST], Callable[[Any, Deeds], list[ast.AST]]] = {
    ast.Name: _name,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Lambda: lambda _node, _deeds: [],
    ast.comprehension: lambda node, _deeds: [node.iter, *node.ifs],  # its target is its own
    ast.Call: _call,
    ast.Attribute: _place,
    ast.Subscript: _place,
    ast.Expr: _expression,
    ast.Import: _import,
    ast.ImportFrom: _import,
    **dict.fromkeys((ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping), _capture),
}
# In all other nodes, what may hold names: not the operators, nor what is no node.
_CHILDREN = {
    kind: tuple(name for name in kind._fields if name not in ("ctx", "op", "ops", "names", "type_comment", "kind"))
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST) and not issubclass(kind, ast.Constant)
}


def _roots(node: ast.AST) -> set[str]:
    """The name at the root of `name`, `name.x`, `name[0]`, `*name`; none where there is another expression."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()


def effects(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Deeds:
    """What a call of a function does to the names of the top level."""
    deeds = deeds_of(function.body)
    declared = {name for node in ast.walk(function) if isinstance(node, ast.Global) for name in node.names}
    arguments = {node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)}
    own = (deeds.binds | arguments) - declared
    deeds.binds.intersection_update(declared)
    for names in (deeds.alters, deeds.asks, deeds.hands, deeds.calls):
        names.difference_update(own)
    return deeds
