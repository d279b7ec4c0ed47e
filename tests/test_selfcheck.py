"""The student's side: `check` and `previous` in a notebook, `autograder check` on files, the bundle; on any system."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from autograder import check, previous
from autograder.checking.collection import ChecksError
from autograder.course.bundle import write_bundle
from autograder.course.loader import Course
from autograder.student.workspace import find_workspace
from tests.conftest import (
    AUTOGRADER,
    RIGHT_CENTRED,
    RIGHT_SUMS,
    SMALL_COURSE,
    WRONG_SUMS,
    autograder,
    edit,
    environment,
    one_line,
)

SETTINGS = 'title = "Small"\nassignments = ["01_sums", "02_centred"]\nimports = ["numpy"]\n'


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A student's assignments/ folder, without work of theirs yet; the test runs in its second assignment."""
    folder = tmp_path / "assignments"
    for name, files in SMALL_COURSE.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "visible_checks.py").write_text(files["visible_checks.py"])
    (folder / "course.toml").write_text(SETTINGS)
    monkeypatch.chdir(folder / "02_centred")
    return folder


def notebook(path: Path, *sources: str) -> Path:
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    path.write_text(nbformat.writes(made))
    return path


# check(…)


def centre(X):
    return X - X.mean(axis=-1, keepdims=True)


def test_check_shows_what_is_right(own: Path):
    shown = check(centre)
    assert "✓ 1 and 3 become -1 and 1" in repr(shown)
    assert "its visible check passes" in shown._repr_html_()


def test_check_tells_what_came_back_when_it_is_wrong(own: Path):
    def centre(X):
        return X * 0

    text = repr(check(centre))
    assert "✗ 1 and 3 become -1 and 1" in text
    assert "The mean is 2." in text
    assert "Traceback" not in text


def test_check_of_a_stub_says_not_yet(own: Path):
    def centre(X):
        raise NotImplementedError

    assert repr(check(centre)).startswith("Not yet.")


def test_check_escapes_what_a_student_wrote(own: Path):
    def centre(X):
        raise ValueError("<script>alert(1)</script>")

    html = check(centre)._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_check_names_the_line_of_a_notebook_that_raised(own: Path):
    outputs = run(
        notebook(own / "02_centred" / "n.ipynb", WITH_SETUP + "\ndef centre(X):\n    return 1 / 0", "check(centre)")
    )
    assert "ZeroDivisionError" in outputs[1]
    assert "`return 1 / 0`" in outputs[1]


def test_check_of_another_function_says_which_there_are(own: Path):
    with pytest.raises(ChecksError, match="there are no checks for `sorted`; there are for centre"):
        check(sorted)


def test_check_away_from_the_checks_says_where_they_belong(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ChecksError, match=r"visible_checks\.py is not in .*: keep it beside your notebook"):
        check(centre)


def test_a_stopped_check_stops(own: Path):
    def centre(X):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(centre)


# previous(…)


def test_previous_is_the_function_of_the_earlier_notebook(own: Path):
    notebook(
        own / "01_sums" / "01_sums.ipynb", "import numpy as np", "def total(X):\n    return np.sum(X, axis=-1) + 100"
    )
    assert previous("total")(np.ones((1, 2))) == [102]


def test_previous_keeps_the_name_and_parameters(own: Path):
    (own / "01_sums" / "01_sums.py").write_text(RIGHT_SUMS)
    assert previous("total").__name__ == "total"


@pytest.mark.parametrize("work", [None, "def total(X):\n    raise NotImplementedError()", "def total(X:"])
def test_previous_says_where_to_write_what_is_not_there_yet(own: Path, work: str | None):
    if work is not None:
        notebook(own / "01_sums" / "01_sums.ipynb", work)
    with pytest.raises(NotImplementedError, match=r"Your `total` is not written yet\. It belongs into 01_sums"):
        previous("total")(np.ones(2))


def test_check_passes_on_what_previous_says(own: Path):
    total = previous("total")

    def centre(X):
        return X - total(X)

    assert repr(check(centre)).startswith("Not yet. Your `total` is not written yet. It belongs into 01_sums")


@pytest.mark.parametrize("name", ["centre", "nothing"])
def test_previous_knows_what_no_earlier_assignment_asks_for(own: Path, name: str):
    with pytest.raises(ChecksError, match=f"no assignment before 02_centred asks for a function `{name}`"):
        previous(name)


def test_previous_outside_the_course_says_so(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ChecksError, match=r"there is no course\.toml"):
        previous("total")


# autograder check


def test_check_of_one_file_shows_each_question(own: Path):
    file = own / "01_sums" / "01_sums.py"
    file.write_text(WRONG_SUMS)
    done = autograder("check", file)
    assert done.returncode == 0
    assert "`total`: 0 of 1 visible checks pass" in done.stdout
    assert "`mean`: its visible check passes" in done.stdout


