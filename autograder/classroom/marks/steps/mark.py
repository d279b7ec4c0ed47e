"""One mark: its status, and the lines that lead from the checks to it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from autograder.classroom.marks import messages
from autograder.classroom.marks.model import Adjustment, Mark, MarkStatus, tidy
from autograder.classroom.marks.steps.case import Case
from autograder.classroom.marks.steps.late import Timing, late_lines, late_so_far
from autograder.classroom.marks.steps.worth import Earned, dropped, earned, points, possible
from autograder.classroom.policy.model import Zero

ZERO_OF = {
    MarkStatus.MISSING: Zero.MISSING,
    MarkStatus.UNREADABLE: Zero.UNREADABLE,
    MarkStatus.AWAITS_HAND_GRADING: Zero.AWAITS_HAND_GRADING,
}


def make_mark(case: Case, timing: Timing, zeros: Collection[Zero], usual: float) -> Mark:
    """The mark of one person for one assignment. `usual` is the maximum where no report of theirs tells it."""
    work = earned(case, case.readable) if case.readable else None
    status = _status(case, work)
    is_zero = ZERO_OF.get(status) in zeros and (status is not MarkStatus.MISSING or timing.has_passed)
    has_mark = status is MarkStatus.GRADED or is_zero
    most = possible(case.report, case.rule) if case.report else usual
    if not case.readable:  # a file that was never read may have a report without questions
        most = most or usual
    checks = work.checks if work and not work.has_grader_error else None
    written = work.written if work and (has_mark or not work.awaits) else None
    start = tidy((checks or 0.0) + (written or 0.0))
    if work and case.is_summed:
        lines = list(_sum(case, timing, work, status, start, most, has_mark))
    else:
        lines = list(_decided(case, timing, status, start, is_zero))
    return Mark(
        case.member.name,
        case.assignment,
        status,
        checks,
        written,
        tidy(start + sum(line.points for line in lines)) if has_mark else None,
        most,
        adjustments=tuple(lines),
        answers=work.answers if work else (),
        is_late=_is_late(case, timing),
        dropped=dropped(case.report, case.rule) if case.report else frozenset(),
    )


def _status(case: Case, work: Earned | None) -> MarkStatus:
    if case.excusal:
        return MarkStatus.EXCUSED
    if case.override:
        return MarkStatus.GRADED
    if work is None:
        return MarkStatus.UNREADABLE if case.report else MarkStatus.MISSING
    if work.has_grader_error:
        return MarkStatus.GRADER_ERROR
    return MarkStatus.AWAITS_HAND_GRADING if work.awaits else MarkStatus.GRADED


def _decided(case: Case, timing: Timing, status: MarkStatus, start: float, is_zero: bool) -> Iterator[Adjustment]:
    """The lines of what is no sum: excused, set by an override, missing, unreadable."""
    if case.excusal:
        yield Adjustment(messages.excused(case.excusal.reason))
    elif case.override:
        text = messages.mark_set(points(case.override.points), case.override.reason)
        yield Adjustment(text, tidy(case.override.points - start))
    elif status is MarkStatus.UNREADABLE:
        yield Adjustment(messages.UNREADABLE_IS_ZERO if is_zero else messages.UNREADABLE)
    else:
        if timing.deadline and not timing.has_passed:
            yield Adjustment(messages.not_due_yet(timing.deadline.text))
        else:
            yield Adjustment(messages.MISSING_IS_ZERO if is_zero else messages.MISSING)
        yield from _extension(timing)


def _sum(
    case: Case, timing: Timing, work: Earned, status: MarkStatus, start: float, most: float, has_mark: bool
) -> Iterator[Adjustment]:
    """The lines of a sum. Without a mark there is none to move: they only say what is known."""
    if status is MarkStatus.GRADER_ERROR:
        yield Adjustment(messages.GRADER_ERROR)
    yield from (Adjustment(reason) for reason in work.awaits)
    if work.awaits and has_mark:
        yield Adjustment(messages.UNGRADED_COUNTS_ZERO)
    yield from work.lines if has_mark else (replace(line, points=0.0) for line in work.lines)
    yield from _extension(timing)
    if timing.deadline and timing.free_days.taken:
        free = timing.free_days
        due = timing.deadline.later(free.taken).text
        yield Adjustment(messages.free_days_taken(str(free.taken), str(free.of), due, str(free.left)))
    before = tidy(start + sum(line.points for line in work.lines))
    if timing.late:
        yield from late_lines(timing.late, most, before) if has_mark else [Adjustment(late_so_far(timing.late))]
    elif timing.deadline and _is_said_to_be_late(case):
        yield Adjustment(messages.SAID_TO_BE_LATE)
    elif timing.deadline is None and case.penalty > 0:
        off = max(0.0, min(case.penalty, before))
        yield Adjustment(messages.recorded_penalty(points(case.penalty)), tidy(-off) if has_mark else 0.0)
        if has_mark and off < case.penalty:
            yield Adjustment(messages.no_more_than_earned(points(off)))


def _extension(timing: Timing) -> Iterator[Adjustment]:
    if timing.deadline and timing.deadline.reason is not None:
        yield Adjustment(messages.extended(timing.deadline.text, timing.deadline.reason))


def _is_late(case: Case, timing: Timing) -> bool:
    if case.report is None or case.excusal:
        return False
    has_penalty = timing.deadline is None and case.penalty > 0
    return timing.late is not None or has_penalty or _is_said_to_be_late(case)


def _is_said_to_be_late(case: Case) -> bool:
    return case.handed_in is not None and case.handed_in.time is None and case.handed_in.is_late is True
