# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 03 · Softmax: from scores to weights
#
# *Attention in NumPy, step by step. Notebook 3 of 10.*
#
# A score tells how well a query matches a key. But we cannot use scores as weights yet: some are negative,
# and a row may sum to anything. Every query has one whole attention to give, so we want to **share it out**:
# each key gets a weight between 0 and 1, and the weights of one query sum to 1. That is what softmax does.
#
# $$\text{Attention}(Q, K, V) =
# \underbrace{\text{softmax}\left(\frac{Q K^\top}{\sqrt{d_k}}\right)}_{\text{this notebook}} V$$
#
# You build softmax so that it survives even very large scores. Then you build its derivative, and with it you
# will *see* what notebook 2 told you: why the scores had to be scaled.

# %%
import matplotlib.pyplot as plt
import numpy as np

from autograder import check
from autograder.plots import demo_of, heatmap

# %% [markdown]
# ## By numbers
#
# Softmax takes a row of scores $s$ and returns a row of weights $p$:
#
# $$p_i = \frac{e^{s_i}}{\sum_j e^{s_j}}$$
#
# These are the scaled scores of notebook 2, one row for each query:
#
# | | $k_1$ | $k_2$ | | $e^{s_1}$ | $e^{s_2}$ | sum | | weight 1 | weight 2 |
# |---|---|---|---|---|---|---|---|---|---|
# | $q_1$ | 0.71 | 1.41 | | 2.03 | 4.11 | 6.14 | | 2.03 / 6.14 = **0.33** | 4.11 / 6.14 = **0.67** |
# | $q_2$ | 0.71 | 0.71 | | 2.03 | 2.03 | 4.06 | | 2.03 / 4.06 = **0.50** | 2.03 / 4.06 = **0.50** |
#
# The first query takes one third from key 1 and two thirds from key 2. The second query matches both keys
# equally well, and so it shares its attention equally.
#
# Why $e^s$? It is positive even when $s$ is negative. A larger score always gets a larger weight. And only
# *differences* of scores count, as we will see in a moment.

# %%
scores = np.array([[0.7071, 1.4142], [0.7071, 0.7071]])  # (2, 2): rows are queries, columns keys

# %% [markdown]
# ## By shapes
#
# | scores | weights | what sums to 1 |
# |---|---|---|
# | $n_k$, the scores of one query | $n_k$ | the whole row |
# | $n_q \times n_k$ | $n_q \times n_k$ | each of the $n_q$ rows |
# | batch×$n_q$×$n_k$ | batch×$n_q$×$n_k$ | each row of each sequence |
#
# In every case softmax runs over the **last axis**, the keys. What one query does is no concern of another.
#
# ## When numbers get too large
#
# A computer's numbers end somewhere: in float64 at about $10^{308}$.

# %%
with np.errstate(over="ignore"):
    for score in [1.0, 100.0, 700.0, 1000.0]:
        print(f"e^{score:g} = {np.exp(score):.3g}")

# %% [markdown]
# From $e^{710}$ on, we get `inf`, and `inf / inf` is `nan`, *not a number*. Yet the weights themselves are
# harmless: the scores $(1000, 1001)$ should get the same weights as $(0, 1)$, since we may subtract any
# number $c$ from **all scores of a row**:
#
# $$\frac{e^{s_i - c}}{\sum_j e^{s_j - c}} = \frac{e^{-c}\, e^{s_i}}{e^{-c} \sum_j e^{s_j}}
# = \frac{e^{s_i}}{\sum_j e^{s_j}}$$
#
# So every row may choose its own $c$. Which choice makes sure that nothing overflows, and that the sum below
# the line never becomes 0?
#
# ## Question 1 · `softmax`
#
# About 15 min · difficulty ●●○
#
# Turn every row of scores into weights. It should work for small scores and for scores such as 1000 and
# -1000, even when both appear in one matrix or in one row. A score may also be $-\infty$, which says *never
# look at this key*: since $e^{-\infty} = 0$, its weight is 0. Notebook 4 will use that.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# Three steps: subtract a number from each row, take `np.exp`, divide each row by its sum. Get it right for
# one row first.
#
# </details>
# <details><summary>Hint 2 · closer</summary>
#
# When the largest exponent in a row is exactly 0, no exponential is larger than 1, and the sum is at least 1.
# Which number must you subtract from the row for that?
#
# </details>
# <details><summary>Hint 3 · nearly there</summary>
#
# `S.max(axis=-1)` has the shape `(..., n_q)`, and you cannot subtract that from `(..., n_q, n_k)` row by row.
# With `keepdims=True` it has the shape `(..., n_q, 1)`, and then you can. The sum needs the same care.
#
# </details>


# %% softmax
def softmax(S):
    """Turn scores into weights: positive numbers, with the sum 1 over the last axis.

    S: (..., n_k), scores; the last axis counts the keys. Scores such as 1000 and -1000 are allowed, and -inf
       gets the weight 0. (At least one score of each row is finite.)
    Returns (..., n_k), the weights.

    Source: Bishop (2006), "Pattern Recognition and Machine Learning", equation 4.104.
    """
    ### BEGIN SOLUTION
    largest = S.max(axis=-1, keepdims=True)  # (..., 1)
    exponentials = np.exp(S - largest)  # (..., n_k), from 0 to 1: nothing overflows
    total = exponentials.sum(axis=-1, keepdims=True)  # (..., 1), at least 1: never 0/0
    return exponentials / total  # (..., n_k)
    ### END SOLUTION