def test_check_of_a_later_file_uses_the_earlier_ones(own: Path):
    (own / "01_sums" / "01_sums.py").write_text(RIGHT_SUMS)
    (own / "02_centred" / "02_centred.py").write_text(RIGHT_CENTRED)
    assert "`centre`: its visible check passes" in autograder("check", "02_centred", cwd=own).stdout


def test_check_of_the_course_shows_the_next_step_first(own: Path):
    (own / "01_sums" / "01_sums.py").write_text(WRONG_SUMS)
    notebook(own / "02_centred" / "02_centred.ipynb", "def centre(X):\n    raise NotImplementedError")
    lines = autograder("check", own).stdout.splitlines()
    assert lines[0] == "Next: `total` in 01_sums"
    states = [line.split() for line in lines[-2:]]
    assert [words[:2] for words in states] == [["01_sums", "started"], ["02_centred", "to"]]


def test_check_of_a_finished_course_says_so(own: Path):
    (own / "01_sums" / "01_sums.py").write_text(RIGHT_SUMS)
    (own / "02_centred" / "02_centred.py").write_text(RIGHT_CENTRED)
    assert autograder("check", own).stdout.startswith("All visible checks of the course pass.")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (
            '{"cells": [',
            "01_sums.ipynb is not a notebook: its JSON cannot be read (line 1). Open it in Jupyter, save it.",
        ),
        ("{}", "01_sums.ipynb is JSON but no notebook: it has no cells. Use the notebook itself."),
        (" " * (21 << 20), "01_sums.ipynb has 21 MB, more than the 20 MB that are read: clear its outputs"),
    ],
    ids=["half", "no notebook", "large"],
)
def test_a_notebook_that_cannot_be_read_is_named_and_the_others_are_checked(own: Path, content: str, says: str):
    (own / "01_sums" / "01_sums.ipynb").write_text(content)
    (own / "02_centred" / "02_centred.py").write_text("def centre(X):\n    return X - X.mean(-1, keepdims=True)")
    done = autograder("check", own, "--junit", own / "junit.xml")
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    assert ["01_sums", "unreadable", "—"] in rows
    assert ["02_centred", "done", "1", "of", "1"] in rows
    assert done.stdout.startswith("Next: 01_sums.")
    assert says in done.stdout
    assert "hand" not in done.stdout.lower()
    assert says.split(":")[0] in (own / "junit.xml").read_text()
    assert one_line(autograder("check", "01_sums", cwd=own)).startswith(f"autograder: {says}")


def test_a_notebook_under_another_name_is_told(own: Path):
    notebook(own / "02_centred" / "centred-final.ipynb", RIGHT_CENTRED)
    shown = autograder("check", own).stdout
    assert (
        "02_centred holds centred-final.ipynb, and no 02_centred.ipynb: rename your file to 02_centred.ipynb." in shown
    )
    assert ["02_centred", "other", "name", "—"] in [line.split() for line in shown.splitlines()]
    assert "01_sums holds" not in shown, "the checks are no work of the student's"


def test_check_finds_the_assignments_in_the_folder_above_them(own: Path):
    (own / "01_sums" / "01_sums.py").write_text(RIGHT_SUMS)
    done = autograder("check", cwd=own.parent)
    assert "Next: 02_centred." in done.stdout, done.stderr
    assert "02_centred" in autograder("check", cwd=own).stdout


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
def test_a_file_that_is_no_work_on_an_assignment_is_told(own: Path, file: str, says: str):
    (own / file).parent.mkdir(exist_ok=True)
    (own / file).touch()
    assert says.format(own=own) in one_line(autograder("check", file, cwd=own))


def test_a_broken_file_of_visible_checks_is_told_in_one_line(own: Path):
    (own / "01_sums" / "01_sums.py").write_text(RIGHT_SUMS)
    with (own / "01_sums" / "visible_checks.py").open("a") as checks:
        checks.write("def test_(:\n")
    line = one_line(autograder("check", own))
    assert "01_sums/visible_checks.py is no Python (line 16): take the file from your course again" in line


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
def test_a_students_broken_settings_are_told_in_one_line(own: Path, old: str, new: str, says: str):
    edit(own / "course.toml", old, new)
    assert says in one_line(autograder("check", own))


def test_watch_checks_again_on_save(own: Path):
    file = own / "01_sums" / "01_sums.py"
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
import os, signal, sys
for name in ("fcntl", "resource", "pyseccomp", "termios", "pwd", "grp"):
    sys.modules[name] = None
for name in ("fork", "O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC"):
    delattr(os, name)
for name in ("setitimer", "SIGVTALRM", "SIGKILL"):
    delattr(signal, name)
