"""Sentences to an author who runs a course's checks with pytest."""

from __future__ import annotations

from autograder.language.current import translatable

translatable(__name__)

OPTION = (
    "what the checks of a course are run on: `reference` (the lesson itself), `stub` (what students are given), a "
    "misconception by its name, or a student's file"
)


def nothing_named(name: str, near: str) -> str:
    return f"--on {name}: neither a file nor a misconception has that name: say `reference`, `stub` or perhaps {near}"


A_FILE = "a file's path, for there are no misconceptions"


def file_of_which(name: str, assignments: str) -> str:
    return f"--on {name}: it may be the work on any of {assignments}: name the folder of one of them only"


def no_check_of_course(test: str, course: str) -> str:
    return f"{test} asks for what only the checks of an assignment in {course} have"


NO_COURSE = "--on says what the checks of a course are run on: name a folder or a file in its solutions/, too"
SEVERAL_COURSES = "these are checks of several courses: run one course's at a time"


def run_on(assignment: str, handed_in: str) -> str:
    return f"{assignment}, on {handed_in}"


REFERENCE = "the lesson's own answers"
STUB = "what students are given, with nothing filled in"


def misconception(name: str, question: str) -> str:
    return f"the misconception `{name}` of `{question}`, and the lesson's own answers beside it"


def misconception_with(name: str, question: str, constants: int) -> str:
    return (
        f"the misconception `{name}` of `{question}` with the first of its {constants} constants, and the lesson's own "
        "answers beside it"
    )


def file(path: str) -> str:
    return f"{path}, with other inputs than any student's; what it takes from earlier assignments is the lesson's"


def file_of(path: str, student: str) -> str:
    return f"{path}, with the inputs of {student}; what it takes from earlier assignments is the lesson's"


def points(question: str, earned: str, possible: str) -> str:
    return f"{question}: {earned} of {possible} points"


def cases(check: str, cases: int, each: str) -> str:
    return f"{check}: {cases} cases, worth {each} each"
