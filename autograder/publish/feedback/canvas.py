"""For Canvas' "Re-Upload Submissions": files with the numbers that stand in the names of its download.

What it takes (app/models/abstract_assignment.rb in https://github.com/instructure/canvas-lms,
infer_comment_context_from_filename and generate_comments_from_files): of the parts between `_`, the first two that are
numbers are the user and the upload (behind `anon`, the next two are), and the upload must be part of what is handed in
now; all else is ignored. A last part that begins with `link` is, too. The file becomes a comment, which has the name of
the upload, whatever it was called here (https://github.com/instructure/canvas-lms/issues/2406), and the type that its
ending has here (lib/file_in_context.rb): HTML can be shown. Of an assignment that a group is graded in as one, all of
the group get it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from autograder.classroom.collect.manifest import DownloadName
from autograder.classroom.collect.systems.origin import System
from autograder.publish.feedback import messages
from autograder.publish.feedback.handout import HandedOut, OwnPage
from autograder.publish.feedback.packed import PackedPages, PageInZip
from autograder.publish.feedback.people import folder_of

FILE = "feedback.html"
MAX_NAME = 60  # characters of a name, which only people read


def pack_for_canvas(handout: HandedOut, names: Mapping[str, Sequence[DownloadName]]) -> PackedPages:
    """`names` are those of the downloads of the assignment, by the folder of the work."""
    teams: defaultdict[str, list[str]] = defaultdict(list)
    for member in handout.members.values():
        if not member.is_withdrawn:
            teams[member.folder].append(member.name)
    places: list[PageInZip] = []
    unplaced: list[tuple[OwnPage, str]] = []
    for page in handout.pages:
        team = teams[page.member.folder]
        found = _by_member(names.get(folder_of(page.member), ()))
        if len(team) == 1:  # or one that the class does not know as a team: its page is that of each
            own = list(found.values())
        elif found.keys() >= set(team):
            own = [found[page.member.name]]
        else:
            unplaced.append((page, messages.ALL_OF_A_TEAM if found else messages.NO_UPLOAD))
            continue
        if not own:
            unplaced.append((page, messages.NO_UPLOAD))
        places += _places(page, own)
    return PackedPages.of(places, unplaced)


def _by_member(names: Iterable[DownloadName]) -> dict[str, list[DownloadName]]:
    found: dict[str, list[DownloadName]] = {}
    for name in names:
        if name.system == System.CANVAS:
            found.setdefault(name.member, []).append(name)
    return found


def _places(page: OwnPage, own: Iterable[Sequence[DownloadName]]) -> Iterator[PageInZip]:
    """With the upload that the page is about, if it is still there; else with the last one."""
    for uploads in own:
        about = [each for each in uploads if page.graded in each.hashes]
        upload = max(about or uploads, key=lambda each: each.upload or 0)
        yield PageInZip(page, file_name(upload), upload.id)


def file_name(name: DownloadName) -> str:
    """The name in the zip: the one in the download, without `LATE`, and without what could be taken for a number."""
    shown = re.sub(r"[^\w-]", "", name.name)[:MAX_NAME]
    if any(re.fullmatch(r"[0-9]+", part) for part in shown.split("_")):
        shown = ""
    return "_".join(filter(None, (shown, name.id, str(name.upload), FILE)))
