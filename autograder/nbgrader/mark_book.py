"""A gradebook as the source of points by hand, and as a place that shows the final marks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from sqlalchemy import Connection, Engine

from autograder.classroom.marks.model import ByHand, ClassMarks, Mark, MarkStatus, Member, tidy
from autograder.classroom.naming import few
from autograder.classroom.person import composed
from autograder.classroom.policy.model import Policy
from autograder.language.listing import listed
from autograder.nbgrader import messages
from autograder.nbgrader.database import CellIds, Entry, find_cells, set_penalties, write
from autograder.nbgrader.late_work import LateRule, date_warnings, late_rule, penalty_for
from autograder.nbgrader.opening import database, database_errors, nbgrader_settings, require_file, shown
from autograder.nbgrader.points_by_hand import points_by_hand
from autograder.nbgrader.submitted_scores import SubmittedScore, due_dates, exported_students, submitted_scores
from autograder.report.diff import Key
from autograder.report.model import number

SUBMISSIONS_AT_ONCE = 200
MAX_NAMES = 10
# Without a mark; of the others, what is there stays.
NOTHING_OFF = (MarkStatus.EXCUSED, MarkStatus.UNREADABLE, MarkStatus.MISSING)


class MarkBook:
    """Reads what people gave, writes the marks that came of it. See `open_mark_book`, and `marks` of a `Gradebook`."""

    def __init__(self, engine: Engine, rule: LateRule) -> None:
        """`rule` is nbgrader's own for late work. `warnings` gains lines for the instructor."""
        self.warnings: list[str] = []
        self.url = shown(engine.url.render_as_string(hide_password=True))
        self._engine = engine
        self._rule = rule

    def read_by_hand(self, policy: Policy, members: Sequence[Member]) -> ByHand:
        """What people gave to the work of the members, and what nbgrader's own rule takes off. Raises UserError.

        `warnings` then names whose work the gradebook holds beside theirs, and where its dates are not the policy's.
        """
        folders = {composed(member.folder) for member in members}
        with database_errors(self.url), self._engine.connect() as connection:
            submissions = submitted_scores(connection).values()
            due = due_dates(connection)
            ours = [each for each in submissions if each.key[0] in folders]
            given = points_by_hand(connection, folders, self._penalties(policy, ours))
        if strangers := sorted({each.key[0] for each in submissions} - folders):
            self.warnings.append(messages.unknown_students(len(strangers), few(strangers, MAX_NAMES)))
        self.warnings += date_warnings(policy, members, due, {each.key for each in ours if each.extension})
        return given

    def write_marks(self, marks: ClassMarks) -> int:
        """Make nbgrader's score, less its penalty, the mark of each who has one; returns how many. Raises UserError.

        What people wrote stays. While an answer awaits hand grading, that number is what is known so far. From other
        work without a mark nothing is taken off, or what was stays where the grader failed; `warnings` then names those
        whose number is no mark.
        """
        of_folders = self._of_folders(marks)
        with database_errors(self.url), self._engine.begin() as connection:
            cells = {name: ids for name in marks.assignments if (ids := find_cells(connection, name))}
            there = {key: mark for key, mark in of_folders.items() if key[1] in cells}
            _add(connection, cells, {key for key, mark in there.items() if mark.mark})
            submissions = submitted_scores(connection)
            penalties = {key: _penalty(submissions[key], mark) for key, mark in there.items() if key in submissions}
            changed = {
                submissions[key].notebook: points or None
                for key, points in penalties.items()
                if points != submissions[key].penalty
            }
            set_penalties(connection, changed)
            students = exported_students(connection)
        self.warnings += [messages.not_in_gradebook(name) for name in marks.assignments if name not in cells]
        exported = {key: submissions[key].score - points for key, points in penalties.items()}
        has_row = {key: mark for key, mark in there.items() if key[0] in students}
        if numbers := [mark for key, mark in has_row.items() if _is_no_mark(mark, exported.get(key, 0.0))]:
            work = [messages.without_mark(mark.student, mark.assignment, _in_words(mark)) for mark in numbers]
            self.warnings.append(messages.numbers_without_marks(len(work), few(work, MAX_NAMES)))
        return sum(mark.mark is not None for mark in there.values())

    def _penalties(self, policy: Policy, submissions: Sequence[SubmittedScore]) -> dict[Key, float]:
        """What nbgrader's own rule takes off, where the policy has no deadline."""
        own = [each for each in submissions if policy.for_assignment(each.assignment).due is None]
        penalties = {each.key: penalty_for(self._rule, each.student, each.score, each.seconds_late) for each in own}
        return {key: points for key, points in penalties.items() if points}

    def _of_folders(self, marks: ClassMarks) -> dict[Key, Mark]:
        """The marks by folder and assignment: nbgrader has one row for a team. Where its members' differ, none."""
        teams: defaultdict[Key, list[Mark]] = defaultdict(list)
        for student in sorted(marks.students, key=lambda each: each.member.is_withdrawn):
            for mark in student.marks.values():
                key = composed(student.member.folder), mark.assignment
                if not student.member.is_withdrawn or not teams[key]:
                    teams[key].append(mark)
        for (folder, assignment), members in teams.items():
            if not _are_alike(members):
                own = listed(messages.mark_of(mark.student, _in_words(mark)) for mark in members)
                self.warnings.append(messages.team_of_several_marks(assignment, folder, own))
        return {key: members[0] for key, members in teams.items() if _are_alike(members)}


