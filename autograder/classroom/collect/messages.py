"""Sentences about what is collected, for the instructor."""

from __future__ import annotations

from pathlib import Path

from autograder.language.current import translatable

translatable(__name__)

# Archives


def not_unpacked(archive: Path, reason: str) -> str:
    """`reason` is one of the sentences below."""
    return f"{archive} was not unpacked. {reason}"


def target_is_there(target: Path) -> str:
    return f"{target} is there already: an archive is unpacked into a new folder"


def cannot_write(target: Path, reason: str | None) -> str:
    return f"{target} cannot be written: {reason}"


def cannot_be_opened(reason: str | None) -> str:
    return f"It cannot be opened: {reason}"


def cannot_be_written(reason: str | None) -> str:
    return f"What is in it cannot be written: {reason}"


NOT_A_FILE = "it is not a file"
NO_ARCHIVE = "It is no archive: give a zip or tar file, or the folder in which the files lie"
OTHER_KIND = "It is a 7z or rar file: unpack it by hand, and collect the folder, or ask for a zip"
LOCKED = "It is protected by a password: unpack it by hand, and collect the folder, or ask for one without"
BROKEN = "It is damaged, or not all of it is there: download it again, or unpack it by hand"
SWELLS = "It holds far more than its size tells, as bombs do: look at it before you unpack it by hand"
TOO_DEEP = "It lies in too many other archives: unpack it by hand, and collect the folder"
TAKES_TOO_MUCH = "It takes too much time or memory to be read: look at it before you unpack it by hand"


def too_many_entries(limit: int) -> str:
    return f"It holds more than {limit} files and folders: unpack it by hand, and collect the folder"


def too_many_bytes(limit_mb: int) -> str:
    return f"It holds more than {limit_mb} MB: unpack it by hand, and collect the folder"


# What is in an archive


ABSOLUTE_NAME = "Its name begins at the root of a disk, outside of the folder: ask for it under a plain name"
LEADS_OUT = "Its name leads out of the folder by `..`: ask for it under a plain name"
NAMELESS = "It has no name: ask for it under one"
NAME_NOT_TEXT = "Its name has characters in it that cannot be shown: rename it, and pack it again"
NAME_TOO_LONG = "Its name is too long: shorten it, and pack it again"
NAME_TOO_DEEP = "It lies in too many folders, or their names are too long: move it up, and pack it again"
NAME_NOT_STORED = "Its name cannot be stored on this disk: shorten it, or rename it, and pack it again"
LINK = "It is a link, and no link is followed: ask for the file itself"
NO_FILE = "It is a device, a pipe or the like, and no file: ask for the file itself"
SPARSE = "It is a sparse file, with holes that are stored nowhere: pack it again as a plain one"
OVERLAPS = "It lies in the archive where another file does: ask for an archive that was made by an ordinary program"
ENTRY_LOCKED = "It is protected by a password: ask for it without one"
ENTRY_BROKEN = "It is damaged, or packed in a way that is not known: ask for it again"


def name_is_taken(other: str) -> str:
    return f"Its name is taken by {other}, which came before: rename one of them, and pack them again"


def file_too_large(limit_mb: int) -> str:
    return f"It is larger than {limit_mb} MB, more than is read of a submission: ask for a smaller one"


NOBODYS = "Programs leave it behind: it is nobody's work"
EMPTY_FOLDER = "There is nothing in it"


def too_many_files(limit: int) -> str:
    return f"There are more than {limit} files, and the rest is left out: ask for the work alone"


def and_more_refused(count: int) -> str:
    return f"Of what is in it, {count} more are left out for such reasons: look at it before you unpack it by hand"


# Sources


FILES = "single files"  # the name of a source
A_DOWNLOAD = "It looks like the download of a whole class: name it as a SOURCE of its own"


def no_source(source: Path) -> str:
    return f"there is no {source}: name a folder, an archive, or a list of repositories (.txt)"


def no_metadata(path: object) -> str:
    return f"{path} is not what Gradescope's export holds under that name: export the submissions again"


# Whose a file is


NO_NAME = "Its name does not tell whose it is: put it into a folder with the student's name"
NO_NAME_OF_CANVAS = "It is not called as Canvas calls files, by the number of a user: put it where it belongs by hand"
NO_NAME_OF_MOODLE = "It is not called as Moodle calls files, by a person's name: put it where it belongs by hand"
NO_NAME_OF_NBGRADER = "It is not called as nbgrader calls what is handed in: put it where it belongs by hand"
NOT_LISTED = "Gradescope's metadata does not say whose it is: put it where it belongs by hand"
BLIND = "Moodle hides whose it is: give --worksheet, and a roster with the worksheet's column Identifier"
NO_REPOSITORIES = "--ref and --before are about repositories: name a list of them (.txt)"
NO_PARTICIPANTS = "It is about a download of Moodle, and there is none among what was named"
WORKSHEET_ALONE = (
    "--worksheet tells by e-mail address or ID number whose a file is: give --roster with one of them as well"
)


