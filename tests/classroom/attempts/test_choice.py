"""The last attempt by the deadline is graded, where a system tells which that is; else the newest, and it is said."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from autograder.classroom.attempts.choice import NEWEST, AttemptChoice
from autograder.classroom.attempts.records import for_folders
from autograder.classroom.marks.model import Member
from autograder.report.handed_in import HandedIn
from tests.helpers.collected import CollectedClass, all_due, no_deadline, zipped
from tests.helpers.course import RIGHT_CENTRED, RIGHT_SUMS, WRONG_SUMS, edit
from tests.helpers.repositories import commit, new_repository

pytestmark = pytest.mark.slow

A, B = "01_sums", "02_centred"
ROSTER = "folder,ID,Full name,Email address\nana,4101,Ana Roe,ana@x.org\nben,4102,Ben Low,ben@x.org\n"
DUE = all_due("2026-10-12T23:59:00+02:00")  # 21:59 in UTC
BEFORE, LATER, AFTER = "2026-10-11 09:00:00 UTC", "2026-10-12 21:59:00 UTC", "2026-10-13 06:00:00 UTC"


@pytest.fixture
def group(small_course: Path) -> CollectedClass:
    (small_course / "roster.csv").write_text(ROSTER)
    return CollectedClass(small_course)


def came(group: CollectedClass, student: str, time: str, files: Mapping[str, str], assignment: str = A) -> Path:
    """What somebody handed in by nbgrader's exchange, at a time."""
    name = f"{student}+{assignment}+{time}+Zk3_aB9-xQ1w"
    archive = group.root / f"{len(list(group.root.iterdir()))}.zip"
    group.collect(zipped(archive, {f"{name}/{file}": content for file, content in files.items()}))
    return archive


def source_of(group: CollectedClass, choice: AttemptChoice, student: str = "ana", assignment: str = A) -> str:
    """What is graded of somebody's."""
    submission = group.jobs(choice)[student, assignment].submission
    return "\n".join(cell.source for cell in submission.cells) if submission else ""


# Where the system tells the times


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 1, 0, 2), (2, 0, 3, 1)])
def test_the_newest_by_the_deadline_counts_in_whatever_order_they_came_in(
    group: CollectedClass, order: tuple[int, ...]
) -> None:
    attempts = [(BEFORE, "1"), (LATER, "2"), (AFTER, "3"), ("2026-10-14 06:00:00 UTC", "4")]
    for number in order:
        time, mark = attempts[number]
        came(group, "ana", time, {f"{A}.py": f"{RIGHT_SUMS}\nX = {mark}\n"})
    assert "X = 4" in source_of(group, NEWEST)
    choice = group.choose(DUE)
    assert "X = 2" in source_of(group, choice), "at the deadline is in time"
    assert choice.warnings == (f"{A}: the last attempt by the deadline is graded, and not the newest one: ana",)
    times = group.times(DUE, choice)
    assert times.handed_in == {("ana", A): HandedIn(datetime(2026, 10, 12, 21, 59, tzinfo=UTC))}
    assert times.warnings == ()


def test_who_has_more_time_is_graded_by_it(group: CollectedClass) -> None:
    for student in ("ana", "ben", "cem"):
        came(group, student, BEFORE, {f"{A}.py": WRONG_SUMS})
        came(group, student, AFTER, {f"{A}.py": RIGHT_SUMS})
    usual, extended = (datetime.fromisoformat(f"2026-10-{day}T23:59:00+02:00") for day in (12, 15))
    choice = group.choose(lambda student, _assignment: {"ana": extended, "ben": usual}.get(student))
    sources = {student: source_of(group, choice, student) for student in ("ana", "ben", "cem")}
    assert sources == {"ana": RIGHT_SUMS, "ben": WRONG_SUMS, "cem": RIGHT_SUMS}  # for cem, nothing is due
    assert choice.attempts.keys() == choice.folders.keys() == {("ben", A)}
    assert group.choose(no_deadline) == NEWEST


