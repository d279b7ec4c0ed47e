"""Sentences of the export to an LMS: for the instructor, and Moodle's feedback comments for the student."""

from __future__ import annotations

from pathlib import Path

from autograder.language.current import translatable

translatable(__name__)


def not_a_number(column: str, worth: str, assignment: str) -> str:
    return f"{column}: {worth!r} is no number of points for {assignment}"


def other_maximum(column: str, assignment: str, there: str, here: str) -> str:
    return (
        f"{column}: {assignment} is worth {there} there and {here} here: "
        f"set it to {here} in the LMS, and download the file again"
    )


def other_maximum_than_both(column: str, assignment: str, there: str, here: str, checks: str) -> str:
    return (
        f"{column}: {assignment} is worth {there} there and {here} here, {checks} of them for the checks: set it to "
        f"{here} in the LMS, or to {checks} to leave the answers in words out, and download the file again"
    )


def reports_disagree(assignment: str, points: str) -> str:
    return f"the reports on {assignment} are worth {points} points: grade them all again"


NOBODY = "there is nobody in the class, and so no mark to write: grade it again"


# Ids


def name_acts_as_formula(column: str, name: str) -> str:
    return (
        f"{name!r} would act as a formula in a spreadsheet, and without a roster it is written as the {column}: "
        "give a --roster that has another id for them"
    )


def id_acts_as_formula(column: str, value: str) -> str:
    return f"the template's {column} {value!r} would act as a formula in a spreadsheet: mend it in the LMS"


# Canvas


def not_canvas_column(student: str, last_name: str, first_name: str) -> str:
    return (
        f"the template is no gradebook of Canvas: its first columns are neither {student!r} and 'ID' nor "
        f"{last_name!r}, {first_name!r} and 'ID'"
    )


def read_only_column(column: str, assignment: str) -> str:
    return f"{column}: Canvas says `read only`, and would ignore marks for {assignment} there: name another column"


def dropped_column(title: str, words: str, assignment: str) -> str:
    return (
        f"{title}: Canvas takes every column with {words!r} in its title for a total, and would drop the marks for "
        f"{assignment}: give it another title"
    )


def not_canvas_row(row: str) -> str:
    return f"the template is no gradebook of Canvas: it has no row {row!r}"


def no_column_for(assignment: str, titles: str) -> str:
    return f"no column of the template is for {assignment}: say which with --column {assignment}=…, one of {titles}"


def several_columns_for(assignment: str, titles: str) -> str:
    return (
        f"more than one column of the template is for {assignment}: "
        f"say which with --column {assignment}=…, one of {titles}"
    )


def one_column_for_two(title: str, one: str, other: str) -> str:
    return f"{title}: it is to take the marks for {one} and those for {other}: say which with --column"


def title_twice(title: str, assignment: str) -> str:
    return (
        f"{title}: more than one column of the template has this title, and Canvas reads only the first of them: take "
        f"out those that are not for {assignment}"
    )


# Moodle


def no_id_column(columns: str) -> str:
    return f"the roster has none of the columns {columns}: Moodle needs one to find its users"


def several_assignments(assignments: str) -> str:
    return f"a worksheet is for one assignment: choose with --assignment one of {assignments}"


NO_MAXIMUM = (
    "the template is no grading worksheet with points: no column right of the grade holds what the assignment is worth "
    "(if Moodle grades it by a scale, give it points there, and download the worksheet again)"
)


def lacks_column(column: str) -> str:
    return (
        f"the template is no grading worksheet: it has no column {column} "
        "(Moodle writes them in English where your profile's language is English)"
    )


def lacks_two_columns(first: str, second: str) -> str:
    return (
        f"the template is no grading worksheet: it has no column {first} and no {second} "
        "(Moodle writes them in English where your profile's language is English)"
    )


def lacks_three_columns(first: str, second: str, third: str) -> str:
    return (
        f"the template is no grading worksheet: it has no column {first} and no {second} and no {third} "
        "(Moodle writes them in English where your profile's language is English)"
    )


# Feedback comments, in HTML


def mark(points: str, possible: str) -> str:
    return f"Mark: {points} of {possible}."


def mark_without_written(points: str, possible: str) -> str:
    return f"Mark: {points} of {possible}, without the answers in words."


