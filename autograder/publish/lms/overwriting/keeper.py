"""What may be written over in a template: empty cells, and what an earlier export of ours wrote. All else stays."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.classroom.marks.model import Mark
from autograder.classroom.person import composed
from autograder.publish.lms.cell import MarkCell, Numbers, is_empty, is_excused
from autograder.publish.lms.comment import Block, find_block, is_broken, plain, with_block
from autograder.publish.lms.overwriting.exported import COMMENT, MARK, CellKey, Exported


@dataclass(frozen=True)
class UnlikeCell:
    """A cell in which something else stands than our mark; `ours` is empty where there is none."""

    mark: Mark
    theirs: str
    ours: str


@dataclass(frozen=True)
class KeptCells:
    """What an export has left as it was, though we would write something else; and what it has replaced.

    left: what somebody else wrote. excused: the same, where they wrote that somebody need not hand in. closed: where
    the system takes no mark. stale: what we wrote, and have no mark for any more. comments: those in which somebody
    wrote between our marks. broken: those in which our marks do not stand as a pair, and once.
    """

    left: tuple[UnlikeCell, ...] = ()
    excused: tuple[UnlikeCell, ...] = ()
    closed: tuple[UnlikeCell, ...] = ()
    stale: tuple[UnlikeCell, ...] = ()
    comments: tuple[Mark, ...] = ()
    broken: tuple[Mark, ...] = ()
    replaced: tuple[UnlikeCell, ...] = ()
    replaced_comments: tuple[Mark, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether the file holds something else than our marks."""
        return bool(self.left or self.excused or self.closed or self.stale or self.comments or self.broken)


class Keeper:
    """Decides what stands in each cell of a file for one system, and notes what was written and what was left.

    `template` is a hash of the file that is filled in, empty for a new one. `replaces`: what others wrote gives way.
    """

    def __init__(
        self, system: str, exported: Exported | None = None, template: str = "", *, replaces: bool = False
    ) -> None:
        self._system = system
        self._exported = exported or Exported()
        self._template = template
        self._replaces = replaces
        self.written: dict[CellKey, str] = {}
        self._left: list[UnlikeCell] = []
        self._excused: list[UnlikeCell] = []
        self._closed: list[UnlikeCell] = []
        self._stale: list[UnlikeCell] = []
        self._replaced: list[UnlikeCell] = []
        self._comments: list[Mark] = []
        self._broken: list[Mark] = []
        self._replaced_comments: list[Mark] = []

    def new(self, cell: MarkCell, excused: str) -> str:
        """What stands in a cell of a new file."""
        text = cell.text(excused)
        if text:
            self.written[self._place(cell.mark)] = text
        return text

    def mark(self, cell: MarkCell, there: str, numbers: Numbers, excused: str, *, is_closed: bool = False) -> str:
        """What is to stand in a cell of a template, in which `there` stands.

        A closed cell is one in which the system takes no mark.
        """
        place, ours = self._place(cell.mark), cell.text(excused, numbers)
        is_ours = any(numbers.shows(there, text) for text in self._exported.ours(place, self._template))
        difference = UnlikeCell(cell.mark, there.strip(), ours)
        if not ours:
            if is_ours and not is_empty(there):
                self._stale.append(difference)
            return there
        both_excuse = cell.is_excused and is_excused(there)
        if is_closed and not (both_excuse or numbers.are_equal(there, ours)):
            self._closed.append(difference)
            return there
        if not is_empty(there):
            if both_excuse or numbers.are_equal(there, ours):
                is_misread = numbers.is_misread(there)
                if is_ours or is_misread:
                    self.written[place] = ours
                return ours if is_misread else there
            if not is_ours and excused and is_excused(there):
                self._excused.append(difference)
                return there
            if not (is_ours or self._replaces):
                self._left.append(difference)
                return there
            if not is_ours:
                self._replaced.append(difference)
        self.written[place] = ours
        return ours

    def comment(self, mark: Mark, there: str, ours: str) -> str:
        """What is to stand in a cell for comments: what others wrote, and `ours` between our marks.

        Where `ours` is empty, all stays. So it does where nobody can tell what between our marks is ours.
        """
        if not ours:
            return there
        place, block, found = self._place(mark, COMMENT), Block(composed(ours)), find_block(there)
        if is_broken(there):
            self._broken.append(mark)
            return there
        known = map(plain, self._exported.texts(place))  # the last one may not have arrived
        if found and plain(there[found]) not in (*known, plain(block.html)):
            if not self._replaces:
                self._comments.append(mark)
                return there
            self._replaced_comments.append(mark)
        self.written[place] = block.html
        return with_block(there, block, found)

    @property
    def kept(self) -> KeptCells:
        return KeptCells(
            tuple(self._left),
            tuple(self._excused),
            tuple(self._closed),
            tuple(self._stale),
            tuple(self._comments),
            tuple(self._broken),
            tuple(self._replaced),
            tuple(self._replaced_comments),
        )

    def _place(self, mark: Mark, column: str = MARK) -> CellKey:
        return CellKey(self._system, composed(mark.student), composed(mark.assignment), column)
