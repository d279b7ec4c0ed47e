"""The heat map of a class: a row for each student, a cell for each question, with its points and its colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.report.model import QuestionResult, Report, Status, mean, number
from autograder.report.statistics import AssignmentStatistics, is_unwritten

LOW_SCORE_PERCENT = 50  # who has less can be filtered for


@dataclass(frozen=True)
class HeatmapCell:
    """A student's points in a question. `warmth`, the colour: "w0" for no point … "w5" for all, or "unwritten"."""

    points: str
    warmth: str
    is_final: bool

    @classmethod
    def of(cls, question: QuestionResult) -> HeatmapCell:
        score, maximum = question.score, question.max_score
        warmth = 5 if score >= maximum else min(4, 1 + int(4 * score / maximum)) if score > 0 else 0
        return cls(number(score), "unwritten" if is_unwritten(question) else f"w{warmth}", question.is_final)


@dataclass(frozen=True)
class HeatmapRow:
    """A student: their report on each assignment with a cell for each of its questions, and states to filter by."""

    student: str
    mean: float | None
    works: tuple[tuple[Report | None, tuple[HeatmapCell | None, ...]], ...]
    states: tuple[str, ...]


def rows(handed_in: Mapping[str, Mapping[str, Report]], columns: Sequence[AssignmentStatistics]) -> list[HeatmapRow]:
    """A row for each student of `handed_in`, who may have handed in nothing; in it a work for each of `columns`."""
    return [_row(student, [works.get(c.name) for c in columns], columns) for student, works in handed_in.items()]


def _row(student: str, works: Sequence[Report | None], columns: Sequence[AssignmentStatistics]) -> HeatmapRow:
    share = mean(works)
    states = {
        "absent": not any(works),
        "gap": not all(works),
        "unreadable": any(work and work.status is Status.UNREADABLE for work in works),
        "ours": any(work and work.has_grader_error for work in works),
        "low": share is not None and share < LOW_SCORE_PERCENT,
    }
    cells = [_cells(work, column) for work, column in zip(works, columns, strict=True)]
    return HeatmapRow(
        student, share, tuple(zip(works, cells, strict=True)), tuple(name for name in states if states[name])
    )


def _cells(work: Report | None, column: AssignmentStatistics) -> tuple[HeatmapCell | None, ...]:
    results = {q.name: q for q in work.questions} if work and work.status is Status.GRADED else {}
    return tuple(HeatmapCell.of(results[q.name]) if q.name in results else None for q in column.questions)
