"""A course.toml, the instructor's or the one that students get: what is wrong in it is said in one line. Portable."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.errors import UserError


class SettingsError(UserError):
    """A file of settings is not in order; the message says which and what."""


class Settings:
    """The values in a file of settings. Raises SettingsError, whatever is asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._values: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise SettingsError(f"{path} cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise SettingsError(f"{path} is not UTF-8 text: save it as such") from error
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"{path}: {error}") from error

    def text(self, key: str) -> str:
        value = self._value(key)
        if not isinstance(value, str):
            raise SettingsError(f'{self._path}: {key} is to be a text in quotes: {key} = "…"')
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._value(key)
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise SettingsError(f'{self._path}: {key} is to be a list of texts in quotes: {key} = ["…", "…"]')
        return tuple(value)

    def numbers(self, table: str, names: Sequence[str]) -> dict[str, Any]:
        """The numbers in a table: all of these names, and no others; each above 0."""
        values = self._value(table)
        if not isinstance(values, dict):
            raise SettingsError(f"{self._path}: {table} is to be a table, which begins with a line [{table}]")
        if unknown := [name for name in values if name not in names]:
            raise SettingsError(f'{self._path}: [{table}] knows no "{unknown[0]}"; it has {", ".join(names)}')
        if missing := [name for name in names if name not in values]:
            raise SettingsError(f'{self._path}: [{table}] has no "{missing[0]}"')
        for name, value in values.items():
            if not _is_above_zero(value):
                raise SettingsError(f"{self._path}: {name} in [{table}] is to be a number above 0")
        return dict(values)

    def _value(self, key: str) -> Any:
        if key not in self._values:
            raise SettingsError(f'{self._path} has no "{key}"')
        return self._values[key]


def _is_above_zero(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value > 0
