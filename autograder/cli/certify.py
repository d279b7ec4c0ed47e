"""`autograder certify`: the proofs of a course, as a matrix."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from autograder.cli.shared import author_messages
from autograder.cli.shared import messages as shared_messages
from autograder.cli.shared.errors import GRADER_ERROR, one_line_errors, quiet_on_interrupt
from autograder.cli.shared.tables.mutants import certify_mutants
from autograder.cli.shared.tables.rows import Heading, show_rows
from autograder.cli.shared.terminal import say
from autograder.cli.shared.watching import watch_and_certify
from autograder.course.certifying.at_once import prove_at_once
from autograder.course.certifying.proof import NOTHING, Proof
from autograder.course.certifying.saved import to_certify
from autograder.course.folder import find_course
from autograder.course.loader import load_course
from autograder.report.model import number


@click.command()
@click.argument("assignments", nargs=-1)
@click.option("--mutants", is_flag=True, help="Change each reference in many small ways, and show what no check sees.")
@click.option("--watch", is_flag=True, help="Certify again what you save. Ctrl-C ends it.")
@quiet_on_interrupt
@one_line_errors
def certify(assignments: tuple[str, ...], mutants: bool, watch: bool) -> None:
    """Prove the course: the reference earns all, stub and nonsense nothing, each misconception is caught and named."""
    if watch:
        solutions = find_course(Path.cwd()).resolve()
        again = partial(to_certify, solutions, assignments)
        watch_and_certify(solutions, assignments, ["--mutants"] if mutants else [], again)
        return
    course = load_course(find_course(Path.cwd()))
    chosen = [course.assignment(name) for name in assignments] or course.assignments
    proofs = prove_at_once(course, chosen)
    show_proofs(Console(), proofs)
    show_reasons(Console(), proofs, course.folder.parent)
    if any(proof.problem for proof in proofs):
        if mutants:
            say(Console(), shared_messages.NOT_TRIED)
        sys.exit(GRADER_ERROR)
    if mutants and not certify_mutants(course, chosen):
        sys.exit(GRADER_ERROR)


def show_proofs(console: Console, proofs: Sequence[Proof]) -> None:
    question, handed_in, score, caught_by, largest_error, verdict = author_messages.PROOF_COLUMNS
    headings = [
        *(Heading(each, leads=True) for each in (question, handed_in)),
        *(Heading(each, is_number=True) for each in (score, caught_by, largest_error)),
        Heading(verdict),
    ]
    rows = [
        [
            Text(proof.question),
            Text(proof.handed_in),
            Text(f"{number(proof.score)}/{number(proof.max_score)}"),
            Text(author_messages.caught_by(proof.caught_by, proof.checks) if proof.is_misconception else ""),
            Text(_largest_error(proof.margin)),
            _verdict(proof),
        ]
        for proof in proofs
    ]
    show_rows(console, headings, rows)
    failed = sum(bool(proof.problem) for proof in proofs)
    misconceptions = sum(proof.is_misconception for proof in proofs)
    without = sum(proof.handed_in == NOTHING for proof in proofs)
    questions = len({(proof.assignment, proof.question) for proof in proofs})
    outcome = author_messages.proofs_fail(failed) if failed else author_messages.ALL_PROVED
    console.print(
        author_messages.proved_without(questions, misconceptions, without, outcome)
        if without
        else author_messages.proved(questions, misconceptions, outcome),
        highlight=False,
    )


def show_reasons(console: Console, proofs: Sequence[Proof], folder: Path) -> None:
    """Of each proof that fails: the file and the line in it, the check, and what that says to students."""
    for proof in proofs:
        if proof.problem and proof.because:
            because = proof.because
            file = because.file.relative_to(folder)
            console.print()
            console.print(
                Text(author_messages.does_not_hold(proof.question, proof.handed_in, proof.problem)), soft_wrap=True
            )
            told = (
                author_messages.check_says(file, because.line, because.check, because.message)
                if because.message
                else author_messages.check_at(file, because.line, because.check)
                if because.check
                else author_messages.misconception_at(file, because.line)
            )
            console.print(Text(told), soft_wrap=True)


def _verdict(proof: Proof) -> Text:
    if proof.problem:
        return Text(f"✗ {proof.problem}", style="bold red")
    return Text(f"✓ {proof.note}", style="yellow") if proof.note else Text("✓", style="green")


def _largest_error(margin: float) -> str:
    if math.isnan(margin):
        return ""
    return author_messages.SHAPE_OR_ERROR if math.isinf(margin) else author_messages.largest_error(f"{margin:.0e}")
