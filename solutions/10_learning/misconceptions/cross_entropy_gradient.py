"""Mistakes that students really make with `cross_entropy_gradient`: what each computes, and the hint it earns."""

import numpy as np
from lesson import cross_entropy_gradient, softmax

from autograder.checking import misconception


def one_hot_of(logits, labels):
    """A 1 for the right class of each row, and 0 beside it."""
    return np.eye(logits.shape[-1])[labels]


@misconception("cross_entropy_gradient")
def not_divided_by_examples(logits, labels):
    """The gradient was not divided by the number of examples.

    The loss is a *mean* over n examples, so each of them has only its n-th part in it. Where does your code use n?
    """
    return len(labels) * cross_entropy_gradient(logits, labels)


@misconception("cross_entropy_gradient")
def divided_by_all_entries(logits, labels):
    """The gradient was divided by the number of all entries, examples times classes.

    The loss is a mean over the examples: each row has one loss, however many classes there are. What does `len(labels)`
    count?
    """
    return cross_entropy_gradient(logits, labels) / logits.shape[-1]


@misconception("cross_entropy_gradient")
def divided_by_classes(logits, labels):
    """The gradient was divided by the number of classes, and not by that of the examples.

    The loss is a mean over the examples. Which axis of `logits` counts them?
    """
    return len(labels) * cross_entropy_gradient(logits, labels) / logits.shape[-1]


@misconception("cross_entropy_gradient")
def one_hot_minus_softmax(logits, labels):
    """All signs are the wrong way round: the probabilities were subtracted from the one-hot rows.

    When the logit of the right class grows, the loss *falls*. Which sign should its entry have?
    """
    return -cross_entropy_gradient(logits, labels)


@misconception("cross_entropy_gradient")
def one_hot_missing(logits, labels):
    """Nothing was subtracted for the right classes: these are the probabilities, divided by n.

    Such a gradient would push all logits down, the right ones too. What does your code need the labels for?
    """
    return softmax(logits) / len(labels)


@misconception("cross_entropy_gradient")
def logits_minus_one_hot(logits, labels):
    """The one-hot rows were subtracted from the logits, and not from their probabilities.

    Where the model gives the right class the whole probability, nothing is left to be learned. What makes
    probabilities of the logits?
    """
    return (logits - one_hot_of(logits, labels)) / len(labels)


@misconception("cross_entropy_gradient")
def gradient_over_examples(logits, labels):
    """The softmax ran over the examples: the columns of the probabilities sum to 1, and not the rows.

    Each example shares out its probability among the classes. Which axis counts the classes?
    """
    return (softmax(logits.T).T - one_hot_of(logits, labels)) / len(labels)


@misconception("cross_entropy_gradient")
def gradient_over_everything(logits, labels):
    """All probabilities of the table together sum to 1, and not each row by itself.

    Each example has a whole probability to share out. Without `axis=`, NumPy takes the sum of the whole array.
    """
    return (softmax(logits.reshape(1, -1)).reshape(logits.shape) - one_hot_of(logits, labels)) / len(labels)


@misconception("cross_entropy_gradient")
def probabilities_of_probabilities(logits, labels):
    """The softmax was applied twice, and the second one took probabilities for logits.

    `logits` are what the head gives, as it is. How often does your code make exponentials of them?
    """
    return (softmax(softmax(logits)) - one_hot_of(logits, labels)) / len(labels)


@misconception("cross_entropy_gradient")
def exponentials_overflow(logits, labels):
    """The exponentials of large logits became `inf`, or those of very negative ones all became 0.

    Your own `softmax` of notebook 3 knows how to avoid that, and it is here already. Do you need exponentials at all?
    """
    exponentials = np.exp(logits)
    probabilities = exponentials / exponentials.sum(axis=-1, keepdims=True)
    return (probabilities - one_hot_of(logits, labels)) / len(labels)


@misconception("cross_entropy_gradient")
def numbers_of_the_classes_subtracted(logits, labels):
    """The labels were subtracted as numbers: from every probability of a row, the number of its right class.

    A class's number is only its place in the row. In a one-hot row, which entry is 1, and what are the others?
    """
    return (softmax(logits) - labels[:, None]) / len(labels)


@misconception("cross_entropy_gradient")
def one_hot_of_all_labels(logits, labels):
    """Each row lost a 1 for the right classes of *all* examples: `[:, labels]` takes whole columns.

    Every example has one right class only, its own. Which row goes with which label? Try `np.arange` in front of the
    comma.
    """
    is_any = np.isin(np.arange(logits.shape[-1]), labels)
    return (softmax(logits) - is_any) / len(labels)


@misconception("cross_entropy_gradient")
def stopped_at_the_probabilities(logits, labels):
    """This is the gradient for the *probabilities*, -1/p for each right class, and the logits lie behind them.

    The chain has one link more: softmax. Both together come to something much simpler. What is left when you multiply
    -1/p by a column of the Jacobian?
    """
    return -one_hot_of(logits, labels) / softmax(logits) / len(labels)


def through_softmax(P, difference):
    """The derivative of softmax."""
    return P * (difference - np.sum(P * difference, axis=-1, keepdims=True))


def through_sigmoid(P, difference):
    """The derivative of the sigmoid."""
    return P * (1 - P) * difference


@misconception("cross_entropy_gradient", constants={"derivative": (through_sigmoid,)})
def derivative_of_softmax_once_more(logits, labels, *, derivative=through_softmax):
    """The difference was multiplied by the derivative of softmax, which is in it already.

    That product belongs to a squared loss. Here, the logarithm cancels it: what is left for each logit when -1/p meets
    p (1 - p)?
    """
    P = softmax(logits)
    return derivative(P, P - one_hot_of(logits, labels)) / len(labels)


@misconception("cross_entropy_gradient")
def only_the_right_class(logits, labels):
    """Only the right classes have a gradient, and beside them everything is 0.

    All classes of a row share the probability 1: when a wrong one grows, the right one shrinks, and the loss grows.
    What should a row sum to?
    """
    return cross_entropy_gradient(logits, labels) * one_hot_of(logits, labels)
