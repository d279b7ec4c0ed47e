"""Who grades a class: processes of this machine, which begin before all else is imported, or a cluster's workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.shared import messages
from autograder.grading.processes.pool import expect_work, get_ready, start_pool
from autograder.sandbox.homes import Where

if TYPE_CHECKING:
    from autograder.course.loader import Course


@dataclass(frozen=True)
class Graders:
    """An executor of jobs. `jobs` tells how many grade now, `doing` what is said of it beside the progress bar.

    `expect` is told, as soon as that is known, how many submissions there are.

    `wait` returns when they can grade, before which nothing is written, and where submissions run then. It raises
    UserError and SandboxError.
    """

    executor: Executor
    jobs: Callable[[], int]
    wait: Callable[[], Where]
    doing: Callable[[], str] = lambda: messages.GRADING
    expect: Callable[[int], None] = lambda _submissions: None


GradersOf = Callable[["Course"], AbstractContextManager[Graders]]  # for a course


@contextmanager
def graders_of_class(
    jobs: int, cluster: str | None, submitted: Path, chosen: Sequence[str], where: Where | None
) -> Iterator[GradersOf]:
    """So many processes here, or the workers of the scheduler at an address, for the course at or above this folder."""
    if cluster is not None:
        from autograder.cli.shared.runs.by_cluster import workers_of
        from autograder.grading.cluster.executor import require_dask

        require_dask(cluster)
        yield partial(workers_of, cluster, where or Where.KERNEL)
        return
    with start_pool(jobs, where) as pool:
        ready = get_ready(pool, Path.cwd(), submitted.absolute(), chosen, where)  # one process, at once
        here = Graders(pool, lambda: jobs, ready.result, expect=lambda count: expect_work(count, jobs))
        yield lambda _course: nullcontext(here)
