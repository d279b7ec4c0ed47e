"""What may be written over in a template: empty cells, and what an earlier export of ours wrote. All else stays."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.classroom.marks.model import Mark
from autograder.classroom.person import composed
from autograder.publish.lms.cell import MarkCell, Numbers, is_empty
from autograder.publish.lms.comment import Block, find_block, has_beginning, plain, with_block
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

    left: what somebody else wrote. excused: the same, where they wrote that somebody need not hand in. stale: what we
    wrote, and have no mark for any more. comments: those in which somebody wrote between our marks.
    """

    left: tuple[UnlikeCell, ...] = ()
    excused: tuple[UnlikeCell, ...] = ()
    stale: tuple[UnlikeCell, ...] = ()
    comments: tuple[Mark, ...] = ()
    replaced: tuple[UnlikeCell, ...] = ()
    replaced_comments: tuple[Mark, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether the file holds something else than our marks."""
        return bool(self.left or self.excused or self.stale or self.comments)


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
        self._stale: list[UnlikeCell] = []
        self._replaced: list[UnlikeCell] = []
        self._comments: list[Mark] = []
        self._replaced_comments: list[Mark] = []

    def new(self, cell: MarkCell, excused: str) -> str:
        """What stands in a cell of a new file."""
        text = cell.text(excused)
        if text:
            self.written[self._place(cell.mark)] = text
        return text

    def mark(self, cell: MarkCell, there: str, numbers: Numbers, excused: str) -> str:
        """What is to stand in a cell of a template, in which `there` stands."""
        place, ours = self._place(cell.mark), cell.text(excused, numbers)
        is_ours = any(numbers.shows(there, text) for text in self._exported.ours(place, self._template))
        difference = UnlikeCell(cell.mark, there.strip(), ours)
        if not ours:
            if is_ours and not is_empty(there):
                self._stale.append(difference)
            return there
        if not is_empty(there):
            if numbers.are_equal(there, ours):
                if is_ours:
                    self.written[place] = ours
                return there
            if not is_ours and excused and there.strip().casefold() == excused.casefold():
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

        Where `ours` is empty, all stays. So it does where the end of ours cannot be told.
        """
        if not ours:
            return there
        place, block, found = self._place(mark, COMMENT), Block(composed(ours)), find_block(there)
        if has_beginning(there) and not found:
            self._comments.append(mark)
            return there
        known = [plain(text) for text in self._exported.ours(place, self._template)]
        if found and known and plain(there[found]) not in (*known, plain(block.html)):
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
            tuple(self._stale),
            tuple(self._comments),
            tuple(self._replaced),
            tuple(self._replaced_comments),
        )

    def _place(self, mark: Mark, column: str = MARK) -> CellKey:
        return CellKey(self._system, composed(mark.student), composed(mark.assignment), column)
