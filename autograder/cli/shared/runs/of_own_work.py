"""A whole run of `check`: a student's files are checked, and the terminal is told what comes of it. Portable."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from autograder import settings
from autograder.cli import messages
from autograder.cli.shared.ci_outputs import CiOutputs
from autograder.cli.shared.terminal import safe, say
from autograder.cli.shared.watching import watch_and_check
from autograder.language.listing import listed
from autograder.report.model import Outcome
from autograder.sandbox.exchange.calls import Home
from autograder.student.causes.earlier import QuestionAt
from autograder.student.causes.in_files import with_causes
from autograder.student.check_table import MARKS, text_table
from autograder.student.language import speak_in
from autograder.student.progress import AssignmentProgress, check_file, confined_home_of, progress, progress_on
from autograder.student.workspace import find_workspace
from autograder.text import without_marks

STYLES = {"✓": "green", "✗": "yellow"}


def check_own_work(
    path: Path, outputs: CiOutputs, language: str = "", *, watch: bool = False, is_confined: bool = False
) -> None:
    """Check a file, or how far the course in a folder is; with `watch`, again at each save. Raises UserError.

    Where it `is_confined`, a student's code runs in guests. The language is that of the course, or of the system, where
    none is named.
    """
    speak_in(path.resolve() if path.is_dir() else path.resolve().parent, language)
    outputs.begin()
    if watch:
        watch_and_check(path, lambda: _check(path, outputs, is_confined=is_confined))
    else:
        _check(path, outputs, is_confined=is_confined)


def _check(path: Path, outputs: CiOutputs, *, is_confined: bool) -> None:
    path = _course_in(path.resolve())
    if is_confined:
        with confined_home_of(find_workspace(path if path.is_dir() else path.parent)) as home:
            rows = _show(path, home)
    else:
        rows = _show(path)
    if not outputs.are_wanted:
        return
    from autograder.publish.ci.github import student_summary
    from autograder.publish.ci.source_map import own_cells, source_maps

    files = {row.name: row.file for row in rows}
    outputs.write(
        lambda: [row.report for row in rows if row.report.is_started or row.problem],
        source_maps(lambda report: files[report.assignment], lambda report: own_cells(files[report.assignment])),
        lambda: student_summary([row.report for row in rows], _causes(rows)),
    )


def _course_in(path: Path) -> Path:
    """What is checked: of a folder that has the course's beneath it, that one."""
    is_above = path.is_dir() and not (path / settings.FILE).is_file()
    return path / "assignments" if is_above and (path / "assignments" / settings.FILE).is_file() else path


def _show(path: Path, home: Home | None = None) -> list[AssignmentProgress]:
    console = Console()
    if path.is_dir():
        workspace = find_workspace(path)
        file = workspace.file(path.name) if path.name in workspace.names else None
        if file is None:
            plain = {row.name: row for row in progress(workspace, home)}
            rows = [with_causes(row, plain.__getitem__) for row in plain.values()]
            show_progress(console, rows)
            for line in workspace.former_folders:
                say(console, line, "yellow")
            return rows
        path = file
    row = check_file(path, home)
    row = with_causes(row, cache(partial(progress_on, find_workspace(path.parent), home=home)))
    show_questions(console, row)
    show_written(console, row)
    for note in row.notes:
        say(console, note, "yellow")
    return [row]


def show_questions(console: Console, row: AssignmentProgress) -> None:
    """The visible checks on one file; where an earlier function is to be mended first, that is said before them."""
    console.print(safe(row.file.name if row.file else row.name, "bold"))
    told: set[QuestionAt] = set()
    for question in row.questions:
        lead: Sequence[str] = ()
        if cause := row.causes.get(question.name):
            lead = [cause.again] if cause.at in told else cause.lines
            told.add(cause.at)
        for line in text_table(question, row.pairs, lead).splitlines():
            say(console, line, STYLES.get(line.strip()[:1], ""))


def show_written(console: Console, row: AssignmentProgress) -> None:
    """A line for each question that is answered in words."""
    for is_written, line in row.written.lines(row.name):
        mark = MARKS[Outcome.PASSED if is_written else Outcome.MISSING]
        say(console, f"{mark} {without_marks(line)}", STYLES.get(mark, ""))


def show_progress(console: Console, rows: Sequence[AssignmentProgress]) -> None:
    """How far a student is: the next step first, then the whole course, then what cannot be checked."""
    has_words = any(row.written.asked for row in rows)
    left = sorted((row for row in rows if not row.done), key=lambda row: row.needs_a_notebook)  # that can wait
    _show_next(console, left[0] if left else None, rows, has_words)
    assignment, state, done = messages.PROGRESS_COLUMNS
    name = Column(assignment, overflow="fold")  # whole, be the terminal as narrow as it is
    table = Table(name, state, Column(done, justify="right"), box=None, pad_edge=False)
    if has_words:
        table.add_column(messages.WRITTEN_COLUMN, justify="right")
    for row in rows:
        full = sum(question.score == question.max_score for question in row.questions)
        figures = messages.questions_done(full, len(row.questions)) if row.questions else "—"
        table.add_row(row.name, _state(row), figures, *([_in_words(row)] if has_words else []))
    console.print(table)
    for row in rows:
        notes = (messages.note_on(row.name, note) for note in row.notes)
        for line in filter(None, (row.problem, *notes)):
            say(console, line, "yellow")


def _in_words(row: AssignmentProgress) -> str:
    """How many answers in words are written, of how many; nothing where none is asked for."""
    if not row.written.asked or not row.questions:
        return "—" if row.written.asked else ""
    return messages.questions_done(len(row.written.answered), len(row.written.asked))


def _show_next(
    console: Console, row: AssignmentProgress | None, rows: Sequence[AssignmentProgress], has_words: bool
) -> None:
    if row is None:
        console.print(messages.ALL_DONE_AND_WRITTEN if has_words else messages.ALL_DONE, style="green")
    elif row.problem:
        console.print(messages.next_broken(row.name), style="bold")
    elif row.file is None:
        console.print(messages.next_missing(row.name))
    else:
        question = next((each for each in row.questions if each.score < each.max_score), None)
        if question is None:
            if not row.written.missing:
                return
            name = row.written.missing[0]
            console.print(messages.next_written(name, row.name), style="bold")
            say(console, without_marks(row.written.sentence_on_missing(name, row.name)))
            return
        console.print(messages.next_question(question.name, row.name), style="bold")
        say(console, text_table(question, row.pairs))
        at = QuestionAt(row.name, question.name)
        waiting = [f"`{name}`" for each in rows for name, cause in each.causes.items() if cause.at == at]
        if waiting:
            say(console, messages.build_on_it(listed(waiting), at.name))


def _causes(rows: Sequence[AssignmentProgress]) -> dict[tuple[str, str], str]:
    """What is to be mended before a question, by its assignment and its name."""
    return {(row.name, name): cause.lines[0] for row in rows for name, cause in row.causes.items()}


def _state(row: AssignmentProgress) -> Text:
    if row.problem:
        return Text(messages.UNREADABLE if row.file else messages.OTHER_NAME, style="red")
    if row.done:
        return Text(messages.DONE, style="green")
    if cause := next((each for each in row.causes.values() if each.is_elsewhere), None):
        return Text(messages.waits_for(cause.at.name, cause.at.assignment), style="yellow")
    return Text(messages.STARTED, style="yellow") if row.is_started else Text(messages.TO_DO, style="dim")
