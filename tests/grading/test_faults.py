"""What befalls one machine in the middle of a run: nothing is lost, nothing graded twice, and one sentence says it."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from autograder.grading.store import INDEX
from tests.helpers.command_line import AUTOGRADER, environment, one_line
from tests.helpers.course import HANGING_SUMS, RIGHT_SUMS, WRONG_SUMS, hand_in, write_course
from tests.helpers.grading import count_kept, grade_confined, grade_unconfined, load_reports, read_files
from tests.helpers.waiting import until

pytestmark = pytest.mark.slow

STUDENTS = 40
HANGS = 30  # the student who keeps a run from being over before something befalls it
YEAR = 365 * 24 * 3600


@pytest.fixture(scope="module")
def class_of_forty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_course(tmp_path_factory.mktemp("faults"))
    for number in range(STUDENTS):
        source = HANGING_SUMS if number == HANGS else (RIGHT_SUMS, WRONG_SUMS)[number % 2]
        hand_in(folder / "class", f"student{number:03}", "01_sums", source)
    return folder


@pytest.fixture(scope="module")
def undisturbed(class_of_forty: Path) -> dict[str, Any]:
    assert grade_confined(class_of_forty, "--out", "undisturbed").returncode == 0
    return load_reports(class_of_forty / "undisturbed")


@pytest.fixture
def graded(class_of_forty: Path, undisturbed: dict[str, Any], tmp_path: Path) -> Path:
    """A folder in which everything was graded."""
    assert undisturbed
    return Path(shutil.copytree(class_of_forty / "undisturbed", tmp_path / "out"))


@contextmanager
def running(folder: Path, out: Path) -> Iterator[subprocess.Popen[str]]:
    command = [str(AUTOGRADER), "grade", "class", "--jobs", "1", "--out", str(out)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=folder, env=environment(), text=True, **pipes) as run:
        try:
            yield run
        finally:
            run.kill()


def go_on(folder: Path, out: Path, undisturbed: dict[str, Any]) -> None:
    """What was there is kept, to the byte and the time of its last change, and the rest is graded."""
    before = {name: read for name, read in read_files(out).items() if name.endswith(".json")}
    completed = grade_confined(folder, "--out", str(out))
    assert completed.returncode == 0, completed.stderr
    assert count_kept(completed) == len(before)
    assert {name: read_files(out)[name] for name in before} == before
    assert load_reports(out) == undisturbed


def test_a_grading_process_that_is_killed_ends_the_run_in_one_sentence(
    class_of_forty: Path, undisturbed: dict[str, Any], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with running(class_of_forty, out) as run:
        until(lambda: len(load_reports(out)) >= HANGS // 2, "some reports")
        grading_process(run.pid).send_signal(signal.SIGKILL)
        _, errors = run.communicate(timeout=120)
    assert run.returncode == 2
    assert len(errors.strip().splitlines()) == 1, errors
    assert "kept" in errors
    assert HANGS // 2 <= len(load_reports(out)) < STUDENTS
    go_on(class_of_forty, out, undisturbed)


def grading_process(run: int) -> psutil.Process:
    """The one that a run has started to grade."""
    (process,) = (each for each in psutil.Process(run).children() if "spawn_main" in " ".join(each.cmdline()))
    return process


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of its own. Skipped where this user may not make one."""
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip(f"no disk can be made here: {made.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def remount(disk: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", disk], check=True)


