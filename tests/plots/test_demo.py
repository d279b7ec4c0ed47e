"""`with demo_of(f)`: what a student's function computes is shown, and never as if it were right where it is not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from autograder import previous
from autograder.plots import DrawingError, demo_of, heatmap
from autograder.student.check import check
from tests.helpers.course import RIGHT_SUMS, WRONG_SUMS, edit

pytestmark = pytest.mark.slow

ROWS = np.array([[1.0, 3.0], [2.0, 6.0]])
BANNER = "Not right yet. `centre` passes 0 of 1 visible checks. What follows is what it computes now."


@pytest.fixture(autouse=True)
def nothing_is_open() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture
def shown(workspace: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """What a cell has said, in the folder of an assignment."""
    return lambda: capsys.readouterr().out


def centre(X):
    return X - X.mean(axis=-1, keepdims=True)


def draw(function: Callable[..., object]) -> None:
    """A demo cell."""
    with demo_of(function):
        centred = function(ROWS)
        _, ax = plt.subplots()
        heatmap(ax, centred, "centred")


def test_what_is_right_is_drawn_and_nothing_is_said(shown: Callable[[], str]):
    draw(centre)
    assert shown() == ""
    assert plt.gcf().axes[0].texts[0].get_text() == "-1.00"


def test_what_is_wrong_is_drawn_below_a_notice(shown: Callable[[], str]):
    def centre(X):
        return X * 0

    draw(centre)
    first, second = shown().splitlines()
    assert first == BANNER
    assert second.startswith("  `centre`, “1 and 3 become -1 and 1”: The mean is 2.")
    assert plt.gcf().axes[0].texts[0].get_text() == "0.00", "the student's own numbers"


def test_what_is_not_written_says_what_to_fill_in(shown: Callable[[], str]):
    def centre(X):
        raise NotImplementedError

    draw(centre)
    assert shown() == "Fill in `centre` above, then run this cell again.\n"


@pytest.mark.parametrize(
    ("value", "said"), [(None, "None"), (np.zeros(3), "(3,)"), ((ROWS, 1), "tuple"), ("x", "text")]
)
def test_what_cannot_be_drawn_says_what_came_back_and_leaves_no_picture(
    shown: Callable[[], str], value: object, said: str
):
    def centre(X):
        return value

    draw(centre)
    text = shown()
    assert "There is nothing to show: what `centre` gives cannot be used here." in text
    assert said in text
    assert plt.get_fignums() == []


def test_an_exception_that_comes_of_a_wrong_answer_is_told_with_it(shown: Callable[[], str]):
    def centre(X):
        return None

    with demo_of(centre):
        centre(ROWS).shape  # noqa: B018
    assert "This cell ended with AttributeError: 'NoneType' object has no attribute 'shape'" in shown()


def test_an_exception_of_the_students_names_function_and_line(shown: Callable[[], str]):
    def centre(X):
        if len(X) > 1:
            raise ValueError("two rows\nare too many")
        return X - X.mean(axis=-1, keepdims=True)

    assert check(centre).question.score == 1, "the visible check does not find it"
    draw(centre)
    first, second = shown().splitlines()
    assert first == "Not right yet. There is nothing to show, because `centre` ended with an exception."
    assert re.fullmatch(r"  ValueError in its line \d+, `raise ValueError\(.*\)`: two rows are too many", second)


@pytest.mark.parametrize("error", [NameError("figur"), ImportError("seaborn"), DrawingError("no"), ZeroDivisionError()])
def test_what_is_the_cells_own_fault_is_raised(shown: Callable[[], str], error: Exception):
    with pytest.raises(type(error)), demo_of(centre):
        raise error


def test_a_slip_in_the_cell_is_not_blamed_on_a_wrong_answer(shown: Callable[[], str]):
    def centre(X):
        return X * 0

    with pytest.raises(NameError), demo_of(centre):
        misspelt  # type: ignore[name-defined]  # noqa: B018, F821


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_who_stops_the_cell_stops_it(shown: Callable[[], str], stop: type[BaseException]):
    def centre(X):
        return None

    def cell() -> None:
        with demo_of(centre):
            plt.subplots()
            raise stop

    with pytest.raises(stop):
        cell()
    assert plt.get_fignums() == [], "half a picture"


def test_a_function_is_checked_anew_in_each_cell_whatever_has_changed(shown: Callable[[], str]):
    how = {"axis": -1}

    def centre(X):
        return X - X.mean(axis=how["axis"], keepdims=True)

    draw(centre)
    assert shown() == ""
    how["axis"] = 0
    draw(centre)
    assert shown().startswith(BANNER)


def test_what_does_not_end_ends_here_too_and_the_notice_says_so(shown: Callable[[], str]):
    def centre(X):
        while True:
            X = X + 0

    draw(centre)
    assert "There is nothing to show: what `centre` gives cannot be used here." in shown()
    assert plt.get_fignums() == []


def test_an_earlier_function_is_judged_by_its_own_checks(shown: Callable[[], str], workspace: Path):
    (workspace / "01_sums" / "01_sums.py").write_text(WRONG_SUMS)
    with demo_of(previous("total"), previous("mean")):
        pass
    first, second = shown().splitlines()
    assert first == "Not right yet. `total` passes 0 of 1 visible checks. What follows is what it computes now."
    assert second.startswith("  `total` in 01_sums, “")
    (workspace / "01_sums" / "01_sums.py").write_text(RIGHT_SUMS)
    with demo_of(previous("total")):
        pass
    assert shown() == ""


def test_an_exception_in_an_earlier_notebook_says_in_which(shown: Callable[[], str], workspace: Path):
    (workspace / "01_sums" / "01_sums.py").write_text(
        RIGHT_SUMS.replace("np.sum(X, axis=-1)", "helper(X)") + "\n\ndef helper(X):\n    return 1 // 0\n"
    )
    total = previous("total")
    with demo_of(total):
        total(ROWS)
    *_, first, second = shown().splitlines()
    assert first == "Not right yet. There is nothing to show, because `total` ended with an exception."
    assert second == "  ZeroDivisionError in 01_sums, 01_sums.py, line 13: integer division or modulo by zero"


def test_an_earlier_function_that_is_not_written_says_where(shown: Callable[[], str]):
    total = previous("total")
    with demo_of(total):
        total(ROWS)
    assert shown().startswith("Your `total` is not written yet. It belongs into 01_sums")


def test_several_wrong_ones_are_named_together(shown: Callable[[], str], workspace: Path):
    (workspace / "01_sums" / "01_sums.py").write_text("def total(X): return 0\ndef mean(X): return 0\n")
    with demo_of(previous("total"), previous("mean"), centre):
        pass
    text = shown()
    assert text.startswith("Not right yet. `total` and `mean` do not pass their visible checks.")
    assert len(text.splitlines()) == 3


def test_without_checks_it_says_that_nobody_knows(shown: Callable[[], str], workspace: Path):
    (workspace / "02_centred" / "visible_checks.py").unlink()
    draw(centre)
    assert shown().startswith("Not checked. What follows is what `centre` computes, be it right or wrong: visible_che")
    assert plt.get_fignums()


def test_what_has_no_checks_is_not_passed_off_as_checked(shown: Callable[[], str]):
    with demo_of(sorted):
        pass
    assert "Not checked." in shown()


def test_an_unwritten_one_that_the_cell_does_not_call_is_told(shown: Callable[[], str]):
    def centre(X):
        raise NotImplementedError

    with demo_of(centre):
        pass
    assert shown() == "Fill in `centre` above, then run this cell again.\n"


def test_what_functions_return_is_no_function():
    with pytest.raises(TypeError, match=r"^demo_of takes the functions that the cell shows, .*: ndarray$"):
        demo_of(centre(ROWS))


CELLS = {
    "setup": "import matplotlib.pyplot as plt\nimport numpy as np\nfrom autograder.plots import demo_of, heatmap",
    "unwritten": "def centre(X):\n    raise NotImplementedError()",
    "none": "def centre(X):\n    X - X.mean(axis=-1, keepdims=True)",
    "raising": "def centre(X):\n    return X @ X",
    "wrong": "def centre(X):\n    return 0 * X",
    "right": "def centre(X):\n    return X - X.mean(axis=-1, keepdims=True)",
}
DEMO = """with demo_of(centre):
    centred = centre(np.array([[1.0, 3.0]]))
    figure, ax = plt.subplots()
    heatmap(ax, centred, "centred")
    plt.show()
