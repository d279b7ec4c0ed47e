"""The option `--language`, which is the same in all commands that have it. Portable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from autograder.language.catalogue import LanguageError, require_language


def language_option(says: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option, whose value is a known language, or empty. `says` is what `--help` says of it."""
    return click.option("--language", metavar="L", default="", callback=_known, help=says)


def _known(_context: click.Context, _option: click.Parameter, value: str) -> str:
    try:
        return require_language(value) if value else ""
    except LanguageError as error:
        raise click.BadParameter(str(error)) from None
