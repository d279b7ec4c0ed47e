"""The grader's side: where submissions run, whichever home that is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple, Self

from autograder.sandbox.exchange.calls import Budget, Worker
from autograder.sandbox.exchange.process import WorkerProcess
from autograder.sandbox.given.files import NO_FILES, GivenFiles
from autograder.sandbox.homes import Where, open_home
from autograder.sandbox.protocol import NO_CELLS, GivenCells, Part
from autograder.settings import Limits


class Sandbox:
    """A home, and the workers in it. Use it as a context manager, from one thread."""

    def __init__(
        self,
        limits: Limits,
        imports: Sequence[str],
        *,
        where: Where = Where.KERNEL,
        files: GivenFiles = NO_FILES,
        given_cells: GivenCells = NO_CELLS,
        ahead: bool = False,
    ) -> None:
        """`files` are those that answers may read, `given_cells` what students were given: it is compiled once.

        `ahead` keeps a worker waiting for the next submission, in which nothing of any has run; then nobody waits until
        one is buried. The home may still be starting: whoever enters the context waits for it, or wants a worker, and
        is told by a SandboxError where it does not.

        Raises NotConfinedError when confinement is wanted and this machine has none of that kind.
        """
        self.limits = limits
        self.where = where
        self.home = open_home(where, limits, imports, files=files, given_cells=given_cells, ahead=ahead)

    @property
    def slowness(self) -> float:
        """How many times as long code takes in this home as in a process of its own."""
        return self.home.slowness

    def __enter__(self) -> Self:
        try:
            self.home.wait()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.home.close()

    def prepare(self, assignment: str) -> None:
        """Let workers from now on know the given cells of an assignment."""
        self.home.prepare(assignment)

    def spawn(self, limits: Limits | None = None) -> WorkerProcess:
        """A new worker, whose calls are held to the sandbox's limits or to others."""
        return self.home.spawn(limits)

    @contextmanager
    def submission(self, parts: Sequence[Part], reference: Sequence[Part]) -> Iterator[SubmissionWorkers]:
        """The workers that one submission is graded with. They share one budget of time.

        The reference runs no student's code, but gets arguments that a student's code made: so it is confined too.
        """
        budget = Budget(self.limits, self.slowness)
        with (
            Worker(self, parts, budget) as first,
            Worker(self, parts, budget) as again,
            Worker(self, reference, budget, whole=True) as right,
        ):
            yield SubmissionWorkers(first, again, right)


class Held(NamedTuple):
    """The same sandbox, for workers whose calls are held to other limits. What its home bounds stays as it is."""

    sandbox: Sandbox
    limits: Limits

    @property
    def slowness(self) -> float:
        return self.sandbox.slowness

    def spawn(self) -> WorkerProcess:
        return self.sandbox.spawn(self.limits)


class SubmissionWorkers(NamedTuple):
    """A student's functions, the same once more in another worker, and the reference's."""

    student: Worker
    student_again: Worker
    reference: Worker
