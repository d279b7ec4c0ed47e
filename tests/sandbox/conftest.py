"""A sandbox, and functions in its workers."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import pytest

from autograder.sandbox.client import Sandbox, Worker
from autograder.sandbox.protocol import Cell, Part
from tests.helpers.sandbox import IMPORTS, LIMITS, Functions


@pytest.fixture(scope="module")
def shared() -> Iterator[Sandbox]:
    with Sandbox(LIMITS, IMPORTS) as made:
        yield made


@pytest.fixture
def functions(shared: Sandbox) -> Iterator[Functions]:
    """Makes the functions that cells of source define, in a worker."""
    workers = []

    def make(*sources: str, sandbox: Sandbox = shared) -> Worker:
        cells = tuple(Cell(f"code cell {n}", textwrap.dedent(source)) for n, source in enumerate(sources, 1))
        workers.append(Worker(sandbox, [Part(cells)]))
        return workers[-1]

    yield make
    for worker in workers:
        worker.close()
