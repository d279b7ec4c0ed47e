"""Sentences that several commands say: how they end, where they may write, what they write for CI."""

from __future__ import annotations

from pathlib import Path


def error_line(problem: str) -> str:
    return f"autograder: {problem}"


INTERRUPTED = "autograder: stopped"


def cannot_run(command: str, module: str, install_name: str) -> str:
    if module in ("fcntl", "resource"):
        return f"{command} needs Linux (or, for work that you trust, macOS): on Windows, use WSL"
    return f'{command} needs {module}, which is not installed here: pip install "{install_name}"'


# Where a command may write.


def out_is_submitted(out: Path) -> str:
    return f"--out {out} is the folder of submissions: choose another (default: graded)"


def out_in_submitted(out: Path) -> str:
    return f"--out {out} is in the folder of submissions: choose another (default: graded)"


def out_holds_submitted(out: Path) -> str:
    return f"--out {out} holds the folder of submissions: choose another (default: graded)"


def default_out_is_submitted(out: Path) -> str:
    return f"--out {out} is the folder of submissions: choose another, with --out"


def default_out_in_submitted(out: Path) -> str:
    return f"--out {out} is in the folder of submissions: choose another, with --out"


def default_out_holds_submitted(out: Path) -> str:
    return f"--out {out} holds the folder of submissions: choose another, with --out"


def no_zip(path: Path, suggestion: str) -> str:
    return f"{path} does not end in .zip: name the zip to write, for example {suggestion}.zip"


def not_empty(folder: Path) -> str:
    return f"{folder} is not empty: name a new folder"


def cannot_write(path: Path, reason: str | None) -> str:
    return f"{path} cannot be written: {reason}"


# What continuous integration reads.


def not_on_github(variable: str) -> str:
    return f"--github is for GitHub Actions, which sets {variable}: it is not set here"


def one_in_the_other(source: Path, into: Path) -> str:
    return f"{source} and {into} lie in each other: collect --into a folder beside what is collected"
