"""A student at work in a real JupyterLab, in a real browser: wrong, then right, and what `check` shows of it."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from autograder.report.model import Outcome
from autograder.student.check_table import MARKS
from autograder.student.check_table import WRONG as NOT_RIGHT
from tests.helpers.jupyterlab import NO_BROWSER, OpenNotebook, jupyter_server, open_browser
from tests.helpers.paths import ROOT

NAME = "03_softmax"
WRONG = """\
def softmax(S):
    e = np.exp(S - S.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)"""
RIGHT = WRONG.replace("axis=0", "axis=-1")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(NO_BROWSER, reason="there is no chromium here (CI installs it)"),
]


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenNotebook]:
    """03_softmax, as students have it, run up to its first question."""
    folder = tmp_path_factory.mktemp("student")
    shutil.copytree(ROOT / "assignments", folder / "assignments")
    path = Path("assignments", NAME, f"{NAME}.ipynb")
    lab = [sys.executable, "-m", "jupyterlab"]
    with jupyter_server(lab, folder, folder / "jupyter") as server, open_browser() as page:
        opened = OpenNotebook(page, server, folder / path, path.as_posix())
        opened.run_up_to("softmax")
        yield opened


def test_wrong_then_right(notebook: OpenNotebook) -> None:
    shown = notebook.shown("check_softmax").first
    notebook.write("softmax", WRONG)
    notebook.run_with_next()
    expect(shown).to_contain_text(re.compile(r"softmax: \d of \d visible checks pass"))
    expect(shown).to_contain_text(NOT_RIGHT)

    notebook.write("softmax", RIGHT)
    notebook.run_with_next()
    expect(shown).to_contain_text(re.compile(r"softmax: all \d visible checks pass"))
    expect(shown).to_contain_text(MARKS[Outcome.PASSED])
    expect(shown).not_to_contain_text(NOT_RIGHT)
