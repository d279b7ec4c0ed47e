"""By which roster a command knows the people of a class."""

from __future__ import annotations

from pathlib import Path

from autograder.classroom.marks.model import ClassMarks
from autograder.classroom.marks.rules import policy_file
from autograder.classroom.members import roster_of_members
from autograder.classroom.policy.reader import read_roster_path
from autograder.classroom.roster import Roster, read_roster
from autograder.cli.shared import messages
from autograder.grading.store import ReportStore


def people_of_class(store: ReportStore, marks: ClassMarks, given: Path | None) -> tuple[Roster, str]:
    """Those of the roster that is given, or else of the one that class.toml names: a sentence says so.

    Without either, those in the class, known by their names alone. Raises UserError.
    """
    if given:
        return read_roster(given), ""
    policy = policy_file(store, store.load_class())
    if policy.exists() and (path := read_roster_path(policy)):
        return read_roster(path), messages.roster_of_class(path, policy.name)
    return roster_of_members(each.member for each in marks.students), ""
