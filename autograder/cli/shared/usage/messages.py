"""What click says of arguments and in its help, for catalogues alone: click has the sentences, and asks for each."""

from __future__ import annotations

from autograder.language.current import translatable

translatable(__name__)

OF_CLICK = (
    "Usage:",
    "Options",
    "Commands",
    "default: {default}",
    "required",
    "Show the version and exit.",
    "Show this message and exit.",
    "Error: {message}",
    "Try '{command} {option}' for help.",
    "Aborted!",
    "Missing command.",
    "Missing argument",
    "Missing option",
    "Missing parameter",
    "Invalid value: {message}",
    "Invalid value for {param_hint}: {message}",
    "No such command {name!r}.",
    "No such option {name!r}.",
    "Option {name!r} does not take a value.",
    "{value!r} is not a valid {number_type}.",
    "{value} is not in the range {range}.",
    "Could not open file {filename!r}: {message}",
    "integer",
    "integer range",
    "choice",
    "file",
    "directory",
    "path",
    "{name} {filename!r} does not exist.",
    "{name} {filename!r} is a file.",
    "{name} {filename!r} is a directory.",
    "{name} {filename!r} is not readable.",
    "{name} {filename!r} is not writable.",
)


def did_you_mean(possibility: str, possibilities: str, count: int) -> str:
    return f"Did you mean {possibility}?" if count == 1 else f"(Did you mean one of: {possibilities}?)"


def unexpected(args: str, count: int) -> str:
    return f"Got unexpected extra argument ({args})" if count == 1 else f"Got unexpected extra arguments ({args})"


def argument_of_option(name: str, nargs: int) -> str:
    return f"Option {name!r} requires an argument." if nargs == 1 else f"Option {name!r} requires {nargs} arguments."


def not_a_choice(value: str, choice: str, choices: str, count: int) -> str:
    return f"{value!r} is not {choice}." if count == 1 else f"{value!r} is not one of {choices}."
