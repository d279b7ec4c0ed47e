"""Judges one answer: right, wrong and why, or right but for a slip that another check has paid for."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from autograder.checking import messages
from autograder.checking.comparison.arrays import agrees, difference
from autograder.checking.comparison.compared import Compared
from autograder.checking.recognition.exceptions import described
from autograder.checking.recognition.kinds import Seen
from autograder.checking.recognition.memo import Memo
from autograder.checking.recognition.misconceptions import Match, Misconception, alikes, same_exception, the_only
from autograder.checking.recognition.slips import Answer, Slip, find_slip
from autograder.report.model import MissingReason, Outcome
from autograder.sandbox.execute import copied
from autograder.sandbox.protocol import CodeLine, Opaque, Raised, Reply, Returned, bytes_of

MAX_KEPT_BYTES = 1 << 20  # of a wrong answer that is much larger than the right one, and than the arguments


class Quoted(NamedTuple):
    """A number that a check asks for, as it was given, and what the student reads where that is not to be known."""

    number: Any
    finding: str


class NotPassedError(AssertionError):
    """A check did not pass.

    `finding` is what the student reads; a misconception that explains it (`known`) adds its lesson, a `slip` that is
    all that is wrong with the answers of a `question` its statement. `margin` is how far off the answer is, in units of
    the tolerance. `line` is where the student's code raised an exception of class `raised`, `reason` why a function is
    missing. `compared` are the student's numbers and those that stand in the check itself. `quoted` is the number that
    the finding says all should be.
    """

    def __init__(
        self,
        outcome: Outcome,
        finding: str,
        known: Misconception | None = None,
        *,
        margin: float = math.inf,
        line: CodeLine | None = None,
        raised: str = "",
        reason: MissingReason | None = None,
        slip: Slip | None = None,
        question: str = "",
        compared: Compared | None = None,
        quoted: Quoted | None = None,
    ) -> None:
        self.outcome = outcome
        self.finding = finding
        self.known = known
        self.misconception = known.name if known else slip.name if slip else None
        self.lesson = known.lesson if known else slip.statement if slip else ""
        self.message = f"{finding}\n{self.lesson}" if self.lesson else finding
        self.margin = margin
        self.line = line
        self.raised = raised
        self.reason = reason
        self.slip = slip
        self.question = question
        self.compared = compared
        self.quoted = quoted
        super().__init__(self.message)


def error(call_text: str, reply: Raised) -> NotPassedError:
    """The end of a check whose answer raised."""
    finding = described(call_text, reply)
    return NotPassedError(Outcome.ERROR, finding, line=reply.line, raised=reply.type)


class CourseFaultError(Exception):
    """A check that no answer can pass: the course is to blame, whatever the student did."""


@dataclass(frozen=True)
class Likeness:
    """What answers a call of a check as the student did."""

    check: str
    answer: Answer
    matches: Sequence[Match]

    @property
    def by_exception(self) -> bool:
        """Whether it is the words of an exception that are alike, and not numbers."""
        return isinstance(self.answer.reply, Raised)


class Excused(NamedTuple):
    """A check whose answer was overlooked, for a slip that had been paid for, and how it would have ended."""

    check: str
    slip: Slip
    otherwise: NotPassedError


class Changing(NamedTuple):
    """A call that changed its arguments, and whether it is a check's that students have."""

    args: Sequence[Any]
    kwargs: Mapping[str, Any]
    visible: bool


@dataclass
class Record:
    """What the calls of one question have shown so far, over all checks of a submission."""

    changing: Changing | None = None  # the first call that changed its arguments; those of visible checks come first
    right_calls: int = 0  # of those that can be done
    slips: list[Slip] = field(default_factory=list)  # those that have cost a check
    excused: list[Excused] = field(default_factory=list)
    likenesses: list[Likeness] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)  # all answers to calls that can be done

    def copy(self) -> Record:
        return replace(
            self,
            slips=list(self.slips),
            excused=list(self.excused),
            likenesses=list(self.likenesses),
            seen=list(self.seen),
        )

    @property
    def named(self) -> list[Misconception]:
        """The misconceptions that alone explain an answer."""
        known = (the_only(likeness.matches) for likeness in self.likenesses)
        return list(dict.fromkeys(filter(None, known)))


