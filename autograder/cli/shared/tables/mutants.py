"""What `certify --mutants` shows: how many of each question's mutants are caught, and each that is not."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

from rich.console import Console
from rich.text import Text

from autograder.cli.shared import messages
from autograder.cli.shared.tables.of_class import progress_bar
from autograder.cli.shared.tables.rows import Heading, show_rows
from autograder.cli.shared.terminal import say
from autograder.course.loader import Assignment, Course
from autograder.course.mutants.model import Fate, QuestionTried, Stale, Tried
from autograder.course.mutants.record import Counts, keep
from autograder.course.mutants.running import try_mutants


def certify_mutants(course: Course, assignments: Sequence[Assignment]) -> bool:
    """Try the mutants, show what became of them, and keep the counts where the course does; whether all is well."""
    console = Console()
    with progress_bar(console, messages.MUTANTS) as bar:
        task = bar.add_task("mutants", total=None)
        found = try_mutants(course, assignments, lambda done, total: bar.update(task, completed=done, total=total))
    is_well = show_mutants(console, found)
    if path := keep(course, found):
        say(console, messages.counts_kept(_path(path)))
    return is_well


def show_mutants(console: Console, found: Sequence[QuestionTried]) -> bool:
    """The table, what is to be mended, and what is to be known; whether nothing is to be mended."""
    question, *numbers = messages.MUTANT_COLUMNS
    headings = [Heading(question, leads=True), *(Heading(each, is_number=True) for each in numbers)]
    rows = [[Text(each.question), *(Text(str(count)) for count in astuple(Counts.of([each])))] for each in found]
    show_rows(console, headings, rows)
    for each in found:
        for alike in each.of(Fate.ALIKE):
            _show(console, each, alike, messages.ALIKE, "")
    for each in found:
        if each.never:
            say(console, messages.never_drawn(each.question, "; ".join(each.never)))
        if each.seldom:
            say(console, messages.seldom_drawn(each.question, "; ".join(each.seldom)))
        if each.left_out:
            say(console, messages.left_out(each.question, each.left_out), "yellow")
    for each in found:
        for surviving in each.of(Fate.SURVIVING):
            _show(console, each, surviving, messages.survives(surviving.call, surviving.check), "bold red")
        for stale in each.stale:
            _show_stale(console, each, stale)
    return _show_sum(console, found)


def _show(console: Console, question: QuestionTried, tried: Tried, verdict: str, style: str) -> None:
    mutant = tried.mutant
    say(console, messages.mutant_at(_path(question.lesson), mutant.line, question.question, mutant.kind))
    if mutant.is_of_region:
        say(console, messages.in_region(mutant.was, mutant.now))
    else:
        say(console, messages.line_was(mutant.was))
        say(console, messages.line_is(mutant.now))
    say(console, messages.verdict(verdict), style)


def _show_stale(console: Console, question: QuestionTried, stale: Stale) -> None:
    say(console, messages.entry_of(_path(question.equivalents), question.question))
    say(console, messages.line_was(stale.was))
    say(console, messages.line_is(stale.now))
    say(console, messages.verdict(stale.problem), "bold red")


def _path(path: Path) -> str:
    return os.path.relpath(path)


def _show_sum(console: Console, found: Sequence[QuestionTried]) -> bool:
    counts = Counts.of(found)
    ended, stale = sum(len(each.of(Fate.ENDED)) for each in found), sum(len(each.stale) for each in found)
    say(console, messages.mutants_made(counts.made, counts.killed, ended, counts.equivalent, counts.alike))
    never, seldom = (sum(map(len, regions)) for regions in ([q.never for q in found], [q.seldom for q in found]))
    if never or seldom:
        say(console, messages.regions_open(never, seldom))
    if counts.surviving:
        say(console, messages.mutants_survive(counts.surviving), "bold red")
    if stale:
        say(console, messages.reasons_stale(stale), "bold red")
    if not (counts.surviving or stale):
        say(console, messages.NONE_SURVIVES, "green")
    return not (counts.surviving or stale)
