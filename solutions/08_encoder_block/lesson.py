# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 08 · Look at each other, then think: the encoder block
#
# *Attention in NumPy, step by step. Notebook 8 of 10.*
#
# An image has become a sentence of tokens. Each of them knows its own patch and its place, but none has
# looked at another yet. Your multi-head attention lets them do so. But attention alone only mixes what the tokens
# hand over; nothing is computed from it afterwards, and what a token knew before is lost. And in a tall stack
# of such layers, the numbers would grow or shrink without bounds.
#
# The **encoder block** takes care of all three, and a transformer is a stack of such blocks and little else.
# You build it from three small parts and your multi-head attention:
#
# | your function | what it does | what it gives, for one digit |
# |---|---|---|
# | `layer_norm` | keeps the numbers in shape | 17×32 |
# | `gelu` | is a gate that is not linear | the shape of its input |
# | `mlp` | lets every token think for itself | 17×32 |
# | `encoder_block` | attention, then `mlp`, each with a norm in front | 17×32 |

# %%
import math

import matplotlib.pyplot as plt
import numpy as np

from autograder import check, previous, previous_data
from autograder.plots import demo_of, heatmap

# %% [markdown]
# **Your own earlier functions.** The next cell brings them here from your notebooks 1, 6 and 7, as they are
# saved there. If you change one of them later, save that notebook and run this cell again.

# %%
project = previous("project")
multi_head_attention = previous("multi_head_attention")
patchify = previous("patchify")
embed_patches = previous("embed_patches")

# %% [markdown]
# The digits and the trained weights lie in the folder of notebook 7, and `previous_data` finds them there.

# %%
with np.load(previous_data("digits.npz")) as file:
    images = file["test_images"][:, None] / 16  # (359, 1, 8, 8): images × channels × height × width
with np.load(previous_data("weights.npz")) as file:
    weights = dict(file)  # the weights that training has found, by name
num_heads = 4

# %% [markdown]
# ## Keep the numbers in shape
#
# A deep network multiplies and adds again and again, and numbers that grow a little in each layer grow beyond
# all bounds. **Layer norm** keeps them in shape: it takes every token *by itself*, shifts it so that the mean
# of its numbers is 0, and stretches it so that their variance is 1.
#
# $$\text{norm}(x) = \gamma \cdot \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta$$
#
# Here $\mu$ is the mean of the token's $d$ numbers and $\sigma^2$ their variance: the sum of the
# $(x - \mu)^2$, divided by $d$ and not by $d - 1$. The small $\varepsilon$ keeps us from dividing by 0 when
# all numbers of a token are equal; mind that it stands **inside the root**. Training finds $\gamma$ and
# $\beta$, one number of each for every column, so that the network may choose another scale where it wants
# one.
#
# By numbers, $x = (1, 1, 5, 5)$ has $\mu = 3$ and $\sigma^2 = 4$. With $\gamma = (1, 2, 1, 2)$ and
# $\beta = (0, 0, 1, 1)$:
#
# $$(1, 1, 5, 5) \;\xrightarrow{-\mu}\; (-2, -2, 2, 2) \;\xrightarrow{/ \sqrt{\sigma^2 + \varepsilon}}\;
# (-1, -1, 1, 1) \;\xrightarrow{\cdot \gamma}\; (-1, -2, 1, 2) \;\xrightarrow{+ \beta}\; (-1, -2, 2, 3)$$
#
# ## Question 1 · `layer_norm`
#
# About 10 min · difficulty ●●○
#
# Normalise every token by itself.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# Which axis holds the numbers of *one* token? Mean and variance run over that axis, and over no other.
#
# </details>
# <details><summary>Hint 2 · closer</summary>
#
# As in softmax, `keepdims=True` lets you subtract a mean from its own row. `X.var(...)` divides by $d$,
# which is what we want.
#
# </details>
# <details><summary>Hint 3 · nearly there</summary>
#
# `np.sqrt(variance + eps)`: first add, then take the root. `gamma` and `beta` have the shape `(d,)`, so they
# fit the columns without any reshape.
#
# </details>


# %% layer_norm
def layer_norm(X, gamma, beta, eps=1e-5):
    """Bring the numbers of each token to mean 0 and variance 1; then scale and shift each column.

    X: (..., d), tokens as rows
    gamma, beta: (d,), the scale and the shift of each column
    eps: a small number, added to the variance under the root
    Returns (..., d).

    Source: Ba, Kiros and Hinton (2016), "Layer Normalization", section 3.
    """
    ### BEGIN SOLUTION
    mean = X.mean(axis=-1, keepdims=True)  # (..., 1)
    variance = X.var(axis=-1, keepdims=True)  # (..., 1), divided by d
    return gamma * (X - mean) / np.sqrt(variance + eps) + beta  # (..., d)
    ### END SOLUTION


