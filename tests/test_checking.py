"""The language of checks: what counts as right, which mistake is named, and what a student is told and never told."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checking import misconception
from autograder.checking.collection import AssignmentChecks, CheckRun, ChecksError
from autograder.checking.misconceptions import Misconception, collect
from autograder.checking.session import CheckSession
from autograder.report.model import CheckResult, Outcome
from autograder.sandbox.client import Sandbox, Worker
from autograder.sandbox.loader import Cell, Part
from autograder.sandbox.protocol import Answers, Reply, Returned, Upstream

HEAD = "import numpy as np\nimport pytest\n\nfrom autograder.checking import *\n\n\n"
ADD_HALF = "def f(X):\n    return X + 0.5"
MATCHES = '''
@points(3)
def test_f(student, reference):
    """Half more"""
    assert_matches(student.f, reference.f, np.arange(6.0).reshape(2, 3))
'''

Grade = Callable[..., dict[str, CheckResult]]


def functions(source: str) -> dict[str, Callable[..., Any]]:
    """The functions that trusted source defines."""
    space: dict[str, Any] = {"np": np}
    exec(source, space)
    return {name: value for name, value in space.items() if inspect.isfunction(value)}


def write(folder: Path, hidden: str, reference: str, visible: str, answers: Answers) -> AssignmentChecks:
    """The files of an assignment, from their text. The questions are the functions that the reference defines."""
    (folder / "visible_checks.py").write_text(HEAD + visible)
    (folder / "hidden_checks.py").write_text(HEAD + hidden)
    right = functions(reference)
    return AssignmentChecks(
        parameters={name: tuple(inspect.signature(function).parameters) for name, function in right.items()},
        visible=folder / "visible_checks.py",
        hidden=folder / "hidden_checks.py",
        functions=right,
        reference=answers,
    )


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Iterator[Callable[..., CheckSession]]:
    """Gives the session of some checks: one for all tests that use the same ones."""
    opened = ExitStack()

    @cache
    def get(hidden: str = MATCHES, reference: str = ADD_HALF, visible: str = "") -> CheckSession:
        cell = Cell("lesson", f"import numpy as np\n\n{reference}")
        right = opened.enter_context(Worker(sandbox, [Part((cell,))]))
        material = write(tmp_path_factory.mktemp("checks"), hidden, reference, visible, right)
        return opened.enter_context(CheckSession(material))

    with opened:
        yield get


@pytest.fixture
def grade(session: Callable[..., CheckSession], answers: Callable[[str], Worker]) -> Grade:
    """Grades a student's source by checks; returns the results by the names of the checks."""

    def run(
        student: str, hidden: str = MATCHES, *, wrong: Sequence[Misconception] = (), seed: str = "", **files: str
    ) -> dict[str, CheckResult]:
        questions = session(hidden, **files).run(CheckRun(answers(f"import numpy as np\n\n{student}"), seed, wrong))
        return {check.name: check for question in questions for check in question.checks}

    return run


def f(body: str) -> str:
    return f"def f(X):\n    {body}"


# What counts as right


@pytest.mark.parametrize(
    "body",
    [
        "return X + 0.5",
        "return (X + 0.5).tolist()",
        "return tuple(tuple(row) for row in X + 0.5)",
        "return list(X + 0.5)",
        "return np.matrix(X + 0.5)",
        "return (X + 0.5).astype(complex)",
        "return (X + 0.5).astype(np.float32)",
        "return np.asfortranarray(X + 0.5)",
        "return (X + 0.5)[::-1][::-1]",
        "return (X + 0.5) * (1 + 5e-7)",
    ],
)
def test_the_right_numbers_are_right_in_any_form(grade: Grade, body: str) -> None:
    result = grade(f(body))["test_f"]
    assert (result.outcome, result.earned, result.message) == (Outcome.PASSED, 3, "")


