"""`check` in a notebook: what it shows of a student's function, as it is in memory."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from autograder import check, previous
from autograder.checking.collection import ChecksError
from tests.helpers.command_line import autograder
from tests.helpers.course import RIGHT_CENTRED, RIGHT_SUMS
from tests.helpers.notebooks import WITH_SETUP, run_notebook, write_notebook


def centre(X):
    return X - X.mean(axis=-1, keepdims=True)


def test_check_shows_what_is_right(workspace: Path):
    shown = check(centre)
    assert "✓ 1 and 3 become -1 and 1" in repr(shown)
    assert "its visible check passes" in shown._repr_html_()


def test_check_tells_what_came_back_when_it_is_wrong(workspace: Path):
    def centre(X):
        return X * 0

    text = repr(check(centre))
    assert "✗ 1 and 3 become -1 and 1" in text
    assert "The mean is 2." in text
    assert "Traceback" not in text


def test_check_of_a_stub_says_not_yet(workspace: Path):
    def centre(X):
        raise NotImplementedError

    assert repr(check(centre)).startswith("Not yet.")


def test_check_escapes_what_a_student_wrote(workspace: Path):
    def centre(X):
        raise ValueError("<script>alert(1)</script>")

    html = check(centre)._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_check_names_the_line_of_a_notebook_that_raised(workspace: Path):
    outputs = run_notebook(
        write_notebook(
            workspace / "02_centred" / "n.ipynb", WITH_SETUP + "\ndef centre(X):\n    return 1 / 0", "check(centre)"
        )
    )
    assert "ZeroDivisionError" in outputs[1]
    assert "`return 1 / 0`" in outputs[1]


def test_check_of_another_function_says_which_there_are(workspace: Path):
    with pytest.raises(ChecksError, match="there are no checks for `sorted`; there are for centre"):
        check(sorted)


def test_check_away_from_the_checks_says_where_they_belong(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ChecksError, match=r"visible_checks\.py is not in .*: keep it beside your notebook"):
        check(centre)


def test_a_stopped_check_stops(workspace: Path):
    def centre(X):
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        check(centre)


def test_check_says_what_is_to_be_written_first(workspace: Path):
    total = previous("total")

    def centre(X):
        return X - total(X)

    assert repr(check(centre)).startswith(
        "Write `total` in 01_sums first: `centre` builds on it, and no notebook of yours is there."
    )


def test_check_of_a_later_file_uses_the_earlier_ones(workspace: Path):
    (workspace / "01_sums" / "01_sums.py").write_text(RIGHT_SUMS)
    (workspace / "02_centred" / "02_centred.py").write_text(RIGHT_CENTRED)
    assert "`centre`: its visible check passes" in autograder("check", "02_centred", cwd=workspace).stdout


def test_a_function_is_known_by_the_name_that_it_has_there(workspace: Path):
    space = {"check": check}
    exec("centre = lambda X: X - X.mean(axis=-1, keepdims=True)\nshown = check(centre)", space)
    assert repr(space["shown"]).startswith("`centre`: its visible check passes")


@pytest.mark.parametrize("value", ["centre", 3, None])
def test_what_is_no_function_is_told(workspace: Path, value: object):
    with pytest.raises(ChecksError, match=r"`check` takes a function itself, as in check\(softmax\)"):
        check(value)  # type: ignore[arg-type]
