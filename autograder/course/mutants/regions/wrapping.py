"""Makes the mutants that are right everywhere but in one region of inputs: the reference, and something around it."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.course.mutants import messages
from autograder.course.mutants.changes.making import line_of
from autograder.course.mutants.drawn import DrawnCall, DrawnCalls, answer_all
from autograder.course.mutants.model import Mutant, Recipe
from autograder.course.mutants.regions.kinds import Arguments, Region, regions_of
from autograder.course.mutants.regions.spoiling import IN_ANY_REGION, OF_ANY_INPUTS, Spoil, UnspoiledError, write_into
from autograder.sandbox.execute import copied

Made = Callable[..., Any]
Around = Callable[[Made, tuple[Any, ...], dict[str, Any]], Any]


@dataclass(frozen=True)
class Callables:
    """A question as what can be called of it: a function; or a class, by the names of the methods that checks call."""

    question: str
    line: int
    reference: Made
    methods: Sequence[str] = ()

    @property
    def names(self) -> Sequence[str]:
        """The methods; of a function, one that has no name."""
        return self.methods if isinstance(self.reference, type) else ("",)

    def mutant(self, method: str, words: str, now: str) -> Mutant:
        """One that answers wrongly in a region."""
        was = messages.in_method(method, words) if method else words
        return Mutant(self.question, messages.REGION, was, now, self.line)

    def wrapped(self, method: str, around: Around) -> Made:
        """The same, with something done around the function, or one method."""
        if not method:
            return _wrapped(self.reference, around)
        changed = {method: _wrapped(getattr(self.reference, method), around)}
        return type(self.reference.__name__, (self.reference,), changed)  # type: ignore[arg-type]


def _wrapped(function: Made, around: Around) -> Made:
    @functools.wraps(function)
    def answer(*args: Any, **kwargs: Any) -> Any:
        return around(function, args, kwargs)

    return answer


@dataclass
class HandedOver:
    """What the checks have handed to one function and was answered, and for which draw; and whether it ever raised."""

    calls: list[Arguments] = field(default_factory=list)
    seeds: list[str] = field(default_factory=list)
    seed: str = ""
    has_raised: bool = False

    def begin(self, call: DrawnCall) -> None:
        self.seed = call.seed

    def around(self, function: Made, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        given = copied(dict(arguments(function, args, kwargs)))
        try:
            answer = function(*args, **kwargs)
        except Exception:
            self.has_raised = True
            raise
        self.seeds.append(self.seed)
        self.calls.append(given)
        return answer


def arguments(function: Made, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Arguments:
    """The arguments of a call by the names of parameters; an object's own is none of them."""
    try:
        bound = inspect.signature(function).bind(*args, **kwargs).arguments
    except (TypeError, ValueError):  # one that does not tell
        return dict(kwargs)
    return {name: value for name, value in bound.items() if name != "self"}


def callables(drawn: DrawnCalls) -> Callables:
    question = drawn.question
    reference, line = drawn.assignment.functions[question], line_of(drawn.assignment, question)
    if not isinstance(reference, type):
        return Callables(question, line, reference)
    called = dict.fromkeys(call.name.removeprefix(f"{question}.") for call in drawn.calls)
    methods = [name for name in called if inspect.isfunction(getattr(reference, name, None))]
    return Callables(question, line, reference, methods)


def seen_by_method(drawn: DrawnCalls) -> dict[str, HandedOver]:
    """What each function of a question has been handed."""
    made = callables(drawn)
    found = {method: HandedOver() for method in made.names}
    for method, seen in found.items():
        answer_all(drawn, made.wrapped(method, seen.around), seen.begin)
    return found


@dataclass
class Wrapped:
    """Mutants that are wrong in a region, and regions in words: those that no draw enters, and those that some do not.

    Of those that no draw enters, only the plain ones are told.
    """

    mutants: list[Recipe] = field(default_factory=list)
    never: list[str] = field(default_factory=list)
    seldom: list[str] = field(default_factory=list)


def wrapped_mutants(drawn: DrawnCalls) -> Wrapped:
    """The mutants of all regions that are entered whatever is drawn.

    Regions that the same calls enter give one mutant, in the simplest words.
    """
    made, found = callables(drawn), Wrapped()
    for method, seen in seen_by_method(drawn).items():
        known: set[tuple[bool, ...]] = set()
        text = inspect.getdoc(getattr(made.reference, method) if method else made.reference) or ""
        for region in regions_of(seen.calls, text):
            entered = tuple(region.holds(call) for call in seen.calls)
            if entered in known:
                continue
            known.update([entered] if any(entered) else [])
            words = messages.in_method(method, region.words) if method else region.words
            if not any(entered):
                found.never += [words] if region.is_plain else []
            elif {seed for seed, is_inside in zip(seen.seeds, entered, strict=True) if is_inside} != {*seen.seeds}:
                found.seldom.append(words)
            else:
                found.mutants += _in_region(made, method, region, is_any=len(known) == 1)
        found.mutants += _writing(made, method, seen)
        if seen.has_raised:
            wrapped = functools.partial(made.wrapped, method, _silent)
            found.mutants.append(Recipe(made.mutant(method, messages.RAISES, messages.NOTHING), wrapped))
    return found


def _in_region(made: Callables, method: str, region: Region, *, is_any: bool) -> Iterator[Recipe]:
    for now, spoil in {**IN_ANY_REGION, **(OF_ANY_INPUTS if is_any else {})}.items():
        wrapped = functools.partial(made.wrapped, method, _spoiling(region, spoil))
        yield Recipe(made.mutant(method, region.words, now), wrapped)


def _spoiling(region: Region, spoil: Spoil) -> Around:
    def around(function: Made, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        is_inside = region.holds(arguments(function, args, kwargs))
        answer = function(*args, **kwargs)
        if not is_inside:
            return answer
        try:
            return spoil(answer)
        except UnspoiledError:
            return answer

    return around


def _silent(function: Made, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    try:
        return function(*args, **kwargs)
    except Exception:
        return None


def _writing(made: Callables, method: str, seen: HandedOver) -> Iterator[Recipe]:
    """Those that change an argument in place, after all has been computed."""
    for name in mutable(seen.calls):

        def around(function: Made, args: tuple[Any, ...], kwargs: dict[str, Any], name: str = name) -> Any:
            answer = function(*args, **kwargs)
            kept = answer.copy() if isinstance(answer, np.ndarray) else answer  # it may be a view of the argument
            write_into(arguments(function, args, kwargs).get(name))
            return kept

        mutant = made.mutant(method, messages.EVERYWHERE, messages.written_into(name))
        yield Recipe(mutant, functools.partial(made.wrapped, method, around))


def mutable(calls: Sequence[Arguments]) -> list[str]:
    """The parameters that are handed something that can be written into."""
    names = dict.fromkeys(name for call in calls for name in call)
    return [name for name in names if any(write_into(copied(call.get(name))) for call in calls)]