@pytest.mark.parametrize(
    ("body", "finding"),
    [
        ("X + 0.5", "returned None (is there a `return`?); an array of shape (2, 3) is asked for."),
        ("return 'X'", "returned something of type str; an array of shape (2, 3) is asked for."),
        ("return {'X': X}", "returned something of type dict;"),
        ("return {1, 2}", "returned something of type set;"),
        ("return print", "returned something of type builtin_function_or_method;"),
        ("return (row for row in X)", "returned something of type generator;"),
        ("return [[1.0, 2.0], [3.0]]", "returned a list of 2 (list, list);"),
        ("return X, X", "returned a tuple of 2 ((2, 3), (2, 3));"),
        ("return 1.5", "returned a single number; an array of shape (2, 3) is asked for."),
        ("return X[0] + 0.5", "returned an array of shape (3,); an array of shape (2, 3) is asked for."),
        ("return X.T + 0.5", "returned an array of shape (3, 2); an array of shape (2, 3) is asked for."),
        ("return (X + 0.5)[None]", "returned an array of shape (1, 2, 3); an array of shape (2, 3) is asked for."),
        ("return np.where(X == 4, np.nan, X + 0.5)", "1 of 6 numbers is not finite; it stands at [1, 1]"),
        ("return np.where(X > 3, np.inf, X + 0.5)", "2 of 6 numbers are not finite; the first stands at [1, 1]"),
        ("return np.where(X == 4, 9, X + 0.5)", "1 of 6 numbers is wrong; it stands at [1, 1], where yours has 9."),
        ("return X", "6 of 6 numbers are wrong; the first stands at [0, 0], where yours has 0."),
        ("return (X + 0.5) * (1 + 5e-6)", "6 of 6 numbers are wrong;"),
    ],
)
def test_the_first_thing_that_is_not_right_is_told(grade: Grade, body: str, finding: str) -> None:
    result = grade(f(body))["test_f"]
    assert (result.outcome, result.earned) == (Outcome.FAILED, 0)
    assert result.message.startswith("f(X: (2, 3)) returned ")
    assert finding in result.message
    assert len(result.message.splitlines()) == 1


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("return X + 0.5 + 1j", "complex"),
        ("return (X + 0.5).astype(str)", "str"),
        ("return (X + 0.5).astype(object)", "object"),
    ],
)
def test_an_array_of_other_things_than_numbers_is_told_by_its_kind(grade: Grade, body: str, kind: str) -> None:
    """Asking for an array of shape (2, 3) where an array of shape (2, 3) was returned would help nobody."""
    result = grade(f(body))["test_f"]
    assert result.outcome is Outcome.FAILED
    assert kind in result.message


@pytest.mark.parametrize(
    ("body", "outcome", "finding"),
    [
        ("raise NotImplementedError", Outcome.MISSING, "`f` is still to be written"),
        ("raise NotImplementedError('Your `g` is missing.')", Outcome.MISSING, "Your `g` is missing."),
        ("return X.nothing", Outcome.ERROR, "f(X: (2, 3)) raised AttributeError: "),
        ("return [1] + [X][1]", Outcome.ERROR, "\nIn code cell 1, line 4: `return [1] + [X][1]`"),
        ("raise SystemExit(0)", Outcome.ERROR, "raised SystemExit: 0"),
        ("raise KeyboardInterrupt", Outcome.ERROR, "raised KeyboardInterrupt"),
        ("raise AssertionError('passed')", Outcome.ERROR, "raised AssertionError: passed"),
        ("print.__self__.__import__('os')._exit(0)", Outcome.CRASHED, "brought no answer"),
        ("while True: pass", Outcome.TIMEOUT, "no answer after 1 s"),
    ],
)
def test_a_function_that_does_not_return_is_told_apart(grade: Grade, body: str, outcome: Outcome, finding: str) -> None:
    result = grade(f(body))["test_f"]
    assert (result.outcome, result.earned) == (outcome, 0)
    assert finding in result.message


@pytest.mark.parametrize(
    ("source", "finding"),
    [
        ("", "There is no function `f` yet."),
        ("def F(X):\n    return X + 0.5", "There is no function `f` yet."),
        ("f = 0.5", "`f` is not a function but a value of type float"),
        ("def f(X):\n    return (X + 0.5", "SyntaxError in code cell 1, line 4"),
        ("f = np.no_such_thing", "AttributeError in code cell 1, line 3"),
        ("from scipy.special import softmax as f", "`scipy.special`"),
        ("import scipy.special as f", "`scipy.special`"),
    ],
    ids=["nothing", "other name", "no function", "syntax", "raises", "from import", "import as"],
)
def test_a_function_that_is_not_there_is_missing_and_why(grade: Grade, source: str, finding: str) -> None:
    result = grade(source)["test_f"]
    assert (result.outcome, result.earned) == (Outcome.MISSING, 0)
    assert finding in result.message


@pytest.mark.parametrize(
    ("factor", "dtype", "passes"),
    [
        (1 + 5e-7, np.float64, True),
        (1 + 5e-6, np.float64, False),
        (1 + 5e-6, np.float32, True),
        (1 + 5e-4, np.float32, True),
        (1 + 5e-3, np.float32, False),
    ],
)
def test_numbers_may_be_off_by_the_tolerance_of_the_arguments(
    grade: Grade, factor: float, dtype: type, passes: bool
) -> None:
    hidden = MATCHES.replace("reshape(2, 3))", f"reshape(2, 3).astype(np.{dtype.__name__}))")
    assert (grade(f(f"return (X + 0.5) * {factor}"), hidden)["test_f"].outcome is Outcome.PASSED) == passes


