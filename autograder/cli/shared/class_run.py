"""A class is graded: all that can be refused comes first, then reports, then marks and what shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from autograder.classroom.attempts.choice import NEWEST, AttemptChoice, last_before_deadline
from autograder.classroom.attempts.records import Deadline, for_folders
from autograder.classroom.attempts.times import ClassTimes, TimesOfWork
from autograder.classroom.collect.manifest import Manifest
from autograder.classroom.marks.gather import deadline_of, require_sheet
from autograder.classroom.marks.model import ClassMarks
from autograder.classroom.marks.record import begin_grading, end_grading
from autograder.classroom.marks.rules import ClassRules, rules_of_course
from autograder.classroom.person import composed
from autograder.classroom.policy.model import Attempts
from autograder.classroom.written.answers import unanswered_in
from autograder.cli.shared import messages
from autograder.cli.shared.marking import (
    NO_GRADEBOOK,
    MarkedClass,
    former_marks,
    require_gradebook,
    write_everywhere,
)
from autograder.cli.shared.output_paths import require_apart
from autograder.cli.shared.runs.graders import Graders
from autograder.cli.shared.tables.of_class import DESCRIPTION, now_and_then, progress_bar
from autograder.course.loader import Course
from autograder.errors import UserError
from autograder.grading.class_record import ClassRecord, questions_of
from autograder.grading.discovery import Found, find_submissions
from autograder.grading.files import path_from
from autograder.grading.found.submissions import SubmissionFolder
from autograder.grading.runner import Done, grade_each
from autograder.grading.store import ReportStore
from autograder.language.catalogue import require_language
from autograder.language.current import ENGLISH
from autograder.report.brief import Briefs
from autograder.report.diff import Change, Key
from autograder.report.handed_in import HandedIn
from autograder.report.model import Report
from autograder.report.ungraded import UngradedFile
from autograder.sandbox.homes import Where
from autograder.submission.model import Submission

if TYPE_CHECKING:  # of an extra, which most do not have
    from autograder.nbgrader.gradebook import Gradebook


@dataclass(frozen=True)
class ClassToGrade:
    """What is to be graded, by which rules, and where everything goes. `names` are the assignments that are graded."""

    course: Course
    names: Sequence[str]
    submitted: Path
    found: Found
    store: ReportStore
    rules: ClassRules
    manifest: Manifest
    deadline: Deadline
    choice: AttemptChoice
    gradebook: str | None = None
    language: str = ENGLISH  # of those of whom nobody has said another

    def language_of(self, student: str) -> str:
        """The one that is read by those who hand in a folder: of a team, its first member's."""
        return self._languages.get(composed(student), self.language)

    @cached_property
    def _languages(self) -> dict[str, str]:
        """Those that somebody has said, by the folder of the work."""
        said: dict[str, str] = {}
        for each in self.rules.members:
            if each.language:
                said.setdefault(composed(each.folder), each.language)
        return said

    def open_gradebook(self) -> Gradebook | None:
        """The one that was named, with the assignments in it. Raises UserError."""
        if not self.gradebook or self.gradebook == NO_GRADEBOOK:
            return None
        from autograder.nbgrader.gradebook import open_gradebook  # of an extra, which most do not have

        assignments = dict.fromkeys(each.assignment for each in self.found.submissions)
        return open_gradebook(self.course, self.gradebook, list(assignments))


@dataclass
class Graded:
    """What the grader found. reports: on each submission, in brief, in their order.

    fresh: how many were not kept from an earlier run; fresh_in: on which assignments. ungraded: what was handed in
    beside them. changes: of former reports, in brief too. unanswered: the questions in words that were left as they
    are handed out, of all that was read.
    """

    reports: Sequence[Report] = ()
    fresh: int = 0
    fresh_in: set[str] = field(default_factory=set)
    ungraded: list[UngradedFile] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    unanswered: dict[Key, frozenset[str]] = field(default_factory=dict)
    contents: dict[Key, bytes] = field(default_factory=dict)

    def take(self, key: Key, done: Done, briefs: Briefs) -> None:
        self.ungraded.extend(done.ungraded)
        self.fresh += done.is_fresh
        self.fresh_in.update([done.report.assignment] if done.is_fresh else [])
        if done.change:
            before, after = map(briefs.of, (done.change.before, done.change.after))
            self.changes.append(Change(before, after, (), ()))
        if done.content:
            self.contents[key] = done.content
        if done.work and done.report.written:
            self.unanswered[key] = unanswered_in(done.report, done.work)


@dataclass(frozen=True)
class ClassRun:
    """All that a run made. `of_class` are the reports that marks rest on: those on assignments that it left out, too.

    marks_before: those of the last run, if there was one. unusable: a line on each report beside them that cannot be
    read. in_book: how many went into the gradebook.
    """

    graded: Graded
    of_class: Sequence[Report]
    ungraded: Sequence[UngradedFile]
    times: ClassTimes
    marks_before: ClassMarks | None
    written: MarkedClass
    unusable: Sequence[str]
    book: Gradebook | None
    in_book: int

    @property
    def marks(self) -> ClassMarks:
        return self.written.marks

    @property
    def problems(self) -> list[str]:
        """Lines on pages that could not be made, and on work that did not get into the gradebook."""
        return [*self.written.problems, *(self.book.problems if self.book else ())]


