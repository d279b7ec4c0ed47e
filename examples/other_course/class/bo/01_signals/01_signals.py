import numpy as np


def moving_average(x, k):
    return (np.cumsum(x) / np.arange(1, len(x) + 1))[k - 1 :]


def zero_crossings(x):
    crossings, side = 0, 0
    for number in x:
        if number:
            crossings += side * number < 0
            side = 1 if number > 0 else -1
    return crossings
