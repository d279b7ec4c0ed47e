"""The command line."""

from __future__ import annotations

import os
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from autograder import publish_cli
from autograder.ci import CiOutputs, ci_options
from autograder.errors import UserError
from autograder.exits import GRADER_ERROR, NOTHING_DONE, one_line_errors

if TYPE_CHECKING:  # a command loads what it needs, and no other
    from autograder.student.check import Progress

MOST_STRAYS = 20  # lines on work that lies where nobody looks for it; a large class has the same mistake often


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="autograder")
def main() -> None:
    """Grade a course in NumPy: students' code runs confined, wrong answers are named."""


@main.command(short_help="Grade a class: reports, pages, and a table of scores.")
@click.argument("submitted", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--assignment", "chosen", metavar="A", multiple=True, help="Grade only this one. May be given again.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default="graded", show_default=True)
@click.option(
    "--jobs", type=click.IntRange(min=1), default=os.cpu_count() or 1, help="Processes (default: one a core)."
)
@click.option("--unconfined", is_flag=True, help="Grade without the sandbox. Only for work that you trust.")
@click.option("--gradebook", metavar="URL", help="Also write into nbgrader's database: sqlite:///gradebook.db")
@ci_options
@one_line_errors
def grade(
    submitted: Path,
    chosen: tuple[str, ...],
    out: Path,
    jobs: int,
    unconfined: bool,
    gradebook: str | None,
    **ci: Any,
) -> None:
    """Grade SUBMITTED/<student>/<assignment>/<assignment>.ipynb (or .py).

    Writes a report and a page for each submission, grades.csv and index.html into the folder --out. What was graded
    before and has not changed is kept. Exit code: 0, every submission has a report; 1, some report holds a
    grader_error; 2, nothing was graded, or the run was stopped.
    """
    if sys.platform == "win32":
        raise UserError("grading needs Linux (or, for work that you trust, macOS): on Windows, use WSL")
    from autograder.course.loader import find_course, load_course
    from autograder.grading.discovery import strays
    from autograder.grading.job import find_submissions
    from autograder.grading.runner import GradingError, grade_class
    from autograder.grading.store import earlier_reports, write_class_files
    from autograder.outputs import console as screen
    from autograder.outputs.changes import changed_line
    from autograder.publish.ci.github import class_summary
    from autograder.publish.ci.source_map import places, submitted_file
    from autograder.report.diff import Change
    from autograder.report.model import Report
    from autograder.sandbox import selftest
    from autograder.targets import require_apart

    outputs = CiOutputs(**ci)
    outputs.begin(made=out)
    console = Console()
    started = time.monotonic()
    course = load_course(find_course(Path.cwd()))
    names = [course.assignment(name).name for name in chosen] or [each.name for each in course.assignments]
    students, handed = find_submissions(submitted, names)
    require_apart(out, submitted)
    if not unconfined:
        selftest.require(course.limits, course.imports)
    if gradebook:
        if find_spec("nbgrader") is None:
            raise UserError("--gradebook needs nbgrader, which is not installed here: pip install nbgrader")
        from autograder.nbgrader.gradebook import open_gradebook

        book = open_gradebook(course, gradebook, list(dict.fromkeys(each.assignment for each in handed)))
    fresh = 0
    changes: list[Change] = []
    with screen.progress_bar(console) as bar:
        task = bar.add_task("grading", total=len(handed))

        def advance(_report: Report, is_fresh: bool) -> None:
            nonlocal fresh
            fresh += is_fresh
            bar.advance(task)

        try:
            reports = grade_class(
                course, handed, out, jobs=jobs, confined=not unconfined, progress=advance, changed=changes.append
            )
        except KeyboardInterrupt:
            raise GradingError("stopped; what was graded is kept: run the same command again to go on") from None
    others = earlier_reports(course, out, students, names)
    write_class_files(course, [*reports, *others], out, students)
    present = {each.student for each in handed}
    absent = [student for student in students if student not in present]
    screen.show_class(console, reports, absent, fresh, time.monotonic() - started)
    show_strays(strays(submitted, [each.name for each in course.assignments]))
    screen.show_files(console, out)
    if changes:
        console.print(changed_line(changes, out), highlight=False, soft_wrap=True)
    if gradebook:
        screen.show_gradebook(console, book.url, book.write(list(zip(handed, reports, strict=True))), len(reports))
    folders = {(each.student, each.assignment): each.folder for each in handed}
    place = places(lambda report: submitted_file(folders[report.student, report.assignment], report.assignment))
    outputs.write(reports, place, lambda: class_summary(reports, absent))
    if any(report.has_grader_error for report in reports):
        sys.exit(GRADER_ERROR)


def show_strays(lines: list[str]) -> None:
    """Name what students handed in where nobody looks for it."""
    from autograder.outputs.text import plain

    console = Console(stderr=True)
    for line in lines[:MOST_STRAYS]:
        console.print(plain(line, len(line)), style="yellow", soft_wrap=True)
    if len(lines) > MOST_STRAYS:
        console.print(f"And {len(lines) - MOST_STRAYS} more like these.", style="yellow")


