"""Sentences about lists of repositories, and about what cannot be had from one, for the instructor."""

from __future__ import annotations

from pathlib import Path

from autograder.language.current import translatable

translatable(__name__)

# The list


def cannot_read_list(path: Path, reason: str | None) -> str:
    return f"{path} cannot be read: {reason}"


def list_not_utf8(path: Path) -> str:
    return f"{path} is not UTF-8: save it as plain text in UTF-8"


def no_repositories(path: Path) -> str:
    return f"{path} names no repository: write a student's name and an address a line"


def no_address(path: Path, line: int, student: str) -> str:
    return f"{path}, line {line}: {student} has no address: write the repository's address behind the name"


def not_a_line(path: Path, line: int) -> str:
    return (
        f"{path}, line {line}: this is not a name and an address: write both, with blanks between them, "
        'and a name that holds blanks in quotes, as in "Ada Lovelace" https://…'
    )


def not_a_name(path: Path, line: int, student: str) -> str:
    return f"{path}, line {line}: {student!r} cannot be the name of a folder: write another name for this student"


def name_twice(path: Path, line: int, student: str, first: int) -> str:
    return f"{path}, line {line}: {student} is in line {first} already: a student has one repository"


def password_in_list(path: Path, line: int, student: str) -> str:
    return (
        f"{path}, line {line}: the address of {student} holds a password, which others would see: take it out, and put "
        "a token into the environment as STUDENTS_TOKEN"
    )


def address_not_allowed(path: Path, line: int, student: str) -> str:
    return (
        f"{path}, line {line}: the address of {student} is none that is fetched from: write one that begins with "
        "https:// or ssh://, or git@host:path, or a path that begins with / or ./"
    )


# What was asked for

NO_GIT = "git is not installed, or not on the PATH: install it"


def not_a_time(time: str) -> str:
    return f"git knows no {time}: give a time since 1970"


def not_a_ref(ref: str) -> str:
    return f"{ref!r} cannot be the name of a branch or tag: write it as `git branch` or `git tag` shows it"


# One repository

NOT_AN_ADDRESS = "The address is none that is fetched from: it must be https, ssh or a path"
EMPTY = "The repository has no commit on its default branch: ask for it to be pushed there"
NO_DATE = "The commit that counts has no date that can be read: ask for a new one"
NOT_A_COMMIT = "What was asked for is not a commit, so there are no files in it: give --ref a branch or a tag"
GIT_ENDED = "Git ended before it was done, and did not say why: collect again"
TOO_MANY_FILES = "The repository holds more files than can be listed: ask for the work alone"


def not_there(address: str) -> str:
    return f"There is no repository at {address}, or it may not be read: put the address right, or give STUDENTS_TOKEN"


def no_access(address: str) -> str:
    return f"{address} is private or gone: give a token (STUDENTS_TOKEN) or a key that may read it"


def too_often(address: str) -> str:
    return f"The host of {address} was asked too often: collect again later"


def not_trusted(address: str) -> str:
    return f"The host of {address} is not known, or not who it says: connect to it once by hand, and look"


def not_understood(error: str) -> str:
    return f"The repository is not understood ({error}): look at it by hand"


def no_host(address: str) -> str:
    return f"The host of {address} is not found: put the address right, or collect again later"


def no_answer(address: str) -> str:
    return f"The host of {address} does not answer: collect again later"


def leads_elsewhere(address: str) -> str:
    return f"{address} leads to another address, by a way that is not followed: write that one into the list"


def belongs_to_others(address: str) -> str:
    return f"{address} belongs to another user of this computer, whose settings git would follow: list a copy"


def no_ref(ref: str) -> str:
    return f"The repository has no branch or tag {ref}: ask for it, or collect it without --ref"


def none_before(time: str) -> str:
    return f"The repository has no commit that is dated {time} or earlier: look at whether it was late"


def too_large(megabytes: int) -> str:
    return f"The repository is too large, more than {megabytes} MB or too much for memory: ask for the work alone"


def too_slow(seconds: str) -> str:
    return f"The repository was not fetched within {seconds} seconds: collect again later"


def cannot_keep(reason: str | None) -> str:
    return f"What was fetched cannot be written: {reason}"


def git_says(said: str) -> str:
    return f"Git cannot fetch the repository, and says: {said}"


# What is left out of a checkout


def link_left_out(path: str) -> str:
    return f"{path} is left out: it is a link."


def unread_left_out(path: str) -> str:
    return f"{path} is left out: it cannot be read from the repository, ask for it to be pushed again"


def submodule_left_out(path: str) -> str:
    return f"{path} is left out: it is another repository (a submodule)."


def unsafe_left_out(path: str) -> str:
    return f"{path} is left out: it is no name for a file here."


def alike_left_out(path: str) -> str:
    return f"{path} is left out: on some systems, its name is that of another file."


def large_left_out(path: str, megabytes: int) -> str:
    return f"{path} is left out: it is larger than {megabytes} MB."


def rest_left_out(left: int, files: int, megabytes: int) -> str:
    return f"Of the files, {left} are left out: at most {files}, and {megabytes} MB in all, are taken."
