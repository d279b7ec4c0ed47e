"""What a person has to decide: times that tell nothing, points by hand that count nowhere, overrides that surprise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter

from autograder.classroom.marks import instructor_messages as messages
from autograder.classroom.marks.model import Mark
from autograder.classroom.marks.steps.case import Case
from autograder.classroom.marks.steps.worth import counting, differ, given
from autograder.classroom.naming import few
from autograder.classroom.person import composed
from autograder.classroom.policy.model import LateRule, Policy
from autograder.language.listing import listed
from autograder.report.handed_in import HandedIn
from autograder.report.model import Report, number

Line = tuple[Callable[..., str], tuple[str, ...]]  # a sentence about some works, and what it names beside them


@dataclass
class _OfAssignment:
    """What is to be said of an assignment; of each line the student it is about, by whose names they are sorted."""

    has_work: bool = False  # that counts
    is_possible: bool = False  # to get any points
    about_works: list[tuple[str, Line, str]] = field(default_factory=list)
    about_overrides: list[tuple[str, str]] = field(default_factory=list)

    def lines(self, assignment: str) -> Iterator[str]:
        if self.has_work and not self.is_possible:
            yield messages.nothing_is_possible(assignment)
        found: defaultdict[Line, list[str]] = defaultdict(list)
        for _, line, name in sorted(self.about_works, key=itemgetter(0)):
            found[line].append(name)
        for (text, of_what), names in found.items():
            # Points that differ are told nowhere else, so all of them are.
            named = listed(names) if text is messages.differ else few(names)
            yield text(assignment, *of_what, len(names), named)
        yield from (line for _, line in sorted(self.about_overrides, key=itemgetter(0)))


class Doubts:
    """Lines for the instructor, of cases and their marks that come one after the other: only what they say is held."""

    def __init__(self) -> None:
        self._found: defaultdict[str, _OfAssignment] = defaultdict(_OfAssignment)

    def add(self, case: Case, mark: Mark) -> None:
        own, name = self._found[case.assignment], case.member.name
        own.has_work = own.has_work or bool(case.readable and case.rule.weight)
        own.is_possible = own.is_possible or bool(mark.possible)
        own.about_works += [(name, line, whose) for line, whose in _about_the_work(case)]
        if case.override or case.question_overrides:
            own.about_overrides += [(name, line) for line in _about_overrides(case, mark)]

    def lines(self) -> Iterator[str]:
        """Assignment by assignment; the same in whatever order the members come."""
        for assignment, own in self._found.items():
            yield from own.lines(assignment)


def rules_without_due(policy: Policy) -> Iterator[str]:
    """A line on what the policy says of late work that never can be late, for there is no date that it is due at."""
    rules = policy.assignments
    if (_costs(policy.late) or policy.free_days) and not any(rule.due for rule in rules.values()):
        yield messages.NOTHING_IS_DUE
        return
    for name, rule in sorted(rules.items()):
        if rule.due is None and _costs(rule.late) and rule.late != policy.late:
            yield messages.late_without_due(name)


def _costs(rule: LateRule) -> bool:
    return bool(rule.percent) or rule.closed_after_days is not None


def _about_the_work(case: Case) -> Iterator[tuple[Line, str]]:
    """What is the matter with a piece of work, and whose it is."""
    name = case.member.name
    if case.member.is_withdrawn or case.excusal or case.override:
        return
    if case.is_summed and case.rule.due and (doubt := doubtful_time(case.handed_in)):
        yield (doubt, ()), name
    if case.written or case.questions or case.extra:
        for question in _by_hand_for_nothing(case):
            yield (messages.by_hand_for_nothing, (question,)), name
    if case.readable is None or not (case.written or case.questions):
        return
    left = counting(case.readable, case.rule)
    for questions, by_hand in (
        ([question.name for question in left.questions], case.questions),
        ([words.name for words in left.written], case.written),
    ):
        for question in questions:
            sources = by_hand.get(composed(question), ())
            if differ(sources) and composed(question) not in case.question_overrides:
                yield (messages.differ, (question,)), messages.person_given(name, given(sources))


def doubtful_time(handed_in: HandedIn | None) -> Callable[[str, int, str], str] | None:
    """The line that says why nobody knows when something came; None where that is known, or said to be in time."""
    if handed_in is not None and handed_in.time is not None:
        return messages.claims if handed_in.is_claim else None
    if handed_in is None or (handed_in.is_late is None and not handed_in.unread):
        return messages.unknown
    if handed_in.is_late is None:
        return messages.unread
    return messages.said_late if handed_in.is_late else None


def _by_hand_for_nothing(case: Case) -> list[str]:
    """The questions for which people gave points that no report of this person's has."""
    code = {composed(question.name) for question in case.readable.questions} if case.readable else set()
    words = {composed(answer.name) for answer in case.readable.written} if case.readable else set()
    return sorted({*case.written} - words | {*case.questions} - code | {*case.extra} - code - words)


def _about_overrides(case: Case, mark: Mark) -> Iterator[str]:
    if case.excusal:
        return
    name, override = case.member.name, case.override
    if override:
        given, most = number(override.points), number(mark.possible)
        if not mark.possible:
            yield messages.override_without_maximum(case.assignment, name)
        elif override.points > mark.possible:
            yield messages.override_beyond(case.assignment, name, given, most)
        return
    maxima = _maxima(counting(case.readable, case.rule)) if case.readable else {}
    for question, each in sorted(case.question_overrides.items()):
        if question not in maxima:
            yield messages.override_of_nothing(case.assignment, name, question)
        elif each.points > maxima[question]:
            most = number(maxima[question])
            yield messages.question_override_beyond(case.assignment, name, question, number(each.points), most)


def _maxima(left: Report) -> dict[str, float]:
    """What each question that counts is worth, extra credit too."""
    code = {composed(question.name): question.max_score for question in left.questions}
    return code | {composed(answer.name): answer.max_score for answer in left.written}