@pytest.mark.parametrize(("off", "passes"), [(5e-10, True), (5e-8, False)])
def test_a_zero_may_be_off_by_the_absolute_tolerance(grade: Grade, off: float, passes: bool) -> None:
    result = grade(f(f"return 0 * X + {off}"), reference=f("return 0 * X"))["test_f"]
    assert (result.outcome is Outcome.PASSED) == passes


@pytest.mark.parametrize(
    ("reference", "body", "passes"),
    [
        # booleans and whole numbers are numbers
        ("return X > 2", "return X > 2", True),
        ("return X > 2", "return (X > 2).astype(int)", True),
        ("return X > 2", "return np.where(X > 2, 1.0, 0.0)", True),
        ("return X > 2", "return X <= 2", False),
        ("return X.astype(int)", "return X", True),
        ("return X.astype(int)", "return X.astype(np.uint8)", True),
        # a single number
        ("return X.sum()", "return float(X.sum())", True),
        ("return X.sum()", "return np.array(X.sum())", True),
        ("return X.sum()", "return int(X.sum())", True),
        ("return X.sum()", "return [X.sum()]", False),
        ("return X.sum()", "return 10**30", False),
        # a vector, also as the matrix with one row that NumPy makes of it
        ("return X[0]", "return np.matrix(X[0])", True),
        ("return X[0]", "return X[:1]", False),
        ("return X[0]", "return np.matrix(X[0]).T", False),
        # nothing
        ("return X[:0]", "return X[:0]", True),
        ("return X[:0]", "return []", False),
    ],
)
def test_kinds_of_numbers(grade: Grade, reference: str, body: str, passes: bool) -> None:
    assert (grade(f(body), reference=f(reference))["test_f"].outcome is Outcome.PASSED) == passes


@pytest.mark.parametrize(
    ("body", "finding"),
    [
        ("return X, 2 * X", ""),
        ("return [X, 2 * X]", ""),
        ("return np.stack([X, 2 * X])", ""),
        ("return np.stack([X, 2 * X]).tolist()", ""),
        ("return X.tolist(), np.matrix(2 * X)", ""),
        ("return 2 * X, X", "returned 2 values; number 1 is not right: it is an array of shape (2, 3), as asked, but"),
        ("return X, 3 * X", "returned 2 values; number 2 is not right"),
        (
            "return X, X[0]",
            "number 2 is not right: it is an array of shape (3,); an array of shape (2, 3) is asked for.",
        ),
        ("return X, None", "number 2 is not right: it is None"),
        ("return X[:1]", "returned an array of shape (1, 3); 2 arrays are asked for, in order."),
        ("return X, X, X", "returned a tuple of 3 ((2, 3), (2, 3), (2, 3)); 2 arrays are asked for, in order."),
        ("return {'X': X, 'Y': 2 * X}", "2 arrays are asked for, in order."),
        ("return None", "returned None (is there a `return`?); 2 arrays are asked for, in order."),
    ],
)
def test_several_arrays(grade: Grade, body: str, finding: str) -> None:
    result = grade(f(body), reference=f("return X, 2 * X"))["test_f"]
    assert result.outcome is (Outcome.FAILED if finding else Outcome.PASSED)
    assert finding in result.message


def test_several_arrays_of_different_shapes(grade: Grade) -> None:
    reference = f("return X, X[0]")
    for body in ("return X, X[0]", "return [X.tolist(), list(X[0])]", "return X, np.matrix(X[0])"):
        assert grade(f(body), reference=reference)["test_f"].outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("raise ValueError('any words')", Outcome.PASSED),
        ("raise UnicodeDecodeError('utf-8', b'', 0, 1, '')", Outcome.PASSED),
        ("raise np.exceptions.AxisError('NumPy has a ValueError of its own')", Outcome.PASSED),
        ("np.zeros(2) + np.zeros(3)", Outcome.PASSED),
        ("raise TypeError", Outcome.ERROR),
        ("assert X is None", Outcome.ERROR),
        ("return X", Outcome.FAILED),
        ("raise NotImplementedError", Outcome.MISSING),
    ],
)
def test_where_an_error_is_asked_for_its_class_counts(grade: Grade, body: str, outcome: Outcome) -> None:
    result = grade(f(body), reference=f("raise ValueError('other words')"))["test_f"]
    assert result.outcome is outcome
    if outcome is Outcome.FAILED:
        assert "f(X: (2, 3)) should raise ValueError" in result.message
        assert "returned an array of shape (2, 3)" in result.message


