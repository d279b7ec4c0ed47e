"""What the files of a class are about, kept beside them: they can be made again without a look at the submissions."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta, timezone, tzinfo
from itertools import groupby
from operator import itemgetter
from typing import Self

from autograder.course.loader import Course
from autograder.language.current import ENGLISH
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
    assignment was made, in the class's time: a run that finds nothing new to grade leaves it as it is. `language` is
    the one that the page of the class is in.
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
    language: str = ENGLISH

    def without(self, student: str) -> ClassRecord:
        return replace(
            self,
            students=tuple(each for each in self.students if each != student),
            reports=tuple(key for key in self.reports if key[0] != student),
            ungraded=tuple(each for each in self.ungraded if each.student != student),
            handed_in={key: time for key, time in self.handed_in.items() if key[0] != student},
        )

    def times_with(self, fresh: Mapping[Key, HandedIn], others: Iterable[Key]) -> dict[Key, HandedIn]:
        """The times that a run has read, and those that this record has of other reports, which it left as they are."""
        return {key: self.handed_in[key] for key in others if key in self.handed_in} | dict(fresh)

    def graded_with(self, fresh: Collection[str], now: datetime) -> dict[str, datetime]:
        """When each assignment was graded, after a run that made reports on those in `fresh`."""
        return dict(self.graded) | dict.fromkeys(sorted(fresh), now.replace(microsecond=0))

    def in_zone(self, zone: tzinfo) -> ClassRecord:
        """The same, with the times of grading as clocks in this zone show them."""
        return replace(self, graded={name: _in_zone(time, zone) for name, time in self.graded.items()})

    def pieces(self) -> Iterator[bytes]:
        """As the file, piece by piece: of a large class, the whole text would be large beside all else."""
        head = {
            "title": self.title,
            "ungraded": [asdict(each) for each in self.ungraded],
            "questions": dict(self.questions),
            "policy": self.policy,
            "policy_is_named": self.policy_is_named,
            "submitted": self.submitted,
            "graded": {name: time.isoformat() for name, time in self.graded.items()},
            "language": self.language,
        }
        yield json.dumps(head, indent=1)[:-2].encode()
        yield from _listed("students", self.students)
        yield from _listed("reports", self._by_student())
        times = ([*key, self.handed_in[key].to_json()] for key in sorted(self.handed_in))
        yield from _listed("handed_in", times)
        yield b"\n}\n"

    def _by_student(self) -> Iterator[tuple[str, ...]]:
        """Each student with the assignments that there are reports on, as far as they stand in a row."""
        for student, keys in groupby(self.reports, key=itemgetter(0)):
            yield student, *(assignment for _, assignment in keys)

    def to_json(self) -> str:
        return b"".join(self.pieces()).decode()

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` wrote, in this version or an earlier one. Raises ValueError where it is something else."""
        try:
            data = json.loads(text)

            def key(student: object, assignment: object) -> Key:
                return sys.intern(str(student)), sys.intern(str(assignment))

            return cls(
                str(data["title"]),
                tuple(sys.intern(str(each)) for each in data["students"]),
                tuple(key(student, each) for student, *names in data["reports"] for each in _some(names)),
                tuple(UngradedFile(**each) for each in data.get("ungraded", ())),
                {str(name): tuple(map(str, each)) for name, each in data.get("questions", {}).items()},
                {
                    key(student, assignment): HandedIn.from_json(time)
                    for student, assignment, time in data.get("handed_in", ())
                },
                str(data.get("policy", "")),
                bool(data.get("policy_is_named", False)),
                str(data.get("submitted", "")),
                {str(name): _moment(time) for name, time in data.get("graded", {}).items()},
                str(data.get("language", ENGLISH)),
            )
        except (KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"not a record of a class: {error!r}") from error


def _some(names: list[object]) -> list[object]:
    """Raises ValueError where there is none."""
    if not names:
        raise ValueError("a report on nothing")
    return names


def _listed(name: str, values: Iterable[object]) -> Iterator[bytes]:
    """A field that is a list, with a line for each of its values."""
    yield f',\n "{name}": ['.encode()
    before = "\n  "
    for value in values:
        yield f"{before}{json.dumps(value)}".encode()
        before = ",\n  "
    yield b"\n ]"


def questions_of(course: Course) -> dict[str, tuple[str, ...]]:
    """Of each assignment in the order of the course its questions in the lesson's, the ones in words among them.

    Raises CourseError where a lesson cannot be read.
    """
    return {
        each.name: tuple(cell.name for cell in each.cells if cell.is_question or cell.is_written)
        for each in course.assignments
    }


def _moment(text: str) -> datetime:
    """Raises TypeError or ValueError where it is no time, or one of no zone."""
    time = datetime.fromisoformat(text)
    if time.utcoffset() is None:
        raise ValueError(text)
    return time


def _in_zone(time: datetime, zone: tzinfo) -> datetime:
    """With the offset alone, which is all that JSON keeps."""
    return time.astimezone(timezone(time.astimezone(zone).utcoffset() or timedelta()))
