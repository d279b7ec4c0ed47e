"""`autograder marks`: marks made again without grading; what they are made of is found again, or missed."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from autograder.classroom.marks.record import FILE as MARKS
from autograder.classroom.marks.record import begin_grading, end_grading
from autograder.cli import main
from autograder.cli.shared.class_run import find_class, run_class
from autograder.cli.shared.marking import MAX_CHANGES_SHOWN
from autograder.cli.shared.runs.graders import Graders
from autograder.course.folder import find_course
from autograder.course.loader import load_course
from autograder.grading.class_record import ClassRecord
from autograder.grading.processes.pool import start_pool
from autograder.grading.store import LOCK, RECORD, ReportStore
from autograder.report.model import Report
from autograder.sandbox.homes import Where
from autograder.submission.model import Submission
from tests.helpers.command_line import refusal
from tests.helpers.course import RIGHT_SUMS, hand_in
from tests.helpers.in_words import NAME, course_in_words, hand_in_words
from tests.helpers.sheets import rows_of, save_rows

pytestmark = pytest.mark.slow

GRADE = ("grade", "class", "--unconfined", "--jobs", "1")
OVERRIDE = """
[[overrides]]
student = "{student}"
assignment = "01_sums"
points = {points}
reason = "{reason}"
"""
TEAM = "folder,ID,Full name,Username,Section\nada,1,Ada L,,\nzoë,2,Zoë Z,zed,A\nzoë,3,Yan Y,yan,B\n,4,Nia N,nia,B\n"


def run(*arguments: str, expected: int = 0) -> str:
    """What a command says, in the working directory."""
    result = CliRunner(env={"COLUMNS": "400", "NO_COLOR": "1"}).invoke(main, arguments)
    assert result.exit_code == expected, result.output
    return result.output


@pytest.fixture(scope="module")
def graded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ada has answered both questions in words, zoë one, and bo none; nobody has read them. No class.toml."""
    folder = course_in_words(tmp_path_factory.mktemp("marks") / "term")
    hand_in_words(folder, "ada", why="Variances add up.", where="In attention.")
    hand_in_words(folder, "zoë", where="In attention.")
    hand_in_words(folder, "bo")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        run(*GRADE)
    return folder


