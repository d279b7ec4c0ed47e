"""The commands that bring reports elsewhere, or the grader itself: diff, export, gradescope, classroom50."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console

from autograder.errors import UserError
from autograder.exits import INCOMPLETE, one_line_errors
from autograder.publish.gradescope.results import HIDDEN_UNTIL

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(short_help="Compare two folders of reports: whose marks move, and why.")
@click.argument("old", type=click.Path(exists=True, path_type=Path))
@click.argument("new", type=click.Path(exists=True, path_type=Path), required=False)
@one_line_errors
def diff(old: Path, new: Path | None) -> None:
    """Say whose marks move between two folders (or files) of reports, in which checks, and because of what.

    With one folder: between its reports and the former ones that its last regrade replaced. Before you publish a mended
    check, grade into a second folder with `autograder grade --out` and compare.
    """
    from autograder.outputs.changes import show_comparison
    from autograder.report.diff import compare_all, compare_paths, read_former, read_reports

    if new is None:
        former = read_former(old)
        comparison = compare_all(former, {key: report for key, report in read_reports(old).items() if key in former})
    else:
        comparison = compare_paths(old, new)
    show_comparison(Console(), comparison)


@click.command(short_help="Write the scores in a folder of reports for an LMS.")
@click.argument("system", type=click.Choice(["canvas", "moodle", "csv"]))
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--out", type=FILE, metavar="FILE", required=True, help="The file to write.")
@click.option("--roster", type=FILE, metavar="FILE", help="CSV: a column `folder`, and the ids of the LMS.")
@click.option("--template", type=FILE, metavar="FILE", help="Fill in this download of the LMS; all else stays.")
@click.option("--assignment", "chosen", metavar="A", multiple=True, help="Only this one. May be given again.")
@click.option("--column", "columns", metavar="A=TITLE", multiple=True, help="Canvas' own title of an assignment.")
@one_line_errors
def export(
    system: str,
    folder: Path,
    out: Path,
    roster: Path | None,
    template: Path | None,
    chosen: tuple[str, ...],
    columns: tuple[str, ...],
) -> None:
    """Write the scores in a FOLDER of reports for an LMS.

    canvas: a gradebook to import, or the --template exported by Canvas, filled in. moodle: a file for the gradebook's
    import, or an assignment's grading worksheet as --template. csv: a row for each question. Exit code 1: there are
    reports on students whom neither roster nor template knows; they are named.
    """
    from autograder.lms import write_export

    titles = dict(_pair(column) for column in columns)
    if titles and (system != "canvas" or template is None):
        raise UserError("--column is for canvas with a --template")
    if template and system == "csv":
        raise UserError("--template is for canvas and moodle")
    unknown = write_export(Console(), system, folder, out, roster, template, chosen, titles)
    if unknown:
        sys.exit(INCOMPLETE)


def _pair(column: str) -> tuple[str, str]:
    assignment, equals, title = column.partition("=")
    if not equals:
        raise UserError(f"--column {column!r} is not of the form ASSIGNMENT=TITLE")
    return assignment, title


@click.command(short_help="Make an assignment's autograder archive for Gradescope.")
@click.argument("out", type=FILE, metavar="OUT.zip")
@click.option("--assignment", "name", metavar="A", required=True, help="The assignment that the archive grades.")
@click.option(
    "--hidden",
    type=click.Choice(HIDDEN_UNTIL),
    default=HIDDEN_UNTIL[0],
    show_default=True,
    help="When students see hidden checks.",
)
@one_line_errors
def gradescope(out: Path, name: str, hidden: str) -> None:
    """Make the autograder archive of an assignment for Gradescope. It holds the solutions."""
    from autograder.course.loader import find_course, load_course
    from autograder.publish.archives import write_gradescope
    from autograder.targets import require_zip

    require_zip(out)
    course = load_course(find_course(Path.cwd()))
    write_gradescope(course, course.assignment(name), hidden, out)
    click.echo(f"{out}: upload it at Gradescope, Configure Autograder. It holds the solutions.")


@click.command(short_help="Make an assignment's autograder folder for Classroom 50.")
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.option("--assignment", "name", metavar="A", required=True, help="The assignment that the folder grades.")
@one_line_errors
def classroom50(out: Path, name: str) -> None:
    """Make the autograder folder of an assignment for Classroom 50: visible checks only, for students can find it."""
    from autograder.course.loader import find_course, load_course
    from autograder.publish.archives import write_classroom50
    from autograder.publish.classroom50.__main__ import CHOICES
    from autograder.targets import require_own

    require_own(out, lambda folder: (folder / CHOICES).is_file())
    course = load_course(find_course(Path.cwd()))
    written = write_classroom50(course, course.assignment(name), out)
    click.echo(f"{out}: {len(written)} files; commit it as CLASSROOM/autograders/ASSIGNMENT/. It holds no secret.")
