"""`autograder release`: from solutions/ to what students get, or to what nbgrader releases from."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from autograder.checking.at_home.known import KNOWN_MISTAKES
from autograder.cli.shared import author_messages
from autograder.cli.shared import messages as shared_messages
from autograder.cli.shared.errors import NOTHING_DONE, one_line_errors
from autograder.cli.shared.options import language_option
from autograder.cli.shared.output_paths import require_own, require_zip
from autograder.cli.shared.runs.in_jupyterlab import open_notebook, require_jupyterlab
from autograder.course.bundle import write_bundle, write_worked_bundle
from autograder.course.folder import find_course
from autograder.course.importing import require_installed
from autograder.course.loader import Assignment, Course, load_course
from autograder.course.release import is_source, release_assignments, release_settings, release_source
from autograder.course.translation import messages as translation_messages
from autograder.course.translation.released import how_far
from autograder.course.worked.release import FOLDER, is_worked, release_worked
from autograder.errors import UserError
from autograder.language.catalogue import require_language
from autograder.language.current import ENGLISH


@click.command()
@click.argument("assignments", nargs=-1)
@click.option(
    "--bundle", type=click.Path(dir_okay=False, path_type=Path), help="Also write what students get as a zip."
)
@click.option(
    "--source",
    type=click.Path(file_okay=False, path_type=Path),
    help="Only build the notebooks with their solutions, in this folder, for nbgrader.",
)
@click.option(
    "--solutions",
    is_flag=True,
    help="Only make the worked notebooks, run, for after the deadline: worked/ beside solutions/; with --bundle, a zip "
    "of them. An assignment comes with those before it.",
)
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Another folder than worked/, for --solutions."
)
@click.option(
    "--open",
    "is_to_open",
    is_flag=True,
    help="Then open the notebook as students see it, in JupyterLab; with --solutions, the worked one.",
)
@language_option("In which language the notebooks are (default: that of course.toml, else en).")
@one_line_errors
def release(
    assignments: tuple[str, ...],
    bundle: Path | None,
    source: Path | None,
    solutions: bool,
    out: Path | None,
    is_to_open: bool,
    language: str,
) -> None:
    """Build assignments/, which students get, from solutions/."""
    if source and (bundle or solutions or is_to_open):
        raise UserError(author_messages.SOURCE_ALONE)
    if out and not solutions:
        raise UserError(author_messages.OUT_WITHOUT_SOLUTIONS)
    if bundle:
        require_zip(bundle)
    if source:
        require_own(source, is_source)
    course = load_course(find_course(Path.cwd()))
    target, language = course.released, require_language(language or course.language, course.folder)
    chosen = [course.assignment(name) for name in assignments] or list(course.assignments)
    if is_to_open:
        if len(chosen) != 1:
            raise UserError(author_messages.OPEN_ONE)
        require_jupyterlab()
    if source:
        sys.exit(_release_sources(chosen, source, language))
    if solutions:
        target = out or course.folder.with_name(FOLDER)
        _release_worked(course, chosen, target, bundle, language)
    else:
        _release(course, chosen, target, bundle, language)
    if is_to_open:
        click.echo(author_messages.OPENING)
        sys.exit(open_notebook(target, chosen[0].name))


def _release(course: Course, chosen: Sequence[Assignment], target: Path, bundle: Path | None, language: str) -> None:
    require_installed(course.folder, course.imports)
    for path in release_assignments(chosen, target, language):
        click.echo(path.relative_to(target.parent))
    click.echo(release_settings(course, target, language=language).relative_to(target.parent))
    for each in chosen if language != ENGLISH else ():
        far = how_far(each, language, (target / each.name / KNOWN_MISTAKES).read_bytes())
        if far.done < far.all:
            line = translation_messages.half_translated(each.name, far.done, far.all, language)
            click.echo(line, err=True)
    if bundle:
        write_bundle(course, bundle, language)
        click.echo(bundle)


def _release_worked(
    course: Course, chosen: Sequence[Assignment], out: Path, bundle: Path | None, language: str
) -> None:
    require_own(out, is_worked)
    try:
        paths = release_worked(
            course, chosen, out, lambda each: click.echo(author_messages.worked(each.name), err=True), language
        )
    except KeyboardInterrupt:
        raise UserError(author_messages.WORKED_STOPPED) from None
    for path in paths:
        click.echo(path.relative_to(out.parent))
    if bundle:
        write_worked_bundle(course, out, bundle)
        click.echo(bundle)


def _release_sources(assignments: Sequence[Assignment], source: Path, language: str) -> int:
    """Build what is in order, name what is not: nbgrader can go on with the others. Returns the exit code."""
    failed = False
    for assignment in assignments:
        try:
            for path in release_source(assignment, source, language):
                click.echo(path)
        except UserError as error:
            click.echo(shared_messages.error_line(str(error)), err=True)
            failed = True
    return NOTHING_DONE if failed else 0


def _say_worked(assignment: Assignment) -> None:
    click.echo(author_messages.worked(assignment.name), err=True)
