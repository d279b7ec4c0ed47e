"""What a question may be about: each kind of value, right and wrong, in the worker, in `check`, and in a notebook."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder import grade
from autograder.report.model import Outcome, Report
from tests.helpers.command_line import autograder
from tests.helpers.notebooks import run_notebook, write_notebook

pytestmark = pytest.mark.slow
A = "01_kinds"


@dataclass(frozen=True)
class Kind:
    """A question: what the lesson has, a call of it as a check makes it, and an answer that is wrong."""

    right: str
    call: str
    wrong: str
    options: str = ""


KINDS = {
    "text": Kind("def text(name):\n    return name.title()", "'ada lovelace'", "return name"),
    "raw": Kind("def raw(name):\n    return name.encode()", "'ab\\u00e9'", "return name"),
    "huge": Kind("def huge(n):\n    return 7 ** n", "2000", "return 7 ** n + 1"),
    "truth": Kind("def truth(n):\n    return n % 2 == 0", "4", "return 0"),
    "nothing": Kind("def nothing(x):\n    return None", "1", "return 0"),
    "odd_floats": Kind(
        "def odd_floats(x):\n    return np.array([np.nan, np.inf, -np.inf, x])", "1.5", "return np.zeros(4)"
    ),
    "imaginary": Kind("def imaginary(x):\n    return np.sqrt(x + 0j)", "-2.0", "return np.sqrt(abs(x))"),
    "words": Kind("def words(line):\n    return line.split()", "'a b c'", "return tuple(line.split())"),
    "pair": Kind("def pair(line):\n    return len(line), line[0]", "'abc'", "return line[0], len(line)"),
    "letters": Kind("def letters(line):\n    return set(line)", "'hello'", "return set(line) | {'z'}"),
    "counts": Kind(
        "def counts(line):\n    return {each: line.count(each) for each in line}", "'hello'", "return {'h': 1}"
    ),
    "grid": Kind("def grid(n):\n    return {(i, n - i): i for i in range(n)}", "3", "return {(0, 3): 1}"),
    "nested": Kind(
        "def nested(x):\n    return {'sizes': [x.shape, {'sum': x.sum()}], 'name': 'x'}",
        "np.ones((2, 3))",
        "return {'sizes': [x.shape, {'sum': 7.0}], 'name': 'x'}",
    ),
    "point": Kind("def point(x):\n    return Point(x, 'p')", "1.0", "return Point(x, 'q')"),
    "named": Kind("def named(x):\n    return Named(x, x + 1)", "1.0", "return Named(x, x)"),
    "table": Kind(
        "def table(n):\n    return np.array([('a', n)], [('name', 'U3'), ('size', float)])",
        "2",
        "return np.array([('b', n)], [('name', 'U3'), ('size', float)])",
    ),
    "labels": Kind("def labels(n):\n    return np.array(['x'] * n)", "3", "return np.array(['y'] * n)"),
    "draws": Kind("def draws(rng, n):\n    return rng.normal(size=n)", "rng, 3", "return np.zeros(n)"),
    "area": Kind("def area(f, b):\n    return f(np.linspace(0, b, 9)).sum()", "np.sin, 2.0", "return b"),
    "twice": Kind("def twice(f, x):\n    return f(f(x))", "student.square, 3.0", "return f(x)"),
    "square": Kind("def square(x):\n    return x * x", "4.0", "return 2 * x"),
    "mapped": Kind("def mapped(f, x):\n    return f(x) + 1", "student.double, 3.0", "return x"),
    "steps": Kind(
        "def steps(n):\n    while n > 1:\n        yield n\n        n = n // 2",
        "40",
        "yield n",
    ),
    "endless": Kind("def endless(x):\n    return itertools.count(x)", "5", "return iter([5, 6])"),
    "distance": Kind("def distance(p):\n    return p.x + len(p.name)", "Point(2.0, 'abc')", "return p.x"),
    "axes": Kind(
        "def axes(M):\n    return np.linalg.eigh(M + M.T)[1]",
        "rng.normal(size=(3, 3))",
        "return M",
        "compare=up_to_sign",
    ),
    "shuffled": Kind("def shuffled(line):\n    return sorted(line)", "'hello'", "return ['h']", "compare=any_order"),
    "about": Kind("def about(x):\n    return x / 3", "10.0", "return 4.0", "compare=lambda a, b: abs(a - b) < 0.5"),
    "refusing": Kind(
        "def refusing(x):\n    if x < 0:\n        raise KeyError(x)\n    return x", "-1", "return x", "raises=KeyError"
    ),
    "near": Kind("def near(x, rtol):\n    return x * (1 + rtol)", "1.0, rtol=0.5", "return x"),
    "loose": Kind("def loose(x):\n    return x + 0.001", "1.0", "return x + 1", "rtol=0, atol=0.01"),
    "by_number": Kind("def by_number(n):\n    return {n: 'n', None: n, True: 0}", "7", "return {7: 'n'}"),
    "tally": Kind(
        "def tally(y):\n    return dict(zip(*np.unique(y, return_counts=True)))",
        "np.array([1, 2, 1])",
        "return {1: 1, 2: 1}",
    ),
    "values": Kind("def values(y):\n    return set(np.unique(y))", "np.array([1, 2, 1])", "return {1, 3}"),
    "spectrum": Kind("def spectrum(M):\n    return np.linalg.eigh(M)", "np.diag([1.0, 2.0])", "return M, M"),
    "far": Kind("def far(x):\n    return {'x': x * 1e308}", "1.5", "return {'x': 10**400}"),
    "union": Kind("def union(a, b):\n    return a | b", "{1, 'x'}, frozenset({(2, 3)})", "return a"),
    "lookup": Kind("def lookup(table, key):\n    return table[key]", "{(1, 2): None, b'k': 2}, b'k'", "return table"),
    "decoded": Kind("def decoded(raw):\n    return raw.decode()", "b'ab'", "return raw"),
    "conjugate": Kind("def conjugate(z):\n    return z.conjugate()", "1 + 2j", "return z"),
    "halved": Kind("def halved(n):\n    return n // 2", "10**300", "return n"),
    "first_field": Kind(
        "def first_field(t):\n    return t['a'].sum()",
        "np.array([(1.0, 'x')], [('a', float), ('b', 'U3')])",
        "return t",
    ),
    "largest": Kind("def largest(n):\n    return np.array([2**62 + n, 1])", "1", "return np.array([2**62, 1])"),
    "whole": Kind("def whole(n):\n    return 10**9 + n", "1", "return 10**9"),
    "roughly": Kind("def roughly(n):\n    return 1000 + n", "1", "return 2000", "rtol=0.1"),
    "span": Kind("def span(n):\n    return range(n)", "4", "return range(n + 1)"),
}
GIVEN = """\
import itertools
from collections import namedtuple
from dataclasses import dataclass

