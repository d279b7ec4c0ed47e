"""A sandbox's processes, and what a hostile submission begins with."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import psutil

from autograder.sandbox.client import Sandbox, Worker
from autograder.settings import Limits

LIMITS = Limits(cpu_seconds=0.2, memory_mb=256, answer_mb=4)
IMPORTS = ("numpy", "math", "typing", "functools")
PATIENCE = 30  # seconds within which a process that was killed is gone
Functions = Callable[..., Worker]

# Around the list of imports, and to the call that is being answered, which stands in a frame below.
HOSTILE = """
imp = print.__self__.__import__
os, sys = imp("os"), imp("sys")

def message():
    frame = sys._getframe()
    while not isinstance(frame.f_locals.get("message"), dict):
        frame = frame.f_back
    return frame.f_locals["message"]
"""


def zygote(sandbox: Sandbox) -> psutil.Process:
    return psutil.Process(sandbox.home._zygote.pid)


def workers_of(sandbox: Sandbox) -> list[psutil.Process]:
    return zygote(sandbox).children(recursive=True)


def ended(processes: list[psutil.Process]) -> bool:
    """Whether processes end in time; one that nobody has buried yet has ended."""
    deadline = time.monotonic() + PATIENCE
    while any(map(alive, processes)):
        if time.monotonic() > deadline:
            return False
        os.sched_yield()
    return True


def alive(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
