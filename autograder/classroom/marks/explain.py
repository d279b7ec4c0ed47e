"""How the marks of one student came about, line by line, for an instructor's terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from autograder.classroom.marks import instructor_messages as messages
from autograder.classroom.marks import messages as student_messages
from autograder.classroom.marks.model import Mark, StudentMarks, WrittenMark
from autograder.classroom.marks.steps import worth
from autograder.classroom.marks.steps.total import counts, uncapped_total
from autograder.classroom.policy.model import Policy
from autograder.report.formatting import NONE
from autograder.report.model import number
from autograder.text import on_one_line

INDENT = "  "
LEAST_WIDTH = 20  # of a text that is folded
Row = tuple[str, str]  # points, and what they are for


def explain(student: StudentMarks, policy: Policy, width: int | None = None) -> list[str]:
    """The sum of each assignment, then the course total with its weights: lines of plain text, aligned in columns.

    Texts that people wrote stand in them on one line each; what is unsafe in a terminal is replaced. With `width`, what
    is longer than that goes on in its column.
    """
    member = student.member
    lines = [messages.about(on_one_line(member.name), on_one_line(member.section))]
    if member.is_withdrawn:
        lines.append(messages.WITHDRAWN)
    for mark in student.marks.values():
        lines += ["", on_one_line(mark.assignment), *_aligned(list(_rows(mark)), width)]
    return [*lines, "", messages.COURSE_TOTAL, *_total(student, policy)]


def _rows(mark: Mark) -> Iterator[Row]:
    if mark.checks is not None:
        yield number(mark.checks), messages.FROM_CHECKS
    if mark.answers:
        yield NONE if mark.written is None else _signed(mark.written), messages.BY_HAND
        yield from (("", INDENT + _answer(answer)) for answer in mark.answers)
    told = {student_messages.MISSING}  # the last row says it, too; and of answers, theirs
    told |= {student_messages.not_graded_by_hand(each.question) for each in mark.answers}
    for line in mark.adjustments:
        if line.text in told:
            continue
        yield _signed(line.points) if line.points else "", on_one_line(line.text)
    text = messages.LATE_MARK_OF if mark.is_late else messages.MARK_OF
    yield (
        NONE if mark.mark is None else number(mark.mark),
        text.format(possible=worth.points(mark.possible), status=messages.STATUS[mark.status]),
    )


def _answer(answer: WrittenMark) -> str:
    possible, comment = number(answer.possible), on_one_line(answer.comment)
    if answer.points is None:
        return messages.answer_ungraded(on_one_line(answer.question), possible)
    return messages.answer(on_one_line(answer.question), number(answer.points), possible, comment)


def _signed(points: float) -> str:
    return f"+{number(points)}" if points >= 0 else number(points)


def _aligned(rows: Sequence[Row], width: int | None) -> Iterator[str]:
    """Points to the right, in a column of their own."""
    column = max(len(points) for points, _ in rows)
    for points, text in rows:
        beginning = f"{INDENT}{points:>{column}}{INDENT}"
        for place, line in enumerate(_folded(text, width - len(beginning) if width else None)):
            yield f"{' ' * len(beginning) if place else beginning}{line}"


def _folded(text: str, width: int | None) -> list[str]:
    """A text in lines that are no wider, each as far to the right as the first."""
    if width is None:
        return [text]
    words = text.lstrip()
    indent = text[: len(text) - len(words)]
    room = max(LEAST_WIDTH, width - len(indent))
    return [f"{indent}{line.plain.rstrip()}" for line in Text(words).wrap(Console(width=room), room)]


def _total(student: StudentMarks, policy: Policy) -> Iterator[str]:
    weights = {name: policy.for_assignment(name).weight for name in student.marks}
    width = max((cell_len(on_one_line(name)) for name in student.marks), default=0)
    shown = [(on_one_line(name), *_share(mark, weights[name])) for name, mark in student.marks.items()]
    share_width = max((len(share) for _, share, _ in shown), default=0)
    for name, share, text in shown:
        padding = " " * (width - cell_len(name))
        yield f"{INDENT}{name}{padding}{INDENT}{share:>{share_width}}{INDENT}{text}"
    uncapped = uncapped_total(student.marks, weights)
    if student.total is None:
        yield INDENT + messages.NO_TOTAL
    elif uncapped is not None and uncapped > student.total:
        yield INDENT + messages.capped_total(_percent(student.total), _percent(uncapped))
    else:
        yield INDENT + messages.total(_percent(student.total))
    if not student.is_final:
        yield INDENT + messages.NOT_FINAL


def _share(mark: Mark, weight: float) -> tuple[str, str]:
    """What a mark gives to the total, and its weight or why it gives nothing."""
    if mark.mark is not None and counts(mark, weight):
        return _percent(100 * mark.mark / mark.possible), messages.weight(number(weight))
    if mark.mark is None:
        return NONE, messages.STATUS[mark.status]
    return NONE, messages.weight(number(weight)) if mark.possible else messages.NO_MAXIMUM


def _percent(share: float) -> str:
    return f"{share:.2f}%"
