"""Mistakes that nobody paid for: a function had full marks, and a later assignment shows that it is wrong.

Within one assignment the checks see to it themselves. Across assignments, the earlier report is older than what shows
it: it is for an instructor to look at, and to grade again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from autograder.report.model import CheckResult, QuestionResult, Report


@dataclass(frozen=True)
class Unpaid:
    """`question` has full marks in `earlier`, and `check` of `later` passes only with a right one in its place."""

    earlier: Report
    question: QuestionResult
    later: Report
    check: CheckResult


def unpaid(reports: Iterable[Report]) -> list[Unpaid]:
    """What to look at again, once for each function of a student's."""
    works: defaultdict[str, list[Report]] = defaultdict(list)
    for report in reports:
        works[report.student].append(report)
    found: dict[tuple[str, str, str], Unpaid] = {}
    for student, own in works.items():
        answers = {question.name: (report, question) for report in own for question in report.questions}
        for later in own:
            for check in (check for question in later.questions for check in question.checks if check.upstream):
                earlier, question = answers.get(check.upstream, (later, None))
                if question is None or earlier is later or question.score < question.max_score:
                    continue
                found.setdefault((student, earlier.assignment, question.name), Unpaid(earlier, question, later, check))
    return [found[key] for key in sorted(found)]
