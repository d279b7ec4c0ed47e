"""Mistakes that students really make with `cross_entropy`: what each computes, and the hint it earns."""

import numpy as np
from lesson import cross_entropy, softmax

from autograder.checking import misconception


def of_right(values, labels):
    """In each row, the entry of the right class."""
    return values[np.arange(len(labels)), labels]


def log_probabilities(logits):
    """The right ones, however large logits are."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


@misconception("cross_entropy")
def sum_over_examples(logits, labels):
    """The losses of all examples were added up, and no mean was taken.

    With twice as many examples, your loss is twice as large, though nobody knows less. By what should the sum be
    divided?
    """
    return len(labels) * cross_entropy(logits, labels)


@misconception("cross_entropy")
def one_loss_for_each_example(logits, labels):
    """Each example has a loss of its own here, and one number for all of them is asked for.

    All of these losses are right. What makes one number of them that does not grow with how many there are?
    """
    return -of_right(log_probabilities(logits), labels)


@misconception("cross_entropy")
def divided_by_classes_too(logits, labels):
    """The mean was taken over all entries of the table, and not over the examples.

    Each row has one loss, that of its right class; the zeros beside it should not count. How many losses are there?
    """
    return cross_entropy(logits, labels) / logits.shape[-1]


@misconception("cross_entropy")
def sign_missing(logits, labels):
    """The minus is missing: your loss is negative.

    The logarithm of a probability is never above 0. What makes a loss of it, which shrinks as the model learns?
    """
    return -cross_entropy(logits, labels)


@misconception("cross_entropy")
def logarithm_missing(logits, labels):
    """The probabilities of the right classes were averaged, without the logarithm.

    That number *grows* as the model learns. Which function makes 0 of the probability 1, and very much of a
    probability near 0?
    """
    return np.mean(of_right(softmax(logits), labels))


@misconception("cross_entropy")
def logarithm_of_base_two(logits, labels):
    """The logarithm has the base 2, and not e.

    Ten classes, equally likely, should give 2.30, and yours gives 3.32. Which of NumPy's logarithms undoes `np.exp`?
    """
    return cross_entropy(logits, labels) / np.log(2)


@misconception("cross_entropy")
def logarithm_of_base_ten(logits, labels):
    """The logarithm has the base 10, and not e.

    Ten classes, equally likely, should give 2.30, and yours gives 1. Which of NumPy's logarithms undoes `np.exp`?
    """
    return cross_entropy(logits, labels) / np.log(10)


def log_of_right(P, labels):
    """Of the right probabilities only."""
    return -np.mean(np.log(of_right(P, labels)))


def log_of_all(P, labels):
    """Of all, and then those of the wrong classes are multiplied by 0."""
    return -np.sum(np.eye(P.shape[-1])[labels] * np.log(P)) / len(labels)


@misconception("cross_entropy", constants={"loss": (log_of_all,)})
def logarithm_of_zero(logits, labels, *, loss=log_of_right):
    """The softmax is right, and then a logarithm was taken of a probability that had become 0.

    With a logit 2000 below the largest, the probability is too small for any float, but its *logarithm* is only
    -2000. What becomes of the log of a fraction, before you compute the fraction?
    """
    return loss(softmax(logits), labels)


def by_shares(logits, labels):
    """From the probabilities, without care."""
    return -np.mean(np.log(of_right(np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True), labels)))


def by_log_of_sum(logits, labels):
    """From the logits, without care."""
    return np.mean(np.log(np.exp(logits).sum(axis=-1)) - of_right(logits, labels))


def one_by_one(logits, labels):
    """From the probabilities, each with a logarithm of its own."""
    return -np.mean(logits[np.arange(len(labels)), labels] - np.log(np.exp(logits).sum(axis=-1)))


@misconception("cross_entropy", constants={"loss": (by_log_of_sum, one_by_one)})
def logits_overflow(logits, labels, *, loss=by_shares):
    """The exponentials of large logits became `inf`, or those of very negative ones all became 0.

    It is the same trap as in your softmax. Which number may you subtract from all logits of a row, so that the
    largest exponent is 0?
    """
    return loss(logits, labels)


@misconception("cross_entropy")
def largest_of_all_subtracted(logits, labels):
    """The largest logit of the whole table was subtracted, so in a row far below it all exponentials become 0, and
    their logarithm is infinite.

    Every row may subtract a number of its own. Along which axis should the maximum be taken?
    """
    shifted = logits - logits.max()
    return np.mean(np.log(np.exp(shifted).sum(axis=-1)) - of_right(shifted, labels))


@misconception("cross_entropy")
def shifted_on_one_side_only(logits, labels):
    """The maximum was subtracted in front of the exponentials, but not from the logit of the right class.

    Only differences count, so both sides of the difference must be shifted alike. Which of your two terms still has
    the old logits?
    """
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return np.mean(np.log(np.exp(shifted).sum(axis=-1)) - of_right(logits, labels))


@misconception("cross_entropy", constants={"number": (1e-7, 1e-8, 1e-10, 1e-12, 1e-15, 1e-16, 1e-20, 1e-300)})
def probabilities_kept_from_zero(logits, labels, *, number=1e-9):
    """A small number was added to the probabilities to keep the logarithm finite, and so no example can lose more than
    that number allows.

    Here an example may lose 2000. If you take the logarithm of the fraction apart before you compute it, is there still
    a 0 to be kept from?
    """
    return -np.mean(np.log(of_right(softmax(logits), labels) + number))


@misconception("cross_entropy")
def softmax_came_first(logits, labels):
    """The softmax was applied twice: what went into the loss were probabilities, and it took them for logits.

    `logits` are what the head gives, as it is. How often does your code make exponentials of them?
    """
    return cross_entropy(softmax(logits), labels)


@misconception("cross_entropy")
def loss_over_examples(logits, labels):
    """The probabilities were taken over the examples: the columns sum to 1, and not the rows.

    Each example has one right class, and shares out its probability among all of them. Which axis counts the classes?
    """
    return -np.mean(of_right(log_probabilities(logits.T).T, labels))


@misconception("cross_entropy")
def loss_over_everything(logits, labels):
    """All probabilities of the table together sum to 1, and not each row by itself.

    Each example has a whole probability to share out. Without `axis=`, NumPy takes the sum of the whole array.
    """
    return -np.mean(of_right(log_probabilities(logits.reshape(1, -1)).reshape(logits.shape), labels))


@misconception("cross_entropy")
def without_softmax(logits, labels):
    """The logits of the right classes were averaged as they are: no probability was made of them.

    A logit says nothing by itself; only its distance from the others does. What makes probabilities of a row of
    logits?
    """
    return -np.mean(of_right(logits, labels))


@misconception("cross_entropy")
def columns_of_all_labels(logits, labels):
    """Every row gave the entries of *all* labels, and not of its own: `[:, labels]` takes whole columns.

    With n examples, the result should have n numbers, and has n × n. Which row goes with which label? Try `np.arange`
    in front of the comma.
    """
    return -np.mean(log_probabilities(logits)[:, labels])


@misconception("cross_entropy", constants={"divided": (False,)})
def all_classes_counted(logits, labels, *, divided=True):
    """The logarithms of all classes were added up, and the labels were not used.

    Only one class of each row is right, and only its probability should grow. What does your code need the labels for?
    """
    total = -np.mean(log_probabilities(logits).sum(axis=-1))
    return total / logits.shape[-1] if divided else total


@misconception("cross_entropy")
def largest_class_taken(logits, labels):
    """The most probable class was taken in each row, and not the right one: the labels were not used.

    A model that is sure of a wrong answer should lose much. Which of the probabilities tells what it lost?
    """
    return -np.mean(log_probabilities(logits).max(axis=-1))


@misconception("cross_entropy", constants={"divided": (False,)})
def yes_or_no_for_each_class(logits, labels, *, divided=True):
    """The wrong classes were counted too, each with the logarithm of 1 - p.

    That is the loss for answers of yes or no, one by one. In a row that shares out 1, the right class says it all:
    what it gains, the others have lost. Which entry of each row should count?
    """
    is_right = labels[:, None] == np.arange(logits.shape[-1])
    P = softmax(logits)
    losses = -np.log(np.where(is_right, P, 1 - P))
    return losses.mean() if divided else losses.sum(axis=-1).mean()


@misconception("cross_entropy", constants={"divided": (False,)})
def squared_differences(logits, labels, *, divided=True):
    """These are squared differences between probabilities and the one-hot rows.

    They hardly tell a wrong answer from a very wrong one: the difference is never above 1. Which function does, for
    the probability of the right class?
    """
    squares = (softmax(logits) - np.eye(logits.shape[-1])[labels]) ** 2
    return squares.mean() if divided else squares.sum(axis=-1).mean()


@misconception("cross_entropy")
def share_of_right_answers(logits, labels):
    """This is the accuracy: the share of the examples that are read right.

    It moves in jumps, and has no slope to follow downhill. The loss asks *how probable* the right class was: which
    number of each row tells that?
    """
    return np.mean(logits.argmax(axis=-1) == labels)


@misconception("cross_entropy")
def share_of_wrong_answers(logits, labels):
    """This is the share of the examples that are read wrong.

    It moves in jumps, and has no slope to follow downhill. The loss asks *how probable* the right class was: which
    number of each row tells that?
    """
    return np.mean(logits.argmax(axis=-1) != labels)
