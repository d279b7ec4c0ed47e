"""nbgrader's export shows our marks; what a person wrote stays; where nbgrader has no place for a mark, we say so."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from nbgrader import api
from sqlalchemy import Engine, event

from autograder.classroom.marks.model import ClassMarks, Mark, MarkStatus, Member, StudentMarks, WrittenMark
from autograder.errors import UserError
from autograder.nbgrader.mark_book import MarkBook, open_mark_book
from tests.helpers.hand_ins import content, solved
from tests.helpers.nbgrader import (
    SMALL_SUMS,
    assignment_of,
    comments,
    exported,
    give,
    grades,
    hand_in_notebook,
    nbgrader,
    penalties,
    write_gradebook,
)

pytestmark = pytest.mark.slow

ADA, BEN, CEM, DAN = (Member(name, name) for name in ("ada", "ben", "cem", "dan"))


def mark(
    points: float | None,
    status: MarkStatus = MarkStatus.GRADED,
    assignment: str = SMALL_SUMS,
    without_written: float | None = None,
    answers: tuple[WrittenMark, ...] = (),
) -> Mark:
    return Mark("", assignment, status, 0, 0, points, 14, without_written, 9, answers=answers)


def class_of(marks: Mapping[Member, Mark]) -> ClassMarks:
    students = [
        StudentMarks(member, {each.assignment: replace(each, student=member.name)}, None, True)
        for member, each in marks.items()
    ]
    return ClassMarks(tuple(sorted({each.assignment for each in marks.values()})), tuple(students))


def book_of(course: Path) -> MarkBook:
    return open_mark_book(f"sqlite:///{course}/gradebook.db", course)


def write(course: Path, marks: Mapping[Member, Mark]) -> list[str]:
    book = book_of(course)
    count = book.write_marks(class_of(marks))
    assert count == sum(each.mark is not None for each in marks.values())
    return book.warnings


def of_sums(course: Path) -> dict[str, float]:
    return {student: score for (student, assignment), score in exported(course).items() if assignment == SMALL_SUMS}


def test_export_and_feedback_show_our_marks_up_and_down(graded_class: Path) -> None:
    """Ada is late, Ben's mark is set upwards, Cem's as well, from nothing; by nbgrader's own commands."""
    give(graded_class, "ada", SMALL_SUMS, "why", 4, extra=1, comment="Lovely.")
    assert write(graded_class, {ADA: mark(12.6), BEN: mark(11), CEM: mark(0.1)}) == []
    assert of_sums(graded_class) == pytest.approx({"ada": 12.6, "ben": 11, "cem": 0.1}, abs=1e-9)
    assert penalties(graded_class) == pytest.approx({"ada": 1.4, "ben": -9, "cem": -0.1})
    nbgrader("export", "--to", "marks.csv", cwd=graded_class)
    assert (graded_class / "marks.csv").read_text() == (graded_class / "exported.csv").read_text()
    nbgrader("generate_feedback", SMALL_SUMS, cwd=graded_class)
    for student, points in {"ada": 12.6, "ben": 11.0, "cem": 0.1}.items():
        page = (graded_class / "feedback" / student / SMALL_SUMS / f"{SMALL_SUMS}.html").read_text()
        assert f"(Score: {points} / 14.0)" in page
        assert ("Late submission penalty" in page) == (student == "ada")
    assert "Lovely." in (graded_class / "feedback" / "ada" / SMALL_SUMS / f"{SMALL_SUMS}.html").read_text()


def test_what_people_wrote_stays(graded_class: Path) -> None:
    give(graded_class, "ada", SMALL_SUMS, "why", 4, extra=1, comment="Lovely.")
    give(graded_class, "ben", SMALL_SUMS, "check_mean", 1.5)
    with api.Gradebook(f"sqlite:///{graded_class}/gradebook.db") as book:
        book.grant_extension(SMALL_SUMS, "ada", days=1)
        book.update_or_create_assignment(SMALL_SUMS, duedate="2027-01-31 18:00")
    before = grades(graded_class), comments(graded_class)
    write(graded_class, {ADA: mark(3), BEN: mark(14), CEM: mark(None, MarkStatus.UNREADABLE)})
    assert (grades(graded_class), comments(graded_class)) == before
    with api.Gradebook(f"sqlite:///{graded_class}/gradebook.db") as book:
        assert book.find_submission(SMALL_SUMS, "ada").extension.days == 1
        assert book.find_assignment(SMALL_SUMS).duedate.isoformat() == "2027-01-31T18:00:00"


