"""A class whose work comes in as downloads: collected from real archives, found, and read, by the parts that do it."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from autograder.classroom.attempts.choice import NEWEST, AttemptChoice, last_before_deadline
from autograder.classroom.attempts.records import Deadline
from autograder.classroom.attempts.times import ClassTimes, times_of
from autograder.classroom.collect.account import AccountLine
from autograder.classroom.collect.collection import Collection
from autograder.classroom.collect.manifest import Manifest
from autograder.classroom.collect.owners import Owners
from autograder.classroom.collect.sources import SourceReader
from autograder.classroom.roster import read_roster
from autograder.course.loader import load_course
from autograder.grading.discovery import Found, find_submissions
from autograder.grading.found.submissions import SubmissionFolder
from autograder.grading.job import Job, read_jobs
from autograder.grading.runner import grade_class
from autograder.grading.store import ReportStore
from autograder.report.diff import Key
from autograder.report.model import Report
from autograder.submission.model import Submission


def zipped(path: Path, files: Mapping[str, str | bytes]) -> Path:
    """A zip with these files."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def all_due(time: str) -> Deadline:
    """One deadline for everybody and everything."""
    due = datetime.fromisoformat(time)
    return lambda _folder, _assignment: due


def no_deadline(_folder: str, _assignment: str) -> None:
    """Nothing is late."""


class CollectedClass:
    """A course in a folder, and what is collected into `submitted/` beside it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.into = root / "submitted"
        self.course = load_course(root / "solutions")

    def collect(
        self, *sources: Path, assignment: str = "", roster: Path | None = None, worksheets: Sequence[Path] = ()
    ) -> list[AccountLine]:
        owners = Owners(read_roster(roster) if roster else None, worksheets)
        collection = Collection(self.into, self.course.names, owners, assignment)
        self.into.mkdir(exist_ok=True)
        scratch = self.root / f"scratch{len(list(self.root.iterdir()))}"
        collection.add(SourceReader(scratch, self.course.names).read(sources))
        return collection.account

    def found(self, choice: AttemptChoice = NEWEST, chosen: Sequence[str] = ()) -> Found:
        return find_submissions(self.into, self.course.names, {}, chosen, choice.folders)

    def choose(self, deadline: Deadline) -> AttemptChoice:
        students = self.found().students
        return last_before_deadline(self.into, Manifest(self.into), students, self.course.names, deadline)

    def jobs(self, choice: AttemptChoice = NEWEST) -> dict[Key, Job]:
        """What is read of each piece of work."""
        jobs = read_jobs(self.course, self.found(choice).submissions, confined=False)
        return {(job.student, job.assignment): job for job in jobs}

    def times(self, deadline: Deadline = no_deadline, choice: AttemptChoice = NEWEST) -> ClassTimes:
        jobs = self.jobs(choice)
        graded: list[tuple[SubmissionFolder, Submission | None]] = [
            (each, jobs[each.student, each.assignment].submission) for each in self.found(choice).submissions
        ]
        return times_of(Manifest(self.into), graded, deadline, choice)

    def grade(self, choice: AttemptChoice = NEWEST) -> dict[Key, Report]:
        store = ReportStore(self.root / "graded")
        with ThreadPoolExecutor(1) as pool:
            reports = grade_class(
                self.course, self.found(choice).submissions, store, jobs=1, confined=False, executor=pool
            )
        return {(report.student, report.assignment): report for report in reports}
