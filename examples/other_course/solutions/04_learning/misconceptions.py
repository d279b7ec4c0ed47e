"""Wrong answers that have a name."""

import numpy as np
import pandas as pd
from lesson import KNN

from autograder.checking import misconception


def _flats(district):
    flats = pd.read_csv("data/flats.csv")
    chosen = flats[flats["district"] == district]
    if chosen.empty:
        raise KeyError(district)
    return chosen


def _arrays(flats):
    return flats[["size", "rooms"]].to_numpy(float), flats["rent"].to_numpy(float)


@misconception("examples")
def missing_is_zero(district):
    """A missing rent was taken for a rent of 0.

    What would such flats teach a model? Which method of a table drops the rows in which something is missing?
    """
    return _arrays(_flats(district).fillna(0))


@misconception("examples")
def missing_is_mean(district):
    """A missing rent was filled in by the mean of the others.

    These are no examples that anybody has seen. Leave them out.
    """
    chosen = _flats(district)
    return _arrays(chosen.fillna({"rent": chosen["rent"].mean()}))


@misconception("examples")
def all_districts(district):
    """The flats of all districts came back.

    What is `flats["district"] == district`, and what does a table make of it between square brackets?
    """
    _flats(district)
    return _arrays(pd.read_csv("data/flats.csv").dropna())


@misconception("KNN")
class FarthestFirst(KNN):
    """It was the farthest examples that were asked, and not the nearest.

    `argsort` begins with the smallest. Which end of it do you take?
    """

    def predict(self, Z):
        distances = np.linalg.norm(Z[:, None] - self.X, axis=-1)
        return self.y[np.argsort(distances, axis=-1)[:, -self.k :]].mean(axis=-1)


@misconception("KNN")
class NearestAlone(KNN):
    """Only the nearest example was asked, whatever k is.

    `argmin` finds one. How do you find k of them?
    """

    def predict(self, Z):
        return self.y[np.linalg.norm(Z[:, None] - self.X, axis=-1).argmin(axis=-1)]


@misconception("KNN")
class SumOfNeighbours(KNN):
    """The values of the neighbours were added up, and not averaged.

    Two flats of 700 are near. What does yours say that a flat between them costs?
    """

    def predict(self, Z):
        return super().predict(Z) * self.k


@misconception("KNN")
class OneCoordinate(KNN):
    """Only the first number of each example counted for the distance.

    A distance is made of all columns. Over which axis do you add up the squares?
    """

    def predict(self, Z):
        return KNN(self.k).fit(self.X[:, :1], self.y).predict(Z[:, :1])


@misconception("gradient_descent")
def uphill(f, start, steps, rng):
    """It went up instead of down: the step was added.

    Where the slope is above 0, the function grows with x. Which way is down?
    """
    return _descend(f, start, steps, rng, rate=-0.1)


@misconception("gradient_descent")
def one_direction(f, start, steps, rng):
    """One direction was drawn for all steps.

    Then x only ever moves along one line. Where does the drawing stand, before the loop or in it?
    """
    return _descend(f, start, steps, rng, anew=False)


@misconception("gradient_descent")
def half_the_difference(f, start, steps, rng):
    """The difference was divided by h, and lies 2 h apart: each slope is twice as steep as it is.

    How far is it from x - h u to x + h u?
    """
    return _descend(f, start, steps, rng, rate=0.2)


@misconception("gradient_descent")
def without_direction(f, start, steps, rng):
    """The slope was taken off every entry alike: the step did not go along u.

    The slope is a number, and u says in which direction it is measured. What is to be multiplied by what?
    """
    return _descend(f, start, steps, rng, along=False)


def _descend(f, start, steps, rng, rate=0.1, anew=True, along=True):
    x, h, u = np.array(start, dtype=float), 1e-4, None
    for _ in range(steps):
        u = rng.normal(size=len(x)) if anew or u is None else u
        slope = (f(x + h * u) - f(x - h * u)) / (2 * h)
        x = x - rate * slope * (u if along else 1)
    return x
