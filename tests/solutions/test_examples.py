"""The sample class, graded once by the command itself: every student gets exactly the outcome that is due."""

from __future__ import annotations

import csv
import json
import re
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from autograder.checking.recognition.slips import ONE_BATCH_AXIS
from autograder.classroom.marks.record import FILE as MARKS
from autograder.course.loader import Course
from autograder.course.messages import PUBLIC_SEED
from autograder.grading.store import CLASS_FILES, INDEX, LOCK, RECORD, WORK, ReportStore
from tests.helpers.command_line import autograder
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.slow

CLASS = ROOT / "examples" / "class"
N1, N2, N3 = "01_projection", "02_scaled_scores", "03_softmax"
N4, N5, N6 = "04_attention", "05_self_and_cross", "06_multi_head"
N7, N8, N9 = "07_image_to_tokens", "08_encoder_block", "09_vision_transformer"


@dataclass(frozen=True)
class Due:
    """What one question of one submission is due: points, how its checks end, which mistake is named, what is said."""

    score: int
    outcomes: str
    named: str = ""
    says: str = ""
    max_score: int = 12


def full(checks: int = 12, says: str = "") -> Due:
    return Due(12, f"{checks} passed", says=says)


def none(outcome: str, says: str, checks: int = 12) -> Due:
    return Due(0, f"{checks} {outcome}", says=says)


ALL_1, ALL_2, ALL_3 = (full(),) * 3, (full(),) * 2, (full(), full(11))
ALL_4, ALL_5, ALL_6 = (full(), full(), full(10)), (full(),) * 2, (full(),) * 3
ALL_7, ALL_8, ALL_9 = (full(),) * 4, (full(),) * 4, (full(11),)
TO_BE_WRITTEN = none("missing", "is still to be written")
UNREAD = none("missing", "could not be read")
MEND_PROJECT = full(says="Your `project_qkv` is right here, and earns its points.")

