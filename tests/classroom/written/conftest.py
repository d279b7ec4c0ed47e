"""A small class that has answered in words, graded once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.classroom.written.answers import ClassAnswers, class_answers
from tests.helpers.in_words import a_class_in_words, store_of


@pytest.fixture(scope="package")
def graded_in_words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_class_in_words(tmp_path_factory.mktemp("words") / "course")


@pytest.fixture
def class_in_words(graded_in_words: Path, tmp_path: Path) -> Path:
    """A copy that the test may change."""
    return shutil.copytree(graded_in_words, tmp_path / "course")


@pytest.fixture
def given(graded_in_words: Path) -> ClassAnswers:
    store = store_of(graded_in_words)
    return class_answers(store, store)
