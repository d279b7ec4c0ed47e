"""Reads strangers' files in a process of its own, under limits of time and memory: what happens there costs one file.

Started by `Reader`. The first message holds what the course hands out, each of the others the path of a file; the
answer to it is what was read, within limits, or why it cannot be read.
"""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from autograder.errors import UserError
from autograder.sandbox.bounded.process import Asker, BoundedProcess, bound_process
from autograder.submission import messages
from autograder.submission.errors import UnreadableError
from autograder.submission.handout import Handout
from autograder.submission.messages import Problem
from autograder.submission.model import Submission
from autograder.submission.reader import read_file

CPU_SECONDS = 5  # for one file; the largest honest ones take a tenth of it
MEMORY_MB = 512  # for one file, beyond what Python takes
WALL_SECONDS = 120  # the disk may be slow, and the machine busy
START_SECONDS = 60
MAX_REASON_CHARS = 200


class Reader:
    """Reads files in a process that is started when it is needed, and again when one did not survive a file."""

    def __init__(self, handouts: Sequence[Handout]) -> None:
        self.handouts = list(handouts)
        self.seconds = 0.0  # of computing, for all files so far
        self._process: BoundedProcess | None = None
        self._is_ready = False
        self._one_at_a_time = threading.Lock()

    def close(self) -> None:
        with self._one_at_a_time:
            self._end()

    def start(self) -> None:
        """Let the process start while others work: it is there when it is needed."""
        with self._one_at_a_time:
            if not self._process:
                self._begin()

    def read(self, file: Path, assignment: str) -> Submission:
        """What was read of a file that may be the work on an assignment. Raises UnreadableError, whatever it holds."""
        with self._one_at_a_time:
            process = self._ready_process()
            try:
                place = os.fspath(file.absolute())  # our folder may be another one since the process was started
                answer = process.ask({"file": place, "assignment": assignment}, WALL_SECONDS)
            except (EOFError, OSError):
                self._end()
                self.seconds += CPU_SECONDS
                raise _takes_too_much(file) from None
            except BaseException:  # Ctrl-C: the answer may still come, and is not the next one's
                self._end()
                raise
        self.seconds += answer["seconds"]
        if "problem" in answer:
            raise UnreadableError.from_json(answer)
        return Submission.from_json(answer["submission"])

    def _end(self) -> None:
        if self._process:
            self._process.close()
            self._process = None

    def _begin(self) -> BoundedProcess:
        self._end()
        self._process, self._is_ready = BoundedProcess(__name__), False
        try:
            self._process.tell({"handouts": [each.to_json() for each in self.handouts]})
        except OSError:
            self._fail()
        return self._process

    def _ready_process(self) -> BoundedProcess:
        process = self._process if self._process and self._process.is_usable else self._begin()
        if not self._is_ready:
            try:
                process.hear(START_SECONDS)
            except (EOFError, OSError):
                self._fail()
            except BaseException:  # Ctrl-C: the answer may still come, and is not the next one's
                self._end()
                raise
            self._is_ready = True
        return process

    def _fail(self) -> NoReturn:
        self._end()
        raise UserError(messages.READER_NOT_STARTED) from None


_kept: list[Reader] = []  # of the courses that were read last
MAX_KEPT = 4
_keeping = threading.Lock()


def reader_for(handouts: Sequence[Handout]) -> Reader:
    """The reader for a course. It is kept for the next call, and until the process ends."""
    with _keeping:
        reader = next((each for each in _kept if each.handouts == list(handouts)), None)
        if reader is None:
            reader = Reader(handouts)
            _kept.append(reader)
        old = _kept[:-MAX_KEPT]
        del _kept[:-MAX_KEPT]
    for each in old:
        each.close()
    return reader


@atexit.register
def _close_readers() -> None:
    for reader in _kept:
        reader.close()


def main() -> None:
    """Answer until the other side hangs up."""
    asker = Asker()
    with suppress(EOFError):
        handouts = [Handout.from_json(each) for each in asker.next_question()["handouts"]]
        for each in handouts:
            each.answered_in("")  # what it takes to know is made now, while others work
        asker.answer({})
        while True:
            question = asker.next_question()
            bound_process(CPU_SECONDS, MEMORY_MB << 20)
            began = time.process_time()
            answer = _answer(Path(question["file"]), question["assignment"], handouts)
            asker.answer({**answer, "seconds": time.process_time() - began})


def _answer(file: Path, assignment: str, handouts: Sequence[Handout]) -> dict[str, Any]:
    try:
        return {"submission": read_file(file, assignment, handouts).to_json()}
    except UnreadableError as error:
        return error.to_json()
    except MemoryError:
        return _takes_too_much(file).to_json()
    except Exception as error:  # whatever a stranger's file brings about, it costs that file
        reason = f"{type(error).__name__}: {error}"[:MAX_REASON_CHARS]
        return UnreadableError(Problem.NOT_UNDERSTOOD, file=file.name, error=reason).to_json()


def _takes_too_much(file: Path) -> UnreadableError:
    return UnreadableError(Problem.TAKES_TOO_MUCH, file=file.name, seconds=CPU_SECONDS, memory_mb=MEMORY_MB)


if __name__ == "__main__":
    main()
