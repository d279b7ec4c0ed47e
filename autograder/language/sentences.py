"""The sentences of a messages module: found for catalogues, and looked up in them.

A messages module says what it says in English, in f-strings and constants. In another language its functions are run
in a version of themselves in which each sentence is looked up first: an f-string as the template that it is, one of
two for `count == 1` by the rule of the language. What a catalogue holds and what is looked up is found by one and the
same walk, so that no sentence can be looked up that no catalogue can hold. Portable.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import CodeType
from typing import TypeVar

TEXT, SAID, COUNTED = "_text", "_said", "_counted"  # what looks up a constant, a template, one of two for a count
KEPT = "translatable"  # the call that says which constants are the same in every language
LETTERS = re.compile(r"[^\W\d_]{2}")
FIELD = re.compile(r"\{[^{}]*\}")
Node = TypeVar("Node", bound=ast.AST)


@dataclass(frozen=True)
class Sentence:
    """What stands in a catalogue: a text with fields in braces, and of one with a number what is said of several."""

    text: str
    line: int
    several: str = ""


def sentences_of(source: str) -> list[Sentence]:
    """All sentences of a messages module, in order."""
    tree = ast.parse(source)
    walk = _Lookups(_kept(tree))
    walk.visit(tree)
    return walk.found


def code_of(source: str, file: str) -> CodeType:
    """What `lookups_of` gives, compiled."""
    return compile(lookups_of(source), file, "exec")


def lookups_of(source: str) -> str:
    """The functions and constants of a messages module, with each sentence looked up by TEXT, SAID or COUNTED.

    What it imports, and its classes, are those of the module itself.
    """
    tree = ast.parse(source)
    tree = _Lookups(_kept(tree)).visit(tree)
    tree.body = [each for each in tree.body if isinstance(each, ast.FunctionDef | ast.Assign) or _is_future(each)]
    return ast.unparse(ast.fix_missing_locations(tree))


def is_sentence(text: str) -> bool:
    """Whether there is something to translate in a text beside its fields."""
    return LETTERS.search(FIELD.sub("", text)) is not None


def pattern_of(template: str) -> re.Pattern[str] | None:
    """What a text looks like that was made of a template with plain fields; None where it has none, or only fields."""
    parts = re.split(r"\{(\w+)\}", template)
    if len(parts) < 2 or not is_sentence("".join(parts[::2])):
        return None
    seen: set[str] = set()
    made = []
    for number, part in enumerate(parts):
        if number % 2 == 0:
            made.append(re.escape(part.replace("{{", "{").replace("}}", "}")))
        elif part.isidentifier():
            made.append(f"(?P={part})" if part in seen else f"(?P<{part}>.+?)")
            seen.add(part)
        else:
            return None  # a formula
    return re.compile("".join(made), re.DOTALL)


def _is_future(node: ast.AST) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _kept(tree: ast.Module) -> set[str]:
    """The constants that a module names as the same in every language."""
    calls = (node.value for node in tree.body if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))
    found = (call for call in calls if isinstance(call.func, ast.Name) and call.func.id == KEPT)
    return {str(each.value) for call in found for each in call.args[1:] if isinstance(each, ast.Constant)}


class _Lookups(ast.NodeTransformer):
    """Notes each sentence, and puts in its place the call that looks it up."""

    def __init__(self, kept: Collection[str]) -> None:
        self.found: list[Sentence] = []
        self._kept = kept

    def visit_Module(self, node: ast.Module) -> ast.AST:
        node.body = [self.visit(each) for each in _without_docstring(node.body)]
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.body = [self.visit(each) for each in _in_pairs(_without_docstring(node.body))]
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.body = [
            each if _names(each) == ["__slots__"] else self.visit(each) for each in _without_docstring(node.body)
        ]
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        return node if set(_names(node)) & set(self._kept) else self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        return node

    def visit_MatchValue(self, node: ast.MatchValue) -> ast.AST:
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        node.value = self.visit(node.value)
        return node

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        node.values = [self.visit(value) for value in node.values]
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Name) and node.func.id == "format":
            return node
        return self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        count = _is_one(node.test)
        if count is None or not (_is_text(node.body) and _is_text(node.orelse)):
            return self.generic_visit(node)
        one, several = _template(node.body), _template(node.orelse)
        if not is_sentence(one) or not is_sentence(several):
            return node
        self.found.append(Sentence(one, node.lineno, several))
        names = dict.fromkeys([*_fields(node.body), *_fields(node.orelse), count.id])
        arguments: list[ast.expr] = [ast.Constant(one), ast.Constant(several), count]
        return _call(COUNTED, arguments, names)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        template = _template(node)
        if not is_sentence(template) and len(_fields(node)) < 2:  # of several fields, the order may be another one
            return node
        self.found.append(Sentence(template, node.lineno))
        return _call(SAID, [ast.Constant(template)], dict.fromkeys(_fields(node)))

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if not isinstance(node.value, str) or not is_sentence(node.value):
            return node
        self.found.append(Sentence(node.value, node.lineno))
        return _call(TEXT, [ast.Constant(node.value)], {})


def _call(name: str, arguments: Sequence[ast.expr], fields: Mapping[str, None]) -> ast.Call:
    keywords = [ast.keyword(each, ast.Name(each, ast.Load())) for each in fields]
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), keywords)


def _in_pairs(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a function, where `if count == 1: return one` and `return several` are one."""
    rest = list(body)
    while rest:
        match rest:
            case [ast.If(test=test, body=[ast.Return(value=one)], orelse=[]), ast.Return(value=several), *_] if (
                _is_one(test) and one is not None and several is not None and _is_text(one) and _is_text(several)
            ):
                value = ast.copy_location(ast.IfExp(test, one, several), rest[0])
                yield ast.copy_location(ast.Return(value), rest[0])
                del rest[:2]
            case _:
                yield rest.pop(0)


def _is_one(test: ast.expr) -> ast.Name | None:
    """What is counted, where a test asks whether it is 1."""
    match test:
        case ast.Compare(left=ast.Name() as count, ops=[ast.Eq()], comparators=[ast.Constant(value=1 | "1")]):
            return count
    return None


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _template(node: ast.expr) -> str:
    """A text as a template for `str.format`; a constant is one as it stands."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.JoinedStr)
    return "".join(
        f"{{{_name(each)}{'!r' if each.conversion == ord('r') else ''}}}"
        if isinstance(each, ast.FormattedValue)
        else str(each.value).replace("{", "{{").replace("}", "}}")
        for each in node.values
        if isinstance(each, ast.FormattedValue | ast.Constant)
    )


def _fields(node: ast.expr) -> list[str]:
    values = node.values if isinstance(node, ast.JoinedStr) else []
    return [_name(each) for each in values if isinstance(each, ast.FormattedValue)]


def _name(value: ast.FormattedValue) -> str:
    if not isinstance(value.value, ast.Name):
        raise ValueError(f"line {value.lineno}: a field that is no plain name: {ast.unparse(value)}")
    return value.value.id


def _names(node: ast.stmt) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else []
    return [each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)]


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    match body:
        case [ast.Expr(value=ast.Constant(value=str())), *rest]:
            return rest or [ast.Pass()]
    return body