def test_the_findings_come_in_a_fixed_order(grade: Grade) -> None:
    """Each answer has one fault more than the one before, and the new one is told."""
    told = [
        grade(f(body))["test_f"].message
        for body in (
            "return np.where(X == 0, 7.0, X + 0.5)",
            "return np.where(X == 0, 7.0, np.where(X == 5, np.nan, X + 0.5))",
            "return np.where(X == 0, 7.0, np.where(X == 5, np.nan, X + 0.5)).T",
            "return str(np.where(X == 0, 7.0, np.where(X == 5, np.nan, X + 0.5)).T)",
            "return 1 / int(X[0, 0])",
            "raise NotImplementedError",
        )
    ]
    order = ["wrong", "not finite", "(3, 2)", "of type str", "ZeroDivisionError", "still to be written"]
    assert [word in message for word, message in zip(order, told, strict=True)] == [True] * len(order)


# Inputs


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        ("return X.sum() + Y", ""),
        ("X = X + 1; return X", ""),
        ("X.T; np.sort(X); return X", ""),
        ("X += 1", "`X`"),
        ("Y[0] = 1", "`Y`"),
        ("X[:] = 0; Y *= 2", "`X` and `Y`"),
        ("X.shape = -1", "`X`"),
        ("np.exp(Y, out=Y)", "`Y`"),
        ("D['a'][0] = 7", "`D`"),
        ("D['b'] = 1", "`D`"),
    ],
)
def test_a_function_that_changes_its_inputs_is_told_which(grade: Grade, body: str, changed: str) -> None:
    hidden = '''
@points(1)
def test_f(student, rng):
    """The arrays that you are given stay as they are"""
    assert_keeps_inputs(student.f, rng.normal(size=(3, 2)), Y=rng.normal(size=4), D={"a": np.zeros(2)})
'''
    source = f"def f(X, Y, D):\n    {body}"
    result = grade(source, hidden, reference="def f(X, Y, D):\n    return X")["test_f"]
    assert result.outcome is (Outcome.FAILED if changed else Outcome.PASSED)
    assert f"changed its input {changed}." in result.message or not changed


def test_the_inputs_of_one_call_are_not_those_of_the_next(grade: Grade) -> None:
    """A function that writes into its arguments spoils nothing for the checks that follow, nor for the reference."""
    hidden = '''
@points(1)
def test_f(student, reference):
    """The same array twice"""
    X = np.ones(3)
    assert_matches(student.f, reference.f, X)
    assert_matches(student.f, reference.f, X)
'''
    assert grade(f("X += 0.5; return X"), hidden)["test_f"].outcome is Outcome.PASSED


# Properties


@pytest.mark.parametrize(
    ("line", "finding"),
    [
        ("assert_allclose(student.f(X), 1.5)", ""),
        ("assert_allclose(student.f(X), [1.5, 1.5, 1.5])", ""),
        ("assert_allclose(student.f(X), 1.6, atol=0.2)", ""),
        ("assert_allclose(student.f(X), 1.6, rtol=0.2)", ""),
        ("assert_allclose(student.f(X) * np.nan, 1.5, 'Why.')", "Why. 3 of 3 numbers should be 1.5 and are not;"),
        (
            "assert_allclose(student.f(X), 1, 'Why.')",
            "Why. 3 of 3 numbers should be 1 and are not; the first stands at [0]",
        ),
        ("assert_allclose(student.f(X).sum(), 4, 'Why.')", "Why. 1 of 1 numbers should be 4 and is not; yours is 4.5."),
        ("assert_allclose(student.f(X), np.arange(3), 'Why.')", "Why. 3 of 3 numbers are not as they should be;"),
        ("assert_allclose(student.f(X), np.ones(2), 'Why.')", "Why. The shape is (3,); (2,) is asked for."),
        ("assert_allclose(student.f(X), np.ones((1, 3)), 'Why.')", "Why. The shape is (3,); (1, 3) is asked for."),
        ("assert student.f(X).sum() == 4, 'Words of the check.'", "Words of the check."),
    ],
)
def test_a_property_that_fails_says_why(grade: Grade, line: str, finding: str) -> None:
    hidden = f'''
@points(1)
def test_f(student):
    """A law"""
    X = np.ones(3)
    {line}
'''
    result = grade(ADD_HALF, hidden)["test_f"]
    assert result.outcome is (Outcome.FAILED if finding else Outcome.PASSED)
    assert result.message.startswith(finding)


