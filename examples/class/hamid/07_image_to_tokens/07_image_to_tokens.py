import numpy as np


def patchify(images, patch_size):
    height, width = images.shape[-2:]
    if height % patch_size != 0 or width % patch_size != 0:
        raise ValueError("The patches do not fit.")
    patches = []
    for top in range(0, height, patch_size):
        for left in range(0, width, patch_size):
            patch = images[..., top:top + patch_size, left:left + patch_size]
            patches.append(patch.reshape(*images.shape[:-3], -1))
    return np.stack(patches, axis=-2)


def embed_patches(patches, W, b):
    return patches @ W + b


def add_class_token(tokens, class_token):
    if tokens.ndim > 2:
        return np.array([add_class_token(image, class_token) for image in tokens])
    return np.vstack([class_token, tokens])


def add_position_embedding(tokens, position):
    return tokens + position