# %% [markdown]
# **Before you run it: what do you expect?** Four tokens: $x = (1, 1, 5, 5)$, the same with 4 added to each of
# its numbers, the same 10 times as large, and $(3.00, 3.00, 3.02, 3.02)$, whose numbers hardly differ. They all
# go through layer norm, this time with $\gamma = 1$ and $\beta = 0$ everywhere. Which of the four can you still
# tell apart afterwards?
#
# <details><summary>What happens, and why</summary>
#
# **Only the last, and barely.** The first three become $(-1, -1, 1, 1)$. What was added to all numbers was added
# to their mean as well, and goes away with it. A factor in all numbers is in the root of the variance as well,
# and is divided out. (Only $\varepsilon$ leaves a trace, in the sixth decimal.) And of the fourth, the tiny
# difference is blown up to nearly the full pattern: $(-0.95, -0.95, 0.95, 0.95)$. Only here can $\varepsilon$ be
# seen: the variance is $0.01^2 = 0.0001$, and $\varepsilon = 0.00001$ is a tenth of it. Layer norm forgets the
# level and the size of a token; what is left is its *pattern*.
#
# </details>

# %%
token = np.array([1.0, 1.0, 5.0, 5.0])
hardly_differs = np.array([3.0, 3.0, 3.02, 3.02])
four_tokens = np.stack([token, token + 4, 10 * token, hardly_differs])  # (4, 4)

with demo_of(layer_norm):
    normed = layer_norm(four_tokens, np.ones(4), np.zeros(4))
    names = ["x", "x + 4", "10 x", "hardly differs"]
    figure, axes = plt.subplots(1, 2, figsize=(8, 3.2), layout="constrained")
    heatmap(axes[0], four_tokens, "four tokens", rows=names)
    heatmap(axes[1], normed, "after layer norm", rows=names)
    plt.show()

# %% [markdown]
# (Make tokens of your own in the cell above. What becomes of one whose numbers are all equal?)
#
# ## A gate that is not linear
#
# Projections alone do not get far: two of them in a row are only another projection. Between two of them,
# something must happen that is *not* linear. The simplest such thing is **ReLU**: keep a positive number, and
# make a negative one 0. Transformers use a smoother gate, **GELU**: multiply $x$ by the probability
# $\Phi(x)$ that a standard normal random number is smaller than $x$. Like every probability, $\Phi(x)$ lies
# between 0 and 1, and says how far the gate is open: nearly shut for $x = -3$, half open for 0, and nearly wide
# open for 3.
#
# $$\text{gelu}(x) = x \cdot \Phi(x) \qquad\quad
# \Phi(x) = \frac{1}{2} \left(1 + \text{erf}\left(\frac{x}{\sqrt 2}\right)\right)$$
#
# | $x$ | -3 | -2 | -1 | 0 | 1 | 2 | 3 |
# |---|---|---|---|---|---|---|---|
# | $\text{gelu}(x)$ | -0.004 | -0.05 | -0.16 | 0.00 | 0.84 | 1.95 | 3.00 |
#
# The **error function** erf is an integral of the bell curve,
# $\text{erf}(z) = \frac{2}{\sqrt \pi} \int_0^z e^{-t^2} \, dt$, and rises from -1 to 1. It is known to Python, but
# not to NumPy: `math.erf` takes one number, and no array. `np.vectorize(f)` makes a new function out of `f` that
# takes arrays and calls `f` for every number in them. (You will also meet an approximation of GELU with tanh. It
# is older than fast erf, and some models still use it. We use the exact formula.)
#
# ## Question 2 · `gelu`
#
# About 10 min · difficulty ●●○
#
# Apply GELU to every number.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# First make an erf for arrays, in one line. What is left is the formula above, as it stands.
#
# </details>
# <details><summary>Hint 2 · nearly there</summary>
#
# `np.vectorize(math.erf)` is a function: call it with what stands in the brackets of erf. Test it: `gelu` of
# 1 is 0.84.
#
# </details>


# %% gelu
def gelu(X):
    """Multiply every number x by the probability that a standard normal random number is smaller than x.

    X: an array of any shape
    Returns an array of the same shape: x · Φ(x) for every number x in it, exactly, with the error function.

    Source: Hendrycks and Gimpel (2016), "Gaussian Error Linear Units", section 2.
    """
    ### BEGIN SOLUTION
    erf = np.vectorize(math.erf, otypes=[float])
    return X * (1 + erf(X / math.sqrt(2))) / 2
    ### END SOLUTION


