# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 10 · Learning: the three matrices find themselves
#
# *Attention in NumPy, step by step. Notebook 10 of 10.*
#
# $W_q$, $W_k$ and $W_v$ make queries, keys and values. Nine notebooks took them as given: chosen by hand, drawn
# at random, or found by somebody else's training. But in a real model nobody chooses them. **They are
# learned.** In this notebook you find them yourself: an attention whose queries look for nothing begins to read
# handwritten digits, and seconds later it reads about 96 of 100 right.
#
# Learning is a loop. Read some images, and measure how wrong the answers are. Find out, for every single
# weight, whether the error would grow or shrink if that weight grew. Move each weight a little to where the
# error shrinks. Again.
#
# | step | your function | what it gives |
# |---|---|---|
# | 1. how wrong are the answers? | `cross_entropy` | one number, the **loss** |
# | 2. how should the logits change? | `cross_entropy_gradient` | the gradient for the logits |
# | 3. back through a projection | `projection_gradients` | the gradients for $X$ and $W$ |
# | 4. back through softmax | `softmax_gradient` | the gradient for the scores |
# | 5. back through attention | `attention_gradients` | the gradients for $Q$, $K$ and $V$ |
# | 6. a step downhill | `descend` | new weights |
#
# Step 1 goes forward, steps 2 to 5 go back, from the answer to the weights. That is why it is called
# **backpropagation**. Six functions, and none needs more than seven lines.

# %%
import os

os.environ["OMP_NUM_THREADS"] = "1"  # such small arrays are multiplied faster by one core than by several

import matplotlib.pyplot as plt
import numpy as np

from autograder import check, previous, previous_data
from autograder.plots import demo_of, heatmap, picture

# %% [markdown]
# **Your own earlier functions.** The next cell brings them here from your notebooks 1, 3, 4 and 7, as they are
# saved there. If you change one of them later, save that notebook and run this cell again.

# %%
project = previous("project")
project_qkv = previous("project_qkv")
softmax = previous("softmax")
softmax_jacobian = previous("softmax_jacobian")
scaled_dot_product_attention = previous("scaled_dot_product_attention")
patchify = previous("patchify")
embed_patches = previous("embed_patches")
add_position_embedding = previous("add_position_embedding")

# %% [markdown]
# ## How wrong is an answer?
#
# A model that reads images gives a row of **logits** for each image, one number for each class. Softmax makes
# probabilities of them. The **loss** of an image is $-\log$ of the probability that the *right* class got: 0
# when the model is sure and right, and large when it is sure and wrong. The loss of many images is the mean.
# Its name is **cross-entropy**.
#
# $$L = -\frac{1}{n} \sum_{i=1}^{n} \log p_{i, y_i} \qquad\quad p_i = \text{softmax}(\text{logits}_i)$$
#
# Here $y_i$ is the right class of image $i$, its **label**. By numbers, with two images and three classes:
#
# | | logits | probabilities | right class | its probability | $-\log$ |
# |---|---|---|---|---|---|
# | image 1 | 2, 1, 0 | 0.67, 0.24, 0.09 | 0 | 0.67 | 0.41 |
# | image 2 | 1, 1, 1 | 0.33, 0.33, 0.33 | 2 | 0.33 | 1.10 |
#
# The mean of 0.41 and 1.10 is the loss: **0.75**. (Here and everywhere below, $\log$ is the natural logarithm.)
#
# By shapes:
#
# | logits | labels | loss |
# |---|---|---|
# | $n \times$ classes | $n$ | one number |
# | 2×3 | 2 | the 0.75 above |
# | 64×10, a **batch** of digits | 64 | about 2.30 before training, for $-\log 0.1 = 2.30$ |

# %%
logits = np.array([[2.0, 1.0, 0.0], [1.0, 1.0, 1.0]])  # (2, 3): rows are images, columns classes
labels = np.array([0, 2])  # (2,): the right classes

# %% [markdown]
# ## Question 1 · `cross_entropy`
#
# About 15 min · difficulty ●●○
#
# Measure how wrong the logits are. It should also work for logits such as 1000 and -1000, even in one row. If
# the right class stands at -1000 and another one at 1000, the loss is 2000, and not infinite.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# First get it right for small logits: your `softmax`, then the probability of the right class in each row, then
# $-\log$, then the mean. `np.arange(len(labels))` counts the rows, and NumPy takes two arrays of indices at
# once, one for the rows and one for the columns.
#
# </details>
# <details><summary>Hint 2 · closer</summary>
#
# At 1000 and -1000, the probability of the right class is so small that the computer takes it for 0, and
# $\log 0$ is $-\infty$. So never form that probability. The logarithm of a quotient is a difference:
#
# $$\log \frac{e^{s_y}}{\sum_j e^{s_j}} = s_y - \log \sum_j e^{s_j}$$
#
# </details>
# <details><summary>Hint 3 · nearly there</summary>
#
# The sum must not overflow. Do what you did in softmax: first take the largest logit of each row away from the
# whole row. Then the sum is at least 1, and its logarithm at least 0. `keepdims=True` where you subtract from
# rows, and not where you want one number for each row.
#
# </details>


# %% cross_entropy
def cross_entropy(logits, labels):
    """Tell how far the logits are from the right answers: the mean of -log(probability of the right class).

    logits: (n, classes), one row for each example; 1000 and -1000 are allowed, in one row, too
    labels: (n,), integers: the right class of each example, from 0 to classes - 1
    Returns one number, not negative: 0 when every right class has the whole probability.

    Source: Bishop (2006), "Pattern Recognition and Machine Learning", equation 4.108, divided by n.
    """
    ### BEGIN SOLUTION
    shifted = logits - logits.max(axis=-1, keepdims=True)  # (n, classes), at most 0
    log_sums = np.log(np.exp(shifted).sum(axis=-1))  # (n,), of at least 1: never log(0)
    right = shifted[np.arange(len(labels)), labels]  # (n,)
    return np.mean(log_sums - right)
    ### END SOLUTION


# %%
with demo_of(cross_entropy):
    lead = np.linspace(-6, 6, 121)  # by how much the logit of the right class is larger than the other
    losses = [cross_entropy(np.array([[each, 0.0]]), np.array([0])) for each in lead]
    figure, ax = plt.subplots(figsize=(6.4, 3.2), layout="constrained")
    ax.plot(lead, losses, color="rebeccapurple")
    ax.plot(0, cross_entropy(np.zeros((1, 2)), np.array([0])), "o", color="rebeccapurple")
    ax.annotate("undecided: 0.69", (0, 0.69), (0.3, 1.3))
    ax.set(title="the loss of one answer, with two classes", ylabel="loss")
    ax.set_xlabel("logit of the right class, minus that of the wrong one")
    ax.grid(alpha=0.3)
    plt.show()

