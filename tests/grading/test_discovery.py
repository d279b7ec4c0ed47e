"""A class as it really comes in: odd names, files in odd places. Each counts as a person would have it, or is named."""

from __future__ import annotations

import io
import json
import os
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.grading.discovery import find_submissions
from autograder.grading.messages import not_graded
from autograder.grading.store import ReportStore
from tests.helpers.command_line import autograder, one_line
from tests.helpers.course import RIGHT_CENTRED, RIGHT_SUMS, WRONG_SUMS, hand_in, write_course
from tests.helpers.grading import grade_unconfined
from tests.helpers.pages import Page, collapsed

pytestmark = pytest.mark.slow

A = "01_sums"
FULL, PARTLY, NOTHING, UNREADABLE, NONE = "9", "2", "0", "unreadable", "none"  # how a submission is graded
STUB_BODY = '    """{doc}"""\n    # YOUR CODE HERE\n    raise NotImplementedError()'
STUBS = [
    "import numpy as np",
    "def total(X):\n" + STUB_BODY.format(doc="Sum each row. X: (..., n). Returns (...)."),
    "check(total)",
    "def mean(X):\n" + STUB_BODY.format(doc="The mean of each row. X: (..., n). Returns (...)."),
    "check(mean)",
]


def notebook(*sources: str) -> bytes:
    cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": source} for source in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}).encode()


