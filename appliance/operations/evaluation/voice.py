"""How often the voice model hears what was acted, from speakers it knows and does not know."""

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from appliance.devices.microphone.recording import RecordingMicrophone
from appliance.domain.errors import DataError
from appliance.domain.media import AudioBlock, FloatArray
from appliance.domain.observations import VoiceObservation
from appliance.operations.evaluation.figures import Figures, judge
from appliance.operations.evaluation.progress import Progress, with_progress
from appliance.operations.evaluation.ravdess import CLASSES, Clip
from appliance.operations.evaluation.table import summary, table
from appliance.perception.voice_description import VoiceBaseline
from appliance.perception.voice_features import TooLittleVoiceError

# A window's class is never quite impossible: one window alone must not rule it out for the clip.
_LEAST = 1e-6

Acquaintance = Literal["unheard", "unknown", "heard"]

_TITLES: dict[Acquaintance, str] = {
    "unheard": "Speakers whom the model that is asked has not heard in training",
    "unknown": "Speakers of whom the model's file does not say whether it was trained on them",
    "heard": "Speakers whom the model has heard in training",
}
_CAUTIONS: dict[Acquaintance, str] = {
    "unheard": "",
    "unknown": "If it was, these figures flatter: it also recognises who speaks.",
    "heard": "These figures flatter: the model also recognises who speaks.",
}
_FLATTERING: dict[Acquaintance, bool | None] = {"unheard": False, "unknown": None, "heard": True}


class VoiceModel(Protocol):
    """What a voice model must tell to be judged.

    Attributes:
        classes: names of what it tells apart.
        speakers: who it was trained on, such as "ravdess-01"; empty where nobody knows.
    """

    classes: tuple[str, ...]
    speakers: frozenset[str]

    def describe(self, samples: FloatArray) -> FloatArray:
        """Describe a stretch of voice for a baseline."""
        ...

    def observe(
        self, block: AudioBlock, baseline: VoiceBaseline | None = None
    ) -> list[VoiceObservation]:
        """Estimate along a block of speech, in windows."""
        ...


@dataclass(frozen=True, slots=True)
class VoiceResult:
    """How the voice models did.

    Attributes:
        groups: figures by how well the models know the speakers, those that count most first.
        silent: clips with too little sound to estimate from; they do not count.
    """

    groups: dict[Acquaintance, Figures]
    silent: int

    def to_json_value(self) -> dict[str, Any]:
        """What `--json` prints: the first group's figures, then those of each group."""
        first = next(iter(self.groups))
        groups: dict[str, Any] = {
            name: self.groups[name].to_json_value() if name in self.groups else None
            for name in _TITLES
        }
        return {
            "task": "voice",
            **self.groups[first].to_json_value(),
            "speakers": first,
            "flattering": _FLATTERING[first],
            **groups,
            "clips_without_voice": self.silent,
        }

    def named_figures(self) -> dict[str, Figures]:
        """What can be drawn."""
        return {f"voice {name}": figures for name, figures in self.groups.items()}

    def to_text(self) -> str:
        """For a person."""
        count = sum(figures.count for figures in self.groups.values())
        lines = [f"Voices: {count} clips"]
        if self.silent:
            lines.append(f"{self.silent} more have too little sound; they do not count.")
        for name, figures in self.groups.items():
            lines += ["", f"{_TITLES[name]}: {figures.count} clips"]
            lines += [_CAUTIONS[name]] if _CAUTIONS[name] else []
            lines += [f"  {summary(figures)}", "", table(figures)]
        return "\n".join(lines)


