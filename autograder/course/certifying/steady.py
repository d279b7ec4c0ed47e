"""That trusted functions answer the same call the same: their answers are remembered, and marks rest on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from autograder.checking.at_home.observed import Call, Observed
from autograder.checking.collection import CheckRun
from autograder.checking.session import CheckSession
from autograder.checking.source import line_of
from autograder.course.certifying import messages
from autograder.course.certifying.misconceptions import place_of
from autograder.course.lesson import CourseError
from autograder.course.loader import Assignment
from autograder.sandbox.execute import execute
from autograder.sandbox.objects import Objects
from autograder.sandbox.protocol import Raised, Reply, Returned
from autograder.sandbox.repeat import Kept, alike

SEED = "steady"
MAX_CALLS = 5  # of a question that are made again: the first ones


def require_steady(assignment: Assignment, checks: CheckSession) -> None:
    """Raises CourseError where the reference, or a misconception, answers a call otherwise when it is made again."""
    for question, calls in _calls(assignment, checks).items():
        function = assignment.functions[question]
        if isinstance(function, type):  # an object has a state: nothing of it is remembered
            continue
        for call in calls:
            if not _is_steady(function, call):
                path = assignment.lesson_path
                raise CourseError(messages.unsteady(path, line_of(path, question) or 1, question))
            for wrong in (each for each in assignment.misconceptions if each.question == question):
                if not all(_is_steady(each, call) for each in wrong.functions):
                    raise CourseError(messages.unsteady(*place_of(assignment, wrong), wrong.name))


def _calls(assignment: Assignment, checks: CheckSession) -> dict[str, list[Call]]:
    """What the checks call each question with."""
    observed = Observed()
    reference = replace(assignment.reference, objects=Objects(), kept=Kept())
    checks.run(CheckRun(reference, SEED, observed=observed))
    found: defaultdict[str, list[Call]] = defaultdict(list)
    for call in observed.calls:
        if len(found[call.question]) < MAX_CALLS:
            found[call.question].append(call)
    return found


def _is_steady(function: Callable[..., Any], call: Call) -> bool:
    one, other = (execute(function, call.args, call.kwargs) for _ in range(2))
    return _same(one, other)


def _same(one: Reply, other: Reply) -> bool:
    if isinstance(one, Returned) and isinstance(other, Returned):
        return one.changed == other.changed and alike(one.value, other.value)
    return (
        isinstance(one, Raised) and isinstance(other, Raised) and (one.type, one.message) == (other.type, other.message)
    )
