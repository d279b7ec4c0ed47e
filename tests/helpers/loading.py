"""Cells of source, loaded in this process."""

from __future__ import annotations

from typing import Any

from autograder.sandbox.loader import load
from autograder.sandbox.namespace import Namespace
from autograder.sandbox.protocol import Cell, Missing, Part, Reply

IMPORTS = ("numpy", "math", "functools")
F, G = "def f(x):\n    return x + 1\n", "def g(x):\n    return 2 * f(x)\n"


def load_cells(*sources: str, seconds: float | None = None) -> Namespace:
    return load(
        [Part(tuple(Cell(f"code cell {number}", source) for number, source in enumerate(sources, 1)))], IMPORTS, seconds
    )


def call(found: Namespace, name: str, *args: Any) -> Reply:
    return found.call(name, args, {})


def reason(found: Namespace, name: str) -> str:
    reply = call(found, name)
    assert isinstance(reply, Missing)
    return reply.reason
