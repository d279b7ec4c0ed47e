"""Sentences of the pages and of grades.csv that do not stand in templates/."""

from __future__ import annotations

CLASS_RESULTS = "Class results"


def not_final(questions: str) -> str:
    return f"score not final, the grader failed in: {questions}"
