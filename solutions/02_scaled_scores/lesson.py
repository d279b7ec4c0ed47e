# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 02 · Queries meet keys: scores, and why √d
#
# *Attention in NumPy, step by step. Notebook 2 of 10.*
#
# In notebook 1, every token got a query, a key and a value. But each row still stood alone. Now the tokens
# look at each other for the first time: every query is compared with every key, and each comparison gives one
# number, the **score**. A large score says: *these two belong together, take much of this value.*
#
# $$\text{Attention}(Q, K, V) = \text{softmax}\left(
# \underbrace{\frac{Q K^\top}{\sqrt{d_k}}}_{\text{this notebook}}\right) V$$
#
# You build two small functions. The second is one short line, but the reason behind it is the most
# interesting part of this notebook, so you will also explain it in your own words.

# %%
import matplotlib.pyplot as plt
import numpy as np

from autograder import check
from autograder.plots import demo_of, heatmap

# %% [markdown]
# ## By numbers
#
# The queries from notebook 1, and the keys of the same two tokens:
#
# $$q_1 = (1, 2) \qquad q_2 = (1, 1) \qquad\qquad k_1 = (1, 0) \qquad k_2 = (0, 1)$$
#
# How well do a query and a key match? We take their **dot product**: multiply number by number, and sum.
#
# $$q_1 \cdot k_1 = 1 \cdot 1 + 2 \cdot 0 = 1 \qquad\quad q_1 \cdot k_2 = 1 \cdot 0 + 2 \cdot 1 = 2$$
#
# $$q_2 \cdot k_1 = 1 \cdot 1 + 1 \cdot 0 = 1 \qquad\quad q_2 \cdot k_2 = 1 \cdot 0 + 1 \cdot 1 = 1$$
#
# We write the scores into a matrix $S$: **one row for each query, one column for each key.** Then we divide
# by $\sqrt{d_k}$, where $d_k$ is the length of a key. Here $d_k = 2$ and $\sqrt 2 = 1.41$:
#
# $$S = \begin{bmatrix} 1 & 2 \\ 1 & 1 \end{bmatrix} \qquad\quad
# \frac{S}{\sqrt 2} = \begin{bmatrix} 0.71 & 1.41 \\ 0.71 & 0.71 \end{bmatrix}$$
#
# The first token matches the second key best. The second token matches both keys equally well.

# %%
Q = np.array([[1.0, 2.0], [1.0, 1.0]])  # (2, 2): q1 and q2, one per row
K = np.array([[1.0, 0.0], [0.0, 1.0]])  # (2, 2): k1 and k2, one per row

# %% [markdown]
# **Careful, this example hides a lot.** These keys happen to form the identity matrix, so $S$ looks just like
# $Q$. There are two tokens *and* the keys have length two, so you cannot see which of the two 2s stands under
# the root. Try your functions with other numbers and other shapes, too. The checks will.
#
# ## By shapes
#
# | queries | keys | scores |
# |---|---|---|
# | $n_q \times d_k$ | $n_k \times d_k$ | $n_q \times n_k$ |
# | 3×5 | 7×5 | 3×7: three rows, seven columns |
# | batch×3×5 | batch×7×5 | batch×3×7 |
#
# There may be more keys than queries, or fewer. Only the length $d_k$ must be the same: a query and a key of
# different lengths cannot be compared.

# %% [markdown]
# ## Question 1 · `attention_scores`
#
# About 10 min · difficulty ●●○
#
# Compare every query with every key. One expression is enough, for batches too.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# A matrix product is a table of dot products: the rows of the left matrix meet the *columns* of the right
# one. Your queries are rows. Your keys are rows, too. What must happen to the keys?
#
# </details>
# <details><summary>Hint 2 · closer</summary>
#
# The keys must be transposed. But `K.T` turns *all* axes around: `(batch, n_k, d_k)` becomes `(d_k, n_k,
# batch)`, and that mixes up the batch. Only the last two axes shall change places.
#
# </details>
# <details><summary>Hint 3 · nearly there</summary>
#
# Look up `np.swapaxes`, and count the axes from the end, `-1` and `-2`, so that any number of leading axes
# will do. Then think of shapes: `(..., n_q, d_k) · (..., d_k, n_k)`.
#
# </details>


