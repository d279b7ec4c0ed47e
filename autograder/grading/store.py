"""The folder of reports: where each lies, whole or not at all, by one writer at a time, with the former ones kept."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from autograder.errors import UserError
from autograder.grading import messages
from autograder.report.diff import Change, Key, compare
from autograder.report.model import SCHEMA, NewerReportError, Report
from autograder.submission.model import Submission

SAFE_NAME = re.compile(r"[A-Za-z0-9_@+-][A-Za-z0-9._@+-]{0,99}")
CLASS_FILES = ("grades.csv", "index.html")  # they stand beside the students' folders
REPORTS = "[!.]*/[!.]*.json"
# Folders and files beside those of the students, whose names do not begin with a dot.
FORMER = ".history"  # the former reports
WORK = ".submitted"  # what was read of each submission
RECORD = ".class.json"
LOCK = ".lock"


@dataclass(frozen=True)
class ClassRecord:
    """What the files of a class are about: the course, all students, and the reports that they show."""

    title: str
    students: tuple[str, ...]  # also those of whom there is no report
    reports: tuple[Key, ...]

    def without(self, student: str) -> ClassRecord:
        others = tuple(each for each in self.students if each != student)
        return ClassRecord(self.title, others, tuple(key for key in self.reports if key[0] != student))


class ReportStore:
    """A folder of reports, with one writer at a time. What it says of a student can be erased."""

    def __init__(self, root: Path) -> None:
        self.root = root

    # Where things lie

    def path(self, student: str, assignment: str) -> Path:
        return self.root / self.relative_path(student, assignment)

    def relative_path(self, student: str, assignment: str) -> Path:
        """Where a report lies: in a folder with the student's name, or with one made from it where it is unsafe."""
        return Path(_folder_name(student), f"{assignment}.json")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keep every other run from writing into the same folder. Raises UserError where one does."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock = open(self.root / LOCK, "w")  # noqa: SIM115  (closed by the `with` below)
        except OSError as error:
            raise UserError(messages.folder_not_writable(self.root, error.strerror)) from None
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise UserError(messages.another_run(self.root)) from None
            yield

    # One report

    def load(self, student: str, assignment: str) -> Report | None:
        """The report that an earlier run left, if it can be read. Raises UserError where a later version wrote it."""
        return _load(self.path(student, assignment))

    def save(self, report: Report, work: Submission | None = None) -> Change | None:
        """Write a report, and what it is about; the former one is kept where it says something else.

        Returns the change. `work` is None where the submission could not be read.
        """
        former = self.load(report.student, report.assignment)
        change = compare(former, report) if former else None
        if change:
            self._keep_former(change.before)
        if work:
            write_atomically(self._work_path(report), work.to_json())
        else:
            self._work_path(report).unlink(missing_ok=True)
        write_atomically(self.path(report.student, report.assignment), report.to_json())
        return change

    def keep(self, report: Report, work: Submission | None) -> None:
        """Leave a report as it is; an earlier version may not have kept what it is about."""
        if work and not self.has_work(report):
            write_atomically(self._work_path(report), work.to_json())

    def has_work(self, report: Report) -> bool:
        return self._work_path(report).exists()

    def load_work(self, report: Report) -> Submission | None:
        """What was read of the submission that a report is about, if that is kept."""
        try:
            return Submission.from_json(self._work_path(report).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    # All of them

    def __iter__(self) -> Iterator[Report]:
        """All reports, sorted by their paths. Raises UserError where there is none, or one is broken."""
        return (_read(path, messages.broken_report_regrade) for path in self._paths())

    def read_all(self) -> dict[Key, Report]:
        """All reports, sorted by student and assignment. Raises UserError as `__iter__` does."""
        return _by_key(self)

    def beside(self, reports: Iterable[Report]) -> Iterator[Report]:
        """The reports that an earlier run left beside some others, as far as they can be read."""
        known = {self.path(each.student, each.assignment) for each in reports}
        for path in sorted(self.root.glob(REPORTS)):
            if path not in known and (report := _load(path)):
                yield report

    def count_by_assignment(self) -> dict[str, int]:
        """How many reports there are on each assignment, by the names of their files; none is opened."""
        return dict(sorted(Counter(path.stem for path in self.root.glob(REPORTS)).items()))

    def read_former(self) -> dict[Key, Report]:
        """Of each report that regrades have changed, the former one. Raises UserError where there is none."""
        latest = [self._former_paths(path.relative_to(self.root))[-1:] for path in self._paths()]
        if not any(latest):
            raise UserError(messages.no_former_reports(self.root))
        return _by_key(_read(path, messages.broken_report_delete) for paths in latest for path in paths)

    # The class

    def save_class(self, record: ClassRecord) -> None:
        write_atomically(self.root / RECORD, json.dumps(asdict(record), indent=1) + "\n")

    def load_class(self) -> ClassRecord:
        """What the last run was about; where that is not kept, all reports. Raises UserError where there is none."""
        try:
            data = json.loads((self.root / RECORD).read_text(encoding="utf-8"))
            reports = tuple((str(student), str(assignment)) for student, assignment in data["reports"])
            return ClassRecord(str(data["title"]), tuple(map(str, data["students"])), reports)
        except (OSError, ValueError, KeyError, TypeError):
            keys = tuple(self.read_all())
            return ClassRecord("", tuple(dict.fromkeys(student for student, _ in keys)), keys)

    def students(self) -> list[str]:
        """All of whom something is kept. Raises UserError as `load_class` does."""
        return sorted({*self.load_class().students, *(report.student for report in self.beside(()))})

    def erase(self, student: str) -> int:
        """Delete all that is kept of a student: reports, pages, former reports, what was read of their work.

        The files of the class are then to be made again. Returns how many files there were. Raises UserError.
        """
        record = self.load_class()
        folders = [self.root / part / _folder_name(student) for part in ("", FORMER, WORK)]
        files = [path for folder in folders for path in folder.rglob("*") if not path.is_dir()]
        try:
            for folder in folders:
                if folder.is_dir():
                    shutil.rmtree(folder)
        except OSError as error:
            raise UserError(messages.cannot_erase(error.filename, error.strerror)) from None
        self.save_class(record.without(student))
        return len(files)

    # Inside

    def _paths(self) -> Sequence[Path]:
        paths = sorted(self.root.glob(REPORTS))
        if not paths:
            raise UserError(messages.no_reports(self.root))
        return paths

    def _work_path(self, report: Report) -> Path:
        return self.root / WORK / self.relative_path(report.student, report.assignment)

    def _keep_former(self, former: Report) -> None:
        """Once only, if the run is then killed before it can replace it."""
        text, path = former.to_json(), self.relative_path(former.student, former.assignment)
        try:
            kept = self._former_paths(path)
            if kept and kept[-1].read_bytes() == text.encode():
                return
        except OSError as error:
            raise UserError(messages.cannot_read(error.filename, error.strerror)) from None
        last = int(kept[-1].stem.rpartition(".")[2]) if kept else 0
        write_atomically(self.root / FORMER / path.with_suffix(f".{last + 1}.json"), text)

    def _former_paths(self, report: Path) -> list[Path]:
        """Where the former reports in `<student>/<assignment>.json` are kept, oldest first."""
        name = re.compile(rf"{re.escape(report.stem)}\.(\d+)\.json")
        folder = (self.root / FORMER / report).parent
        matches = ((name.fullmatch(path.name), path) for path in (folder.iterdir() if folder.is_dir() else ()))
        return [path for _, path in sorted((int(match[1]), path) for match, path in matches if match)]


def read_reports(path: Path) -> dict[Key, Report]:
    """The reports in a folder that `grade` wrote, or the one in a file, sorted. Raises UserError."""
    if path.is_dir():
        return ReportStore(path).read_all()
    if path.suffix != ".json":
        raise UserError(messages.no_reports(path))
    return _by_key([_read(path, messages.no_report)])  # it may be anything, and stays


def _folder_name(student: str) -> str:
    if SAFE_NAME.fullmatch(student) and student.casefold() not in CLASS_FILES:
        return student
    readable = re.sub(r"[^A-Za-z0-9]+", "-", student).strip("-")[:40]
    return f"{readable}~{hashlib.sha256(student.encode()).hexdigest()[:12]}"


def _by_key(reports: Iterable[Report]) -> dict[Key, Report]:
    return dict(sorted({(report.student, report.assignment): report for report in reports}.items()))


def _parse(path: Path) -> Report:
    """Raises OSError and ValueError, and UserError where a later version wrote the report."""
    try:
        return Report.from_json(path.read_text(encoding="utf-8"))
    except NewerReportError as error:
        raise UserError(messages.newer_report(path, str(error.schema), SCHEMA)) from None


def _load(path: Path) -> Report | None:
    """The report, if it is there and can be read."""
    try:
        return _parse(path)
    except (OSError, ValueError):
        return None


def _read(path: Path, broken: Callable[[Path], str]) -> Report:
    """The report. Raises UserError, with the sentence of `broken` where it is none."""
    try:
        return _parse(path)
    except OSError as error:
        raise UserError(messages.cannot_read(path, error.strerror)) from None
    except ValueError:
        raise UserError(broken(path)) from None


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all. Raises UserError where it cannot be written."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(text, encoding="utf-8", newline="")
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise UserError(messages.cannot_write(path, error.strerror)) from None