def test_where_none_came_in_time_the_newest_counts(group: CollectedClass) -> None:
    came(group, "ana", AFTER, {f"{A}.py": WRONG_SUMS})
    came(group, "ana", "2026-10-14 06:00:00 UTC", {f"{A}.py": RIGHT_SUMS})
    assert group.choose(DUE) == NEWEST
    assert source_of(group, NEWEST) == RIGHT_SUMS


def test_the_same_work_that_was_handed_in_again_late_came_in_time(group: CollectedClass) -> None:
    came(group, "ana", BEFORE, {f"{A}.py": RIGHT_SUMS})
    came(group, "ana", AFTER, {f"{A}.py": RIGHT_SUMS})
    choice = group.choose(DUE)
    assert (choice.folders, choice.warnings) == ({}, ())
    assert group.times(DUE, choice).handed_in["ana", A] == HandedIn(datetime(2026, 10, 11, 9, tzinfo=UTC))
    assert group.times(DUE).handed_in["ana", A] == HandedIn(datetime(2026, 10, 13, 6, tzinfo=UTC))
    came(group, "ana", "2026-10-15 06:00:00 UTC", {f"{A}.py": WRONG_SUMS})  # then another one, late as well
    choice = group.choose(DUE)
    assert source_of(group, choice) == RIGHT_SUMS
    assert group.times(DUE, choice).handed_in["ana", A] == HandedIn(datetime(2026, 10, 11, 9, tzinfo=UTC))


def test_a_time_that_a_person_wrote_decides(group: CollectedClass) -> None:
    came(group, "ana", BEFORE, {f"{A}.py": WRONG_SUMS})
    came(group, "ana", AFTER, {f"{A}.py": RIGHT_SUMS})
    (group.into / "ana" / A / "timestamp.txt").write_text("2026-10-12 20:00 UTC\n")  # the exchange was down
    assert group.choose(DUE) == NEWEST
    kept = group.root / "submitted.attempts" / "ana" / A / "1"
    (kept / "timestamp.txt").write_text("2026-10-14 00:00 UTC\n")
    (group.into / "ana" / A / "timestamp.txt").unlink()
    assert group.choose(DUE) == NEWEST, "the earlier one was not in time either"


def test_a_team_has_the_time_of_whoever_has_most_of_it() -> None:
    first, second = (datetime(2026, 10, day, tzinfo=UTC) for day in (12, 15))
    members = [
        Member("ana", "team"),
        Member("ben", "team"),
        Member("cem", "cem"),
        Member("dora", "x"),
        Member("e", "x"),
    ]
    own = {"ana": first, "ben": second, "cem": first, "dora": first, "nobody's": second}
    deadline = for_folders(members, lambda name, _assignment: own.get(name))
    assert {folder: deadline(folder, A) for folder in ("team", "cem", "x", "nobody's")} == {
        "team": second,
        "cem": first,
        "x": None,  # for one of them, nothing is due
        "nobody's": second,
    }


def test_of_two_times_that_the_clock_shows_twice_the_later_is_later() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    once_more, first = (
        datetime(2026, 10, 25, 2, 15, fold=1, tzinfo=berlin),
        datetime(2026, 10, 25, 2, 45, tzinfo=berlin),
    )
    own = {"ana": once_more, "ben": first}
    deadline = for_folders([Member("ana", "team"), Member("ben", "team")], lambda name, _assignment: own[name])
    assert deadline("team", A) is once_more


# Where it tells less