# %% [markdown]
# To be sure and wrong, on the left, is expensive. To be sure and right costs nearly nothing, and there the
# curve is flat: little is left to learn.
#
# ## What is a gradient?
#
# Nudge one logit, and watch the loss. In the example, let the first logit of image 1 grow from 2.00 to 2.01.
# The loss falls from 0.7531 to 0.7514, that is by 0.0017, and $-0.0017 / 0.01 = -0.17$ is the **slope** for
# this logit. Each of the six logits has its own slope. All of them together are the **gradient of the loss for
# the logits**. It tells for every number: *if you grow, the loss grows so much faster*. Where the slope is
# negative, growing helps.
#
# In code, we write `d` in front: `dX` is the gradient of the loss for `X`, and `dW` that for `W`. The first
# thing to know about it is the most useful one:
#
# **A gradient has the shape of what it is for**, since each number of `X` has exactly one slope. Whenever you
# are lost below, write down the shapes of what you have and of what you want. Most often, only one product
# fits.
#
# For the logits, the slopes come out beautifully simple. With a little calculus (try it, with the formula of
# hint 2):
#
# $$\frac{\partial L}{\partial\, \text{logits}_{ij}} = \frac{p_{ij} - [\,j = y_i\,]}{n}$$
#
# The bracket is 1 for the right class and 0 for the others; a row of such brackets is called **one-hot**.
# Probability minus truth, divided by the number of images. By numbers:
#
# $$\frac{1}{2} \left( \begin{bmatrix} 0.67 & 0.24 & 0.09 \\ 0.33 & 0.33 & 0.33 \end{bmatrix} -
# \begin{bmatrix} 1 & 0 & 0 \\ 0 & 0 & 1 \end{bmatrix} \right)
# = \begin{bmatrix} -0.17 & 0.12 & 0.05 \\ 0.17 & 0.17 & -0.33 \end{bmatrix}$$
#
# There is the $-0.17$ again. The others should shrink, each by as much as the model believes in it, and the
# right class should grow by as much as they shrink together.
#
# ## Question 2 · `cross_entropy_gradient`
#
# About 10 min · difficulty ●●○
#
# Give the gradient of the loss for every logit.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# Your `softmax` gives all probabilities. From each row of them, something is to be subtracted in one place
# only.
#
# </details>
# <details><summary>Hint 2 · nearly there</summary>
#
# `np.eye(classes)` has the one-hot rows of all classes, one below the other. Which rows of it do you want, and
# in which order? And by which of the two sizes do you divide: the number of examples, or that of classes?
#
# </details>


# %% cross_entropy_gradient
def cross_entropy_gradient(logits, labels):
    """Give the gradient of `cross_entropy` for every logit.

    logits: (n, classes); labels: (n,), integers from 0 to classes - 1
    Returns (n, classes): how fast the loss grows when that logit grows.

    Source: Bishop (2006), "Pattern Recognition and Machine Learning", equation 4.109, before its sum.
    """
    ### BEGIN SOLUTION
    n, classes = logits.shape
    one_hot = np.eye(classes)[labels]  # (n, classes)
    return (softmax(logits) - one_hot) / n  # (n, classes)
    ### END SOLUTION


# %% [markdown]
# Is a gradient right? There is a test that needs no calculus: **nudge every number by itself**, up and down,
# and see what the loss does. That is slow, and so nobody learns that way. But it is a good witness, and from
# now on you can call it whenever you doubt a gradient.


# %%
def by_nudging(loss, array, step=1e-5):
    """Give the slope of loss(array) for each number of the array: nudge it up and down, and compare."""
    slopes = np.zeros_like(array)
    for place in np.ndindex(array.shape):
        up, down = array.copy(), array.copy()
        up[place] += step
        down[place] -= step
        slopes[place] = (loss(up) - loss(down)) / (2 * step)
    return slopes


with demo_of(cross_entropy, cross_entropy_gradient):
    gradient = cross_entropy_gradient(logits, labels)
    witness = by_nudging(lambda nudged: cross_entropy(nudged, labels), logits)
    figure, axes = plt.subplots(1, 2, figsize=(7, 2.2), layout="constrained")
    for ax, matrix, title in zip(
        axes, [gradient, witness], ["your gradient (orange: growing helps)", "by nudging"], strict=True
    ):
        heatmap(ax, matrix, title, "PuOr", rows=["image 1", "image 2"], columns=[0, 1, 2], limits=(-0.5, 0.5))
    plt.show()

# %% [markdown]
# ## Back through a projection
#
# Now we know how the logits should change. But nobody can turn logits by hand: they are *made*, by projections,
# attention, and a projection again. So we ask each step on the way: **if this is the gradient for what you gave
# out, what is the gradient for what you took in?** The answer goes on to the step before.
#
# A projection takes in two things, tokens and weights: $Y = X W$. In one number of $Y$, say $Y_{ij} = \sum_c
# X_{ic} W_{cj}$, the weight $W_{cj}$ is multiplied by $X_{ic}$. So if $Y_{ij}$ has the slope $dY_{ij}$, then it
# gives $W_{cj}$ the slope $X_{ic} \cdot dY_{ij}$. But the same $W_{cj}$ is used for *every* token $i$. All of
# them have their say, and **their slopes are added up**. It is the same with $X_{ic}$, which is used for
# every column $j$ of $Y$.
#
# **By numbers.** Three tokens, the $W_q$ of notebook 1, and some gradient for the three queries:
#
# $$X = \begin{bmatrix} 1 & 1 \\ 1 & 0 \\ 0 & 1 \end{bmatrix} \qquad
# W = \begin{bmatrix} 1 & 1 \\ 0 & 1 \end{bmatrix} \qquad
# dY = \begin{bmatrix} 1 & 2 \\ 0 & 1 \\ 1 & 0 \end{bmatrix}$$
#
# The last number of $W$ met the second number of each token: $dW_{22} = 1 \cdot 2 + 0 \cdot 1 + 1 \cdot 0 =
# 2$. And the first number of token 1 met the first row of $W$: $dX_{11} = 1 \cdot 1 + 2 \cdot 1 = 3$. All in
# all:
#
# $$dX = \begin{bmatrix} 3 & 2 \\ 1 & 1 \\ 1 & 0 \end{bmatrix} \qquad\quad
# dW = \begin{bmatrix} 1 & 3 \\ 2 & 2 \end{bmatrix}$$
#
# **By shapes.** Cover the right half of this table, and find the two products by their shapes alone:
#
# | $X$ | $W$ | $dY$, as $Y$ | | $dX$, as $X$ | $dW$, as $W$ |
# |---|---|---|---|---|---|
# | $n \times d_{in}$ | $d_{in} \times d_{out}$ | $n \times d_{out}$ | | $n \times d_{in}$ | $d_{in} \times d_{out}$ |
# | 5×4 | 4×3 | 5×3 | | 5×4 | 4×3 |
# | batch×5×4 | 4×3 | batch×5×3 | | batch×5×4 | 4×3: one $W$, summed over the batch, too |
#
# ## Question 3 · `projection_gradients`
#
# About 15 min · difficulty ●●○
#
# Carry a gradient back through $Y = X W$, for any number of leading axes.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# Both are matrix products of $dY$ with the *other* partner, and one matrix in each product must be transposed.
# For 5×4, 4×3 and 5×3, which product of two of them gives 5×4? Which gives 4×3?
#
# </details>
# <details><summary>Hint 2 · closer</summary>
#
# $dX$ works for batches as it is. For $dW$, all sentences share one $W$, and so it does not matter to which
# sentence a token belongs. Lay all tokens below each other before you multiply, and the rows of $dY$ as well.
#
# </details>
# <details><summary>Hint 3 · nearly there</summary>
#
# `X.reshape(-1, X.shape[-1])` has one row for every token of every sentence, in order, whatever the leading
# axes are. The sum over all tokens is then what the inner axis of the product does by itself.
#
# </details>


