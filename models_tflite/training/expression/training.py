"""The training loop."""

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from appliance.domain.errors import WrongUsageError
from models_tflite.training.expression.augmentation import augment
from models_tflite.training.expression.averaging import AveragedNetwork
from models_tflite.training.expression.checkpoints import Checkpoints
from models_tflite.training.expression.faces import Faces, class_weights
from models_tflite.training.expression.network import ExpressionNet, normalise, parameter_groups
from models_tflite.training.expression.schedule import Schedule

_BATCH = 128
_WEIGHT_DECAY = 5e-4
_MOMENTUM = 0.9
_AVERAGE_DECAY = 0.998
_LABEL_SMOOTHING = 0.1
_RARE_POWER = 0.2
_RARE_MOST = 2.0


@dataclass(frozen=True)
class Targets:
    """What the network should say of each face, and how much each face counts.

    Attributes:
        expressions: (n, 8) shares of the opinions.
        expression_weights: (n,) zero where nobody gave a usable opinion.
        fer2013: (n, 7) smoothed labels.
        fer2013_weights: (n,) zero where there is no label.
    """

    expressions: Tensor
    expression_weights: Tensor
    fer2013: Tensor
    fer2013_weights: Tensor

    @classmethod
    def of(cls, faces: Faces) -> "Targets":
        """Prepare the targets of a data set."""
        rare = class_weights(faces.expressions, _RARE_POWER, _RARE_MOST)
        smoothed = faces.fer2013 * (1 - _LABEL_SMOOTHING)
        smoothed = smoothed + _LABEL_SMOOTHING / faces.fer2013.shape[1]
        return cls(
            torch.from_numpy(faces.expressions),
            torch.from_numpy(faces.expressions @ rare),
            torch.from_numpy(smoothed),
            torch.from_numpy(faces.fer2013.sum(axis=1)),
        )

    def loss(self, batch: Tensor, outputs: tuple[Tensor, Tensor]) -> Tensor:
        """Return the mean of both heads' weighted cross-entropies for the faces `batch`."""
        pairs = (
            (outputs[0], self.expressions[batch], self.expression_weights[batch]),
            (outputs[1], self.fer2013[batch], self.fer2013_weights[batch]),
        )
        losses = [
            (functional.cross_entropy(logits.float(), target, reduction="none") * weight).mean()
            for logits, target, weight in pairs
        ]
        return torch.stack(losses).mean()


class Trainer:
    """One run of training, from the newest checkpoint or from nothing."""

    def __init__(self, faces: Faces, folder: Path, schedule: Schedule, seed: int) -> None:
        """Prepare a run whose checkpoints are in `folder`.

        Raises:
            WrongUsageError: there are too few faces for one batch.
        """
        if len(faces) < _BATCH:
            raise WrongUsageError(f"{len(faces)} faces are too few; {_BATCH} are the least.")
        torch.manual_seed(seed)
        self._seed = seed
        self._schedule = schedule
        self._images = torch.from_numpy(faces.images).unsqueeze(1)
        self._targets = Targets.of(faces)
        self._network = ExpressionNet().to(memory_format=torch.channels_last)
        self._average = AveragedNetwork(self._network, _AVERAGE_DECAY)
        self._optimizer = torch.optim.SGD(
            parameter_groups(self._network, _WEIGHT_DECAY),
            lr=schedule.peak,
            momentum=_MOMENTUM,
            nesterov=True,
        )
        self._checkpoints = Checkpoints(folder)
        self._finished_epochs = 0
        checkpoint = self._checkpoints.to_go_on_from(schedule)
        if checkpoint is not None:
            self._network.load_state_dict(checkpoint["network"])
            self._optimizer.load_state_dict(checkpoint["optimizer"])
            self._average.restore(checkpoint["average"])
            self._finished_epochs = checkpoint["epoch"]

    def run(self, examine: Callable[[ExpressionNet, int], str]) -> ExpressionNet:
        """Train to the end of the schedule and return the averaged network.

        Args:
            examine: says in a few words how the averaged network does on faces as wide as the
                epoch's views; its words are printed.
        """
        for epoch in range(self._finished_epochs, self._schedule.epochs):
            start = time.monotonic()
            loss = self._train_epoch(epoch)
            self._checkpoints.save(
                {
                    "epoch": epoch + 1,
                    "epochs": self._schedule.epochs,
                    "network": self._network.state_dict(),
                    "optimizer": self._optimizer.state_dict(),
                    "average": self._average.state(),
                },
                self._schedule,
            )
            seconds = time.monotonic() - start
            said = examine(self._averaged(), self._schedule.view_size(epoch))
            sys.stdout.write(
                f"epoch {epoch + 1}/{self._schedule.epochs}: loss {loss:.3f}, {said}, "
                f"{seconds:.0f} s\n"
            )
            sys.stdout.flush()
        return self._averaged()

    def _averaged(self) -> ExpressionNet:
        network = self._average.network
        if not isinstance(network, ExpressionNet):
            raise TypeError("the average is of another network")
        return network

    def _train_epoch(self, epoch: int) -> float:
        # Each epoch has its own source of chance, so that one that is resumed is the same.
        generator = torch.Generator().manual_seed(self._seed * 1_000_003 + epoch)
        size = self._schedule.view_size(epoch)
        order = torch.randperm(len(self._images), generator=generator)
        batches = order[: len(order) // _BATCH * _BATCH].view(-1, _BATCH)
        self._network.train()
        total = 0.0
        for number, batch in enumerate(_with_progress(batches, f"epoch {epoch + 1}")):
            rate = self._schedule.learning_rate(epoch + number / len(batches))
            for group in self._optimizer.param_groups:
                group["lr"] = rate
            views = normalise(augment(self._images[batch], size, generator))
            views = views.contiguous(memory_format=torch.channels_last)
            with torch.autocast("cpu", torch.bfloat16):
                outputs = self._network(views)
            loss = self._targets.loss(batch, outputs)
            self._optimizer.zero_grad()
            loss.backward()
            self._optimizer.step()
            self._average.update(self._network)
            total += loss.item()
        return total / len(batches)


def _with_progress(batches: Tensor, name: str) -> Iterator[Tensor]:
    """Yield the batches and, on a terminal, draw how far they are."""
    for number, batch in enumerate(batches, start=1):
        yield batch
        if sys.stderr.isatty():
            share = number / len(batches)
            sys.stderr.write(f"\r{name} [{'#' * round(share * 40):40}] {share:4.0%}")
            sys.stderr.write("\r\033[K" if number == len(batches) else "")
