"""`autograder check`: one file, or how far a student is with the course."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.helpers.command_line import AUTOGRADER, autograder, environment, one_line, refusal
from tests.helpers.course import RIGHT_CENTRED, RIGHT_SUMS, WRONG_SUMS, edit
from tests.helpers.notebooks import write_notebook

pytestmark = pytest.mark.slow


def test_check_outside_of_a_course_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    line = refusal(monkeypatch, tmp_path, "check")
    assert str(tmp_path) in line


def test_check_of_one_file_shows_each_question(workspace: Path):
    file = workspace / "01_sums" / "01_sums.py"
    file.write_text(WRONG_SUMS)
    done = autograder("check", file)
    assert done.returncode == 0
    assert "`total`: 0 of 1 visible checks pass" in done.stdout
    assert "`mean`: its visible check passes" in done.stdout


def test_check_of_the_course_shows_the_next_step_first(workspace: Path):
    (workspace / "01_sums" / "01_sums.py").write_text(WRONG_SUMS)
    write_notebook(workspace / "02_centred" / "02_centred.ipynb", "def centre(X):\n    raise NotImplementedError")
    lines = autograder("check", workspace).stdout.splitlines()
    assert lines[0] == "Next: `total` in 01_sums"
    states = [line.split() for line in lines[-2:]]
    assert [state[:2] for state in states] == [["01_sums", "started"], ["02_centred", "to"]]


def test_notes_on_several_notebooks_say_which_they_are_on(workspace: Path):
    for name, right in (("01_sums", RIGHT_SUMS), ("02_centred", RIGHT_CENTRED)):
        write_notebook(workspace / name / f"{name}.ipynb", right, right)
    told = [line for line in autograder("check", workspace).stdout.splitlines() if "more than once" in line]
    assert [line.split("`")[0] for line in told] == ["01_sums: ", "01_sums: ", "02_centred: "]
    (alone,) = [line for line in autograder("check", "02_centred", cwd=workspace).stdout.splitlines() if "once" in line]
    assert alone.startswith("`centre` is defined more than once")


def test_check_of_a_finished_course_says_so(workspace: Path):
    (workspace / "01_sums" / "01_sums.py").write_text(RIGHT_SUMS)
    (workspace / "02_centred" / "02_centred.py").write_text(RIGHT_CENTRED)
    assert autograder("check", workspace).stdout.startswith("All visible checks of the course pass.")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (
            '{"cells": [',
            "01_sums.ipynb is cut off: its end is missing. Save your notebook if it is still open in Jupyter",
        ),
        ("{}", "01_sums.ipynb is JSON but no notebook: it has no cells. Use the notebook itself."),
        (" " * (21 << 20), "01_sums.ipynb has 21 MB, more than the 20 MB that are read: clear its outputs"),
    ],
    ids=["half", "no notebook", "large"],
)
def test_a_notebook_that_cannot_be_read_is_named_and_the_others_are_checked(workspace: Path, content: str, says: str):
    (workspace / "01_sums" / "01_sums.ipynb").write_text(content)
    (workspace / "02_centred" / "02_centred.py").write_text("def centre(X):\n    return X - X.mean(-1, keepdims=True)")
    done = autograder("check", workspace, "--junit", workspace / "junit.xml")
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    assert ["01_sums", "unreadable", "—"] in rows
    assert ["02_centred", "done", "1", "of", "1"] in rows
    assert done.stdout.startswith("Next: 01_sums.")
    assert says in done.stdout
    assert "hand" not in done.stdout.lower()
    assert says.split(":")[0] in (workspace / "junit.xml").read_text()
    assert one_line(autograder("check", "01_sums", cwd=workspace)).startswith(f"autograder: {says}")


def test_a_notebook_under_another_name_is_told(workspace: Path):
    write_notebook(workspace / "02_centred" / "centred-final.ipynb", RIGHT_CENTRED)
    shown = autograder("check", workspace).stdout
    assert (
        "02_centred holds centred-final.ipynb, and no 02_centred.ipynb: rename your file to 02_centred.ipynb." in shown
    )
    assert ["02_centred", "other", "name", "—"] in [line.split() for line in shown.splitlines()]
    assert "01_sums holds" not in shown, "the checks are no work of the student's"


def test_check_finds_the_assignments_in_the_folder_above_them(workspace: Path):
    (workspace / "01_sums" / "01_sums.py").write_text(RIGHT_SUMS)
    done = autograder("check", cwd=workspace.parent)
    assert "Next: 02_centred." in done.stdout, done.stderr
    assert "02_centred" in autograder("check", cwd=workspace).stdout


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("../luca.py", "luca.py is not in an assignment's folder: put it into the one of its assignment"),
        ("luca.py", "luca.py is not in an assignment's folder: put it into {own}/01_sums or so"),
        ("01_sums/more/luca.py", "luca.py is not in an assignment's folder: put it into {own}/01_sums or so"),
        ("01_sums/visible_checks.py", "visible_checks.py is not a notebook or .py file of yours"),
        ("course.toml", "course.toml is not a notebook or .py file of yours"),
        ("../notes.txt", "notes.txt is not a notebook or .py file of yours"),
    ],
)
def test_a_file_that_is_no_work_on_an_assignment_is_told(workspace: Path, file: str, says: str):
    (workspace / file).parent.mkdir(exist_ok=True)
    (workspace / file).touch()
    assert says.format(own=workspace) in one_line(autograder("check", file, cwd=workspace))


def test_a_broken_file_of_visible_checks_is_told_in_one_line(workspace: Path):
    (workspace / "01_sums" / "01_sums.py").write_text(RIGHT_SUMS)
    with (workspace / "01_sums" / "visible_checks.py").open("a") as checks:
        checks.write("def test_(:\n")
    told = "01_sums/visible_checks.py is no Python (line 16): take the file from your course again"
    assert told in one_line(autograder("check", workspace / "01_sums"))
    shown = autograder("check", workspace).stdout
    assert told in shown
    assert "02_centred" in shown  # the others are looked at


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"Small"', "", "course.toml: Invalid value (at line 1, column 9); take the file from your course again"),
        ('title = "Small"\n', "", 'course.toml has no "title"'),
        ('imports = ["numpy"]', 'imports = "numpy"', "imports is to be a list of texts"),
        ('["01_sums", "02_centred"]', "[]", "course.toml: the list of assignments is empty; take the file"),
    ],
    ids=["no TOML", "a key is missing", "another type", "no assignments"],
)
def test_a_students_broken_settings_are_told_in_one_line(workspace: Path, old: str, new: str, says: str):
    edit(workspace / "course.toml", old, new)
    assert says in one_line(autograder("check", workspace))


def test_watch_checks_again_on_save(workspace: Path):
    file = workspace / "01_sums" / "01_sums.py"
    file.write_text(WRONG_SUMS)
    command = [str(AUTOGRADER), "check", "--watch", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment()) as watching:
        try:
            assert watching.stdout is not None
            wait_for(watching.stdout, "`total`: 0 of 1")
            saved = save_until(watching, file, RIGHT_SUMS, "`total`: its visible check")
        finally:
            watching.terminate()
    assert saved


def wait_for(lines, phrase: str) -> bool:
    return any(phrase in line for line in lines)


def save_until(watching: subprocess.Popen[str], file: Path, source: str, phrase: str) -> bool:
    """Save a file, again should the watcher not have been ready for it yet, until it shows `phrase`."""
    import threading

    seen = threading.Event()
    threading.Thread(target=lambda: wait_for(watching.stdout, phrase) and seen.set(), daemon=True).start()
    deadline = time.monotonic() + 60
    while not seen.wait(0.5) and time.monotonic() < deadline:
        file.write_text(source)
    return seen.is_set()


# Anywhere but on Linux


HIDING = """
import os, select, signal, sys, time
for name in ("fcntl", "resource", "pyseccomp", "termios", "pwd", "grp"):
    sys.modules[name] = None
for name in ("fork", "O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC"):
    delattr(os, name)
for name in ("setitimer", "SIGPROF", "SIGXCPU", "pthread_kill"):
    delattr(signal, name)
for name in ("clock_gettime", "pthread_getcpuclockid"):
    delattr(time, name)
del os.pread, select.poll
from autograder.cli import main
main(["check", sys.argv[1]])
"""


def test_students_need_nothing_that_only_linux_has(workspace: Path):
    (workspace / "01_sums" / "01_sums.py").write_text(RIGHT_SUMS)
    write_notebook(workspace / "02_centred" / "02_centred.ipynb", RIGHT_CENTRED)
    done = subprocess.run(
        [sys.executable, "-c", HIDING, str(workspace)], capture_output=True, text=True, env=environment()
    )
    assert done.stderr == ""
    assert done.stdout.startswith("All visible checks of the course pass.")
