"""A class as a question: its objects live in the student's process; checks, misconceptions and `certify` know them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder import grade
from autograder.report.model import CheckResult, Outcome
from tests.helpers.command_line import autograder, one_line
from tests.helpers.course import edit
from tests.helpers.notebooks import run_notebook, write_notebook

pytestmark = pytest.mark.slow
A = "01_neighbours"
LESSON = '''\
# %% [markdown]
# # Neighbours

# %%
import numpy as np
from autograder import check

# %% KNN
class KNN:
    """The k nearest neighbours."""

    def __init__(self, k=1):
        ### BEGIN SOLUTION
        if k < 1:
            raise ValueError("k must be at least 1")
        self.k = k
        ### END SOLUTION

    def fit(self, X, y):
        ### BEGIN SOLUTION
        self.X, self.y = X, y
        return self
        ### END SOLUTION

    def with_k(self, k):
        ### BEGIN SOLUTION
        return KNN(k).fit(self.X, self.y)
        ### END SOLUTION

    def same_data(self, other):
        ### BEGIN SOLUTION
        return float(np.array_equal(self.X, other.X))
        ### END SOLUTION

    def predict(self, Z):
        ### BEGIN SOLUTION
        distances = np.linalg.norm(Z[:, None] - self.X[None], axis=-1)
        nearest = np.argsort(distances, axis=-1, kind="stable")[:, : self.k]
        return self.y[nearest].mean(axis=-1)
        ### END SOLUTION

# %% error
def error(X, y, Z, wanted):
    ### BEGIN SOLUTION
    return np.abs(KNN(k=2).fit(X, y).predict(Z) - wanted).mean()
    ### END SOLUTION

# %% Counter
class Counter:
    ### BEGIN SOLUTION
    def __init__(self):
        self.total = 0

    def add(self, n):
        self.total += n
        return self.total

    def __call__(self, n):
        return self.total + n

    def __len__(self):
        return self.total
    ### END SOLUTION
'''
VISIBLE = '''\
import numpy as np
from autograder.checking import assert_allclose, points


@points(1)
def test_knn_example(student):
    """Two points, and one between them"""
    model = student.KNN(k=1).fit(np.array([[0.0], [10.0]]), np.array([1.0, 2.0]))
    assert_allclose(model.predict(np.array([[2.0], [9.0]])), [1.0, 2.0], "The nearest point says it.")


@points(1)
def test_error_example(student):
    """No error where the answers are the mean"""
    X, y = np.array([[0.0], [1.0]]), np.array([1.0, 3.0])
    assert_allclose(student.error(X, y, np.array([[0.5]]), np.array([1.7])), 0.3, "The mean is 2.")


@points(1)
def test_counter_example(student):
    """It counts on"""
    counter = student.Counter()
    counter.add(2)
    assert_allclose(counter.add(3), 5, "2 and 3 are 5.")
'''
HIDDEN = '''\
import numpy as np
from autograder.checking import assert_allclose, assert_matches, assert_no_side_effects, points


def data(rng):
    return rng.normal(size=(12, 3)), rng.normal(size=12)


@points(2)
def test_knn_predicts(student, reference, rng):
    """Any data"""
    X, y = data(rng)
    for k in (1, 3):
        mine, right = student.KNN(k=k).fit(X, y), reference.KNN(k=k).fit(X, y)
        assert_matches(mine.predict, right.predict, rng.normal(size=(5, 3)))


@points(1)
def test_knn_refuses(student, reference):
    """No neighbour is no answer"""
    assert_matches(student.KNN, reference.KNN, 0, raises=ValueError)


@points(1)
def test_knn_keeps_k(student, rng):
    """It keeps what it is told, and may be fitted twice"""
    X, y = data(rng)
    model = student.KNN(k=2)
    model.fit(X, y)
    model.fit(X[:4], y[:4])
    assert model.k == 2, "k is what it was made with."
    assert_allclose(model.predict(X[:1]).shape, (1,), "One answer a point.")


@points(1)
def test_knn_objects(student, reference, rng):
    """Objects make others, and get them"""
    X, y = data(rng)
    mine, right = student.KNN(k=1).fit(X, y), reference.KNN(k=1).fit(X, y)
    assert_matches(mine.with_k(3).predict, right.with_k(3).predict, X[:2] + 0.1)
    assert mine.same_data(student.KNN(k=2).fit(X, y)) == 1, "It is the same data."
    assert mine.with_k(2).k == 2, "k is what is asked for."


@points(1)
def test_knn_side_effects(student, rng):
    """Nothing is left of a prediction"""
    X, y = data(rng)
    assert_no_side_effects(student.KNN(k=1).fit(X, y).predict, rng.normal(size=(4, 3)))


@points(2)
def test_error(student, reference, rng):
    """Any data"""
    X, y = data(rng)
    assert_matches(student.error, reference.error, X, y, rng.normal(size=(5, 3)), rng.normal(size=5))


@points(1)
def test_counter(student, reference):
    """It has a length"""
    counter, right = student.Counter(), reference.Counter()
    for n in (1, 4, 2):
        assert_matches(counter.add, right.add, n)
    assert len(counter) == 7, "Its length is the total."
    assert_allclose(counter(3), 10, "A call adds without keeping it.")
'''
MISCONCEPTIONS = '''\
import numpy as np
from autograder.checking import misconception
from lesson import KNN


@misconception("KNN")
class farthest:
    """The points that are farthest away were taken.

    Which end of a sorted list has the small distances?
    """

    def __init__(self, k=1):
        if k < 1:
            raise ValueError("k")
        self.k = k

    def fit(self, X, y):
        self.X, self.y = X, y
        return self

    def with_k(self, k):
        return farthest(k).fit(self.X, self.y)

    def same_data(self, other):
        return float(np.array_equal(self.X, other.X))

    def predict(self, Z):
        distances = np.linalg.norm(Z[:, None] - self.X[None], axis=-1)
        nearest = np.argsort(-distances, axis=-1, kind="stable")[:, : self.k]
        return self.y[nearest].mean(axis=-1)


@misconception("error")
def squares(X, y, Z, wanted):
    """The errors were squared.

    What does the absolute value of a number do?
    """
    return ((KNN(k=2).fit(X, y).predict(Z) - wanted) ** 2).mean()


@misconception("Counter")
class forgets:
    """It begins again with each call.

    Where does an object keep what it knows?
    """

    def __init__(self):
        self.total = 0

    def add(self, n):
        self.total = n
        return n

    def __call__(self, n):
        return self.total + n

    def __len__(self):
        return self.total
'''


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("classes")
    folder = root / "solutions" / A
    folder.mkdir(parents=True)
    (root / "solutions" / "course.toml").write_text(
        f'title = "Classes"\nseed = "x"\nimports = ["numpy"]\nassignments = ["{A}"]\n'
        "[limits]\ncpu_seconds = 2\nmemory_mb = 512\nanswer_mb = 16\n"
    )
    files = {
        "lesson.py": LESSON,
        "visible_checks.py": VISIBLE,
        "hidden_checks.py": HIDDEN,
        "misconceptions.py": MISCONCEPTIONS,
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    return root


def checks(course: Path, tmp_path: Path, source: str) -> dict[str, CheckResult]:
    file = tmp_path / f"{A}.py"
    file.write_text(source)
    report = grade(course, file, student="ada", assignment=A)
    return {check.name: check for question in report.questions for check in question.checks}


def right() -> str:
    return "\n".join(line for line in LESSON.splitlines() if "SOLUTION" not in line)


def test_the_right_class_earns_all(course: Path, tmp_path: Path) -> None:
    found = checks(course, tmp_path, right())
    assert {name: check.message for name, check in found.items() if check.outcome is not Outcome.PASSED} == {}


def test_a_mistake_in_a_method_has_its_name_and_costs_what_builds_on_it_nothing(course: Path, tmp_path: Path) -> None:
    found = checks(course, tmp_path, right().replace("np.argsort(distances", "np.argsort(-distances"))
    assert found["test_knn_predicts"].outcome is Outcome.FAILED
    assert found["test_knn_predicts"].misconception == "farthest"
    call = "KNN(k=1).fit((12, 3), (12,)).predict(Z: (5, 3))"
    assert found["test_knn_predicts"].message.startswith(call)
    assert found["test_error"].outcome is Outcome.PASSED
    assert "with yours this check fails" in found["test_error"].message
    assert found["test_knn_refuses"].outcome is Outcome.PASSED


def test_a_method_that_does_not_return_the_object_is_told_so(course: Path, tmp_path: Path) -> None:
    found = checks(course, tmp_path, right().replace("        return self\n", ""))
    message = found["test_knn_predicts"].message
    assert found["test_knn_predicts"].outcome is Outcome.FAILED
    assert "returned None (is there a `return`?); the object itself (`return self`) is asked for." in message


@pytest.mark.parametrize(
    ("old", "new", "check", "outcome"),
    [
        ("class KNN:", "class Other:", "test_knn_predicts", Outcome.MISSING),
        ("self.k = k", "self.k = k + 1", "test_knn_keeps_k", Outcome.FAILED),
        ("self.k = k", "self.j = k", "test_knn_keeps_k", Outcome.ERROR),
        ("        if k < 1:", "        if k < -9:", "test_knn_refuses", Outcome.FAILED),
        ("        self.k = k", "        raise KeyError", "test_knn_predicts", Outcome.ERROR),
        (
            "        return self.y[nearest]",
            "        self.y[:] = 0\n        return self.y[nearest]",
            "test_knn_predicts",
            Outcome.FAILED,
        ),
        ("class KNN:", "def KNN(k):\n    return 3\n\nclass Other:", "test_knn_predicts", Outcome.FAILED),
        ("self.total += n", "self.total = n", "test_counter", Outcome.FAILED),
        ("        distances =", "        while True: pass\n        distances =", "test_knn_predicts", Outcome.TIMEOUT),
    ],
)
def test_what_is_wrong_with_a_class(
    course: Path, tmp_path: Path, old: str, new: str, check: str, outcome: Outcome
) -> None:
    assert old in right()
    assert checks(course, tmp_path, right().replace(old, new))[check].outcome is outcome


THIEF = """
import numpy as np