# Misconceptions


@misconception("f")
def half_less(X):
    """Half was taken away.

    Which sign?
    """
    return X - 0.5


@misconception("f")
def transposed(X):
    """It was transposed.

    Why?
    """
    return X.T + 0.5


@misconception("f")
def does_not_fit(X):
    """It cannot be added.

    Which shape?
    """
    return X + np.zeros((5, 4))


@misconception("f")
def written_into_the_input(X):
    """It was written into X.

    Make a new array.
    """
    X += 0.5
    return X


@misconception("f")
def half_less_by_another_way(X):
    """Minus one half was added.

    Which sign?
    """
    return X + (-0.5)


@misconception("g")
def of_another_question(X):
    """Half was taken away, elsewhere.

    Which sign?
    """
    return X - 0.5


WRONG = collect({each.__name__: each for each in (half_less, transposed, does_not_fit, of_another_question)})


@pytest.mark.parametrize(
    ("body", "name", "finding"),
    [
        ("return X - 0.5", "half_less", "6 of 6 numbers are wrong"),
        ("return (X - 0.5).tolist()", "half_less", "6 of 6 numbers are wrong"),
        ("return 0.5 + X.T", "transposed", "(3, 2)"),
        ("return np.zeros((5, 4)) + X * 0 + X", "", "raised ValueError"),
        ("return X + np.zeros((5, 4))", "does_not_fit", "raised ValueError"),
        ("return X * 2", "", "6 of 6 numbers are wrong"),
        ("return (X - 0.5) * (1 + 5e-6)", "", "6 of 6 numbers are wrong"),
    ],
)
def test_a_mistake_is_named_behind_the_finding(grade: Grade, body: str, name: str, finding: str) -> None:
    result = grade(f(body), wrong=WRONG)["test_f"]
    assert finding in result.message
    assert result.misconception == (name or None)
    if name:
        known = next(each for each in WRONG if each.name == name)
        assert result.message.splitlines()[-2:] == [known.statement, known.hint]


def test_where_two_mistakes_explain_an_answer_none_is_named(grade: Grade) -> None:
    both = collect({"a": half_less, "b": half_less_by_another_way})
    result = grade(f("return X - 0.5"), wrong=both)["test_f"]
    assert result.misconception is None
    assert "Half was taken" not in result.message


def test_a_right_answer_is_never_named(grade: Grade) -> None:
    same_as_the_reference = collect({"a": misconception("f")(lambda_with_docstring())})
    assert grade(ADD_HALF, wrong=same_as_the_reference)["test_f"].outcome is Outcome.PASSED


def lambda_with_docstring() -> Callable[..., Any]:
    def right(X):
        """What.

        Hint.
        """
        return X + 0.5

    return right


def test_an_error_without_a_shape_in_its_words_names_no_mistake(grade: Grade) -> None:
    """`np.split` says the same whatever was split: two different mistakes cannot be told apart by it."""

    @misconception("f")
    def cut_another_axis(X):
        """The rows were cut.

        Which axis?
        """
        return np.split(X, 4, axis=0)

    result = grade(f("return np.split(X, 4, axis=1)"), wrong=collect({"a": cut_another_axis}))["test_f"]
    assert result.outcome is Outcome.ERROR
    assert result.misconception is None


@pytest.mark.parametrize("body", ["pass", "return 'X'", "return lambda: X", "return [X, None]"])
def test_a_function_without_an_answer_earns_nothing_for_what_it_leaves_alone(grade: Grade, body: str) -> None:
    hidden = '''
@points(1)
def test_f(student):
    """The array stays as it is"""
    assert_keeps_inputs(student.f, np.ones((2, 3)))
'''
    assert grade(f(body), hidden)["test_f"].outcome is Outcome.FAILED


def test_a_check_of_its_own_is_told_which_of_several_arrays_has_another_shape(grade: Grade) -> None:
    hidden = '''
@points(1)
def test_f(student):
    """Two arrays"""
    student.f(np.ones((2, 3)))
'''
    result = grade(f("return X, X.T"), hidden, reference=f("return X, X"))["test_f"]
    assert "returned 2 values; number 2 is not right" in result.message


def test_a_check_of_its_own_sees_a_vector_where_numpy_made_a_matrix_of_it(grade: Grade) -> None:
    hidden = '''
@points(1)
def test_f(student):
    """A vector of three"""
    assert student.f(np.ones((2, 3))).shape == (3,)
'''
    result = grade(f("return np.matrix(X[0])"), hidden, reference=f("return X[0]"))["test_f"]
    assert result.outcome is Outcome.PASSED


