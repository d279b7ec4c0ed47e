"""What is shown of class.toml holds: the sample class's own, which uses each rule, and what docs/policy.md says."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from autograder.classroom.policy import keys
from autograder.classroom.policy.known import KnownNames
from autograder.classroom.policy.model import (
    AssignmentPolicy,
    Attempts,
    DropAs,
    LateRule,
    PercentOf,
    Policy,
    Unit,
    Zero,
)
from autograder.classroom.policy.reader import find_policy, read_policy
from autograder.course.loader import Course
from autograder.errors import UserError
from autograder.text import decode_name
from tests.classroom.policy.a_class import policy_of
from tests.helpers.paths import ROOT

CLASS = ROOT / "examples" / "class"
REFERENCE = (ROOT / "docs/policy.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", REFERENCE, re.DOTALL)
WITH_CHECKS = ("01_projection", "02_scaled_scores", "03_softmax")


@pytest.fixture(scope="module")
def known(course: Course) -> KnownNames:
    """The course, and the sample class as if it had been graded."""
    checks = {}
    for name in WITH_CHECKS:
        with course.assignment(name).check_session() as session:
            checks[name] = frozenset(check.name for check in session.checks)
    questions = {each.name: (*each.questions, *(answer.name for answer in each.written)) for each in course.assignments}
    return KnownNames(tuple(decode_name(path.name) for path in CLASS.iterdir()), questions, checks)


@pytest.fixture(scope="module")
def policy(known: KnownNames) -> Policy:
    return read_policy(find_policy(CLASS, None), known)


# The sample class


def test_the_sample_policy_has_every_rule(policy: Policy, course: Course) -> None:
    assert policy.path == ROOT / "examples" / "class.toml"
    assert policy.zone.key == "Europe/Berlin"
    general = LateRule(15, Unit.DAY, 10, PercentOf.POSSIBLE, 50, 7)
    assert (policy.late, policy.free_days) == (general, 2)
    assert (policy.attempt, policy.zeros) == (Attempts.LAST, {Zero.UNREADABLE})
    assert list(policy.assignments) == list(WITH_CHECKS)
    one, two, three = policy.assignments.values()
    assert (one.drop, one.drop_as) == ({"test_project_qkv_fused[long axes]"}, DropAs.REMOVED)
    assert (two.drop, two.drop_as) == ({"test_scale_scores_decimals"}, DropAs.FULL)
    assert two.late == LateRule(15, Unit.HOUR, 2, PercentOf.EARNED, 50, 7)
    assert (three.weight, three.extra_credit) == (2, {"test_softmax_jacobian_is_the_derivative"})
    assert policy.for_assignment("04_attention") == AssignmentPolicy(late=general)
    assert {(each.student, each.assignment) for each in policy.extensions} == {
        ("eunji", "03_softmax"),
        ("hiroshi", "*"),
        ("jamal", "03_softmax"),
    }
    assert [(each.student, each.assignment) for each in policy.excused] == [("noor", name) for name in course.names]
    assert [(each.student, each.question) for each in policy.overrides] == [("tomasz", ""), ("pedro", "softmax")]


def test_the_sample_policy_shows_every_key_in_its_table() -> None:
    """The roster only as a comment: the class has none."""
    text = (ROOT / "examples" / "class.toml").read_text(encoding="utf-8")
    written = {*re.findall(r"^(?:# )?(\w+) =", text, re.MULTILINE)}
    tables = {*keys.TOP} & {"late", "assignments", "extensions", "excused", "overrides"}
    assert written == {*keys.TOP, *keys.LATE, *keys.ASSIGNMENT, *keys.EXTENSION, *keys.OVERRIDE} - tables
    assert {name for name in tables if re.search(rf"^\[+{name}\b", text, re.MULTILINE)} == tables


def handed_in(student: str, assignment: str) -> datetime:
    text = (CLASS / student / assignment / "timestamp.txt").read_text(encoding="utf-8")
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S UTC\n").replace(tzinfo=UTC)


def test_each_thing_that_a_rule_is_about_occurs(policy: Policy) -> None:
    def late(student: str, assignment: str) -> timedelta:
        due = policy.for_assignment(assignment).due
        assert due is not None
        return handed_in(student, assignment) - due

    hour, day = timedelta(hours=1), timedelta(days=1)
    assert late("amara", "01_projection") < timedelta(0)
    assert timedelta(0) < late("chiara", "01_projection") < timedelta(minutes=15)
    assert late("dmitri", "01_projection") > (7 + 2) * day
    assert timedelta(0) < late("bilal", "02_scaled_scores") < day
    assert day < late("bilal", "03_softmax") < 2 * day
    assert 2 * day + 2 * hour < late("olga", "02_scaled_scores") < 2 * day + 3 * hour
    assert hour < late("olga", "03_softmax") < day
    assert 7 * day < late("keiko", "03_softmax") < (7 + 1) * day
    assert 2 * day < late("eunji", "03_softmax") < 3 * day
    assert hour < late("hiroshi", "02_scaled_scores") < day
    assert hour < late("hiroshi", "03_softmax") < day
    (extension,) = (each for each in policy.extensions if each.student == "jamal")
    assert extension.due is not None
    assert handed_in("jamal", "03_softmax") < extension.due
    assert extension.due.utcoffset() == hour, "clocks were put back meanwhile"


def test_whatever_is_due_came_in_at_a_known_time() -> None:
    for assignment in WITH_CHECKS:
        for folder in CLASS.glob(f"*/{assignment}"):
            assert handed_in(folder.parent.name, assignment).year == 2026


# The reference


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.splitlines()[0])
def test_the_examples_of_the_reference_are_read(tmp_path: Path, known: KnownNames, block: str) -> None:
    policy = policy_of(tmp_path, block, KnownNames(("ana", "ben", "cem"), known.assignments, known.checks))
    assert policy != Policy(path=policy.path)


def test_the_reference_tells_of_every_key_and_value() -> None:
    for key in {*keys.TOP, *keys.LATE, *keys.ASSIGNMENT, *keys.EXTENSION, *keys.EXCUSED, *keys.OVERRIDE}:
        assert re.search(rf"^\|.*`\[*(?:{key}|[\w`, ]+`{key})\b", REFERENCE, re.MULTILINE), key
    for choices in (Attempts, Zero, Unit, PercentOf, DropAs):
        for choice in choices:
            assert f'"{choice}"' in REFERENCE


def test_the_refusal_that_the_reference_shows_is_what_is_said(tmp_path: Path, known: KnownNames) -> None:
    (shown,) = re.findall(r"^class\.toml, line .*$", REFERENCE, re.MULTILINE)
    with pytest.raises(UserError) as refused:
        policy_of(tmp_path, BLOCKS[0].replace("\npercent =", "\npercnt ="), known)
    assert str(refused.value) == str(tmp_path / shown)
