"""Sentences that several commands say: how they end, where they may write, what they write for CI."""

from __future__ import annotations

from pathlib import Path

from autograder.language.current import translatable

translatable(__name__)


def error_line(problem: str) -> str:
    return f"autograder: {problem}"


INTERRUPTED = "autograder: stopped"
STOPPED = "stopped; what was graded is kept: run the same command again to go on"


def one_of_two(option: str, other: str) -> str:
    return f"{option} and {other} exclude each other: give one of them"


def cannot_run(command: str, module: str, install_name: str) -> str:
    if module in ("fcntl", "resource"):
        return f"{command} needs Linux (or, for work that you trust, macOS): on Windows, use WSL"
    return f'{command} needs {module}, which is not installed here: pip install "{install_name}"'


# Where a command may write.


def out_is_submitted(out: Path) -> str:
    return f"--out {out} is the folder of submissions: choose another (default: graded)"


def out_in_submitted(out: Path) -> str:
    return f"--out {out} is in the folder of submissions: choose another (default: graded)"


def out_holds_submitted(out: Path) -> str:
    return f"--out {out} holds the folder of submissions: choose another (default: graded)"


def default_out_is_submitted(out: Path) -> str:
    return f"--out {out} is the folder of submissions: choose another, with --out"


def default_out_in_submitted(out: Path) -> str:
    return f"--out {out} is in the folder of submissions: choose another, with --out"


def default_out_holds_submitted(out: Path) -> str:
    return f"--out {out} holds the folder of submissions: choose another, with --out"


def no_zip(path: Path, suggestion: str) -> str:
    return f"{path} does not end in .zip: name the zip to write, for example {suggestion}.zip"


def not_empty(folder: Path) -> str:
    return f"{folder} is not empty: name a new folder"


def cannot_write(path: Path, reason: str | None) -> str:
    return f"{path} cannot be written: {reason}"


# What continuous integration reads.


def not_on_github(variable: str) -> str:
    return f"--github is for GitHub Actions, which sets {variable}: it is not set here"


def one_in_the_other(source: Path, into: Path) -> str:
    return f"{source} and {into} lie in each other: collect --into a folder beside what is collected"


UNCONFINED = "Graded without confinement (--unconfined): the reports say so."
NOT_LOADED = "could not be read"


def roster_of_class(roster: Path, policy: str) -> str:
    return f"Roster: {roster}, which {policy} names. (--roster takes another one.)"


def no_submission_for(assignments: str, students: str) -> str:
    return f"No submission for {assignments}: {students}"


def no_submission(students: str) -> str:
    return f"No submission: {students}"


def summary(submissions: int, unreadable: int, mean: str) -> str:
    return f"Submissions: {submissions} (unreadable: {unreadable}). Mean of the scores: {mean}."


def graded(fresh: int, seconds: str) -> str:
    return f"{fresh} graded in {seconds} s."


def graded_at(fresh: int, seconds: str, rate: str) -> str:
    return f"{fresh} graded in {seconds} s ({rate}/s)."


def graded_and_kept(fresh: int, seconds: str, kept: int) -> str:
    return f"{fresh} graded in {seconds} s, {kept} kept from an earlier run."


def graded_at_and_kept(fresh: int, seconds: str, rate: str, kept: int) -> str:
    return f"{fresh} graded in {seconds} s ({rate}/s), {kept} kept from an earlier run."


def to_come(awaiting: int, late: int, missing: int) -> str:
    return f"Marks that await hand grading: {awaiting}; late: {late}; missing: {missing}."


def out_of(points: str, possible: str) -> str:
    return f"{points}/{possible}"


def grader_errors(reports: int) -> str:
    return f"Reports with a grader_error: {reports}. Ours to mend, then grade again."


def gradebook(url: str, written: int) -> str:
    return f"Gradebook: {url}. Submissions written: {written}."


def gradebook_held_back(url: str, written: int, held_back: int) -> str:
    return f"Gradebook: {url}. Submissions written: {written}; held back for a grader_error: {held_back}."


def unreadable(reason: str) -> str:
    return f"unreadable: {reason}"


def mistake(question: str, name: str) -> str:
    return f"{question}: {name}"


def times(count: int, what: str) -> str:
    return f"{count} × {what}"


# Tables


def heading(title: str) -> str:
    """Of what stands behind or below it."""
    return f"{title}:"


# Students


