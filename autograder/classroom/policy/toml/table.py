"""A table of a TOML file, whose values are asked for by type."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from autograder.classroom.naming import nearest
from autograder.classroom.policy.toml import messages
from autograder.classroom.policy.toml.file import TomlFile
from autograder.classroom.policy.toml.lines import Keys
from autograder.errors import UserError
from autograder.language.listing import listed
from autograder.text import on_one_line

MOST = 1_000_000  # of anything that is counted
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True)
class TomlTable:
    """The values that stand at a place of a file. Whatever is asked for and is not in order raises UserError."""

    file: TomlFile
    place: Keys
    values: Mapping[str, Any]

    @classmethod
    def top(cls, file: TomlFile) -> TomlTable:
        return cls(file, (), file.values)

    def has(self, key: str) -> bool:
        return key in self.values

    def where(self, *keys: str | int) -> str:
        return self.file.where((*self.place, *keys))

    def line(self, *keys: str | int) -> int:
        return self.file.line((*self.place, *keys))

    def table(self, key: str, header: str = "") -> TomlTable:
        """A table in this one, empty if it is not there. It begins with `[header]`."""
        values = self.values.get(key, {})
        if not isinstance(values, dict):
            raise UserError(messages.not_a_table(self.where(key), on_one_line(key), on_one_line(header or key)))
        return TomlTable(self.file, (*self.place, key), values)

    def tables(self, key: str) -> tuple[TomlTable, ...]:
        """Those that begin with `[[key]]`."""
        values = self.values.get(key, [])
        if not isinstance(values, list):
            raise UserError(messages.not_tables(self.where(key), key))
        for index, each in enumerate(values):
            if not isinstance(each, dict):
                raise UserError(messages.not_tables(self.where(key, index), key))
        return tuple(TomlTable(self.file, (*self.place, key, index), each) for index, each in enumerate(values))

    def text(self, key: str) -> str:
        """Never empty, without blanks around it."""
        if not self.has(key):
            raise UserError(messages.missing_key(self.where(), key, '"…"'))
        value = self.values[key]
        if not isinstance(value, str):
            raise UserError(messages.not_a_text(self.where(key), key))
        if not value.strip():
            raise UserError(messages.empty_text(self.where(key), key))
        return value.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, none of which is there twice; empty if it is not there."""
        values = self.values.get(key, [])
        if not isinstance(values, list):
            raise UserError(messages.not_texts(self.where(key), key))
        for index, each in enumerate(values):
            if not isinstance(each, str):
                raise UserError(messages.not_texts(self.where(key, index), key))
            if each in values[:index]:
                raise UserError(messages.listed_twice(self.where(key, index), key, on_one_line(each)))
        return tuple(values)

    def choice(self, key: str, choices: type[Choice], usual: Choice) -> Choice:
        return self._one_of(choices, self.text(key), key) if self.has(key) else usual

    def choices(self, key: str, choices: type[Choice]) -> frozenset[Choice]:
        return frozenset(self._one_of(choices, each, key, index) for index, each in enumerate(self.texts(key)))

    def _one_of(self, choices: type[Choice], value: str, *keys: str | int) -> Choice:
        known = [each.value for each in choices]
        if value in known:
            return choices(value)
        where, key, shown = self.where(*keys), str(keys[0]), on_one_line(value)
        if near := nearest(value, known):
            raise UserError(messages.unknown_choice_like(where, key, shown, near))
        raise UserError(messages.unknown_choice(where, key, shown, listed(known)))

    def number(self, key: str, most: float = MOST) -> float:
        """From 0 to `most`."""
        if not self.has(key):
            raise UserError(messages.missing_key(self.where(), key, "10"))
        value = self.values[key]
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise UserError(messages.not_a_number(self.where(key), key))
        if isinstance(value, float) and not math.isfinite(value):
            raise UserError(messages.not_finite(self.where(key), key))
        if value < 0:
            raise UserError(messages.below_zero(self.where(key), key))
        if value > most:
            raise UserError(messages.beyond(self.where(key), key, f"{most:,}"))
        return value

    def whole_number(self, key: str, most: int) -> int:
        """From 0 to `most`."""
        if not isinstance(self.values.get(key), int) or isinstance(self.values[key], bool):
            raise UserError(messages.not_whole(self.where(key), key))
        return int(self.number(key, most))
