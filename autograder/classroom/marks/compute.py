"""The one function that makes marks. It is pure: the same inputs give the same marks, in whatever order they come.

What counts, points by hand, overrides of questions, the rule for late work, the override of the mark, the total: in
this order, which docs/marks.md tells to instructors. The steps stand in `steps/`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from autograder.classroom.marks.model import ClassMarks, Mark, MarkInputs, StudentMarks
from autograder.classroom.marks.steps.case import Case, Cases
from autograder.classroom.marks.steps.doubts import Doubts, rules_without_due
from autograder.classroom.marks.steps.late import FreeDays, free_days, timing
from autograder.classroom.marks.steps.mark import make_mark
from autograder.classroom.marks.steps.total import course_total, is_final, usual_maximum
from autograder.classroom.person import composed
from autograder.classroom.policy.model import Policy
from autograder.language.current import ENGLISH, current, speaking
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
    cases, doubts = Cases(policy, inputs), Doubts()
    maker = _Maker(policy, _maxima(cases, inputs), inputs.now)
    usual = Counter(report.language for report in inputs.reports.values()).most_common(1)
    language = usual[0][0] if usual else ENGLISH
    students = tuple(_in_language(maker, own, doubts, language) for own in cases if own)
    lines = (*rules_without_due(policy), *doubts.lines())
    return ClassMarks(cases.assignments, students, lines)


def _maxima(cases: Cases, inputs: MarkInputs) -> dict[str, Maximum]:
    reports: defaultdict[str, list[Report]] = defaultdict(list)
    for (_, assignment), report in inputs.reports.items():
        reports[composed(assignment)].append(report)
    maxima = {}
    for assignment in cases.assignments:
        of_it, rule = reports[composed(assignment)], cases.rule(assignment)
        maxima[assignment] = Maximum(usual_maximum(of_it, rule), usual_maximum(of_it, rule, in_words=False))
    return maxima


def _in_language(maker: _Maker, own: Sequence[Case], doubts: Doubts, usual: str) -> StudentMarks:
    """The marks of one student, with reasons in the language of their reports, of the roster, or the usual one."""
    member = own[0].member
    language = next((case.report.language for case in own if case.report), member.language or usual)
    with speaking(language):
        made = maker.student(own)
    for case in own:
        doubts.add(case, made.marks[case.assignment])
    if language == (member.language or ENGLISH):
        return made
    return replace(made, member=replace(member, language=language))


class _Maker:
    """Makes marks. What many students have alike is made once: the work of most says what that of others says."""

    def __init__(self, policy: Policy, maxima: Mapping[str, Maximum], now: datetime) -> None:
        self._policy, self._maxima, self._now = policy, maxima, now
        self._usual: dict[tuple[object, ...], tuple[Report | None, Mark, bool]] = {}

    def student(self, own: Sequence[Case]) -> StudentMarks:
        taken = free_days(self._policy, own) if self._policy.free_days else {}
        marks, still_open = {}, set()
        for case in own:
            marks[case.assignment], has_passed = self._mark(case, taken.get(case.assignment, FreeDays()))
            if not has_passed:
                still_open.add(case.assignment)
        weights = {case.assignment: case.rule.weight for case in own}
        return StudentMarks(own[0].member, marks, course_total(marks, weights), is_final(marks, weights, still_open))

    def _mark(self, case: Case, taken: FreeDays) -> tuple[Mark, bool]:
        """A mark, and whether the deadline has passed."""
        if not case.is_usual:
            return self._made(case, taken)
        report = case.report
        said = (report.status, id(report.questions), id(report.written)) if report else None
        key = case.assignment, said, case.handed_in, case.unanswered, taken, current()
        if key not in self._usual:
            self._usual[key] = report, *self._made(case, taken)  # the report lives on, and with it what it is known by
        _, mark, has_passed = self._usual[key]
        return mark.of(case.member.name), has_passed

    def _made(self, case: Case, taken: FreeDays) -> tuple[Mark, bool]:
        when, most = timing(case, self._policy, taken, self._now), self._maxima[case.assignment]
        mark = make_mark(case, when, self._policy.zeros, most.whole)
        without = make_mark(case.without_words(), when, self._policy.zeros, most.without_words)
        # How much of a mark that was set as a whole is for the words, nobody has said.
        is_unknown = case.override is not None and without.possible != mark.possible
        mark = replace(
            mark,
            mark_without_written=None if is_unknown else without.mark,
            possible_without_written=without.possible,
        )
        return mark, when.has_passed
