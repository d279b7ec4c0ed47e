"""The one function that makes marks. It is pure: the same inputs give the same marks, in whatever order they come.

What counts, points by hand, overrides of questions, the rule for late work, the override of the mark, the total: in
this order, which docs/marks.md tells to instructors. The steps stand in `steps/`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from autograder.classroom.marks.model import ClassMarks, MarkInputs, StudentMarks
from autograder.classroom.marks.steps.case import Case, cases
from autograder.classroom.marks.steps.doubts import rules_without_due, warnings
from autograder.classroom.marks.steps.late import FreeDays, free_days, timing
from autograder.classroom.marks.steps.mark import make_mark
from autograder.classroom.marks.steps.total import course_total, is_final, usual_maximum
from autograder.classroom.person import composed
from autograder.classroom.policy.model import Policy
from autograder.language.current import ENGLISH, speaking
from autograder.report.model import Report


@dataclass(frozen=True)
class Maximum:
    """What is possible in an assignment, where no report of the student's own tells it."""

    whole: float
    without_words: float


def class_marks(policy: Policy, inputs: MarkInputs) -> ClassMarks:
    """The mark of each member in each assignment, and their course totals.

    The rules are taken to be such as the reader of policies lets through; of two for the same, the one that is better
    for the student counts. Points lose what floats leave behind (`tidy`), and are rounded nowhere else.
    """
    people = cases(policy, inputs)
    every_case = [case for own in people for case in own]
    maxima = _maxima(every_case, inputs)
    usual = Counter(report.language for report in inputs.reports.values()).most_common(1)
    language = usual[0][0] if usual else ENGLISH
    students = tuple(_in_language(policy, own, maxima, inputs.now, language) for own in people if own)
    marks = {(mark.student, mark.assignment): mark for student in students for mark in student.marks.values()}
    lines = (*rules_without_due(policy), *warnings(every_case, marks))
    return ClassMarks(tuple(dict.fromkeys(inputs.assignments)), students, lines)


def _maxima(every_case: Sequence[Case], inputs: MarkInputs) -> dict[str, Maximum]:
    reports: defaultdict[str, list[Report]] = defaultdict(list)
    for (_, assignment), report in inputs.reports.items():
        reports[composed(assignment)].append(report)
    maxima = {}
    for assignment, rule in {case.assignment: case.rule for case in every_case}.items():
        of_it = reports[composed(assignment)]
        without_words = [replace(report, written=()) for report in of_it]
        maxima[assignment] = Maximum(usual_maximum(of_it, rule), usual_maximum(without_words, rule))
    return maxima


def _in_language(
    policy: Policy, own: Sequence[Case], maxima: Mapping[str, Maximum], now: datetime, usual: str
) -> StudentMarks:
    """The marks of one student, with reasons in the language of their reports, of the roster, or the usual one."""
    member = own[0].member
    language = next((case.report.language for case in own if case.report), member.language or usual)
    with speaking(language):
        made = _student(policy, own, maxima, now)
    return (
        made if language == (member.language or ENGLISH) else replace(made, member=replace(member, language=language))
    )


def _student(policy: Policy, own: Sequence[Case], maxima: Mapping[str, Maximum], now: datetime) -> StudentMarks:
    taken = free_days(policy, own)
    marks, still_open = {}, set()
    for case in own:
        when = timing(case, policy, taken.get(case.assignment, FreeDays()), now)
        most = maxima[case.assignment]
        mark = make_mark(case, when, policy.zeros, most.whole)
        without = make_mark(case.without_words(), when, policy.zeros, most.without_words)
        # How much of a mark that was set as a whole is for the words, nobody has said.
        is_unknown = case.override is not None and without.possible != mark.possible
        marks[case.assignment] = replace(
            mark,
            mark_without_written=None if is_unknown else without.mark,
            possible_without_written=without.possible,
        )
        if not when.has_passed:
            still_open.add(case.assignment)
    weights = {case.assignment: case.rule.weight for case in own}
    return StudentMarks(own[0].member, marks, course_total(marks, weights), is_final(marks, weights, still_open))
