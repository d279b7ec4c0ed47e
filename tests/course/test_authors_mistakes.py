"""What an author can get wrong, a mistake each in a small course: one line with its place, and nothing written."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.helpers.command_line import refusal
from tests.helpers.course import edit

pytestmark = pytest.mark.slow

LESSON, VISIBLE, HIDDEN, WRONG = "lesson.py", "visible_checks.py", "hidden_checks.py", "misconceptions.py"
SETTINGS = "../course.toml"
COMPARES = "    assert_matches(student.mean, reference.mean, rng.normal(size=(3, 5)))"
MARKERS = "a marker is `# %%`, `# %% name`, `# %% [markdown]` or `# %% name [markdown] points=…`"
NO_POINTS = "which is no number of points: write one from 0 to 10000, such as @points(2)"
OTHER_ARGUMENTS = (
    "check `test_mean` calls `mean` with other arguments when it is run again: draw them from `rng`, or from a "
    "generator with a seed"
)
UNSTEADY = (
    "answers the same call of a check otherwise when it is called again: let it draw no numbers, or from a generator "
    "with a seed, and keep nothing between calls"
)
RELEASED = "(in the notebook as released, where no answer is written yet)"
SAY_IT = 'may fail here without a word to the student: say what is asked for, as in `assert …, "Each row sums to 1."`'
LOOP = "this has not ended after 8 s, in check"


@dataclass(frozen=True)
class Mistake:
    """`old` is `new` in a file of the assignment; what is `said` then, behind the file, by `release` as well or not."""

    file: str
    old: str
    new: str
    said: str
    released: bool = False


MISTAKES = {
    # Checks that cannot be read, or say too little of themselves
    "syntax of a hidden check": Mistake(
        HIDDEN,
        "def test_mean(",
        "def test_mean((",
        ", line 14: SyntaxError: Function parameters cannot be parenthesized",
        True,
    ),
    "syntax of a visible check": Mistake(
        VISIBLE,
        "[2.0], ",
        "[2.0, ",
        ", line 15: SyntaxError: closing parenthesis ')' does not match opening parenthesis '['",
        True,
    ),
    "points in words": Mistake(
        HIDDEN, "@points(2)", '@points("two")', f", line 6: check `test_total` is worth 'two', {NO_POINTS}", True
    ),
    "points below 0": Mistake(
        HIDDEN, "@points(2)", "@points(-2)", f", line 6: check `test_total` is worth -2, {NO_POINTS}", True
    ),
    "points that are no number": Mistake(
        HIDDEN, "@points(2)", '@points(float("nan"))', f", line 6: check `test_total` is worth nan, {NO_POINTS}", True
    ),
    "points of no known name": Mistake(
        HIDDEN, "@points(2)", "@points(nan)", ", line 6: NameError: name 'nan' is not defined", True
    ),
    "points that are not given": Mistake(
        HIDDEN,
        "@points(2)",
        "@points()",
        ", line 6: TypeError: points() missing 1 required positional argument: 'worth'",
        True,
    ),
    "no points at all": Mistake(
        VISIBLE,
        "@points(1)\ndef test_mean",
        "def test_mean",
        ", line 12: check `test_mean_example` does not say what it is worth: put @points(…) above it",
        True,
    ),
    "no title": Mistake(
        HIDDEN,
        '    """The mean of other numbers"""\n',
        "",
        ", line 13: check `test_mean` has no docstring: its first line is the title that the student reads",
        True,
    ),
    "a module that is not there": Mistake(
        HIDDEN,
        "import pytest",
        "import pytest, pytset",
        ", line 1: ModuleNotFoundError: No module named 'pytset'",
        True,
    ),
    "two checks of one name": Mistake(
        HIDDEN,
        "def test_total(",
        "def test_mean(",
        ", line 13: check `test_mean` stands there for the second time, and only this one would run",
        True,
    ),
    "a check called as a visible one is": Mistake(
        HIDDEN,
        "def test_mean(",
        "def test_mean_example(",
        ", line 13: check `test_mean_example` has the name of another check",
        True,
    ),
    "a visible check that asks the reference": Mistake(
        VISIBLE,
        "test_mean_example(student)",
        "test_mean_example(student, reference)",
        ", line 12: check `test_mean_example` is visible and asks for `reference`, which students do not have: move it "
        "to the hidden checks",
        True,
    ),
    "a fixture that nobody gives": Mistake(
        HIDDEN,
        "def test_mean(student, reference, rng)",
        "def test_mean(student, refernce, rng)",
        ", line 13: check `test_mean` asks for `refernce`, which nobody gives it: a check may have `student`, "
        "`reference` (if it is hidden), `rng`, what it is parametrised with, and what pytest or a conftest.py has",
        True,
    ),
    "a misspelt fixture of a visible check": Mistake(
        VISIBLE,
        "test_mean_example(student)",
        "test_mean_example(students)",
        ", line 12: check `test_mean_example` asks for `students`, which nobody gives it: a check may have `student`, "
        "`reference` (if it is hidden), `rng`, what it is parametrised with, and what pytest or a conftest.py has",
        True,
    ),
    "a check about nothing": Mistake(
        HIDDEN,
        COMPARES,
        "    pass",
        ", line 13: check `test_mean` is about no question: it must call `student.<question>` itself, or hand "
        "`student` to a function of its own file that does; there is total, mean",
        True,
    ),
    "a wrong name of the reference's": Mistake(
        HIDDEN,
        "reference.mean",
        "reference.maen",
        ", line 16: there is no `reference.maen`: the lesson has total, mean",
        True,
    ),
    "a wrong name of the student's": Mistake(
        HIDDEN,
        "student.mean",
        "student.maen",
        ", line 16: there is no `student.maen`: the lesson has total, mean",
        True,
    ),
    "a wrong name in a visible check": Mistake(
        VISIBLE,
        "student.mean",
        "student.maen",
        ", line 15: there is no `student.maen`: the lesson has total, mean",
        True,
    ),
    # Lessons
    "the same marker twice": Mistake(
        LESSON,
        "# %% mean",
        "# %% total",
        ", line 16: `total` is the name of the cell in line 8 already: choose another",
        True,
    ),
    "Jupytext's tags": Mistake(
        LESSON,
        "# %% total",
        '# %% total tags=["hide"]',
        f', line 8: `# %% total tags=["hide"]` begins no cell: {MARKERS}',
        True,
    ),
    "Jupytext's title": Mistake(
        LESSON, "# %% total", "# %% soft-max", f", line 8: `# %% soft-max` begins no cell: {MARKERS}", True
    ),
    "Jupytext's raw cell": Mistake(
        LESSON, "# %%\nimport", "# %% [raw]\nimport", f", line 4: `# %% [raw]` begins no cell: {MARKERS}", True
    ),
    "a solution without an end": Mistake(
        LESSON,
        "axis=-1)\n    ### END SOLUTION",
        "axis=-1)",
        ", line 11: ### BEGIN SOLUTION has no ### END SOLUTION in the cell `total`",
        True,
    ),
    "a solution without a beginning": Mistake(
        LESSON,
        "    ### BEGIN SOLUTION\n    return X.sum",
        "    return X.sum",
        ", line 12: ### END SOLUTION has no ### BEGIN SOLUTION before it in the cell `total`",
        True,
    ),
    "a solution in a solution": Mistake(
        LESSON,
        "    return X.sum",
        "    ### BEGIN SOLUTION\n    return X.sum",
        ", line 12: ### BEGIN SOLUTION stands in the solution that begins in line 11: end that one first, with "
        "### END SOLUTION",
        True,
    ),
    "a solution in a given cell": Mistake(
        LESSON,
        "import numpy as np\n",
        "import numpy as np\n### BEGIN SOLUTION\n",
        ", line 6: a solution stands in a cell that is no answer: give the cell a name, `# %% name`, or take out this "
        "mark",
        True,
    ),
    "a mark with too few signs": Mistake(
        LESSON,
        "### BEGIN SOLUTION\n    return X.sum",
        "## BEGIN SOLUTION\n    return X.sum",
        ", line 11: a solution is marked with three signs and a blank: write ### BEGIN SOLUTION",
        True,
    ),
    "an answer without a solution": Mistake(
        LESSON,
        "    ### BEGIN SOLUTION\n    return X.sum(axis=-1)\n    ### END SOLUTION",
        "    return X.sum(axis=-1)",
        ", line 8: the cell `total` has no solution: put ### BEGIN SOLUTION and ### END SOLUTION around what students "
        "are to write",
        True,
    ),
    "nbgrader's hidden tests": Mistake(
        LESSON,
        "import numpy as np\n",
        "import numpy as np\n### BEGIN HIDDEN TESTS\n",
        ", line 6: hidden tests in a lesson would be handed out: put them into hidden_checks.py",
        True,
    ),
    "no heading": Mistake(LESSON, "# # Sums", "# Sums", ": no cell begins with a heading (`# # Title`)", True),
    "no import of check": Mistake(
        LESSON,
        "from autograder import check\n",
        "",
        ": no cell before the first question has `from autograder import check`, which the cells behind answers need",
        True,
    ),
    "an import that is not there": Mistake(
        LESSON,
        "import numpy as np\n",
        "import numpy as np, nmpy\n",
        f", line 4: the cell that begins there ends in ModuleNotFoundError: No module named 'nmpy' {RELEASED}",
    ),
    "a cell that needs an answer": Mistake(
        LESSON,
        "    return total(X) / X.shape[-1]\n    ### END SOLUTION\n",
        "    return total(X) / X.shape[-1]\n    ### END SOLUTION\n\n# %%\ntotal(np.ones(3))\n",
        f", line 23: the cell that begins there ends in NotImplementedError {RELEASED}",
    ),
    "marks around a whole function": Mistake(
        LESSON,
        'def total(X):\n    """Sum each row. X: (..., n). Returns (...)."""\n    ### BEGIN SOLUTION\n',
        "### BEGIN SOLUTION\ndef total(X):\n",
        f", line 8: the cell that begins there ends in NotImplementedError {RELEASED}: put the marks around the "
        "solution into the body of the function, or into the class's methods",
    ),
    "a cell that fails where all is right": Mistake(
        LESSON,
        "    return total(X) / X.shape[-1]\n    ### END SOLUTION\n",
        "    return total(X) / X.shape[-1]\n    ### END SOLUTION\n\n# %%\ntry:\n    1 / int(total(np.ones(3)) - 3)\n"
        "except NotImplementedError:\n    pass\n",
        ", line 23: the cell that begins there ends in ZeroDivisionError: division by zero",
    ),
    "an answer that a visible check refuses": Mistake(
        LESSON,
        "return total(X) / X.shape[-1]",
        "return total(X) / X.shape[-1] + 1",
        ", line 16: solved, the answer that begins there fails a visible check in the notebook, “Between 1 and 3 lies "
        "2”: The mean of 1 and 3 is 2. The only number is not as it should be; it stands at [0], where yours has 3. "
        "`pytest solutions/01_sums` shows where",
    ),
    # Checks that grade unevenly, say nothing, say too much, or do not end
    "numbers that nobody can draw again": Mistake(
        HIDDEN, COMPARES, COMPARES.replace("rng", "__import__('numpy').random"), f", line 16: {OTHER_ARGUMENTS}"
    ),
    "numbers drawn when the file is read": Mistake(
        HIDDEN,
        f'@points(1)\ndef test_mean(student, reference, rng):\n    """The mean of other numbers"""\n{COMPARES}',
        "import numpy as np\n\nX = np.random.normal(size=(3, 5))\n\n\n@points(1)\ndef test_mean(student, reference):\n"
        '    """The mean of other numbers"""\n    assert_matches(student.mean, reference.mean, X)',
        f", line 21: {OTHER_ARGUMENTS}",
    ),
    "a bare assert": Mistake(
        HIDDEN,
        COMPARES,
        f"{COMPARES}\n    assert student.mean(rng.normal(size=(3, 5))).shape == (3,)",
        f", line 17: `test_mean` {SAY_IT}",
    ),
    "an assert that says nothing, in a helper": Mistake(
        VISIBLE,
        "@points(1)\ndef test_mean",
        'def require(holds):\n    assert holds, ""\n\n\n@points(1)\ndef test_mean',
        f", line 13: `require` {SAY_IT}",
    ),
    "a hidden answer in words": Mistake(
        HIDDEN,
        COMPARES,
        "    X = rng.normal(size=(3, 5))\n    right = reference.mean(X)\n"
        '    assert abs(student.mean(X) - right).max() < 1e-6, f"It should be {right}."',
        ", line 18: what `test_mean` says here is made of the reference's answers, which are hidden: say what is asked "
        "for without them",
    ),
    "NumPy's assertion, which shows numbers": Mistake(
        HIDDEN,
        COMPARES,
        f"    import numpy as np\n\n    X = np.ones(3)\n    np.testing.assert_allclose(student.mean(X), 1)\n{COMPARES}",
        ", line 19: NumPy's `assert_allclose` shows students the numbers that this hidden check asks for: take "
        "`assert_matches` or `assert_allclose` of autograder.checking",
    ),
    "a check that loops": Mistake(
        HIDDEN, COMPARES, f"    while True: pass\n{COMPARES}", f", line 16: {LOOP} `test_mean`: is there a loop?"
    ),
    "a file of checks that loops": Mistake(
        HIDDEN,
        "import pytest\n",
        "import pytest\n\nwhile True: pass\n",
        ", line 3: this has not ended after 8 s, and no check had begun: is there a loop?",
    ),
    "a misconception that loops": Mistake(
        WRONG,
        "    return X.sum(axis=0)",
        "    while True: pass",
        f", line 10: {LOOP} `test_total_example`: is there a loop?",
    ),
    # Misconceptions
    "two misconceptions of one name": Mistake(
        WRONG,
        "def one_too_few(",
        "def over_columns(",
        ", line 13: the misconception in misconceptions.py, line 4, is called `over_columns` as well: choose another",
    ),
    "a misconception with another signature": Mistake(
        WRONG,
        "def over_columns(X)",
        "def over_columns(X, axis)",
        ", line 4: the misconception `over_columns(X, axis)` is to be called as `total(X)` is: give it the same "
        "parameters",
    ),
    "a misconception that draws numbers": Mistake(
        WRONG,
        "    return X.sum(axis=0)",
        "    return np.random.normal(size=X.shape[:-1])",
        f", line 5: `over_columns` {UNSTEADY}",
    ),
    "a lesson that keeps what it was called with": Mistake(
        LESSON,
        "    return total(X) / X.shape[-1]",
        "    calls.append(X)\n    return total(X) / X.shape[-1] + 1e-7 * len(calls)",
        f", line 18: `mean` {UNSTEADY}",
    ),
    "a misconception of no question": Mistake(
        WRONG,
        '@misconception("total")',
        '@misconception("totl")',
        ", line 4: `over_columns` is of 'totl', which is no question: the lesson has total, mean",
        True,
    ),
    "a misconception without a hint": Mistake(
        WRONG,
        "\n    Which axis is a row?\n",
        "",
        ", line 4: ValueError: the misconception `over_columns` needs a docstring of two paragraphs: the mistake, and "
        "a hint",
        True,
    ),
    "a misconception with a blank hint": Mistake(
        WRONG,
        "    Which axis is a row?\n",
        "",
        ", line 4: ValueError: the misconception `over_columns` needs a docstring of two paragraphs: the mistake, and "
        "a hint",
        True,
    ),
    "a misconception that cannot be read": Mistake(
        WRONG,
        "import misconception",
        "import misconseption",
        ", line 1: ImportError: cannot import name 'misconseption' from 'autograder.checking' (PACKAGE)",
        True,
    ),
    # Settings
    "a module of imports that is not installed": Mistake(
        SETTINGS,
        '"math"',
        '"nmpy"',
        ", line 4: answers may import `nmpy`, which is not installed here: install it, or take it out of `imports`",
        True,
    ),
}


@pytest.fixture
def course(small_course: Path) -> Path:
    with open(small_course / "solutions/course.toml", "a") as settings:
        settings.write("submission_seconds = 8\n")
    return small_course


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES.keys())
def test_an_authors_mistake_is_one_line_with_its_place(
    monkeypatch: pytest.MonkeyPatch, course: Path, mistake: Mistake
) -> None:
    file = (course / "solutions/01_sums" / mistake.file).resolve()
    edit(file, mistake.old, mistake.new)
    if "calls.append" in mistake.new:
        edit(file, "from autograder import check\n", "from autograder import check\ncalls = []\n")
    if mistake.file == WRONG and "np.random" in mistake.new:
        edit(file, "from autograder", "import numpy as np\nfrom autograder")
    import autograder.checking

    said = f"autograder: {file}{mistake.said}".replace("PACKAGE", str(autograder.checking.__file__))
    assert refusal(monkeypatch, course, "certify", "01_sums") == said
    if mistake.released:
        assert refusal(monkeypatch, course, "release", "01_sums", "--bundle", "course.zip") == said
        assert not (course / "assignments").exists()
        assert not (course / "course.zip").exists()


FOLDERS: dict[str, tuple[Callable[[Path], object], str]] = {
    "no lesson": (lambda folder: (folder / LESSON).unlink(), "{folder} has no lesson.py"),
    "no visible checks": (lambda folder: (folder / VISIBLE).unlink(), "{folder} has no visible_checks.py"),
    "no hidden checks": (lambda folder: (folder / HIDDEN).unlink(), "{folder} has no hidden_checks.py"),
    "no misconceptions": (lambda folder: (folder / WRONG).unlink(), "{folder} has no misconceptions.py"),
    "hidden checks twice": (
        lambda folder: (folder / "hidden_checks").mkdir(),
        "{folder} has hidden_checks.py and a folder hidden_checks: keep one of them",
    ),
    "moved": (
        lambda folder: folder.rename(folder.with_name("01_totals")),
        "{settings} names the assignment 01_sums, and there is no such folder beside it: was it moved or renamed?",
    ),
    "no settings": (
        lambda folder: (folder.parent / "course.toml").unlink(),
        "no solutions/course.toml in {course} or above it: run this in the course's folder",
    ),
    "no course": (
        lambda folder: shutil.rmtree(folder.parent),
        "no solutions/course.toml in {course} or above it: run this in the course's folder",
    ),
}


@pytest.mark.parametrize("command", ["certify", "release"])
@pytest.mark.parametrize(("broken", "said"), FOLDERS.values(), ids=FOLDERS.keys())
def test_a_folder_that_lacks_a_file_or_has_two_or_was_moved_is_one_line(
    monkeypatch: pytest.MonkeyPatch, course: Path, command: str, broken: Callable[[Path], object], said: str
) -> None:
    folder = course / "solutions/01_sums"
    broken(folder)
    line = said.format(folder=folder, settings=course / "solutions/course.toml", course=course)
    assert refusal(monkeypatch, course, command) == f"autograder: {line}"
    assert not (course / "assignments").exists()


def test_where_a_later_assignment_is_broken_nothing_of_the_earlier_ones_is_written(
    monkeypatch: pytest.MonkeyPatch, course: Path
) -> None:
    edit(course / "solutions/02_centred" / LESSON, "# # Centred rows", "# Centred rows")
    refusal(monkeypatch, course, "release", "--bundle", "course.zip")
    assert not (course / "assignments").exists()
    assert not (course / "course.zip").exists()
