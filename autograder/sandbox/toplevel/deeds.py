"""What code does to the names of the top level, told by its text."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from typing import Any

from autograder.sandbox.toplevel.imports import Import, imported

NAMESPACES = {"globals", "locals", "vars"}
DYNAMIC = {"exec", "eval", *NAMESPACES}  # code that mentions one of these may read any name
UPDATES = {"update", "setdefault", "pop"}
SHOWING = {"print", "display", "help", "check", "heatmap", "token_map", "picture"}
# Functions and methods that change nothing of what they are asked or handed, of built-in types and of NumPy.
READING = {
    *("T", "abs", "all", "allclose", "any", "argmax", "argmin", "argsort", "array", "array_equal", "asarray", "astype"),
    *("bool", "callable", "clip", "copy", "count", "cumsum", "dict", "dot", "dtype", "endswith", "enumerate"),
    *("filter", "flatten", "float", "format", "get", "getattr", "hasattr", "id", "imag", "index", "int", "isclose"),
    *("isinstance", "items", "join", "keys", "len", "list", "lower", "map", "max", "mean", "min", "ndim", "norm"),
    *("range", "ravel", "real", "repr", "reshape", "reversed", "round", "set", "shape", "show", "size", "sorted"),
    *("split", "squeeze", "startswith", "std", "str", "strip", "sum", "swapaxes", "tolist", "trace", "transpose"),
    *("tuple", "type", "upper", "values", "var", "zip"),
}
ATTRIBUTE_SETTERS = {"setattr", "delattr", "update_wrapper"}  # what these are handed, they change, be it a function
# Functions of modules that set something there: what is computed afterwards depends on it.
MODULE_SETTERS = {"seed", "set_state", "setstate", "seterr", "setcontext", "simplefilter", "filterwarnings"}


@dataclass(frozen=True)
class Deeds:
    """What some code does to the names of the top level, by kinds of deeds."""

    binds: set[str] = field(default_factory=set)
    alters: set[str] = field(default_factory=set)  # names that it assigns into
    asks: set[tuple[str, str]] = field(default_factory=set)  # names of which it calls a method, and which
    hands: set[tuple[str, str]] = field(default_factory=set)  # to which call that is there for its effect, which names
    passes: set[tuple[str, str]] = field(default_factory=set)  # to which function, which names, in any call
    calls: set[str] = field(default_factory=set)  # names that it calls
    aliases: set[tuple[str, str]] = field(default_factory=set)  # names for what stands in another one
    imports: list[Import] = field(default_factory=list)
    binds_any: list[bool] = field(default_factory=list)  # not empty where it may bind any name

    def include(self, inside: Deeds) -> None:
        """Add what code does that runs inside this one."""
        for each in fields(self):
            own, further = getattr(self, each.name), getattr(inside, each.name)
            own.update(further) if isinstance(own, set) else own.extend(further)

    @property
    def asked(self) -> set[str]:
        """The names of which a method is called that may change what they stand for."""
        return {name for name, method in self.asks if method not in READING}

    @property
    def handed(self) -> set[str]:
        return {name for _, name in self.hands}


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
    if type(node.ctx) is ast.Store:  # what is deleted afterwards still counts
        deeds.binds.add(node.id)
    return []


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, deeds: Deeds) -> list[ast.AST]:
    deeds.binds.add(node.name)
    _decorated(node.decorator_list, deeds)
    return [*node.decorator_list, *node.args.defaults, *node.args.kw_defaults]  # type: ignore[list-item]


def _class(node: ast.ClassDef, deeds: Deeds) -> list[ast.AST]:
    inside = deeds_of(node.body)
    inside.binds.clear()  # those are its attributes
    deeds.include(inside)
    deeds.binds.add(node.name)
    _decorated(node.decorator_list, deeds)
    return [*node.decorator_list, *node.bases, *node.keywords]


def _decorated(decorators: Iterable[ast.AST], deeds: Deeds) -> None:
    """A decorator is called."""
    for each in decorators:
        if isinstance(each, ast.Name):
            deeds.calls.add(each.id)
        elif isinstance(each, ast.Attribute):
            deeds.asks.update((root, each.attr) for root in _roots(each))


def _call(node: ast.Call, deeds: Deeds) -> list[ast.AST]:
    function = node.func
    if isinstance(function, ast.Name):
        deeds.calls.add(function.id)
        deeds.binds_any.extend([True] * (function.id == "exec"))
    elif isinstance(function, ast.Attribute):
        deeds.asks.update((root, function.attr) for root in _roots(function))
        if function.attr in UPDATES and _is_namespace(function.value):
            deeds.binds_any.append(True)
    name = _called(node)
    for argument in _arguments(node):
        roots = _roots(argument)
        deeds.passes.update((name, root) for root in roots)
        if isinstance(argument, ast.Attribute):  # a method that somebody else calls: `map(table.append, …)`
            deeds.asks.update((root, argument.attr) for root in roots)
    deeds.hands.update(("out", root) for each in node.keywords if each.arg == "out" for root in _roots(each.value))
    return [function, *node.args, *node.keywords]


def _called(node: ast.Call) -> str:
    """The name of what is called, or of the method."""
    return getattr(node.func, "id", "") or getattr(node.func, "attr", "")


def _arguments(node: ast.Call) -> list[ast.expr]:
    return [*node.args, *(each.value for each in node.keywords)]


def _place(node: ast.Attribute | ast.Subscript, deeds: Deeds) -> list[ast.AST]:
    if type(node.ctx) is not ast.Load:
        deeds.alters.update(_roots(node))
        deeds.binds_any.extend([True] * _is_namespace(node.value))
    return [node.value] if isinstance(node, ast.Attribute) else [node.value, node.slice]


def _is_namespace(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in NAMESPACES


def _expression(node: ast.Expr, deeds: Deeds) -> list[ast.AST]:
    return _for_effect(node.value, deeds)


def _for_effect(value: ast.expr, deeds: Deeds) -> list[ast.AST]:
    """What calls get that are there for their effect, they may alter."""
    if isinstance(value, ast.Call) and _called(value) not in SHOWING:
        for call in ast.walk(value):
            if isinstance(call, ast.Call):
                name = _called(call)
                handed = {root for each in _arguments(call) for root in _roots(each)}
                handed |= _roots(call.func) if isinstance(call.func, ast.Name) else set()  # `step()`, of an object
                if name not in READING and not name.startswith("assert"):
                    deeds.hands.update((name, root) for root in handed)
    return [value]


def _assignment(node: ast.Assign | ast.AnnAssign | ast.NamedExpr, deeds: Deeds) -> list[ast.AST]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    _note_aliases(targets, node.value, deeds)
    if [getattr(target, "id", "") for target in targets] == ["_"] and node.value:
        _for_effect(node.value, deeds)
    return [*targets, node.value] if node.value else list(targets)


def _loop(node: ast.For | ast.AsyncFor, deeds: Deeds) -> list[ast.AST]:
    _note_aliases([node.target], node.iter, deeds)
    return [node.target, node.iter, *node.body, *node.orelse]


def _with_item(node: ast.withitem, deeds: Deeds) -> list[ast.AST]:
    deeds.alters.update(_roots(node.context_expr))  # it is entered
    if node.optional_vars:
        _note_aliases([node.optional_vars], node.context_expr, deeds)
    return [node.context_expr, *([node.optional_vars] if node.optional_vars else [])]


def _note_aliases(targets: Iterable[ast.AST], value: ast.AST | None, deeds: Deeds) -> None:
    """What a target stands for may be a part of what the names in the value stand for."""
    inner = value
    if isinstance(inner, ast.Call):  # enumerate(rows), zip(rows, columns), layers.items()
        sources = {root for each in (inner.func, *_arguments(inner)) for root in _roots(each)}
    else:
        sources = _roots(inner) if inner is not None else set()
    names = {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}
    deeds.aliases.update((name, source) for name in names for source in sources if name != source)


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
    ast.withitem: _with_item,
    **dict.fromkeys((ast.Assign, ast.AnnAssign, ast.NamedExpr), _assignment),
    **dict.fromkeys((ast.For, ast.AsyncFor), _loop),
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


@dataclass(frozen=True)
class Effects:
    """What a call of a function does to the names of the top level, and whether it changes what it is handed."""

    deeds: Deeds
    on_arguments: bool = False


def effects(node: ast.AST) -> Effects:
    """What calling a function does; of a class, what any of its methods does."""
    if isinstance(node, ast.ClassDef):
        together = Deeds()
        for method in node.body:
            together.include(effects(method).deeds)
        return Effects(together)
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
        node = node.value
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return Effects(Deeds())
    deeds = deeds_of([node.body] if isinstance(node, ast.Lambda) else node.body)
    inner = list(ast.walk(node))
    for nested in inner[1:]:  # functions inside it, which it may call, or return: a decorator does
        if isinstance(nested, ast.FunctionDef):
            deeds.include(effects(nested).deeds)
    declared = {name for each in inner if isinstance(each, ast.Global) for name in each.names}
    arguments = {each.arg for each in ast.walk(node.args) if isinstance(each, ast.arg)}
    own = (deeds.binds | arguments) - declared
    aliases = {name for name, source in deeds.aliases if source in arguments}
    on_arguments = bool((deeds.alters | deeds.asked | deeds.handed) & (arguments | aliases))
    for name, source in deeds.aliases:  # a name of its own for what stands at top level
        if name in deeds.alters | deeds.asked | deeds.handed and source not in own:
            deeds.alters.add(source)
    deeds.binds.intersection_update(declared)
    deeds.alters.difference_update(own)
    deeds.calls.difference_update(own)
    for pairs in (deeds.asks, deeds.hands, deeds.passes):
        position = 0 if pairs is deeds.asks else 1
        pairs.difference_update({pair for pair in pairs if pair[position] in own})
    return Effects(deeds, on_arguments)