# %%
x = np.linspace(-4, 4, 161)

with demo_of(gelu):
    y = gelu(x)
    figure, ax = plt.subplots(figsize=(6.4, 3.4), layout="constrained")
    ax.plot(x, np.maximum(x, 0), "--", color="grey", label="ReLU")
    ax.plot(x, y, color="rebeccapurple", label="GELU")
    ax.set(xlabel="x", title="GELU lets large numbers through and holds negative ones back")
    ax.legend()
    ax.grid(alpha=0.3)
    plt.show()

# %% [markdown]
# ## Every token thinks for itself
#
# Attention moves information *between* tokens. Behind it, the **MLP** (multi-layer perceptron) works on each
# token by itself: a projection to more columns, here from 32 to 64, GELU, and a projection back.
#
# $$\text{mlp}(X) = \text{gelu}(X W_1 + b_1) \, W_2 + b_2$$
#
# By numbers:
#
# $$x = (1, 1) \qquad W_1 = \begin{bmatrix} 1 & -1 \\ 1 & -1 \end{bmatrix} \qquad b_1 = (0, 0) \qquad
# W_2 = \begin{bmatrix} 1 & 0 \\ 1 & 2 \end{bmatrix} \qquad b_2 = (0, 1)$$
#
# $$x W_1 + b_1 = (2, -2) \;\xrightarrow{\text{gelu}}\; (1.9545, -0.0455)
# \;\to\; (1.9545, -0.0455) \, W_2 + b_2 = (1.909, 0.909)$$
#
# ## Question 3 · `mlp`
#
# About 5 min · difficulty ●○○
#
# Write the formula above, from the inside out.
#
# <details><summary>Hint · nearly there</summary>
#
# `project` twice, each time with `+ b`. Is there a GELU behind the second one, too?
#
# </details>


# %% mlp
def mlp(X, W_1, b_1, W_2, b_2):
    """Let each token pass through two layers, with a GELU between them.

    X: (..., d), tokens as rows
    W_1, b_1: (d, hidden) and (hidden,)
    W_2, b_2: (hidden, d) and (d,)
    Returns (..., d).

    Source: Dosovitskiy et al. (2021), "An Image is Worth 16x16 Words", section 3.1.
    """
    ### BEGIN SOLUTION
    hidden = gelu(project(X, W_1) + b_1)  # (..., d) · (d, hidden) → (..., hidden)
    return project(hidden, W_2) + b_2  # (..., hidden) · (hidden, d) → (..., d)
    ### END SOLUTION


# %% [markdown]
# ## The encoder block
#
# All parts are there. A block has two **branches**, and each of them works on a normalised copy of the
# tokens. What a branch finds is **added** to the tokens; the tokens themselves pass by untouched:
#
# ```
#  X ──┬── norm 1 ── attention ──(+)──┬── norm 2 ── MLP ──(+)── output
#      │                          │   │                    │
#      └──────────────────────────┘   └────────────────────┘
# ```
#
# $$X' = X + \text{attention}(\text{norm}_1(X)) \qquad\quad
# \text{output} = X' + \text{mlp}(\text{norm}_2(X'))$$
#
# The lines that pass by are called **residual connections**. In notebook 5, *it* learnt that it is an animal,
# and lost what it knew before; here it stays, unless a branch takes it away. A branch need only find out what
# should *change*, and if it has nothing to say, it says 0. Because of that, a hundred blocks can be stacked, and
# the gradient finds its way back through all of them.
#
# The norms stand *in front of* attention and MLP, **inside the branches**: this is called **pre-norm**. (The
# first transformer had them behind the sums, "post-norm", which is harder to train. With the same weights, it
# gives other numbers.)
#
# **By numbers.** A single token can only attend to itself, so its attention gives its own value. Let $W_v$,
# $W_o$, $W_1$ and $W_2$ be identities, with no biases, and all $\gamma = 1$, $\beta = 0$:
#
# $$X = (1, 5) \;\xrightarrow{\text{norm}_1}\; (-1, 1) \;\xrightarrow{\text{attention}}\; (-1, 1)
# \;\xrightarrow{+ X}\; X' = (0, 6)$$
#
# $$X' = (0, 6) \;\xrightarrow{\text{norm}_2}\; (-1, 1) \;\xrightarrow{\text{mlp}}\; (-0.16, 0.84)
# \;\xrightarrow{+ X'}\; (-0.16, 6.84)$$
#
# A block has twelve arrays. To keep them together, they come in a dictionary: `block["mlp.W_1"]` is the first
# matrix of the MLP. The names are in the docstring. The next cell shows the shapes, for the first block of
# our trained model.


