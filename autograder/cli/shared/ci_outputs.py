"""What continuous integration reads, where `grade` and `check` are asked for it: files, a page, annotations."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from autograder.cli.shared import messages
from autograder.errors import UserError

if TYPE_CHECKING:
    from autograder.publish.ci.annotations import Locate
    from autograder.report.model import Report

Command = TypeVar("Command", bound=Callable[..., Any])
SUMMARY = "GITHUB_STEP_SUMMARY"  # where GitHub Actions wants a step's page


@dataclass
class CiOutputs:
    """What was asked for. `begin` before anything is printed, `write` when all reports are there."""

    junit: Path | None
    codequality: Path | None
    github: bool
    _token: str = ""

    @property
    def are_wanted(self) -> bool:
        return bool(self.junit or self.codequality or self.github)

    def begin(self, made: Path | None = None) -> None:
        """Try all that is to be written, so that it fails now and not when everything is graded. Raises UserError.

        `made` is a folder that the command makes by itself: what is to lie in it need not be possible yet.
        From here on GitHub obeys nothing that is printed: students' names and words are in it.
        """
        if self.github and not os.environ.get(SUMMARY):
            raise UserError(messages.not_on_github(SUMMARY))
        for path in (self.junit, self.codequality, Path(os.environ[SUMMARY]) if self.github else None):
            if path and not (made and path.parent == made and not made.exists()):
                _try(path)
        if not self.github:
            return
        self._token = secrets.token_hex(16)
        click.echo(f"::stop-commands::{self._token}")

    def write(self, reports: Callable[[], Iterable[Report]], locate: Locate, summary: Callable[[], str]) -> None:
        """`reports` gives them anew for each output, `summary` makes the page of a GitHub step. Raises UserError.

        What makes these forms is loaded for those alone who want them.
        """
        if self.junit:
            from autograder.publish.ci.junit import junit_xml

            _write(self.junit, junit_xml(reports))
        if self.codequality:
            from autograder.publish.ci.gitlab import code_quality

            _write(self.codequality, code_quality(reports(), locate))
        if self.github:
            from autograder.publish.ci.github import annotate

            _write(Path(os.environ[SUMMARY]), [summary()], mode="a")
            click.echo(f"::{self._token}::")
            click.echo(annotate(reports(), locate), nl=False)


def ci_options(command: Command) -> Command:
    """The options of a command for `CiOutputs`."""
    file = click.Path(dir_okay=False, path_type=Path)
    for option in (
        click.option(
            "--github", is_flag=True, help="In GitHub Actions: a summary page, annotations at students' lines."
        ),
        click.option("--codequality", type=file, metavar="FILE", help="Also write GitLab's code quality report."),
        click.option("--junit", type=file, metavar="FILE", help="Also write JUnit XML."),
    ):
        command = option(command)
    return command


def _try(path: Path) -> None:
    """Open a file for writing and leave it as it is. A pipe is left alone: who reads it would take this for all."""
    is_new = not os.path.lexists(path)
    if is_new or path.is_file():
        _write(path, [], mode="a")
    if is_new:
        path.unlink()


def _write(path: Path, pieces: Iterable[str], mode: str = "w") -> None:
    try:
        with path.open(mode, encoding="utf-8", newline="\n") as file:
            file.writelines(pieces)
    except OSError as error:
        raise UserError(messages.cannot_write(path, error.strerror)) from None