# %% attention_scores
def attention_scores(Q, K):
    """Compare every query with every key by their dot product.

    Q: (..., n_q, d_k), queries as rows
    K: (..., n_k, d_k), keys as rows, with the same leading axes as Q
    Returns (..., n_q, n_k): row i holds the scores of query i with all keys.

    Source: Vaswani et al. (2017), "Attention Is All You Need", equation 1.
    """
    ### BEGIN SOLUTION
    return Q @ np.swapaxes(K, -1, -2)  # (..., n_q, d_k) · (..., d_k, n_k) → (..., n_q, n_k)
    ### END SOLUTION


# %%
with demo_of(attention_scores):
    S = attention_scores(Q, K)
    figure, axes = plt.subplots(1, 3, figsize=(7, 2.8), layout="constrained")
    heatmap(axes[0], Q, "$Q$: one query per row", "Blues")
    heatmap(axes[1], K, "$K$: one key per row", "Oranges")
    heatmap(axes[2], S, "$S$: all scores", rows=["$q_1$", "$q_2$"], columns=["$k_1$", "$k_2$"])
    plt.show()

# %% [markdown]
# What does a score measure? Below, one query meets twelve keys that all have the same length but point in
# different directions. The score is large where the directions agree, 0 at a right angle, and negative where
# they are opposed.

# %%
angles = 2 * np.pi * np.arange(12) / 12
one_query = np.array([[0.9, 0.4]])  # (1, 2)
keys_around = np.column_stack([np.cos(angles), np.sin(angles)])  # (12, 2)

with demo_of(attention_scores):
    scores = attention_scores(one_query, keys_around)
    figure, ax = plt.subplots(figsize=(4.6, 4.6), layout="constrained")
    for key, score in zip(keys_around, scores[0], strict=True):
        colour = plt.cm.coolwarm(0.5 + score / 2)
        ax.annotate("", key, (0, 0), arrowprops={"arrowstyle": "->", "color": colour, "lw": 2})
        ax.text(*(1.14 * key), f"{score:z.2f}", ha="center", va="center")
    ax.annotate("", one_query[0], (0, 0), arrowprops={"arrowstyle": "-|>", "color": "black", "lw": 3})
    ax.text(0.55, 0.12, "query")
    ax.set(xlim=(-1.35, 1.35), ylim=(-1.35, 1.35), aspect="equal")
    ax.set_title("one query, twelve keys, and their scores")
    ax.axis("off")
    plt.show()

# %% [markdown]
# Turn the query: change `one_query` in the cell above, and run it again. What if it is twice as long?
#
# ## What happens to the scores when $d_k$ grows?
#
# In real models $d_k$ is 64 or more. Let us draw queries and keys at random, with numbers of mean 0 and
# variance 1, and look at 10 000 scores for each of three lengths: 2, 32 and 512. Their **spread** is the
# standard deviation: how far the scores typically lie from their mean.
#
# **Before you run it: what do you expect?** The longest keys hold 256 times as many numbers as the shortest.
# How much wider will their scores be spread: hardly, about 16 times, or about 256 times?
#
# <details><summary>What happens, and why</summary>
#
# About 16 times: the spread is 1.4 at length 2, then 5.6, and 22.5 at length 512. A score is a sum of
# products. With more products, it gets further away from 0. But some of them are positive and others
# negative, so they cancel each other in part. By how much exactly is for you to find out, in Question 3.
#
# </details>

# %%
random = np.random.default_rng(seed=2)
lengths = [2, 32, 512]


def clouds(ax, all_scores, title):
    """Draw the scores for each length of the keys as a cloud, wide where many scores lie."""
    ax.violinplot([np.ravel(scores) for scores in all_scores], widths=0.8)
    spreads = [np.std(scores) for scores in all_scores]
    names = [f"$d_k$ = {d_k}\nspread {spread:.1f}" for d_k, spread in zip(lengths, spreads, strict=True)]
    ax.set(title=title, ylabel="score", ylim=(-90, 90), xticks=[1, 2, 3], xticklabels=names)


with demo_of(attention_scores):
    raw = [attention_scores(*random.normal(size=(2, 100, d_k))) for d_k in lengths]
    figure, ax = plt.subplots(figsize=(5, 3.2), layout="constrained")
    clouds(ax, raw, r"scores, $q \cdot k$")
    plt.show()

