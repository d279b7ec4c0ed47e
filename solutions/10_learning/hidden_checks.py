"""The checks of 10_learning that run after handing in: other numbers, other shapes, slopes, and laws."""

import numpy as np
import pytest
from drawn import layer, shuffled, some_weights, weights
from strata import single, strata

from autograder.checking import assert_allclose, assert_matches, assert_no_side_effects, points

# Logits and scores are of moderate size unless a check is about extremes: a saturated softmax hides mistakes.
NO_BATCH = ["a batch, of many and of one", "batches of batches"]


def slopes(loss, array, step=1e-5):
    """How fast a loss grows with each number of an array: it errs by far less than 1e-7, with a step of this size."""
    found = np.zeros(array.shape)
    for place in np.ndindex(array.shape):
        change = np.zeros(array.shape)
        change[place] = step
        found[place] = (loss(array + change) - loss(array - change)) / (2 * step)
    return found


# ------------------------------------------------------------------------------------------ cross_entropy


def logits_inputs(rng, lead, n, classes):
    """Some classes are never right, others several times."""
    return rng.normal(size=(n, classes)), rng.integers(classes, size=n)


# Ten classes, as the digits have, are more than all but the long ones: a one-hot row of ten numbers costs all the same.
logits_strata = strata(logits_inputs, sizes=(3, 5, 7, 8), apart=True, without=NO_BATCH)


@points(1)
@pytest.mark.parametrize("stratum", logits_strata)
def test_cross_entropy(student, reference, rng, stratum):
    """The mean loss of all examples"""
    stratum.compare(student.cross_entropy, reference.cross_entropy, rng)


@points(2)
def test_cross_entropy_extremes(student, reference, rng):
    """Very small and very large logits, from row to row and in one row; equal ones; a single class"""
    for logits, labels in extremes(rng):
        assert_matches(student.cross_entropy, reference.cross_entropy, logits, labels)


@points(1)
def test_cross_entropy_laws(student, rng):
    """The mean of what each example loses alone; neither the level of a row nor the order of the classes matters"""
    logits, labels = logits_inputs(rng, (), 7, 5)
    loss, order = student.cross_entropy(logits, labels), rng.permutation(5)
    losses = [student.cross_entropy(logits[i : i + 1], labels[i : i + 1]) for i in range(7)]
    assert_allclose(loss, np.mean(losses), "The loss is the mean over all examples.")
    lifted = student.cross_entropy(logits + rng.normal(scale=5, size=(7, 1)), labels)
    assert_allclose(lifted, loss, "Only the differences in a row count, and not its level.")
    turned = student.cross_entropy(logits[:, order], order.argsort()[labels])
    assert_allclose(turned, loss, "Which number a class has does not matter.")


@points(1)
def test_cross_entropy_side_effects(student, rng):
    """Your inputs and your earlier answers stay as they are, and the same call has the same answer"""
    assert_no_side_effects(student.cross_entropy, *logits_inputs(rng, (), 5, 5))


# --------------------------------------------------------------------------------- cross_entropy_gradient


@points(1)
@pytest.mark.parametrize("stratum", logits_strata)
def test_cross_entropy_gradient(student, reference, rng, stratum):
    """How the loss answers to every logit"""
    stratum.compare(student.cross_entropy_gradient, reference.cross_entropy_gradient, rng)


@points(1)
def test_cross_entropy_gradient_extremes(student, reference, rng):
    """Very small and very large logits, from row to row and in one row; equal ones; a single class"""
    for logits, labels in extremes(rng):
        assert_matches(student.cross_entropy_gradient, reference.cross_entropy_gradient, logits, labels)


@points(1)
def test_cross_entropy_gradient_is_the_slope(student, reference, rng):
    """It predicts how the loss changes when one logit changes"""
    logits, labels = logits_inputs(rng, (), 5, 3)
    gradient = student.cross_entropy_gradient(logits, labels)
    slope = slopes(lambda changed: reference.cross_entropy(changed, labels), logits)
    assert_allclose(gradient, slope, "Each entry is the slope of the loss in that logit.", rtol=0, atol=1e-7)


