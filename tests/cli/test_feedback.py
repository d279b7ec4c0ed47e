"""From a download through collect and grade back to the LMS: each page under the name that its system knows."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autograder.classroom.collect.manifest import FILE as MANIFEST
from autograder.classroom.marks.record import begin_grading
from autograder.cli import main
from autograder.grading.store import ReportStore
from tests.helpers.archives import zip_members
from tests.helpers.collected import zipped
from tests.helpers.command_line import autograder, refusal
from tests.helpers.course import RIGHT_SUMS, SUMS, WRONG_SUMS, edit, write_course

pytestmark = pytest.mark.slow

A, B = "01_sums", "02_centred"
ROSTER = """\
folder,ID,Full name,Email address,Section,Withdrawn,01_sums (7731)
amara,4101,Amara Okafor,amara@example.org,1,,3
zoë,4102,Zoë Müller,zoe@example.org,1,,4
ming,4103,王小明,ming@example.org,2,,
obrien,4104,Pat O'Brien,pat@example.org,2,,
lee,4105,Jun Lee,jun@example.org,1,yes,
crew,4106,Ana Roe,ana@example.org,1,,
crew,4107,Ben Roe,ben@example.org,1,,
"""
CLASS_TOML = """\
roster = "roster.csv"

[[excused]]
student = "obrien"
assignment = "01_sums"
"""
OF_CREW = f"crew_4106_90006_{A}.py"  # one file for all of a group
CANVAS = {
    f"okaforamara_4101_90001_{A}.py": RIGHT_SUMS,
    "okaforamara_4101_90009_report.pdf": "%PDF-1.4",
    f"müllerzoë_LATE_4102_90002_{A}-1.py": RIGHT_SUMS,
    f"王小明_4103_90003_{A}.py": WRONG_SUMS,
    f"leejun_4105_90005_{A}.py": RIGHT_SUMS,
    OF_CREW: WRONG_SUMS,
}
MOODLE = {
    f"Amara Okafor_31101_assignsubmission_file/{A}.py": RIGHT_SUMS,
    f"Zoë Müller_31102_assignsubmission_file_/sums/{A}.py": RIGHT_SUMS,
    f"王小明_31103_assignsubmission_file_{A}.py": WRONG_SUMS,
    f"Jun Lee_31105_assignsubmission_file/{A}.py": RIGHT_SUMS,
    f"crew_58_assignsubmission_file/{A}.py": WRONG_SUMS,  # the number of a group
}
WORKSHEET = """\
Identifier,Full name,Email address,Status,Grade,Maximum grade,Last modified (grade)
Participant 31101,Amara Okafor,amara@example.org,Submitted for grading,,5.00,-
Participant 31102,Zoë_/\\<Müller>,zoe@example.org,Submitted for grading,,5.00,-
Participant 31103,王小明,ming@example.org,Submitted for grading,,5.00,-
Participant 31104,Pat O'Brien,pat@example.org,No submission,,5.00,-
Participant 31105,Jun Lee,jun@example.org,Submitted for grading,,5.00,-
Participant 31106,Ana Roe,ana@example.org,Submitted for grading,,5.00,-
Participant 31107,.~Ben Roe,ben@example.org,Submitted for grading,,5.00,-
Participant 31199,Somebody Else,else@example.org,No submission,,5.00,-
"""


@pytest.fixture
def course(small_course: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A class of which nothing has come in yet."""
    write_class(small_course)
    monkeypatch.chdir(small_course)
    return small_course


