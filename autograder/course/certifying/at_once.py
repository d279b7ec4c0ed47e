"""All proofs of a course, made by a process a core; what loops in one is ended with it, and told by file and line."""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from autograder.course.certifying import messages
from autograder.course.certifying.notebooks import require_running, write_notebooks
from autograder.course.certifying.proof import Proof
from autograder.course.certifying.proofs import prove
from autograder.course.lesson import CourseError, require_whole_solutions
from autograder.course.loader import HIDDEN_CHECKS, Assignment, Course, load_course
from autograder.language.listing import listed
from autograder.submission.which_file import VISIBLE_CHECKS

FRAME = re.compile(r'  File "(?P<file>.+)", line (?P<line>\d+) in (?P<function>.+)')
WATCHED = ".watched"  # ends the name of the file that tells where a job was when its time was up
NOTEBOOKS = "notebooks"


def prove_at_once(course: Course, assignments: Sequence[Assignment]) -> list[Proof]:
    """What `prove` yields, in the lessons' order; and all lessons have run as notebooks.

    Raises ChecksError and CourseError.
    """
    for each in assignments:  # what the lessons' own text shows is told at once
        _ = each.questions, each.title
        require_whole_solutions(each.lesson, each.lesson_path)
    jobs = min(os.cpu_count() or 1, len(assignments))
    spawn = multiprocessing.get_context("spawn")
    names = [each.name for each in reversed(assignments)]  # the later ones take longer: at the end, no core waits
    with tempfile.TemporaryDirectory() as made, ProcessPoolExecutor(jobs, spawn) as pool:
        folder = Path(made)
        written = pool.submit(_write_notebooks, course.folder, names, folder)
        proofs = [pool.submit(_prove_one, course.folder, name, folder) for name in names]
        try:
            can_run = written.exception() is None
            ran = [pool.submit(_run_notebooks, course.folder, name, folder) for name in names if can_run]
            found = [proof for future in reversed(proofs) for proof in future.result()]
            written.result()  # after the proofs, which tell the same of one assignment after the other
            for future in reversed(ran):
                future.result()
            return found
        except BrokenProcessPool:
            raise _why(course, folder) from None
        finally:
            pool.shutdown(cancel_futures=True)


def _write_notebooks(course_folder: Path, names: Sequence[str], folder: Path) -> None:
    course = load_course(course_folder)
    (folder / NOTEBOOKS).mkdir()
    with _watched(course, folder, NOTEBOOKS) as begins:
        write_notebooks(course, [course.assignment(name) for name in names], folder / NOTEBOOKS, begins)


def _run_notebooks(course_folder: Path, name: str, folder: Path) -> None:
    require_running(load_course(course_folder).assignment(name), folder / NOTEBOOKS)


def _prove_one(course_folder: Path, name: str, folder: Path) -> list[Proof]:
    course = load_course(course_folder)
    with _watched(course, folder, name) as begins:
        return list(prove(course, [course.assignment(name)], begins))


@contextmanager
def _watched(course: Course, folder: Path, job: str) -> Iterator[Callable[[], None]]:
    """From each call of what is given on, this process has as long as one submission may take, and is then ended.

    Python itself does that, whatever runs, and writes into a file of the job's where it was.
    """
    told = folder / f"{job}{WATCHED}"
    with open(told, "w", encoding="utf-8") as file:

        def begins() -> None:
            faulthandler.dump_traceback_later(course.limits.submission_seconds, exit=True, file=file)

        begins()
        try:
            yield begins
        finally:
            faulthandler.cancel_dump_traceback_later()
            told.unlink()


class Frame(NamedTuple):
    """Where a function of the course was: the file, the line, its name."""

    file: Path
    line: int
    function: str


def _why(course: Course, folder: Path) -> CourseError:
    """Why a process is no more, as the author can mend it."""
    seconds = format(course.limits.submission_seconds, "g")
    files = sorted(folder.glob(f"*{WATCHED}"))
    jobs = listed(file.stem for file in files)
    told = "".join(file.read_text(encoding="utf-8") for file in files)
    if not told:
        return CourseError(messages.process_ended(jobs))
    frames = list(_frames(course.folder, told))
    if not frames:
        return CourseError(messages.does_not_end_somewhere(jobs, seconds))
    file, line, _ = frames[0]
    checks = {
        path for each in course.assignments for path in (each.folder / VISIBLE_CHECKS, *each.sources(HIDDEN_CHECKS))
    }
    for frame in reversed(frames):
        if frame.file in checks and frame.function.startswith("test"):
            return CourseError(messages.does_not_end(file, line, frame.function, seconds))
    return CourseError(messages.does_not_end_outside(file, line, seconds))


def _frames(folder: Path, told: str) -> Iterator[Frame]:
    """Those of the course, the innermost first, of what Python tells of all threads."""
    for match in FRAME.finditer(told):
        file = Path(match["file"])
        # A lesson's code bears the name of its file; and what students have is run in another folder.
        own = file if file.is_relative_to(folder) else folder.joinpath(*file.parts[-2:])
        if own.is_file():
            yield Frame(own, int(match["line"]), match["function"])