NO_IDS = "Canvas tells people apart by a number: add the column ID of its gradebook to the roster"
HIDDEN = (
    "Canvas hides whose it is: download it again when names are shown, or collect it without a roster: neither "
    "--roster nor `roster` in class.toml"
)
OTHER_PARTICIPANTS = "The worksheet knows none of its participants: give the one of the assignment that was downloaded"


def unknown_id(column: str, user: str) -> str:
    return f"The roster knows nobody with the {column} {user}: add that person to it, and collect again"


def unknown_submitter(ids: str) -> str:
    return f"The roster knows nobody with any of {ids}: add the column of e-mail addresses to it, or that person"


def unknown_name(name: str) -> str:
    return f"The roster knows nobody called {name}: add them, or put the file into their folder by hand"


def name_of_several(name: str, folders: str) -> str:
    return f"{name} may be any of {folders}: put the file into the folder of the one who is meant"


def name_of_participants(name: str, folders: str) -> str:
    return f"{name} may be any of {folders}: give --worksheet with Moodle's grading worksheet, which tells who it is"


def same_name(name: str) -> str:
    return f"Two people are called {name}: tell them apart by --roster, and for Moodle by --worksheet"


def two_names(names: str) -> str:
    return f"Files of {names} have one number in this download: look at whose they are, and put them there by hand"


def other_id(name: str, column: str, known: str, told: str) -> str:
    return f"It seems to be of {name}, whose {column} is {known} in the roster, and {told} here: put one of them right"


def no_folder_name(name: str) -> str:
    return f"{name} cannot be the name of a folder here: rename it, or put the work into a folder of another name"


def group_work(name: str) -> str:
    return (
        f"It was handed in by {name}, a group, and it is not known who that is: put it into each one's folder by hand"
    )


def other_worksheet(number: str, name: str) -> str:
    return f"Participant {number} ({name}) is called otherwise here: give the worksheet of what was downloaded"


def no_worksheet(worksheet: Path) -> str:
    return f"{worksheet} is no grading worksheet of Moodle: its first column has no number of a participant"


# What is placed


def for_no_assignment(assignments: str) -> str:
    return f"Its name does not tell what it is for: name that by --assignment, one of {assignments}"


def no_such_assignment(name: str, assignments: str) -> str:
    return f"It is for {name}, which the course has not: it has {assignments}"


def is_no_folder(place: Path) -> str:
    return f"{place} is no folder, but a link or a file: move it away, and collect again"


def is_there_already(target: Path) -> str:
    return f"{target} is there, and was not collected: move it away, and collect again"


def was_changed(target: Path) -> str:
    return f"{target} was changed since it was collected, and stays: delete it to have what was collected placed again"


def cannot_look_at(folder: Path, reason: str | None) -> str:
    return f"{folder} cannot be read: {reason}"


def another_of_its_name(path: str) -> str:
    return f"There is another {path} by the same student: rename one of them, and collect again"


def time_not_read(time: str) -> str:
    return f"The time of handing in, {time!r}, cannot be read: look at whether it was late"


def not_in(source: str) -> str:
    return f"There is nothing of theirs in {source}, which does not prove that they handed in nothing"


def perhaps_in(source: str, files: int) -> str:
    return f"Nothing in {source} is known to be theirs, and of some files it is not known whose they are: {files}"


def newest_of_a_team(member: str, others: str, folder: str) -> str:
    return (
        f"{member} and {others} share the folder {folder}, both handed in, and nothing tells which came later: "
        f"that of {member} counts, look at whether it should"
    )


IN_A_TIME = "It lies in a folder called timestamp.txt, where a time is looked for: ask for it under another name"
OWN_TIME = "It is not read, for anybody may have written it: the time is the system's"


STRANGER = "Not in the roster, and so perhaps there twice: add them to it, or move their folders away"


def broken_manifest(path: Path) -> str:
    return f"{path} is not what `collect` wrote: move it away, and collect into a new folder"


# What is said in the end


def collected(
    into: Path, came: int, placed: int, updated: int, unchanged: int, kept: int, passed: int, lost: int
) -> str:
    there = f"Files that came in: {came}. Placed in {into}: {placed}; updated: {updated}; there already: {unchanged};"
    return f"{there} kept as attempts: {kept}; passed over: {passed}; not placed: {lost}."


def of_source(source: str, reason: str) -> str:
    return f"{source}: {reason}"


def of_files(source: str, files: str, reason: str) -> str:
    return f"{source}: {files}: {reason}"


def absent(count: int, students: str, reason: str) -> str:
    return f"Not in the download: {count} of the roster ({students}). {reason}."


def more_lines(count: int) -> str:
    return f"And {count} more like these."


def account(path: Path) -> str:
    return f"What became of each: {path}"
