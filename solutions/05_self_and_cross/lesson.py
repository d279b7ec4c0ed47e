# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 05 · One sequence, or two: self-attention and cross-attention
#
# *Attention in NumPy, step by step. Notebook 5 of 10.*
#
# Your attention takes queries, keys and values. Where do they come from? The formula does not say:
#
# $$\text{Attention}(\underbrace{Q}_{\text{who asks?}}, \underbrace{K, V}_{\text{who answers?}})
# = \text{softmax}\left(\frac{Q K^\top}{\sqrt{d_k}}\right) V$$
#
# Two choices are so useful that they have names. When all three come from one sequence, the sequence reads
# itself: that is *self-attention*. When the queries come from one sequence, and keys and values from another,
# one reads the other: that is *cross-attention*, and with it a translator looks from one language into
# another.
#
# You build both. They are short, because your attention does nearly all of the work. What is left to think
# about is who asks and who answers, and so you will also explain that in your own words.

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
project_qkv = previous("project_qkv")
scaled_dot_product_attention = previous("scaled_dot_product_attention")
causal_mask = previous("causal_mask")

# %% [markdown]
# ## Self-attention: a sentence reads itself
#
# When queries, keys and values all come from **one** sequence, we speak of *self-attention*. Every token
# asks, and every token answers. From the tokens of notebook 1 to the output, the example is now one call:
#
# $$a_1, a_2 \;\to\; q, k, v \;\to\;
# \underbrace{\begin{bmatrix} 0.33 & 0.67 \\ 0.50 & 0.50 \end{bmatrix}}_{\text{weights}}
# \;\to\; \underbrace{\begin{bmatrix} 2.00 & 0.33 \\ 2.00 & 0.50 \end{bmatrix}}_{\text{output}}$$
#
# With the causal mask, the first row of the output is $(2, 1)$, as in the example of notebook 4.
#
# ## Question 1 · `self_attention`
#
# About 5 min · difficulty ●○○
#
# Let a sequence attend to itself. Return the output only.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# You have two functions that do nearly all of it: one from notebook 1, and one from notebook 4.
#
# </details>
# <details><summary>Hint 2 · nearly there</summary>
#
# `scaled_dot_product_attention` returns two things: `output, weights = ...`. And did you hand the mask on?
#
# </details>


# %% self_attention
def self_attention(X, W_q, W_k, W_v, mask=None):
    """Let every token of a sequence attend to the tokens of the same sequence.

    X: (..., n, d_in), tokens as rows
    W_q, W_k: (d_in, d_k)
    W_v: (d_in, d_v); d_v may differ from d_k
    mask: None, or (..., n, n) of bool, with the leading axes of X: True where a token may attend to another; also
       (n, n), one mask for a whole batch. A token that may attend to nothing gets the output 0.
    Returns (..., n, d_v), the output without the weights.

    Source: Vaswani et al. (2017), "Attention Is All You Need", section 3.2.3.
    """
    ### BEGIN SOLUTION
    Q, K, V = project_qkv(X, W_q, W_k, W_v)  # (..., n, d_k), (..., n, d_k), (..., n, d_v)
    output, _ = scaled_dot_product_attention(Q, K, V, mask)  # (..., n, d_v)
    return output
    ### END SOLUTION


# %% [markdown]
# Back to the sentence of notebook 4, with the same features and the same weights: *it* and *thirsty* look for
# an animal, *drank* looks for an animal and for something to drink, and the other words look for nothing.
#
# **Before you run it: what do you expect?** *it* knows one thing of itself: that it is a pronoun. It looks
# for an animal, and there is a *cat*. How much of *pronoun* will be left in *it* afterwards, and how much of
# *drink* will be in it?
#
# <details><summary>What happens, and why</summary>
#
# **0.01 of each.** It knows that it is an animal: 0.90, nine tenths of what *cat* hands over. But it has nearly
# forgotten that it is a pronoun. The output is a mixture of values and of nothing else: *it* is one of the
# nine words in that mixture, and its own weight is only 0.01. *milk*, for which it did not look, has the same
# weight, and so as much of *drink* comes in as is left of *pronoun*.
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
mask = None  # nothing is hidden
order = np.random.default_rng(seed=1).permutation(9)  # the numbers 0 to 8, shuffled