DUE: dict[tuple[str, str], tuple[Due, ...]] = {
    # right, in several styles
    ("amara", N1): ALL_1,
    ("amara", N2): ALL_2,
    ("amara", N3): ALL_3,
    ("bilal", N1): ALL_1,
    ("bilal", N2): ALL_2,
    ("bilal", N3): ALL_3,
    ("chiara", N1): ALL_1,
    ("chiara", N2): ALL_2,
    ("chiara", N3): ALL_3,
    ("dmitri", N1): ALL_1,
    ("dmitri", N2): ALL_2,
    ("dmitri", N3): ALL_3,
    ("eunji", N2): ALL_2,
    ("eunji", N3): ALL_3,
    ("freya", N1): ALL_1,
    ("freya", N2): ALL_2,
    ("freya", N3): ALL_3,
    ("freya", N4): ALL_4,
    ("freya", N5): ALL_5,
    ("freya", N6): ALL_6,
    ("freya", N7): ALL_7,
    ("freya", N8): ALL_8,
    ("freya", N9): ALL_9,
    ("ulla", N1): ALL_1,
    ("viktor", N1): ALL_1,
    ("viktor", N2): ALL_2,
    ("viktor", N3): ALL_3,
    ("wambui", N2): ALL_2,
    # named misconceptions
    ("farid", N1): (
        Due(0, "4 failed 8 error", "weights_on_the_left"),
        MEND_PROJECT,
        Due(1, "1 passed 11 failed", "every_third_column"),
    ),
    ("greta", N1): (
        Due(7, "7 passed 5 error", "two_axes_only", "In 01_projection.py, line 5: `n, d_in = X.shape`"),
        Due(7, "7 passed 5 failed", "order_q_v_k", "these points: what is wrong here has cost another check its own"),
        Due(0, "3 failed 9 error", "cut_along_rows"),
    ),
    ("hamid", N7): ALL_7,
    ("hamid", N8): (
        *ALL_8[:3],
        Due(0, "12 failed", "post_norm", "In the middle of the block, X' is (0, 6)."),
    ),
    ("hamid", N9): (full(11, "mend `encoder_block`"),),
    ("hiroshi", N2): (
        Due(0, "12 failed", "keys_ask_queries"),
        Due(0, "12 failed", "divided_by_length"),
    ),
    ("hiroshi", N3): (Due(8, "8 passed 4 failed", "nothing_subtracted"), full(11)),
    ("ines", N2): (
        Due(9, "9 passed 3 error", "all_axes_turned"),
        Due(1, "1 passed 11 failed", "root_of_number_of_keys"),
    ),
    ("ingrid", N7): ALL_7,
    ("ingrid", N8): ALL_8,
    ("ingrid", N9): (Due(1, "1 passed 10 failed", "no_final_norm", "PyTorch gets other logits"),),
    ("jamal", N1): (
        Due(0, "4 failed 8 error", "weights_on_the_left", "not aligned"),
        Due(0, "3 failed 9 error"),
        full(says="mend `project_qkv`"),
    ),
    ("jamal", N3): (
        Due(0, "12 failed", "over_queries"),
        Due(0, "11 failed", "zero_beside_the_diagonal"),
    ),
    ("keiko", N2): (
        Due(9, "9 passed 3 error", "all_axes_turned"),
        Due(0, "12 failed", "divided_by_length"),
    ),
    ("keiko", N3): (
        Due(
            8,
            "8 passed 4 failed",
            "nothing_subtracted",
            "numbers are not finite; the first stands at",
        ),
        Due(0, "11 failed", "only_the_diagonal", "shape (5,); an array of shape (5, 5) is asked"),
    ),
    ("kofi", N7): ALL_7,
    ("kofi", N8): ALL_8,
    ("kofi", N9): (Due(1, "1 passed 10 failed", "mean_of_all_tokens", "Of 100 digits, yours reads "),),
    ("linnea", N7): ALL_7,
    ("linnea", N8): (
        full(),
        Due(3, "3 passed 9 failed", "tanh_form"),
        full(says="Your `mlp` is right here, and earns its points."),
        full(says="mend `gelu`"),
    ),
    ("linnea", N9): (full(11, says="mend `gelu`"),),
    ("luca", N3): (
        Due(0, "3 failed 9 error", "keepdims_missing"),
        Due(0, "11 failed", "sign_flipped"),
    ),
    # wrong in ways that have no name
    ("maja", N2): (full(), Due(1, "1 passed 11 failed", says="numbers are wrong; the first stands at")),
    ("maja", N3): (
        Due(1, "1 passed 11 failed", "nearly_right", "Each query shares out exactly 1"),
        Due(1, "1 passed 10 failed", says="5 of 5 numbers should be 0 and are not"),
    ),
    ("nnamdi", N1): (
        none("failed", "returned None (is there a `return`?)"),
        none("failed", "returned a dict of 3; 3 arrays are asked for, in order."),
        none("failed", "number 1 is not right: it is the text"),
    ),
    ("nnamdi", N2): (
        Due(0, "12 failed", "axes_of_length_1", "an array of shape (3, 7, 1); an array of shape (3, 7) is asked for"),
        none("failed", "returned a tuple of 2"),
    ),
    ("olga", N2): (full(), Due(10, "10 passed 2 failed", "overwrites_the_scores", "changed its input `S`")),
    ("olga", N3): (
        Due(10, "10 passed 2 failed", "overwrites_the_scores", "changed its input `S`"),
        Due(11, "10 passed 1 failed", says="changed its input `p`"),
    ),
    ("pedro", N1): (
        full(),
        Due(
            9,
            "9 passed 3 error",
            "two_axes_only",
            "raised ValueError: X must have two axes\nIn code cell 6, line 12: `raise",
        ),
        Due(8, "8 passed 4 error", "exactly_one_batch_axis", "raised IndexError: tuple index out of range"),
    ),
    ("pedro", N3): (none("error", "raised NameError: name 'exp' is not defined"), full(11)),
    # half done
    ("qing", N1): (
        full(),
        none("missing", "`project_qkv` is still to be written"),
        none("missing", "is still to be written"),
    ),
    ("qing", N2): (none("missing", "is still to be written"), none("missing", "is still to be written")),
    ("ravi", N3): (
        none("missing", "`softmax` could not be read: SyntaxError in code cell 4, line 10: '(' was never closed."),
        full(11),
    ),
    ("sofia", N3): (
        none(
            "error",
            "the harmless part of Python's own library; `scipy.special` (code cell 1, line 1) is not one of them",
        ),
        full(11),
    ),
    ("thi", N3): (none("missing", "`scipy.special`"), full(11)),
    # not to be read
    ("tomasz", N1): (UNREAD,) * 3,
    ("tomasz", N2): ALL_2,
    ("tomasz", N3): (UNREAD, none("missing", "could not be read", 11)),
    # hostile
    ("aleksandr", N2): (
        none("error", "IndexError: list index out of range"),
        none("error", "Operation not permitted"),
    ),
    ("aleksandr", N3): (none("error", "KeyError: 'lesson'"), none("error", "`gc` is not one of them", 11)),
    ("anneke", N3): (full(), none("timeout", "may pass. Is there a loop", 11)),
    ("xavier", N1): (
        none("crashed", "ended itself (exit code 0)"),
        none("error", "Operation not permitted"),
        full(says="mend `project_qkv`"),
    ),
    ("xavier", N2): (none("crashed", "ended itself (exit code 0)"), none("crashed", "ended itself (exit code 0)")),
    ("yasmin", N1): (
        none("error", "Unable to allocate 16.0 GiB"),
        none("error", "Unable to allocate 128. MiB"),
        none("error", "AnswerTooLarge"),
    ),
    ("zoë", N1): (
        none("failed", "numbers are wrong; the first stands at [0, 0], where yours has 1"),
        MEND_PROJECT,
        none("failed", "number 1 is not right"),
    ),
    ("zoë", N2): (none("crashed", "sent an answer to a call that was not made"), none("crashed", "bytes where")),
    ("zoë", N3): (
        none("error", "Operation not permitted"),
        none("error", "raised AssertionError: passed", 11),
    ),
}
UNREADABLE = {
    ("tomasz", N1): "The file is cut off: its end is missing.",
    ("tomasz", N3): f"{N3}.ipynb is empty: save your work",
}
SAMPLE = (ROOT / "README.md").read_text(encoding="utf-8").split("$ make grade\n")[1].split("$ make test")[0]
NO_SCORE = "\N{EN DASH}"
NOTHING_THERE = "There is no work on {} to build on: where yours would be called, right functions stood in."
BEFORE = {N7: N1, N8: f"{N1}, {N6}", N9: f"{N1}, {N4}, {N6}"}
NOTES = {
    ("tomasz", N2): [f"Untitled3.ipynb was graded, for there is no {N2}.ipynb and no {N2}.py where it should be."],
    ("viktor", N3): ["03_softmax.ipynb was graded, 03_softmax.py was not."],
    ("ulla", N1): [
        "`project` is defined more than once (code cell 1, line 1, code cell 12, line 1): the last definition counts."
    ],
    **{
        (student, assignment): [NOTHING_THERE.format(before)]
        for student in ("ingrid", "kofi", "linnea")
        for assignment, before in BEFORE.items()
    },
}
WITHOUT_REPORT = {"noor"}
# What examples/class.toml rules: who is excused, and a check that counts for nobody.
EXCUSED = {("noor", name) for name in (N1, N2, N3, N4, N5, N6, N7, N8, N9)}
OVERRIDDEN = {("tomasz", N1)}  # which could not be read
REMOVED = "test_project_qkv_fused[long axes]"
PUT_RIGHT = "If that is right, delete this one; else put it in the other's place."
UNGRADED = [
    ("noor", "", "noor: There is neither a notebook nor a script in it, only notes.txt: ask for the work itself."),
    (
        "viktor",
        N3,
        f"viktor/{N3}/{N3}.py: It was not graded: {N3}.ipynb was. {PUT_RIGHT}",
    ),
]
Graded = tuple[subprocess.CompletedProcess[str], Path]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    out = tmp_path_factory.mktemp("examples") / "graded"
    return autograder("grade", CLASS.relative_to(ROOT), "--out", out), out


