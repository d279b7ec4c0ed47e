"""What of pytest a check cannot use, because a mark could not rest on it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

import pytest

from autograder.checking import author_messages
from autograder.checking.source import nodes_of

# An answer runs in a process of its own: what it prints, logs and warns of is not there to be read.
NOT_THERE = {"capfd", "capfdbinary", "caplog", "capsys", "capsysbinary", "capteesys", "recwarn"}
PASSED_BY = {"skip", "skipif", "xfail"}  # marks by which a check would neither pass nor fail
ENDING = {"exit", "importorskip", "skip", "xfail"}  # functions of pytest by which it would


def refused(item: pytest.Function) -> str:
    """Why a check cannot be used, if it cannot."""
    line, check = item.function.__code__.co_firstlineno, item.function.__name__
    for mark in item.iter_markers():
        if mark.name in PASSED_BY:
            return author_messages.neither_passes_nor_fails(item.path, line, check, f"@pytest.mark.{mark.name}")
    for fixture in item.fixturenames:
        if fixture in NOT_THERE:
            return author_messages.nothing_to_capture(item.path, line, check, fixture)
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    for fixture in item.fixturenames:
        if fixture not in ("request", *parameters) and not item._fixtureinfo.name2fixturedefs.get(fixture):
            return author_messages.no_fixture(item.path, line, check, fixture)
    for line, function in _endings(item.path.read_bytes()).get(check, ()):
        return author_messages.neither_passes_nor_fails(item.path, line, check, f"pytest.{function}")
    return ""


@cache
def _endings(source: bytes) -> dict[str, list[tuple[int, str]]]:
    """For each function in a file, the calls by which a test is left, and their lines."""
    functions = (node for node in nodes_of(source) if isinstance(node, ast.FunctionDef))
    return {function.name: list(_endings_in(function)) for function in functions}


def _endings_in(function: ast.FunctionDef) -> Iterator[tuple[int, str]]:
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and node.attr in ENDING and getattr(node.value, "id", "") == "pytest":
            yield node.lineno, node.attr
