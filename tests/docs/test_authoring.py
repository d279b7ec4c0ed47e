"""The tutorial in docs/authoring.md, as it is written: in an empty folder, from nothing to a named mistake."""

from __future__ import annotations

import sysconfig
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.helpers.jupyterlab import jupyter_server
from tests.helpers.paths import ROOT
from tests.helpers.walk import COMMAND, Walk

pytestmark = pytest.mark.slow

OPENED = "assignments/01_center/01_center.ipynb"


def test_the_tutorial_is_true(tmp_path: Path) -> None:
    walk = Walk(tmp_path, ROOT / "docs" / "authoring.md")
    walk.says()
    walk.says()
    walk.changes()
    walk.says(expected=2)
    walk.says(expected=1)  # of pytest's
    walk.changes()
    walk.says(expected=1)  # of pytest's, on a mistake
    see_it_as_a_student(walk, tmp_path / "jupyter")
    walk.says()
    walk.says()
    walk.adds_to("solutions/01_center/misconceptions.py")
    walk.says()
    walk.says()
    walk.says()
    walk.says()
    assert walk.is_over()


def see_it_as_a_student(walk: Walk, home: Path) -> None:
    """Give the command that opens JupyterLab, and end that, as Ctrl-C does, when it has the notebook to open."""
    ((command, shown),) = COMMAND.findall(walk.block("console"))
    program, *arguments = command.split()
    with jupyter_server([Path(sysconfig.get_path("scripts"), program), *arguments], walk.folder, home):
        (opened,) = (home / "runtime").glob("jpserver-file-to-run-*-open.html")
        assert f"/lab/tree/{OPENED}" in unquote(opened.read_text())
    walk.compare((home / "server.log").read_text(), shown)
