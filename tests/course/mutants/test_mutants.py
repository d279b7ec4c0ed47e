"""Mutants are made for any course, graded within limits, and told apart: caught, right after all, or surviving."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course.lesson import CourseError
from autograder.course.mutants.model import Fate
from tests.helpers.course import edit
from tests.helpers.mutants import EXAMPLE, SEEING, changes, course_of, tried

pytestmark = pytest.mark.slow

BLIND = '''

@points(1)
def test_share_shape(student, rng):
    """A batch of one keeps its shape"""
    assert student.share(rng.uniform(1, 2, size=(1, 3, 5))).shape == (1, 3, 5), "A batch of one stays one."
'''
ONE = "`X` is a batch of one"


def test_checks_that_see_all_let_none_survive(tmp_path: Path) -> None:
    question = tried(course_of(tmp_path))
    assert changes(question, Fate.SURVIVING, Fate.ALIKE) == set()
    killed = changes(question, Fate.KILLED)
    was = "total = X.sum(axis=-1, keepdims=True)"
    assert {
        (was, "total = X.sum(axis=0, keepdims=True)"),
        (was, "total = X.sum(axis=-1)"),
        (was, "total = X.mean(axis=-1, keepdims=True)"),
        (was, "pass"),
        ("return X / total", "return X * total"),
        ("return X / total", "return total / X"),
        ("return X / total", "return total"),
        ("return X / total", "return operator.itruediv(X, total)"),
        (ONE, "the last number is off"),
        ("any inputs", "`X` is written into"),
    } <= killed
    assert question.left_out == 0
    assert question.never == ["`X` has 1 along axis -1", "`X` is of float32"]


def test_a_check_that_looks_at_the_shape_alone_lets_a_batch_of_one_survive_and_a_mended_one_kills_it(
    tmp_path: Path,
) -> None:
    """In a visible check: in a hidden one, every answer is compared."""
    blind = SEEING.replace(", (1, 3, 5)", "")
    assignment = course_of(tmp_path, visible=EXAMPLE + BLIND, hidden=blind)
    question = tried(assignment)
    survivors = [each for each in question.of(Fate.SURVIVING) if each.mutant.was == ONE]
    assert {each.mutant.now for each in survivors} == {
        "every number is off",
        "the first number is off",
        "the last number is off",
    }
    lines = (assignment / "lesson.py").read_text().splitlines()
    assert {lines[each.mutant.line - 1] for each in survivors} == {"def share(X):"}
    assert {(each.call, each.check) for each in survivors} == {("share(X: (1, 3, 5))", "test_share_shape")}
    (assignment / "hidden_checks.py").write_text((assignment / "hidden_checks.py").read_text().replace(blind, SEEING))
    assert changes(tried(assignment), Fate.SURVIVING) == set()


def test_a_region_that_no_check_draws_is_told_and_is_no_survivor(tmp_path: Path) -> None:
    question = tried(course_of(tmp_path, hidden=SEEING.replace(", (6, 3, 5), (1, 3, 5)", "")))
    assert {"`X` is a batch", ONE} <= set(question.never)
    assert changes(question, Fate.SURVIVING) == set()


LARGEST = '''\
def share(X):
    """Divide each row by its sum.

    X: (..., n)
    Returns (..., n).
    """
    ### BEGIN SOLUTION
    total = np.abs(X).sum(axis=-1, keepdims=True)  # nothing is negative
    return X / total
    ### END SOLUTION'''
ENTRY = """\
[[share]]
was = {was!r}
now = {now!r}
because = "{because}"
"""
WAS, NOW = "total = np.abs(X).sum(axis=-1, keepdims=True)", "total = X.sum(axis=-1, keepdims=True)"


def test_what_is_right_on_all_inputs_is_alike_and_with_a_reason_equivalent(tmp_path: Path) -> None:
    assignment = course_of(tmp_path, solution=LARGEST)
    assert (WAS, NOW) in changes(tried(assignment), Fate.ALIKE)
    (assignment / "equivalents.toml").write_text(ENTRY.format(was=WAS, now=NOW, because="Nothing is negative."))
    edit(assignment / "lesson.py", "  # nothing is negative", "")  # comments and blanks are nobody's matter
    edit(assignment / "lesson.py", "axis=-1, keepdims", "axis = -1,  keepdims")
    question = tried(assignment)
    assert changes(question, Fate.EQUIVALENT) == {(WAS, NOW)}
    assert question.stale == []


@pytest.mark.parametrize(
    ("was", "now", "because", "problem"),
    [
        (WAS, "total = X.prod()", "It is so.", "no mutant is changed so any more: take the entry out"),
        (WAS, "pass", "It is so.", "the checks catch it: take the entry out"),
        (WAS, NOW, " ", "no reason is given"),
    ],
)
def test_an_entry_that_does_not_hold_is_named(tmp_path: Path, was: str, now: str, because: str, problem: str) -> None:
    assignment = course_of(tmp_path, solution=LARGEST)
    (assignment / "equivalents.toml").write_text(ENTRY.format(was=was, now=now, because=because))
    assert [(each.was, each.now, each.problem) for each in tried(assignment).stale] == [(was, now, problem)]


def test_a_reason_for_what_answers_otherwise_is_no_reason(tmp_path: Path) -> None:
    visible = EXAMPLE + BLIND.replace("rng.uniform(1, 2", "rng.uniform(-2, -1")
    assignment = course_of(tmp_path, solution=LARGEST, visible=visible, hidden=SEEING.replace(", (1, 3, 5)", ""))
    (assignment / "equivalents.toml").write_text(ENTRY.format(was=WAS, now=NOW, because="Nothing is negative."))
    question = tried(assignment)
    assert (WAS, NOW) in changes(question, Fate.SURVIVING)
    assert [each.problem for each in question.stale] == ["it is no equivalent: it differs from the reference"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[[sum]]\n", "sum is no question of this assignment"),
        ("[[share]]\nwas = 'x'\n", "entry 1 of [[share]] needs was, now and because, each a text"),
        ("[[share]\n", "cannot be read"),
    ],
)
def test_a_list_that_cannot_be_used_is_one_line(tmp_path: Path, content: str, said: str) -> None:
    assignment = course_of(tmp_path)
    (assignment / "equivalents.toml").write_text(content)
    with pytest.raises(CourseError) as caught:
        tried(assignment)
    assert said in str(caught.value)
    assert "equivalents.toml" in str(caught.value)


COUNTING = '''\
def halve(n):
    """How often n can be halved."""
    ### BEGIN SOLUTION
    times = 0
    while n > 1:
        n = n // 2
        times += 1
    return times
    ### END SOLUTION'''
HALVED = '''
@points(1)
def test_halve(student, reference, rng):
    """Any number"""
    assert_matches(student.halve, reference.halve, int(rng.integers(50, 100)))
    assert_matches(student.halve, reference.halve, int(rng.choice([640, 32])))
'''
HALVED_EXAMPLE = '''
@points(1)
def test_halve_example(student):
    """8 and 0"""
    assert_allclose(student.halve(8), 3, "8, 4, 2, 1.")
    assert_allclose(student.halve(0), 0, "Never.")
    assert_allclose(student.halve(1), 0, "Never.")
'''


def test_a_mutant_without_end_is_ended_and_caught_and_the_others_are_tried(tmp_path: Path) -> None:
    question = tried(course_of(tmp_path, "halve", COUNTING, HALVED_EXAMPLE, HALVED))
    ended, killed = changes(question, Fate.ENDED), changes(question, Fate.KILLED)
    assert ("n = n // 2", "pass") in ended
    assert ("while n > 1:", "while True:") in ended
    assert ("return times", "return n") in killed
    assert changes(question, Fate.SURVIVING) == set()
    assert question.seldom == ["`n` is larger than 100"], "some students' are"


GREEDY = '''\
def halve(n):
    """A list of as many zeros as half of n."""
    ### BEGIN SOLUTION
    return [0] * (n // 2)
    ### END SOLUTION'''


def test_a_mutant_that_takes_all_memory_is_caught(tmp_path: Path) -> None:
    """4000 to the power of 4 zeros, say."""
    many = HALVED.replace("rng.integers(50, 100)", "rng.integers(3000, 4000)").replace("[640, 32]", "[6400, 3200]")
    visible = HALVED_EXAMPLE.replace("3, ", "[0] * 4, ").replace(" 0, ", " [], ")
    question = tried(course_of(tmp_path, "halve", GREEDY.replace("n // 2", "n * n // (2 * n)"), visible, many))
    assert changes(question, Fate.SURVIVING) == set()
    assert len(changes(question, Fate.KILLED)) > 10


def test_an_argument_written_into_survives_where_nothing_looks_at_it(tmp_path: Path) -> None:
    careless = SEEING[: SEEING.index("\n\n@points(1)\ndef test_share_side_effects")]
    survivors = changes(tried(course_of(tmp_path, hidden=careless)), Fate.SURVIVING)
    assert survivors == {
        ("return X / total", "return operator.itruediv(X, total)"),
        ("any inputs", "`X` is written into"),
    }


ROUGH = '''\
def share(X):
    """The sum of each row, roughly."""
    ### BEGIN SOLUTION
    return X.sum(axis=-1) + 0.01
    ### END SOLUTION'''
ROUGHLY = '''
@points(1)
def test_share(student, reference, rng):
    """Roughly"""
    assert_matches(student.share, reference.share, rng.uniform(1, 2, size=(3, 5)), atol=0.05)
'''
ROUGH_MUTANT = ("return X.sum(axis=-1) + 0.01", "return X.sum(axis=-1)")


def test_answers_are_compared_as_the_check_compares_them(tmp_path: Path) -> None:
    """What is right within the tolerance that the check allows is not wrong; in another check it may be."""
    rough = tried(course_of(tmp_path / "rough", solution=ROUGH, visible="", hidden=ROUGHLY))
    assert ROUGH_MUTANT in changes(rough, Fate.ALIKE)
    exact = tried(course_of(tmp_path / "exact", solution=ROUGH, visible="", hidden=ROUGHLY.replace(", atol=0.05", "")))
    assert ROUGH_MUTANT in changes(exact, Fate.KILLED)


ROOT_OF = '''\
def root(n):
    """A number whose square is n: either will do."""
    ### BEGIN SOLUTION
    return n**0.5 * 1
    ### END SOLUTION'''
ROOTS = '''
@points(1)
def test_root(student, reference, rng):
    """Either root"""
    number = float(rng.uniform(1, 9))
    assert_matches(student.root, reference.root, number, compare=lambda x, y: abs(x * x - y * y) < 1e-6)
'''
ROOT_EXAMPLE = '''
@points(1)
def test_root_example(student):
    """That of 9"""
    assert abs(student.root(9.0) ** 2 - 9) < 1e-6, "Three times three is nine."
'''


def test_where_many_answers_are_right_only_the_authors_comparison_tells(tmp_path: Path) -> None:
    question = tried(course_of(tmp_path, "root", ROOT_OF, ROOT_EXAMPLE, ROOTS))
    assert ("return n ** 0.5 * 1", "return n ** 0.5 * -1") in changes(question, Fate.ALIKE)
    assert changes(question, Fate.SURVIVING) == set()


CLASS = '''\
class Counter:
    """Counts words."""

    def __init__(self, start=0):
        self.start = start

    ### BEGIN SOLUTION
    def count(self, words, keep=None):
        """How often each word stands there."""
        found = {}
        for word in words:
            if keep is None or keep(word):
                found[word] = found.get(word, self.start) + 1
        return found

    def lengths(self, words):
        """The lengths, one after the other."""
        for word in words:
            yield len(word)

    def drawn(self, rng, n):
        """Some numbers."""
        return rng.normal(size=n)
    ### END SOLUTION'''
COUNTED = '''
@points(1)
def test_counter(student, reference, rng):
    """Words"""
    words = [str(each) for each in rng.choice(["a", "bc", "", "Def"], size=12)]
    mine, right = student.Counter(start=2), reference.Counter(start=2)
    assert_matches(mine.count, right.count, words)
    assert_matches(mine.count, right.count, words, len)
    assert_matches(student.Counter().count, reference.Counter().count, words)
    assert_matches(mine.lengths, right.lengths, words)
    assert_matches(mine.drawn, right.drawn, rng, 4)
'''
COUNTED_EXAMPLE = '''
@points(1)
def test_counter_example(student):
    """a and b"""
    assert student.Counter().count(["a", "b", "a"]) == {"a": 2, "b": 1}, "a stands there twice."
'''


def test_classes_text_dicts_iterators_generators_and_functions_have_mutants_too(tmp_path: Path) -> None:
    question = tried(course_of(tmp_path, "Counter", CLASS, COUNTED_EXAMPLE, COUNTED))
    killed = changes(question, Fate.KILLED)
    assert {
        ("if keep is None or keep(word):", "if keep is not None or keep(word):"),
        ("found[word] = found.get(word, self.start) + 1", "found[word] = found.get(word, self.start) - 1"),
        ("for word in words:", "for word in list(words)[1:]:"),
        ("yield len(word)", "pass"),
        ("return rng.normal(size=n)", "return rng.uniform(size=n)"),
        ("def __init__(self, start=0):", "def __init__(self, start=1):"),
        ("count: any inputs", "the last number is off"),
        ("lengths: any inputs", "the first number is off"),
        ("count: `keep` is given", "every number is off"),
    } <= killed
    assert changes(question, Fate.SURVIVING) == {("count: any inputs", "`words` is written into")}, (
        "nothing looks at it"
    )