def test_canvas_word_decides_where_it_tells_no_time_and_it_is_said(group: CollectedClass) -> None:
    for number, (files, mark) in enumerate(
        [
            ((f"roeana_4101_100_{A}.py", f"lowben_4102_101_{A}.py"), "1"),
            ((f"roeana_4101_200_{A}-1.py", f"lowben_4102_201_{A}-1.py"), "2"),
            ((f"roeana_LATE_4101_300_{A}-2.py", f"lowben_4102_301_{A}-2.py"), "3"),
        ]
    ):
        download = zipped(group.root / f"canvas{number}.zip", dict.fromkeys(files, f"{RIGHT_SUMS}\nX = {mark}\n"))
        group.collect(download, roster=group.root / "roster.csv", assignment=A)
    choice = group.choose(DUE)
    assert ["X = 2" in source_of(group, choice, "ana"), "X = 3" in source_of(group, choice, "ben")] == [True, True]
    assert choice.warnings == (
        f"{A}: the newest attempt is not graded, for the system calls it late without a time, and the one before it "
        "not, of ana. Did anybody of them have more time? Write when the newest one was handed in into timestamp.txt "
        "beside it, and grade again",
    )
    submission = group.jobs(choice)["ana", A].submission
    assert submission is not None
    assert submission.notes[0] == (
        "This is your last attempt by the deadline. A newer one came after it, and is not graded."
    )
    assert group.times(DUE, choice).handed_in["ana", A] == HandedIn(is_late=False)
    (group.into / "ana" / A / "timestamp.txt").write_text("2026-10-12 20:00 UTC\n")  # she had more time
    assert group.choose(DUE) == NEWEST


def test_moodles_word_decides_as_well(group: CollectedClass) -> None:
    for number, (status, source) in enumerate([("", WRONG_SUMS), (" - 2 days late", RIGHT_SUMS)]):
        worksheet = group.root / f"worksheet{number}.csv"
        worksheet.write_text(
            "Identifier,Full name,Email address,Status\n"
            f"Participant 71,Ana Roe,ana@x.org,Submitted for grading{status}\n"
        )
        name = f"Ana Roe_71_assignsubmission_file/{A}.py"
        download = zipped(group.root / f"moodle{number}.zip", {name: source})
        group.collect(download, roster=group.root / "roster.csv", worksheets=[worksheet])
    choice = group.choose(DUE)
    assert source_of(group, choice) == WRONG_SUMS
    assert "for the system calls it late without a time" in choice.warnings[0]


def test_a_commit_does_not_choose(group: CollectedClass) -> None:
    repository = new_repository(group.root / "repo")
    (group.root / "list.txt").write_text("ana ./repo\n")
    for source, time in ((WRONG_SUMS, "2026-10-11 09:00:00 +0000"), (RIGHT_SUMS, "2026-10-13 09:00:00 +0000")):
        commit(repository, {f"{A}.py": source}, time)
        group.collect(group.root / "list.txt")
    choice = group.choose(DUE)
    assert (choice.folders, choice.attempts) == ({}, {})
    assert choice.warnings == (
        f"{A}: there are several attempts, and no system says which is the last one by the deadline (a commit only "
        "claims its time): the newest is graded, of ana. If that is not right, write when it was handed in into "
        "timestamp.txt beside it, and grade again",
    )
    (group.into / "ana" / A / "timestamp.txt").write_text("2026-10-13 09:00 UTC\n")  # so the server says
    assert "several attempts" in group.choose(DUE).warnings[0], "of the earlier one, nobody has said it"
    kept = group.root / "submitted.attempts" / "ana" / A / "1"
    (kept / "timestamp.txt").write_text("2026-10-11 09:00 UTC\n")
    choice = group.choose(DUE)
    assert source_of(group, choice) == WRONG_SUMS
    assert group.times(DUE, choice).handed_in["ana", A] == HandedIn(datetime(2026, 10, 11, 9, tzinfo=UTC))


def test_who_has_one_attempt_only_is_not_asked_about(group: CollectedClass) -> None:
    group.collect(zipped(group.root / "a.zip", {f"ana/{A}.py": RIGHT_SUMS, f"ben/{A}.py": RIGHT_SUMS}))
    assert group.choose(DUE) == NEWEST
    for number in range(2):
        group.collect(zipped(group.root / f"{number}.zip", {f"ben/{A}.py": f"X = {number}"}))
    (line,) = group.choose(DUE).warnings
    assert "the newest is graded, of ben." in line


