"""Sets up what the course needs, in the folder .venv beside this file, where it is not there yet; then starts it.

    python3 start.py            opens JupyterLab
    python3 start.py check      checks your work (`check --watch`: again whenever you save)

On Windows: `py start.py`. It needs nothing but Python. Old ones can read it, and so are told that they are too old:
no annotations, and no syntax that is younger than 3.6.
"""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

NEEDS = (3, 11)
HERE = Path(__file__).resolve().parent
HOME = HERE / ".venv"
PYTHON = HOME / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
REQUIREMENTS, ASSIGNMENTS = HERE / "requirements.txt", HERE / "assignments"
READY = HOME / "ready"  # what is installed: the requirements at that time
LOG = HOME / "install.log"
FAILED, STOPPED = 2, 130

USAGE = "start.py: say `start.py` to open JupyterLab, or `start.py check` to check your work"
TOO_OLD = (
    "start.py: this is Python {found}, and the course needs 3.11 or later: get it from https://www.python.org/downloads/"
    " and start this file with it, in a new terminal"
)
NOT_UNPACKED = (
    "start.py: requirements.txt and assignments/ are not beside it: unpack the whole zip first, then start it there"
)
NO_VENV = (
    "start.py: this Python lacks its part venv: install that first (Debian and Ubuntu: sudo apt install python3-venv), "
    "then start this once more"
)
NO_ENVIRONMENT = "start.py: the folder .venv cannot be made here: {reason}"
NOT_INSTALLED = (
    "start.py: what the course needs could not be installed; is this computer online? Start this once more then. "
    "(pip said: {reason} All of it is in .venv/install.log)"
)
SETTING_UP = "Setting up the course, once. It takes some minutes, and needs the network ..."
OPENING = "JupyterLab opens in your browser. To end it, press Ctrl-C here."
INTERRUPTED = "start.py: stopped; start it once more to go on"


class StartError(Exception):
    """What the user can put right, in one line."""


def main(arguments):
    """Set up where needed, then run JupyterLab or `autograder check`. Returns the exit code."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # what it says may be in a language that the terminal cannot show
    try:
        if sys.version_info < NEEDS:
            raise StartError(TOO_OLD.format(found="{}.{}".format(*sys.version_info)))
        if arguments and arguments[0] != "check":
            raise StartError(USAGE)
        if not (REQUIREMENTS.is_file() and ASSIGNMENTS.is_dir()):
            raise StartError(NOT_UNPACKED)
        is_new = set_up()
        if arguments:
            return run([PYTHON, "-m", "autograder", *arguments])
        print(OPENING, flush=True)
        return run(jupyterlab(is_new))
    except StartError as problem:
        print(problem, file=sys.stderr)
        return FAILED
    except OSError as error:
        print(NO_ENVIRONMENT.format(reason=error), file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print(INTERRUPTED, file=sys.stderr)
        return STOPPED


def set_up():
    """Make .venv and install the requirements, unless just these are installed. Returns whether it did."""
    wanted = REQUIREMENTS.read_bytes()
    if PYTHON.exists() and READY.is_file() and READY.read_bytes() == wanted:
        return False
    print(SETTING_UP, flush=True)
    if not (PYTHON.exists() and quiet([PYTHON, "-m", "pip", "--version"]).returncode == 0):
        make_environment()
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--log", LOG, "-r", REQUIREMENTS]
    installed = quiet([PYTHON, *install])
    if installed.returncode:
        raise StartError(NOT_INSTALLED.format(reason=last_line(installed)))
    READY.write_bytes(wanted)
    return True


def make_environment():
    """Make .venv, in the place of one that was not finished or whose Python is gone."""
    if find_spec("venv") is None or find_spec("ensurepip") is None:
        raise StartError(NO_VENV)
    made = quiet([sys.executable, "-m", "venv", *(["--clear"] if (HOME / "pyvenv.cfg").is_file() else []), HOME])
    if made.returncode:
        raise StartError(NO_ENVIRONMENT.format(reason=last_line(made)))


def quiet(command):
    """Run a program to its end, and keep what it says."""
    return subprocess.run(
        command,
        cwd=HERE,  # the requirements name a file beside them
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )


def last_line(done):
    """What a program said at last: of pip, its error."""
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("ERROR", "Error", "OSError"))]
    return (errors or lines or ["nothing"])[-1].strip()


def jupyterlab(is_new):
    """The command that opens JupyterLab: at the first notebook when all is new, later as it was left."""
    # The whole folder, so that what lies beside assignments/ can be opened as well.
    command = [PYTHON, "-m", "jupyterlab", "--log-level=WARN", f"--ServerApp.root_dir={HERE}"]
    return [*command, *first_notebook()] if is_new else command


def first_notebook():
    """The notebook to begin with, in a list; an empty one where that cannot be told: `check` says what is wrong."""
    import tomllib  # not in a Python that is too old

    try:
        settings = tomllib.loads((ASSIGNMENTS / "course.toml").read_text(encoding="utf-8"))
        first = settings["assignments"][0]
    except (OSError, ValueError, LookupError, TypeError):
        return []
    return [ASSIGNMENTS / first / f"{first}.ipynb"]


def run(command):
    """Become a program: signals and the terminal are its own. On Windows, where none can, wait for its end."""
    if os.name != "nt":
        os.execv(command[0], command)
    program = subprocess.Popen(command)
    while True:
        try:
            return program.wait()
        except KeyboardInterrupt:
            pass  # it has heard it, too


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
