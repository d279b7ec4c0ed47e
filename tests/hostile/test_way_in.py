"""Files that attack whoever reads them, among honest students' and into everything that a run writes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.command_line import environment
from tests.helpers.course import RIGHT_CENTRED, RIGHT_SUMS, WRONG_SUMS, edit, write_course
from tests.helpers.hand_ins import Notebook, content, released, solved
from tests.helpers.nbgrader import SMALL_CENTRED, SMALL_SUMS, assignment_of, grades

pytestmark = pytest.mark.slow

SECONDS = 8  # that one submission may take here
MAX_MAIN_MB = 300
MEASURED = """
import atexit, re, sys
from autograder.cli import main
def peak():  # of this program alone: getrusage also counts what it was forked from
    print("peak", re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1], file=sys.stderr)
atexit.register(peak)
main()
"""
TEXT = {"cell_type": "markdown", "metadata": {}, "source": "x"}
SLEEPER = """
_os = print.__self__.__import__("os"); _signal = print.__self__.__import__("signal")
_ctypes = print.__self__.__import__("ctypes")
def _wait():
    _signal.signal(_signal.SIGALRM, lambda *_: _os._exit(3))
    _signal.setitimer(_signal.ITIMER_REAL, 2.8)
    while True:
        _ctypes.CDLL(None).syscall(_ctypes.c_long(202), _ctypes.byref(_ctypes.c_uint32(0)), 0, 0, None, None, 0)
def total(X): _wait()
def mean(X): _wait()
"""
STRINGS = "def total(X):\n    return ['a' * 400000] + [''] * 1000\n\n\ndef mean(X):\n    return total(X)\n"
BLAME = """
import numpy as np
def total(X):
    return np.zeros(0) if isinstance(X, list) else X.sum(axis=0)
def mean(X):
    for strange in ([], ["a" * 400000] + [""] * 3000, [[1], [2, 3]], "x", {}):
        try: total(strange)
        except Exception: pass
    return total(X) / X.shape[-1]
"""


def with_cells(notebook: Notebook, *cells: object) -> bytes:
    return content({**notebook, "cells": [*notebook["cells"], *cells]})


def attacks(course: Path) -> dict[str, tuple[str, bytes]]:
    """For each student, the name of a file, and what is in it."""
    blank = released(assignment_of(course, SMALL_SUMS))
    right = solved(assignment_of(course, SMALL_SUMS))
    code = json.dumps({"cell_type": "code", "source": RIGHT_SUMS})
    picture = {**TEXT, "attachments": {"\ud800.png": {"image/png": "AAAA"}}, "source": "![x](attachment:\ud800.png)"}
    links = (
        "[a](javascript:alert(1)) ![b](https://evil.example/seen.png) [c]\n\n[c]: data:text/html;base64,PHNjcmlwdD4="
    )
    deep = "[" * 900 + '""' + ',""' * 2_000_000 + "]" * 900
    return {
        "punycode": (".py", b"# coding: punycode\nx = 1\n#" + b"a" * 9_000_000 + b"-" + b"a" * 9_000_000),
        "utf_16": (".py", RIGHT_SUMS.encode("utf-16")),
        "surrogate": (".ipynb", with_cells(blank, picture)),
        "many_cells": (".ipynb", with_cells(right, *[TEXT] * 300_000)),
        "no_source": (".ipynb", f'{{"cells":[{code},{{"cell_type":"code"}},7,null]}}'.encode()),
        "deep": (".ipynb", f'{{"cells":[{code}],"metadata":{deep}}}'.encode()),
        "deeper": (".ipynb", f'{{"cells":[{code}],"metadata":{"[" * 100_000}}}'.encode()),
        "links": (".ipynb", with_cells(right, {**TEXT, "source": links})),
        "no_bytes": (".ipynb", b""),
        "sleeper": (".py", SLEEPER.encode()),
        "strings": (".py", STRINGS.encode()),
        "blame": (".py", BLAME.encode()),
        "::error::\x1b[31m\nname": (".py", WRONG_SUMS.encode()),
    }


def write(course: Path, student: str, assignment: str, file: bytes, suffix: str = ".py") -> Path:
    folder = course / "submitted" / student / assignment
    folder.mkdir(parents=True)
    (folder / f"{assignment}{suffix}").write_bytes(file)
    return folder


def grade(course: Path, out: str) -> tuple[int, int]:
    """Grade into everything that there is; returns the exit code, and the megabytes of the main process."""
    files = ("--codequality", f"{out}.json", "--junit", f"{out}.xml", "--gradebook", f"sqlite:///{course}/gradebook.db")
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, "grade", "submitted", "--out", out, "--github", *files],
        cwd=course,
        env=environment() | {"GITHUB_STEP_SUMMARY": str(course / f"{out}.md")},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    peak = re.search(r"peak (\d+)", done.stderr)
    assert peak is not None, done.stderr
    return done.returncode, int(peak[1]) >> 10


def reports(course: Path, out: str) -> dict[tuple[str, str], dict[str, Any]]:
    found = [json.loads(path.read_text()) for path in (course / out).glob("[!.]*/*.json")]
    for report in found:
        del report["seconds"]
    return {(report["student"], report["assignment"]): report for report in found}


def test_the_honest_get_what_they_get_alone_whoever_hands_in_beside_them(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    edit(course / "solutions" / "course.toml", "answer_mb = 4\n", f"answer_mb = 4\nsubmission_seconds = {SECONDS}\n")
    for number in range(20):
        sums = WRONG_SUMS if number % 3 == 1 else RIGHT_SUMS
        write(course, f"s{number:02}", SMALL_SUMS, sums.encode())
        write(course, f"s{number:02}", SMALL_CENTRED, RIGHT_CENTRED.encode())
    assert grade(course, "alone") <= (0, MAX_MAIN_MB)
    alone, in_gradebook = reports(course, "alone"), grades(course)
    evil = attacks(course)
    for student, (suffix, file) in evil.items():
        folder = write(course, student, SMALL_SUMS, file, suffix)
        (folder / "timestamp.txt").write_bytes(b"1-" * 9_000_000 if student == "links" else b"1" * 60)
        write(course, student, SMALL_CENTRED, RIGHT_CENTRED.encode())
    os.mkfifo(write(course, "pipe", SMALL_SUMS, b"", ".txt") / f"{SMALL_SUMS}.ipynb")
    code, peak = grade(course, "together")
    together = reports(course, "together")
    assert code in (0, 1)
    assert peak < MAX_MAIN_MB
    assert {key: together[key] for key in alone} == alone
    assert {key: grade for key, grade in grades(course).items() if key in in_gradebook} == in_gradebook
    outcomes = {check["outcome"] for each in together.values() for q in each["questions"] for check in q["checks"]}
    assert "grader_error" not in outcomes
    mine = {student: each for (student, assignment), each in together.items() if assignment == SMALL_SUMS}
    for student in ("utf_16", "no_source", "deep"):
        assert mine[student]["score"] == mine["s00"]["score"], student
    for student in ("punycode", "many_cells", "deeper", "no_bytes", "pipe"):
        assert mine[student]["status"] == "unreadable", student
    shown = "".join(path.read_text() for path in course.glob("autograded/links/*/*.ipynb"))
    assert "](javascript:" not in shown
    assert "![b](" not in shown  # it has become a link
    assert "]: data:" not in shown
    json.loads((course / "together.json").read_text())
