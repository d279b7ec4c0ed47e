"""One statement at the top level of a submission, and what it does there."""

from __future__ import annotations
import __future__

import ast
import copy
import re
from dataclasses import dataclass
from functools import cached_property
from types import CodeType

from autograder.sandbox.toplevel.deeds import NAMESPACES, Deeds, Effects, deeds_of, effects
from autograder.sandbox.toplevel.imports import Import, imported

# Annotations stay text: a type that was not imported must not cost the function that mentions it.
FLAGS = __future__.annotations.compiler_flag
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
BINDING_ANY = {"exec", *NAMESPACES}
PLAIN = (*DEFINITIONS, ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.AugAssign)
NAME = re.compile(r"(?<![\w.`])[^\W\d]\w*")  # not an attribute, nor `quoted`
ONLY_CALLED = re.compile(rf"(?<!def )(?<!class )({NAME.pattern})\s*\(")
ONLY_ASKED = re.compile(rf"({NAME.pattern})\s*\.(?!\.)")
SHOWN = re.compile(r"\bdemo_of\s*\([^()]*\)")  # what a cell is to show, it only calls
STEP = re.compile(r"^[ \t]*([^\W\d]\w*)\s*\(", re.MULTILINE)  # a call that a line begins with
DEFINED = re.compile(r"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)


def touched(text: str) -> set[str]:
    """The names in some code, but for those that it only calls on the way."""
    text = SHOWN.sub("", text)
    return {*NAME.findall(ONLY_CALLED.sub("(", text)), *STEP.findall(text)}


def bare(text: str) -> set[str]:
    """The names in some code, but for those that it only calls, or takes something from: `np.exp`."""
    return set(NAME.findall(ONLY_ASKED.sub(".", ONLY_CALLED.sub("(", SHOWN.sub("", text)))))


def compiled(node: ast.stmt, label: str) -> CodeType:
    """Code that says of its lines that they stand in `label`. Raises what `compile` may."""
    code: CodeType = compile(ast.Module([node], []), label, "exec", flags=FLAGS, dont_inherit=True)
    return code


def _filed(code: CodeType, label: str) -> CodeType:
    """The same code, as if it had been read from another cell."""
    constants = (_filed(each, label) if isinstance(each, CodeType) else each for each in code.co_consts)
    return code.replace(co_filename=label, co_consts=tuple(constants))


@dataclass(frozen=True)
class Statement:
    """A statement and its text. One that does not parse has a `problem`, and the names that it was `to_bind`."""

    label: str
    line: int
    node: ast.stmt | None = None
    text: str = ""
    problem: str = ""
    to_bind: tuple[str, ...] = ()

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
    def function_names(self) -> set[str]:
        """The names of functions and classes that it defines as a whole, a lambda too."""
        is_lambda = isinstance(self.node, ast.Assign) and isinstance(self.node.value, ast.Lambda)
        return self.deeds.binds if is_lambda else self.definitions if self.is_definition else set()

    @property
    def may_bind_anything(self) -> bool:
        is_star = self.as_import is not None and "*" in imported(self.as_import)
        may = not self._is_undecorated and any(name in self.text for name in BINDING_ANY)
        return is_star or (may and bool(self.deeds.binds_any))

    @property
    def imported(self) -> set[str]:
        """The names that it imports, be it in a `try`."""
        if self.as_import:
            return set(imported(self.as_import))
        has_import = not self.is_plain and "import" in self.text
        return {name for node in self.deeds.imports for name in imported(node)} if has_import else set()

    @property
    def definitions(self) -> set[str]:
        """The names of the functions and classes that it defines, be it in a `try`."""
        if isinstance(self.node, DEFINITIONS):
            return {self.node.name}
        return set() if self.is_plain else set(DEFINED.findall(self.text))

    # Most statements are experiments, of which a look at the text tells that no question depends on them. Only the
    # others are walked through.

    @cached_property
    def touched(self) -> set[str]:
        """The names among which are all that it binds or changes, by a look at its text."""
        if self.node is None:
            return set(self.to_bind)
        if self.as_import:
            return set(imported(self.as_import))
        return {self.node.name} if self._is_undecorated else touched(self.text)  # type: ignore[attr-defined]

    @cached_property
    def bare(self) -> set[str]:
        """Those of them that it does more with than to take something from them."""
        return self.touched if self._is_undecorated or self.as_import else bare(self.text)

    @cached_property
    def names(self) -> set[str]:
        """The names in its text; what stands behind a dot is none."""
        return set(imported(self.as_import)) if self.as_import else set(NAME.findall(self._without_docstring))

    @cached_property
    def deeds(self) -> Deeds:
        """What it does when it runs."""
        return Deeds(binds=set(self.to_bind)) if self.node is None else deeds_of([self.node])

    @cached_property
    def effects(self) -> Effects:
        """What a call of the function does that it defines, if it defines one."""
        return effects(self.node) if self.node else Effects(Deeds())

    @cached_property
    def code(self) -> CodeType:
        """It, compiled. Raises what `compile` may."""
        assert self.node is not None
        return compiled(self.node, self.label)

    def labelled(self, label: str) -> Statement:
        """The same in a cell of another name; what is known of it goes along."""
        if label == self.label:
            return self
        made = copy.copy(self)
        vars(made)["label"] = label
        if "code" in vars(made):
            vars(made)["code"] = _filed(self.code, label)
        return made

    @property
    def _is_undecorated(self) -> bool:
        return isinstance(self.node, DEFINITIONS) and not self.node.decorator_list

    @property
    def _without_docstring(self) -> str:
        body = getattr(self.node, "body", ())
        first = body[0] if body and isinstance(body, list) else None
        if not (isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and self.is_definition):
            return self.text
        start = min([self.line, *(each.lineno for each in getattr(self.node, "decorator_list", ()))])
        lines = self.text.split("\n")
        if first.lineno == self.line:
            return self.text  # all on one line
        return "\n".join([*lines[: first.lineno - start], *lines[(first.end_lineno or first.lineno) - start + 1 :]])
