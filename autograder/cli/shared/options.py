"""Options that several commands have: in which language students are spoken to, and where their code runs. Portable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from autograder.sandbox.homes import Where


def language_option(says: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option `--language`, empty where it is not given. `says` is what `--help` says of it."""
    return click.option("--language", metavar="L", default="", help=says)


class _Home(click.Choice[str]):
    """Its value is a `Where`."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return Where(super().convert(value, param, ctx))


sandbox_option = click.option(
    "--sandbox",
    type=_Home([each.value for each in Where]),
    help="Where submissions run (default: confined by the kernel; where that cannot be, in WebAssembly).",
)