# %% projection_gradients
def projection_gradients(X, W, dY):
    """Carry the gradient back through `Y = X @ W`.

    X: (..., n, d_in), tokens as rows
    W: (d_in, d_out)
    dY: (..., n, d_out), the gradient of the loss for Y
    Returns (dX, dW): dX (..., n, d_in); dW (d_in, d_out), summed over all tokens of all examples, which share W.

    Source: Goodfellow et al. (2016), "Deep Learning", section 6.5.6.
    """
    ### BEGIN SOLUTION
    dX = dY @ W.T  # (..., n, d_in)
    rows, gradients = X.reshape(-1, X.shape[-1]), dY.reshape(-1, dY.shape[-1])  # all tokens, one below the other
    dW = rows.T @ gradients  # (d_in, d_out)
    return dX, dW
    ### END SOLUTION


# %% [markdown]
# ## Back through softmax
#
# In notebook 3 you built the derivative of softmax, a whole matrix for each query: `softmax_jacobian`. It
# answers our question for one row. A score moves *every* weight of its row, so its slope is a sum over all of
# them, $dS_i = J^\top dA_i$, and $J$ is its own transpose. But for a batch of 64 images with 16 queries each, that
# would be 1024 matrices, and there is a shorter way. Multiply out $J = \text{diag}(p) - p\,p^\top$, and
# nothing but the weights themselves is left:
#
# $$dS_{ij} = A_{ij} \left( dA_{ij} - \sum_k A_{ik} \, dA_{ik} \right)$$
#
# Read it aloud. $dA_{ij}$ is what it would *cost* to look more at key $j$. The sum is what query $i$ pays **on
# average**, with the weights that it has. So $dS_{ij}$ is positive where a key costs more than the average, and
# negative where it costs less. A step goes *against* the gradient: it raises the scores of the cheaper keys, and
# lowers those of the dearer ones, for a query that looks more here must look less elsewhere. And in front stands
# $A_{ij}$: a key that gets no attention learns nothing. Nor does one that gets all of it, for it *is* the average.
#
# **By numbers**, with the weights of notebook 3, and a first key that costs 1 where the second costs 0:
#
# $$A = \begin{bmatrix} 0.33 & 0.67 \\ 0.50 & 0.50 \end{bmatrix} \qquad
# dA = \begin{bmatrix} 1 & 0 \\ 1 & 0 \end{bmatrix} \qquad
# \text{average} = \begin{bmatrix} 0.33 \\ 0.50 \end{bmatrix} \qquad
# dS = \begin{bmatrix} 0.33 \cdot 0.67 & 0.67 \cdot (-0.33) \\ 0.50 \cdot 0.50 & 0.50 \cdot (-0.50) \end{bmatrix}
# = \begin{bmatrix} 0.22 & -0.22 \\ 0.25 & -0.25 \end{bmatrix}$$
#
# These are the first columns of the two Jacobians that you saw in notebook 3. Everything here has one shape,
# $n_q \times n_k$, and each row is by itself; only the averages are a column, $n_q \times 1$.
#
# ## Question 4 · `softmax_gradient`
#
# About 10 min · difficulty ●●○
#
# Carry a gradient back through softmax, for all rows at once, without a Jacobian.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# Two steps: the average of each row, and then the formula as it stands. All products are number by number;
# there is no matrix product in it.
#
# </details>
# <details><summary>Hint 2 · nearly there</summary>
#
# The average is weighted: multiply first, then sum over the keys, which are the last axis. So that it can be
# subtracted from its own row, it must stay a column: `keepdims=True`, as in softmax.
#
# </details>


# %% softmax_gradient
def softmax_gradient(A, dA):
    """Carry the gradient back through softmax, row by row, without making a Jacobian.

    A: (..., n_q, n_k), weights as softmax has returned them
    dA: (..., n_q, n_k), the gradient of the loss for the weights
    Returns dS (..., n_q, n_k), the gradient of the loss for the scores: row i is `softmax_jacobian(A[i]) @ dA[i]`.

    Source: Bishop (2006), "Pattern Recognition and Machine Learning", equation 4.106.
    """
    ### BEGIN SOLUTION
    mean = (A * dA).sum(axis=-1, keepdims=True)  # (..., n_q, 1), what the row gains on average
    return A * (dA - mean)  # (..., n_q, n_k)
    ### END SOLUTION


# %%
random = np.random.default_rng(seed=10)
some_scores, wanted = random.normal(size=(2, 3, 5))  # three queries, five keys

with demo_of(softmax, softmax_jacobian, softmax_gradient):
    some_weights = softmax(some_scores)  # (3, 5)
    short = softmax_gradient(some_weights, wanted)  # (3, 5), all rows at once
    rows = [softmax_jacobian(p) @ dp for p, dp in zip(some_weights, wanted, strict=True)]  # a matrix for each row
    figure, axes = plt.subplots(1, 2, figsize=(9, 2.4), layout="constrained")
    for ax, matrix, title in zip(axes, [short, rows], ["softmax_gradient", "with the Jacobians of 03"], strict=True):
        heatmap(ax, matrix, title, "PuOr", rows=["$q_1$", "$q_2$", "$q_3$"], limits=(-0.8, 0.8))
    plt.show()

