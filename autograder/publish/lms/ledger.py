"""A file for an LMS, and what is noted while it is written: who has no row in it, and what its cells hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from autograder.classroom.marks.model import Mark, MarkStatus, StudentMarks
from autograder.classroom.person import Person
from autograder.classroom.roster import Roster
from autograder.publish.lms.cell import MarkCell, Numbers, Worth
from autograder.publish.lms.comment import comment_html
from autograder.publish.lms.overwriting.exported import CellKey
from autograder.publish.lms.overwriting.keeper import Keeper, KeptCells
from autograder.publish.lms.table import MarkTable


@dataclass(frozen=True)
class Export:
    """The text of a file for an LMS, and what there is to say of it, of each mark once.

    count: how many cells hold our mark, written now or before. unknown: those with marks whom the roster or
    template does not know. missing: those of the roster of whom nothing was handed in. strangers: rows of a
    template about nobody who is known here. without_zeros: those of them who would be somebody, if ids had lost the
    zeros at their front. withdrawn: those who left the class: in no new file, and in templates as they were. cells:
    all that a mark was to be written into. kept: where a template holds something else than our marks. written:
    what was written, and where. blanks: cells without a mark in a new file, beside marks. misread: rows of a
    worksheet, what stands there, and the grade that Moodle would take it for. has_comments: whether there is a
    column.
    """

    text: str
    count: int
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    withdrawn: tuple[str, ...]
    cells: tuple[MarkCell, ...]
    kept: KeptCells = field(default_factory=KeptCells)
    written: Mapping[CellKey, str] = field(default_factory=dict)
    blanks: tuple[Mark, ...] = ()
    misread: tuple[tuple[str, str, str], ...] = ()
    has_comments: bool = True
    strangers: tuple[str, ...] = ()
    without_zeros: tuple[tuple[str, str], ...] = ()

    @property
    def without_mark(self) -> tuple[Mark, ...]:
        """What was handed in, and has no mark that could be written."""
        others = (MarkStatus.MISSING, MarkStatus.EXCUSED)
        marks = (cell.mark for cell in self.cells if cell.points is None and cell.mark.status not in others)
        return tuple(dict.fromkeys(mark for mark in marks if mark.status is not MarkStatus.GRADED))

    @property
    def set_as_a_whole(self) -> tuple[Mark, ...]:
        """Marks that were set for code and words together, where a column takes only the points for code."""
        cells = (cell for cell in self.cells if cell.points is None and cell.mark.status is MarkStatus.GRADED)
        return tuple(dict.fromkeys(cell.mark for cell in cells))

    @property
    def excused(self) -> tuple[Mark, ...]:
        return tuple(dict.fromkeys(cell.mark for cell in self.cells if cell.mark.status is MarkStatus.EXCUSED))

    @property
    def above_maximum(self) -> tuple[MarkCell, ...]:
        return tuple(cell for cell in self.cells if cell.is_above)

    @property
    def columns(self) -> Mapping[tuple[str, Worth], float]:
        """Which mark of each assignment was written, and what that is worth."""
        return {(cell.mark.assignment, cell.worth): cell.possible for cell in self.cells if cell.points is not None}


class Ledger:
    """Gives the marks for each row and cell of a file, and keeps account of them."""

    def __init__(self, table: MarkTable, roster: Roster, keeper: Keeper) -> None:
        self._table = table
        self._roster = roster
        self._keeper = keeper
        self._placed: set[str] = set()
        self._count = 0
        self._strangers: list[str] = []
        self._without_zeros: list[tuple[str, str]] = []
        self._withdrawn: list[str] = []
        self._cells: list[MarkCell] = []

    def people(self) -> Iterator[tuple[Person, StudentMarks | None]]:
        """For a new file: the people of the roster who did not leave the class, and their marks."""
        for person in self._roster.people:
            if person.name and not self._is_withdrawn(person):
                yield person, self._table.find(person)

    def of_row(self, ids: Mapping[str, str], shown: str) -> StudentMarks | None:
        """Whose marks belong into a row of a template, by its ids by column; None for nobody's.

        `shown` is what somebody is called there. Raises UserError where ids disagree.
        """
        person = self._roster.find(ids)
        if person and self._is_withdrawn(person):
            return None
        student = self._table.find(person) if person else None
        if student:
            self.place(student)
        elif not person:
            self._strangers.append(shown)
            if near := self._roster.find_without_zeros(ids):
                self._without_zeros.append((shown, near.name))
        return student

    def place(self, student: StudentMarks) -> None:
        """They are known, and have a row if there is something to write in it."""
        self._placed.add(student.member.name)

    def new(self, student: StudentMarks | None, assignment: str, *, excused: str = "") -> str:
        """What stands in the cell of a mark in a new file."""
        if not student:
            return ""
        cell = self._cell(student, assignment)
        self._count += cell.points is not None
        return self._keeper.new(cell, excused)

    def filled(
        self,
        student: StudentMarks,
        assignment: str,
        worth: Worth,
        there: str,
        numbers: Numbers,
        *,
        excused: str = "",
        is_closed: bool = False,
    ) -> str:
        """What is to stand in the cell of a mark of a template, in which `there` stands; as `Keeper.mark`."""
        cell = self._cell(student, assignment, worth)
        text = self._keeper.mark(cell, there, numbers, excused, is_closed=is_closed)
        self._count += cell.stands_in(text, numbers)
        return text

    def comment(
        self, student: StudentMarks, assignment: str, worth: Worth, there: str, grade: str, numbers: Numbers
    ) -> str:
        """What is to stand in the cell of a comment of a template, in which `there` stands, beside that grade."""
        cell = MarkCell(student.marks[assignment], worth)
        is_ours = cell.points is None or cell.stands_in(grade, numbers)
        report, language = self._table.report(student, assignment), student.member.language
        whole = self._table.whole(report) if report else None
        text = comment_html(cell, whole, has_our_mark=is_ours, language=language)
        return self._keeper.comment(cell.mark, there, text)

    def _cell(self, student: StudentMarks, assignment: str, worth: Worth = Worth.FULL) -> MarkCell:
        cell = MarkCell(student.marks[assignment], worth)
        self._cells.append(cell)
        return cell

    def unplaced(self) -> list[StudentMarks]:
        """Those of the class who have marks and no row, but not who left it."""
        known = {*self._placed, *self._withdrawn}
        return [
            each
            for each in self._table.marks.students
            if each.member.name not in known
            and not each.member.is_withdrawn
            and any(mark.status is not MarkStatus.MISSING or mark.mark is not None for mark in self._marks(each))
        ]

    def export(self, text: str) -> Export:
        """The file with that text."""
        absent = [each.name for each in self._roster.people if each.name and self._is_absent(each)]
        return Export(
            text,
            self._count,
            tuple(each.member.name for each in self.unplaced()),
            tuple(dict.fromkeys(absent)),
            tuple(dict.fromkeys(self._withdrawn)),
            tuple(self._cells),
            self._keeper.kept,
            self._keeper.written,
            strangers=tuple(dict.fromkeys(self._strangers)),
            without_zeros=tuple(self._without_zeros),
        )

    def _is_withdrawn(self, person: Person) -> bool:
        student = self._table.find(person)
        is_withdrawn = person.is_withdrawn or (student is not None and student.member.is_withdrawn)
        if is_withdrawn:
            self._withdrawn.append(student.member.name if student else person.name)
        return is_withdrawn

    def _is_absent(self, person: Person) -> bool:
        student = self._table.find(person)
        if person.is_withdrawn or (student and student.member.is_withdrawn):
            return False
        if student is None:
            return not self._table.holds_work_of(person)
        return all(mark.status is MarkStatus.MISSING for mark in self._marks(student))

    def _marks(self, student: StudentMarks) -> Iterable[Mark]:
        return (student.marks[name] for name in self._table.assignments)