@pytest.fixture
def term(graded_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy, which is the working directory."""
    folder = shutil.copytree(graded_once, tmp_path / "term")
    monkeypatch.chdir(folder)
    return folder


def give_points(sheet: Path, points: str = "2") -> None:
    """Give each answer the same points."""
    run("written", "graded", "--out", str(sheet))
    save_rows(sheet, [row | {"points": points} for row in rows_of(sheet)])


def override(points: float, student: str = "ada", reason: str = "agreed") -> str:
    return OVERRIDE.format(student=student, points=points, reason=reason)


def marks_of(graded: Path = Path("graded")) -> dict[str, str]:
    with (graded / "marks.csv").open(encoding="utf-8", newline="") as file:
        return {row["student"]: row["mark"] for row in csv.DictReader(file)}


def test_rules_that_appear_after_the_first_run_are_found_and_what_moves_is_shown(term: Path) -> None:
    Path("class.toml").write_text(override(5))
    shown = run("marks")
    assert "ada" in shown
    assert "→ 5/" in shown
    assert "Your mark was set to 5 points: agreed" in shown
    assert "Marks changed: 1; up: 1, down: 0." in shown
    assert marks_of() == {"ada": "5", "bo": "0", "zoë": ""}
    assert "Marks changed: 0; up: 0, down: 0." in run("marks")
    Path("class.toml").write_text(override(4))
    assert "no longer: Your mark was set to 5 points: agreed" in run("marks")


def test_marks_of_reports_beside_which_none_are_kept_are_made_and_nothing_is_said_to_have_moved(term: Path) -> None:
    (term / "graded" / MARKS).unlink()
    shown = run("marks")
    assert "Marks changed" not in shown
    assert "(students: 3, assignments: 1)." in shown
    assert (term / "graded" / MARKS).exists()


def test_grade_names_whose_marks_move_but_not_whom_it_graded_for_the_first_time(term: Path) -> None:
    """Rules move them as well, which no report tells."""
    Path("class.toml").write_text(override(5))
    run("marks")
    Path("class.toml").write_text(override(4))
    hand_in(term / "class", "cy", NAME, RIGHT_SUMS)
    shown = run(*GRADE)
    moved = shown[shown.index("Reports and pages") :]
    assert "Your mark was set to 4 points: agreed" in moved
    assert "\ncy " not in moved
    assert "Marks changed: 2; up: 0, down: 1." in moved


@pytest.mark.parametrize("has_marks", [True, False])
def test_a_class_that_is_half_graded_has_no_marks_until_it_is_graded(
    term: Path, monkeypatch: pytest.MonkeyPatch, has_marks: bool
) -> None:
    """Else those whose reports are missing would be left out, and nobody's lateness known."""
    if not has_marks:
        shutil.rmtree(term / "graded")
    hand_in(term / "class", "cy", NAME, RIGHT_SUMS)
    with monkeypatch.context() as patch:
        patch.setattr("autograder.cli.shared.class_run.TimesOfWork.times", _is_killed)
        with pytest.raises(SystemError):
            CliRunner().invoke(main, GRADE, catch_exceptions=False)
    assert (term / "graded" / "cy" / f"{NAME}.json").exists()
    export = ("export", "csv", "graded", "--out", "o.csv")
    for command in (("marks",), ("marks", "--explain", "ada"), export):
        said = refusal(monkeypatch, term, *command)
        assert said.startswith("autograder: the last `autograder grade` into graded has not come to its end")
    run("erase", "ada")
    assert "has not come to its end" in refusal(monkeypatch, term, *export)
    run(*GRADE)
    run("marks")
    run(*export)
    assert set(marks_of()) == {"ada", "bo", "cy", "zoë"}


@pytest.mark.parametrize(("sheet", "is_graded"), [("a,b\n1,2\n", False), (None, True)])
def test_a_sheet_that_cannot_be_meant_is_told_early_and_costs_no_report(
    term: Path, monkeypatch: pytest.MonkeyPatch, sheet: str | None, is_graded: bool
) -> None:
    """What is none at all before anything is graded; more than is possible is known only then: marks are made later."""
    if sheet:
        Path("written.csv").write_text(sheet)
    else:
        give_points(Path("written.csv"), "99")
    hand_in(term / "class", "cy", NAME, RIGHT_SUMS)
    assert "written.csv" in refusal(monkeypatch, term, *GRADE)
    assert (term / "graded" / "cy" / f"{NAME}.json").exists() == is_graded
    Path("written.csv").unlink()
    run("marks")
    assert ("cy" in marks_of()) == is_graded


def _is_killed(*_: object) -> None:
    raise SystemError


def test_the_sum_of_one_student_is_shown_and_nothing_is_written(term: Path) -> None:
    Path("class.toml").write_text(override(5))
    before = {path: path.read_bytes() for path in term.rglob("*") if path.is_file()}
    assert "Your mark was set to 5 points: agreed" in run("marks", "--explain", "ada")
    assert {path: path.read_bytes() for path in term.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("command", [("marks", "--explain"), ("erase",)])
def test_a_name_is_found_however_its_characters_are_composed(term: Path, command: tuple[str, ...]) -> None:
    assert "zoë" in run(*command, "zoe\u0308")


def test_who_is_not_there_is_named_with_who_may_be_meant(term: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = refusal(monkeypatch, term, "marks", "--explain", "Zoë")
    assert said == "autograder: graded holds nothing on 'Zoë'; did you mean 'zoë'?"
    assert refusal(monkeypatch, term, "marks", "--explain", "quinn").endswith("graded holds nothing on 'quinn'")


def test_of_a_team_each_is_explained_and_its_folder_tells_who_they_are(
    term: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("class.toml").write_text('roster = "roster.csv"\n' + override(5, "yan"))
    Path("roster.csv").write_text(TEAM)
    run("marks")
    assert marks_of() == {"ada": "", "zed": "", "yan": "5", "nia": "", "bo": "0"}
    assert run("marks", "--explain", "yan").startswith("yan, section B")
    assert refusal(monkeypatch, term, "marks", "--explain", "zoë").endswith("name one of zed, yan")


def test_who_has_no_folder_has_one_row_with_the_mark_in_an_export_too(term: Path) -> None:
    """By the id that they are called by: the roster knows them, and so does the class."""
    Path("class.toml").write_text('roster = "roster.csv"\nzeros = ["missing"]\n')
    Path("roster.csv").write_text(TEAM)
    run("marks")
    run("export", "csv", "graded", "--out", "o.csv", "--roster", "roster.csv", expected=1)  # bo is not in it
    with Path("o.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if "nia" in (row["Username"], row["member"])]
    assert [(row["ID"], row["mark_status"], row["mark"]) for row in rows] == [("4", "missing", "0")]


def test_rules_that_were_named_once_are_found_by_both_commands(term: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = term / "rules"
    rules.mkdir()
    (rules / "mine.toml").write_text(override(5, "bo"))
    give_points(rules / "written.csv")
    expected = {"ada": "4", "bo": "5", "zoë": "2"}
    run("marks", "--class", "rules/mine.toml")
    assert marks_of() == expected
    for command in (GRADE, ("marks",), GRADE):
        run(*command)
        assert marks_of() == expected
    (term / "class.toml").write_text("")
    said = refusal(monkeypatch, term, *GRADE)
    assert "the rules in rules/mine.toml, and there is class.toml beside the submissions" in said
    run("grade", "class", "--unconfined", "--class", "rules/mine.toml")
    assert marks_of() == expected


def test_submissions_elsewhere_have_the_rules_beside_them(term: Path) -> None:
    """The sample class first, then one's own, into the same folder: what was not named is not kept."""
    Path("class.toml").write_text(override(5))
    run("marks")
    (term / "other").mkdir()
    shutil.copytree(term / "class", term / "other" / "class")
    run("grade", "other/class", "--unconfined")
    assert marks_of()["ada"] == ""
    (term / "other" / "class.toml").write_text(override(6))
    run("marks")
    assert marks_of()["ada"] == "6"


def test_rules_and_points_move_together(term: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("class.toml").write_text(override(5, "bo"))
    give_points(Path("written.csv"))
    run("marks")
    rules = term / "rules"
    rules.mkdir()
    (term / "class.toml").rename(rules / "class.toml")
    for command in (("marks",), GRADE, ("marks", "--explain", "ada")):
        assert "class.toml is gone, of which the last marks were made" in refusal(monkeypatch, term, *command)
    said = refusal(monkeypatch, term, "marks", "--class", "rules/class.toml")
    assert "points by hand of the last marks are in written.csv" in said
    assert "looked for in rules/written.csv" in said
    (term / "written.csv").rename(rules / "written.csv")
    assert "Marks changed: 0" in run("marks", "--class", "rules/class.toml")
    assert marks_of() == {"ada": "4", "bo": "5", "zoë": "2"}


def test_a_folder_of_reports_that_lies_elsewhere_is_read_with_its_rules_named(
    term: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("class.toml").write_text(override(5, "bo"))
    give_points(Path("written.csv"))
    run("marks")
    (term / "old").mkdir()
    (term / "graded").rename(term / "old" / "graded")
    assert "old/class.toml is gone" in refusal(monkeypatch, term, "marks", "old/graded")
    assert "Marks changed: 0" in run("marks", "old/graded", "--class", "class.toml")
    assert "Marks changed: 0" in run("marks", "old/graded")


def test_from_another_directory_and_through_a_link_it_is_the_same_file(
    term: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Large folders lie on other disks."""
    (term / "graded").rename(tmp_path / "disk")
    (term / "graded").symlink_to(tmp_path / "disk")
    Path("class.toml").write_text(override(5))
    run(*GRADE)
    monkeypatch.chdir(term / "class" / "ada")
    for folder in ("../../graded", str(tmp_path / "disk")):
        assert "Marks changed: 0" in run("marks", folder)
        assert marks_of(Path(folder))["ada"] == "5"
    (term / "class.toml").write_text("percnt = 1")
    assert "autograder: ../../class.toml, line 1:" in refusal(
        monkeypatch, term / "class" / "ada", "marks", "../../graded"
    )


def test_a_sheet_that_vanishes_is_missed(term: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    give_points(Path("written.csv"))
    run("marks")
    (term / "written.csv").unlink()
    for command in (("marks",), GRADE):
        assert "written.csv is gone" in refusal(monkeypatch, term, *command)
    (term / "graded" / MARKS).unlink()  # as the line says
    run("marks")
    assert marks_of() == {"ada": "", "bo": "0", "zoë": ""}


def test_a_gradebook_that_was_used_is_asked_for(term: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("nbgrader")
    url = f"sqlite:///{term}/gradebook.db"
    run(*GRADE, "--gradebook", url)
    for command in (("marks",), GRADE, ("marks", "--explain", "ada")):
        said = refusal(monkeypatch, term, *command)
        assert url in said
        assert "or do without it with --gradebook none" in said
    run("marks", "--gradebook", url)
    assert "students: 3," in run("marks", "--gradebook", "none")
    assert "students: 3," in run("marks")  # it is not asked for any more


def test_another_gradebook_than_last_time_is_told(term: Path) -> None:
    pytest.importorskip("nbgrader")
    first, second = (f"sqlite:///{term}/{name}.db" for name in ("first", "second"))
    run(*GRADE, "--gradebook", first)
    for same in (first, "sqlite:///first.db", first):
        assert "another gradebook" not in run("marks", "--gradebook", same)
    shutil.copy(term / "first.db", term / "second.db")
    told = "Points by hand are from another gradebook than last time: sqlite:///{0}/{1}.db, not sqlite:///{0}/{2}.db."
    said = run("marks", "--gradebook", second)
    assert told.format(term, "second", "first") in said
    assert told.format(term, "first", "second") in run(*GRADE, "--gradebook", first)
    assert "another gradebook" not in run(*GRADE, "--gradebook", first)


def test_while_another_run_writes_marks_reads_nothing_and_says_who_does(
    term: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it would read now is not what it would write over."""
    other = ReportStore(Path("graded"))
    with other.writing():
        begin_grading(other)
        assert "another run is writing to graded" in refusal(monkeypatch, term, "marks")
        run("grade", "class", "--unconfined", "--jobs", "1", "--out", "elsewhere")
    end_grading(other)
    run("marks")


def test_grade_compares_with_the_marks_that_it_replaces_whoever_made_them_meanwhile(term: Path) -> None:
    course = load_course(find_course(term))
    plan = find_class(course, Path("class"), Path("graded"), chosen=(), class_file=None, gradebook=None)
    Path("class.toml").write_text(override(5))
    run("marks")
    with start_pool(1) as pool:
        graders = Graders(pool, lambda: 1, lambda: Where.NONE)
        before = run_class(Console(quiet=True), plan, graders, graders.wait()).marks_before
    assert before is not None
    assert {each.member.name: each.marks[NAME].mark for each in before.students}["ada"] == 5


def test_a_folder_of_something_else_gets_no_lock(term: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "holds no reports" in refusal(monkeypatch, term, "marks", "class")
    assert not (term / "class" / LOCK).exists()


def test_what_was_read_of_a_submission_is_not_loaded_again_for_times_and_answers(
    term: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a class needs of it is taken when it is read, and kept in the index."""
    loads: Counter[str] = Counter()
    load_work = ReportStore.load_work

    def counted(store: ReportStore, report: Report) -> Submission | None:
        loads[report.student] += 1
        return load_work(store, report)

    monkeypatch.setattr(ReportStore, "load_work", counted)
    run(*GRADE)
    assert loads == {}


def test_a_page_that_cannot_be_made_is_named_and_the_marks_stand(term: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> str:
        raise ValueError("no page")

    Path("class.toml").write_text(override(5))
    monkeypatch.setattr("autograder.pages.writer.submission_page", broken)
    assert f"The page of ada {NAME} could not be made (ValueError: no page). The mark stands." in run(
        "marks", expected=1
    )
    assert marks_of()["ada"] == "5"


def test_a_file_of_rules_that_is_not_there_is_named(term: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = refusal(monkeypatch, term, "marks", "--class", "rules.toml")
    assert said == "autograder: rules.toml is not there: name the file with the rules of the class"


def test_of_many_changes_the_largest_are_shown_and_the_others_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course_in_words(tmp_path))
    students = [f"s{number:02}" for number in range(MAX_CHANGES_SHOWN + 2)]
    for student in students:
        hand_in(tmp_path / "class", student, NAME, RIGHT_SUMS)
    run(*GRADE)
    Path("class.toml").write_text("".join(override(20 + place, name) for place, name in enumerate(students)))
    shown = run("marks")
    assert "And 2 more: see marks.csv." in shown
    table = shown[: shown.index("And 2 more")]
    assert [name for name in students if f"\n{name} " not in table] == ["s00", "s01"]
    assert f"Marks changed: {len(students)}; up: {len(students)}, down: 0." in shown


def test_rules_beside_reports_of_an_earlier_version_are_found(term: Path) -> None:
    """Which kept neither marks nor where the rules lie; its table stays, and no longer counts."""
    record = ClassRecord.from_json((term / "graded" / RECORD).read_text())
    (term / "graded" / RECORD).write_text(ClassRecord(record.title, record.students, record.reports).to_json())
    (term / "graded" / MARKS).unlink()
    Path("class.toml").write_text(override(5))
    run("marks")
    assert marks_of()["ada"] == "5"
