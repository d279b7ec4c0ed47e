"""A small course with two questions in words, and notebooks in which they are answered, or not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from autograder.course.loader import load_course
from autograder.grading.store import ReportStore
from tests.helpers.course import RIGHT_SUMS, SUMS, hand_in, write_course
from tests.helpers.grading import regrade
from tests.helpers.hand_ins import Notebook, cell, released

NAME = "01_sums"
WHY, WHERE = "why", "where"
LESSON = (
    SUMS["lesson.py"]
    + """

# %% why [markdown] points=5
# **Why does a sum of $n$ numbers
# spread as $\\sqrt{n}$?**
#
# ### BEGIN SOLUTION
# 1. Variances add up,
#    so the `spread` is their root.
#
# ### BEGIN MARK SCHEME
# *Marking guide, 5 points.*
# - 3 points for the variance.
# ### END MARK SCHEME
# ### END SOLUTION

# %% where [markdown] points=2
# Where does it matter?
#
# ### BEGIN SOLUTION
# In attention.
# ### END SOLUTION
"""
)
STUB = "YOUR ANSWER HERE"
Pictures = Mapping[str, str]


def course_in_words(folder: Path) -> Path:
    return write_course(folder, files={NAME: {**SUMS, "lesson.py": LESSON}})


def hand_in_words(folder: Path, student: str, *, pictures: Pictures | None = None, **answers: str | None) -> Path:
    """Write a student's notebook: each question that is named is answered; the cell of one that is None is deleted."""
    notebook = released(load_course(folder / "solutions").assignment(NAME))
    for name, text in answers.items():
        _answer(notebook, name, text, pictures or {})
    file = folder / "class" / student / NAME / f"{NAME}.ipynb"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(notebook))
    return file


def _answer(notebook: Notebook, name: str, text: str | None, pictures: Pictures) -> None:
    found = cell(notebook, name)
    if text is None:
        notebook["cells"].remove(found)
        return
    found["source"] = found["source"].replace(STUB, text)
    found["attachments"] = {each: {"image/png": data} for each, data in pictures.items()}


def a_class_in_words(folder: Path) -> Path:
    """Ada and Ben agree on `why`; Cem left it empty, Dan deleted it, and Eve handed in a script."""
    course_in_words(folder)
    hand_in_words(folder, "ada", why="Because variances add up.\n\n- the root\n- of n", where="In attention.")
    hand_in_words(folder, "ben", why="Because variances add up.  \r\n\r\n- the root\r\n- of n\r\n", where="=1+1")
    hand_in_words(folder, "cem", where="In attention.")
    hand_in_words(folder, "dan", why=None)
    hand_in(folder / "class", "eve", NAME, RIGHT_SUMS)
    regrade(folder)
    return folder


def store_of(folder: Path) -> ReportStore:
    return ReportStore(folder / "graded")