def find_class(
    course: Course,
    submitted: Path,
    out: Path,
    *,
    chosen: Iterable[str],
    class_file: Path | None,
    gradebook: str | None,
    language: str = "",
) -> ClassToGrade:
    """What there is to grade, and by which rules. Nothing is written. Raises UserError."""
    names = [course.assignment(name).name for name in chosen] or list(course.names)
    found = find_submissions(submitted, course.names, course.former, names)
    require_apart(out, submitted)
    require_gradebook(gradebook)
    store = ReportStore(out)
    rules = rules_of_course(course, store, submitted, class_file, found.students)
    former_marks(store, rules, gradebook)  # what is lost there is told before anything is graded
    require_sheet(rules)
    deadline = for_folders(rules.members, deadline_of(rules, course.names, datetime.now(UTC)))
    manifest, choice = Manifest(submitted), NEWEST
    if rules.policy.attempt is Attempts.LAST_BEFORE_DEADLINE:
        choice = last_before_deadline(submitted, manifest, found.students, names, deadline)
        found = find_submissions(submitted, course.names, course.former, names, choice.folders)
    language = require_language(language or course.language, course.folder)
    return ClassToGrade(course, names, submitted, found, store, rules, manifest, deadline, choice, gradebook, language)


def run_class(console: Console, plan: ClassToGrade, graders: Graders, where: Where) -> ClassRun:
    """Grade what was found, in this home, and make the marks of the class and all that shows them. Raises UserError."""
    book = plan.open_gradebook()
    store = plan.store
    with store.writing():
        marks_before = former_marks(store, plan.rules, plan.gradebook)
        last = store.last_class()
        begin_grading(store)
        of_work = TimesOfWork(plan.manifest, plan.deadline, plan.choice)
        graded = _grade(console, plan, graders, where, of_work)
        stored, unusable = store.beside((each.student, each.assignment) for each in graded.reports)
        unusable += store.problems
        earlier, ungraded_before = _of_other_assignments(plan, stored, last)
        of_class, ungraded = [*graded.reports, *earlier], [*graded.ungraded, *ungraded_before]
        times = of_work.times()
        record = _record(plan, of_class, ungraded, last.times_with(times.handed_in, _keys(earlier)))
        record = replace(record, graded=last.graded_with(graded.fresh_in, datetime.now(UTC)))
        store.save_class(record)
        end_grading(store)
        in_book = book.write(_whole(plan)) if book else 0
        in_class = set(record.reports) if stored else ()
        left = [each for each in stored if (each.student, each.assignment) not in in_class]
        marks_in_book, known = book.marks if book else None, (graded.unanswered, graded.contents)
        written = write_everywhere(console, store, record, of_class, left, plan.rules, marks_in_book, *known)
    return ClassRun(graded, of_class, ungraded, times, marks_before, written, unusable, book, in_book)


def _grade(console: Console, plan: ClassToGrade, graders: Graders, where: Where, times: TimesOfWork) -> Graded:
    graded, reports, briefs = Graded(), dict[Key, Report](), Briefs()
    graded.ungraded += plan.found.ungraded
    submissions = plan.found.submissions
    with progress_bar(console, DESCRIPTION) as bar:
        task = bar.add_task(graders.doing(), total=len(submissions))
        tell = now_and_then(lambda count, _: bar.update(task, completed=count, description=graders.doing()))
        each_done = grade_each(
            plan.course,
            submissions,
            plan.store,
            jobs=graders.jobs,
            confined=where.is_confined,
            where=where,
            executor=graders.executor,
            language_of=plan.language_of,
        )
        try:
            for count, done in enumerate(each_done, 1):
                key = done.key
                reports[key] = done.report
                graded.take(key, done, briefs)
                times.add(key, done.submission, done.work)
                tell(count, len(submissions))
        except KeyboardInterrupt:
            raise UserError(messages.STOPPED) from None
    graded.reports = [reports[key] for key in submissions.all_keys()]
    return graded


def _whole(plan: ClassToGrade) -> Iterator[tuple[SubmissionFolder, Report, Submission | None]]:
    """Each submission with its report and what was read of it, one after the other."""
    for each in plan.found.submissions:
        if report := plan.store.load(each.student, each.assignment):
            yield each, report, plan.store.load_work(report)


def _of_other_assignments(
    plan: ClassToGrade, stored: Iterable[Report], last: ClassRecord
) -> tuple[list[Report], list[UngradedFile]]:
    """What an earlier run left of the same people on assignments that this one leaves out."""
    others, known = set(plan.course.names).difference(plan.names), set(plan.found.students)
    reports = [each for each in stored if each.student in known and each.assignment in others]
    files = [each for each in last.ungraded if each.student in known and each.assignment in others and not each.source]
    return reports, files


def _keys(reports: Iterable[Report]) -> tuple[Key, ...]:
    return tuple((each.student, each.assignment) for each in reports)


def _record(
    plan: ClassToGrade, of_class: Iterable[Report], ungraded: Iterable[UngradedFile], times: Mapping[Key, HandedIn]
) -> ClassRecord:
    root, rules = plan.store.root, plan.rules
    return ClassRecord(
        plan.course.title,
        tuple(plan.found.students),
        _keys(of_class),
        (*ungraded, *plan.manifest.unplaced),
        questions_of(plan.course),
        times,
        path_from(root, rules.file),
        rules.is_named,
        path_from(root, plan.submitted),
    )