"""


def kind_of(output: nbformat.NotebookNode) -> str:
    """What a reader sees of an output."""
    return next((kind for kind in ("image/png", "text/html") if kind in output.get("data", {})), output.output_type)


@pytest.mark.slow
def test_a_student_on_the_way_from_nothing_to_right_in_a_real_kernel(workspace: Path):
    """The same two cells again and again, run in one kernel: no error on the way, and a picture where there is one."""
    sources = [CELLS["setup"]]
    for answer in list(CELLS)[1:]:
        sources += [CELLS[answer], DEMO]
    sources.append('with demo_of(centre):\n    heatmap(ax, centred, "a typo", row=[])')
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    resources = {"metadata": {"path": str(workspace / "02_centred")}}
    NotebookClient(notebook, timeout=120, kernel_name="python3", allow_errors=True, resources=resources).execute()
    demos = dict(zip(list(CELLS)[1:], [cell.outputs for cell in notebook.cells[2:-1:2]], strict=True))
    kinds = {answer: [kind_of(each) for each in outputs] for answer, outputs in demos.items()}
    assert kinds == {
        "unwritten": ["stream"],
        "none": ["text/html"],
        "raising": ["text/html"],
        "wrong": ["text/html", "image/png"],
        "right": ["image/png"],
    }
    html = {answer: str(outputs[0].get("data", {}).get("text/html")) for answer, outputs in demos.items()}
    assert demos["unwritten"][0].text == "Fill in `centre` above, then run this cell again.\n"
    assert "what <code>centre</code> gives cannot be used here" in html["none"]
    assert "None (is there a <code>return</code>?)" in html["none"]
    assert "What follows" not in html["none"], "one notice took the place of the other"
    assert "<code>centre</code> ended with an exception" in html["raising"]
    assert "line 2, <code>return X @ X</code>" in html["raising"]
    assert "<strong>Not right yet.</strong> <code>centre</code> passes 0 of 1 visible checks" in html["wrong"]
    (own_fault,) = notebook.cells[-1].outputs
    assert (own_fault.output_type, own_fault.ename) == ("error", "TypeError")


def test_a_notice_is_safe_and_readable_on_any_ground(workspace: Path, monkeypatch: pytest.MonkeyPatch):
    """It sets no background and no colour of text, and shows what a student wrote as text."""

    def centre(X):
        raise ValueError("<script>alert(1)</script>")

    kept = []
    monkeypatch.setattr(
        "autograder.plots.notices.NoticeArea.show", lambda place, notice: kept.append(notice._repr_html_())
    )
    draw(centre)
    assert all("<script>" not in html and "&lt;script&gt;" in html for html in kept)
    styles = re.findall(r'style="([^"]*)"', "".join(kept))
    assert styles
    assert not any(re.search(r"(^|;)\s*(background|color)\s*:", style) for style in styles)


def test_a_mended_earlier_notebook_mends_the_notice(shown: Callable[[], str], workspace: Path):
    """The answer here is the same object; what it builds on has been brought anew."""
    file = workspace / "01_sums" / "01_sums.py"
    file.write_text(RIGHT_SUMS.replace("np.mean(X, axis=-1)", "np.mean(X)"))
    checks = workspace / "02_centred" / "visible_checks.py"
    edit(checks, "[[1.0, 3.0]]", "[[1.0, 3.0], [5.0, 5.0]]")
    edit(checks, "[[-1.0, 1.0]]", "[[-1.0, 1.0], [0.0, 0.0]]")
    space: dict[str, object] = {"np": np, "mean": previous("mean")}
    exec("def centre(X):\n    return X - np.reshape(mean(X), (-1, 1))", space)
    with demo_of(space["centre"]):  # type: ignore[arg-type]
        pass
    assert "`centre` passes 0 of 1" in shown()
    file.write_text(RIGHT_SUMS)
    space["mean"] = previous("mean")
    with demo_of(space["centre"]):  # type: ignore[arg-type]
        pass
    assert shown() == ""
