"""What is typed into formgrader counts, and its pages show our marks: through a real server, as its pages ask it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from autograder.classroom.marks.model import ClassMarks, HandPoints, Mark, MarkStatus, Member, StudentMarks
from autograder.classroom.policy.model import Policy
from autograder.nbgrader.mark_book import open_mark_book
from tests.helpers.jupyterlab import Server, jupyter_server
from tests.helpers.nbgrader import SMALL_SUMS, exported

pytestmark = pytest.mark.slow

MEMBERS = tuple(Member(name, name) for name in ("ada", "ben", "cem"))


@pytest.fixture
def server(graded_class: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    command = (sys.executable, "-m", "jupyter", "server", "--no-browser", "--allow-root", "--port=0")
    with jupyter_server(command, graded_class, tmp_path_factory.mktemp("home")) as started:
        yield started


def ask(server: Server, path: str, body: dict[str, Any] | None = None, method: str = "GET") -> Any:
    """What formgrader answers to its pages."""
    request = Request(f"{server.url}formgrader/api/{path}", method=method)
    request.add_header("Authorization", f"token {server.token}")
    with urlopen(request, None if body is None else json.dumps(body).encode()) as answer:
        return json.load(answer)


def of_student(rows: list[dict[str, Any]], student: str) -> dict[str, Any]:
    (row,) = (each for each in rows if each["student"] == student)
    return row


def named(rows: list[dict[str, Any]], name: str) -> dict[str, Any]:
    (row,) = (each for each in rows if each["name"] == name)
    return row


def type_in(server: Server, student: str, cell: str, points: str, comment: str) -> None:
    """Points as the page sends them, which is as text; and a comment on the answer."""
    notebook = of_student(ask(server, f"submitted_notebooks/{SMALL_SUMS}/{SMALL_SUMS}"), student)["id"]
    grade = named(ask(server, f"grades?submission_id={notebook}"), cell)
    ask(server, f"grade/{grade['id']}", {**grade, "manual_score": points, "extra_credit": None}, "PUT")
    note = named(ask(server, f"comments?submission_id={notebook}"), cell.removeprefix("check_"))
    ask(server, f"comment/{note['id']}", {**note, "manual_comment": comment}, "PUT")


def class_of(points: Mapping[str, float]) -> ClassMarks:
    graded = MarkStatus.GRADED
    marks = {name: Mark(name, SMALL_SUMS, graded, 0, 0, mark, 14) for name, mark in points.items()}
    students = (StudentMarks(Member(name, name), {SMALL_SUMS: mark}, None, True) for name, mark in marks.items())
    return ClassMarks((SMALL_SUMS,), tuple(students))


def test_what_is_typed_into_formgrader_counts_and_its_feedback_shows_the_mark(
    server: Server, graded_class: Path
) -> None:
    type_in(server, "ada", "why", "4", "Lovely.")
    type_in(server, "ben", "check_total", "2.5", "Right idea.")
    book = open_mark_book(f"sqlite:///{graded_class}/gradebook.db", graded_class)
    given = book.read_by_hand(Policy(), MEMBERS)
    source = "nbgrader's gradebook"
    assert given.written == {("ada", SMALL_SUMS, "why"): (HandPoints(4, "Lovely.", source),)}
    assert given.questions == {("ben", SMALL_SUMS, "total"): (HandPoints(2.5, "Right idea.", source),)}
    assert given.awaits == frozenset()
    # Ada is marked down, Ben up, Cem as his cells are: 13, 4.5 and 0.
    book.write_marks(class_of({"ada": 11.5, "ben": 9, "cem": 0}))
    # Its lists show the cells' sum, whatever is taken off; so they do with nbgrader's own penalties.
    rows = ask(server, f"submissions/{SMALL_SUMS}")
    assert {row["student"]: row["score"] for row in rows} == {"ada": 13, "ben": 4.5, "cem": 0}
    assert {name: score for (name, about), score in exported(graded_class).items() if about == SMALL_SUMS} == {
        "ada": 11.5,
        "ben": 9,
        "cem": 0,
    }
    for student, mark in {"ada": "11.5", "ben": "9.0", "cem": "0.0"}.items():
        done = ask(server, f"assignment/{SMALL_SUMS}/{student}/generate_feedback", {}, "POST")
        assert done["success"], done
        page = (graded_class / "feedback" / student / SMALL_SUMS / f"{SMALL_SUMS}.html").read_text()
        assert f"(Score: {mark} / 14.0)" in page
    # What is typed in afterwards counts at once, and less what was taken off.
    type_in(server, "ada", "why", "5", "Lovely!")
    assert exported(graded_class)["ada", SMALL_SUMS] == 12.5