# %% [markdown]
# The longer the keys, the wider the scores are spread. Nothing got more meaningful here: all these numbers
# are random. The scores are large only because there were more products to sum.
#
# ## Question 2 · `scale_scores`
#
# About 5 min · difficulty ●○○
#
# Scale the scores as the formula says, so that their spread no longer depends on $d_k$.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# Read the formula at the top once more. What stands below the line?
#
# </details>
# <details><summary>Hint 2 · nearly there</summary>
#
# NumPy has a function for square roots. Use the argument `d_k`: the shape of `S` tells how many queries and
# keys there are, and not how long they are. Keep all decimals, and return a *new* array: an operator such as
# `/=` would change the array of the caller.
#
# </details>


# %% scale_scores
def scale_scores(S, d_k):
    """Scale the scores, so that their spread does not grow with the length of the keys.

    S: (..., n_q, n_k), scores
    d_k: the length of a query and of a key, a positive whole number
    Returns (..., n_q, n_k).

    Source: Vaswani et al. (2017), "Attention Is All You Need", equation 1 and section 3.2.1.
    """
    ### BEGIN SOLUTION
    return S / np.sqrt(d_k)  # (..., n_q, n_k)
    ### END SOLUTION


# %%
with demo_of(attention_scores, scale_scores):
    example = scale_scores(np.array([[1.0, 2.0], [1.0, 1.0]]), 2)
    raw = [attention_scores(*random.normal(size=(2, 100, d_k))) for d_k in lengths]
    scaled = [scale_scores(scores, d_k) for scores, d_k in zip(raw, lengths, strict=True)]
    figure, axes = plt.subplots(1, 3, figsize=(11, 3.2), width_ratios=[2, 3, 3], layout="constrained")
    heatmap(axes[0], example, "the example, scaled")
    clouds(axes[1], raw, "before scaling")
    clouds(axes[2], scaled, "after scaling")
    plt.show()

# %% [markdown]
# Now the spread is 1, whatever the length. The order of the scores in a row has not changed, only their size.
#
# ## Question 3 · `why_sqrt_d`
#
# About 15 min · difficulty ●●○ · you write, a person reads
#
# Two facts will help you.
#
# - **About sums.** Take two independent random numbers, both with mean 0 and variance 1. Their product has
#   mean 0 and variance 1, too. When you add independent random numbers, their variances add up.
# - **About softmax**, the next step of the formula. It turns a row of scores into weights: positive numbers
#   with the sum 1. A key whose score is larger by 1 gets $e^1 \approx 2.7$ times the weight. When the score
#   is larger by 30, it gets $e^{30} \approx 10^{13}$ times the weight. Training changes $W_q$ and $W_k$ by
#   following the *gradient*: how much do the weights change when a score changes a little?
#
# <details><summary>Hint 1 · a nudge</summary>
#
# Write $q \cdot k$ as a sum. How many terms does it have, and what is the variance of each?
#
# </details>
# <details><summary>Hint 2 · closer</summary>
#
# Suppose that one weight is 0.999999 and the others are nearly 0. Now change one score by 0.01. Do the
# weights notice?
#
# </details>

# %% why_sqrt_d [markdown] points=5
# **Why does attention divide the scores by $\sqrt{d_k}$?** Answer in about five sentences; formulas are
# welcome.
#
# 1. How does the spread of $q \cdot k$ depend on $d_k$, and why?
# 2. What would large scores do to the weights that softmax makes, and to training?
# 3. Why $\sqrt{d_k}$, and not $d_k$?
#
# ### BEGIN SOLUTION
# 1. $q \cdot k = \sum_{i=1}^{d_k} q_i k_i$ is a sum of $d_k$ terms. If the numbers in $q$ and $k$ are
#    independent with mean 0 and variance 1, each term has mean 0 and variance 1. The variances add up to
#    $d_k$, so the spread (the standard deviation) of a score is $\sqrt{d_k}$.
# 2. When $d_k$ is large, the scores of a row lie far apart. Softmax then saturates: one key gets nearly all
#    of the weight, and the others get nearly nothing. Small changes of the scores no longer change the
#    weights, so the gradient is nearly 0, and $W_q$ and $W_k$ hardly learn.
# 3. Dividing by $\sqrt{d_k}$ divides the variance by $d_k$. It becomes 1 for every $d_k$, and so does the
#    spread. Dividing by $d_k$ would leave a spread of $1/\sqrt{d_k}$: all scores close to 0, all weights
#    nearly equal, and attention that hardly chooses.
#
# ### BEGIN MARK SCHEME
# *Marking guide, 5 points.*
# - 2 points for the spread: the variance (or standard deviation) grows with $d_k$ (1), because a sum of $d_k$
#   independent terms has the variance $d_k$ (1). "The numbers get bigger" alone earns nothing here.
# - 2 points for the effect: softmax saturates, one weight close to 1 (1); the gradient vanishes and training
#   stops (1). "It overflows" is another problem, which notebook 3 solves in another way: no point.
# - 1 point for the root: it brings the spread to 1, while $d_k$ would shrink the scores too much. Either half
#   will do.
# ### END MARK SCHEME
# ### END SOLUTION

