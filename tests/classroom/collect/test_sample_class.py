"""The sample class as Canvas and Moodle let it be downloaded, through `collect`, `grade` and `export`, back to both."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.helpers.command_line import autograder
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.slow

CLASS = ROOT / "examples" / "class"
ASSIGNMENTS = ("01_projection", "02_scaled_scores", "03_softmax")
NAMES = {"zoë": "Zoë Müller", "eunji": "王小明", "thi": "Nguyễn Thi", "ravi": "Ravi O'Brien", "ulla": "Ulla Größe-Roe"}
STUDENTS = {student: 4100 + number for number, student in enumerate(sorted(path.name for path in CLASS.iterdir()))}


def name_of(student: str) -> str:
    return NAMES.get(student, f"{student.title()} Roe")


def files(assignment: str) -> Iterator[tuple[str, Path]]:
    """What was handed in, but for what the graders' own tests are about: more than one file, or one of another name."""
    for student in STUDENTS:
        for path in sorted((CLASS / student / assignment).glob(f"{assignment}.*"))[:1]:
            yield student, path


def canvas(student: str, file: Path, number: int) -> str:
    """As lib/content_zipper.rb names it."""
    last, *first = reversed(name_of(student).split())
    key = re.sub(r"\W", "", "".join([last, *reversed(first)]).lower())
    late = "_LATE" if number % 5 == 0 else ""
    return f"{key}{late}_{STUDENTS[student]}_{90000 + number}_{file.name}"


def moodle(student: str, file: Path, number: int) -> str:
    """As mod/assign/classes/downloader.php does: the participant's number is another one in each assignment."""
    name = re.sub(r"[&<>\"`|':\\/]", "", name_of(student))
    return f"{name}_{participant(student, file.parent.name)}_assignsubmission_file/{file.name}"


def participant(student: str, assignment: str) -> int:
    return 30000 + 100 * ASSIGNMENTS.index(assignment) + (7 * STUDENTS[student]) % 97


def download(folder: Path, assignment: str, name: Callable[[str, Path, int], str]) -> Path:
    path = folder / f"{assignment}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number, (student, file) in enumerate(files(assignment)):
            archive.write(file, name(student, file, number))
    return path


def write_csv(path: Path, rows: list[list[object]]) -> Path:
    target = io.StringIO(newline="")
    csv.writer(target).writerows(rows)
    path.write_text(target.getvalue(), encoding="utf-8", newline="")
    return path


def read_csv(path: Path) -> list[dict[str, str]]:
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def run(*arguments: object, code: int = 0) -> str:
    done = autograder(*arguments)
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def scores(graded: Path) -> dict[tuple[str, str], float]:
    found = [json.loads(path.read_text()) for path in graded.glob("[!.]*/*.json")]
    return {(each["student"], each["assignment"]): each["score"] for each in found if each["status"] == "graded"}


@pytest.fixture(scope="module")
def roster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [[student, number, name_of(student), f"{number}@example.org"] for student, number in STUDENTS.items()]
    path = tmp_path_factory.mktemp("roster") / "roster.csv"
    return write_csv(path, [["folder", "ID", "Full name", "Email address"], *rows])


def worksheet(folder: Path, assignment: str) -> Path:
    header = ["Identifier", "Full name", "Email address", "Grade", "Maximum grade", "Last modified (grade)"]
    rows: list[list[object]] = [
        [f"Participant {participant(student, assignment)}", name_of(student), f"{number}@example.org", "", 24, "-"]
        for student, number in STUDENTS.items()
    ]
    return write_csv(folder / f"{assignment}-worksheet.csv", [[*header], *rows])


def test_canvas_there_and_back(tmp_path: Path, roster: Path) -> None:
    downloads = [download(tmp_path, assignment, canvas) for assignment in ASSIGNMENTS]
    run("collect", *downloads, "--into", tmp_path / "submitted", "--roster", roster)
    handed_in = {(student, assignment) for assignment in ASSIGNMENTS for student, _ in files(assignment)}
    assert len({student for student, _ in handed_in}) >= 30
    rows = read_csv(tmp_path / "submitted" / "collected.csv")
    assert {(row["student"], row["assignment"]) for row in rows if row["outcome"] == "placed"} == handed_in
    run("grade", tmp_path / "submitted", "--out", tmp_path / "graded")
    marks = scores(tmp_path / "graded")
    titles = [f"{assignment} ({number})" for number, assignment in enumerate(ASSIGNMENTS, 71)]
    book = [["Student", "ID", "SIS Login ID", "Section", *titles], ["    Points Possible", "", "", "", 36, 24, 24]]
    book += [[name_of(student), number, f"u{number}", "A", "", "", ""] for student, number in STUDENTS.items()]
    template = write_csv(tmp_path / "book.csv", book)
    export = ("export", "canvas", tmp_path / "graded", "--roster", roster, "--template", template)
    run(*export, "--out", tmp_path / "up.csv")
    up = {row["ID"]: row for row in read_csv(tmp_path / "up.csv")}
    for (student, assignment), score in marks.items():
        cell = up[str(STUDENTS[student])][titles[ASSIGNMENTS.index(assignment)]]
        assert float(cell) == score, (student, assignment)


def test_moodle_there_and_back(tmp_path: Path, roster: Path) -> None:
    assignment = ASSIGNMENTS[2]
    sheet = worksheet(tmp_path, assignment)
    source = download(tmp_path, assignment, moodle)
    run("collect", source, "--into", tmp_path / "submitted", "--roster", roster, "--worksheet", sheet)
    run("grade", tmp_path / "submitted", "--out", tmp_path / "graded")
    marks = scores(tmp_path / "graded")
    assert len(marks) >= 19
    export = ("export", "moodle", tmp_path / "graded", "--roster", roster, "--template", sheet)
    run(*export, "--out", tmp_path / "up.csv")
    up = {row["Email address"]: row["Grade"] for row in read_csv(tmp_path / "up.csv")}
    for (student, _), score in marks.items():
        assert float(up[f"{STUDENTS[student]}@example.org"]) == score, student
