# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 04 · The whole formula: from weights to attention
#
# *Attention in NumPy, step by step. Notebook 4 of 10.*
#
# Every query now has its weights: positive numbers, one for each key, with the sum 1. One step is left. The
# weights say *how much to take from whom*; the values are *what there is to take*.
#
# $$\text{Attention}(Q, K, V) =
# \underbrace{\text{softmax}\left(\frac{Q K^\top}{\sqrt{d_k}}\right) V}_{\text{this notebook}}$$
#
# First you build this last step. Then you put all steps together, with your own functions from notebooks 1 to
# 3, and your first attention runs. After that you use it on a sentence, as real models do: first every word
# may look at all others, and then none may look into its future.

# %%
import matplotlib.pyplot as plt
import numpy as np

from autograder import check, previous
from autograder.plots import demo_of, heatmap, token_map

# %% [markdown]
# **Your own earlier functions.** The next cell brings them here from your notebooks 1 to 3, as they are saved
# there. If you change one of them later, save that notebook and run this cell again. Use them in your
# answers, or write the formulas out with NumPy, as you like.

# %%
project_qkv = previous("project_qkv")
attention_scores = previous("attention_scores")
scale_scores = previous("scale_scores")
softmax = previous("softmax")

# %% [markdown]
# ## By numbers
#
# Here are the weights $A$ of notebook 3 and the values $V$ of notebook 1:
#
# $$A = \begin{bmatrix} 0.33 & 0.67 \\ 0.50 & 0.50 \end{bmatrix} \qquad\quad
# v_1 = (2, 1) \qquad v_2 = (2, 0)$$
#
# The first query takes 0.33 of the first value and 0.67 of the second, and adds the two up. The second query
# takes half of each:
#
# $$0.33 \cdot (2, 1) + 0.67 \cdot (2, 0) = (2.00,\; 0.33)$$
#
# $$0.50 \cdot (2, 1) + 0.50 \cdot (2, 0) = (2.00,\; 0.50)$$
#
# Both values begin with a 2, so both mixtures do, too. In the second place the values differ, and there you
# see how much came from the first.
#
# ## By shapes
#
# | weights | values | output |
# |---|---|---|
# | $n_q \times n_k$ | $n_k \times d_v$ | $n_q \times d_v$ |
# | 3×5 | 5×7 | 3×7: one mixture for each of three queries |
# | batch×3×5 | batch×5×7 | batch×3×7 |
#
# There is one value for each key, and one output for each query.

# %%
A = np.array([[0.33, 0.67], [0.50, 0.50]])  # (2, 2): a row for each query, a column for each key
V = np.array([[2.0, 1.0], [2.0, 0.0]])  # (2, 2): v1 and v2, one per row

# %% [markdown]
# ## Question 1 · `weighted_sum`
#
# About 5 min · difficulty ●○○
#
# Mix the values, for every query with its own weights.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# Write one number of the output as a sum: $\sum_j A_{ij} V_{jc}$. You have seen this kind of sum in notebook
# 1.
#
# </details>
# <details><summary>Hint 2 · nearly there</summary>
#
# It is a matrix product. Write the two shapes next to each other. The inner sizes should both be $n_k$, the
# number of keys. Does anything have to be transposed?
#
# </details>


# %% weighted_sum
def weighted_sum(A, V):
    """Mix the values of all keys, for each query with its own weights.

    A: (..., n_q, n_k), weights: row i holds those of query i, with the sum 1, or 0 everywhere: then its mixture is 0
    V: (..., n_k, d_v), values as rows, with the same leading axes as A
    Returns (..., n_q, d_v): row i is the mixture for query i.

    Source: Vaswani et al. (2017), "Attention Is All You Need", equation 1.
    """
    ### BEGIN SOLUTION
    return A @ V  # (..., n_q, n_k) · (..., n_k, d_v) → (..., n_q, d_v)
    ### END SOLUTION


# %%
with demo_of(weighted_sum):
    output = weighted_sum(A, V)
    figure, axes = plt.subplots(1, 3, figsize=(7, 2.8), layout="constrained")
    heatmap(axes[0], A, "$A$: weights", rows=["$q_1$", "$q_2$"], columns=["$k_1$", "$k_2$"])
    heatmap(axes[1], V, "$V$: one value per row", "Greens")
    heatmap(axes[2], output, "$A V$: one mixture per row", "Greens")
    plt.show()

