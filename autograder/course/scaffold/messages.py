"""What is said where something new cannot be made, and of what was made, for the course's author."""

from __future__ import annotations

from pathlib import Path

from autograder.language.current import translatable

translatable(__name__, "FOR_A_COURSE", "FOR_AN_ASSIGNMENT")


def course_is_a_path(name: str) -> str:
    return f'"{name}" is a path: go to the folder in which the course is to lie, and give its name alone'


def assignment_is_a_path(name: str) -> str:
    return f'"{name}" is a path: a new assignment lies in solutions/; give its name alone, such as 02_softmax'


def not_a_course_name(name: str) -> str:
    return f'"{name}" cannot be the name of a course\'s folder: take letters, digits, "-" and "_"'


def not_an_assignment_name(name: str) -> str:
    return f'"{name}" cannot be the name of an assignment: take a number and the name of a function, such as 02_softmax'


def reserved_by_windows(name: str) -> str:
    return f'"{name}" cannot be the name of a file on Windows, where students unpack it: choose another'


def taken_by_python(name: str, question: str) -> str:
    return (
        f"{name} would ask for a function `{question}`, which is a word of Python's own, or one that notebooks "
        "use: choose another"
    )


def question_is_taken(name: str, question: str, assignment: str) -> str:
    return f"{name} would ask for a function `{question}`, and {assignment} has one: choose another name"


def assignment_is_there(name: str, there: str) -> str:
    return f"the course has {there}: choose another name than {name}"


def former_name(name: str, settings: str) -> str:
    return f"{name} is the former name of other assignments, by [former] in {settings}: choose another"


def is_there(place: Path) -> str:
    return f"{place} is there: nothing was written. Choose another name, or move it away"


def not_written(place: Path, reason: str) -> str:
    return f"{place} cannot be written: {reason}. Nothing is left of it"


# What was made.

GO_ON = "What to do next:"
FOR_A_COURSE = ("autograder certify", "autograder release", "autograder grade submitted")
FOR_AN_ASSIGNMENT = ("autograder certify {assignment}", "autograder release {assignment} --open")


def entered(settings: Path, names: str) -> str:
    return f"{settings} lists it: {names}"


def not_entered(settings: Path, name: str) -> str:
    return f'{settings} was not changed, for its list of assignments is not found by rule: add "{name}" to it by hand'


def no_numpy(settings: Path) -> str:
    return f"It begins with NumPy, which answers may not import by {settings}: add it there, or write without it"


def build_on(question: str, assignment: str) -> str:
    return (
        f"To build on each student's own `{question}` of {assignment}, put `from autograder import check, previous` "
        f'and `{question} = previous("{question}")` into the first code cell of lesson.py.'
    )
