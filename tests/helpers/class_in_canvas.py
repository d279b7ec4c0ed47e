"""A class in Canvas, and what its teacher downloads: the submissions of one assignment, and the gradebook."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from autograder.course.loader import Assignment, load_course
from tests.helpers.canvas import Gradebook, Upload, User, download
from tests.helpers.hand_ins import ANSWER, Notebook, cell, mistaken, solved
from tests.helpers.paths import ROOT
from tests.helpers.term import FIRST_NAMES, LAST_NAMES

NAME, QUESTION = "02_scaled_scores", "why_sqrt_d"
TITLE = f"{NAME} (7732)"
WORDS = (
    ANSWER,
    "The scores are sums of d products. Their variance is d, so their spread is its root.",
    "Because the numbers get too big.",
)
NOTHING, PDF, CUT_OFF, LATE, AGAIN, BY_HAND = (
    7,
    12,
    17,
    (3, 22),
    28,
    35,
)  # what befalls single students, by their numbers


def class_of(students: int) -> list[User]:
    """So many, with the logins that their names give; from the 41st on, names come again."""
    people = list(product(FIRST_NAMES, LAST_NAMES))
    return [_user(number, *people[number % len(people)], number // len(people)) for number in range(students)]


def _user(number: int, first: str, last: str, namesakes: int) -> User:
    plain = unicodedata.normalize("NFD", f"{first[0]}{last}").lower()
    login = "".join(each for each in plain if each.isascii() and each.isalpha()) + (str(namesakes) if namesakes else "")
    return User(4101 + number, f"{last}, {first}", login, "A" if number % 2 else "B")


NEWCOMER = User(9990, "Fox, Gil", "gfox", "A")  # who joined after the roster was made


def uploads(assignment: Assignment, students: int) -> Iterator[Upload]:
    """Right answers and known mistakes in turn; and what else happens in a class."""
    pages = [solved(assignment), *(mistaken(assignment, each.name) for each in assignment.misconceptions)]
    for number, user in enumerate([*class_of(students), NEWCOMER]):
        notebook: Notebook = json.loads(json.dumps(pages[number % len(pages)]))
        answer = cell(notebook, QUESTION)
        answer["source"] = answer["source"].replace(ANSWER, WORDS[number % len(WORDS)])
        file, text = f"{NAME}{'-1' if number == AGAIN else ''}.ipynb", json.dumps(notebook)
        if number == PDF:
            file, text = f"{NAME}.pdf", "%PDF-1.7 of the notebook"
        if number != NOTHING:
            yield Upload(user, 90001 + number, file, text[: 900 if number == CUT_OFF else None], number in LATE)


def gradebook(students: int) -> Gradebook:
    """With a column of the teacher's own, and one mark in ours that the teacher gave by hand."""
    users = [*class_of(students), NEWCOMER]
    scores = {(user.id, "Project (7740)"): f"{user.id % 11}.00" for user in users}
    scores[users[BY_HAND].id, TITLE] = "25.00"
    return Gradebook(users, {TITLE: "29.00", "Project (7740)": "10.00"}, [TITLE], scores)


def write_download(path: Path, students: int, course: Path = ROOT / "solutions") -> None:
    """The zip of all submissions."""
    download(path, uploads(load_course(course).assignment(NAME), students))


def roster_of(export: str) -> str:
    """A gradebook as a teacher makes a roster of it: with a column `folder`, which is a copy of `SIS Login ID`."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    header, *rows = csv.reader(io.StringIO(export, newline=""))
    login = header.index("SIS Login ID")
    writer.writerows([["folder", *header], *([row[login], *row] for row in rows)])
    return target.getvalue()


def fill_sheet(sheet: Path) -> None:
    """Read the answers in words as a person does: the model's thought is worth 4 points, all else 1 and a comment."""
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["points"], row["comment"] = (
            ("4", "") if "variance" in row["answer"] else ("1", "What grows with d, and why?")
        )
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
