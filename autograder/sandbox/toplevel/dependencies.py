"""Which statements the questions depend on: those that bind what they mention, or change it, and so on.

The rule stands in docs/grading.md, "What runs at top level".
"""

from __future__ import annotations

import ast
import builtins
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import CodeType

from autograder.sandbox import messages
from autograder.sandbox.protocol import Cell, Place
from autograder.sandbox.toplevel.deeds import ATTRIBUTE_SETTERS, DYNAMIC, MODULE_SETTERS, NAMESPACES, Deeds
from autograder.sandbox.toplevel.imports import Refusal, WithoutRefused, refusals
from autograder.sandbox.toplevel.parsing import UNPARSABLE, ParsedCell, parsed
from autograder.sandbox.toplevel.statement import Statement, compiled

MANY_CELLS = 200  # are parsed at once
BUILTINS = frozenset(vars(builtins))
Position = tuple[int, int]  # the number of a cell, and that of a statement in it


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
        self._cells = [parsed(cell) for cell in cells]
        self._allowed = allowed
        self._parsed: dict[int, list[Statement]] = {}
        self._touching: defaultdict[str, list[Position]] = defaultdict(list)
        self._chosen: dict[Position, Compiled] = {}
        self._known_changes: dict[Position, set[str]] = {}
        self.mentioned: set[str] = set()
        self.quoted: set[str] = set()
        self._parse(lambda cell: len(cells) > MANY_CELLS or cell.defines)
        defining = [each for statements in self._parsed.values() for each in statements]
        self._imported = {name for each in defining for name in each.imported}
        self._definitions = self._imported | {name for each in defining for name in each.definitions}
        self._functions = {name: each for each in defining for name in each.function_names}

    @property
    def chosen(self) -> list[Compiled]:
        """What was found, in its order."""
        return [self._chosen[place] for place in sorted(self._chosen)]

    def repeated(self, names: Iterable[str]) -> dict[str, list[Place]]:
        """Where functions are defined of which there are several definitions."""
        places: dict[str, list[Place]] = {name: [] for name in names}
        for each in self.chosen:
            if each.statement.is_definition and each.code:
                for name in each.statement.definitions & places.keys():
                    places[name].append(Place(each.statement.label, each.statement.line))
        return {name: found for name, found in places.items() if len(found) > 1}

    def of(self, names: Collection[str]) -> Dependencies:
        """Find what these names depend on, and what that depends on."""
        self._choose(place for place, each in self._statements() if each.may_bind_anything)
        self._follow(names)
        while helpers := self._helpers(names):
            self._parse(lambda cell, helpers=helpers: any(name in cell.text for name in helpers))  # type: ignore[misc]
            more = [place for place, each in self._statements() if place not in self._chosen and _calls(each, helpers)]
            if not more:
                break
            self._choose(more)
            self._follow(())
        return self

    def of_all(self) -> Dependencies:
        """Find all that is imported, defined or assigned, and what that depends on."""
        self._parse(lambda _cell: True)
        plain = [(place, each) for place, each in self._statements() if each.is_plain]
        self._choose(place for place, _ in plain)
        return self.of([name for _, each in plain for name in each.deeds.binds])

    def _statements(self) -> Iterator[tuple[Position, Statement]]:
        for number, statements in list(self._parsed.items()):
            for place, statement in enumerate(statements):
                yield (number, place), statement

    def _parse(self, wanted: Callable[[ParsedCell], object]) -> None:
        if len(self._parsed) == len(self._cells):
            return
        for number, cell in enumerate(self._cells):
            if number not in self._parsed and wanted(cell):
                self._parsed[number] = cell.statements
                for place, statement in enumerate(cell.statements):
                    for name in statement.touched:
                        self._touching[name].append((number, place))

    def _choose(self, places: Iterable[Position]) -> None:
        """Count statements in, and what they mention."""
        for number, place in places:
            if (number, place) not in self._chosen:
                statement = self._parsed[number][place]
                compiled = self._chosen[number, place] = _compiled(statement, self._allowed)
                if compiled.code:
                    self.mentioned |= statement.names & _globals(compiled.code)
                    self.mentioned |= _annotated(statement.node)
                    self.quoted |= set(_quoted(compiled.code))

    def _follow(self, names: Iterable[str]) -> None:
        """Find what binds or changes these names and those that are mentioned so far, until there are no more."""
        self.mentioned |= set(names)
        bound: set[str] = set()
        changed: set[str] = set()
        aliases: set[str] = set()  # other names for what mentioned ones stand for, or for parts of it
        while todo := (self.mentioned - bound) | (aliases - changed):
            wanted = frozenset(self.mentioned)
            for name in todo:
                self._parse(lambda cell, name=name: self._may_concern(name, cell))  # type: ignore[misc]
                for number, place in list(self._touching[name]):
                    statement = self._parsed[number][place]
                    if not self._may_concern(name, statement):
                        continue
                    binds = name in statement.deeds.binds and name in wanted
                    if binds or name in self._changes((number, place)):
                        self._choose([(number, place)])
                    if name not in self._imported:
                        aliases |= {new for new, old in statement.deeds.aliases if old == name}
                if name in DYNAMIC:
                    self._parse(lambda _cell: True)
                    self._choose([place for place, each in self._statements() if each.is_plain])
            bound |= todo & wanted
            changed |= todo

    def _may_concern(self, name: str, code: Statement | ParsedCell) -> bool:
        """Whether some code may bind or change a name, by a look at its text. Of what is imported, most only take."""
        if name not in code.text:
            return False
        if name in self._imported:
            return name in code.bare or any(each in code.text for each in MODULE_SETTERS)
        return name in code.touched

    def _changes(self, place: Position) -> set[str]:
        """The names whose values a statement may change."""
        if place not in self._known_changes:
            self._known_changes[place] = self._changed_by(self._parsed[place[0]][place[1]].deeds)
        return self._known_changes[place]

    def _changed_by(self, deeds: Deeds) -> set[str]:
        """Not those of modules that it asks for something, nor of functions that it hands on."""
        changed = (deeds.alters | deeds.asked) - self._imported
        changed |= {name for name, method in deeds.asks if method in MODULE_SETTERS}
        for function, name in deeds.hands:
            if function in ATTRIBUTE_SETTERS or (function not in self._functions and name not in self._definitions):
                changed.add(name)
        for function, name in deeds.passes:
            if function in self._functions and self._functions[function].effects.on_arguments:
                changed.add(name)
        return changed

    def _helpers(self, questions: Collection[str]) -> set[str]:
        """The functions a call of which binds or changes what is mentioned, by way of others too; but no question."""
        helpers = {name: each for name, each in self._functions.items() if name not in questions}
        todo = [name for name, function in helpers.items() if self._does_something(function)]
        found = set(todo)
        if not todo:
            return found
        callers: defaultdict[str, list[str]] = defaultdict(list)
        for name, function in helpers.items():
            for other in function.names & helpers.keys():
                callers[other].append(name)
        while todo:
            further = set(callers[todo.pop()]) - found
            found |= further
            todo += further
        return found

    def _does_something(self, function: Statement) -> bool:
        text = function.names
        if (
            "global" not in text
            and not NAMESPACES & text
            and not (text & self.mentioned) - self._definitions - BUILTINS
        ):
            return False
        deeds = function.effects.deeds
        return bool(deeds.binds_any or (deeds.binds | self._changed_by(deeds)) & self.mentioned)


