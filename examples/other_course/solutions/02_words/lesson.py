# %% [markdown]
# # 02 · What a text is about
#
# Count the words of a text, leave out those that every text has, and the ones that are left over and over again say
# what it is about. Three small functions do that: with text, lists and dicts, and no array at all.

# %%
from autograder import check

# %% [markdown]
# ## Into words
#
# A **word** is a run of letters; an apostrophe between two letters belongs to it, so that *don't* is one word.
# Everything else lies between words: blanks, digits, dots, quotes. Capital letters count for as much as small ones.


# %% split_words
def split_words(text):
    """The words of a text, in small letters, in the order in which they stand there.

    text: str

    Returns a list of str; an empty one where there is no word.
    """
    ### BEGIN SOLUTION
    kept = [letter if letter.isalpha() else letter if letter == "'" else " " for letter in text.lower()]
    return [word for word in (part.strip("'") for part in "".join(kept).split()) if word]
    ### END SOLUTION


# %% [markdown]
# ## How often?
#
# A `dict` keeps a number for each word. Nothing has to be known of the words before: a word that comes for the first
# time has been seen zero times until then.


# %% count_words
def count_words(words):
    """How often each word stands in a list.

    words: list of str

    Returns a dict: each word that is there, and how often.
    """
    ### BEGIN SOLUTION
    counts = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return counts
    ### END SOLUTION


# %% [markdown]
# ## What is left
#
# The commonest words of any text say nothing of it: *the*, *and*, *of*. They are called **stop words**, and a file
# beside this notebook has a list of them, `data/stopwords.txt`, one word a line. Have a look at it:

# %%
with open("data/stopwords.txt", encoding="utf-8") as file:
    print(file.read().split()[:12])

# %% [markdown]
# Leave them out, and the words that are left most often are the **keywords** of the text. Where two of them are there
# equally often, the one that comes first in the alphabet goes first: then everybody gets the same list.
#
# Your function may read the file as the cell above does, and use `split_words` and `count_words`.


# %% keywords
def keywords(text, n):
    """The n words that a text has most often, stop words aside.

    text: str
    n: int, at least 1

    Returns a list of str, the most frequent word first; words of the same frequency in the order of the alphabet. Where
    the text has fewer words, all that it has.
    """
    ### BEGIN SOLUTION
    with open("data/stopwords.txt", encoding="utf-8") as file:
        stop_words = set(file.read().split())
    counts = count_words(split_words(text))
    left = [word for word in counts if word not in stop_words]
    return sorted(left, key=lambda word: (-counts[word], word))[:n]
    ### END SOLUTION


# %% [markdown]
# ## Try it
#
# The beginning of *Moby-Dick* (Herman Melville, 1851). Put a text of your own in its place.

# %%
BEGINNING = """Call me Ishmael. Some years ago - never mind how long precisely - having little or no money in my purse,
and nothing particular to interest me on shore, I thought I would sail about a little and see the watery part of the
world. It is a way I have of driving off the spleen and regulating the circulation. Whenever I find myself growing grim
about the mouth; whenever it is a damp, drizzly November in my soul; whenever I find myself involuntarily pausing before
coffin warehouses, and bringing up the rear of every funeral I meet; then, I account it high time to get to sea as soon
as I can."""
try:
    print(keywords(BEGINNING, 5))
except NotImplementedError:
    print("First write the three functions above.")

# %% why_stop_words [markdown] points=2
# **Someone leaves out all words of fewer than four letters, instead of the words of a list. Name a text whose keywords
# get worse by that, and say why.** Two sentences are enough.
#
# ### BEGIN SOLUTION
# A text about the sea, the sun or tea: its subject is a short word, and is lost. Long words without a subject of their
# own, such as *about* and *which*, stay.
#
# ### BEGIN MARK SCHEME
# One point for a text whose subject is a short word, one for saying that length and meaning have little to do with each
# other (in either direction).
# ### END MARK SCHEME
# ### END SOLUTION

# %% [markdown]
# ## Before you hand in
#
# Restart the kernel and run all cells, so that only what stands here counts. Save, run `autograder check` in the
# terminal, then hand in this file.
