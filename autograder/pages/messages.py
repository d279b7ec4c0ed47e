"""Sentences of the pages that depend on a number or a state, and of the tables. All others stand in templates/.

In a template, `say.points(3)` is one of these.
"""

from __future__ import annotations

from autograder.language.current import translatable

translatable(__name__, "BETWEEN_REASONS", "FINAL", "NOT_FINAL")

CLASS_RESULTS = "Class results"


# marks.csv, totals.csv

BETWEEN_REASONS = " | "
FINAL = "yes"
NOT_FINAL = "no"


# Pages


def points(count: str) -> str:
    return f"{count} point" if count == "1" else f"{count} points"


def checks(count: str) -> str:
    return f"{count} check" if count == "1" else f"{count} checks"


def answers(count: str) -> str:
    return f"{count} answer" if count == "1" else f"{count} answers"


def students(count: str) -> str:
    return f"{count} student" if count == "1" else f"{count} students"


def submissions(count: str) -> str:
    return f"{count} submission" if count == "1" else f"{count} submissions"


def full_score(checks: int) -> str:
    if checks == 1:
        return "Full score: the check passes. Well done!"
    return f"Full score: all {checks} checks pass. Well done!"


def all_checks_pass(checks: int) -> str:
    """Said where the mark is another than full."""
    if checks == 1:
        return "The check passes. What else your mark is made of stands below."
    return f"All {checks} checks pass. What else your mark is made of stands below."


def from_the_checks(score: str, points: str) -> str:
    return f"From the checks: {score} of {points}."


def some_pass(passed: int, checks: str) -> str:
    return f"{passed} of {checks} passes already." if passed == 1 else f"{passed} of {checks} pass already."


NOTHING_TO_GRADE = "Nothing to grade yet: “Where to look next” says where to begin."
NO_CHECK_PASSES = "No check passes yet: “Where to look next” says where to begin."


def broke(checks: int) -> str:
    if checks == 1:
        return (
            "One of our checks broke while it graded your work. "
            "The points on this page are those that you have so far; they are no mark yet."
        )
    return (
        f"{checks} of our checks broke while they graded your work. "
        "The points on this page are those that you have so far; they are no mark yet."
    )


def may_be_added(points: str) -> str:
    return f"Up to {points} may still be added."


NOTHING_TAKEN_OFF = "Nothing is taken off for that, and there is nothing for you to do: your instructor has been told."


def still_open(points: str) -> str:
    """Said in the place of the points of a check that broke."""
    return f"up to {points} more"


def graded_by_hand(answers: int) -> str:
    if answers == 1:
        return "Your instructor reads this answer; its points are part of your mark."
    return "Your instructor reads these answers; their points are part of your mark."


LEFT_AS_HANDED_OUT = "Nothing was written here: the cell is as it was handed out."
NO_ANSWER = "No answer to this question was found in the file."
CODE_CUT = "(The code goes on.)"


def up_to(points: str) -> str:
    return f"up to {points}"


def still_to_be_read(points: str) -> str:
    return f"up to {points}, still to be read"


def page_not_made(student: str, assignment: str, error: str, detail: str) -> str:
    return f"The page of {student} {assignment} could not be made ({error}: {detail}). The mark stands."


# What a student is told beside the reasons of a mark that is not there, or not there yet.

AWAITS_TO_STUDENT = "Your instructor is still to read part of your work. There is nothing for you to do."
EXCUSED_TO_STUDENT = "This assignment gives you no mark, and does not count in the total of the course."
MISSING_TO_STUDENT = "If you did hand something in, tell your instructor."
UNREADABLE_TO_STUDENT = "What you can do is said below."
GRADER_ERROR_TO_STUDENT = "There is nothing for you to do."
WHY = {
    "graded": "",
    "missing": MISSING_TO_STUDENT,
    "excused": EXCUSED_TO_STUDENT,
    "unreadable": UNREADABLE_TO_STUDENT,
    "grader_error": GRADER_ERROR_TO_STUDENT,
    "awaits_hand_grading": AWAITS_TO_STUDENT,
}


def signed(points: str, is_less: bool) -> str:
    return f"\N{MINUS SIGN}{points}" if is_less else f"+{points}"


# The class

CLASS_MEAN = "Class mean"
CLASS_MEAN_OF_CHECKS = "Class mean of the checks"
OF_WORK = "of what was handed in"
OF_ALL = "over the whole class"
MEANS = (
    "The mean of what was handed in is of all work that has a number. In the mean over the whole class, who handed in "
    "nothing counts as 0. Who is excused or has withdrawn is in neither, and work without a number is not yet."
)