with demo_of(self_attention):
    output = self_attention(sentence, looks_for, is_a, hands_over, mask)
    figure, axes = plt.subplots(1, 2, figsize=(9, 4.6), layout="constrained")
    heatmap(axes[0], sentence, "what each word knows of itself", "Greys", rows=words, columns=features)
    heatmap(axes[1], output, "what each word has gathered", "Greens", rows=words, columns=features)
    for ax in axes:
        ax.tick_params(axis="x", rotation=30)
        ax.set_aspect("auto")
    shuffled = self_attention(sentence[order], looks_for, is_a, hands_over, mask)
    print("Shuffled words give the same outputs, shuffled:", np.allclose(shuffled, output[order]))
    plt.show()

# %% [markdown]
# On the left, *it* is a pronoun and nothing more. On the right, *it* knows that it is an animal. That is
# what attention does: **it moves information from token to token.** What a token knew before gets lost on the
# way. Real networks add it back, and in notebook 8 so will you.
#
# One more thing to notice: nothing in the formula knows the order of the tokens. If you shuffle the words,
# you get the same outputs, shuffled in the same way: the line above the picture says so. Only a mask can tell
# first from last, or positions, which notebook 7 adds. (Now a mask: write `mask = causal_mask(9)` in the cell
# above. What does *drank* no longer know? *milk* comes later and gets the weight 0, so *drank* knows
# of no drink, and *cat* gets 0.97. And shuffled words give other outputs now.)
#
# ## Cross-attention: one sequence reads another
#
# A translator has two parts. The **encoder** reads the original, here in Chinese. The **decoder** writes the
# new sentence, here in English. While it writes, the decoder must look at the original again and again: its
# own tokens ask, and the tokens of the encoder answer.
#
# | | queries from | keys and values from | weights |
# |---|---|---|---|
# | self-attention | a sequence | the same sequence | $n \times n$ |
# | cross-attention | the decoder | the encoder | $n_{dec} \times n_{enc}$ |
#
# The two sentences may have different lengths, and their tokens different widths: $W_q$ fits the decoder,
# $W_k$ and $W_v$ fit the encoder. By numbers: let $a_1$ and $a_2$ be the encoder's tokens, so that keys and
# values are those we know, and let $b = (1, -1)$ be the only token of the decoder.
#
# $$W_q = \begin{bmatrix} 1 & 1 \\ 0 & 1 \end{bmatrix} \qquad k_1 = (1, 0) \qquad k_2 = (0, 1) \qquad
# v_1 = (2, 1) \qquad v_2 = (2, 0)$$
#
# The query is $q = b\, W_q = (1, 0)$. Its scores are $q \cdot k_1 = 1$ and $q \cdot k_2 = 0$, and it has two
# numbers, so they are divided by $\sqrt 2$:
#
# $$(1, 0) \;\xrightarrow{/ \sqrt 2}\; (0.71, 0) \;\xrightarrow{\text{softmax}}\;
# \underbrace{(0.67, 0.33)}_{\text{weights}} \;\to\;
# 0.67 \cdot (2, 1) + 0.33 \cdot (2, 0) = \underbrace{(2.00, 0.67)}_{\text{output}}$$
#
# ## Question 2 · `cross_attention`
#
# About 10 min · difficulty ●●○
#
# Let the decoder's tokens attend to the encoder's. Nothing is hidden unless the caller's mask hides it: the
# original is complete before the translation begins.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# It is `self_attention`, only that not everything comes from the same sequence. Who asks? Who answers, and
# hands over?
#
# </details>
# <details><summary>Hint 2 · nearly there</summary>
#
# `project_qkv` takes one sequence only. Use `project` three times, and check for each line that the sequence
# fits the weights: the shapes in the docstring tell.
#
# </details>


