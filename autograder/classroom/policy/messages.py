"""Sentences about a class.toml, for the instructor who writes it. `where` is the file and the line."""

from __future__ import annotations

from pathlib import Path

from autograder.language.current import translatable

translatable(__name__)

# The file, and what it names


def not_there(path: Path) -> str:
    return f"{path} is not there: name the file with the rules of the class, or leave it out"


def no_roster(where: str, file: str) -> str:
    return f"{where}: there is no {file}: roster names a file, by its path from the folder of class.toml"


def no_language(where: str, reason: str) -> str:
    return f"{where}: instructor_language: {reason}"


# Keys


def unknown_key(where: str, key: str, known: str) -> str:
    return f'{where}: "{key}" is no key here; here are {known}'


def unknown_key_like(where: str, key: str, suggestion: str) -> str:
    return f'{where}: "{key}" is no key here: did you mean "{suggestion}"?'


def key_of_another_table(where: str, key: str, table: str) -> str:
    return f"{where}: {key} is a key of {table}, and this is another table: move it there"


def key_of_the_top(where: str, key: str) -> str:
    return f"{where}: {key} is a key of no table: move it to the top of the file, above the first line in brackets"


def free_days_of_one_assignment(where: str) -> str:
    return f"{where}: free_days are of the whole term: they stand in [late], not in an assignment"


def assignment_at_the_top(where: str, assignment: str) -> str:
    return f"{where}: the rules of an assignment begin with [assignments.{assignment}]"


def missing_reason(where: str) -> str:
    return f'{where}: reason is missing here: say why, for the student reads it, reason = "…"'


# Times


def not_a_time(where: str, key: str) -> str:
    return f"{where}: {key} is to be a date and a time, without quotes: {key} = 2026-10-12T23:59:00"


def time_in_quotes(where: str, key: str, time: str) -> str:
    return f"{where}: {key} stands without quotes: {key} = {time}"


def date_alone(where: str, key: str, date: str) -> str:
    return f"{where}: {key} has no time of day: write it behind the date, {key} = {date}T23:59:00"


def time_alone(where: str, key: str, time: str) -> str:
    return f"{where}: {key} has no date: write it before the time, {key} = 2026-10-12T{time}"


def no_zone(where: str, key: str, time: str) -> str:
    return (
        f'{where}: {key} is in no time zone: write yours at the top of the file, timezone = "Europe/Berlin", or an '
        f"offset behind the time, {key} = {time}+02:00"
    )


def no_such_time(where: str, key: str, zone: str, later: str) -> str:
    return f"{where}: {key} does not exist in {zone}, for clocks are put forward then: write {key} = {later}"


def time_comes_twice(where: str, key: str, zone: str, first: str, second: str) -> str:
    return f"{where}: {key} comes twice in {zone}, for clocks are put back then: write {key} = {first} or {second}"


def unlikely_year(where: str, key: str, first: int, last: int) -> str:
    return f"{where}: {key} is in no year from {first} to {last}: mend the year"


def unknown_zone(where: str, zone: str) -> str:
    return f'{where}: no time zone is called "{zone}": write one such as "Europe/Berlin" or "UTC"'


def unknown_zone_like(where: str, zone: str, suggestion: str) -> str:
    return f'{where}: no time zone is called "{zone}": did you mean "{suggestion}"?'


def no_zones(where: str) -> str:
    return f"{where}: this machine knows no time zones: install them with `pip install tzdata`"


# Names


def unknown_student(where: str, student: str) -> str:
    return (
        f'{where}: nobody in the class is called "{student}": write the name that the class page shows, or take this '
        "out; those who handed in nothing are known by a roster alone"
    )


def unknown_student_like(where: str, student: str, suggestion: str) -> str:
    return f'{where}: nobody in the class is called "{student}": did you mean "{suggestion}"?'


def unknown_assignment(where: str, assignment: str, known: str) -> str:
    return f'{where}: the course has no assignment "{assignment}"; it has {known}'


