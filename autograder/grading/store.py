"""The folder of reports: where each lies, whole or not at all, by one writer at a time, with the former ones kept."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from autograder.errors import UserError
from autograder.grading import messages
from autograder.report.diff import Change, Key, compare
from autograder.report.model import Report

SAFE_NAME = re.compile(r"[A-Za-z0-9_@+-][A-Za-z0-9._@+-]{0,99}")
CLASS_FILES = ("grades.csv", "index.html")  # they stand beside the students' folders
FORMER = ".history"  # the folder of the former reports; no student's folder begins with a dot
LOCK = ".lock"


class ReportStore:
    """A folder of reports, with one writer at a time."""

    def __init__(self, root: Path) -> None:
        self.root = root

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

    def relative_path(self, student: str, assignment: str) -> Path:
        """Where a report lies: in a folder with the student's name, or with one made from it where it is unsafe."""
        if SAFE_NAME.fullmatch(student) and student.casefold() not in CLASS_FILES:
            return Path(student, f"{assignment}.json")
        readable = re.sub(r"[^A-Za-z0-9]+", "-", student).strip("-")[:40]
        return Path(f"{readable}~{hashlib.sha256(student.encode()).hexdigest()[:12]}", f"{assignment}.json")

    def path(self, student: str, assignment: str) -> Path:
        return self.root / self.relative_path(student, assignment)

    def load(self, student: str, assignment: str) -> Report | None:
        """The report that an earlier run left, if it can be read."""
        try:
            return Report.from_json(self.path(student, assignment).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def save(self, report: Report) -> Change | None:
        """Write a report; the former one is kept where it says something else, and the change returned."""
        former = self.load(report.student, report.assignment)
        change = compare(former, report) if former else None
        if change:
            self._keep_former(change.before)
        write_atomically(self.path(report.student, report.assignment), report.to_json())
        return change

    def read_all(self) -> dict[Key, Report]:
        """All reports, sorted by student and assignment. Raises UserError where there is none, or one is broken."""
        return _read(self._paths(), messages.broken_report_regrade)

    def count_by_assignment(self) -> dict[str, int]:
        """How many reports there are on each assignment, by the names of their files; none is opened."""
        return dict(sorted(Counter(path.stem for path in self.root.glob("[!.]*/[!.]*.json")).items()))

    def read_former(self) -> dict[Key, Report]:
        """Of each report that regrades have changed, the former one. Raises UserError where there is none."""
        latest = [self._former_paths(path.relative_to(self.root))[-1:] for path in self._paths()]
        if not any(latest):
            raise UserError(messages.no_former_reports(self.root))
        return _read([path for paths in latest for path in paths], messages.broken_report_delete)

    def _paths(self) -> list[Path]:
        paths = sorted(self.root.glob("[!.]*/[!.]*.json"))
        if not paths:
            raise UserError(messages.no_reports(self.root))
        return paths

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
    return _read([path], messages.no_report)  # it may be anything, and stays


def _read(paths: list[Path], broken: Callable[[Path], str]) -> dict[Key, Report]:
    reports = {}
    for path in paths:
        try:
            report = Report.from_json(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise UserError(messages.cannot_read(path, error.strerror)) from None
        except ValueError:
            raise UserError(broken(path)) from None
        reports[report.student, report.assignment] = report
    return dict(sorted(reports.items()))


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
