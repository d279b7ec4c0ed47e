"""Grades the mutants of a question, each in a fork of its own, and tells what became of each."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autograder.checking.collection import CheckRun
from autograder.checking.session import in_this_thread
from autograder.course.lesson import CourseError
from autograder.course.loader import EQUIVALENTS, Assignment, Course, load_course
from autograder.course.mutants import messages
from autograder.course.mutants.changes.making import changes
from autograder.course.mutants.drawn import DrawnCalls, Run, draw
from autograder.course.mutants.equivalents import Equivalents, read_equivalents
from autograder.course.mutants.forked import End, Send, Timed, in_a_fork
from autograder.course.mutants.model import Fate, Mutant, QuestionTried, Recipe, Tried
from autograder.course.mutants.regions.wrapping import mutable, seen_by_method, wrapped_mutants
from autograder.course.stand_ins.mistaken import Mistaken
from autograder.report.model import Outcome, QuestionResult
from autograder.sandbox.protocol import THREAD_LIMITS, Reply, Upstream
from autograder.settings import Limits

SEEDS = ("a", "b", "c")  # each is a student, who gets away with a mutant or not
FURTHER_SEEDS = ("d", "e", "f", "g", "h")  # whose inputs a mutant is compared on as well
PASSED = "passed"


def try_mutants(
    course: Course, assignments: Sequence[Assignment], progress: Callable[[int, int], None]
) -> list[QuestionTried]:
    """Make and grade the mutants of some assignments, in a process a core; `progress` gets the questions done, and all.

    Raises ChecksError and CourseError.
    """
    questions = [(assignment, question) for assignment in assignments for question in assignment.questions]
    for assignment in assignments:
        read_equivalents(assignment)
    jobs = min(os.cpu_count() or 1, len(questions))
    others = set(multiprocessing.active_children())
    context = multiprocessing.get_context("spawn")
    with _one_thread_each(), ProcessPoolExecutor(jobs, context, initializer=_leave_interrupts) as pool:
        # The later ones build on more, and take longer: with them first, no core waits at the end.
        running: dict[tuple[str, str], Future[QuestionTried]] = {
            (assignment.name, question): pool.submit(_try_question, course.folder, assignment.name, question)
            for assignment, question in reversed(questions)
        }
        try:
            progress(0, len(running))
            for done, future in enumerate(as_completed(running.values()), 1):
                future.result()
                progress(done, len(running))
            return [running[assignment.name, question].result() for assignment, question in questions]
        except BrokenProcessPool:
            raise CourseError(messages.PROCESS_KILLED) from None
        except BaseException:  # Ctrl-C, or a course that cannot be tried: nobody waits for the rest
            for process in set(multiprocessing.active_children()) - others:
                process.terminate()
            pool.shutdown(cancel_futures=True)
            raise


def _leave_interrupts() -> None:
    """Ctrl-C is the command's, which ends this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Processes that begin now compute in one thread: they are forked, and there is one for each core."""
    before = {name: os.environ.get(name) for name in THREAD_LIMITS}
    os.environ.update(THREAD_LIMITS)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _try_question(folder: Path, name: str, question: str) -> QuestionTried:
    course = load_course(folder)
    assignment = course.assignment(name)
    equivalents = read_equivalents(assignment)
    found: list[QuestionTried] = []

    def work(run: Run) -> None:
        drawn = draw(assignment, question, run, SEEDS + FURTHER_SEEDS)
        seen = seen_by_method(drawn)
        writable = dict.fromkeys(name for each in seen.values() for name in mutable(each.calls))
        changed, left_out = changes(assignment, question, writable)
        wrapped = wrapped_mutants(drawn)
        tried = []
        for each in (*changed, *wrapped.mutants):
            _end_with_the_command()
            tried.append(_try(each, run, drawn, equivalents, course.limits))
        tried = [each for each in tried if not each.is_none]
        stale = equivalents.stale(question, tried)
        found.append(
            QuestionTried(
                name,
                question,
                assignment.lesson_path,
                assignment.folder / EQUIVALENTS,
                tried,
                left_out,
                wrapped.never,
                wrapped.seldom,
                stale,
            )
        )

    in_this_thread(assignment.checks, work)
    return found[0]


def _end_with_the_command() -> None:
    command = multiprocessing.parent_process()
    if command is not None and not command.is_alive():
        os._exit(1)


def _try(recipe: Recipe, run: Run, drawn: DrawnCalls, equivalents: Equivalents, limits: Limits) -> Tried:
    """Hand a mutant in for each of the draws, until one lets it pass."""
    mutant, seeds, is_ended = recipe.mutant, list(SEEDS), False
    while seeds:
        forked = in_a_fork(
            _grading(recipe, run, drawn, seeds, limits),
            limits.memory_mb << 20,
            len(seeds) * limits.submission_seconds,
        )
        if forked.end is not End.DONE and PASSED in forked.sent:
            return Tried(mutant, Fate.SURVIVING, messages.WITHOUT_AN_ANSWER)
        if forked.end is not End.DONE:
            is_ended = True
            del seeds[: len(forked.sent) + 1]  # the draws for which it was caught, and that in which it was ended
        elif forked.sent[-1] is not None:
            return _passed(mutant, forked.sent[-1], equivalents.reason(mutant))
        else:
            break
    return Tried(mutant, Fate.ENDED if is_ended else Fate.KILLED)


def _passed(mutant: Mutant, difference: Mapping[str, str], reason: str) -> Tried:
    """The fate of a mutant that has got all points once."""
    if difference["call"]:
        return Tried(mutant, Fate.SURVIVING, difference["call"], difference["check"])
    return Tried(mutant, Fate.EQUIVALENT if reason else Fate.ALIKE)


def _grading(
    recipe: Recipe, run: Run, drawn: DrawnCalls, seeds: Sequence[str], limits: Limits
) -> Callable[[Send], None]:
    """Grade a mutant: says None for each draw that catches it; or PASSED, and then which call shows a difference."""
    assignment, question = drawn.assignment, drawn.question

    def grade(send: Send) -> None:
        for seed in seeds:
            try:
                function = recipe.make()
            except Exception:  # what cannot be defined earns nothing
                send(None)
                continue
            answers = Timed(Handed(assignment.reference, question, function), limits)
            (result,) = run(CheckRun(answers, seed, question=question, until_lost=True))
            if _loses(result):
                send(None)
                continue
            send(PASSED)
            different = drawn.first_difference(function, limits)
            call, check = (drawn.described(different), different.check) if different else ("", "")
            send({"call": call, "check": check})
            return

    return grade


def _loses(result: QuestionResult) -> bool:
    """Whether points are lost; where all checks are worth nothing, whether one fails."""
    if not any(check.points for check in result.checks):
        return any(check.outcome is not Outcome.PASSED for check in result.checks)
    return any(check.earned < check.points for check in result.checks)


class Handed(Mistaken):
    """The same as a submission: a call that is made again is made as often as in grading."""

    def repeat(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], upstream: Upstream | None = None
    ) -> Reply:
        return self._space.repeat(name, args, kwargs)
