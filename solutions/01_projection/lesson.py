# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 01 · From embedding to query, key and value
#
# *Attention in NumPy, step by step. Notebook 1 of 10.*
#
# Read this sentence: **"The cat drank the milk because it was thirsty."** Who was thirsty? To understand
# *it*, you looked back at *cat*. Attention gives a network the same skill: every token may look at every
# other token, and take from it what it needs.
#
# A **token** is one piece of the input: a word, a part of a word, or (in notebook 7) a small square of an
# image. It arrives as an **embedding**, a row of numbers. From this one row, attention makes three:
#
# | row | its question | in a library |
# |---|---|---|
# | **query** $q$ | What am I looking for? | the question that you bring |
# | **key** $k$ | How can others find me? | the title on the back of each book |
# | **value** $v$ | What do I hand over when I am found? | the text inside the book |
#
# A query is compared with every key. The better the match, the more of that key's value is taken. That is all
# of attention, and it fits into one formula (Vaswani et al., 2017, equation 1):
#
# $$\text{Attention}(Q, K, V) = \text{softmax}\left(\frac{Q K^\top}{\sqrt{d_k}}\right) V$$
#
# You will build it from the inside out:
#
# | notebook | you build |
# |---|---|
# | **01 (you are here)** | $Q$, $K$ and $V$ |
# | 02 | the scores $QK^\top$, and why they are divided by $\sqrt{d_k}$ |
# | 03 | softmax: from scores to weights |
# | 04 | the whole formula, and masks |
# | 05 | self-attention and cross-attention: one sequence, or two |
# | 06 | several attentions side by side: multi-head attention |
# | 07 | from an image to tokens |
# | 08 | the encoder block: attention, layer norm and a small network |
# | 09 | a Vision Transformer that reads handwritten digits, with the code that you wrote |
# | 10 | the training in which $W_q$, $W_k$ and $W_v$ are learned |
#
# **Where do the three come from?** In *self*-attention all three come from one sequence. In a translator, the
# queries may come from one sequence (the new sentence) and the keys and values from another (the original):
# that is *cross*-attention. Both project in the same way, so today's functions serve both.
#
# **Why is attention so strong?** One step connects any two tokens, however far apart they stand. The price:
# nothing tells the network which tokens belong together. It must learn that, and so it needs a lot of data.

# %% [markdown]
# ## How these notebooks work
#
# 1. Write your code where the cell says so, and run the cell.
# 2. Run the `check` cell below it. It tells you at once what is right and what is not yet.
# 3. Stuck? Open the hints, from a small nudge to nearly there. Hints cost nothing.
# 4. Cells with `with demo_of(…)` show what your function computes, and they say so where it is not right yet.
#    **They are yours to play with**: change a number in them and run them again. Nothing of them is graded.
# 5. Once in each notebook we ask what you expect, before you run a cell. Make a guess first, and write it
#    down: a surprise teaches more than a picture. What happens, and why, is folded below the question.
# 6. At the end there is an exercise for those who want more. It is without points, and has a folded solution.
#
# NumPy is all that you need. Keep the names of the functions and of their arguments, because the checks call
# them.
#
# After you hand in, more checks run, with other numbers and other shapes. So do not aim at the example: write
# code that is right for every shape in the docstring.

# %%
import matplotlib.pyplot as plt
import numpy as np

from autograder import check
from autograder.plots import demo_of, heatmap

# %% [markdown]
# ## By numbers
#
# Two tokens, and the weights that make queries. (In a real network, training finds the weights:
# that is notebook 10.)
#
# $$a_1 = (1, 1) \qquad a_2 = (1, 0) \qquad W_q = \begin{bmatrix} 1 & 1 \\ 0 & 1 \end{bmatrix}$$
#
# Each entry of a query is the token times one *column* of $W_q$, summed:
#
# $$q_1 = a_1 W_q = (1 \cdot 1 + 1 \cdot 0,\; 1 \cdot 1 + 1 \cdot 1) = (1, 2)$$
#
# $$q_2 = a_2 W_q = (1 \cdot 1 + 0 \cdot 0,\; 1 \cdot 1 + 0 \cdot 1) = (1, 1)$$
#
# Now put the tokens below each other, as the rows of one matrix $X$. One product gives both queries:
#
# $$X W_q = \begin{bmatrix} 1 & 1 \\ 1 & 0 \end{bmatrix} \begin{bmatrix} 1 & 1 \\ 0 & 1 \end{bmatrix}
# = \begin{bmatrix} 1 & 2 \\ 1 & 1 \end{bmatrix}$$
#
# In this course **tokens are rows**, always. Many books write tokens as columns, and then the weights stand
# on the other side. Keep an eye on this when you read other texts.