# %% cross_attention
def cross_attention(X_decoder, X_encoder, W_q, W_k, W_v, mask=None):
    """Let every token of the decoder attend to the tokens of the encoder.

    X_decoder: (..., n_dec, d_dec), the tokens that ask, as rows
    X_encoder: (..., n_enc, d_enc), the tokens that answer, as rows, with the same leading axes
    W_q: (d_dec, d_k)
    W_k: (d_enc, d_k)
    W_v: (d_enc, d_v)
    mask: None, or (..., n_dec, n_enc) of bool, with the same leading axes: True where a token of the decoder
       may attend to one of the encoder; also (n_dec, n_enc), one mask for a whole batch. A token that may attend
       to nothing gets the output 0.
    Returns (..., n_dec, d_v), the output without the weights.

    Source: Vaswani et al. (2017), "Attention Is All You Need", section 3.2.3.
    """
    ### BEGIN SOLUTION
    Q = project(X_decoder, W_q)  # (..., n_dec, d_k)
    K = project(X_encoder, W_k)  # (..., n_enc, d_k)
    V = project(X_encoder, W_v)  # (..., n_enc, d_v)
    output, _ = scaled_dot_product_attention(Q, K, V, mask)  # (..., n_dec, d_v)
    return output
    ### END SOLUTION


# %% [markdown]
# Let us translate 昨天猫喝了牛奶, *the cat drank milk yesterday*. In the picture, the Chinese words stand in
# pinyin, because the font that draws it has no Chinese characters: *zuótiān* 昨天 is *yesterday*, *māo* 猫 is
# *cat*, *hē* 喝 is *drink*, *le* 了 says that it has happened, and *niúnǎi* 牛奶 is *milk*.
#
# Again we chose the numbers by hand: each Chinese word has a feature of its own, and each English word has
# the features of what it means. A small trick makes the weights visible: every Chinese word hands over a 1 in
# a column of its own. So the output tells how much came from whom.

# %%
chinese = ["zuótiān", "māo", "hē", "le", "niúnǎi"]
english = ["the", "cat", "drank", "milk", "yesterday"]
chinese_tokens = np.eye(5)  # (5, 5): one feature for each word
english_tokens = np.zeros((5, 5))  # (5, 5): the same features
for word, meanings in {"cat": [1], "drank": [2, 3], "milk": [4], "yesterday": [0]}.items():
    english_tokens[english.index(word), meanings] = 1
# A match would score 1 · 1 = 1. With queries and keys 3 times as long, it scores 3 · 3 = 9, and takes nearly all.
three_times = 3 * np.eye(5)

with demo_of(cross_attention):
    taken = cross_attention(english_tokens, chinese_tokens, three_times, three_times, np.eye(5))
    figure, ax = plt.subplots(figsize=(5.4, 4.6), layout="constrained")
    token_map(ax, taken, english, chinese, "From whom does each English word take?")
    plt.show()

# %% [markdown]
# *yesterday* is the last word in English and the first in Chinese: for attention, that makes no difference.
# *drank* is one word in English and two in Chinese, so it takes nearly half (0.49) from each. *the* has no
# partner in Chinese: its query is all zeros, and it takes a little from everyone. (Translate a sentence of your
# own: change the words and their `items()`. Five words on each side fit these matrices.)
#
# ## Question 3 · `self_or_cross`
#
# About 15 min · difficulty ●●○ · you write, a person reads
#
# A translator, in the middle of its work: the encoder has read the five Chinese words. The decoder has
# written *the cat drank* and is about to write the next word. Its tokens so far are these three. In the decoder,
# self-attention runs first, and then cross-attention.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# For each kind of attention, write down the shapes of $Q$, $K$, $V$ and of the weights, with the numbers of
# this example.
#
# </details>
# <details><summary>Hint 2 · closer</summary>
#
# Imagine that one kind is taken away. What does the translator no longer know?
#
# </details>

