"""A job as data that travels, and the report that comes back for it: JSON, of bounded size, and checked."""

from __future__ import annotations

import json
import math
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from autograder.grading.job import Job
from autograder.report.model import Report, Status
from autograder.sandbox.homes import Where
from autograder.sandbox.protocol import Cell, Part
from autograder.submission.model import CODE, Submission

MAX_REPORT_BYTES = 8 << 20  # many times the longest: a report quotes what a student wrote, within limits


def job_to_data(job: Job) -> dict[str, Any]:
    """What grading it needs. Answers in words and pictures, which a person marks, stay here."""
    work = job.work
    if isinstance(work, Submission):
        code = tuple(replace(cell, pictures={}) for cell in work.notebook if cell.kind == CODE)
        work = replace(work, notebook=code, answers={})
    return {
        "student": job.student,
        "assignment": job.assignment,
        "work": work.to_json() if isinstance(work, Submission) else None,
        "unreadable": work if isinstance(work, str) else None,
        "before": [
            {
                "cells": [[cell.label, cell.source] for cell in part.cells],
                "questions": part.questions,
                "handed": part.handed,
                "assignment": part.assignment,
            }
            for part in job.before
        ],
        "where": job.where,
        "language": job.language,
        "edition": job.edition,
        "provenance": dict(job.provenance),
    }


def job_from_data(data: Mapping[str, Any], course: Path) -> Job:
    """The job, for the course as it lies here."""
    return Job(
        course=course,
        student=data["student"],
        assignment=data["assignment"],
        work=data["unreadable"] if data["work"] is None else Submission.from_json(data["work"]),
        before=tuple(
            Part(
                tuple(Cell(*cell) for cell in part["cells"]),
                tuple(part["questions"]),
                tuple(part["handed"]),
                part["assignment"],
            )
            for part in data["before"]
        ),
        where=Where(data["where"]),
        language=data["language"],
        edition=data["edition"],
        provenance=data["provenance"],
    )


def read_report(text: str, job: Job) -> Report:
    """The report that a worker sent for a job. Raises ValueError where it is anything else, whoever wrote it."""
    if len(text) > MAX_REPORT_BYTES:
        raise ValueError(f"{len(text)} characters")
    report = Report.from_json(text)
    require_types(report)
    is_unreadable = job.submission is None
    if (report.student, report.assignment, report.language) != (job.student, job.assignment, job.language):
        raise ValueError("a report on something else")
    if (report.confined, report.sandbox) != (job.where.is_confined, job.where if job.where is Where.WASM else ""):
        raise ValueError("a report on what ran elsewhere")
    if report.fingerprint != job.fingerprint or dict(report.provenance) != dict(job.provenance):
        raise ValueError("a report that rests on something else")
    if (report.status is Status.UNREADABLE) != is_unreadable or (is_unreadable and report.error != job.work):
        raise ValueError("a report on another state of the submission")
    for check in (check for question in report.questions for check in question.checks):
        if not 0 <= check.earned <= check.points:
            raise ValueError(f"{check.earned} of {check.points} points")
    if report.to_json() != text:
        raise ValueError("a report with something beside it")
    return report


def require_types(value: object) -> None:
    """Raises ValueError where a field of a dataclass, or of one within it, holds anything but what its type says."""
    kind: Any = type(value)
    hints = _hints(kind)
    for each in fields(value):  # type: ignore[arg-type]  # it is one
        content = getattr(value, each.name)
        if not _is(content, hints[each.name]):
            raise ValueError(f"{each.name}: {type(content).__name__}")


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _is(value: object, hint: Any) -> bool:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return any(_is(value, each) for each in arguments)
    if origin is tuple:
        return isinstance(value, tuple) and all(_is(each, arguments[0]) for each in value)
    if origin is Mapping:
        key, content = arguments
        return isinstance(value, dict) and all(_is(k, key) and _is(v, content) for k, v in value.items())
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if is_dataclass(hint):
        if type(value) is not hint:
            return False
        require_types(value)
        return True
    if isinstance(hint, type) and issubclass(hint, Enum):
        return isinstance(value, hint)
    return isinstance(value, hint)


def to_bytes(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data).encode()
