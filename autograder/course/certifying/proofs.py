"""Proves the course: the reference earns all, stub and nonsense nothing, every misconception is caught and named."""

from __future__ import annotations

import math
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import nbformat

from autograder.checking.collection import CheckRun
from autograder.checking.follow_through import Rerun
from autograder.checking.recognition.misconceptions import Misconception
from autograder.checking.session import CheckSession
from autograder.course.certifying import messages
from autograder.course.loader import Assignment, Course, load_course
from autograder.course.release import released_notebook, require_visible_checks
from autograder.course.stand_ins.mistaken import Mistaken
from autograder.course.stand_ins.nonsense import nonsense
from autograder.report.model import Outcome, QuestionResult, number
from autograder.sandbox.client import Sandbox
from autograder.sandbox.protocol import Part
from autograder.submission.model import code_of
from autograder.submission.notebook import notebook_cells

SEEDS = ("a", "b", "c")  # hidden inputs are drawn afresh for each
MIN_MARGIN_TOLERANCES = 100  # how far a misconception must be off on some check, in units of the tolerance
REFERENCE, STUB, NONSENSE, NOTHING = "reference", "stub", "nonsense", "-"


@dataclass(frozen=True)
class Proof:
    """One row of the matrix: what was handed in for a question, and what came of it. No `problem`: all is well.

    `note` is for the author to know, and no fault: what counts for nothing, by `@points(0)`, is not wrong.
    """

    assignment: str
    question: str
    handed_in: str
    score: float
    max_score: float
    caught_by: int
    checks: int
    margin: float
    problem: str
    note: str = ""

    @property
    def is_misconception(self) -> bool:
        return self.handed_in not in (REFERENCE, STUB, NONSENSE, NOTHING)


def prove_at_once(course: Course, assignments: Sequence[Assignment]) -> list[Proof]:
    """What `prove` yields, made by a process a core."""
    jobs = min(os.cpu_count() or 1, len(assignments))
    if jobs == 1:
        return list(prove(course, assignments))
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        # The later ones build on more, and take longer: with them first, no core waits at the end.
        running = [pool.submit(_prove_one, course.folder, each.name) for each in reversed(assignments)]
        try:
            return [proof for future in reversed(running) for proof in future.result()]
        finally:
            pool.shutdown(cancel_futures=True)


def _prove_one(folder: Path, name: str) -> list[Proof]:
    course = load_course(folder)
    return list(prove(course, [course.assignment(name)]))


def prove(course: Course, assignments: Sequence[Assignment]) -> Iterator[Proof]:
    """All proofs of some assignments, in the lessons' order. Raises ChecksError and CourseError."""
    with Sandbox(course.limits, course.imports, files=course.files) as sandbox:
        for assignment in assignments:
            require_visible_checks(assignment)
            with assignment.check_session() as session:
                yield from _reference_and_stub(assignment, session, sandbox)
                for question in assignment.questions:
                    yield _nonsense(assignment, session, question)
                for misconception in assignment.misconceptions:
                    yield _misconception(assignment, session, misconception)
                yield from _without_misconceptions(assignment)


def _reference_and_stub(assignment: Assignment, session: CheckSession, sandbox: Sandbox) -> Iterator[Proof]:
    """The reference and the stub, each as a submission in the sandbox."""
    stub = code_of(notebook_cells(nbformat.writes(released_notebook(assignment)).encode()))
    for handed_in, parts in ((REFERENCE, assignment.parts), (STUB, [*assignment.parts[:-1], assignment.part(stub)])):
        pick = max if handed_in == STUB else min
        for question in _results_over_seeds(assignment, session, sandbox, parts, pick):
            wanted = question.max_score if handed_in == REFERENCE else 0
            problem = "" if question.score == wanted else messages.wrong_score(number(question.score), number(wanted))
            if any(check.outcome is Outcome.GRADER_ERROR for check in question.checks):
                at_fault = next(check for check in question.checks if check.outcome is Outcome.GRADER_ERROR)
                problem = messages.check_at_fault(at_fault.name, at_fault.message)
            yield _proof(assignment, question, handed_in, math.nan, problem, _worth_nothing(question, handed_in))


