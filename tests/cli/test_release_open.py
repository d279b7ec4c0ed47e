"""`autograder release --open`: the notebook as students see it, in a real JupyterLab, and nothing of it stays."""

from __future__ import annotations

import subprocess
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

import pytest

from autograder.course import in_jupyterlab
from tests.helpers.command_line import AUTOGRADER, environment, refusal
from tests.helpers.jupyterlab import NO_BROWSER, OpenNotebook, jupyter_server, open_browser

NAME = "01_sums"
PATH = f"assignments/{NAME}/{NAME}.ipynb"


@pytest.mark.slow
@pytest.mark.skipif(NO_BROWSER, reason="there is no chromium here (CI installs it)")
def test_a_copy_opens_in_which_one_can_work_and_what_was_released_stays(small_course: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "temporary"
    elsewhere.mkdir()
    command = ["env", f"TMPDIR={elsewhere}", AUTOGRADER, "release", NAME, "--open"]
    with jupyter_server(command, small_course, tmp_path / "jupyter") as server, open_browser() as page:
        (opened,) = (tmp_path / "jupyter" / "runtime").glob("jpserver-file-to-run-*-open.html")
        assert f"/lab/tree/{PATH}" in unquote(opened.read_text())
        released = small_course / PATH
        before = released.read_bytes()
        notebook = OpenNotebook(page, server, released, PATH)
        assert "YOUR CODE HERE" in notebook.cell("total").inner_text()
        notebook.run_up_to("total")
        notebook.write("total", "def total(X):\n    return X.sum(axis=-1)")
        notebook.run_with_next()
        notebook.expect_shown("check_total", "`total`: its visible check passes")
        notebook.save()
        (copy,) = elsewhere.glob(f"autograder-*/{PATH}")
        assert "X.sum(axis=-1)" in copy.read_text()
        assert released.read_bytes() == before
    log = (tmp_path / "jupyter" / "server.log").read_text()
    assert f"{PATH}\n" in log
    assert "Opening a copy, as students get it" in log
    assert not list(elsewhere.glob("autograder-*"))


def test_one_notebook_is_opened_at_a_time(small_course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = "autograder: --open shows one notebook: name its assignment"
    assert refusal(monkeypatch, small_course, "release", "--open") == wanted
    assert refusal(monkeypatch, small_course, "release", NAME, "02_centred", "--open") == wanted
    line = refusal(monkeypatch, small_course, "release", NAME, "--open", "--source", "x")
    assert line.startswith("autograder: --source builds for nbgrader only")
    assert not (small_course / "assignments").exists()


def test_without_jupyterlab_it_is_said_how_to_get_it(small_course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def find(name: str) -> ModuleSpec | None:
        return None if name == "jupyterlab" else find_spec(name)

    monkeypatch.setattr(in_jupyterlab, "find_spec", find)
    line = refusal(monkeypatch, small_course, "release", NAME, "--open")
    assert line.endswith('JupyterLab, which is not installed here: pip install "numpy-autograder[course]"')
    assert not (small_course / "assignments").exists()


STAND_IN = """
import pathlib, sys
(_, folder), notebook = sys.argv[2].split("="), sys.argv[3]
print(pathlib.Path(notebook).relative_to(folder), "YOUR CODE" in open(notebook).read(), "X.sum" in open(notebook).read())
sys.exit(3)
"""


@pytest.mark.slow
def test_with_solutions_the_worked_one_is_opened(small_course: Path, tmp_path: Path) -> None:
    """By what stands in JupyterLab's place, and says what it is to open; its exit code is the command's."""
    (tmp_path / "jupyterlab").mkdir()
    (tmp_path / "jupyterlab" / "__init__.py").touch()
    (tmp_path / "jupyterlab" / "__main__.py").write_text(STAND_IN)
    done = subprocess.run(
        [AUTOGRADER, "release", NAME, "--solutions", "--open"],
        cwd=small_course,
        env={**environment(), "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    assert done.stdout.splitlines()[-1] == f"worked/{NAME}/{NAME}.ipynb False True"
    assert not (small_course / "assignments").exists()