import numpy as np
from autograder import check


@dataclass
class Point:
    x: float
    name: str


Named = namedtuple("Named", ["x", "y"])


def double(x):
    return 2 * x
"""
CHECKS = """\
from dataclasses import dataclass

import numpy as np
from autograder.checking import any_order, assert_matches, points, up_to_sign


@dataclass
class Point:
    x: float
    name: str

"""
RIGHT_TOO = {"refusing": "2"}  # what refuses must also answer


def lesson() -> str:
    cells = [f"# %% [markdown]\n# # Kinds\n\n# %%\n{GIVEN}"]
    for name, kind in KINDS.items():
        head, *body = kind.right.split("\n")
        marked = "\n".join([head, "    ### BEGIN SOLUTION", *body, "    ### END SOLUTION"])
        cells.append(f"# %% {name}\n{marked}\n")
    return "\n".join(cells)


def checks(*, visible: bool) -> str:
    """Hidden ones compare; visible ones call."""
    found = [CHECKS]
    for name, kind in KINDS.items():
        options = f", {kind.options}" if kind.options else ""
        fixtures = "student, rng" if visible else "student, reference, rng"
        found.append(f"@points(1)\ndef test_{name}_{'seen' if visible else 'hidden'}({fixtures}):")
        found.append(f'    """{name}"""')
        if visible:
            call = RIGHT_TOO.get(name, kind.call)
            found.append(f"    assert student.{name}({call}) is not Ellipsis\n")
            continue
        found.append(f"    assert_matches(student.{name}, reference.{name}, {kind.call}{options})")
        if name in RIGHT_TOO:
            found.append(f"    assert_matches(student.{name}, reference.{name}, {RIGHT_TOO[name]})")
        found.append("")
    return "\n".join(found)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("kinds")
    folder = root / "solutions" / A
    folder.mkdir(parents=True)
    (root / "solutions" / "course.toml").write_text(
        'title = "Kinds"\nseed = "x"\nimports = ["numpy"]\nassignments = ["01_kinds"]\n'
        "[limits]\ncpu_seconds = 2\nmemory_mb = 512\nanswer_mb = 16\n"
    )
    (folder / "lesson.py").write_text(lesson())
    (folder / "visible_checks.py").write_text(checks(visible=True))
    (folder / "hidden_checks.py").write_text(checks(visible=False))
    (folder / "misconceptions.py").write_text("")
    return root


def answers(wrong: bool) -> str:
    found = [GIVEN]
    for kind in KINDS.values():
        head, *_ = kind.right.split("\n")
        found.append(f"{head}\n    {kind.wrong}\n" if wrong else f"{kind.right}\n")
    return "\n".join(found)


@pytest.fixture(scope="module")
def graded(course: Path) -> dict[str, Report]:
    reports = {}
    for name in ("right", "wrong"):
        file = course / name / f"{A}.py"
        file.parent.mkdir()
        file.write_text(answers(wrong=name == "wrong"))
        reports[name] = grade(course, file, student=name, assignment=A)
    return reports


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_of_question(graded: dict[str, Report], kind: str) -> None:
    for name, outcomes in (("right", {Outcome.PASSED}), ("wrong", {Outcome.FAILED, Outcome.ERROR})):
        (question,) = (each for each in graded[name].questions if each.name == kind)
        (check,) = (each for each in question.checks if each.name.endswith("hidden"))
        assert check.outcome in outcomes, (name, check.outcome, check.message)
        if name == "wrong":
            assert kind in check.message


def test_the_same_in_check(course: Path) -> None:
    """A student at home: each call is made, and what it brings is what the checks get."""
    done = autograder("release", cwd=course)
    assert done.returncode == 0, done.stdout + done.stderr
    folder = course / "assignments" / A
    (folder / f"{A}.ipynb").unlink()
    (folder / f"{A}.py").write_text(answers(wrong=False))
    done = autograder("check", folder / f"{A}.py", cwd=course)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_same_in_a_notebook(course: Path, tmp_path: Path) -> None:
    folder = tmp_path / "assignments" / A
    folder.mkdir(parents=True)
    (folder.parent / "course.toml").write_text(f'title = "Kinds"\nassignments = ["{A}"]\nimports = ["numpy"]\n')
    (folder / "visible_checks.py").write_text(checks(visible=True))
    cells = [GIVEN + "from autograder import check", *(kind.right for kind in KINDS.values())]
    cells += [f"check({name})" for name in KINDS]
    shown = run_notebook(write_notebook(folder / f"{A}.ipynb", *cells))
    for name, text in zip(KINDS, shown[-len(KINDS) :], strict=True):
        assert f"`{name}`: its visible check passes" in text, text


HOSTILE = {
    "equal_to_all": "type('E', (), {'__eq__': lambda *_: True, '__hash__': lambda _: 1})()",
    "text_of_its_own": "type('S', (str,), {'__eq__': lambda *_: True, '__hash__': lambda _: 1})('x')",
    "list_that_lies": "type('L', (list,), {'__len__': lambda _: 3, '__iter__': lambda _: iter(()) })([1])",
    "dict_that_lies": "type('D', (dict,), {'values': lambda _: iter(int, 1)})(a=1)",
    "endless": "iter(int, 1)",
    "late": "(1 // 0 for _ in [1])",
    "nested": "functools.reduce(lambda inner, _: [inner], range(500), 0)",
    "very_large": "1 << 10_000_000",
    "many": "set(range(200_000))",
    "clever_point": "type('Point', (), {'__dataclass_fields__': {'x': 1, 'name': 2}})()",
    "enumerated": "enum.Enum('Z', {'A': type('V', (), {'__eq__': lambda *_: 1 // 0, '__hash__': None})()}).A",
    "function": "len",
    "module": "np",
    "itself": "(lambda it: it.append(it) or it)([])",
    "range": "range(10**15)",
    "beyond": "{'a': 10**400, 'sum': 1e308 + 1e308j}",
    "surrogate": "'\\ud800'",
    "rng": "np.random.default_rng(0)",
    "named_like_ours": "namedtuple('Instance', 'type fields')('Point', {})",
    "raises_on_sight": "type('R', (), {'__class__': property(lambda _: 1 // 0), '__getattr__': lambda *_: 1 // 0})()",
}


@pytest.mark.parametrize("answer", HOSTILE)
def test_a_hostile_answer_is_the_students_own_affair(course: Path, tmp_path: Path, answer: str) -> None:
    """Whatever comes back where text, a number or an object is due: no point, and no fault of ours."""
    asked = ("text", "huge", "letters", "counts", "point", "steps", "nested", "labels")
    functions = [f"{KINDS[name].right.split(chr(10))[0]}\n    return {HOSTILE[answer]}\n" for name in asked]
    file = tmp_path / f"{A}.py"
    file.write_text("\n".join(["import enum\nimport functools", GIVEN, *functions]))
    report = grade(course, file, student="mallory", assignment=A)
    questions = [question for question in report.questions if question.name in asked]
    hidden = [check for question in questions for check in question.checks if not check.visible]
    assert len(hidden) == len(asked)
    outcomes = {check.outcome for check in hidden}
    assert outcomes <= {Outcome.FAILED, Outcome.ERROR, Outcome.TIMEOUT, Outcome.CRASHED}, outcomes
    assert [
        check.message for check in hidden if "\n" in check.message and not (check.misconception or check.line)
    ] == []
    assert max(len(check.message) for check in hidden) < 2_000
