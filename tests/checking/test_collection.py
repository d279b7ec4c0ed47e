"""Which checks there are, to which question each belongs, and files of checks that are broken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.checking.collection import CheckRun, ChecksError
from autograder.checking.session import CheckSession
from autograder.course.loader import load_course
from autograder.sandbox.client import Worker
from tests.helpers.checks import ADD_HALF, MATCHES, NO_DOCSTRING, SYNTAX_ERROR, Grade, f


def test_a_parametrised_check_is_one_check_a_case(grade: Grade) -> None:
    hidden = '''
@points(2)
@pytest.mark.parametrize("n", [pytest.param(1, id="one"), pytest.param(2, id="two"), 3])
def test_f(student, reference, n):
    """So many numbers.

    This line is for the instructor.
    """
    assert_matches(student.f, reference.f, np.zeros(n))
'''
    results = grade(f("return X + 0.5 if len(X) < 3 else X"), hidden)
    assert [(each.name, each.title, each.points, each.earned) for each in results.values()] == [
        ("test_f[one]", "So many numbers (one)", 2, 2),
        ("test_f[two]", "So many numbers (two)", 2, 2),
        ("test_f[3]", "So many numbers (3)", 2, 0),
    ]


def test_a_check_belongs_to_the_last_question_that_it_calls(
    session: Callable[..., CheckSession], answers: Callable[[str], Worker]
) -> None:
    hidden = '''
@points(1)
def test_both(student):
    """Calls g before f, and belongs to g, which comes later in the lesson"""
    assert_allclose(student.g(np.ones(3)), student.f(np.ones(3)))


@points(1)
def test_first(student):
    """Calls f"""
    student.f(np.ones(3))
'''
    reference = "def f(X):\n    return X\n\n\ndef g(X):\n    return X\n"
    results = session(hidden, reference).run(CheckRun(answers(reference)))
    assert [(question.name, [check.name for check in question.checks]) for question in results] == [
        ("f", ["test_first"]),
        ("g", ["test_both"]),
    ]


def test_visible_checks_are_marked(grade: Grade) -> None:
    visible = (
        MATCHES.replace(", reference", "").replace("reference.f, ", "lambda X: X + 0.5, ").replace("test_f", "test_v")
    )
    results = grade(ADD_HALF, visible=visible)
    assert {name: result.visible for name, result in results.items()} == {"test_v": True, "test_f": False}


def test_a_visible_check_has_no_reference(session: Callable[..., CheckSession]) -> None:
    with pytest.raises(ChecksError, match=r"visible_checks\.py, line \d+: check `test_f` .*reference"):
        session("", visible=MATCHES)


NO_WORDS = '@points(1)\ndef test_wordless(student):\n    " "\n    student.total(0)\n'
ASYNC = '@points(1)\nasync def test_late(student):\n    """Title"""\n    student.total(0)\n'
NO_POINTS = 'def test_worthless(student):\n    """Title"""\n    student.total(0)\n'
NO_QUESTION = '@points(1)\ndef test_aimless(student):\n    """Title"""\n    assert 1 + 1 == 2\n'
UNKNOWN_QUESTION = '@points(1)\ndef test_astray(student):\n    """Title"""\n    student.totle(0)\n'
SAME_NAME = '@points(1)\ndef test_total_example(student):\n    """Title"""\n    student.total(0)\n'
SAME_NAME_IN_ONE_FILE = SAME_NAME.replace("test_total_example", "test_twice") * 2

FAILING_IMPORT = "import no_such_module\n"


@pytest.mark.parametrize(
    ("addition", "names"),
    [
        (NO_DOCSTRING, "test_silent"),
        (NO_WORDS, "test_wordless"),
        (ASYNC, "test_late"),
        (NO_POINTS, "test_worthless"),
        (NO_QUESTION, "test_aimless"),
        (UNKNOWN_QUESTION, "there is no `student.totle`: the lesson has total, mean"),
        (SAME_NAME, "test_total_example"),
        (SAME_NAME_IN_ONE_FILE, "test_twice"),
        (SYNTAX_ERROR, "SyntaxError"),
        (FAILING_IMPORT, "no_such_module"),
    ],
    ids=[
        "docstring",
        "blank docstring",
        "async",
        "points",
        "no question",
        "unknown question",
        "same name",
        "twice in a file",
        "syntax",
        "import",
    ],
)
def test_a_broken_file_of_checks_is_named_with_its_check_in_one_line(
    small_course: Path, addition: str, names: str
) -> None:
    checks = small_course / "solutions/01_sums/hidden_checks.py"
    checks.write_text(f"{checks.read_text()}\n\n{addition}")
    with pytest.raises(ChecksError) as refused:
        load_course(small_course / "solutions").assignment("01_sums").check_session()
    assert len(str(refused.value).splitlines()) == 1
    assert "hidden_checks.py" in str(refused.value)
    assert names in str(refused.value)
