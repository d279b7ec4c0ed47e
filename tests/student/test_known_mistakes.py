"""`check` names a mistake as grading does: in a notebook, on a file; and says so where it cannot."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from autograder import check
from autograder.checking.at_home.known import KNOWN_MISTAKES
from tests.helpers.command_line import autograder
from tests.helpers.course import RIGHT_SUMS, WRONG_SUMS
from tests.helpers.notebooks import WITH_SETUP, run_notebook, write_notebook
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.slow

NAMED = "The columns were summed."


@pytest.fixture
def sums(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The first assignment of the small course, in which the test runs."""
    monkeypatch.chdir(workspace / "01_sums")
    return workspace / "01_sums"


def total(X):
    return X.sum(axis=0)


def test_check_names_a_mistake_and_gives_its_hint(sums: Path) -> None:
    shown = check(total)
    lines = [line.strip() for line in repr(shown).splitlines()]
    assert lines[2].startswith("1 and 2 make 3.")
    assert lines[3:5] == [NAMED, "Which axis is a row?"]
    assert NAMED in shown._repr_html_()
    assert shown.question.checks[0].misconception == "over_columns"


def test_check_of_a_file_names_it_too(sums: Path) -> None:
    (sums / "01_sums.py").write_text(WRONG_SUMS)
    assert NAMED in autograder("check", sums).stdout


def test_what_is_wrong_otherwise_has_no_name(sums: Path) -> None:
    def total(X):
        return X.sum(axis=-1) + X.size

    shown = check(total)
    assert shown.question.checks[0].misconception is None
    assert NAMED not in repr(shown)
    assert KNOWN_MISTAKES not in repr(shown)


def test_without_the_file_check_says_what_is_lost(sums: Path) -> None:
    (sums / KNOWN_MISTAKES).unlink()
    shown = check(total)
    line = (
        "No mistake has its name here, for known_mistakes.bin is not in 01_sums. Take the file from your course again"
    )
    assert repr(shown).splitlines()[-1].startswith(line)
    assert line in shown._repr_html_()
    assert "1 and 2 make 3." in repr(shown)
    (sums / "01_sums.py").write_text(WRONG_SUMS)
    assert line in " ".join(autograder("check", sums).stdout.split())


@pytest.mark.parametrize("damage", [b"", b"no frame", b"\xff" * 100, None], ids=["empty", "text", "noise", "cut off"])
def test_a_damaged_file_is_one_line_and_harms_nothing(sums: Path, damage: bytes | None) -> None:
    file = sums / KNOWN_MISTAKES
    file.write_bytes(file.read_bytes()[:-30] if damage is None else damage)
    shown = repr(check(total))
    assert "known_mistakes.bin in 01_sums is damaged, or of another edition." in shown.splitlines()[-1]
    assert "1 and 2 make 3." in shown
    (sums / "01_sums.py").write_text(RIGHT_SUMS)
    done = autograder("check", sums)
    assert done.returncode == 0
    assert "Traceback" not in done.stdout + done.stderr
    assert KNOWN_MISTAKES not in done.stdout, "all passes: there is no mistake to be named"


def test_a_file_of_another_assignment_names_nothing(sums: Path) -> None:
    shutil.copy(sums.parent / "02_centred" / KNOWN_MISTAKES, sums)
    shown = repr(check(total))
    assert NAMED not in shown
    assert "1 and 2 make 3." in shown


def test_an_array_that_is_written_into_again_is_looked_at_as_it_came_back(sums: Path) -> None:
    """What a later call leaves in it is not what the earlier one answered."""
    kept = np.zeros(2)

    def total(X):
        kept[:] = X.sum(axis=0)
        return kept

    (sums / "visible_checks.py").write_text(
        (sums / "visible_checks.py")
        .read_text()
        .replace(
            'assert_allclose(student.total(np.array([[1.0, 2.0]])), [3.0], "1 and 2 make 3.")',
            "first = student.total(np.array([[1.0, 2.0]]))\n"
            "    student.total(np.array([[5.0, 7.0]]))\n    assert_allclose(first, [3.0])",
        )
    )
    assert NAMED in repr(check(total))


# What was wanted, where something else came back


@pytest.fixture
def attention(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The course as students get it; the test runs in its fourth assignment."""
    folder = shutil.copytree(ROOT / "assignments", tmp_path / "assignments") / "04_attention"
    monkeypatch.chdir(folder)
    return folder


def test_of_a_tuple_it_is_said_what_was_wanted(attention: Path) -> None:
    def weighted_sum(A, V):
        return A @ V, A

    shown = repr(check(weighted_sum))
    assert "returned a tuple of 2 ((2, 2), (2, 2)); an array of shape (2, 2) is asked for." in shown


def test_of_one_array_it_is_said_that_two_were_wanted(attention: Path) -> None:
    def scaled_dot_product_attention(Q, K, V, mask=None):
        return V

    shown = repr(check(scaled_dot_product_attention))
    assert "returned an array of shape (2, 2); 2 arrays are asked for, in order." in shown


def test_an_answer_of_another_shape_does_not_pass_even_if_the_check_does_not_ask(sums: Path) -> None:
    """Grading says so of visible checks: what `check` calls right must be right there."""

    def total(X):
        return np.broadcast_to(X.sum(axis=-1), (3, *X.shape[:-1]))

    (sums / "visible_checks.py").write_text(
        (sums / "visible_checks.py")
        .read_text()
        .replace("assert_allclose(student.total", "np.shape(student.total", 1)
        .replace(', [3.0], "1 and 2 make 3.")', ")", 1)
    )
    (result,) = check(total).question.checks
    assert result.message == "total(X: (1, 2)) returned an array of shape (3, 1); an array of shape (1,) is asked for."


@pytest.mark.slow
def test_numpys_words_are_followed_by_ours_and_by_shapes_in_a_notebook(attention: Path) -> None:
    scores = attention.parent / "02_scaled_scores"
    answer = "\n\ndef attention_scores(Q, K):\n    turned = K\n    return Q @ turned"
    first, checked = run_notebook(
        write_notebook(scores / "n.ipynb", WITH_SETUP + answer, "print(repr(check(attention_scores)))")
    )
    assert "error" not in first
    assert "In your cell, line 6: `return Q @ turned`" in checked
    assert "here 5 meets 7" in checked
    assert "In that line, `Q` has the shape (3, 5), `turned` has the shape (7, 5)." in checked
