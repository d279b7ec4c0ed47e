"""Every rule of a class.toml, as the typed value that marks are made by."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from autograder.classroom.policy.model import (
    AssignmentPolicy,
    Attempts,
    DropAs,
    Excusal,
    Extension,
    LateRule,
    Override,
    PercentOf,
    Policy,
    Unit,
    Zero,
)
from autograder.classroom.policy.reader import find_policy, read_policy, read_roster_path
from autograder.errors import UserError
from tests.classroom.policy.a_class import ALL, KNOWN, policy_of, write

pytestmark = pytest.mark.slow

BERLIN = ZoneInfo("Europe/Berlin")


def test_every_rule_is_read(tmp_path: Path) -> None:
    (tmp_path / "people").mkdir()
    (tmp_path / "people/roster.csv").touch()
    general = LateRule(15, Unit.HOUR, 10, PercentOf.EARNED, 50, 7)
    assert policy_of(tmp_path, ALL) == Policy(
        path=tmp_path / "class.toml",
        zone=BERLIN,
        attempt=Attempts.LAST_BEFORE_DEADLINE,
        zeros=frozenset(Zero),
        free_days=3,
        late=general,
        roster=tmp_path / "people/roster.csv",
        assignments={
            "02_scaled_scores": AssignmentPolicy(due=datetime(2026, 10, 5, 23, 59, tzinfo=BERLIN), late=general),
            "03_softmax": AssignmentPolicy(
                due=datetime(2026, 10, 12, 23, 59, tzinfo=BERLIN),
                weight=1.5,
                extra_credit=frozenset({"softmax_jacobian", "test_softmax_extremes"}),
                drop=frozenset({"test_softmax[plain]"}),
                drop_as=DropAs.FULL,
                late=LateRule(15, Unit.DAY, 10, PercentOf.EARNED, 50, 2.5),
            ),
        },
        extensions=(
            Extension("ana", "03_softmax", days=3),
            Extension("ana", "*", days=0.5, reason="ill"),
            Extension("ben", "02_scaled_scores", due=datetime(2026, 10, 7, 12, tzinfo=BERLIN)),
        ),
        excused=(
            Excusal("ben", "03_softmax"),
            *(Excusal("cem", assignment, "joined late") for assignment in KNOWN.assignments),
        ),
        overrides=(
            Override("zoë", "03_softmax", 11, "agreed in the office hour"),
            Override("ben", "02_scaled_scores", 2.5, "half of it", "why_sqrt_d"),
        ),
    )


def test_the_order_of_tables_makes_no_difference(tmp_path: Path) -> None:
    text = ALL.replace('roster = "people/roster.csv"\n', "")
    top, *tables = text.split("\n\n")
    read = policy_of(tmp_path, text)
    for order in itertools.islice(itertools.permutations(tables), 0, None, 90_001):
        other = policy_of(tmp_path, "\n\n".join((top, *order)))
        for rules in ("extensions", "excused", "overrides"):
            assert {*getattr(other, rules)} == {*getattr(read, rules)}
        assert list(other.assignments.items()) == list(read.assignments.items()), "in the order of the course"
        assert (other.late, other.free_days, other.zone) == (read.late, read.free_days, read.zone)


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "[late]\n[assignments]\n", "[assignments.03_softmax.late]"])
def test_all_is_optional(tmp_path: Path, text: str) -> None:
    policy = policy_of(tmp_path, text)
    assert policy.for_assignment("03_softmax") == AssignmentPolicy()
    assert (policy.attempt, policy.zeros, policy.free_days, policy.zone) == (
        Attempts.LAST,
        frozenset(),
        0,
        UTC,
    )
    assert read_policy(None, KNOWN) == Policy()


def test_other_forms_of_toml_say_the_same(tmp_path: Path) -> None:
    read = policy_of(
        tmp_path,
        "late = {percent = 10, per = 'hour'}\r\n"
        'assignments."03_softmax".due = 2026-10-12T23:59:00+02:00\r\n'
        'assignments."03_softmax".late.percent = 20\r\n'
        "extensions = [\r\n"
        '  {student = "ana", assignment = "03_softmax", days = 3},\r\n'
        "]\r\n",
    )
    assert read.late == LateRule(per=Unit.HOUR, percent=10)
    assert read.for_assignment("03_softmax").late == LateRule(per=Unit.HOUR, percent=20)
    assert read.for_assignment("04_attention").late == read.late
    assert read.extensions == (Extension("ana", "03_softmax", days=3),)


def test_a_letter_and_its_accent_are_one_character(tmp_path: Path) -> None:
    read = policy_of(tmp_path, '[[excused]]\nstudent = "zoe\u0308"\nassignment = "03_softmax"\n')
    assert read.excused == (Excusal("zoë", "03_softmax"),)


def test_a_time_with_an_offset_is_told_in_the_time_of_the_class(tmp_path: Path) -> None:
    due = "[assignments.03_softmax]\ndue = 2026-10-12T23:59:00-05:00\n"
    here = policy_of(tmp_path, f'timezone = "Europe/Berlin"\n{due}').for_assignment("03_softmax").due
    there = policy_of(tmp_path, due).for_assignment("03_softmax").due
    assert here == there == datetime(2026, 10, 13, 4, 59, tzinfo=UTC)
    assert here is not None
    assert here.tzinfo == BERLIN
    assert there is not None
    assert there.tzinfo == timezone(timedelta(hours=-5))


def test_an_hour_that_comes_twice_is_one_with_an_offset(tmp_path: Path) -> None:
    for offset, hour in (("+02:00", 0), ("+01:00", 1)):
        text = f'timezone = "Europe/Berlin"\n[assignments.03_softmax]\ndue = 2026-10-25T02:30:00{offset}\n'
        due = policy_of(tmp_path, text).for_assignment("03_softmax").due
        assert due is not None
        assert due.astimezone(UTC) == datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
        assert due.isoformat() == f"2026-10-25T02:30:00{offset}"


def test_the_name_of_a_check_that_cannot_be_known_yet_is_taken(tmp_path: Path) -> None:
    read = policy_of(tmp_path, '[assignments.04_attention]\ndrop = ["test_weighted_sum_mean"]\n')
    assert read.for_assignment("04_attention").drop == {"test_weighted_sum_mean"}


def test_a_check_without_the_name_of_a_case_is_all_its_cases(tmp_path: Path) -> None:
    cases = frozenset({"test_softmax[plain]", "test_softmax[long axes]"})
    known = replace(KNOWN, checks={"03_softmax": cases | {"test_softmax_extremes"}})
    text = '[assignments.03_softmax]\n{} = ["test_softmax"]\n'
    assert policy_of(tmp_path, text.format("drop"), known).for_assignment("03_softmax").drop == cases
    assert policy_of(tmp_path, text.format("extra_credit"), known).for_assignment("03_softmax").extra_credit == cases


def test_full_points_for_all_questions_leave_something_to_count(tmp_path: Path) -> None:
    text = '[assignments.03_softmax]\ndrop = ["softmax", "softmax_jacobian"]\ndrop_as = "full"\n'
    assert policy_of(tmp_path, text).for_assignment("03_softmax").drop == {"softmax", "softmax_jacobian"}


# Which file


def test_the_file_lies_beside_the_folder_of_submissions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    submitted, other = tmp_path / "submitted", tmp_path / "other.toml"
    (submitted / "ana").mkdir(parents=True)
    assert find_policy(submitted, None) is None
    file = write(tmp_path, "")
    other.touch()
    assert find_policy(submitted, None) == file
    assert find_policy(submitted, other) == other
    monkeypatch.chdir(submitted)
    assert find_policy(Path(), None) == file
    assert find_policy(Path("ana/.."), None) == file
    monkeypatch.chdir(tmp_path)
    assert find_policy(Path("submitted"), None) == Path("class.toml")
    assert find_policy(Path("submitted/ana/.."), None) == file


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    write(tmp_path, "")
    with pytest.raises(UserError) as refused:
        find_policy(tmp_path / "submitted", tmp_path / "other.toml")
    assert str(refused.value) == (
        f"{tmp_path / 'other.toml'} is not there: name the file with the rules of the class, or leave it out"
    )


def test_a_link_that_leads_nowhere_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "class.toml").symlink_to(tmp_path / "elsewhere.toml")
    path = find_policy(tmp_path / "submitted", None)
    with pytest.raises(UserError) as refused:
        read_policy(path, KNOWN)
    assert str(refused.value) == f"{path} cannot be read: No such file or directory"


def test_the_roster_is_known_before_any_name_is(tmp_path: Path) -> None:
    assert read_roster_path(None) is None
    assert read_roster_path(write(tmp_path, "[late]\npercent = 10\n")) is None
    (tmp_path / "roster.csv").touch()
    path = write(tmp_path, 'roster = "roster.csv"\n[[excused]]\nstudent = "who?"\n')
    assert read_roster_path(path) == tmp_path / "roster.csv"
