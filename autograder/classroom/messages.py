"""Sentences about CSV files and rosters, for the instructor."""

from __future__ import annotations

from pathlib import Path

from autograder.language.current import translatable

translatable(__name__)


def and_one_more(listed: str, last: str) -> str:
    """The end of a list of names or numbers; of three and more, applied again."""
    return f"{listed} and {last}"


def and_more(listed: str, count: int) -> str:
    return f"{listed} and {count} more"


# CSV files


def cannot_read(path: Path, reason: str | None) -> str:
    return f"{path} cannot be read: {reason}"


def not_utf8(path: Path) -> str:
    return f"{path} is not UTF-8: save it as CSV in UTF-8"


def not_csv(path: Path, reason: str) -> str:
    return f"{path} is not a CSV file: {reason}"


def empty_file(path: Path) -> str:
    return f"{path} is empty"


def wrong_width(path: Path, row: int, cells: int, columns: int) -> str:
    return f"{path}, row {row}: {cells} cells under a header of {columns}"


# Rosters


def column_twice(path: Path, column: str) -> str:
    return f"{path} has two columns `{column}`: delete or rename one of them"


def no_folder_name(path: Path, name: str) -> str:
    return f"{path}: {name} cannot be the name of a folder: write a plain one, without `/` and without a dot before it"


def no_folder_column(path: Path, column: str) -> str:
    return f"{path} has no column `{column}`: it names the folder of each student's work"


def formula_in_roster(path: Path, column: str, value: str) -> str:
    return f"{path}: {column} {value!r} would act as a formula in a spreadsheet: mend it there"


def duplicate_id(path: Path, column: str, value: str) -> str:
    return f"{path}: {column} {value!r} is there twice"


def row_twice(path: Path, folder: str) -> str:
    return (
        f"{path}: a row of folder {folder!r} is there twice: delete one of them, or give each of a team their own ids"
    )


def folder_in_two_cases(path: Path, first: str, second: str) -> str:
    return (
        f"{path}: folder {first!r} is there as {second!r} too: write that of a team in one way, or rename one of them"
    )


def nothing_tells_apart(path: Path, folder: str, columns: str) -> str:
    return (
        f"{path}: nothing tells those in folder {folder!r} apart: "
        f"give each an entry of their own in one of the columns {columns}"
    )


def called_as_a_folder(path: Path, name: str, folder: str) -> str:
    return (
        f"{path}: {name!r}, one of those in folder {folder!r}, is called as another one's folder: "
        "rename that folder, or give them a folder of their own"
    )


def two_of_a_name(path: Path, name: str) -> str:
    return f"{path}: two people would be called {name!r}: each id must be of one person only"


def member_and_folder(name: str, folder: str) -> str:
    return (
        f"{name!r} is one of those in folder {folder!r} by the roster, and there is a folder of that name as well: "
        "move what is in it to where it belongs, or rename it"
    )


def folder_in_another_case(folder: str, in_roster: str) -> str:
    return f"the roster writes {in_roster!r} for the folder {folder!r}: write it there as the folder is called"


def is_withdrawn_unclear(path: Path, column: str, value: str) -> str:
    return f"{path}: {column} {value!r} may mean yes or no: write yes, or a date, of who left; leave all others empty"


def unknown_language(path: Path, column: str, value: str, known: str) -> str:
    return f"{path}: {column} {value!r} is no language that is known here: write one of {known}, or leave it empty"


def ambiguous_ids(ids: str, names: str) -> str:
    return f"{ids} is both {names}: their ids must tell them apart"


# Marks


def no_marks(folder: Path) -> str:
    return f"{folder} holds no marks yet: run `autograder marks {folder}`"


def half_graded(folder: Path) -> str:
    return (
        f"the last `autograder grade` into {folder} has not come to its end, and reports are missing: run it again; it "
        "goes on where it was"
    )


def marks_are_old(folder: Path, file: str) -> str:
    return f"{file} has changed since the marks in {folder} were made: run `autograder marks {folder}`"


def source_gone(file: str, today: str, record: str) -> str:
    if file == today:
        return (
            f"{file} is gone, of which the last marks were made: put it back, or name the rules with --class if they "
            f"lie elsewhere; to do without it, delete {record}"
        )
    return (
        f"the last marks were made of {file}, and {today} is not there: put it there, or name the rules with --class "
        f"if they lie elsewhere; to do without it, delete {record}"
    )


def sheet_elsewhere(file: str, today: str, record: str) -> str:
    return (
        f"the points by hand of the last marks are in {file}, and they are looked for in {today}, beside the rules: "
        f"copy them there; to do without them, delete {record}"
    )


def two_files_of_rules(beside: str, kept: str) -> str:
    return (
        f"the last marks were made by the rules in {kept}, and there is {beside} beside the submissions: "
        "name the one that counts with --class"
    )
