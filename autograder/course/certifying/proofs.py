"""Proves the course: the reference earns all, stub and nonsense nothing, every misconception is caught and named."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import nbformat

from autograder.checking.collection import CheckRun
from autograder.checking.follow_through import Rerun
from autograder.checking.recognition.misconceptions import Misconception
from autograder.checking.session import CheckSession
from autograder.course.certifying import messages
from autograder.course.certifying.misconceptions import place_of, require_fitting
from autograder.course.certifying.proof import NONSENSE, NOTHING, REFERENCE, STUB, Because, Proof, because_of
from autograder.course.certifying.seeds import require_seeded
from autograder.course.certifying.steady import require_steady
from autograder.course.certifying.telling import require_telling
from autograder.course.importing import require_installed
from autograder.course.loader import Assignment, Course
from autograder.course.release import released_notebook, require_visible_checks
from autograder.course.stand_ins.mistaken import Mistaken
from autograder.course.stand_ins.nonsense import nonsense
from autograder.language.listing import listed
from autograder.report.model import CheckResult, Outcome, QuestionResult, number
from autograder.sandbox.client import Sandbox
from autograder.sandbox.protocol import Part
from autograder.submission.model import code_of
from autograder.submission.notebook import notebook_cells

SEEDS = ("a", "b", "c")  # hidden inputs are drawn afresh for each
MIN_MARGIN_TOLERANCES = 100  # how far a misconception must be off on some check, in units of the tolerance


@dataclass(frozen=True)
class WatchedSession:
    """The checks of an assignment; before each run of them, whoever watches the time is told that it `begins`."""

    checks: CheckSession
    begins: Callable[[], None]

    def run(self, run: CheckRun) -> tuple[QuestionResult, ...]:
        self.begins()
        return self.checks.run(run)

    def because_of(self, result: CheckResult) -> Because:
        return because_of(result, self.checks.checks)


def prove(
    course: Course, assignments: Sequence[Assignment], begins: Callable[[], None] = lambda: None
) -> Iterator[Proof]:
    """All proofs of some assignments, in the lessons' order. Raises ChecksError and CourseError.

    `begins` is called whenever something begins that may take as long as one submission may.
    """
    require_installed(course.folder, course.imports)
    begins()
    with Sandbox(course.limits, course.imports, files=course.files) as sandbox:
        for assignment in assignments:
            require_visible_checks(assignment)
            begins()
            with assignment.check_session() as checks:
                require_telling(assignment)
                require_fitting(assignment)
                require_seeded(assignment, checks)
                session = WatchedSession(checks, begins)
                yield from _reference_and_stub(assignment, session, sandbox)
                for question in assignment.questions:
                    yield _nonsense(assignment, session, question)
                for misconception in assignment.misconceptions:
                    yield _misconception(assignment, session, misconception)
                begins()
                require_steady(assignment, checks)  # now that it is known that all of them end
                yield from _without_misconceptions(assignment)


def _reference_and_stub(assignment: Assignment, session: WatchedSession, sandbox: Sandbox) -> Iterator[Proof]:
    """The reference and the stub, each as a submission in the sandbox."""
    stub = code_of(notebook_cells(nbformat.writes(released_notebook(assignment)).encode()))
    for handed_in, parts in ((REFERENCE, assignment.parts), (STUB, [*assignment.parts[:-1], assignment.part(stub)])):
        pick = max if handed_in == STUB else min
        for question in _results_over_seeds(assignment, session, sandbox, parts, pick):
            wanted = question.max_score if handed_in == REFERENCE else 0
            problem, telling = "", []
            if question.score != wanted:
                problem = messages.wrong_score(number(question.score), number(wanted))
                telling = [check for check in question.checks if (check.outcome is Outcome.PASSED) == (not wanted)]
            if at_fault := [check for check in question.checks if check.outcome is Outcome.GRADER_ERROR]:
                problem, telling = messages.check_at_fault(at_fault[0].name), at_fault
            because = session.because_of(telling[0]) if telling else None
            note = _worth_nothing(question, handed_in)
            yield _proof(assignment, question, handed_in, math.nan, problem, note, because)


def _worth_nothing(question: QuestionResult, handed_in: str) -> str:
    return messages.WORTH_NOTHING if handed_in == REFERENCE and not question.max_score else ""


def _results_over_seeds(
    assignment: Assignment,
    session: WatchedSession,
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


def _nonsense(assignment: Assignment, session: WatchedSession, question: str) -> Proof:
    """Hand in all nonsense there is; the row shows what earns most."""
    best: QuestionResult | None = None
    problem, because = "", None
    for name, function in nonsense(assignment.functions[question]).items():
        answers = Mistaken(assignment.reference, question, function)
        (result,) = session.run(CheckRun(answers, SEEDS[0], question=question))
        if best is None or result.score > best.score:
            best = result
            earning = [check for check in result.checks if check.earned]
            problem = messages.nonsense_earns(name, earning[0].name) if earning else ""
            because = session.because_of(earning[0]) if earning else None
    assert best is not None
    return _proof(assignment, best, NONSENSE, math.nan, problem, because=because)


def _misconception(assignment: Assignment, session: WatchedSession, misconception: Misconception) -> Proof:
    """Hand in one misconception. It is trusted code, so that it needs no sandbox."""
    faults: list[tuple[str, Because]] = []
    notes, margins = [], []
    for seed, function in product(SEEDS, misconception.functions):
        answers = Mistaken(assignment.reference, misconception.question, function)
        run = CheckRun(answers, seed, assignment.misconceptions, question=misconception.question)
        (question,) = session.run(run)
        of_checks = session.checks.margins
        margins.append(max((of_checks.get(check.name, 0) for check in question.checks), default=0))
        caught = [check for check in question.checks if check.outcome is not Outcome.PASSED]
        if question.score == question.max_score and question.max_score:
            notes += [messages.CAUGHT_FOR_NOTHING] if caught else []
        if not caught:
            faults.append((messages.LOSES_NO_POINT, Because(*place_of(assignment, misconception))))
            continue
        named = {check.misconception for check in caught if check.misconception}
        others = [check for check in caught if check.misconception not in (None, misconception.name)]
        if named != {misconception.name}:
            problem = messages.named_otherwise(listed(sorted(named))) if named else messages.NAMED_NOTHING
            faults.append((problem, session.because_of((others or caught)[0])))
        elif margins[-1] < MIN_MARGIN_TOLERANCES:
            widest = max(caught, key=lambda check: of_checks.get(check.name, 0))
            faults.append((messages.too_close(f"{margins[-1]:.0f}"), session.because_of(widest)))
    problem, because = faults[0] if faults else ("", None)
    note = notes[0] if notes else ""
    return _proof(assignment, question, misconception.name, min(margins), problem, note, because)


def _without_misconceptions(assignment: Assignment) -> Iterator[Proof]:
    for question in assignment.questions:
        if not any(misconception.question == question for misconception in assignment.misconceptions):
            note = messages.NO_MISCONCEPTION
            yield Proof(assignment.name, question, NOTHING, 0, 0, 0, 0, math.nan, "", note)


def _proof(
    assignment: Assignment,
    question: QuestionResult,
    handed_in: str,
    margin: float,
    problem: str,
    note: str = "",
    because: Because | None = None,
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
        because,
    )
