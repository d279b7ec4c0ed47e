"""What the files of a class are about, kept beside them: they can be made again without a look at the submissions."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Self

from autograder.report.diff import Key
from autograder.report.ungraded import UngradedFile


@dataclass(frozen=True)
class ClassRecord:
    """The course, all students, the reports that the files show, and what was handed in and not graded."""

    title: str
    students: tuple[str, ...]  # also those of whom there is no report
    reports: tuple[Key, ...]
    ungraded: tuple[UngradedFile, ...] = ()

    def without(self, student: str) -> ClassRecord:
        return ClassRecord(
            self.title,
            tuple(each for each in self.students if each != student),
            tuple(key for key in self.reports if key[0] != student),
            tuple(each for each in self.ungraded if each.student != student),
        )

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` wrote, in this version or an earlier one. Raises ValueError where it is something else."""
        try:
            data = json.loads(text)
            return cls(
                str(data["title"]),
                tuple(map(str, data["students"])),
                tuple((str(student), str(assignment)) for student, assignment in data["reports"]),
                tuple(UngradedFile(**each) for each in data.get("ungraded", ())),
            )
        except (KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"not a record of a class: {error!r}") from error
