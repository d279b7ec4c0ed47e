"""The checks of 04_learning that run after handing in: other examples, drawn for each student."""

import pytest

from autograder.checking import assert_matches, assert_no_side_effects, points


@points(2)
@pytest.mark.parametrize("district", ["harbour", "old town", "heath"])
def test_examples(student, reference, district):
    """Each district"""
    assert_matches(student.examples, reference.examples, district)


@points(1)
def test_examples_unknown(student, reference):
    """A district that is not in the table raises KeyError"""
    assert_matches(student.examples, reference.examples, "the moon", raises=KeyError)


@points(3)
@pytest.mark.parametrize("k", [1, 3, 12], ids=["one neighbour", "three", "all"])
def test_knn(student, reference, rng, k):
    """Any examples, in three dimensions"""
    X, y, Z = rng.normal(size=(12, 3)), rng.normal(size=12), rng.normal(size=(5, 3))
    mine, right = student.KNN(k).fit(X, y), reference.KNN(k).fit(X, y)
    assert_matches(mine.predict, right.predict, Z)


@points(1)
def test_knn_fit_again(student, reference, rng):
    """Shown other examples, it forgets the first ones"""
    mine, right = student.KNN(2), reference.KNN(2)
    for n in (6, 4):
        X, y = rng.normal(size=(n, 2)), rng.normal(size=n)
        mine, right = mine.fit(X, y), right.fit(X, y)
    assert_matches(mine.predict, right.predict, rng.normal(size=(3, 2)))


@points(1)
def test_knn_side_effects(student, reference, rng):
    """The arrays stay as they are, and the same question has the same answer"""
    X, y = rng.normal(size=(6, 2)), rng.normal(size=6)
    assert_no_side_effects(student.KNN(2).fit(X, y).predict, rng.normal(size=(3, 2)))


@points(3)
@pytest.mark.parametrize("name", ["bowl", "valley"])
@pytest.mark.parametrize("steps", [0, 1, 20])
def test_gradient_descent(student, reference, rng, name, steps):
    """From anywhere, on the functions of the lesson"""
    start = rng.normal(size=4)
    assert_matches(
        student.gradient_descent, reference.gradient_descent, getattr(student, name), start, steps, rng, rtol=1e-5
    )


@points(1)
def test_gradient_descent_again(student, rng):
    """The start stays as it is, and the same call has the same answer"""
    assert_no_side_effects(student.gradient_descent, student.valley, rng.normal(size=3), 4, rng)
