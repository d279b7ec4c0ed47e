"""What of a lesson is run to have its answers: its functions, and what another file takes from it; no demonstration."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course.lesson import CourseError
from autograder.course.loader import load_course
from tests.helpers.course import edit

SHOWN = """
# %%
ran = []


def steps():
    \"\"\"Count what is shown.\"\"\"
    ran.append(1)
    return [1.0, 2.0]


factor = 2.0
half = lambda x: x / 2
only_shown = steps()
table, rows = {"a": steps()}, 3
for row in range(rows):
    last = steps()
"""


@pytest.fixture
def showing(small_course: Path) -> Path:
    """The small course, whose first lesson goes on to show something."""
    lesson = small_course / "solutions" / "01_sums" / "lesson.py"
    lesson.write_text(lesson.read_text() + SHOWN)
    return small_course


def values(folder: Path) -> dict[str, object]:
    return dict(load_course(folder / "solutions").assignment("01_sums").reference.values)


def test_functions_are_there_with_what_they_use_and_what_is_only_shown_is_not_run(showing: Path) -> None:
    assert {"total", "mean", "steps", "half"} <= values(showing).keys()
    assert values(showing)["ran"] == []
    assert not {"only_shown", "table", "last", "factor"} & values(showing).keys()


@pytest.mark.parametrize(
    ("taken", "there", "times"),
    [
        ("from lesson import factor", {"factor"}, 0),
        ("from lesson import (\n    factor,  # a number\n    table as shown,\n)", {"factor", "table", "rows"}, 1),
        ("from lesson import factor, \\\n    only_shown", {"factor", "only_shown"}, 1),
        ("import lesson\n\nFACTOR = lesson.factor", {"factor"}, 0),
        ("import math, lesson as own\n\nFACTOR = own.factor", {"factor"}, 0),
        ("from lesson import *\n\nFACTOR = factor", {"factor"}, 0),
        ('import sys\n\nFACTOR = sys.modules["lesson"].factor', {"factor"}, 0),
    ],
)
@pytest.mark.parametrize("file", ["01_sums/misconceptions.py", "shared.py", "more/shared.py"])
def test_what_a_file_beside_takes_from_the_lesson_is_there(
    showing: Path, file: str, taken: str, there: set[str], times: int
) -> None:
    path = showing / "solutions" / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{taken}\n\n\n" + (path.read_text() if path.exists() else ""))
    found = values(showing)
    assert there <= found.keys()
    assert len(found["ran"]) == times  # type: ignore[arg-type]
    assignment = load_course(showing / "solutions").assignment("01_sums")
    assert {each.question for each in assignment.misconceptions} == {"total", "mean"}


def test_what_only_another_assignment_names_is_not_run(showing: Path) -> None:
    misconceptions = showing / "solutions" / "02_centred" / "misconceptions.py"
    misconceptions.write_text("from lesson import only_shown\n")
    assert values(showing)["ran"] == []


def test_a_shared_module_that_cannot_be_read_is_named(showing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = showing / "solutions" / "shared.py"
    shared.write_text("SIZE = 3\n")
    read = Path.read_text

    def refuses(path: Path, *args: str, **kwargs: str) -> str:
        if path == shared:
            raise PermissionError(13, "Permission denied")
        return read(path, *args, **kwargs)

    monkeypatch.setattr(Path, "read_text", refuses)
    with pytest.raises(CourseError, match=r"shared\.py.*Permission denied"):
        values(showing)


def test_a_check_may_ask_for_a_function_that_was_made_by_another(showing: Path) -> None:
    lesson = showing / "solutions" / "01_sums" / "lesson.py"
    edit(lesson, "factor = 2.0", "from functools import partial\n\nfactor = 2.0\ntwice = partial(np.multiply, factor)")
    hidden = showing / "solutions" / "01_sums" / "hidden_checks.py"
    edit(hidden, "rng.normal(size=(3, 5)))", "reference.twice(rng.normal(size=(3, 5))))")
    assert "twice" in values(showing)
