"""Mistakes that students really make with `encoder_block`: what each computes, and the hint it earns."""

from lesson import encoder_block, layer_norm, mlp, multi_head_attention

from autograder.checking import misconception


def first_norm(X, block):
    return layer_norm(X, block["norm_1.gamma"], block["norm_1.beta"])


def second_norm(X, block):
    return layer_norm(X, block["norm_2.gamma"], block["norm_2.beta"])


def attend(X, block, num_heads):
    arrays = [block[f"attention.{name}"] for name in ("W_qkv", "b_qkv", "W_o", "b_o")]
    return multi_head_attention(X, *arrays, num_heads)


def think(X, block):
    return mlp(X, *(block[f"mlp.{name}"] for name in ("W_1", "b_1", "W_2", "b_2")))


@misconception("encoder_block")
def post_norm(X, block, num_heads):
    """The norms stand behind the sums, "post-norm", as in the first transformer.

    Here they stand inside the branches, in front of attention and MLP: pre-norm. What is added to the tokens
    is not normalised again.
    """
    X = first_norm(X + attend(X, block, num_heads), block)
    return second_norm(X + think(X, block), block)


@misconception("encoder_block")
def norms_behind_the_branches(X, block, num_heads):
    """The norms stand at the end of the branches, behind attention and MLP.

    They stand at the beginning of the branches: attention and MLP work on normalised tokens.
    """
    X = X + first_norm(attend(X, block, num_heads), block)
    return X + second_norm(think(X, block), block)


@misconception("encoder_block", constants={"first": (False,), "second": ("X1", "N")})
def residual_of_the_normalised(X, block, num_heads, *, first=True, second="M"):
    """The branches were added to the *normalised* tokens.

    The tokens themselves pass by untouched, on the line below the branch. Does your code give the normalised
    tokens the name `X`?
    """
    N = first_norm(X, block)
    X1 = (N if first else X) + attend(N, block, num_heads)
    M = second_norm(X1, block)
    return {"N": N, "X1": X1, "M": M}[second] + think(M, block)


@misconception("encoder_block")
def no_residuals(X, block, num_heads):
    """Nothing was added to the tokens: only what the branches found came back.

    The lines that pass by the branches are missing, `X + ...`, both of them.
    """
    return think(second_norm(attend(first_norm(X, block), block, num_heads), block), block)


@misconception("encoder_block")
def first_residual_missing(X, block, num_heads):
    """What attention found was not added to the tokens, but took their place.

    X' is `X + attention(...)`. The second sum is right.
    """
    X = attend(first_norm(X, block), block, num_heads)
    return X + think(second_norm(X, block), block)


@misconception("encoder_block")
def second_residual_missing(X, block, num_heads):
    """What the MLP found was not added to the tokens, but took their place.

    The output is `X' + mlp(...)`. The first sum is right.
    """
    X = X + attend(first_norm(X, block), block, num_heads)
    return think(second_norm(X, block), block)


@misconception("encoder_block")
def second_residual_from_the_start(X, block, num_heads):
    """The MLP was added to the X of the beginning, and what attention found was lost on the way.

    The second sum starts from X', the result of the first. Which of the two does your last line name?
    """
    middle = X + attend(first_norm(X, block), block, num_heads)
    return X + think(second_norm(middle, block), block)


@misconception("encoder_block")
def branches_side_by_side(X, block, num_heads):
    """Both branches started from X: the MLP did not see what attention had found.

    The second branch starts from X', the result of the first sum. Which of the two does the second norm get?
    """
    return X + attend(first_norm(X, block), block, num_heads) + think(second_norm(X, block), block)


@misconception("encoder_block")
def first_norm_for_both(X, block, num_heads):
    """The first norm was used for both branches.

    Each norm has a `gamma` and a `beta` of its own, and those of `norm_2` were not used.
    """
    X = X + attend(first_norm(X, block), block, num_heads)
    return X + think(first_norm(X, block), block)


@misconception("encoder_block")
def norms_swapped(X, block, num_heads):
    """The two norms have changed places.

    `norm_1` belongs to attention, and `norm_2` to the MLP.
    """
    X = X + attend(second_norm(X, block), block, num_heads)
    return X + think(first_norm(X, block), block)


@misconception("encoder_block")
def first_norm_missing(X, block, num_heads):
    """Attention worked on tokens that were not normalised.

    Each branch begins with a norm. Where does your code use `norm_1`?
    """
    X = X + attend(X, block, num_heads)
    return X + think(second_norm(X, block), block)


@misconception("encoder_block")
def second_norm_missing(X, block, num_heads):
    """The MLP worked on tokens that were not normalised.

    Each branch begins with a norm. Where does your code use `norm_2`?
    """
    X = X + attend(first_norm(X, block), block, num_heads)
    return X + think(X, block)


@misconception("encoder_block")
def no_norms(X, block, num_heads):
    """No norm was used, neither in front of attention nor in front of the MLP.

    Each branch begins with a norm, which has a `gamma` and a `beta` of its own.
    """
    X = X + attend(X, block, num_heads)
    return X + think(X, block)


@misconception("encoder_block")
def mlp_first(X, block, num_heads):
    """The MLP came first, and attention second.

    First the tokens look at each other, then each of them thinks for itself.
    """
    X = X + think(second_norm(X, block), block)
    return X + attend(first_norm(X, block), block, num_heads)


@misconception("encoder_block")
def mlp_missing(X, block, num_heads):
    """The second branch is missing: the block ends behind attention.

    The output is X' + mlp(norm_2(X')).
    """
    return X + attend(first_norm(X, block), block, num_heads)


@misconception("encoder_block")
def attention_missing(X, block, num_heads):
    """The first branch is missing: no token has looked at another.

    X' is X + attention(norm_1(X)).
    """
    return X + think(second_norm(X, block), block)


@misconception("encoder_block")
def one_head_only(X, block, num_heads):
    """Attention had one head, whatever `num_heads` says.

    `multi_head_attention` takes the number of heads as its last argument before the mask.
    """
    return encoder_block(X, block, 1)
