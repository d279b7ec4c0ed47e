"""All proofs of a course, made by a process a core; what loops in one is ended with it, and told by file and line."""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import NamedTuple

from autograder.course.certifying import messages
from autograder.course.certifying.proof import Proof
from autograder.course.certifying.proofs import prove
from autograder.course.lesson import CourseError
from autograder.course.loader import HIDDEN_CHECKS, Assignment, Course, load_course
from autograder.submission.which_file import VISIBLE_CHECKS

FRAME = re.compile(r'  File "(?P<file>.+)", line (?P<line>\d+) in (?P<function>.+)')


def prove_at_once(course: Course, assignments: Sequence[Assignment]) -> list[Proof]:
    """What `prove` yields, in the lessons' order. Raises ChecksError and CourseError."""
    jobs = min(os.cpu_count() or 1, len(assignments))
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(jobs, spawn) as pool:
        # The later ones build on more, and take longer: with them first, no core waits at the end.
        running = [
            pool.submit(_prove_one, course.folder, each.name, Path(folder, each.name)) for each in reversed(assignments)
        ]
        try:
            return [proof for future in reversed(running) for proof in future.result()]
        except BrokenProcessPool:
            ended = [each for each in assignments if Path(folder, each.name).exists()]
            raise _why(course, ended, Path(folder)) from None
        finally:
            pool.shutdown(cancel_futures=True)


def _prove_one(folder: Path, name: str, where: Path) -> list[Proof]:
    """The proofs of one assignment. Where one submission takes longer than it may, `where` says where it was then."""
    course = load_course(folder)
    with open(where, "w", encoding="utf-8") as told:

        def begins() -> None:
            faulthandler.dump_traceback_later(course.limits.submission_seconds, exit=True, file=told)

        try:
            return list(prove(course, [course.assignment(name)], begins))
        finally:
            faulthandler.cancel_dump_traceback_later()
            where.unlink()


class Frame(NamedTuple):
    """Where a function of the course was: the file, the line, its name."""

    file: Path
    line: int
    function: str


def _why(course: Course, ended: Sequence[Assignment], folder: Path) -> CourseError:
    """Why a process is no more, as the author can mend it."""
    seconds = format(course.limits.submission_seconds, "g")
    for assignment in ended:
        if told := (folder / assignment.name).read_text(encoding="utf-8"):
            frames = list(_frames(course.folder, told))
            if not frames:
                return CourseError(messages.does_not_end_somewhere(assignment.folder, seconds))
            file, line, _ = frames[0]
            checks = {assignment.folder / VISIBLE_CHECKS, *assignment.sources(HIDDEN_CHECKS)}
            for frame in reversed(frames):
                if frame.file in checks and frame.function.startswith("test"):
                    return CourseError(messages.does_not_end(file, line, frame.function, seconds))
            return CourseError(messages.does_not_end_outside(file, line, seconds))
    return CourseError(messages.process_ended(", ".join(each.name for each in ended)))


def _frames(folder: Path, told: str) -> Iterator[Frame]:
    """Those of the course, the innermost first, of what Python tells of all threads."""
    for match in FRAME.finditer(told):
        file = Path(match["file"])
        # A lesson's code bears the name of its file; and what students have is run in another folder.
        own = file if file.is_relative_to(folder) else folder.joinpath(*file.parts[-2:])
        if own.is_file():
            yield Frame(own, int(match["line"]), match["function"])
