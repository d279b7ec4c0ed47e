"""Which worker grades which submission next, and what becomes of one whose worker is lost. Knows nothing of Dask.

Dask would send a lost task elsewhere by itself, with all that its worker had taken in advance, and it cannot tell which
of them ended the worker. Here each loss is reworkered: what was lost once is graded alone on a worker, so that a second
loss is its own, and after `MAX_LOSSES` it is given up.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field

MAX_LOSSES = 3  # of workers or grading processes, before a submission is given up
AHEAD = 2  # submissions that a worker gets beside those that its threads grade


@dataclass(eq=False)
class Errand:
    """A job on its way: its number, and what travels. `losses` counts what has ended while it was graded, and `lost_at`
    has the addresses of the workers where that was: it is tried elsewhere first.
    """

    number: int
    data: bytes
    losses: int = 0
    lost_at: set[str] = field(default_factory=set)
    words: str = ""  # of the last exception, where it was one


@dataclass(eq=False)
class ClusterWorker:
    """A worker of the cluster. Who is neither ready nor refused is being got ready."""

    address: str
    label: str  # as it is named to people
    threads: int
    is_ready: bool = False
    is_refused: bool = False
    is_kept_free: bool = False  # for one that must be graded alone
    running: dict[int, Errand] = field(default_factory=dict)

    @property
    def has_room(self) -> bool:
        return self.is_ready and not self.is_kept_free and len(self.running) < self.threads + AHEAD


class Turns:
    """The submissions that wait for a worker."""

    def __init__(self) -> None:
        self._fresh: deque[Errand] = deque()
        self._suspects: deque[Errand] = deque()

    def add(self, errand: Errand) -> None:
        self._fresh.append(errand)

    def again(self, errand: Errand) -> None:
        """Let one that was not graded, through no fault of its own, be the next."""
        (self._suspects if errand.losses else self._fresh).appendleft(errand)

    def lost(self, errand: Errand, worker: ClusterWorker) -> bool:
        """One during which a worker or a grading process has ended; returns whether to try it again, alone."""
        errand.losses += 1
        errand.lost_at.add(worker.address)
        if errand.losses >= MAX_LOSSES:
            return False
        self._suspects.append(errand)
        return True

    def take(self, workers: Collection[ClusterWorker]) -> list[tuple[ClusterWorker, Errand]]:
        """What is to be sent now, and to whom; it counts as running there."""
        ready = [each for each in workers if each.is_ready]
        taken: list[tuple[ClusterWorker, Errand]] = []

        def send(worker: ClusterWorker, errand: Errand) -> None:
            worker.running[errand.number] = errand
            taken.append((worker, errand))

        if self._suspects and ready and not any(each.is_kept_free for each in ready):
            lost_at = self._suspects[0].lost_at
            min(ready, key=lambda each: (each.address in lost_at, len(each.running))).is_kept_free = True
        for worker in ready:
            if worker.is_kept_free and not worker.running:
                if self._suspects:
                    send(worker, self._suspects.popleft())
                else:
                    worker.is_kept_free = False
        while self._fresh and (free := [each for each in ready if each.has_room]):
            send(min(free, key=lambda each: len(each.running) / each.threads), self._fresh.popleft())
        return taken