# %% [markdown]
# What can such a mixture be? Below, three values are three points. Weights are positive and sum to 1, so
# every mixture lies *between* the values: on a corner when one weight is 1, in the very middle when all
# weights are equal, and nowhere outside.

# %%
corners = np.array([[0.0, 0.0], [4.0, 0.0], [2.0, 3.0]])  # (3, 2): three values
recipes = np.array([[1.0, 0.0, 0.0], [0.0, 0.5, 0.5], [0.1, 0.7, 0.2], [1 / 3, 1 / 3, 1 / 3]])  # (4, 3)

with demo_of(weighted_sum):
    mixtures = weighted_sum(recipes, corners)
    figure, ax = plt.subplots(figsize=(5.6, 4), layout="constrained")
    ax.fill(*corners.T, color="honeydew", edgecolor="tab:green")
    ax.scatter(*corners.T, s=160, color="tab:green", label="values")
    ax.scatter(*mixtures.T, s=70, color="rebeccapurple", label="mixtures", zorder=3)
    for (x, y), recipe in zip(mixtures, recipes, strict=True):
        text = ", ".join(f"{weight:.2g}" for weight in recipe)
        ax.text(x, y + 0.2, text, ha="center", bbox={"facecolor": "white", "linewidth": 0, "pad": 1})
    for (x, y), name in zip(corners, ["$v_1$", "$v_2$", "$v_3$"], strict=True):
        ax.text(x, y - 0.4, name, ha="center")
    ax.set(xlim=(-0.8, 4.8), ylim=(-0.7, 3.6), aspect="equal", title="mixtures, each with its three weights")
    ax.axis("off")
    ax.legend(loc="upper left")
    plt.show()

# %% [markdown]
# ## Putting it all together
#
# You have built all four steps of the formula. In a row, they are **scaled dot-product attention**:
#
# | step | your function | shape |
# |---|---|---|
# | 1. compare | `attention_scores` | $n_q \times n_k$ |
# | 2. scale by $\sqrt{d_k}$ | `scale_scores` | $n_q \times n_k$ |
# | 3. share out | `softmax` | $n_q \times n_k$ |
# | 4. mix | `weighted_sum` | $n_q \times d_v$ |
#
# One thing is new. Sometimes a query *must not* see a key. A **mask** says so: a matrix of True and False, as
# large as the scores. In this course **True means: may attend.** (Some libraries mean the opposite. Look it
# up before you use them.)
#
# Where in the four steps does the mask belong? Notebook 3 has shown it: a score of $-\infty$ gets the weight
# 0, and the other weights share out the whole 1 among themselves. So the mask works on the scores, *before*
# the softmax. By numbers, when the first query may not see the second key:
#
# $$\text{mask} = \begin{bmatrix} \text{True} & \text{False} \\ \text{True} & \text{True} \end{bmatrix}
# \;\Rightarrow\; \begin{bmatrix} 0.71 & -\infty \\ 0.71 & 0.71 \end{bmatrix}
# \;\Rightarrow\; A = \begin{bmatrix} 1 & 0 \\ 0.5 & 0.5 \end{bmatrix}
# \;\Rightarrow\; A V = \begin{bmatrix} 2 & 1 \\ 2 & 0.5 \end{bmatrix}$$
#
# ## Question 2 · `scaled_dot_product_attention`
#
# About 25 min · difficulty ●●●
#
# Build the whole formula, with an optional mask. Return the output *and* the weights, because the weights
# tell what the attention has looked at.
#
# The docstring names one special case, a query that may attend to nothing. Leave it to the end: Hint 3 is
# about it, and [A query that sees nothing](#A-query-that-sees-nothing), further down, shows what it is for.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# Leave the mask aside at first. Then it is four lines, one for each row of the table. Which array knows
# $d_k$? Test it with the example: the weights must be 0.33 and 0.67 in the first row.
#
# </details>
# <details><summary>Hint 2 · closer</summary>
#
# Now the mask. `np.where(mask, S, -np.inf)` keeps the scores where the mask is True. It makes a new array and
# works with any number of leading axes. Do it only when there is a mask: `if mask is not None:`.
#
# </details>
# <details><summary>Hint 3 · nearly there</summary>
#
# Now the query that may attend to nothing. `mask.any(axis=-1, keepdims=True)` tells for each query whether it
# may see anything at all. A row that may not can keep its scores, so that softmax returns numbers and no
# `nan`. After the softmax, set the weights to 0 where the mask is False.
#
# </details>


