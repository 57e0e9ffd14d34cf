"""ResNet18 (He et al. 2016, arXiv:1512.03385) for small grey faces, with two heads."""

from torch import Tensor, nn
from torch.nn import functional

from appliance.perception.expression import EXPRESSIONS, FER2013_LABELS
from appliance.perception.lighting import LEAST_CONTRAST
from models_tflite.training.expression.faces import ENLARGED


def normalise(images: Tensor) -> Tensor:
    """Light grey faces (n, 1, h, w) evenly, just as `lighting.evenly_lit` does."""
    mean = images.mean(dim=(1, 2, 3), keepdim=True)
    deviation = images.std(dim=(1, 2, 3), keepdim=True, correction=0)
    return ((images - mean) / deviation.clamp(min=LEAST_CONTRAST)).clamp(-4, 4)


def enlarge(faces: Tensor, size: int = ENLARGED) -> Tensor:
    """Bring whole faces (n, 1, 48, 48) to the (n, 1, 64, 64) that the network computes on."""
    return functional.interpolate(faces, (size, size), mode="bilinear")


class _Block(nn.Module):
    """Two 3x3 convolutions beside a shortcut."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.first_norm = nn.BatchNorm2d(outputs)
        self.second = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.second_norm = nn.BatchNorm2d(outputs)
        self.shortcut = (
            nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )
            if stride != 1 or inputs != outputs
            else nn.Identity()
        )

    def forward(self, faces: Tensor) -> Tensor:
        """Map (n, inputs, h, w) to (n, outputs, h / stride, w / stride)."""
        inner = functional.relu(self.first_norm(self.first(faces)))
        inner = self.second_norm(self.second(inner))
        return functional.relu(inner + self.shortcut(faces))


class ExpressionNet(nn.Module):
    """ResNet18 with blocks 2-2-2-2 of 64 to 512 channels: 0.56 GMAC for an enlarged face.

    The stem is one 3x3 convolution and 2x2 max-pooling, since ImageNet's (7x7 by two, pooling by
    two) would leave 12x12 places of a 48x48 face.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(1, 64, 3, 1, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2)
        )
        blocks: list[nn.Module] = []
        inputs = 64
        for outputs, stride in ((64, 1), (128, 2), (256, 2), (512, 2)):
            blocks += [_Block(inputs, outputs, stride), _Block(outputs, outputs, 1)]
            inputs = outputs
        self.blocks = nn.Sequential(*blocks)
        self.expressions = nn.Linear(inputs, len(EXPRESSIONS))
        self.fer2013 = nn.Linear(inputs, len(FER2013_LABELS))

    def forward(self, faces: Tensor) -> tuple[Tensor, Tensor]:
        """Map normalised faces (n, 1, h, w) to logits (n, 8) and (n, 7)."""
        features = self.blocks(self.stem(faces)).mean(dim=(2, 3))
        return self.expressions(features), self.fer2013(features)


def parameter_groups(network: nn.Module, weight_decay: float) -> list[dict[str, object]]:
    """Split the parameters: weights decay, biases and normalisation do not."""
    weights = [weight for weight in network.parameters() if weight.ndim > 1]
    others = [weight for weight in network.parameters() if weight.ndim <= 1]
    return [
        {"params": weights, "weight_decay": weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]