def test_a_changed_input_is_named_as_well(grade: Grade) -> None:
    hidden = '''
@points(1)
def test_f(student):
    """The array stays as it is"""
    assert_keeps_inputs(student.f, np.ones((2, 3)))
'''
    known = collect({"a": written_into_the_input, "b": half_less})
    result = grade(f("X[:] = 7"), hidden, wrong=known)["test_f"]
    assert result.misconception == "written_into_the_input"
    assert "changed its input `X`" in result.message


@pytest.mark.parametrize("docstring", [None, "", "One paragraph only."])
def test_a_misconception_needs_a_name_and_a_hint(docstring: str | None) -> None:
    def wrong(X):
        return X

    wrong.__doc__ = docstring
    with pytest.raises(ValueError, match="`wrong` needs a docstring of two paragraphs"):
        misconception("f")(wrong)


# What is never told

# An expected number is written with the digits 7, 8 and 9, a student's with 1 and 2, and shapes stay below 7: no
# message may hold one of the first three digits, however the number was rounded or cut.
SECRET_DIGITS, OWN_DIGITS = "789", "12"


def numbers(digits: str) -> st.SearchStrategy[float]:
    return st.builds(
        lambda text, places, sign: sign * int(text) / 10**places,
        st.text(digits, min_size=5, max_size=6),
        st.integers(0, 6),
        st.sampled_from([1, -1]),
    )


SHAPES = st.sampled_from([(), (1,), (3,), (6,), (2, 3), (3, 1), (1, 2, 3)])


@st.composite
def arrays(draw: st.DrawFn, digits: str, shape: tuple[int, ...] | None = None) -> Any:
    shape = draw(SHAPES) if shape is None else shape
    size = int(np.prod(shape))
    return np.array(draw(st.lists(numbers(digits), min_size=size, max_size=size))).reshape(shape)


@st.composite
def expected_and_wrong(draw: st.DrawFn) -> tuple[Any, Any]:
    """What the reference returns, and an answer that is wrong in one way or another."""
    expected = draw(arrays(SECRET_DIGITS))
    own = draw(arrays(OWN_DIGITS, expected.shape))
    right = draw(st.lists(st.booleans(), min_size=own.size, max_size=own.size).filter(lambda each: not all(each)))
    nearly = np.where(np.reshape(right, own.shape), expected, own)
    wrong = draw(
        st.sampled_from(
            [
                nearly,
                nearly.tolist(),
                nearly[None],
                nearly * np.nan,
                nearly * 1j,
                None,
                "12",
                [nearly, 1],
                {"a": nearly},
            ]
        )
    )
    if draw(st.booleans()):
        return (expected, 2 * expected), draw(st.sampled_from([wrong, (wrong, nearly), (nearly, wrong), (nearly,) * 3]))
    return expected, wrong


@dataclass
class Canned:
    """Functions that return what they are told to."""

    values: dict[str, Any] = field(default_factory=dict)

    def call(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], upstream: Upstream | None = None
    ) -> Reply:
        return Returned(self.values[name])


RIGHT, OWN = Canned(), Canned()


@pytest.fixture(scope="module")
def canned_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CheckSession]:
    """Checks of an answer that `OWN` has against one that `RIGHT` has."""
    visible = tmp_path_factory.mktemp("canned") / "visible_checks.py"
    visible.write_text("")
    hidden = visible.with_name("hidden_checks.py")
    hidden.write_text(
        HEAD
        + '''
@points(1)
def test_matches(student, reference):
    """By comparison"""
    assert_matches(student.f, reference.f, np.zeros((2, 3)), 5)


@points(1)
def test_property(student, reference):
    """By a law"""
    expected = reference.f(None, 5)
    for mine, theirs in zip(student.f(np.zeros((2, 3)), 5), expected, strict=False):
        assert_allclose(mine, np.atleast_1d(theirs), "A law does not hold.")
    assert_allclose(student.f(np.zeros((2, 3)), 5), expected, "A law does not hold.")
'''
    )
    right: Answers = RIGHT
    material = AssignmentChecks(
        parameters={"f": ("X", "n")},
        visible=visible,
        hidden=hidden,
        functions={"f": lambda X, n: RIGHT.values["f"]},
        reference=right,
    )
    with CheckSession(material) as session:
        yield session


def own_answer(X, n):
    """The very mistake that was made.

    A hint.
    """
    return OWN.values["f"]


