"""The executor of a class that is graded by a cluster: in the place of the pool of processes, for `grade_class`."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import json
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, Self

from autograder import distribution
from autograder.course.archive import read_tree, zipped
from autograder.course.loader import Course
from autograder.course.provenance import edition_of, provenances_of
from autograder.errors import UserError
from autograder.grading.cluster import messages
from autograder.grading.cluster.job_data import MAX_REPORT_BYTES, job_to_data, read_report, to_bytes
from autograder.grading.cluster.word import Word
from autograder.grading.grader import failed_report
from autograder.grading.job import Job
from autograder.report.model import Report
from autograder.sandbox.homes import Where

DASK = "distributed"
COURIER = "autograder.grading.cluster.courier"
ADDRESS = re.compile(r"(?:tcp|tls)://\S+:\d{1,5}")
TLS = "tls://"
MACHINE = "the grader"  # as provenance has it
HASH_CHARS = 64  # of provenance, but for the versions in it
MAX_REASON_CHARS = 500  # of why a worker does not grade, in its own words
END_SECONDS = 6  # for the courier to say goodbye to the scheduler


class ClusterError(UserError):
    """The cluster cannot grade, or cannot go on; the message says why, and what to do."""


def require_dask(address: str) -> None:
    """Raises ClusterError where the address is none, or Dask is not here."""
    if not ADDRESS.fullmatch(address):
        raise ClusterError(messages.no_address(address))
    if importlib.util.find_spec(DASK) is None:
        raise ClusterError(messages.not_installed(DASK, distribution.install_name(DASK)))


class GivenUpError(Exception):
    """Workers or grading processes have ended while they graded a submission."""


class ClusterExecutor(Executor):
    """Grades jobs on the workers of a Dask cluster, by way of a process that speaks Dask. A context manager.

    `notice` is called, from another thread, with each line that a person has to know: who does not grade, and why.
    Raises ClusterError, here, from `wait_until_ready`, or as the result of each job that is under way.
    """

    def __init__(
        self,
        address: str,
        course: Course,
        *,
        where: Where = Where.KERNEL,
        notice: Callable[[str], None] = lambda _line: None,
    ) -> None:
        require_dask(address)
        self.workers, self.threads = 0, 0  # that grade now
        self._address, self._folder, self._notice = address, course.folder, notice
        self._changing = threading.Lock()
        self._running: dict[int, tuple[Future[Report], Job]] = {}
        self._number = 0
        self._refused = 0
        self._error: ClusterError | None = None
        self._ready = threading.Event()  # or it never will be
        self._own_end, its_end = socket.socketpair()
        with its_end:
            self._courier = subprocess.Popen(
                [sys.executable, "-I", "-m", COURIER],
                stdin=its_end.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is the run's
            )
        self._connection = Connection(os.dup(self._own_end.fileno()))
        archive, provenances = zipped(read_tree(course.folder)), provenances_of(course)
        self._edition = edition_of(provenances)
        begin = {"shown": str(course.folder), "where": where, "provenances": provenances}
        self._send(
            {
                "address": address,
                "archive": base64.b64encode(archive).decode(),
                "digest": hashlib.sha256(archive).hexdigest(),
                "begin": begin,
            }
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def __enter__(self) -> Self:
        return self

    def wait_until_ready(self) -> None:
        """Return when there is a worker that may grade. Raises ClusterError."""
        self._ready.wait()
        if self._error:
            raise self._error

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **_: Any) -> Future[Any]:
        """Have a job graded: `function` is `grade_one`, which is what is done with it there."""
        (job,) = arguments
        if job.edition != self._edition:  # what was sent to the workers
            raise ClusterError(messages.course_changed(self._folder))
        future: Future[Report] = Future()
        with self._changing:
            if self._error:
                raise self._error
            self._number += 1
            number = self._number
            self._running[number] = future, job
        self._send({Word.JOB: number, "data": job_to_data(job)})
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the courier, and with it all that it holds in the cluster. What is under way is lost."""
        with suppress(OSError):
            self._own_end.shutdown(socket.SHUT_WR)
        try:
            self._courier.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._courier.kill()
            self._courier.wait()
        self._listener.join()
        self._connection.close()
        self._own_end.close()

    def _send(self, message: Mapping[str, Any]) -> None:
        with suppress(OSError):  # it has ended, and `_listen` tells why
            self._connection.send_bytes(to_bytes(message))

    def _listen(self) -> None:
        """Take what the courier tells, until it ends."""
        try:
            while True:
                self._take(json.loads(self._connection.recv_bytes(4 * MAX_REPORT_BYTES)))
        except (EOFError, OSError):
            self._fail(ClusterError(messages.COURIER_ENDED))
        except ClusterError as error:
            self._fail(error)
        except Exception as error:  # ours, whatever it is: nobody waits for ever
            self._fail(ClusterError(messages.failed(repr(error))))

    def _take(self, message: Mapping[str, Any]) -> None:
        """Raises ClusterError where the run cannot go on."""
        if Word.WORKERS in message:
            self.workers, self.threads = message[Word.WORKERS]
            if self.workers:
                self._ready.set()
        elif Word.REPORT in message:
            future, job = self._pop(message[Word.REPORT])
            self._finish(future, read_report(message["text"], job))
        elif Word.GIVEN_UP in message:
            future, job = self._pop(message[Word.GIVEN_UP])
            times, words = message["losses"], message["words"]
            detail = messages.failed_everywhere(times, words) if words else messages.given_up(times)
            self._finish(future, failed_report(job, GivenUpError(detail)))
        elif Word.REFUSED in message:
            self._refused += 1
            self._notice(refusal(message[Word.REFUSED], message["why"]))
        elif Word.WAITING in message:
            self._notice(messages.waiting(self._address))
        else:
            raise ClusterError(self._ending(message[Word.ENDED], message["detail"]))

    def _pop(self, number: int) -> tuple[Future[Report], Job]:
        with self._changing:
            return self._running.pop(number)

    def _finish(self, future: Future[Report], report: Report) -> None:
        if future.set_running_or_notify_cancel():
            future.set_result(report)

    def _fail(self, error: ClusterError) -> None:
        with self._changing:
            self._error = self._error or error
            running = list(self._running.values())
            self._running.clear()
        self._ready.set()
        for future, _ in running:
            if future.set_running_or_notify_cancel():
                future.set_exception(error)

    def _ending(self, reason: str, detail: str) -> str:
        if reason == Word.UNREACHABLE:
            is_encrypted = self._address.startswith(TLS)
            unreachable = messages.unreachable_encrypted if is_encrypted else messages.unreachable
            return unreachable(self._address, detail)
        if reason == Word.GONE:
            return messages.scheduler_gone(self._address)
        if reason == Word.NONE_CAN:
            return messages.none_can(self._address, self._refused)
        return messages.failed(detail)