# %% scaled_dot_product_attention
def scaled_dot_product_attention(Q, K, V, mask=None):
    """Compare, scale, share out, mix: the whole formula.

    Q: (..., n_q, d_k), queries as rows
    K: (..., n_k, d_k), keys as rows
    V: (..., n_k, d_v), values as rows; d_v may differ from d_k
    mask: None, or (..., n_q, n_k) of bool: True where a query may attend to a key; also (n_q, n_k), one mask for
       a whole batch. A query that may attend to nothing gets the weights 0 and the output 0.
    All others have the same leading axes.
    Returns the output (..., n_q, d_v) and the weights (..., n_q, n_k), in this order.

    Source: Vaswani et al. (2017), "Attention Is All You Need", equation 1; the mask: section 3.2.3.
    """
    ### BEGIN SOLUTION
    S = scale_scores(attention_scores(Q, K), Q.shape[-1])  # (..., n_q, n_k)
    if mask is None:
        A = softmax(S)  # (..., n_q, n_k)
    else:
        sees_nothing = ~mask.any(axis=-1, keepdims=True)  # (..., n_q, 1)
        S = np.where(mask | sees_nothing, S, -np.inf)  # (..., n_q, n_k), no row of nothing but -inf
        A = np.where(mask, softmax(S), 0.0)  # (..., n_q, n_k)
    return weighted_sum(A, V), A  # (..., n_q, d_v), (..., n_q, n_k)
    ### END SOLUTION


# %%
Q = np.array([[1.0, 2.0], [1.0, 1.0]])  # (2, 2): q1 and q2
K = np.array([[1.0, 0.0], [0.0, 1.0]])  # (2, 2): k1 and k2
example_mask = np.array([[True, False], [True, True]])  # (2, 2): q1 may not see k2

with demo_of(scaled_dot_product_attention):
    cases = {
        "without a mask": scaled_dot_product_attention(Q, K, V),
        "with the mask": scaled_dot_product_attention(Q, K, V, example_mask),
    }
    figure, axes = plt.subplots(1, 4, figsize=(9, 2.6), layout="constrained")
    for (left, right), (label, (output, weights)) in zip(axes.reshape(2, 2), cases.items(), strict=True):
        heatmap(left, weights, f"weights\n{label}", limits=(0, 2))  # the same colours in both
        heatmap(right, output, f"output\n{label}", "Greens")
    plt.show()

# %% [markdown]
# ## Who is "it"?
#
# Back to the sentence with which notebook 1 began. In the next cell, every word has five numbers, one for
# each of five features. We chose the weights by hand, to make them easy to read; a real network finds its own
# in training, as yours will in notebook 10. With these weights,
#
# - a **key** tells what a word *is*: an animal, or something to drink;
# - a **query** tells what a word *looks for*: *it* and *thirsty* look for an animal, *drank* looks for both.
#
# The other words look for nothing: their query is $(0, 0)$.
#
# **Before you run it: what do you expect?** *because* looks for nothing. Which weights will stand in its row?
#
# <details><summary>What happens, and why</summary>
#
# Not 0: each of the nine words gets $1/9 = 0.11$, which the picture rounds to 0.1. A query of zeros has the
# score 0 with every key. Where all scores are equal, so are the weights, and they sum to 1 as always. So who
# looks for nothing in particular takes a little from everybody: the output is the plain mean of all values.
#
# </details>

# %%
words = ["the", "cat", "drank", "the", "milk", "because", "it", "was", "thirsty"]
features = ["animal", "drink", "action", "pronoun", "state"]
sentence = np.zeros((9, 5))  # (9, 5): one row for each word, one column for each feature
for word, feature in [("cat", 0), ("milk", 1), ("drank", 2), ("it", 3), ("thirsty", 4)]:
    sentence[words.index(word), feature] = 1

looks_for = np.array([[0.0, 0.0], [0.0, 0.0], [6.0, 6.0], [6.0, 0.0], [6.0, 0.0]])  # (5, 2): makes queries
is_a = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0], [0.0, 0.0], [0.0, 0.0]])  # (5, 2): makes keys
hands_over = np.eye(5)  # (5, 5): makes values; each word hands over its features as they are

with demo_of(project_qkv, scaled_dot_product_attention):
    _, weights = scaled_dot_product_attention(*project_qkv(sentence, looks_for, is_a, hands_over))
    figure, ax = plt.subplots(figsize=(5.6, 5), layout="constrained")
    token_map(ax, weights, words, words, "Who looks at whom?")
    plt.show()

