"""One statement at the top level of a submission, and what it does there."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cached_property

from autograder.sandbox.toplevel.deeds import Deeds, deeds_of, effects
from autograder.sandbox.toplevel.imports import Import, imported

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
PLAIN = (*DEFINITIONS, ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.AugAssign)
SHOWING = {"print", "display", "help"}  # these alter nothing of what they are handed
NAME = re.compile(r"(?<![\w.`])[^\W\d]\w*")  # not an attribute, nor `quoted`
CALLED_ONLY = re.compile(rf"(?<!def )(?<!class )({NAME.pattern})\s*\(")


def more_than_called(text: str) -> set[str]:
    """The names in some code, but for those that it only calls."""
    return set(NAME.findall(CALLED_ONLY.sub("(", text)))


@dataclass(frozen=True)
class Statement:
    """A statement and its text. One that does not parse has a `problem`, and the names that it set out to bind."""

    label: str
    line: int
    node: ast.stmt | None = None
    text: str = ""
    problem: str = ""
    begun: tuple[str, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether it is an import, a definition or an assignment."""
        return self.node is None or isinstance(self.node, PLAIN)

    @property
    def as_import(self) -> Import | None:
        return self.node if isinstance(self.node, Import) else None

    @property
    def is_definition(self) -> bool:
        return isinstance(self.node, DEFINITIONS)

    @property
    def is_star(self) -> bool:
        """Whether it imports all names of a module."""
        return self.as_import is not None and "*" in imported(self.as_import)

    @property
    def modules(self) -> set[str]:
        """The names that it imports, be it in a `try`."""
        if self.as_import or (not self.is_plain and "import" in self.text):
            return {name for node in self.deeds.imports for name in imported(node)}
        return set()

    @property
    def definitions(self) -> set[str]:
        """The names of the functions and classes that it defines, be it in a `try`."""
        if isinstance(self.node, DEFINITIONS):
            return {self.node.name}
        return set() if self.is_plain else {*re.findall(r"^\s*(?:def|class)\s+(\w+)", self.text, re.MULTILINE)}

    # Most statements are experiments, of which a look at the text tells that no question depends on them. Only the
    # others are walked through.

    def may_bind_or_change(self, name: str) -> bool:
        """Whether it may bind or change a name, by a look at its text."""
        if self.node is None:
            return name in self.begun
        if self.as_import:
            return name in imported(self.as_import)
        if isinstance(self.node, DEFINITIONS) and not self.node.decorator_list:
            return name == self.node.name
        return name in self.text and not self._only_shows and name in more_than_called(self.text)

    def may_call(self, name: str) -> bool:
        """Whether its text calls a name."""
        return f"{name}(" in self.text and name in self.names

    @cached_property
    def names(self) -> set[str]:
        """The names in its text; what stands behind a dot is none."""
        return set(NAME.findall(self.text))

    @cached_property
    def deeds(self) -> Deeds:
        """What it does when it runs."""
        if self.node is None:
            return Deeds(binds=set(self.begun))
        return Deeds() if self._only_shows else deeds_of([self.node])

    @property
    def effects(self) -> Deeds:
        """What a call of the function does that it defines, if it defines one."""
        is_function = isinstance(self.node, ast.FunctionDef | ast.AsyncFunctionDef)
        return effects(self.node) if is_function else Deeds()  # type: ignore[arg-type]

    @property
    def _only_shows(self) -> bool:
        call = self.node.value if isinstance(self.node, ast.Expr) else None
        return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in SHOWING
