"""Known mistakes as data: the file that tells of them, the keys of calls, checksums, and when a name is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.checking.at_home.checksum import checksum, fits
from autograder.checking.at_home.known import (
    KnownMistake,
    KnownMistakes,
    KnownMistakesError,
    WrongAnswer,
    read,
    written,
)
from autograder.checking.at_home.naming import with_names
from autograder.checking.at_home.observed import Call, key_of
from autograder.checking.comparison.tolerance import Tolerance
from autograder.report.model import CheckResult, Outcome, QuestionResult
from autograder.sandbox.protocol import CodeLine, Raised, Returned
from autograder.sandbox.wire.frame import encode
from autograder.sandbox.wire.values import Instance, NamedFunction

TWICE = np.array([[2.0, 4.0], [6.0, 8.0]])
ERROR = Raised("ValueError", ("ValueError", "Exception"), "shapes (2,3) and (4,) not aligned: 3 != 4")
KNOWN = KnownMistakes(
    [
        KnownMistake("twice", "f", "It is twice.", "Why?", [{"a": WrongAnswer(Returned(TWICE)), "b": None}]),
        KnownMistake(
            "several",
            "f",
            "Of all kinds.",
            "Which?",
            [
                {"a": WrongAnswer(ERROR)},
                {"a": WrongAnswer(Returned(None, (0, "S")), is_value_told=False)},
                {"a": WrongAnswer(Returned({"text": [1, (2.5, None)], "of": Instance("Point", {"x": 1j})}))},
            ],
        ),
    ],
    {"a": np.zeros((2, 2)), "b": (np.zeros(3), np.zeros(()))},
    {"a": 1.5},
)
CONTENT = written(KNOWN)


def test_what_is_written_is_read() -> None:
    found = read(CONTENT)
    assert written(found) == CONTENT
    assert [(each.name, each.question, each.lesson) for each in found.mistakes] == [
        ("twice", "f", "It is twice.\nWhy?"),
        ("several", "f", "Of all kinds.\nWhich?"),
    ]
    (answers,) = found.mistakes[0].variants
    assert np.array_equal(answers["a"].reply.value, TWICE)  # type: ignore[union-attr]
    assert answers["b"] is None
    error, changed, plain = (variant["a"] for variant in found.mistakes[1].variants)
    assert error == WrongAnswer(ERROR)
    assert changed == WrongAnswer(Returned(None, (0, "S")), is_value_told=False)
    assert plain == KNOWN.mistakes[1].variants[2]["a"]
    assert found.forms["a"].shape == (2, 2)
    assert [each.shape for each in found.forms["b"]] == [(3,), ()]
    assert found.checksums == {"a": 1.5}


@given(st.integers(0, len(CONTENT) - 1), st.binary(min_size=1, max_size=4))
def test_a_damaged_file_is_read_or_refused(place: int, noise: bytes) -> None:
    damaged = CONTENT[:place] + noise + CONTENT[place + len(noise) :]
    for content in (damaged, CONTENT[:place], CONTENT + noise):
        try:
            known = read(content)
        except KnownMistakesError:
            continue
        name = given_name([call("a", TWICE), call("b", np.ones(3))], known)
        assert name is None or name in {each.name for each in known.mistakes}


@pytest.mark.parametrize("message", [{}, {"form": 2, "mistakes": [], "forms": {}, "checksums": {}}, {"form": 1}])
def test_a_file_of_another_form_is_refused(message: Mapping[str, object]) -> None:
    with pytest.raises(KnownMistakesError):
        read(encode(message, 1 << 20))


# Keys


def test_a_call_has_one_key_wherever_it_is_made_and_no_other_call_has_it() -> None:
    X = np.arange(6.0).reshape(2, 3)
    calls: list[list[object]] = [
        ["f", [X], {}],
        ["g", [X], {}],
        ["f", [X.T], {}],
        ["f", [X.reshape(3, 2)], {}],
        ["f", [X.astype(np.float32)], {}],
        ["f", [X + 1e-12], {}],
        ["f", [], {"X": X}],
        ["f", [X, None], {}],
        ["f", [X, NamedFunction("numpy.sin")], {}],
    ]
    keys = [key_of(each) for each in calls]
    assert len(set(keys)) == len(calls)
    assert key_of(["f", [np.asfortranarray(X)], {}]) == keys[0]


def test_a_call_with_what_cannot_cross_has_no_key() -> None:
    assert key_of(["f", [object()], {}]) == ""


# Checksums


@given(st.lists(st.floats(-1e6, 1e6), min_size=4, max_size=30), st.data())
def test_a_checksum_fits_the_right_answer_and_hardly_another(numbers: list[float], data: st.DataObject) -> None:
    right = np.array(numbers)
    checked = checksum(right)
    assert checked is not None
    assert fits(right * (1 + 1e-9), np.zeros(right.shape), checked, Tolerance())
    wrong, place = right.copy(), data.draw(st.integers(0, len(numbers) - 1))
    wrong[place] += 1 + np.abs(right).sum() / 10
    assert not fits(wrong, np.zeros(right.shape), checked, Tolerance())
    assert not fits(right[None], np.zeros(right.shape), checked, Tolerance())


def test_few_numbers_have_no_checksum_for_they_could_be_told_from_it() -> None:
    assert checksum(np.arange(3.0)) is None
    assert checksum((np.arange(2.0), np.arange(2.0))) is not None
    assert checksum(np.array([1.0, np.nan, 2.0, 3.0])) is None


# Names


def call(key: str, value: object, check: str = "test_f", question: str = "f") -> Call:
    reply = value if isinstance(value, Raised) else Returned(value)
    return Call(check, question, key, (), {}, reply)


def given_name(calls: list[Call], known: KnownMistakes, passed: tuple[str, ...] = ()) -> str | None:
    """The name that a question's failing checks get; `passed` are those that do not fail."""
    outcomes = {each.check: Outcome.PASSED if each.check in passed else Outcome.FAILED for each in calls}
    checks = tuple(CheckResult(name, name, 1, 0, outcome, "Wrong.") for name, outcome in outcomes.items())
    result = with_names(QuestionResult("f", checks), calls, known)
    assert all(before is after for before, after in zip(checks, result.checks, strict=True) if before.name in passed)
    names = {check.misconception for check in result.checks if check.name not in passed}
    assert len(names) == 1
    return names.pop()


