"""Sentences on what runs in a notebook, for a student at home."""

from __future__ import annotations

from autograder.language.current import translatable

translatable(__name__)


def another_has_its_name(name: str) -> str:
    return f"This is not the `{name}` that your notebook has now, but an earlier one: run `check({name})` again."


def run_again_and_failed(name: str) -> str:
    return (
        f"A cell with `{name}` failed when it was run last, so this is the `{name}` from before: mend that cell, and "
        "run it again."
    )


def run_again_without(name: str) -> str:
    return (
        f"The cell that defined `{name}` was run again, and defines it no more, so this is the `{name}` from before. "
        "Was it renamed, or moved? Restart the kernel, and run all cells."
    )


def gone_from_file(name: str, file: str, clock: str) -> str:
    return (
        f"{file}, as it was saved at {clock}, has no `{name}` any more: it lives in memory only. Restart the kernel, "
        "and run all cells."
    )


def another_in_file(name: str, file: str, clock: str) -> str:
    return f"{file}, as it was saved at {clock}, has another `{name}` than the one that runs here: run its cell again."


def last_one_counts(name: str, file: str) -> str:
    return (
        f"{file} defines `{name}` more than once, and the last one counts, which is not the one that runs here: keep "
        "one of them, restart the kernel, and run all cells."
    )


def only_in_memory(value: str, name: str, file: str, clock: str) -> str:
    return (
        f"`{name}` uses `{value}`, which no cell of {file} defines, as it was saved at {clock}: it lives in memory "
        "only. Restart the kernel, and run all cells."
    )


YOUR_CELL = "your cell"
YOUR_FILE = "your file"


def cell_of_session(number: int) -> str:
    return f"your cell [{number}]"