# What people have done since


def test_what_a_person_put_there_is_graded(group: CollectedClass) -> None:
    came(group, "ana", BEFORE, {f"{A}.py": WRONG_SUMS})
    came(group, "ana", AFTER, {f"{A}.py": RIGHT_SUMS})
    edit(group.into / "ana" / A / f"{A}.py", "np.sum", "1 * np.sum")
    choice = group.choose(DUE)
    assert choice.folders == {}
    assert choice.warnings == (
        f"{A}: what lies in the folder was changed by hand since it was collected, and is graded; the last attempt by "
        "the deadline is not: ana",
    )
    came(group, "ben", BEFORE, {f"{A}.py": RIGHT_SUMS})
    shutil.rmtree(group.into / "ana" / A)
    assert group.choose(DUE) == NEWEST, "somebody has taken it out of the class"


def test_what_a_person_has_put_back_already_is_not_talked_about(group: CollectedClass) -> None:
    came(group, "ana", BEFORE, {f"{A}.py": WRONG_SUMS})
    came(group, "ana", AFTER, {f"{A}.py": RIGHT_SUMS})
    shutil.copy(group.root / "submitted.attempts" / "ana" / A / "1" / f"{A}.py", group.into / "ana" / A)
    choice = group.choose(DUE)
    assert choice == NEWEST
    assert group.times(DUE, choice).handed_in["ana", A] == HandedIn(datetime(2026, 10, 11, 9, tzinfo=UTC))


@pytest.mark.parametrize("what", ["gone", "changed", "more", "a link"])
def test_an_attempt_that_is_not_as_it_was_kept_is_not_graded(group: CollectedClass, what: str) -> None:
    came(group, "ana", BEFORE, {f"{A}.py": WRONG_SUMS})
    came(group, "ana", AFTER, {f"{A}.py": RIGHT_SUMS})
    kept = group.root / "submitted.attempts" / "ana" / A / "1"
    if what == "changed":
        (kept / f"{A}.py").write_text(RIGHT_SUMS)
    elif what == "more":
        (kept / f"{A}.ipynb").write_text("{}")
    else:
        shutil.move(kept, group.root / "elsewhere")
    if what == "a link":
        kept.symlink_to(group.root / "elsewhere")
    choice = group.choose(DUE)
    assert choice.folders == {}
    assert choice.warnings == (
        f"{A}: the last attempt by the deadline is no longer where `collect` kept it, or not as it was: the newest is "
        "graded, of ana. Collect all downloads into a new folder, and grade that",
    )
    assert source_of(group, choice) == RIGHT_SUMS


# What is graded then


def test_an_earlier_attempt_is_found_as_if_it_lay_where_the_newest_does(group: CollectedClass) -> None:
    """With all that is in it, and nothing of the newest."""
    came(group, "ana", BEFORE, MUCH)
    came(group, "ana", BEFORE, {f"{B}.py": "c = 1\n"}, B)
    as_it_lay = told_of_all(group, NEWEST)
    assert as_it_lay == {
        A: ("", ["ana/01_sums/homework.py", "ana/01_sums/old/homework2.py"]),
        B: ("01_sums/02_centred.py", []),
    }
    came(group, "ana", AFTER, {f"{A}.py": "newest = 1\n", ".hidden.py": "x", "loose.tar": "x", f"{B} (2).py": "x = 2"})
    assert told_of_all(group, NEWEST) != as_it_lay
    choice = group.choose(DUE)
    kept = "../submitted.attempts/ana/01_sums/1/"
    told = told_of_all(group, choice)
    assert [path for _, paths in told.values() for path in paths if not path.startswith(kept)] == []
    assert {
        name: (file, [path.replace(kept, "ana/01_sums/") for path in paths]) for name, (file, paths) in told.items()
    } == as_it_lay
    for _, paths in told.values():
        assert all((group.into / path).is_file() for path in paths)


