"""Which submissions there are: for each student and assignment, the files that may be it; and those that are for none.

Only names are looked at here. What is in the files is read by `submission.reader_process`.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.course.folder import is_course
from autograder.errors import UserError
from autograder.grading import messages
from autograder.grading.found.elsewhere import Places, nothing_found
from autograder.grading.found.shapes import Shapes, shape_of
from autograder.grading.found.submissions import SubmissionFolder, Submissions, is_behind_a_link
from autograder.language.listing import listed
from autograder.report.ungraded import UngradedFile
from autograder.settings import Former
from autograder.submission.which_file import (
    ARCHIVE,
    MAX_ENTRIES,
    NOBODYS_FOLDERS,
    assignment_of,
    files_below,
    find_work,
    is_document,
    kind_of,
)
from autograder.text import decode_name

FolderKey = tuple[str, str]  # the names of a student's folder, as the disk has it, and of an assignment
MAX_NAMES_SHOWN = 3  # of the files of somebody who handed in no work


@dataclass(frozen=True)
class KeptAttempt:
    """The folder of an attempt that counts in the place of what lies among the submissions, and a note that says so."""

    folder: Path
    note: str = ""


@dataclass(frozen=True)
class Found:
    """What lies in a folder of submissions. `ungraded` has the files that are no submission's, as their names show."""

    students: tuple[str, ...]
    submissions: Submissions
    ungraded: tuple[UngradedFile, ...]
    alike: tuple[str, ...]  # a line on each group of names that look alike


def find_submissions(
    submitted: Path,
    assignments: Sequence[str],
    former: Former | None = None,
    chosen: Sequence[str] = (),
    attempts: Mapping[FolderKey, KeptAttempt] | None = None,
) -> Found:
    """The students, and what lies in `submitted/<student>/<assignment>/` or may have been meant to lie there.

    `former` names assignments of an earlier edition, and those that hold their questions now; with `chosen`, only
    submissions for these are there. `attempts`, by the names of a student's folder and an assignment, are taken as if
    they lay there, in the place of what does. Raises UserError where there is nothing.
    """
    if is_course(submitted):
        raise UserError(messages.is_the_course(submitted.resolve()))
    try:
        with os.scandir(submitted) as entries:
            top = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise UserError(messages.cannot_read(submitted, error.strerror)) from None
    folders: defaultdict[str, list[str]] = defaultdict(list)  # one student may have two, which spell one name
    ungraded: list[UngradedFile] = []
    for entry in top:
        if entry.is_symlink() or entry.is_dir(follow_symlinks=False):
            if entry.name not in NOBODYS_FOLDERS:
                folders[decode_name(entry.name)].append(entry.name)
        elif kind_of(entry.name):
            name = assignment_of(Path(entry.name), assignments)
            is_archive = kind_of(entry.name) == ARCHIVE
            reason = (
                messages.ARCHIVE_BESIDE_STUDENTS if is_archive else messages.beside_students(name or "<assignment>")
            )
            ungraded.append(UngradedFile("", name, decode_name(entry.name), reason))
    submissions, places, shapes = Submissions(), Places(), Shapes()
    for student, names in folders.items():
        shape = None if attempts else shape_of([os.path.join(submitted, name) for name in names])
        if known := shapes.get(shape):
            submissions.add_alike(student, os.path.join(submitted, names[0]), *known)
            continue
        works, stray = _of_student(submitted, student, names, assignments, former or {}, attempts or {})
        wanted = tuple(name for name in chosen or assignments if name in works)
        submissions.add(student, works, wanted)
        places.add(works[name].folder for name in wanted)
        ungraded += stray
        if places.is_one_there and wanted and not stray and (ways := submissions.ways_of(student)):
            shapes.add(shape, ways, wanted)
    if not submissions or places.are_elsewhere(assignments):
        raise UserError(nothing_found(submitted, chosen or assignments, list(folders), former or {}, sorted(ungraded)))
    alike = [messages.one_name(student) for student, names in folders.items() if len(names) > 1]
    return Found(tuple(folders), submissions, tuple(ungraded), (*alike, *_alike(folders)))


