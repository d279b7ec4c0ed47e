"""Mistakes that students really make in 09_vision_transformer: what each computes, and the hint it earns."""

import math

import numpy as np
from lesson import (
    add_class_token,
    add_position_embedding,
    embed_patches,
    encoder_block,
    layer_norm,
    part_of,
    patchify,
    project,
    softmax,
    vit_logits,
)

from autograder.checking import misconception

# --------------------------------------------------------------------------------------------- vit_logits


def enter(images, weights):
    """The tokens that enter the first block."""
    tokens = patch_tokens(images, weights)
    return add_position_embedding(add_class_token(tokens, weights["class_token"]), weights["position"])


def patch_tokens(images, weights):
    patch_size = math.isqrt(weights["patch.W"].shape[0] // images.shape[-3])
    return embed_patches(patchify(images, patch_size), weights["patch.W"], weights["patch.b"])


def blocks_of(weights):
    depth = len({name.split(".")[1] for name in weights if name.startswith("blocks.")})
    return [part_of(weights, f"blocks.{i}.") for i in range(depth)]


def run(X, blocks, num_heads):
    for block in blocks:
        X = encoder_block(X, block, num_heads)
    return X


def last_norm(X, weights):
    return layer_norm(X, weights["norm.gamma"], weights["norm.beta"])


def head(X, weights):
    return project(X, weights["head.W"]) + weights["head.b"]


@misconception("vit_logits")
def mean_of_all_tokens(images, weights, num_heads):
    """The answer was read off the mean of all tokens, and not off the class token.

    Some models do so, and have no class token. This one has been trained to gather the answer in its class
    token.
    """
    X = run(enter(images, weights), blocks_of(weights), num_heads)
    return head(last_norm(X, weights).mean(axis=-2), weights)


@misconception("vit_logits")
def mean_of_the_patches(images, weights, num_heads):
    """The answer was read off the mean of the patches' tokens, and not off the class token.

    Some models do so, and have no class token. This one has been trained to gather the answer in its class
    token.
    """
    X = run(enter(images, weights), blocks_of(weights), num_heads)
    return head(last_norm(X, weights)[..., 1:, :].mean(axis=-2), weights)


@misconception("vit_logits")
def last_token(images, weights, num_heads):
    """The answer was read off the last token, which is the patch at the lower right.

    The class token stands in front of all others. Which index has the first row?
    """
    X = run(enter(images, weights), blocks_of(weights), num_heads)
    return head(last_norm(X, weights)[..., -1, :], weights)


@misconception("vit_logits")
def first_patch(images, weights, num_heads):
    """The answer was read off the second row, which is the first patch.

    The class token stands in front of all others. Python counts from 0.
    """
    X = run(enter(images, weights), blocks_of(weights), num_heads)
    return head(last_norm(X, weights)[..., 1, :], weights)


@misconception("vit_logits")
def logits_of_all_tokens(images, weights, num_heads):
    """Every token has logits, and only those of the class token are asked for.

    One image has one answer, `(..., classes)`. Pick the first row of each image before the head.
    """
    return head(last_norm(run(enter(images, weights), blocks_of(weights), num_heads), weights), weights)


@misconception("vit_logits")
def no_final_norm(images, weights, num_heads):
    """The layer norm behind the last block is missing.

    In a pre-norm transformer, no norm comes behind the last sum, so one more is needed: `norm.gamma` and
    `norm.beta`.
    """
    return head(run(enter(images, weights), blocks_of(weights), num_heads)[..., 0, :], weights)


@misconception("vit_logits")
def norm_before_the_blocks(images, weights, num_heads):
    """The last layer norm came too early, in front of the first block.

    It stands behind the last block, in front of the head.
    """
    X = run(last_norm(enter(images, weights), weights), blocks_of(weights), num_heads)
    return head(X[..., 0, :], weights)


@misconception("vit_logits")
def norm_behind_every_block(images, weights, num_heads):
    """The last layer norm was used behind every block.

    It stands behind the *last* block only. Is that line inside your loop?
    """
    X = enter(images, weights)
    for block in blocks_of(weights):
        X = last_norm(encoder_block(X, block, num_heads), weights)
    return head(X[..., 0, :], weights)


@misconception("vit_logits")
def probabilities(images, weights, num_heads):
    """A softmax was applied to the logits.

    It makes probabilities of them. Here the logits themselves are asked for: what the head gives, as it is.
    """
    return softmax(vit_logits(images, weights, num_heads))


@misconception("vit_logits")
def only_the_answer(images, weights, num_heads):
    """Only the class with the largest logit came back.

    Return all logits, one for each class: the caller will look for the largest.
    """
    return vit_logits(images, weights, num_heads).argmax(axis=-1)


@misconception("vit_logits")
def head_without_bias(images, weights, num_heads):
    """The bias of the head was not added.

    The head is a projection with a bias, `head.b`.
    """
    return vit_logits(images, {**weights, "head.b": np.zeros_like(weights["head.b"])}, num_heads)


@misconception("vit_logits")
def first_block_for_all(images, weights, num_heads):
    """Every block had the weights of the first block.

    Each turn of the loop needs the arrays of its own block. Is there a 0 in your code where the number of the
    turn should stand?
    """
    blocks = blocks_of(weights)
    X = run(enter(images, weights), blocks[:1] * len(blocks), num_heads)
    return head(last_norm(X, weights)[..., 0, :], weights)


@misconception("vit_logits")
def last_block_for_all(images, weights, num_heads):
    """Every block had the weights of the last block.

    Each turn of the loop needs the arrays of its own block. Does your code pick them *inside* the loop?
    """
    blocks = blocks_of(weights)
    X = run(enter(images, weights), blocks[-1:] * len(blocks), num_heads)
    return head(last_norm(X, weights)[..., 0, :], weights)


@misconception("vit_logits")
def first_block_only(images, weights, num_heads):
    """Only the first block has run.

    Their number follows from the names, and is in `depth`. Does your `return` stand inside the loop?
    """
    X = run(enter(images, weights), blocks_of(weights)[:1], num_heads)
    return head(last_norm(X, weights)[..., 0, :], weights)


@misconception("vit_logits")
def last_block_only(images, weights, num_heads):
    """Only the last block counts: every block started from the tokens of the beginning.

    Each block takes what the block before it has left. Which name does your loop hand in, and which does it
    give to the result?
    """
    X = run(enter(images, weights), blocks_of(weights)[-1:], num_heads)
    return head(last_norm(X, weights)[..., 0, :], weights)


@misconception("vit_logits")
def blocks_backwards(images, weights, num_heads):
    """The blocks have run in the wrong order, the last one first.

    Block 0 is the first. In which order does your loop count?
    """
    X = run(enter(images, weights), blocks_of(weights)[::-1], num_heads)
    return head(last_norm(X, weights)[..., 0, :], weights)


@misconception("vit_logits")
def positions_before_the_class_token(images, weights, num_heads):
    """The positions were to be added before the class token was there, and there is one position more than
    patches.

    The class token has a position as well. Put it in front first, then add the positions.
    """
    tokens = add_position_embedding(patch_tokens(images, weights), weights["position"])
    return head(tokens, weights)


@misconception("vit_logits")
def class_token_after_positions(images, weights, num_heads):
    """The class token was put in front after the positions had been added, so it has none.

    The class token has a position as well, the first row. Put it in front first, then add the positions.
    """
    tokens = add_position_embedding(patch_tokens(images, weights), weights["position"][1:])
    X = run(add_class_token(tokens, weights["class_token"]), blocks_of(weights), num_heads)
    return head(last_norm(X, weights)[..., 0, :], weights)


@misconception("vit_logits")
def no_positions(images, weights, num_heads):
    """No positions were added, so the model cannot tell an image from its puzzle.

    It is step 4 in the table at the top of the notebook. Where does your code use `position`?
    """
    return vit_logits(images, {**weights, "position": np.zeros_like(weights["position"])}, num_heads)


@misconception("vit_logits")
def vit_with_one_head(images, weights, num_heads):
    """The blocks had one head each, whatever `num_heads` says.

    `encoder_block` takes the number of heads as its last argument. What does your code hand on?
    """
    return vit_logits(images, weights, 1)
