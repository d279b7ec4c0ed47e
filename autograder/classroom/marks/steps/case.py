"""One person and one assignment: the work, what people gave for it, and each rule of the class that concerns it.

Names are matched as people see them: a letter and its accent are one character, whichever way a file spells them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, TypeVar

from autograder.classroom.marks.model import HandPoints, MarkInputs, Member
from autograder.classroom.person import composed
from autograder.classroom.policy.model import (
    EVERY_ASSIGNMENT,
    AssignmentPolicy,
    Excusal,
    Extension,
    Override,
    Policy,
)
from autograder.report.diff import Key
from autograder.report.handed_in import HandedIn
from autograder.report.model import Report, Status

T = TypeVar("T")
Triple = tuple[str, str, str]  # folder, assignment, question


@dataclass(frozen=True, slots=True)
class Case:
    """`override` is for the whole mark, `question_overrides` for single questions, `extensions` those that may apply.

    What people gave is by question, as in `ByHand`; `penalty` is what another system takes off for lateness.
    """

    member: Member
    assignment: str
    rule: AssignmentPolicy
    report: Report | None
    handed_in: HandedIn | None
    unanswered: frozenset[str] = frozenset()
    written: Mapping[str, tuple[HandPoints, ...]] = field(default_factory=dict)
    questions: Mapping[str, tuple[HandPoints, ...]] = field(default_factory=dict)
    awaits: frozenset[str] = frozenset()
    extra: Mapping[str, float] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    penalty: float = 0.0
    excusal: Excusal | None = None
    override: Override | None = None
    question_overrides: Mapping[str, Override] = field(default_factory=dict)
    extensions: tuple[Extension, ...] = ()

    @property
    def is_usual(self) -> bool:
        """Whether nobody has given anything for the work, and no rule speaks of this person."""
        by_hand = self.written or self.questions or self.awaits or self.extra or self.comments or self.penalty
        return not (by_hand or self.excusal or self.override or self.question_overrides or self.extensions)

    @property
    def readable(self) -> Report | None:
        """The report on work that could be read; None where there is none."""
        return self.report if self.report and self.report.status is Status.GRADED else None

    @property
    def is_summed(self) -> bool:
        """Whether the mark is made of the work: it could be read, and no rule says otherwise."""
        return self.readable is not None and self.excusal is None and self.override is None

    def without_words(self) -> Case:
        """The same, had the assignment no questions in words."""
        return replace(self, report=self.report and replace(self.report, written=()))


class Cases:
    """Finds what concerns a person and an assignment, each by its name. What stands twice in the inputs is one.

    Of two rules for the same, which the reader of the policy lets nobody write, the one that is better for the student
    counts, so that none depends on their order.
    """

    def __init__(self, policy: Policy, inputs: MarkInputs) -> None:
        self.policy, by_hand = policy, inputs.by_hand
        self.assignments = tuple(dict.fromkeys(inputs.assignments))
        self.members = dict.fromkeys(inputs.members)
        self.rules = _by_name(policy.assignments)
        self.reports = _by_key(inputs.reports)
        self.handed_in = _by_key(inputs.handed_in)
        self.unanswered = _by_key(inputs.unanswered)
        self.penalties = _by_key(by_hand.penalties)
        self.written = _by_question(by_hand.written)
        self.questions = _by_question(by_hand.questions)
        self.awaits = _by_question(dict.fromkeys(by_hand.awaits, True))
        self.extra = _by_question(by_hand.extra)
        self.comments = _by_question(by_hand.comments)
        self.excused = {_key(each.student, each.assignment): each for each in sorted(policy.excused, key=_reason)}
        self.overrides: defaultdict[Key, dict[str, Override]] = defaultdict(dict)
        for override in sorted(policy.overrides, key=lambda each: (each.points, each.reason)):
            self.overrides[_key(override.student, override.assignment)][composed(override.question)] = override
        self.extensions: defaultdict[Key, list[Extension]] = defaultdict(list)
        for extension in sorted(policy.extensions, key=_reason):
            self.extensions[_key(extension.student, extension.assignment)].append(extension)

    def __iter__(self) -> Iterator[list[Case]]:
        """Those of each member, in the order of the course."""
        return ([self.case(member, assignment) for assignment in self.assignments] for member in self.members)

    def rule(self, assignment: str) -> AssignmentPolicy:
        return self.rules.get(composed(assignment)) or self.policy.for_assignment(assignment)

    def case(self, member: Member, assignment: str) -> Case:
        work, person = _key(member.folder, assignment), _key(member.name, assignment)
        everywhere = (person[0], EVERY_ASSIGNMENT)
        overrides = self.overrides.get(person, _NOTHING)
        unanswered = self.unanswered.get(work)
        return Case(
            member,
            assignment,
            self.rule(assignment),
            self.reports.get(work),
            self.handed_in.get(work),
            frozenset(map(composed, unanswered)) if unanswered else frozenset(),
            self.written.get(work, _NOTHING),
            self.questions.get(work, _NOTHING),
            frozenset(self.awaits.get(work, ())),
            self.extra.get(work, _NOTHING),
            self.comments.get(work, _NOTHING),
            self.penalties.get(work, 0.0),
            self.excused.get(person) or self.excused.get(everywhere),
            overrides.get(""),
            {question: override for question, override in overrides.items() if question} if overrides else _NOTHING,
            tuple(self.extensions.get(person) or self.extensions.get(everywhere) or ()),
        )


_NOTHING: Mapping[str, Any] = MappingProxyType({})  # of all who have nothing of a kind, one


def _key(name: str, assignment: str) -> Key:
    return composed(name), composed(assignment)


def _reason(rule: Excusal | Extension) -> str:
    return rule.reason


def _by_name(by_name: Mapping[str, T]) -> dict[str, T]:
    return {composed(name): value for name, value in by_name.items()}


def _by_key(by_key: Mapping[Key, T]) -> Mapping[Key, T]:
    if all(_key(*key) == key for key in by_key):  # most are; those of a large class are no small thing
        return by_key
    return {_key(*key): value for key, value in by_key.items()}


def _by_question(by_triple: Mapping[Triple, T]) -> dict[Key, dict[str, T]]:
    found: dict[Key, dict[str, T]] = {}
    for (folder, assignment, question), value in by_triple.items():
        found.setdefault(_key(folder, assignment), {})[composed(question)] = value
    return found
