"""What a mistake is called in Chinese: a name of its own, in words that a student reads at a glance."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from autograder.course.loader import Course
from autograder.language.current import looked_up, speaking
from autograder.report import messages
from autograder.text import in_words
from tests.helpers.chinese import FULL_WIDTH, HAN

CHINESE = "zh_CN"
WIDE = 24  # signs: a line of a table


@pytest.fixture(scope="module")
def names(course: Course) -> dict[str, set[str]]:
    """The mistakes that bear a name: of every lesson, and those that every course may meet."""
    found = defaultdict(set)
    for assignment in course.assignments:
        with speaking(CHINESE, assignment.folder):
            for misconception in assignment.misconceptions:
                words = in_words(misconception.name)
                found[looked_up(words)].add(words)
    every_course = messages.NAMES
    with speaking(CHINESE):
        for words in every_course:
            found[looked_up(words)].add(words)
    return dict(found)


def test_no_two_mistakes_share_a_name(names: dict[str, set[str]]) -> None:
    assert len(names) > 200
    assert {name: mistakes for name, mistakes in names.items() if len(mistakes) > 1} == {}


def test_a_name_is_a_short_chinese_phrase(names: dict[str, set[str]]) -> None:
    """Not the identifier with blanks, no sentence, and with a blank between Han and other words."""
    for name in names:
        assert re.search(f"[{HAN}]", name), name
        assert len(name) <= WIDE, name
        assert not name.endswith(tuple(f"{FULL_WIDTH}.?!")), name
        assert "_" not in re.sub(r"\bW_\w\b", "", name), name
        assert not re.search(rf"[{HAN}][A-Za-z0-9]|[A-Za-z0-9][{HAN}]|[{HAN}] [{HAN}]", name), name
