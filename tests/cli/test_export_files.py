"""`autograder export`: by which roster it knows people, what it writes over, and what stays if it is stopped."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autograder.classroom.marks.model import ClassMarks, Member
from autograder.classroom.marks.record import MarksRecord, save_marks
from autograder.cli import main
from autograder.grading.class_record import ClassRecord
from autograder.grading.store import ReportStore
from tests.helpers.command_line import autograder, one_line
from tests.helpers.mark_tables import a_mark, a_student
from tests.helpers.reports import check, report, softmax

A = "03_softmax"
TEMPLATE = """\
Student,ID,SIS Login ID,Section,03_softmax (71)
    Points Possible,,,,5
"Roe, Ana",1,aroe,01,
"Fox, Ben",2,bfox,01,
"""
WORKSHEET = """\
Identifier,Full name,Email address,Grade,Maximum grade,Last modified (grade),Feedback comments
Participant 1,Ana Roe,ana@uni.example,,5.00,-,
"""
ROSTER = "folder,SIS Login ID,Email address\nana,aroe,ana@uni.example\nben,bfox,ben@uni.example\n"


class Course:
    """A class of ana and ben with marks of a run that came to its end."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.store = ReportStore(root / "graded")
        for student in ("ana", "ben"):
            self.store.save(report(softmax(check(points=5)), student=student, assignment=A))
        keys = (("ana", A), ("ben", A))
        self.store.save_class(ClassRecord("", ("ana", "ben"), keys, policy="../class.toml"))
        self.mark(4.5, 3)

    def mark(self, ana: float, ben: float, sources: Iterable[str] = ("class.toml",)) -> None:
        students = (a_student("ana", a_mark("ana", A, ana)), a_student("ben", a_mark("ben", A, ben)))
        files = [self.root / name for name in sources]
        save_marks(self.store, MarksRecord.of(ClassMarks((A,), students), self.store.root, files))

    def write(self, name: str, text: str) -> Path:
        (self.root / name).write_text(text, encoding="utf-8")
        return self.root / name

    def with_roster(self, text: str = ROSTER) -> None:
        """As class.toml names it."""
        self.write("class.toml", 'roster = "people.csv"\n')
        self.write("people.csv", text)
        self.mark(4.5, 3, ("class.toml", "people.csv"))

    def run(self, *words: str) -> Result:
        return CliRunner(env={"COLUMNS": "400", "NO_COLOR": "1"}).invoke(main, list(words))

    def export(self, system: str, *more: str, out: str = "o.csv") -> Result:
        return self.run("export", system, "graded", "--out", out, *more)

    def refused(self, *words: str) -> str:
        done = self.run(*words)
        assert done.exit_code == 2, done.output
        (line,) = done.output.strip().splitlines()
        return line


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.chdir(tmp_path)
    return Course(tmp_path)


# The roster

SAID = "Roster: people.csv, which class.toml names. (--roster takes another one.)\n"


@pytest.mark.parametrize(
    ("system", "options", "row"),
    [
        ("canvas", (), "ana,,,aroe,,4.5"),
        ("canvas", ("--template", "canvas.csv"), '"Roe, Ana",1,aroe,01,4.5'),
        ("moodle", (), "ana@uni.example,4.5"),
        ("moodle", ("--template", "moodle.csv"), "Participant 1,Ana Roe,ana@uni.example,4.5,5.00,"),
        ("csv", (), '"ana","aroe","ana@uni.example","ana","","03_softmax",'),
    ],
    ids=["canvas", "canvas template", "moodle", "moodle template", "csv"],
)
def test_the_roster_of_class_toml_is_taken_and_said_once(
    course: Course, system: str, options: tuple[str, ...], row: str
) -> None:
    course.write("canvas.csv", TEMPLATE)
    course.write("moodle.csv", WORKSHEET)
    course.with_roster()
    done = course.export(system, *options)
    assert (done.output.count(SAID), done.output.count("people.csv")) == (1, 1), done.output
    assert f"\n{row}" in (course.root / "o.csv").read_text()
    assert "Not in the roster" not in done.output


def test_a_roster_that_is_given_wins(course: Course) -> None:
    course.with_roster("folder,SIS Login ID\nana,wrong\nben,other\n")
    course.write("mine.csv", ROSTER)
    done = course.export("canvas", "--roster", "mine.csv")
    assert done.exit_code == 0
    assert "Roster:" not in done.output
    text = (course.root / "o.csv").read_text()
    assert "aroe" in text
    assert "wrong" not in text


def test_feedback_says_too_which_roster_it_takes(course: Course) -> None:
    course.with_roster()
    for student in ("ana", "ben"):
        course.store.path(student, A).with_suffix(".html").write_text("<p>page</p>")
    done = course.run("feedback", "graded", "--out", "f.zip")
    assert (done.exit_code, done.output.count(SAID)) == (0, 1), done.output
    course.write("mine.csv", ROSTER)
    assert "Roster:" not in course.run("feedback", "graded", "--out", "f.zip", "--roster", "mine.csv").output


