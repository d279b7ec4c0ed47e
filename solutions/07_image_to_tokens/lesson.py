# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 07 · An image is a sentence: from pixels to tokens
#
# *Attention in NumPy, step by step. Notebook 7 of 10.*
#
# Attention was made for sentences. What has an image to do with it? **Cut the image into small squares, lay
# them in a row, and you have a sentence**: each square is a word. From there on, nothing is new. The squares
# look at each other with your multi-head attention, and at the end the model says what it sees (Dosovitskiy
# et al., 2021, "An Image is Worth 16x16 Words").
#
# In this notebook and the two after it you build the whole **Vision Transformer**, and it is a real one. Its
# weights were found by training: they come with this notebook. In notebook 9, all the code that you have
# written by then reads handwritten digits that the model has never seen. About 98 of 100 should be right.
#
# Today, the image becomes a sentence:
#
# | step | your function | what it gives, for one digit |
# |---|---|---|
# | 0. an image | | 1×8×8 pixels |
# | 1. cut it into patches | `patchify` | 16×4 |
# | 2. make a token of each patch | `embed_patches` | 16×32 |
# | 3. put a class token in front | `add_class_token` | 17×32 |
# | 4. add positions | `add_position_embedding` | 17×32 |
#
# Four functions, and each is small.

# %%
import matplotlib.pyplot as plt
import numpy as np

from autograder import check, previous
from autograder.plots import demo_of, picture

# %% [markdown]
# **Your own earlier function.** The next cell brings it here from your notebook 1, as it is saved there. If
# you change it later, save that notebook and run this cell again.

# %%
project = previous("project")

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
# About 25 min · difficulty ●●●
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
with demo_of(patchify):
    patches = patchify(images[0], 2)  # (16, 4)
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
# has become a sentence of 16 words. (There are 358 other digits: write another number for the 0 in `images[0]`.)
#
# ## From patches to tokens
#
# A token is a patch, projected, with a bias: $\text{tokens} = \text{patches} \cdot W + b$. By numbers, for the
# first patch of the tiny image: column 1 of $W$ takes the mean, and column 2 asks how much darker the right
# side is than the left.
#
# $$\begin{bmatrix} 1 & 2 & 5 & 6 \end{bmatrix}
# \begin{bmatrix} 0.25 & -1 \\ 0.25 & 1 \\ 0.25 & -1 \\ 0.25 & 1 \end{bmatrix}
# + \begin{bmatrix} 0 & 0.5 \end{bmatrix} = \begin{bmatrix} 3.5 & 2.5 \end{bmatrix}$$
#
# ## Question 2 · `embed_patches`
#
# About 5 min · difficulty ●○○
#
# Make a token of each patch. You have written nearly all of it in notebook 1.
#
# <details><summary>Hint · nearly there</summary>
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
# filter of $P \times P$ pixels that moves over the image in steps of $P$. The next cell moves one, pixel by
# pixel, and compares. Its pictures show what six of the 32 columns make of the image, one pixel for each patch.

# %%
with demo_of(patchify, embed_patches):
    tokens = embed_patches(patchify(images[0], 2), weights["patch.W"], weights["patch.b"])  # (16, 32)
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
# 16 tokens know about 16 places, and we want *one* answer. So one more token goes in front: the **class
# token**, a row of numbers that training has found, the same for every image. In the encoder it looks at all
# patches with its own query, and gathers what it needs. At the end, the answer is read off this token alone.
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
# About 10 min · difficulty ●●○
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
# `np.broadcast_to(class_token, (*leading, 1, d))` repeats it without copying: one row for each image. Count the
# axis along which you join from the end.
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
# Attention does not know the order of its tokens: in notebook 5, shuffled tokens gave the same outputs,
# shuffled. For an image, that would be a disaster. A 6 and a 9 are made of nearly the same pieces; what counts
# is *where* they are. So every place has a row of numbers of its own, its **position embedding**, found by
# training and **added** to the token there. The class token has one too, the first. By numbers:
#
# $$\begin{bmatrix} 7 & 8 \\ 1 & 2 \\ 3 & 4 \\ 5 & 6 \end{bmatrix}
# + \begin{bmatrix} 0.5 & 0 \\ 0 & 0.5 \\ 0.1 & 0.2 \\ 0.3 & 0.4 \end{bmatrix}
# = \begin{bmatrix} 7.5 & 8 \\ 1 & 2.5 \\ 3.1 & 4.2 \\ 5.3 & 6.4 \end{bmatrix}$$
#
# ## Question 4 · `add_position_embedding`
#
# About 5 min · difficulty ●○○
#
# Add to each token the embedding of its position, the same for every image.
#
# <details><summary>Hint · nearly there</summary>
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


# %% [markdown]
# ## Can a sum be taken apart?
#
# What a patch shows and where it lies are now **one** row of 32 numbers. Is that not a mess? Let us see. All
# four functions run over a digit, and its 16 patch tokens are shuffled. Then we put the image together again,
# from their numbers alone. From each token, we subtract each of the 16 positions in turn, and look for the
# four pixels whose embedding comes nearest to what is left. The position with the smallest miss wins.
#
# **Before you run it: what do you expect?** How many of the 16 tokens find back to their place, and how many
# of the 64 pixels come out right?
#
# <details><summary>What happens, and why</summary>
#
# **All 16 tokens, and all 64 pixels.** Four pixels can move a token in 4 directions only, and it has 32: what
# a patch shows fills a small, flat part of the space. The positions stand out of it. Take away the right one,
# and what is left is a patch, up to rounding (the weights have about seven digits). Take away a wrong one, and
# something is left that no patch can explain: a miss of 0.40 at least, whatever the digit shows.
#
# So nothing gets lost when we add, as long as there is room. The white patches made equal tokens before; with
# their positions no two are equal, and each knows its place.
#
# </details>

