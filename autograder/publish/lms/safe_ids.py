"""Ids arrive as they are, or not at all: one that a spreadsheet would take for a formula is refused, not changed."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.classroom.csv_file import CsvFile
from autograder.classroom.roster import Roster
from autograder.errors import UserError
from autograder.publish.lms import messages
from autograder.text import is_safe_in_csv


def require_safe_names(roster: Roster, column: str) -> None:
    """Without a roster, names are written as ids into that column. (What a roster file holds was tried as it was read.)

    Raises UserError.
    """
    for person in () if roster.is_given else roster.people:
        if not (person.is_withdrawn or is_safe_in_csv(person.name)):
            raise UserError(messages.name_acts_as_formula(column, person.name))


def require_safe_cells(template: CsvFile, columns: Mapping[str, int]) -> None:
    """The ids of a template, in these columns. Raises UserError."""
    for row in template.rows:
        for index in columns.values():
            if not is_safe_in_csv(row[index].strip()):
                raise UserError(messages.id_acts_as_formula(template.header[index].strip(), row[index]))