# %%
X = np.array([[1.0, 1.0], [1.0, 0.0]])  # (2, 2): the tokens a1 and a2, one per row
W_q = np.array([[1.0, 1.0], [0.0, 1.0]])  # (2, 2): makes queries
W_k = np.array([[0.0, 1.0], [1.0, -1.0]])  # (2, 2): makes keys
W_v = np.array([[2.0, 0.0], [0.0, 1.0]])  # (2, 2): makes values

# %% [markdown]
# ## By shapes
#
# Real tokens are longer. The rule stays: **the inner sizes must be equal, and they disappear; the outer sizes
# stay.**
#
# | tokens | | weights | | result |
# |---|---|---|---|---|
# | 1×4 | · | 4×3 | → | 1×3, one query |
# | n×4 | · | 4×3 | → | n×3, a query for each of n tokens |
# | batch×n×4 | · | 4×3 | → | batch×n×3, many sequences at once |
#
# We write all three as `(..., d_in) · (d_in, d_out) → (..., d_out)`. The dots stand for any number of leading
# axes, also none: one token may be a plain vector `(d_in,)`.

# %% [markdown]
# ## Question 1 · `project`
#
# About 5 min · difficulty ●○○
#
# Project every token with the same weights. One short expression can serve a single token, a sequence, and a
# batch of sequences alike.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# Each entry of the result is a sum of products: $\sum_i x_i W_{ij}$. Which NumPy operator multiplies *and*
# sums?
#
# </details>
# <details><summary>Hint 2 · closer</summary>
#
# `*` multiplies entry by entry and sums nothing. You want the operator for matrix products. Look at the
# shapes to find out which of `X` and `W` must stand on the left, so that `d_in` meets `d_in`.
#
# </details>
# <details><summary>Hint 3 · nearly there</summary>
#
# `@` sums over the last axis of its left side and the last but one axis of its right side. All other axes of
# the left side stay as they are. So you need no loop, no reshape and no `if`.
#
# </details>


# %% project
def project(X, W):
    """Project every token with the same weights.

    X: (..., d_in), tokens as rows: one token, a sequence of them, or batches of sequences
    W: (d_in, d_out)
    Returns (..., d_out): the same leading axes as X.

    Source: Vaswani et al. (2017), "Attention Is All You Need", section 3.2.2.
    """
    ### BEGIN SOLUTION
    return X @ W  # (..., d_in) · (d_in, d_out) → (..., d_out)
    ### END SOLUTION


# %%
with demo_of(project):
    Q = project(X, W_q)
    figure, axes = plt.subplots(1, 3, figsize=(7, 2.6), layout="constrained")
    heatmap(axes[0], X, "$X$: one token per row", "Greys")
    heatmap(axes[1], W_q, "$W_q$: weights", "Greys")
    heatmap(axes[2], Q, "$X W_q = Q$: one query per row", "Blues")
    plt.show()

# %% [markdown]
# Each row of $Q$ comes from one row of $X$ and from no other: so far, the tokens have not looked at each
# other. That begins in notebook 2.

# %% [markdown]
# ## Question 2 · `project_qkv`
#
# About 5 min · difficulty ●○○
#
# Make all three: queries, keys and values. Every one has its own weights.
#
# Queries and keys will be compared, so they have the same width $d_k$. Values are only handed over, so their
# width $d_v$ is free: it may be smaller or larger.
#
# By numbers, with $X$ and the weights from above: the queries are $(1,2)$ and $(1,1)$, the keys $(1,0)$ and
# $(0,1)$, the values $(2,1)$ and $(2,0)$.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# You have just written the function that does one of the three.
#
# </details>
# <details><summary>Hint 2 · nearly there</summary>
#
# A Python function can return several things: `return a, b, c`. Do not put them into one array, because their
# widths may differ. Then read your lines once more: is there a different `W` in each of them, and the same
# `X` in all?
#
# </details>


# %% project_qkv
def project_qkv(X, W_q, W_k, W_v):
    """Make the queries, keys and values of a sequence.

    X: (..., n, d_in), tokens as rows
    W_q, W_k: (d_in, d_k)
    W_v: (d_in, d_v); d_v may differ from d_k
    Returns Q (..., n, d_k), K (..., n, d_k), V (..., n, d_v), in this order.

    Source: Vaswani et al. (2017), "Attention Is All You Need", section 3.2.2.
    """
    ### BEGIN SOLUTION
    Q = project(X, W_q)  # (..., n, d_in) · (d_in, d_k) → (..., n, d_k)
    K = project(X, W_k)  # (..., n, d_in) · (d_in, d_k) → (..., n, d_k)
    V = project(X, W_v)  # (..., n, d_in) · (d_in, d_v) → (..., n, d_v)
    return Q, K, V
    ### END SOLUTION


