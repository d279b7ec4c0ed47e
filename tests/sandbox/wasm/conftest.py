"""A home of guests."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import pytest

from autograder.sandbox.client import Sandbox, Worker
from autograder.sandbox.homes import Where, unsupported
from autograder.sandbox.protocol import Cell, Part
from tests.helpers.sandbox import IMPORTS, LIMITS, Functions


@pytest.fixture(scope="session", autouse=True)
def extra() -> None:
    """The extra `wasm` is not here after `make grade`; `make test` brings it."""
    if reason := unsupported(Where.WASM):
        pytest.skip(reason)


@pytest.fixture(scope="module")
def guests(extra: None) -> Iterator[Sandbox]:
    with Sandbox(LIMITS, IMPORTS, where=Where.WASM, ahead=True) as made:
        yield made


@pytest.fixture
def functions(guests: Sandbox) -> Iterator[Functions]:
    """Makes the functions that cells of source define, in a guest."""
    workers = []

    def make(*sources: str) -> Worker:
        cells = tuple(Cell(f"code cell {n}", textwrap.dedent(source)) for n, source in enumerate(sources, 1))
        workers.append(Worker(guests, [Part(cells)]))
        return workers[-1]

    yield make
    for worker in workers:
        worker.close()
