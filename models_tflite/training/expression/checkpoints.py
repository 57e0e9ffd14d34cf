"""Training that was interrupted goes on where it was."""

import io
from pathlib import Path
from typing import Any

import torch

from appliance.domain.whole_file import write_whole
from models_tflite.training.expression.schedule import Schedule

# What a checkpoint holds: "epoch" (finished ones), "epochs" (the length it was trained for),
# "network", "optimizer" and "average".
Checkpoint = dict[str, Any]


class Checkpoints:
    """The folder with the newest state, and the one from before the cool-down."""

    def __init__(self, folder: Path) -> None:
        """Keep checkpoints in `folder`, which is made when the first is saved."""
        self._newest = folder / "newest.pt"
        self._held = folder / "held.pt"

    def save(self, checkpoint: Checkpoint, schedule: Schedule) -> None:
        """Keep the state after an epoch."""
        content = io.BytesIO()
        torch.save(checkpoint, content)
        files = {self._newest: content.getvalue()}
        if checkpoint["epoch"] == schedule.cool_down_start:
            files[self._held] = content.getvalue()
        write_whole(files)

    def newest(self) -> Checkpoint | None:
        """Return the newest state, or None."""
        return _load(self._newest)

    def to_go_on_from(self, schedule: Schedule) -> Checkpoint | None:
        """Return the newest state that a run of this length also comes through, or None.

        Runs of different lengths are the same until the cool-down of the shorter one.
        """
        for checkpoint in (_load(self._newest), _load(self._held)):
            if checkpoint is None:
                continue
            before = Schedule(checkpoint["epochs"])
            shared = min(before.cool_down_start, schedule.cool_down_start)
            if before.epochs == schedule.epochs or checkpoint["epoch"] <= shared:
                return checkpoint
        return None


def _load(path: Path) -> Checkpoint | None:
    if not path.exists():
        return None
    checkpoint: Checkpoint = torch.load(path, weights_only=True)
    return checkpoint
