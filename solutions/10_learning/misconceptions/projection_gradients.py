"""Mistakes that students really make with `projection_gradients`: what each computes, and the hint it earns."""

import numpy as np
from lesson import projection_gradients

from autograder.checking import misconception


def for_tokens(W, dY):
    """The right dX."""
    return dY @ W.T


def for_weights(X, dY):
    """The right dW."""
    return X.reshape(-1, X.shape[-1]).T @ dY.reshape(-1, dY.shape[-1])


@misconception("projection_gradients")
def weights_not_transposed(X, W, dY):
    """dX was made with `dY @ W`, without the transpose.

    Forth, W leads from d_in to d_out numbers; back, it must lead from d_out to d_in. Write the shapes below the
    product: do both inner sizes agree?
    """
    return dY @ W, for_weights(X, dY)


@misconception("projection_gradients")
def weights_on_the_left(X, W, dY):
    """The weights stand on the left of dY, so the rows of W met its columns.

    Tokens are rows, forth and back: each *row* of dY becomes a row of dX. On which side of the tokens do weights stand?
    """
    return W @ dY, for_weights(X, dY)


@misconception("projection_gradients")
def tokens_not_transposed(X, W, dY):
    """dW was made with `X @ dY`, without the transpose.

    Each token gives to every weight, and all tokens are summed over. Which sizes must meet for that, and stand inside
    the product?
    """
    return for_tokens(W, dY), X @ dY


@misconception("projection_gradients")
def weights_gradient_transposed(X, W, dY):
    """dW is transposed: its rows stand for the columns of W.

    Row i, column j of dW belongs to the weight in row i, column j of W. Is it X or dY whose numbers are counted by the
    rows of W?
    """
    return for_tokens(W, dY), for_weights(dY, X)


@misconception("projection_gradients")
def one_gradient_for_each_example(X, W, dY):
    """Each example has a dW of its own, and they were not added up.

    All examples go through the same W, so W answers for all of them. Which shape should dW have, whatever stands in
    front of X?
    """
    return for_tokens(W, dY), np.swapaxes(X, -1, -2) @ dY


@misconception("projection_gradients")
def mean_over_examples(X, W, dY):
    """The mean over the examples was taken for dW, where their sum is asked for.

    If the loss is a mean, its 1/n is in dY already. How often would your code divide?
    """
    return for_tokens(W, dY), for_weights(X, dY) / max(np.prod(X.shape[:-2], dtype=int), 1)


@misconception("projection_gradients")
def mean_over_tokens(X, W, dY):
    """The mean over all tokens was taken for dW, where their sum is asked for.

    Each token that uses W changes the loss by itself, and their effects add up. Does the rule divide by anything?
    """
    return for_tokens(W, dY), for_weights(X, dY) / np.prod(X.shape[:-1], dtype=int)


@misconception("projection_gradients")
def summed_over_axis_zero(X, W, dY):
    """dW was summed over the first axis only, which counts the examples when there is exactly one axis in front.

    There may be none, or several. With one sentence alone, which axis does `axis=0` count? It helps to lay all tokens
    below each other first.
    """
    return for_tokens(W, dY), (np.swapaxes(X, -1, -2) @ dY).sum(axis=0)


@misconception("projection_gradients", constants={"of_tokens": (False,)})
def all_axes_turned(X, W, dY, *, of_tokens=True):
    """`X.T` turned all axes around, the batch axes too.

    For one sequence, that is the same. With a batch, either only the last *two* axes may change places, or all tokens
    are laid below each other first. Which is easier, if you want their sum?
    """
    return for_tokens(W, dY), X.T @ dY if of_tokens else (dY.T @ X).T


@misconception("projection_gradients", slip=True)
def weights_gradient_first(X, W, dY):
    """dX and dW have changed places.

    The caller unpacks by position. In which order does the docstring return the two?
    """
    return projection_gradients(X, W, dY)[::-1]


@misconception("projection_gradients")
def only_for_the_weights(X, W, dY):
    """Only dW came back, and dX is missing.

    What lies in front of this projection wants to learn, too: it needs dX. Return both, dX first.
    """
    return for_weights(X, dY)


@misconception("projection_gradients")
def only_for_the_tokens(X, W, dY):
    """Only dX came back, and dW is missing.

    dX is for what lies in front. Which gradient do the weights themselves need, in order to learn? Return both, dX
    first.
    """
    return for_tokens(W, dY)


@misconception("projection_gradients")
def multiplied_entry_by_entry(X, W, dY):
    """`*` multiplied entry by entry, and nothing was added up.

    Every number of X goes into all columns of Y, so it gets a *sum* over these. Which operator multiplies *and* sums?
    """
    return dY * W, X * dY


@misconception("projection_gradients")
def gradient_of_output_not_used(X, W, dY):
    """The transposes of W and X came back by themselves: dY was not used.

    They say how Y answers to X and to W. What is asked is how the *loss* answers, and dY tells how the loss answers to
    Y. How does a chain of two such steps become one?
    """
    return np.swapaxes(W, -1, -2), np.swapaxes(X, -1, -2)


@misconception("projection_gradients")
def output_for_its_gradient(X, W, dY):
    """dW was made with the output `X @ W`, in the place of its gradient.

    It is not Y that flows back, but dY: what the loss wants of Y. Which of your arguments have you not used for dW?
    """
    return for_tokens(W, dY), for_weights(X, X @ W)
