"""Where a worker can live, and which home a machine gets: above this, nobody knows how one is made. Portable.

A home starts workers, each for one submission, with nothing of any other in it; `exchange/` loads a submission in one,
calls its functions within limits, and ends it. What a worker can do beside computing is the home's matter.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from autograder.sandbox import messages
from autograder.sandbox.given.files import NO_FILES, GivenFiles
from autograder.sandbox.protocol import NO_CELLS, GivenCells, NotConfinedError

if TYPE_CHECKING:  # NumPy is not loaded for a command's options
    from autograder.sandbox.exchange.process import WorkerProcess
    from autograder.settings import Limits


class Where(StrEnum):
    """The homes, as `--sandbox` calls them."""

    KERNEL = "kernel"  # a forked process that Linux confines
    WASM = "wasm"  # a WebAssembly guest, on any system
    NONE = "none"  # a forked process with its user's rights, under limits alone

    @property
    def is_confined(self) -> bool:
        return self is not Where.NONE


class OpenHome(Protocol):
    """One that is set up, for the workers of one course."""

    @property
    def slowness(self) -> float:
        """How many times as long code takes in its workers as in a process of its own."""
        ...

    def spawn(self, limits: Limits | None = None) -> WorkerProcess:
        """A new worker, held to the home's limits or to others. Raises SandboxError."""
        ...

    def wait(self) -> None:
        """Return when it is set up. Raises SandboxError where it cannot be."""
        ...

    def prepare(self, assignment: str) -> None:
        """Let workers from now on know the given cells of an assignment, if they do not know them yet."""
        ...

    def close(self) -> None: ...


def open_home(
    where: Where,
    limits: Limits,
    imports: Sequence[str],
    *,
    files: GivenFiles = NO_FILES,
    given_cells: GivenCells = NO_CELLS,
    ahead: bool = False,
) -> OpenHome:
    """What the arguments are: see `Sandbox`. Raises NotConfinedError where this machine has no such home."""
    if where is Where.WASM:
        from autograder.sandbox.wasm.home import WasmHome  # an extra

        return WasmHome(limits, imports, files=files, given_cells=given_cells, ahead=ahead)
    from autograder.sandbox.kernel.home import KernelHome  # of Unix

    confined = where.is_confined
    return KernelHome(limits, imports, confined=confined, files=files, given_cells=given_cells, ahead=ahead)


def start_ahead(where: Where | None) -> None:
    """Let what a home begins with start, beside all else that this process does before it opens one.

    `where` is the home that is wanted, None the first that confines. Nothing of NumPy is loaded here.
    """
    if where is Where.WASM or sys.platform != "linux":
        return
    from autograder.sandbox.kernel import start

    start.start_zygote_ahead()  # before anything else, for it takes longest
    if where is None and unsupported(Where.KERNEL):
        start.drop_zygote()


def unsupported(where: Where) -> str:
    """Why this machine has no such home; empty where it has one, as far as that can be seen without trying."""
    if where is Where.WASM:
        from autograder.sandbox.wasm.artifacts import unsupported as without_wasm

        return without_wasm()
    if where is Where.KERNEL:
        from autograder.sandbox.kernel.support import unsupported as without_kernel

        return without_kernel()
    return ""


def first_that_confines() -> Where:
    """The first home that confines. Raises NotConfinedError, which tells all ways out, where there is none."""
    if not (reason := unsupported(Where.KERNEL)):
        return Where.KERNEL
    if not unsupported(Where.WASM):
        return Where.WASM
    raise NotConfinedError(messages.no_home(reason))
