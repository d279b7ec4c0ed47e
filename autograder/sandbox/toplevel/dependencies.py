"""Which statements the questions depend on: those that bind what they mention, or change it, and so on.

The rule stands in docs/grading.md, "What runs at top level".
"""

from __future__ import annotations
import __future__

import ast
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import CodeType

from autograder.sandbox import messages
from autograder.sandbox.namespace import names_in
from autograder.sandbox.protocol import Cell, Place
from autograder.sandbox.toplevel.deeds import DYNAMIC, Deeds
from autograder.sandbox.toplevel.imports import Refusal, WithoutRefused, refusals
from autograder.sandbox.toplevel.parsing import UNPARSABLE, ParsedCell
from autograder.sandbox.toplevel.statement import Statement

# Annotations stay text: a type that was not imported must not cost the function that mentions it.
FLAGS = __future__.annotations.compiler_flag


@dataclass(frozen=True)
class Compiled:
    """A statement that counts: its code, or the reason why it has none, and the imports in it that are refused."""

    statement: Statement
    code: CodeType | None
    problem: str = ""
    refusals: Mapping[str, Refusal] = field(default_factory=dict)  # by the names that they would have bound


class Dependencies:
    """The statements that some names depend on, found one by one; only these are compiled.

    `mentioned` are the names in them, `quoted` the strings at their top level that may be names.
    """

    def __init__(self, cells: Sequence[Cell], allowed: Collection[str]) -> None:
        self._cells = [ParsedCell(cell) for cell in cells]
        self._allowed = allowed
        self._parsed: dict[int, list[Statement]] = {}
        self._parse(lambda cell: cell.defines)
        defining = [each for statements in self._parsed.values() for each in statements]
        self._modules = {name for each in defining for name in each.modules}
        self._definitions = self._modules | {name for each in defining for name in each.definitions}
        self._functions = {name: each for each in defining if each.is_definition for name in each.deeds.binds}
        self._chosen: dict[tuple[int, int], Compiled] = {}
        self.mentioned: set[str] = set()
        self.quoted: set[str] = set()

    @property
    def chosen(self) -> list[Compiled]:
        """What was found, in its order."""
        return [self._chosen[place] for place in sorted(self._chosen)]

    def repeated(self, names: Iterable[str]) -> dict[str, list[Place]]:
        """Where functions are defined of which there are several definitions."""
        places: dict[str, list[Place]] = {name: [] for name in names}
        for each in self.chosen:
            if each.statement.is_definition and each.code:
                for name in each.statement.deeds.binds & places.keys():
                    places[name].append(Place(each.statement.label, each.statement.line))
        return {name: found for name, found in places.items() if len(found) > 1}

    def of(self, names: Iterable[str]) -> Dependencies:
        """Find what these names depend on, and what that depends on."""
        self._choose(_may_bind_anything)
        self._follow(names)
        while helpers := self._helpers():
            self._parse(lambda cell, helpers=helpers: any(map(cell.may_call, helpers)))  # type: ignore[misc]
            if not self._choose(lambda each, helpers=helpers: _calls_one_of(helpers, each)):  # type: ignore[misc]
                break
            self._follow(())
        return self

    def of_all(self) -> Dependencies:
        """Find all that is imported, defined or assigned, and what that depends on."""
        self._parse(lambda _cell: True)
        plain = self._choose(lambda each: each.is_plain)
        return self.of(name for each in plain for name in each.deeds.binds)

    def _parse(self, wanted: Callable[[ParsedCell], object]) -> None:
        for number, cell in enumerate(self._cells):
            if number not in self._parsed and wanted(cell):
                self._parsed[number] = cell.statements

    def _choose(self, holds: Callable[[Statement], object]) -> list[Statement]:
        """Count those statements in of which something holds; returns them, without those that did so before."""
        chosen = []
        for number, statements in self._parsed.items():
            for place, statement in enumerate(statements):
                if (number, place) in self._chosen or not holds(statement):
                    continue
                compiled = self._chosen[number, place] = _compiled(statement, self._allowed)
                chosen.append(statement)
                if compiled.code:
                    self.mentioned |= statement.names.intersection(names_in(compiled.code)) | _annotated(statement.node)
                    self.quoted |= set(_quoted(compiled.code))
        return chosen

    def _follow(self, names: Iterable[str]) -> None:
        """Find what binds or changes these names and those that are mentioned so far, until there are no more."""
        self.mentioned |= set(names)
        seen: set[str] = set()
        while todo := self.mentioned - seen:
            for name in todo:
                self._parse(lambda cell, name=name: self._may_concern(name, cell))  # type: ignore[misc]
                self._choose(lambda each, name=name: self._binds_or_changes(each, name))  # type: ignore[misc]
                if name in DYNAMIC:
                    self._parse(lambda _cell: True)
                    self._choose(lambda each: each.is_plain)
            seen |= todo

    def _binds_or_changes(self, statement: Statement, name: str) -> bool:
        if not statement.as_import and not self._may_concern(name, statement):
            return False
        deeds = statement.deeds
        # A statement that is about modules alone sets something in them: `random.seed(0)`.
        is_setting = not deeds.binds and deeds.mentions <= self._modules
        return name in deeds.binds or name in self._changes(deeds) or (is_setting and name in deeds.asks)

    def _may_concern(self, name: str, code: Statement | ParsedCell) -> bool:
        """Whether some code may bind or change a name, by a look at its text."""
        if name in self._modules and not re.search(rf"^[ \t]*{name}\.|\bimport\b", code.text, re.MULTILINE):
            return False  # it only takes something from the module
        return code.may_bind_or_change(name)

    def _changes(self, deeds: Deeds) -> set[str]:
        """The names whose values some code may change: not those of functions that it hands on, nor of modules."""
        return deeds.alters | (deeds.asks - self._modules) | (deeds.hands - self._definitions)

    def _helpers(self) -> list[str]:
        """The functions that are there to fill what the questions use, and are none of theirs."""
        return [name for name in self._functions if name not in self.mentioned and self._does_something(name)]

    def _does_something(self, name: str) -> bool:
        """Whether calling a function of the submission binds or changes what is mentioned, by way of others too."""
        todo, seen = {name}, set[str]()
        while todo:
            seen.add(each := todo.pop())
            function = self._functions[each]
            names = function.names
            if "global" in names or (names & self.mentioned) - self._definitions:
                deeds = function.effects
                if (deeds.binds | self._changes(deeds)) & self.mentioned:
                    return True
            todo |= (names & self._functions.keys()) - seen
        return False


