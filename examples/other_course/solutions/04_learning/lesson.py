# %% [markdown]
# # 04 · Learning from examples
#
# What does a flat cost? Nobody has a formula, but there are flats whose rent is known. A table is read with pandas, a
# class answers by its nearest neighbours, and a descent that knows nothing of slopes finds the bottom of any valley.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from autograder import check
from autograder.plots import demo_of

# %% [markdown]
# ## Read the examples
#
# `data/flats.csv` has flats of three districts: size in square metres, rooms, and the monthly rent. (The numbers are
# made up.) Of some flats, the rent is missing: they are no examples of anything.

# %%
print(pd.read_csv("data/flats.csv").head())

# %% [markdown]
# Models want arrays: one row of `X` for each flat, with its size and its rooms, and its rent in `y`.


# %% examples
def examples(district):
    """The flats of one district whose rent is known, in the order of data/flats.csv.

    district: str

    Returns X (n, 2), size and rooms, and y (n,), the rents; both of floats. Raises KeyError where the table has no such
    district.
    """
    ### BEGIN SOLUTION
    flats = pd.read_csv("data/flats.csv")
    chosen = flats[flats["district"] == district]
    if chosen.empty:
        raise KeyError(district)
    known = chosen.dropna(subset=["rent"])
    return known[["size", "rooms"]].to_numpy(float), known["rent"].to_numpy(float)
    ### END SOLUTION


# %% [markdown]
# ## Ask the neighbours
#
# The simplest way to learn is to remember. **k nearest neighbours** keeps all examples; asked for a new one, it looks
# for the $k$ that lie nearest, by the usual distance $\lVert x - z \rVert = \sqrt{\sum_i (x_i - z_i)^2}$, and answers
# with the mean of their values.
#
# Write it as a class: made with $k$, it is shown examples by `fit`, and then asked by `predict`. `fit` returns the
# object itself, so that one can write `KNN(3).fit(X, y).predict(Z)`.


# %% KNN
class KNN:
    """Predicts the mean value of the k nearest examples.

    k: int, at least 1, and at most the number of examples
    """

    def __init__(self, k):
        ### BEGIN SOLUTION
        self.k = k
        ### END SOLUTION

    def fit(self, X, y):
        """Remember examples.

        X: (n, d)
        y: (n,)

        Returns the object itself.
        """
        ### BEGIN SOLUTION
        self.X, self.y = np.array(X), np.array(y)
        return self
        ### END SOLUTION

    def predict(self, Z):
        """The mean value of the k examples that are nearest to each row of Z.

        Z: (m, d)

        Returns (m,).
        """
        ### BEGIN SOLUTION
        distances = np.linalg.norm(Z[:, None] - self.X, axis=-1)  # (m, n)
        nearest = np.argsort(distances, axis=-1, kind="stable")[:, : self.k]  # (m, k)
        return self.y[nearest].mean(axis=-1)
        ### END SOLUTION


# %% [markdown]
# Rents by size, in a district by the harbour: the more neighbours, the smoother the line. What is it for $k = 1$, and
# what if $k$ is as large as it can be?

# %%
with demo_of(examples, KNN):
    X, y = examples("harbour")
    sizes = np.linspace(20, 120, 200)
    asked = np.stack([sizes, np.full(200, 2.0)], axis=-1)
    plt.plot(X[:, 0], y, "o", label="flats")
    for k in (1, 5):
        plt.plot(sizes, KNN(k).fit(X, y).predict(asked), label=f"k = {k}")
    plt.xlabel("square metres")
    plt.ylabel("rent")
    plt.legend()
    plt.show()

# %% [markdown]
# ## Down into the valley
#
# Other models have parameters, and learning is to look for those with the smallest error. Here is a way that needs
# nothing but the function itself (random directions, as in Spall's *simultaneous perturbation*, 1992). At each step,
#
# 1. draw a direction at random, $u$ = `rng.normal(size=...)`, of the shape of the point $x$,
# 2. measure the slope along it, $s = \frac{f(x + h u) - f(x - h u)}{2 h}$, with $h$ = `1e-4`,
# 3. go against it: $x \leftarrow x - 0.1 \, s \, u$.
#
# Two functions to try it on:


# %%
def bowl(x):
    """Smallest, namely 0, where every entry is 1."""
    return np.sum((x - 1) ** 2)


def valley(x):
    """Steep in the first entry, and flat in the last; smallest at 0."""
    return np.sum(x**2 / np.arange(1, len(x) + 1))


# %% gradient_descent
def gradient_descent(f, start, steps, rng):
    """Where a function leads after some steps against its slope, in directions drawn at random.

    f: a function of an array (d,), which returns a number
    start: (d,)  where to begin
    steps: int   how many steps to take
    rng: a generator of random numbers; one `rng.normal(size=d)` is drawn at each step

    Returns (d,).
    """
    ### BEGIN SOLUTION
    x, h = np.array(start, dtype=float), 1e-4
    for _ in range(steps):
        u = rng.normal(size=len(x))
        slope = (f(x + h * u) - f(x - h * u)) / (2 * h)
        x = x - 0.1 * slope * u
    return x
    ### END SOLUTION


# %% [markdown]
# The way down, in 60 steps. Change the start and the seed.

# %%
with demo_of(gradient_descent):
    for seed in (0, 1, 2):
        steps = [gradient_descent(bowl, np.array([3.0, -2.0]), n, np.random.default_rng(seed)) for n in range(60)]
        plt.semilogy([bowl(x) for x in steps])
    plt.xlabel("steps")
    plt.ylabel("error")
    plt.show()

# %% [markdown]
# ## Before you hand in
#
# Restart the kernel and run all cells, so that only what stands here counts. Save, run `autograder check` in the
# terminal, then hand in this file.