# %%
with demo_of(softmax):
    weights = softmax(scores)
    figure, axes = plt.subplots(1, 2, figsize=(6, 2.9), layout="constrained")
    for ax, matrix, title in zip(axes, [scores, weights], ["scaled scores", "weights"], strict=True):
        heatmap(ax, matrix, title, rows=["$q_1$", "$q_2$"], columns=["$k_1$", "$k_2$"])
    plt.show()

# %% [markdown]
# ## Soft and hard
#
# Softmax is a *soft* version of "take the maximum". How soft depends on the size of the scores. Here are the
# same five scores three times: divided by 10, as they are, and multiplied by 10.
#
# **Before you run it: what do you expect?** As they are, the two best keys score 2.0 and 1.6, and get the
# weights 0.44 and 0.29. What becomes of these two weights when all five scores are multiplied by 10?
#
# <details><summary>What happens, and why</summary>
#
# The best key gets 0.98, and the second best only 0.02. Softmax sees nothing but *differences* of scores, and
# this one has grown from 0.4 to 4: the best key had $e^{0.4} \approx 1.5$ times the weight of the second, and
# now has $e^4 \approx 55$ times as much. Divided by 10, the difference is only 0.04, and all five weights lie
# between 0.17 and 0.22.
#
# </details>

# %%
five_scores = np.array([1.0, 2.0, -1.0, 1.6, 0.4])  # (5,)
factors = {"÷ 10": 0.1, "as they are": 1.0, "× 10": 10.0}

with demo_of(softmax):
    shares = {label: softmax(factor * five_scores) for label, factor in factors.items()}
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.6), sharey=True, layout="constrained")
    for ax, (label, share) in zip(axes, shares.items(), strict=True):
        ax.bar_label(ax.bar(range(1, 6), share, color="mediumpurple"), fmt="%.2f")
        ax.set(title=f"scores {label}", xlabel="key", xticks=range(1, 6), ylim=(0, 1.15))
    axes[0].set_ylabel("weight")
    plt.show()

# %% [markdown]
# Small scores: everybody gets nearly the same. Large scores: one key takes nearly all. We say that softmax is
# **saturated**. (Try scores of your own: change `five_scores`. What if the two largest are equal?) What does
# saturation mean for training? To find out, we need the derivative.
#
# ## Question 2 · `softmax_jacobian`
#
# About 15 min · difficulty ●●○
#
# When score $j$ grows a little, how much does weight $i$ change? For $n$ keys there are $n \times n$ such
# answers. The matrix of all of them is the **Jacobian**. With a little calculus (try it: the quotient rule is
# enough) you get
#
# $$J_{ij} = \frac{\partial p_i}{\partial s_j} =
# \begin{cases} p_i \, (1 - p_i) & \text{if } i = j \\ - p_i \, p_j & \text{if } i \neq j \end{cases}$$
#
# The weights alone are enough to compute it; the scores are not needed. By numbers, for the two rows of
# weights above:
#
# $$p = (0.33, 0.67):\; J = \begin{bmatrix} 0.22 & -0.22 \\ -0.22 & 0.22 \end{bmatrix} \qquad\quad
# p = (0.5, 0.5):\; J = \begin{bmatrix} 0.25 & -0.25 \\ -0.25 & 0.25 \end{bmatrix}$$
#
# Read a column: when score 1 grows, weight 1 grows, and exactly as much is taken from the other weights.
# Their sum must stay 1, after all.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# Multiply out: $p_i (1 - p_i) = p_i - p_i p_i$. So $-p_i p_j$ stands in *every* cell, and on the diagonal
# there is something more.
#
# </details>
# <details><summary>Hint 2 · closer</summary>
#
# $J$ is the difference of two matrices. One has $p$ on its diagonal and 0 elsewhere. The other has $p_i p_j$
# in row $i$ and column $j$. NumPy has a function for each of them.
#
# </details>
# <details><summary>Hint 3 · nearly there</summary>
#
# Look up `np.diag` and `np.outer`. For a vector, `p.T` is the same as `p`, and `p @ p.T` is only one number.
#
# </details>


# %% softmax_jacobian
def softmax_jacobian(p):
    """Give the derivative of softmax, from the weights that softmax returned.

    p: (n,), the weights of one query: not negative, with the sum 1
    Returns J (n, n): J[i, j] says how fast weight i changes when score j changes.

    Source: Bishop (2006), "Pattern Recognition and Machine Learning", equation 4.106.
    """
    ### BEGIN SOLUTION
    return np.diag(p) - np.outer(p, p)  # (n, n), diagonal minus table
    ### END SOLUTION