def both_means(of_work: str, works: str, of_all: str, people: str) -> str:
    return f"mean {of_work} of {works} handed in, {of_all} over the {people} of the whole class"


def graded(time: str) -> str:
    return f"Graded {time}"


def from_students(count: str) -> str:
    return f"from {count} student" if count == "1" else f"from {count} students"


def places(count: str) -> str:
    return f"{count} without a place"


AWAITS_A_PERSON = "For a person to look at"
NOTHING_AWAITS = "Nothing waits for a person."
NOT_PLACED = (
    "These files came in, and nobody's folder was the place for them: they are not graded. Put right what is said of "
    "each, and collect and grade again."
)
ENTER_LEADS_TO_THE_ROW = "The table shows those who fit. Enter leads to the first of them."
HOW_TO_READ = "How to read this table"
MARKS_OF_THE_TABLE = (
    "Under an assignment's name stands the mark, which links to the page that the student gets and says how it came "
    "about."
)
QUESTIONS_OF_THE_TABLE = "Beside it are the points of the checks of each question, and those of the answers in words."
WORDS_OF_THE_TABLE = (
    "“awaiting”: somebody has answers to read, and what stands there is the mark without them. “awaiting, 0 so far”: "
    "by the rules of the class these answers count 0 until somebody reads them, and the mark is of the whole maximum."
)
TOTALS = "The total is the course's, of all that has a mark; “so far”: something that counts is still to come."
TOTALS_OF_CHECKS = (
    "Nobody has a mark so far: “checks” is a student's share of the points of the checks in all that they handed in."
)


def first_rows(count: str, everybody: str) -> str:
    """Said where no script runs."""
    return (
        f"Without scripts, the table shows the first {count} of {everybody} students, by name. All of them are in "
        "marks.csv and totals.csv beside this page."
    )


ON_PAPER = "On paper: the students whom the page showed. Find, filter and turn to others to print them."
ROWS_BEFORE, ROWS_AFTER = "Previous", "Next"
ROWS_SHOWN = "{first} to {last} of {count}"  # filled in by the page


def more_in_the_table(count: str) -> str:
    return f"{count} more, in the table"


def some_of(count: str, everybody: str) -> str:
    return f"{count} of {everybody}"


def of_students(count: str, everybody: str) -> str:
    return f"{count} of {everybody} students"


def more(count: int) -> str:
    """The rest of a list."""
    return f"{count} more"


def fail_at(share: str, title: str) -> str:
    return f"{share} of those who wrote it fail at: {title}"


def share_unnamed(share: str) -> str:
    return f"{share} wrong in a way that has no name"


def share_unread(share: str) -> str:
    return f"{share} could not be read"


def share_unwritten(share: str) -> str:
    return f"{share} not written"


def passed_by_nobody(count: str) -> str:
    return f"{count} check is passed by nobody." if count == "1" else f"{count} checks are passed by nobody."


# The page of answers in words

MODEL_ANSWER, MARKING_GUIDE = "Model answer", "Marking guide"
QUESTION_GONE = "This question is not in the course any more."


def given_by(students: int) -> str:
    return f"given by {students} student" if students == 1 else f"given by {students} students"


def left_empty(students: int) -> str:
    if students == 1:
        return "1 student left it as it was handed out: 0 points."
    return f"{students} students left it as it was handed out: 0 points."


def different_answers(count: int, students: str) -> str:
    if count == 0:
        return "No answer was found."
    return f"{count} answer of {students}." if count == 1 else f"{count} different answers of {students}."


def files_without_one(count: int) -> str:
    return "1 file in which none was found." if count == 1 else f"{count} files in which none was found."


def await_points(count: int) -> str:
    if count == 0:
        return "All have points."
    return "1 awaits points." if count == 1 else f"{count} await points."


def pictures(count: int) -> str:
    if count == 1:
        return "It shows 1 picture, which is not here: look at it in the notebook that was handed in."
    return f"It shows {count} pictures, which are not here: look at them in the notebook that was handed in."


def rest_of_answer(characters: str) -> str:
    return f"The rest of it, {characters} characters"


# What is to be known of a mark, in a word.
WORDS = {
    "graded": "",
    "missing": "missing",
    "excused": "excused",
    "unreadable": "unreadable",
    "grader_error": "not final",
    "awaits_hand_grading": "awaiting",
}
AWAITING_AS_ZERO = "awaiting, 0 so far"
LATE = "late"


def out_of(points: str, possible: str) -> str:
    return f"{points} / {possible}"