@dataclass(frozen=True)
class Question:
    """What an answer is judged with: how its calls are written down, known mistakes, and what it has shown so far."""

    name: str
    check: str
    visible: bool
    describe: Callable[[Sequence[Any], Mapping[str, Any]], str]
    misconceptions: Sequence[Misconception]
    record: Record
    memo: Memo

    def recognise(
        self, alike: Callable[[Reply], bool], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Misconception | None:
        """The one misconception whose answer to this call is alike."""
        return the_only(alikes(self.misconceptions, alike, args, kwargs, self.memo))

    def judge(self, answer: Answer) -> NotPassedError | Slip | None:
        """Why an answer is not the expected one; the slip, if all that is wrong has been paid for; None when it is."""
        if self.sees(answer):
            return None
        for paid in self.record.slips:
            if paid.excuses(answer):
                self.record.right_calls += 1
                self.record.seen[-1] = replace(self.record.seen[-1], is_right=None)
                self.record.excused.append(Excused(self.check, paid, self._wrong(answer)))
                return paid
        return self._wrong(answer, find_slip(answer))

    def sees(self, answer: Answer) -> bool:
        """Whether an answer is right; it is kept, to be looked at together with all others."""
        is_right = answer.is_right
        self.record.right_calls += is_right
        args, kwargs = copied(list(answer.args)), copied(dict(answer.kwargs))  # a check may write
        kept = replace(answer, args=args, kwargs=kwargs, reply=answer.reply if is_right else _kept(answer))
        self.record.seen.append(Seen(self.check, self.visible, kept, is_right))
        return is_right

    def judge_refusal(self, answer: Answer, error: Raised) -> NotPassedError | None:
        """The same where the reference raises: an exception of its class, or of one derived from it, is right."""
        if isinstance(answer.reply, Raised) and error.type in answer.reply.bases:
            return None
        return self._wrong(answer, refused=error)

    def _wrong(self, answer: Answer, slip: Slip | None = None, refused: Raised | None = None) -> NotPassedError:
        text, reply = self.describe(answer.args, answer.kwargs), answer.reply
        outcome, line, margin = Outcome.FAILED, None, math.inf
        if isinstance(reply, Raised):
            outcome, finding, line = Outcome.ERROR, described(text, reply), reply.line
        elif refused:
            finding = messages.should_raise(text, refused.type, reply.value)
        else:
            different = difference(reply.value, answer.expected, answer.tolerance, nan_is_nan=True)
            assert different is not None
            finding, margin = different.message(text), different.margin
        matches = alikes(
            self.misconceptions, lambda wrong: answers_alike(answer, wrong), answer.args, answer.kwargs, self.memo
        )
        if line:  # an exception's words are alike for many a line
            matches = [match for match in matches if match.misconception.may_stand_in(line)]
        known = the_only(matches)
        if matches:
            self.record.likenesses.append(Likeness(self.check, answer, matches))
        slip = known if known and known.slip else slip
        return NotPassedError(
            outcome,
            finding,
            known,
            margin=margin,
            line=line,
            raised=reply.type if isinstance(reply, Raised) else "",
            slip=slip,
            question=self.name if slip else "",
        )


def _kept(answer: Answer) -> Returned | Raised:
    """A wrong reply, for as long as a submission is graded; instead of a large one that is like nothing, a word."""
    allowed = max(MAX_KEPT_BYTES, 2 * bytes_of([answer.expected, *answer.args]))
    return answer.reply if bytes_of(answer.value) <= allowed else Returned(Opaque("a large value"))


def answers_alike(answer: Answer, wrong: Reply) -> bool:
    """Whether a known mistake answers as the student did."""
    if isinstance(answer.reply, Returned) and isinstance(wrong, Returned):
        return agrees(answer.value, wrong.value, answer.tolerance, nan_is_nan=True)
    return same_exception(answer.reply, wrong)