# %%
def part_of(weights, beginning):
    """Pick the arrays whose names begin so, and cut the beginning off."""
    names = [name for name in weights if name.startswith(beginning)]
    return {name.removeprefix(beginning): weights[name] for name in names}


for name, array in part_of(weights, "blocks.0.").items():
    print(f"{name:16} {array.shape}")

# %% [markdown]
# ## Question 4 · `encoder_block`
#
# About 20 min · difficulty ●●●
#
# Build the block: two norms, two branches, two sums.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# Two lines are enough, one for each formula above, or four, if you name the normalised tokens. Which of the
# tokens does the second line start from, $X$ or $X'$?
#
# </details>
# <details><summary>Hint 2 · closer</summary>
#
# `multi_head_attention` wants, in this order: the tokens, `W_qkv`, `b_qkv`, `W_o`, `b_o`, and the number of
# heads. It gets the *normalised* tokens, but its result is added to the tokens *before* the norm.
#
# </details>
# <details><summary>Hint 3 · nearly there</summary>
#
# Each norm has a `gamma` and a `beta` of its own: `block["norm_1.gamma"]` for the first,
# `block["norm_2.gamma"]` for the second. Test your block with a block of zeros:
#
# ```python
# zeros = {name: 0 * array for name, array in part_of(weights, "blocks.0.").items()}
# X = np.arange(64.0).reshape(2, 32)  # two tokens
# print(np.allclose(encoder_block(X, zeros, num_heads), X))
# ```
#
# It must hand on $X$. Why?
#
# </details>


# %% encoder_block
def encoder_block(X, block, num_heads):
    """Let the tokens look at each other, then let each think for itself; add to them what comes out.

    X: (..., n, d), tokens as rows
    block: a dict of arrays
       norm_1.gamma, norm_1.beta: (d,)
       attention.W_qkv (d, 3·d), attention.b_qkv (3·d,), attention.W_o (d, d), attention.b_o (d,)
       norm_2.gamma, norm_2.beta: (d,)
       mlp.W_1 (d, hidden), mlp.b_1 (hidden,), mlp.W_2 (hidden, d), mlp.b_2 (d,)
    num_heads: the number of heads, which divides d
    Returns (..., n, d): X' + mlp(norm_2(X')) with X' = X + attention(norm_1(X)).

    Source: Dosovitskiy et al. (2021), "An Image is Worth 16x16 Words", equations 2 and 3.
    """
    ### BEGIN SOLUTION
    attention = [block[f"attention.{name}"] for name in ("W_qkv", "b_qkv", "W_o", "b_o")]
    layers = [block[f"mlp.{name}"] for name in ("W_1", "b_1", "W_2", "b_2")]
    normed = layer_norm(X, block["norm_1.gamma"], block["norm_1.beta"])  # (..., n, d)
    X = X + multi_head_attention(normed, *attention, num_heads)  # (..., n, d)
    normed = layer_norm(X, block["norm_2.gamma"], block["norm_2.beta"])  # (..., n, d)
    return X + mlp(normed, *layers)  # (..., n, d)
    ### END SOLUTION


# %% [markdown]
# **How far does a token see?** We change a single patch, and look which tokens notice. The tokens are those of
# the 16 patches, 4×4, without class token and positions. In the middle, your `encoder_block` has run once. On
# the right you see whom a 3×3 convolution would reach in one step.

# %%
row, column = 1, 1  # the patch that changes
inverted = images[0].copy()
pixels = inverted[:, 2 * row : 2 * row + 2, 2 * column : 2 * column + 2]  # a view: what changes here changes the image
pixels[:] = 1 - pixels  # black becomes white, and white becomes black
one_patch, neighbours = np.zeros((2, 4, 4))  # two grids of patches
one_patch[row, column] = 1
neighbours[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2] = 1

