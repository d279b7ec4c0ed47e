"""A term: forty students, three small assignments, and what each of them hands in, as Canvas and Moodle hand it on."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path

import nbformat

from autograder.course.loader import load_course
from autograder.course.release import released_notebook
from tests.helpers import canvas, moodle
from tests.helpers.canvas import Gradebook, Upload, User
from tests.helpers.course import write_course
from tests.helpers.moodle import Participant, Worksheet

NAMES = ("01_first", "02_second", "03_third")
CANVAS = {"01_first": "01_first (7731)", "02_second": "02_second (7732)", "03_third": "03_third (7733)"}
Marks = dict[tuple[str, str], str]  # by student and assignment

# Each assignment: `double`, 4 + 4 points, `half`, 2 points, and an answer in words, 4 points; 14 in all.
LESSON = '''\
# %% [markdown]
# # Twice and half

# %%
from autograder import check


# %% double{n}
def double{n}(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


# %% half{n}
def half{n}(x):
    """Half of x."""
    ### BEGIN SOLUTION
    return x / 2
    ### END SOLUTION


# %% why{n} [markdown] points=4
# Why?
#
# ### BEGIN SOLUTION
# Because two halves make one.
# ### END SOLUTION
'''
VISIBLE = '''\
from autograder.checking import assert_allclose, points


@points(4)
def test_double_example(student):
    """Twice 2 is 4"""
    assert_allclose(student.double{n}(2.0), 4.0)
'''
HIDDEN = '''\
from autograder.checking import assert_allclose, points


@points(4)
def test_double(student):
    """Twice 50 is 100"""
    assert_allclose(student.double{n}(50.0), 100.0)


@points(2)
def test_half(student):
    """Half of 4 is 2"""
    assert_allclose(student.half{n}(4.0), 2.0)
'''

MISCONCEPTIONS = '''\
from autograder.checking import misconception


@misconception("double{n}")
def squared(x):
    """The number was squared.

    What is twice 3?
    """
    return x * x
'''
CLASS_TOML = """\
timezone = "Europe/Berlin"
roster = "roster.csv"
zeros = ["missing"]

[late]
grace_minutes = 15
percent = 10
at_most_percent = 50
closed_after_days = 7
free_days = 1

[assignments.01_first]
due = 2024-10-01T20:00:00

[assignments.02_second]
due = 2024-10-08T20:00:00