MARK_OF_A_PERSON = "Your grade was entered by a person, and is the one that counts."


def score(points: str, possible: str) -> str:
    return f"Score of the checks: {points} of {possible}."


def question_score(question: str, points: str, possible: str) -> str:
    return f"{question}: {points} of {possible}"


def adjustment(reason: str, points: str) -> str:
    """`points` have their sign."""
    return f"{reason} ({points})"


def with_written(points: str, possible: str) -> str:
    return f"With the answers in words: {points} of {possible}."


# What is said of a file that was written

UNREADABLE_REASON, GRADER_ERROR_REASON = "unreadable", "the grader failed"


def unknown_to_roster(students: str) -> str:
    return f"Not in the roster: {students}"


def unknown_to_template(students: str) -> str:
    return f"Not in the template: {students}"


def unknown_to_both(students: str) -> str:
    return (
        f"No row of the template is known to be theirs: {students}. See who is in the roster, and who in the template."
    )


def unknown_to_any(students: str) -> str:
    return f"Not in the file: {students}"


def strangers(rows: str) -> str:
    return (
        f"Rows of the template about nobody who is known here: {rows}. They handed in nothing, or have other ids here."
    )


def without_zeros(rows: str) -> str:
    return (
        f"Ids that may have lost the zeros at their front: {rows}. Spreadsheets take them away: download the template "
        "again, and do not save it with one."
    )


def would_be(row: str, student: str) -> str:
    return f"{row} (would be {student})"


def full_marks(assignments: str) -> str:
    return f"Whole marks: {assignments}"


def marks_without_written(assignments: str) -> str:
    return f"Marks without the answers in words, for their columns are worth no more: {assignments}"


def of_points(assignment: str, possible: str) -> str:
    return f"{assignment} (of {possible})"


def awaiting(count: int, assignments: str, folder: Path) -> str:
    return (
        f"No mark yet, for answers in words await hand grading: {count} ({assignments}). "
        f"`autograder written {folder} --out written.csv` writes a sheet for that."
    )


def counted(assignment: str, count: int) -> str:
    return f"{assignment}: {count}"


def no_mark(marks: str) -> str:
    return f"There is no mark to write: {marks}"


def set_as_a_whole(marks: str) -> str:
    return (
        "Set as a whole, answers in words included, and not written into a column that is worth only the checks: "
        f"{marks}. Write a number there yourself."
    )


def of_student(student: str, assignment: str) -> str:
    return f"{student} {assignment}"


def with_reason(mark: str, reason: str) -> str:
    return f"{mark} ({reason})"


def excused_as(word: str, count: int, marks: str) -> str:
    return f"Excused, and written as {word}: {count} ({marks})"


def excused(count: int, marks: str) -> str:
    return f"Excused, and without a mark: {count} ({marks})"


def withdrawn_left_out(count: int, students: str) -> str:
    return f"Withdrawn, and left out: {count} ({students})"


def withdrawn_left_alone(count: int, students: str) -> str:
    return f"Withdrawn, and left as they are in the template: {count} ({students})"


def above_maximum(marks: str) -> str:
    return (
        f"Above the maximum, which Moodle passes over: {marks}. Enter these in its gradebook, if your site lets grades "
        "go beyond the maximum, or give the extra points in an item of their own."
    )


def above(mark: str, points: str, possible: str) -> str:
    return f"{mark} ({points} of {possible})"


def blanks(count: int, marks: str) -> str:
    return (
        f"Blank beside marks: {count} ({marks}). Where Canvas has a score for a blank cell, the import deletes it: "
        "fill in a --template instead, or write one --assignment at a time."
    )


def blanks_in_moodle(count: int, marks: str) -> str:
    return (
        f"Without a grade beside marks: {count} ({marks}). Where Moodle has a grade for such a cell, the import clears "
        "it, and the assignment brings none back: fill in its worksheet as --template instead, or write one "
        "--assignment at a time."
    )


def misread(cells: str) -> str:
    return f"Moodle would take these cells for other grades: {cells}. Mend or empty them before you upload the file."


def taken_for(row: str, text: str, grade: str) -> str:
    return f"{row} ({text}, taken for {grade})"


NO_COMMENTS = "No comments are written: the template has no column for them whose title is known."