# %%
with demo_of(softmax, softmax_jacobian):
    jacobians = {label: softmax_jacobian(softmax(factor * five_scores)) for label, factor in factors.items()}
    figure, axes = plt.subplots(1, 3, figsize=(10, 3.6), layout="constrained")
    for ax, (label, jacobian) in zip(axes, jacobians.items(), strict=True):
        # the same colours in all three; white is 0
        heatmap(ax, jacobian, f"Jacobian, scores {label}", "PuOr", limits=(-0.4, 0.4))
    plt.show()

# %% [markdown]
# On the right, softmax is saturated, and the Jacobian is almost empty: whatever the scores do, the weights
# stay as they are. A network that learns by following this derivative gets no signal any more. Its gradient
# has **vanished**.
#
# ## Why √d, seen with your own functions
#
# Back to the question of notebook 2. We draw random queries, let each of them meet eight random keys, and
# measure how large the Jacobian is (its norm, the root of the sum of all squares). Then we make the vectors
# longer and longer.

# %%
random = np.random.default_rng(seed=3)
lengths = [1, 4, 16, 64, 256, 1024]


def gradient_size(scores):
    """Give the norm of softmax's Jacobian for a typical (median) query."""
    return np.median([np.linalg.norm(softmax_jacobian(softmax(row))) for row in scores])


with demo_of(softmax, softmax_jacobian):
    unscaled, scaled = [], []
    for d in lengths:
        queries, keys = random.normal(size=(300, 1, d)), random.normal(size=(300, 8, d))
        dot_products = np.sum(queries * keys, axis=-1)  # (300, 8): each query meets eight keys of its own
        unscaled.append(gradient_size(dot_products))
        scaled.append(gradient_size(dot_products / d**0.5))
    figure, ax = plt.subplots(figsize=(7, 3.6), layout="constrained")
    ax.plot(lengths, scaled, "o-", label=r"with $\sqrt{d}$", color="tab:blue")
    ax.plot(lengths, unscaled, "s--", label=r"without $\sqrt{d}$", color="tab:orange")
    ax.set_xscale("log", base=2)
    ax.set(yscale="log", xticks=lengths, xticklabels=lengths, xlabel="length $d$ of queries and keys")
    ax.set(ylabel="norm of the Jacobian", title="Without scaling, the gradient of softmax vanishes")
    ax.legend()
    plt.show()

# %% [markdown]
# Mind the vertical axis: each step is a factor of 10. At length 1024, the gradient of a typical query without
# the root is about a *million* times smaller than with it. With the root, the length does not matter. One
# small square root keeps attention able to learn. In notebook 10, yours will.

# %% [markdown]
# ## If you want more · Hot and cold words
#
# About 15 min · difficulty ●●○ · no points
#
# A language model writes one word after the other. It gives every word that it knows a score, softmax makes
# weights of the scores, and then the next word is **drawn by lot**: a word with the weight 0.3 is drawn in 3
# of 10 cases. Many models have a knob for this, the **temperature** $T$. The scores are divided by it before
# the softmax.
#
# The next cell has scores for the word after *the cat drank the …*.
#
# 1. Draw ten words with $T = 0.2$, ten with $T = 1$, and ten with $T = 5$. For weights `p`,
#    `random.choice(candidates, size=10, p=p)` draws ten by lot.
# 2. What happens when $T$ comes close to 0? And when it becomes very large? Does the order of the weights
#    ever change?
# 3. At which $T$ does *milk* have just one half of the weight? Two decimals will do.
#
# <details><summary>A solution</summary>
#
# ```python
# with demo_of(softmax):
#     for T in [0.2, 1.0, 5.0]:
#         p = softmax(next_scores / T)
#         print(f"T = {T}, milk has {p[0]:.2f}:", *random.choice(candidates, size=10, p=p))
#     for T in np.arange(1.0, 2.0, 0.01):
#         if softmax(next_scores / T)[0] < 0.5:
#             print(f"From T = {T:.2f} on, milk has less than a half.")
#             break
# ```
#
# With $T = 0.2$, the cat drinks milk, nearly always. With $T = 5$, it may even drink the moon. Close to 0,
# the differences between the scores grow beyond all bounds, and the best word gets everything: softmax
# becomes "take the maximum". When $T$ is very large, all scores come close to 0, and each of the five words
# gets one fifth. The order never changes, because a larger score stays larger when both are divided by the
# same positive number.
#
# *milk* has a half at $T \approx 1.68$. So the knob makes a model bolder or more careful, and nothing has to
# be learned again for it.
#
# </details>

# %%
candidates = ["milk", "water", "tea", "ink", "moon"]
next_scores = np.array([3.0, 2.0, 1.0, -1.0, -2.0])  # (5,)

# %%
# Here is room to try it.

# %% [markdown]
# ## What comes next
#
# Every query now has its weights, one for each key. In **notebook 4** the weights meet the values, and the
# formula is complete: your first attention.

# %% [markdown]
# ## Before you hand in
#
# 1. Restart the kernel and run all cells (*Kernel → Restart Kernel and Run All Cells…*). A running notebook
#    still remembers what you have changed or deleted since; after a restart, only what stands here counts.
# 2. Save, and run `autograder check` in the terminal, as your README says: it reads your file as grading does.
# 3. Hand in this file, under its own name.
