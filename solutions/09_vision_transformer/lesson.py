# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 09 · An image is a sentence: the Vision Transformer
#
# *Attention in NumPy, step by step. Notebook 6 of 6.*
#
# Attention was made for sentences. What has an image to do with it? **Cut the image into small squares, lay
# them in a row, and you have a sentence**: each square is a word. From there on, nothing is new. The squares
# look at each other with your multi-head attention, and at the end the model says what it sees (Dosovitskiy
# et al., 2021, "An Image is Worth 16x16 Words").
#
# In this notebook you build the whole **Vision Transformer**, and it is a real one. Its weights were found by
# training: they come with this notebook. At the end, the code that you wrote in six notebooks reads
# handwritten digits that the model has never seen. About 98 of 100 should be right.
#
# | step | your function | what it gives, for one digit |
# |---|---|---|
# | 0. an image | | 1×8×8 pixels |
# | 1. cut it into patches | `patchify` | 16×4 |
# | 2. make a token of each patch | `embed_patches` | 16×32 |
# | 3. put a class token in front | `add_class_token` | 17×32 |
# | 4. add positions | `add_position_embedding` | 17×32 |
# | 5. run two encoder blocks | `encoder_block`, made of `layer_norm`, `gelu` and `mlp` | 17×32 |
# | 6. read the answer off the class token | `vit_logits`, which does all six steps | 10 numbers |
#
# Nine functions, and each is small.

# %%
import math
import time

import matplotlib.pyplot as plt
import numpy as np

from autograder import check, previous


# %%
def heatmap(ax, values, title, cmap="Purples"):
    """Draw a matrix: the darker a cell, the larger its value. You can use it, and need not read it."""
    low, high = min(0, np.min(values)), np.max(values)
    ax.imshow(values, cmap=cmap, vmin=low, vmax=low + 2 * (high - low))
    for (row, column), value in np.ndenumerate(values):
        ax.text(column, row, f"{value:z.2f}", ha="center", va="center")
    ax.set(title=title, xticks=[], yticks=[])


def picture(ax, image, title=""):
    """Draw an image (H, W): the darker, the more ink."""
    ax.imshow(image, cmap="Greys", vmin=0, vmax=1)
    ax.set(title=title, xticks=[], yticks=[])


# %% [markdown]
# **Your own earlier functions.** The next cell brings them here from your notebooks 1, 4 and 5, as they are
# saved there. If you change one of them later, save that notebook and run this cell again.

# %%
project = previous("project")
project_qkv_fused = previous("project_qkv_fused")
scaled_dot_product_attention = previous("scaled_dot_product_attention")
split_heads = previous("split_heads")
multi_head_attention = previous("multi_head_attention")

# %% [markdown]
# ## The digits
#
# 1,797 handwritten digits, each of 8×8 pixels, with one **channel**: the ink, from 0 (white) to 1 (black). A
# colour photo has three channels: red, green and blue. Training has used 1,438 of the digits. The other 359
# were **held out**: no training step has ever seen them. So they are a fair test, though not the hardest: the
# same 13 people wrote both, and a stranger's digits are harder to read. (`data/README.md` says how much, and
# where the digits come from.)

# %%
with np.load("data/digits.npz") as file:
    images = file["test_images"][:, None] / 16  # (359, 1, 8, 8): images × channels × height × width
    labels = file["test_labels"]  # (359,): the right answers, from 0 to 9
with np.load("data/weights.npz") as file:
    weights = dict(file)  # the weights that training has found, by name
num_heads = 4

figure, axes = plt.subplots(2, 12, figsize=(9, 2), layout="constrained")
for ax, image, label in zip(axes.flat, images, labels, strict=False):
    picture(ax, image[0], str(label))
plt.show()

