"""A class with every tenth submission hostile: what that costs the others (nothing), and how long it takes.

Grades the honest students alone, then the same students among attackers of all kinds (those of tests/hostile), with
the limits of the course, and compares each mark, outcome and message.

    python -m benchmarks.hostile_class [--submissions N]
"""

from __future__ import annotations

import argparse
import os
import re
import tempfile
import time
from pathlib import Path

from autograder.course.folder import find_course
from autograder.course.loader import Course, load_course
from autograder.grading.discovery import find_submissions
from autograder.grading.runner import grade_class
from autograder.grading.store import ReportStore
from autograder.report.model import Report
from tests.hostile import exhausting, following, forging, leaving, peeking, persisting, reaching
from tests.hostile.arena import ANSWER_MB, NAME, hand_in
from tests.hostile.attack import NEIGHBOURS, Attack

KINDS = (forging, following, leaving, exhausting, peeking, reaching, persisting)
EVERY = 10


def hostile(count: int) -> dict[str, Attack]:
    """As many attacks, of all kinds, by the names of those who hand them in."""
    in_turn = [attack for kind in KINDS for attack in kind.ATTACKS]
    return {f"student{number * EVERY:04}": in_turn[number * len(in_turn) // count] for number in range(count)}


def aimed(attack: Attack, at: Path) -> str:
    """Its source, with a place that it aims at."""
    return re.sub("@[A-Z_]+@", str(at), attack.submission.replace("@ANSWER_MB@", str(ANSWER_MB)))


def honest(count: int) -> dict[str, str]:
    work = list(NEIGHBOURS.values())
    return {f"student{number:04}": work[number % len(work)] for number in range(count) if number % EVERY}


def grade(course: Course, sources: dict[str, str], folder: Path) -> tuple[dict[str, Report], float]:
    """The reports by student, and the seconds that the run took."""
    for student, source in sources.items():
        hand_in(folder / "submitted", student, source)
    handed = find_submissions(folder / "submitted", [NAME]).submissions
    started = time.perf_counter()
    reports = grade_class(course, handed, ReportStore(folder / "graded"), jobs=os.cpu_count() or 1)
    return {report.student: report for report in reports}, time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=300)
    options = parser.parse_args()
    course = load_course(find_course(Path.cwd()))
    peace = honest(options.submissions)
    attackers = hostile(options.submissions - len(peace))
    with tempfile.TemporaryDirectory() as folder:
        alone, quiet = grade(course, peace, Path(folder, "alone"))
        attacks = {student: aimed(attack, Path(folder, "aim")) for student, attack in attackers.items()}
        together, loud = grade(course, peace | attacks, Path(folder, "together"))
    harmed = [student for student in peace if together[student].questions != alone[student].questions]
    worth = {peace[student]: report.score for student, report in alone.items()}
    forged = [each for each, attack in attackers.items() if together[each].score > worth[NEIGHBOURS[attack.earns]]]
    failed = [student for student in together if together[student].has_grader_error]
    taken = sorted((together[student].seconds, student) for student in attackers)
    cores = os.cpu_count() or 1
    print(f"{len(together)} submissions, {len(attackers)} of them hostile, {cores} processes")
    print(f"honest work with another mark, outcome or message than alone: {len(harmed)} of {len(peace)} {harmed or ''}")
    print(f"hostile work with more than its answers are worth: {len(forged)} of {len(attackers)} {forged or ''}")
    print(f"faults of the grader: {len(failed)} {failed or ''}")
    print(f"the honest alone: {quiet:.1f} s; all together: {loud:.1f} s")
    print(
        f"the hostile: {sum(seconds for seconds, _ in taken):.1f} s of grading, at most {taken[-1][0]:.1f} s for one; "
        f"the limits allow {course.limits.submission_seconds:g} s"
    )


if __name__ == "__main__":
    main()
