"""The checks of 02_words that you can see and run. More of them run after you hand in."""

from autograder.checking import points


@points(1)
def test_split_words_example(student):
    """Dots and capital letters"""
    words = student.split_words("The sea. The SEA!")
    assert words == ["the", "sea", "the", "sea"], (
        f"'The sea. The SEA!' has the words the, sea, the, sea; your list is {words}."
    )


@points(1)
def test_split_words_apostrophes(student):
    """An apostrophe within a word, and quotes around one"""
    words = student.split_words("Don't say 'no', 3 times")
    assert words == ["don't", "say", "no", "times"], (
        f"In \"Don't say 'no', 3 times\" the words are don't, say, no and times: an apostrophe belongs to a word only "
        f"between two letters, and digits to none. Your list is {words}."
    )


@points(1)
def test_count_words_example(student):
    """Three words, one of them twice"""
    counts = student.count_words(["sea", "ship", "sea", "whale"])
    assert counts == {"sea": 2, "ship": 1, "whale": 1}, f"sea is there twice, the others once; your dict is {counts}."


@points(1)
def test_keywords_example(student):
    """The most frequent word first, without stop words"""
    words = student.keywords("The whale and the ship and the whale and the sea, the sea, the sea", 2)
    assert words == ["sea", "whale"], f"sea is there three times and whale twice; your list is {words}."


@points(1)
def test_keywords_order(student):
    """Of words that are there equally often, the first in the alphabet goes first"""
    words = student.keywords("zebra, yak, bear; bear, yak", 3)
    assert words == ["bear", "yak", "zebra"], f"bear and yak are there twice, zebra once; your list is {words}."
