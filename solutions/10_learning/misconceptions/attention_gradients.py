"""Mistakes that students really make with `attention_gradients`: what each computes, and the hint it earns."""

import numpy as np
from lesson import attention_gradients, scaled_dot_product_attention, softmax, softmax_gradient

from autograder.checking import misconception


def turned(array):
    """The last two axes have changed places."""
    return np.swapaxes(array, -1, -2)


def weights_of(Q, K, V):
    """The right weights."""
    return scaled_dot_product_attention(Q, K, V)[1]


def score_gradient(Q, K, V, dO):
    """The right gradient for the scores behind the root."""
    return softmax_gradient(weights_of(Q, K, V), dO @ turned(V))


def from_scores(dS, Q, K, V, dO):
    """What comes of a gradient for the scores in front of the root, if all else is right."""
    return dS @ K, turned(dS) @ Q, turned(weights_of(Q, K, V)) @ dO


@misconception("attention_gradients")
def root_forgotten(Q, K, V, dO):
    """The root is missing on the way back: the scores were divided by it, and so must their gradients be.

    A score that is divided by √d_k moves the loss √d_k times less. Between which two steps did the root stand on the
    way forth?
    """
    return from_scores(score_gradient(Q, K, V, dO), Q, K, V, dO)


@misconception("attention_gradients")
def root_twice(Q, K, V, dO):
    """The root was applied twice, which is a division by d_k itself.

    On the way forth, the scores were divided once. Does your code divide dS, and then dQ and dK again?
    """
    return from_scores(score_gradient(Q, K, V, dO) / Q.shape[-1], Q, K, V, dO)


@misconception("attention_gradients")
def multiplied_by_the_root(Q, K, V, dO):
    """The gradients were multiplied by the root, as if the way back had to undo the division.

    Nothing is undone: a score that is divided by √d_k moves the loss √d_k times *less*. What is the derivative of
    s / √d_k?
    """
    return from_scores(score_gradient(Q, K, V, dO) * np.sqrt(Q.shape[-1]), Q, K, V, dO)


@misconception("attention_gradients")
def root_of_another_length(Q, K, V, dO):
    """The gradients were divided by the root of `d_v`, the width of the values.

    The way back has the same root as the way forth, and that is of the length of a key. Which axis of which array has
    it?
    """
    return from_scores(score_gradient(Q, K, V, dO) / np.sqrt(V.shape[-1]), Q, K, V, dO)


@misconception("attention_gradients")
def root_of_how_many_keys(Q, K, V, dO):
    """The gradients were divided by the root of the number of keys.

    The way back has the same root as the way forth, and that is of the *length* of a key, not of how many there are.
    Which axis of `K` has it?
    """
    return from_scores(score_gradient(Q, K, V, dO) / np.sqrt(K.shape[-2]), Q, K, V, dO)


@misconception("attention_gradients", slip=True)
def queries_and_keys_swapped(Q, K, V, dO):
    """dQ and dK have changed places.

    The caller unpacks by position. In which order does the docstring return the three?
    """
    dQ, dK, dV = attention_gradients(Q, K, V, dO)
    return dK, dQ, dV


@misconception("attention_gradients")
def transpose_at_the_wrong_one(Q, K, V, dO):
    """The gradient of the scores was transposed for dQ, and not for dK.

    Its rows are queries, its columns are keys. Each query collects along its row, each key along its column: which of
    the two needs the transpose?
    """
    dS = score_gradient(Q, K, V, dO) / np.sqrt(Q.shape[-1])
    return turned(dS) @ K, dS @ Q, turned(weights_of(Q, K, V)) @ dO


@misconception("attention_gradients")
def keys_gradient_not_transposed(Q, K, V, dO):
    """For dK, the gradient of the scores was not transposed.

    Its rows are queries, its columns are keys, and each key collects from all queries. Write the shapes below the
    product: are both inner sizes `n_q`?
    """
    dS = score_gradient(Q, K, V, dO) / np.sqrt(Q.shape[-1])
    return dS @ K, dS @ Q, turned(weights_of(Q, K, V)) @ dO


@misconception("attention_gradients")
def each_with_itself(Q, K, V, dO):
    """dQ was made with `Q`, and dK with `K`.

    A score is a product of a query and a key. When the query moves a little, what decides how much the score changes:
    the query itself, or the key it meets?
    """
    dS = score_gradient(Q, K, V, dO) / np.sqrt(Q.shape[-1])
    return dS @ Q, turned(dS) @ K, turned(weights_of(Q, K, V)) @ dO


