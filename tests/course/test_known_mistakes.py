"""What students' own machines are told of mistakes: enough to name them, and no right answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from autograder.checking.at_home.known import MIN_ALIKE, KnownMistake, WrongAnswer, read
from autograder.checking.at_home.observed import Call, Observed
from autograder.checking.collection import AssignmentChecks, CheckRun
from autograder.checking.comparison.arrays import expected_of
from autograder.checking.recognition.slips import Answer
from autograder.checking.session import CheckSession
from autograder.course.known_mistakes import known_mistakes_file
from autograder.course.lesson import CourseError
from autograder.course.loader import load_course
from autograder.sandbox.protocol import Raised, Returned
from tests.helpers.at_home import AtHome, failing
from tests.helpers.course import edit
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.slow

COURSES = {"the course": ROOT / "solutions", "another course": ROOT / "examples/other_course/solutions"}
ASSIGNMENTS = [
    pytest.param(kind, name, id=name) for kind, folder in COURSES.items() for name in load_course(folder).names
]


@pytest.fixture(scope="module")
def homes() -> Iterator[dict[tuple[str, str], AtHome]]:
    opened = {
        (kind, assignment.name): AtHome(assignment)
        for kind, folder in COURSES.items()
        for assignment in load_course(folder).assignments
    }
    yield opened
    for home in opened.values():
        with home:
            pass


def alike(one: WrongAnswer | None, other: WrongAnswer | None) -> bool:
    """Whether nobody could tell two answers apart: two exceptions of one type have others words elsewhere."""
    if one is None or other is None:
        return one is other
    if isinstance(one.reply, Raised) and isinstance(other.reply, Raised):
        return one.reply.type == other.reply.type
    call = Call("", "", "", (), {}, other.reply)
    return isinstance(other.reply, Returned) and one.is_like(call)


def twins(home: AtHome, mistake: KnownMistake, answers: Mapping[str, WrongAnswer | None]) -> set[str]:
    """The other mistakes that answer all calls of the visible checks as this one does."""
    return {
        other.name
        for other in home.known.mistakes
        for theirs in other.variants
        if other.question == mistake.question and other.name != mistake.name
        if all(alike(answer, theirs[key]) for key, answer in answers.items() if key in theirs)
    }


@pytest.mark.parametrize(("kind", "name"), ASSIGNMENTS)
def test_every_mistake_that_visible_checks_show_is_named_as_itself(
    homes: dict[tuple[str, str], AtHome], kind: str, name: str
) -> None:
    home = homes[kind, name]
    found: Counter[str] = Counter()
    for misconception in home.assignment.misconceptions:
        for number, function in enumerate(misconception.functions):
            wrong = failing(home.mistaken(misconception.question, function))
            names = {check.misconception for check in wrong}
            if not wrong:
                found["not shown"] += 1
                continue
            if names == {misconception.name}:
                assert all(check.message.endswith(misconception.lesson) for check in wrong)
                assert {check.lesson for check in wrong} == {misconception.lesson}
                found["named"] += 1
                continue
            assert names == {None}, f"{misconception.name} is named {names}"
            known = next(each for each in home.known.mistakes if each.name == misconception.name)
            answers = known.variants[number]
            if sum(answer.entries for answer in answers.values() if answer) < MIN_ALIKE:
                found["one number"] += 1  # it may be another mistake's as well
                continue
            assert twins(home, known, answers), f"{misconception.name} has no name"
            found["like another"] += 1
    assert found["named"] > found["like another"] + found["one number"]


@pytest.mark.parametrize(("kind", "name"), ASSIGNMENTS)
def test_no_right_answer_of_a_call_is_told(homes: dict[tuple[str, str], AtHome], kind: str, name: str) -> None:
    home = homes[kind, name]
    for question in home.assignment.questions:
        result = home(question, home.assignment.reference)
        assert failing(result) == []
        right = {call.key: call for call in home.observed.calls if call.question == question}
        told = 0
        for mistake in home.known.mistakes:
            for answers in mistake.variants:
                for key, answer in answers.items():
                    if answer is None or key not in right or not answer.is_value_told:
                        continue
                    told += 1
                    assert not is_right(answer, right[key]), f"{mistake.name} tells a right answer"
        assert told
        assert all(home.known.is_right(call) in (True, None) for call in right.values())


def is_right(answer: WrongAnswer, call: Call) -> bool:
    if not isinstance(answer.reply, Returned) or not isinstance(call.reply, Returned):
        return False
    expected = expected_of(call.reply.value)
    return Answer(lambda args, kwargs: call.reply, call.args, call.kwargs, answer.reply, expected).is_right


def test_a_right_answer_would_be_found(homes: dict[tuple[str, str], AtHome]) -> None:
    """The search that the test above trusts."""
    home = homes["the course", "03_softmax"]
    home("softmax", home.assignment.reference)
    assert all(is_right(WrongAnswer(call.reply), call) for call in home.observed.calls)


def test_two_releases_are_the_same_to_the_byte() -> None:
    for kind, folder in COURSES.items():
        name = load_course(folder).names[0]
        files = [known_mistakes_file(load_course(folder).assignment(name)) for _ in range(2)]
        assert files[0] == files[1], kind


def test_only_mistakes_that_show_are_told(small_course: Path) -> None:
    """Nothing is told of those that pass the visible checks: their words stand in no file of students."""
    edit(
        small_course / "solutions/01_sums/misconceptions.py",
        "from autograder.checking import misconception\n",
        "from autograder.checking import misconception\n\n\n"
        '@misconception("total")\ndef two_axes_only(X):\n    """Counts on two axes.\n\n    How many?\n    """\n'
        "    return X.sum(axis=1)\n",
    )
    content = known_mistakes_file(load_course(small_course / "solutions").assignment("01_sums"))
    assert [each.name for each in read(content).mistakes] == ["over_columns", "one_too_few"]
    assert b"Counts on two axes" not in content


def test_an_answer_that_is_right_but_for_what_it_changed_is_told_without_its_value(small_course: Path) -> None:
    edit(
        small_course / "solutions/01_sums/misconceptions.py",
        "    return X.sum(axis=0)",
        "    X[...] = 0 * X + X\n    X *= 2\n    return X.sum(axis=-1) / 2",
    )
    known = read(known_mistakes_file(load_course(small_course / "solutions").assignment("01_sums")))
    (answer,) = known.mistakes[0].variants[0].values()
    assert answer == WrongAnswer(Returned(None, (0,)), is_value_told=False)


def test_what_is_too_large_is_refused_in_one_line(small_course: Path) -> None:
    visible = small_course / "solutions/01_sums/visible_checks.py"
    large = '\n\n@points(1)\ndef test_large(student):\n    """Many"""\n    student.total(np.ones((1500, 1500, 2)))\n'
    visible.write_text(visible.read_text() + large)
    edit(small_course / "solutions/01_sums/misconceptions.py", "X.sum(axis=0)", "X[..., 0] + np.arange(1500.0) / 3")
    edit(small_course / "solutions/01_sums/misconceptions.py", "from autograder", "import numpy as np\nfrom autograder")
    assignment = load_course(small_course / "solutions").assignment("01_sums")
    assert len(known_mistakes_file(assignment)) < 16 << 20, "nine megabytes are not too many"
    edit(visible, "(1500, 1500, 2)", "(3000, 1500, 2)")
    with pytest.raises(
        CourseError, match=r"01_sums: what its misconceptions .* let visible checks call with smaller"
    ) as e:
        known_mistakes_file(load_course(small_course / "solutions").assignment("01_sums"))
    assert len(str(e.value).splitlines()) == 1


def test_arguments_that_come_of_an_answer_are_in_no_table(small_course: Path) -> None:
    """A call with what another call returned has another digest for everyone who answers otherwise."""
    edit(
        small_course / "solutions/01_sums/visible_checks.py",
        "assert_allclose(student.mean(np.array([[1.0, 3.0]])), [2.0]",
        "assert_allclose(student.mean(np.array([student.total(np.array([[1.0, 0], [3, 0]]))])), [2.0]",
    )
    with AtHome(load_course(small_course / "solutions").assignment("01_sums")) as home:
        assert failing(home("mean", home.assignment.reference)) == []
        wrong = home.mistaken("mean", lambda X: X.sum(axis=-1) / (X.shape[-1] - 1) + 0 * np.sum(X))
    assert [check.misconception for check in failing(wrong)] == [None]


def test_visible_checks_of_a_course_are_run_as_students_have_them(small_course: Path) -> None:
    """No reference is known to them, and none of the course's other files."""
    assignment = load_course(small_course / "solutions").assignment("01_sums")
    with CheckSession(AssignmentChecks(assignment.parameters, assignment.folder / "visible_checks.py")) as session:
        observed = Observed()
        session.run(CheckRun(assignment.reference, observed=observed))
    assert [(call.check, call.question) for call in observed.calls] == [
        ("test_total_example", "total"),
        ("test_mean_example", "mean"),
    ]
    assert [(each.part, each.is_right) for each in observed.comparisons] == [(0, True), (0, True)]