@points(1)
def test_cross_entropy_gradient_rows(student, rng):
    """Each row sums to 0, and does not know the level of its logits"""
    logits, labels = logits_inputs(rng, (), 7, 5)
    gradient = student.cross_entropy_gradient(logits, labels)
    assert gradient.shape == (7, 5), f"Seven examples of five classes have (7, 5) logits; yours is {gradient.shape}."
    assert_allclose(gradient.sum(axis=-1), 0, "What the right class is pulled up, the others are pushed down.")
    lifted = student.cross_entropy_gradient(logits + rng.normal(scale=5, size=(7, 1)), labels)
    assert_allclose(lifted, gradient, "Only the differences in a row count, and not its level.")


@points(1)
def test_cross_entropy_gradient_side_effects(student, rng):
    """Your inputs and your earlier answers stay as they are, and the same call has the same answer"""
    assert_no_side_effects(student.cross_entropy_gradient, *logits_inputs(rng, (), 5, 5))


def extremes(rng):
    """Logits and labels; these are small whole numbers of one byte, as those of the digits are, or of eight."""
    levels = np.array([[1000.0], [0.0], [-1000.0], [500.0]]) + rng.normal(size=(4, 6))
    labels = rng.integers(6, size=4)
    yield levels, labels.astype(np.uint8)
    yield single(levels), labels
    # The first row overflows when its minimum is subtracted, the second also when its mean is. In each, one class that
    # has no chance is right, then the one that is sure.
    rows = [[-1000.0, -1000.0, -200.0, -1000.0, -200.0], [-1000.0, -1000.0, 600.0, -1000.0, -1000.0]]
    far_apart = np.array(rows) + rng.normal(size=(2, 5))
    for right in ([0, 3], [2, 2], [4, 2], [1, 4]):
        yield far_apart, np.array(right)
    yield rng.permutation(np.r_[900.0, np.full(60, -900.0)])[None] + rng.normal(size=61), np.array([7])
    yield np.array([[0.0] * 5, [1000.0] * 5, [-1000.0] * 5]), rng.integers(5, size=3)
    yield np.array([[1000.0], [-1000.0]]), np.array([0, 0])
    always = np.full(6, int(rng.integers(3)))
    yield rng.normal(size=(6, 3)), always


# ----------------------------------------------------------------------------------- projection_gradients


def projection_inputs(rng, lead, n, d_in, d_out):
    return rng.normal(size=(*lead, n, d_in)), weights(rng, d_in, d_out), rng.normal(size=(*lead, n, d_out))


@points(1)
@pytest.mark.parametrize("stratum", strata(projection_inputs))
def test_projection_gradients(student, reference, rng, stratum):
    """Back through a projection"""
    stratum.compare(student.projection_gradients, reference.projection_gradients, rng)


@points(1)
def test_projection_gradients_are_the_slopes(student, rng):
    """They predict how a loss of Y changes when one number of X or of W changes"""
    X, W, dY = projection_inputs(rng, (2,), 3, 2, 5)
    dX, dW = student.projection_gradients(X, W, dY)
    slope = slopes(lambda changed: np.sum(changed @ W * dY), X)
    assert_allclose(dX, slope, "Each entry of dX is the slope of the loss in that number of X.", rtol=0, atol=1e-7)
    slope = slopes(lambda changed: np.sum(X @ changed * dY), W)
    assert_allclose(dW, slope, "Each entry of dW is the slope of the loss in that weight.", rtol=0, atol=1e-7)


@points(1)
def test_projection_gradients_of_parts(student, rng):
    """dW is the sum of what each example gives alone; dX of an example does not depend on the others"""
    X, W, dY = projection_inputs(rng, (3,), 5, 7, 2)
    dX, dW = student.projection_gradients(X, W, dY)
    alone = [student.projection_gradients(X[i], W, dY[i]) for i in range(3)]
    assert_allclose(dW, sum(each for _, each in alone), "All examples share W, so what they give is added up.")
    assert_allclose(dX, [each for each, _ in alone], "Each token has a gradient of its own.")


