"""`--cluster`: a class is graded by the workers of a Dask cluster, and a person hears of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource
from rich.console import Console

from autograder.cli.shared import messages
from autograder.cli.shared.terminal import say
from autograder.course.loader import Course
from autograder.errors import UserError

if TYPE_CHECKING:  # for the runs that ask for it
    from autograder.grading.cluster.executor import ClusterExecutor


def require_one_of(jobs: str, cluster: str, address: str | None) -> None:
    """Raises UserError where both of these options are given, be it with the value that one has without it."""
    source = click.get_current_context().get_parameter_source(jobs)
    if address is not None and source is not ParameterSource.DEFAULT:
        raise UserError(messages.one_of_two(f"--{jobs}", f"--{cluster}"))


@contextmanager
def cluster_at(address: str, course: Course, *, confined: bool) -> Iterator[ClusterExecutor]:
    """The workers of the scheduler at an address, when one of them can grade. Raises UserError."""
    from autograder.grading.cluster.executor import ClusterExecutor

    def notice(line: str) -> None:
        say(Console(stderr=True), line, "yellow")

    with ClusterExecutor(address, course, confined=confined, notice=notice) as executor:
        try:
            executor.wait_until_ready()
        except KeyboardInterrupt:
            raise UserError(messages.STOPPED_WAITING) from None
        yield executor


def grading_on(executor: ClusterExecutor) -> str:
    """What is done beside the progress bar, and by how many."""
    return messages.GRADING_ON_ONE if executor.workers == 1 else messages.grading_on(executor.workers)
