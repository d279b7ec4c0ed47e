"""Builds class/, a small class to try the grader on: `python examples/other_course/make_class.py [FOLDER]`.

What each student wrote stands below; notebooks are the released ones with these answers in them. The same lessons give
the same bytes. `ada`, `bo`, `cy` and `dana` handed 01_signals in by hand: that is kept as it is.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat

from autograder.course.loader import load_course
from autograder.course.release import released_notebook

HERE = Path(__file__).resolve().parent
NOTEBOOK, SCRIPT = "ipynb", "py"
Answers = dict[str, str]

WORDS = {
    "split_words": """
import re


def split_words(text):
    return re.findall(r"[^\\W\\d_]+(?:'[^\\W\\d_]+)*", text.lower())
""",
    "count_words": """
from collections import Counter


def count_words(words):
    return dict(Counter(words))
""",
    "keywords": """
from pathlib import Path

STOP_WORDS = Path("data/stopwords.txt").read_text(encoding="utf-8").splitlines()


def keywords(text, n):
    counts = count_words(w for w in split_words(text) if w not in STOP_WORDS)
    return sorted(counts, key=lambda w: (-counts[w], w))[:n]
""",
    "why_stop_words": "A text on the sun, or on tea. Its most important word is short, so it would be thrown away.",
}
NUMBERS = {
    "power_mod": """
def power_mod(base, exponent, modulus):
    if exponent < 0 or modulus < 1:
        raise ValueError("too small")
    return pow(base, exponent, modulus)
""",
    "bezout": """
def bezout(a, b):
    x, y, u, v = 1, 0, 0, 1
    while b:
        q = a // b
        a, b, x, u, y, v = b, a - q * b, u, x - q * u, v, y - q * v
    return x + u, y + v  # a u + b v is 0 here
""",
    "inverse_mod": """
def inverse_mod(a, modulus):
    x, y = bezout(a, modulus)
    if (a * x) % modulus != 1:
        raise ValueError("no inverse")
    return x % modulus
""",
}
LEARNING = {
    "examples": """
def examples(district):
    flats = pd.read_csv("data/flats.csv").groupby("district").get_group(district)
    flats = flats[flats.rent.notna()]
    return flats[["size", "rooms"]].values.astype(float), flats.rent.values
""",
    "KNN": """
class KNN:
    def __init__(self, k):
        self.k = k

    def fit(self, X, y):
        self.examples = [(np.array(x), value) for x, value in zip(X, y)]
        return self

    def predict(self, Z):
        return np.array([self._one(z) for z in Z])

    def _one(self, z):
        nearest = sorted(self.examples, key=lambda example: np.sum((example[0] - z) ** 2))
        return sum(value for _, value in nearest[: self.k]) / self.k
""",
    "gradient_descent": """
def gradient_descent(f, start, steps, rng):
    x = np.array(start, dtype=float)
    for _ in range(steps):
        u = rng.normal(size=x.shape)
        x -= 0.1 * u * (f(x + 1e-4 * u) - f(x - 1e-4 * u)) / 2e-4
    return x
""",
}

# What stands in the place of a right answer, by student and assignment.
BO: dict[str, Answers] = {
    "02_words": {
        "split_words": """
def split_words(text):
    return text.lower().split()
""",
        "keywords": """
def keywords(text, n):
    stop_words = open("stopwords.txt").read().split()
    counts = count_words(split_words(text))
    return sorted((w for w in counts if w not in stop_words), key=lambda w: (-counts[w], w))[:n]
""",
    },
    "03_numbers": {
        "power_mod": """
def power_mod(base, exponent, modulus):
    if exponent < 0 or modulus < 1:
        raise ValueError
    if exponent == 0:
        return 1 % modulus
    return base * power_mod(base, exponent - 1, modulus) % modulus
""",
    },
    "04_learning": {
        "KNN": """
class KNN:
    def __init__(self, k):
        self.k = k

    def fit(self, X, y):
        self.X, self.y = X, y
        return self

    def predict(self, Z):
        distances = ((Z[:, None] - self.X) ** 2).sum(axis=-1)
        return self.y[distances.argmin(axis=1)]
""",
        "gradient_descent": """
def gradient_descent(f, start, steps, rng):
    x = start
    for _ in range(steps):
        u = rng.normal(size=len(x))
        slope = (f(x + 1e-4 * u) - f(x - 1e-4 * u)) / 2e-4
        x += 0.1 * slope * u
    return x
""",
    },
}
CY: dict[str, Answers] = {
    "02_words": {
        "keywords": """
def keywords(text, n):
    with open("data/stopwords.txt") as file:
        stop_words = file.read().split()
    counts = count_words(split_words(text))
    return sorted((w for w in counts if w not in stop_words), key=counts.get, reverse=True)[:n]
""",
    },
    "03_numbers": {
        "bezout": """
def bezout(a, b):
    if b == 0:
        return 0, 1
    x, y = bezout(b, a % b)
    return y - a // b * x, x
""",
        "inverse_mod": """
def inverse_mod(a, modulus):
    x, y = bezout(a, modulus)
    if a * x + modulus * y != 1:
        raise ValueError
    return x
""",
    },
    "04_learning": {
        "examples": """
def examples(district):
    flats = pd.read_csv("data/flats.csv").fillna(0)
    flats = flats[flats.district == district]
    if len(flats) == 0:
        raise KeyError(district)
    return flats[["size", "rooms"]].to_numpy(), flats.rent.to_numpy()
""",
        "KNN": """
from sklearn.neighbors import KNeighborsRegressor


class KNN(KNeighborsRegressor):
    pass
""",
    },
}
RIGHT = {"02_words": WORDS, "03_numbers": NUMBERS, "04_learning": LEARNING}
HEAD = {
    "04_learning": """import numpy as np
import pandas as pd


def bowl(x):
    return np.sum((x - 1) ** 2)


def valley(x):
    return np.sum(x**2 / np.arange(1, len(x) + 1))


"""
}


def main(folder: Path) -> None:
    course = load_course(HERE / "solutions")
    for name, right in RIGHT.items():
        notebook = released_notebook(course.assignment(name))
        for student, form, answers in (
            ("ada", NOTEBOOK, right),
            ("bo", NOTEBOOK, right | BO[name]),
            ("cy", SCRIPT, right | CY[name]),
        ):
            _write(folder / student / name / f"{name}.{form}", _text(form, notebook, name, answers))
    empty = nbformat.writes(released_notebook(course.assignment("02_words")))
    _write(folder / "dana" / "02_words" / "02_words.ipynb", f"{empty}\n")
    _write(folder / "dana" / "03_numbers" / "numbers-final.py", _script("03_numbers", NUMBERS))
    _write(folder / "dana" / "04_learning" / "04_learning.ipynb", f"{empty[: len(empty) // 2]}\n")


def _text(form: str, notebook: nbformat.NotebookNode, name: str, answers: Answers) -> str:
    return _script(name, answers) if form == SCRIPT else _notebook(notebook, answers)


def _script(name: str, answers: Answers) -> str:
    code = [text.strip() for question, text in answers.items() if question != "why_stop_words"]
    return HEAD.get(name, "") + "\n\n\n".join(code) + "\n"


def _notebook(released: nbformat.NotebookNode, answers: Answers) -> str:
    made = nbformat.from_dict(released)
    cells = [
        nbformat.from_dict({**cell, "source": answers.get(cell.metadata.nbgrader.grade_id, cell.source).strip("\n")})
        for cell in made.cells
    ]
    return nbformat.writes(nbformat.from_dict({**made, "cells": cells})) + "\n"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "class")
