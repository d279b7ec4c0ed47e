# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 06 · Several views at once: multi-head attention
#
# *Attention in NumPy, step by step. Notebook 6 of 10.*
#
# In notebook 4, *drank* looked for two things at once: who drank, and what was drunk. It got one output, nearly
# half of *cat* and nearly half of *milk*, added up in one row. Had the two been animals, one that chases and
# one that is chased, the row could not tell who was who. One attention has one set of weights for each query,
# and so it has **one view** of the sentence.
#
# **Multi-head attention** runs several attentions side by side. Each of them is called a **head**. It has
# queries, keys and values of its own, and is free to find a dependency of its own: one head looks for who,
# another for what, and a third one for the word before. Afterwards the outputs of all heads are put next to
# each other, and one more projection mixes them (Vaswani et al., 2017, section 3.2.2):
#
# $$\text{head}_i = \text{Attention}(Q_i, K_i, V_i) \qquad\quad
# \text{MultiHead} = [\,\text{head}_1 \mid \dots \mid \text{head}_h\,] \, W_o$$
#
# The clever part: this costs no more than a single attention. The heads share the width among them. With
# width $d$ and $h$ heads, each head works on $d_{head} = d / h$ columns.
#
# You build three functions: one cuts the columns into heads, one puts them together again, and one does it
# all.

# %%
import matplotlib.pyplot as plt
import numpy as np

from autograder import check, previous
from autograder.plots import demo_of, heatmap, token_map

# %% [markdown]
# **Your own earlier functions.** The next cell brings them here from your notebooks 1 and 4, as they are
# saved there. If you change one of them later, save that notebook and run this cell again.

# %%
project = previous("project")
project_qkv_fused = previous("project_qkv_fused")
scaled_dot_product_attention = previous("scaled_dot_product_attention")

# %% [markdown]
# ## By numbers
#
# Three tokens of width 4, and two heads. The first head gets the left two columns, the second head the right
# two:
#
# $$X = \left[\begin{array}{cc|cc} 1 & 2 & 3 & 4 \\ 5 & 6 & 7 & 8 \\ 9 & 10 & 11 & 12 \end{array}\right]
# \qquad\quad
# \text{head}_1 = \begin{bmatrix} 1 & 2 \\ 5 & 6 \\ 9 & 10 \end{bmatrix} \qquad
# \text{head}_2 = \begin{bmatrix} 3 & 4 \\ 7 & 8 \\ 11 & 12 \end{bmatrix}$$
#
# Every head sees **every token**, but only **its own columns**.
#
# ## By shapes
#
# | tokens | heads | each head |
# |---|---|---|
# | $n \times d$ | $h$ | $n \times d/h$ |
# | 3×4 | 2 | 3×2, so all together 2×3×2 |
# | batch×5×6 | 3 | 5×2, so all together batch×3×5×2 |
#
# The heads become an axis of their own, **in front of** the tokens. Why there? Your attention of notebook 4
# works on the last two axes, tokens and columns, and leaves all axes in front of them alone. So it will treat
# heads like a batch, and run all of them at once, without a loop and without a change.

# %%
X = np.arange(1.0, 13.0).reshape(3, 4)  # (3, 4): three tokens of width 4

# %% [markdown]
# ## Question 1 · `split_heads`
#
# About 15 min · difficulty ●●○
#
# Cut the columns into heads. When the heads cannot share the columns equally, raise a `ValueError`.
#
# **Careful: a `reshape` alone gives the right shape and the wrong numbers.** It fills the new array row after
# row, in the order in which the numbers lie in memory. So `X.reshape(2, 3, 2)` puts 1, 2, 3, 4, 5, 6 into the
# first head, which is all of token 1 and one half of token 2. No error will tell you.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# Go in two steps. First cut each *row* into $h$ pieces: `(n, d)` becomes `(n, h, d_head)`, and here a reshape
# is safe, because the numbers stay in their order. What is left to do, to get `(h, n, d_head)`?
#
# </details>
# <details><summary>Hint 2 · closer</summary>
#
# Two axes must change places. You know `np.swapaxes` from notebook 2. Count the axes from the end, and any
# number of leading axes will do. For the reshape, `*leading, n, d = X.shape` puts the leading axes into a
# list, which may be empty.
#
# </details>
# <details><summary>Hint 3 · nearly there</summary>
#
# `X.reshape(*leading, n, num_heads, d // num_heads)`, and then swap the axes `-3` and `-2`. If $h$ does not
# divide $d$, NumPy raises a `ValueError` here by itself. If your way does not, use `raise ValueError("...")`
# and say in the message what does not fit.
#
# </details>


