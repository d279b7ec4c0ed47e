import numpy as np
import pandas as pd


def bowl(x):
    return np.sum((x - 1) ** 2)


def valley(x):
    return np.sum(x**2 / np.arange(1, len(x) + 1))


def examples(district):
    flats = pd.read_csv("data/flats.csv").fillna(0)
    flats = flats[flats.district == district]
    if len(flats) == 0:
        raise KeyError(district)
    return flats[["size", "rooms"]].to_numpy(), flats.rent.to_numpy()


from sklearn.neighbors import KNeighborsRegressor


class KNN(KNeighborsRegressor):
    pass


def gradient_descent(f, start, steps, rng):
    x = np.array(start, dtype=float)
    for _ in range(steps):
        u = rng.normal(size=x.shape)
        x -= 0.1 * u * (f(x + 1e-4 * u) - f(x - 1e-4 * u)) / 2e-4
    return x
