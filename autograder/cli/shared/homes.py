"""The option that says where students' code runs."""

from __future__ import annotations

from typing import Any

import click

from autograder.sandbox.homes import Where


class _Home(click.Choice[str]):
    """Its value is a `Where`."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return Where(super().convert(value, param, ctx))


sandbox_option = click.option(
    "--sandbox",
    type=_Home([each.value for each in Where]),
    help="Where submissions run (default: confined by the kernel; where that cannot be, in WebAssembly).",
)