def _may_bind_anything(statement: Statement) -> bool:
    if statement.is_star:
        return True
    is_dynamic = not statement.is_definition and any(f"{name}(" in statement.text for name in DYNAMIC)
    return is_dynamic and "" in statement.deeds.calls


def _calls_one_of(names: Sequence[str], statement: Statement) -> bool:
    return not statement.is_definition and any(
        statement.may_call(name) and name in statement.deeds.calls for name in names
    )


def _compiled(statement: Statement, allowed: Collection[str]) -> Compiled:
    if statement.node is None:
        return Compiled(statement, None, statement.problem)
    node, refused = statement.node, refusals(statement.deeds.imports, allowed, statement.label)
    if statement.as_import and refused:
        return Compiled(statement, None, refusals=refused)
    if refused:
        node = WithoutRefused(allowed).visit(node)
    try:
        code = compile(ast.Module([node], []), statement.label, "exec", flags=FLAGS, dont_inherit=True)
    except UNPARSABLE as error:
        problem = messages.raised_at(type(error).__name__, statement.label, statement.line, str(error))
        return Compiled(statement, None, problem, refused)
    return Compiled(statement, code, refusals=refused)


def _annotated(node: ast.stmt | None) -> set[str]:
    """The names in the annotations of a class: a dataclass looks them up, though they stay text."""
    annotations = [each.annotation for each in getattr(node, "body", ()) if isinstance(each, ast.AnnAssign)]
    names = (inner for each in annotations for inner in ast.walk(each) if isinstance(inner, ast.Name))
    return {name.id for name in names} if isinstance(node, ast.ClassDef) else set()


def _quoted(code: CodeType) -> Iterator[str]:
    return (each for each in code.co_consts if isinstance(each, str) and each.isidentifier())
