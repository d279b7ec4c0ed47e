"""A notebook in a real kernel, cell by cell, as Jupyter runs it, each cell with its id; saved when a test says so."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

from tests.helpers.notebooks import WITH_SETUP

PATIENCE = 120  # seconds
# What the next notebook must not find: another folder, names, figures, and what our own modules remember.
FORGET = """
import os, sys
os.chdir({folder!r})
for name in [each for each in sys.modules if each.partition(".")[0] == "autograder"]:
    del sys.modules[name]
if "matplotlib.pyplot" in sys.modules:
    sys.modules["matplotlib.pyplot"].close("all")
get_ipython().run_line_magic("reset", "-f")
"""


@dataclass
class Notebook:
    """The cells as the browser shows them, by their ids; `run` and `save` are the student's buttons."""

    file: Path
    client: BlockingKernelClient
    cells: dict[str, str] = field(default_factory=lambda: {"setup": WITH_SETUP})

    def edit(self, cell: str, source: str) -> None:
        self.cells[cell] = source

    def save(self) -> None:
        """A minute after what was run last."""
        made = [nbformat.v4.new_code_cell(source, id=cell) for cell, source in self.cells.items()]
        self.file.write_text(nbformat.writes(nbformat.v4.new_notebook(cells=made)))
        self._saved_at(time.time() + 60)

    def run(self, cell: str, source: str | None = None) -> str:
        """Run a cell, with another source if one is given, a minute after the last save; returns what it shows."""
        if source is not None:
            self.edit(cell, source)
        if self.file.exists():
            self._saved_at(time.time() - 60)
        return self._execute(self.cells[cell], {"cellId": cell})

    def check(self, name: str) -> str:
        """Run a cell that checks a function, right after what was done last."""
        return self._execute(f"check({name})", {"cellId": f"check_{name}"})

    def _saved_at(self, seconds: float) -> None:
        os.utime(self.file, (seconds, seconds))

    def _execute(self, source: str, metadata: dict[str, str]) -> str:
        content = {"code": source, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
        message = self.client.session.msg("execute_request", content, metadata=metadata)
        self.client.shell_channel.send(message)
        shown = []
        while True:
            answer = self.client.get_iopub_msg(timeout=PATIENCE)
            if answer["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                continue
            said = answer["content"]
            match answer["msg_type"]:
                case "stream":
                    shown.append(said["text"])
                case "execute_result" | "display_data":
                    shown.append(said["data"]["text/plain"])
                case "error":
                    shown.append(f"{said['ename']}: {said['evalue']}")
                case "status" if said["execution_state"] == "idle":
                    return "\n".join(shown)


@contextmanager
def opened(file: Path) -> Iterator[Notebook]:
    """A notebook that is opened, with its first cell run."""
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(file.parent), startup_timeout=PATIENCE)
    try:
        notebook = Notebook(file, client)
        notebook.run("setup")
        yield notebook
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@contextmanager
def one_kernel() -> Iterator[Callable[[Path, Mapping[str, str]], dict[str, str]]]:
    """Runs notebooks in turn, faster than with a kernel for each: `run(file, cells)` returns what each cell shows."""
    manager, client = start_new_kernel(kernel_name="python3", startup_timeout=PATIENCE)

    def run(file: Path, cells: Mapping[str, str]) -> dict[str, str]:
        notebook = Notebook(file, client, dict(cells))
        notebook._execute(FORGET.format(folder=str(file.parent)), {})
        return {cell: notebook.run(cell) for cell in cells}

    try:
        yield run
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
