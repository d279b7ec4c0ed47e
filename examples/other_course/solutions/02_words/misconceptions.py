"""Wrong answers that have a name."""

import re
from pathlib import Path

from lesson import count_words, split_words

from autograder.checking import misconception


def _stop_words():
    return set(Path("data/stopwords.txt").read_text(encoding="utf-8").split())


@misconception("split_words")
def blanks_alone(text):
    """The text was cut at its blanks alone: dots, commas and quotes stay with the words.

    What would `"sea."` be counted as?
    """
    return text.lower().split()


@misconception("split_words")
def capitals_kept(text):
    """Capital letters were kept, so that *The* and *the* are two words.

    Which method of a text gives all of it in small letters?
    """
    kept = "".join(letter if letter.isalpha() or letter == "'" else " " for letter in text)
    return [word for word in (part.strip("'") for part in kept.split()) if word]


@misconception("split_words")
def cut_at_apostrophes(text):
    """Words were cut at every apostrophe: *don't* became *don* and *t*.

    Between two letters, an apostrophe is part of the word. Is it, at the end of one?
    """
    return re.findall(r"[a-z]+", text.lower())


@misconception("split_words")
def each_word_once(text):
    """Each word is in the list once, however often it is in the text.

    A set forgets how often, and in which order. Which of your steps makes one?
    """
    return list(dict.fromkeys(split_words(text)))


@misconception("count_words")
def begins_at_zero(words):
    """Each count is one too low: the first time that a word came was not counted.

    What is the count of a word after you have seen it once?
    """
    counts = {}
    for word in words:
        counts[word] = counts[word] + 1 if word in counts else 0
    return counts


@misconception("count_words")
def only_seen(words):
    """Every count is 1: it was said that a word is there, and not how often.

    What do you do with a word that is in the dict already?
    """
    return dict.fromkeys(words, 1)


@misconception("keywords")
def with_stop_words(text, n):
    """The stop words were not left out.

    What stands in `data/stopwords.txt`, and where do you ask whether a word is one of those?
    """
    counts = count_words(split_words(text))
    return sorted(counts, key=lambda word: (-counts[word], word))[:n]


@misconception("keywords")
def rarest_first(text, n):
    """The rarest words came first: the list is sorted the wrong way round.

    `sorted` begins with the smallest. What is to be smallest for the most frequent word?
    """
    counts, stop_words = count_words(split_words(text)), _stop_words()
    return sorted((word for word in counts if word not in stop_words), key=lambda word: (counts[word], word))[:n]


@misconception("keywords")
def ties_backwards(text, n):
    """Words that are there equally often come in the wrong order, the last in the alphabet first.

    `reverse=True` turns all of the order round, that of the alphabet as well. Which part of it did you mean?
    """
    counts, stop_words = count_words(split_words(text)), _stop_words()
    left = [word for word in counts if word not in stop_words]
    return sorted(left, key=lambda word: (counts[word], word), reverse=True)[:n]


@misconception("keywords")
def ties_as_they_come(text, n):
    """Words that are there equally often come in the order of the text, and not in that of the alphabet.

    Sorting keeps the order of what is equal. By what else than the count do you sort?
    """
    counts, stop_words = count_words(split_words(text)), _stop_words()
    return sorted((word for word in counts if word not in stop_words), key=lambda word: -counts[word])[:n]


@misconception("keywords")
def stop_words_within(text, n):
    """Words were left out that have a stop word within them: with *an* goes *island*.

    `word in text` looks for a piece of the text. In what do you look whether a word is a stop word?
    """
    counts, listed = count_words(split_words(text)), Path("data/stopwords.txt").read_text(encoding="utf-8")
    left = [word for word in counts if not any(stop_word in word for stop_word in listed.split())]
    return sorted(left, key=lambda word: (-counts[word], word))[:n]
