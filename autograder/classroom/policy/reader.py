"""Reads a class.toml; whatever is wrong in it is said in one line, with the line of the file and what to do."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from autograder.classroom.policy import keys, messages
from autograder.classroom.policy.contradictions import refuse_contradictions
from autograder.classroom.policy.known import KnownNames
from autograder.classroom.policy.model import (
    EVERY_ASSIGNMENT,
    AssignmentPolicy,
    Attempts,
    DropAs,
    Excusal,
    Extension,
    LateRule,
    Override,
    PercentOf,
    Policy,
    Unit,
    Zero,
)
from autograder.classroom.policy.names import NamesOfClass
from autograder.classroom.policy.times import read_time, read_zone
from autograder.classroom.policy.toml import messages as toml_messages
from autograder.classroom.policy.toml.file import read_file
from autograder.classroom.policy.toml.table import TomlTable
from autograder.errors import UserError
from autograder.language.catalogue import LanguageError, require_language
from autograder.text import on_one_line

FILE = "class.toml"
MOST_DAYS = 3660  # ten years: no class takes longer
USUAL = LateRule()


def find_policy(submitted: Path, named: Path | None) -> Path | None:
    """The file that was named, or the one in the parent folder of the submissions; None where there is none.

    Raises UserError where the one that was named is not there.
    """
    if named is not None:
        if not os.path.exists(named):  # of a name that is too long, pathlib raises an error
            raise UserError(messages.not_there(named))
        return named
    path = policy_beside(submitted)
    return path if os.path.lexists(path) else None


def policy_beside(submitted: Path) -> Path:
    """Where the rules lie, or would lie, if no other file is named."""
    folder = submitted if submitted.name not in ("", "..") else submitted.resolve()
    return folder.parent / FILE


def read_roster_path(path: Path | None) -> Path | None:
    """The roster that a policy names, if it names one: by it is known who is in the class. Raises UserError."""
    return _roster(TomlTable.top(read_file(path))) if path else None


def read_policy(path: Path | None, known: KnownNames) -> Policy:
    """The rules in a file; the usual ones where there is none. Raises UserError.

    Every name in it must be one of `known`; but the checks of an assignment that there are no reports on are not known,
    and any name of one will do there. A letter and its accent are one character; names are spelled as in `known`.
    """
    if path is None:
        return Policy()
    top = TomlTable.top(read_file(path))
    _require_known_keys_at_the_top(top, known)
    names, zone = NamesOfClass(known), read_zone(top)
    late = top.table("late")
    keys.require_known_keys(late, keys.LATE)
    general = _late_rule(late, USUAL)
    assignments = _assignments(top.table("assignments", "assignments.NAME"), names, zone, general)
    policy = Policy(
        path=path,
        zone=zone or Policy().zone,
        language=_language(top),
        attempt=top.choice("attempt", Attempts, Attempts.LAST),
        zeros=top.choices("zeros", Zero),
        free_days=late.whole_number(keys.FREE_DAYS, MOST_DAYS) if late.has(keys.FREE_DAYS) else 0,
        late=general,
        roster=_roster(top),
        assignments={name: assignments[name] for name in known.assignments if name in assignments},
        extensions=tuple(_extension(each, names, zone) for each in top.tables("extensions")),
        excused=tuple(_excusal(each, names) for each in top.tables("excused")),
        overrides=tuple(_override(each, names) for each in top.tables("overrides")),
    )
    refuse_contradictions(policy, top, known)
    return replace(policy, excused=tuple(_for_each_assignment(policy.excused, known)))


def _require_known_keys_at_the_top(top: TomlTable, known: KnownNames) -> None:
    for key in top.values:
        if key in known.assignments:
            raise UserError(messages.assignment_at_the_top(top.where(key), on_one_line(key)))
    keys.require_known_keys(top, keys.TOP)


def _language(top: TomlTable) -> str:
    key = "instructor_language"
    if not top.has(key):
        return ""
    try:
        return require_language(top.text(key))
    except LanguageError as error:
        raise UserError(messages.no_language(top.where(key), str(error))) from None


def _roster(top: TomlTable) -> Path | None:
    if not top.has("roster"):
        return None
    name = top.text("roster")
    path = top.file.path.parent / name
    if not os.path.isfile(path):  # of a name that is too long, pathlib raises an error
        raise UserError(messages.no_roster(top.where("roster"), on_one_line(name)))
    return path


def _late_rule(table: TomlTable, general: LateRule) -> LateRule:
    """The rule that a table states; what it does not say is as in the `general` one."""
    return replace(general, **dict(_late_values(table)))


def _late_values(table: TomlTable) -> dict[str, Any]:
    most = {
        "percent": 100,
        "at_most_percent": 100,
        "closed_after_days": MOST_DAYS,
        "grace_minutes": MOST_DAYS * 24 * 60,
    }
    values: dict[str, Any] = {key: table.number(key, limit) for key, limit in most.items() if table.has(key)}
    if table.has("per"):
        values["per"] = table.choice("per", Unit, USUAL.per)
    if table.has("of"):
        values["of"] = table.choice("of", PercentOf, USUAL.of)
    return values


def _assignments(
    table: TomlTable, names: NamesOfClass, zone: ZoneInfo | None, general: LateRule
) -> dict[str, AssignmentPolicy]:
    found: dict[str, AssignmentPolicy] = {}
    for written in table.values:
        name = names.assignment(table, written, written)
        if name in found:
            raise UserError(toml_messages.table_twice(table.where(written)))
        header = f"assignments.{written}"
        found[name] = _assignment(table.table(written, header), name, names, zone, general)
    return found


def _assignment(
    table: TomlTable, name: str, names: NamesOfClass, zone: ZoneInfo | None, general: LateRule
) -> AssignmentPolicy:
    header = f"assignments.{name}.late"
    late = table.table("late", header)
    keys.require_known_keys(table, keys.ASSIGNMENT, f"[{header}]")
    keys.require_known_keys(late, keys.LATE_OF_ONE, f"[{header}]")
    return AssignmentPolicy(
        due=read_time(table, "due", zone) if table.has("due") else None,
        weight=table.number("weight") if table.has("weight") else 1.0,
        extra_credit=frozenset(names.parts(table, "extra_credit", name)),
        drop=frozenset(names.parts(table, "drop", name)),
        drop_as=table.choice("drop_as", DropAs, DropAs.REMOVED),
        late=_late_rule(late, general),
    )


def _extension(table: TomlTable, names: NamesOfClass, zone: ZoneInfo | None) -> Extension:
    keys.require_known_keys(table, keys.EXTENSION)
    student, assignment = names.student(table), names.one_or_every_assignment(table)
    if table.has("days") and table.has("due"):
        raise UserError(messages.days_and_due(table.where("due")))
    if table.has("due"):
        return Extension(student, assignment, due=read_time(table, "due", zone), reason=_reason(table))
    if not table.has("days"):
        raise UserError(messages.neither_days_nor_due(table.where()))
    days = table.number("days", MOST_DAYS)
    if days == 0:
        raise UserError(messages.no_days(table.where("days")))
    return Extension(student, assignment, days=days, reason=_reason(table))


def _excusal(table: TomlTable, names: NamesOfClass) -> Excusal:
    keys.require_known_keys(table, keys.EXCUSED)
    return Excusal(names.student(table), names.one_or_every_assignment(table), _reason(table))


def _for_each_assignment(excused: Iterable[Excusal], known: KnownNames) -> Iterator[Excusal]:
    """An excuse from all assignments is one from each."""
    for excusal in excused:
        is_for_all = excusal.assignment == EVERY_ASSIGNMENT
        for assignment in known.assignments if is_for_all else (excusal.assignment,):
            yield replace(excusal, assignment=assignment)


def _override(table: TomlTable, names: NamesOfClass) -> Override:
    keys.require_known_keys(table, keys.OVERRIDE)
    student, assignment = names.student(table), names.one_assignment(table)
    question = names.question(table, assignment) if table.has("question") else ""
    points = table.number("points")
    if not table.has("reason"):
        raise UserError(messages.missing_reason(table.where()))
    return Override(student, assignment, points, table.text("reason"), question)


def _reason(table: TomlTable) -> str:
    return table.text("reason") if table.has("reason") else ""
