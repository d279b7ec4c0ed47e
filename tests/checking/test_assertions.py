"""The assertions of checks: answers, errors, inputs that stay as they are, laws."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.checking.calls.function import StudentFunction
from autograder.report.model import Outcome
from tests.helpers.checks import ADD_HALF, MATCHES, TRIPS, Grade, f

LAW = "assert_allclose(student.f(X)"


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
    hidden = MATCHES.replace("reshape(2, 3))", "reshape(2, 3), raises=ValueError)")
    result = grade(f(body), hidden, reference=f("raise ValueError('other words')"))["test_f"]
    assert result.outcome is outcome
    if outcome is Outcome.FAILED:
        assert "f(X: (2, 3)) should raise ValueError" in result.message
        assert "returned an array of shape (2, 3)" in result.message


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
    assert_no_side_effects(student.f, rng.normal(size=(3, 2)), Y=rng.normal(size=4), D={"a": np.zeros(2)})
'''
    source = f"def f(X, Y, D):\n    {body}"
    result = grade(source, hidden, reference="def f(X, Y, D):\n    return X" if changed else source)["test_f"]
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


@pytest.mark.parametrize(
    ("body", "line", "finding"),
    [
        ("return X + 0.5", "assert_allclose(student.f(X), 1.5)", ""),
        ("return X + 0.5", "assert_allclose(student.f(X), [1.5, 1.5, 1.5])", ""),
        ("return X + 0.5", "assert_allclose(student.f(X), 1.6, atol=0.2)", ""),
        ("return X + 0.5", "assert_allclose(student.f(X), 1.6, rtol=0.2)", ""),
        ("return X * np.nan", f"{LAW}, 1.5, 'Why.')", "Why. 3 of 3 numbers should be 1.5 and are not;"),
        ("return X", f"{LAW}, 1.5, 'Why.')", "Why. 3 of 3 numbers should be 1.5 and are not; the first stands at [0]"),
        ("return X", f"{LAW}.sum(), 4.5, 'Why.')", "Why. The number should be 4.5 and is not; yours is 3."),
        ("return X", f"{LAW}[:1], 1.5, 'Why.')", "Why. The only number should be 1.5 and is not; it stands at [0]"),
        ("return X", f"{LAW}[:1], [1.5], 'Why.')", "Why. The only number is not as it should be; it stands at [0]"),
        (
            "return X + [0, 0.5, 0.5]",
            f"{LAW}, [1.5] * 3, 'Why.')",
            "Why. 1 of 3 numbers is not as it should be; it stands at [0]",
        ),
        ("return X", f"{LAW}, [1.5] * 3, 'Why.')", "Why. 3 of 3 numbers are not as they should be;"),
        ("return X", f"{LAW}[student.f(X) < 1.2], [], 'Why.')", "Why. The shape is (3,); (0,) is asked for."),
        ("return X", "assert student.f(X).sum() == 4.5, 'Words of the check.'", "Words of the check."),
    ],
)
def test_a_property_that_fails_says_why(grade: Grade, body: str, line: str, finding: str) -> None:
    hidden = f'''
@points(1)
def test_f(student):
    """A law"""
    X = np.ones(3)
    {line}
'''
    result = grade(f(body), hidden)["test_f"]
    assert result.outcome is (Outcome.FAILED if finding else Outcome.PASSED)
    assert result.message.startswith(finding)


@pytest.mark.parametrize(
    ("right", "wrong", "desired"),
    [
        ("return X.sum() * 14", "return X.sum() * 13", "reference.f(X)"),
        ("return float(X.sum() * 14)", "return float(X.sum() * 13)", "reference.f(X)"),
        ("return X * 42", "return X * 41", "reference.f(X)[0]"),
        ("return X * 42", "return X * 41", "np.float64(42)"),
        ("return X.sum() * 14", "return X.sum() * 13", "42"),
    ],
)
def test_a_hidden_check_shows_no_number_that_an_answer_should_be(
    grade: Grade, right: str, wrong: str, desired: str
) -> None:
    actual = "student.f(X)[0]" if "X * 42" in right else "student.f(X)"
    check = f'''
@points(1)
def test_{{name}}(student{{reference}}):
    """A worked value"""
    X = np.ones(3)
    assert_allclose({actual}, {{desired}}, "Sum them up.")
'''
    hidden = check.format(name="f", reference=", reference", desired=desired)
    visible = check.format(name="v", reference="", desired="np.float64(42)")
    results = grade(f(wrong), hidden, visible=visible, reference=f(right))
    assert results["test_f"].outcome is results["test_v"].outcome is Outcome.FAILED
    assert results["test_f"].message.startswith("Sum them up. The number is not as it should be; yours is")
    assert "42" not in results["test_f"].message
    assert "42" in results["test_v"].message, "which students can read in the check itself"


@pytest.mark.parametrize("body", ["pass", "return 'X'", "return lambda: X", "return [X, None]"])
def test_a_function_without_an_answer_earns_nothing_for_what_it_leaves_alone(grade: Grade, body: str) -> None:
    hidden = '''
@points(1)
def test_f(student):
    """The array stays as it is"""
    assert_no_side_effects(student.f, np.ones((2, 3)))
'''
    assert grade(f(body), hidden)["test_f"].outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("return {'a': X + 1, 'b': [X, {'c': X.sum()}]}", ""),
        (
            "_kept[...] = X + 1; return {'a': _kept, 'b': [X, {'c': X.sum()}]}",
            "that it had returned before holds other numbers",
        ),
        (
            "_calls.append(0); return {'a': X + 1 + (len(_calls) > 9), 'b': [X, {'c': X.sum()}]}",
            "another one when it was called again",
        ),
        (
            "_calls.append(0); return {'a': X + 1, 'b': [X, {'c': X.sum() + (len(_calls) > 9)}]}",
            "another one when it was called again",
        ),
        (
            "_calls.append(0); return {'a': X + 1, ['b', 'B'][len(_calls) > 9]: [X, {'c': X.sum()}]}",
            "another one when it was called again",
        ),
    ],
)
def test_what_is_left_of_a_call_is_seen_in_a_dict_as_well(grade: Grade, body: str, says: str) -> None:
    hidden = '''
@points(1)
def test_f(student, reference):
    """Numbers by name"""
    for size in (1.0, 2.0):
        assert_matches(student.f, reference.f, np.full((2, 3), size))


@points(1)
def test_left(student):
    """The same call has the same answer, and earlier ones stay"""
    assert_no_side_effects(student.f, np.ones((2, 3)))
'''
    right = f("return {'a': X + 1, 'b': [X, {'c': X.sum()}]}")
    results = grade(f"import numpy as np\n_calls, _kept = [], np.zeros((2, 3))\n{f(body)}", hidden, reference=right)
    assert results["test_f"].outcome is Outcome.PASSED
    assert results["test_left"].outcome is (Outcome.FAILED if says else Outcome.PASSED)
    assert says in results["test_left"].message


SEEN = '''
@points(1)
def test_leaves_the_array(student):
    """The array stays as it is"""
    assert_no_side_effects(student.f, np.ones((2, 3)))


@points(1)
def test_a_vector(student):
    """Half more, of a vector"""
    assert_allclose(student.f(np.ones(3)), 1.5)
'''
UNSEEN = '''
@points(1)
def test_unseen(student, reference):
    """Half more, of more axes"""
    assert_matches(student.f, reference.f, np.ones((2, 3, 4)))


@points(1)
def test_leaves_all(student):
    """All arrays stay as they are"""
    assert_no_side_effects(student.f, np.ones((2, 3)))
'''


@pytest.mark.parametrize(("ndim", "seen"), [(1, Outcome.FAILED), (3, Outcome.PASSED)])
def test_a_visible_check_looks_back_at_what_students_can_see(grade: Grade, ndim: int, seen: Outcome) -> None:
    """What changes in hidden checks only costs a hidden check: at home, the visible one passes."""
    results = grade(f(f"if X.ndim == {ndim}: X += 1; return X - 0.5\n    return X + 0.5"), UNSEEN, visible=SEEN)
    assert results["test_leaves_the_array"].outcome is seen
    assert results["test_leaves_all"].outcome is Outcome.FAILED
    assert results["test_a_vector"].outcome is results["test_unseen"].outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("assert_matches(student.f(np.ones(2)), reference.f(np.ones(2)))", "assert_matches is handed a ndarray: "),
        (
            "student.f(np.ones(2)); assert_matches(len, len, [1])",
            "assert_matches is handed a builtin_function_or_method: ",
        ),
        ("assert_no_side_effects(student.f(np.ones(2)))", "assert_no_side_effects is handed a ndarray: "),
    ],
)
def test_an_answer_in_the_place_of_the_function_is_the_authors_fault(grade: Grade, line: str, said: str) -> None:
    result = grade("def f(X):\n    return X * 2", TRIPS.format(line=line))["test_f"]
    assert result.outcome is Outcome.GRADER_ERROR
    assert f"{said}hand it the student's function or method itself, uncalled" in result.message


def test_a_call_is_put_into_words_only_where_something_is_wrong(grade: Grade, monkeypatch: pytest.MonkeyPatch) -> None:
    worded: list[str] = []
    describe = StudentFunction.describe

    def noted(self: StudentFunction, *call: Any) -> str:
        worded.append(self.name)
        return describe(self, *call)

    monkeypatch.setattr(StudentFunction, "describe", noted)
    assert grade(ADD_HALF)["test_f"].outcome is Outcome.PASSED
    assert worded == []
    result = grade(f("return X - 1"))["test_f"]
    assert result.message.startswith("f(X: (2, 3)) ")
    assert worded
