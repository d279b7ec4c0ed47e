"""The marks of the last run, kept beside the reports: what exports write, and what the next run compares with."""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from autograder.classroom import messages
from autograder.classroom.marks.changes import mark_changes
from autograder.classroom.marks.lines import marks_file, parse_marks_file, read_marks_file
from autograder.classroom.marks.model import ClassMarks, StudentMarks
from autograder.errors import UserError
from autograder.grading.files import delete, path_from, path_to, way_to, write_atomically
from autograder.grading.store import ReportStore

SCHEMA = 1
FILE = ".marks.json"
FORMER = ".marks.former.json"  # while a run makes them anew
GRADING = ".grading"  # while a run grades; still there after one that was stopped
BEFORE = ".marks.before.json"  # those before the last run that moved any


@dataclass(frozen=True)
class MarksRecord:
    """Marks, and what they were made of beside the reports.

    `sources` has the hash of each file, empty where there was none, by its path from the folder of reports.
    `gradebook` is the address of the one whose points by hand are in them, without its password.
    """

    marks: ClassMarks
    sources: Mapping[str, str]
    gradebook: str = ""

    @classmethod
    def of(cls, marks: ClassMarks, root: Path, sources: Iterable[Path], gradebook: str = "") -> Self:
        """Marks that were made just now, of reports in the folder `root` and of these files, which may be missing."""
        return cls(marks, {path_from(root, path): _digest(path) for path in sources}, gradebook)

    def changed(self, root: Path) -> list[Path]:
        """The files that are not any more what they were."""
        paths = {path_to(root, path): digest for path, digest in self.sources.items()}
        return [path for path, digest in paths.items() if _digest(path) != digest]

    def were_there(self, root: Path) -> list[Path]:
        """The files that marks were made of, whether they are still there or not."""
        return [path_to(root, path) for path, digest in self.sources.items() if digest]

    def without(self, student: str) -> MarksRecord:
        """As if there were no such person, and no work in a folder of that name."""
        return replace(self, marks=self.marks.without(student))

    def pieces(self) -> Iterator[bytes]:
        """As the file, piece by piece."""
        marks = self.marks
        head = {
            "schema": SCHEMA,
            "sources": dict(self.sources),
            "gradebook": self.gradebook,
            "assignments": marks.assignments,
            "warnings": marks.warnings,
        }
        return marks_file(head, marks.students)

    @cached_property
    def end(self) -> bytes:
        """The last line of the file: it has a hash of all the others."""
        (last,) = deque(self.pieces(), maxlen=1)
        return last

    def to_json(self) -> str:
        return b"".join(self.pieces()).decode()

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` wrote. Raises ValueError where it is something else, or of another version."""
        return cls._of(lambda: parse_marks_file(text.encode()))

    @classmethod
    def read(cls, path: Path) -> Self:
        """The record in a file, whose students are read when they are asked for. Raises OSError and ValueError."""
        return cls._of(lambda: read_marks_file(path))

    @classmethod
    def _of(cls, read: Callable[[], tuple[dict[str, Any], Sequence[StudentMarks]]]) -> Self:
        try:
            data, students = read()
            if data["schema"] != SCHEMA:
                raise ValueError(f"schema {data['schema']!r}")
            marks = ClassMarks(tuple(data["assignments"]), students, tuple(data["warnings"]))
            return cls(marks, dict(data["sources"]), data["gradebook"])
        except (KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"not a record of marks: {error!r}") from error


def begin_grading(store: ReportStore) -> None:
    """Until `save_marks`, there are none: reports change, and what they were is kept to be compared with only."""
    write_atomically(store.root / GRADING, "")
    if (store.root / FILE).exists():
        (store.root / FILE).replace(store.root / FORMER)


def end_grading(store: ReportStore) -> None:
    """All reports are there, and the record of the class: marks can be made of them."""
    delete(store.root / GRADING)


def save_marks(store: ReportStore, record: MarksRecord) -> bool:
    """Keep the marks that a run made, and those that it replaces where any has moved. Raises UserError.

    Returns whether they are other than those that were kept, if any were.
    """
    if (
        (store.root / FORMER).exists()
        and not (store.root / FILE).exists()
        and _ends_so(store.root / FORMER, record.end)
    ):
        (store.root / FORMER).replace(store.root / FILE)
        return False
    last = read_record(store)
    is_same = last is None or _ends_so(store.root / FILE, record.end)
    if last and not is_same and mark_changes(last.marks, record.marks):
        write_atomically(store.root / BEFORE, last.pieces())
    write_atomically(store.root / FILE, record.pieces())
    delete(store.root / FORMER)
    return not is_same


def _ends_so(path: Path, end: bytes) -> bool:
    try:
        with path.open("rb") as file:
            file.seek(-len(end), os.SEEK_END)
            return file.read() == end
    except OSError:
        return False


def forget_before(store: ReportStore, student: str) -> None:
    """Take somebody out of the marks before the last run. Raises UserError."""
    if before := _read(store.root / BEFORE):
        write_atomically(store.root / BEFORE, before.without(student).pieces())
    else:
        delete(store.root / BEFORE)  # one that cannot be read may hold the student


def put_marks(store: ReportStore, record: MarksRecord) -> None:
    """Keep marks in the place of those that are kept; they are what those were, former ones too. Raises UserError."""
    is_former = (store.root / FORMER).exists() and not (store.root / FILE).exists()
    write_atomically(store.root / (FORMER if is_former else FILE), record.pieces())


def require_whole_run(store: ReportStore) -> None:
    """Raises UserError where grading was stopped, or goes on: reports are missing, and of others no times are known."""
    if (store.root / GRADING).exists():
        raise UserError(messages.half_graded(store.root))


def read_record(store: ReportStore) -> MarksRecord | None:
    """What the last run that came to its end kept, if that can be read."""
    return _read(store.root / FILE) or _read(store.root / FORMER)


def read_marks_before(store: ReportStore) -> ClassMarks | None:
    """The marks before the last run that moved any, if there was one."""
    record = _read(store.root / BEFORE)
    return record.marks if record else None


def _read(path: Path) -> MarksRecord | None:
    try:
        return MarksRecord.read(path)
    except (OSError, ValueError):
        return None


def load_marks(store: ReportStore) -> ClassMarks:
    """The marks of the last run. Raises UserError where there are none, or what they were made of has changed."""
    require_whole_run(store)
    record = read_record(store) if (store.root / FILE).exists() else None
    if record is None:
        raise UserError(messages.no_marks(store.root))
    if changed := record.changed(store.root):
        raise UserError(messages.marks_are_old(store.root, way_to(changed[0])))
    return record.marks


def _digest(path: Path) -> str:
    """A hash of the file; empty where there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
