"""The answers in words of a class: the distinct ones of each question, and who gave which."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import unquote

from autograder.grading.store import ReportStore
from autograder.report.diff import Key
from autograder.report.model import Report, Status
from autograder.submission.model import Submission, SubmissionBrief
from autograder.text import without_inert

ID_DIGITS = 12
# How Markdown and HTML show a picture, and where Markdown finds one that is attached to the notebook's cell.
_PICTURE = re.compile(r"!\[[^\]\n]{0,500}\][(\[]|<img\b", re.IGNORECASE)
_ATTACHED = re.compile(r"\(attachment:([^\s)\"'>]{1,200})")


@dataclass(frozen=True)
class DistinctAnswer:
    """One answer to one question, with the folders of all who gave it.

    Where none was found in a file, `text` is empty, and `work` is what a person is to look through.
    """

    id: str
    assignment: str
    question: str
    possible: float
    text: str
    pictures: int  # that it shows, and that are not in its text
    students: tuple[str, ...]
    work: Submission | None = None

    @property
    def keys(self) -> tuple[tuple[str, str, str], ...]:
        """The answer of each student: folder, assignment, question."""
        return tuple((student, self.assignment, self.question) for student in self.students)


@dataclass(frozen=True)
class ClassAnswers:
    """The answers that a person grades, in the order of the course and then of their ids, which tells nothing.

    `unanswered` has the questions that a submission holds as they were handed out. `not_kept` are the submissions of
    which is not kept what was read: their answers are known when they have been graded again.
    """

    answers: tuple[DistinctAnswer, ...]
    unanswered: Mapping[Key, frozenset[str]] = field(default_factory=dict)
    not_kept: tuple[Key, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, DistinctAnswer]:
        return {answer.id: answer for answer in self.answers}

    @cached_property
    def by_question(self) -> dict[tuple[str, str], tuple[DistinctAnswer, ...]]:
        """The answers to each question, by assignment and question."""
        found: dict[tuple[str, str], list[DistinctAnswer]] = defaultdict(list)
        for answer in self.answers:
            found[answer.assignment, answer.question].append(answer)
        return {key: tuple(answers) for key, answers in found.items()}


def class_answers(store: ReportStore, reports: Iterable[Report], assignments: Sequence[str] = ()) -> ClassAnswers:
    """What the submissions that were graded answer in words; `assignments` are in the order of the course.

    What is held of them does not grow with the class, but with the different answers in it.

    Two answers are one if their texts are the same but for blanks at the ends of lines, empty lines around them, the
    way in which a system ends its lines, and the way in which Unicode writes a letter with an accent (both as NFC);
    and if the pictures that are attached are the same. A picture from elsewhere is not known, and so the answer is
    nobody else's. A regrade changes no id: it is made of assignment, question and answer, and of the whole file where
    no answer was found in it. What could not be read at all has no answers.
    """
    unanswered, not_kept = {}, []
    groups: dict[tuple[str, str, str], _Group] = {}
    questions: dict[tuple[str, str], None] = {}
    for report in reports:
        key = report.student, report.assignment
        if report.status is not Status.GRADED or not report.written:
            continue
        work = store.load_work(report)
        if work is None:
            not_kept.append(key)
            continue
        unanswered[key] = unanswered_in(report, work)
        for asked in report.written:
            questions.setdefault((report.assignment, asked.name))
            if asked.name not in unanswered[key]:
                text = normal_text(work.answers.get(asked.name, ""))
                tells_apart = _hash(report.assignment, asked.name, _what_tells_apart(text, report.student, work))
                group_key = report.assignment, asked.name, tells_apart
                group = groups.setdefault(group_key, _Group(text, None if text else work))
                group.students.append(report.student)
                group.possible[asked.max_score] += 1
    order = {name: number for number, name in enumerate(assignments)}
    places = {name: (order.get(name[0], len(order)), number) for number, name in enumerate(questions)}
    answers = [_answer(*key, group) for key, group in groups.items()]
    answers.sort(key=lambda each: (places[each.assignment, each.question], each.id))
    return ClassAnswers(tuple(answers), unanswered, tuple(not_kept))


def unanswered_in(report: Report, work: Submission | SubmissionBrief) -> frozenset[str]:
    """The questions in words that are as they were handed out: 0 points by themselves, as in nbgrader's gradebook."""
    return frozenset(asked.name for asked in report.written if asked.name in work.unanswered)


def normal_text(text: str) -> str:
    """An answer as it is compared with others."""
    lines = unicodedata.normalize("NFC", without_inert(text)).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


@dataclass
class _Group:
    """An answer, empty where none was found: in `work`, the first file without one that is the same."""

    text: str
    work: Submission | None
    students: list[str] = field(default_factory=list)
    possible: Counter[float] = field(default_factory=Counter)


def _what_tells_apart(text: str, student: str, work: Submission) -> str:
    if not text:
        return json.dumps(["not found", work.digest])
    attached = {name: cell.pictures[name] for cell in work.notebook for name in cell.pictures}
    named = [attached.get(name) or attached.get(unquote(name)) for name in _ATTACHED.findall(text)]
    is_all = len(_PICTURE.findall(text)) <= len(named) and None not in named
    return json.dumps([text, [dict(each) for each in named if each], "" if is_all else student], sort_keys=True)


def _hash(assignment: str, question: str, tells_apart: str) -> str:
    return hashlib.sha256(json.dumps([assignment, question, tells_apart]).encode()).hexdigest()


def _answer(assignment: str, question: str, digest: str, group: _Group) -> DistinctAnswer:
    return DistinctAnswer(
        id=f"w{digest[:ID_DIGITS]}",  # its letter keeps spreadsheets from taking it for a number or a date
        assignment=assignment,
        question=question,
        possible=group.possible.most_common(1)[0][0],
        text=group.text,
        pictures=len(_PICTURE.findall(group.text)),
        students=tuple(sorted(group.students)),
        work=group.work,
    )