@main.command(short_help="Prove the course: its answers, stubs and misconceptions.")
@click.argument("assignments", nargs=-1)
@one_line_errors
def certify(assignments: tuple[str, ...]) -> None:
    """Prove the course: the reference earns all, the stub nothing, each misconception is caught and named."""
    from autograder.course.certify import certify as prove
    from autograder.course.loader import find_course, load_course
    from autograder.outputs.console import show_proofs

    course = load_course(find_course(Path.cwd()))
    chosen = [course.assignment(name) for name in assignments] or course.assignments
    if not show_proofs(Console(), prove(course, chosen)):
        sys.exit(GRADER_ERROR)


@main.command(short_help="Build assignments/, which students get, from solutions/.")
@click.argument("assignments", nargs=-1)
@click.option(
    "--bundle", type=click.Path(dir_okay=False, path_type=Path), help="Also write what students get as a zip."
)
@click.option(
    "--source",
    type=click.Path(file_okay=False, path_type=Path),
    help="Only build the notebooks with their solutions, in this folder, for nbgrader.",
)
@one_line_errors
def release(assignments: tuple[str, ...], bundle: Path | None, source: Path | None) -> None:
    """Build assignments/, which students get, from solutions/."""
    from autograder.course.bundle import write_bundle
    from autograder.course.loader import find_course, load_course
    from autograder.course.release import release as build
    from autograder.course.release import release_settings, release_source
    from autograder.targets import is_source, require_own, require_zip

    if source and bundle:
        raise UserError("--source builds for nbgrader only, --bundle for students: name one of them at a time")
    if bundle:
        require_zip(bundle)
    if source:
        require_own(source, is_source)
    course = load_course(find_course(Path.cwd()))
    target = course.folder.parent / "assignments"
    chosen = [course.assignment(name) for name in assignments] or course.assignments
    if source:
        failed = False
        for assignment in chosen:
            try:
                for path in release_source(assignment, source):
                    click.echo(path)
            except UserError as error:  # the others are in order, and nbgrader can go on with them
                click.echo(f"autograder: {error}", err=True)
                failed = True
        sys.exit(NOTHING_DONE if failed else 0)
    for assignment in chosen:
        for path in build(assignment, target):
            click.echo(path.relative_to(target.parent))
    click.echo(release_settings(course, target).relative_to(target.parent))
    if bundle:
        write_bundle(course, bundle)
        click.echo(bundle)


@main.command(short_help="Check your own work with the visible checks.")
@click.argument("path", type=click.Path(exists=True, path_type=Path), default=".")
@click.option("--watch", is_flag=True, help="Check again whenever you save. Ctrl-C ends it.")
@ci_options
@one_line_errors
def check(path: Path, watch: bool, **ci: Any) -> None:
    """Check your own work with the visible checks: a notebook, a .py file, or how far you are with the whole course."""
    from autograder.publish.ci.github import student_summary
    from autograder.publish.ci.source_map import places

    outputs = CiOutputs(**ci)
    outputs.begin()
    rows = show_own(path)
    files = {row.name: row.file for row in rows}
    outputs.write(
        [row.report for row in rows if row.started or row.problem],
        places(lambda report: files[report.assignment]),
        lambda: student_summary([row.report for row in rows]),
    )
    if watch:
        import watchfiles

        for _ in watchfiles.watch(path if path.is_dir() else path.parent, raise_interrupt=False):
            click.clear()
            show_own(path)


def show_own(path: Path) -> list[Progress]:
    from autograder.outputs.student_console import show_progress, show_questions
    from autograder.student.check import Progress, check_file, progress
    from autograder.student.workspace import SETTINGS, find_assignments

    path = path.resolve()
    if path.is_dir():
        if not (path / SETTINGS).is_file() and (path / "assignments" / SETTINGS).is_file():
            path /= "assignments"
        course = find_assignments(path)
        path = (course.file(path.name) if path.name in course.names else None) or path
    if path.is_file():
        rows = [Progress(path.parent.name, path, check_file(path))]
        show_questions(Console(), path.name, rows[0].questions)
    else:
        rows = progress(course)
        show_progress(Console(), rows)
    return rows


@main.command(short_help="Try to break each promise of the sandbox on this machine.")
@one_line_errors
def doctor() -> None:
    """Say what this machine can promise: try to break each promise of the sandbox."""
    from autograder.course.loader import find_course, load_course
    from autograder.outputs.console import show_findings
    from autograder.sandbox import selftest

    course = load_course(find_course(Path.cwd()))
    if not show_findings(Console(), selftest.examine(course.limits, course.imports)):
        sys.exit(NOTHING_DONE)


for command in (publish_cli.diff, publish_cli.export, publish_cli.gradescope, publish_cli.classroom50):
    main.add_command(command)


if __name__ == "__main__":
    main()
