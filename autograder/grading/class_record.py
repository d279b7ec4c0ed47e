"""What the files of a class are about, kept beside them: they can be made again without a look at the submissions."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Self

from autograder.course.loader import Course
from autograder.report.diff import Key
from autograder.report.handed_in import HandedIn
from autograder.report.ungraded import UngradedFile


@dataclass(frozen=True)
class ClassRecord:
    """The course, all students, the reports that the files show, and what was handed in and not graded.

    `questions` has those of each assignment, in the order of the course, the ones in words among them. `handed_in` is
    when each piece of work came in, `policy` the file with the rules of the class, if there is one; whoever graded may
    have named it, where it does not lie beside the submissions. `submitted` is their folder. Both are told from the
    folder of reports, and empty where an earlier version did not keep them. `graded` is when the newest report on each
    assignment was made, in the class's time: a run that finds nothing new to grade leaves it as it is.
    """

    title: str
    students: tuple[str, ...]  # also those of whom there is no report
    reports: tuple[Key, ...]
    ungraded: tuple[UngradedFile, ...] = ()
    questions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    handed_in: Mapping[Key, HandedIn] = field(default_factory=dict)
    policy: str = ""
    policy_is_named: bool = False
    submitted: str = ""
    graded: Mapping[str, datetime] = field(default_factory=dict)

    def without(self, student: str) -> ClassRecord:
        return replace(
            self,
            students=tuple(each for each in self.students if each != student),
            reports=tuple(key for key in self.reports if key[0] != student),
            ungraded=tuple(each for each in self.ungraded if each.student != student),
            handed_in={key: time for key, time in self.handed_in.items() if key[0] != student},
        )

    def times_with(self, fresh: Mapping[Key, HandedIn], reports: Collection[Key]) -> dict[Key, HandedIn]:
        """The times that a run has read, and those that this record has of other reports, which it left as they are."""
        there = frozenset(reports)
        return {key: time for key, time in self.handed_in.items() if key in there} | dict(fresh)

    def graded_with(self, fresh: Collection[str], now: datetime) -> dict[str, datetime]:
        """When each assignment was graded, after a run that made reports on those in `fresh`."""
        return dict(self.graded) | dict.fromkeys(sorted(fresh), now.replace(microsecond=0))

    def in_zone(self, zone: tzinfo) -> ClassRecord:
        """The same, with the times of grading as clocks in this zone show them."""
        return replace(self, graded={name: _in_zone(time, zone) for name, time in self.graded.items()})

    def to_json(self) -> str:
        data = {
            "title": self.title,
            "students": self.students,
            "reports": self.reports,
            "ungraded": [asdict(each) for each in self.ungraded],
            "questions": dict(self.questions),
            "handed_in": [[*key, time.to_json()] for key, time in sorted(self.handed_in.items(), key=_key)],
            "policy": self.policy,
            "policy_is_named": self.policy_is_named,
            "submitted": self.submitted,
            "graded": {name: time.isoformat() for name, time in self.graded.items()},
        }
        return json.dumps(data, indent=1) + "\n"

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
                {str(name): tuple(map(str, each)) for name, each in data.get("questions", {}).items()},
                {
                    (str(student), str(assignment)): HandedIn.from_json(time)
                    for student, assignment, time in data.get("handed_in", ())
                },
                str(data.get("policy", "")),
                bool(data.get("policy_is_named", False)),
                str(data.get("submitted", "")),
                {str(name): _moment(time) for name, time in data.get("graded", {}).items()},
            )
        except (KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"not a record of a class: {error!r}") from error


def questions_of(course: Course) -> dict[str, tuple[str, ...]]:
    """Of each assignment in the order of the course its questions in the lesson's, the ones in words among them.

    Raises CourseError where a lesson cannot be read.
    """
    return {
        each.name: tuple(cell.name for cell in each.cells if cell.is_question or cell.is_written)
        for each in course.assignments
    }


def _key(item: tuple[Key, HandedIn]) -> Key:
    return item[0]


def _moment(text: str) -> datetime:
    """Raises TypeError or ValueError where it is no time, or one of no zone."""
    time = datetime.fromisoformat(text)
    if time.utcoffset() is None:
        raise ValueError(text)
    return time


def _in_zone(time: datetime, zone: tzinfo) -> datetime:
    """With the offset alone, which is all that JSON keeps."""
    return time.astimezone(timezone(time.astimezone(zone).utcoffset() or timedelta()))