def nothing_on(folder: Path, student: str) -> str:
    return f"{folder} holds nothing on {student!r}"


def nothing_on_like(folder: Path, student: str, near: str) -> str:
    return f"{folder} holds nothing on {student!r}; did you mean {near!r}?"


# Marks


def gradebook_not_named(folder: Path, url: str) -> str:
    return (
        f"points by hand in {folder} are from the gradebook {url}: name it with --gradebook, or do without it with "
        "--gradebook none"
    )


def another_gradebook(before: str, now: str) -> str:
    return f"Points by hand are from another gradebook than last time: {now}, not {before}."


def marks_moved(count: int, up: int, down: int) -> str:
    return f"Marks changed: {count}; up: {up}, down: {down}."


def moved_by(checks: int, rules: int, both: int, others: int) -> str:
    """`others`: there was or is no mark, or it is the same number, out of another maximum."""
    return (
        f"By checks: {checks}; by rules or points by hand: {rules}; by both: {both}; "
        f"otherwise (another status or maximum): {others}."
    )


def points_by_hand(question: str, before: str, after: str) -> str:
    return f"`{question}` by hand: {before} → {after}"


def more_marks(count: int) -> str:
    return f"And {count} more: see marks.csv."


def no_longer(reason: str) -> str:
    return f"no longer: {reason}"


# Of a mark, where its status is not told by what else stands in the table.
MARK_WORDS = {"awaits_hand_grading": "awaits hand grading", "excused": "excused"}
LATE = "late"
CLASS_COLUMNS = ("Student", "Assignment", "Mark", "Notes")
ASSIGNMENT_COLUMNS = ("Assignment", "Submissions", "Mean", "Most common misconceptions")
GRADING = "Grading"
MARK_CHANGE_COLUMNS = ("Student", "Assignment", "Mark", "By checks", "By rules", "Because of")
MARK_STATUS = {
    "graded": "graded",
    "missing": "missing",
    "excused": "excused",
    "unreadable": "unreadable",
    "grader_error": "the grader failed",
    "awaits_hand_grading": "awaits hand grading",
}
WRITING_PAGES = "Writing pages"


# What became of mutants.

MUTANT_COLUMNS = ("Question", "Made", "Killed", "Equivalent", "Alike", "Surviving")
MUTANTS = "mutants of questions"
ALIKE = "alike on all inputs that are drawn: draw others, or say in equivalents.toml why it is right"
NONE_SURVIVES = "None survives that differs from the reference."


def mutant_at(path: str, line: int, question: str, kind: str) -> str:
    return f"{path}:{line}: {question}, {kind}"


def entry_of(path: str, question: str) -> str:
    return f"{path}: an entry of {question}"


def line_was(statement: str) -> str:
    return f"  - {statement}"


def line_is(statement: str) -> str:
    return f"  + {statement}"


def in_region(region: str, wrong: str) -> str:
    return f"  + where {region}: {wrong}"


def verdict(text: str) -> str:
    return f"  {text}"


def survives(call: str, check: str) -> str:
    if not check:
        return f"survives: it gets all points, and differs from the reference for {call}"
    return f"survives: it gets all points, and differs from the reference in {call}, which {check} draws"


def never_drawn(question: str, regions: str) -> str:
    return f"{question}: no check draws inputs for which {regions}."


def seldom_drawn(question: str, regions: str) -> str:
    return f"{question}: not every student's hidden inputs are such that {regions}."


def left_out(question: str, count: int) -> str:
    return f"{question}: {count} more mutants were not tried, evenly spread, for it has too many."


def mutants_made(made: int, killed: int, ended: int, equivalent: int, alike: int) -> str:
    return (
        f"{made} mutants: {killed} killed, {ended} of them by the limits of time and memory; {equivalent} equivalent, "
        f"with a reason; {alike} alike on all inputs that are drawn."
    )


def regions_open(never: int, seldom: int) -> str:
    return f"Kinds of inputs that no check draws: {never}; that not every student's hidden inputs are of: {seldom}."


def mutants_survive(count: int) -> str:
    return f"{count} survive: each gets all points, and differs from the reference on inputs that are drawn."


def reasons_stale(count: int) -> str:
    return f"{count} entries of equivalents.toml do not hold."


NOT_TRIED = "No mutants were tried: what certifies nothing catches nothing. Mend the proofs first."


def counts_kept(path: str) -> str:
    return f"{path}: the counts are written down."
