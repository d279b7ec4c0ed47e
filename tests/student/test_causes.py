"""An earlier function that is to blame is blamed: in a notebook, as it is there; in files, as they are saved."""

from __future__ import annotations

import json
import shutil
from html import unescape
from pathlib import Path

import pytest

from autograder import check, previous
from tests.helpers.command_line import autograder
from tests.helpers.course import RIGHT_CENTRED, RIGHT_SUMS, WRONG_SUMS
from tests.helpers.notebooks import WITH_SETUP, run_notebook, write_notebook
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.slow

WRONG_MEAN = RIGHT_SUMS.replace("np.mean(X, axis=-1)", "total(X)")
CENTRED = 'mean = previous("mean")\n\n\ndef centre(X):\n    return X - mean(X)[..., None]\n\n\ncheck(centre)'
MEND = "Mend `mean` in 01_sums first: `centre` builds on it."


def save(workspace: Path, source: str) -> Path:
    file = workspace / "01_sums" / "01_sums.py"
    file.write_text(source)
    return file


def text_of(output: str) -> str:
    """The text of a cell's result."""
    return next(each["data"]["text/plain"] for each in json.loads(output) if each["output_type"] == "execute_result")


def test_a_notebook_says_what_to_mend_first_and_what_is_wrong_there(workspace: Path):
    save(workspace, WRONG_MEAN)
    notebook = write_notebook(workspace / "02_centred" / "02_centred.ipynb", WITH_SETUP, CENTRED)
    output = run_notebook(notebook)[1]
    lines = text_of(output).splitlines()
    assert lines[0] == MEND
    assert lines[1].startswith(
        "In 01_sums/01_sums.py, its check “Between 1 and 3 lies 2” says: The mean of 1 and 3 is 2."
    )
    assert lines[3] == "  ✗ 1 and 3 become -1 and 1"
    assert "<code>mean</code> in 01_sums first" in output


def test_a_mended_function_that_was_not_fetched_again_is_told(workspace: Path):
    save(workspace, WRONG_MEAN)
    mean = previous("mean")
    save(workspace, RIGHT_SUMS)

    def centre(X):
        return X - mean(X)[..., None]

    assert "passes as it is saved in 01_sums, and not as it is here: run the cell with `previous` again" in repr(
        check(centre)
    )


def test_what_it_builds_on_in_turn_is_blamed(workspace: Path):
    """The earliest, which is `total` here: `mean` is right but for it."""
    save(workspace, "def total(X): return X.sum(0) * 2\ndef mean(X): return total(X) / X.shape[-1]")
    mean = previous("mean")

    def centre(X):
        return X - mean(X)[..., None]

    assert repr(check(centre)).startswith("Mend `total` in 01_sums first: `centre` builds on it.")


def test_a_function_that_is_right_or_not_used_is_not_blamed(workspace: Path):
    save(workspace, WRONG_SUMS)
    mean, total = previous("mean"), previous("total")

    def centre(X):
        return X + mean(X)[..., None]

    assert repr(check(centre)).startswith("`centre`: 0 of 1 visible checks pass.")
    assert total is not None


def test_a_right_function_needs_no_cause(workspace: Path):
    save(workspace, WRONG_MEAN)
    mean = previous("mean")

    def centre(X):
        return X - (X.mean(-1, keepdims=True) if len(X) else mean(X))

    assert "its visible check passes" in repr(check(centre))