def test_a_full_disk_costs_nothing_that_was_graded(
    class_of_forty: Path, undisturbed: dict[str, Any], tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", "200k") as disk:
        out = disk / "out"
        stopped = grade_confined(class_of_forty, "--out", str(out))
        assert stopped.returncode == 2
        assert "No space left on device" in one_line(stopped)
        assert 5 <= len(load_reports(out)) < STUDENTS
        remount(disk, "size=50m")
        go_on(class_of_forty, out, undisturbed)


def test_a_folder_that_cannot_be_written_to_is_left_as_it_is(
    class_of_forty: Path, graded: Path, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", "50m") as disk:
        out = Path(shutil.copytree(graded, disk / "out"))
        before = read_files(out)
        remount(disk, "ro")
        refused = grade_confined(class_of_forty, "--out", str(out))
        assert refused.returncode == 2
        assert "Read-only file system" in one_line(refused)
        assert read_files(out) == before


def test_a_folder_that_becomes_read_only_ends_the_run(
    class_of_forty: Path, undisturbed: dict[str, Any], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with running(class_of_forty, out) as run:
        until(lambda: len(load_reports(out)) >= HANGS // 2, "some reports")
        with frozen(out):
            _, errors = run.communicate(timeout=120)
    assert run.returncode == 2
    assert len(errors.strip().splitlines()) == 1, errors
    assert "cannot be written" in errors
    go_on(class_of_forty, out, undisturbed)


@contextmanager
def frozen(folder: Path) -> Iterator[None]:
    """Nothing can be made in a folder, not even by root. Skipped where this cannot be."""
    if subprocess.run(["chattr", "+i", folder], capture_output=True, check=False).returncode:
        pytest.skip("no folder can be made immutable here")
    try:
        yield
    finally:
        subprocess.run(["chattr", "-i", folder], check=True)


# Clocks


@pytest.mark.parametrize("seconds", [-YEAR, YEAR])
def test_a_clock_that_jumps_grades_nothing_again(class_of_forty: Path, graded: Path, seconds: int) -> None:
    """All that lies there seems to be from another time, and one file from that of its report."""
    for path in (*graded.rglob("*"), *(class_of_forty / "class").rglob("*")):
        status = path.stat()
        os.utime(path, (status.st_atime + seconds, status.st_mtime + seconds))
    assert count_kept(grade_confined(class_of_forty, "--out", str(graded))) == STUDENTS


def test_work_that_was_changed_within_a_tick_of_the_clock_is_graded_again(small_course: Path) -> None:
    """As long as before, and by its time of the same moment: what it holds is all that tells."""
    file = small_course / "class/ada/01_sums/01_sums.py"
    hand_in(small_course / "class", "ada", "01_sums", RIGHT_SUMS)
    assert count_kept(grade_unconfined(small_course)) == 0
    assert count_kept(grade_unconfined(small_course)) == 1
    before, right = file.stat(), load_reports(small_course / "out")
    file.write_text(RIGHT_SUMS.replace("sum", "min"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert count_kept(grade_unconfined(small_course)) == 0
    assert load_reports(small_course / "out") != right


# The index, which is believed as far as it can be checked


def delete(index: Path) -> None:
    index.unlink()


def cut(index: Path) -> None:
    index.write_bytes(index.read_bytes()[: index.stat().st_size // 2])


def overwrite(index: Path) -> None:
    index.write_bytes(b"nonsense\n" * 5000)


def flip_bits(index: Path) -> None:
    content = bytearray(index.read_bytes())
    for place in range(4096, len(content), 97):
        content[place] ^= 0x55
    index.write_bytes(content)


def make_it_say_something_else(index: Path) -> None:
    with sqlite3.connect(index) as database:
        database.execute("UPDATE reports SET said = (SELECT max(hash) FROM said), facts = '[null, []]'")
    database.close()


@pytest.mark.parametrize("harm", [delete, cut, overwrite, flip_bits, make_it_say_something_else])
def test_a_damaged_index_costs_no_mark(class_of_forty: Path, graded: Path, harm: Callable[[Path], None]) -> None:
    before, marks = read_files(graded), (graded / "marks.csv").read_bytes()
    harm(graded / INDEX)
    for _ in range(2):  # the second time by the index that the first one made
        completed = grade_confined(class_of_forty, "--out", str(graded))
        assert completed.returncode == 0, completed.stderr
        assert count_kept(completed) == STUDENTS
        assert read_files(graded) == before
        assert (graded / "marks.csv").read_bytes() == marks


def test_a_report_that_a_person_changed_or_deleted_is_not_told_from_the_index(
    class_of_forty: Path, graded: Path, undisturbed: dict[str, Any]
) -> None:
    changed, deleted = (graded / f"student00{n}/01_sums.json" for n in (1, 2))
    status, text = changed.stat(), changed.read_text()
    assert '"outcome": "failed"' in text
    changed.write_text(text.replace('"outcome": "failed"', '"outcome": "passed"'))  # as long as before
    os.utime(changed, ns=(status.st_atime_ns, status.st_mtime_ns))
    deleted.unlink()
    completed = grade_confined(class_of_forty, "--out", str(graded))
    assert count_kept(completed) == STUDENTS - 1
    assert "passed" in changed.read_text()  # what somebody wrote stands, as it did without an index
    assert load_reports(graded).keys() == undisturbed.keys()
    assert (graded / "index.html").read_text().count("student002") >= 1


def test_what_is_kept_of_the_work_is_mended_where_it_is_damaged(class_of_forty: Path, graded: Path) -> None:
    kept = graded / ".submitted/student001/01_sums.json"
    whole = kept.read_bytes()
    kept.write_bytes(whole[:50])
    assert count_kept(grade_confined(class_of_forty, "--out", str(graded))) == STUDENTS
    assert kept.read_bytes() == whole