def zipped(name: str, content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(name, content)
    return target.getvalue()


RIGHT, WRONG, STUB, OTHER = notebook(RIGHT_SUMS), notebook(WRONG_SUMS), notebook(*STUBS), notebook(RIGHT_CENTRED)
RIGHT_SCRIPT, STUB_SCRIPT = RIGHT_SUMS.encode(), "\n\n\n".join(STUBS).encode()
COMMENTED = notebook(*(each.replace("# YOUR CODE HERE", "# todo: ask Tom").replace("Sum", "Add") for each in STUBS))
PASS = STUB.replace(b"raise NotImplementedError()", b"pass")
TUPLE = notebook("total, mean = (lambda X: X.sum(axis=-1)), (lambda X: X.mean(axis=-1))")
ZIP, JUNK = zipped(f"{A}.ipynb", RIGHT), b"\0\5\26\7"
CHECKPOINT = f"{A}/.ipynb_checkpoints/{A}-checkpoint.ipynb"
EXACT, SCRIPT = f"{A}/{A}.ipynb", f"{A}/{A}.py"


@dataclass(frozen=True)
class Odd:
    """What a student handed in, and what becomes of it. `told` is in a note, or in the reason for there being none.

    `ungraded` are the files that are named as not graded.
    """

    files: Mapping[str, bytes]
    ends: str = FULL
    told: str = ""
    ungraded: tuple[str, ...] = ()


NAMES = (
    *("王小明", "x" * 200, "O'Brien, Pat", "a+b", "=cmd|x", "-5", "1e5", "007", "😀", "trail ", "100%", "<b>", "a&b"),
    *("a;b", "semi:colon", "tab\tid", "#h", "smith", "Smith", "SMITH", "null", "CON", ".hidden", "back\\slash"),
)
CLASS = {
    "exact": Odd({EXACT: RIGHT}),
    "untouched": Odd({EXACT: STUB}, NOTHING),
    # Under another name
    "browser": Odd({f"{A}/{A} (1).ipynb": RIGHT}, told=f"{A} (1).ipynb was graded, for there is no {A}.ipynb"),
    "final": Odd({f"{A}/{A}_final.ipynb": RIGHT}, told=f"{A}_final.ipynb was graded"),
    "own name": Odd({f"{A}/homework.ipynb": RIGHT}, told="homework.ipynb was graded"),
    "capitals": Odd({f"{A}/{A}.IPYNB": RIGHT}, told=f"{A}.IPYNB was graded"),
    "title case": Odd({f"{A}/01_Sums.ipynb": RIGHT}),
    "txt": Odd({f"{A}/{A}.ipynb.txt": RIGHT}),
    "json": Odd({f"{A}/{A}.ipynb.json": RIGHT}),
    "py txt": Odd({f"{A}/{A}.py.txt": RIGHT_SCRIPT}),
    "dashes": Odd({f"{A}/01-sums.py": RIGHT_SCRIPT}),
    "helper and copy": Odd({f"{A}/a.py": b"x = 1", f"{A}/b.ipynb": STUB}, NOTHING, "b.ipynb was graded"),
    "untouched copy": Odd({f"{A}/{A} (1).ipynb": STUB}, NOTHING),
    # In another place
    "nested": Odd({f"{A}/{A}/{A}.ipynb": RIGHT}, told=f"{A}/{A}.ipynb was graded"),
    "nested mac": Odd({f"{A}/{A}/{A}.ipynb": RIGHT, f"{A}/__MACOSX/._{A}.ipynb": JUNK, ".DS_Store": JUNK}),
    "no folder": Odd({f"{A}.ipynb": RIGHT}, told=f"{A}.ipynb was graded"),
    "folder case": Odd({f"01-Sums/{A}.ipynb": RIGHT}, told=f"01-Sums/{A}.ipynb was graded"),
    "own folder": Odd({f"week 1/{A}.py": RIGHT_SCRIPT}),
    "deep": Odd({f"assignments/{A}/{A}.ipynb": RIGHT}),
    "hidden": Odd({f".work/{A}.ipynb": RIGHT}),
    "Fatima Müller_123_assignsubmission_file_": Odd({f"{A}.ipynb": RIGHT}),
    # Finished work beside an untouched file
    "beside stub": Odd({EXACT: STUB, f"{A}/{A} (1).ipynb": RIGHT}, told=f"for nothing is answered in {A}.ipynb"),
    "script beside stub": Odd({EXACT: STUB, SCRIPT: RIGHT_SCRIPT}, told=f"{A}.py was graded, {A}.ipynb was not."),
    "notebook beside stub": Odd({SCRIPT: STUB_SCRIPT, EXACT: RIGHT}, told=f"{A}.ipynb was graded, {A}.py was not."),
    "above stub": Odd({EXACT: STUB, f"{A}.ipynb": RIGHT}, told="for nothing is answered"),
    "beside broken": Odd({EXACT: b"{", f"{A}/mine.ipynb": RIGHT}, FULL, f"for {A}.ipynb cannot be read", (EXACT,)),
    "stub and helper": Odd({EXACT: RIGHT, f"{A}/helper.py": b"x = 1\n"}),
    # More than one
    "two": Odd({EXACT: RIGHT, f"{A}/{A} (1).ipynb": WRONG}, FULL, f"{A} (1).ipynb was not.", (f"{A}/{A} (1).ipynb",)),
    "both kinds": Odd({EXACT: WRONG, SCRIPT: RIGHT_SCRIPT}, PARTLY, f"{A}.py was not", (SCRIPT,)),
    "the same twice": Odd({EXACT: RIGHT, f"{A}/{A} (1).ipynb": RIGHT}),
    "which": Odd(
        {f"{A}/{A}-1.ipynb": RIGHT, f"{A}/{A}_final.ipynb": WRONG},
        UNREADABLE,
        f"Which file is your work on {A}? There are {A}-1.ipynb, {A}_final.ipynb: keep one",
        (f"{A}/{A}-1.ipynb", f"{A}/{A}_final.ipynb"),
    ),
    "which, beside stub": Odd(
        {EXACT: STUB, f"{A}/a.ipynb": RIGHT, f"{A}/b.ipynb": WRONG},
        UNREADABLE,
        "There are a.ipynb, b.ipynb",
        (f"{A}/a.ipynb", f"{A}/b.ipynb"),
    ),
    # Something else
    "archive": Odd({f"{A}/{A}.zip": ZIP}, UNREADABLE, f"{A}.zip is an archive: unpack it"),
    "archive beside stub": Odd({EXACT: STUB, f"{A}/a.zip": ZIP}, NOTHING, "a.zip is an archive", (f"{A}/a.zip",)),
    "archive in disguise": Odd({EXACT: ZIP}, UNREADABLE, f"{A}.ipynb is an archive"),
    "pdf": Odd({f"{A}/{A}.pdf": b"%PDF"}, UNREADABLE, f"The folder holds {A}.pdf: hand in the notebook itself."),
    "checkpoints": Odd({EXACT: RIGHT, CHECKPOINT: WRONG}),
    "only checkpoints": Odd({CHECKPOINT: RIGHT}, UNREADABLE, "The folder holds .ipynb_checkpoints"),
    "mac": Odd({EXACT: RIGHT, f"{A}/._{A}.ipynb": JUNK, f"{A}/.DS_Store": JUNK}),
    "wrong notebook": Odd({EXACT: OTHER}, UNREADABLE, f"answers nothing of {A}, but `centre` of 02_centred: hand in"),
    "helper and document": Odd(
        {f"{A}/helper.py": b"x = 1", f"{A}/a.docx": JUNK}, UNREADABLE, "holds a.docx, helper.py"
    ),
    "changed comment": Odd(
        {EXACT: COMMENTED, f"{A}/b.ipynb": RIGHT}, told="b.ipynb was graded, for nothing is answered"
    ),
    "deep down": Odd({f"a/b/c/d/e/f/{A}/{A}.ipynb": RIGHT}),
    "many pictures": Odd({f"{A}.ipynb": RIGHT, **{f"pictures/{n}.png": JUNK for n in range(1200)}}),
    "tools": Odd({EXACT: RIGHT, "venv/lib/site-packages/six.py": b"x = 1", ".vscode/settings.py": b"x = 1"}),
    "stray archive": Odd({"work.tar.gz": ZIP}, NONE, "It is an archive: unpack it, and grade again.", ("work.tar.gz",)),
    "no name": Odd({"homework.ipynb": RIGHT}, NONE, "put it into its assignment's folder", ("homework.ipynb",)),
    "photos": Odd({"me.jpg": JUNK, "a/you.jpg": JUNK}, NONE, "ask for the work itself", ("",)),
    "nothing": Odd({}, NONE),
    "link": Odd({"nothing here.txt": JUNK, "other": b""}, NONE, "only nothing here.txt, other", ("",)),
    **{name: Odd({EXACT: RIGHT}) for name in NAMES},
}
LOOSE = {f"leejun_LATE_12346_679_{A}-1.ipynb": RIGHT, "submissions.zip": ZIP, "roster.csv": b"folder\n"}
NOBODYS = ("__MACOSX/x", ".git/config", f".ipynb_checkpoints/{A}.ipynb")


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of reports on the whole class, and what was said on standard error."""
    course = write_course(tmp_path_factory.mktemp("odd") / "course")
    for name, odd in CLASS.items():
        write(course / "class" / name, odd.files)
    for form in ("NFC", "NFD"):
        write(course / "class" / unicodedata.normalize(form, "Zoé"), {EXACT: RIGHT})
    write(course / "class", LOOSE)
    write(course / "class", dict.fromkeys(NOBODYS, RIGHT))
    done = autograder("grade", "class", "--out", "out", "--unconfined", cwd=course)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    return course / "out", done.stderr


def told(name: str) -> str:
    """A student's name as it is told."""
    return name.replace("\\", "\\\\")


@pytest.mark.parametrize("student", CLASS)
def test_each_counts_as_a_person_would_have_it_or_is_named(graded: tuple[Path, str], student: str) -> None:
    out, _ = graded
    odd = CLASS[student]
    reports = [json.loads(path.read_text()) for path in out.glob("[!.]*/*.json")]
    mine = {each["assignment"]: each for each in reports if each["student"] == told(student)}
    named = [not_graded(each.file, each.reason) for each in ReportStore(out).last_class().ungraded]
    prefix = f"{told(student)}/"
    own = [line for line in named if line.replace("\t", " ").startswith((prefix, f"{told(student)}:"))]
    assert len(own) == len(odd.ungraded), own
    for line, file in zip(sorted(own), sorted(odd.ungraded), strict=True):
        assert line.startswith(f"{prefix}{file}: " if file else f"{told(student)}: ")
    if odd.ends == NONE:
        assert not mine
        assert odd.told in "".join(own)
        return
    report = mine[A]
    assert list(mine) == [A]
    assert report["status"] == (UNREADABLE if odd.ends == UNREADABLE else "graded")
    if odd.ends != UNREADABLE:
        assert str(report["score"]) == odd.ends
    assert odd.told in " ".join([report["error"], *report["notes"]])
    if student in ("exact", "untouched", "the same twice", "checkpoints", "mac", "stub and helper"):
        assert report["notes"] == []


def test_what_was_not_graded_is_told_on_the_terminal_and_on_the_page(graded: tuple[Path, str]) -> None:
    out, said = graded
    page = collapsed(Page((out / "index.html").read_text(encoding="utf-8")).text)
    names = [*LOOSE, *(f"{name}/{file}" for name, odd in CLASS.items() for file in odd.ungraded if file)]
    names.remove("roster.csv")
    for name in names:
        assert name in page.replace("\u200b", "")
    told = [line for line in said.splitlines() if line[:5] in ("Hande", "submi", "leeju")]
    assert told == [
        f"Handed in, and not graded: {len(names) + 2} files",
        "submissions.zip: It is an archive: unpack it, so that each student's work lies in <student>/<assignment>, "
        "and grade again.",
        f"leejun_LATE_12346_679_{A}-1.ipynb: It lies in no student's folder: put it into <student>/{A}, "
        "and grade again.",
    ]
    assert "and 1 more" not in said
    assert "roster.csv" not in said


def test_only_who_handed_in_nothing_is_said_to_have(graded: tuple[Path, str]) -> None:
    out, _ = graded
    page = Page((out / "index.html").read_text(encoding="utf-8"))
    assert "No submission" in page.headings
    absent = collapsed(page.text).partition("No submission")[2]
    assert json.loads((out / ".class.json").read_text())["students"].count("nothing") == 1
    assert "nothing" in absent
    known = json.loads((out / ".class.json").read_text())["students"]
    assert not {"__MACOSX", ".git", ".ipynb_checkpoints"} & set(known)


def test_one_name_has_one_spelling_and_names_that_look_alike_are_pointed_out(graded: tuple[Path, str]) -> None:
    out, said = graded
    reports = [json.loads(path.read_text()) for path in out.glob("[!.]*/*.json")]
    zoes = [each for each in reports if each["student"].startswith("Zo")]
    assert [each["student"] for each in zoes] == [unicodedata.normalize("NFC", "Zoé")]
    assert "There are two folders named Zoé, whose accents are composed in two ways: they are one student's." in said
    assert "The names of SMITH, Smith, smith differ only in upper and lower case" in said


def test_a_folder_that_cannot_be_opened_is_no_empty_one(small_course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root, who runs this, could open it."""
    everything = small_course / "class"
    for student in ("ada", "bo"):
        hand_in(everything, student, A, RIGHT_SUMS)

    scandir = os.scandir

    def refuse(folder: str | Path) -> Iterator[os.DirEntry[str]]:
        if Path(folder).name == "bo":
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    (bo,) = find_submissions(everything, [A]).ungraded
    assert (bo.student, bo.file) == ("bo", "bo")
    assert bo.reason == "The folder cannot be opened (Permission denied): make it readable, and grade again."


def test_work_of_an_earlier_edition_is_told_where_it_belongs(small_course: Path) -> None:
    settings = small_course / "solutions" / "course.toml"
    settings.write_text(settings.read_text() + f'\n[former]\n"01_rows" = ["{A}", "02_centred"]\n')
    hand_in(small_course / "class", "ada", A, RIGHT_SUMS)
    hand_in(small_course / "class", "ada", "01_rows", RIGHT_SUMS)
    done = grade_unconfined(small_course)
    assert done.returncode == 1
    assert done.stderr.splitlines()[1].startswith(
        "ada/01_rows/01_rows.py: It is of 01_rows, in an earlier edition of this course"
    )


def test_only_the_chosen_assignment_is_graded_whatever_lies_beside_it(small_course: Path) -> None:
    hand_in(small_course / "class", "ada", A, RIGHT_SUMS)
    (small_course / "class" / "ada" / "02_centred.py").write_text(RIGHT_CENTRED)
    done = grade_unconfined(small_course, "--assignment", "02_centred")
    assert done.returncode == 0, done.stderr
    (report,) = [json.loads(path.read_text()) for path in (small_course / "out").glob("[!.]*/*.json")]
    assert report["assignment"] == "02_centred"
    assert report["score"] == 5
    assert len(report["notes"]) == 1  # for there is earlier work


@pytest.mark.parametrize("named", [".", "class/ada"])
def test_a_folder_above_or_below_is_taken_for_neither(small_course: Path, named: str) -> None:
    hand_in(small_course / "class", "ada", A, RIGHT_SUMS)
    (small_course / "all").mkdir()
    (small_course / "class").rename(small_course / "all" / "class")
    line = one_line(autograder("grade", f"all/{named}", "--unconfined", cwd=small_course))
    assert line.endswith("did you mean all/class?")
