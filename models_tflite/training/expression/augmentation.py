"""Random views of faces, a whole batch at once on tensors."""

import math

import torch
from torch import Generator, Tensor
from torch.nn import functional

from appliance.perception.expression import SIZE

_TURN_DEG = 18.0
_ZOOM = (0.9, 1.15)
_SHIFT = 0.09
_LEAST_PART = 0.9
_CONTRAST = (0.65, 1.4)
_BRIGHTNESS = 35.0
_ERASED_FACES = 0.5
_ERASED_SIDE = (0.1, 0.4)


def augment(images: Tensor, size: int, generator: Generator) -> Tensor:
    """Return random views: mirrored, turned, zoomed, shifted, lit otherwise, partly hidden.

    A view smaller than the face shows, on average, 90% of its width. A network that is trained on
    such views does well on whole faces (Touvron et al. 2019, arXiv:1906.06423).

    Args:
        images: (n, 1, 48, 48) grey, 0..255.
        size: width and height of the views.
        generator: source of chance.

    Returns:
        (n, 1, size, size) grey, 0..255, float.
    """
    views = _moved(images.float(), size, generator)
    views = _lit(views, generator)
    return _erased(views, generator)


def _uniform(count: int, low: float, high: float, generator: Generator) -> Tensor:
    return low + (high - low) * torch.rand(count, generator=generator)


def _moved(images: Tensor, size: int, generator: Generator) -> Tensor:
    count = len(images)
    turn = _uniform(count, -math.radians(_TURN_DEG), math.radians(_TURN_DEG), generator)
    extent = _uniform(count, *_ZOOM, generator) * min(max(size / SIZE, _LEAST_PART), 1.0)
    mirror = torch.where(torch.rand(count, generator=generator) < 0.5, -1.0, 1.0)
    transform = torch.zeros(count, 2, 3)
    transform[:, 0, 0] = torch.cos(turn) * extent * mirror
    transform[:, 0, 1] = -torch.sin(turn) * extent
    transform[:, 1, 0] = torch.sin(turn) * extent * mirror
    transform[:, 1, 1] = torch.cos(turn) * extent
    transform[:, 0, 2] = _uniform(count, -_SHIFT, _SHIFT, generator)
    transform[:, 1, 2] = _uniform(count, -_SHIFT, _SHIFT, generator)
    grid = functional.affine_grid(transform, [count, 1, size, size], align_corners=False)
    return functional.grid_sample(images, grid, padding_mode="border", align_corners=False)


def _lit(images: Tensor, generator: Generator) -> Tensor:
    count = len(images)
    contrast = _uniform(count, *_CONTRAST, generator).view(-1, 1, 1, 1)
    brightness = _uniform(count, -_BRIGHTNESS, _BRIGHTNESS, generator).view(-1, 1, 1, 1)
    middle = images.mean(dim=(1, 2, 3), keepdim=True)
    return ((images - middle) * contrast + middle + brightness).clamp(0, 255)


def _erased(images: Tensor, generator: Generator) -> Tensor:
    """Hide a rectangle of some faces (random erasing, Zhong et al. 2020, arXiv:1708.04896)."""
    count, size = len(images), images.shape[-1]
    places = torch.arange(size).view(1, -1)
    inside = []
    for _ in range(2):
        side = _uniform(count, *_ERASED_SIDE, generator).view(-1, 1) * size
        start = torch.rand(count, 1, generator=generator) * (size - side)
        inside.append((places >= start) & (places < start + side))
    chosen = torch.rand(count, generator=generator) < _ERASED_FACES
    hidden = inside[0].unsqueeze(2) & inside[1].unsqueeze(1) & chosen.view(-1, 1, 1)
    grey = _uniform(count, 0, 255, generator).view(-1, 1, 1, 1)
    return torch.where(hidden.unsqueeze(1), grey, images)
