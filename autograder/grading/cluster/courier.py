"""The process that speaks Dask for a run: it brings the course and the jobs to the workers, and reports back.

Executed by `ClusterExecutor`, so that what holds the gradebook never speaks to a machine that strangers' code was on.
Nobody who answers it can have anything made here but data (`refused_pickles`), and of a limited size. It hears of its
run, and tells it, in JSON; it ends with it, and then the scheduler lets all that it had asked for go.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import os
import threading
from collections.abc import Coroutine
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import distributed

from autograder.grading.cluster import on_worker
from autograder.grading.cluster.dask_client import DaskClient, EndedError
from autograder.grading.cluster.job_data import job_from_data, read_report, to_bytes
from autograder.grading.cluster.turns import ClusterWorker, Errand, Turns
from autograder.grading.cluster.word import Word
from autograder.sandbox.bounded.memory import bound_memory

READY_SECONDS = on_worker.START_SECONDS + 60
LOOK_SECONDS = 0.25  # between two looks at who is in the cluster
PATIENCE_SECONDS = 3  # without anybody who can grade, before that is told
MAX_NAME_CHARS, MAX_THREADS = 100, 1024  # of a worker, whatever it says of itself
MAX_MEMORY_BYTES = 4 << 30  # beyond what it begins with, whatever is sent to it


class Courier:
    """What is known of the cluster, and what is under way."""

    def __init__(self, home: Connection, dask: DaskClient, order: dict[str, Any]) -> None:
        self._home, self._dask = home, dask
        self._archive = base64.b64decode(order["archive"])
        self._digest, self._begin = order["digest"], to_bytes(order["begin"])
        self._turns = Turns()
        self._workers: dict[str, ClusterWorker] = {}
        self._opened: dict[ClusterWorker, distributed.Future[Any]] = {}
        self._tasks: dict[ClusterWorker, set[asyncio.Task[None]]] = {}
        self._since = asyncio.get_running_loop().time()  # when somebody joined, was lost, or refused
        self._has_told_waiting = False
        self._told: object = None
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def add(self, number: int, data: dict[str, Any]) -> None:
        """Have a job graded."""
        self._turns.add(Errand(number, to_bytes(data)))
        self._send_out()

    async def watch(self) -> None:
        """Take in who joins, and let go who is lost, until the scheduler is. Raises EndedError."""
        while True:
            about = await self._dask.workers()
            if about.keys() != self._workers.keys():
                self._since = asyncio.get_running_loop().time()
            for address in self._workers.keys() - about.keys():
                self._lose(self._workers.pop(address))
            for address in about.keys() - self._workers.keys():
                worker = _introduced(address, about[address])
                self._workers[address], self._tasks[worker] = worker, set()
                self._begin_with(worker, self._get_ready(worker))
            self._send_out()
            self._tell_workers()
            self._look_for_trouble()
            await asyncio.sleep(LOOK_SECONDS)

    def _look_for_trouble(self) -> None:
        """Tell when there is nobody to grade for a while. Raises EndedError where nobody who is there may."""
        if any(not each.is_refused for each in self._workers.values()):
            self._has_told_waiting = False
        elif asyncio.get_running_loop().time() - self._since >= PATIENCE_SECONDS:
            if self._workers:
                raise EndedError(Word.NONE_CAN)
            if not self._has_told_waiting:
                self._has_told_waiting = True
                self._tell({Word.WAITING: True})

    # One worker

    def _begin_with(self, worker: ClusterWorker, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks[worker].add(task)

        def ended(task: asyncio.Task[None]) -> None:
            self._tasks.get(worker, set()).discard(task)
            if not task.cancelled() and (error := task.exception()) and not self.failed.done():
                self.failed.set_exception(error)

        task.add_done_callback(ended)

    async def _get_ready(self, worker: ClusterWorker) -> None:
        """Open the course there and deliver it, and let the machine be tried; it is held for as long as we want it."""
        opened = self._dask.submit(worker.address, on_worker.open_course)
        self._opened[worker] = opened
        delivered = self._dask.submit(
            worker.address, on_worker.deliver, opened, self._archive, self._digest, self._begin
        )
        try:
            answer = await asyncio.wait_for(self._dask.answer(delivered), READY_SECONDS)
        except TimeoutError:
            answer = {Word.SILENT: True}
        finally:
            delivered.release()
        if Word.READY in answer:
            worker.is_ready = True
            self._send_out()
            self._tell_workers()
        else:
            self._refuse(worker, answer)

    def _refuse(self, worker: ClusterWorker, answer: dict[str, Any]) -> None:
        """Give a worker nothing more, and take what it has; what that is about is not to blame."""
        if worker.is_refused:
            return
        worker.is_ready, worker.is_refused = False, True
        self._since = asyncio.get_running_loop().time()
        self._tell({Word.REFUSED: worker.label, "why": answer})
        self._let_go(worker)
        for errand in worker.running.values():
            self._turns.again(errand)
        worker.running.clear()
        self._tell_workers()

    def _lose(self, worker: ClusterWorker) -> None:
        """A worker is gone, and what it was grading may be why."""
        self._let_go(worker)
        self._tasks.pop(worker)
        for errand in worker.running.values():
            self._count_loss(errand, worker)

    def _let_go(self, worker: ClusterWorker) -> None:
        for task in list(self._tasks[worker]):
            if task is not asyncio.current_task():
                task.cancel()
        if opened := self._opened.pop(worker, None):
            opened.release()

    # One submission

    def _send_out(self) -> None:
        for worker, errand in self._turns.take(self._workers.values()):
            self._begin_with(worker, self._grade(worker, errand))

    async def _grade(self, worker: ClusterWorker, errand: Errand) -> None:
        graded = self._dask.submit(worker.address, on_worker.grade, self._opened[worker], errand.data)
        try:
            answer = _checked(await self._dask.answer(graded), errand)
        finally:
            graded.release()
        del worker.running[errand.number]
        if Word.REPORT in answer:
            self._tell({Word.REPORT: errand.number, "text": answer[Word.REPORT]})
        elif Word.DIED in answer or Word.FAILED in answer:
            errand.words = str(answer.get(Word.FAILED, ""))
            self._count_loss(errand, worker)
        elif Word.UNDELIVERED in answer:  # the worker was started again, and has the same address
            self._turns.again(errand)
            if worker.is_ready:
                worker.is_ready = False
                self._begin_with(worker, self._get_ready(worker))
        else:
            self._turns.again(errand)
            self._refuse(worker, answer)
        self._send_out()

    def _count_loss(self, errand: Errand, worker: ClusterWorker) -> None:
        if not self._turns.lost(errand, worker):
            self._tell({Word.GIVEN_UP: errand.number, "losses": errand.losses, "words": errand.words})

    # The run

    def _tell_workers(self) -> None:
        ready = [each for each in self._workers.values() if each.is_ready]
        told = len(ready), sum(each.threads for each in ready)
        if told != self._told:
            self._told = told
            self._tell({Word.WORKERS: told})

    def _tell(self, message: dict[str, Any]) -> None:
        self._home.send_bytes(to_bytes(message))


def _introduced(address: str, about: dict[str, Any]) -> ClusterWorker:
    """A worker as the scheduler has it from itself."""
    name, threads = str(about.get("name", address)), about.get("nthreads")
    label = address if name == address else f"{address} ({name[:MAX_NAME_CHARS]})"
    return ClusterWorker(address, label, min(max(1, threads), MAX_THREADS) if isinstance(threads, int) else 1)


def _checked(answer: dict[str, Any], errand: Errand) -> dict[str, Any]:
    """The answer, where it is none of a report or one on this job."""
    if Word.REPORT in answer:
        try:
            read_report(answer[Word.REPORT], job_from_data(json.loads(errand.data), Path()))
        except (ValueError, TypeError):
            return {Word.NO_REPORT: True}
    return answer


async def _run(home: Connection, order: dict[str, Any]) -> None:
    """Raises EndedError."""
    inbox: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def listen() -> None:
        with suppress(EOFError, OSError):
            while True:
                loop.call_soon_threadsafe(inbox.put_nowait, json.loads(home.recv_bytes()))
        loop.call_soon_threadsafe(inbox.put_nowait, None)

    async def serve(courier: Courier) -> None:
        while (message := await inbox.get()) is not None:
            courier.add(message[Word.JOB], message["data"])

    threading.Thread(target=listen, daemon=True).start()
    async with DaskClient(order["address"]) as dask:
        courier = Courier(home, dask, order)
        tasks = [asyncio.ensure_future(courier.watch()), asyncio.ensure_future(serve(courier)), courier.failed]
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()


def main() -> None:
    """Serve the run on the other side, until it hangs up."""
    logging.disable(logging.CRITICAL)  # what there is to say, the run says
    bound_memory(MAX_MEMORY_BYTES)
    home = Connection(os.dup(0))
    try:
        asyncio.run(_run(home, json.loads(home.recv_bytes())))
    except EndedError as error:
        home.send_bytes(to_bytes({Word.ENDED: error.reason, "detail": error.detail}))
    except Exception as error:  # ours
        home.send_bytes(to_bytes({Word.ENDED: Word.FAILED, "detail": repr(error)}))
    os._exit(0)  # Dask may have threads at work that nobody needs any more


if __name__ == "__main__":
    main()
