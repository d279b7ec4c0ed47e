"""Which keys each table of a class.toml has; one that stands elsewhere, or nowhere, is told with where it belongs."""

from __future__ import annotations

from collections.abc import Collection

from autograder.classroom.naming import nearest
from autograder.classroom.policy import messages
from autograder.classroom.policy.toml.table import TomlTable
from autograder.errors import UserError
from autograder.language.listing import listed
from autograder.text import on_one_line

TABLES = ("late", "assignments", "extensions", "excused", "overrides")
TOP = ("timezone", "instructor_language", "attempt", "zeros", "roster", *TABLES)
FREE_DAYS = "free_days"
LATE = ("grace_minutes", "per", "percent", "of", "at_most_percent", "closed_after_days", FREE_DAYS)
LATE_OF_ONE = tuple(key for key in LATE if key != FREE_DAYS)
ASSIGNMENT = ("due", "weight", "extra_credit", "drop", "drop_as", "late")
EXTENSION = ("student", "assignment", "days", "due", "reason")
EXCUSED = ("student", "assignment", "reason")
OVERRIDE = ("student", "assignment", "question", "points", "reason")

_HOMES = {
    **dict.fromkeys(LATE, "[late]"),
    **dict.fromkeys(ASSIGNMENT, "[assignments.NAME]"),
    "days": "[[extensions]]",
    "question": "[[overrides]]",
    "points": "[[overrides]]",
}


def require_known_keys(table: TomlTable, known: Collection[str], late: str = "") -> None:
    """Raises UserError for the first key of a table that is none of `known`.

    `late` is the header of the table that a late rule would stand in here.
    """
    for key in table.values:
        if key not in known:
            raise UserError(_why_not(table.where(key), key, known, late))


def _why_not(where: str, key: str, known: Collection[str], late: str) -> str:
    shown = on_one_line(key)
    if key == FREE_DAYS and late:
        return messages.free_days_of_one_assignment(where)
    if key in LATE and late:
        return messages.key_of_another_table(where, key, late)
    if key in _HOMES:
        return messages.key_of_another_table(where, key, _HOMES[key])
    if key in TOP:
        return messages.key_of_the_top(where, key)
    if near := nearest(key, known):
        return messages.unknown_key_like(where, shown, near)
    return messages.unknown_key(where, shown, listed(known))
