"""The folder of reports: where each lies, whole or not at all, by one writer at a time, with the former ones kept."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from autograder.errors import UserError
from autograder.grading import messages
from autograder.grading.class_record import ClassRecord
from autograder.grading.files import bytes_of, content_of, delete, names_in, write_atomically
from autograder.grading.report_file import ReadReports, load_report, parsed_report, read_report
from autograder.report.brief import Briefs
from autograder.report.diff import Change, Key, compare
from autograder.report.model import Report
from autograder.submission.model import Submission

SAFE_NAME = re.compile(r"[A-Za-z0-9_@+-][A-Za-z0-9._@+-]{0,99}")
CLASS_FILES = ("marks.csv", "totals.csv", "index.html")  # they stand beside the students' folders
FORMER_TABLE = "grades.csv"  # of an earlier version, which named everybody
REPORTS = "[!.]*/[!.]*.json"
# Folders and files beside those of the students, whose names do not begin with a dot.
FORMER = ".history"  # the former reports
WORK = ".submitted"  # what was read of each submission
RECORD = ".class.json"
INDEX = ".index.sqlite"  # made again where it is missing
LOCK = ".lock"
UNFINISHED = r"\..+\.\d+"  # what a run that was killed was writing


class ReportStore:
    """A folder of reports, with one writer at a time. What it says of a student can be erased."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._root = os.fspath(root)
        self._is_writing = False
        self.problems: list[str] = []  # a line on each that cost nothing but time

    # Where things lie

    def path(self, student: str, assignment: str) -> Path:
        return self.root / self.relative_path(student, assignment)

    def relative_path(self, student: str, assignment: str) -> Path:
        return Path(folder_name(student), f"{assignment}.json")

    @property
    def index_file(self) -> Path:
        return self.root / INDEX

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keep every other run from writing into the same folder. Raises UserError where one does."""
        if self._is_writing:
            yield
            return
        lock = FileLock(self.root / LOCK, blocking=False)
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            raise UserError(messages.another_run(self.root)) from None
        except OSError as error:
            raise UserError(messages.folder_not_writable(self.root, error.strerror)) from None
        self._is_writing = True
        try:
            yield
        finally:
            self._is_writing = False
            lock.release()

    # One report

    def load(self, student: str, assignment: str) -> Report | None:
        """The report that an earlier run left, if it can be read. Raises UserError where a later version wrote it."""
        return load_report(self.path(student, assignment))

    def save(self, report: Report, work: Submission | None = None) -> tuple[Change | None, bytes]:
        """Write a report, and what it is about; the former one is kept where it says something else.

        Returns the change, and the `content` that was written. `work` is None where the submission could not be read.
        """
        former = self.load(report.student, report.assignment)
        change = compare(former, report) if former else None
        if change:
            self._keep_former(change.before)
        work_bytes, report_bytes = work.to_json().encode() if work else b"", report.to_json().encode()
        if work:
            write_atomically(self._work_path(report), work_bytes)
        else:
            delete(self._work_path(report))
        write_atomically(self.path(report.student, report.assignment), report_bytes)
        return change, content_of(report_bytes, work_bytes)

    def keep(self, report: Report, work: Submission | None) -> None:
        """Leave a report as it is; what it is about may be damaged, or not be kept by an earlier version."""
        if work and self.load_work(report) != work:
            write_atomically(self._work_path(report), work.to_json())

    def load_work(self, report: Report) -> Submission | None:
        """What was read of the submission that a report is about, if that is kept."""
        try:
            return Submission.from_json(self.work_bytes(report).decode())
        except ValueError:
            return None

    def work_bytes(self, report: Report) -> bytes:
        """The same as it lies there; nothing where it is not kept."""
        return bytes_of(self._work_path(report)) or b""

    def content(self, student: str, assignment: str) -> bytes | None:
        """A hash of a report's file and of what is kept of the work; None where the report is not there."""
        path = f"{folder_name(student)}/{assignment}.json"
        report = bytes_of(f"{self._root}/{path}")
        return None if report is None else content_of(report, bytes_of(f"{self._root}/{WORK}/{path}") or b"")

    # All of them

    def __iter__(self) -> Iterator[Report]:
        """All reports, sorted by their paths. Raises UserError where there is none, one is broken, or is a copy."""
        return (self._own(path) for path in self._paths())

    def read_all(self) -> dict[Key, Report]:
        """All reports in brief, sorted by student and assignment. Raises UserError as `__iter__` does."""
        return _by_key(map(Briefs().of, self))

    def whole(self, report: Report) -> Report:
        """All of a report that is given in brief. Raises UserError where it cannot be read any more."""
        return self._own(self.path(report.student, report.assignment))

    def beside(self, keys: Iterable[Key]) -> tuple[list[Report], list[str]]:
        """The reports that an earlier run left beside some others, in brief; and a line on each that cannot be used."""
        known: defaultdict[str, set[str]] = defaultdict(set)
        for student, assignment in keys:
            known[folder_name(student)].add(sys.intern(f"{assignment}.json"))
        others, problems, briefs = [], [], Briefs()
        for folder, name in self._all_names():
            if name not in known.get(folder, ()):
                try:
                    others.append(briefs.of(self._own(self.root / folder / name)))
                except UserError as error:
                    problems.append(str(error))
        return others, problems

    def read_briefs(self, keys: Iterable[Key]) -> list[Report]:
        """Some of the reports in brief, as far as they are there. Raises UserError where one is broken."""
        return list(map(Briefs().of, self.each_of(keys)))

    def load_all(self, keys: Iterable[Key]) -> list[Report]:
        """Some of the reports, as far as they are there. Raises UserError where one is broken."""
        return list(self.each_of(keys))

    def each_of(self, keys: Iterable[Key]) -> Iterator[Report]:
        """The same, one after the other."""
        return (self._own(path) for key in keys if (path := self.path(*key)).exists())

    def count_by_assignment(self) -> dict[str, int]:
        """How many reports there are on each assignment, by the names of their files; none is opened."""
        return dict(sorted(Counter(name.removesuffix(".json") for _, name in self._all_names()).items()))

    def former(self) -> Mapping[Key, Report]:
        """Of each report that regrades have changed, the former one, read when it is asked for.

        Raises UserError where one of them is broken, or there is no report.
        """
        latest = (each for path in self._paths() for each in self._former_paths(path.relative_to(self.root))[-1:])
        read = partial(read_report, broken=messages.broken_report_delete)
        places = {(report.student, report.assignment): path for path in latest for report in [read(path)]}
        return ReadReports(sorted(places), lambda key: read(places[key]))

    # The class

    def save_class(self, record: ClassRecord) -> None:
        write_atomically(self.root / RECORD, record.pieces())

    def load_class(self) -> ClassRecord:
        """What the last run was about; where that is not kept, all reports. Raises UserError where there is none."""
        try:
            return ClassRecord.from_json((self.root / RECORD).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            keys = tuple(sorted((report.student, report.assignment) for report in self._usable()))
            if not keys:
                raise UserError(messages.no_reports(self.root)) from None
            return ClassRecord("", tuple(dict.fromkeys(student for student, _ in keys)), keys)

    def last_class(self) -> ClassRecord:
        """The same, an empty one where there was none."""
        try:
            return self.load_class()
        except UserError:
            return ClassRecord("", (), ())

    def students(self) -> list[str]:
        """All who are in the class or have a report. Raises UserError as `load_class` does."""
        return sorted({*self.load_class().students, *(report.student for report in self._usable())})

    def holds(self, student: str) -> bool:
        """Whether anything is kept of a student."""
        return any(os.path.lexists(folder) for folder in self._folders(student)) or student in self.students()

    def erase(self, student: str) -> int:
        """Delete all that is kept of a student: reports, pages, former reports, what was read of their work.

        The files of the class are then to be made again, of what `load_class` says without the student. Returns how
        many files there were. Raises UserError.
        """
        copies = [
            path for path in self.root.glob(REPORTS) if (report := parsed_report(path)) and report.student == student
        ]
        copies += [path.with_suffix(".html") for path in copies]
        killed = [path for path in self.root.glob(".*.*") if re.fullmatch(UNFINISHED, path.name)]
        for index in self.root.glob(f"{INDEX}*"):  # it is made again, and then holds nothing on the student
            delete(index)
        count = 0
        for place in (*self._folders(student), *copies, *killed, self.root / FORMER_TABLE):
            inside = [] if place.is_symlink() else [path for path in place.rglob("*") if not path.is_dir()]
            count += len(inside) or (os.path.lexists(place) and not place.is_dir())
            delete(place)
        return count

    # Inside

    def _folders(self, student: str) -> list[Path]:
        return [self.root / part / folder_name(student) for part in ("", FORMER, WORK)]

    def _own(self, path: Path) -> Report:
        """A report where it belongs. Raises UserError where it is broken, or the copy of one that lies elsewhere."""
        report = read_report(path, messages.broken_report_regrade)
        if path != (home := self.path(report.student, report.assignment)):
            raise UserError(messages.report_elsewhere(path, report.student, report.assignment, home))
        return report

    def _usable(self) -> Iterator[Report]:
        """All reports that can be read and lie where they belong."""
        for path in self._all_paths():
            with suppress(UserError):
                yield self._own(path)

    def _paths(self) -> Iterator[Path]:
        """Raises UserError where there is no report."""
        paths = self._all_paths()
        first = next(paths, None)
        if first is None:
            raise UserError(messages.no_reports(self.root))
        yield first
        yield from paths

    def _all_paths(self) -> Iterator[Path]:
        return (self.root / folder / name for folder, name in self._all_names())

    def _all_names(self) -> Iterator[tuple[str, str]]:
        """The folder and the name of each report, sorted; they are not held all at once."""
        for folder in names_in(self._root):
            for name in names_in(f"{self._root}/{folder}"):
                if name.endswith(".json"):
                    yield folder, name

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


def folder_name(student: str) -> str:
    """The name of the folder with a student's report: their own, or one made from it where it is unsafe."""
    if SAFE_NAME.fullmatch(student) and student.casefold() not in CLASS_FILES:
        return student
    readable = re.sub(r"[^A-Za-z0-9]+", "-", student).strip("-")[:40]
    return f"{readable}~{hashlib.sha256(student.encode()).hexdigest()[:12]}"


def _by_key(reports: Iterable[Report]) -> dict[Key, Report]:
    return dict(sorted({(report.student, report.assignment): report for report in reports}.items()))
