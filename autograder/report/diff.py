"""What changed between two reports on the same work, and why: before a mended check is published, whose marks move."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UserError
from autograder.report.model import CheckResult, Report

FOLDER = ".history"  # in a folder of reports, the former ones; no student's folder begins with a dot
Key = tuple[str, str]  # student, assignment


class HistoryError(UserError):
    """Reports cannot be read or compared; the message says which and why."""


@dataclass(frozen=True)
class CheckChange:
    """A check with another outcome, other points, or that one of the two reports does not have."""

    question: str
    before: CheckResult | None
    after: CheckResult | None

    @property
    def check(self) -> CheckResult:
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def earned(self) -> float:
        """The points that it moves."""
        return (self.after.earned if self.after else 0) - (self.before.earned if self.before else 0)


@dataclass(frozen=True)
class Change:
    """Two reports on the same work that do not say the same. `causes` names what they do not both rest on."""

    before: Report
    after: Report
    checks: tuple[CheckChange, ...]
    causes: tuple[str, ...]

    @property
    def moves(self) -> float:
        """The points that the score moves."""
        return self.after.score - self.before.score


@dataclass(frozen=True)
class Comparison:
    """Two folders of reports: what changed, how many did not, and what only one of them has."""

    changes: tuple[Change, ...]
    same: int
    only_before: tuple[Report, ...]
    only_after: tuple[Report, ...]


def compare(before: Report, after: Report) -> Change | None:
    """The change from one report to the next; None where status, points and outcomes are the same."""
    checks = tuple(_check_changes(before, after))
    if not checks and before.status is after.status:
        return None
    return Change(before, after, checks, _causes(before.rests_on, after.rests_on))


def _check_changes(before: Report, after: Report) -> Iterator[CheckChange]:
    old, new = _by_name(before), _by_name(after)
    for key in dict.fromkeys([*old, *new]):
        left, right = old.get(key), new.get(key)
        if left is None or right is None or _marks(left) != _marks(right):
            yield CheckChange(key[0], left, right)


def _by_name(report: Report) -> dict[tuple[str, str], CheckResult]:
    return {(question.name, check.name): check for question in report.questions for check in question.checks}


def _marks(check: CheckResult) -> tuple[object, ...]:
    return check.outcome, check.points, check.earned


def _causes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """The names of the parts that differ. None where one of the reports is older than this record."""
    if not before or not after:
        return ()
    return tuple(name for name in dict.fromkeys([*before, *after]) if before.get(name) != after.get(name))


def compare_all(before: Mapping[Key, Report], after: Mapping[Key, Report]) -> Comparison:
    """Compare reports, matched by student and assignment."""
    both = [(before[key], after[key]) for key in before if key in after]
    found = [compare(left, right) for left, right in both]
    return Comparison(
        tuple(change for change in found if change),
        found.count(None),
        tuple(report for key, report in before.items() if key not in after),
        tuple(report for key, report in after.items() if key not in before),
    )


def compare_paths(before: Path, after: Path) -> Comparison:
    """Compare the reports in two folders or two files. Raises HistoryError."""
    old, new = read_reports(before), read_reports(after)
    if before.is_file() and after.is_file() and not old.keys() & new.keys():
        about = [f"{path} is on {' '.join(key)}" for path, reports in ((before, old), (after, new)) for key in reports]
        raise HistoryError(f"there is nothing to compare: {', '.join(about)}")
    return compare_all(old, new)


def read_reports(path: Path) -> dict[Key, Report]:
    """The reports in a folder that `grade` wrote, or the one in a file, sorted. Raises HistoryError."""
    return _read(_report_files(path), ": delete it and grade again" if path.is_dir() else "")


def read_former(out: Path) -> dict[Key, Report]:
    """Of each report in a folder that regrades have changed, the former one. Raises HistoryError if there is none."""
    if out.is_file():
        read_reports(out)
        raise HistoryError(f"{out} is a single report: name a second one to compare it with")
    latest = [former_paths(out, path.relative_to(out))[-1:] for path in _report_files(out)]
    if not any(latest):
        raise HistoryError(f"no regrade has changed a report in {out}: name a second folder to compare it with")
    return _read([path for found in latest for path in found], ": delete it")


def _report_files(path: Path) -> list[Path]:
    given = [path] if path.suffix == ".json" else []
    files = sorted(path.glob("[!.]*/[!.]*.json")) if path.is_dir() else given
    if not files:
        raise HistoryError(f"{path} holds no reports: `autograder grade` writes them, as <student>/<assignment>.json")
    return files


def _read(files: list[Path], to_do: str) -> dict[Key, Report]:
    """`to_do` ends the message on a file that is no report: a file that the user named may be anything, and stays."""
    reports = {}
    for file in files:
        try:
            report = Report.from_json(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise HistoryError(f"{file} cannot be read: {error.strerror}") from None
        except ValueError:
            raise HistoryError(f"{file} is not a report of `autograder grade`{to_do}") from None
        reports[report.student, report.assignment] = report
    return dict(sorted(reports.items()))


def former_paths(out: Path, report: Path) -> list[Path]:
    """Where the former reports in `<student>/<assignment>.json` are kept, oldest first."""
    return [path for _, path in _numbered(out, report)]


def next_former_path(out: Path, report: Path) -> Path:
    """Where the next one is to be kept."""
    number = max((number for number, _ in _numbered(out, report)), default=0) + 1
    return out / FOLDER / report.with_suffix(f".{number}.json")


def _numbered(out: Path, report: Path) -> list[tuple[int, Path]]:
    name = re.compile(rf"{re.escape(report.stem)}\.(\d+)\.json")
    folder = (out / FOLDER / report).parent
    found = ((name.fullmatch(path.name), path) for path in (folder.iterdir() if folder.is_dir() else ()))
    return sorted((int(match[1]), path) for match, path in found if match)