# %% [markdown]
# Now for a sentence. Five tokens of width 4 become queries and keys of width 3 and values of width 2. The
# numbers are random, as in a network before its training. From here on **queries are blue, keys orange,
# values green**.
#
# **Before you run it: what do you expect?** The word *the* stands there twice, once before *cat* and once
# before *milk*. In which of the matrices $X$, $Q$, $K$ and $V$ will its two rows differ?
#
# <details><summary>What happens, and why</summary>
#
# In none of them. Both times, *the* has the query $(2.69, 0.47, -0.84)$, the key $(1.52, -0.23, 2.10)$ and
# the value $(-0.56, -0.32)$. A row of $Q$ is made from one row of $X$ and from nothing else, and in $X$ the
# two rows are equal. The neighbours have no say in it.
#
# </details>

# %%
words = ["the", "cat", "drank", "the", "milk"]
random = np.random.default_rng(seed=1)
word_embeddings = random.normal(size=(4, 4))  # (4, 4): one row for each of "the", "cat", "drank", "milk"
sentence = word_embeddings[[0, 1, 2, 0, 3]]  # (5, 4): "the" stands there twice
query_weights, key_weights = random.normal(size=(2, 4, 3))  # (4, 3) each
value_weights = random.normal(size=(4, 2))  # (4, 2)

with demo_of(project_qkv):
    Q, K, V = project_qkv(sentence, query_weights, key_weights, value_weights)
    figure, axes = plt.subplots(1, 4, figsize=(9, 3.4), width_ratios=[4, 3, 3, 2], layout="constrained")
    heatmap(axes[0], sentence, "$X$ (5×4)", "Greys", rows=words)
    heatmap(axes[1], Q, "$Q$ (5×3)", "Blues")
    heatmap(axes[2], K, "$K$ (5×3)", "Oranges")
    heatmap(axes[3], V, "$V$ (5×2)", "Greens")
    plt.show()

# %% [markdown]
# A projection does not know *where* a token stands. Notebook 7 will add positions for that reason. (What if
# you shuffle the sentence? Change the five numbers in `word_embeddings[[0, 1, 2, 0, 3]]`, and the words with
# them, and run the cell again.)

# %% [markdown]
# ## Question 3 · `project_qkv_fused`
#
# About 10 min · difficulty ●●○
#
# Real code often makes one large product instead of three small ones, because hardware likes large products.
# When all three widths are equal to $d$, put the weights side by side,
#
# $$W_{qkv} = [\,W_q \mid W_k \mid W_v\,], \quad \text{a matrix of } d_{in} \times 3d,$$
#
# multiply once, and cut the result into three. By numbers:
#
# $$X \, W_{qkv} = \begin{bmatrix} 1 & 1 \\ 1 & 0 \end{bmatrix}
# \left[\begin{array}{cc|cc|cc} 1 & 1 & 0 & 1 & 2 & 0 \\ 0 & 1 & 1 & -1 & 0 & 1 \end{array}\right]
# = \left[\begin{array}{cc|cc|cc} 1 & 2 & 1 & 0 & 2 & 1 \\ 1 & 1 & 0 & 1 & 2 & 0 \end{array}\right]$$
#
# The blocks are the same $Q$, $K$ and $V$ as before. Each of them lies in $d$ columns that stand next to each
# other.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# Two steps: multiply, then cut. After the product, which axis has the length 3·d? That is the axis to cut.
#
# </details>
# <details><summary>Hint 2 · closer</summary>
#
# You can slice (how many columns belong to $Q$, and where does $K$ begin?), or look up `np.split`. Think of
# batches: count the axis from the *end*, and leave the leading axes alone.
#
# </details>
# <details><summary>Hint 3 · nearly there</summary>
#
# `np.split(array, 3, axis=...)` returns three equal parts. It cuts axis 0 if you do not tell it otherwise. A
# `reshape` puts numbers into other places than you may expect, so test it with the example above.
#
# </details>


