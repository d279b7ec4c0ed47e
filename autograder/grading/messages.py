"""Sentences of grading a class: for the instructor and, in reports, for the student."""

from __future__ import annotations

from pathlib import Path

from autograder.language.current import translatable

translatable(__name__)


def nothing_handed_in(expected: Path) -> str:
    return f"nothing is handed in: there is no {expected} (or .py)"


def nothing_handed_in_here(expected: Path, suggestion: Path) -> str:
    return f"nothing is handed in: there is no {expected} (or .py); did you mean {suggestion}?"


def nothing_placed(expected: Path, files: int, first: str, reason: str) -> str:
    return (
        f"nothing can be graded: there is no {expected} (or .py), but files that are no submission: {files}, such as "
        f"{first}: {reason}"
    )


def nothing_but_former(expected: Path, names: str) -> str:
    return (
        f"nothing is handed in: there is no {expected} (or .py); an earlier edition of this course had {names} "
        "(docs/upgrading.md)"
    )


def is_the_course(folder: Path) -> str:
    return f"{folder} is the course itself: name the folder that holds the students' folders, for example submitted"


def no_file(path: Path) -> str:
    return f"there is no file {path}"


def no_work(file: Path) -> str:
    return f"{file} is neither a notebook (.ipynb) nor a script (.py)"


def for_no_assignment(file: Path, assignments: str) -> str:
    return f"{file} does not tell which assignment it is for: name it, one of {assignments}"


def cannot_read(path: object, reason: str | None) -> str:
    return f"{path} cannot be read: {reason}"


def cannot_write(path: Path, reason: str | None) -> str:
    return f"{path} cannot be written: {reason}"


def folder_not_writable(folder: Path, reason: str | None) -> str:
    return f"{folder} cannot be written to: {reason}"


def index_not_kept(file: Path, reason: str) -> str:
    return f"{file}, which lets the next run begin sooner, could not be used ({reason}): no mark depends on it"


def another_run(folder: Path) -> str:
    return f"another run is writing to {folder}: wait for it, or choose another folder"


def no_reports(path: Path) -> str:
    return f"{path} holds no reports: `autograder grade` writes them, as <student>/<assignment>.json"


def no_report(path: Path) -> str:
    return f"{path} is not a report of `autograder grade`"


def broken_report_regrade(path: Path) -> str:
    return f"{path} is not a report of `autograder grade`: if it is a damaged one, delete it and grade again"


def broken_report_delete(path: Path) -> str:
    return f"{path} is not a report of `autograder grade`: delete it"


def newer_report(path: Path, schema: str, known: int) -> str:
    return (
        f"{path} was written by a later version of autograder (schema {schema}; this one reads up to {known}): "
        "update autograder"
    )


def cannot_delete(path: object, reason: str | None) -> str:
    return f"{path} cannot be deleted: {reason}; mend that, and say it again"


def report_elsewhere(path: Path, student: str, assignment: str, home: Path) -> str:
    return (
        f"{path} is a report on {student}'s {assignment}, which belongs at {home}: move it out of this folder, or "
        "delete it"
    )


def no_former_reports(folder: Path) -> str:
    return f"no regrade has changed a report in {folder}: name a second folder to compare it with"


def process_killed(jobs: int, kept: int, total: int) -> str:
    return (
        f"a grading process was killed (is there enough memory for {jobs} of them?); "
        f"{kept} of {total} reports are kept: run the same command again to go on"
    )


# Files that are part of no submission, and what to do with them. Each stands behind the file's path.


def not_graded(file: str, reason: str) -> str:
    return f"{file}: {reason}"


def not_placed(source: str, file: str, reason: str) -> str:
    return f"{source}: {file}: {reason}"


def source_not_placed(source: str, reason: str) -> str:
    return f"{source}: {reason}"


def beside_students(assignment: str) -> str:
    return f"It lies in no student's folder: put it into <student>/{assignment}, and grade again."


ARCHIVE_BESIDE_STUDENTS = (
    "It is an archive: unpack it, so that each student's work lies in <student>/<assignment>, and grade again."
)
PERHAPS_WORK = "Nothing is answered in the notebook, and this may be the work: look at it."
UNOPENED = "It is an archive: unpack it, and grade again."
NOT_LOOKED_INTO = "The folder lies too deep, or cannot be read: move what is in it up, and grade again."


def too_many_files(most: str) -> str:
    return f"There are more than {most} files, and the others were not looked at: keep the work only, and grade again."


def misplaced(assignments: str) -> str:
    return (
        f"Its name and place do not tell what it is for: put it into its assignment's folder ({assignments}), "
        "and grade again."
    )


def former_work(entry: str, today: str) -> str:
    return (
        f"It is of {entry}, in an earlier edition of this course; its questions are in {today} now: "
        "put the work there, and grade again (docs/upgrading.md)."
    )


def cannot_open(reason: str) -> str:
    return f"The folder cannot be opened ({reason}): make it readable, and grade again."


def no_work_in(names: str) -> str:
    return f"There is neither a notebook nor a script in it, only {names}: ask for the work itself."


def one_name(student: str) -> str:
    return f"There are two folders named {student}, whose accents are composed in two ways: they are one student's."


def names_alike(students: str) -> str:
    return f"The names of {students} differ only in upper and lower case: each is a student of their own."


# Names that assignments had in an earlier edition of the course.


def former_reports(folder: Path, count: int, assignment: str, today: str) -> str:
    return (
        f"{folder} holds reports on {assignment} ({count}), of an earlier edition of this course; its questions are in "
        f"{today} now. They stay as they are, and count for `export`: move them away (docs/upgrading.md)"
    )


def unknown_reports(folder: Path, count: int, assignment: str) -> str:
    return (
        f"{folder} holds reports on {assignment} ({count}), which is no assignment of this course. They stay as they "
        "are, and count for `export`: move them away if they should not"
    )


# In reports, for the student.


def moved_question(question: str, assignment: str) -> str:
    return f"`{question}` is a question of {assignment} now: hand it in there."


UNREADABLE_NOT_RUN = "Not run: the submission could not be read."


def grader_failed(error: str, detail: str) -> str:
    return f"The grader failed: {error}: {detail}"
