"""A student's own assignments/ folder: its settings, the files in it, and the functions that are in those. Portable."""

from __future__ import annotations

from contextlib import chdir, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from autograder import settings
from autograder.checking.collection import ChecksError
from autograder.checking.source import functions_handed, questions_called
from autograder.language.listing import listed
from autograder.sandbox.given.files import GivenFiles
from autograder.sandbox.loader import in_no_folder, load
from autograder.sandbox.namespace import Namespace
from autograder.sandbox.protocol import Cell, Part
from autograder.settings import PublicSettings, SettingsError, read_public_settings
from autograder.student import messages
from autograder.submission.choice import candidates_in, choose
from autograder.submission.errors import UnreadableError
from autograder.submission.handout import Handout
from autograder.submission.model import Submission
from autograder.submission.reader import nothing_there, read_file
from autograder.submission.which_file import HANDOUT, VISIBLE_CHECKS, find_work, is_work


@dataclass(frozen=True)
class Workspace:
    """The course as a student has it."""

    folder: Path
    settings: PublicSettings

    @property
    def names(self) -> tuple[str, ...]:
        """The assignments, in the order in which they are taught."""
        return self.settings.assignments

    @property
    def imports(self) -> frozenset[str]:
        return frozenset(self.settings.imports)

    @property
    def files(self) -> GivenFiles:
        """Those that answers may read."""
        return GivenFiles(self.folder, self.names, self.settings.reads)

    @cached_property
    def handouts(self) -> tuple[Handout, ...]:
        """What was handed out for each assignment whose folder is here; nothing for one of an earlier edition.

        Nothing is known either where that is damaged: it is told when that assignment is looked at.
        """
        return tuple(self._handout_or_nothing(name) for name in self.names)

    def _handout_or_nothing(self, name: str) -> Handout:
        try:
            return _handout(self.folder / name)
        except ChecksError:
            return Handout(name, ())

    def handout(self, name: str) -> Handout:
        """What was handed out for one assignment. Raises ChecksError."""
        return _handout(self.folder / name)

    def read(self, file: Path) -> Submission:
        """What is in a file, read as grading reads it. Raises UnreadableError."""
        return read_file(file, file.parent.name, self.handouts)

    def file(self, name: str) -> Path | None:
        """The student's work on one assignment, by the rule of grading: what counts, be it readable or not."""
        folder = self.folder / name
        present = find_work(folder, name)
        if len(present) < 2:
            return next(iter(present), None)
        choice = choose(name, candidates_in(folder, name, self.read))
        return folder / choice.file if choice else None

    def misnamed(self, name: str) -> str:
        """What is wrong where the work on an assignment lies in its folder under another name; else nothing."""
        folder = self.folder / name
        if self.file(name) or not (folder.is_dir() and any(is_work(file) for file in folder.iterdir())):
            return ""
        return str(nothing_there(folder, name).for_own_file(name))

    def asked(self, name: str) -> tuple[str, ...]:
        """The questions of one assignment; none where its visible checks are not there, or cannot be read."""
        with suppress(ChecksError, OSError):
            return questions(self.checks(name))
        return ()

    def checks(self, name: str) -> Path:
        return self.folder / name / VISIBLE_CHECKS

    @property
    def former_folders(self) -> list[str]:
        """A line for each folder that is of an assignment of an earlier edition."""
        return [
            messages.former_folder(name, listed(today))
            for name, today in self.settings.former.items()
            if name not in self.names and (self.folder / name).is_dir()
        ]

    def load(self, name: str) -> Namespace:
        """The functions of one assignment and of those before it, loaded into this process.

        Raises UnreadableError where its file cannot be read.
        """
        beside = (lambda assignment: chdir(self.folder / assignment)) if self.settings.reads else in_no_folder
        file = self.file(name)
        parts = [*self.parts_before(name), _earlier_part(file) if file else Part(())]
        return load(parts, self.imports, self.settings.limits.cpu_seconds, beside=beside)

    def parts(self, name: str, file: Path | None = None) -> list[Part]:
        """What is written for one assignment and for those before it.

        A file before it that cannot be read gives nothing, as in grading. Raises UnreadableError where `file` cannot.
        """
        last = file or self.file(name)
        return [*self.parts_before(name), _part(last) if last else Part(())]

    def parts_before(self, name: str) -> list[Part]:
        """What is written for the assignments before one, as far as it can be read. Labels say in which file."""
        names = self.names[: self.names.index(name)]
        return [part for earlier in map(self.file, names) if earlier and (part := _part_if_readable(earlier))]


def find_workspace(start: Path) -> Workspace:
    """The workspace that `start` is in or beneath. Raises ChecksError."""
    for folder in (start, *start.parents):
        if (folder / settings.FILE).is_file():
            try:
                return Workspace(folder, read_public_settings(folder / settings.FILE))
            except SettingsError as error:
                raise ChecksError(messages.settings_broken(str(error))) from error
    raise ChecksError(messages.no_settings(settings.FILE, start))


def course_around(checks: Path) -> Workspace | None:
    """The course in which a file of checks lies where it should; None where it lies by itself."""
    try:
        course = find_workspace(checks.parent)
    except ChecksError:
        return None
    return course if checks.parent.parent == course.folder and checks.parent.name in course.names else None


def questions(checks: Path) -> tuple[str, ...]:
    """The questions that a file of checks is about, in the order in which they first stand in it. Raises ChecksError.

    A student may have changed the file, or saved over it.
    """
    try:
        called = questions_called(checks)
    except (SyntaxError, ValueError) as error:
        line = error.lineno if isinstance(error, SyntaxError) else None
        raise ChecksError(
            messages.checks_broken_from_line(checks, line) if line else messages.checks_broken(checks)
        ) from None
    return tuple(dict.fromkeys(name for names in called.values() for name in names))


def _handout(folder: Path) -> Handout:
    """What lies beside the notebook of an assignment. Raises ChecksError where that is no longer what was released."""
    file = folder / HANDOUT
    try:
        return Handout.read(file)
    except OSError:
        return Handout(folder.name, ())
    except ValueError:
        raise ChecksError(messages.handout_broken(file)) from None


def _part(file: Path) -> Part:
    return _part_of(file, _read(file).cells)


def _earlier_part(file: Path) -> Part:
    return _part_of(file, _read(file).earlier_cells)


def _read(file: Path) -> Submission:
    try:
        return read_file(file)
    except UnreadableError as error:
        raise error.for_own_file(file.name) from None


def _part_of(file: Path, cells: tuple[Cell, ...]) -> Part:
    assignment = file.parent.name
    checks = file.with_name(VISIBLE_CHECKS)
    if not checks.is_file():
        return Part(cells, assignment=assignment)
    return Part(cells, questions(checks), functions_handed(checks), assignment)


def _part_if_readable(file: Path) -> Part | None:
    try:
        return _earlier_part(file)
    except UnreadableError:
        return None
