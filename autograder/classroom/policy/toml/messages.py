"""Sentences about a TOML file, for whoever writes it. `where` is the file and the line."""

from __future__ import annotations

from pathlib import Path

from autograder.language.current import translatable

translatable(__name__)

# The file


def at_line(path: Path, line: int) -> str:
    """The beginning of each sentence about what stands in the file."""
    return f"{path}, line {line}"


def byte_order_mark(where: str) -> str:
    return f'{where}: there is a byte order mark before the text: save the file as "UTF-8", not as "UTF-8 with BOM"'


def not_utf8(where: str) -> str:
    return f"{where}: this is not UTF-8 text: save the file as UTF-8"


def not_toml(where: str, reason: str) -> str:
    return f"{where}: this is not TOML: {reason}"


def no_value(where: str) -> str:
    return (
        f"{where}: this is no value of TOML: a text stands in straight quotes, a number, a date, true and false do not"
    )


def key_twice(where: str) -> str:
    return f"{where}: this key has a value already, further up: keep one of the two"


def table_twice(where: str) -> str:
    return f"{where}: this table has begun already, further up: put all of its keys below one line in brackets"


def no_seconds(where: str, time: str) -> str:
    return f"{where}: a time of day has seconds, too: {time}:00"


def too_nested(path: Path) -> str:
    return f"{path} cannot be read: there are too many brackets in each other"


# Tables


def missing_key(where: str, key: str, example: str) -> str:
    return f"{where}: {key} is missing here: add {key} = {example}"


def not_a_table(where: str, key: str, header: str) -> str:
    return f"{where}: {key} is to be a table: begin it with a line [{header}]"


def not_tables(where: str, key: str) -> str:
    return f"{where}: {key} may be there several times: begin each with a line [[{key}]]"


# Values


def not_a_text(where: str, key: str) -> str:
    return f'{where}: {key} is to be a text in quotes: {key} = "…"'


def empty_text(where: str, key: str) -> str:
    return f'{where}: {key} is empty: write something between the quotes, {key} = "…"'


def not_texts(where: str, key: str) -> str:
    return f'{where}: {key} is to be a list of texts in quotes: {key} = ["…", "…"]'


def listed_twice(where: str, key: str, name: str) -> str:
    return f'{where}: {key} has "{name}" twice: name it once'


def unknown_choice(where: str, key: str, value: str, known: str) -> str:
    return f'{where}: {key} knows no "{value}"; it knows {known}'


def unknown_choice_like(where: str, key: str, value: str, suggestion: str) -> str:
    return f'{where}: {key} knows no "{value}": did you mean "{suggestion}"?'


def not_a_number(where: str, key: str) -> str:
    return f"{where}: {key} is to be a number without quotes: {key} = 10"


def not_whole(where: str, key: str) -> str:
    return f"{where}: {key} is to be a whole number without quotes: {key} = 3"


def not_finite(where: str, key: str) -> str:
    return f"{where}: {key} is to be a number that one can count with: {key} = 10"


def below_zero(where: str, key: str) -> str:
    return f"{where}: {key} cannot be below 0"


def beyond(where: str, key: str, limit: str) -> str:
    return f"{where}: {key} can be {limit} at most"
