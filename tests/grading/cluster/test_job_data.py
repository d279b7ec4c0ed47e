"""A job that travels is the same job; what comes back is a report on it, or refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from autograder.course.loader import load_course
from autograder.grading.cluster.job_data import MAX_REPORT_BYTES, job_from_data, job_to_data, read_report, to_bytes
from autograder.grading.discovery import find_submissions
from autograder.grading.grader import grade_one
from autograder.grading.job import Job, read_jobs
from autograder.report.model import Report
from tests.helpers.course import RIGHT_CENTRED, WRONG_SUMS, hand_in, write_course

Change = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> list[Job]:
    """On wrong sums, on an answer that builds on them, and on a file that cannot be read."""
    folder = write_course(tmp_path_factory.mktemp("jobs"))
    hand_in(folder / "class", "ada \u202e ü", "01_sums", WRONG_SUMS)
    hand_in(folder / "class", "ada \u202e ü", "02_centred", RIGHT_CENTRED)
    hand_in(folder / "class", "bo", "01_sums", "").write_bytes(b"\xff\xfe\x00")
    course = load_course(folder / "solutions")
    found = find_submissions(folder / "class", course.names)
    return list(read_jobs(course, found.submissions, confined=False))


@pytest.fixture(scope="module")
def reports(jobs: list[Job]) -> list[Report]:
    return [grade_one(job) for job in jobs]


def travelled(job: Job, course: Path) -> Job:
    return job_from_data(json.loads(to_bytes(job_to_data(job))), course)


def test_a_job_that_has_travelled_gives_the_same_report(jobs: list[Job], reports: list[Report]) -> None:
    assert [isinstance(job.work, str) for job in jobs] == [False, False, True]
    for job, report in zip(jobs, reports, strict=True):
        there = travelled(job, job.course)
        assert there.fingerprint == job.fingerprint
        again = json.loads(grade_one(there).to_json())
        assert {**again, "seconds": 0} == {**json.loads(report.to_json()), "seconds": 0}


def test_a_job_is_graded_there_in_the_language_of_its_student(jobs: list[Job]) -> None:
    job = replace(jobs[0], language="zh_CN")
    report = grade_one(job)
    assert report.language == "zh_CN"
    assert report.questions != grade_one(jobs[0]).questions, "the language makes no difference"
    there = grade_one(travelled(job, job.course))
    assert there.questions == report.questions
    assert read_report(there.to_json(), job).language == "zh_CN"


def test_all_of_a_job_travels_but_for_what_only_its_own_machine_knows(jobs: list[Job]) -> None:
    stays = {"course", "file", "ungraded"}
    for job in jobs:
        sent = set(job_to_data(job)) - {"unreadable"}
        assert sent == {each.name for each in fields(Job)} - stays
        there = travelled(job, Path("elsewhere"))
        assert all(getattr(there, name) == getattr(job, name) for name in sent - {"work"})
        assert there.course == Path("elsewhere")


def test_answers_in_words_and_pictures_do_not_travel(tmp_path: Path) -> None:
    folder = write_course(tmp_path)
    file = hand_in(folder / "class", "ada", "01_sums", "").with_suffix(".ipynb")
    cells = [
        {
            "cell_type": "markdown",
            "id": "a",
            "metadata": {},
            "source": "My own words",
            "attachments": {"me.png": {"image/png": "UElDVFVSRQ=="}},
        },
        {"cell_type": "code", "id": "b", "metadata": {}, "source": WRONG_SUMS, "outputs": [], "execution_count": None},
    ]
    file.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    file.with_suffix(".py").unlink()
    course = load_course(folder / "solutions")
    (job, *_) = read_jobs(course, find_submissions(folder / "class", course.names).submissions, confined=True)
    assert job.submission is not None
    assert "My own words" in job.submission.to_json()
    sent = to_bytes(job_to_data(job)).decode()
    assert "def total" in sent
    for kept_here in ("My own words", "UElDVFVSRQ", str(folder)):
        assert kept_here not in sent


def test_a_report_comes_back_as_it_was_written(jobs: list[Job], reports: list[Report]) -> None:
    for job, report in zip(jobs, reports, strict=True):
        text = report.to_json()
        assert read_report(text, job).to_json() == text


def put(*path: str | int, value: object) -> Change:
    """Put something into a report, at a place in its JSON."""

    def change(report: dict[str, Any]) -> None:
        place: Any = report
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value

    return change


FIRST = ("questions", 0, "checks", 0)
LIES: dict[str, Change] = {
    "somebody else": put("student", value="eve"),
    "a path": put("student", value="../../../etc"),
    "another assignment": put("assignment", value="02_centred"),
    "another fingerprint": put("fingerprint", value="0"),
    "another provenance": put("provenance", "Python", value="4.0"),
    "confined as well": put("confined", value=True),
    "in another home": put("sandbox", value="wasm"),
    "in another language": put("language", value="zh_CN"),
    "unreadable": put("status", value="unreadable"),
    "more points than there are": put(*FIRST, "earned", value=100),
    "fewer than none": put(*FIRST, "earned", value=-1),
    "endless points": put(*FIRST, "points", value=float("inf")),
    "no number": put(*FIRST, "earned", value=float("nan")),
    "a list for a text": put(*FIRST, "message", value=["<script>"]),
    "a dict for a text": put("title", value={"a": 1}),
    "a text for a number": put("seconds", value="1"),
    "a number for a name": put("questions", 0, "name", value=7),
    "a number for a note": put("notes", value=[1]),
    "a mapping of lists": put("provenance", "Python", value=[]),
    "an outcome that there is not": put(*FIRST, "outcome", value="perfect"),
    "a field that there is not": put(*FIRST, "extra", value=1),
    "another score": put("score", value=1000),
    "something beside it": put("beside", value="x"),
    "a later schema": put("schema", value=99),
    "a text for all questions": put("questions", value="none"),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_is_no_report_on_the_job_is_refused(jobs: list[Job], reports: list[Report], lie: str) -> None:
    data = json.loads(reports[0].to_json())
    LIES[lie](data)
    with pytest.raises(ValueError):  # noqa: PT011  (whatever is wrong with it)
        read_report(json.dumps(data, indent=2) + "\n", jobs[0])


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", "[" * 100_000, '"report"', "7"])
def test_other_json_is_refused(jobs: list[Job], text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        read_report(text, jobs[0])


def test_a_report_that_is_too_long_is_refused(jobs: list[Job], reports: list[Report]) -> None:
    data = json.loads(reports[0].to_json())
    put(*FIRST, "message", value="x" * MAX_REPORT_BYTES)(data)
    with pytest.raises(ValueError, match="characters"):
        read_report(json.dumps(data, indent=2) + "\n", jobs[0])


def test_another_reason_for_what_is_unreadable_is_refused(jobs: list[Job], reports: list[Report]) -> None:
    data = json.loads(reports[2].to_json())
    put("error", value="<b>no</b>")(data)
    with pytest.raises(ValueError, match="state"):
        read_report(json.dumps(data, indent=2) + "\n", jobs[2])