@pytest.fixture(scope="module")
def reports(graded: Graded) -> dict[tuple[str, str], dict[str, Any]]:
    _, out = graded
    found = [json.loads(path.read_text()) for path in out.glob("[!.]*/*.json")]
    return {(report["student"], report["assignment"]): report for report in found}


@pytest.mark.parametrize(("student", "assignment"), DUE, ids=[" ".join(key) for key in DUE])
def test_every_student_gets_what_is_due(
    course: Course, reports: dict[tuple[str, str], dict[str, Any]], student: str, assignment: str
) -> None:
    report, due = reports[student, assignment], DUE[student, assignment]
    statements = {(each.question, each.name): each.statement for each in course.assignment(assignment).misconceptions}
    assert len(report["questions"]) == len(due)
    for question, expected in zip(report["questions"], due, strict=True):
        checks = question["checks"]
        outcomes = Counter(check["outcome"] for check in checks)
        parts = expected.outcomes.split()
        assert (question["score"], question["max_score"]) == (expected.score, expected.max_score), question["name"]
        assert outcomes == {word: int(count) for count, word in zip(parts[::2], parts[1::2], strict=True)}
        assert {check["misconception"] for check in checks} - {None} == ({expected.named} - {""})
        assert any(expected.says in check["message"] for check in checks), [check["message"] for check in checks]
        assert all(check["message"] for check in checks if check["outcome"] != "passed")
        named = [check for check in checks if check["misconception"]]
        assert all(check["lesson"] and check["message"].endswith(check["lesson"]) for check in named)
        assert all(statements.get((question["name"], check["misconception"]), "") in check["lesson"] for check in named)
        assert question["score"] == sum(check["earned"] for check in checks)
    unreadable = (student, assignment) in UNREADABLE
    assert report["status"] == ("unreadable" if unreadable else "graded")
    assert report["error"].startswith(UNREADABLE.get((student, assignment), ""))
    assert bool(report["error"]) == unreadable
    assert report["notes"] == NOTES.get((student, assignment), [])
    assert report["score"] == sum(expected.score for expected in due)
    assert report["confined"]


