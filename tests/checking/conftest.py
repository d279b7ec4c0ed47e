"""Checks that are collected once, and a student's source graded by them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import cache

import pytest

from autograder.checking.collection import CheckRun
from autograder.checking.recognition.misconceptions import Misconception
from autograder.checking.session import CheckSession
from autograder.report.model import CheckResult
from autograder.sandbox.client import Sandbox, Worker
from autograder.sandbox.protocol import Cell, Part
from tests.helpers.checks import ADD_HALF, MATCHES, Grade, write_checks


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Iterator[Callable[..., CheckSession]]:
    """Gives the session of some checks: one for all tests that use the same ones."""
    opened = ExitStack()

    @cache
    def get(hidden: str = MATCHES, reference: str = ADD_HALF, visible: str = "") -> CheckSession:
        cell = Cell("lesson", f"import numpy as np\n\n{reference}")
        right = opened.enter_context(Worker(sandbox, [Part((cell,))]))
        material = write_checks(tmp_path_factory.mktemp("checks"), hidden, reference, visible, right)
        return opened.enter_context(CheckSession(material))

    with opened:
        yield get


@pytest.fixture
def grade(session: Callable[..., CheckSession], answers: Callable[[str], Worker]) -> Grade:
    """Grades a student's source by checks; returns the results by the names of the checks."""

    def run(
        student: str, hidden: str = MATCHES, *, wrong: Sequence[Misconception] = (), seed: str = "", **files: str
    ) -> dict[str, CheckResult]:
        questions = session(hidden, **files).run(CheckRun(answers(f"import numpy as np\n\n{student}"), seed, wrong))
        return {check.name: check for question in questions for check in question.checks}

    return run
