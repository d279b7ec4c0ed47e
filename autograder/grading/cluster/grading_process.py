"""Grades on a worker, in a process that is executed, so that no thread of Dask's is forked, and ends with the worker.

Started by `OpenCourse` as a `BoundedProcess`. The first message names the folder of the course and what the client has;
the answer is whether this machine may grade. Each of the others is a job; the answer to it is a report.
"""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from autograder.checking.collection import ChecksError
from autograder.course.lesson import CourseError
from autograder.course.loader import load_course
from autograder.course.provenance import provenances_of
from autograder.grading.cluster.job_data import job_from_data
from autograder.grading.cluster.private_folder import COURSE, leave, use
from autograder.grading.cluster.word import Word
from autograder.grading.course_sandbox import CourseSandbox
from autograder.grading.grader import get_ready, grade_one
from autograder.grading.processes.pool import MAX_GRADING_BYTES
from autograder.sandbox.bounded.memory import bound_memory
from autograder.sandbox.bounded.process import Asker
from autograder.sandbox.homes import Where
from autograder.sandbox.protocol import SandboxError
from autograder.settings import SettingsError


def main() -> None:
    """Answer until the other side hangs up."""
    bound_memory(MAX_GRADING_BYTES)
    other_side = os.dup(0)  # to be watched; what is read from it is the asker's
    asker = Asker()
    with suppress(EOFError, OSError):
        begin = asker.next_question()
        root = Path(begin["root"])
        threading.Thread(target=_follow, args=(other_side, root, use(root)), daemon=True).start()
        asker.answer(_get_ready(root / COURSE, begin))
        while True:
            asker.answer(_grade(root / COURSE, begin["shown"], asker.next_question()))
    threading.Event().wait()  # for the end, which is `_follow`


def _follow(other_side: int, root: Path, held: IO[str]) -> None:
    """End as soon as the other side hangs up or is gone, whatever is being done, and leave no course behind it."""
    poll = select.poll()
    poll.register(other_side, select.POLLHUP)
    while not any(event & select.POLLHUP for _, event in poll.poll()):
        pass
    leave(root, held)
    os._exit(1)


def _get_ready(course: Path, begin: Mapping[str, Any]) -> dict[str, Any]:
    try:
        loaded = load_course(course)
        if differences := _differences(begin["provenances"], provenances_of(loaded)):
            return {Word.DIFFERS: differences}
        get_ready(CourseSandbox.of(course, Where(begin["where"])))
    except (ChecksError, CourseError, SettingsError) as error:
        return {Word.BROKEN: str(error).replace(str(course), begin["shown"])}
    except SandboxError as error:
        return {Word.NOT_CONFINED: str(error)}
    return {Word.READY: True}


def _differences(
    wanted: Mapping[str, Mapping[str, str]], own: Mapping[str, Mapping[str, str]]
) -> list[tuple[str, str, str]]:
    """The names of what scores rest on and is not the same here; with what it is here, and there."""
    found = {}
    for assignment, parts in wanted.items():
        here = own.get(assignment, {})
        for name in {**parts, **here}:
            if parts.get(name) != here.get(name):
                found[name] = (name, here.get(name, ""), parts.get(name, ""))
    return [found[name] for name in sorted(found)]


def _grade(course: Path, shown: str, data: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return {Word.REPORT: grade_one(job_from_data(data, course)).to_json()}
    except (ChecksError, CourseError, SettingsError) as error:
        return {Word.BROKEN: str(error).replace(str(course), shown)}
    except SandboxError as error:
        return {Word.NOT_CONFINED: str(error)}


if __name__ == "__main__":
    main()
