"""What an export has changed in a template, cell by cell; and a template as a spreadsheet saves it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

from tests.helpers.canvas import Gradebook
from tests.helpers.command_line import said
from tests.helpers.moodle import COMMENT, ENGLISH, GRADE, Worksheet
from tests.helpers.term import CANVAS, Marks, user

NUMBER = re.compile(r"\d+\.\d+")
Cell = tuple[str, str]  # of a row, by what stands in its first or second column, and the title of a column


def cells(text: str, key: int) -> dict[Cell, str]:
    """All cells of a file, header and all, whatever its delimiter; `key` is the column that tells rows apart."""
    body = text.removeprefix("\ufeff")
    first = body.splitlines()[0]
    header, *rows = csv.reader(io.StringIO(body, newline=""), delimiter=max(",;", key=first.count))
    found = {("header", title): str(index) for index, title in enumerate(header)}
    for row in rows:
        found |= {(row[key] or row[0].strip(), title): cell for title, cell in zip(header, row, strict=True)}
    return found


def changed(before: str, after: str, key: int) -> dict[Cell, str]:
    """The cells that are another in `after`; there is none more, and none less."""
    old, new = cells(before, key), cells(after, key)
    assert list(old) == list(new), "rows and columns are the same, in the same order"
    return {cell: new[cell] for cell in old if old[cell] != new[cell]}


def saved_by_excel(text: str) -> str:
    """As Excel saves a CSV file in German: semicolons, decimal commas, no zeros behind them, a byte order mark."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    for row in csv.reader(io.StringIO(text, newline="")):
        writer.writerow([f"{float(cell):g}".replace(".", ",") if NUMBER.fullmatch(cell) else cell for cell in row])
    return "\ufeff" + target.getvalue()


def sorted_by_name(text: str) -> str:
    """All rows below the header by their first cells, from Z to A, as a spreadsheet sorts them."""
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    return _written([header, *sorted(rows, reverse=True)])


def with_column(text: str, title: str, content: str) -> str:
    """With a column of the teacher's own at the end."""
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    return _written([[*header, title], *([*row, content] for row in rows)])


def _written(rows: list[list[str]]) -> str:
    target = io.StringIO(newline="")
    csv.writer(target, lineterminator="\n").writerows(rows)
    return target.getvalue()


def export_to_canvas(
    term: Path, book: Gradebook, template: str, *, kept: Marks, new: Sequence[str] = (), changes: bool = True
) -> str:
    """Fill in a template, in which people wrote what is to be `kept`, and upload it. Returns what was said.

    `new`: titles of columns that Canvas does not know. No cell is another but those of our columns.
    """
    (term / "gradebook.csv").write_text(template, encoding="utf-8", newline="")
    command = ("export", "canvas", "graded", "--template", "gradebook.csv", "--out", "upload.csv")
    printed = said(*command, expected=1)
    filled = (term / "upload.csv").read_bytes().decode()
    assert book.upload(filled) == list(new)
    cells = changed(template, filled, key=1)
    assert {title for _, title in cells} == (set(CANVAS.values()) if changes else set())
    assert not cells.keys() & {(str(user(student).id), CANVAS[name]) for student, name in kept}
    return printed


def export_to_moodle(term: Path, book: Worksheet, name: str, *, kept: Sequence[int], changes: bool = True) -> str:
    """The same for an assignment of Moodle, in which people gave those `kept` their grades.

    The box for what is newer is ticked where Moodle cannot read the dates. Nothing but grades and comments is another.
    """
    template = book.download()
    (term / "worksheet.csv").write_text(template, encoding="utf-8", newline="")
    command = ("export", "moodle", "graded", "--template", "worksheet.csv", "--out", "upload.csv")
    printed = said(*command, "--assignment", name, expected=1)
    filled = (term / "upload.csv").read_bytes().decode()
    book.upload(filled, updates_newer=book.language is not ENGLISH)
    grade, comment = book.language.titles[GRADE], book.language.titles[COMMENT]
    cells = changed(template, filled, key=0)
    titles = {title for _, title in cells}
    assert titles == ({grade, comment} if changes else {comment} & titles), "its tags may be put into a comment again"
    assert not cells.keys() & {(f"{book.language.participant}{number}", grade) for number in kept}
    return printed
