"""Which pages may be handed out: each student's own ones, with a final mark; and who gets none, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.classroom.marks.model import ClassMarks, Mark, MarkStatus, Member
from autograder.classroom.person import composed
from autograder.errors import UserError
from autograder.grading.store import ReportStore
from autograder.pages import messages as pages_messages
from autograder.pages.writer import student_page
from autograder.report.diff import Key
from autograder.report.model import Report

UNFINISHED = (MarkStatus.AWAITS_HAND_GRADING, MarkStatus.GRADER_ERROR)


@dataclass(frozen=True)
class OwnPage:
    """A student's page on an assignment, and where it lies. `graded` is the hash of the file that it is about."""

    member: Member
    assignment: str
    file: Path
    graded: str = ""


@dataclass(frozen=True)
class HandedOut:
    """What is handed out of a class. `members` are those who are in it, by name.

    without_page: those with nothing to be told. unfinished: work that has no mark yet, for it awaits a person. left:
    reports on those who are not in the class any more. problems: a line on each page that could not be made.
    """

    pages: tuple[OwnPage, ...]
    members: Mapping[str, Member]
    without_page: tuple[str, ...] = ()
    unfinished: tuple[Mark, ...] = ()
    withdrawn: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def hand_out(
    store: ReportStore, marks: ClassMarks, reports: Mapping[Key, Report], assignments: Collection[str]
) -> HandedOut:
    """The pages of a class on some assignments, made anew where they are not of these marks and reports.

    Raises UserError where the folder cannot be written to.
    """
    by_key = {(composed(student), name): report for (student, name), report in reports.items()}
    here = {composed(each.member.folder) for each in marks.students}
    pages: list[OwnPage] = []
    without_page, unfinished, withdrawn, problems = [], [], [], []
    for student in marks.students:
        member = student.member
        if member.is_withdrawn:
            withdrawn.append(member.name)
            continue
        has_any = False
        for name in assignments:
            mark, report = student.marks[name], by_key.get((composed(member.folder), name))
            if mark.mark is None and mark.status in UNFINISHED:
                unfinished.append(mark)
                has_any = True
                continue
            try:
                file = student_page(store, mark, report, member.language)
            except UserError:  # the folder cannot be written to
                raise
            except Exception as error:  # it costs only itself, as where pages are written
                problems.append(pages_messages.page_not_made(member.name, name, type(error).__name__, str(error)))
                continue
            if file:
                pages.append(OwnPage(member, name, file, _graded(store, report)))
                has_any = True
        if not has_any:
            without_page.append(member.name)
    left = dict.fromkeys(student for student, name in by_key if name in assignments and student not in here)
    return HandedOut(
        tuple(pages),
        {each.member.name: each.member for each in marks.students},
        tuple(without_page),
        tuple(unfinished),
        tuple(withdrawn),
        tuple(left),
        tuple(problems),
    )


def _graded(store: ReportStore, report: Report | None) -> str:
    work = store.load_work(report) if report else None
    return work.digest if work else ""
