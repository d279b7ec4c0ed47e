"""A course that was cut: former names of assignments, and files of an assignment that are a folder each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.course.lesson import CourseError
from autograder.course.loader import load_course
from autograder.course.provenance import provenance_of
from autograder.settings import SettingsError, read_public_settings
from tests.helpers.command_line import autograder, one_line
from tests.helpers.course import RIGHT_CENTRED, RIGHT_SUMS, edit, hand_in

pytestmark = pytest.mark.slow

FORMER = """
[former]
"01_sums" = ["01_sums", "02_centred"]
"00_old" = ["01_sums", "02_centred"]
"""


def with_former(folder: Path, table: str = FORMER) -> Path:
    """The small course after two editions: `centre` was a question of 01_sums once, and all was 00_old before."""
    file = folder / "solutions" / "course.toml"
    file.write_text(file.read_text() + table)
    return folder


def in_a_folder(folder: Path, assignment: str, name: str) -> Path:
    """Put a file of an assignment into a folder of its name, as `all.py`."""
    file = folder / "solutions" / assignment / name
    content = file.read_text()
    file.unlink()
    file.with_suffix("").mkdir()
    moved = file.with_suffix("") / "all.py"
    moved.write_text(content)
    return moved


# Files that are folders


def test_checks_and_misconceptions_may_be_a_folder_with_a_file_a_question(small_course: Path) -> None:
    before = {each.name for each in load_course(small_course / "solutions").assignment("01_sums").misconceptions}
    in_a_folder(small_course, "01_sums", "hidden_checks.py")
    file = in_a_folder(small_course, "01_sums", "misconceptions.py")
    head, mark, tail = file.read_text().rpartition("@misconception(")
    file.with_name("mean.py").write_text(f"from autograder.checking import misconception\n\n\n{mark}{tail}")
    file.rename(file.with_name("total.py")).write_text(head)
    assignment = load_course(small_course / "solutions").assignment("01_sums")
    assert {each.name for each in assignment.misconceptions} == before
    assert [each.question for each in assignment.misconceptions] == ["total", "mean"], "in the lesson's order"
    certified = autograder("certify", "01_sums", cwd=small_course)
    assert certified.returncode == 0, certified.stdout


def test_a_change_in_a_file_of_such_a_folder_is_told_by_its_name(small_course: Path) -> None:
    file = in_a_folder(small_course, "01_sums", "misconceptions.py")
    course = load_course(small_course / "solutions")
    before = provenance_of(course, course.assignment("01_sums"))
    edit(file, "Which axis is a row?", "What is a row?")
    after = provenance_of(course, course.assignment("01_sums"))
    assert [name for name in before if before[name] != after[name]] == ["misconceptions.py"]


def test_data_of_an_earlier_assignment_counts_for_the_later_ones(small_course: Path) -> None:
    course = load_course(small_course / "solutions")
    later = course.assignment("02_centred")
    before = provenance_of(course, later)
    data = small_course / "solutions" / "01_sums" / "data"
    data.mkdir()
    (data / "numbers.txt").write_text("1 2 3")
    assert [name for name in before if before[name] != provenance_of(course, later)[name]] == ["data"]


def test_a_file_and_a_folder_of_one_name_are_refused(small_course: Path) -> None:
    (small_course / "solutions" / "01_sums" / "misconceptions").mkdir()
    with pytest.raises(CourseError, match=r"01_sums has misconceptions\.py and a folder misconceptions: keep one"):
        load_course(small_course / "solutions")


@pytest.mark.parametrize("name", ["lesson.py", "visible_checks.py"])
def test_a_lesson_and_its_visible_checks_are_one_file_each(small_course: Path, name: str) -> None:
    in_a_folder(small_course, "01_sums", name)
    with pytest.raises(CourseError, match=rf"01_sums has no {name}"):
        load_course(small_course / "solutions")


def test_an_empty_folder_is_no_file(small_course: Path) -> None:
    in_a_folder(small_course, "01_sums", "hidden_checks.py").unlink()
    with pytest.raises(CourseError, match=r"01_sums has no hidden_checks\.py"):
        load_course(small_course / "solutions")


# Former names


def test_work_under_a_former_name_is_named_with_where_it_belongs(small_course: Path) -> None:
    with_former(small_course)
    hand_in(small_course / "class", "ada", "01_sums", RIGHT_SUMS)
    hand_in(small_course / "class", "ada", "00_old", RIGHT_SUMS)
    graded = autograder("grade", "class", "--unconfined", cwd=small_course)
    assert graded.returncode == 1
    assert (
        "ada/00_old/00_old.py: It is of 00_old, in an earlier edition of this course; its questions are in 01_sums, "
        "02_centred now: put the work there, and grade again" in graded.stderr
    )


def test_a_class_with_nothing_but_former_names_is_told_so(small_course: Path) -> None:
    with_former(small_course)
    hand_in(small_course / "class", "ada", "00_old", RIGHT_SUMS)
    line = one_line(autograder("grade", "class", "--unconfined", cwd=small_course))
    assert line.endswith("; an earlier edition of this course had 00_old (docs/upgrading.md)")


def test_a_question_that_moved_is_noted_in_the_report(small_course: Path) -> None:
    with_former(small_course)
    hand_in(small_course / "class", "ada", "01_sums", RIGHT_SUMS + "\n\n" + RIGHT_CENTRED)
    hand_in(small_course / "class", "bo", "01_sums", RIGHT_SUMS)
    autograder("grade", "class", "--unconfined", cwd=small_course)
    ada, bo = (json.loads((small_course / f"graded/{name}/01_sums.json").read_text()) for name in ("ada", "bo"))
    assert ada["notes"] == ["`centre` is a question of 02_centred now: hand it in there."]
    assert bo["notes"] == []
    assert ada["score"] == bo["score"] == ada["max_score"]


def test_reports_of_a_former_assignment_are_counted_and_named(small_course: Path) -> None:
    hand_in(small_course / "class", "ada", "01_sums", RIGHT_SUMS)
    assert autograder("grade", "class", "--unconfined", cwd=small_course).stderr == ""
    report = small_course / "graded/ada/01_sums.json"
    for name in ("00_old", "99_elsewhere"):
        report.with_name(f"{name}.json").write_text(report.read_text().replace("01_sums", name))
    with_former(small_course)
    graded = autograder("grade", "class", "--unconfined", cwd=small_course)
    lines = graded.stderr.splitlines()
    assert lines[0].startswith("graded holds reports on 00_old (1), of an earlier edition of this course")
    assert lines[1].startswith("graded holds reports on 99_elsewhere (1), which is no assignment of this course")
    assert report.with_name("00_old.json").is_file(), "nothing is thrown away"


def test_students_get_the_table_and_check_names_their_old_folders(small_course: Path) -> None:
    with_former(small_course)
    assert autograder("release", cwd=small_course).returncode == 0
    workspace = small_course / "assignments"
    assert read_public_settings(workspace / "course.toml").former["00_old"] == ("01_sums", "02_centred")
    assert "00_old" not in autograder("check", workspace).stdout
    (workspace / "00_old").mkdir()
    shown = autograder("check", workspace).stdout
    assert "00_old is of an earlier edition of this course; its questions are in 01_sums, 02_centred now" in shown


def test_an_assignment_that_had_another_name_keeps_its_draws(small_course: Path) -> None:
    before = load_course(small_course / "solutions")
    with_former(small_course, '\n[former]\n"01_sums" = ["01_sums", "02_centred"]\n')
    after = load_course(small_course / "solutions")
    assert after.draw_seed("ada", "01_sums") == before.draw_seed("ada", "01_sums")
    assert after.draw_seed("ada", "02_centred") == before.draw_seed("ada", "01_sums")
    assert after.draw_seed("ada", "02_centred") != after.draw_seed("bo", "02_centred")


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('\n[former]\n"old" = "01_sums"\n', 'old in [former] is to be a list of assignments: "old" = ["…", "…"]'),
        ('\n[former]\n"old" = []\n', "old in [former] is to be a list of assignments"),
        ('\n[former]\n"old" = [1]\n', "old in [former] is to be a list of assignments"),
        ('\n[former]\n"o\\nld" = ["03\\nx"]\n', 'o ld in [former] names "03 x", which is not among the assignments'),
        ('\n[former]\n"old" = ["03_x"]\n', 'old in [former] names "03_x", which is not among the assignments'),
    ],
)
def test_a_wrong_table_of_former_names_is_one_line(small_course: Path, table: str, says: str) -> None:
    with_former(small_course, table)
    assert says in one_line(autograder("doctor", cwd=small_course))


def test_the_table_is_optional(small_course: Path) -> None:
    course = load_course(small_course / "solutions")
    assert course.former == {}
    edit(small_course / "solutions" / "course.toml", "title =", "former = 3\ntitle =")
    with pytest.raises(SettingsError, match="former is to be a table"):
        load_course(small_course / "solutions")
