"""A command whose help, and what click says of its arguments, is in the language that is spoken.

click asks gettext for its own sentences, in the language of the environment alone. Here it asks the catalogue of the
machine, so that `--language` counts as well, and no second catalogue is needed.
"""

from __future__ import annotations

import copy
import inspect
import re
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar

import click
from click import core, decorators, exceptions, formatting, parser, types

from autograder.cli.shared.usage.wrapping import wrapped
from autograder.language.catalogue import language_of_system
from autograder.language.current import looked_up, speak, translated_count
from autograder.text import columns_of

Command = TypeVar("Command", bound=click.Command)
PARAGRAPHS = re.compile(r"\n\s*\n")


def command_in_language(command: Command) -> Command:
    """The same command, to be asked for its help in the language that is spoken, or to be called."""
    made = copy.copy(command)
    made.params = [_parameter(each) for each in command.params]
    made.help, made.short_help = _texts(command.help), _texts(command.short_help)
    if command.callback and not isinstance(command, click.Group):
        made.callback = _as_at_the_terminal(command.callback)
    made._help_option = None  # which it keeps, in the language in which it was first asked for
    if isinstance(made, click.Group) and isinstance(command, click.Group):
        made.commands = {name: command_in_language(each) for name, each in command.commands.items()}
    return made


def translate_click() -> None:
    """Let click say all that it says in the language that is spoken, in lines that hold wide signs."""
    for module in (core, decorators, exceptions, formatting, parser, types):
        setattr(module, "_", looked_up)  # noqa: B010  (no attribute that is promised)
        setattr(module, "ngettext", translated_count)  # noqa: B010
    setattr(formatting, "term_len", columns_of)  # noqa: B010
    formatting.wrap_text = _wrap_text


def _as_at_the_terminal(callback: Callable[..., Any]) -> Callable[..., Any]:
    """What a command does. Its `--language` is that of what it makes; who called it is spoken to in their own."""

    @wraps(callback)
    def called(*args: Any, **kwargs: Any) -> Any:
        speak(language_of_system())
        return callback(*args, **kwargs)

    return called


def _parameter(parameter: click.Parameter) -> click.Parameter:
    made = copy.copy(parameter)
    if isinstance(made, click.Option):
        made.help = _texts(made.help)
    made.type = copy.copy(parameter.type)
    made.type.name = looked_up(made.type.name)
    return made


def _texts(text: str | None) -> str | None:
    """Paragraph by paragraph, each in one line."""
    if text is None:
        return None
    return "\n\n".join(looked_up(" ".join(each.split())) for each in PARAGRAPHS.split(inspect.cleandoc(text)))


def _wrap_text(
    text: str,
    width: int = 78,
    initial_indent: str = "",
    subsequent_indent: str = "",
    preserve_paragraphs: bool = False,
) -> str:
    """In the place of click's own, which takes each sign for one column."""
    paragraphs: Sequence[str] = PARAGRAPHS.split(text) if preserve_paragraphs else [text]
    return "\n\n".join(wrapped(each, width, initial_indent, subsequent_indent) for each in paragraphs)
