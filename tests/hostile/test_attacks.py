"""No attack changes a mark, sees a secret, stops a run, or leaves anything behind."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from autograder.grading.store import ReportStore
from autograder.report.model import Report, Status
from autograder.sandbox.homes import Where
from tests.helpers.given_marks import write_class
from tests.hostile import exhausting, following, forging, leaving, peeking, persisting, reaching
from tests.hostile.arena import MARK, ROUNDS, SECRET, Arena, hand_in
from tests.hostile.attack import NEIGHBOURS, Attack
from tests.hostile.in_guests import IN_GUESTS

pytestmark = pytest.mark.slow

KINDS = {
    module.__name__.rpartition(".")[2]: module.ATTACKS
    for module in (forging, following, leaving, exhausting, peeking, reaching, persisting)
}
ATTACKS = [
    pytest.param(f"{kind}-{attack.name}", attack, id=f"{kind}-{attack.name}")
    for kind, attacks in KINDS.items()
    for attack in attacks
]
UNCONFINED = [each for each in ATTACKS if each.values[1].unconfined]
IDLE_HOSTS = 4  # of a grading process: as many as a submission has workers, and one ahead
DESCRIPTORS_OF_A_HOST = 3  # that a grading process holds: two pipes, and what it says on standard error
REPORT_BYTES = 100_000  # what a report and its page may have together, whatever an attack says


@dataclass(frozen=True)
class State:
    """What the grading processes hold."""

    processes: dict[int, tuple[int, int, int]]  # of each: its descriptors, its children, theirs
    own: int  # descriptors of the process that runs the class
    files: frozenset[str]

    @classmethod
    def of(cls, arena: Arena) -> State:
        processes = {}
        for process in arena.grading_processes:
            children = process.children()
            below = [each for child in children for each in child.children(recursive=True)]
            processes[process.pid] = (process.num_fds(), len(children), len(below))
        places = [Path(arena.targets[name]) for name in ("CWD", "HOME", "TMP")]
        here = {str(file) for place in places for file in place.rglob("*")}
        return cls(processes, psutil.Process().num_fds(), frozenset(here | set(marked())))


def marked() -> Iterator[str]:
    """Files that an attack has left in places that others use as well."""
    for place in ("/", "/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue"):
        if os.path.isdir(place):
            yield from (name for name in os.listdir(place) if MARK in name)


@dataclass(frozen=True)
class Battle:
    """A quiet run, and the run of the same neighbours with all attackers among them."""

    arena: Arena
    classroom: Path
    quiet: dict[str, Report]
    reports: dict[str, Report]
    before: State
    after: State

    def earned(self, neighbour: str) -> float:
        return self.quiet[f"{neighbour}-0"].score


@pytest.fixture(scope="module", params=[Where.KERNEL, Where.WASM])
def battle(request: pytest.FixtureRequest) -> Battle:
    """One in each home."""
    in_guests = request.param is Where.WASM
    arena: Arena = request.getfixturevalue("arena_of_guests" if in_guests else "arena")
    places = ("0",) if in_guests else ("0", "a", "l", "z")
    for _ in range(ROUNDS):
        classroom = arena.classroom()
        add_neighbours(classroom, places)
        quiet = arena.grade(classroom)
        states = State.of(arena).processes.values()
        if len(states) == 2 and all(children for _, children, _ in states):  # both have had work
            break
    before = State.of(arena)
    classroom = arena.classroom()
    add_neighbours(classroom, places)
    for name, attack in (each.values for each in ATTACKS):
        hand_in(classroom, name, arena.fill(attack.submission))
    reports = arena.grade(classroom)
    write_class(ReportStore(classroom.with_name("graded")), arena.course.title, reports)
    return Battle(
        arena, classroom, {each.student: each for each in quiet}, {each.student: each for each in reports}, before,
        State.of(arena),
    )  # fmt: skip


def add_neighbours(classroom: Path, places: Sequence[str]) -> None:
    """Honest students, whose names lie all over the alphabet and so between the attackers."""
    for name, source in NEIGHBOURS.items():
        for place in places:
            student = f"{name}-0" if place == "0" else f"{place}-{name}"
            hand_in(classroom, student, source)


@pytest.mark.parametrize(("name", "attack"), ATTACKS)
def test_an_attack_earns_what_it_is_worth(
    battle: Battle, tally: Callable[..., None], name: str, attack: Attack
) -> None:
    in_guest = IN_GUESTS.get(name) if battle.arena.where is Where.WASM else None
    if "call_kernel(" in attack.source and not in_guest and platform.machine() != "x86_64":
        pytest.skip("the numbers of its system calls are those of x86-64")
    report = battle.reports[name]
    written = battle.arena.written(battle.classroom, name)
    forged = report.score > battle.earned(attack.earns)
    tally(forged=forged, secret=SECRET in plain(written), stopped=report.status is not Status.GRADED)
    messages = "\n".join(check.message for check in report.checks)
    assert report.status is Status.GRADED
    assert not report.has_grader_error, messages
    ends, says = (in_guest.ends, in_guest.says) if in_guest else (attack.ends, attack.says)
    assert report.checks[0].outcome in (ends if isinstance(ends, tuple) else (ends,)), messages
    assert says in messages
    assert report.score == battle.earned(attack.earns)
    assert len(written) < REPORT_BYTES


def test_no_difference_of_a_guest_is_told_where_there_is_none() -> None:
    attacks = dict(each.values for each in ATTACKS)
    for name, in_guest in IN_GUESTS.items():
        attack = attacks[name]
        assert in_guest.ends != attack.ends or not attack.says or attack.says not in in_guest.says, name


def test_honest_work_earns_all_and_no_work_nothing(battle: Battle) -> None:
    marks = {name: battle.earned(name) for name in NEIGHBOURS}
    assert marks["both"] == battle.quiet["both-0"].max_score
    assert marks["nothing"] == 0
    assert 0 == marks["a_number"] == marks["zeros"] < marks["softmax"] < marks["both"]


def test_the_neighbours_are_unharmed(battle: Battle) -> None:
    for student, report in battle.quiet.items():
        now = battle.reports[student]
        assert now.questions == report.questions
        assert (now.status, now.error, now.notes) == (report.status, report.error, report.notes)


def test_every_submission_has_a_report(battle: Battle) -> None:
    assert len(battle.reports) == len(ATTACKS) + len(battle.quiet)


def test_no_report_tells_a_secret(battle: Battle) -> None:
    graded = battle.classroom.with_name("graded")
    files = [file for file in graded.rglob("*") if file.is_file()]
    leaking = [
        str(file.relative_to(graded)) for file in files if SECRET in plain(file.read_bytes().decode("utf-8", "replace"))
    ]
    assert not leaking


def test_no_process_is_left(battle: Battle) -> None:
    before, after = battle.before.processes, battle.after.processes
    assert before.keys() == after.keys()
    if battle.arena.where is Where.WASM:  # hosts of guests come and go
        assert all(hosts <= IDLE_HOSTS and not below for _, hosts, below in after.values())
    else:
        assert {pid: state[1:] for pid, state in after.items()} == {pid: state[1:] for pid, state in before.items()}


def test_no_descriptor_is_left(battle: Battle) -> None:
    each = DESCRIPTORS_OF_A_HOST if battle.arena.where is Where.WASM else 0
    before, after = (
        {pid: descriptors - each * children for pid, (descriptors, children, _) in state.processes.items()}
        for state in (battle.before, battle.after)
    )
    assert after == before
    assert battle.after.own == battle.before.own


def test_no_file_is_left_or_changed(battle: Battle) -> None:
    assert battle.after.files == battle.before.files
    assert battle.arena.gradebook.read_text() == f"{SECRET} of the gradebook\n"
    assert SECRET in battle.arena.neighbour.read_text()


@pytest.mark.parametrize(("name", "attack"), UNCONFINED)
def test_without_the_sandbox_it_would_have_worked(
    arena: Arena, name: str, attack: Attack, unconfined: dict[str, Report]
) -> None:
    messages = "\n".join(check.message for check in unconfined[name].checks)
    assert attack.unconfined in messages
    assert not unconfined[name].confined


@pytest.fixture(scope="module")
def unconfined(arena: Arena) -> Iterator[dict[str, Report]]:
    classroom = arena.classroom()
    for name, attack in (each.values for each in UNCONFINED):
        hand_in(classroom, name, arena.fill(attack.submission))
    yield {each.student: each for each in arena.grade(classroom, confined=False)}
    for place in ("CWD", "HOME", "TMP", "SHM", "SOLUTIONS", "CLASS"):
        for left in Path(arena.targets[place]).glob(f"{MARK}*"):
            left.rmdir() if left.is_dir() else left.unlink()


def plain(text: str) -> str:
    return re.sub(r"\\u00(..)", lambda found: chr(int(found[1], 16)), text)