@given(expected_and_wrong(), st.booleans())
@settings(max_examples=150, deadline=None)
def test_no_message_shows_an_expected_number(canned_session: CheckSession, both: tuple[Any, Any], named: bool) -> None:
    RIGHT.values["f"], OWN.values["f"] = both
    known = collect({"a": misconception("f")(own_answer)}) if named else ()
    (question,) = canned_session.run(CheckRun(OWN, "seed", known))
    matches, law = question.checks
    assert matches.outcome is Outcome.FAILED
    assert matches.message
    for result in (matches, law):
        assert not set(SECRET_DIGITS) & set(result.message), result.message


def test_a_single_number_that_a_law_asks_for_is_shown(grade: Grade) -> None:
    """Unlike an array: that the weights sum to 1 is no secret."""
    hidden = '''
@points(1)
def test_f(student):
    """A law"""
    assert_allclose(student.f(np.ones(3)), 1, "All are one.")
'''
    assert "should be 1 and are not" in grade(ADD_HALF, hidden)["test_f"].message


# Inputs that are drawn

DRAWS = '''
@points(1)
def test_{name}(student, rng):
    """Draws a number"""
    student.f(0)
    raise AssertionError(str(rng.integers(1 << 62)))
'''


def test_hidden_inputs_are_the_same_on_every_regrade_and_fresh_for_every_student(grade: Grade) -> None:
    def drawn(seed: str) -> dict[str, str]:
        hidden = DRAWS.format(name="hidden") + DRAWS.format(name="other")
        results = grade(ADD_HALF, hidden, seed=seed, visible=DRAWS.format(name="visible"))
        return {name: result.message for name, result in results.items()}

    ada, ada_again, bo = drawn("key:ada"), drawn("key:ada"), drawn("key:bo")
    assert ada == ada_again
    assert ada["test_hidden"] != bo["test_hidden"]
    assert ada["test_hidden"] != ada["test_other"]
    assert ada["test_visible"] == bo["test_visible"], "students see what visible checks draw"


# How checks are written

TRIPS = '''
@points(1)
def test_f(student, reference):
    """Does this and that"""
    {line}


@points(1)
def test_after(student):
    """Is not harmed"""
    student.f(np.ones(3))
'''


def test_a_parametrised_check_is_one_check_a_case(grade: Grade) -> None:
    hidden = '''
@points(2)
@pytest.mark.parametrize("n", [pytest.param(1, id="one"), pytest.param(2, id="two"), 3])
def test_f(student, reference, n):
    """So many numbers.

    This line is for the instructor.
    """
    assert_matches(student.f, reference.f, np.zeros(n))
'''
    results = grade(f("return X + 0.5 if len(X) < 3 else X"), hidden)
    assert [(each.name, each.title, each.points, each.earned) for each in results.values()] == [
        ("test_f[one]", "So many numbers (one)", 2, 2),
        ("test_f[two]", "So many numbers (two)", 2, 2),
        ("test_f[3]", "So many numbers (3)", 2, 0),
    ]


def test_a_check_belongs_to_the_last_question_that_it_calls(
    session: Callable[..., CheckSession], answers: Callable[[str], Worker]
) -> None:
    hidden = '''
@points(1)
def test_both(student):
    """Calls g before f, and belongs to g, which comes later in the lesson"""
    assert_allclose(student.g(np.ones(3)), student.f(np.ones(3)))


@points(1)
def test_first(student):
    """Calls f"""
    student.f(np.ones(3))
'''
    reference = "def f(X):\n    return X\n\n\ndef g(X):\n    return X\n"
    results = session(hidden, reference).run(CheckRun(answers(reference)))
    assert [(question.name, [check.name for check in question.checks]) for question in results] == [
        ("f", ["test_first"]),
        ("g", ["test_both"]),
    ]


def test_visible_checks_are_marked(grade: Grade) -> None:
    visible = (
        MATCHES.replace(", reference", "").replace("reference.f, ", "lambda X: X + 0.5, ").replace("test_f", "test_v")
    )
    results = grade(ADD_HALF, visible=visible)
    assert {name: result.visible for name, result in results.items()} == {"test_v": True, "test_f": False}


def test_a_visible_check_has_no_reference(session: Callable[..., CheckSession]) -> None:
    with pytest.raises(ChecksError, match=r"visible_checks\.py: check `test_f` .*reference"):
        session("", visible=MATCHES)


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("Q, K = student.f(np.ones(3))", "return X, X"),
        ("student.f(np.ones(3))[2, 1]", "return np.ones((3, 3))"),
        ("student.f(np.ones(3)) @ np.ones(4)", "return np.ones(4)"),
        ("np.linalg.inv(student.f(np.ones(3)))", "return np.eye(3)"),
        ("[10, 20][int(student.f(np.ones(3)).sum())]", "return X * 0"),
    ],
)
def test_a_check_that_trips_over_an_odd_answer_has_failed(grade: Grade, line: str, right: str) -> None:
    result = grade(f("return X"), TRIPS.format(line=line), reference=f(right))["test_f"]
    assert (result.outcome, result.earned) == (Outcome.FAILED, 0)
    assert "f(X: (3,)) returned an array of shape (3,)" in result.message


