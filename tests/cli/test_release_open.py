"""`autograder release --open`: the notebook as students see it, in a real JupyterLab, and nothing of it stays."""

from __future__ import annotations

import subprocess
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

import pytest

from autograder.cli.shared.runs import in_jupyterlab
from autograder.course.loader import load_course
from autograder.course.scaffold.making import FIRST, make_assignment, make_course
from tests.helpers.command_line import AUTOGRADER, environment, refusal
from tests.helpers.jupyterlab import NO_BROWSER, OpenNotebook, jupyter_server, open_browser

NAME = FIRST
PATH = f"assignments/{NAME}/{NAME}.ipynb"


@pytest.fixture
def new_course(tmp_path: Path) -> Path:
    make_course(tmp_path, "signals")
    return tmp_path / "signals"


@pytest.mark.slow
@pytest.mark.skipif(NO_BROWSER, reason="there is no chromium here (CI installs it)")
def test_a_copy_opens_in_which_one_can_work_and_what_was_released_stays(new_course: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "temporary"
    elsewhere.mkdir()
    command = ["env", f"TMPDIR={elsewhere}", AUTOGRADER, "release", NAME, "--open"]
    with jupyter_server(command, new_course, tmp_path / "jupyter") as server, open_browser() as page:
        (opened,) = (tmp_path / "jupyter" / "runtime").glob("jpserver-file-to-run-*-open.html")
        assert f"/lab/tree/{PATH}" in unquote(opened.read_text())
        released = new_course / PATH
        before = released.read_bytes()
        notebook = OpenNotebook(page, server, released, PATH)
        assert "YOUR CODE HERE" in notebook.cell("center").inner_text()
        notebook.run_up_to("center")
        notebook.write("center", "def center(X):\n    return X - X.mean(axis=0)")
        notebook.run_with_next()
        notebook.expect_shown("check_center", "`center`: all 2 visible checks pass")
        notebook.save()
        (copy,) = elsewhere.glob(f"autograder-*/{PATH}")
        assert "X.mean(axis=0)" in copy.read_text()
        assert released.read_bytes() == before
    log = (tmp_path / "jupyter" / "server.log").read_text()
    assert f"{PATH}\n" in log
    assert "Opening a copy, as students get it" in log
    assert not list(elsewhere.glob("autograder-*"))


def test_one_notebook_is_opened_at_a_time(new_course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = "autograder: --open shows one notebook: name its assignment"
    make_assignment(load_course(new_course / "solutions"), "02_scale")
    assert refusal(monkeypatch, new_course, "release", "--open") == wanted
    assert refusal(monkeypatch, new_course, "release", NAME, "--open", "02_scale") == wanted
    line = refusal(monkeypatch, new_course, "release", NAME, "--open", "--source", "x")
    assert line.startswith("autograder: --source builds for nbgrader only")
    assert not (new_course / "assignments").exists()


def test_without_jupyterlab_it_is_said_how_to_get_it(new_course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def find(name: str) -> ModuleSpec | None:
        return None if name == "jupyterlab" else find_spec(name)

    monkeypatch.setattr(in_jupyterlab, "find_spec", find)
    line = refusal(monkeypatch, new_course, "release", NAME, "--open")
    assert line.endswith('JupyterLab, which is not installed here: pip install "numpy-autograder[course]"')
    assert not (new_course / "assignments").exists()


STAND_IN = """
import pathlib, sys
(_, folder), notebook = sys.argv[2].split("="), sys.argv[3]
text = open(notebook).read()
print(pathlib.Path(notebook).relative_to(folder), "YOUR CODE HERE" in text, "return X - np.mean" in text)
sys.exit(3)
"""


@pytest.mark.slow
def test_with_solutions_the_worked_one_is_opened(new_course: Path, tmp_path: Path) -> None:
    """By what stands in JupyterLab's place, and says what it is to open; its exit code is the command's."""
    (tmp_path / "jupyterlab").mkdir()
    (tmp_path / "jupyterlab" / "__init__.py").touch()
    (tmp_path / "jupyterlab" / "__main__.py").write_text(STAND_IN)
    done = subprocess.run(
        [AUTOGRADER, "release", NAME, "--solutions", "--open"],
        cwd=new_course,
        env={**environment(), "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    assert done.stdout.splitlines()[-1] == f"worked/{NAME}/{NAME}.ipynb False True"
    assert not (new_course / "assignments").exists()
