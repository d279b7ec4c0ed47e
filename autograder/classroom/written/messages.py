"""Sentences about the sheet in which people give points for answers in words, in it and on the terminal."""

from __future__ import annotations

from pathlib import Path

from autograder.language.current import translatable

translatable(__name__)

# In its cells

NOT_FOUND = "(No answer was found in the file. Look through it on the page beside this sheet, then give points here.)"


def answer_goes_on(beginning: str) -> str:
    return f"{beginning}\n(The answer goes on: see the page beside this sheet.)"


# What is wrong with it


def no_sheet(path: Path, column: str) -> str:
    return f"{path} is not a sheet of `autograder written` (it has no column `{column}`): name another file"


def no_column(path: Path, column: str) -> str:
    return f"{path} has no column `{column}` any more: put it back, and its cells with it"


def no_id(path: Path, row: int) -> str:
    return f"{path}, row {row}: there is no answer_id: put it back, or delete the row"


def no_such_id(path: Path, row: int, answer_id: str) -> str:
    return f"{path}, row {row}: {answer_id!r} is no answer_id: put back the one that was there, or delete the row"


def id_of_another(path: Path, row: int, answer_id: str, own: str) -> str:
    return (
        f"{path}, row {row}: the answer_id is {answer_id}, and this answer's is {own}: cells of this row have moved; "
        "sort whole rows only"
    )


def other_points(path: Path, row: int, earlier: int, answer_id: str) -> str:
    return f"{path}, rows {earlier} and {row}: {answer_id} is there twice and graded in two ways: delete one of them"


def no_points(path: Path, row: int, value: str) -> str:
    return f"{path}, row {row}: the points {value!r} are no number: write 3, 2.5 or 2,5, or leave the cell empty"


def below_zero(path: Path, row: int, value: str) -> str:
    return f"{path}, row {row}: the points {value} are below 0"


def above_maximum(path: Path, row: int, points: str, possible: str) -> str:
    return f"{path}, row {row}: {points} points are more than the {possible} that are possible"


def no_maximum(path: Path, row: int, value: str) -> str:
    return f"{path}, row {row}: {value!r} in the column `possible` is no number: write what was possible"


def two_columns(path: Path, column: str) -> str:
    return f"{path} has two columns `{column}`: rename the one that is yours"


# What to know of it


def comma_decimals(path: Path, row: int, value: str, points: str, rows: int) -> str:
    if rows == 1:
        return f"{path}, row {row}: {value} was read as {points}."
    return f"{path}: points with a comma were read as decimals in {rows} rows, as in row {row}: {value} is {points}."


def comments_alone(path: Path, rows: int, first: int) -> str:
    if rows == 1:
        return f"{path}, row {first}: there is a comment and no points: this answer still awaits them."
    return f"{path}: {rows} rows have a comment and no points, as row {first}: these answers still await them."


def nobodys(path: Path, rows: int) -> str:
    if rows == 1:
        return f"{path}: nobody has the answer of 1 row any more that is filled in. It stays, and counts for nobody."
    return (
        f"{path}: nobody has the answers of {rows} rows any more that are filled in. They stay, and count for nobody."
    )


def other_maximum(path: Path, assignment: str, question: str, before: str, now: str, rows: int, first: int) -> str:
    return (
        f"{path}: `{question}` in {assignment} was worth {before} points, and is worth {now} now. What was given out "
        f"of {before} counts no more (rows: {rows}, the first is row {first}): give points anew, and write {now} as "
        "`possible`."
    )


# What the command says of both, the sheet and the page beside it


def no_words(graded: Path) -> str:
    return f"{graded} holds no report with a question that is answered in words"


def no_csv(path: Path, better: str) -> str:
    return f"--out {path}: the sheet is a CSV file: name it {better}"


def other_page(page: Path, sheet: Path) -> str:
    return f"{page} would lie beside {sheet}, and is there already: give the sheet another name"


def to_grade(sheet: Path, answers: int, students: int, without: int, waiting: int) -> str:
    return (
        f"{sheet}: different answers: {answers}, of {students} students; files without one: {without}; awaiting points"
        f": {waiting}."
    )


def page_beside(page: Path) -> str:
    return f"{page}: the same beside questions, model answers and marking guides. It holds the solutions."


def left_empty(answers: int) -> str:
    return f"Left as they were handed out, and 0 points by themselves: {answers}."


def answer_not_found(question: str, assignment: str, students: int, names: str) -> str:
    return (
        f"No answer to `{question}` in {assignment} was found in the work of {names} (students: {students}). It has a "
        "row of its own: look through the work on the page."
    )


def words_not_kept(reports: str) -> str:
    return f"What these answer is not kept: run `autograder grade` again, then this command: {reports}"


def marks_reads_it(sheet: Path) -> str:
    return f"Fill in points and comments. `autograder marks` reads {sheet} where it lies."


def marks_reads_elsewhere(sheet: Path, place: Path) -> str:
    return f"Fill in points and comments, then put {sheet} where `autograder marks` reads it: {place}"