# %% [markdown]
# ## Back through attention
#
# Now the whole formula, from its end to its beginning. On the way forward there were three steps, and each of
# them has a way back:
#
# | forward | shape | on the way back it is asked |
# |---|---|---|
# | $S = Q K^\top / \sqrt{d_k}$ | $n_q \times n_k$ | here is $dS$: what are $dQ$ and $dK$? |
# | $A = \text{softmax}(S)$ | $n_q \times n_k$ | here is $dA$: what is $dS$? |
# | $O = A V$ | $n_q \times d_v$ | here is $dO$: what are $dA$ and $dV$? |
#
# Begin in the last row. It asks what question 3 asked: $O = A V$ is a product, as $Y = X W$ was, with $A$ in
# the place of $X$, and $V$ in that of $W$. The middle row is question 4. The first row is a product again, and
# a root below it: where the scores were divided, their gradients are divided as well.
#
# **By numbers**, the example of the course: $q_1 = (1, 2)$, $q_2 = (1, 1)$, $k_1 = (1, 0)$, $k_2 = (0, 1)$,
# $v_1 = (2, 1)$ and $v_2 = (2, 0)$. Let the loss be the sum of the *second* numbers of both outputs. Then
#
# $$dO = \begin{bmatrix} 0 & 1 \\ 0 & 1 \end{bmatrix} \;\Rightarrow\;
# dV = \begin{bmatrix} 0 & 0.83 \\ 0 & 1.17 \end{bmatrix} \qquad
# dA = \begin{bmatrix} 1 & 0 \\ 1 & 0 \end{bmatrix} \;\Rightarrow\;
# dS = \begin{bmatrix} 0.22 & -0.22 \\ 0.25 & -0.25 \end{bmatrix}$$
#
# $$\frac{dS}{\sqrt 2} = \begin{bmatrix} 0.16 & -0.16 \\ 0.18 & -0.18 \end{bmatrix} \;\Rightarrow\;
# dQ = \begin{bmatrix} 0.16 & -0.16 \\ 0.18 & -0.18 \end{bmatrix} \qquad
# dK = \begin{bmatrix} 0.33 & 0.49 \\ -0.33 & -0.49 \end{bmatrix}$$
#
# Read the first row of $dQ$. Downhill is the *other* way: $q_1$ should move by $(-0.16, 0.16)$, away from
# $k_1$ and towards $k_2$. Why? Because $v_1$ has a 1 in its second place, $v_2$ has a 0, and the loss wants
# that place small. (The first place is 2 in both values. Wherever a query looks, it gets its 2, and so there
# is nothing to learn from it.) And *careful*: $K$ is the identity here, so $dQ$ looks just like $dS / \sqrt
# 2$, and you cannot see whether $K$ should be transposed. The shapes tell.
#
# **By shapes**, with 3 queries, 7 keys, and vectors of length $d_k = 5$ and $d_v = 6$:
#
# | $dO$ | $V$ | $A$, $dA$, $dS$ | $Q$, $dQ$ | $K$, $dK$ | $dV$ |
# |---|---|---|---|---|---|
# | 3×6 | 7×6 | 3×7 | 3×5 | 7×5 | 7×6 |
#
# ## Question 5 · `attention_gradients`
#
# About 25 min · difficulty ●●●
#
# Carry a gradient back through attention (without a mask), for any number of leading axes.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# You need the weights $A$, and `scaled_dot_product_attention` returns them beside the output. Then take the
# table from the bottom up: $dV$ and $dA$ first, then $dS$, then $dQ$ and $dK$. Five lines, one for each.
#
# </details>
# <details><summary>Hint 2 · closer</summary>
#
# Find each product by its shapes. 7×6 out of $A$, 3×7, and $dO$, 3×6: which one is transposed? 3×7 out of $dO$,
# 3×6, and $V$, 7×6? Then 3×5 and 7×5 out of $dS$, 3×7. (`projection_gradients` itself will not do here: it sums
# over a batch, because all share one $W$. Here every sentence has a $V$ of its own.)
#
# </details>
# <details><summary>Hint 3 · nearly there</summary>
#
# Turn only the last two axes around, `swapaxes(-1, -2)`, and never `.T`: there may be a batch in front. Divide
# $dS$ by the root once, before both $dQ$ and $dK$ are made of it. $d_k$ is the length of a query, and `V` does
# not know it.
#
# </details>


# %% attention_gradients
def attention_gradients(Q, K, V, dO):
    """Carry the gradient back through attention without a mask, `softmax(Q Kᵀ / √d_k) V`.

    Q: (..., n_q, d_k)
    K: (..., n_k, d_k)
    V: (..., n_k, d_v)
    dO: (..., n_q, d_v), the gradient of the loss for the output
    Returns (dQ, dK, dV), each shaped as Q, K, V.

    Source: Dao et al. (2022), "FlashAttention", appendix B.2, where scores are not scaled.
    """
    ### BEGIN SOLUTION
    _, A = scaled_dot_product_attention(Q, K, V)  # (..., n_q, n_k)
    dV = A.swapaxes(-1, -2) @ dO  # (..., n_k, d_v)
    dA = dO @ V.swapaxes(-1, -2)  # (..., n_q, n_k)
    dS = softmax_gradient(A, dA) / np.sqrt(Q.shape[-1])  # (..., n_q, n_k), for Q Kᵀ before the root
    dQ = dS @ K  # (..., n_q, d_k)
    dK = dS.swapaxes(-1, -2) @ Q  # (..., n_k, d_k)
    return dQ, dK, dV
    ### END SOLUTION


# %% [markdown]
# This one deserves the witness. Random queries, keys and values, a random $dO$, and the loss $\sum dO \cdot O$,
# whose gradient for $O$ is just that $dO$. Above stands what you computed, below what nudging says.

# %%
arrays = {"Q": random.normal(size=(3, 5)), "K": random.normal(size=(7, 5)), "V": random.normal(size=(7, 6))}
asked = random.normal(size=(3, 6))

with demo_of(scaled_dot_product_attention, softmax_gradient, attention_gradients):
    found = dict(zip(arrays, attention_gradients(*arrays.values(), asked), strict=True))
    figure, axes = plt.subplots(2, 3, figsize=(10, 6.4), layout="constrained")
    for (above, below), name in zip(axes.T, arrays, strict=True):

        def loss_of(nudged, name=name):
            output, _ = scaled_dot_product_attention(*{**arrays, name: nudged}.values())
            return np.sum(asked * output)

        witness = by_nudging(loss_of, arrays[name])
        apart = np.max(np.abs(found[name] - witness))
        heatmap(above, found[name], f"d{name}: yours", "PuOr", limits=(-1.6, 1.6))
        heatmap(below, witness, f"d{name}: by nudging\nat most {apart:.0e} apart", "PuOr", limits=(-1.6, 1.6))
    plt.show()

