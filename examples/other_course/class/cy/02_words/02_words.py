import re


def split_words(text):
    return re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", text.lower())


from collections import Counter


def count_words(words):
    return dict(Counter(words))


def keywords(text, n):
    with open("data/stopwords.txt") as file:
        stop_words = file.read().split()
    counts = count_words(split_words(text))
    return sorted((w for w in counts if w not in stop_words), key=counts.get, reverse=True)[:n]
