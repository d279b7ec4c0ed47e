"""What is asked of Dask, and what its answers are: data, or that there is none. For the courier's process alone."""

from __future__ import annotations

import asyncio
import json
import re
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import Any
from uuid import uuid4

import dask
import distributed
from distributed.protocol.compression import decompress
from distributed.protocol.serialize import Serialized, merge_and_deserialize

from autograder.grading.cluster.job_data import MAX_REPORT_BYTES
from autograder.grading.cluster.refused_pickles import RefusedPickleError, refuse_pickles, words_in
from autograder.grading.cluster.word import Word

CONNECT_SECONDS = 5
SILENCE_SECONDS = 60  # of the scheduler, before it is taken for gone
CLOSE_SECONDS = 3
OBJECT = re.compile(r"^in <[^>]*>: ")  # of Dask's, in front of what the system says
FORMS = ["msgpack"]  # of answers: what Dask can send without a pickle


class EndedError(Exception):
    """The run cannot go on: why, and what there is to say of it."""

    def __init__(self, reason: Word, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


class DaskClient:
    """A connection to a scheduler. Use it as an asynchronous context manager; all methods raise EndedError."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._run = uuid4().hex
        self._steps = 0  # so that no two keys are alike

    async def __aenter__(self) -> DaskClient:
        dask.config.set({"distributed.scheduler.allowed-imports": []})  # nor any module, for whoever names one
        refuse_pickles()
        try:
            self._client = _InertClient(
                self._address,
                asynchronous=True,
                direct_to_workers=False,
                deserializers=FORMS,
                timeout=CONNECT_SECONDS,
            )
            await self._client
        except Exception as error:  # Dask's, Python's for TLS, or the system's: none of them goes on
            said = OBJECT.sub("", f"{error.__cause__ or error}")
            raise EndedError(Word.UNREACHABLE, " ".join(said.split())) from None
        self._scheduler: Any = self._client.scheduler  # what can be asked of it, by name
        return self

    async def __aexit__(self, *_: object) -> None:
        with suppress(Exception):  # the scheduler may be gone
            await asyncio.wait_for(self._client.close(), CLOSE_SECONDS)  # type: ignore[no-untyped-call]

    async def workers(self) -> dict[str, dict[str, Any]]:
        """What the scheduler says of each, by address."""
        try:
            identity = await asyncio.wait_for(self._scheduler.identity(n_workers=-1), SILENCE_SECONDS)
        except OSError:  # of time, too
            raise EndedError(Word.GONE) from None
        self._require_connection()
        return {str(address): dict(about) for address, about in dict(identity["workers"]).items()}

    def submit(self, worker: str, function: Any, *arguments: Any) -> distributed.Future[Any]:
        """Have a function run on this worker, and on no other."""
        self._steps += 1
        future: distributed.Future[Any] = self._client.submit(
            function,
            *arguments,
            key=f"autograder-{function.__name__}-{self._run}-{self._steps}",
            workers=[worker],
            allow_other_workers=False,
            pure=False,
        )
        return future

    async def answer(self, future: distributed.Future[Any]) -> dict[str, Any]:
        """What a task has answered; or, in the same form, that it has not."""
        try:
            await distributed.wait(future)
            if future.status == "error":
                return {Word.FAILED: str(await future.exception())}
            gathered = await self._scheduler.gather(keys=[future.key])
        except CancelledError:  # Dask's: the scheduler has let it go, or is gone
            self._require_connection()
            return {Word.UNDELIVERED: True}
        except OSError:
            raise EndedError(Word.GONE) from None
        except RefusedPickleError:
            return {Word.NO_REPORT: True}
        try:
            if gathered["status"] != "OK":  # it was lost with its worker
                return {Word.DIED: True}
            answer = json.loads(_content(gathered["data"][future.key]))
        except (TypeError, ValueError, KeyError, RecursionError):
            return {Word.NO_REPORT: True}
        return answer if isinstance(answer, dict) and answer else {Word.NO_REPORT: True}

    def _require_connection(self) -> None:
        listening = getattr(self._client, "_handle_report_task", None)  # it ends where it gets what it must not read
        if self._client.status != "running" or (listening and listening.done()):
            raise EndedError(Word.GONE)


class _InertClient(distributed.Client):
    """Dask's client, which leaves what it gets as it came: `Serialized`, header and bytes. It is read by `_content`."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)  # type: ignore[no-untyped-call]  # it connects when it is awaited
        self.rpc.deserialize = False  # what is asked for
        self.connection_args = {**self.connection_args, "deserialize": False}  # what it is told

    def _handle_task_erred(self, key: Any = None, exception: Any = None, traceback: Any = None) -> None:
        frames = exception.frames if isinstance(exception, Serialized) else [exception]
        words = words_in(b"".join(frames))
        super()._handle_task_erred(key=key, exception=RuntimeError(words))  # type: ignore[no-untyped-call]


def _content(answer: object) -> bytes:
    """The bytes that a task has returned. Raises ValueError or TypeError where it is anything else."""
    if not isinstance(answer, Serialized):
        raise TypeError(type(answer).__name__)
    frames = decompress(answer.header, answer.frames) if "compression" in answer.header else answer.frames
    content = merge_and_deserialize(answer.header, frames, deserializers=FORMS)
    if not isinstance(content, bytes) or len(content) > 2 * MAX_REPORT_BYTES:  # JSON in JSON
        raise ValueError(type(content).__name__)
    return content