def test_a_mark_that_is_nbgraders_score_takes_nothing_off(graded_class: Path) -> None:
    write(graded_class, {ADA: mark(5), BEN: mark(2)})
    assert penalties(graded_class) == {"ada": 4, "ben": None, "cem": None}
    write(graded_class, {ADA: mark(9 + 1e-12), BEN: mark(2)})
    assert penalties(graded_class) == {"ada": None, "ben": None, "cem": None}


def test_a_mark_without_work_is_shown_and_later_work_takes_its_place(graded_class: Path) -> None:
    """An override of a missing one: nbgrader has no row for Dan, and shows 0."""
    assert write(graded_class, {DAN: mark(7.5, MarkStatus.MISSING), CEM: mark(0)}) == []
    assert of_sums(graded_class)["dan"] == 7.5
    assert not any(
        grade.needs_manual_grade for (_, student, _), grade in grades(graded_class).items() if student == "dan"
    )
    hand_in_notebook(graded_class, "dan", SMALL_SUMS, content(solved(assignment_of(graded_class, SMALL_SUMS))))
    nbgrader("autograde", SMALL_SUMS, "--student", "dan", cwd=graded_class)
    found = grades(graded_class)
    assert found[SMALL_SUMS, "dan", "check_total"].score == 7
    assert found[SMALL_SUMS, "dan", "why"].needs_manual_grade
    assert comments(graded_class)[SMALL_SUMS, "dan", "why"] == (None, None)
    write(graded_class, {DAN: mark(12)})
    assert of_sums(graded_class)["dan"] == 12


def test_later_work_takes_its_place_in_our_way_too(graded_class: Path) -> None:
    write(graded_class, {DAN: mark(7.5, MarkStatus.MISSING)})
    hand_in_notebook(graded_class, "dan", SMALL_SUMS, content(solved(assignment_of(graded_class, SMALL_SUMS))))
    assert write_gradebook(graded_class) == 4
    found = grades(graded_class)
    assert found[SMALL_SUMS, "dan", "check_total"].score == 7
    assert found[SMALL_SUMS, "dan", "why"].needs_manual_grade


def test_zero_without_work_is_what_nbgrader_shows_anyway(graded_class: Path) -> None:
    before = penalties(graded_class)
    assert write(graded_class, {DAN: mark(0, MarkStatus.MISSING)}) == []
    assert penalties(graded_class) == before
    assert "dan" not in of_sums(graded_class)


def test_what_awaits_a_person_shows_what_is_known(graded_class: Path) -> None:
    """The late part is taken off the checks, and points that were given are added."""
    awaits = MarkStatus.AWAITS_HAND_GRADING
    known = (WrittenMark("why", None, 5),)
    assert write(graded_class, {ADA: mark(None, awaits, without_written=8.1, answers=known)}) == []
    assert of_sums(graded_class)["ada"] == pytest.approx(8.1)
    give(graded_class, "ada", SMALL_SUMS, "why", 4)
    assert of_sums(graded_class)["ada"] == pytest.approx(12.1)  # until the marks are made again
    given = (WrittenMark("why", 4, 5), WrittenMark("more", None, 5))
    write(graded_class, {ADA: mark(None, awaits, without_written=8.1, answers=given)})
    assert of_sums(graded_class)["ada"] == pytest.approx(12.1)
    write(graded_class, {ADA: mark(None, awaits)})  # of which nothing is known: what is there stays
    assert of_sums(graded_class)["ada"] == pytest.approx(12.1)