def write_class(folder: Path) -> None:
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    (folder / "class.toml").write_text(CLASS_TOML)
    (folder / "worksheet.csv").write_text(WORKSHEET, encoding="utf-8")


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The class as Canvas' and as Moodle's download has it, collected and graded."""
    folders = {}
    for system, download in (("canvas", CANVAS), ("moodle", MOODLE)):
        folders[system] = write_course(tmp_path_factory.mktemp(system))
        write_class(folders[system])
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folders[system])
            collect(download)
            grade()
    return folders


@pytest.fixture(params=["canvas"])
def graded(
    classes: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Path:
    """One of them, as a copy that the test may change."""
    folder = shutil.copytree(classes[request.param], tmp_path / "class")
    monkeypatch.chdir(folder)
    return folder


of_moodle = pytest.mark.parametrize("graded", ["moodle"], indirect=True)


def run(*arguments: object, code: int = 0) -> Result:
    result = CliRunner(env={"COLUMNS": "400"}).invoke(main, list(map(str, arguments)))
    assert result.exit_code == code, result.output
    return result


def collect(*files: Mapping[str, str], code: int = 0, roster: bool = True) -> None:
    sources = [zipped(Path(f"download{number}.zip"), each) for number, each in enumerate(files)]
    run("collect", *sources, *(["--roster", "roster.csv"] if roster else []), "--assignment", A, code=code)


def grade(*arguments: str) -> None:
    run("grade", "submitted", "--unconfined", "--jobs", "1", *arguments)


def feedback(*arguments: str, code: int = 0) -> Result:
    return run("feedback", "graded", "--out", "feedback.zip", *arguments, code=code)


def packed() -> dict[str, str]:
    """What the zip has in it."""
    return {name: content.decode() for name, content in zip_members(Path("feedback.zip")).items()}


def page(student: str, assignment: str = A) -> str:
    """The page that lies in the folder of reports."""
    return ReportStore(Path("graded")).path(student, assignment).with_suffix(".html").read_text(encoding="utf-8")


def read_by_canvas(names: Iterable[str]) -> set[tuple[str, str]]:
    """User and upload of each file, as the source of its importer has it."""
    found = set()
    for name in names:
        parts = [part for part in name.split("_") if part != "LATE"]
        assert not parts[-1].startswith("link")
        if parts[0] == "anon":
            found.add((parts[1], parts[2]))
        else:
            user, upload, *_ = [part for part in parts if re.fullmatch("[0-9]+", part)]
            found.add((user, upload))
    return found


def read_by_moodle(names: Iterable[str]) -> set[tuple[int, str]]:
    """The participant of each file, and the name under which it is stored, as the source of its importer has it."""
    found = set()
    for name in names:
        assert name[0] not in ".~"
        assert "/" not in name
        _, participant, plugin_type, plugin, file = name.split("_", 4)
        assert (plugin_type, plugin) == ("assignsubmission", "file")
        found.add((int(participant), file))
    return found


def test_canvas_gets_the_names_of_its_download_back(graded: Path) -> None:
    said = feedback("--for", "canvas", code=1).output
    assert packed() == {
        "okaforamara_4101_90001_feedback.html": page("amara"),  # beside the upload that was graded, not report.pdf
        "müllerzoë_4102_90002_feedback.html": page("zoë"),
        "王小明_4103_90003_feedback.html": page("ming"),
    }
    assert read_by_canvas(packed()) == {("4101", "90001"), ("4102", "90002"), ("4103", "90003")}
    assert "feedback.zip: pages: 3, students: 3 (01_sums).\n" in said
    assert "tell students to save it with the ending .html" in said
    assert (
        "Without a place: 2 (ana@example.org 01_sums, ben@example.org 01_sums): Canvas would show the page to all of "
        "the team, for its download holds one file for all.\n"
    ) in said
    assert (
        "Without a place: 1 (obrien 01_sums): Canvas' download holds no file of theirs that it would take a page back "
        "for.\n"
    ) in said
    assert "Withdrawn, and left out: 1 (lee).\n" in said


def test_each_of_a_team_gets_their_own_page_where_canvas_keeps_them_apart(course: Path) -> None:
    apart = {f"roeana_4106_90006_{A}.py": WRONG_SUMS, f"roeben_4107_90006_{A}.py": WRONG_SUMS}
    collect({**{name: text for name, text in CANVAS.items() if name != OF_CREW}, **apart})
    grade()
    feedback("--for", "canvas", code=1)
    found = packed()
    assert found["roeana_4106_90006_feedback.html"] == page("ana@example.org")
    assert found["roeben_4107_90006_feedback.html"] == page("ben@example.org")
    assert "ben@example.org" not in found["roeana_4106_90006_feedback.html"]


def test_the_number_is_that_of_the_newest_upload_whichever_attempt_counts(course: Path) -> None:
    """Canvas takes nothing back for an upload that is no longer handed in."""
    with Path("class.toml").open("a") as file:
        file.write("\n[assignments.01_sums]\ndue = 2020-01-01T00:00:00Z\n")
    edit(Path("class.toml"), 'roster = "roster.csv"', 'roster = "roster.csv"\nattempt = "last_before_deadline"')
    collect({f"王小明_4103_90003_{A}.py": RIGHT_SUMS})
    collect({f"王小明_LATE_4103_90055_{A}-1.py": WRONG_SUMS})
    grade()
    feedback("--for", "canvas", code=1)
    assert packed() == {"王小明_4103_90055_feedback.html": page("ming")}
    assert json.loads(Path("graded/ming/01_sums.json").read_text())["score"] == 9  # of the first attempt


def test_an_older_download_that_is_collected_later_changes_no_number(course: Path) -> None:
    collect({f"王小明_4103_90055_{A}.py": WRONG_SUMS})
    collect({f"王小明_4103_90003_{A}.py": RIGHT_SUMS})
    grade()
    feedback("--for", "canvas", code=1)
    assert [*packed()] == ["王小明_4103_90055_feedback.html"]


def test_what_canvas_would_take_for_another_number_is_not_in_the_name(course: Path) -> None:
    hostile = {f"x_12_y_4101_90001_{A}.py": RIGHT_SUMS, f"anon_4102_90002_{A}.py": RIGHT_SUMS}
    Path("class.toml").unlink()
    collect(hostile, {f"LATE_anon_aB3xZ_90031_{A}.py": WRONG_SUMS}, roster=False)
    grade()
    feedback("--for", "canvas")
    assert read_by_canvas(packed()) == {("4101", "90001"), ("4102", "90002"), ("aB3xZ", "90031")}
    assert set(packed()) == {
        "4101_90001_feedback.html",
        "anon_4102_90002_feedback.html",
        "anon_aB3xZ_90031_feedback.html",
    }


@of_moodle
def test_moodle_gets_the_numbers_of_its_download(graded: Path) -> None:
    said = feedback("--for", "moodle", code=1).output
    assert packed() == {
        f"Amara Okafor_31101_assignsubmission_file_{A}.html": page("amara"),
        f"Zoë Müller_31102_assignsubmission_file_{A}.html": page("zoë"),
        f"王小明_31103_assignsubmission_file_{A}.html": page("ming"),
    }
    assert read_by_moodle(packed()) == {(31101, f"{A}.html"), (31102, f"{A}.html"), (31103, f"{A}.html")}
    assert "It shows whose each page will be before it imports them." in said
    assert (
        "Without a place: 2 (ana@example.org 01_sums, ben@example.org 01_sums): the number in a group's download is "
        "that of the group: name the assignment's grading worksheet with --template.\n"
    ) in said
    assert "Without a place: 1 (obrien 01_sums): no participant number is known of them" in said


@of_moodle
def test_moodles_worksheet_tells_the_numbers_of_all(graded: Path) -> None:
    feedback("--for", "moodle", "--template", "worksheet.csv")
    assert packed() == {
        f"Amara Okafor_31101_assignsubmission_file_{A}.html": page("amara"),
        f"Zoë Müller_31102_assignsubmission_file_{A}.html": page("zoë"),
        f"王小明_31103_assignsubmission_file_{A}.html": page("ming"),
        f"Pat OBrien_31104_assignsubmission_file_{A}.html": page("obrien"),
        f"Ana Roe_31106_assignsubmission_file_{A}.html": page("ana@example.org"),
        f"Ben Roe_31107_assignsubmission_file_{A}.html": page("ben@example.org"),
    }
    assert len(read_by_moodle(packed())) == 6


@of_moodle
def test_a_page_that_the_worksheet_has_no_row_for_is_named(graded: Path) -> None:
    edit(Path("worksheet.csv"), "amara@example.org", "amara@example.com")
    said = feedback("--for", "moodle", "--template", "worksheet.csv", code=1).output
    assert "Without a place: 1 (amara 01_sums): the worksheet has no row that is known to be theirs" in said
    assert f"Amara Okafor_31101_assignsubmission_file_{A}.html" not in packed()


@of_moodle
def test_moodles_number_in_the_roster_counts_where_there_is_no_other(graded: Path) -> None:
    rows = ["folder,Full name,Identifier", "obrien,Pat O'Brien,Participant 31104", "amara,Amara Okafor,Participant 9"]
    Path("ids.csv").write_text("\n".join(rows))
    feedback("--for", "moodle", "--roster", "ids.csv", code=1)
    assert packed()[f"obrien_31104_assignsubmission_file_{A}.html"] == page("obrien")
    assert packed()[f"Amara Okafor_31101_assignsubmission_file_{A}.html"] == page("amara")  # as in this download


def test_a_mail_merge_has_every_page_and_a_table_of_whose_they_are(graded: Path) -> None:
    said = feedback().output
    found = packed()
    table = list(csv.DictReader(io.StringIO(found.pop("feedback.csv"))))
    assert [tuple(row) for row in table[:1]] == [("student", "ID", "Full name", "Email address", "Section", A)]
    assert [(row["student"], row["ID"], row["Email address"]) for row in table] == [
        ("amara", "4101", "amara@example.org"),
        ("zoë", "4102", "zoe@example.org"),
        ("ming", "4103", "ming@example.org"),
        ("obrien", "4104", "pat@example.org"),
        ("ana@example.org", "4106", "ana@example.org"),
        ("ben@example.org", "4107", "ben@example.org"),
    ]
    assert found == {row[A]: page(row["student"]) for row in table}
    assert table[0][A] == f"pages/amara/{A}.html"
    assert "pages: 6, students: 6" in said
    assert "feedback.csv in it says whose each page is." in said


def test_nothing_but_students_own_pages_is_in_a_zip(graded: Path) -> None:
    for arguments, code in (((), 0), (("--for", "canvas"), 1), (("--for", "moodle", "--template", "worksheet.csv"), 0)):
        feedback(*arguments, code=code)
        for name, text in packed().items():
            assert name == "feedback.csv" or name.endswith(".html")
            assert '"checks":' not in text  # as reports have it
            assert "assert_matches" not in text  # as hidden checks say it
            assert SUMS["hidden_checks.py"].splitlines()[-1].strip() not in text
            assert "<script" not in text
            assert not re.search(r"""(?:src|href)\s*=\s*["']?\s*(?:https?:)?//""", text)


