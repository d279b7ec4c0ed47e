# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 09 · The whole transformer: it reads
#
# *Attention in NumPy, step by step. Notebook 9 of 10.*
#
# Your code makes a sentence of an image, and your encoder block lets the tokens look at each other and think.
# In this notebook you put all of it together, into the whole **Vision Transformer**, and it is a real one.
# Its weights were found by training: they came with notebook 7. At the end, the code that you wrote in nine
# notebooks reads handwritten digits that the model has never seen. About 98 of 100 should be right.
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
# Nine functions, and each is small. Eight of them you have; the last one puts them in a row. After that you
# look into your transformer. Where does it look? Does it need to know where a patch lies? And how many images
# does it take to learn all that?

# %%
import math
import time

import matplotlib.pyplot as plt
import numpy as np

from autograder import check, previous, previous_data
from autograder.plots import demo_of, picture


# %%
def part_of(weights, beginning):
    """Pick the arrays whose names begin so, and cut the beginning off."""
    names = [name for name in weights if name.startswith(beginning)]
    return {name.removeprefix(beginning): weights[name] for name in names}


# %% [markdown]
# **Your own earlier functions.** The next cell brings them here from your notebooks 1, 4, 6, 7 and 8, as they
# are saved there. If you change one of them later, save that notebook and run this cell again.

# %%
project = previous("project")
project_qkv_fused = previous("project_qkv_fused")
scaled_dot_product_attention = previous("scaled_dot_product_attention")
split_heads = previous("split_heads")
patchify = previous("patchify")
embed_patches = previous("embed_patches")
add_class_token = previous("add_class_token")
add_position_embedding = previous("add_position_embedding")
layer_norm = previous("layer_norm")
encoder_block = previous("encoder_block")

# %% [markdown]
# The digits and the trained weights lie in the folder of notebook 7, and `previous_data` finds them there.

# %%
with np.load(previous_data("digits.npz")) as file:
    images = file["test_images"][:, None] / 16  # (359, 1, 8, 8): images × channels × height × width
    labels = file["test_labels"]  # (359,): the right answers, from 0 to 9
with np.load(previous_data("weights.npz")) as file:
    weights = dict(file)  # the weights that training has found, by name
num_heads = 4

# %% [markdown]
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
# ## Question 1 · `vit_logits`
#
# About 20 min · difficulty ●●●
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

with demo_of(vit_logits):
    started = time.perf_counter()
    logits = vit_logits(images, weights, num_heads)  # (359, 10)
    seconds = time.perf_counter() - started
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
with demo_of(vit_logits):
    answers = vit_logits(images, weights, num_heads).argmax(axis=-1)  # (359,)
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

earlier = (patchify, embed_patches, add_class_token, add_position_embedding, encoder_block, layer_norm)
with demo_of(*earlier, project_qkv_fused, split_heads, scaled_dot_product_attention):
    looks = [class_attention(images[example], place=0).reshape(num_heads, 4, 4) for example in examples]
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
# looks at the upper left (what does that tell apart?), and head 1 takes what is on the right. Other digits are
# yours to look at: change the numbers behind `for digit in`, and run the cell again.
#
# (Do not read too much into such pictures. They show where a head takes from, and not what becomes of it. In
# the second block, they are harder to understand, because there every token has already seen all others.)
#
# ## Does it really need the positions?
#
# You can shuffle the patches of an image like a puzzle. Let us do that, and let your transformer read the
# whole images and the puzzles: first with the positions that training has found, then with all positions set
# to 0.
#
# **Before you run it: what do you expect?** Somebody who guesses is right in 10 % of the cases. Of the four
# shares that come (images and puzzles, with positions and without), which will be about as low as that?
#
# <details><summary>What happens, and why</summary>
#
# **All but one.** With positions, whole images are read (98.6 %), and puzzles are not (9.2 %). Could you read
# them?
#
# Without positions, image and puzzle are **the same thing** to the transformer: the same 16 tokens, in another
# order. Their logits differ only by rounding, and both come to 10.0 %. It was trained with positions, and is
# lost without them: it takes nearly everything for a 1 or a 2.
#
# </details>

# %%
order = np.random.default_rng(seed=6).permutation(16)
puzzles = images.reshape(-1, 4, 2, 4, 2).swapaxes(2, 3).reshape(-1, 16, 2, 2)[:, order]  # (359, 16, 2, 2)
puzzles = puzzles.reshape(-1, 4, 4, 2, 2).swapaxes(2, 3).reshape(images.shape)  # (359, 1, 8, 8)
no_positions = {**weights, "position": np.zeros_like(weights["position"])}

with demo_of(vit_logits):
    known = [vit_logits(batch, weights, num_heads) for batch in (images, puzzles)]
    unknown = [vit_logits(batch, no_positions, num_heads) for batch in (images, puzzles)]
    whole, cut = (np.mean(each.argmax(axis=-1) == labels) for each in known)
    print(f"With positions, {whole:.1%} of the images are read right, and {cut:.1%} of the puzzles.")
    whole, cut = (np.mean(each.argmax(axis=-1) == labels) for each in unknown)
    print(f"Without positions, {whole:.1%} of the images are read right, and {cut:.1%} of the puzzles.")
    apart = np.max(np.abs(unknown[0] - unknown[1]))
    print(f"Without positions, the logits of image and puzzle differ by {apart:.0e}.")
    figure, axes = plt.subplots(1, 2, figsize=(4.4, 2.4), layout="constrained")
    picture(axes[0], images[0, 0], "an image …")
    picture(axes[1], puzzles[0, 0], "… and its puzzle")
    plt.show()

