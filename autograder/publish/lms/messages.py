"""Sentences of the export to an LMS: errors for the instructor, and Moodle's feedback comments for the student."""

from __future__ import annotations

# Points


def not_a_number(column: str, worth: str, assignment: str) -> str:
    return f"{column}: {worth!r} is no number of points for {assignment}"


def other_maximum(column: str, assignment: str, there: str, here: str, expected: str) -> str:
    return (
        f"{column}: {assignment} is worth {there} there and {here} here: "
        f"set it to {expected} in the LMS, and download the file again"
    )


def reports_disagree(assignment: str, points: str) -> str:
    return f"the reports on {assignment} are worth {points} points: grade them all again"


# Canvas


def not_canvas_column(column: str) -> str:
    return f"the template is no gradebook of Canvas: its first column is not {column!r}"


def not_canvas_row(row: str) -> str:
    return f"the template is no gradebook of Canvas: it has no row {row!r}"


def no_column_for(assignment: str, titles: str) -> str:
    return f"no column of the template is for {assignment}: say which with --column {assignment}=…, one of {titles}"


def several_columns_for(assignment: str, titles: str) -> str:
    return (
        f"more than one column of the template is for {assignment}: "
        f"say which with --column {assignment}=…, one of {titles}"
    )


# Moodle


def no_id_column(columns: str) -> str:
    return f"the roster has none of the columns {columns}: Moodle needs one to find its users"


def several_assignments(assignments: str) -> str:
    return f"a worksheet is for one assignment: choose with --assignment one of {assignments}"


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


def score(points: str, max_points: str) -> str:
    return f"Score: {points} of {max_points}."


def question_score(question: str, points: str, max_points: str) -> str:
    return f"{question}: {points} of {max_points}"
