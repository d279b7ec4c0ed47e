"""What has been collected, from where, and when it was handed in: kept where no student can set it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from autograder.classroom.collect import messages
from autograder.errors import UserError
from autograder.grading.files import write_atomically

FILE = ".collected.json"
SCHEMA = 1
Key = tuple[str, str]  # student, assignment


@dataclass(frozen=True)
class CollectedWork:
    """The attempt that counts. `files` has a hash of each; `handed_in` is what the system said, in ISO 8601.

    With `is_claim`, the time is the student's own word, as that of a commit is, and awaits a person.
    """

    source: str
    system: str
    files: Mapping[str, str]
    handed_in: str = ""
    is_claim: bool = False
    is_late: bool | None = None

    @property
    def time(self) -> datetime | None:
        return datetime.fromisoformat(self.handed_in) if self.handed_in else None


class Manifest:
    """The records of a folder of submissions, by student and assignment."""

    def __init__(self, into: Path) -> None:
        """Raises UserError where the file is not one of ours."""
        self._path = into / FILE
        self.records: dict[Key, CollectedWork] = {}
        try:
            data = json.loads(self._path.read_text(encoding="utf-8"))
            if data["schema"] != SCHEMA:
                raise ValueError(f"schema {data['schema']!r}")
            for student, works in data["work"].items():
                for assignment, record in works.items():
                    self.records[student, assignment] = CollectedWork(**record)
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise UserError(messages.broken_manifest(self._path)) from None

    def save(self) -> None:
        work: dict[str, dict[str, object]] = {}
        for (student, assignment), record in sorted(self.records.items()):
            work.setdefault(student, {})[assignment] = asdict(record)
        write_atomically(self._path, json.dumps({"schema": SCHEMA, "work": work}, indent=1) + "\n")