@pytest.mark.parametrize(
    ("system", "options", "row"),
    [
        ("canvas", (), "ana,,,ana,A,4.5"),
        ("canvas", ("--template", "canvas.csv"), '"Roe, Ana",1,ana,01,4.5'),
        ("moodle", (), "ana,4.5"),
        ("moodle", ("--template", "moodle.csv"), "Participant 1,Ana Roe,ana,4.5,5.00,"),
    ],
    ids=["canvas", "canvas template", "moodle", "moodle template"],
)
def test_where_the_roster_of_class_toml_has_no_ids_of_the_lms_names_are_taken_and_it_is_said(
    course: Course, system: str, options: tuple[str, ...], row: str
) -> None:
    """It may only say who is in which section."""
    course.write("canvas.csv", TEMPLATE.replace("aroe", "ana").replace("bfox", "ben"))
    course.write("moodle.csv", WORKSHEET.replace("@uni.example", ""))
    course.with_roster("folder,Full name,Section,Phone\nana,Ana Roe,A,12\nben,Ben Fox,B,34\n")
    students = (
        a_student(Member("ana", "ana", "A"), a_mark("ana", A, 4.5)),
        a_student(Member("ben", "ben", "B"), a_mark("ben", A, 3)),
    )
    files = [course.root / "class.toml", course.root / "people.csv"]
    save_marks(course.store, MarksRecord.of(ClassMarks((A,), students), course.store.root, files))
    done = course.export(system, *options)
    assert "\nThe roster of class.toml has no column by which the LMS finds people: their names" in done.output
    assert f"\n{row}" in (course.root / "o.csv").read_text()


def test_a_roster_that_is_given_without_an_id_of_moodle_is_refused(course: Course) -> None:
    course.write("mine.csv", "folder,SIS Login ID\nana,aroe\nben,bfox\n")
    assert "the roster has none of the columns Username" in course.refused(
        "export", "moodle", "graded", "--out", "o.csv", "--roster", "mine.csv"
    )


def test_where_class_toml_names_no_roster_people_are_known_by_their_names(course: Course) -> None:
    course.write("class.toml", 'timezone = "UTC"\n')
    course.mark(4.5, 3)
    done = course.export("moodle")
    assert "Roster:" not in done.output
    assert (course.root / "o.csv").read_bytes() == b"Username,03_softmax\r\nana,4.5\r\nben,3\r\n"


# What is written over


@pytest.mark.parametrize(
    "content",
    [
        ROSTER,
        "folder,Username\nana,ana\n",
        "Student,ID,SIS Login ID,Section,folder\n    Points Possible,,,,\nAna,1,ana,01,ana\n",
        "Username\nana\n",
        "Username,Phone\nana,see below\n",
        "student,assignment,mark\nana,03_softmax,4\n",
        "my notes\n",
        '{"schema": 1}\n',
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    ],
    ids=[
        "roster",
        "short roster",
        "roster of a gradebook",
        "names",
        "list",
        "marks.csv",
        "notes",
        "json",
        "other signs",
    ],
)
@pytest.mark.parametrize("system", ["canvas", "moodle", "csv"])
def test_nothing_else_is_written_over(course: Course, system: str, content: str) -> None:
    path = course.write("o.csv", content)
    before = path.read_bytes()
    assert course.refused("export", system, "graded", "--out", "o.csv") == (
        "autograder: o.csv is neither an earlier export nor a download of an LMS, and is not written over: "
        "name another --out"
    )
    assert path.read_bytes() == before
    assert not (course.store.root / ".exported.json").exists()


def test_an_earlier_export_of_any_system_a_download_and_an_empty_file_are(course: Course) -> None:
    course.write("canvas.csv", TEMPLATE)
    course.write("moodle.csv", WORKSHEET)
    course.write("o.csv", "")
    for _ in range(2):
        for system, *options in (
            ("canvas",),
            ("moodle",),
            ("csv",),
            ("canvas", "--template", "canvas.csv"),
            ("moodle", "--template", "moodle.csv"),
        ):
            assert course.export(system, *options).exit_code in (0, 1)


def test_an_unknown_language_is_known_again_by_the_template(course: Course) -> None:
    course.write("roster.csv", "folder,Netfang\nana,ana\nben,ben\n")
    course.write("is.csv", "Auðkenni,Netfang,Einkunn,Hámark,Breytt\nÞátttakandi 31,ana,,5.00,-\n")
    for _ in range(2):
        done = course.export("moodle", "--template", "is.csv", "--roster", "roster.csv")
        assert "o.csv: 03_softmax (marks: 1)." in done.output


