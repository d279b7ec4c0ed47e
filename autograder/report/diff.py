"""What changed between two reports on the same work, and why: before a mended check is published, whose marks move."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from autograder.report.brief import Briefs
from autograder.report.model import CheckResult, Report
from autograder.report.unpaid import Unpaid, unpaid

Key = tuple[str, str]  # student, assignment
CheckKey = tuple[str, str]  # question, check


@dataclass(frozen=True)
class CheckChange:
    """A check with another outcome, other points, or that one of the two reports does not have.

    One with another name is the same if it is the only one of its title that went and came in its question.
    """

    question: str
    before: CheckResult | None
    after: CheckResult | None

    @property
    def check(self) -> CheckResult:
        either = self.after or self.before
        assert either is not None
        return either

    @property
    def earned(self) -> float:
        """The points that it moves."""
        return (self.after.earned if self.after else 0) - (self.before.earned if self.before else 0)


@dataclass(frozen=True)
class Change:
    """Two reports on the same work that do not say the same. `changed_inputs` names what they do not both rest on."""

    before: Report
    after: Report
    checks: tuple[CheckChange, ...]
    changed_inputs: tuple[str, ...]

    @property
    def moves(self) -> float:
        """The points that the score moves."""
        return self.after.score - self.before.score


@dataclass(frozen=True)
class CheckMoves:
    """A check of an assignment in all reports that changed in it: how many points each of them moves.

    It `is_new` or `is_gone` where none of the reports had it before, or has it after.
    """

    assignment: str
    question: str
    check: CheckResult
    moves: tuple[float, ...]
    is_new: bool = False
    is_gone: bool = False

    @property
    def up(self) -> int:
        return sum(move > 0 for move in self.moves)

    @property
    def down(self) -> int:
        return sum(move < 0 for move in self.moves)

    @property
    def level(self) -> int:
        """How many have another outcome, or a check worth something else, and the same points."""
        return len(self.moves) - self.up - self.down

    @property
    def in_all(self) -> float:
        return sum(self.moves)

    @property
    def at_most(self) -> float:
        """The largest move, up or down."""
        return max(self.moves, key=abs)


@dataclass(frozen=True)
class Comparison:
    """Two folders of reports: what changed, how many did not, and what only one of them has.

    `unpaid` are full marks for functions that, after the change, are known to be wrong.
    """

    changes: tuple[Change, ...]
    same: int
    only_before: tuple[Report, ...]
    only_after: tuple[Report, ...]
    unpaid: tuple[Unpaid, ...]


def compare(before: Report, after: Report) -> Change | None:
    """The change from one report to the next; None where status, points and outcomes are the same."""
    checks = tuple(_check_changes(before, after))
    if not checks and before.status is after.status:
        return None
    return Change(before, after, checks, _changed_inputs(before.provenance, after.provenance))


def _check_changes(before: Report, after: Report) -> Iterator[CheckChange]:
    old, new = _by_name(before), _by_name(after)
    former_names = _renamed(old, new)
    for key in dict.fromkeys([*old, *new]):
        if key in former_names.values():
            continue  # told under the name of today
        left, right = old.get(former_names.get(key, key)), new.get(key)
        if left is None or right is None or _outcome_and_points(left) != _outcome_and_points(right):
            yield CheckChange(key[0], left, right)


def _by_name(report: Report) -> dict[CheckKey, CheckResult]:
    return {(question.name, check.name): check for question in report.questions for check in question.checks}


def _renamed(old: Mapping[CheckKey, CheckResult], new: Mapping[CheckKey, CheckResult]) -> dict[CheckKey, CheckKey]:
    """The former name of each check that has another one now."""
    gone = _by_title({key: check for key, check in old.items() if key not in new})
    come = _by_title({key: check for key, check in new.items() if key not in old})
    return {key: gone[title] for title, key in come.items() if title in gone}


def _by_title(checks: Mapping[CheckKey, CheckResult]) -> dict[tuple[str, str], CheckKey]:
    """The checks whose title is their own in their question."""
    titles = {key: (key[0], check.title) for key, check in checks.items() if check.title}
    count = Counter(titles.values())
    return {title: key for key, title in titles.items() if count[title] == 1}


def _outcome_and_points(check: CheckResult) -> tuple[object, ...]:
    return check.outcome, check.points, check.earned


def _changed_inputs(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """The names of the parts that differ. None where one of the reports is older than this record."""
    if not before or not after:
        return ()
    return tuple(name for name in dict.fromkeys([*before, *after]) if before.get(name) != after.get(name))


def by_check(changes: Iterable[Change]) -> list[CheckMoves]:
    """What moves in each check, over all reports: those first in which the most points move, of any student."""
    found: defaultdict[tuple[str, str, str], list[CheckChange]] = defaultdict(list)
    for change in changes:
        for each in change.checks:
            found[change.after.assignment, each.question, each.check.name].append(each)
    summed = [
        CheckMoves(
            assignment,
            question,
            each[0].check,
            tuple(change.earned for change in each),
            is_new=all(change.before is None for change in each),
            is_gone=all(change.after is None for change in each),
        )
        for (assignment, question, _), each in found.items()
    ]
    return sorted(summed, key=lambda check: (-sum(map(abs, check.moves)), check.level - len(check.moves)))


def ups_and_downs(changes: Iterable[Change]) -> tuple[int, int]:
    """How many changes move a score up, and how many down."""
    moves = [change.moves for change in changes]
    return sum(move > 0 for move in moves), sum(move < 0 for move in moves)


def compare_all(before: Mapping[Key, Report], after: Mapping[Key, Report]) -> Comparison:
    """Compare reports, matched by student and assignment. What is told of them is in brief.

    The reports are asked for one by one, and not held.
    """
    briefs = Briefs()
    changes: list[Change] = []
    same, known = 0, list[Report]()
    for key in after:
        report = after[key]
        known.append(briefs.of(report))
        if key not in before:
            continue
        change = compare(before[key], report)
        if change:
            changes.append(_in_brief(change, briefs))
        else:
            same += 1
    return Comparison(
        tuple(changes),
        same,
        tuple(briefs.of(before[key]) for key in before if key not in after),
        tuple(report for key, report in zip(after, known, strict=True) if key not in before),
        tuple(unpaid(known)),
    )


def _in_brief(change: Change, briefs: Briefs) -> Change:
    before, after = briefs.of(change.before), briefs.of(change.after)
    return Change(before, after, tuple(_check_changes(before, after)), change.changed_inputs)
