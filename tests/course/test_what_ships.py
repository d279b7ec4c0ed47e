"""What students get gives nobody a hidden point: functions that are made of it are handed in, and graded.

Whoever makes them has read everything in assignments/: the visible checks with their calls, the files of known
mistakes, the data. The measure is what those earn who have written down right answers to the visible calls, which
everybody can compute by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder import grade
from autograder.checking.at_home.known import KNOWN_MISTAKES, KnownMistakes, read
from autograder.checking.at_home.observed import Call, key_of
from autograder.checking.collection import CheckRun
from autograder.checking.comparison.arrays import to_array
from autograder.checking.session import CheckSession
from autograder.course.loader import Assignment, Course, load_course
from autograder.course.stand_ins.mistaken import Mistaken
from autograder.report.model import Outcome
from autograder.sandbox.protocol import Raised, Returned
from tests.helpers.at_home import AtHome
from tests.helpers.course import edit
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.slow

NAMES = load_course(ROOT / "solutions").names
Cheat = Callable[..., Any]


@dataclass(frozen=True)
class Table:
    """Answers to the visible calls of a question, by their keys; and the calls, which everybody can see."""

    question: str
    calls: Sequence[Call]
    answers: Mapping[str, Any]

    def value(self, key: str) -> Any:
        answer = self.answers[key]
        if isinstance(answer, Raised):
            raise ValueError(answer.message)
        return answer

    def by_digest(self, *args: Any, **kwargs: Any) -> Any:
        """The answer to exactly this call; else what the stub does not do, which is to refuse."""
        return self.value(key_of([self.question, list(args), dict(kwargs)]))

    def by_digest_or_raise(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return self.by_digest(*args, **kwargs)
        except KeyError:
            raise ValueError("It cannot be done.") from None

    def by_position(self) -> Cheat:
        keys = list(self.answers)
        made = iter(range(1 << 20))
        return lambda *args, **kwargs: self.value(keys[next(made) % len(keys)])

    def nearest(self, *args: Any, **kwargs: Any) -> Any:
        """The answer to the visible call whose arguments are most like these, cut or repeated to fit the new shapes."""
        call = min((call for call in self.calls if call.key in self.answers), key=lambda call: _far(args, call.args))
        return _fitted(self.value(call.key), call.args, args)

    def by_shape(self, *args: Any, **kwargs: Any) -> Any:
        """An answer of the shape of the first argument, whatever it answers."""
        shape = np.shape(args[0]) if args else ()
        found = (each for each in self.answers.values() if not isinstance(each, Raised) and np.shape(each) == shape)
        return next(found, np.zeros(shape))


def _far(args: Sequence[Any], others: Sequence[Any]) -> float:
    """How different two calls are: in their shapes, and then in their numbers."""
    far = 1e6 * abs(len(args) - len(others))
    for one, other in zip(args, others, strict=False):
        one, other = to_array(one), to_array(other)
        if one is None or other is None:
            continue
        if one.shape != other.shape:
            far += 1e3 * (1 + abs(one.ndim - other.ndim))
        else:
            far += float(np.abs(np.nan_to_num(one.astype(float) - other, posinf=0, neginf=0)).sum())
    return far


def _fitted(value: Any, theirs: Sequence[Any], args: Sequence[Any]) -> Any:
    """A stored answer, with the sizes of the visible call's arguments replaced by those of this call's."""
    if isinstance(value, list | tuple):
        return tuple(_fitted(each, theirs, args) for each in value)
    array = to_array(value)
    if array is None or not array.size:
        return value
    sizes = {
        old: new
        for one, other in zip(theirs, args, strict=False)
        if isinstance(one, np.ndarray) and isinstance(other, np.ndarray)
        for old, new in zip(one.shape[::-1], other.shape[::-1], strict=False)
    }
    first = args[0] if args and isinstance(args[0], np.ndarray) else array
    lead = first.shape[: max(first.ndim - np.ndim(theirs[0]), 0)] if theirs else ()
    return np.resize(array, (*lead, *(sizes.get(size, size) for size in array.shape)))


def tables(known: KnownMistakes, calls: Sequence[Call], question: str) -> Iterator[Table]:
    """The answers of each mistake, and those of all together."""
    every: dict[str, Any] = {}
    for mistake in known.mistakes:
        for answers in mistake.variants if mistake.question == question else ():
            told = {key: _value(answer.reply) for key, answer in answers.items() if answer is not None}
            if told:
                yield Table(question, calls, told)
                every |= told
    if every:
        yield Table(question, calls, every)


def _value(reply: Returned | Raised) -> Any:
    return reply if isinstance(reply, Raised) else reply.value


def earned(session: CheckSession, assignment: Assignment, question: str, function: Cheat) -> set[str]:
    """The hidden checks that a function passes, with all else right."""
    answers = Mistaken(assignment.reference, question, function)
    (result,) = session.run(CheckRun(answers, "a seed", assignment.misconceptions, question=question))
    return {check.name for check in result.checks if not check.visible and check.outcome is Outcome.PASSED}


def stub(*args: Any, **kwargs: Any) -> Any:
    raise NotImplementedError


def ways(table: Table) -> list[Cheat]:
    return [table.by_digest, table.by_digest_or_raise, table.by_position(), table.nearest, table.by_shape]


@pytest.mark.parametrize("name", NAMES)
def test_functions_made_of_what_ships_earn_no_hidden_point(course: Course, name: str) -> None:
    assignment = course.assignment(name)
    known = read((ROOT / "assignments" / name / KNOWN_MISTAKES).read_bytes())
    with AtHome(assignment) as home, assignment.check_session() as session:
        for question in assignment.questions:
            home(question, assignment.reference)
            calls = [call for call in home.observed.calls if call.question == question and call.key]
            right = Table(question, calls, {call.key: _value(call.reply) for call in calls})
            by_hand = set[str]().union(*(earned(session, assignment, question, each) for each in (stub, *ways(right))))
            cheats = [cheat for table in tables(known, calls, question) for cheat in ways(table)]
            assert cheats
            for cheat in cheats:
                assert earned(session, assignment, question, cheat) <= by_hand, f"{question}: {cheat}"
            checks = {check.name for check in session.checks if check.question == question and not check.visible}
            assert earned(session, assignment, question, assignment.functions[question]) == checks


def test_a_hidden_point_that_could_be_looked_up_would_be_found(small_course: Path) -> None:
    """The search that the test above trusts: here a hidden check asks for what a visible one does."""
    edit(small_course / "solutions/01_sums/hidden_checks.py", "rng.normal(size=shape)", "np.array([[1.0, 2.0]])")
    edit(small_course / "solutions/01_sums/hidden_checks.py", "import pytest", "import numpy as np\nimport pytest")
    assignment = load_course(small_course / "solutions").assignment("01_sums")
    with AtHome(assignment) as home, assignment.check_session() as session:
        home("total", assignment.reference)
        calls = [call for call in home.observed.calls if call.question == "total"]
        table = Table("total", calls, {call.key: _value(call.reply) for call in calls})
        assert all(len(earned(session, assignment, "total", way)) == 3 for way in ways(table)[:4])


SUBMISSION = """\
import numpy as np
from numpy import array, nan, inf, float32, float64

