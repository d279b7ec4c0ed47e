"""Sentences of the summary pages on GitHub Actions, in Markdown: whole lines, and cells of their tables."""

from __future__ import annotations

from autograder.language.current import translatable

translatable(__name__)

MORE_THAN_FITS = "There is more than fits on this page: see the reports."

# The page of one student

STUDENT_HEADING = "## Your visible checks"
STUDENT_COLUMNS = "| Assignment | Questions done | Checks passed |"


def questions_done(done: int, questions: int) -> str:
    return f"{done} of {questions}"


def checks_passed(passed: int, checks: int) -> str:
    return f"{passed} of {checks}"


def all_checks_pass(question: str, checks: int) -> str:
    if checks == 1:
        return f"{question}: its check passes."
    return f"{question}: all {checks} checks pass."


# The page of the class

CLASS_HEADING = "## The class"
ASSIGNMENT_COLUMNS = "| Assignment | Submissions | Mean | Most common misconceptions |"
SUBMISSION_COLUMNS = "| Student | Assignment | Score | |"
UNCONFINED = "**Graded without confinement.**"
NO_SUBMISSION = "no submission"


def grader_errors(reports: int) -> str:
    return f"**Reports with a grader error: {reports}. Ours to mend, then grade again.**"
