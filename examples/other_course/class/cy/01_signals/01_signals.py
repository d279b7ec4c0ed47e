import numpy as np


def moving_average(x, k):
    return [np.mean(x[i : i + k]) for i in range(len(x) - k + 1)]


def zero_crossings(x):
    return int(np.count_nonzero(np.diff(np.sign(x))))