def test_every_submission_has_a_report_and_a_page_and_there_is_nothing_else(
    graded: Graded, reports: dict[tuple[str, str], dict[str, Any]]
) -> None:
    completed, out = graded
    assert completed.returncode == 1, "there are files that are not graded"
    told = ["Handed in, and not graded: 2 files", *(told for _, _, told in UNGRADED), PUBLIC_SEED]
    assert completed.stderr.splitlines() == told
    assert reports.keys() == DUE.keys()
    handed_in = {(path.parent.parent.name, path.parent.name) for path in CLASS.glob("*/*/*")}
    assert reports.keys() == handed_in
    store = ReportStore(out)
    expected = {store.path(*key) for key in DUE}
    expected |= {path.with_suffix(".html") for path in expected} | {out / name for name in (*CLASS_FILES, MARKS)}
    expected |= {store.path(*key).with_suffix(".html") for key in EXCUSED}
    expected |= {out / WORK / store.relative_path(*key) for key in DUE if key not in UNREADABLE} | {
        out / RECORD,
        out / INDEX,
    }
    assert {path for path in out.rglob("*") if path.is_file() and path.name != LOCK} == expected


def test_the_page_and_the_table_of_the_class_hold_every_student(
    graded: Graded, reports: dict[tuple[str, str], dict[str, Any]]
) -> None:
    completed, out = graded
    page = (out / "index.html").read_text(encoding="utf-8")
    with open(out / "marks.csv", newline="", encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    rows = {(row["student"], row["assignment"]): row for row in table}
    assert {key for key, row in rows.items() if row["status"] == "excused"} == EXCUSED
    assert {key for key, row in rows.items() if row["status"] not in ("missing", "excused")} == DUE.keys()
    for key, due in DUE.items():
        assert key[0] in page
        link = ReportStore(Path()).path(*key).with_suffix(".html").as_posix()
        assert f'href="./{link.replace("ë", "%C3%AB")}"' in page
        checks = (check for question in reports[key]["questions"] for check in question["checks"])
        removed = sum(check["earned"] for check in checks if check["name"] == REMOVED)
        score = "" if key in UNREADABLE else f"{sum(expected.score for expected in due) - removed:g}"
        assert rows[key]["checks"] == score
        assert (rows[key]["status"] == "unreadable") == (key in UNREADABLE and key not in OVERRIDDEN)
    assert {path.name for path in CLASS.iterdir()} - {student for student, _ in DUE} == WITHOUT_REPORT
    assert f"Submissions: {len(DUE)} (unreadable: {len(UNREADABLE)})." in completed.stdout
    shown, sample = (text.split(" graded in ")[0].split() for text in (completed.stdout, SAMPLE))
    assert shown == sample, "the sample in README.md"


def test_every_output_has_the_same_mark(graded: Graded, tmp_path: Path) -> None:
    """The tables, the page of the class, students' pages, every export; nbgrader's gradebook has tests of its own."""
    _, out = graded
    store, class_page = ReportStore(out), (out / "index.html").read_text(encoding="utf-8")
    rows = _rows(out / "marks.csv")
    assert {row["status"] for row in rows} == {"graded", "missing", "excused", "unreadable", "awaits_hand_grading"}
    exports = {}
    for system in ("canvas", "moodle", "csv"):
        assert autograder("export", system, out, "--out", tmp_path / f"{system}.csv").returncode == 0
        exports[system] = _rows(tmp_path / f"{system}.csv")
    canvas = {row["SIS Login ID"]: row for row in exports["canvas"]}
    moodle = {row["Username"]: row for row in exports["moodle"]}
    plain: dict[tuple[str, str], set[tuple[str, str, str]]] = {}
    for row in exports["csv"]:
        key = row["member"], row["assignment"]
        plain.setdefault(key, set()).add((row["mark_status"], row["mark"], row["possible"]))
    for row in rows:
        student, name, status, mark = row["student"], row["assignment"], row["status"], row["mark"]
        assert bool(mark) == (status in ("graded", "unreadable")), "class.toml: zeros"
        assert canvas.get(student, {name: ""})[name] == ("EX" if status == "excused" else mark)
        assert moodle.get(student, {name: "-"})[name] == (mark or "-")
        assert plain[student, name] == {(status, mark, row["possible"])}
        page = store.path(student, name).with_suffix(".html")
        link = quote(page.relative_to(out).as_posix())
        shown = re.search(f'href="./{re.escape(link)}">([^<]*)</a>', class_page)
        assert page.exists() == (shown is not None) == (status != "missing")
        if mark:
            assert shown
            assert shown[1] == f"{mark} / {row['possible']}"
            head = re.search(r'<p class="total"><b>([^<]*)</b> of ([^<]*) points?<', page.read_text(encoding="utf-8"))
            assert head
            assert head.groups() == (mark, row["possible"])


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_students_page_says_what_the_report_says(course: Course, graded: Graded) -> None:
    _, out = graded
    mistake = next(each for each in course.assignment(N1).misconceptions if each.name == "order_q_v_k")
    pages = {name: (out / name / f"{N1}.html").read_text(encoding="utf-8") for name in ("greta", "amara")}
    assert mistake.statement in pages["greta"]
    assert "n, d_in = X.shape" in pages["greta"]
    assert mistake.statement not in pages["amara"]


def test_what_is_committed_is_what_the_lessons_and_the_answers_give(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(ROOT / "examples")
    import make_class

    make_class.main(tmp_path)
    fresh = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    committed = {path.relative_to(CLASS): path.read_bytes() for path in CLASS.rglob("*") if path.is_file()}
    assert committed.keys() == fresh.keys()
    stale = [str(name) for name in fresh if fresh[name] != committed[name]]
    assert not stale, "run `python examples/make_class.py`"


def test_the_table_in_the_readme_tells_of_every_student_what_the_grader_says(
    course: Course, reports: dict[tuple[str, str], dict[str, Any]]
) -> None:
    lines = (ROOT / "examples/README.md").read_text(encoding="utf-8").splitlines()
    rows = {
        line.split("|")[1].strip(): line for line in lines if line.count("|") > 3 and line[:4] not in ("| St", "|---")
    }
    assert rows.keys() == {student for student, _ in DUE} | WITHOUT_REPORT
    known = {each.name for assignment in course.assignments for each in assignment.misconceptions}
    known |= {ONE_BATCH_AXIS, "axes_of_length_1", "nearly_right"}
    for student, row in rows.items():
        named = {word for word in row.split("`") if word in known}
        due = {expected.named for key, each in DUE.items() if key[0] == student for expected in each} - {""}
        assert named == due, student
        scores = {
            f"{NO_SCORE if key in UNREADABLE else format(report['score'], 'g')}/{report['max_score']:g}"
            for key, report in reports.items()
            if key[0] == student
        }
        assert all(score in row for score in scores), (student, scores)
