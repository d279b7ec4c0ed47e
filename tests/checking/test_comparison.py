"""What counts as right, and how what does not is named."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.checking.comparison.arrays import difference
from autograder.checking.comparison.messages import call
from autograder.checking.comparison.plain import Plain
from autograder.checking.comparison.short import shown
from autograder.checking.comparison.tolerance import Tolerance
from autograder.report.model import Outcome
from tests.helpers.checks import MATCHES, Grade, f

pytestmark = pytest.mark.portable


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
        ("return 'X'", "returned the text 'X'; an array of shape (2, 3) is asked for."),
        ("return {'X': X}", "returned a dict of 1;"),
        ("return {1, 2}", "returned a set of 2;"),
        ("return print", "returned something of type builtin_function_or_method;"),
        ("return (row for row in X)", "returned an iterator over 2;"),
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
        ("return (X + 0.5) * (1 + 5e-5)", "6 of 6 numbers are wrong;"),
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
        ("return (X + 0.5).astype(str)", "text"),
        ("return (X + 0.5).astype(object)", "object"),
    ],
)
def test_an_array_of_other_things_than_numbers_is_told_by_its_kind(grade: Grade, body: str, kind: str) -> None:
    """Asking for an array of shape (2, 3) where an array of shape (2, 3) was returned would help nobody."""
    result = grade(f(body))["test_f"]
    assert result.outcome is Outcome.FAILED
    assert kind in result.message


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


def test_the_findings_come_in_a_fixed_order(grade: Grade) -> None:
    """Each answer has one fault more than the one before, and the new one is told."""
    messages = [
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
    order = ["wrong", "not finite", "(3, 2)", "the text", "ZeroDivisionError", "still to be written"]
    assert [word in message for word, message in zip(order, messages, strict=True)] == [True] * len(order)


@pytest.mark.parametrize("answer", [(2**40, -3), [2**40, -3], np.array([2**40, -3]), (np.int64(2**40), -3)])
def test_whole_numbers_have_no_end_in_an_authors_comparison(answer: object) -> None:
    """Products of an array's whole numbers are wrong beyond 64 bits, and do not say so."""
    kinds: list[tuple[type, object]] = []

    def makes_one(own: tuple[int, int], _right: object) -> bool:
        kinds.extend((type(number), number) for number in own)
        return own[0] * 2**40 + own[1] == 2**80 - 3

    assert difference(answer, Plain((1, 1), makes_one), Tolerance(1e-6, 1e-9)) is None
    assert kinds == [(int, 2**40), (int, -3)]


def test_what_an_author_compares_is_shown_where_it_is_whole_numbers() -> None:
    wrong = difference((5, 7), Plain((1, 1), lambda *_: False), Tolerance(1e-6, 1e-9))
    assert wrong is not None
    assert wrong.message("f(x=3)") == "f(x=3) returned (5, 7), and it is not right."


def test_a_generator_is_named_without_where_it_lies_in_memory() -> None:
    assert shown(np.random.default_rng(3)) == "default_rng(…)"


def test_a_number_and_a_text_of_numpys_are_shown_as_a_student_would_write_them() -> None:
    assert shown([np.str_("a"), np.float64(0.5), np.int64(3)]) == "['a', 0.5, 3]"


@pytest.mark.parametrize(
    ("argument", "written"),
    [({"be": 1, "to": 2}, "counts={'be': 1, 'to': 2}"), ({"W": np.ones(2)}, "counts: a dict of 1 array")],
)
def test_a_dict_is_shown_unless_it_holds_arrays(argument: object, written: str) -> None:
    assert call("f", ["counts"], [argument], {}) == f"f({written})"
