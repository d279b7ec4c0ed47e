"""The page on which answers in words are read: beside each question, its model answer and marking guide."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from autograder.classroom.written.answers import ClassAnswers, DistinctAnswer
from autograder.classroom.written.points import graded_rows
from autograder.classroom.written.sheet import Sheet, SheetRow
from autograder.course.loader import Assignment
from autograder.course.worked.marking import MarkingGuide, marking_guides
from autograder.pages import messages
from autograder.pages._jinja import PAGES
from autograder.pages.shown_cells import shown_cells
from autograder.submission.model import NotebookCell
from autograder.text import for_html

MADE_BY = "<!-- autograder written -->"  # in its second line: by this it is known when it is to be written again
HEAD_BYTES = 200  # of a line of a file that may be anything
MAX_CHARS_AT_ONCE = 1_500  # of an answer; the rest is folded up
MAX_WORK_CHARS = 50_000  # of a file in which no answer was found
_BEGINS = re.compile(r"\s*(?:(?:[-*+]|\d+[.)])\s|[#>|]|\$\$)")  # an item, a heading, a quotation, a row, a formula
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_STRESSED_LINE = re.compile(r"^\*([^*\n]+)\*$", re.MULTILINE)


def written_page(
    answers: ClassAnswers, assignments: Sequence[Assignment], sheet: Sheet | None, title: str, *, with_names: bool
) -> str:
    """The page as HTML. `assignments` are the course's; `sheet` has what was filled in so far.

    It holds the solutions, and, with names, who gave each answer. Raises UserError where the sheet or a lesson is
    not in order.
    """
    asking = [each for each in assignments if any(name == each.name for name, _ in answers.by_question)]
    guides = {(each.name, guide.question): guide for each in asking for guide in marking_guides(each)}
    handed_out = {each.name: frozenset(cell.source for cell in each.handout.cells) for each in asking}
    graded = graded_rows(sheet, answers) if sheet else {}
    comments = {row.answer_id: row.comment for row in sheet.rows} if sheet else {}
    questions = [
        _QuestionInWords(
            assignment,
            question,
            guides.get((assignment, question)),
            tuple(
                _AnswerView.of(each, graded.get(each.id), comments.get(each.id, ""), handed_out.get(assignment, ()))
                for each in given
            ),
            sum(name == assignment and question in left for (_, name), left in answers.unanswered.items()),
        )
        for (assignment, question), given in answers.by_question.items()
    ]
    page = PAGES.get_template("written.html").render(title=title, questions=questions, with_names=with_names)
    doctype, _, rest = page.partition("\n")
    return f"{doctype}\n{MADE_BY}\n{rest}"


def is_written_page(path: Path) -> bool:
    """Whether a file is such a page, and may be written over; what cannot be read is none."""
    try:
        with path.open("rb") as file:
            lines = [file.readline(HEAD_BYTES).strip() for _ in range(2)]
    except OSError:
        return False
    return lines[0].startswith(b"<!DOCTYPE") and lines[1] == MADE_BY.encode()


@dataclass(frozen=True)
class _AnswerView:
    """An answer as it is read: what is seen of it at once, and the rest; where there is none, the work."""

    answer: DistinctAnswer
    row: SheetRow | None  # with points that count
    comment: str
    beginning: str
    rest: str
    work: tuple[NotebookCell, ...]

    @classmethod
    def of(
        cls, answer: DistinctAnswer, row: SheetRow | None, comment: str, handed_out: frozenset[str] | tuple[()]
    ) -> _AnswerView:
        beginning, rest = _parts(answer.text)
        own = [cell for cell in answer.work.notebook if cell.source not in handed_out] if answer.work else []
        return cls(answer, row, comment, beginning, rest, tuple(shown_cells(own, MAX_WORK_CHARS)))


@dataclass(frozen=True)
class _QuestionInWords:
    """A question, what the lesson says of it (None where it is not in the course any more), and all answers."""

    assignment: str
    name: str
    guide: MarkingGuide | None
    views: tuple[_AnswerView, ...]
    left_empty: int

    @property
    def possible(self) -> float:
        return max(view.answer.possible for view in self.views)

    @property
    def found(self) -> list[DistinctAnswer]:
        return [view.answer for view in self.views if view.answer.text]

    @property
    def students(self) -> int:
        return sum(len(answer.students) for answer in self.found)

    @property
    def waiting(self) -> int:
        return sum(view.row is None for view in self.views)

    @property
    def texts(self) -> list[tuple[str, Markup]]:
        """The model answer and the marking guide, each with its heading."""
        if self.guide is None:
            return []
        both = ((messages.MODEL_ANSWER, self.guide.model_answer), (messages.MARKING_GUIDE, self.guide.mark_scheme))
        return [(heading, _course_text(text)) for heading, text in both if text]

    @property
    def asked(self) -> Markup:
        return _course_text(self.guide.asked if self.guide else messages.QUESTION_GONE)


def _parts(text: str) -> tuple[str, str]:
    """What is seen of an answer at once, up to the end of a word, and the rest."""
    if len(text) <= MAX_CHARS_AT_ONCE:
        return text, ""
    cut = max(text.rfind(" ", 0, MAX_CHARS_AT_ONCE), text.rfind("\n", 0, MAX_CHARS_AT_ONCE)) + 1
    cut = cut or MAX_CHARS_AT_ONCE
    return text[:cut], text[cut:]


def _course_text(text: str) -> Markup:
    """A text of the lesson, as HTML: formulas as they are written, what is bold, stressed or code as such."""
    shown = for_html(_unwrapped(text))  # escaped there
    return Markup(_STRESSED_LINE.sub(r"<em>\1</em>", _BOLD.sub(r"<strong>\1</strong>", shown)))


def _unwrapped(text: str) -> str:
    """A text without the ends of lines that are there only because the lesson is so wide."""
    lines: list[str] = []
    for line in text.split("\n"):
        goes_on = lines and lines[-1].strip() and line.strip() and not _BEGINS.match(line)
        if goes_on and "```" not in text:
            lines[-1] = f"{lines[-1]} {line.strip()}"
        else:
            lines.append(line)
    return "\n".join(lines)