# %% [markdown]
# They differ by less than $10^{-10}$: nudging is not exact, for its steps are small but not infinitely small. Your
# gradient is exact, and it took one run of attention and four more products. Nudging ran attention 184 times.
#
# ## A step downhill
#
# Every weight has its slope. Now move all of them a little, each *against* its slope:
#
# $$w \leftarrow w - \text{rate} \cdot dw$$
#
# The **learning rate** says how long the step is. Too short, and learning takes forever; too long, and you jump
# over the valley, and land higher than before. By numbers, with a rate of 0.1:
#
# $$W: \quad \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix} - 0.1 \cdot
# \begin{bmatrix} 10 & 0 \\ -10 & 20 \end{bmatrix} = \begin{bmatrix} 0 & 2 \\ 4 & 2 \end{bmatrix} \qquad\quad
# b: \quad (1, -1) - 0.1 \cdot (0, 5) = (1, -1.5)$$
#
# A model has many arrays. They come in a dictionary, by their names, and their gradients in another one with
# the same names.
#
# ## Question 6 · `descend`
#
# About 5 min · difficulty ●○○
#
# Take one step downhill with every array, and return the new ones in a new dictionary.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# Go through the names, and put under each what the formula says. Are the signs right? A weight with a positive
# slope must get smaller.
#
# </details>
# <details><summary>Hint 2 · nearly there</summary>
#
# `-=` would write into the arrays of the caller, which must stay as they are. A minus sign between two arrays
# makes a new one.
#
# </details>


# %% descend
def descend(weights, gradients, rate):
    """Take one step downhill: every array moves against its gradient.

    weights: a dict of arrays
    gradients: a dict of arrays with the same names and shapes
    rate: the learning rate, a number
    Returns a new dict with the same names; the one that was given, and its arrays, stay as they are.

    Source: Goodfellow et al. (2016), "Deep Learning", equation 4.5.
    """
    ### BEGIN SOLUTION
    return {name: weights[name] - rate * gradients[name] for name in weights}
    ### END SOLUTION


# %% [markdown]
# ## A small reader
#
# All parts are there. The reader below is much smaller than the transformer of notebook 9: **one attention
# with one head**, and no class token, no norm, no MLP. Patches become tokens, positions are added, the tokens
# look at each other once. Then all 16 outputs are laid side by side, and one projection makes ten logits of
# them.
#
# | | shape | made by |
# |---|---|---|
# | images | n×1×8×8 | |
# | patches | n×16×4 | `patchify` |
# | tokens $X$ | n×16×24 | `embed_patches`, `add_position_embedding` |
# | $Q$, $K$, $V$ | n×16×24 | `project_qkv` |
# | $O$ | n×16×24 | `scaled_dot_product_attention` |
# | side by side | n×384 | |
# | logits | n×10 | `project`, and a bias |
#
# It is given. Read it all the same: every line is a function of yours. `gradients_of` is the same path in the
# other direction, from the last line to the first. (Leave `factor` aside for now.)


# %%
def read(images, weights, factor=1.0):
    """Read images with one attention: the logits (n, 10), and all that was computed on the way."""
    patches = patchify(images, 2)  # (n, 16, 4)
    tokens = embed_patches(patches, weights["patch.W"], weights["patch.b"])  # (n, 16, 24)
    X = add_position_embedding(tokens, weights["position"])  # (n, 16, 24)
    Q, K, V = project_qkv(X, weights["W_q"], weights["W_k"], weights["W_v"])  # (n, 16, d_k) twice, (n, 16, 24)
    Q = factor * Q
    output, A = scaled_dot_product_attention(Q, K, V)  # (n, 16, 24), (n, 16, 16)
    row = output.reshape(len(images), -1)  # (n, 384): all outputs of an image, side by side
    logits = project(row, weights["head.W"]) + weights["head.b"]  # (n, 10)
    return logits, (patches, X, Q, K, V, A, row)


def gradients_of(images, labels, weights, factor=1.0):
    """Give the loss, and the gradient of every array, by its name."""
    logits, (patches, X, Q, K, V, _, row) = read(images, weights, factor)
    d_logits = cross_entropy_gradient(logits, labels)  # (n, 10)
    d_row, dW_head = projection_gradients(row, weights["head.W"], d_logits)  # (n, 384), (384, 10)
    dQ, dK, dV = attention_gradients(Q, K, V, d_row.reshape(V.shape))  # side by side no more: (n, 16, …)
    dX_q, dW_q = projection_gradients(X, weights["W_q"], factor * dQ)  # (n, 16, 24), (24, d_k)
    dX_k, dW_k = projection_gradients(X, weights["W_k"], dK)  # (n, 16, 24), (24, d_k)
    dX_v, dW_v = projection_gradients(X, weights["W_v"], dV)  # (n, 16, 24), (24, 24)
    dX = dX_q + dX_k + dX_v  # (n, 16, 24): a token is used three times, and its slopes are added up
    _, dW_patch = projection_gradients(patches, weights["patch.W"], dX)  # (4, 24)
    gradients = {"W_q": dW_q, "W_k": dW_k, "W_v": dW_v, "patch.W": dW_patch, "head.W": dW_head}
    gradients["patch.b"] = dX.sum(axis=(0, 1))  # (24,): added to every token of every image
    gradients["position"] = dX.sum(axis=0)  # (16, 24): the same for every image
    gradients["head.b"] = d_logits.sum(axis=0)  # (10,)
    return cross_entropy(logits, labels), gradients


def first_weights(seed, d_k=24):
    """Draw the weights to begin with: random, and of a size that keeps the numbers in shape."""
    random = np.random.default_rng(seed)
    sizes = {"patch.W": (4, 24), "W_q": (24, d_k), "W_k": (24, d_k), "W_v": (24, 24), "head.W": (384, 10)}
    weights = {name: random.normal(size=size) / np.sqrt(size[0]) for name, size in sizes.items()}
    return weights | {"patch.b": np.zeros(24), "position": random.normal(size=(16, 24)), "head.b": np.zeros(10)}


# %% [markdown]
# The digits lie in the folder of notebook 7: 1,438 to learn from, and 359 that are held out for the test. All
# arrays begin as random numbers, but for one: **$W_q$ begins at 0**, so that we can watch what comes into it.
# All queries are 0 then, and look for nothing: every token looks everywhere alike.
#
# | name | shape | | name | shape |
# |---|---|---|---|---|
# | `patch.W`, `patch.b` | 4×24, 24 | | `W_q`, `W_k`, `W_v` | 24×24 each |
# | `position` | 16×24 | | `head.W`, `head.b` | 384×10, 10 |

# %%
with np.load(previous_data("digits.npz")) as file:
    images, image_labels = file["train_images"][:, None] / 16, file["train_labels"]  # (1438, 1, 8, 8), (1438,)
    test_images, test_labels = file["test_images"][:, None] / 16, file["test_labels"]  # (359, 1, 8, 8), (359,)

