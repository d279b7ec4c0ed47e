"""A notebook as students see it, in JupyterLab: in a copy of what they get, so that nothing is written into that."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from autograder import distribution
from autograder.course import messages
from autograder.course.lesson import CourseError

JUPYTERLAB = "jupyterlab"


def require_jupyterlab() -> None:
    """Raises CourseError where it is not installed."""
    if find_spec(JUPYTERLAB) is None:
        raise CourseError(messages.no_jupyterlab(distribution.install_name(JUPYTERLAB)))


def open_notebook(released: Path, assignment: str) -> int:
    """Open an assignment's notebook in a copy of the folder of what students get, and wait until JupyterLab has ended.

    The copy is gone then. Returns its exit code. Raises CourseError.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="autograder-") as folder:
            copy = Path(shutil.copytree(released, Path(folder, released.name)))
            notebook = copy / assignment / f"{assignment}.ipynb"
            where = ["--log-level=WARN", f"--ServerApp.root_dir={folder}"]
            return _run([sys.executable, "-m", JUPYTERLAB, *where, str(notebook)])
    except (OSError, shutil.Error) as error:
        raise CourseError(messages.not_opened(released, str(error))) from None


def _run(command: list[str]) -> int:
    """Run a program to its end. Ctrl-C is its own: it asks whether to stop. What ends this process ends it as well."""
    program = subprocess.Popen(command)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):  # there is no SIGHUP on Windows
            signal.signal(getattr(signal, name), lambda *_: program.terminate())
    while True:
        try:
            return program.wait()
        except KeyboardInterrupt:
            pass  # it has heard it, too