@points(1)
def test_projection_gradients_side_effects(student, rng):
    """Your inputs and your earlier answers stay as they are, and the same call has the same answer"""
    assert_no_side_effects(student.projection_gradients, *projection_inputs(rng, (), 5, 5, 5))


# --------------------------------------------------------------------------------------- softmax_gradient


def softmax_gradient_inputs(rng, lead, n_q, n_k):
    return some_weights(rng, *lead, n_q, n_k), rng.normal(size=(*lead, n_q, n_k))


@points(1)
@pytest.mark.parametrize("stratum", strata(softmax_gradient_inputs, negative=False))
def test_softmax_gradient(student, reference, rng, stratum):
    """Back through softmax, every row by itself"""
    stratum.compare(student.softmax_gradient, reference.softmax_gradient, rng)


@points(1)
def test_softmax_gradient_is_the_slope(student, reference, rng):
    """It predicts how a loss of the weights changes when one score changes"""
    S, dA = rng.normal(size=(3, 5)), rng.normal(size=(3, 5))
    dS = student.softmax_gradient(reference.softmax(S), dA)
    slope = slopes(lambda changed: np.sum(reference.softmax(changed) * dA), S)
    assert_allclose(dS, slope, "Each entry is the slope of the loss in that score.", rtol=0, atol=1e-7)


@points(1)
def test_softmax_gradient_saturated(student, rng):
    """Each row sums to 0; a level that is added to a row of dA changes nothing; a saturated row has no gradient"""
    A, dA = softmax_gradient_inputs(rng, (2, 3), 6, 5)
    A[:, 1, [1, 4]] = np.eye(5)[[3, 0]]
    dS = student.softmax_gradient(A, dA)
    assert dS.shape == (2, 3, 6, 5), f"Scores of shape (2, 3, 6, 5) have a gradient of that shape; yours is {dS.shape}."
    assert_allclose(dS[:, 1, [1, 4]], 0, "Where one weight is 1, softmax does not answer to small changes.")
    assert_allclose(dS.sum(axis=-1), 0, "What one score gains, the others of its row lose.")
    lifted = student.softmax_gradient(A, dA + rng.uniform(15, 20, size=(2, 3, 6, 1)))
    assert_allclose(lifted, dS, "The weights of a row sum to 1: what all of them gain is no reason to change.")


@points(1)
def test_softmax_gradient_side_effects(student, rng):
    """Your inputs and your earlier answers stay as they are, and the same call has the same answer"""
    assert_no_side_effects(student.softmax_gradient, *softmax_gradient_inputs(rng, (), 5, 5))


# ------------------------------------------------------------------------------------ attention_gradients


def attention_inputs(rng, lead, n_q, n_k, d_k, d_v):
    Q, K = (rng.uniform(-1.5, 1.5, size=(*lead, n, d_k)) for n in (n_q, n_k))
    return Q, K, rng.normal(size=(*lead, n_k, d_v)), rng.normal(size=(*lead, n_q, d_v))


@points(1)
@pytest.mark.parametrize("stratum", strata(attention_inputs))
def test_attention_gradients(student, reference, rng, stratum):
    """Back through attention"""
    stratum.compare(student.attention_gradients, reference.attention_gradients, rng)


@points(1)
def test_attention_gradients_are_the_slopes(student, reference, rng):
    """They predict how a loss of the output changes when one number of Q, K or V changes"""
    Q, K, V, dO = attention_inputs(rng, (), 3, 5, 2, 7)

    def loss(*arrays):
        output, _ = reference.scaled_dot_product_attention(*arrays)
        return np.sum(output * dO)

    dQ, dK, dV = student.attention_gradients(Q, K, V, dO)
    slope = slopes(lambda changed: loss(changed, K, V), Q)
    assert_allclose(dQ, slope, "Each entry of dQ is the slope of the loss in that number of Q.", rtol=0, atol=1e-7)
    slope = slopes(lambda changed: loss(Q, changed, V), K)
    assert_allclose(dK, slope, "Each entry of dK is the slope of the loss in that number of K.", rtol=0, atol=1e-7)
    slope = slopes(lambda changed: loss(Q, K, changed), V)
    assert_allclose(dV, slope, "Each entry of dV is the slope of the loss in that number of V.", rtol=0, atol=1e-7)