ANSWERS = {answers}


def look_up(question, args):
    given = [np.shape(each) for each in args[:1]]
    answers = ANSWERS[question]
    return next((each for each in answers if [np.shape(each)] == given), answers[0])
"""
FUNCTION = """

def {question}(*args, **kwargs):
    return look_up("{question}", args)
"""


@pytest.mark.parametrize("name", NAMES)
def test_a_file_with_all_those_answers_is_graded_and_earns_nothing_hidden(
    course: Course, name: str, tmp_path: Path
) -> None:
    """The same by the way that every submission takes, in a worker: the numbers stand in the file."""
    assignment = course.assignment(name)
    known = read((ROOT / "assignments" / name / KNOWN_MISTAKES).read_bytes())
    answers: dict[str, list[Any]] = {question: [] for question in assignment.questions}
    for mistake in known.mistakes:
        for variant in mistake.variants:
            values = [_value(answer.reply) for answer in variant.values() if answer and answer.is_value_told]
            small = (each for each in values if not isinstance(each, Raised) and np.size(_first(each)) <= 150)
            answers[mistake.question] += small
    assert all(answers.values())
    with np.printoptions(threshold=1 << 20, floatmode="unique"):
        source = SUBMISSION.format(answers=repr(answers))
    source += "".join(FUNCTION.format(question=question) for question in assignment.questions)
    file = tmp_path / f"{name}.py"
    file.write_text(source)
    report = grade(ROOT, file, student="eve", assignment=name)
    checks = [check for question in report.questions for check in question.checks if not check.visible]
    assert checks
    assert {check.outcome for check in checks} <= {Outcome.FAILED, Outcome.ERROR}
    assert sum(check.earned for check in checks) == 0


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list | tuple) and value else value
