"""The names in a class.toml: of students, assignments, questions and checks, each spelled as the class spells it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from autograder.classroom.naming import nearest
from autograder.classroom.person import composed
from autograder.classroom.policy import messages
from autograder.classroom.policy.known import KnownNames
from autograder.classroom.policy.model import EVERY_ASSIGNMENT
from autograder.classroom.policy.toml.table import TomlTable
from autograder.errors import UserError
from autograder.language.listing import listed
from autograder.text import on_one_line

CHECK = "test"  # what the names of all checks begin with


class NamesOfClass:
    """Looks up what a table names. Raises UserError, with what was probably meant, for a name that nothing has."""

    def __init__(self, known: KnownNames) -> None:
        self._known = known

    @cached_property
    def _students(self) -> Mapping[str, str]:
        return _by_spelling(self._known.students)

    @cached_property
    def _assignments(self) -> Mapping[str, str]:
        return _by_spelling(self._known.assignments)

    def student(self, table: TomlTable) -> str:
        name = table.text("student")
        if found := self._students.get(composed(name)):
            return found
        where = table.where("student")
        if near := nearest(name, self._students):
            raise UserError(messages.unknown_student_like(where, on_one_line(name), near))
        raise UserError(messages.unknown_student(where, on_one_line(name)))

    def assignment(self, table: TomlTable, name: str, *keys: str) -> str:
        """`keys` lead from the table to where the name stands."""
        if found := self._assignments.get(composed(name)):
            return found
        where = table.where(*keys)
        if near := nearest(name, self._assignments):
            raise UserError(messages.unknown_assignment_like(where, on_one_line(name), near))
        raise UserError(messages.unknown_assignment(where, on_one_line(name), listed(self._known.assignments)))

    def one_or_every_assignment(self, table: TomlTable) -> str:
        name = table.text("assignment")
        return name if name == EVERY_ASSIGNMENT else self.assignment(table, name, "assignment")

    def one_assignment(self, table: TomlTable) -> str:
        if (name := table.text("assignment")) == EVERY_ASSIGNMENT:
            raise UserError(messages.override_of_all(table.where("assignment")))
        return self.assignment(table, name, "assignment")

    def question(self, table: TomlTable, assignment: str) -> str:
        name, where = table.text("question"), table.where("question")
        questions = _by_spelling(self._known.assignments[assignment])
        if found := questions.get(composed(name)):
            return found
        shown = on_one_line(name)
        if other := self._home_of(name):
            raise UserError(messages.of_another_assignment(where, assignment, shown, other))
        if near := nearest(name, questions):
            raise UserError(messages.unknown_question_like(where, assignment, shown, near))
        raise UserError(messages.unknown_question(where, assignment, shown, listed(questions)))

    def parts(self, table: TomlTable, key: str, assignment: str) -> tuple[str, ...]:
        """The questions and checks of an assignment that a list names.

        A check with several cases, `test_softmax[long axes]`, is named by one of them, or by what stands before the
        bracket: then it is all of them. Which checks an assignment has is known from its reports. Where there are none,
        the name of any check will do.
        """
        return tuple(
            part
            for index, name in enumerate(table.texts(key))
            for part in self._parts(table.where(key, index), name, assignment)
        )

    def _parts(self, where: str, name: str, assignment: str) -> tuple[str, ...]:
        questions = _by_spelling(self._known.assignments[assignment])
        checks = self._known.checks.get(assignment)
        parts = questions | _by_spelling(sorted(checks or ()))
        if found := parts.get(composed(name)):
            return (found,)
        if cases := tuple(check for check in sorted(checks or ()) if without_case(check) == composed(name)):
            return cases
        if checks is None and name.startswith(CHECK):
            return (name,)
        shown = on_one_line(name)
        if other := self._home_of(name):
            raise UserError(messages.of_another_assignment(where, assignment, shown, other))
        if near := nearest(name, parts):
            raise UserError(messages.unknown_part_like(where, assignment, shown, near))
        raise UserError(messages.unknown_part(where, assignment, shown, listed(questions)))

    def _home_of(self, name: str) -> str | None:
        """The assignment that has a question or check of that name."""
        for assignment, questions in self._known.assignments.items():
            checks = self._known.checks.get(assignment, frozenset())
            if composed(name) in {*map(composed, {*questions, *checks}), *map(without_case, checks)}:
                return assignment
        return None


def without_case(check: str) -> str:
    """The name of a check without that of one of its cases, which pytest puts into brackets."""
    return composed(check).partition("[")[0]


def _by_spelling(names: Iterable[str]) -> dict[str, str]:
    """By how they are compared: a letter and its accent are one character."""
    return {composed(name): name for name in names}