# %% [markdown]
# *it* looks at *cat*, five words to the left, in a single step. *drank* looks at *cat* and *milk*:
# who drinks, and what. Who looks for nothing looks everywhere a little.
#
# What if *milk* asked who drinks it? Change `looks_for` in the cell above, and run it again: its second row
# belongs to drinks, and `[6.0, 0.0]` looks for an animal. And what if all the 6s were 1s?
#
# ## Do not look ahead
#
# A language model writes one word after the other. When it writes *drank*, the words behind it do not exist
# yet. But in training, the whole sentence lies on the table, because that is so much faster. To make training
# fair, each token may see only **itself and what stands before it**. That is the causal mask. For three
# tokens:
#
# $$\begin{bmatrix} \text{True} & \text{False} & \text{False} \\ \text{True} & \text{True} & \text{False} \\
# \text{True} & \text{True} & \text{True} \end{bmatrix}$$
#
# ## Question 3 · `causal_mask`
#
# About 10 min · difficulty ●●○
#
# Make the causal mask for $n$ tokens.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# Row $i$ belongs to the query of token $i$, column $j$ to the key of token $j$. Write the condition with $i$
# and $j$ on paper. May a token see itself?
#
# </details>
# <details><summary>Hint 2 · closer</summary>
#
# Two ways lead there. Compare the numbers of the rows with the numbers of the columns: `np.arange(n)` as a
# column, and once more as a row. Or take a matrix that is True everywhere and keep only one triangle of it.
#
# </details>
# <details><summary>Hint 3 · nearly there</summary>
#
# Look up `np.tril`, which keeps the *lower* triangle. `np.ones` makes floats if you do not tell it otherwise:
# `dtype=bool`.
#
# </details>


# %% causal_mask
def causal_mask(n):
    """Make the mask with which no token sees the tokens behind it.

    n: the number of tokens
    Returns (n, n) of bool: row i is True in the columns j ≤ i, and False elsewhere.

    Source: Vaswani et al. (2017), "Attention Is All You Need", section 3.2.3.
    """
    ### BEGIN SOLUTION
    token = np.arange(n)  # (n,)
    return token[None, :] <= token[:, None]  # (1, n) ≤ (n, 1) → (n, n): j ≤ i
    ### END SOLUTION


# %%
with demo_of(project_qkv, scaled_dot_product_attention, causal_mask):
    mask = causal_mask(9)
    _, weights = scaled_dot_product_attention(*project_qkv(sentence, looks_for, is_a, hands_over), mask)
    figure, axes = plt.subplots(1, 2, figsize=(10.5, 5), layout="constrained")
    token_map(axes[0], mask, words, words, "the mask: 1 is True")
    token_map(axes[1], weights, words, words, "the weights, with the mask")
    plt.show()

# %% [markdown]
# Compare with the picture above. *drank* cannot see *milk* any more, so *cat* gets nearly all of its weight.
# The first *the* sees only itself. *it* still finds *cat*, because *cat* stands before it.
#
# ## A query that sees nothing
#
# A mask can hide *everything* from a query. Is there a use for that? The sentences of a batch must be equally
# long, so the short ones are filled up with empty tokens (this is called **padding**), and a mask takes the
# empty tokens out of the game: they see nothing, and nobody sees them.
#
# What are the weights of such a query? They cannot sum to 1, since nobody is left to get a share. The formula
# does not know what to do either: it comes upon $-\infty - (-\infty)$, and that is `nan`. Everything that is
# computed with a `nan` becomes `nan`, too, and soon all is lost. A large negative number in the place of
# $-\infty$ is no way out: all scores of the row are equal then, and who must see nothing sees everything.
#
# So we agree: **a query that may attend to nothing has the weights 0 and the output 0.** That holds for all
# functions with a mask, from here to the end. In the next cell, the second of three queries may see neither
# key.

# %%
three_queries = np.array([[1.0, 2.0], [1.0, 1.0], [2.0, 1.0]])  # (3, 2)
nothing_for_q2 = np.array([[True, False], [False, False], [True, True]])  # (3, 2): a row for each query

