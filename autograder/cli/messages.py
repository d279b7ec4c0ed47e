"""Sentences of the commands, beside the help of each. Those that all of them say are in shared/messages.py."""

from __future__ import annotations

from pathlib import Path

from autograder.language.current import translatable

translatable(__name__)

# grade


def only_ungraded(students: str) -> str:
    return f"Handed in, and not graded (see the page of the class): {students}"


def files(out: Path) -> str:
    return f"Reports and pages: {out}/index.html · marks: {out}/marks.csv"


def ungraded(files: int) -> str:
    return f"Handed in, and not graded: {files} file" if files == 1 else f"Handed in, and not graded: {files} files"


def unplaced(count: int) -> str:
    return f"Collected, and not placed: {count}"


def more_lines(count: int) -> str:
    return f"And {count} more like these."


def changed(reports: int, up: int, down: int, out: Path) -> str:
    return f"Earlier reports changed: {reports}; scores up: {up}, down: {down}. See `autograder diff {out}`."


# marks


def no_class_file(file: Path) -> str:
    return f"{file} is not there: name the file with the rules of the class"


def marks_made(folder: Path, students: int, assignments: int) -> str:
    return f"Marks: {folder}/marks.csv and totals.csv (students: {students}, assignments: {assignments})."


def one_of_a_team(folder: str, names: str) -> str:
    return f"{folder} is the folder of a team, and each of it has marks of their own: name one of {names}"


ATTEMPTS_ARE_GRADES = (
    "Which attempt counts is decided when work is graded: after a change of deadlines, run `autograder grade` again."
)


# diff

BY_CHECK = "By check"
BY_STUDENT = "By student"
MARKS = "Marks"


def check(question: str, title: str) -> str:
    return f"{question}: {title}"


def check_is_new(question: str, title: str) -> str:
    return f"{question}: {title} (new)"


def check_is_gone(question: str, title: str) -> str:
    return f"{question}: {title} (not there any more)"


def more_in_csv(count: int) -> str:
    return f"And {count} more: --csv FILE has all."


def check_moved(question: str, title: str, move: str) -> str:
    return f"{question}: {title}: {move}"


def marks_not_compared(reason: str) -> str:
    return f"Marks are not compared: {reason}."


def no_marks_before(folder: Path) -> str:
    return f"{folder} keeps none from before, for no run has moved any"


def not_written_over(file: Path) -> str:
    return f"{file} is something else than what --csv writes: name another file"


def changes_written(file: Path) -> str:
    return f"{file}: a row for each check of each student that changed."


def compared(changed: int, up: int, down: int, level: int, same: int) -> str:
    return f"Reports changed: {changed}; scores up: {up}, down: {down}, level: {level}. As they were: {same}."


def because_of(inputs: str) -> str:
    return f"Because of: {inputs}."


def unpaid(student: str, function: str, earlier: str, later: str, check: str) -> str:
    return (
        f"{student}: `{function}` has full marks in {earlier}, and {later} shows in “{check}” that it is not right: "
        f"grade {earlier} again"
    )


def only_before(reports: str) -> str:
    return f"There only before: {reports}"


def only_after(reports: str) -> str:
    return f"There only after: {reports}"


def single_report(path: Path) -> str:
    return f"{path} is a single report: name a second one to compare it with"


def on_other_work(before: Path, about_before: str, after: Path, about_after: str) -> str:
    return f"there is nothing to compare: {before} is on {about_before}, {after} is on {about_after}"


def and_more(count: int) -> str:
    return f"and {count} more"


NOT_RECORDED = "not recorded"
UNREADABLE = "unreadable"


# export

COLUMN_WITHOUT_TEMPLATE = "--column is for canvas with a --template"
REPLACE_WITHOUT_TEMPLATE = "--replace is for a --template"
TEMPLATE_FOR_CSV = "--template is for canvas and moodle"


NO_IDS = (
    "The roster of class.toml has no column by which the LMS finds people: their names in the class are taken for the "
    "login."
)


def not_a_pair(column: str) -> str:
    return f"--column {column!r} is not of the form ASSIGNMENT=TITLE"


def column_twice(assignment: str) -> str:
    return f"--column names {assignment} twice: one column takes its marks"


def unknown_column(name: str, assignments: str) -> str:
    return f"--column names {name!r}, and there are reports on {assignments} only"


def no_reports_on(folder: Path, name: str, assignments: str) -> str:
    return f"{folder} holds no reports on {name!r}; there are some on {assignments}"


def exported(out: Path, count: int, assignments: str) -> str:
    return f"{out}: {assignments} (marks: {count})."


def left_the_class(students: str) -> str:
    return (
        f"No longer in the class, and left out: {students}. If they belong to it, name them in the roster of "
        "class.toml and run `autograder marks`; else `autograder erase` deletes what is kept of them."
    )


# erase


def erased(folder: Path, student: str, files: int) -> str:
    if files == 1:
        return f"{student}: 1 file is deleted from {folder}; marks.csv, totals.csv and index.html are made again."
    return f"{student}: {files} files are deleted from {folder}; marks.csv, totals.csv and index.html are made again."


NOT_ERASED = (
    "Not touched: what was handed in, class.toml and its roster, nbgrader's gradebook and its folders autograded/ and "
    "feedback/, and what `export`, `written`, --junit and the like have written. Where class.toml names them, take "
    "that out: it may name only who is in the class."
)


# doctor

ON_THIS_MACHINE = "A submission, on this machine:"


def promise_broken(promise: str, home: str, detail: str) -> str:
    return f"{promise} — broken in {home}: {detail}"


def contrary_homes(home: str) -> str:
    return f"--sandbox {home} and --unconfined contradict each other: leave one of them out"


def home_not_here(home: str, reason: str) -> str:
    return f"{home}: {reason}"


# check


def checking(name: str) -> str:
    return f"Checking {name} …"


def waiting(folder: str, time: str) -> str:
    return f"Checked at {time}. Waiting until something in {folder} is saved; Ctrl-C ends it."


ALL_DONE = "All visible checks of the course pass. Hand in: the hidden ones look closer."
ALL_DONE_AND_WRITTEN = (
    "All visible checks of the course pass, and every answer in words is written. Hand in: the hidden checks look "
    "closer."
)


def next_broken(assignment: str) -> str:
    return f"Next: {assignment}. Its notebook cannot be checked yet: see below."


def note_on(assignment: str, note: str) -> str:
    """A note on one assignment, where those on several are shown."""
    return f"{assignment}: {note}"


def next_missing(assignment: str) -> str:
    return f"Next: {assignment}. Its notebook is not here: take it from your course again."


def next_question(question: str, assignment: str) -> str:
    return f"Next: `{question}` in {assignment}"


def build_on_it(questions: str, name: str) -> str:
    return f"These build on `{name}`, and wait for it: {questions}"


def waits_for(name: str, assignment: str) -> str:
    return f"waits for {name} in {assignment}"


def next_written(question: str, assignment: str) -> str:
    return f"Next: `{question}` in {assignment}, in words"


def questions_done(done: int, questions: int) -> str:
    return f"{done} of {questions}"


OTHER_NAME, DONE, STARTED, TO_DO = "other name", "done", "started", "to do"

# Headings of tables

CHECK_COLUMNS = ("Assignment", "Check", "Up", "Down", "Level", "In all", "At most")
DIFF_COLUMNS = ("Student", "Assignment", "Score", "Checks", "Because of")
PROGRESS_COLUMNS = ("Assignment", "", "Questions done")
WRITTEN_COLUMN = "In words"
