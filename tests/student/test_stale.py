"""`check` says so where what runs is not what stands in the notebook; and says nothing where all is plain."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.course import CENTRED, PUBLIC_COURSE_TOML, SUMS
from tests.helpers.kernel import Notebook, opened
from tests.helpers.notebooks import run_notebook, write_notebook

pytestmark = pytest.mark.slow

FIRST = "def total(X):\n    return X.sum()"
RIGHT = "def total(X):\n    # rows\n    return X.sum(axis=-1)"
PASSES = "`total`: its visible check passes. The hidden ones look closer."
FAILS = "`total`: 0 of 1 visible checks pass."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home") / "assignments"
    for name, files in {"01_sums": SUMS, "02_centred": CENTRED}.items():
        (home / name).mkdir(parents=True)
        (home / name / "visible_checks.py").write_text(files["visible_checks.py"])
    (home / "course.toml").write_text(PUBLIC_COURSE_TOML)
    return home / "01_sums"


@pytest.fixture(scope="module")
def kernel(folder: Path) -> Iterator[Notebook]:
    """One kernel for all tests of this file."""
    with opened(folder / "01_sums.ipynb") as notebook:
        yield notebook


@pytest.fixture
def notebook(kernel: Notebook) -> Notebook:
    """A notebook that was opened a moment ago: the file is as it was handed out, and nothing is in memory."""
    kernel.client.execute_interactive("%reset -f", store_history=False, silent=True, timeout=120)
    kernel.cells = {"setup": kernel.cells["setup"], "total": "def total(X):\n    raise NotImplementedError()"}
    kernel.save()
    kernel.run("setup")
    return kernel


def test_first_try_check_mend_run_check_is_plain(notebook: Notebook) -> None:
    notebook.run("total", FIRST)
    assert notebook.check("total").startswith(FAILS)
    notebook.run("total", RIGHT)
    assert notebook.check("total").startswith(PASSES)
    notebook.save()
    assert notebook.check("total").startswith(PASSES)
    notebook.run("total", FIRST)
    notebook.save()
    assert notebook.check("total").startswith(FAILS)


def test_a_failed_run_that_was_mended_is_plain(notebook: Notebook) -> None:
    assert "SyntaxError" in notebook.run("total", "def total(X)\n    return X.sum(axis=-1)")
    notebook.run("total", RIGHT)
    notebook.save()
    assert notebook.check("total").startswith(PASSES)


def test_a_cell_that_fails_behind_its_function_is_plain(notebook: Notebook) -> None:
    notebook.run("total", FIRST)
    assert "ZeroDivisionError" in notebook.run("total", f"{RIGHT}\n1 / 0")
    assert notebook.check("total").startswith(PASSES)


def test_a_check_in_the_cell_of_its_function_is_plain(notebook: Notebook) -> None:
    notebook.run("total", FIRST)
    assert notebook.run("total", f"{RIGHT}\ncheck(total)").startswith(PASSES)


def test_other_blanks_and_comments_are_the_same_answer(notebook: Notebook) -> None:
    notebook.run("total", RIGHT)
    notebook.edit("total", "# My answer\n\ndef total(X):\n    return X.sum(axis = -1)\n\n")
    notebook.save()
    assert notebook.check("total").startswith(PASSES)


def test_an_edited_cell_that_was_not_run_is_told_once_it_is_saved(notebook: Notebook) -> None:
    notebook.run("total", FIRST)
    notebook.edit("total", RIGHT)
    notebook.save()
    warning, verdict = notebook.check("total").splitlines()[:2]
    assert warning.startswith("01_sums.ipynb, as it was saved at ")
    assert warning.endswith(", has another `total` than the one that runs here: run its cell again.")
    assert verdict == FAILS, "a warning never fails a check, nor passes one"
    notebook.run("total")
    assert notebook.check("total").startswith(PASSES)


@pytest.mark.parametrize(
    "broken", ["def total(X)\n    return X.sum(axis=-1)", "1 / 0\n\n" + RIGHT], ids=["no Python", "raises above it"]
)
def test_a_cell_that_failed_when_it_was_run_again_is_told(notebook: Notebook, broken: str) -> None:
    notebook.run("total", FIRST)
    notebook.run("total", broken)
    warning, verdict = notebook.check("total").splitlines()[:2]
    assert warning == (
        "A cell with `total` failed when it was run last, so this is the `total` from before: mend that cell, "
        "and run it again."
    )
    assert verdict == FAILS


def test_a_function_that_was_renamed_is_told(notebook: Notebook) -> None:
    notebook.run("total", RIGHT)
    notebook.run("total", RIGHT.replace("total", "sums"))
    warning, verdict = notebook.check("total").splitlines()[:2]
    assert warning.startswith("The cell that defined `total` was run again, and defines it no more")
    assert verdict == PASSES


def test_a_function_that_was_moved_to_another_cell_is_plain(notebook: Notebook) -> None:
    notebook.run("total", RIGHT)
    notebook.run("total", "1 + 1")
    notebook.run("more", RIGHT)
    assert notebook.check("total").startswith(PASSES)


def test_a_function_whose_cell_was_deleted_is_told(notebook: Notebook) -> None:
    notebook.run("total", RIGHT)
    del notebook.cells["total"]
    notebook.save()
    assert "has no `total` any more: it lives in memory only. Restart the kernel" in notebook.check("total")


def test_an_earlier_object_is_told(notebook: Notebook) -> None:
    notebook.run("total", FIRST)
    notebook.run("keep", "old = total")
    notebook.run("total", RIGHT)
    shown = notebook.run("old", "check(old)")
    assert shown.startswith("This is not the `total` that your notebook has now, but an earlier one")


def test_of_two_cells_the_last_one_counts_whichever_was_run(notebook: Notebook) -> None:
    notebook.edit("total", RIGHT)
    notebook.edit("again", FIRST)
    notebook.save()
    notebook.run("again")
    notebook.run("total")
    warning, verdict = notebook.check("total").splitlines()[:2]
    assert warning.startswith("01_sums.ipynb defines `total` more than once, and the last one counts, which is not")
    assert verdict == PASSES
    notebook.run("again")
    assert notebook.check("total").startswith(FAILS)


def test_what_an_answer_uses_and_only_memory_has_is_told(notebook: Notebook) -> None:
    notebook.run("scratch", "AXIS = -1")
    notebook.run("total", "def total(X):\n    return X.sum(axis=AXIS)")
    notebook.save()
    assert notebook.check("total").startswith(PASSES)
    del notebook.cells["scratch"]
    notebook.save()
    warning = notebook.check("total").splitlines()[0]
    assert warning.startswith("`total` uses `AXIS`, which no cell of 01_sums.ipynb defines, as it was saved at ")


def test_a_helper_that_was_edited_and_not_run_is_told(notebook: Notebook) -> None:
    notebook.run("helper", "def along(X):\n    return X.sum()")
    notebook.run("total", "def total(X):\n    return along(X)")
    notebook.edit("helper", "def along(X):\n    return X.sum(axis=-1)")
    notebook.save()
    assert "has another `along` than the one that runs here: run its cell again." in notebook.check("total")


def test_an_attribute_is_no_name_of_the_notebook(notebook: Notebook) -> None:
    notebook.run("scratch", "T = axis = 1")
    notebook.run("total", "def total(X):\n    return X.T.T.sum(axis=-1)")
    del notebook.cells["scratch"]
    notebook.save()
    assert notebook.check("total").startswith(PASSES)


def test_an_answer_too_long_to_compare_by_its_meaning_is_compared_by_its_text(notebook: Notebook) -> None:
    notebook.run("total", f"{RIGHT}{' + 0' * 900}")
    notebook.save()
    assert notebook.check("total").startswith(PASSES)


def test_a_file_that_is_broken_or_gone_is_no_reason_to_warn(notebook: Notebook) -> None:
    notebook.run("total", RIGHT)
    notebook.file.write_text("{")
    assert notebook.check("total").startswith(PASSES)
    notebook.file.unlink()
    assert notebook.check("total").startswith(PASSES)


def test_a_whole_notebook_that_is_run_from_top_to_bottom_is_plain(folder: Path) -> None:
    file = folder / "01_sums.ipynb"
    write_notebook(
        file,
        "import numpy as np\nfrom autograder import check",
        "%matplotlib inline\n" + RIGHT,
        "check(total)",
        "def mean(X):\n    return total(X) / X.shape[-1]",
        "check(mean)",
    )
    shown = run_notebook(file)
    assert shown[2].count("<p") == shown[4].count("<p") == 1, "the verdict"


def test_outside_of_jupyter_nothing_is_said(folder: Path) -> None:
    script = f"from autograder import check\n{FIRST}\nold = total\n{RIGHT}\nprint(check(old))\n"
    done = subprocess.run([sys.executable, "-"], input=script, cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout.startswith(FAILS)


def test_a_kernel_of_another_notebook_is_compared_with_that_one(notebook: Notebook) -> None:
    """Jupyter's server tells a kernel in JPY_SESSION_NAME which notebook it was started for."""
    notebook.run("total", FIRST)
    notebook.edit("total", RIGHT)
    notebook.save()
    copy = notebook.file.with_name("copy.ipynb")
    copy.write_text(notebook.file.read_text().replace("axis=-1", ""))  # as it runs
    notebook.run("session", f"import os\nos.environ['JPY_SESSION_NAME'] = {str(copy)!r}")
    notebook.save()
    try:
        assert notebook.check("total").startswith(FAILS), "the copy is older than the run"
    finally:
        notebook.run("session", "del os.environ['JPY_SESSION_NAME']")
        copy.unlink()
