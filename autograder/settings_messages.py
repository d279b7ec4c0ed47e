"""Sentences about a course.toml, for whoever writes one."""

from __future__ import annotations

from pathlib import Path

from autograder.language.current import translatable

translatable(__name__)


def cannot_read(path: Path, reason: str | None) -> str:
    return f"{path} cannot be read: {reason}"


def not_utf8(path: Path) -> str:
    return f"{path} is not UTF-8 text: save it as such"


def not_toml(path: Path, reason: str) -> str:
    return f"{path}: {reason}"


def missing_key(path: Path, key: str) -> str:
    return f'{path} has no "{key}"'


def unknown_key(path: Path, key: str, known: str) -> str:
    return f'{path} knows no "{key}"; it has {known}'


def unknown_key_like(path: Path, key: str, suggestion: str) -> str:
    return f'{path} knows no "{key}": did you mean "{suggestion}"?'


def not_a_text(path: Path, key: str) -> str:
    return f'{path}: {key} is to be a text in quotes: {key} = "…"'


def empty_text(path: Path, key: str) -> str:
    return f'{path}: {key} is empty: write something between the quotes, {key} = "…"'


def not_texts(path: Path, key: str) -> str:
    return f'{path}: {key} is to be a list of texts in quotes: {key} = ["…", "…"]'


def no_assignments(path: Path) -> str:
    return f"{path}: the list of assignments is empty"


def listed_twice(path: Path, name: str) -> str:
    return f'{path}: assignments has "{name}" twice: name it once'


def read_twice(path: Path, name: str) -> str:
    return f'{path}: reads has "{name}" twice: name it once'


def not_in_data(path: Path, name: str, assignment: str) -> str:
    return (
        f'{path}: "{name}" in reads is no file that students get: they get what lies in the folder data/ of an '
        f'assignment, such as "{assignment}/data/table.csv"'
    )


def not_a_folder_name(path: Path, name: str) -> str:
    return f'{path}: "{name}" in assignments is to be the name of a folder beside this file, and no path'


def not_a_module(path: Path, name: str) -> str:
    return f'{path}: "{name}" in imports is no name of a module: write one such as "numpy"'


def not_a_table(path: Path, table: str) -> str:
    return f"{path}: {table} is to be a table, which begins with a line [{table}]"


def unknown_in_table(path: Path, table: str, key: str, known: str) -> str:
    return f'{path}: [{table}] knows no "{key}"; it has {known}'


def missing_in_table(path: Path, table: str, key: str) -> str:
    return f'{path}: [{table}] has no "{key}"'


def not_names_in_table(path: Path, table: str, key: str) -> str:
    return f'{path}: {key} in [{table}] is to be a list of assignments: "{key}" = ["…", "…"]'


def unknown_assignment_in_table(path: Path, table: str, key: str, name: str) -> str:
    return f'{path}: {key} in [{table}] names "{name}", which is not among the assignments: take it out'


def not_above_zero(path: Path, table: str, key: str) -> str:
    return f"{path}: {key} in [{table}] is to be a number above 0"


def not_whole(path: Path, table: str, key: str) -> str:
    return f"{path}: {key} in [{table}] is to be a whole number"


def in_file(path: Path, problem: str) -> str:
    return f"{path}: {problem}"
