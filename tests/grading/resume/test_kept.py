"""What stands is known by its bytes, each file of which is opened once; and nothing else is believed."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from autograder.course.loader import load_course
from autograder.grading.discovery import find_submissions
from autograder.grading.job import Job
from autograder.grading.runner import Done, grade_each
from autograder.grading.store import INDEX, WORK, ReportStore
from autograder.report.model import Outcome, Report
from tests.helpers.course import RIGHT_CENTRED, RIGHT_SUMS, WRONG_SUMS, hand_in
from tests.helpers.reports import check, with_checks

STUDENTS = ("ada", "bo", "cy")
SUMS, CENTRED = "01_sums", "02_centred"


class AtOnce(Executor):
    """Says of each submission whether it holds the right sums, without running anything."""

    def submit(self, _grade: Callable[..., Any], /, job: Job, *_: Any, **__: Any) -> Future[Report]:
        assert job.submission
        is_wrong = WRONG_SUMS in "".join(cell.source for cell in job.submission.notebook)
        made = with_checks(
            check(Outcome.FAILED if is_wrong else Outcome.PASSED),
            student=job.student,
            assignment=job.assignment,
            fingerprint=job.fingerprint,
            provenance=job.provenance,
        )
        done: Future[Report] = Future()
        done.set_result(made)
        return done


@pytest.fixture
def folder(small_course: Path) -> Path:
    for student in STUDENTS:
        hand_in(small_course / "class", student, SUMS, RIGHT_SUMS)
        hand_in(small_course / "class", student, CENTRED, RIGHT_CENTRED)
    return small_course


def run(folder: Path) -> list[Done]:
    course = load_course(folder / "solutions")
    found = find_submissions(folder / "class", course.names).submissions
    return list(grade_each(course, found, ReportStore(folder / "out"), jobs=1, confined=False, executor=AtOnce()))


def fresh(folder: Path) -> set[tuple[str, str]]:
    return {each.key for each in run(folder) if each.is_fresh}


@contextmanager
def opened(folder: Path) -> Iterator[Counter[str]]:
    """How often each file below a folder is opened by this process."""
    counts: Counter[str] = Counter()

    def count(path: object) -> None:
        if isinstance(path, str | Path) and Path(path).is_relative_to(folder):
            counts[Path(path).relative_to(folder).as_posix()] += 1

    open_descriptor, open_path = os.open, Path.open

    def by_descriptor(path: Any, *arguments: Any, **named: Any) -> int:
        count(path)
        return open_descriptor(path, *arguments, **named)

    def by_path(path: Path, *arguments: Any, **named: Any) -> Any:
        count(path)
        return open_path(path, *arguments, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "open", by_descriptor)
        patch.setattr(Path, "open", by_path)
        yield counts


def test_of_what_stands_each_file_is_opened_once(folder: Path) -> None:
    assert len(fresh(folder)) == 6
    with opened(folder) as counts:
        assert fresh(folder) == set()
    for student in STUDENTS:
        for name in (SUMS, CENTRED):
            files = (
                f"class/{student}/{name}/{name}.py",
                f"out/{student}/{name}.json",
                f"out/{WORK}/{student}/{name}.json",
            )
            assert {file: counts[file] for file in files} == dict.fromkeys(files, 1)


def test_work_that_later_work_builds_on_is_looked_at_before_and_after_and_not_again(folder: Path) -> None:
    """The second assignment rests on the first, whose file was the same before it was read and after."""
    with opened(folder / "class") as counts:
        run(folder)
    assert counts["ada/01_sums/01_sums.py"] == 2
    assert counts["ada/02_centred/02_centred.py"] == 2


def test_what_was_written_is_not_read_again_to_be_known(folder: Path) -> None:
    with opened(folder / "out") as counts:
        run(folder)
    assert counts["ada/01_sums.json"] <= 2, "for a former report, before the work is graded and after"
    assert counts[f"{WORK}/ada/01_sums.json"] == 0


def test_what_several_reports_say_is_in_the_index_once(folder: Path) -> None:
    hand_in(folder / "class", "di", SUMS, WRONG_SUMS)
    run(folder)
    with sqlite3.connect(folder / "out" / INDEX) as index:
        assert index.execute("SELECT count(*) FROM reports").fetchone() == (7,)
        assert index.execute("SELECT count(*) FROM said").fetchone() == (3,), "two on sums, one on what is centred"


def of_the_same_size(path: Path) -> None:
    """Change a file, and let nothing but its bytes tell."""
    status, content = path.stat(), path.read_bytes()
    place = content.rindex(b"e")
    path.write_bytes(content[:place] + b"E" + content[place + 1 :])
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size


@pytest.mark.parametrize("place", ["class/bo/02_centred/02_centred.py", "out/bo/02_centred.json"])
def test_a_clock_is_not_believed(folder: Path, place: str) -> None:
    run(folder)
    of_the_same_size(folder / place)
    assert fresh(folder) == {("bo", CENTRED)}
    assert fresh(folder) == set()


def test_what_is_kept_of_the_work_is_put_right(folder: Path) -> None:
    run(folder)
    kept = folder / "out" / WORK / "bo/01_sums.json"
    right = kept.read_bytes()
    of_the_same_size(kept)
    assert fresh(folder) == set()
    assert kept.read_bytes() == right


def damaged(index: Path) -> None:
    index.write_bytes(index.read_bytes()[:5000])


def another(index: Path) -> None:
    with sqlite3.connect(index) as database:
        database.execute("UPDATE reports SET said = (SELECT max(hash) FROM said)")


@pytest.mark.parametrize("harm", [Path.unlink, damaged, another])
def test_without_an_index_nothing_is_graded_again(folder: Path, harm: Callable[[Path], object]) -> None:
    before = {each.key: each.report for each in run(folder)}
    harm(folder / "out" / INDEX)
    again = run(folder)
    assert {each.key: each.report for each in again} == before
    assert not any(each.is_fresh for each in again)
    assert {each.key: each.report for each in run(folder)} == before
