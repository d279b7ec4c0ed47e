"""Marks in a file of JSON with a line for each student, so that a class of any size is written and read by lines."""

from __future__ import annotations

import hashlib
import json
import os
import weakref
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, BinaryIO, overload

from autograder.classroom.marks.model import (
    Adjustment,
    Mark,
    MarkStatus,
    Member,
    StudentMarks,
    WrittenMark,
)

_STUDENTS = b', "students": [\n'
_END, _CLOSE = b'], "hash": "', b'"}\n'
_MARK = tuple(field.name for field in fields(Mark))
_MEMBER = tuple(field.name for field in fields(Member))
_ADJUSTMENT = tuple(field.name for field in fields(Adjustment))
_ANSWER = tuple(field.name for field in fields(WrittenMark))


def marks_file(head: Mapping[str, object], students: Iterable[StudentMarks]) -> Iterator[bytes]:
    """The file, piece by piece: what is said of all, the students, and a hash of what stands before it."""
    digest = hashlib.sha256()
    for piece in _pieces(head, students):
        digest.update(piece)
        yield piece
    yield _END + digest.hexdigest().encode() + _CLOSE


def _pieces(head: Mapping[str, object], students: Iterable[StudentMarks]) -> Iterator[bytes]:
    yield json.dumps(head)[:-1].encode() + _STUDENTS
    before = ""
    for each in students:
        yield f"{before}{json.dumps(_as_json(each))}".encode()
        before = ",\n"
    yield b"\n"


class StudentLines(Sequence[StudentMarks]):
    """The students of such a file: each is read anew whenever it is asked for, even when the file has been replaced."""

    def __init__(self, file: BinaryIO, places: Sequence[int]) -> None:
        """`places` are where the lines begin, and where the last one ends."""
        self._places = places
        self._descriptor = os.dup(file.fileno())
        weakref.finalize(self, os.close, self._descriptor)

    def __len__(self) -> int:
        return len(self._places) - 1

    @overload
    def __getitem__(self, place: int) -> StudentMarks: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[StudentMarks]: ...
    def __getitem__(self, place: int | slice) -> StudentMarks | Sequence[StudentMarks]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        begin, end = self._places[range(len(self))[place]], self._places[range(1, len(self) + 1)[place]]
        return student_of(json.loads(self._read(begin, end).rstrip(b",\n")))

    def _read(self, begin: int, end: int) -> bytes:
        if not hasattr(os, "pread"):  # Windows
            os.lseek(self._descriptor, begin, os.SEEK_SET)
            return os.read(self._descriptor, end - begin)
        return os.pread(self._descriptor, end - begin, begin)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # as that of any list


def read_marks_file(path: Path) -> tuple[dict[str, Any], Sequence[StudentMarks]]:
    """What is said of all, and the students. Raises OSError, and ValueError where a file is not whole."""
    with path.open("rb") as file:
        first = file.readline()
        if not first.endswith(_STUDENTS):
            return parse_marks_file(first + file.read())
        places = array("Q", _places(file, first))
        return json.loads(first[: -len(_STUDENTS)] + b"}"), StudentLines(file, places)


def parse_marks_file(content: bytes) -> tuple[dict[str, Any], Sequence[StudentMarks]]:
    """The same of what such a file holds, in this version's form or an earlier one's, on one line."""
    data = json.loads(content)
    return data, tuple(map(student_of, data["students"]))


def _places(file: BinaryIO, first: bytes) -> Iterator[int]:
    """Where the lines of students begin, and the last one ends. Raises ValueError where the file is not whole."""
    digest, place = hashlib.sha256(first), len(first)
    for line in file:
        if line.startswith(_END):
            if line == _END + digest.hexdigest().encode() + _CLOSE:
                return
            break
        if line != b"\n":
            yield place
        place += len(line)
        digest.update(line)
        if not line.endswith(b",\n"):
            yield place
    raise ValueError("it is not what was written")


def student_of(data: Mapping[str, Any]) -> StudentMarks:
    """Raises ValueError, TypeError and KeyError where it is none."""
    marks = {each["assignment"]: _mark(each) for each in data["marks"]}
    return StudentMarks(Member(**data["member"]), marks, data["total"], data["is_final"])


def _as_json(student: StudentMarks) -> dict[str, object]:
    return {
        "member": {name: getattr(student.member, name) for name in _MEMBER},
        "total": student.total,
        "is_final": student.is_final,
        "marks": [_mark_as_json(mark) for mark in student.marks.values()],
    }


def _mark_as_json(mark: Mark) -> dict[str, object]:
    plain = {name: getattr(mark, name) for name in _MARK}
    if mark.adjustments:
        plain["adjustments"] = [{name: getattr(each, name) for name in _ADJUSTMENT} for each in mark.adjustments]
    if mark.answers:
        plain["answers"] = [{name: getattr(each, name) for name in _ANSWER} for each in mark.answers]
    return plain


def _mark(data: Mapping[str, Any]) -> Mark:
    typed = {
        "status": MarkStatus(data["status"]),
        "adjustments": tuple(Adjustment(**each) for each in data["adjustments"]),
        "dropped": tuple(data["dropped"]),
        "answers": tuple(WrittenMark(**each) for each in data["answers"]),
    }
    return Mark(**{**data, **typed})