MUCH = {
    "homework.py": RIGHT_SUMS,
    f"{B}.py": RIGHT_CENTRED,
    "old/homework2.py": WRONG_SUMS,
    "data.zip": "PK",
    f"{A}.pdf": "%PDF",
}


def told_of_all(group: CollectedClass, choice: AttemptChoice) -> dict[str, tuple[str, list[str]]]:
    """Of ana's work on each assignment, the file that counts, and those that are named as not graded."""
    return {
        job.assignment: (job.submission.file if job.submission else "", sorted(each.file for each in job.ungraded))
        for job in group.jobs(choice).values()
    }


def test_it_is_graded_and_the_student_is_told_which_one_it_is(group: CollectedClass) -> None:
    came(group, "ana", BEFORE, {f"{A}.py": WRONG_SUMS})
    came(group, "ana", BEFORE, {f"{B}.py": RIGHT_CENTRED}, B)
    newest = group.grade()
    came(group, "ana", AFTER, {f"{A}.py": RIGHT_SUMS})
    choice = group.choose(DUE)
    reports = group.grade(choice)
    assert {key: report.score for key, report in reports.items()} == {key: each.score for key, each in newest.items()}
    assert reports["ana", A].notes == (
        "This is your attempt of 2026-10-11 11:00 UTC+02:00, the last one by the deadline. The one of 2026-10-13 08:00 "
        "UTC+02:00 came after it, and is not graded.",
    )
    assert reports["ana", B].notes == ()
    job = group.jobs(choice)["ana", A]
    assert job.file == group.root / "submitted.attempts" / "ana" / A / "1" / f"{A}.py"
    assert job.submission is not None
    assert job.submission.handed_in == "2026-10-11 09:00:00.000000 UTC", "not that of the newest"
    before = {(part.cells[0].source) for part in group.jobs(choice)["ana", B].before}
    assert before == {WRONG_SUMS}, "later work builds on what counts"
    regraded = group.grade()
    assert regraded["ana", A].score > reports["ana", A].score, "the newest one, where the policy takes that"
    assert regraded["ana", A].notes == ()


def test_only_the_assignments_that_were_asked_for_are_found(group: CollectedClass) -> None:
    for assignment in (A, B):
        came(group, "ana", BEFORE, {f"{assignment}.py": WRONG_SUMS}, assignment)
        came(group, "ana", AFTER, {f"{assignment}.py": RIGHT_SUMS}, assignment)
    choice = group.choose(DUE)
    (submission,) = group.found(choice, [B]).submissions
    assert submission.folder == group.root / "submitted.attempts" / "ana" / B / "1"
    assert submission.siblings[A].folder == group.root / "submitted.attempts" / "ana" / A / "1"


@pytest.mark.parametrize(
    ("here", "submitted"), [("", "submitted"), ("submitted", "."), ("submitted/ana", ".."), ("graded", "../submitted")]
)
def test_however_the_folder_is_named(
    group: CollectedClass, monkeypatch: pytest.MonkeyPatch, here: str, submitted: str
) -> None:
    came(group, "ana", BEFORE, {f"{A}.py": WRONG_SUMS, "homework.py": RIGHT_SUMS})
    came(group, "ana", AFTER, {f"{A}.py": RIGHT_SUMS})
    (group.root / here).mkdir(exist_ok=True)
    monkeypatch.chdir(group.root / here)
    group.into = Path(submitted)
    choice = group.choose(DUE)
    assert source_of(group, choice) == WRONG_SUMS
    (ungraded,) = group.jobs(choice)["ana", A].ungraded
    assert ungraded.file == "../submitted.attempts/ana/01_sums/1/homework.py"
    assert (group.into / ungraded.file).samefile(group.root / ungraded.file.removeprefix("../"))
