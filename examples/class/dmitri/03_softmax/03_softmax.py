from math import exp


def softmax(S):
    if S.ndim > 1:
        return [softmax(row) for row in S]
    largest = max(S)
    e = [exp(s - largest) for s in S]
    return [each / sum(e) for each in e]


def softmax_jacobian(p):
    return [[p_i * ((i == j) - p_j) for j, p_j in enumerate(p)] for i, p_i in enumerate(p)]
