import numpy as np
from scipy.special import softmax


def softmax_jacobian(p):
    return np.diag(p) - np.outer(p, p)