with demo_of(attention_scores, scale_scores, scaled_dot_product_attention):
    scores = scale_scores(attention_scores(three_queries, K), 2)  # (3, 2)
    output, weights = scaled_dot_product_attention(three_queries, K, V, nothing_for_q2)
    figure, axes = plt.subplots(1, 4, figsize=(9, 3.4), layout="constrained")
    queries, keys = ["$q_1$", "$q_2$", "$q_3$"], ["$k_1$", "$k_2$"]
    heatmap(axes[0], scores, "scaled scores", rows=queries, columns=keys)
    heatmap(axes[1], nothing_for_q2, "the mask: 1 is True", "Greys", rows=queries, columns=keys)
    heatmap(axes[2], weights, "weights", rows=queries, columns=keys)
    heatmap(axes[3], output, "output", "Greens", rows=queries)
    plt.show()

# %% [markdown]
# Follow the second row from left to right. It has scores like any other, the mask is False everywhere, no
# weight is left, and the output is 0. The other rows do not notice. And mind the difference to *because*,
# further up: its query is $(0, 0)$, but it may see everything, and it gets the mean.

# %% [markdown]
# ## If you want more · A curve through the day
#
# About 15 min · difficulty ●●● · no points
#
# Attention is not only for words. Somebody has read a thermometer eight times in a day, at the hours $x_i$.
# How warm was it in between? Ask your attention: **a query is an hour at which we want to know, a key is an
# hour at which somebody looked, and its value is what was read there.**
#
# Near hours should match best. So a good score would be $-(x - x_i)^2$: it is 0 at the same hour, and the
# further away an hour, the more negative. But your scores are dot products. Find a $q$, made from $x$, and a
# $k$, made from $x_i$, two numbers each, so that $q \cdot k$ does the same. Then ask for 200 hours at once,
# and draw the curve. How does it change when all queries are multiplied by 2, by 0.2 or by 0.02?
#
# <details><summary>Hint</summary>
#
# Multiply the square out. It has three parts, and one of them is the same for all keys. What does softmax
# make of a number that is added to all scores of a row?
#
# </details>
# <details><summary>A solution</summary>
#
# $$-(x - x_i)^2 = 2 x x_i - x_i^2 - x^2$$
#
# For one query, $-x^2$ is the same with every key, and softmax does not see it. What is left is the dot
# product of $q = (x, 1)$ and $k = (2 x_i, -x_i^2)$.
#
# ```python
# asked_at = np.linspace(0, 24, 200)
# asking = np.column_stack([asked_at, np.ones(200)])  # (200, 2): q = (x, 1)
# known = np.column_stack([2 * read_at, -(read_at**2)])  # (8, 2): k = (2 x_i, -x_i²)
#
# with demo_of(scaled_dot_product_attention):
#     figure, ax = plt.subplots(figsize=(7, 3.6), layout="constrained")
#     for factor in [0.02, 0.2, 2.0]:
#         curve, _ = scaled_dot_product_attention(factor * asking, known, degrees)  # (200, 1)
#         ax.plot(asked_at, curve, label=f"queries times {factor}")
#     ax.plot(read_at, degrees, "o", color="black", label="read")
#     ax.set(xlabel="hour", ylabel="degrees", xticks=range(0, 25, 3))
#     ax.legend()
#     plt.show()
# ```
#
# With large queries, softmax is saturated: every hour takes over the nearest reading, and the curve is a
# staircase. With small ones, all readings count, and it comes close to their mean. In between it follows the
# day. It never leaves the readings, neither above nor below, for a mixture lies *between* its values.
# (Statisticians have drawn such curves since 1964: look up Nadaraya and Watson.)
#
# </details>

# %%
read_at = np.array([2.0, 5.0, 8.0, 11.0, 14.0, 17.0, 20.0, 23.0])  # (8,): the hours
degrees = np.array([[9.0], [8.0], [11.0], [16.0], [20.0], [19.0], [14.0], [11.0]])  # (8, 1): one value per row

# %%
# Here is room to try it.

# %% [markdown]
# ## What comes next
#
# The formula is complete, and it is yours. It takes queries, keys and values, and does not ask where they
# come from. In **notebook 5** that is up to you: a sentence reads itself, and a translator looks from one
# language into another.

# %% [markdown]
# ## Before you hand in
#
# 1. Restart the kernel and run all cells (*Kernel → Restart Kernel and Run All Cells…*). A running notebook
#    still remembers what you have changed or deleted since; after a restart, only what stands here counts.
# 2. Save, and run `autograder check` in the terminal, as your README says: it reads your file as grading does.
# 3. Hand in this file, under its own name.
