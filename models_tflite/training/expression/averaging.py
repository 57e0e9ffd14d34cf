"""The running average of a network's weights, which does better than the last ones."""

import copy

from torch import Tensor, nn


class AveragedNetwork:
    """Exponential average of weights and normalisation statistics (Polyak and Juditsky 1992).

    Attributes:
        network: the average, ready to evaluate.
    """

    def __init__(self, network: nn.Module, decay: float) -> None:
        """Start from `network`; the average looks back over about 1 / (1 - decay) updates."""
        self.network = copy.deepcopy(network).eval().requires_grad_(requires_grad=False)
        self._decay = decay
        self._updates = 0

    def update(self, network: nn.Module) -> None:
        """Take in what one step of training changed."""
        self._updates += 1
        # While young, the average forgets faster: it should not remember the random start.
        decay = min(self._decay, (1 + self._updates) / (10 + self._updates))
        state = network.state_dict()
        for name, average in self.network.state_dict().items():
            if average.is_floating_point():
                average.lerp_(state[name], 1 - decay)
            else:
                average.copy_(state[name])

    def state(self) -> dict[str, object]:
        """Return what `restore` needs."""
        return {"network": self.network.state_dict(), "updates": self._updates}

    def restore(self, state: dict[str, object]) -> None:
        """Go on from a saved state."""
        weights = state["network"]
        updates = state["updates"]
        if not isinstance(weights, dict) or not isinstance(updates, int):
            raise TypeError("the saved average is damaged")
        tensors: dict[str, Tensor] = weights
        self.network.load_state_dict(tensors)
        self._updates = updates
