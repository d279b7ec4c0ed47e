"""The option `--language`, which is the same in all commands that have it. Portable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click


def language_option(says: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option, empty where it is not given. `says` is what `--help` says of it."""
    return click.option("--language", metavar="L", default="", help=says)
