"""What a network in torch says of faces."""

import numpy as np
import torch

from models_tflite.training.expression.faces import ENLARGED, Faces, Floats, Images
from models_tflite.training.expression.network import ExpressionNet, enlarge, normalise

_BATCH = 256


def logits(network: ExpressionNet, images: Images, size: int = ENLARGED) -> tuple[Floats, Floats]:
    """Return the logits (n, 8) and (n, 7) of faces (n, 48, 48), in 32-bit floats.

    Args:
        network: trained.
        images: grey.
        size: width that the network computes on.
    """
    network.eval()
    pixels = torch.from_numpy(images).unsqueeze(1)
    with torch.no_grad():
        outputs = [
            network(enlarge(normalise(batch.float()), size)) for batch in pixels.split(_BATCH)
        ]
    first, second = (torch.cat(parts).numpy() for parts in zip(*outputs, strict=True))
    return first, second


def agreement(network: ExpressionNet, faces: Faces, size: int) -> str:
    """Say in how many faces, `size` wide, each head agrees with most people's opinion."""
    words = []
    for name, said, shares in zip(
        ("FER+", "FER2013"),
        logits(network, faces.images, size),
        (faces.expressions, faces.fer2013),
        strict=True,
    ):
        rated = shares.max(axis=1) > 0
        right = said[rated].argmax(axis=1) == shares[rated].argmax(axis=1)
        if rated.any():
            words.append(f"{name} {np.mean(right):.1%}")
    return "set aside: " + ", ".join(words)
