"""One mark in both places: what we reckon, nbgrader's export shows, whichever rule of the class it came about by."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from nbgrader import api

from autograder.classroom.marks.compute import class_marks
from autograder.classroom.marks.model import ByHand, ClassMarks, HandPoints, MarkInputs, MarkStatus, Member
from autograder.classroom.policy.model import (
    AssignmentPolicy,
    DropAs,
    Excusal,
    Extension,
    LateRule,
    Override,
    Policy,
    Zero,
)
from autograder.course.loader import load_course
from autograder.grading.discovery import SubmissionFolder, find_submissions
from autograder.grading.grader import Grader
from autograder.grading.job import read_job
from autograder.nbgrader.gradebook import Gradebook, open_gradebook
from autograder.nbgrader.mark_book import open_mark_book
from autograder.report.handed_in import HandedIn
from autograder.report.model import Report
from autograder.submission.model import Submission
from tests.helpers.hand_ins import cell, content, half_right, released, solved
from tests.helpers.nbgrader import (
    SMALL_CENTRED,
    SMALL_SUMS,
    TWO_A_DAY,
    assignment_of,
    exported,
    give,
    hand_in_notebook,
    nbgrader,
    set_due,
)

pytestmark = pytest.mark.slow

DUE = datetime(2027, 2, 1, 18, tzinfo=UTC)
TIMES = {"ada": datetime(2027, 2, 3, 12, tzinfo=UTC), "ben": datetime(2027, 2, 1, 12, tzinfo=UTC)}
NAMES = ("ada", "ben", "cem", "dan", "eve", "fay", "gil")
MEMBERS = tuple(Member(name, name) for name in NAMES)
TEN_A_DAY = LateRule(percent=10)
AWAITS = MarkStatus.AWAITS_HAND_GRADING


@dataclass(frozen=True)
class Classroom:
    """A course whose class has been graded: what was handed in, the report, and what was read."""

    folder: Path
    graded: Sequence[tuple[SubmissionFolder, Report, Submission | None]] = ()

    def regrade(self) -> Classroom:
        course = load_course(self.folder / "solutions")
        grader = Grader(course, confined=True)
        submissions = find_submissions(self.folder / "submitted", course.names).submissions
        jobs = [read_job(course, each) for each in submissions]
        graded = [(each, grader.grade(job), job.submission) for each, job in zip(submissions, jobs, strict=True)]
        grader.close()
        return replace(self, graded=graded)

    def book(self) -> Gradebook:
        course = load_course(self.folder / "solutions")
        return open_gradebook(course, f"sqlite:///{self.folder}/gradebook.db", course.names)

    def marks(self, policy: Policy | None = None) -> ClassMarks:
        """What a run does: the scores into the gradebook, points by hand out of it, and the marks into it again."""
        policy = policy or Policy()
        book = self.book()
        book.write(self.graded)
        marks = self.reckoned(policy, book.marks.read_by_hand(policy, MEMBERS))
        book.marks.write_marks(marks)
        return marks

    def reckoned(self, policy: Policy, by_hand: ByHand) -> ClassMarks:
        reports = {(report.student, report.assignment): report for _, report, _ in self.graded}
        times = {key: HandedIn(TIMES.get(key[0], DUE)) for key in reports}
        inputs = MarkInputs(
            assignments=(SMALL_SUMS, SMALL_CENTRED),
            members=MEMBERS,
            reports=reports,
            handed_in=times,
            unanswered={("cem", SMALL_SUMS): frozenset({"why"})},
            by_hand=by_hand,
            now=datetime(2027, 3, 1, tzinfo=UTC),
        )
        return class_marks(policy, inputs)


@pytest.fixture(scope="module")
def taught(small_released: Path, tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """Seven students; Fay hands in nothing at all, Eve what cannot be read, and Gil only the second assignment."""
    folder = shutil.copytree(small_released, tmp_path_factory.mktemp("equal") / "course")
    with open(folder / "nbgrader_config.py", "a") as settings:
        settings.write(TWO_A_DAY)
    first, second = (assignment_of(folder, name) for name in (SMALL_SUMS, SMALL_CENTRED))
    for student, notebook in (("ada", solved), ("ben", half_right), ("cem", released), ("dan", solved)):
        hand_in(folder, student, SMALL_SUMS, content(notebook(first)))
        hand_in(folder, student, SMALL_CENTRED, content(solved(second)))
    hand_in(folder, "eve", SMALL_SUMS, b"")
    hand_in(folder, "gil", SMALL_CENTRED, content(solved(second)))
    return Classroom(folder).regrade()


def hand_in(folder: Path, student: str, assignment: str, notebook: bytes) -> None:
    hand_in_notebook(folder, student, assignment, notebook, f"{TIMES.get(student, DUE):%Y-%m-%d %H:%M:%S} UTC")


@pytest.fixture
def classroom(taught: Classroom, tmp_path: Path) -> Classroom:
    """A copy, in whose gradebook somebody has graded by hand."""
    copy = replace(taught, folder=shutil.copytree(taught.folder, tmp_path / "course"))
    copy.marks()
    give_all(copy.folder)
    return copy


def give_all(folder: Path) -> None:
    give(folder, "ada", SMALL_SUMS, "why", 4, extra=1.5, comment="Lovely.")
    give(folder, "ben", SMALL_SUMS, "why", 2.5)
    give(folder, "dan", SMALL_SUMS, "why", 5)
    give(folder, "dan", SMALL_SUMS, "check_mean", 0.5, comment="By chance.")


def require_equal(classroom: Classroom, marks: ClassMarks) -> None:
    """For everybody with a mark: ours, the export's, and formgrader's, which shows what nothing has been taken off."""
    export, formgrader = exported(classroom.folder), {}
    with api.Gradebook(f"sqlite:///{classroom.folder}/gradebook.db") as book:
        for name in (SMALL_SUMS, SMALL_CENTRED):
            for each in book.submission_dicts(name):
                formgrader[each["student"], name] = each["score"]
        taken = {
            (each.student.id, each.assignment.name): each.late_submission_penalty
            for name in (SMALL_SUMS, SMALL_CENTRED)
            for each in book.assignment_submissions(name)
        }
    numbers = {(mark.student, mark.assignment): mark.mark for mark in marks if mark.mark is not None}
    assert len(numbers) > 5
    assert {key: export.get(key, 0) for key in numbers} == pytest.approx(numbers)
    assert {key: formgrader.get(key, 0) - taken.get(key, 0) for key in numbers} == pytest.approx(numbers)
    without_adjustment = {key for key in numbers if not taken.get(key)}
    assert {key: formgrader.get(key, 0) for key in without_adjustment} == pytest.approx(
        {key: numbers[key] for key in without_adjustment}
    )


def of_sums(marks: ClassMarks) -> dict[str, float | MarkStatus]:
    """The marks of the first assignment, or why there is none."""
    found = [mark for mark in marks if mark.assignment == SMALL_SUMS]
    return {mark.student: mark.status if mark.mark is None else mark.mark for mark in found}


# What the class has without any rule: ada 9 + 4 + 1.5, ben 2 + 2.5, dan 7 + 0.5 + 5.
PLAIN: dict[str, float | MarkStatus] = {
    "ada": 14.5,
    "ben": 4.5,
    "cem": 0,
    "dan": 12.5,
    "eve": MarkStatus.UNREADABLE,
    "fay": MarkStatus.MISSING,
    "gil": MarkStatus.MISSING,
}


def rules(**of_assignment: object) -> Policy:
    return Policy(Path("class.toml"), assignments={SMALL_SUMS: AssignmentPolicy(**of_assignment)})  # type: ignore[arg-type]


POLICIES: dict[str, tuple[Policy, dict[str, float | MarkStatus]]] = {
    "no rule": (Policy(), {}),
    # Ada is two days late, 20% of 14; Cem, Dan and Gil came on the minute.
    "late by class.toml": (rules(due=DUE, late=TEN_A_DAY), {"ada": 11.7}),
    "with an extension": (
        replace(rules(due=DUE, late=TEN_A_DAY), extensions=(Extension("ada", "*", days=1),)),
        {"ada": 13.1},
    ),
    "closed": (rules(due=DUE, late=LateRule(closed_after_days=1)), {"ada": 0}),
    "set upwards, downwards and from nothing": (
        Policy(
            overrides=(
                Override("ada", SMALL_SUMS, 3, "half of it is not hers"),
                Override("ben", SMALL_SUMS, 13.5, "agreed"),
                Override("eve", SMALL_SUMS, 6, "read on paper"),
                Override("fay", SMALL_SUMS, 10, "by word of mouth"),
                Override("gil", SMALL_SUMS, 0, "cheated"),
                Override("dan", SMALL_SUMS, 20, "beyond all"),
            )
        ),
        {"ada": 3, "ben": 13.5, "eve": 6, "fay": 10, "gil": 0, "dan": 20},
    ),
    "a question set": (
        Policy(overrides=(Override("dan", SMALL_SUMS, 2, "right", "mean"), Override("ben", SMALL_SUMS, 1, "", "why"))),
        {"dan": 14, "ben": 3},
    ),
    "a check dropped": (rules(drop=frozenset({"test_total_example"})), {"ada": 13.5, "dan": 11.5}),
    "a question dropped": (rules(drop=frozenset({"why"})), {"ada": 9, "ben": 2, "dan": 7.5}),
    "a question in full": (
        rules(drop=frozenset({"total"}), drop_as=DropAs.FULL),
        {"ben": 11.5, "cem": 7},
    ),
    "words in full": (rules(drop=frozenset({"why"}), drop_as=DropAs.FULL), {"ada": 15.5, "ben": 7, "cem": 5}),
    "extra credit": (rules(extra_credit=frozenset({"why"})), {}),
    "excused": (
        Policy(excused=(Excusal("ada", SMALL_SUMS), Excusal("fay", SMALL_SUMS))),
        {"ada": MarkStatus.EXCUSED, "fay": MarkStatus.EXCUSED},
    ),
    "zeros": (Policy(zeros=frozenset(Zero)), {"eve": 0, "fay": 0, "gil": 0}),
}


@pytest.mark.parametrize("name", POLICIES)
def test_what_a_policy_decides_is_what_nbgrader_exports(classroom: Classroom, name: str) -> None:
    policy, other = POLICIES[name]
    marks = classroom.marks(policy)
    assert of_sums(marks) == pytest.approx(PLAIN | other)
    require_equal(classroom, marks)
    again = classroom.marks()  # the rule is taken back
    assert of_sums(again) == PLAIN
    require_equal(classroom, again)


def test_nbgraders_own_late_rule_comes_to_the_same_both_ways(classroom: Classroom) -> None:
    """Two points a begun day after the gradebook's due date: by our command, by nbgrader's own, and by ours again."""
    set_due(classroom.folder, SMALL_SUMS, DUE)
    marks = classroom.marks()
    assert of_sums(marks) == PLAIN | {"ada": 10.5}
    require_equal(classroom, marks)
    nbgrader("autograde", SMALL_SUMS, "--force", cwd=classroom.folder)
    require_equal(classroom, marks)
    give_all(classroom.folder)  # nbgrader asks for another look at them
    require_equal(classroom, marks)
    again = classroom.marks()
    assert of_sums(again) == of_sums(marks)
    require_equal(classroom, again)
    # With a deadline in class.toml, that one counts.
    marks = classroom.marks(rules(due=DUE, late=TEN_A_DAY))
    assert of_sums(marks) == pytest.approx(PLAIN | {"ada": 11.7})
    require_equal(classroom, marks)


def test_other_work_awaits_another_look_and_counts_after_it(classroom: Classroom) -> None:
    policy = rules(due=DUE, late=TEN_A_DAY)
    classroom.marks(policy)
    notebook = solved(assignment_of(classroom.folder, SMALL_SUMS))
    cell(notebook, "why")["source"] += " And more."
    hand_in(classroom.folder, "ada", SMALL_SUMS, content(notebook))
    regraded = classroom.regrade()
    marks = regraded.marks(policy)
    assert of_sums(marks)["ada"] is AWAITS
    require_equal(regraded, marks)
    # What is known: 9 of the checks, and 20% of their 9 for being late; her extra point is for the answer.
    assert exported(regraded.folder)["ada", SMALL_SUMS] == pytest.approx(7.2)
    give(regraded.folder, "ada", SMALL_SUMS, "why", 5, extra=1.5)
    marks = regraded.marks(policy)
    assert of_sums(marks)["ada"] == pytest.approx(12.7)
    require_equal(regraded, marks)


def test_points_of_a_sheet_beside_the_gradebook(classroom: Classroom) -> None:
    """Those that the gradebook has too, those that only the sheet has, and those that differ."""
    book = classroom.book().marks
    give(classroom.folder, "ben", SMALL_SUMS, "why", None)
    given = book.read_by_hand(Policy(), MEMBERS)
    written = dict(given.written)
    for student, points in {"ada": 4, "ben": 1, "dan": 3}.items():
        answer = (student, SMALL_SUMS, "why")
        written[answer] = (*written.get(answer, ()), HandPoints(points, "", "written.csv"))
    marks = classroom.reckoned(Policy(), replace(given, written=written))
    book.write_marks(marks)
    assert of_sums(marks) == PLAIN | {"ada": 14.5, "ben": 3, "dan": AWAITS}
    require_equal(classroom, marks)
    assert exported(classroom.folder)["dan", SMALL_SUMS] == 7.5  # of the answer, neither


def test_marks_are_made_again_without_the_course(classroom: Classroom, tmp_path: Path) -> None:
    """After a change of policy or of points by hand: what `autograder marks --gradebook` does."""
    policy = rules(due=DUE, late=TEN_A_DAY)
    classroom.marks(policy)
    give(classroom.folder, "ben", SMALL_SUMS, "why", 5)
    for name in ("solutions", "nbgrader_config.py", "submitted", "autograded"):
        (classroom.folder / name).rename(tmp_path / name)
    book = open_mark_book(f"sqlite:///{classroom.folder}/gradebook.db", classroom.folder)
    marks = classroom.reckoned(policy, book.read_by_hand(policy, MEMBERS))
    book.write_marks(marks)
    assert of_sums(marks) == pytest.approx(PLAIN | {"ada": 11.7, "ben": 7})
    require_equal(classroom, marks)
