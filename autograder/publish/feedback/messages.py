"""Sentences on what is handed out, for the instructor."""

from __future__ import annotations

from pathlib import Path

from autograder.language.current import translatable

translatable(__name__)

# What the command refuses

TEMPLATE_IS_MOODLES = "--template is Moodle's grading worksheet: it goes with --for moodle"
SUBMITTED_IS_FOR_LMS = "--submitted is read for the names in a download: it goes with --for moodle or --for canvas"


def one_assignment(assignments: str) -> str:
    return f"the LMS takes pages of one assignment at a time: choose with --assignment one of {assignments}"


def among_reports(path: Path) -> str:
    return f"{path} would lie among the reports, where `autograder erase` does not look into it: name another place"


def is_there(path: Path) -> str:
    return f"{path} is there already, and is no zip of this command: name another one"


def nothing_to_hand_out(folder: Path) -> str:
    return f"{folder} has no page that could be handed out; nothing is written"


def no_place_for_any(count: int, reason: str) -> str:
    return f"none of {count} pages has a place, and nothing is written: {reason}"


def unknown_submitted(folder: Path) -> str:
    return (
        f"{folder} does not say where the work lies that was graded: name that folder with --submitted, or grade again"
    )


def no_names(manifest: Path, assignment: str) -> str:
    return (
        f"{manifest} does not say what work on {assignment} was called in Canvas' download: run `autograder collect` "
        "on that download again, which changes nothing else; or name the folder of submissions with --submitted"
    )


# Why a page has no place

NO_UPLOAD = "Canvas' download holds no file of theirs that it would take a page back for"
ALL_OF_A_TEAM = "Canvas would show the page to all of the team, for its download holds one file for all"
NOT_IN_WORKSHEET = "the worksheet has no row that is known to be theirs: see the names and ids in it and in the roster"
NO_NUMBER = "no participant number is known of them: name the assignment's grading worksheet with --template"
NO_NUMBER_OF_TEAM = (
    "the number in a group's download is that of the group: name the assignment's grading worksheet with --template"
)
NOT_IN_ROSTER = "their row has no address, for they are not in the roster"


def number_of_two(number: str) -> str:
    return f"two people would have the number {number} there"


# What is said of a zip that was written


def written(path: Path, pages: int, students: int, assignments: str) -> str:
    return f"{path}: pages: {pages}, students: {students} ({assignments})."


FOR_MAIL = "feedback.csv in it says whose each page is."
FOR_MOODLE = (
    "Upload it in Moodle, where all submissions are listed: “Upload multiple feedback files in a zip”. It shows "
    "whose each page will be before it imports them."
)
FOR_CANVAS = (
    "Upload it in Canvas, in the gradebook, at the assignment: “Re-Upload Submissions”. Canvas gives each page the "
    "name of the file that was handed in: tell students to save it with the ending .html, or to open its link with "
    "&inline=1 at the end."
)


def no_place(count: int, reason: str, pages: str) -> str:
    return f"Without a place: {count} ({pages}): {reason}."


def unfinished(count: int, pages: str) -> str:
    return f"Left out, for there is no mark yet: {count} ({pages})."


def withdrawn(count: int, students: str) -> str:
    return f"Withdrawn, and left out: {count} ({students})."


def without_page(count: int, students: str) -> str:
    return f"Without a page, for nothing was handed in: {count} ({students})."


def of_student(student: str, assignment: str) -> str:
    return f"{student} {assignment}"


def and_more(listed: str, more: int) -> str:
    return f"{listed}, and {more} more"