@pytest.mark.parametrize(
    ("line", "finding"),
    [
        ("student.f(np.ones(3)); undefined_name", "NameError"),
        ("student.f(np.ones(3)); student.no_such_question(1)", "no question is named 'no_such_question'"),
        ("student.f(np.ones(3)); reference.no_such_question(1)", "no_such_question"),
        ("student.f(np.ones(3)); 1 / 0", "ZeroDivisionError"),
    ],
)
def test_a_check_that_trips_over_the_right_answer_as_well_is_our_fault(grade: Grade, line: str, finding: str) -> None:
    results = grade(ADD_HALF, TRIPS.format(line=line))
    assert results["test_f"].outcome is Outcome.GRADER_ERROR
    assert "grader's fault, not yours" in results["test_f"].message
    assert finding in results["test_f"].message
    assert results["test_after"].outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("line", "outcome", "message"),
    [
        ("with pytest.raises(AssertionError): assert_allclose(student.f(np.ones(3)), 0)", Outcome.PASSED, ""),
        ("assert student.f(np.ones(3)).sum() == pytest.approx(4.5)", Outcome.PASSED, ""),
        ("student.f(np.ones(3)); pytest.fail('In words.')", Outcome.FAILED, "In words."),
        ("student.f(np.ones(3)); np.testing.assert_allclose(1, 1)", Outcome.PASSED, ""),
    ],
)
def test_a_check_is_an_ordinary_pytest_function(grade: Grade, line: str, outcome: Outcome, message: str) -> None:
    results = grade(ADD_HALF, TRIPS.format(line=line))
    assert (results["test_f"].outcome, results["test_f"].message) == (outcome, message)
    assert results["test_after"].outcome is Outcome.PASSED


def test_a_check_may_use_fixtures_of_its_own(grade: Grade) -> None:
    hidden = '''
@pytest.fixture
def ones():
    return np.ones(3)


@points(1)
def test_f(student, ones):
    """With a fixture"""
    assert_allclose(student.f(ones), 1.5)
'''
    assert grade(ADD_HALF, hidden)["test_f"].outcome is Outcome.PASSED
    assert grade(f("return X"), hidden)["test_f"].outcome is Outcome.FAILED


def test_a_question_that_ran_out_of_time_twice_is_not_tried_again(grade: Grade) -> None:
    hidden = (
        TRIPS.format(line="student.f(np.ones(3))")
        + '''
@points(1)
@pytest.mark.parametrize("n", [1, 2, 3])
def test_more(student, n):
    """More of it"""
    student.f(np.ones(n))


@points(1)
def test_g(student):
    """Another question"""
    student.g(np.ones(3))
'''
    )
    both = "def f(X):\n    {}\n\n\ndef g(X):\n    return X\n"
    results = grade(both.format("while True: pass"), hidden, reference=both.format("return X"))
    late = [result for name, result in results.items() if name != "test_g"]
    assert {result.outcome for result in late} == {Outcome.TIMEOUT}
    assert [result.message.startswith("Not run") for result in late] == [False, False, *[True] * (len(late) - 2)]
    assert results["test_g"].outcome is Outcome.PASSED


def test_a_submission_that_could_not_be_read_has_all_checks_missing(session: Callable[..., CheckSession]) -> None:
    (question,) = session().unrun(Outcome.MISSING, "Not run.")
    (check,) = question.checks
    assert (question.name, question.score, question.max_score) == ("f", 0, 3)
    assert (check.outcome, check.message, check.title) == (Outcome.MISSING, "Not run.", "Half more")


def test_one_session_grades_any_number_of_submissions(
    session: Callable[..., CheckSession], answers: Callable[[str], Worker]
) -> None:
    """What one student's work does to a check leaves no trace in the next one's results."""
    bodies = ["return X + 0.5", "while True: pass", "return X", "raise KeyError", "return X + 0.5"]
    outcomes = [session().run(CheckRun(answers(f(body))))[0].checks[0].outcome for body in bodies]
    assert outcomes == [Outcome.PASSED, Outcome.TIMEOUT, Outcome.FAILED, Outcome.ERROR, Outcome.PASSED]