def unknown_assignment_like(where: str, assignment: str, suggestion: str) -> str:
    return f'{where}: the course has no assignment "{assignment}": did you mean "{suggestion}"?'


def override_of_all(where: str) -> str:
    return f"{where}: an override is for one assignment: write its name in the place of *"


def unknown_question(where: str, assignment: str, question: str, known: str) -> str:
    return f'{where}: {assignment} has no question "{question}"; it has {known}'


def unknown_question_like(where: str, assignment: str, question: str, suggestion: str) -> str:
    return f'{where}: {assignment} has no question "{question}": did you mean "{suggestion}"?'


def unknown_part(where: str, assignment: str, name: str, known: str) -> str:
    return f'{where}: {assignment} has no question or check "{name}"; its questions are {known}'


def unknown_part_like(where: str, assignment: str, name: str, suggestion: str) -> str:
    return f'{where}: {assignment} has no question or check "{name}": did you mean "{suggestion}"?'


def of_another_assignment(where: str, assignment: str, name: str, other: str) -> str:
    return f'{where}: "{name}" is of {other}, not of {assignment}: name it there, or take it out'


# Rules that cannot stand beside each other


def days_and_due(where: str) -> str:
    return f"{where}: an extension has days or due, not both: take one of them out"


def neither_days_nor_due(where: str) -> str:
    return f"{where}: an extension says how long it is: add days = 3, or due = 2026-10-15T23:59:00"


def no_days(where: str) -> str:
    return f"{where}: an extension of 0 days is none: write more, or take it out"


def extension_without_due(where: str, assignment: str) -> str:
    return f"{where}: {assignment} has no due date that could be extended: add due to [assignments.{assignment}]"


def extension_without_any_due(where: str) -> str:
    return f"{where}: no assignment has a due date that could be extended: add due to [assignments.NAME]"


def extension_before_due(where: str, assignment: str) -> str:
    return f"{where}: this is not later than {assignment} is due for all: write a later time"


def extension_twice(where: str, student: str, assignment: str, first: int) -> str:
    return f'{where}: "{student}" has an extension for "{assignment}" already, in line {first}: keep one of the two'


def excused_twice(where: str, student: str, assignment: str, first: int) -> str:
    return f'{where}: "{student}" is excused from "{assignment}" already, in line {first}: keep one of the two'


def override_twice(where: str, student: str, assignment: str, first: int) -> str:
    return f'{where}: "{student}" has points for "{assignment}" already, in line {first}: keep one of the two'


def question_overridden_twice(where: str, student: str, assignment: str, question: str, first: int) -> str:
    return (
        f'{where}: "{student}" has points for "{question}" in "{assignment}" already, in line {first}: keep one of '
        "the two"
    )


def override_of_a_final_mark(where: str, student: str, assignment: str, first: int) -> str:
    return (
        f'{where}: "{student}" has points for "{assignment}" in line {first}, too; beside points for all of it, none '
        "count for a question: keep one of the two"
    )


def excused_and_overridden(where: str, student: str, assignment: str, first: int) -> str:
    return (
        f'{where}: "{student}" is excused from "{assignment}" (line {first}), so no points count: keep one of the two'
    )


def override_of_what_is_dropped(where: str, question: str, assignment: str, first: int) -> str:
    return f'{where}: "{question}" is dropped from {assignment} (line {first}), so no points count: keep one of the two'


def dropped_and_extra(where: str, name: str, first: int) -> str:
    return f'{where}: "{name}" is in drop and in extra_credit (line {first}): take it out of one of them'


def all_is_dropped(where: str, assignment: str) -> str:
    return (
        f"{where}: drop leaves nothing of {assignment}: to keep the assignment out of the total, write weight = 0 in "
        "the place of drop"
    )


def no_weight(where: str) -> str:
    return f"{where}: all assignments have the weight 0, so there is no total: give one of them another"
