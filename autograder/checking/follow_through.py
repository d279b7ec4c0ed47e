"""Follow-through: a check that fails is run again with right functions upstream, so that one mistake costs once."""

from __future__ import annotations

import builtins
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.checking import messages
from autograder.checking.comparison.arrays import agrees
from autograder.checking.comparison.tolerance import Tolerance
from autograder.checking.recognition.judge import NotPassedError
from autograder.report.model import Outcome
from autograder.sandbox.objects import owner_of
from autograder.sandbox.protocol import Answers, Missing, Raised, Reply, Returned, TimedOut, Upstream, UpstreamCall
from autograder.sandbox.wire.values import Handle


@dataclass(frozen=True)
class Rerun:
    """What checks are run on a second time.

    `student` are the student's functions once more, in another process than that of the first run: nothing that they
    are told by right ones there can show in an answer, or in a message, of the first. `reference` are the right ones.
    """

    student: Answers
    reference: Answers


@dataclass(frozen=True)
class FollowThrough:
    """A student's functions, with right ones in the place of those that stand upstream.

    `parameters` names the functions upstream, earliest first, each with its parameters; `called` are those that the
    check itself calls.
    """

    rerun: Rerun
    parameters: Mapping[str, Sequence[str]]
    called: Collection[str] = ()
    upstream_calls: list[UpstreamCall] = field(default_factory=list)

    def call(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], upstream: Upstream | None = None
    ) -> Reply:
        right = Upstream(self.parameters, self.rerun.reference, self.upstream_calls)
        if owner_of(name) in self.parameters:  # the check itself calls a function upstream of its question
            return right.call(name, args, kwargs)
        reply = self.rerun.student.call(name, args, kwargs, right)
        if isinstance(reply, Missing) and self.parameters.keys() & self.called:
            return self.rerun.student.call(name, args, kwargs)  # it builds on nothing upstream, but the check does
        return reply

    def repeat(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], upstream: Upstream | None = None
    ) -> Reply:
        """The same calls with right functions upstream: what those of the student leave behind is not in them."""
        if owner_of(name) in self.parameters:
            return self.rerun.reference.call(name, args, kwargs)
        right = Upstream(self.parameters, self.rerun.reference, self.upstream_calls)
        reply = self.rerun.student.repeat(name, args, kwargs, right)
        if isinstance(reply, Missing) and self.parameters.keys() & self.called:
            return self.rerun.student.repeat(name, args, kwargs)
        return reply

    def is_missing(self, name: str) -> bool:
        """Whether the student has no such function, or has not filled it in."""
        call = next((each for each in self.upstream_calls if each.name == name), None)
        reply = self.rerun.student.call(name, call.args, call.kwargs) if call else None
        return isinstance(reply, Missing) or (isinstance(reply, Raised) and reply.type == "NotImplementedError")

    def root_cause(self) -> str:
        """The function upstream in which the mistake lies; empty when none of them can be shown to be wrong.

        The functions that the calls so far asked for are tried, on the very arguments that they got, with the
        student's own. One that answers wrongly is to blame, unless it is right with right functions upstream of
        itself: then the mistake lies further up. Where there is no right answer, or no time left for one, nothing is
        shown.
        """
        for call in self.upstream_calls:
            if call.name not in self.parameters:  # of an object: what it answers depends on more than the call
                continue
            right = self.rerun.reference.call(call.name, call.args, call.kwargs)
            own = self.rerun.student.call(call.name, call.args, call.kwargs)
            nothing_shown = not isinstance(right, Returned | Raised) or (isinstance(own, TimedOut) and own.altogether)
            if nothing_shown or _agree(call, own, right):
                continue
            before = {name: self.parameters[name] for name in list(self.parameters)[: self._position(call.name)]}
            deeper = FollowThrough(self.rerun, before)
            if _agree(call, deeper.call(call.name, call.args, call.kwargs), right) and deeper.upstream_calls:
                return deeper.root_cause()
            return call.name
        return ""

    def _position(self, name: str) -> int:
        return list(self.parameters).index(name)


def own_mistake(question: str, cause: str, ended: BaseException) -> NotPassedError:
    """How a check ended with right functions upstream, so that the student reads of a mistake of the question's own.

    `cause` is what was wrong upstream. It has met right ones: none of its words and numbers is told, only which line
    of it has raised what.
    """
    if not isinstance(ended, NotPassedError):
        return NotPassedError(Outcome.FAILED, messages.not_right_either(question, cause))
    finding, line = messages.not_right_either(question, cause), ended.line
    if ended.outcome is Outcome.ERROR:
        known = getattr(builtins, ended.raised, None)
        is_python_s = isinstance(known, type) and issubclass(known, Exception)
        finding = messages.raises_then(question, cause, ended.raised if is_python_s else messages.AN_EXCEPTION, line)
    return NotPassedError(ended.outcome, finding, ended.known, margin=ended.margin, line=line, slip=ended.slip)


def _agree(call: UpstreamCall, student: Reply, reference: Reply) -> bool:
    if isinstance(student, Returned) and isinstance(reference, Returned):
        if set(student.changed) != set(reference.changed):
            return False
        if isinstance(student.value, Handle) and isinstance(reference.value, Handle):
            return student.value.type == reference.value.type
        tolerance = Tolerance.of([*call.args, *call.kwargs.values()])
        return agrees(student.value, reference.value, tolerance, nan_is_nan=True)
    return isinstance(student, Raised) and isinstance(reference, Raised) and student.type == reference.type
