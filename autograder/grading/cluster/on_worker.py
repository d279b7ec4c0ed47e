"""What Dask runs on a worker: a course is opened, delivered, and jobs are graded by it, in processes of its own.

All that goes back to the client is bytes of JSON. No student's code runs here, and no check does: a worker's process
only hands on what it gets.
"""

from __future__ import annotations

import hashlib
import json
import threading
import weakref
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from autograder.grading.cluster.private_folder import remove, unpack
from autograder.grading.cluster.word import Word
from autograder.sandbox.bounded.process import BoundedProcess

GRADING_PROCESS = "autograder.grading.cluster.grading_process"
START_SECONDS = 300  # for all imports, and the self-test, on a slow machine
JOB_SECONDS = 30 * 60  # far more than limits allow: a check of the author's that does not end


class OpenCourse:
    """A course on this worker, for as long as Dask keeps this object: while the client lives, and wants it.

    Where it goes, be it moved to disk or to another worker, it arrives without the course.
    """

    def __init__(self) -> None:
        self._held = _Held()
        weakref.finalize(self, self._held.close)

    def __reduce__(self) -> tuple[type[OpenCourse], tuple[()]]:
        return OpenCourse, ()

    def deliver(self, archive: bytes, digest: str, begin: dict[str, Any]) -> dict[str, Any]:
        """Unpack the course, and let a first grading process say whether this machine may grade."""
        if hashlib.sha256(archive).hexdigest() != digest:
            return {Word.DAMAGED: True}
        try:
            return self._held.deliver(archive, begin)
        except OSError as error:
            return {Word.NOT_UNPACKED: str(error.strerror)}

    def grade(self, job: dict[str, Any]) -> dict[str, Any]:
        """Let a grading process grade a job: one that has nothing to do, or a new one."""
        return self._held.grade(job)


class _Held:
    """The folder and the grading processes of an open course. It knows nothing of the object that Dask keeps."""

    def __init__(self) -> None:
        self._changing = threading.Lock()  # threads of one worker grade side by side
        self._idle: list[BoundedProcess] = []
        self._busy: set[BoundedProcess] = set()
        self._begin: dict[str, Any] = {}
        self._root: Path | None = None
        self._lock: IO[str] | None = None
        self._is_closed = False

    def deliver(self, archive: bytes, begin: dict[str, Any]) -> dict[str, Any]:
        self._root, self._lock = unpack(archive)
        self._begin = {**begin, "root": str(self._root)}
        if self._is_closed:  # while it was unpacked
            self.close()
        process = BoundedProcess(GRADING_PROCESS)
        answer = self._ask(process, self._begin, START_SECONDS)
        self._put_aside(process, Word.READY in answer)
        return answer

    def grade(self, job: dict[str, Any]) -> dict[str, Any]:
        if self._root is None or self._is_closed:
            return {Word.UNDELIVERED: True}
        answer: dict[str, Any] = {Word.READY: True}
        process = self._idle_process()
        if process is None:
            process = BoundedProcess(GRADING_PROCESS)
            answer = self._ask(process, self._begin, START_SECONDS)
        if Word.READY in answer:
            answer = self._ask(process, job, JOB_SECONDS)
        self._put_aside(process, Word.REPORT in answer)
        return answer

    def close(self) -> None:
        with self._changing:
            self._is_closed = True
            processes = [*self._idle, *self._busy]
            self._idle.clear()
        for process in processes:
            with suppress(OSError):
                process.close()
        if self._root:
            remove(self._root)
        if self._lock:
            self._lock.close()

    def _idle_process(self) -> BoundedProcess | None:
        while True:
            with self._changing:
                process = self._idle.pop() if self._idle else None
            if process is None or process.is_usable:
                return process
            self._put_aside(process, is_fit=False)  # it has died since

    def _ask(self, process: BoundedProcess, message: dict[str, Any], seconds: float) -> dict[str, Any]:
        with self._changing:
            self._busy.add(process)
        try:
            return process.ask(message, seconds)
        except (EOFError, OSError):
            return {Word.DIED: True}

    def _put_aside(self, process: BoundedProcess, is_fit: bool) -> None:
        """Keep a process for the next job, or end it."""
        with self._changing:
            self._busy.discard(process)
            if is_fit and not self._is_closed:
                self._idle.append(process)
                return
        with suppress(OSError):
            process.close()


# What is submitted.


def open_course() -> OpenCourse:
    """Nothing yet, but a place for it."""
    return OpenCourse()


def deliver(opened: OpenCourse, archive: bytes, digest: str, begin: bytes) -> bytes:
    return json.dumps(opened.deliver(archive, digest, json.loads(begin))).encode()


def grade(opened: OpenCourse, job: bytes) -> bytes:
    return json.dumps(opened.grade(json.loads(job))).encode()
