"""Sentences stand in messages modules, whole, so that each can be read, and put into another language, by itself."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.paths import ROOT

PACKAGE = ROOT / "autograder"
MESSAGES = sorted(PACKAGE.rglob("*messages.py"))
# What is never imported by the package: a submission of our own, and what runs where the package is not yet; and what
# speaks to the other end of the wire only.
APART = ("sandbox/kernel/probe.py", "sandbox/wire/*", "sandbox/kernel/*", "publish/*/scripts/*")
ERRORS = {"UserError", "CourseError", "ChecksError", "SettingsError", "UnreadableError"}


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def place(path: Path, node: ast.AST) -> str:
    """Where a node stands, and what it is."""
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}: {ast.unparse(node)}"


def is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def is_whole(node: ast.expr, functions: set[str]) -> bool:
    """Whether what is returned is a text, a constant, one of two, a template filled in, or another function's text."""
    match node:
        case ast.IfExp():
            return is_whole(node.body, functions) and is_whole(node.orelse, functions)
        case ast.Call(func=ast.Name(id=name)):
            return name in functions
        case ast.Call(func=ast.Attribute(attr="format"), args=[]):
            return True
    return is_text(node) or isinstance(node, ast.Name)


def is_plain_placeholder(node: ast.FormattedValue) -> bool:
    return isinstance(node.value, ast.Name) and node.format_spec is None and node.conversion in (-1, ord("r"))


def is_plain_template(text: str) -> bool:
    """Whether all fields of a template for `str.format` are plain names."""
    try:
        fields = [each[1:] for each in string.Formatter().parse(text) if each[1] is not None]
    except ValueError:  # a brace that is no field
        return True
    return all(name.isidentifier() and not spec and conversion in (None, "r") for name, spec, conversion in fields)


def listed(offenders: list[str]) -> str:
    return "\n".join(["", *offenders])


def test_placeholders_of_messages_are_plain_names() -> None:
    """Without a format and without a conversion but !r: what is computed is computed by whoever asks."""
    offenders = [
        place(path, node)
        for path in MESSAGES
        for node in ast.walk(parse(path))
        if (isinstance(node, ast.FormattedValue) and not is_plain_placeholder(node))
        or (isinstance(node, ast.Constant) and isinstance(node.value, str) and not is_plain_template(node.value))
    ]
    assert not offenders, listed(offenders)


def test_no_message_is_put_together_from_pieces() -> None:
    offenders = [
        place(path, node)
        for path in MESSAGES
        for node in ast.walk(parse(path))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and (is_text(node.left) or is_text(node.right))
    ]
    assert not offenders, listed(offenders)


def test_every_function_of_messages_returns_whole_sentences() -> None:
    offenders = []
    for path in MESSAGES:
        functions = {node.name: node for node in parse(path).body if isinstance(node, ast.FunctionDef)}
        for function in functions.values():
            returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
            offenders += [
                place(path, value) for value in returned if value is None or not is_whole(value, set(functions))
            ]
    assert not offenders, listed(offenders)


def test_what_a_user_is_told_is_worded_in_a_messages_module() -> None:
    offenders = [
        place(path, node)
        for path in sorted(PACKAGE.rglob("*.py"))
        if path not in MESSAGES and not any(path.relative_to(PACKAGE).match(each) for each in APART)
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Raise) and is_worded_here(node)
    ]
    assert not offenders, listed(offenders)


def is_worded_here(node: ast.Raise) -> bool:
    """Whether the first argument of an error that a user sees holds a text; arguments of a message's own may."""
    if not isinstance(node.exc, ast.Call) or not isinstance(node.exc.func, ast.Name):
        return False
    return node.exc.func.id in ERRORS and any(
        is_text(each) for argument in node.exc.args[:1] for each in own_nodes(argument)
    )


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all below it, but not what is given to a function."""
    yield node
    for child in [] if isinstance(node, ast.Call) else ast.iter_child_nodes(node):
        yield from own_nodes(child)


@pytest.mark.parametrize(
    ("statement", "worded"),
    [
        ("raise UserError('no reports')", True),
        ("raise CourseError(f'{path}: no reports') from error", True),
        ("raise ChecksError('\\n' + problems)", True),
        ("raise SettingsError(reason or f'no {key}')", True),
        ("raise UserError(messages.no_reports(path, 'a text of its own'))", False),
        ("raise UserError(messages.STOPPED) from None", False),
        ("raise UnreadableError(Problem.LINK, file='a.py')", False),
        ("raise ValueError('of ours')", False),
    ],
)
def test_the_guard_tells_one_from_the_other(statement: str, worded: bool) -> None:
    (node,) = ast.parse(statement).body
    assert isinstance(node, ast.Raise)
    assert is_worded_here(node) == worded


def test_every_messages_module_speaks_other_languages() -> None:
    silent = [str(path) for path in MESSAGES if "\ntranslatable(__name__" not in path.read_text(encoding="utf-8")]
    assert silent == [], "give it `translatable(__name__)` below its imports"


def test_messages_are_asked_for_when_they_are_said() -> None:
    """By a module's name: what is imported from it, or taken from it once for all, is said in English for ever."""
    classes = {"Problem", "Wrong"}  # which hold templates; whoever uses them has them translated
    offenders = [
        place(path, node)
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(parse(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("messages")
        if not {each.name for each in node.names} <= classes
    ]
    assert not offenders, listed(offenders)