def test_a_template_may_be_filled_in_where_it_lies_and_is_never_half_written(course: Course) -> None:
    """Whoever reads it meanwhile, or finds it after a crash, has the whole file: the old one or the new one."""
    path = course.write("canvas.csv", TEMPLATE.replace("aroe", "ana").replace("bfox", "ben"))
    before = path.read_text()
    with path.open() as opened:
        assert course.export("canvas", "--template", "canvas.csv", out="canvas.csv").exit_code == 0
        assert opened.read() == before
    assert path.read_text() == before.replace("ana,01,", "ana,01,4.5").replace("ben,01,", "ben,01,3")
    course.mark(5, 3)
    assert course.export("canvas", "--template", "canvas.csv", out="canvas.csv").exit_code == 0
    assert "ana,01,5\n" in path.read_text()
    assert [each.name for each in course.root.glob(".canvas*")] == []


def test_a_link_stays_one_and_a_pipe_gets_the_file(course: Course) -> None:
    target = course.write("real.csv", "")
    (course.root / "link.csv").symlink_to("real.csv")
    assert course.export("canvas", out="link.csv").exit_code == 0
    assert (course.root / "link.csv").is_symlink()
    assert "ana,,,ana,,4.5" in target.read_text()
    done = autograder("export", "canvas", "graded", "--out", "/dev/stdout", cwd=course.root)
    assert "ana,,,ana,,4.5" in done.stdout


def test_a_folder_that_is_not_there_is_named_and_not_made(course: Course) -> None:
    (course.root / "link.csv").symlink_to("nowhere/o.csv")
    for out, folder in (("misspelt/o.csv", "misspelt"), ("link.csv", f"{course.root.resolve()}/nowhere")):
        assert course.refused("export", "canvas", "graded", "--out", out) == (
            f"autograder: there is no folder {folder}: make it, or name another --out"
        )
    assert not (course.root / "misspelt").exists()
    assert not (course.store.root / ".exported.json").exists()


# Stopped, or two at a time


def test_stopped_before_the_account_is_kept_nothing_is_taken_for_ours(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is there, whole; what is in it is taken for somebody's, and named, rather than written over."""
    course.write("canvas.csv", TEMPLATE.replace("aroe", "ana").replace("bfox", "ben"))

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("autograder.cli.export.save_exported", stop)
        assert course.export("canvas", "--template", "canvas.csv").exit_code != 0
    (course.root / "o.csv").rename("uploaded.csv")
    course.mark(5, 3)
    done = course.export("canvas", "--template", "uploaded.csv")
    assert (done.exit_code, "ana 03_softmax (4.5 there, 5 here)" in done.output) == (1, True)


def test_two_at_a_time_are_one_too_many(course: Course) -> None:
    with course.store.writing():
        line = one_line(autograder("export", "canvas", "graded", "--out", "o.csv", cwd=course.root))
    assert "another run" in line
    assert not (course.root / "o.csv").exists()


def test_the_account_goes_with_the_folder_and_without_it_marks_are_somebodys(course: Course) -> None:
    template = TEMPLATE.replace("aroe", "ana").replace("bfox", "ben")
    course.write("canvas.csv", template)
    course.export("canvas", "--template", "canvas.csv")
    back = course.write("back.csv", template.replace("ana,01,", "ana,01,4.50").replace("ben,01,", "ben,01,3.00"))
    course.mark(5, 3)
    course.store.root.rename(course.root / "moved")
    done = course.run("export", "canvas", "moved", "--out", "o.csv", "--template", str(back))
    assert done.exit_code == 0, done.output
    (course.root / "moved/.exported.json").unlink()
    done = course.run("export", "canvas", "moved", "--out", "o.csv", "--template", str(back))
    assert (done.exit_code, "ana 03_softmax (4.50 there, 5 here)" in done.output) == (1, True)


# Exit code 1: something would not arrive as our marks


@pytest.mark.parametrize(
    ("grade", "marks", "says"),
    [("EX", (4.5, 3), "taken for 0"), ("", (5.5, 3), "Above the maximum"), ("3.00", (4.5, 3), "3.00 there, 4.5 here")],
)
def test_what_moodle_would_not_take_as_it_is_meant_is_exit_code_1(
    course: Course, grade: str, marks: tuple[float, float], says: str
) -> None:
    template = WORKSHEET + "Participant 2,Ben Fox,ben@uni.example,,5.00,-,\n"
    template = template.replace("@uni.example", "")
    course.write("moodle.csv", template)
    assert course.export("moodle", "--template", "moodle.csv").exit_code == 0
    course.write("moodle.csv", template.replace("ana,,", f"ana,{grade},"))
    course.mark(*marks)
    done = course.export("moodle", "--template", "moodle.csv")
    assert (done.exit_code, says in done.output) == (1, True), done.output


def test_a_column_is_named_once(course: Course) -> None:
    course.write("canvas.csv", TEMPLATE)
    words = ("--template", "canvas.csv", "--column", f"{A}=x", "--column", f"{A}={A}")
    assert course.refused("export", "canvas", "graded", "--out", "o.csv", *words) == (
        f"autograder: --column names {A} twice: one column takes its marks"
    )