def test_the_same_pages_make_the_same_zip_in_every_process(graded: Path) -> None:
    feedback()
    first = Path("feedback.zip").read_bytes()
    assert autograder("feedback", "graded", "--out", "feedback.zip", cwd=graded).returncode == 0
    assert Path("feedback.zip").read_bytes() == first


def test_a_page_of_other_marks_is_made_anew(graded: Path) -> None:
    there = page("amara")
    Path("graded/amara/01_sums.html").write_text("of an earlier day")
    feedback("--for", "canvas", code=1)
    assert packed()["okaforamara_4101_90001_feedback.html"] == there


def test_a_manifest_of_an_earlier_version_is_read_and_completed_by_collecting_again(graded: Path) -> None:
    manifest = Path("submitted") / MANIFEST
    data = json.loads(manifest.read_text())
    for work in data["work"].values():
        del work[A]["names"]
    manifest.write_text(json.dumps(data))
    line = run("feedback", "graded", "--out", "feedback.zip", "--for", "canvas", code=2).output
    assert line.startswith("autograder: submitted/.collected.json does not say what work on 01_sums was called in")
    assert "run `autograder collect`" in line
    assert not Path("feedback.zip").exists()
    before = {path: path.read_bytes() for path in Path("submitted").rglob("*.py")}
    collect(CANVAS)
    assert {path: path.read_bytes() for path in Path("submitted").rglob("*.py")} == before
    feedback("--for", "canvas", code=1)
    assert len(packed()) == 3


