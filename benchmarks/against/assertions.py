"""The assertions that every grader is given: each call that the checks of an assignment make, and its right answer.

The checks run once on the reference, with one seed. Each call of a question's function becomes one comparison with the
numbers that the reference returned, of the same shape and within the check's own tolerance. Its text is the same for
every grader, but for the words around it.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import indent
from typing import Any

import numpy as np

from autograder.checking.comparison.tolerance import Tolerance
from autograder.course.loader import Assignment
from autograder.course.mutants.drawn import draw
from autograder.sandbox.protocol import Returned

SEED = "the same for all"
BODY = """\
from base64 import b64decode
import numpy as np

for given, expected, rtol, atol in {cases}:
    given, expected = (
        np.frombuffer(b64decode(text), kind).reshape(shape).copy() for text, kind, shape in (given, expected)
    )
    answer = np.asarray({function}(given))
    assert answer.shape == expected.shape, answer.shape
    np.testing.assert_allclose(answer, expected, rtol=rtol, atol=atol)
"""


@dataclass(frozen=True)
class Compared:
    """One check: what it is worth, and the calls that it makes, each with what must come back."""

    name: str  # of a function in Python
    title: str
    question: str
    points: float
    cases: tuple[str, ...]

    def body(self, function: str, depth: int = 1) -> str:
        """The statements that compare; `function` is how the student's is called there."""
        text = BODY.format(cases=f"[{', '.join(self.cases)}]", function=function)
        return indent(text, depth * "    ")


def compared_in(assignment: Assignment) -> list[Compared]:
    """All checks of an assignment, in their order."""
    made = []
    with assignment.check_session() as session:
        for question in assignment.questions:
            drawn = draw(assignment, question, session.run, [SEED])
            answered = list(zip(drawn.calls, drawn.right, strict=True))
            for check in session.checks:
                if check.question != question:
                    continue
                cases = tuple(
                    _case(call.args, call.tolerance, reply)
                    for call, reply in answered
                    if (call.check, call.name) == (check.name, question)
                )
                name = re.sub(r"\W+", "_", check.name).strip("_")
                made.append(Compared(name, check.title, question, check.points, cases))
    return made


def _case(args: Any, tolerance: Tolerance | None, reply: object) -> str:
    (given,) = args  # each function of this course's third lesson takes one array
    if not isinstance(reply, Returned):
        raise SystemExit(f"the reference has no answer that could be compared: {reply}")
    tolerance = tolerance or Tolerance.of(args)
    return f"({_literal(given)}, {_literal(reply.value)}, {tolerance.relative}, {tolerance.absolute})"


def _literal(numbers: Any) -> str:
    array = np.ascontiguousarray(numbers)
    return repr((b64encode(array.tobytes()).decode(), str(array.dtype), array.shape))


def by_question(checks: list[Compared]) -> Iterator[tuple[str, list[Compared]]]:
    for question in dict.fromkeys(each.question for each in checks):
        yield question, [each for each in checks if each.question == question]
