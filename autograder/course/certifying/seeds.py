"""That checks draw the same inputs on every regrade: they are run twice, and what they call with is compared."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from autograder.checking.at_home.observed import Call, Observed
from autograder.checking.collection import CheckRun
from autograder.checking.session import CheckSession
from autograder.course.certifying import messages
from autograder.course.lesson import CourseError
from autograder.course.loader import HIDDEN_CHECKS, Assignment
from autograder.sandbox.objects import Objects
from autograder.sandbox.repeat import Kept
from autograder.submission.which_file import VISIBLE_CHECKS

SEED = "twice"


class DigestedCall(NamedTuple):
    """A call that a check made of a question: what it was called with, as a digest, and where."""

    question: str
    key: str
    file: Path
    line: int


class Draws(Observed):
    """Notes what is called with, in the place of all that is done."""

    def __init__(self, files: Sequence[Path]) -> None:
        super().__init__()
        self.of_checks: defaultdict[str, list[DigestedCall]] = defaultdict(list)
        self._files = {str(file): file for file in files}

    def call(self, made: Call) -> None:
        super().call(made)
        found = None
        frame = sys._getframe()
        while frame is not None:
            if frame.f_code.co_filename in self._files:
                found = frame  # the outermost is the check itself
            frame = frame.f_back  # type: ignore[assignment]
        if found is not None:
            file = self._files[found.f_code.co_filename]
            self.of_checks[made.check].append(DigestedCall(made.question, made.key, file, found.f_lineno))


def require_seeded(assignment: Assignment, checks: CheckSession) -> None:
    """Raises CourseError where a check calls with other arguments when it is collected and run again."""
    first = _draws(assignment, checks)
    with assignment.check_session() as again:
        second = _draws(assignment, again)
        names = {check.name for check in again.checks}
    for check in checks.checks:
        if check.name not in names:
            raise CourseError(messages.other_name(check.file, check.line, check.name))
        for one, other in zip_longest(first[check.name], second[check.name]):
            if one is None or other is None or (one.question, one.key) != (other.question, other.key):
                at = one or other
                raise CourseError(messages.other_arguments(at.file, at.line, check.name, at.question))


def _draws(assignment: Assignment, checks: CheckSession) -> Mapping[str, list[DigestedCall]]:
    reference = replace(assignment.reference, objects=Objects(), kept=Kept())  # it counts objects from 1
    draws = Draws([assignment.folder / VISIBLE_CHECKS, *assignment.sources(HIDDEN_CHECKS)])
    checks.run(CheckRun(reference, SEED, observed=draws))
    return draws.of_checks