# %% [markdown]
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
# ## Question 2 · `why_more_data`
#
# About 15 min · difficulty ●●○ · you write, a person reads
#
# You have seen three experiments: who notices a changed patch (in notebook 8), the puzzles, and the number of
# images. Now put them together.
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
# ### BEGIN MARK SCHEME
# *Marking guide, 5 points.*
# - 2 points for the receptive field: the whole image after one block (1); the neighbourhood, growing with
#   each layer, for the convolution (1). "Attention sees more" alone: no point.
# - 2 points for what is built in: locality, or that neighbours belong together (1); the same filter at every
#   place, or translation equivariance (1). "It has more parameters" is wrong here, both have about as many:
#   no point.
# - 1 point for the choice: little data, convolution; much data (or pre-training), transformer; with a reason
#   that fits the answer to 2.
# ### END MARK SCHEME
# ### END SOLUTION

# %% [markdown]
# ## If you want more · Your own handwriting
#
# About 15 min · difficulty ●○○ · no points
#
# Draw a digit of 8×8 pixels, and let your transformer read it. Eight lines of text will do: `.` for no ink, `+`
# for some, `#` for much. Fill the whole height, as the digits of notebook 7 do. Then move your digit by one
# pixel to the right. Is it still read? And where does the class token look in the *second* block
# (`class_attention(mine, place=1)`)?
#
# <details><summary>A solution</summary>
#
# ```python
# drawing = """
# ..####..
# ..#..#..
# .....#..
# ...##...
# .....#..
# .....#..
# ..#..#..
# ..####..
# """
# ink = {".": 0.0, "+": 0.5, "#": 1.0}
# mine = np.array([[[ink[sign] for sign in line] for line in drawing.split()]])  # (1, 8, 8)
#
#
# def moved(images):
#     """One pixel to the right: a white column comes in, and the last one falls off."""
#     return np.pad(images[..., :-1], [(0, 0)] * (images.ndim - 1) + [(1, 0)])
#
#
# figure, axes = plt.subplots(2, 5, figsize=(8, 3.6), layout="constrained")
# for row, image in zip(axes, [mine, moved(mine)], strict=True):
#     logits = vit_logits(image, weights, num_heads)
#     picture(row[0], image[0], f"read as {logits.argmax()}")
#     print(*[f"{digit}: {logit:.1f}" for digit, logit in enumerate(logits)], sep="   ")
#     for head, look in enumerate(class_attention(image, place=1).reshape(num_heads, 4, 4)):
#         picture(row[head + 1], 0.5 * image[0], f"head {head + 1}")
#         row[head + 1].imshow(np.kron(look, np.ones((2, 2))), cmap="Reds", alpha=0.6, vmin=0, vmax=0.6)
# plt.show()
# answers = vit_logits(moved(images), weights, num_heads).argmax(axis=-1)
# print(f"All held-out digits, moved: {np.mean(answers == labels):.1%} are read right.")
# ```
#
# Our 3 is read as a 3, with a logit of 4.1; all others are below 0. One pixel further to the right it is read
# as a 5. That is no bad luck: when all the held-out digits move by one pixel, only 63.5 % are still read right.
# You hardly see the difference, but the transformer gets other patches, cut at other places, each with a
# position of its own: another sentence.
#
# In the second block, heads 2 and 4 look at the gap in the upper half of our 3, where an 8 or a 9 has a stroke.
# In the first block, heads 2 and 3 had one favourite place for nearly all digits (for 329 and 353 of the 359).
# Now no head has: where it looks depends on which digit it is.
#
# </details>

# %%
# Here is room to try it.

# %% [markdown]
# ## What comes next
#
# From $q_1 \cdot k_1$ to a network that reads handwriting: every number in between was computed by code that
# you wrote. Large models have no other parts. The first Vision Transformer, ViT-Base, has patches of 16×16,
# width 768, 12 heads and 12 blocks, 86 million weights where yours has 18 thousand, and its functions are
# these nine. A language model of the GPT family has words for patches, the causal mask of your notebook 4 in
# every block, and a head that asks which word comes next.
#
# Only one thing has fallen from the sky: the weights. They lay in a file, and you took them as they were. But
# nobody wrote them down: they began as random numbers, and training has made them what they are. How can
# numbers learn where to look? In **notebook 10** you find out, and find your own: an attention whose $W_q$,
# $W_k$ and $W_v$ know nothing yet learns to read these digits, before your eyes.

# %% [markdown]
# ## Before you hand in
#
# 1. Restart the kernel and run all cells (*Kernel → Restart Kernel and Run All Cells…*). A running notebook
#    still remembers what you have changed or deleted since; after a restart, only what stands here counts.
# 2. Save, and run `autograder check` in the terminal, as your README says: it reads your file as grading does.
# 3. Hand in this file, under its own name.
