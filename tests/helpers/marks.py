"""Reports and all else that marks are made of, from little: a class in a few lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from autograder.classroom.marks.compute import class_marks
from autograder.classroom.marks.model import ByHand, ClassMarks, HandPoints, Mark, MarkInputs, Member, StudentMarks
from autograder.classroom.policy.model import Policy
from autograder.report.diff import Key
from autograder.report.handed_in import HandedIn
from autograder.report.model import CheckResult, Outcome, QuestionResult, Report, Status, WrittenAnswer

ASSIGNMENT = "03_softmax"
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2027, 2, 1, tzinfo=UTC)  # after every deadline that tests set
SHEET = "written.csv"

Points = tuple[float | None, float]  # earned, None where the check itself failed; and what it is worth
Questions = Mapping[str, Mapping[str, Points]]  # the checks of each question


def check_result(name: str, earned: float | None, points: float) -> CheckResult:
    outcome = Outcome.GRADER_ERROR if earned is None else Outcome.PASSED if earned == points else Outcome.FAILED
    return CheckResult(name, f"The title of {name}.", points, earned or 0, outcome)


def marked_report(
    questions: Questions,
    written: Mapping[str, float] | None = None,
    *,
    folder: str = "ana",
    assignment: str = ASSIGNMENT,
    is_unreadable: bool = False,
) -> Report:
    """A report: `{"softmax": {"test_rows": (2, 3)}}` is 2 of 3 points for a check; `written` is what words may earn."""
    return Report(
        folder,
        assignment,
        title=assignment,
        status=Status.UNREADABLE if is_unreadable else Status.GRADED,
        questions=tuple(
            QuestionResult(name, tuple(check_result(check, *points) for check, points in checks.items()))
            for name, checks in questions.items()
        ),
        written=tuple(WrittenAnswer(name, points) for name, points in (written or {}).items()),
        error="It is cut off." if is_unreadable else "",
    )


def scored(earned: float, of: float = 20, folder: str = "ana", assignment: str = ASSIGNMENT) -> Report:
    """A report with one question and one check."""
    return marked_report({"softmax": {"test_softmax": (earned, of)}}, folder=folder, assignment=assignment)


def mark_inputs(
    *reports: Report,
    members: Iterable[Member] = (),
    assignments: Iterable[str] = (),
    times: Mapping[Key, HandedIn | datetime] | None = None,
    unanswered: Mapping[Key, Iterable[str]] | None = None,
    by_hand: ByHand | None = None,
    now: datetime = NOW,
) -> MarkInputs:
    """What marks are made of. Without `members`, each folder is one person; without `assignments`, those of reports."""
    folders = sorted({report.student for report in reports})
    return MarkInputs(
        assignments=tuple(assignments) or tuple(sorted({report.assignment for report in reports})),
        members=tuple(members) or tuple(Member(folder, folder) for folder in folders),
        reports={(report.student, report.assignment): report for report in reports},
        handed_in={key: time if isinstance(time, HandedIn) else HandedIn(time) for key, time in (times or {}).items()},
        unanswered={key: frozenset(names) for key, names in (unanswered or {}).items()},
        by_hand=by_hand or ByHand(),
        now=now,
    )


def points(*given: float, comment: str = "", source: str = SHEET) -> tuple[HandPoints, ...]:
    """What people gave for one answer: several stand for as many sources."""
    return tuple(
        HandPoints(each, comment, source if place == 0 else f"{source} {place + 1}") for place, each in enumerate(given)
    )


def student_marks(marks: ClassMarks, name: str = "ana") -> StudentMarks:
    (found,) = (student for student in marks.students if student.member.name == name)
    return found


def mark_of(policy: Policy, inputs: MarkInputs, name: str = "ana", assignment: str = ASSIGNMENT) -> Mark:
    return student_marks(class_marks(policy, inputs), name).marks[assignment]


def berlin(text: str) -> datetime:
    """A time by the clocks of Berlin: `2026-10-12T23:59`."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)