beginning = {**first_weights(seed=0), "W_q": np.zeros((24, 24))}
# %% [markdown]
# Now the first three steps. After each of them, the next cell prints the size of the gradients for the three
# matrices (the norm: the root of the sum of all squares).
#
# **Before you run it: what do you expect?** $W_q$ is 0, and $W_k$ and $W_v$ are random. In the very first step,
# which of the three get a gradient? And in the second?
#
# <details><summary>What happens, and why</summary>
#
# **In the first step, $W_k$ gets nothing at all**: its gradient is exactly 0. $dK = dS^\top Q$, and $Q$ is 0.
# As long as nobody asks, it does not matter which key a token offers.
#
# $W_q$ does get a gradient, although it is 0 itself: $dQ = dS \, K$, and the keys are there. So the queries
# begin to look for something, and from the second step on, there are queries, and the keys learn from them, at first
# very little.
#
# $W_v$ learns from the beginning, $dV = A^\top dO$: even where everybody looks everywhere alike, it counts what
# there is to take.
#
# </details>

# %%
with demo_of(cross_entropy, cross_entropy_gradient, projection_gradients, attention_gradients, descend):
    weights = beginning
    for number in (1, 2, 3):
        loss, gradients = gradients_of(images[:64], image_labels[:64], weights)
        sizes = ", ".join(f"{name} {np.linalg.norm(gradients[name]):.3g}" for name in ("W_q", "W_k", "W_v"))
        print(f"step {number}: the loss is {loss:.4f}; gradients: {sizes}")
        weights = descend(weights, gradients, rate=0.1)

# %% [markdown]
# ## It learns!
#
# Now 1500 steps, each with a batch of 32 images that are drawn anew, in a few seconds. Beside it runs a
# second reader that may learn everything but $W_q$: its queries stay 0 for ever.


# %%
def train(weights, images, labels, steps=1500, batch=32, rate=0.1, factor=1.0, fixed=()):
    """Take steps downhill. Returns the weights that were found, and the loss of each step."""
    random = np.random.default_rng(seed=1)
    losses = []
    for _ in range(steps):
        drawn = random.integers(len(images), size=batch)
        loss, gradients = gradients_of(images[drawn], labels[drawn], weights, factor)
        stay = {name: np.zeros_like(weights[name]) for name in fixed}  # no gradient, no step
        weights = descend(weights, gradients | stay, rate)
        losses.append(loss)
    return weights, losses


def right_in_test(weights, factor=1.0):
    """Give the part of the held-out images that are read right, in %."""
    logits, _ = read(test_images, weights, factor)
    return 100 * np.mean(logits.argmax(axis=-1) == test_labels)


def draw_losses(ax, all_losses):
    """Draw how the losses fall, by names; each point is the mean of 20 steps."""
    colours = ["rebeccapurple", "tab:orange"]
    for (name, losses), colour in zip(all_losses.items(), colours, strict=True):
        ax.plot(range(10, len(losses), 20), np.reshape(losses, (-1, 20)).mean(axis=1), color=colour, label=name)
    ax.set(xlabel="step", ylabel="loss", ylim=(0, 2.5))
    ax.legend()
    ax.grid(alpha=0.3)


learned = beginning  # until the next lines have found better ones
given = (patchify, embed_patches, add_position_embedding, project, project_qkv, scaled_dot_product_attention)
yours = (cross_entropy, cross_entropy_gradient, projection_gradients, attention_gradients, descend)

with demo_of(*given, *yours):
    learned, losses = train(beginning, images, image_labels)
    blind, blind_losses = train(beginning, images, image_labels, fixed=["W_q"])
    print(f"held-out images read right before: {right_in_test(beginning):.1f} %, after: {right_in_test(learned):.1f} %")
    print(f"when the queries stay 0: {right_in_test(blind):.1f} %")
    figure, ax = plt.subplots(figsize=(6.4, 3.6), layout="constrained")
    draw_losses(ax, {"$W_q$ learns": losses, "$W_q$ stays 0": blind_losses})
    ax.set_title("1500 steps downhill")
    plt.show()

# %% [markdown]
# You should see about 95 to 97 %. Nobody has told the reader what to look for; there were only images, labels,
# and your gradient.
#
# Where the queries stay 0, everybody gets the mean of all values, the same mean for all 16. What is left of the
# image are four numbers, the mean ink at each of the four places in a patch, and that is not enough to read by.
# The difference is that queries *exist*: 24×24 numbers, and all of them were 0 at the beginning.
#
# (To be fair: a $W_q$ of *random* numbers that never learns gets about as far as yours. For so small images it
# is enough that every token looks somewhere else; the head learns to live with it. Try it:
# `train(first_weights(0), images, image_labels, fixed=["W_q"])`.)
#
# ## What has it learned to look for?
#
# Below, the attention is laid over the image, on its 4×4 patches, before training and after it. Each picture
# shows **how much all 16 queries together take from a patch**: the redder, the more. On the left is the mean
# of all held-out images, then come some single ones.


# %%
def looked_at(images, weights):
    """Give how much each patch is looked at, on the mean of all queries: (n, 4, 4)."""
    _, (_, _, _, _, _, A, _) = read(images, weights)
    return A.mean(axis=-2).reshape(-1, 4, 4)


with demo_of(*given, *yours):
    examples = [int(np.flatnonzero(test_labels == digit)[0]) for digit in (0, 3, 4, 6, 9)]
    figure, axes = plt.subplots(2, 6, figsize=(10, 3.8), layout="constrained")
    for row, (name, found) in zip(axes, {"before": beginning, "after": learned}.items(), strict=True):
        looks = looked_at(test_images, found)  # (359, 4, 4)
        shown = [
            (test_images.mean(axis=0), looks.mean(axis=0)),
            *((test_images[each], looks[each]) for each in examples),
        ]
        for ax, (image, look) in zip(row, shown, strict=True):
            picture(ax, 0.5 * image[0])
            ax.imshow(np.kron(look, np.ones((2, 2))), cmap="Reds", alpha=0.6, vmin=0, vmax=0.3)
        row[0].set_ylabel(f"{name} training")
    axes[0, 0].set_title("the mean of all")
    plt.show()

# %% [markdown]
# Before training, every query takes the same from everywhere, 1/16. After it, one patch at the left edge, where
# there is hardly any ink, is looked at three times as much, in every digit. The two corners on the left, which
# are just as white, and the lower right are hardly looked at any more. In the 4, it is the bar across that gets
# attention as well, and in the 6 the stroke on the lower left, which makes a 6 of a 5: do you remember the pocket
# calculator of notebook 9?
#
# So ink alone does not explain it. That a place is empty is news as well. And the weights of a query must sum to
# 1, so a query that finds nothing to its liking has to go somewhere. (Do not read too much into such pictures,
# here no more than in notebook 9. Begin with another seed, and your reader finds other places, and reads as well.)
#
# ## What the root is for
#
# Notebook 2 said that without $\sqrt{d_k}$, $W_q$ and $W_k$ would hardly learn, and notebook 3 showed that the
# derivative of softmax vanishes. Now you have the gradient itself, and real images. What arrives at a query?
#
# To take the root away, we need no other function: the given code multiplies all queries by `factor`. With
# $\sqrt{d_k}$ for it, the root is cancelled, on the way forward and on the way back. Below, a reader is at its
# very beginning, with random $W_q$ and $W_k$, and reads 64 images: 1024 queries. We measure the length of each
# query's own gradient, for longer and longer queries and keys.

