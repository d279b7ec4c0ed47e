# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 10 · Learning: the three matrices find themselves
#
# *Attention in NumPy, step by step. Notebook 10 of 10.*

# %%
import numpy as np

from autograder import check, previous

# %%
softmax = previous("softmax")
scaled_dot_product_attention = previous("scaled_dot_product_attention")


# %% cross_entropy
def cross_entropy(logits, labels):
    """Tell how far the logits are from the right answers: the mean of -log(probability of the right class).

    logits: (n, classes), one row for each example; 1000 and -1000 are allowed, in one row, too
    labels: (n,), integers: the right class of each example, from 0 to classes - 1
    Returns one number, not negative: 0 when every right class has the whole probability.

    Source: Bishop (2006), "Pattern Recognition and Machine Learning", equation 4.108, divided by n.
    """
    ### BEGIN SOLUTION
    shifted = logits - logits.max(axis=-1, keepdims=True)  # (n, classes), at most 0
    log_sums = np.log(np.exp(shifted).sum(axis=-1))  # (n,), of at least 1: never log(0)
    right = shifted[np.arange(len(labels)), labels]  # (n,)
    return np.mean(log_sums - right)
    ### END SOLUTION


# %% cross_entropy_gradient
def cross_entropy_gradient(logits, labels):
    """Give the gradient of `cross_entropy` for every logit.

    logits: (n, classes); labels: (n,), integers from 0 to classes - 1
    Returns (n, classes): how fast the loss grows when that logit grows.

    Source: Bishop (2006), "Pattern Recognition and Machine Learning", equation 4.109, before its sum.
    """
    ### BEGIN SOLUTION
    n, classes = logits.shape
    one_hot = np.eye(classes)[labels]  # (n, classes)
    return (softmax(logits) - one_hot) / n  # (n, classes)
    ### END SOLUTION


# %% projection_gradients
def projection_gradients(X, W, dY):
    """Carry the gradient back through `Y = X @ W`.

    X: (..., n, d_in), tokens as rows
    W: (d_in, d_out)
    dY: (..., n, d_out), the gradient of the loss for Y
    Returns (dX, dW): dX (..., n, d_in); dW (d_in, d_out), summed over all tokens of all examples, which share W.

    Source: Goodfellow et al. (2016), "Deep Learning", section 6.5.6.
    """
    ### BEGIN SOLUTION
    dX = dY @ W.T  # (..., n, d_in)
    rows, gradients = X.reshape(-1, X.shape[-1]), dY.reshape(-1, dY.shape[-1])  # all tokens, one below the other
    dW = rows.T @ gradients  # (d_in, d_out)
    return dX, dW
    ### END SOLUTION


# %% softmax_gradient
def softmax_gradient(A, dA):
    """Carry the gradient back through softmax, row by row, without making a Jacobian.

    A: (..., n_q, n_k), weights as softmax has returned them
    dA: (..., n_q, n_k), the gradient of the loss for the weights
    Returns dS (..., n_q, n_k), the gradient of the loss for the scores: in each row, what `softmax_jacobian(A[i]) @ dA[i]` gives.

    Source: Bishop (2006), "Pattern Recognition and Machine Learning", equation 4.106.
    """
    ### BEGIN SOLUTION
    mean = (A * dA).sum(axis=-1, keepdims=True)  # (..., n_q, 1), what the row gains on average
    return A * (dA - mean)  # (..., n_q, n_k)
    ### END SOLUTION


# %% attention_gradients
def attention_gradients(Q, K, V, dO):
    """Carry the gradient back through attention without a mask, `softmax(Q Kᵀ / √d_k) V`.

    Q: (..., n_q, d_k)
    K: (..., n_k, d_k)
    V: (..., n_k, d_v)
    dO: (..., n_q, d_v), the gradient of the loss for the output
    Returns (dQ, dK, dV), each shaped as Q, K, V.

    Source: Dao et al. (2022), "FlashAttention", appendix B.2.
    """
    ### BEGIN SOLUTION
    _, A = scaled_dot_product_attention(Q, K, V)  # (..., n_q, n_k)
    dV = A.swapaxes(-1, -2) @ dO  # (..., n_k, d_v)
    dA = dO @ V.swapaxes(-1, -2)  # (..., n_q, n_k)
    dS = softmax_gradient(A, dA) / np.sqrt(Q.shape[-1])  # (..., n_q, n_k), for Q Kᵀ before the root
    dQ = dS @ K  # (..., n_q, d_k)
    dK = dS.swapaxes(-1, -2) @ Q  # (..., n_k, d_k)
    return dQ, dK, dV
    ### END SOLUTION


# %% descend
def descend(weights, gradients, rate):
    """Take one step downhill: every array moves against its gradient.

    weights: a dict of arrays
    gradients: a dict of arrays with the same names and shapes
    rate: the learning rate, a number
    Returns a new dict with the same names; the one that was given, and its arrays, stay as they are.

    Source: Goodfellow et al. (2016), "Deep Learning", equation 4.5.
    """
    ### BEGIN SOLUTION
    return {name: weights[name] - rate * gradients[name] for name in weights}
    ### END SOLUTION