def test_where_the_work_lies_can_be_named(graded: Path) -> None:
    Path("submitted").rename("moved")
    assert "--submitted" in run("feedback", "graded", "--out", "feedback.zip", "--for", "canvas", code=2).output
    feedback("--for", "canvas", "--submitted", "moved", code=1)
    assert len(packed()) == 3


def test_who_is_no_longer_in_the_class_gets_nothing_and_is_named(graded: Path) -> None:
    report = next(Path("graded").glob("amara/*.json"))
    data = json.loads(report.read_text()) | {"student": "gone"}
    Path("graded/gone").mkdir()
    Path("graded/gone/01_sums.json").write_text(json.dumps(data))
    Path("graded/gone/01_sums.html").write_text("a page")
    said = feedback(code=1).output
    assert "No longer in the class, and left out: gone." in said
    assert not [name for name in packed() if "gone" in name]


def test_whoever_is_not_in_the_roster_that_is_named_has_a_page_without_an_address(graded: Path) -> None:
    Path("part.csv").write_text("folder,Email address\nzoë,zoe@example.org\n", encoding="utf-8")
    said = feedback("--roster", "part.csv", code=1).output
    table = list(csv.DictReader(io.StringIO(packed()["feedback.csv"])))
    assert {row["student"]: row["Email address"] for row in table if row["Email address"]} == {"zoë": "zoe@example.org"}
    assert len(table) == 6
    assert "Without a place: 5 (amara 01_sums, ming 01_sums, " in said