def test_an_earlier_question_of_the_same_notebook_is_blamed(workspace: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(workspace / "01_sums")
    source = "def total(X):\n    return X.sum(0)\n\n\ndef mean(X):\n    return total(X) / X.shape[-1]\n\n\ncheck(mean)"
    notebook = write_notebook(workspace / "01_sums" / "01_sums.ipynb", WITH_SETUP, source)
    lines = text_of(run_notebook(notebook)[1]).splitlines()
    assert lines[0] == "Mend `total` above first: `mean` builds on it."
    assert lines[1].startswith("Its check “1 + 2 = 3” says: 1 and 2 make 3.")


def test_what_is_not_written_yet_is_to_be_written_first(workspace: Path):
    save(workspace, RIGHT_SUMS.replace("return np.mean(X, axis=-1)", "raise NotImplementedError()"))
    mean = previous("mean")

    def centre(X):
        return X - mean(X)[..., None]

    assert repr(check(centre)).startswith(
        "Write `mean` in 01_sums first: `centre` builds on it, and it is not written yet."
    )


@pytest.mark.parametrize("source", [CENTRED, RIGHT_CENTRED + "\ncheck(centre)"], ids=["previous", "by its name"])
def test_an_earlier_notebook_that_cannot_be_read_is_told(workspace: Path, source: str):
    (workspace / "01_sums" / "01_sums.ipynb").write_text('{"cells": [')
    (workspace / "02_centred" / "02_centred.py").write_text(
        "from autograder import previous\n" + source.replace("check(centre)", "")
    )
    lines = autograder("check", "02_centred", cwd=workspace).stdout.splitlines()
    assert lines[1] == ("`centre` builds on `mean`, and your work on 01_sums cannot be checked. Mend that first:")
    assert lines[2].startswith("01_sums.ipynb is cut off: its end is missing.")


def test_a_notebook_that_never_got_an_earlier_function_is_told_the_same(workspace: Path):
    def centre(X):
        return X - mean(X)[..., None]  # noqa: F821 (the cell with `previous` raised)

    (workspace / "01_sums" / "01_sums.ipynb").write_text('{"cells": [')
    text = repr(check(centre))
    assert text.startswith("`centre` builds on `mean`, and your work on 01_sums cannot be checked. Mend that first:")
    (workspace / "01_sums" / "01_sums.ipynb").unlink()
    assert repr(check(centre)).startswith("Write `mean` in 01_sums first: `centre` builds on it, and no notebook of")
    save(workspace, RIGHT_SUMS)
    assert repr(check(centre)).startswith("`centre`: 0 of 1 visible checks pass.")


def test_away_from_a_course_only_the_notebook_itself_counts(workspace: Path):
    save(workspace, WRONG_MEAN)
    mean = previous("mean")
    (workspace / "course.toml").unlink()

    def centre(X):
        return X - mean(X)[..., None]

    assert repr(check(centre)).startswith("`centre`: 0 of 1 visible checks pass.")


SCALE = '''
import numpy as np

from autograder.checking import assert_allclose, points


@points(1)
def test_scale(student):
    """Twice 3 is 6"""
    assert_allclose(student.Scale(2.0).apply(3.0), 6.0)
'''
RIGHT_SCALE = """
class Scale:
    def __init__(self, factor):
        self.factor = factor

    def apply(self, x):
        return x * self.factor
"""


@pytest.mark.parametrize(
    ("scale", "begins"),
    [
        (RIGHT_SCALE, "`centre`: 0 of 1 visible checks pass."),
        (RIGHT_SCALE.replace("*", "+"), "Mend `Scale` in 01_sums first: `centre` builds on it."),
        ("class Scale:\n    raise NotImplementedError()", "Write `Scale` in 01_sums first: `centre` builds on it"),
    ],
    ids=["right", "wrong", "not written"],
)
def test_a_class_is_blamed_as_a_function_is(workspace: Path, scale: str, begins: str):
    (workspace / "01_sums" / "visible_checks.py").write_text(SCALE)
    save(workspace, scale)
    fetched = previous("Scale")

    def centre(X):
        return fetched(3.0).apply(X)

    assert repr(check(centre)).startswith(begins)
    (workspace / "02_centred" / "02_centred.py").write_text("def centre(X): return Scale(3.0).apply(X)")
    assert autograder("check", "02_centred", cwd=workspace).stdout.splitlines()[1].startswith(begins)


# On the terminal


def test_a_file_says_what_to_mend_first(workspace: Path):
    save(workspace, WRONG_MEAN)
    (workspace / "02_centred" / "02_centred.py").write_text("m = mean\ndef centre(X): return X - m(X)[..., None]")
    lines = autograder("check", "02_centred", cwd=workspace).stdout.splitlines()
    assert lines[:2] == ["02_centred.py", MEND]
    assert lines[2].startswith("In 01_sums/01_sums.py, its check “Between 1 and 3 lies 2” says:")
    assert "  ✗ 1 and 3 become -1 and 1" in lines


def test_the_course_names_the_cause_beside_the_assignment_that_waits(workspace: Path):
    save(workspace, WRONG_MEAN)
    (workspace / "02_centred" / "02_centred.py").write_text(RIGHT_CENTRED)
    lines = autograder("check", workspace).stdout.splitlines()
    assert lines[0] == "Next: `mean` in 01_sums"
    assert "These build on `mean`, and wait for it: `centre`" in lines
    assert lines[-1].split() == ["02_centred", "waits", "for", "mean", "in", "01_sums", "0", "of", "1"]


def test_the_page_on_github_names_the_cause(workspace: Path, monkeypatch: pytest.MonkeyPatch):
    save(workspace, WRONG_MEAN)
    (workspace / "02_centred" / "02_centred.py").write_text(RIGHT_CENTRED)
    summary = workspace / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    autograder("check", workspace, "--github")
    told = unescape(summary.read_text())
    assert (
        "- ✗ <code>centre</code><br>Mend <code>mean</code> in 01_sums first: <code>centre</code> builds on it." in told
    )


def test_one_cause_is_told_once(workspace: Path):
    (workspace / "01_sums" / "01_sums.py").write_text(WRONG_SUMS)
    checks = workspace / "02_centred" / "visible_checks.py"
    second = checks.read_text().replace("centre", "shift").partition("@points")[2]
    checks.write_text(f"{checks.read_text()}\n\n@points{second}")
    (workspace / "02_centred" / "02_centred.py").write_text(
        "def centre(X): return X - total(X)\ndef shift(X): return X - total(X)"
    )
    shown = autograder("check", "02_centred", cwd=workspace).stdout
    assert shown.count("Mend `total` in 01_sums first") == 1
    assert "`shift` builds on `total` in 01_sums, too: mend that first." in shown


# The course itself: `axis=0` in notebook 3, and three right answers of notebooks 4 and 5 are wrong


@pytest.fixture
def with_wrong_softmax(tmp_path: Path) -> Path:
    """The course as a student has it who has answered the first five assignments, all rightly but for `softmax`."""
    folder = tmp_path / "assignments"
    shutil.copytree(ROOT / "assignments", folder, ignore=shutil.ignore_patterns("*.ipynb"))
    for lesson in sorted((ROOT / "solutions").glob("0[1-5]_*/lesson.py")):
        name = lesson.parent.name
        source = lesson.read_text(encoding="utf-8")
        answer = source.replace("axis=-1", "axis=0") if name == "03_softmax" else source
        (folder / name / f"{name}.py").write_text(answer, encoding="utf-8")
    return folder


def test_softmax_over_queries_is_blamed_for_what_comes_after_it(with_wrong_softmax: Path):
    shown = autograder("check", cwd=with_wrong_softmax).stdout.splitlines()
    assert shown[0] == "Next: `softmax` in 03_softmax"
    states = {words[0]: words[1:] for words in map(str.split, shown[-9:]) if words}
    for name in ("04_attention", "05_self_and_cross"):
        assert states[name][:5] == ["waits", "for", "softmax", "in", "03_softmax"]
    told = autograder("check", "05_self_and_cross", cwd=with_wrong_softmax).stdout
    assert "Mend `softmax` in 03_softmax first: `self_attention` builds on it." in told
    assert "`cross_attention` builds on `softmax` in 03_softmax, too: mend that first." in told


def test_softmax_over_queries_is_blamed_in_the_notebook(with_wrong_softmax: Path):
    folder = with_wrong_softmax / "05_self_and_cross"
    previous = 'project_qkv = previous("project_qkv")\nattend = previous("scaled_dot_product_attention")'
    answer = (
        "def self_attention(X, W_q, W_k, W_v, mask=None):\n    return attend(*project_qkv(X, W_q, W_k, W_v), mask)[0]"
    )
    cells = WITH_SETUP, previous, f"{answer}\n\n\ncheck(self_attention)"
    lines = text_of(run_notebook(write_notebook(folder / "mine.ipynb", *cells))[2]).splitlines()
    assert lines[0] == "Mend `softmax` in 03_softmax first: `self_attention` builds on it."
    assert lines[1].startswith("In 03_softmax/03_softmax.py, its check “The example by numbers")