# %% split_heads
def split_heads(X, num_heads):
    """Cut the columns into heads: head i gets the i-th block of neighbouring columns, of all tokens.

    X: (..., n, d), tokens as rows
    num_heads: the number h of heads
    Returns (..., h, n, d/h). Raises ValueError when h does not divide d.

    Source: Vaswani et al. (2017), "Attention Is All You Need", section 3.2.2.
    """
    ### BEGIN SOLUTION
    *leading, n, d = X.shape
    if d % num_heads:
        raise ValueError(f"{num_heads} heads cannot share {d} columns equally")
    blocks = X.reshape(*leading, n, num_heads, d // num_heads)  # (..., n, h, d/h)
    return np.swapaxes(blocks, -3, -2)  # (..., h, n, d/h)
    ### END SOLUTION


# %%
with demo_of(split_heads):
    heads = split_heads(X, 2)
    figure, axes = plt.subplots(1, 3, figsize=(8, 2.8), width_ratios=[2, 1, 1], layout="constrained")
    heatmap(axes[0], X, "$X$: one token per row", "Greys")
    axes[0].axvline(1.5, color="black")
    heatmap(axes[1], heads[0], "head 1", "Blues")
    heatmap(axes[2], heads[1], "head 2", "Oranges")
    plt.show()

# %% [markdown]
# ## Three heads read one sentence
#
# Now see what heads are good for. Our sentence gets queries and keys of width 27, and three heads share them:
# 9 columns for each. As in notebook 4, we chose the numbers by hand. The first head looks for the word
# before. The second asks *who?* and the third *what?* In a real network, nobody tells the heads what to look
# for: they find out in training.

# %%
words = ["the", "cat", "drank", "the", "milk", "because", "it", "was", "thirsty"]
before = np.eye(9, k=-1)  # (9, 9): row i has a 1 in column i - 1
who, what = np.zeros((9, 9)), np.zeros((9, 9))
for word, other in [("drank", "cat"), ("it", "cat"), ("thirsty", "cat"), ("was", "it")]:
    who[words.index(word), words.index(other)] = 1
for word, other in [("drank", "milk"), ("because", "thirsty"), ("was", "thirsty")]:
    what[words.index(word), words.index(other)] = 1

Q = 15 * np.hstack([before, who, what])  # (9, 27): what each word looks for
K = np.hstack([np.eye(9), np.eye(9), np.eye(9)])  # (9, 27): word j has a 1 in column j of each block
V = np.zeros((9, 27))  # (9, 27): what the words hand over is of no interest here

with demo_of(split_heads, scaled_dot_product_attention):
    _, weights = scaled_dot_product_attention(split_heads(Q, 3), split_heads(K, 3), split_heads(V, 3))
    figure, axes = plt.subplots(1, 3, figsize=(12, 4.6), layout="constrained")
    titles = ["head 1: the word before", "head 2: who?", "head 3: what?"]
    for ax, head, title in zip(axes, weights, titles, strict=True):
        token_map(ax, head, words, words, title)
    plt.show()

# %% [markdown]
# One call of your attention made all three pictures: `weights` has the shape `(3, 9, 9)`, one map for each
# head. Now *drank* finds *cat* with one head and *milk* with another, and the two no longer get mixed. A row
# without a dark cell belongs to a query that finds nothing in this head, and so it looks everywhere a little:
# the first word has no word before it. (Give the heads other pairs to look for, or another number than 15, and
# run the cell again.)
#
# ## Question 2 · `merge_heads`
#
# About 10 min · difficulty ●●○
#
# Put the heads together again: each head gives back a block of columns, in the order of the heads. It is
# `split_heads` the other way round.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# Do the two steps of `split_heads` in the opposite order, each of them backwards.
#
# </details>
# <details><summary>Hint 2 · nearly there</summary>
#
# First swap, so that a token's pieces lie next to each other: `(..., h, n, d_head)` becomes `(..., n, h,
# d_head)`. Then reshape. A reshape without the swap has the right shape, too, and the wrong numbers.
#
# </details>


# %% merge_heads
def merge_heads(X):
    """Put the heads next to each other: head i becomes the i-th block of columns.

    X: (..., h, n, d_head)
    Returns (..., n, h·d_head).

    Source: Vaswani et al. (2017), "Attention Is All You Need", section 3.2.2.
    """
    ### BEGIN SOLUTION
    *leading, h, n, d_head = X.shape
    blocks = np.swapaxes(X, -3, -2)  # (..., n, h, d_head)
    return blocks.reshape(*leading, n, h * d_head)  # (..., n, h·d_head)
    ### END SOLUTION


# %%
with demo_of(split_heads, merge_heads):
    heads = split_heads(X, 2)
    merged = merge_heads(heads)
    figure, axes = plt.subplots(1, 3, figsize=(8, 2.8), width_ratios=[1, 1, 2], layout="constrained")
    heatmap(axes[0], heads[0], "head 1", "Blues")
    heatmap(axes[1], heads[1], "head 2", "Oranges")
    heatmap(axes[2], merged, "merged", "Greys")
    axes[2].axvline(1.5, color="black")
    plt.show()

# %% [markdown]
# You got $X$ back? Good, but that proves less than you may think. When both functions use a reshape alone,
# you get $X$ back as well: **two mistakes can cancel each other out.** So test each function by itself, with
# the numbers above.
#
# ## Question 3 · `multi_head_attention`
#
# About 25 min · difficulty ●●●
#
# Put it all together. As in real models, one fused product makes queries, keys and values, and each
# projection also adds a **bias**: a row of numbers, the same for every token.
#
# | step | with | shape |
# |---|---|---|
# | 1. project | `project_qkv_fused` | three times $n \times d$ |
# | 2. add the bias: its first third to $Q$, then $K$, then $V$ | | three times $n \times d$ |
# | 3. split | `split_heads` | three times $h \times n \times d_{head}$ |
# | 4. attend | `scaled_dot_product_attention` | $h \times n \times d_{head}$ |
# | 5. merge | `merge_heads` | $n \times d$ |
# | 6. project by $W_o$, and add the bias $b_o$ | `project` | $n \times d$ |
#
# **By numbers.** The example of notebook 1 has width 2, so two heads have one column each. There are no
# biases, and $W_o$ is the identity. These were the queries, keys and values:
#
# $$Q = \left[\begin{array}{c|c} 1 & 2 \\ 1 & 1 \end{array}\right] \qquad
# K = \left[\begin{array}{c|c} 1 & 0 \\ 0 & 1 \end{array}\right] \qquad
# V = \left[\begin{array}{c|c} 2 & 1 \\ 2 & 0 \end{array}\right]$$
#
# | | $q$ | $k$ | $v$ | scores | weights | output |
# |---|---|---|---|---|---|---|
# | head 1, token 1 | 1 | 1 and 0 | 2 and 2 | 1 and 0 | 0.73 and 0.27 | 2.00 |
# | head 1, token 2 | 1 | 1 and 0 | 2 and 2 | 1 and 0 | 0.73 and 0.27 | 2.00 |
# | head 2, token 1 | 2 | 0 and 1 | 1 and 0 | 0 and 2 | 0.12 and 0.88 | 0.12 |
# | head 2, token 2 | 1 | 0 and 1 | 1 and 0 | 0 and 1 | 0.27 and 0.73 | 0.27 |
#
# Each head has keys of length $d_{head} = 1$, so its scores are divided by $\sqrt 1$, and not by $\sqrt 2$.
# The result is $(2.00, 0.12)$ and $(2.00, 0.27)$. With one head, you would get the numbers of notebook 4:
# $(2.00, 0.33)$ and $(2.00, 0.50)$.
#
# **The mask** is one $n \times n$ matrix, the same for every head and every sequence. Your attention of
# notebook 4 takes it as it is: one mask for all that lies along the leading axes, the heads among them.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# Six steps, about six lines. Leave the mask aside at first. Print the shape after each line and compare it
# with the table.
#
# </details>
# <details><summary>Hint 2 · closer</summary>
#
# `np.split(b_qkv, 3)` gives the three biases. Add them *before* you split into heads: there they fit the
# columns. You need not scale by yourself: which axis of `Q` does your attention take $d_k$ from, after the
# split?
#
# </details>
# <details><summary>Hint 3 · nearly there</summary>
#
# `scaled_dot_product_attention` returns two things, and you need the first. The mask goes into it as it came:
# after the split, the scores have the shape `(..., h, n, n)`, and an $n \times n$ mask fits each head's.
#
# </details>


# %% multi_head_attention
def multi_head_attention(X, W_qkv, b_qkv, W_o, b_o, num_heads, mask=None):
    """Let every token of a sequence attend to the same sequence, with several heads side by side.

    X: (..., n, d), tokens as rows
    W_qkv: (d, 3·d), the columns of W_q, then those of W_k, then those of W_v
    b_qkv: (3·d,), the biases, in the same order
    W_o: (d, d), applied to the merged heads
    b_o: (d,)
    num_heads: the number h of heads, which divides d; each has d_head = d/h columns
    mask: None, or (n, n) of bool, the same for every head: True where a token may attend to another. With none to
       attend to, it gets the output b_o.
    Returns (..., n, d).

    Source: Vaswani et al. (2017), "Attention Is All You Need", section 3.2.2.
    """
    ### BEGIN SOLUTION
    Q, K, V = project_qkv_fused(X, W_qkv)  # (..., n, d) each
    b_q, b_k, b_v = np.split(b_qkv, 3)  # (d,) each
    Q = split_heads(Q + b_q, num_heads)  # (..., h, n, d_head)
    K = split_heads(K + b_k, num_heads)  # (..., h, n, d_head)
    V = split_heads(V + b_v, num_heads)  # (..., h, n, d_head)
    heads, _ = scaled_dot_product_attention(Q, K, V, mask)  # (..., h, n, d_head)
    return project(merge_heads(heads), W_o) + b_o  # (..., n, d)
    ### END SOLUTION


# %%
tokens = np.array([[1.0, 1.0], [1.0, 0.0]])  # (2, 2): a1 and a2
W_qkv = np.array([[1.0, 1.0, 0.0, 1.0, 2.0, 0.0], [0.0, 1.0, 1.0, -1.0, 0.0, 1.0]])  # (2, 6)
no_bias, W_o = np.zeros(6), np.eye(2)

with demo_of(multi_head_attention):
    one_head = multi_head_attention(tokens, W_qkv, no_bias, W_o, np.zeros(2), 1)
    two_heads = multi_head_attention(tokens, W_qkv, no_bias, W_o, np.zeros(2), 2)
    figure, axes = plt.subplots(1, 2, figsize=(5.4, 2.8), layout="constrained")
    heatmap(axes[0], one_head, "one head", "Greens")
    heatmap(axes[1], two_heads, "two heads", "Greens")
    plt.show()

# %% [markdown]
# ## What is $W_o$ for?
#
# Until they are merged, the heads know nothing of each other. Let us see it: six tokens of width 6, three
# heads. We compute the output twice, the second time with the values of head 2 set to 0, and look at what has
# changed. First without $W_o$ (that is, with the identity), then with it.

# %%
random = np.random.default_rng(seed=5)
six_tokens = random.normal(size=(6, 6))
fused = random.normal(scale=0.6, size=(6, 18))
without_head_2 = fused.copy()
without_head_2[:, 12 + 2 : 12 + 4] = 0  # V is the last third, and head 2 its columns 3 and 4
mixing = random.normal(scale=0.6, size=(6, 6))

with demo_of(multi_head_attention):
    changes = {}
    for label, matrix in {"without $W_o$": np.eye(6), "with $W_o$": mixing}.items():
        full, less = (
            multi_head_attention(six_tokens, weights, np.zeros(18), matrix, np.zeros(6), 3)
            for weights in (fused, without_head_2)
        )
        changes[label] = np.abs(full - less)
    figure, axes = plt.subplots(1, 2, figsize=(8, 3.8), layout="constrained")
    for ax, (label, change) in zip(axes, changes.items(), strict=True):
        heatmap(ax, change, f"what head 2 contributes, {label}", "Greens")
        ax.set(xlabel="columns of the output", ylabel="tokens")
        for border in (1.5, 3.5):
            ax.axvline(border, color="black")
    plt.show()

# %% [markdown]
# On the left, head 2 reaches only its own two columns. On the right, $W_o$ has carried its finding into every
# column, and mixed it with what the other heads have found. Now they work together.
#
# ## Three biases, and what they do
#
# $b_{qkv}$ holds three biases: one for the queries, one for the keys, one for the values. So far, all of them
# were 0. With the same six tokens, we now set one of the three to 1, in all its columns, and see by how much
# the output changes.
#
# **Before you run it: what do you expect?** One of the three biases changes nothing at all, and another one
# adds the same row to every token. Which ones?
#
# <details><summary>What happens, and why</summary>
#
# **The bias of the keys changes nothing**: the picture in the middle is 0.00 all over. It adds $q_i \cdot b_k$
# to the scores of query $i$, the same number to the whole row, and softmax sees only differences (notebook 3).
#
# **The bias of the values adds the same row to every token**: $(2.19, 1.85, 0.32, 0.32, 0.50, 1.29)$, without
# the signs. The weights of a query sum to 1, so $b_v$ comes through attention as it went in, and only $W_o$
# changes it.
#
# The bias of the queries adds $b_q \cdot k_j$ to the score for key $j$, another number for each key. So the
# weights move, and every token changes in a way of its own.
#
# </details>

# %%
with demo_of(multi_head_attention):
    plain = multi_head_attention(six_tokens, fused, np.zeros(18), mixing, np.zeros(6), 3)
    figure, axes = plt.subplots(1, 3, figsize=(11, 3.8), layout="constrained")
    for place, (ax, part) in enumerate(zip(axes, ["queries", "keys", "values"], strict=True)):
        biases = np.zeros((3, 6))
        biases[place] = 1
        biased = multi_head_attention(six_tokens, fused, biases.ravel(), mixing, np.zeros(6), 3)
        heatmap(ax, np.abs(biased - plain), f"what a bias of the {part} changes", "Greens", limits=(0, 4.4))
        ax.set(xlabel="columns of the output", ylabel="tokens")
    plt.show()

# %% [markdown]
# ## If you want more · Take the heads away
#
# About 15 min · difficulty ●●○ · no points
#
# The three heads that read our sentence find words for each other: 8 pairs by the word before, 4 by *who?*, 3
# by *what?* What is lost when you take one of the heads away? And if only one may stay, which?
#
# Let every word hand over its name, a 1 in its own column: `np.hstack([np.eye(9)] * 3)` for the values. Then a
# head's output is large where it has found a word, and the sum of the heads that are left shows what they
# have found together.
#
# <details><summary>A solution</summary>
#
# ```python
# names = np.hstack([np.eye(9)] * 3)  # (9, 27): word j hands over a 1 in column j of each block
# heads, _ = scaled_dot_product_attention(split_heads(Q, 3), split_heads(K, 3), split_heads(names, 3))
# wanted = before + who + what > 0  # (9, 9): who is to find whom
# for kept in [[0, 1, 2], [1, 2], [0, 2], [0, 1], [0], [1], [2]]:
#     found = heads[kept].sum(axis=0) > 0.5  # (9, 9)
#     lost = [f"{words[i]}-{words[j]}" for i, j in np.argwhere(wanted & ~found)]
#     print("heads", *[head + 1 for head in kept], "lose", len(lost), "of", wanted.sum(), *lost)
# ```
#
# Of the $8 + 4 + 3 = 15$ pairs, only 13 are different: *cat* is who drank, and it is also the word before
# *drank*; and *it* is who was, and the word before *was*. So without head 2 only **two** of its four pairs
# are lost, *it-cat* and *thirsty-cat*: head 1 has found the other two as well. Without head 1, six pairs are
# lost, and without head 3 all of its three. Alone, head 1 loses the fewest: five.
#
# In trained networks, heads overlap far more. Most of them can be taken away, one at a time, and hardly
# anything is lost (Michel, Levy and Neubig, 2019, "Are Sixteen Heads Really Better than One?", section 3).
#
# </details>

# %%
# Here is room to try it.

# %% [markdown]
# ## What comes next
#
# You now hold the heart of every transformer. From here on you put it to work: in **notebook 7**, an image
# becomes a sentence of small squares; in notebook 8, your multi-head attention lets them look at each other;
# in notebook 9, a Vision Transformer made of your own code reads handwritten digits; and in notebook 10, an
# attention of yours learns to read them.

# %% [markdown]
# ## Before you hand in
#
# 1. Restart the kernel and run all cells (*Kernel → Restart Kernel and Run All Cells…*). A running notebook
#    still remembers what you have changed or deleted since; after a restart, only what stands here counts.
# 2. Save, and run `autograder check` in the terminal, as your README says: it reads your file as grading does.
# 3. Hand in this file, under its own name.