[assignments.03_third]
due = 2024-10-15T20:00:00
weight = 2
"""

# What the students of each kind do; student 12 is the second of kind 2. Who is not named does all of it right, in time.
IN_GRACE, TWO_DAYS_LATE, ONE_DAY_LATE, CLOSED, MISSES_ONE = 1, 2, 3, 4, 5
WRONG_HALF, UNREADABLE, NO_WORDS, ROUNDS = 6, 7, 8, 9
HANDED_IN = {  # what is late, and when it came in, which only the teacher sees
    (IN_GRACE, "01_first"): "2024-10-01 20:10 Europe/Berlin",
    (TWO_DAYS_LATE, "01_first"): "2024-10-02 22:00 Europe/Berlin",
    (ONE_DAY_LATE, "02_second"): "2024-10-08 21:00 Europe/Berlin",
    (CLOSED, "03_third"): "2024-10-24 20:00 Europe/Berlin",
}
STUDENTS = [f"s{number:02}" for number in range(40)]
FIRST_NAMES = ("Ana", "Ben", "Chiara", "Dmitri", "Zoë", "Søren", "Jean-Luc", "María José")
LAST_NAMES = ("Roe", "O'Neill", "Müller", "de la Cruz", "Nguyễn")
PEOPLE = dict(zip(STUDENTS, product(FIRST_NAMES, LAST_NAMES), strict=True))


def user(student: str) -> User:
    first, last = PEOPLE[student]
    return User(4100 + int(student[1:]), f"{last}, {first}", f"{student}@uni", "A" if int(student[1:]) < 20 else "B")


def participant(student: str, assignment: str) -> Participant:
    """In Moodle, where everybody has another number in each assignment."""
    first, last = PEOPLE[student]
    number = 31000 + 100 * NAMES.index(assignment) + (7 * int(student[1:])) % 40
    status = "Submitted for grading"
    if (kind(student), assignment) in HANDED_IN:
        status += " - 1 hour late"
    elif (kind(student), assignment) == (MISSES_ONE, "02_second"):
        status = "No submission"
    return Participant(number, f"{first} {last}", f"{student}@uni.example", status)


def kind(student: str) -> int:
    return int(student[-1])


def write_term(folder: Path) -> None:
    """The course, the rules of the class and its roster."""
    files = {
        name: {
            "lesson.py": LESSON.format(n=number),
            "visible_checks.py": VISIBLE.format(n=number),
            "hidden_checks.py": HIDDEN.format(n=number),
            "misconceptions.py": MISCONCEPTIONS.format(n=number),
        }
        for number, name in enumerate(NAMES, 1)
    }
    write_course(folder, files=files)
    (folder / "class.toml").write_text(CLASS_TOML)
    with (folder / "roster.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["folder", "Student", "ID", "SIS Login ID", "Section", "Email address"])
        for student in STUDENTS:
            who = user(student)
            writer.writerow([student, who.sortable, who.id, who.login, who.section, f"{student}@uni.example"])


def gradebook() -> Gradebook:
    """Canvas' gradebook, with a quiz of the teacher's own."""
    points = {**dict.fromkeys(CANVAS.values(), "14.00"), "Quiz (88)": "5.00"}
    users = [user(student) for student in STUDENTS]
    scores = {(each.id, "Quiz (88)"): f"{each.id % 5}.50" for each in users}
    return Gradebook(users, points, ["03_third (7733)"], scores)


def worksheet(assignment: str, **options: object) -> Worksheet:
    return Worksheet([participant(student, assignment) for student in STUDENTS], 14, **options)  # type: ignore[arg-type]  # fields


class HandIns:
    """What everybody hands in."""

    def __init__(self, folder: Path) -> None:
        course = load_course(folder / "solutions")
        self._released = {name: nbformat.writes(released_notebook(course.assignment(name))) for name in NAMES}

    def text(self, student: str, assignment: str) -> str | None:
        """The file of a student, if there is one."""
        what = kind(student), assignment
        if what == (MISSES_ONE, "02_second"):
            return None
        if what == (UNREADABLE, "03_third"):
            return "no notebook"
        half = "x" if what[0] == WRONG_HALF else "x // 2" if what == (ROUNDS, "03_third") else "x / 2"
        words = "" if what == (NO_WORDS, "01_first") else "Maybe." if what[0] == WRONG_HALF else "Because."
        return self._answered(assignment, {"double": "2 * x", "half": half}, words)

    def for_canvas(self, path: Path, assignment: str) -> Path:
        """Canvas' download; student 10 has handed in again, so that the file has another name."""
        return canvas.download(path, self._uploads(assignment, STUDENTS, first=90100, again="s10"))

    def too_early_for_canvas(self, path: Path, assignment: str) -> Path:
        """The same, some days before: four students are done, student 10 with a mistake that they mend later."""
        wrong = self._answered(assignment, {"double": "x * x", "half": "x / 2"}, "Because.")
        early = self._uploads(assignment, ["s00", "s10", "s20", "s30"], first=90000)
        return canvas.download(
            path,
            (Upload(each.user, each.number, each.file, wrong) if each.user == user("s10") else each for each in early),
        )

    def for_moodle(self, path: Path, assignment: str) -> Path:
        work = [
            (participant(each, assignment), f"{assignment}.ipynb", self.text(each, assignment)) for each in STUDENTS
        ]
        return moodle.download(path, [(who, file, text) for who, file, text in work if text is not None])

    def _uploads(self, assignment: str, students: Sequence[str], first: int, again: str = "") -> Iterator[Upload]:
        for number, student in enumerate(students, first):
            if (text := self.text(student, assignment)) is not None:
                file = f"{assignment}-1.ipynb" if student == again else f"{assignment}.ipynb"
                yield Upload(user(student), number, file, text, (kind(student), assignment) in HANDED_IN)

    def _answered(self, assignment: str, answers: Mapping[str, str], words: str) -> str:
        notebook = nbformat.reads(self._released[assignment], as_version=4)
        number = NAMES.index(assignment) + 1
        for cell in notebook.cells:
            for question, result in answers.items():
                if cell.id == f"{question}{number}":
                    cell.source = f"def {question}{number}(x):\n    return {result}"
            if words and cell.id == f"why{number}":
                cell.source = words
        text: str = nbformat.writes(notebook)
        return text


def say_when_it_came(term: Path) -> None:
    """Neither system says in its download when something came in: the teacher looks it up."""
    for student in STUDENTS:
        for name in NAMES:
            if time := HANDED_IN.get((kind(student), name)):
                (term / "submitted" / student / name / "timestamp.txt").write_text(time)


def write_in_canvas(canvas: Gradebook, cells: Marks) -> None:
    """What a person does in Canvas itself."""
    for (student, name), cell in cells.items():
        canvas.scores[user(student).id, CANVAS[name]] = cell


def shown_in(canvas: Gradebook) -> Marks:
    """What stands in Canvas of those who are there."""
    by_id = {user(each).id: each for each in STUDENTS}
    return {
        (by_id[each.id], name): canvas.scores.get((each.id, title), "")
        for each in canvas.users
        for name, title in CANVAS.items()
    }


def grades_of(book: Worksheet, name: str) -> Marks:
    """What stands in Moodle, as numbers with two decimals."""
    numbers = {participant(each, name).number: each for each in STUDENTS}
    return {(student, name): f"{book.grades[at]:.2f}" if at in book.grades else "" for at, student in numbers.items()}