from autograder.cli import main
main(["check", sys.argv[1]])
"""


def test_students_need_nothing_that_only_linux_has(own: Path):
    (own / "01_sums" / "01_sums.py").write_text(RIGHT_SUMS)
    notebook(own / "02_centred" / "02_centred.ipynb", RIGHT_CENTRED)
    done = subprocess.run([sys.executable, "-c", HIDING, str(own)], capture_output=True, text=True, env=environment())
    assert done.stderr == ""
    assert done.stdout.startswith("All visible checks of the course pass.")


# What students receive

WITH_SETUP = "import numpy as np\nfrom autograder import check, previous"


def run(path: Path) -> list[str]:
    """Run a notebook in a real kernel, in its own folder; returns the text of each code cell's outputs."""
    made = nbformat.read(path, as_version=4)
    NotebookClient(
        made, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    ).execute()
    return [json.dumps(cell.get("outputs", ""), ensure_ascii=False) for cell in made.cells if cell.cell_type == "code"]


def test_the_bundle_is_the_same_every_time_and_holds_no_secret(course: Course, tmp_path: Path):
    write_bundle(course, tmp_path / "a.zip")
    write_bundle(course, tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        files = {name: archive.read(name).decode(errors="replace") for name in archive.namelist()}
    tops = {name.split("/")[1] for name in files}
    assert tops == {"LICENSE", "README.md", "assignments", "autograder", "pyproject.toml", "requirements.txt"}
    public = "\n".join(files.values())
    shown = set().union(*(public_lines(assignment.folder) for assignment in course.assignments))
    for assignment in course.assignments:
        for line in secret_lines(assignment.folder, shown):
            assert line not in public, line
    assert course.seed not in public
    assert "nbgrader" not in files["course/requirements.txt"]


def public_lines(folder: Path) -> set[str]:
    """What a lesson shows openly, and its visible checks: the same line may stand in a secret as well."""
    lesson, inside, shown = (folder / "lesson.py").read_text().splitlines(), False, set()
    for line in lesson:
        inside = (inside or "### BEGIN SOLUTION" in line) and "### END SOLUTION" not in line
        if not inside:
            shown.add(line.strip())
    return shown | {line.strip() for line in (folder / "visible_checks.py").read_text().splitlines()}


def secret_lines(folder: Path, shown: set[str]) -> set[str]:
    """The lines of solutions, hidden checks and misconceptions that say something of their own."""
    lesson, inside, found = (folder / "lesson.py").read_text().splitlines(), False, set()
    for line in lesson:
        if "### END SOLUTION" in line:
            inside = False
        if inside:
            found.add(line.strip().removeprefix("# "))
        if "### BEGIN SOLUTION" in line:
            inside = True
    for name in ("hidden_checks.py", "misconceptions.py"):
        found |= {line.strip() for line in (folder / name).read_text().splitlines()}
    common = ("import ", "from ", "def ", "@", "#")
    return {line for line in found if len(line) > 24 and line not in shown and not line.startswith(common)}


def test_the_bundle_is_enough_to_do_an_assignment(course: Course, tmp_path: Path):
    """Unpack it in an empty folder, install it in a fresh virtual environment, solve an assignment in a real kernel."""
    write_bundle(course, tmp_path / "students.zip")
    with zipfile.ZipFile(tmp_path / "students.zip") as archive:
        archive.extractall(tmp_path)
    home = tmp_path / "course"
    for command in (
        [sys.executable, "-m", "venv", ".venv"],
        [
            ".venv/bin/python",
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "-r",
            "requirements.txt",
        ],
    ):
        subprocess.run(command, cwd=home, check=True, capture_output=True, text=True)
    file = home / "assignments" / "03_softmax" / "03_softmax.ipynb"
    made = nbformat.read(file, as_version=4)
    solutions = {
        "softmax": "def softmax(S):\n    e = np.exp(S - np.max(S, -1, keepdims=True))\n"
        "    return e / e.sum(-1, keepdims=True)",
        "softmax_jacobian": "def softmax_jacobian(p):\n    return np.diag(p) - p[:, None] * p",
    }
    for cell in made.cells:
        cell.source = solutions.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    nbformat.write(made, file)
    bin_folder = home / ".venv" / "bin"
    execute = [str(bin_folder / "jupyter"), "nbconvert", "--to", "notebook", "--execute", "--inplace", str(file)]
    subprocess.run(execute, check=True, capture_output=True, text=True, cwd=home, env=kernel_environment(bin_folder))
    outputs = json.dumps([cell.get("outputs") for cell in nbformat.read(file, as_version=4).cells], ensure_ascii=False)
    assert "`softmax`: all 2 visible checks pass" in outputs
    assert "`softmax_jacobian`: all 2 visible checks pass" in outputs
    overview = subprocess.run(
        [bin_folder / "autograder", "check", "assignments"], cwd=home, capture_output=True, text=True
    )
    assert "03_softmax done 2 of 2" in " ".join(overview.stdout.split())


def kernel_environment(bin_folder: Path) -> dict[str, str]:
    """An environment in which `python3` is that of the bundle's own virtual environment."""
    return {**environment(), "PATH": f"{bin_folder}:/usr/bin:/bin", "MPLBACKEND": "agg"}


def test_the_students_course_is_found_from_below(own: Path):
    assert find_workspace(own / "01_sums").names == ("01_sums", "02_centred")
