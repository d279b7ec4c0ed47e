"""A course.toml, the instructor's or the part of it that students get, as typed values. Portable.

Whatever is wrong in it is said in one line, with the file and the key. Nothing in it is passed over in silence.
"""

from __future__ import annotations

import difflib
import hashlib
import math
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any

from autograder import settings_messages as messages
from autograder.errors import UserError
from autograder.language.catalogue import LanguageError, require_language
from autograder.language.current import ENGLISH
from autograder.language.listing import listed
from autograder.text import on_one_line

FILE = "course.toml"
DATA = "data"  # a folder beside a lesson: what lies there is public
# The seeds that stand in this project's own courses and pages, where everybody reads them. Their hashes only: students
# get this file as well, and it must not tell them the seed of a course that still has one of these.
PUBLIC_SEEDS = frozenset(
    {
        "011bb188c91ee8af3b33711373f46eb0a99db9e292109fe4b4402e5b8960f84a",
        "5064c39ef2066e46cb17f6282312e71ef429edb5972fdc4027055dc2e2af8289",
    }
)


class SettingsError(UserError):
    """A file of settings is not in order; the message says which and what."""


@dataclass(frozen=True)
class Limits:
    """What one call may use: CPU time, memory beyond that of the bare interpreter, bytes of one answer.

    And how long one submission may take, whatever it does: seconds that pass.
    """

    cpu_seconds: float
    memory_mb: int
    answer_mb: int
    submission_seconds: float = 60

    @property
    def wall_seconds(self) -> float:
        """A call may wait, or the machine be busy; beyond three times its CPU limit it is not coming back."""
        return 3 * self.cpu_seconds

    @property
    def answer_bytes(self) -> int:
        return self.answer_mb << 20


USUAL_LIMITS = Limits(cpu_seconds=2.0, memory_mb=512, answer_mb=16)  # at home, where a course says nothing of them
Former = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class PublicSettings:
    """What students may know: `assignments` in the order in which they are taught, `imports` that answers may use.

    `reads` are the files that answers may read, each in the folder data/ of an assignment. `former` tells, for names
    that assignments had in an earlier edition, which ones hold their questions now.
    """

    title: str
    assignments: tuple[str, ...]
    imports: tuple[str, ...]
    reads: tuple[str, ...] = field(default=(), kw_only=True)
    former: Former = field(default_factory=dict, kw_only=True)
    limits: Limits = field(default=USUAL_LIMITS, kw_only=True)
    language: str = field(default=ENGLISH, kw_only=True)


@dataclass(frozen=True)
class CourseSettings(PublicSettings):
    """All of it. The inputs of hidden checks are drawn from `seed`."""

    seed: str = field(repr=False)


def is_public_seed(seed: str) -> bool:
    """Whether it is one that everybody can read: from it, anybody can draw the inputs of hidden checks."""
    return hashlib.sha256(seed.encode()).hexdigest() in PUBLIC_SEEDS


def read_public_settings(path: Path) -> PublicSettings:
    """The settings that were released to students; those of an earlier edition have no limits. Raises SettingsError."""
    file = _File(path, [each.name for each in fields(PublicSettings)])
    limits = file.limits() if file.has("limits") else USUAL_LIMITS
    return PublicSettings(
        file.text("title"),
        file.assignments(),
        file.imports(),
        reads=file.reads(),
        former=file.former(),
        limits=limits,
        language=file.language(),
    )


def read_course_settings(path: Path) -> CourseSettings:
    """The instructor's settings. Raises SettingsError."""
    file = _File(path, [each.name for each in fields(CourseSettings)])
    return CourseSettings(
        file.text("title"),
        file.assignments(),
        file.imports(),
        file.text("seed"),
        reads=file.reads(),
        former=file.former(),
        limits=file.limits(),
        language=file.language(),
    )


