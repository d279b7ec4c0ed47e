"""The worked notebooks: answered, run and green, the same every time, and without what only instructors may know."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import time
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.course.lesson import CourseError
from autograder.course.loader import Course
from autograder.course.worked.kernel import run_notebook
from autograder.course.worked.release import release_worked
from tests.helpers.archives import zip_members
from tests.helpers.command_line import AUTOGRADER, autograder, environment, one_line, refusal
from tests.helpers.course import edit
from tests.helpers.notebooks import run_notebook as run_again
from tests.helpers.secrets import leaks, read_tree

pytestmark = pytest.mark.slow

WRITTEN = "02_scaled_scores"
WHY = """

# %% why [markdown] points=2
# **Why?** One sentence.
#
# 1. Is it so?
#
# ### BEGIN SOLUTION
# 1. Because it is.
#
# ### BEGIN MARK SCHEME
# 2 points for because.
# ### END MARK SCHEME
# ### END SOLUTION
"""
EARLIER = """
# %%
from autograder import check, previous, previous_data

mean = previous("mean")
print({"a", "b", "c"}, mean(np.array([1.0, 3.0])), previous_data("numbers.txt").read_text())
"""


@pytest.fixture
def small(small_course: Path) -> Path:
    """The small course: its second notebook uses a function and a file of the first; its first asks for words."""
    first, second = (small_course / "solutions" / name / "lesson.py" for name in ("01_sums", "02_centred"))
    edit(first, "import numpy as np\n", "import numpy as np\nfrom autograder import check\n")
    first.write_text(first.read_text() + WHY)
    edit(second, "import numpy as np\n", f"import numpy as np\n{EARLIER}")
    (first.parent / "data").mkdir()
    (first.parent / "data" / "numbers.txt").write_text("one two")
    return small_course


def worked(folder: Path, name: str) -> NotebookNode:
    notebook = nbformat.read(folder / "worked" / name / f"{name}.ipynb", as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    return notebook


def outputs(notebook: NotebookNode) -> str:
    return json.dumps([cell.get("outputs", []) for cell in notebook.cells], ensure_ascii=False)


def test_a_worked_notebook_has_answers_pictures_and_green_checks_and_tells_nothing_else(
    course: Course, tmp_path: Path
) -> None:
    done: list[str] = []
    assignment = course.assignment(WRITTEN)
    release_worked(course, [assignment], tmp_path / "worked", lambda each: done.append(each.name))
    assert done == ["01_projection", WRITTEN]
    files = read_tree(tmp_path / "worked")
    assert leaks(course, files, after_the_deadline=True) == set()
    assert {name.partition("/")[0] for name in files} == {"course.toml", *done}
    notebook = worked(tmp_path, WRITTEN)
    shown = outputs(notebook)
    assert "image/png" in shown
    for question in assignment.questions:
        assert re.search(f"`{question}`: all \\d visible checks pass", shown)
    text = "\n".join(cell.source for cell in notebook.cells)
    assert "return S / np.sqrt(d_k)" in text
    assert "YOUR" not in text
    assert "NotImplementedError()" not in text
    assert "###" not in re.sub(r"(?m)^### [A-Z][a-z]", "", text)
    (answer,) = (cell.source for cell in notebook.cells if cell.id == "why_sqrt_d")
    assert "**A model answer**\n\n1. $q \\cdot k" in answer
    assert answer.endswith("attention that hardly chooses.")


def test_all_is_made_run_and_packed_and_runs_again_where_it_lies(small: Path) -> None:
    made = autograder("release", "--solutions", "--bundle", "worked.zip", cwd=small)
    assert made.returncode == 0, made.stderr
    assert made.stderr.splitlines() == ["01_sums: run", "02_centred: run"]
    assert made.stdout.splitlines()[-2:] == ["worked/02_centred/known_mistakes.bin", "worked.zip"]
    assert not (small / "assignments").exists()
    first, second = worked(small, "01_sums"), worked(small, "02_centred")
    assert "`total`: its visible check passes" in outputs(first)
    assert "2.0 one two" in outputs(second)
    (why,) = (cell.source for cell in first.cells if cell.id == "why")
    assert why == "**Why?** One sentence.\n\n1. Is it so?\n\n**A model answer**\n\n1. Because it is."
    files = read_tree(small / "worked")
    packed = zip_members(small / "worked.zip")
    assert {f"course/worked/{name}": content for name, content in files.items()} == packed
    # Where it lies, it is a workspace like a student's: it is checked, and run again.
    assert "All visible checks of the course pass" in autograder("check", "worked", cwd=small).stdout
    assert "2.0 one two" in "".join(run_again(small / "worked" / "02_centred" / "02_centred.ipynb"))
    # Made again it is the same, in the place of what was there; named up to the first, the second is not there.
    (small / "worked" / "notes.txt").write_text("mine")
    assert autograder("release", "--solutions", cwd=small).returncode == 0
    assert read_tree(small / "worked") == files
    assert autograder("release", "01_sums", "--solutions", "--out", "given/first", cwd=small).returncode == 0
    assert sorted(path.name for path in (small / "given" / "first").iterdir()) == ["01_sums", "course.toml"]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("raise ValueError('no\\nmore')", "the cell that begins there ends in ValueError: no"),
        ("import os\nos._exit(1)", "the cell that begins there ended its kernel: it may take too much memory"),
    ],
)
def test_a_cell_that_cannot_be_run_is_told_by_its_line_and_nothing_is_written(
    small: Path, cell: str, reason: str
) -> None:
    lesson = small / "solutions" / "02_centred" / "lesson.py"
    lesson.write_text(f"{lesson.read_text()}\n\n# %%\n{cell}\n")
    line = lesson.read_text()[: lesson.read_text().rindex("# %%")].count("\n") + 1
    failed = autograder("release", "--solutions", cwd=small)
    assert failed.returncode == 2
    assert failed.stderr.splitlines() == ["01_sums: run", f"autograder: {lesson}, line {line}: {reason}"]
    assert not (small / "worked").exists()


def test_a_cell_that_never_ends_is_ended(tmp_path: Path) -> None:
    cells = [nbformat.v4.new_markdown_cell("Wait"), nbformat.v4.new_code_cell("while True: pass")]
    endless = nbformat.v4.new_notebook(cells=cells, metadata={"language_info": {"name": "python"}})
    with pytest.raises(CourseError, match=r"lesson\.py, line 7: the cell that begins there takes longer than 2 s$"):
        run_notebook(endless, tmp_path, Path("lesson.py"), [1, 7], seconds=2)


def test_stopped_it_has_written_nothing(small: Path) -> None:
    with open(small / "solutions" / "02_centred" / "lesson.py", "a") as lesson:
        lesson.write(
            "\n\n# %%\nimport pathlib\npathlib.Path(r'" + str(small / "here") + "').touch()\nwhile True: pass\n"
        )
    command = [str(AUTOGRADER), "release", "--solutions"]
    with subprocess.Popen(command, cwd=small, env=environment(), stderr=subprocess.PIPE, text=True) as running:
        while not (small / "here").exists():
            assert running.poll() is None
            time.sleep(0.1)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=60)
    assert said.splitlines() == ["01_sums: run", "autograder: stopped; nothing was written"]
    assert running.returncode == 2
    assert not (small / "worked").exists()


@pytest.mark.parametrize(
    "command",
    [("release",), ("release", "01_sums", "--source", "source"), ("release", "--solutions")],
)
def test_a_mark_scheme_outside_of_its_solution_is_refused(
    monkeypatch: pytest.MonkeyPatch, small: Path, command: tuple[str, ...]
) -> None:
    edit(small / "solutions/01_sums/lesson.py", "# ### END MARK SCHEME\n# ### END SOLUTION", "# ### END SOLUTION")
    with open(small / "solutions/01_sums/lesson.py", "a") as lesson:
        lesson.write("# ### END MARK SCHEME\n")
    line = refusal(monkeypatch, small, *command)
    assert "01_sums/lesson.py, line 25: a mark scheme in this cell is not within its solution" in line


def test_a_mark_scheme_that_does_not_end_is_refused(monkeypatch: pytest.MonkeyPatch, small: Path) -> None:
    edit(small / "solutions/01_sums/lesson.py", "# ### END MARK SCHEME\n", "")
    line = refusal(monkeypatch, small, "release", "--solutions")
    assert "01_sums/lesson.py, line 25: a mark scheme in this cell has no ### BEGIN MARK SCHEME or no ###" in line


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--solutions", "--source", "x"], "--source builds for nbgrader only"),
        (["--out", "x"], "--out names the folder of the worked notebooks: it goes with --solutions"),
        (["--solutions", "--bundle", "x"], "x does not end in .zip"),
        (["--solutions", "--out", "assignments"], "assignments is not empty: name a new folder"),
        (["--solutions", "--out", "solutions"], "solutions is not empty: name a new folder"),
        (["--solutions", "--out", "."], ". is not empty: name a new folder"),
    ],
)
def test_it_goes_nowhere_else(small: Path, options: list[str], says: str) -> None:
    assert autograder("release", cwd=small).returncode == 0
    before = read_tree(small)
    assert one_line(autograder("release", *options, cwd=small)).startswith(f"autograder: {says}")
    assert read_tree(small) == before