class KNN:
    def __init__(self, k=1):
        pass
    def fit(self, X, y):
        return self
    def predict(self, Z):
        return np.zeros(len(Z))

def error(X, y, Z, wanted):
    ask = KNN.func
    for name, owner in {calls}:
        try:
            told = ask(name, owner, "x")
        except Exception:
            continue
        raise ValueError(str(told))
    return 0.0
"""


def test_nothing_of_the_reference_is_told_by_an_upstream_class(course: Path, tmp_path: Path) -> None:
    """A student's code calls by itself what stands in for a class."""
    format_it = '"{0.__class__.__init__.__globals__}"'
    calls = [f"('KNN.format', {format_it})", "('error.format', '{0}')", "('KNN:__class__', 1)", "('KNN.__init__', 1)"]
    found = checks(course, tmp_path, THIEF.replace("{calls}", f"[{', '.join(calls)}]"))
    assert found["test_error"].earned == 0
    assert "ValueError" not in found["test_error"].message


def test_a_stub_of_a_class_is_still_to_be_written(course: Path, tmp_path: Path) -> None:
    stub = "import numpy as np\n\nclass Counter:\n    # YOUR CODE HERE\n    raise NotImplementedError()\n\n"
    stub += "class KNN:\n    def __init__(self, k=1):\n        # YOUR CODE HERE\n        raise NotImplementedError()\n"
    found = checks(course, tmp_path, stub)
    assert {check.outcome for check in found.values()} == {Outcome.MISSING}
    assert "`Counter` is still to be written" in found["test_counter"].message


