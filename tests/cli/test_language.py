"""`--language`, the roster and course.toml: who is spoken to in which language, and that no mark follows it."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.command_line import autograder, environment
from tests.helpers.course import RIGHT_SUMS, WRONG_SUMS, hand_in

pytestmark = pytest.mark.slow

ROSTER = "folder,Student,Language\nada,Ada,zh_CN\nbo,Bo,en\ncy,Cy,\n"


@pytest.fixture
def course(small_course: Path) -> Path:
    for student, sums in (("ada", WRONG_SUMS), ("bo", WRONG_SUMS), ("cy", RIGHT_SUMS)):
        hand_in(small_course / "class", student, "01_sums", sums)
    return small_course


def grade(course: Path, *options: str) -> str:
    command = ("grade", "class", "--out", "out", "--jobs", "1", "--unconfined", *options)
    done = autograder(*command, cwd=course)
    assert done.returncode == 0, done.stderr + done.stdout
    return str(done.stdout)


def report(course: Path, student: str) -> dict[str, object]:
    return dict(json.loads((course / f"out/{student}/01_sums.json").read_text()))


def page(course: Path, student: str) -> str:
    return (course / f"out/{student}/01_sums.html").read_text()


def marks(course: Path) -> list[list[str]]:
    with (course / "out/marks.csv").open(newline="") as file:
        return [row[:-1] for row in csv.reader(file)]  # but for the reasons, which are sentences


def test_a_class_reads_two_languages_and_has_the_same_marks(course: Path) -> None:
    grade(course)
    english = marks(course)
    (course / "roster.csv").write_text(ROSTER)
    (course / "class.toml").write_text('roster = "roster.csv"\n')
    said = grade(course)
    assert "Assignment" in said, "the terminal is the instructor's"
    assert [report(course, each)["language"] for each in ("ada", "bo", "cy")] == ["zh_CN", "en", "en"]
    assert '<html lang="zh-CN">' in page(course, "ada")
    assert "还不对" in page(course, "ada")
    assert '<html lang="en">' in page(course, "bo")
    assert "not right yet" in page(course, "bo")
    assert [row for row in marks(course) if row] == [row for row in english if row]
    grade(course, "--language", "zh_CN")
    assert [report(course, each)["language"] for each in ("ada", "bo", "cy")] == ["zh_CN", "en", "zh_CN"]
    assert "满分" in page(course, "cy")
    assert marks(course) == english


def test_a_language_is_told_from_its_report_when_marks_are_made_again(course: Path) -> None:
    grade(course, "--language", "zh_CN")
    before = page(course, "ada")
    done = autograder("marks", "out", cwd=course)
    assert done.returncode == 0, done.stderr
    assert page(course, "ada") == before


def test_the_course_says_which_language(course: Path) -> None:
    settings = course / "solutions/course.toml"
    settings.write_text('language = "zh_CN"\n' + settings.read_text())
    grade(course)
    assert report(course, "ada")["language"] == "zh_CN"
    grade(course, "--language", "en")
    assert report(course, "ada")["language"] == "en"


@pytest.mark.parametrize("command", [("grade", "class"), ("release",)])
def test_an_unknown_language_is_refused_and_the_known_ones_are_named(course: Path, command: tuple[str, ...]) -> None:
    done = autograder(*command, "--language", "xx", cwd=course)
    assert done.returncode == 2
    assert done.stderr == "autograder: there is no language “xx” here; there are en, zh_CN\n"


def test_an_unknown_language_in_the_roster_or_the_settings_is_refused_with_its_file(course: Path) -> None:
    (course / "roster.csv").write_text(ROSTER.replace("zh_CN", "Chinese"))
    (course / "class.toml").write_text('roster = "roster.csv"\n')
    done = autograder("grade", "class", cwd=course)
    assert done.returncode == 2
    assert "roster.csv: Language 'Chinese' is no language that is known here: write one of en, zh_CN" in done.stderr
    settings = course / "solutions/course.toml"
    settings.write_text('language = "zh"\n' + settings.read_text())
    done = autograder("grade", "class", cwd=course)
    assert done.returncode == 2
    assert "course.toml: there is no language “zh” here; there are en, zh_CN" in done.stderr


def test_a_half_translated_assignment_is_released_with_the_count(course: Path) -> None:
    done = autograder("release", "--language", "zh_CN", cwd=course)
    assert done.returncode == 0, done.stderr
    assert "01_sums: 0 of " in done.stderr
    assert "texts are translated into zh_CN; the others are released in English" in done.stderr
    assert 'language = "zh_CN"' in (course / "assignments/course.toml").read_text()


def test_a_catalogue_grades_nothing_again_and_pages_follow_it(course: Path) -> None:
    grade(course, "--language", "zh_CN")
    before = report(course, "ada")
    command = [sys.executable, "-m", "autograder.course.translation", "zh_CN"]
    subprocess.run(command, cwd=course, check=True, capture_output=True, timeout=120)
    assert (course / "solutions/01_sums/locale/zh_CN.po").is_file()
    assert "0 graded" in grade(course, "--language", "zh_CN")
    assert report(course, "ada") == before


def of_ada(course: Path) -> str:
    return page(course, "ada")


def class_page(course: Path) -> str:
    return (course / "out/index.html").read_text()


def test_the_page_of_the_class_has_a_language_of_its_own(course: Path) -> None:
    grade(course, "--language", "zh_CN")
    assert '<html lang="en">' in class_page(course)
    assert "Teach again" in class_page(course)
    (course / "class.toml").write_text('instructor_language = "zh-cn"\n')
    done = autograder("marks", "out", cwd=course)
    assert done.returncode == 0, done.stderr
    made = class_page(course)
    assert '<html lang="zh-CN">' in made
    assert "再讲一遍" in made
    assert "Teach again" not in made
    assert 'data-withdrawn="已退课"' in made, "what the script says"
    assert autograder("erase", "bo", "out", cwd=course).returncode == 0
    assert '<html lang="zh-CN">' in class_page(course)
    assert "bo</bdi>" not in class_page(course)
    (course / "class.toml").write_text('instructor_language = "en"\n')
    grade(course, "--language", "zh_CN")
    assert '<html lang="en">' in class_page(course)
    assert '<html lang="zh-CN">' in of_ada(course)


def test_without_a_word_of_the_rules_it_is_in_that_of_the_terminal(course: Path) -> None:
    command = ("grade", "class", "--out", "out", "--jobs", "1", "--unconfined")
    done = autograder(*command, cwd=course, env={**environment(), "LANG": "zh_CN.UTF-8"})
    assert done.returncode == 0, done.stderr
    assert '<html lang="zh-CN">' in class_page(course)
    assert '<html lang="en">' in of_ada(course)


def test_an_unknown_language_of_the_instructors_is_refused_with_its_line(course: Path) -> None:
    (course / "class.toml").write_text('timezone = "UTC"\ninstructor_language = "Chinese"\n')
    done = autograder("grade", "class", cwd=course)
    assert done.returncode == 2
    told = "class.toml, line 2: instructor_language: there is no language “Chinese” here; there are en, zh_CN\n"
    assert done.stderr.endswith(told), done.stderr


def test_who_handed_in_nothing_is_told_so_in_the_language_of_the_class(course: Path) -> None:
    (course / "roster.csv").write_text("folder,Student\nada,Ada\nbo,Bo\ncy,Cy\ndi,di\n")
    (course / "class.toml").write_text(
        'roster = "roster.csv"\n[[excused]]\nstudent = "di"\nassignment = "01_sums"\nreason = "1"\n'
    )
    grade(course, "--language", "zh_CN")
    assert '<html lang="zh-CN">' in (course / "out/di/01_sums.html").read_text()
    row, *_ = (each for each in rows(course / "out/marks.csv") if each["student"] == "di")
    assert "免交" in row["reasons"]


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="") as content:
        return list(csv.DictReader(content))