class _File:
    """The values in a file of settings, each of the type that is asked for. Raises SettingsError."""

    def __init__(self, path: Path, known: Sequence[str]) -> None:
        self._path = path
        try:
            self._values: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise SettingsError(messages.cannot_read(path, error.strerror)) from error
        except UnicodeDecodeError as error:
            raise SettingsError(messages.not_utf8(path)) from error
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(messages.not_toml(path, str(error))) from error
        for key in self._values:
            if key in known:
                continue
            key = on_one_line(key)
            if near := difflib.get_close_matches(key, known, 1):
                raise SettingsError(messages.unknown_key_like(path, key, near[0]))
            raise SettingsError(messages.unknown_key(path, key, listed(known)))

    def has(self, key: str) -> bool:
        return key in self._values

    def text(self, key: str) -> str:
        value = self._value(key)
        if not isinstance(value, str):
            raise SettingsError(messages.not_a_text(self._path, key))
        if not value.strip():
            raise SettingsError(messages.empty_text(self._path, key))
        return value

    def assignments(self) -> tuple[str, ...]:
        names = self._texts("assignments")
        if not names:
            raise SettingsError(messages.no_assignments(self._path))
        for index, name in enumerate(names):
            if not is_folder_name(name):
                raise SettingsError(messages.not_a_folder_name(self._path, on_one_line(name)))
            if name in names[:index]:
                raise SettingsError(messages.listed_twice(self._path, name))
        return names

    def imports(self) -> tuple[str, ...]:
        names = self._texts("imports")
        for name in names:
            if not all(part.isidentifier() for part in name.split(".")):
                raise SettingsError(messages.not_a_module(self._path, on_one_line(name)))
        return names

    def reads(self) -> tuple[str, ...]:
        """An optional list: files in the folders data/ of assignments, with "/" between folders."""
        if not self.has("reads"):
            return ()
        names, assignments = self._texts("reads"), self.assignments()
        for index, name in enumerate(names):
            folder, *rest = name.split("/")
            if folder not in assignments or rest[:1] != [DATA] or not rest[1:] or not all(map(is_folder_name, rest)):
                raise SettingsError(messages.not_in_data(self._path, on_one_line(name), assignments[0]))
            if name in names[:index]:
                raise SettingsError(messages.read_twice(self._path, name))
        return names

    def former(self) -> Former:
        """An optional table: for each former name, the names of assignments of today."""
        if not self.has("former"):
            return {}
        table = self._values["former"]
        if not isinstance(table, dict):
            raise SettingsError(messages.not_a_table(self._path, "former"))
        assignments = self.assignments()
        for name, today in table.items():
            if not isinstance(today, list) or not today or not all(isinstance(each, str) for each in today):
                raise SettingsError(messages.not_names_in_table(self._path, "former", on_one_line(name)))
            if unknown := [each for each in today if each not in assignments]:
                raise SettingsError(
                    messages.unknown_assignment_in_table(
                        self._path, "former", on_one_line(name), on_one_line(unknown[0])
                    )
                )
        return {name: tuple(today) for name, today in table.items()}

    def language(self) -> str:
        """The one that the course is read in, unless somebody asks for another."""
        if not self.has("language"):
            return ENGLISH
        try:
            return require_language(self.text("language"), self._path.parent)
        except LanguageError as error:
            raise SettingsError(messages.in_file(self._path, str(error))) from None

    def limits(self) -> Limits:
        optional = {each.name for each in fields(Limits) if each.default is not MISSING}
        values = self._table("limits", [each.name for each in fields(Limits)], optional)
        for name, value in values.items():
            if not _is_above_zero(value):
                raise SettingsError(messages.not_above_zero(self._path, "limits", name))
            if name.endswith("_mb") and not isinstance(value, int):
                raise SettingsError(messages.not_whole(self._path, "limits", name))
        return Limits(**values)

    def _table(self, table: str, names: Sequence[str], optional: Collection[str]) -> dict[str, Any]:
        """A table with all of these keys but the optional ones, and no others."""
        values = self._value(table)
        if not isinstance(values, dict):
            raise SettingsError(messages.not_a_table(self._path, table))
        if unknown := [name for name in values if name not in names]:
            raise SettingsError(messages.unknown_in_table(self._path, table, on_one_line(unknown[0]), listed(names)))
        if missing := [name for name in names if name not in values and name not in optional]:
            raise SettingsError(messages.missing_in_table(self._path, table, missing[0]))
        return dict(values)

    def _texts(self, key: str) -> tuple[str, ...]:
        values = self._value(key)
        if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
            raise SettingsError(messages.not_texts(self._path, key))
        return tuple(values)

    def _value(self, key: str) -> Any:
        if not self.has(key):
            raise SettingsError(messages.missing_key(self._path, key))
        return self._values[key]


def is_folder_name(name: str) -> bool:
    """A plain name: no path, not hidden, no blanks around it, nothing that cannot be in a file's name."""
    return (
        name != ""
        and name == name.strip()
        and not name.startswith(".")
        and name.isprintable()
        and not set(name) & set('/\\:*?"<>|')
    )


def _is_above_zero(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value > 0