def _of_student(
    submitted: Path,
    student: str,
    folders: Sequence[str],
    assignments: Sequence[str],
    former: Former,
    attempts: Mapping[FolderKey, KeptAttempt],
) -> tuple[dict[str, SubmissionFolder], list[UngradedFile]]:
    """A student's work by assignment, and the files that are for none."""
    files: defaultdict[str, list[Path]] = defaultdict(list)
    documents: defaultdict[str, list[Path]] = defaultdict(list)
    ungraded = []
    keys = [(folder, name) for folder in folders for name in assignments]
    kept = {submitted / folder / name: attempts[folder, name] for folder, name in keys if (folder, name) in attempts}
    lies_as = {attempt.folder: place for place, attempt in kept.items()}
    for folder in folders:
        root = submitted / folder
        try:
            below = [] if root.is_symlink() else _files_of(root, kept)
        except OSError as error:
            ungraded.append(UngradedFile(student, "", student, messages.cannot_open(error.strerror or str(error))))
            continue
        if len(below) >= MAX_ENTRIES:
            ungraded.append(UngradedFile(student, "", student, messages.too_many_files(f"{MAX_ENTRIES:,}")))
        for path, file in below:
            if file.is_dir():
                shown = decode_name((Path(folder) / path).as_posix())
                ungraded.append(UngradedFile(student, "", shown, messages.NOT_LOOKED_INTO))
                continue
            name = assignment_of(path, assignments)
            files[name if kind_of(path.name) else ""].append(file)
            if name and is_document(path.name):
                documents[name].append(file)
    siblings: dict[str, SubmissionFolder] = {}
    for name in assignments:
        own = [submitted / folder / name for folder in folders]
        places = [kept[place].folder if place in kept else place for place in own]
        there = [each for each in places if os.path.lexists(each)]
        if there or files[name]:
            place = (there or places)[0]
            exact = [file for each in there if not is_behind_a_link(each) for file in find_work(each, name)]
            ordered = (*exact, *(file for file in files[name] if file not in exact))
            others = tuple(
                file for each in assignments if each != name for file in files[each] if file.is_relative_to(place)
            )
            siblings[name] = SubmissionFolder(
                student,
                name,
                place,
                ordered,
                others,
                tuple(documents[name]),
                siblings,
                lies_as=lies_as,
                note=kept[lies_as[place]].note if place in lies_as else "",
            )
    stray = [file for file in files[""] if kind_of(file.name)]
    ungraded += [_stray(submitted, student, file, assignments, former) for file in stray]
    if not siblings and not ungraded and files[""]:
        names = listed(decode_name(file.name) for file in files[""][:MAX_NAMES_SHOWN])
        ungraded.append(UngradedFile(student, "", student, messages.no_work_in(names)))
    return siblings, ungraded


def _files_of(root: Path, attempts: Mapping[Path, KeptAttempt]) -> list[tuple[Path, Path]]:
    """The files of a student, each by its path below their folder; those of attempts as if they lay there."""
    kept = {place.name: attempt.folder for place, attempt in attempts.items() if place.parent == root}
    own = [(path, root / path) for path in files_below(root) if path.parts[0] not in kept]
    others = [(Path(name, path), folder / path) for name, folder in kept.items() for path in files_below(folder)]
    return sorted((*own, *others))


def _stray(submitted: Path, student: str, file: Path, assignments: Sequence[str], former: Former) -> UngradedFile:
    """A file that looks like work, and whose place tells nothing of what it is for."""
    path = file.relative_to(submitted)
    known = assignment_of(Path(*path.parts[1:]), list(former))
    if known:
        reason = messages.former_work(known, listed(former[known]))
    elif kind_of(file.name) == ARCHIVE:
        reason = messages.UNOPENED
    else:
        reason = messages.misplaced(listed(assignments))
    return UngradedFile(student, "", decode_name(path.as_posix()), reason)


def _alike(students: Mapping[str, object]) -> list[str]:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for student in students:
        groups[student.casefold()].append(student)
    return [messages.names_alike(listed(group)) for group in groups.values() if len(group) > 1]