def test_certify_proves_a_class_whose_released_cell_runs(course: Path, tmp_path: Path) -> None:
    shutil.copytree(course / "solutions", tmp_path / "solutions")
    lesson = tmp_path / "solutions" / A / "lesson.py"
    line = lesson.read_text().splitlines().index("# %% Counter") + 1
    assert f"{lesson}, line {line}: the cell that begins there ends in NotImplementedError" in one_line(
        autograder("certify", cwd=tmp_path)
    )
    edit(lesson, "class Counter:\n    ### BEGIN SOLUTION\n", "class Counter:\n")
    edit(lesson, "        return self.total\n    ### END SOLUTION", "        return self.total")
    edit(
        lesson, "        self.total = 0", "        ### BEGIN SOLUTION\n        self.total = 0\n        ### END SOLUTION"
    )
    done = autograder("certify", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_check_knows_a_class_in_a_notebook(course: Path, tmp_path: Path) -> None:
    folder = tmp_path / "assignments" / A
    folder.mkdir(parents=True)
    (folder.parent / "course.toml").write_text(f'title = "Classes"\nassignments = ["{A}"]\nimports = ["numpy"]\n')
    (folder / "visible_checks.py").write_text(VISIBLE)
    cells = ("from autograder import check", right(), "check(KNN)", "check(error)", "check(Counter)")
    *_, knn, error, counter = run_notebook(write_notebook(folder / f"{A}.ipynb", *cells))
    for name, text in (("KNN", knn), ("error", error), ("Counter", counter)):
        assert f"`{name}`: its visible check passes" in text, text


def test_check_knows_a_class(course: Path) -> None:
    done = autograder("release", cwd=course)
    assert done.returncode == 0, done.stdout + done.stderr
    folder = course / "assignments" / A
    (folder / f"{A}.ipynb").unlink()
    file = folder / f"{A}.py"
    file.write_text(right())
    done = autograder("check", file, cwd=course)
    assert done.returncode == 0, done.stdout + done.stderr
    file.write_text(right().replace("np.argsort(distances", "np.argsort(-distances"))
    done = autograder("check", file, cwd=course)
    assert "The nearest point says it." in done.stdout
    assert "The points that are farthest away were taken." in done.stdout
