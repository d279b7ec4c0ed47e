"""Imports: which modules an answer may use, those that the course lists and the harmless part of Python's own library.

What lies above or beneath a module that is listed may be used as far as it is loaded with it (`given/modules.py`). In
one statement, each module stands for itself.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterable
from dataclasses import dataclass

# What computes and nothing else. It is the sandbox that confines: this list is for honest answers, which are told what
# they cannot have. The zygote imports them all, since a worker opens no file.
STANDARD_LIBRARY = frozenset(
    {
        *("abc", "array", "base64", "bisect", "calendar", "cmath", "collections", "colorsys", "contextlib", "copy"),
        *("dataclasses", "datetime", "decimal", "difflib", "enum", "fractions", "functools", "graphlib", "heapq"),
        *("io", "itertools", "json", "keyword"),
        *("logging", "math", "numbers", "operator", "pprint", "random", "re", "reprlib", "statistics", "string"),
        *("struct", "textwrap", "time", "timeit", "types", "typing", "unicodedata", "warnings", "weakref"),
    }
)
SUBMODULES = ("collections.abc", "json.decoder", "json.encoder")  # what can be imported beneath them
NUMPY_PARTS = (
    *("char", "ctypeslib", "dtypes", "exceptions", "fft", "lib.recfunctions", "linalg", "ma", "matlib", "polynomial"),
    *("random", "rec", "strings", "testing", "typing"),
)
FUTURE = "__future__"
IN_C = frozenset({"_strptime"})  # what the library's code in C imports in the name of the code that has called it
OWN_MODULE, PREVIOUS = "autograder", "previous"  # a notebook gets the functions of earlier assignments from there
PLOTS, DEMO_OF = "autograder.plots", "demo_of"  # around what a notebook shows; what is bound there counts as ever
OWN = {(OWN_MODULE, PREVIOUS), (PLOTS, DEMO_OF)}  # what the loader has something of its own for

Import = ast.Import | ast.ImportFrom


@dataclass(frozen=True)
class Refusal:
    """An import that is not allowed, of a module or of a name in it, and where it stands."""

    module: str
    name: str
    label: str
    line: int


def may_import(module: str, allowed: Collection[str]) -> bool:
    """Whether an answer may import a module, if it is loaded; `allowed` are those that the course lists."""
    top = top_of(module)
    return top == FUTURE or top in IN_C or top in STANDARD_LIBRARY or any(_is_in_line(module, each) for each in allowed)


def _is_in_line(module: str, listed: str) -> bool:
    """Whether a module is the one that is listed, or lies above or beneath it."""
    return f"{module}.".startswith(f"{listed}.") or f"{listed}.".startswith(f"{module}.")


def may_be_missing(node: Import, allowed: Collection[str]) -> bool:
    """Whether an import of one module, though answers may use it, is of one that grading may not have loaded."""
    module = _module(node)
    parts = [f"{module}.{alias.name}" for alias in node.names] if isinstance(node, ast.ImportFrom) else []
    wanted = [module, *(part for part in parts if part in sys.modules)]
    return not all(_is_surely_loaded(each, allowed) for each in wanted)


def _is_surely_loaded(module: str, allowed: Collection[str]) -> bool:
    listed = {*allowed, *STANDARD_LIBRARY, *SUBMODULES, FUTURE, *(f"numpy.{part}" for part in NUMPY_PARTS)}
    return any(f"{each}.".startswith(f"{module}.") for each in listed)


def top_of(module: str) -> str:
    """The package that a module is in."""
    return module.partition(".")[0]


def refused_part(module: str, names: Iterable[str], allowed: Collection[str]) -> str:
    """The first of some names, taken from a module, that is a module which an answer may not use; else nothing."""
    parts = (f"{module}.{name}" for name in names)
    return next((each for each in parts if each in sys.modules and not may_import(each, allowed)), "")


def one_by_one(node: Import) -> list[Import]:
    """The same, with a statement for each module."""
    if isinstance(node, ast.ImportFrom):
        return [node]
    return [ast.copy_location(ast.Import([alias]), node) for alias in node.names]


def imported(node: Import) -> list[str]:
    """The names that an import binds: "*" for all there are."""
    return [alias.asname or top_of(alias.name) for alias in node.names]


def is_refused(node: Import, allowed: Collection[str]) -> bool:
    """Whether an import of one module is of one that answers may not use."""
    return not may_import(_module(node), allowed)


def refusals(nodes: Iterable[Import], allowed: Collection[str], label: str) -> dict[str, Refusal]:
    """Why the names that some imports would have bound are not there, by these names."""
    return {
        name: Refusal(_module(each), alias.name, label, node.lineno)
        for node in nodes
        for each in one_by_one(node)
        if is_refused(each, allowed)
        for name, alias in zip(imported(each), each.names, strict=True)
    }


def _module(node: Import) -> str:
    return node.names[0].name if isinstance(node, ast.Import) else "." * node.level + (node.module or "")


class WithoutRefused(ast.NodeTransformer):
    """Takes refused imports out of compound statements, but for `try`, which may have another way to go."""

    def __init__(self, allowed: Collection[str]) -> None:
        self._allowed = allowed

    def visit_Try(self, node: ast.Try) -> ast.Try:
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        return node  # it says so when it is called

    def visit_Import(self, node: ast.Import) -> list[ast.stmt]:
        kept: list[ast.stmt] = [each for each in one_by_one(node) if not is_refused(each, self._allowed)]
        return kept or [ast.copy_location(ast.Pass(), node)]

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.stmt:
        return ast.copy_location(ast.Pass(), node) if is_refused(node, self._allowed) else node
