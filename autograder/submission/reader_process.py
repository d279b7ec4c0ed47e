"""Reads strangers' files in a process of its own, under limits of time and memory: what happens there costs one file.

Started by `Reader`. The first message holds what the course hands out, each of the others the path of a file; the
answer to it is what was read, within limits, or why it cannot be read.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

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
        self._process: BoundedProcess | None = None
        self._one_at_a_time = threading.Lock()

    def close(self) -> None:
        if self._process:
            self._process.close()
            self._process = None

    def read(self, file: Path, assignment: str) -> Submission:
        """What was read of a file that may be the work on an assignment. Raises UnreadableError, whatever it holds."""
        with self._one_at_a_time:
            process = self._process or self._start()
            try:
                answer = process.ask({"file": os.fspath(file), "assignment": assignment}, WALL_SECONDS)
            except (EOFError, OSError):
                self.close()
                raise _takes_too_much(file) from None
        if "problem" in answer:
            raise UnreadableError.from_json(answer)
        return Submission.from_json(answer["submission"])

    def _start(self) -> BoundedProcess:
        self._process = BoundedProcess(__name__)
        try:
            self._process.ask({"handouts": [each.to_json() for each in self.handouts]}, START_SECONDS)
        except (EOFError, OSError):
            self.close()
            raise UserError(messages.READER_NOT_STARTED) from None
        return self._process


_kept: list[Reader] = []  # at most one


def reader_for(handouts: Sequence[Handout]) -> Reader:
    """The reader for a course. It is kept for the next call, and until the process ends."""
    if not _kept or _kept[0].handouts != list(handouts):
        _close_reader()
        _kept.append(Reader(handouts))
    return _kept[0]


@atexit.register
def _close_reader() -> None:
    while _kept:
        _kept.pop().close()


def main() -> None:
    """Answer until the other side hangs up."""
    asker = Asker()
    with suppress(EOFError):
        handouts = [Handout.from_json(each) for each in asker.next_question()["handouts"]]
        asker.answer({})
        while True:
            question = asker.next_question()
            bound_process(CPU_SECONDS, MEMORY_MB << 20)
            asker.answer(_answer(Path(question["file"]), question["assignment"], handouts))


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