# %% self_or_cross [markdown] points=5
# **What do self-attention and cross-attention each see?** Answer in about six sentences.
#
# 1. In the decoder of this translator: where do queries, keys and values come from, in self-attention and in
#    cross-attention? What shape have the weights of each?
# 2. What does the decoder find out from each of the two, that the other cannot tell it?
# 3. In training, the decoder's self-attention needs a causal mask. Why? And why does its cross-attention need
#    none?
#
# ### BEGIN SOLUTION
# 1. In self-attention, queries, keys and values all come from the decoder's own tokens, *the cat drank*, so
#    the weights are 3×3. In cross-attention, the queries come from these three tokens, and keys and values
#    come from the encoder's five tokens. So the weights are 3×5.
# 2. Self-attention sees what has been written so far: it knows that *drank* has a subject already, and that
#    an object should follow. It never sees the Chinese sentence. Cross-attention sees the original: it finds
#    *niúnǎi*, which has not been translated yet. But there, no English token sees another English token.
# 3. In training, the whole English sentence is there from the start. Without the mask, a token could look at
#    the very words that it should learn to predict. When the model is used, these words do not exist, and it
#    would fail. The Chinese sentence is complete before the translation begins: looking at all of it is
#    allowed, in training and in use.
#
# ### BEGIN MARK SCHEME
# *Marking guide, 5 points.*
# - 2 points for the sources: self-attention takes all three from the decoder, weights 3×3 (1);
#   cross-attention takes queries from the decoder, keys and values from the encoder, weights 3×5 (1). Rows
#   and columns exchanged (5×3): no point for that half.
# - 2 points for what each sees: the words written so far, and how they depend on each other (1); the
#   original, what is to be said (1). "It sees the context" alone earns nothing: which context?
# - 1 point for the mask: later words are the answers that training asks for, and the original has no future.
#   Both halves are needed.
# ### END MARK SCHEME
# ### END SOLUTION

# %% [markdown]
# ## If you want more · A window on the neighbours
#
# About 15 min · difficulty ●●○ · no points
#
# A book has 100 000 words. If each of them looks at all others, there are 10 billion scores. So some models
# give every word a **window**: it sees itself and its neighbours, at most $w$ places away (Beltagy et al.,
# 2020, "Longformer"). But then, how does *it* hear of *cat*, five places to the left?
#
# 1. Make the mask for our nine words with $w = 1$, 9×9, and call it `window`. Look at it: after
#    `figure, ax = plt.subplots()`, draw it with `token_map(ax, window, words, words, "who sees whom")`.
# 2. Let every word know only itself at first: `known = np.eye(9)`, where row $i$ says how much word $i$ knows
#    of each word. Now let them tell each other, in rounds. A round is one call of `self_attention` with your
#    mask, and what it returns is `known` in the next round. With $W_q$ and $W_k$ of zeros, `np.zeros((9, 1))`,
#    every word takes the mean of all that it sees; with $W_v$ = `np.eye(9)`, it takes it as it is.
# 3. After how many rounds does *it* know something of *cat*? How much? Draw who knows of whom, `known > 0`,
#    after each round.
#
# <details><summary>A solution</summary>
#
# ```python
# window = np.zeros((9, 9), dtype=bool)
# for i in range(9):
#     for j in range(9):
#         window[i, j] = abs(i - j) <= 1  # at most one place apart
#
# with demo_of(self_attention):
#     known, zeros = np.eye(9), np.zeros((9, 1))
#     figure, axes = plt.subplots(1, 5, figsize=(16, 3.8), layout="constrained")
#     for number, ax in enumerate(axes, start=1):
#         known = self_attention(known, zeros, zeros, np.eye(9), window)
#         token_map(ax, known > 0, words, words, f"who knows of whom: round {number}")
#     print(f"it knows of cat: {known[words.index('it'), words.index('cat')]:.4f}")
#     plt.show()
# ```
#
# The first of the five pictures is the mask itself. From there on, news travels one place in a round. So *it*
# hears of *cat* in round 5, and since each round hands on a third, only $1/3^5 = 0.0041$ is left of it. With
# $w = 5$, one round would do. That is the price of a window: many layers, one for each round, must do what
# attention did in a single step. Our mask saves nothing yet: all 81 scores are computed, and most are hidden.
# Code that never computes the hidden ones needs 3 for a word and not 9, and in the book 3 and not 100 000.
#
# </details>

# %%
# Here is room to try it.

# %% [markdown]
# ## What comes next
#
# Now you know who may ask whom. But each query has only one set of weights: *drank* got nearly half of *cat*
# and nearly half of *milk*, added up in **one** row. Had the two been animals, one that chases and one that is
# chased, the row could not tell who was who. In **notebook 6**, several attentions work side by side, and each
# may look for something else.

# %% [markdown]
# ## Before you hand in
#
# 1. Restart the kernel and run all cells (*Kernel → Restart Kernel and Run All Cells…*). A running notebook
#    still remembers what you have changed or deleted since; after a restart, only what stands here counts.
# 2. Save, and run `autograder check` in the terminal, as your README says: it reads your file as grading does.
# 3. Hand in this file, under its own name.