def open_mark_book(url: str, folder: Path) -> MarkBook:
    """The gradebook at a database URL, without a course: it must be there already. Raises UserError.

    nbgrader's rule for late work is that of the nbgrader_config.py in `folder`, if there is one.
    """
    engine = database(url)
    require_file(engine)
    book = MarkBook(engine, late_rule(nbgrader_settings(folder)))
    with database_errors(url), engine.connect() as connection:
        due_dates(connection)  # tried now, before anything is reckoned
    return book


def _add(connection: Connection, cells: Mapping[str, CellIds], wanted: Collection[Key]) -> None:
    """Rows for what is not there, as nbgrader makes them for a notebook that was not handed in: each cell has 0."""
    absent = sorted(wanted - submitted_scores(connection).keys())
    for start in range(0, len(absent), SUBMISSIONS_AT_ONCE):
        entries = [
            Entry(student, name, dict.fromkeys(cells[name].graded, 0.0), frozenset(cells[name].answers), None, True)
            for student, name in absent[start : start + SUBMISSIONS_AT_ONCE]
        ]
        write(connection, cells, entries, lambda *_: None)


def _penalty(submission: SubmittedScore, mark: Mark) -> float:
    """What is to be taken off nbgrader's score; less than nothing where the mark is more."""
    known = mark.mark
    if mark.status is MarkStatus.AWAITS_HAND_GRADING and known is None and mark.mark_without_written is not None:
        known = mark.mark_without_written + sum(answer.points or 0.0 for answer in mark.answers)
    if known is not None:
        return tidy(submission.score - known)
    return 0.0 if mark.status in NOTHING_OFF else submission.penalty


def _is_no_mark(mark: Mark, shown: float) -> bool:
    """Whether nbgrader's export shows a number that may be taken for a mark, where there is none.

    What awaits a person is told by formgrader itself, and 0 is what nbgrader shows of everybody without work.
    """
    if mark.mark is not None or mark.status is MarkStatus.AWAITS_HAND_GRADING:
        return False
    return mark.status is MarkStatus.EXCUSED or shown != 0


def _are_alike(marks: Sequence[Mark]) -> bool:
    return len({(mark.mark, mark.status) for mark in marks}) == 1


def _in_words(mark: Mark) -> str:
    return number(mark.mark) if mark.mark is not None else messages.WITHOUT_MARK[mark.status]