# %%
order = np.random.default_rng(seed=7).permutation(16)
W, b, position = weights["patch.W"], weights["patch.b"], weights["position"]

with demo_of(patchify, embed_patches, add_class_token, add_position_embedding):
    patches = patchify(images[0], 2)  # (16, 4)
    tokens = add_class_token(embed_patches(patches, W, b), weights["class_token"])  # (17, 32)
    shuffled = add_position_embedding(tokens, position)[1:][order]  # (16, 32)

    left_over = shuffled[:, None] - position[1:] - b  # (16, 16, 32): of each token, without each position
    pixels = left_over @ np.linalg.pinv(W)  # (16, 16, 4): the patches that come nearest to it
    misses = np.linalg.norm(pixels @ W - left_over, axis=-1)  # (16, 16)
    places = misses.argmin(axis=-1)  # (16,): where each token says that it belongs
    together = np.zeros((16, 4))
    together[places] = pixels[range(16), places]

    print(f"{np.sum(places == order)} of 16 tokens are back in their place.")
    print(f"{np.sum(np.isclose(together, patches, atol=1e-5))} of 64 pixels are right.")
    right, wrong = np.sort(misses)[:, :2].T  # (16,) each: the smallest miss of each token, and the next
    print(f"The right position misses by {right.max():.0e} at most, a wrong one by {wrong.min():.2f} at least.")
    figure, axes = plt.subplots(1, 3, figsize=(7.5, 2.8), layout="constrained")
    titles = ["the image", "its patches, shuffled", "put together again"]
    for ax, each, title in zip(axes, [patches, patches[order], together], titles, strict=True):
        picture(ax, each.reshape(4, 4, 2, 2).swapaxes(1, 2).reshape(8, 8), title)
    plt.show()

# %% [markdown]
# ## If you want more · Positions that nobody learns
#
# About 15 min · difficulty ●●○ · no points
#
# The first transformer did not learn its positions, it computed them (Vaswani et al., 2017, section 3.5).
# Every second column is a sine, the one beside it a cosine, and each pair is slower than the one before:
#
# $$\text{position}_{p,\,2i} = \sin\left(p \,/\, 10000^{2i/d}\right) \qquad\quad
# \text{position}_{p,\,2i+1} = \cos\left(p \,/\, 10000^{2i/d}\right)$$
#
# Make them for the places $p$ from 0 to 63, with $d = 32$, and look at them. Then take the dot product of each
# position with each: what does it depend on? And what would these positions tell about our 4×4 patches: which
# of the others does number 6 take for its nearest?
#
# <details><summary>A solution</summary>
#
# ```python
# p, i = np.arange(64)[:, None], np.arange(16)  # (64, 1) and (16,)
# angles = p / 10000 ** (2 * i / 32)  # (64, 16)
# waves = np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(64, 32)
# products = waves @ waves.T  # (64, 64)
# figure, axes = plt.subplots(1, 3, figsize=(11, 3.6), layout="constrained")
# axes[0].imshow(waves, cmap="PuOr", aspect="auto")
# axes[0].set(title="the positions", xlabel="columns", ylabel="places")
# axes[1].imshow(products, cmap="Purples")
# axes[1].set(title="dot products", xlabel="places", ylabel="places")
# axes[2].imshow(products[5, :16].reshape(4, 4), cmap="Purples")
# axes[2].set(title="patch 6 and the others", xticks=[], yticks=[])
# plt.show()
#
# for name, rows in {"computed": waves[:16], "learned": weights["position"][1:]}.items():
#     grid = (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).reshape(4, 4, 32)
#     beside, below = np.sum(grid[:, 1:] * grid[:, :-1], axis=-1), np.sum(grid[1:] * grid[:-1], axis=-1)
#     print(f"{name}: cosine of neighbours {beside.mean():.2f} side by side, {below.mean():.2f} above each other")
# ```
#
# The fast columns on the left say which of two neighbours it is, the slow ones on the right roughly where: like
# the digits of a number, or the hands of a clock. In the second picture, all the numbers along a diagonal are
# equal: **a dot product depends on the distance only.** For each pair of columns,
# $\sin a \sin b + \cos a \cos b = \cos(a - b)$, and $a - b$ is $p - q$ times the speed of the pair. Near
# places are alike (16 with itself, 15.3 for the next), far ones less, though not evenly.
#
# But the waves know only a line. They take patches 5 and 7 for the nearest of number 6 (15.3), and after them 4
# and 8 (13.7). The patches right above and below are further than that (11.7 each). Learned positions had
# to find the grid by themselves, from digits, and found a little of it: two neighbours have a cosine of 0.16
# side by side and of 0.14 above each other, while all other pairs come to -0.07 on average. In large models
# you see rows and columns clearly (Dosovitskiy et al., 2021, figure 7).
#
# </details>

# %%
# Here is room to try it.

# %% [markdown]
# ## What comes next
#
# The image is a sentence of 17 tokens. Each of them knows what it shows and where it stands, and nothing of
# the others. In **notebook 8** you build the encoder block: the tokens look at each other, and then each of
# them thinks about what it has seen.

# %% [markdown]
# ## Before you hand in
#
# 1. Restart the kernel and run all cells (*Kernel → Restart Kernel and Run All Cells…*). A running notebook
#    still remembers what you have changed or deleted since; after a restart, only what stands here counts.
# 2. Save, and run `autograder check` in the terminal, as your README says: it reads your file as grading does.
# 3. Hand in this file, under its own name.
