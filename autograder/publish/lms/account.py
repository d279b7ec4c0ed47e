"""What is said of a file for an LMS: which marks stand in it, who has no row, and how many have no mark, and why.

`most` is how many of one kind are named; the others are counted.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from autograder.classroom.marks.model import Mark, MarkStatus
from autograder.classroom.naming import few
from autograder.language.current import translated
from autograder.language.listing import listed
from autograder.publish.lms import messages
from autograder.publish.lms.cell import Worth
from autograder.publish.lms.ledger import Export
from autograder.publish.lms.overwriting import messages as overwriting
from autograder.publish.lms.overwriting.keeper import KeptCells, UnlikeCell
from autograder.report.model import number

MAX_BLANKS = 5  # that are named: early in a term, most cells are blank
MAX_STRANGERS = 20
REASONS = {
    MarkStatus.UNREADABLE: messages.UNREADABLE_REASON,
    MarkStatus.GRADER_ERROR: messages.GRADER_ERROR_REASON,
}


def about_template(export: Export, *, is_for_moodle: bool, most: int = sys.maxsize) -> Iterator[str]:
    """Which marks its columns have taken, and which the system will not take: Moodle has a limit."""
    for worth, sentence in ((Worth.FULL, messages.full_marks), (Worth.WITHOUT_WRITTEN, messages.marks_without_written)):
        shown = [messages.of_points(name, number(of)) for (name, taken), of in export.columns.items() if taken is worth]
        if shown:
            yield sentence(listed(shown))
    if is_for_moodle and export.above_maximum:
        cells = export.above_maximum
        above = [messages.above(_shown(each.mark), number(each.points or 0), number(each.possible)) for each in cells]
        yield messages.above_maximum(few(above, most))
    yield from _about_kept(
        export.kept, overwriting.closed_in_moodle if is_for_moodle else overwriting.closed_in_canvas, most
    )
    if export.misread:
        yield messages.misread(few([messages.taken_for(*each) for each in export.misread], most))
    if not export.has_comments:
        yield messages.NO_COMMENTS


def about_new(export: Export, *, is_for_moodle: bool) -> Iterator[str]:
    """Which cells of a new file could cost a score."""
    if export.blanks:
        sentence = messages.blanks_in_moodle if is_for_moodle else messages.blanks
        yield sentence(len(export.blanks), few([_shown(each) for each in export.blanks], MAX_BLANKS))


def _about_kept(kept: KeptCells, closed: Callable[[str], str], most: int) -> Iterator[str]:
    """What was left in a template though we would write something else, and what was replaced."""
    for differences, sentence in (
        (kept.left, overwriting.left),
        (kept.excused, overwriting.excused_there),
        (kept.closed, closed),
        (kept.stale, overwriting.stale),
        (kept.replaced, overwriting.replaced),
    ):
        if differences:
            yield sentence(few([_difference(each) for each in differences], most))
    for comments, sentence in (
        (kept.comments, overwriting.comments_left),
        (kept.broken, overwriting.comments_broken),
        (kept.replaced_comments, overwriting.comments_replaced),
    ):
        if comments:
            yield sentence(few([_shown(each) for each in comments], most))


def _difference(cell: UnlikeCell) -> str:
    mark = _shown(cell.mark)
    if not cell.ours:
        return overwriting.there_only(mark, cell.theirs)
    if not cell.theirs:
        return overwriting.here_only(mark, cell.ours)
    return overwriting.there_and_here(mark, cell.theirs, cell.ours)


def about_students(
    export: Export, excused: str, *, has_roster: bool, has_template: bool, most: int = sys.maxsize
) -> Iterator[str]:
    """Who has no row, withdrew, or is excused (by the system's word, if it has one); and which rows are nobody's."""
    unknown = {
        (True, True): messages.unknown_to_both,
        (True, False): messages.unknown_to_roster,
        (False, True): messages.unknown_to_template,
        (False, False): messages.unknown_to_any,
    }[has_roster, has_template]
    if export.unknown:
        yield unknown(few(export.unknown, most))
    if export.withdrawn:
        sentence = messages.withdrawn_left_alone if has_template else messages.withdrawn_left_out
        yield sentence(len(export.withdrawn), few(export.withdrawn, most))
    if export.excused:
        count, marks = len(export.excused), few([_shown(each) for each in export.excused], most)
        yield messages.excused_as(excused, count, marks) if excused else messages.excused(count, marks)
    if export.strangers:
        yield messages.strangers(few(export.strangers, MAX_STRANGERS))
    if export.without_zeros:
        yield messages.without_zeros(few([messages.would_be(*each) for each in export.without_zeros], most))


def about_missing_marks(export: Export, folder: Path, most: int = sys.maxsize) -> Iterator[str]:
    """What was handed in and has no mark: what was set as a whole, awaits a person, or could not be graded."""
    if export.set_as_a_whole:
        marks = [
            messages.above(_shown(each), number(each.mark or 0), number(each.possible))
            for each in export.set_as_a_whole
        ]
        yield messages.set_as_a_whole(few(marks, most))
    awaits = MarkStatus.AWAITS_HAND_GRADING
    counts = Counter(mark.assignment for mark in export.without_mark if mark.status is awaits)
    if counts:
        shown = listed(messages.counted(name, count) for name, count in counts.items())
        yield messages.awaiting(counts.total(), shown, folder)
    others = [mark for mark in export.without_mark if mark.status is not awaits]
    if others:
        yield messages.no_mark(
            few([messages.with_reason(_shown(each), translated(REASONS[each.status])) for each in others], most)
        )


def _shown(mark: Mark) -> str:
    return messages.of_student(mark.student, mark.assignment)