def mistakes(**variants: Mapping[str, WrongAnswer | None]) -> KnownMistakes:
    return KnownMistakes([KnownMistake(name, "f", "This `A.T`.", "Why?", [each]) for name, each in variants.items()])


@dataclass(frozen=True)
class Case:
    calls: list[Call]
    known: KnownMistakes
    name: str | None
    passed: tuple[str, ...] = ()


WRONG, OTHER = WrongAnswer(Returned(TWICE)), WrongAnswer(Returned(-TWICE))
CASES = {
    "one mistake answers so": Case([call("a", TWICE)], mistakes(one={"a": WRONG}, two={"a": OTHER}), "one"),
    "nearly so": Case([call("a", TWICE * (1 + 1e-8))], mistakes(one={"a": WRONG}), "one"),
    "no mistake answers so": Case([call("a", TWICE + 1)], mistakes(one={"a": WRONG}), None),
    "two mistakes answer so": Case([call("a", TWICE)], mistakes(one={"a": WRONG}, two={"a": WRONG}), None),
    "another call tells them apart": Case(
        [call("a", TWICE), call("b", -TWICE)],
        mistakes(one={"a": WRONG, "b": OTHER}, two={"a": WRONG, "b": WRONG}),
        "one",
    ),
    "a call in another check contradicts": Case(
        [call("a", TWICE), call("b", TWICE, "test_g")], mistakes(one={"a": WRONG, "b": OTHER}), None, ("test_g",)
    ),
    "a call that is right with the mistake is known to be wrong": Case(
        [call("a", TWICE), call("b", -TWICE, "test_g")],
        mistakes(one={"a": WRONG, "b": None}, two={"b": OTHER}),
        None,
        ("test_g",),
    ),
    "a check fails in which the mistake is right": Case(
        [call("a", TWICE), call("b", TWICE, "test_g")], mistakes(one={"a": WRONG, "b": None}), None
    ),
    "a call that nobody knows tells nothing": Case(
        [call("a", TWICE), call("", TWICE), call("x", TWICE)], mistakes(one={"a": WRONG}), "one"
    ),
    "a single number may be alike by chance": Case(
        [call("a", 4.0)], mistakes(one={"a": WrongAnswer(Returned(4.0))}), None
    ),
    "other types of exceptions": Case(
        [call("a", Raised("TypeError", (), ERROR.message))], mistakes(one={"a": WrongAnswer(ERROR)}), None
    ),
    "words of an exception without sizes would fit many a mistake": Case(
        [call("a", Raised("ValueError", (), "no"))],
        mistakes(one={"a": WrongAnswer(Raised("ValueError", (), "no"))}),
        None,
    ),
    "the line has what the mistake is about": Case(
        [call("a", Raised("ValueError", (), ERROR.message, CodeLine("cell", 1, "return A.T @ B")))],
        mistakes(one={"a": WrongAnswer(ERROR)}),
        "one",
    ),
    "the line has not": Case(
        [call("a", Raised("ValueError", (), ERROR.message, CodeLine("cell", 1, "return A @ B")))],
        mistakes(one={"a": WrongAnswer(ERROR)}),
        None,
    ),
    "an argument that was changed": Case(
        [Call("test_f", "f", "a", (), {}, Returned(1.0, (0,)))],
        mistakes(one={"a": WrongAnswer(Returned(None, (0,)), is_value_told=False)}),
        "one",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_name_is_given_where_all_agrees_with_one_mistake_alone(case: Case) -> None:
    # "a check fails in which the mistake is right" and the like leave all failing checks without a name.
    assert given_name(case.calls, case.known, case.passed) == case.name


def test_a_right_answer_elsewhere_is_held_against_a_mistake_by_its_checksum() -> None:
    """`one` is right where the student is not, and no known mistake answers as the student does there."""
    right = np.arange(1.0, 7)
    known = KnownMistakes(
        mistakes(one={"a": WRONG, "b": None}).mistakes, {"b": np.zeros(6)}, {"b": checksum(right) or 0.0}
    )
    calls = [call("a", TWICE), call("b", right + 0.5, "test_g")]
    assert given_name(calls, known, ("test_g",)) is None
    assert given_name([calls[0], call("b", right, "test_g")], known, ("test_g",)) == "one"