# %% [markdown]
# ## From pixels to patches
#
# **By numbers.** A tiny image of 4×4 pixels, with one channel, cut into patches of $P = 2$ pixels each way:
#
# $$\left[\begin{array}{cc|cc} 1 & 2 & 3 & 4 \\ 5 & 6 & 7 & 8 \\ \hline 9 & 10 & 11 & 12 \\ 13 & 14 & 15 & 16
# \end{array}\right] \quad\Rightarrow\quad
# \begin{bmatrix} 1 & 2 & 5 & 6 \\ 3 & 4 & 7 & 8 \\ 9 & 10 & 13 & 14 \\ 11 & 12 & 15 & 16 \end{bmatrix}$$
#
# The patches are taken as you read a page: from left to right, then the next row of patches. Each patch
# becomes **one row of numbers**, and inside a patch the pixels are taken in the same way. With several
# channels, the whole patch of the first channel comes first, then the whole patch of the second, and so on.
#
# **By shapes**, with $C$ channels:
#
# | image | $P$ | grid of patches | patches |
# |---|---|---|---|
# | $C \times H \times W$ | $P$ | $H/P \times W/P$ | $N \times C P^2$, with $N = H/P \cdot W/P$ |
# | 1×8×8, our digits | 2 | 4×4 | 16×4 |
# | 3×6×10 | 2 | 3×5 | 15×12 |
# | batch×3×224×224, photos | 16 | 14×14 | batch×196×768 |
#
# ## Question 1 · `patchify`
#
# ⏱ 25 min · difficulty ●●●
#
# Cut images into patches. When the patches do not fit, raise a `ValueError`.
#
# **Careful: a `reshape` alone gives the right shape and the wrong numbers**, as in `split_heads`: it would
# take 1, 2, 3, 4 for the first patch, and that is a whole row of the image.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# Begin with a single patch, the one in row $r$ and column $c$ of the grid. At which pixel does it begin,
# and where does it end? `images[..., top:bottom, left:right]` cuts it out of all channels and all images at
# once.
#
# </details>
# <details><summary>Hint 2 · closer</summary>
#
# Two loops over the grid will do: first over its rows, inside over its columns. Make a row of each patch with
# `patch.reshape(*leading, -1)`, collect the rows in a list, and let `np.stack(rows, axis=-2)` put them below
# each other. And what if $P$ does not divide $H$, or $W$?
#
# </details>
# <details><summary>Hint 3 · the way without loops</summary>
#
# Cut two axes in two: `(..., C, H, W)` becomes `(..., C, H/P, P, W/P, P)`, and here a reshape is safe. Then
# `np.moveaxis(array, (-4, -2), (-5, -4))` brings the two axes of the grid in front of the channels:
# `(..., H/P, W/P, C, P, P)`. Now one more reshape. NumPy raises a `ValueError` by itself here if a size does
# not fit; your own message would say more clearly what is wrong.
#
# </details>