def test_what_cannot_be_done_is_said_in_a_line(graded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*arguments: str) -> str:
        return refusal(monkeypatch, graded, "feedback", "graded", *arguments)

    Path("empty").mkdir()
    assert "holds no reports" in refusal(monkeypatch, graded, "feedback", "empty", "--out", "f.zip")
    assert not any(Path("empty").iterdir())
    assert "graded/f.zip would lie among the reports" in refused("--out", "graded/f.zip")
    Path("inside").symlink_to("graded/amara")
    assert "inside/f.zip would lie among the reports" in refused("--out", "inside/f.zip")
    assert "does not end in .zip" in refused("--out", "f.csv")
    assert "--template is Moodle's" in refused("--out", "f.zip", "--template", "worksheet.csv")
    assert "--submitted is read for" in refused("--out", "f.zip", "--submitted", "submitted")
    assert "holds no reports on '02_centred'" in refused("--out", "f.zip", "--assignment", B)
    Path("mine.zip").write_bytes(zipped(Path("other.zip"), {"a": "b"}).read_bytes())
    assert "mine.zip is there already, and is no zip of this command" in refused("--out", "mine.zip")
    assert zipfile.ZipFile("mine.zip").namelist() == ["a"]
    with Path("class.toml").open("a") as file:
        file.write("\n# another rule\n")
    assert "class.toml has changed since the marks" in refused("--out", "f.zip")
    assert not Path("f.zip").exists()


def test_while_another_run_writes_nothing_is_read_and_it_is_said_who_does(
    graded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else marks of before would go out with pages of now."""
    other = ReportStore(Path("graded"))
    with other.writing():
        begin_grading(other)
        line = refusal(monkeypatch, graded, "feedback", "graded", "--out", "f.zip")
    assert "another run is writing to graded" in line
    assert not Path("f.zip").exists()


@of_moodle
def test_a_worksheet_in_another_language_tells_the_numbers_too(graded: Path) -> None:
    rows = [line.split(",") for line in WORKSHEET.splitlines()[1:]]
    titles = "ID;Vollständiger Name;E-Mail-Adresse;Status;Bewertung;Bestwertung;Zuletzt geändert (Bewertung)"
    german = [titles, *(f"Teilnehmer/in{row[0].split()[1]};{row[1]};{row[2]};Abgegeben;;5,00;-" for row in rows)]
    Path("german.csv").write_text("\n".join(german), encoding="utf-8-sig")
    feedback("--for", "moodle", "--assignment", A, "--template", "worksheet.csv")
    in_english = packed()
    feedback("--for", "moodle", "--assignment", A, "--template", "german.csv")
    assert packed() == in_english


def test_an_lms_takes_pages_of_one_assignment(graded: Path) -> None:
    place = Path("submitted/amara") / B
    place.mkdir()
    (place / f"{B}.py").write_text("def centre(X):\n    return X\n")
    grade()
    line = run("feedback", "graded", "--out", "feedback.zip", "--for", "canvas", code=2).output
    assert "choose with --assignment one of 01_sums, 02_centred" in line
    feedback("--for", "canvas", "--assignment", A, code=1)
    assert len(packed()) == 3
    assert feedback().exit_code == 0
    assert f"pages/amara/{B}.html" in packed()


def test_a_zip_that_cannot_be_written_leaves_what_was_there(graded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    feedback()
    before = Path("feedback.zip").read_bytes()
    monkeypatch.setattr(Path, "replace", lambda _self, _target: (_ for _ in ()).throw(OSError(28, "No space left")))
    run("feedback", "graded", "--out", "feedback.zip", code=2)
    assert Path("feedback.zip").read_bytes() == before
    assert not [path for path in graded.iterdir() if path.name.startswith(".feedback.zip")]