@points(1)
def test_attention_gradients_laws(student, rng):
    """All of dO reaches the values; what one key gains, the others lose; equal keys leave no choice"""
    Q, K, V, dO = attention_inputs(rng, (2, 3), 6, 7, 3, 5)
    dQ, dK, dV = student.attention_gradients(Q, K, V, dO)
    assert dQ.shape == (2, 3, 6, 3), f"dQ is shaped as Q, here (2, 3, 6, 3), and yours is {dQ.shape}."
    assert_allclose(dV.sum(axis=-2), dO.sum(axis=-2), "The weights of a query sum to 1, so it hands on all of dO.")
    assert_allclose(dK.sum(axis=-2), 0, "The same vector, added to all keys, changes no weight.")
    K[...] = K[..., :1, :]
    dQ, dK, dV = student.attention_gradients(Q, K, V, dO)
    assert_allclose(dQ, 0, "Where all keys are the same, no query can choose among them.")


@points(1)
def test_attention_gradients_side_effects(student, rng):
    """Your inputs and your earlier answers stay as they are, and the same call has the same answer"""
    assert_no_side_effects(student.attention_gradients, *attention_inputs(rng, (), 5, 5, 5, 5))


# ------------------------------------------------------------------------------------------------ descend


def descend_inputs(rng, lead, d_in, d_out):
    """The arrays of two layers, and their gradients in another order."""
    arrays = dict(zip(("W_1", "b_1", "W_2", "b_2"), (*layer(rng, d_in, d_out), *layer(rng, d_out, d_in)), strict=True))
    arrays = {name: np.broadcast_to(array, (*lead, *array.shape)) + 0 for name, array in arrays.items()}
    gradients = {name: rng.normal(size=array.shape) for name, array in arrays.items()}
    return shuffled(rng, arrays), shuffled(rng, gradients), rng.uniform(0.2, 0.6)


@points(1)
@pytest.mark.parametrize("stratum", strata(descend_inputs))
def test_descend(student, reference, rng, stratum):
    """Every array takes a step"""
    stratum.compare(student.descend, reference.descend, rng)


@points(1)
def test_descend_any_number_of_arrays(student, reference, rng):
    """One array, many, and names of any kind; steps that are large, or 0"""
    one = {"only": rng.normal(size=5)}
    assert_matches(student.descend, reference.descend, one, {"only": rng.normal(size=5)}, 3.0)
    assert_matches(student.descend, reference.descend, one, {"only": rng.normal(size=5)}, 0.0)
    names = [f"blocks.{place}.{name}" for place in range(12) for name in ("W", "b")]
    many = {name: rng.normal(size=(3, 2)) for name in names}
    gradients = shuffled(rng, {name: rng.normal(size=(3, 2)) for name in names})
    assert_matches(student.descend, reference.descend, many, gradients, 0.1)


@points(1)
def test_descend_step_by_step(student, rng):
    """Two steps of half the size lead to where one whole step does, where the slope is the same all the way"""
    arrays, gradients, rate = descend_inputs(rng, (), 3, 5)
    whole = student.descend(arrays, gradients, rate)
    half = student.descend(student.descend(arrays, gradients, rate / 2), gradients, rate / 2)
    for name in arrays:
        assert_allclose(half[name], whole[name], "Two half steps are one whole step.")


@points(1)
def test_descend_side_effects(student, rng):
    """The weights that were given, their gradients and your earlier answers stay; the same call has the same answer"""
    assert_no_side_effects(student.descend, *descend_inputs(rng, (), 5, 5))