# %% patchify
def patchify(images, patch_size):
    """Cut images into square patches, and make each patch one row of numbers.

    images: (..., C, H, W), with C channels
    patch_size: P, the height and width of a patch in pixels
    Returns (..., N, C·P·P) with N = H/P · W/P: the patches from left to right, row after row of them;
       inside a patch channel by channel, and each channel's pixels from left to right, row by row.
    Raises ValueError when P does not divide both H and W.

    Source: Dosovitskiy et al. (2021), "An Image is Worth 16x16 Words", section 3.1.
    """
    ### BEGIN SOLUTION
    *leading, C, H, W = images.shape
    P = patch_size
    if H % P or W % P:
        raise ValueError(f"patches of {P}×{P} pixels cannot cover an image of {H}×{W}")
    grid = images.reshape(*leading, C, H // P, P, W // P, P)  # (..., C, H/P, P, W/P, P)
    grid = np.moveaxis(grid, (-4, -2), (-5, -4))  # (..., H/P, W/P, C, P, P)
    return grid.reshape(*leading, (H // P) * (W // P), C * P * P)  # (..., N, C·P·P)
    ### END SOLUTION


# %%
try:
    patches = patchify(images[0], 2)  # (16, 4)
except NotImplementedError:
    print("Fill in `patchify` above, then run this cell again.")
else:
    figure = plt.figure(figsize=(9.5, 4.2), layout="constrained")
    left, middle, right = figure.subfigures(1, 3, width_ratios=[4, 4, 3])
    picture(left.subplots(), images[0, 0], "the image: 8×8 pixels")
    for number, (ax, patch) in enumerate(zip(middle.subplots(4, 4).flat, patches, strict=True), 1):
        picture(ax, patch.reshape(2, 2))
        ax.set_xlabel(number, labelpad=1)
    middle.suptitle("16 patches of 2×2 pixels")
    ax = right.subplots()
    picture(ax, patches, "in a row each: 16×4")
    ax.set_yticks(range(16), range(1, 17))
    plt.show()

# %% [markdown]
# Do you still see the digit in the middle? Then your patches are in the right order. On the right, the image
# has become a sentence of 16 words.
#
# ## From patches to tokens
#
# Words became tokens by an embedding. For patches, it is a projection with a bias, the same for every patch:
#
# $$\text{tokens} = \text{patches} \cdot W + b$$
#
# By numbers, for the first patch of the tiny image, with a $W$ whose first column takes the mean, and whose
# second column asks how much darker the right side is than the left:
#
# $$\begin{bmatrix} 1 & 2 & 5 & 6 \end{bmatrix}
# \begin{bmatrix} 0.25 & -1 \\ 0.25 & 1 \\ 0.25 & -1 \\ 0.25 & 1 \end{bmatrix}
# + \begin{bmatrix} 0 & 0.5 \end{bmatrix} = \begin{bmatrix} 3.5 & 2.5 \end{bmatrix}$$
#
# ## Question 2 · `embed_patches`
#
# ⏱ 5 min · difficulty ●○○
#
# Make a token of each patch.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# You have written nearly all of it in notebook 1.
#
# </details>
# <details><summary>Hint 2 · nearly there</summary>
#
# `project`, and then `+ b`. NumPy adds a `(d,)` to every row of `(..., N, d)` by itself.
#
# </details>


# %% embed_patches
def embed_patches(patches, W, b):
    """Make a token of each patch: a projection with a bias.

    patches: (..., N, C·P·P), patches as rows
    W: (C·P·P, d)
    b: (d,)
    Returns (..., N, d).

    Source: Dosovitskiy et al. (2021), "An Image is Worth 16x16 Words", equation 1.
    """
    ### BEGIN SOLUTION
    return project(patches, W) + b  # (..., N, C·P·P) · (C·P·P, d) + (d,) → (..., N, d)
    ### END SOLUTION


# %% [markdown]
# If you know convolutional networks: **you have just written a convolution.** Each column of $W$ is a
# filter of $P \times P$ pixels, and it moves over the image in steps of $P$. The next cell does that, pixel
# by pixel, with a filter of our trained model, and compares. On the right you see what some of the 32 columns
# make of the image: each is a small picture, one pixel for each patch.

# %%
try:
    tokens = embed_patches(patchify(images[0], 2), weights["patch.W"], weights["patch.b"])  # (16, 32)
except NotImplementedError as gap:
    print(str(gap) or "Fill in `patchify` and `embed_patches` above, then run this cell again.")
else:
    kernel = weights["patch.W"][:, 0].reshape(2, 2)
    convolution = np.zeros((4, 4))
    for row in range(4):
        for column in range(4):
            under_it = images[0, 0, 2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
            convolution[row, column] = np.sum(kernel * under_it) + weights["patch.b"][0]
    print("The first column of the tokens is a convolution:", np.allclose(tokens[:, 0], convolution.ravel()))
    figure, axes = plt.subplots(1, 7, figsize=(9.5, 1.8), layout="constrained")
    picture(axes[0], images[0, 0], "the image")
    for column, ax in enumerate(axes[1:]):
        ax.imshow(tokens[:, column].reshape(4, 4), cmap="PuOr", vmin=-1, vmax=1)
        ax.set(title=f"column {column}", xticks=[], yticks=[])
    plt.show()

# %% [markdown]
# ## A token for the answer
#
# 16 tokens know about 16 places. But we want *one* answer for the whole image. So one more token goes in
# front of all others: the **class token**. It belongs to no place; it is a row of numbers that training has
# found, the same for every image. In the encoder it looks at all patches with its own query, and gathers what
# it needs. At the end, the answer is read off this token alone.
#
# By numbers, with the class token $(7, 8)$ and three patches:
#
# $$\begin{bmatrix} 1 & 2 \\ 3 & 4 \\ 5 & 6 \end{bmatrix} \quad\Rightarrow\quad
# \begin{bmatrix} 7 & 8 \\ 1 & 2 \\ 3 & 4 \\ 5 & 6 \end{bmatrix}$$
#
# | tokens | class token | result |
# |---|---|---|
# | $N \times d$ | $d$ | $(N+1) \times d$ |
# | batch×16×32 | 32 | batch×17×32: the same class token in front of every image |
#
# ## Question 3 · `add_class_token`
#
# ⏱ 10 min · difficulty ●●○
#
# Put the class token in front of the tokens, for any number of leading axes.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# `np.concatenate` joins arrays that have the *same number of axes*, and the same sizes but for the axis along
# which they are joined. Which shape must the class token get? Which axis counts the tokens?
#
# </details>
# <details><summary>Hint 2 · nearly there</summary>
#
# `np.broadcast_to(class_token, (*leading, 1, d))` repeats it: one row for each image. You have used both of
# these in notebook 5. Count the axis from the end.
#
# </details>


# %% add_class_token
def add_class_token(tokens, class_token):
    """Put the class token in front of the tokens of each image.

    tokens: (..., N, d), tokens as rows
    class_token: (d,), the same for every image
    Returns (..., N+1, d): the class token is the first row.

    Source: Dosovitskiy et al. (2021), "An Image is Worth 16x16 Words", equation 1.
    """
    ### BEGIN SOLUTION
    *leading, _, d = tokens.shape
    first = np.broadcast_to(class_token, (*leading, 1, d))  # (..., 1, d)
    return np.concatenate([first, tokens], axis=-2)  # (..., N+1, d)
    ### END SOLUTION


# %% [markdown]
# ## Who stands where?
#
# Attention does not know the order of its tokens: you saw in notebook 4 that shuffled tokens give the same
# outputs, shuffled. For an image, that would be a disaster. A 6 and a 9 are made of nearly the same pieces;
# what counts is *where* they are.
#
# The remedy is simple. Every place has a row of numbers of its own, its **position embedding**, and it is
# **added** to the token at that place. Nobody has designed these numbers; training has found them, too. The
# class token has a position as well, the first. By numbers:
#
# $$\begin{bmatrix} 7 & 8 \\ 1 & 2 \\ 3 & 4 \\ 5 & 6 \end{bmatrix}
# + \begin{bmatrix} 0.5 & 0 \\ 0 & 0.5 \\ 0.1 & 0.2 \\ 0.3 & 0.4 \end{bmatrix}
# = \begin{bmatrix} 7.5 & 8 \\ 1 & 2.5 \\ 3.1 & 4.2 \\ 5.3 & 6.4 \end{bmatrix}$$
#
# ## Question 4 · `add_position_embedding`
#
# ⏱ 5 min · difficulty ●○○
#
# Add to each token the embedding of its position. The positions are the same for every image.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# Write the two shapes below each other, aligned at the right. What does NumPy do with the leading axes that
# only one of them has?
#
# </details>
# <details><summary>Hint 2 · nearly there</summary>
#
# It is one plus sign. But `+=` would write into the caller's array, and so change the tokens that were
# handed in.
#
# </details>


# %% add_position_embedding
def add_position_embedding(tokens, position):
    """Add to each token the embedding of its position.

    tokens: (..., N+1, d), the class token first
    position: (N+1, d), one row for each place, the same for every image
    Returns (..., N+1, d).

    Source: Dosovitskiy et al. (2021), "An Image is Worth 16x16 Words", equation 1.
    """
    ### BEGIN SOLUTION
    return tokens + position  # (..., N+1, d) + (N+1, d) → (..., N+1, d)
    ### END SOLUTION


# %%
try:
    patch_tokens = embed_patches(patchify(images[0], 2), weights["patch.W"], weights["patch.b"])  # (16, 32)
    with_class = add_class_token(patch_tokens, weights["class_token"])  # (17, 32)
    with_position = add_position_embedding(with_class, weights["position"])  # (17, 32)
except NotImplementedError as gap:
    print(str(gap) or "Fill in all above, `add_position_embedding` too, then run this cell again.")
else:
    figure, axes = plt.subplots(1, 3, figsize=(10, 3.2), layout="constrained")
    titles = ["class token and patches", "+ positions", "= what enters the first block"]
    for ax, matrix, title in zip(axes, [with_class, weights["position"], with_position], titles, strict=True):
        ax.imshow(matrix, cmap="PuOr", vmin=-1, vmax=1)
        ax.set(title=title, xticks=[], yticks=[0, 4, 8, 12, 16])
    axes[0].set_yticklabels(["class", "patch 4", "patch 8", "patch 12", "patch 16"])
    plt.show()

# %% [markdown]
# Look at the left matrix. Some of its rows are equal: those patches are all white, like the first one, in a
# corner of the image. On the right, no two rows are equal. Now every token knows its place.
#
# ## Keep the numbers in shape
#
# A deep network multiplies and adds again and again, and numbers that grow a little in each layer grow beyond
# all bounds. **Layer norm** keeps them in shape: it takes every token *by itself*, shifts it so that the mean
# of its numbers is 0, and stretches it so that their variance is 1.
#
# $$\text{norm}(x) = \gamma \cdot \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta$$
#
# Here $\mu$ is the mean of the token's $d$ numbers and $\sigma^2$ their variance: the mean of
# $(x - \mu)^2$, divided by $d$ and not by $d - 1$. The small $\varepsilon$ keeps us from dividing by 0 when
# all numbers of a token are equal; mind that it stands **inside the root**. Training finds $\gamma$ and
# $\beta$, one number of each for every column, so that the network may choose another scale where it wants
# one.
#
# By numbers, $x = (1, 1, 5, 5)$ has $\mu = 3$ and $\sigma^2 = 4$. With $\gamma = (1, 2, 1, 2)$ and
# $\beta = (0, 0, 1, 1)$:
#
# $$(1, 1, 5, 5) \;\to\; (-2, -2, 2, 2) \;\to\; (-1, -1, 1, 1) \;\to\; (-1, -2, 1, 2) \;\to\; (-1, -2, 2, 3)$$
#
# ## Question 5 · `layer_norm`
#
# ⏱ 10 min · difficulty ●●○
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


# %%
token = np.array([1.0, 1.0, 5.0, 5.0])
three_tokens = np.stack([token, token + 4, 10 * token])  # (3, 4)

try:
    normed = layer_norm(three_tokens, np.ones(4), np.zeros(4))
except NotImplementedError:
    print("Fill in `layer_norm` above, then run this cell again.")
else:
    figure, axes = plt.subplots(1, 2, figsize=(7.6, 2.8), layout="constrained")
    heatmap(axes[0], three_tokens, "a token, shifted by 4, and 10 times as large")
    heatmap(axes[1], normed, "after layer norm")
    plt.show()

# %% [markdown]
# The three have become the same. Layer norm forgets the level and the size of a token; what is left is its
# *pattern*.
#
# ## A gate that is not linear
#
# Projections alone do not get far: two of them in a row are only another projection. Between two of them,
# something must happen that is *not* linear. The simplest such thing is **ReLU**: keep a positive number, and
# make a negative one 0. Transformers use a smoother gate, **GELU**: multiply $x$ by the probability
# $\Phi(x)$ that a standard normal random number is smaller than $x$.
#
# $$\text{gelu}(x) = x \cdot \Phi(x) \qquad\quad
# \Phi(x) = \frac{1}{2} \left(1 + \text{erf}\left(\frac{x}{\sqrt 2}\right)\right)$$
#
# | $x$ | -3 | -2 | -1 | 0 | 1 | 2 | 3 |
# |---|---|---|---|---|---|---|---|
# | $\text{gelu}(x)$ | -0.00 | -0.05 | -0.16 | 0.00 | 0.84 | 1.95 | 3.00 |
#
# The **error function** erf is known to Python, but not to NumPy: `math.erf` takes one number, and no array.
# `np.vectorize(f)` makes a new function out of `f` that takes arrays and calls `f` for every number in
# them. (You will also meet an approximation of GELU with tanh. It is a relic from times when erf was slow. We
# use the exact formula.)
#
# ## Question 6 · `gelu`
#
# ⏱ 10 min · difficulty ●●○
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

try:
    y = gelu(x)
except NotImplementedError:
    print("Fill in `gelu` above, then run this cell again.")
else:
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
# In a block, attention is followed by a small network of two layers, the **MLP** (multi-layer perceptron). It
# projects every token to more columns, here from 32 to 64, applies GELU, and projects back. While attention
# moves information *between* tokens, the MLP works on each token by itself.
#
# $$\text{mlp}(X) = \text{gelu}(X W_1 + b_1) \, W_2 + b_2$$
#
# By numbers:
#
# $$x = (1, 1) \qquad W_1 = \begin{bmatrix} 1 & -1 \\ 1 & -1 \end{bmatrix} \qquad b_1 = (0, 0) \qquad
# W_2 = \begin{bmatrix} 1 & 0 \\ 1 & 2 \end{bmatrix} \qquad b_2 = (0, 1)$$
#
# $$x W_1 + b_1 = (2, -2) \;\xrightarrow{\text{gelu}}\; (1.95, -0.05)
# \;\to\; (1.95, -0.05) \, W_2 + b_2 = (1.91, 0.91)$$
#
# ## Question 7 · `mlp`
#
# ⏱ 5 min · difficulty ●○○
#
# Two projections with biases, and a GELU between them.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# It is the formula above, from the inside out. Is there a GELU behind the second projection, too?
#
# </details>
# <details><summary>Hint 2 · nearly there</summary>
#
# `project` twice, each time with `+ b`. Write the shape behind each line: `(..., d)`, then `(..., hidden)`,
# then `(..., d)` again.
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
# The lines that pass by are called **residual connections**. In notebook 4, *it* learnt that it is an animal,
# and lost what it knew before; here nothing is lost. A branch need only find out what should *change*, and if
# it has nothing to say, it says 0. Because of that, a hundred blocks can be stacked, and the gradient finds
# its way back through all of them.
#
# The norms stand *in front of* attention and MLP, **inside the branches**: this is called **pre-norm**. (The
# first transformer had them behind the sums, "post-norm", which is harder to train. With the same weights, it
# gives other numbers.)
#
# **By numbers.** A single token can only attend to itself, so its attention gives its own value. Let all
# weights of value, $W_o$ and MLP be identities, with no biases, and all $\gamma = 1$, $\beta = 0$:
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
# ## Question 8 · `encoder_block`
#
# ⏱ 20 min · difficulty ●●●
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
# `block["norm_2.gamma"]` for the second. Test your block with a block whose weights and biases are all 0:
# then it must hand on $X$ as it is. Why?
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
# **How far does a token see?** We change a single patch, and look which tokens notice. In the middle, your
# `encoder_block` has run once. On the right, a convolution with a filter of 3×3 has run once over the same
# grid.

# %%
inverted = images[0].copy()
inverted[:, 2:4, 2:4] = 1 - inverted[:, 2:4, 2:4]  # in patch 6, black becomes white and white becomes black

try:
    block, outputs = part_of(weights, "blocks.0."), []
    for image in (images[0], inverted):
        tokens = embed_patches(patchify(image, 2), weights["patch.W"], weights["patch.b"])  # (16, 32)
        outputs.append(encoder_block(tokens, block, num_heads))
except NotImplementedError as gap:
    print(str(gap) or "Fill in all above, `encoder_block` too, then run this cell again.")
else:
    difference = np.abs(outputs[1] - outputs[0]).max(axis=-1).reshape(4, 4)
    one_patch = (np.arange(16) == 5).reshape(4, 4)
    neighbours = np.zeros((4, 4))
    neighbours[0:3, 0:3] = 1
    figure, axes = plt.subplots(1, 3, figsize=(8, 2.9), layout="constrained")
    titles = ["the patch that changes", "who notices, after one block", "after one 3×3 convolution"]
    for ax, grid, title in zip(axes, [one_patch, difference > 1e-9, neighbours], titles, strict=True):
        ax.imshow(grid, cmap="Purples", vmin=0, vmax=2)
        ax.set(title=title, xticks=[], yticks=[])
        for border in (0.5, 1.5, 2.5):
            ax.axhline(border, color="black", linewidth=0.8)
            ax.axvline(border, color="black", linewidth=0.8)
    plt.show()

# %% [markdown]
# How far a token sees is its **receptive field**. With attention, it is the whole image, from the very first
# block on. With convolutions of 3×3, it is the neighbours at first, and grows by one step in every direction
# with each layer.
#
# ## The whole transformer
#
# Everything in a row: patches, tokens, class token, positions; then one block after the other. Behind the
# last block comes one more layer norm. Then the **head** reads the answer off the class token, the first row,
# and off no other: it is a projection with a bias, from 32 columns to 10 numbers, the **logits**. The larger
# a logit, the more the model believes in that digit. (Softmax would make probabilities of them. We leave the
# logits as they are: the largest stays the largest.)
#
# All arrays come in one dictionary. These are the names, with the shapes in our model:
#
# | name | shape | |
# |---|---|---|
# | `patch.W`, `patch.b` | 4×32, 32 | for `embed_patches` |
# | `class_token` | 32 | |
# | `position` | 17×32 | |
# | `blocks.0.norm_1.gamma`, … | | the twelve arrays of the first block |
# | `blocks.1.norm_1.gamma`, … | | those of the second |
# | `norm.gamma`, `norm.beta` | 32, 32 | for the layer norm behind the last block |
# | `head.W`, `head.b` | 32×10, 10 | for the head |
#
# ## Question 9 · `vit_logits`
#
# ⏱ 20 min · difficulty ●●●
#
# Put it all together. Two lines are given: the patch size follows from the rows of `patch.W`, of which there
# are $C P^2$, and the number of blocks from the names.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# The table at the top of this notebook is your plan. Print the shape after each step, and compare it with the
# last column.
#
# </details>
# <details><summary>Hint 2 · closer</summary>
#
# In a loop, `for i in range(depth):`, each turn takes the tokens that the last one has left, and the arrays
# of its *own* block. `part_of` from above picks them: `part_of(weights, f"blocks.{i}.")`.
#
# </details>
# <details><summary>Hint 3 · nearly there</summary>
#
# After the last norm, `X[..., 0, :]` is the class token of every image, `(..., d)`: the dots leave all
# leading axes alone. The head is a projection with a bias, and nothing comes behind it.
#
# </details>


# %% vit_logits
def vit_logits(images, weights, num_heads):
    """Read images with a Vision Transformer: one number for each class, the larger the more likely.

    images: (..., C, H, W)
    weights: a dict of arrays
       patch.W (C·P·P, d), patch.b (d,)
       class_token (d,), position (N+1, d), with N = H/P · W/P
       blocks.0.norm_1.gamma and so on: the arrays of `encoder_block`, for each block
       norm.gamma (d,), norm.beta (d,)
       head.W (d, classes), head.b (classes,)
    num_heads: the number of heads in every block
    Returns (..., classes).

    Source: Dosovitskiy et al. (2021), "An Image is Worth 16x16 Words", equations 1 to 4.
    """
    patch_size = math.isqrt(weights["patch.W"].shape[0] // images.shape[-3])  # patch.W has C·P·P rows
    depth = len({name.split(".")[1] for name in weights if name.startswith("blocks.")})
    ### BEGIN SOLUTION
    patches = patchify(images, patch_size)  # (..., N, C·P·P)
    tokens = embed_patches(patches, weights["patch.W"], weights["patch.b"])  # (..., N, d)
    tokens = add_class_token(tokens, weights["class_token"])  # (..., N+1, d)
    X = add_position_embedding(tokens, weights["position"])  # (..., N+1, d)
    for i in range(depth):
        X = encoder_block(X, part_of(weights, f"blocks.{i}."), num_heads)  # (..., N+1, d)
    class_token = layer_norm(X, weights["norm.gamma"], weights["norm.beta"])[..., 0, :]  # (..., d)
    return project(class_token, weights["head.W"]) + weights["head.b"]  # (..., classes)
    ### END SOLUTION


# %% [markdown]
# ## It reads!
#
# Now let your transformer read the 359 digits that were held out. The same weights were also given to
# PyTorch, a library that people use to train such models, and the file holds the logits that it computed. How
# far apart are the two?

# %%
with np.load("data/pytorch.npz") as file:
    pytorch_logits = file["logits"]  # (359, 10)

try:
    started = time.perf_counter()
    logits = vit_logits(images, weights, num_heads)  # (359, 10)
    seconds = time.perf_counter() - started
except NotImplementedError as gap:
    print(str(gap) or "Fill in all above, `vit_logits` too, then run this cell again.")
else:
    answers = logits.argmax(axis=-1)  # (359,): the class with the largest logit
    right = answers == labels
    print(f"{right.sum()} of {len(labels)} digits are right, {right.mean():.1%}, in {seconds:.2f} seconds.")
    print(f"Your logits differ from PyTorch's by {np.max(np.abs(logits - pytorch_logits)):.0e} at most.")

# %% [markdown]
# You should see 354 of 359, which is 98.6 %, and a difference of about $10^{-14}$: the two do the same
# computations.
#
# Which digits get mixed up? In a **confusion matrix**, each row is a digit, and each column an answer. What
# stands off the diagonal is a mistake. Beside it you see all mistakes. Would you have read them right?

# %%
try:
    answers = vit_logits(images, weights, num_heads).argmax(axis=-1)  # (359,)
except NotImplementedError as gap:
    print(str(gap) or "Fill in all above, `vit_logits` too, then run this cell again.")
else:
    confusion = np.zeros((10, 10), dtype=int)
    np.add.at(confusion, (labels, answers), 1)
    mistakes = np.flatnonzero(answers != labels)
    figure = plt.figure(figsize=(9.5, 5), layout="constrained")
    left, right = figure.subfigures(1, 2, width_ratios=[3, 2])
    ax = left.subplots()
    ax.imshow(confusion, cmap="Purples", vmin=0, vmax=100)
    for (row, column), count in np.ndenumerate(confusion):
        if count:
            ax.text(column, row, count, ha="center", va="center", color="black" if row == column else "red")
    ax.set(title="how often", xlabel="answer", ylabel="digit", xticks=range(10), yticks=range(10))
    for ax, mistake in zip(right.subplots(3, 3).flat, [*mistakes, *[None] * 9][:9], strict=True):
        ax.axis("off")
        if mistake is not None:
            picture(ax, images[mistake, 0], f"{labels[mistake]}, read as {answers[mistake]}")
    right.suptitle(f"all {len(mistakes)} mistakes" if len(mistakes) <= 9 else "some mistakes")
    plt.show()

# %% [markdown]
# ## What does it look at?
#
# The weights of attention tell. We take the class token's row of weights in the *first* block, without its
# own weight, and lay it over the image: the redder a patch, the more the class token takes from there. Each
# head has its own picture.


# %%
def class_attention(image, place):
    """Give the weights of the class token for the patches, in block number `place`: (heads, N)."""
    tokens = embed_patches(patchify(image, 2), weights["patch.W"], weights["patch.b"])
    X = add_position_embedding(add_class_token(tokens, weights["class_token"]), weights["position"])
    for i in range(place):
        X = encoder_block(X, part_of(weights, f"blocks.{i}."), num_heads)
    block = part_of(weights, f"blocks.{place}.")
    normed = layer_norm(X, block["norm_1.gamma"], block["norm_1.beta"])
    QKV, biases = project_qkv_fused(normed, block["attention.W_qkv"]), np.split(block["attention.b_qkv"], 3)
    heads = [split_heads(part + bias, num_heads) for part, bias in zip(QKV, biases, strict=True)]
    _, attention = scaled_dot_product_attention(*heads)  # (heads, n, n): the class token is the first row
    return attention[:, 0, 1:]


# %%
examples = [int(np.flatnonzero(labels == digit)[0]) for digit in (3, 5, 6, 8, 9)]

try:
    looks = [class_attention(images[example], place=0).reshape(num_heads, 4, 4) for example in examples]
except NotImplementedError as gap:
    print(str(gap) or "Fill in all above, then run this cell again.")
else:
    figure, axes = plt.subplots(len(examples), 5, figsize=(7.5, 7.5), layout="constrained")
    for row, example, look in zip(axes, examples, looks, strict=True):
        picture(row[0], images[example, 0])
        for head, ax in enumerate(row[1:]):
            picture(ax, 0.5 * images[example, 0])
            ax.imshow(np.kron(look[head], np.ones((2, 2))), cmap="Reds", alpha=0.6, vmin=0, vmax=0.6)
    axes[0, 0].set_title("the image")
    for head, ax in enumerate(axes[0, 1:], 1):
        ax.set_title(f"head {head}")
    plt.show()

# %% [markdown]
# Heads 2 and 3 nearly always look at the same place, whatever the digit is: head 2 at patch 10, on the lower
# left, and head 3 at patch 7, on the upper right. Why there? Think of the display of a pocket calculator. A
# stroke on the lower left makes an 8 of a 9, and a 6 of a 5. A stroke on the upper right makes an 8 of a 6,
# and a 9 of a 5. Nobody has told the model so: training has found out where it pays to look. Head 4 often
# looks at the upper left (what does that tell apart?), and head 1 takes what is on the right.
#
# (Do not read too much into such pictures. They show where a head takes from, and not what becomes of it. In
# the second block, they are harder to understand, because there every token has already seen all others.)
#
# ## Does it really need the positions?
#
# You can shuffle the patches of an image like a puzzle. Let us do that, and let your transformer read the
# whole images and the puzzles: first with the positions that training has found, then with all positions set
# to 0.

# %%
order = np.random.default_rng(seed=6).permutation(16)
puzzles = images.reshape(-1, 4, 2, 4, 2).swapaxes(2, 3).reshape(-1, 16, 2, 2)[:, order]  # (359, 16, 2, 2)
puzzles = puzzles.reshape(-1, 4, 4, 2, 2).swapaxes(2, 3).reshape(images.shape)  # (359, 1, 8, 8)
no_positions = {**weights, "position": np.zeros_like(weights["position"])}

try:
    found = {
        (case, place): vit_logits(batch, model, num_heads)
        for case, model in {"with positions": weights, "without": no_positions}.items()
        for place, batch in {"whole images": images, "puzzles": puzzles}.items()
    }
except NotImplementedError as gap:
    print(str(gap) or "Fill in all above, `vit_logits` too, then run this cell again.")
else:
    for (case, place), each in found.items():
        print(f"{case:15} {place:13} {np.mean(each.argmax(axis=-1) == labels):6.1%} are read right")
    apart = np.max(np.abs(found["without", "whole images"] - found["without", "puzzles"]))
    print(f"Without positions, the logits of image and puzzle differ by {apart:.0e}.")
    figure, axes = plt.subplots(1, 2, figsize=(4.4, 2.4), layout="constrained")
    picture(axes[0], images[0, 0], "an image …")
    picture(axes[1], puzzles[0, 0], "… and its puzzle")
    plt.show()

# %% [markdown]
# - With positions, whole images are read, and puzzles are not. (Could you read them?)
# - Without positions, image and puzzle are **the same thing** to the transformer: their logits differ only by
#   rounding. And it is lost. It was trained with positions, and without them it is no better than guessing:
#   there are ten digits.
#
# So all that the model knows about *where* a patch is, lies in those 17 rows of numbers. It was not built in:
# it had to be learnt, from examples.
#
# ## How many images does it take?
#
# A convolution has two things built in. **It looks at neighbours first**, and **it does the same
# everywhere**: a filter that has learnt to find a stroke finds it at any place. A Vision Transformer has
# little of either. Between patches, all are equally near at first. And because each of them carries its
# position, a stroke at one place is not the same to the model as that stroke at another.
#
# What does that cost? Our Vision Transformer (18,218 weights) and a small convolutional network (17,162
# weights) were trained in the same way, on the same images, from 50 of them to all 1,438; three times each.
# (The weights that you use come from a longer training, which also showed every image a little turned and
# moved. So yours is better than the last point.)

# %%
how_many = [50, 100, 200, 400, 800, 1438]
transformer = [54.0, 71.2, 85.5, 91.6, 96.2, 97.6]  # in %, the means of three trainings each
convolutional = [86.3, 92.1, 95.5, 98.0, 98.8, 99.4]

figure, ax = plt.subplots(figsize=(6.4, 3.6), layout="constrained")
ax.plot(how_many, convolutional, "s--", color="tab:orange", label="convolutional network")
ax.plot(how_many, transformer, "o-", color="rebeccapurple", label="Vision Transformer")
ax.set_xscale("log", base=2)
ax.set(
    xticks=how_many,
    xticklabels=how_many,
    xlabel="images in training",
    ylabel="held-out images read right, in %",
)
ax.set(title="Both learn to read; one needs more to begin with", ylim=(50, 101))
ax.grid(alpha=0.3)
ax.legend()
plt.show()

# %% [markdown]
# ## Question 10 · `why_more_data`
#
# ⏱ 15 min · difficulty ●●○ · you write, a person reads
#
# You have seen three experiments: who notices a changed patch, the puzzles, and the number of images. Now put
# them together.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# What does a convolution "know" about images before it has seen a single one?
#
# </details>
# <details><summary>Hint 2 · closer</summary>
#
# Before training, the position embeddings are random. What would happen to a Vision Transformer if you
# shuffled the patches of *all* images in the same way, in training and in the test? And to a convolution?
#
# </details>

# %% why_more_data [markdown] points=5
# **Why does a Vision Transformer want more data than a convolutional network?** Answer in about six
# sentences.
#
# 1. How large is the receptive field of a token after one encoder block, and how large that of a convolution
#    with 3×3 filters after one layer, and after several? What is the advantage of each?
# 2. What does a convolution have built in that a Vision Transformer must learn from data? Name two things.
# 3. When would you choose which of the two?
#
# ### BEGIN SOLUTION
# 1. After one block, every token has seen the whole image, because attention connects each pair of tokens in
#    a single step. After one 3×3 layer, a place has seen itself and its eight neighbours; with every further
#    layer (without strides) it sees one more step in each direction. So attention can relate distant parts at
#    once, but it must choose among all of them. A convolution relates distant parts only in deep layers, but
#    nearby pixels, which mostly belong together, are all that it has to look at.
# 2. Locality: a convolution looks at neighbours first. For the transformer, all patches are equally near;
#    even which patches are neighbours it must learn, with the position embeddings. And translation
#    equivariance, by shared weights: a filter that finds a stroke finds it everywhere. The transformer must
#    see the stroke at many places. What is not built in must be learnt from examples, and so it takes more of
#    them.
# 3. With few images, a convolution (or a transformer that was trained on many other images before). With very
#    many, the Vision Transformer: then it can learn what the convolution was given, and also what the
#    convolution cannot express, such as relations between distant parts.
#
# *Marking guide, 5 points.*
# - 2 points for the receptive field: the whole image after one block (1); the neighbourhood, growing with
#   each layer, for the convolution (1). "Attention sees more" alone: no point.
# - 2 points for what is built in: locality, or that neighbours belong together (1); the same filter at every
#   place, or translation equivariance (1). "It has more parameters" is wrong here, both have about as many:
#   no point.
# - 1 point for the choice: little data, convolution; much data (or pre-training), transformer; with a reason
#   that fits the answer to 2.
# ### END SOLUTION

# %% [markdown]
# ## You have arrived
#
# From $q_1 \cdot k_1$ to a network that reads handwriting: every number in between was computed by code that
# you wrote. Large models have no other parts. The first Vision Transformer, ViT-Base, has patches of 16×16,
# width 768, 12 heads and 12 blocks, 86 million weights where yours has 18 thousand, and its functions are
# these nine. A language model of the GPT family has words for patches, the causal mask of your notebook 4 in
# every block, and a head that asks which word comes next.
#
# Where to go from here? Draw digits of your own, 8×8, and let your transformer read them. Look at the second
# block's attention (`place=1`). Or take the weights away, and find them yourself: training is what these
# notebooks have left out.
