"""The submissions of a class: where the work of a student lies; and all of them, held small.

Of a hundred thousand, most lie in their students' folders in one and the same way, which is kept once.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar, overload

from autograder.report.diff import Key
from autograder.submission.which_file import assignment_of, files_below, find_work, kind_of
from autograder.text import decode_name

T = TypeVar("T")


@dataclass(frozen=True)
class SubmissionFolder:
    """A student's work on one assignment: the folder that it should be in, and the files that may be it.

    Those that lie where they should come first. `others` lie there as well, and are named for another assignment;
    `documents` are named for this one, and neither notebooks nor scripts. `siblings` are the student's work on all
    assignments, by name. With `is_given`, the one file is the work, whatever it is called. `lies_as` has, for each
    folder of an attempt that counts in the place of what lies among the submissions, the folder that it stands for;
    `note` tells the student why.
    """

    student: str
    assignment: str
    folder: Path
    files: tuple[Path, ...] = ()
    others: tuple[Path, ...] = ()
    documents: tuple[Path, ...] = ()
    siblings: Mapping[str, SubmissionFolder] = field(default_factory=dict, repr=False, compare=False)
    is_given: bool = False
    lies_as: Mapping[Path, Path] = field(default_factory=dict, repr=False, compare=False)
    note: str = ""

    @classmethod
    def alone(cls, student: str, assignment: str, folder: Path, names: Sequence[str]) -> SubmissionFolder:
        """What lies in one folder, and, in those beside it, the work on the other assignments in `names`."""
        siblings: dict[str, SubmissionFolder] = {}
        for name in names:
            place = folder.with_name(name)
            siblings[name] = cls(student, name, place, *_sorted_in(place, name, names), (), siblings)
        return siblings[assignment]

    def is_exact(self, file: Path) -> bool:
        """Whether a file is called as the assignment, and lies where it should."""
        return self.is_given or (file.parent == self.folder and file.name in _names(self.assignment))

    def shown(self, file: Path) -> str:
        """A file's path as it is told: below this folder, else below the student's own."""
        folder, path = self._as_it_lies(self.folder), self._as_it_lies(file)
        for above in (folder, folder.parent):
            if path.is_relative_to(above):
                return decode_name(path.relative_to(above).as_posix())
        return decode_name(path.name)

    def find(self, shown: str) -> Path | None:
        """The file that is told as that."""
        return next((file for file in (*self.files, *self.documents) if self.shown(file) == shown), None)

    def path_of(self, shown: str) -> str:
        """Its path below the folder of all submissions, or from there to the folder of other attempts."""
        file, submitted = self.find(shown) or self.folder / shown, self._as_it_lies(self.folder).parent.parent
        return decode_name(Path(os.path.relpath(file, submitted)).as_posix())

    def _as_it_lies(self, path: Path) -> Path:
        """Where something of an attempt would lie among the submissions."""
        above = next((folder for folder in self.lies_as if path.is_relative_to(folder)), None)
        return self.lies_as[above] / path.relative_to(above) if above else path


Ways = tuple[tuple[str, str, tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...]  # below a folder, by assignment
Works = Mapping[str, SubmissionFolder]


class Submissions(Sequence[SubmissionFolder]):
    """The submissions of a class, those of each student in a row, as they lay there when they were found."""

    def __init__(self) -> None:
        self._wanted: dict[str, tuple[str, ...]] = {}
        self._held: dict[str, tuple[str, Ways] | Works] = {}
        self._known: dict[object, object] = {}
        self._count = 0

    def add(self, student: str, works: Works, wanted: Sequence[str]) -> None:
        """Take a student's work, of which only what is wanted is a submission: the rest lies beside it."""
        if not wanted:
            return
        self._wanted[student] = self._once(tuple(wanted))
        above = works[wanted[0]].folder.parent
        ways = _ways_below(f"{above}{os.sep}", works)
        self._held[student] = works if ways is None else (str(above), self._once(ways))
        self._count += len(wanted)

    def ways_of(self, student: str) -> Ways | None:
        """How a student's work lies in their folder; None where there is more to say of it, or there is none."""
        held = self._held.get(student)
        return held[1] if isinstance(held, tuple) else None

    def add_alike(self, student: str, folder: str, ways: Ways, wanted: Sequence[str]) -> None:
        """Take a student whose work lies in their folder as that of another does theirs."""
        self._wanted[student] = self._once(tuple(wanted))
        self._held[student] = folder, ways
        self._count += len(wanted)

    def all_keys(self) -> Iterator[Key]:
        """Student and assignment of each, in their order."""
        return ((student, name) for student, names in self._wanted.items() for name in names)

    def students(self) -> set[str]:
        """Those who have any."""
        return set(self._wanted)

    def of(self, student: str, assignment: str) -> SubmissionFolder:
        return self._works(student)[assignment]

    def __iter__(self) -> Iterator[SubmissionFolder]:
        for student, names in self._wanted.items():
            works = self._works(student)
            yield from (works[name] for name in names)

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> SubmissionFolder: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[SubmissionFolder]: ...
    def __getitem__(self, place: int | slice) -> SubmissionFolder | Sequence[SubmissionFolder]:
        if isinstance(place, slice):
            return list(self)[place]
        return self.of(*list(self.all_keys())[place])

    def _works(self, student: str) -> Works:
        held = self._held[student]
        if isinstance(held, Mapping):
            return held
        above, ways = Path(held[0]), held[1]
        works: dict[str, SubmissionFolder] = {}
        for name, folder, *places in ways:
            files, others, documents = (tuple(above / place for place in each) for each in places)
            works[name] = SubmissionFolder(student, name, above / folder, files, others, documents, works)
        return works

    def _once(self, value: T) -> T:
        known = self._known.setdefault(value, value)
        assert isinstance(known, type(value))
        return known


def _ways_below(above: str, works: Works) -> Ways | None:
    """How works lie below a folder; None where there is more to say of any of them."""
    ways = []
    for each in works.values():
        if each.note or each.lies_as or each.is_given:
            return None
        paths = (each.folder, *each.files, *each.others, *each.documents)
        if not all(str(path).startswith(above) for path in paths):
            return None
        files, others, documents = (
            tuple(str(path)[len(above) :] for path in of_kind) for of_kind in (each.files, each.others, each.documents)
        )
        ways.append((each.assignment, str(each.folder)[len(above) :], files, others, documents))
    return tuple(ways)


def _sorted_in(folder: Path, assignment: str, names: Sequence[str]) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """The files in one folder that may be the work on its assignment, and those that are named for another one."""
    if is_behind_a_link(folder) or not folder.is_dir():
        return (), ()
    exact = find_work(folder, assignment)
    try:
        below = [path for path in files_below(folder) if kind_of(path.name)]
    except OSError:
        below = []
    named = {path: assignment_of(path, names) or assignment for path in below}
    own = (folder / path for path, name in named.items() if name == assignment)
    others = tuple(folder / path for path, name in named.items() if name != assignment)
    return (*exact, *(file for file in own if file not in exact)), others


def is_behind_a_link(place: Path) -> bool:
    return place.is_symlink() or place.parent.is_symlink()


def _names(assignment: str) -> tuple[str, str]:
    return f"{assignment}.ipynb", f"{assignment}.py"
