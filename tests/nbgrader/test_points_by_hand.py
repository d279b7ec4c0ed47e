"""What people gave in nbgrader's gradebook is read: points, extra credit, comments, and nbgrader's own late rule."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from nbgrader import api

from autograder.classroom.marks.model import ByHand, HandPoints, Member
from autograder.classroom.policy.model import AssignmentPolicy, Extension, Policy
from autograder.errors import UserError
from autograder.nbgrader.mark_book import MarkBook, open_mark_book
from tests.helpers.hand_ins import cell, content, solved
from tests.helpers.nbgrader import (
    SMALL_CENTRED,
    SMALL_SUMS,
    TWO_A_DAY,
    assignment_of,
    give,
    hand_in_notebook,
    set_due,
    write_gradebook,
)

pytestmark = pytest.mark.slow

THEIRS = "nbgrader's gradebook"
DUE = datetime(2027, 2, 1, 6, tzinfo=UTC)  # Ben is 6 hours late, Ada 30
FILE = Path("class.toml")
ADA, BEN, CEM = (Member(name, name) for name in ("ada", "ben", "cem"))


def book_of(course: Path) -> MarkBook:
    return open_mark_book(f"sqlite:///{course}/gradebook.db", course)


def read(course: Path, policy: Policy | None = None) -> ByHand:
    return book_of(course).read_by_hand(policy or Policy(), (ADA, BEN, CEM))


def due_by_policy(due: datetime, *extensions: Extension) -> Policy:
    zone = ZoneInfo("Europe/Berlin")
    return Policy(FILE, zone, assignments={SMALL_SUMS: AssignmentPolicy(due)}, extensions=extensions)


def test_nothing_given_is_nothing_read(graded_class: Path) -> None:
    assert read(graded_class) == ByHand()


def test_points_extra_credit_and_comments_are_read_by_question(graded_class: Path) -> None:
    give(graded_class, "ada", SMALL_SUMS, "why", 4, extra=1.5, comment="Lovely.")
    give(graded_class, "ben", SMALL_SUMS, "check_total", 3.5, comment="Only the axis.")
    give(graded_class, "cem", SMALL_SUMS, "why", 0)  # 0 is a number too
    give(graded_class, "cem", SMALL_SUMS, "check_mean", None, extra=2)
    assert read(graded_class) == ByHand(
        written={
            ("ada", SMALL_SUMS, "why"): (HandPoints(4, "Lovely.", THEIRS),),
            ("cem", SMALL_SUMS, "why"): (HandPoints(0, "", THEIRS),),
        },
        questions={("ben", SMALL_SUMS, "total"): (HandPoints(3.5, "Only the axis.", THEIRS),)},
        extra={("ada", SMALL_SUMS, "why"): 1.5, ("cem", SMALL_SUMS, "mean"): 2},
    )


def test_comments_without_points_are_read_as_well(graded_class: Path) -> None:
    give(graded_class, "ada", SMALL_SUMS, "check_mean", None, comment="Why not `mean`?")
    give(graded_class, "cem", SMALL_SUMS, "why", None, comment="See me.")
    assert read(graded_class) == ByHand(
        comments={("ada", SMALL_SUMS, "mean"): "Why not `mean`?", ("cem", SMALL_SUMS, "why"): "See me."}
    )
    assert not book_of(graded_class).read_by_hand(Policy(), (BEN,)).comments


def test_points_for_work_that_has_changed_await_another_look(graded_class: Path) -> None:
    give(graded_class, "ada", SMALL_SUMS, "why", 4)
    give(graded_class, "ada", SMALL_SUMS, "check_mean", 1)
    notebook = solved(assignment_of(graded_class, SMALL_SUMS))
    cell(notebook, "why")["source"] += " And more."
    hand_in_notebook(graded_class, "ada", SMALL_SUMS, content(notebook))
    write_gradebook(graded_class)
    found = read(graded_class)
    assert found.awaits == {("ada", SMALL_SUMS, "why"), ("ada", SMALL_SUMS, "mean")}
    assert found.written["ada", SMALL_SUMS, "why"][0].points == 4
    give(graded_class, "ada", SMALL_SUMS, "why", 4)  # looked at, and left
    assert read(graded_class).awaits == {("ada", SMALL_SUMS, "mean")}


def test_those_who_are_not_in_the_class_are_named_and_stay(graded_class: Path) -> None:
    give(graded_class, "ada", SMALL_SUMS, "why", 4)
    give(graded_class, "ben", SMALL_SUMS, "why", 3)
    book = book_of(graded_class)
    assert [*book.read_by_hand(Policy(), (ADA,)).written] == [("ada", SMALL_SUMS, "why")]
    (warning,) = book.warnings
    assert (
        warning == "the gradebook holds work of 2 students who are not in this class, and it stays as it is: ben, cem"
    )


def test_what_is_given_is_a_teams_by_its_folder(graded_class: Path) -> None:
    give(graded_class, "ada", SMALL_SUMS, "why", 4)
    team = (Member("mia", "ada"), Member("noor", "ada"))
    book = book_of(graded_class)
    assert [*book.read_by_hand(Policy(), (*team, BEN, CEM)).written] == [("ada", SMALL_SUMS, "why")]
    assert book.warnings == []


def test_nbgraders_own_late_rule_is_reckoned_with_points_by_hand(graded_class: Path) -> None:
    """From the dates and the plugin, whatever stands in the column: what a policy decided, it may be."""
    with open(graded_class / "nbgrader_config.py", "a") as settings:
        settings.write(TWO_A_DAY)
    set_due(graded_class, SMALL_SUMS, DUE)
    assert read(graded_class).penalties == {("ada", SMALL_SUMS): 4, ("ben", SMALL_SUMS): 2}
    give(graded_class, "ben", SMALL_SUMS, "check_mean", 1.5)
    with sqlite3.connect(graded_class / "gradebook.db") as database:
        database.execute("UPDATE submitted_notebook SET late_submission_penalty = 99")
    database.close()
    # Never more than there is.
    assert read(graded_class).penalties == {("ada", SMALL_SUMS): 4, ("ben", SMALL_SUMS): 1.5}
    with api.Gradebook(f"sqlite:///{graded_class}/gradebook.db") as book:
        book.grant_extension(SMALL_SUMS, "ada", days=1)
    assert read(graded_class).penalties == {("ada", SMALL_SUMS): 2, ("ben", SMALL_SUMS): 1.5}


def test_where_the_policy_has_a_deadline_nbgraders_rule_is_not_asked(graded_class: Path) -> None:
    with open(graded_class / "nbgrader_config.py", "a") as settings:
        settings.write(TWO_A_DAY)
    set_due(graded_class, SMALL_SUMS, DUE)
    book = book_of(graded_class)
    assert book.read_by_hand(due_by_policy(DUE), (ADA, BEN, CEM)).penalties == {}
    assert book.warnings == []  # one time, in two zones


def test_two_due_dates_are_both_named_in_the_zone_of_the_class(graded_class: Path) -> None:
    set_due(graded_class, SMALL_SUMS, DUE)
    book = book_of(graded_class)
    book.read_by_hand(due_by_policy(DUE + timedelta(days=1)), (ADA, BEN, CEM))
    assert book.warnings == [
        f"{SMALL_SUMS}: it is due 2027-02-01 07:00 CET by the gradebook, and 2027-02-02 07:00 CET by class.toml, "
        "which counts: give both the same date"
    ]


def test_an_extension_that_only_the_gradebook_gives_is_named(graded_class: Path) -> None:
    with api.Gradebook(f"sqlite:///{graded_class}/gradebook.db") as gradebook:
        for student in ("ada", "ben", "cem"):
            gradebook.grant_extension(SMALL_SUMS, student, days=1)
    for extension, names in (
        (Extension("ada", SMALL_SUMS, days=1), "ben, cem"),
        (Extension("ben", "*", days=2), "ada, cem"),
        (Extension("cem", SMALL_CENTRED, days=2), "ada, ben, cem"),
    ):
        book = book_of(graded_class)
        book.read_by_hand(due_by_policy(DUE, extension), (ADA, BEN, CEM))
        (warning,) = book.warnings
        assert f"the gradebook gives an extension to {names}, and class.toml, which counts, gives none" in warning
    book = book_of(graded_class)
    book.read_by_hand(Policy(), (ADA, BEN, CEM))  # the gradebook's own deadline counts
    assert book.warnings == []


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ("c.AssignLatePenalties.plugin_class = 'nowhere.Rule'", "nowhere"),
        (TWO_A_DAY.replace("return 2 *", "return 1 / 0 *"), "ZeroDivisionError: division by zero"),
        (TWO_A_DAY.replace("return 2 *", "return 'a lot' #"), "ValueError: could not convert"),
    ],
)
def test_a_plugin_that_fails_is_told_in_one_line(graded_class: Path, settings: str, says: str) -> None:
    with open(graded_class / "nbgrader_config.py", "a") as file:
        file.write(f"\n{settings}\n")
    set_due(graded_class, SMALL_SUMS, DUE)
    with pytest.raises(UserError, match=says) as error:
        read(graded_class)
    assert "nbgrader_config.py" in str(error.value)
    with pytest.raises(UserError, match=says):
        write_gradebook(graded_class)


def test_a_gradebook_needs_no_course(graded_class: Path, tmp_path: Path) -> None:
    """Nor nbgrader's settings: then nobody is late by nbgrader's rule."""
    give(graded_class, "ada", SMALL_SUMS, "why", 4)
    set_due(graded_class, SMALL_SUMS, DUE)
    database = (graded_class / "gradebook.db").rename(tmp_path / "elsewhere.db")
    book = open_mark_book(f"sqlite:///{database}", tmp_path)
    found = book.read_by_hand(Policy(), (ADA, BEN, CEM))
    assert found.written == {("ada", SMALL_SUMS, "why"): (HandPoints(4, "", THEIRS),)}
    assert found.penalties == {}


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite:///nowhere.db", r"there is no gradebook nowhere\.db: `autograder grade --gradebook` makes one"),
        ("sqlite://", "no such table"),
        ("sqlite:///empty.db", "no such table"),
        ("sqlite:///text.db", "not a database"),
        ("gradebook.db", "Could not parse"),
        ("oracle9://user:secret@host/db", r"oracle9://user:\*\*\*@host/db cannot be used"),
        ("postgresql://user:se@secret:x@host/db", r"postgresql://user:\*\*\*@host/db cannot be used"),
        ("oracle9:///db?user=u&password=secret", r"user=u&password=\*\*\* cannot be used"),
        ("oracle9:///db?passwd=secret&x=1", r"\?passwd=\*\*\*&x=1 cannot be used"),
        ("oracle9:///db?user=u&sslPassword=secret", r"user=u&sslPassword=\*\*\* cannot be used"),
    ],
)
def test_one_that_cannot_be_used_is_told_in_one_line(
    url: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.db").touch()
    (tmp_path / "text.db").write_text("No database, but a text that is long enough to be none.\n" * 100)
    with pytest.raises(UserError, match=says) as error:
        open_mark_book(url, tmp_path)
    assert "\n" not in str(error.value)
    assert "secret" not in str(error.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty.db", "text.db"]  # none is made