def evaluate_voice(
    clips: Sequence[Clip], models: Sequence[VoiceModel], progress: Progress, own: int = 0
) -> VoiceResult:
    """Ask about each clip the models that have not heard its speaker, if there are any.

    A clip is one block. Its probabilities are the normalised geometric mean of all its windows'
    of all the models that are asked.

    Args:
        clips: at least one.
        models: at least one, all of the same classes.
        progress: told how far it is.
        own: other clips of the same actor that a clip is heard against, drawn at random without
            looking at their labels; the same in every run.

    Raises:
        DataError: the models tell other classes apart than the clips hold, or than each other; or
            no clip has enough sound.
        RecordingError: a clip cannot be decoded.
    """
    classes = _common_classes(clips, models)
    baselines = _Baselines(clips, models[0], own)
    said: list[npt.NDArray[np.float64]] = []
    truth: list[int] = []
    groups: list[Acquaintance] = []
    for clip in with_progress(clips, "Listening", progress):
        group, asked = _whom_to_ask(clip, models)
        answer = _probabilities(clip, asked, classes, baselines.of(clip))
        if answer is not None:
            said.append(answer)
            truth.append(classes.index(CLASSES[clip.label]))
            groups.append(group)
    if not said:
        raise DataError(f"None of the {len(clips)} clips has enough sound.")
    return VoiceResult(
        groups={
            group: figures
            for group in _TITLES
            if (figures := _figures(group, groups, said, truth, classes)) is not None
        },
        silent=len(clips) - len(said),
    )


def _figures(
    group: Acquaintance,
    groups: list[Acquaintance],
    said: list[npt.NDArray[np.float64]],
    truth: list[int],
    classes: tuple[str, ...],
) -> Figures | None:
    chosen = np.array([other == group for other in groups])
    return judge(np.stack(said)[chosen], np.array(truth, dtype=np.int64)[chosen], classes)


def _common_classes(clips: Sequence[Clip], models: Sequence[VoiceModel]) -> tuple[str, ...]:
    kinds = Counter(model.classes for model in models)
    if len(kinds) > 1:
        raise DataError("The models tell different classes apart.", "Judge them one by one.")
    (classes,) = kinds
    unknown = sorted({CLASSES[clip.label] for clip in clips} - set(classes))
    if unknown:
        message = f"Clips are labelled {', '.join(unknown)}, which the model does not know."
        raise DataError(message, f"It knows {', '.join(classes)}.")
    return classes


def _whom_to_ask(
    clip: Clip, models: Sequence[VoiceModel]
) -> tuple[Acquaintance, Sequence[VoiceModel]]:
    unheard = [model for model in models if model.speakers and clip.speaker not in model.speakers]
    if unheard:
        return "unheard", unheard
    unknown = [model for model in models if not model.speakers]
    return ("unknown", unknown) if unknown else ("heard", models)


class _Baselines:
    """How each actor sounds on the whole, from some other clips; each clip is described once."""

    def __init__(self, clips: Sequence[Clip], describer: VoiceModel, own: int) -> None:
        self._clips = clips
        self._describer = describer
        self._own = own
        self._described: dict[Path, FloatArray | None] = {}

    def of(self, clip: Clip) -> VoiceBaseline | None:
        """The baseline for a clip, without the clip itself; None where none is wanted."""
        if not self._own:
            return None
        others = [o for o in self._clips if o.actor == clip.actor and o.path != clip.path]
        random = np.random.default_rng(zlib.crc32(clip.path.name.encode()))
        baseline = VoiceBaseline()
        for index in random.permutation(len(others)):
            description = self._description(others[index])
            if description is not None:
                baseline.add(description)
            if baseline.count == self._own:
                break
        return baseline

    def _description(self, clip: Clip) -> FloatArray | None:
        if clip.path not in self._described:
            samples = _samples(clip)
            try:
                self._described[clip.path] = self._describer.describe(samples)
            except TooLittleVoiceError:
                self._described[clip.path] = None
        return self._described[clip.path]


def _samples(clip: Clip) -> FloatArray:
    """All samples of a clip, none where it has no sound."""
    blocks = [block.samples for block in RecordingMicrophone(clip.path).blocks()]
    return np.concatenate([np.zeros(0, np.float32), *blocks])


def _probabilities(
    clip: Clip,
    models: Sequence[VoiceModel],
    classes: tuple[str, ...],
    baseline: VoiceBaseline | None,
) -> npt.NDArray[np.float64] | None:
    """(classes,) of a clip; None where it has too little sound for any window."""
    samples = _samples(clip)
    if not len(samples):
        return None
    block = AudioBlock(0.0, samples)
    windows = [
        window.probabilities for model in models for window in model.observe(block, baseline)
    ]
    if not windows:
        return None
    shares = np.array([[window[name] for name in classes] for window in windows])
    means = np.exp(np.log(np.maximum(shares, _LEAST)).mean(axis=0))
    result: npt.NDArray[np.float64] = means / means.sum()
    return result