def refusal(worker: str, why: Mapping[str, Any]) -> str:
    """The sentence on a worker that is given nothing to grade."""
    reason = str(next(iter(why.values())))[:MAX_REASON_CHARS]
    if Word.NOT_CONFINED in why:
        return messages.is_not_confined(worker, reason)
    if Word.BROKEN in why:
        return messages.cannot_use_course(worker, reason)
    if Word.DIFFERS in why:
        try:
            return _difference(worker, why[Word.DIFFERS])
        except (TypeError, ValueError):  # made up
            return messages.sent_no_report(worker)
    if Word.FAILED in why:
        return messages.task_failed(worker, reason)
    if Word.DAMAGED in why:
        return messages.got_damaged_course(worker)
    if Word.NOT_UNPACKED in why:
        return messages.has_no_room(worker, reason)
    if Word.DIED in why:
        return messages.process_ended(worker)
    if Word.NO_REPORT in why:
        return messages.sent_no_report(worker)
    return messages.does_not_answer(worker)


def _difference(worker: str, differences: Any) -> str:
    """What of a machine is not as it is here: the versions first, and the course's own files, which were sent, last."""
    found = {str(name)[:40]: (str(its)[:40], str(ours)) for name, its, ours in differences}
    for name, (its, ours) in found.items():
        if ours and len(ours) != HASH_CHARS:
            if not its:
                return messages.has_no_package(worker, name, ours)
            return messages.has_another_version(worker, name, its, ours)
    if MACHINE in found:
        return messages.has_another_machine(worker)
    return messages.has_another_course(worker, next(iter(found), ""))
