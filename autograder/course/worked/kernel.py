"""Runs a lesson's notebook in a real kernel, within limits of time; what stops it is told by the lesson's own line."""

from __future__ import annotations

import asyncio
import atexit
import os
import re
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from autograder.course import messages
from autograder.course.lesson import CourseError

IN_CELL = re.compile(r" \(\d+\.py, line \d+\)$")  # what Jupyter calls a cell, in a SyntaxError
CELL_SECONDS, START_SECONDS = 120, 60
# Pictures in the notebook, whatever is set around us; and sets in the same order every time.
SETTINGS = {"MPLBACKEND": "module://matplotlib_inline.backend_inline", "PYTHONHASHSEED": "0"}


def run_notebook(
    notebook: NotebookNode, folder: Path, lesson: Path, lines: Sequence[int], seconds: int = CELL_SECONDS
) -> None:
    """Run all cells in `folder`; their outputs are in `notebook` then. A cell may take so many `seconds`.

    `lines` are those of `lesson` at which the cells begin. Raises CourseError, and KeyboardInterrupt on Ctrl-C.
    """
    at, stopped = [0], asyncio.Event()  # the cell that runs

    def when_started(**_: object) -> None:
        task = asyncio.current_task()

        def stop() -> None:
            stopped.set()
            if task is not None:
                task.cancel()  # nbclient's own handler ends the kernel alone, and waits for its answer

        with suppress(NotImplementedError):  # Windows, where Ctrl-C is an exception in any case
            asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stop)

    client = NotebookClient(
        notebook,
        timeout=seconds,
        startup_timeout=START_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,  # the same notebook every time
        coalesce_streams=True,
        on_notebook_start=when_started,
        on_cell_execute=lambda cell, cell_index: at.append(cell_index),
    )
    language = notebook.metadata.language_info
    try:
        client.execute(env={**os.environ, **SETTINGS}, stderr=subprocess.DEVNULL)  # not what cells print: the kernel
    except (CellExecutionError, CellTimeoutError, RuntimeError, asyncio.CancelledError) as error:
        if stopped.is_set() or isinstance(error, asyncio.CancelledError):
            atexit.unregister(client._cleanup_kernel)  # which it forgets where it is stopped before its first cell
            raise KeyboardInterrupt from None
        raise CourseError(_told(error, lesson, lines[at[-1]], seconds)) from None
    notebook.metadata.language_info = language  # which would name this Python's version


def _told(error: BaseException, lesson: Path, line: int, seconds: int) -> str:
    match error:
        case CellExecutionError():
            detail = IN_CELL.sub("", error.evalue.strip().partition("\n")[0])
            if not detail:
                return messages.cell_raises_bare(lesson, line, error.ename)
            return messages.cell_raises(lesson, line, error.ename, detail)
        case CellTimeoutError():
            return messages.cell_too_slow(lesson, line, seconds)
        case DeadKernelError():
            return messages.cell_kills(lesson, line)
    return messages.no_kernel(lesson, str(error).partition("\n")[0])
