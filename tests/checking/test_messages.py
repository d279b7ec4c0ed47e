"""What a message never shows: an expected number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checking import misconception
from autograder.checking.collection import AssignmentChecks, CheckRun
from autograder.checking.recognition.misconceptions import collect
from autograder.checking.session import CheckSession
from autograder.report.model import Outcome
from autograder.sandbox.protocol import Answers, Reply, Returned, Upstream
from tests.helpers.checks import ADD_HALF, HEAD, Grade

pytestmark = pytest.mark.portable

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

    def repeat(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], upstream: Upstream | None = None
    ) -> Reply:
        return self.call(name, args, kwargs)


RIGHT, OWN = Canned(), Canned()
SEEDS = count()


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
def test_matches(student, reference, rng):
    """By comparison"""
    assert_matches(student.f, reference.f, rng.normal(size=(2, 3)), 5)


@points(1)
def test_property(student, reference, rng):
    """By a law"""
    expected = reference.f(None, 5)
    for mine, theirs in zip(student.f(rng.normal(size=(2, 3)), 5), expected, strict=False):
        assert_allclose(mine, np.atleast_1d(theirs), "A law does not hold.")
    assert_allclose(student.f(rng.normal(size=(2, 3)), 5), expected, "A law does not hold.")
'''
    )
    right: Answers = RIGHT
    material = AssignmentChecks(
        parameters={"f": ("X", "n")},
        visible=visible,
        hidden=(hidden,),
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
    (question,) = canned_session.run(CheckRun(OWN, f"seed {next(SEEDS)}", known))  # to the same call, the same answer
    matches, law = question.checks
    assert matches.outcome is Outcome.FAILED
    assert matches.message
    for result in (matches, law):
        assert not set(SECRET_DIGITS) & set(result.message.replace("complex128", "")), result.message


def test_a_single_number_that_a_law_asks_for_is_shown(grade: Grade) -> None:
    """Unlike an array: that the weights sum to 1 is no secret."""
    hidden = '''
@points(1)
def test_f(student):
    """A law"""
    assert_allclose(student.f(np.ones(3)), 1, "All are one.")
'''
    assert "should be 1 and are not" in grade(ADD_HALF, hidden)["test_f"].message