def _worth_nothing(question: QuestionResult, handed_in: str) -> str:
    return messages.WORTH_NOTHING if handed_in == REFERENCE and not question.max_score else ""


def _results_over_seeds(
    assignment: Assignment,
    session: CheckSession,
    sandbox: Sandbox,
    parts: Sequence[Part],
    pick: Callable[..., QuestionResult],
) -> list[QuestionResult]:
    """Each question's result of lowest (`pick` is min) or highest score (max) over all seeds."""
    runs = []
    for seed in SEEDS:
        with sandbox.submission(parts, assignment.parts) as workers:
            rerun = Rerun(workers.student_again, workers.reference)
            runs.append(session.run(CheckRun(workers.student, seed, assignment.misconceptions, rerun)))
    return [pick(results, key=lambda question: question.score) for results in zip(*runs, strict=True)]


def _nonsense(assignment: Assignment, session: CheckSession, question: str) -> Proof:
    """Hand in all nonsense there is; the row shows what earns most."""
    best: QuestionResult | None = None
    problem = ""
    for name, function in nonsense(assignment.functions[question]).items():
        answers = Mistaken(assignment.reference, question, function)
        (result,) = session.run(CheckRun(answers, SEEDS[0], question=question))
        if best is None or result.score > best.score:
            best = result
            earning = [check.name for check in result.checks if check.earned]
            problem = messages.nonsense_earns(name, earning[0]) if earning else ""
    assert best is not None
    return _proof(assignment, best, NONSENSE, math.nan, problem)


def _misconception(assignment: Assignment, session: CheckSession, misconception: Misconception) -> Proof:
    """Hand in one misconception. It is trusted code, so that it needs no sandbox."""
    problems, notes, margins = [], [], []
    for seed, function in product(SEEDS, misconception.functions):
        answers = Mistaken(assignment.reference, misconception.question, function)
        run = CheckRun(answers, seed, assignment.misconceptions, question=misconception.question)
        (question,) = session.run(run)
        named = {check.misconception for check in question.checks if check.misconception}
        margins.append(max((session.margins.get(check.name, 0) for check in question.checks), default=0))
        is_caught = any(check.outcome is not Outcome.PASSED for check in question.checks)
        if question.score == question.max_score and question.max_score:
            notes += [messages.CAUGHT_FOR_NOTHING] if is_caught else []
        if not is_caught:
            problems.append(messages.LOSES_NO_POINT)
        elif named != {misconception.name}:
            problems.append(messages.named_otherwise(", ".join(sorted(named))) if named else messages.NAMED_NOTHING)
        elif margins[-1] < MIN_MARGIN_TOLERANCES:
            problems.append(messages.too_close(f"{margins[-1]:.0f}"))
    problem, note = problems[0] if problems else "", notes[0] if notes else ""
    return _proof(assignment, question, misconception.name, min(margins), problem, note)


def _without_misconceptions(assignment: Assignment) -> Iterator[Proof]:
    for question in assignment.questions:
        if not any(misconception.question == question for misconception in assignment.misconceptions):
            yield Proof(assignment.name, question, NOTHING, 0, 0, 0, 0, math.nan, messages.NO_MISCONCEPTION)


def _proof(
    assignment: Assignment, question: QuestionResult, handed_in: str, margin: float, problem: str, note: str = ""
) -> Proof:
    caught = sum(check.outcome is not Outcome.PASSED for check in question.checks)
    return Proof(
        assignment.name,
        question.name,
        handed_in,
        question.score,
        question.max_score,
        caught,
        len(question.checks),
        margin,
        problem,
        note,
    )
