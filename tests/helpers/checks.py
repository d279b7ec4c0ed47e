"""Files of checks, written for one test, and broken ones."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from autograder.checking.collection import AssignmentChecks
from autograder.report.model import CheckResult
from autograder.sandbox.protocol import Answers

HEAD = "import numpy as np\nimport pytest\n\nfrom autograder.checking import *\n\n\n"
ADD_HALF = "def f(X):\n    return X + 0.5"
MATCHES = '''
@points(3)
def test_f(student, reference):
    """Half more"""
    assert_matches(student.f, reference.f, np.arange(6.0).reshape(2, 3))
'''

TRIPS = '''
@points(1)
def test_f(student, reference):
    """Does this and that"""
    {line}


@points(1)
def test_after(student):
    """Is not harmed"""
    student.f(np.ones(3))
'''

Grade = Callable[..., dict[str, CheckResult]]


def functions(source: str) -> dict[str, Callable[..., Any]]:
    """The functions that trusted source defines."""
    space: dict[str, Any] = {"np": np}
    exec(source, space)
    return {name: value for name, value in space.items() if inspect.isfunction(value)}


def write_checks(folder: Path, hidden: str, reference: str, visible: str, answers: Answers) -> AssignmentChecks:
    """The files of an assignment, from their text. The questions are the functions that the reference defines."""
    (folder / "visible_checks.py").write_text(HEAD + visible)
    (folder / "hidden_checks.py").write_text(HEAD + hidden)
    right = functions(reference)
    return AssignmentChecks(
        parameters={name: tuple(inspect.signature(function).parameters) for name, function in right.items()},
        visible=folder / "visible_checks.py",
        hidden=(folder / "hidden_checks.py",),
        functions=right,
        reference=answers,
    )


def f(body: str) -> str:
    return f"def f(X):\n    {body}"


NO_DOCSTRING = "@points(1)\ndef test_silent(student):\n    student.total(0)\n"

SYNTAX_ERROR = "def test_unfinished(student:\n"
