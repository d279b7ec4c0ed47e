"""Wrong answers in many spellings, at home: a name that `check` gives there is the one that grading gives."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.course.loader import Course
from tests.helpers.at_home import AtHome, failing
from tests.helpers.in_process import submission
from tests.solutions.test_names import ANSWERS

pytestmark = pytest.mark.slow

# Rules that are true of the visible checks, and of which grading, which sees more, knows another one.
AS_FAR_AS_EXAMPLES_SHOW = {
    ("other_places", "transposed"),
    ("exactly_one_batch_axis", "axes_of_length_1"),
    ("mask_inverted", "wrong_with_a_mask"),
    ("other_shape", "one_axis_only"),
}


@pytest.fixture(scope="module")
def homes(course: Course) -> Iterator[dict[str, AtHome]]:
    opened = [AtHome(assignment) for assignment in course.assignments]
    yield {question: home for home in opened for question in home.assignment.questions}
    for home in opened:
        with home:
            pass


# What a student must be told before handing in: each is a way through the picture of the lesson that is not its own.
NAMED_AT_HOME = {
    "encoder_reads_decoder",
    "encoder_asked",
    "weights_of_queries_and_keys_swapped",
    "residual_of_the_normalised",
    "over_tokens",
    "probability_alone",
}


@pytest.mark.parametrize(
    ("question", "name", "source"), [pytest.param(*each, id=each[1]) for each in ANSWERS if each[1] in NAMED_AT_HOME]
)
def test_what_the_visible_checks_see_is_named_there(
    homes: dict[str, AtHome], question: str, name: str, source: str
) -> None:
    home = homes[question]
    wrong = failing(home(question, submission(home.assignment, source)))
    assert wrong
    assert {check.misconception for check in wrong} == {name}


def test_no_other_name_is_given_than_in_grading(homes: dict[str, AtHome]) -> None:
    named = 0
    for question, name, source in ANSWERS:
        home = homes[question]
        wrong = failing(home(question, submission(home.assignment, source)))
        names = {check.misconception for check in wrong} - {None}
        known = {each.name for each in home.assignment.misconceptions}
        for given in names:
            is_alike = given == name or (given not in known and (name, given) in AS_FAR_AS_EXAMPLES_SHOW)
            assert is_alike, f"{question}: {given} and not {name or 'nothing'}: {source}"
        named += bool(names)
    assert named >= len(ANSWERS) / 4
