"""What instructors have written beside reports: which files that are, and that none of them is lost without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.classroom.marks.model import ClassMarks, Member
from autograder.classroom.marks.record import MarksRecord
from autograder.classroom.marks.rules import (
    ClassRules,
    policy_file,
    require_no_loss,
    rules_of_course,
    rules_of_reports,
)
from autograder.classroom.policy.model import Policy
from autograder.course.loader import Course, load_course
from autograder.errors import UserError
from autograder.grading.class_record import ClassRecord
from autograder.grading.files import path_from
from autograder.grading.store import ReportStore
from tests.helpers.course import write_course
from tests.helpers.marks import marked_report

NO_MARKS = ClassMarks((), ())
RECORD = ClassRecord("", ("ana",), (("ana", "01_sums"),))


@pytest.fixture
def term(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course in the working directory, with a folder of submissions and one of reports, both empty."""
    write_course(tmp_path)
    (tmp_path / "submitted").mkdir()
    (tmp_path / "graded").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def course(term: Path) -> Course:
    return load_course(term / "solutions")


def store() -> ReportStore:
    return ReportStore(Path("graded"))


# Which files they are


@pytest.mark.parametrize("submitted", ["submitted", "submitted/../submitted", "./submitted/"])
def test_without_a_file_the_sheet_would_lie_beside_the_submissions(course: Course, submitted: str) -> None:
    rules = rules_of_course(course, store(), Path(submitted), None, ["ana"])
    assert (rules.policy, rules.is_named, rules.members) == (Policy(), False, (Member("ana", "ana"),))
    assert rules.file.resolve() == Path("class.toml").resolve()
    assert rules.sheet.resolve() == Path("written.csv").resolve()


def test_and_so_where_the_submissions_are_named_by_where_one_stands(
    term: Path, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    (term / "submitted" / "ana").mkdir()
    for folder, named in (("submitted", "."), ("submitted/ana", "..")):
        monkeypatch.chdir(term / folder)
        rules = rules_of_course(course, ReportStore(term / "graded"), Path(named), None, [])
        assert rules.sheet.resolve() == term / "written.csv"


def test_the_names_in_it_must_be_those_of_the_course_or_of_the_reports(course: Course) -> None:
    Path("class.toml").write_text('[assignments.01_sums]\ndrop = ["test_totl"]\n')
    for read in (
        lambda: rules_of_course(course, store(), Path("submitted"), None, ["ana"]),
        lambda: rules_of_reports(
            store(), RECORD, None, [marked_report({"total": {"test_total": (1, 1)}}, assignment="01_sums")]
        ),
    ):
        with pytest.raises(UserError, match=r"class\.toml, line 2: .*did you mean"):
            read()


def test_reports_of_an_earlier_version_know_their_own_questions(term: Path) -> None:
    Path("class.toml").write_text('[assignments.01_sums]\nextra_credit = ["total", "why"]\n')
    report = marked_report({"total": {"test_total": (1, 1)}}, {"why": 2}, assignment="01_sums")
    rules = rules_of_reports(store(), RECORD, None, [report])
    assert rules.policy.for_assignment("01_sums").extra_credit == {"total", "why"}


def test_a_named_file_is_kept_and_found_again(term: Path, course: Course) -> None:
    (term / "rules").mkdir()
    file = term / "rules" / "mine.toml"
    file.write_text("attempt = 'last'")
    named = rules_of_course(course, store(), Path("submitted"), Path("rules/mine.toml"), ["ana"])
    assert (named.file, named.is_named) == (Path("rules/mine.toml"), True)
    kept = ClassRecord("", ("ana",), (), policy=path_from(Path("graded"), named.file), policy_is_named=True)
    store().save_class(kept)
    for again in (
        rules_of_course(course, store(), Path("submitted"), None, ["ana"]),
        rules_of_reports(store(), kept, None, []),
    ):
        assert (again.file, again.is_named, again.policy.path) == (
            Path("rules/mine.toml"),
            True,
            Path("rules/mine.toml"),
        )

    Path("class.toml").write_text("")
    with pytest.raises(UserError, match=r"the rules in rules/mine\.toml, and there is class\.toml beside"):
        rules_of_course(course, store(), Path("submitted"), None, ["ana"])
    file.unlink()
    assert rules_of_course(course, store(), Path("submitted"), None, ["ana"]).file == Path("class.toml")


def test_the_file_beside_the_submissions_may_be_named_too(course: Course) -> None:
    Path("class.toml").write_text("")
    store().save_class(ClassRecord("", (), (), policy="../class.toml", policy_is_named=True))
    assert rules_of_course(course, store(), Path("submitted"), None, []).file.resolve() == Path("class.toml").resolve()


def test_a_file_is_named_from_where_one_stands_also_through_a_link(
    term: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = tmp_path_factory.mktemp("disk")
    (term / "linked").symlink_to(disk)
    for root in (Path("linked"), disk):
        record = ClassRecord("", (), (), policy=path_from(root, Path("class.toml")))
        assert policy_file(ReportStore(root), record) == Path("class.toml")
    monkeypatch.chdir(term / "submitted")
    assert policy_file(ReportStore(Path("../graded")), RECORD) == Path("../class.toml")


# What is lost


def rules_at(file: str) -> ClassRules:
    return ClassRules(Policy(), (), Path(file), is_named=file.startswith("new/"))


@pytest.mark.parametrize(
    ("were", "are", "rules", "said"),
    [
        ((), (), "class.toml", None),
        (("class.toml", "written.csv"), ("class.toml", "written.csv"), "class.toml", None),
        (("class.toml",), ("class.toml", "written.csv"), "class.toml", None),
        (("class.toml",), (), "class.toml", "class.toml is gone, of which the last marks were made: put it back"),
        (("written.csv",), ("class.toml",), "class.toml", "written.csv is gone, of which the last marks were made"),
        (("class.toml", "written.csv"), ("new/class.toml", "new/written.csv"), "new/class.toml", None),
        (
            ("class.toml", "written.csv"),
            ("new/class.toml",),
            "new/class.toml",
            "made of written.csv, and new/written.csv",
        ),
        (
            ("class.toml", "written.csv"),
            ("class.toml", "written.csv", "new/class.toml"),
            "new/class.toml",
            "the last marks are in written.csv, and they are looked for in new/written.csv",
        ),
        # Another class, which has no rules.
        (("class.toml", "written.csv"), ("class.toml", "written.csv"), "other/class.toml", None),
    ],
)
def test_what_the_last_marks_were_made_of_is_there_or_missed(
    term: Path, were: tuple[str, ...], are: tuple[str, ...], rules: str, said: str | None
) -> None:
    for folder in ("new", "other"):
        (term / folder).mkdir()
    for name in were:
        Path(name).write_text("then")
    last = MarksRecord.of(NO_MARKS, store().root, [Path("class.toml"), Path("written.csv")])
    for name in were:
        Path(name).unlink()
    for name in are:
        Path(name).write_text("now")
    if said is None:
        require_no_loss(rules_at(rules), store(), last)
    else:
        with pytest.raises(UserError) as refused:
            require_no_loss(rules_at(rules), store(), last)
        assert said in str(refused.value)
        assert "delete graded/.marks.json" in str(refused.value)


def test_before_the_first_run_there_is_nothing_to_lose(term: Path) -> None:
    require_no_loss(rules_at("class.toml"), store(), None)
