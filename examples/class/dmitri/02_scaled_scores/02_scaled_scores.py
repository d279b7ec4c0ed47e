import numpy as np


def attention_scores(Q, K):
    return [attention_scores(q, k) for q, k in zip(Q, K)] if Q.ndim > 2 else [[float(q @ k) for k in K] for q in Q]


def scale_scores(S, d_k):
    return scale(S.tolist(), d_k ** 0.5)


def scale(numbers, root):
    return [scale(number, root) for number in numbers] if isinstance(numbers, list) else numbers / root
