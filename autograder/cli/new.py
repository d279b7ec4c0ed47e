"""`autograder new`: a course, or an assignment of one, that certifies and grades at once."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

import click

from autograder.cli.shared.errors import INCOMPLETE, one_line_errors
from autograder.course.folder import find_course
from autograder.course.loader import load_course
from autograder.course.scaffold import messages
from autograder.course.scaffold.making import Made, make_assignment, make_course
from autograder.settings import FILE


@click.group()
def new() -> None:
    """Make a course, or an assignment of one, that certifies and grades at once, for you to change."""


@new.command(short_help="Make a folder with a course, and a class to try it on.")
@click.argument("name")
@one_line_errors
def course(name: str) -> None:
    """Make a folder NAME here, with a course of one assignment, and the work of two students to try the grader on."""
    _tell(make_course(Path(), name))
    _next(f"cd {shlex.quote(name)}", *messages.FOR_A_COURSE)


@new.command(short_help="Add an assignment to the course, such as 02_softmax.")
@click.argument("name")
@one_line_errors
def assignment(name: str) -> None:
    """Add an assignment NAME to the course, such as 02_softmax: it asks for a function `softmax`."""
    course = load_course(find_course(Path.cwd()))
    made = make_assignment(course, name)
    _tell(made)
    file = Path(os.path.relpath(course.folder / FILE))
    if not made.is_entered:
        click.echo(messages.not_entered(file, name), err=True)
        sys.exit(INCOMPLETE)
    click.echo(messages.entered(file, ", ".join((*course.names, name))))
    if not made.has_numpy:
        click.echo(messages.no_numpy(file), err=True)
        sys.exit(INCOMPLETE)
    click.echo(messages.build_on(made.question, made.earlier))
    _next(*(command.format(assignment=name) for command in messages.FOR_AN_ASSIGNMENT))


def _tell(made: Made) -> None:
    for path, purpose in made.purposes.items():
        click.echo(os.path.relpath(path))
        click.echo(f"    {purpose}")


def _next(*commands: str) -> None:
    click.echo(messages.GO_ON)
    for command in commands:
        click.echo(f"    {command}")
