"""The reference with one function replaced: what a student hands in who makes one mistake, and no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from autograder.sandbox.namespace import Namespace
from autograder.sandbox.objects import Objects
from autograder.sandbox.protocol import Reply, Upstream
from autograder.sandbox.repeat import Kept


@dataclass(frozen=True)
class Mistaken:
    """The reference, with the function of one question replaced by another."""

    reference: Namespace
    question: str
    function: Callable[..., Any]

    @cached_property
    def _space(self) -> Namespace:
        values = {**self.reference.values, self.question: self.function}
        return replace(self.reference, values=values, objects=Objects(), kept=Kept())

    def call(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], upstream: Upstream | None = None
    ) -> Reply:
        return self._space.call(name, args, kwargs)

    def repeat(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], upstream: Upstream | None = None
    ) -> Reply:
        return self.call(name, args, kwargs)