with demo_of(patchify, embed_patches, encoder_block):
    block, outputs = part_of(weights, "blocks.0."), []
    for image in (images[0], inverted):
        tokens = embed_patches(patchify(image, 2), weights["patch.W"], weights["patch.b"])  # (16, 32)
        outputs.append(encoder_block(tokens, block, num_heads))
    difference = np.abs(outputs[1] - outputs[0]).max(axis=-1).reshape(4, 4)
    figure, axes = plt.subplots(1, 3, figsize=(8, 2.9), layout="constrained")
    titles = ["the patch that changes", "who notices, after one block", "the reach of a 3×3 convolution"]
    for ax, grid, title in zip(axes, [one_patch, difference > 1e-9, neighbours], titles, strict=True):
        ax.imshow(grid, cmap="Purples", vmin=0, vmax=2)
        ax.set(title=title, xticks=[], yticks=[])
        for border in (0.5, 1.5, 2.5):
            ax.axhline(border, color="black", linewidth=0.8)
            ax.axvline(border, color="black", linewidth=0.8)
    plt.show()

# %% [markdown]
# (Change `row` and `column`, each from 0 to 3. Who notices now, and how many would the convolution reach from a
# corner?)
#
# How far a token sees is its **receptive field**. With attention, it is the whole image, from the very first
# block on. With convolutions of 3×3, it is the neighbours at first, and grows by one step in every direction
# with each layer.

# %% [markdown]
# ## If you want more · Twelve storeys
#
# About 15 min · difficulty ●●○ · no points
#
# Are the lines that pass by more than a detail? Build two towers of twelve storeys upon the 16 tokens of
# `images[0]`, again without class token and positions, and with the weights of the first block in every storey.
# In one tower a storey is `multi_head_attention` and nothing else, in the other it is your `encoder_block`.
# After each storey, measure how different the tokens still are: the length of `X - X.mean(axis=0)`
# (`np.linalg.norm`), divided by that of `X`. It is 0 when all tokens are equal. After how many storeys are they
# all equal, in each tower?
#
# <details><summary>A solution</summary>
#
# ```python
# block, second_block = part_of(weights, "blocks.0."), part_of(weights, "blocks.1.")
# attention = [block[f"attention.{name}"] for name in ("W_qkv", "b_qkv", "W_o", "b_o")]
# only_attention = {name: 0 * block[name] if name.startswith("mlp.") else block[name] for name in block}
# only_mlp = {name: 0 * block[name] if name.startswith("attention.") else block[name] for name in block}
#
#
# def without_the_sums(X):
#     X = encoder_block(X, only_attention, num_heads) - X  # what passed by is taken away again
#     return encoder_block(X, only_mlp, num_heads) - X
#
#
# storeys = {
#     "attention alone": lambda X: multi_head_attention(X, *attention, num_heads),
#     "encoder block": lambda X: encoder_block(X, block, num_heads),
#     "with the second block's weights": lambda X: encoder_block(X, second_block, num_heads),
#     "without the sums": without_the_sums,
# }
# figure, ax = plt.subplots(figsize=(6.4, 3.4), layout="constrained")
# for name, storey in storeys.items():
#     X, different = embed_patches(patchify(images[0], 2), weights["patch.W"], weights["patch.b"]), []
#     for _ in range(13):
#         different.append(np.linalg.norm(X - X.mean(axis=0)) / np.linalg.norm(X))
#         X = storey(X)
#     print(f"{name:31}", *[f"{each:.2g}" for each in different])
#     ax.semilogy(different, "o-", label=name)
# ax.set(xlabel="storeys", title="how different the tokens still are")
# ax.legend()
# plt.show()
# ```
#
# Attention alone falls down at once: from 0.77 to 0.023 after one storey, to 2.4e-09 after two, that is
# 0.0000000024, and from the third on all tokens are equal, up to rounding. Each of them is a weighted mean of
# all values, and so they move towards each other; the nearer they are, the more equal are the weights, and the
# faster it goes. Dong, Cordonnier and Loukas (2021) have proved it: "Attention is not all you need". In your
# block, each token keeps what it was, and what the branches find comes on top: after twelve storeys, 0.085 is
# left, and with the second block's weights even 0.6. Norms and MLP do not save a tower: the last curve is your
# block without the sums, and from the fourth storey on its tokens are equal, too. It is the lines that pass by
# that hold a tower up.
#
# </details>

# %%
# Here is room to try it.

# %% [markdown]
# ## What comes next
#
# A block takes 17 tokens and gives 17 tokens back, so that the next block can go on from there. In
# **notebook 9** you put everything in a row, from the pixels to the answer, and your transformer reads.

# %% [markdown]
# ## Before you hand in
#
# 1. Restart the kernel and run all cells (*Kernel → Restart Kernel and Run All Cells…*). A running notebook
#    still remembers what you have changed or deleted since; after a restart, only what stands here counts.
# 2. Save, and run `autograder check` in the terminal, as your README says: it reads your file as grading does.
# 3. Hand in this file, under its own name.