# %%
lengths = [4, 16, 64, 256, 1024]


def slopes_of_queries(d_k, factor):
    """Give the length of the gradient that arrives at each of the 1024 queries, at the beginning of training."""
    weights = first_weights(seed=0, d_k=d_k)
    logits, (_, _, Q, K, V, _, _) = read(images[:64], weights, factor)
    d_row, _ = projection_gradients(
        np.zeros((64, 384)), weights["head.W"], cross_entropy_gradient(logits, image_labels[:64])
    )
    dQ, _, _ = attention_gradients(Q, K, V, d_row.reshape(V.shape))
    return np.linalg.norm(factor * dQ, axis=-1).ravel()  # (1024,)


with demo_of(*given, cross_entropy_gradient, projection_gradients, attention_gradients):
    figure, ax = plt.subplots(figsize=(7, 3.8), layout="constrained")
    for label, colour, power in ((r"with $\sqrt{d}$", "tab:blue", 0.0), (r"without $\sqrt{d}$", "tab:orange", 0.5)):
        slopes = [slopes_of_queries(d_k, d_k**power) for d_k in lengths]
        ax.plot(
            lengths, [np.percentile(each, 99) for each in slopes], ":", color=colour, label=f"the loudest 1 %, {label}"
        )
        ax.plot(lengths, [np.median(each) for each in slopes], "o-", color=colour, label=f"a typical query, {label}")
    ax.set_xscale("log", base=2)
    ax.set(yscale="log", xticks=lengths, xticklabels=lengths, xlabel="length $d$ of queries and keys")
    ax.set(ylabel="length of a query's gradient", title="Without the root, most queries hear nothing")
    ax.legend(fontsize="small")
    ax.grid(alpha=0.3)
    plt.show()

# %% [markdown]
# With the root (blue), the length does not matter: the typical query hears what it is to change, and the
# loudest ones hear about three times as much. Without it (orange), a typical query of length 1024 hears more
# than ten thousand times less: its softmax is saturated, one key has all the weight, and nothing
# gets through. (Up to length 64, nothing is lost yet.) And the dotted orange line shows what notebooks 2 and 3
# did *not* say: a few queries stand just between two keys, and those hear *more* than before, for without the
# root the slopes are not divided by it either. **Most are deaf, and a few are shouted at.**
#
# Does that hurt? Two readers with long queries and keys, $d_k = 256$, begin with the same random weights. They
# take the same 600 steps, one with the root and one without.

# %%
with demo_of(*given, *yours):
    start, results, all_losses = first_weights(seed=0, d_k=256), {}, {}
    for label, factor in ((r"with $\sqrt{d}$", 1.0), (r"without $\sqrt{d}$", np.sqrt(256))):
        found, all_losses[label] = train(start, images, image_labels, steps=600, factor=factor)
        results[label] = right_in_test(found, factor)
    figure, ax = plt.subplots(figsize=(6.4, 3.6), layout="constrained")
    draw_losses(ax, all_losses)
    with_root, without = results.values()
    ax.set_title(rf"with $\sqrt{{d}}$: {with_root:.1f} %, without $\sqrt{{d}}$: {without:.1f} %")
    plt.show()

# %% [markdown]
# Without the root, the loss falls more slowly, in jumps, and stays higher. One run is a matter of luck; over
# twenty, from other beginnings, the readers with the root read 95.7 % right, and those without it 91.6 %: about
# twice as many mistakes. It still learns something, because $W_v$, the positions and the head learn whatever
# softmax does, and work around queries that are stuck where chance has put them. At our usual length of 24, the
# root matters less: 95.9 % with it and 94.0 % without.
#
# And without it, learning is fragile. With the root, `rate=0.2` in the call of `train` does well, too: nearly
# 97 %. Without it, the few that are shouted at take such long steps that the weights run away; then the loss is
# `nan`, and that is the end of it. (Try it.) The root is there so that a model may be made *larger* without
# breaking. That is why nearly every model has it, or something that does its work.
#
# ## How many images does it take?
#
# Attention sees everything at once, and it pays for that with a need for examples: so said notebook 9. There,
# other people's trainings were drawn. Here is your own, from 50 images to all of them.

# %%
how_many = [50, 100, 200, 400, 800, 1438]

with demo_of(*given, *yours):
    order = np.random.default_rng(seed=0).permutation(1438)
    reached = []
    for number in how_many:
        found, _ = train(beginning, images[order[:number]], image_labels[order[:number]], steps=600)
        reached.append(right_in_test(found))
    figure, ax = plt.subplots(figsize=(6.4, 3.6), layout="constrained")
    ax.plot(how_many, reached, "o-", color="rebeccapurple")
    for number, percent in zip(how_many, reached, strict=True):
        ax.annotate(f"{percent:.0f} %", (number, percent - 2), ha="center", va="top")
    ax.set_xscale("log", base=2)
    ax.set(xticks=how_many, xticklabels=how_many, ylim=(50, 101), xlabel="images in training")
    ax.set(ylabel="held-out images read right, in %", title="The more it has seen, the better it reads")
    ax.grid(alpha=0.3)
    plt.show()

# %% [markdown]
# Yours is a single run, and flat in the middle by chance. In the mean of ten runs it is 74, 81, 87, 92, 94 and
# 95 %, and each doubling takes away a fifth of the mistakes, or more. No trick replaces the images: with 50 of
# them the loss falls as well, and all of *those* images are read right in the end. The others are not.
#
# Compare with notebook 9. With 50 images, the transformer there, which has three times as many weights as your
# reader, read 54.0 % right, and with all of them 97.6 %. The larger model needs more to begin with, and gets
# further.
#
# ## Question 7 · `why_gradient_teaches_queries`
#
# About 15 min · difficulty ●●○ · you write, a person reads
#
# The labels say which digit it is, and not a word about where to look. Yet $W_q$ was 0, and after training it
# has been shaped by the labels. How did they get there? You have all the pieces in your own functions.
#
# <details><summary>Hint 1 · a nudge</summary>
#
# Follow one image through `attention_gradients`, line by line. At which line does a number appear for the
# first time that belongs to one query *and* one key?
#
# </details>
# <details><summary>Hint 2 · closer</summary>
#
# In the example by numbers, read $dA$, $dS$ and $dQ$ of the first query once more, and mind that a step goes
# against the gradient. Who hands $dQ$ on to $W_q$? Then ask what happens to these numbers if the weights are
# $(1, 0)$ and not $(0.33, 0.67)$.
#
# </details>

