"""Follow-through: a check that fails is run again with right functions upstream, so that one mistake costs once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.checking.numbers import Tolerance, difference, to_arrays
from autograder.sandbox.protocol import Answers, Asked, Missing, Raised, Reply, Returned, Upstream


@dataclass(frozen=True)
class Again:
    """What checks are run again on.

    `own` are the student's functions once more, in another process than that of the first run: nothing that they are
    told by right ones there can show in an answer, or in a message, of the first. `right` are those right functions.
    """

    own: Answers
    right: Answers


@dataclass(frozen=True)
class FollowThrough:
    """A student's functions, with right ones in the place of those that stand upstream.

    `parameters` names the functions upstream, earliest first, each with its parameters; `called` are those that the
    check itself calls.
    """

    again: Again
    parameters: Mapping[str, Sequence[str]]
    called: Collection[str] = ()
    asked: list[Asked] = field(default_factory=list)

    def call(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], upstream: Upstream | None = None
    ) -> Reply:
        right = Upstream(self.parameters, self.again.right, self.asked)
        if name in self.parameters:  # the check itself calls a function upstream of its question
            return right.call(name, args, kwargs)
        reply = self.again.own.call(name, args, kwargs, right)
        if isinstance(reply, Missing) and self.parameters.keys() & self.called:
            return self.again.own.call(name, args, kwargs)  # it builds on nothing upstream, but the check does
        return reply

    def blamed(self) -> str:
        """The function upstream in which the mistake lies; empty when none was asked for.

        The functions that the calls so far asked for are tried, on the very arguments that they got, with the
        student's own. One that answers wrongly is to blame, unless it is right with right functions upstream of
        itself: then the mistake lies further up.
        """
        for asked in self.asked:
            right = self.again.right.call(asked.name, asked.args, asked.kwargs)
            if _agree(self.again.own.call(asked.name, asked.args, asked.kwargs), right):
                continue
            before = {name: self.parameters[name] for name in list(self.parameters)[: self._place(asked.name)]}
            deeper = FollowThrough(self.again, before)
            if _agree(deeper.call(asked.name, asked.args, asked.kwargs), right) and (found := deeper.blamed()):
                return found
            return asked.name
        return self.asked[0].name if self.asked else ""

    def _place(self, name: str) -> int:
        return list(self.parameters).index(name)


def _agree(mine: Reply, right: Reply) -> bool:
    if isinstance(mine, Returned) and isinstance(right, Returned):
        if to_arrays(right.value) is None:  # a student's arguments may bring the right function to anything
            return False
        value = tuple(right.value) if isinstance(right.value, list | tuple) else right.value
        return difference(mine.value, value, Tolerance(), nan_is_nan=True) is None
    return isinstance(mine, Raised) and isinstance(right, Raised) and mine.type == right.type
