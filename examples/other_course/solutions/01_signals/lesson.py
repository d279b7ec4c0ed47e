# %% [markdown]
# # 01 · A noisy signal
#
# A sensor gives a number a second. Two small functions make something of them.

# %%
import numpy as np

from autograder import check

# %% [markdown]
# ## Smooth it
#
# Noise jumps up and down; the **moving average** of $k$ neighbours takes most of it away:
#
# $$y_i = \frac{1}{k} \sum_{j=0}^{k-1} x_{i+j}$$
#
# Of $n$ numbers, $n - k + 1$ averages can be made: (1, 3, 5, 7) with $k = 2$ becomes (2, 4, 6).


# %% moving_average
def moving_average(x, k):
    """The mean of each k neighbours.

    x: (n,)  the numbers
    k: int   1 <= k <= n

    Returns (n - k + 1,).
    """
    ### BEGIN SOLUTION
    sums = np.cumsum(np.concatenate([[0.0], x]))
    return (sums[k:] - sums[:-k]) / k
    ### END SOLUTION


# %% [markdown]
# ## Count the crossings
#
# How often does a signal go from below zero to above it, or back? A number that *is* zero lies on neither side: it is
# passed over. $(1, -2, 0, -1, 3)$ crosses twice.


# %% zero_crossings
def zero_crossings(x):
    """How often the sign changes; zeros are passed over.

    x: (n,)  the numbers

    Returns a number.
    """
    ### BEGIN SOLUTION
    signs = np.sign(x)[np.asarray(x) != 0]
    return np.sum(signs[1:] != signs[:-1])
    ### END SOLUTION


# %% why_smooth [markdown] points=2
# **Why should a signal be smoothed before its crossings are counted?** Two sentences are enough.
#
# ### BEGIN SOLUTION
# Noise around zero crosses it again and again without any meaning. The average keeps the slow changes, and so the
# crossings that are the signal's own.
# ### END SOLUTION

# %% [markdown]
# ## Before you hand in
#
# Restart the kernel and run all cells, so that only what stands here counts. Save, run `autograder check` in the
# terminal, then hand in this file.
