"""From files that came in to `submitted/<student>/<assignment>/`: the newest attempt counts, each file has a line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from autograder.classroom.collect import messages
from autograder.classroom.collect.account import AccountLine, Placement
from autograder.classroom.collect.attempts import OwnedFile, Together, oldest_first, own_path, rivals_of_newest
from autograder.classroom.collect.download_names import with_names
from autograder.classroom.collect.manifest import Attempt, CollectedWork, Key, Manifest
from autograder.classroom.collect.owners import Owners, UnknownOwnerError
from autograder.classroom.collect.placing import StudentFolder, content_hash
from autograder.classroom.collect.sources import Incoming, SourceContents
from autograder.classroom.collect.systems.origin import Origin, System
from autograder.classroom.person import Person
from autograder.errors import UserError
from autograder.language.listing import listed
from autograder.submission.reader import MAX_FILE_BYTES
from autograder.submission.which_file import LEFT_BEHIND, MAX_DEPTH, NOBODYS_FILE, TIMESTAMP, assignment_of
from autograder.text import on_one_line

MAX_FILES = 5_000  # of an attempt
DOWNLOADS = (System.CANVAS, System.MOODLE, System.GRADESCOPE)  # each is of one assignment


class Collection:
    """Places files in a folder of submissions, and accounts for each."""

    def __init__(self, into: Path, assignments: Sequence[str], owners: Owners, assignment: str = "") -> None:
        """`assignment` is what a download is of, or files are for whose names do not tell. Raises UserError."""
        self._into = into
        self._assignments = assignments
        self._owners = owners
        self._default = assignment
        self._manifest = Manifest(into)
        self.account: list[AccountLine] = []

    def add(self, sources: Iterable[SourceContents]) -> None:
        """Place all files of some sources, and write down what has been collected. Raises UserError."""
        works: defaultdict[Key, dict[tuple[int, str, str], Together]] = defaultdict(dict)
        has_participants = False
        read: list[str] = []
        for number, source in enumerate(sources):
            read.append(source.name)
            has_participants |= source.system is System.MOODLE
            if source.problem:
                self.account.append(AccountLine(source.name, "", Placement.NOT_PLACED, reason=source.problem))
            for file, student, assignment in self._assigned(source):
                unit = (number, file.incoming.origin.unit, file.member)
                together = works[student, assignment].setdefault(unit, Together(number, file.member))
                path = own_path(file.incoming.origin.file, assignment)
                if len(together.files) == MAX_FILES:
                    reason = messages.too_many_files(MAX_FILES)
                elif together.take(path, file):
                    continue
                else:
                    reason = messages.another_of_its_name(on_one_line(str(path)))
                self.account.append(file.line(Placement.NOT_PLACED, student, assignment, reason))
        try:
            for (student, assignment), found in sorted(works.items()):
                self._place(student, assignment, list(found.values()))
        finally:
            self._manifest.take_account(read, self.account, self._default)
            self._manifest.save()
        self._name_strangers()
        if self._owners.has_worksheets and not has_participants:
            self.account.append(AccountLine("--worksheet", "", Placement.NOT_PLACED, reason=messages.NO_PARTICIPANTS))

    # What is whose, and for what

    def _assigned(self, source: SourceContents) -> Iterator[tuple[OwnedFile, str, str]]:
        """The files of a source with their student and assignment; all else is accounted for."""
        origins = [each.origin for each in source.incoming]
        told = [self._told(source, origin) for origin in origins]
        owned: defaultdict[str, list[tuple[OwnedFile, str]]] = defaultdict(list)
        students: set[str] = set()
        seen: set[tuple[int, str]] = set()
        unknown = 0
        for incoming, owner, name in zip(source.incoming, self._owners.people(origins), told, strict=True):
            student, member = ("", "") if isinstance(owner, UnknownOwnerError) else (owner.folder, owner.name)
            if student and (id(incoming.entry), student) in seen:  # who handed it in is named twice
                continue
            seen.add((id(incoming.entry), student))
            unknown += not (student or incoming.entry.is_nobodys)
            if _makes_a_student(incoming):
                students.add(student)
            try:
                if line := self._turned_away(source, incoming, student, owner):
                    self.account.append(line)
                    continue
                assert incoming.entry.place
                file = OwnedFile(source, incoming, member, incoming.entry.place, content_hash(incoming.entry.place))
            except OSError as error:
                reason = messages.cannot_be_opened(error.strerror)
                self.account.append(AccountLine(source.name, incoming.shown, Placement.NOT_PLACED, student, "", reason))
            else:
                owned[student].append((file, name))
        if source.system is System.MOODLE and self._owners.worksheet_is_of_others(origins):
            reason = messages.OTHER_PARTICIPANTS
            self.account.append(AccountLine(source.name, "", Placement.NOT_PLACED, reason=reason))
        self._make_folders(source, students - {""}, owned)
        self._name_absent(source, students, unknown)
        everywhere = {name for files in owned.values() for _, name in files if name}
        for student, files in owned.items():
            own = {name for _, name in files if name}
            for file, name in files:
                name = name or self._default or _only(own) or (_only(everywhere) if source.system in DOWNLOADS else "")
                if name in self._assignments:
                    yield file, student, name
                else:
                    known = listed(self._assignments)
                    reason = file.incoming.entry.reason or (
                        messages.no_such_assignment(on_one_line(name), known)
                        if name
                        else messages.for_no_assignment(known)
                    )
                    self.account.append(file.line(Placement.NOT_PLACED, student, "", reason))

    def _told(self, source: SourceContents, origin: Origin) -> str:
        """The assignment that the system says, or a folder of its name, or what the student's own names seem to say."""
        if self._default and source.system in DOWNLOADS:
            return self._default
        folder = next((part for part in reversed(origin.file.parts[:-1]) if part in self._assignments), "")
        return origin.assignment or folder or assignment_of(Path(origin.file), self._assignments)

    def _turned_away(
        self, source: SourceContents, incoming: Incoming, student: str, owner: Person | UnknownOwnerError
    ) -> AccountLine | None:
        """The line of what is not somebody's file."""
        entry, placement = incoming.entry, Placement.NOT_PLACED
        if entry.is_nobodys:
            placement, reason = Placement.PASSED_OVER, entry.reason
        elif not entry.place:
            reason = entry.reason
        elif isinstance(owner, UnknownOwnerError):
            reason = str(owner)
        elif incoming.origin.file.name == TIMESTAMP:
            placement, reason = Placement.PASSED_OVER, messages.OWN_TIME
        elif TIMESTAMP in incoming.origin.file.parts:
            reason = messages.IN_A_TIME
        elif NOBODYS_FILE.fullmatch(incoming.origin.file.name) or LEFT_BEHIND.intersection(incoming.origin.file.parts):
            placement, reason = Placement.PASSED_OVER, messages.NOBODYS
        elif len(incoming.origin.file.parts) > MAX_DEPTH:
            reason = messages.NAME_TOO_DEEP
        elif ".." in incoming.origin.file.parts:
            reason = messages.LEADS_OUT
        elif not incoming.origin.file.name:
            reason = messages.NAMELESS
        elif entry.place.lstat().st_size > MAX_FILE_BYTES:
            reason = messages.file_too_large(MAX_FILE_BYTES >> 20)
        else:
            return None
        return AccountLine(source.name, incoming.shown, placement, student, "", reason)

    def _make_folders(self, source: SourceContents, students: set[str], have_files: Container[str]) -> None:
        """Of whom there is nothing to place belongs to the class nevertheless."""
        for student in sorted(students):
            try:
                StudentFolder(self._into, student).make()
            except UserError as error:
                if student not in have_files:  # of these, it is told with each file
                    self.account.append(AccountLine(source.name, "", Placement.NOT_PLACED, student, "", str(error)))

    def _name_absent(self, source: SourceContents, students: set[str], unknown: int) -> None:
        """Say of whom there is nothing in a download."""
        reason = messages.perhaps_in(source.name, unknown) if unknown else messages.not_in(source.name)
        roster = self._owners.roster
        people = roster.people if roster and source.system in (*DOWNLOADS, System.NBGRADER) else ()
        for folder in dict.fromkeys(person.folder for person in people if not person.is_withdrawn):
            if folder and folder not in students:
                self.account.append(AccountLine(source.name, "", Placement.ABSENT, folder, reason=reason))

    def _name_strangers(self) -> None:
        """Of whom there is work, and who is not in the roster."""
        if roster := self._owners.roster:
            known = {person.folder for person in roster.people}
            strangers = sorted(
                {student for (student, _), work in self._manifest.records.items() if work.counts} - known
            )
            lines = (
                AccountLine(self._into.name, "", Placement.STRANGER, each, "", messages.STRANGER) for each in strangers
            )
            self.account += lines

    # Where it goes

    def _place(self, student: str, assignment: str, found: Sequence[Together]) -> None:
        """Whatever goes wrong here costs this work only."""
        work = self._manifest.records.setdefault((student, assignment), CollectedWork())
        pairs = oldest_first([(each, each.attempt(self._owners)) for each in found])
        folder = StudentFolder(self._into, student)
        try:
            folder.check(assignment, work, pairs[-1][1])
        except UserError as error:
            for together, _ in pairs:
                self._account(together, Placement.NOT_PLACED, student, assignment, str(error))
            return
        work.names = with_names(work.names, found, self._owners)
        for number, (together, attempt) in enumerate(pairs):
            if any(attempt.is_same_as(later) for _, later in pairs[number + 1 :]):
                self._account(together, Placement.UNCHANGED, student, assignment, "", attempt)
                continue
            places = {path: file.place for path, file in together.files.items()}
            try:
                placement = folder.take(assignment, work, attempt, places, is_newest=attempt is pairs[-1][1])
            except UserError as error:
                self._account(together, Placement.NOT_PLACED, student, assignment, str(error))
            else:
                unread = attempt.unread_time
                reason = "" if unread is None else messages.time_not_read(on_one_line(unread))
                if together is pairs[-1][0] and (rivals := rivals_of_newest(pairs)):
                    reason = messages.newest_of_a_team(together.member, listed(rivals), student)
                counted = work.counts if placement is not Placement.ATTEMPT else attempt
                self._account(together, placement, student, assignment, reason, counted)

    def _account(
        self,
        together: Together,
        placement: Placement,
        student: str,
        assignment: str,
        reason: str,
        attempt: Attempt | None = None,
    ) -> None:
        for file in together.files.values():
            own = reason if placement is Placement.NOT_PLACED else file.incoming.entry.reason or reason
            line = file.line(placement, student, assignment, own)
            if attempt:
                handed_in = "" if attempt.is_claim else attempt.handed_in
                line = replace(line, handed_in=handed_in, is_late=attempt.is_late)
            self.account.append(line)


def _makes_a_student(incoming: Incoming) -> bool:
    """Whether it shows that somebody is in the class: a folder of theirs does, or a system's word."""
    entry, origin = incoming.entry, incoming.origin
    has_folder = (
        len(entry.path.parts) > 1 or origin.system is System.REPOSITORY or entry.reason == messages.EMPTY_FOLDER
    )
    return bool(origin.ids) and (entry.place is not None or has_folder)


def _only(names: set[str]) -> str:
    return next(iter(names)) if len(names) == 1 else ""