# %% [markdown]
# ## If you want more · With pencil and paper
#
# About 10 min · difficulty ●○○ · no points
#
# What you have built fits on half a sheet of paper. Put the computer aside, and begin where notebook 1 began:
#
# $$a_1 = (1, 1) \qquad a_2 = (1, 0) \qquad W_q = \begin{bmatrix} 1 & 1 \\ 0 & 1 \end{bmatrix} \qquad
# W_k = \begin{bmatrix} 0 & 1 \\ 1 & -1 \end{bmatrix}$$
#
# 1. Compute $q_1$, $q_2$, $k_1$ and $k_2$.
# 2. Take the four dot products, and divide each by $\sqrt 2$. Do you find 0.71 and 1.41?
# 3. A third token comes along, $a_3 = (0, 1)$. Complete the matrix of scores. Whom does its query match best?
#    And does it match itself?
#
# <details><summary>A solution</summary>
#
# **1.** Each token times the columns of the weights:
#
# $$q_1 = (1 \cdot 1 + 1 \cdot 0,\; 1 \cdot 1 + 1 \cdot 1) = (1, 2) \qquad
# k_1 = (1 \cdot 0 + 1 \cdot 1,\; 1 \cdot 1 - 1 \cdot 1) = (1, 0)$$
#
# $$q_2 = (1 \cdot 1 + 0 \cdot 0,\; 1 \cdot 1 + 0 \cdot 1) = (1, 1) \qquad
# k_2 = (1 \cdot 0 + 0 \cdot 1,\; 1 \cdot 1 - 0 \cdot 1) = (0, 1)$$
#
# **2.** The dot products are $q_1 \cdot k_1 = 1$ and $q_1 \cdot k_2 = 2$, $q_2 \cdot k_1 = 1$ and
# $q_2 \cdot k_2 = 1$. Divided by $\sqrt 2$, 1 becomes 0.71 and 2 becomes 1.41.
#
# **3.** The third token has the query $q_3 = (0, 1)$ and the key $k_3 = (1, -1)$: they are the second rows of
# $W_q$ and $W_k$. Row 3 and column 3 are new:
#
# $$\frac{1}{\sqrt 2} \begin{bmatrix} 1 & 2 & -1 \\ 1 & 1 & 0 \\ 0 & 1 & -1 \end{bmatrix}
# = \begin{bmatrix} 0.71 & 1.41 & -0.71 \\ 0.71 & 0.71 & 0 \\ 0 & 0.71 & -0.71 \end{bmatrix}$$
#
# Token 3 matches token 2 best, and itself worst of all. That is no mistake: what a token looks for and what
# it can be found by are made by different weights.
#
# </details>

# %% [markdown]
# ## What comes next
#
# You have scores, at a size that does not depend on $d_k$. They may be negative, and a row may sum to
# anything. In **notebook 3**, softmax turns every row into weights: positive, with the sum 1. There you will
# also *see* the gradient vanish.

# %% [markdown]
# ## Before you hand in
#
# 1. Restart the kernel and run all cells (*Kernel → Restart Kernel and Run All Cells…*). A running notebook
#    still remembers what you have changed or deleted since; after a restart, only what stands here counts.
# 2. Save, and run `autograder check` in the terminal, as your README says: it reads your file as grading does.
# 3. Hand in this file, under its own name.
