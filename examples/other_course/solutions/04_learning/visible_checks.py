"""The checks of 04_learning that you can see and run. More of them run after you hand in."""

import csv
from pathlib import Path

import numpy as np

from autograder.checking import assert_allclose, points

with open(Path(__file__).with_name("data") / "flats.csv", encoding="utf-8", newline="") as file:
    FLATS = list(csv.DictReader(file))


@points(1)
def test_examples_harbour(student):
    """The flats by the harbour"""
    X, y = student.examples("harbour")
    known = [flat for flat in FLATS if flat["district"] == "harbour" and flat["rent"]]
    assert_allclose(X, [[float(flat["size"]), float(flat["rooms"])] for flat in known], "Each row is size and rooms.")
    assert_allclose(y, [float(flat["rent"]) for flat in known], "These are the rents that the table has.")


@points(1)
def test_knn_one(student):
    """One neighbour, on a line"""
    X, y = np.array([[0.0], [1.0], [4.0]]), np.array([10.0, 20.0, 40.0])
    predicted = student.KNN(1).fit(X, y).predict(np.array([[0.4], [0.6], [9.0]]))
    assert_allclose(predicted, [10.0, 20.0, 40.0], "0 is nearest to 0.4, 1 to 0.6, and 4 to 9.")


@points(1)
def test_knn_two(student):
    """Two neighbours, in the plane"""
    X, y = np.array([[0.0, 0.0], [3.0, 0.0], [0.0, 5.0], [9.0, 9.0]]), np.array([1.0, 2.0, 4.0, 8.0])
    predicted = student.KNN(2).fit(X, y).predict(np.array([[1.0, 0.0], [0.0, 3.0]]))
    assert_allclose(predicted, [1.5, 2.5], "(0, 0) and (3, 0) are nearest to (1, 0); (0, 5) and (0, 0) to (0, 3).")


@points(1)
def test_gradient_descent_no_step(student, rng):
    """Without a step, it stays where it starts"""
    x = student.gradient_descent(student.bowl, np.array([2.0, -1.0]), 0, rng)
    assert_allclose(x, [2.0, -1.0], "No step leads nowhere.")


@points(1)
def test_gradient_descent_one_step(student):
    """One step on a line that rises by 1 for every 1"""
    drawn = np.random.default_rng(5).normal(size=1)
    x = student.gradient_descent(np.sum, np.array([3.0]), 1, np.random.default_rng(5))
    assert_allclose(x, 3 - 0.1 * drawn * drawn, "Along u, np.sum has the slope u: x goes by -0.1 u u.", rtol=1e-6)


@points(1)
def test_gradient_descent_bowl(student, rng):
    """200 steps lead to the bottom of a bowl, and one step does not"""
    start = np.array([3.0, -2.0])
    after = [student.gradient_descent(student.bowl, start, steps, rng) for steps in (1, 200)]
    assert np.sum((after[0] - 1) ** 2) > 0.01, f"Nobody is at the bottom after one step; yours is at {after[0]}."
    assert np.sum((after[1] - 1) ** 2) < 0.01, f"The bottom is at (1, 1); yours ends at {after[1]}."