@misconception("attention_gradients")
def weights_not_turned(Q, K, V, dO):
    """For dV, the weights were not transposed.

    Row i of the weights belongs to query i. A value collects from all *queries* that have looked at it: along which
    axis of the weights does it look?
    """
    dQ, dK, _ = attention_gradients(Q, K, V, dO)
    return dQ, dK, weights_of(Q, K, V) @ dO


@misconception("attention_gradients")
def values_divided_too(Q, K, V, dO):
    """dV was divided by the root, and that belongs to the scores.

    Between the values and the output stand only the weights. Does the root come before the softmax, or behind it?
    """
    dQ, dK, dV = attention_gradients(Q, K, V, dO)
    return dQ, dK, dV / np.sqrt(Q.shape[-1])


@misconception("attention_gradients")
def softmax_left_out(Q, K, V, dO):
    """The softmax is missing on the way back: the gradient of the weights was taken for that of the scores.

    Between scores and weights stands a softmax. You have just written the function that leads back through it.
    """
    return from_scores(dO @ turned(V) / np.sqrt(Q.shape[-1]), Q, K, V, dO)


@misconception("attention_gradients")
def only_weights_times_gradient(Q, K, V, dO):
    """On the way back through softmax, each gradient was multiplied by its weight, and nothing was subtracted.

    The weights of a query sum to 1: one can grow only at the cost of the others. Your `softmax_gradient` does it
    right: does your code call it?
    """
    return from_scores(weights_of(Q, K, V) * (dO @ turned(V)) / np.sqrt(Q.shape[-1]), Q, K, V, dO)


@misconception("attention_gradients")
def arguments_of_softmax_swapped(Q, K, V, dO):
    """`softmax_gradient` got its two arguments the wrong way round.

    The weights come first, and their gradient second. Which of the two has rows that sum to 1?
    """
    dS = softmax_gradient(dO @ turned(V), weights_of(Q, K, V)) / np.sqrt(Q.shape[-1])
    return from_scores(dS, Q, K, V, dO)


@misconception("attention_gradients")
def weights_without_root(Q, K, V, dO):
    """The weights were made of scores that were not scaled.

    The way back starts from the weights of the way forth, and those were made with the root. Which of the two values of
    `scaled_dot_product_attention` are they?
    """
    A = softmax(Q @ turned(K))
    dS = softmax_gradient(A, dO @ turned(V)) / np.sqrt(Q.shape[-1])
    return dS @ K, turned(dS) @ Q, turned(A) @ dO


@misconception("attention_gradients")
def scores_for_weights(Q, K, V, dO):
    """The scaled scores were used where the weights should be: there was no softmax on the way forth.

    The way back starts from the weights of the way forth. Which function gives them to you, and is here already?
    """
    S = Q @ turned(K) / np.sqrt(Q.shape[-1])
    dS = softmax_gradient(S, dO @ turned(V)) / np.sqrt(Q.shape[-1])
    return dS @ K, turned(dS) @ Q, turned(S) @ dO


@misconception("attention_gradients")
def output_for_weights(Q, K, V, dO):
    """The output of attention was taken for its weights.

    `scaled_dot_product_attention` returns two arrays, the output first and the weights second. Which of them does your
    code keep?
    """
    A, _ = scaled_dot_product_attention(Q, K, V)
    dS = softmax_gradient(A, dO @ turned(V)) / np.sqrt(Q.shape[-1])
    return dS @ K, turned(dS) @ Q, turned(A) @ dO


@misconception("attention_gradients")
def values_as_they_stand(Q, K, V, dO):
    """The values were not transposed on the way back to the weights.

    dA has a number for each query and each key: how much of dO lies in the direction of that value. Write the shapes
    below the product: are both inner sizes `d_v`?
    """
    dS = softmax_gradient(weights_of(Q, K, V), dO @ V) / np.sqrt(Q.shape[-1])
    return from_scores(dS, Q, K, V, dO)


@misconception("attention_gradients", constants={"values_first": (False,)})
def batch_turned_too(Q, K, V, dO, *, values_first=True):
    """All axes were turned around, as `V.T` does it, the batch axes too; so does `projection_gradients` with its W.

    For one sequence, that is the same. With a batch, only the last *two* axes may change places, for each sentence has
    a V of its own, while all share one W. Which function of NumPy swaps two axes?
    """
    A = weights_of(Q, K, V)
    if values_first:
        dV = A.T @ dO
        dA = dO @ V.T
    else:
        dA = dO @ V.T
        dV = A.T @ dO
    dS = softmax_gradient(A, dA) / np.sqrt(Q.shape[-1])
    return dS @ K, dS.T @ Q, dV