def _calls(statement: Statement, helpers: set[str]) -> bool:
    """Whether a statement calls one of these functions, or hands it to something that may."""
    if not any(name in statement.text for name in helpers) or (statement.is_definition and "@" not in statement.text):
        return False
    deeds = statement.deeds
    return bool(helpers & (deeds.calls | {name for _, name in deeds.passes}))


def _compiled(statement: Statement, allowed: Collection[str]) -> Compiled:
    if statement.node is None:
        return Compiled(statement, None, statement.problem)
    refused = {}
    if statement.imported:
        refused = refusals(statement.deeds.imports, allowed, statement.label)
    if statement.as_import and refused:
        return Compiled(statement, None, refusals=refused)
    try:
        code = compiled(WithoutRefused(allowed).visit(statement.node), statement.label) if refused else statement.code
    except UNPARSABLE as error:
        problem = messages.raised_at(type(error).__name__, statement.label, statement.line, str(error))
        return Compiled(statement, None, problem, refused)
    return Compiled(statement, code, refusals=refused)


def _annotated(node: ast.stmt | None) -> set[str]:
    """The names in the annotations of a class: a dataclass looks them up, though they stay text."""
    annotations = [each.annotation for each in getattr(node, "body", ()) if isinstance(each, ast.AnnAssign)]
    names = (inner for each in annotations for inner in ast.walk(each) if isinstance(inner, ast.Name))
    return {name.id for name in names} if isinstance(node, ast.ClassDef) else set()


def _globals(code: CodeType) -> set[str]:
    """The names that code looks up outside of its functions, and the attributes that it names."""
    inside = (_globals(each) for each in code.co_consts if isinstance(each, CodeType))
    own = {*code.co_varnames, *code.co_cellvars, *code.co_freevars}
    return set(code.co_names).difference(own).union(*inside)


def _quoted(code: CodeType) -> Iterator[str]:
    return (each for each in code.co_consts if isinstance(each, str) and each.isidentifier())