# %% project_qkv_fused
def project_qkv_fused(X, W_qkv):
    """Make the queries, keys and values of a sequence with one product.

    X: (..., n, d_in), tokens as rows
    W_qkv: (d_in, 3·d), the columns of W_q, then those of W_k, then those of W_v
    Returns Q, K, V, each (..., n, d), in this order.

    Source: Dosovitskiy et al. (2021), "An Image is Worth 16x16 Words", appendix A, equation 5.
    """
    ### BEGIN SOLUTION
    QKV = project(X, W_qkv)  # (..., n, d_in) · (d_in, 3·d) → (..., n, 3·d)
    Q, K, V = np.split(QKV, 3, axis=-1)  # (..., n, 3·d) → three blocks of columns, (..., n, d) each
    return Q, K, V
    ### END SOLUTION


# %%
W_qkv = np.array([[1.0, 1.0, 0.0, 1.0, 2.0, 0.0], [0.0, 1.0, 1.0, -1.0, 0.0, 1.0]])  # (2, 6)

with demo_of(project, project_qkv_fused):
    QKV = project(X, W_qkv)
    Q, K, V = project_qkv_fused(X, W_qkv)
    figure = plt.figure(figsize=(7, 3.6), layout="constrained")
    axes = figure.subplot_mosaic([["QKV", "QKV", "QKV"], ["Q", "K", "V"]])
    heatmap(axes["QKV"], QKV, "one product, $X W_{qkv}$ …", "Greys")
    heatmap(axes["Q"], Q, "… holds $Q$,", "Blues")
    heatmap(axes["K"], K, "$K$", "Oranges")
    heatmap(axes["V"], V, "and $V$", "Greens")
    plt.show()

# %% [markdown]
# ## If you want more · A matrix that turns, and one that forgets
#
# About 10 min · difficulty ●●○ · no points
#
# What can a projection do to a token? Tokens of width 2 can be drawn as points, so let us watch. The letter F
# in the next cell has ten tokens: its corners. Find three matrices $W$, 2×2 each:
#
# 1. one that **turns** the letter to the left by a quarter turn: $(1, 0)$ becomes $(0, 1)$, and $(0, 1)$
#    becomes $(-1, 0)$;
# 2. one that **swaps** the two numbers of every token;
# 3. one that **forgets**: it makes one and the same row of $a_1 = (1, 1)$ and $a_2 = (1, 0)$.
#
# Draw what your `project` makes of the letter. Which of the three could a second projection undo?
#
# <details><summary>A solution</summary>
#
# A token $(x, y)$ becomes $x$ times the first row of $W$ plus $y$ times the second. So the rows of $W$ say
# where $(1, 0)$ and $(0, 1)$ go, and you can write the first two matrices down at once. The third: $a_1$ and
# $a_2$ differ by $(0, 1)$. To make them equal, that difference must go to $(0, 0)$, so the second row is
# zero. The first row is free.
#
# ```python
# matrices = {
#     "as it is": np.array([[1.0, 0.0], [0.0, 1.0]]),
#     "turned": np.array([[0.0, 1.0], [-1.0, 0.0]]),
#     "swapped": np.array([[0.0, 1.0], [1.0, 0.0]]),
#     "forgotten": np.array([[1.0, 0.0], [0.0, 0.0]]),
# }
#
# with demo_of(project):
#     figure, axes = plt.subplots(1, 4, figsize=(9, 2.8), layout="constrained")
#     for ax, (title, W) in zip(axes, matrices.items(), strict=True):
#         ax.plot(*project(letter, W).T, "o-", color="tab:blue")
#         ax.set(title=title, xlim=(-6, 6), ylim=(-6, 6), aspect="equal")
#     plt.show()
# ```
#
# The F that was swapped is a mirror image, and no turn makes it right again. Swap once more, and it is. Three
# more quarter turns bring the turned one back. But nothing brings back what was forgotten: of the whole
# letter a line is left, and many corners lie on the same point. That can be of use. $W_k$ may keep what a
# token is to be found by, and forget the rest.
#
# </details>

# %%
letter = np.array(  # (11, 2): ten corners, and the first once more
    [[0, 0], [0, 5], [3, 5], [3, 4], [1, 4], [1, 3], [2, 3], [2, 2], [1, 2], [1, 0], [0, 0]], dtype=float
)

# %%
# Here is room to try it.

# %% [markdown]
# ## What comes next
#
# Every token now has a query, a key and a value. In **notebook 2** the queries meet the keys: you will
# measure how well each pair matches, and find out why the formula divides by $\sqrt{d_k}$.

# %% [markdown]
# ## Before you hand in
#
# 1. Restart the kernel and run all cells (*Kernel → Restart Kernel and Run All Cells…*). A running notebook
#    still remembers what you have changed or deleted since; after a restart, only what stands here counts.
# 2. Save, and run `autograder check` in the terminal, as your README says: it reads your file as grading does.
# 3. Hand in this file, under its own name.
