"""The checks of 02_words that run after handing in: other texts, drawn for each student."""

from pathlib import Path

import pytest

from autograder.checking import assert_matches, assert_no_side_effects, points

WORDS = ("whale", "ship", "sea", "island", "don't", "harpoon", "captain", "o'clock", "storm", "sail", "deck", "rope")
STOP_WORDS = Path(__file__).with_name("data").joinpath("stopwords.txt").read_text(encoding="utf-8").split()
BETWEEN = (" ", ", ", ". ", "; ", " - ", "\n", " '", "' ", " 7 ", "! ")


def sentence(rng, words, n):
    """A text of n words, with all that may stand between them, and some capital letters."""
    chosen = [str(rng.choice(words)) for _ in range(n)]
    shown = [word.capitalize() if rng.random() < 0.3 else word for word in chosen]
    return "".join(word + str(rng.choice(BETWEEN)) for word in shown)


@points(2)
def test_split_words(student, reference, rng):
    """Longer texts"""
    for n in (1, 12, 40):
        assert_matches(student.split_words, reference.split_words, sentence(rng, WORDS, n))


@points(1)
def test_split_words_edges(student, reference):
    """Texts without a word, and apostrophes at the end of words"""
    for text in ("'tis the ships' deck", "", " . 12 ' '' "):
        assert_matches(student.split_words, reference.split_words, text)


@points(2)
def test_count_words(student, reference, rng):
    """Many words, and none"""
    assert_matches(student.count_words, reference.count_words, [str(word) for word in rng.choice(WORDS, 200)])
    assert_matches(student.count_words, reference.count_words, [])


@points(1)
def test_count_words_again(student, rng):
    """The list stays as it is, and the same call has the same answer"""
    assert_no_side_effects(student.count_words, [str(word) for word in rng.choice(WORDS, 9)])


@points(3)
@pytest.mark.parametrize("n", [1, 3, 50])
def test_keywords(student, reference, rng, n):
    """Texts with many stop words"""
    assert_matches(student.keywords, reference.keywords, sentence(rng, [*WORDS, *STOP_WORDS[:40]], 120), n)


@points(1)
def test_keywords_all_stop_words(student, reference, rng):
    """A text of nothing but stop words, and words that begin like one"""
    assert_matches(student.keywords, reference.keywords, sentence(rng, STOP_WORDS, 30), 3)
    assert_matches(student.keywords, reference.keywords, "Another island; another theme: is it an inn? Andes, Andes", 4)