def test_numbers_that_are_no_marks_are_named(graded_class: Path) -> None:
    """nbgrader's export has no empty cell."""
    write(graded_class, {ADA: mark(4), BEN: mark(1), CEM: mark(5)})
    book = book_of(graded_class)
    status = {
        ADA: MarkStatus.EXCUSED,  # nothing is taken off any more
        BEN: MarkStatus.GRADER_ERROR,  # stays as it is
        CEM: MarkStatus.UNREADABLE,  # 0, as nbgrader shows what is not there
        DAN: MarkStatus.EXCUSED,  # of whom it has never heard, and shows nothing
    }
    assert book.write_marks(class_of({member: mark(None, each) for member, each in status.items()})) == 0
    assert of_sums(graded_class) == {"ada": 9, "ben": 1, "cem": 0}
    (warning,) = book.warnings
    assert warning.endswith(f"leaves empty: ada {SMALL_SUMS} (excused), ben {SMALL_SUMS} (grader_error)")
    with api.Gradebook(f"sqlite:///{graded_class}/gradebook.db") as nbgraders:
        nbgraders.add_student("dan")
    (warning,) = write(graded_class, {DAN: mark(None, MarkStatus.EXCUSED)})
    assert warning.endswith(f"leaves empty: dan {SMALL_SUMS} (excused)")
    assert of_sums(graded_class)["dan"] == 0


def test_work_that_is_no_longer_there_keeps_its_score_and_is_named(graded_class: Path) -> None:
    write(graded_class, {ADA: mark(5), CEM: mark(2), DAN: mark(3)})
    (warning,) = write(graded_class, dict.fromkeys((ADA, CEM, DAN), mark(None, MarkStatus.MISSING)))
    assert warning.endswith(
        f"a number where there is no mark, which marks.csv leaves empty: ada {SMALL_SUMS} (missing)"
    )
    assert of_sums(graded_class) == {"ada": 9, "ben": 2, "cem": 0, "dan": 0}


def test_a_team_has_one_row_if_it_has_one_mark(graded_class: Path) -> None:
    mia, noor, gone = Member("mia", "ada"), Member("noor", "ada"), Member("gone", "ada", is_withdrawn=True)
    book = book_of(graded_class)
    assert book.write_marks(class_of({gone: mark(1), mia: mark(8), noor: mark(8)})) == 1
    assert (of_sums(graded_class)["ada"], book.warnings) == (8, [])
    assert book.write_marks(class_of({mia: mark(8.5), noor: mark(None, MarkStatus.EXCUSED)})) == 0
    assert of_sums(graded_class)["ada"] == 8
    (warning,) = book.warnings
    assert f"{SMALL_SUMS}: the members of ada have marks of their own (mia 8.5, noor excused)" in warning


def test_an_assignment_that_the_gradebook_does_not_know_is_named(graded_class: Path) -> None:
    book = book_of(graded_class)
    assert book.write_marks(class_of({ADA: mark(3, assignment="03_later"), BEN: mark(1)})) == 1
    (warning,) = book.warnings
    assert warning.startswith("the gradebook does not know 03_later, and has no marks of it: run `autograder grade`")


def test_marks_are_written_all_or_none(graded_class: Path) -> None:
    with sqlite3.connect(graded_class / "gradebook.db") as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE UPDATE ON submitted_notebook WHEN new.late_submission_penalty > 1 "
            "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        )
    connection.close()
    with pytest.raises(UserError, match=r"gradebook\.db cannot be used: the disk is full"):
        write(graded_class, {BEN: mark(1.5), DAN: mark(5), ADA: mark(4)})
    assert of_sums(graded_class) == {"ada": 9, "ben": 2, "cem": 0}


def test_a_large_class_takes_a_handful_of_queries(graded_class: Path) -> None:
    """As many for three students as for three hundred who hand in nothing and have a mark."""

    def queries(book: MarkBook, marks: ClassMarks) -> int:
        seen = []
        event.listen(Engine, "before_cursor_execute", note := lambda *_: seen.append(1))
        book.write_marks(marks)
        event.remove(Engine, "before_cursor_execute", note)
        return len(seen)

    few = queries(book_of(graded_class), class_of({Member(f"a{each}", f"a{each}"): mark(3) for each in range(3)}))
    many = queries(book_of(graded_class), class_of({Member(f"b{each}", f"b{each}"): mark(3) for each in range(150)}))
    assert few == many
