"""Rules of a class.toml that are in order each, and of which one would be passed over beside the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC

from autograder.classroom.person import composed
from autograder.classroom.policy import messages
from autograder.classroom.policy.known import KnownNames
from autograder.classroom.policy.model import EVERY_ASSIGNMENT, AssignmentPolicy, DropAs, Extension, Override, Policy
from autograder.classroom.policy.names import without_case
from autograder.classroom.policy.toml.table import TomlTable
from autograder.errors import UserError


def refuse_contradictions(policy: Policy, top: TomlTable, known: KnownNames) -> None:
    """Raises UserError for the first rule that contradicts another. `policy` has those of `top`, in their order."""
    written = top.table("assignments")
    tables = {composed(name): written.table(name) for name in written.values}
    for name, rules in policy.assignments.items():
        _refuse_drops(rules, tables[composed(name)], name, known)
    if known.assignments and not any(policy.for_assignment(name).weight for name in known.assignments):
        raise UserError(messages.no_weight(next(iter(tables.values())).where("weight")))
    _refuse_extensions(policy, top.tables("extensions"))
    excused = _refuse_excusals(policy, top.tables("excused"))
    overrides = tuple(zip(policy.overrides, top.tables("overrides"), strict=True))
    _refuse_overrides_twice(overrides)
    for override, table in overrides:
        for assignment, line in excused[override.student]:
            if _overlap(assignment, override.assignment):
                message = messages.excused_and_overridden
                raise UserError(message(table.where(), override.student, override.assignment, line))
        _refuse_override_of_what_is_dropped(override, table, policy, tables)


def _refuse_drops(rules: AssignmentPolicy, table: TomlTable, name: str, known: KnownNames) -> None:
    for part in sorted(rules.extra_credit & rules.drop):
        where = table.where("extra_credit", _index(table, "extra_credit", part))
        raise UserError(messages.dropped_and_extra(where, part, _line_in_drop(table, part)))
    questions = frozenset(known.assignments[name])
    if questions and questions <= rules.drop and rules.drop_as == DropAs.REMOVED:
        raise UserError(messages.all_is_dropped(table.where("drop"), name))


def _index(table: TomlTable, key: str, name: str) -> int:
    """Where a list names a part; a case of a check may stand there by the name of all of them."""
    listed = [composed(each) for each in table.texts(key)]
    return listed.index(composed(name) if composed(name) in listed else without_case(name))


def _line_in_drop(table: TomlTable, name: str) -> int:
    return table.line("drop", _index(table, "drop", name))


def _refuse_extensions(policy: Policy, tables: tuple[TomlTable, ...]) -> None:
    lines: dict[tuple[str, str], int] = {}
    for extension, table in zip(policy.extensions, tables, strict=True):
        key = (extension.student, extension.assignment)
        if key in lines:
            raise UserError(messages.extension_twice(table.where(), *key, lines[key]))
        lines[key] = table.line()
        if extension.assignment != EVERY_ASSIGNMENT:
            _refuse_extension(extension, table, policy)
        elif not any(each.due for each in policy.assignments.values()):
            raise UserError(messages.extension_without_any_due(table.where("assignment")))


def _refuse_extension(extension: Extension, table: TomlTable, policy: Policy) -> None:
    due = policy.for_assignment(extension.assignment).due
    if due is None:
        raise UserError(messages.extension_without_due(table.where("assignment"), extension.assignment))
    if extension.due and extension.due.astimezone(UTC) <= due.astimezone(UTC):  # of one zone, clocks would be compared
        raise UserError(messages.extension_before_due(table.where("due"), extension.assignment))


def _refuse_excusals(policy: Policy, tables: tuple[TomlTable, ...]) -> Mapping[str, list[tuple[str, int]]]:
    """From what each student is excused, and on which line."""
    excused: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for excusal, table in zip(policy.excused, tables, strict=True):
        for assignment, line in excused[excusal.student]:
            if _overlap(assignment, excusal.assignment):
                raise UserError(messages.excused_twice(table.where(), excusal.student, assignment, line))
        excused[excusal.student].append((excusal.assignment, table.line()))
    return excused


def _overlap(one: str, other: str) -> bool:
    return one == other or EVERY_ASSIGNMENT in (one, other)


def _refuse_overrides_twice(overrides: tuple[tuple[Override, TomlTable], ...]) -> None:
    lines: defaultdict[tuple[str, str], dict[str, int]] = defaultdict(dict)  # by question, "" of the whole assignment
    for override, table in overrides:
        key, question, where = (override.student, override.assignment), override.question, table.where()
        others = lines[key]
        if question in others and question:
            raise UserError(messages.question_overridden_twice(where, *key, question, others[question]))
        if question in others:
            raise UserError(messages.override_twice(where, *key, others[question]))
        if others and (not question or "" in others):
            first = min(others.values()) if not question else others[""]
            raise UserError(messages.override_of_a_final_mark(where, *key, first))
        others[question] = table.line()


def _refuse_override_of_what_is_dropped(
    override: Override, table: TomlTable, policy: Policy, tables: Mapping[str, TomlTable]
) -> None:
    rules, name = policy.for_assignment(override.assignment), override.question
    if name in rules.drop and rules.drop_as == DropAs.REMOVED:
        line = _line_in_drop(tables[composed(override.assignment)], name)
        raise UserError(messages.override_of_what_is_dropped(table.where("question"), name, override.assignment, line))
