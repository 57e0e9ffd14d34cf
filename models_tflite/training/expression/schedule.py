"""How fast to learn, and on how large a view, at each moment of training."""

from dataclasses import dataclass

from appliance.perception.expression import SIZE
from models_tflite.training.expression.faces import ENLARGED

_COOL_DOWN_SHARE = 0.4
_ENLARGED_SHARE = 0.15
_FIRST_VIEW = 32
_FIRST_RATE_SHARE = 0.04


@dataclass(frozen=True)
class Schedule:
    """Rise, hold, cool down to zero.

    Only the cool-down depends on where the end is: a run can be lengthened from what was saved
    when its cool-down began (Hagele et al. 2024, arXiv:2405.18392).

    Attributes:
        epochs: length of the whole.
        peak: learning rate while it holds.
        rise_epochs: epochs until the rate is there.
    """

    epochs: int
    peak: float = 0.1
    rise_epochs: float = 3.0

    @property
    def cool_down_start(self) -> int:
        """The epoch, counted from zero, in which the cool-down starts."""
        return round(self.epochs * (1 - _COOL_DOWN_SHARE))

    def learning_rate(self, epoch: float) -> float:
        """Return the rate at `epoch`, counted from zero, with its fraction."""
        rise = _FIRST_RATE_SHARE + (1 - _FIRST_RATE_SHARE) * epoch / self.rise_epochs
        rest = (self.epochs - epoch) / (self.epochs - self.cool_down_start)
        return self.peak * min(rise, rest, 1.0)

    def view_size(self, epoch: int) -> int:
        """Return the width of the views: they grow, since small ones cost less time."""
        if epoch < self.cool_down_start:
            return _FIRST_VIEW
        return SIZE if epoch < round(self.epochs * (1 - _ENLARGED_SHARE)) else ENLARGED