# %% why_gradient_teaches_queries [markdown] points=5
# **How does the gradient tell $W_q$ what to look for, when the labels only say which digit it is?** Answer in
# about six sentences.
#
# 1. What does $dA_{ij}$ say about query $i$ and key $j$, and what does softmax's gradient make of it: when does
#    a step downhill raise the score $S_{ij}$, and when does it lower it?
# 2. In which direction does a step move a query $q_i$, and how does this reach $W_q$, which all tokens of all
#    images share?
# 3. When does $W_q$ learn nothing although the answer is wrong? Name a case, and say what becomes 0.
#
# ### BEGIN SOLUTION
# 1. $dA_{ij} = dO_i \cdot v_j$ says how the loss would change if query $i$ took more of value $j$: it compares
#    what the answer needs with what that key has to offer. Softmax's gradient compares it with the average of
#    the row, weighted by $A$. If key $j$ is better than that average (its $dA_{ij}$ is smaller), a step raises
#    $S_{ij}$; if it is worse, the score is lowered, in both cases the more, the larger $A_{ij}$ is.
# 2. $dQ_i$ is the sum of the keys, each times its $dS_{ij}$ (over $\sqrt{d_k}$), so against the gradient,
#    $q_i$ moves towards the keys that helped and away from those that did harm. $dW_q = X^\top dQ$ adds up
#    what all tokens of all images want. What only one of them wants averages out, and what many want stays:
#    for tokens like this one, look for keys like that one.
# 3. When softmax is saturated: one weight is nearly 1 and the others nearly 0, so $A_{ij} (dA_{ij} -
#    \text{average})$ is nearly 0 for every key, for the average then is the $dA$ of the one that has all the
#    weight. (Others: all values are equal, so all $dA$ of a row are equal; all keys are 0, or equal, so the
#    sum of $dS_{ij} k_j$ is 0.)
#
# ### BEGIN MARK SCHEME
# *Marking guide, 5 points.*
# - 2 points for the score: $dA_{ij}$ says whether more of value $j$ would help or harm the answer (1);
#   softmax's gradient compares with the row's weighted average, better than it is raised, worse is lowered
#   (1). "The score is changed to make the loss smaller" alone: no point.
# - 2 points for the query: it moves towards the keys that help, or away from those that harm (1); $W_q$ gets
#   the sum over all tokens (and images), so it learns what they have in common (1).
# - 1 point for a case with its reason: saturated softmax; equal values; keys that are 0 or all equal. "$Q =
#   0$" is wrong: then $W_k$ learns nothing, and $W_q$ does. No point.
# ### END MARK SCHEME
# ### END SOLUTION

# %% [markdown]
# ## If you want more · Steps with a memory
#
# About 20 min · difficulty ●●○ · no points
#
# A batch of 32 images knows only a part of the truth, and so each step goes a little astray. A ball that rolls
# downhill does not turn at every pebble: it has **momentum**. Keep a running sum of gradients, in which older
# ones count less and less, and step against that sum instead of the last gradient:
#
# $$\text{velocity} \leftarrow 0.9 \cdot \text{velocity} + \text{gradient} \qquad\quad
# w \leftarrow w - \text{rate} \cdot \text{velocity}$$
#
# Train the reader in this way, from the same beginning. In the long run, each gradient counts $1 + 0.9 + 0.81
# + \dots = 10$ times, so begin with a tenth of the rate or a fifth: 0.01 or 0.02. Does it read better than
# yours after as many steps?
#
# <details><summary>A solution</summary>
#
# `descend` does not ask where its "gradients" come from: hand it the velocity.
#
# ```python
# def train_with_momentum(weights, images, labels, steps=1500, batch=32, rate=0.02, momentum=0.9):
#     random = np.random.default_rng(seed=1)
#     velocity, losses = {name: np.zeros_like(array) for name, array in weights.items()}, []
#     for _ in range(steps):
#         drawn = random.integers(len(images), size=batch)
#         loss, gradients = gradients_of(images[drawn], labels[drawn], weights)
#         velocity = {name: momentum * velocity[name] + gradients[name] for name in weights}
#         weights = descend(weights, velocity, rate)
#         losses.append(loss)
#     return weights, losses
#
#
# rolling, rolling_losses = train_with_momentum(beginning, images, image_labels)
# print(f"with momentum {right_in_test(rolling):.1f} %, without {right_in_test(learned):.1f} %")
# figure, ax = plt.subplots(figsize=(6.4, 3.6), layout="constrained")
# draw_losses(ax, {"with momentum": rolling_losses, "without": losses})
# plt.show()
# ```
#
# You should see 96.9 % with momentum and about 95.5 % without; over five beginnings, the means are 96.7 and
# 95.9 %. It is faster, too: after 200 steps, the loss stands at 0.18 and not at 0.24, and at the end it is
# several times smaller. (With 0.01, there is hardly a gain.) The pebbles cancel, and what all batches agree on
# adds up. Most models are trained with a memory of some kind; the one that is used most, Adam (Kingma and Ba,
# 2015), also gives each weight a rate of its own.
#
# </details>

# %%
# Here is room to try it.

# %% [markdown]
# ## You have arrived
#
# Ten notebooks ago there were two tokens, $a_1 = (1, 1)$ and $a_2 = (1, 0)$, and three matrices that somebody
# had written down. Now there is nothing left that you have not built: what attention computes, and how it
# comes to compute it. PyTorch and its like do the second half by themselves, for any formula that you write.
# That is a great comfort, and no magic any more: inside there are the rules that you have written, one for
# each step.
#
# Where to go from here?
#
# - **Give your reader more heads.** `split_heads` and `merge_heads` of notebook 6 are all it takes, for your
#   `attention_gradients` takes any leading axes.
# - **Train the transformer of notebook 9 yourself.** Two ways back are missing, those of `gelu` and of
#   `layer_norm`; the residual connections have the simplest of all, for the gradient of a sum goes to both.
#   `by_nudging` tells whether you are right.
# - **Let it write.** Words for patches, the causal mask of notebook 4, and a head that asks which word comes
#   next: the same loss, the same way back, and you have a language model of the GPT family, a very small one.

# %% [markdown]
# ## Before you hand in
#
# 1. Restart the kernel and run all cells (*Kernel → Restart Kernel and Run All Cells…*). A running notebook
#    still remembers what you have changed or deleted since; after a restart, only what stands here counts.
# 2. Save, and run `autograder check` in the terminal, as your README says: it reads your file as grading does.
# 3. Hand in this file, under its own name.
