"""`--cluster`: a class is graded by the workers of a Dask cluster, and a person hears of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from autograder.cli.shared.runs.graders import Graders
from autograder.cli.shared.terminal import say
from autograder.course.loader import Course
from autograder.errors import UserError
from autograder.grading.cluster import messages
from autograder.grading.cluster.executor import ClusterExecutor
from autograder.sandbox.homes import Where


@contextmanager
def workers_of(address: str, where: Where, course: Course) -> Iterator[Graders]:
    """The workers of the scheduler at an address. Raises UserError."""

    def notice(line: str) -> None:
        say(Console(stderr=True), line, "yellow")

    def wait() -> Where:
        try:
            executor.wait_until_ready()
        except KeyboardInterrupt:
            raise UserError(messages.STOPPED_WAITING) from None
        return where

    with ClusterExecutor(address, course, where=where, notice=notice) as executor:
        yield Graders(executor, lambda: executor.threads, wait, lambda: _grading_on(executor.workers))


def _grading_on(workers: int) -> str:
    return messages.GRADING_ON_ONE if workers == 1 else messages.grading_on(workers)
