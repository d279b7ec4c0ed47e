"""Classroom 50's runner starts this in the student's checkout: it sets up the grader, which then writes result.json.

All of it runs with Python's `-I`, so that no file in the checkout is taken for a module. AUTOGRADER_PYTHON names a
Python to install into, in the place of an environment of its own; for runners that bring one.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
INSTALL = (
    "-I",
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--constraint",
    "constraints.txt",
    "--requirement",
    "requirements.txt",
)


def main() -> int:
    python = os.environ.get("AUTOGRADER_PYTHON")
    if not python:
        folder = Path(tempfile.mkdtemp(prefix="autograder-"))
        subprocess.run([sys.executable, "-I", "-m", "venv", folder], cwd=HERE, check=True)
        python = str(folder / "bin" / "python")
    subprocess.run([python, *INSTALL], cwd=HERE / "machine", check=True)
    return subprocess.run([python, "-I", "-m", "autograder.publish.classroom50", HERE], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
