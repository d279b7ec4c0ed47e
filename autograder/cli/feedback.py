"""`autograder feedback`: each student's own pages, in a zip as the LMS takes it back, or for a mail merge."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryFile

import click
from rich.console import Console

from autograder.classroom import messages as classroom_messages
from autograder.classroom.attempts.records import records_of
from autograder.classroom.collect.manifest import FILE, DownloadName, Manifest
from autograder.classroom.collect.owners import Owners
from autograder.classroom.marks.model import ClassMarks
from autograder.classroom.marks.record import load_marks
from autograder.classroom.person import composed
from autograder.cli import messages as cli_messages
from autograder.cli.shared.errors import INCOMPLETE, one_line_errors
from autograder.cli.shared.output_paths import require_zip
from autograder.cli.shared.people import people_of_class
from autograder.cli.shared.terminal import say
from autograder.errors import UserError
from autograder.grading.files import path_to, write_atomically
from autograder.grading.store import ReportStore
from autograder.language.current import translated
from autograder.language.listing import listed
from autograder.publish.feedback import messages
from autograder.publish.feedback.canvas import pack_for_canvas
from autograder.publish.feedback.handout import HandedOut, hand_out
from autograder.publish.feedback.mail_merge import pack_for_mail
from autograder.publish.feedback.moodle import Participants, pack_for_moodle
from autograder.publish.feedback.packed import PackedPages, is_feedback
from autograder.publish.feedback.people import People

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
CSV = click.Path(exists=True, dir_okay=False, path_type=Path)
MAX_NAMES = 20
PIECE = 1 << 20  # bytes of a zip that are held
MAIL, MOODLE, CANVAS = "mail", "moodle", "canvas"
NEXT = {MAIL: messages.FOR_MAIL, MOODLE: messages.FOR_MOODLE, CANVAS: messages.FOR_CANVAS}
Names = dict[str, list[DownloadName]]


@click.command()
@click.argument("graded", type=FOLDER)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), metavar="ZIP", required=True, help="The zip to write."
)
@click.option("--for", "system", type=click.Choice([MOODLE, CANVAS]), default=None, help="As this LMS takes it.")
@click.option("--assignment", "chosen", metavar="A", multiple=True, help="Only this one. May be given again.")
@click.option("--roster", type=CSV, metavar="FILE", help="CSV: a column `folder`, and ids (default: class.toml's).")
@click.option("--template", type=CSV, metavar="FILE", help="Moodle's grading worksheet: it tells whose a number is.")
@click.option("--submitted", type=FOLDER, metavar="DIR", help="Where `collect` has laid out the work, if it was moved.")
@one_line_errors
def feedback(
    graded: Path,
    out: Path,
    system: str | None,
    chosen: tuple[str, ...],
    roster: Path | None,
    template: Path | None,
    submitted: Path | None,
) -> None:
    """Pack each student's own pages of a folder of reports, and nothing else, into a zip.

    Without --for, they are for a mail merge: feedback.csv in the zip says whose each page is, with the columns of the
    roster. For an LMS, the pages of one assignment have the names that it takes back: those in the download that was
    collected, or Moodle's numbers in --template. Left out are pages without a final mark, and who withdrew; they are
    named. Exit code 1: a page has no place, or could not be made, or somebody is not in the class any more.
    """
    require_zip(out)
    if out.resolve().is_relative_to(graded.resolve()):
        raise UserError(messages.among_reports(out))
    if out.exists() and not is_feedback(out):
        raise UserError(messages.is_there(out))
    if template and system != MOODLE:
        raise UserError(messages.TEMPLATE_IS_MOODLES)
    if submitted and not system:
        raise UserError(messages.SUBMITTED_IS_FOR_LMS)
    store = ReportStore(graded)
    store.load_class()  # a folder of something else is refused before a lock is left in it
    with store.writing():
        marks = load_marks(store)
        assignments = _assignments(store, marks, chosen)
        if system and len(assignments) != 1:
            raise UserError(messages.one_assignment(listed(assignments)))
        known, which_roster = people_of_class(store, marks, roster)
        people = People(known)
        handout = hand_out(store, marks, store.read_all(), assignments)
        if not handout.pages:
            raise UserError(messages.nothing_to_hand_out(graded))
        packed = _packed(system, handout, people, assignments, store, submitted, template)
        if not packed.places:
            raise UserError(messages.no_place_for_any(len(handout.pages), packed.unplaced[0][1]))
        with TemporaryFile() as content:
            try:
                packed.write(content)
            except OSError as error:
                raise UserError(
                    classroom_messages.cannot_read(Path(error.filename or graded), error.strerror)
                ) from None
            content.seek(0)
            write_atomically(out, iter(lambda: content.read(PIECE), b""))
    console = Console()
    students = len({each.page.member.name for each in packed.places})
    pages = len({each.page for each in packed.places})
    say(console, messages.written(out, pages, students, listed(assignments)))
    say(console, translated(NEXT[system or MAIL]))
    if which_roster:
        say(console, which_roster)
    for line in _account(handout, packed):
        say(console, line)
    if packed.unplaced or handout.problems or handout.left:
        sys.exit(INCOMPLETE)


def _assignments(store: ReportStore, marks: ClassMarks, chosen: Sequence[str]) -> list[str]:
    for name in chosen:
        if name not in marks.assignments:
            raise UserError(cli_messages.no_reports_on(store.root, name, listed(marks.assignments)))
    return [name for name in marks.assignments if not chosen or name in chosen]


def _packed(
    system: str | None,
    handout: HandedOut,
    people: People,
    assignments: Sequence[str],
    store: ReportStore,
    submitted: Path | None,
    template: Path | None,
) -> PackedPages:
    if system is None:
        return pack_for_mail(handout, people, assignments, store.root)
    if template:
        return pack_for_moodle(handout, people, Participants(Owners(people.roster, [template]).people_by_number()))
    kept = store.load_class().submitted
    folder = submitted or (path_to(store.root, kept) if kept else None)
    names = _names_in_download(folder, system, assignments[0]) if folder else {}
    if system == MOODLE:  # which may know people otherwise
        return pack_for_moodle(handout, people, Participants(names=names))
    if folder is None:
        raise UserError(messages.unknown_submitted(store.root))
    if not names:
        raise UserError(messages.no_names(folder / FILE, assignments[0]))
    return pack_for_canvas(handout, names)


def _names_in_download(submitted: Path, system: str, assignment: str) -> Names:
    """What work on an assignment was called in a system's download, by its folder. Raises UserError."""
    names: defaultdict[str, list[DownloadName]] = defaultdict(list)
    for student, records in records_of(Manifest(submitted)).items():
        for record in records:
            if record.assignment == assignment:
                names[composed(student)] += [each for each in record.work.names if each.system == system]
    return {student: found for student, found in names.items() if found}


def _account(handout: HandedOut, packed: PackedPages) -> Iterator[str]:
    reasons: defaultdict[str, list[str]] = defaultdict(list)
    for page, reason in packed.unplaced:
        reasons[reason].append(messages.of_student(page.member.name, page.assignment))
    for reason, pages in reasons.items():
        yield messages.no_place(len(pages), reason, _listed(pages))
    yield from handout.problems
    if handout.unfinished:
        pages = [messages.of_student(mark.student, mark.assignment) for mark in handout.unfinished]
        yield messages.unfinished(len(pages), _listed(pages))
    for names, sentence in ((handout.withdrawn, messages.withdrawn), (handout.without_page, messages.without_page)):
        if names:
            yield sentence(len(names), _listed(names))
    if handout.left:
        yield cli_messages.left_the_class(_listed(handout.left))


def _listed(names: Sequence[str]) -> str:
    shown = listed(names[:MAX_NAMES])
    return shown if len(names) <= MAX_NAMES else messages.and_more(shown, len(names) - MAX_NAMES)
