"""The sandbox of a course: it starts, and is tried, while whoever grades in it gets ready.

Checks and pytest are not imported here, so that all this begins before them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

from autograder.course.archive import find_files
from autograder.course.loader import Course, load_course
from autograder.course.provenance import edition_of, provenances_of
from autograder.sandbox import selftest
from autograder.sandbox.client import Sandbox
from autograder.sandbox.homes import Where, first_that_confines
from autograder.sandbox.protocol import Cell
from autograder.submission import messages
from autograder.submission.model import CODE


class CourseSandbox:
    """One that starts at once. Where it confines, each promise is tried in it, beside all else that is done here."""

    def __init__(self, course: Course, where: Where, edition: str = "") -> None:
        """Raises NotConfinedError where this machine has none of that kind. `edition` is the hash of the course."""
        self.course, self.where, self.edition = course, where, edition
        self.sandbox = Sandbox(
            course.limits,
            course.imports,
            where=where,
            files=course.files,
            given_cells=_GivenCells(course),
            ahead=True,
        )
        self._beside = ThreadPoolExecutor(1)
        self._tried = self._beside.submit(self._require_promises)

    @classmethod
    def of(cls, folder: Path, wanted: Where | None = None) -> Self:
        """That of the course in a folder as it is now, in the home that is wanted, or in the first that confines.

        Raises NotConfinedError, CourseError and SettingsError.
        """
        where = wanted or first_that_confines()
        edition = edition_of(provenances_of(load_course(folder)))
        return cls(load_course(folder), where, edition)

    def wait(self) -> None:
        """Return when all promises were tried. Raises NotConfinedError where this machine breaks one."""
        self._tried.result()
        self._beside.shutdown()

    def close(self) -> None:
        self._beside.shutdown(cancel_futures=True)
        self.sandbox.close()

    def _require_promises(self) -> None:
        if self.where.is_confined:
            folder = self.course.folder
            selftest.require_sandbox(self.sandbox, [folder, *find_files(folder)], self.course.files)


class _GivenCells(Mapping[str, Sequence[Cell]]):
    """The code that students were given, by assignment, stubs included, with the labels that it has in their notebooks.

    A lesson is not read before it is asked for.
    """

    def __init__(self, course: Course) -> None:
        self._course = course

    def __getitem__(self, assignment: str) -> Sequence[Cell]:
        if assignment not in self._course.names:
            raise KeyError(assignment)
        cells, number = [], 0
        for cell in self._course.assignment(assignment).handout.cells:
            if cell.kind == CODE:
                number += 1
                cells.append(Cell(messages.code_cell(number), cell.source))
                number += cell.name != ""  # behind an answer stands the cell that checks it
        return cells

    def __iter__(self) -> Iterator[str]:
        return iter(self._course.names)

    def __len__(self) -> int:
        return len(self._course.names)
