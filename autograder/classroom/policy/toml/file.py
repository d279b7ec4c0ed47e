"""A TOML file as its values, and the line of each; or in one line why it cannot be read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.classroom import messages as classroom_messages
from autograder.classroom.csv_file import BOM
from autograder.classroom.policy.toml import messages
from autograder.classroom.policy.toml.lines import Keys, lines_of
from autograder.errors import UserError
from autograder.text import on_one_line

_AT = re.compile(r" \(at (?:line (?P<line>\d+), column \d+|end of document)\)\Z")
_WITHOUT_SECONDS = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?![:\d])")


@dataclass(frozen=True)
class TomlFile:
    """All values of a file, and the line of each."""

    path: Path
    values: Mapping[str, Any]
    lines: Mapping[Keys, int]

    def line(self, place: Keys) -> int:
        """The line of a value, or of what it would stand in, if it is not there."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def where(self, place: Keys) -> str:
        """File and line of a value, as sentences begin."""
        return messages.at_line(self.path, self.line(place))


def read_file(path: Path) -> TomlFile:
    """Raises UserError where it cannot be read, or is no TOML in UTF-8."""
    text = _text(path)
    try:
        values = tomllib.loads(text)
    except RecursionError:
        raise UserError(messages.too_nested(path)) from None
    except ValueError as error:  # also of numbers with too many digits
        raise UserError(_why_not_toml(path, text, str(error))) from None
    return TomlFile(path, values, lines_of(text))


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError(classroom_messages.cannot_read(path, error.strerror)) from None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UserError(messages.not_utf8(messages.at_line(path, line))) from None
    if text.startswith(BOM):
        raise UserError(messages.byte_order_mark(messages.at_line(path, 1)))
    return text


def _why_not_toml(path: Path, text: str, error: str) -> str:
    """In our words where they help more than those of tomllib."""
    at = _AT.search(error)
    reason = error[: at.start()] if at else error
    number = int(at["line"]) if at and at["line"] else text.rstrip().count("\n") + 1
    where = messages.at_line(path, number)
    time = _WITHOUT_SECONDS.search(text.split("\n")[number - 1])
    if time:
        return messages.no_seconds(where, time[0])
    if reason == "Invalid value":
        return messages.no_value(where)
    if reason == "Cannot overwrite a value":
        return messages.key_twice(where)
    if reason.startswith("Cannot declare"):
        return messages.table_twice(where)
    return messages.not_toml(where, on_one_line(reason))
