"""One report in its file: read, with one sentence where it cannot be, or none where that is no news; and many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from autograder.errors import UserError
from autograder.grading import messages
from autograder.report.diff import Key
from autograder.report.model import SCHEMA, NewerReportError, Report


def parse_report(path: Path) -> Report:
    """Raises OSError and ValueError, and UserError where a later version wrote the report."""
    try:
        return Report.from_json(path.read_text(encoding="utf-8"))
    except NewerReportError as error:
        raise UserError(messages.newer_report(path, str(error.schema), SCHEMA)) from None


def load_report(path: Path) -> Report | None:
    """The report, if it is there and can be read."""
    try:
        return parse_report(path)
    except (OSError, ValueError):
        return None


def read_report(path: Path, broken: Callable[[Path], str]) -> Report:
    """The report. Raises UserError, with the sentence of `broken` where it is none."""
    try:
        return parse_report(path)
    except OSError as error:
        raise UserError(messages.cannot_read(path, error.strerror)) from None
    except ValueError:
        raise UserError(broken(path)) from None


def parsed_report(path: Path) -> Report | None:
    """The report, whatever version wrote it, if it can be read."""
    try:
        return parse_report(path)
    except (OSError, ValueError, UserError):
        return None


class ReadReports(Mapping[Key, Report]):
    """Reports that are read one by one, each whenever it is asked for: none of them is held."""

    def __init__(self, keys: Iterable[Key], read: Callable[[Key], Report]) -> None:
        self._keys, self._read = dict.fromkeys(keys), read

    def __getitem__(self, key: Key) -> Report:
        if key not in self._keys:
            raise KeyError(key)
        return self._read(key)

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __iter__(self) -> Iterator[Key]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)
