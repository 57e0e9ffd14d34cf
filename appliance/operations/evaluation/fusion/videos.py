"""The device's own path of face and voice, on RAVDESS videos where somebody has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from appliance.devices.camera.recording import RecordingCamera
from appliance.domain.errors import DataError
from appliance.domain.media import AudioBlock
from appliance.domain.observations import FusedObservation
from appliance.operations.evaluation.figures import Figures, judge
from appliance.operations.evaluation.fusion.sounds import samples_of
from appliance.operations.evaluation.progress import Progress, with_progress
from appliance.operations.evaluation.ravdess import Clip
from appliance.operations.evaluation.table import summary, table
from appliance.perception.expression import ExpressionModel
from appliance.perception.face import FaceObserver
from appliance.perception.fusion.classes import CLASSES
from appliance.perception.fusion.fusion import Fusion
from appliance.perception.fusion.model import FusionModel
from appliance.perception.prosody import measure_prosody
from appliance.perception.voice import VoiceModel
from appliance.perception.voice_activity import VoiceActivity

SENSES = ("voice", "face", "fused")

_LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class DevicePath:
    """The parts of the device that are judged."""

    face: FaceObserver
    expression: ExpressionModel
    activity: VoiceActivity
    voice: VoiceModel
    fusion: FusionModel

    @property
    def speakers(self) -> frozenset[str]:
        """Whom any of it was fitted on; figures of their clips flatter."""
        return self.voice.speakers | self.fusion.speakers


@dataclass(frozen=True, slots=True, eq=False)
class VideoResult:
    """How the device's own path did.

    Attributes:
        figures: of voice, face and both; a clip that a sense says nothing of does not count there.
        heard: share of the clips whose actor the voice or the fusion was fitted on: they flatter.
    """

    figures: dict[str, Figures]
    heard: float

    def to_json_value(self) -> dict[str, Any]:
        """For programs: both first, then each."""
        first = self.figures["fused"].to_json_value() if "fused" in self.figures else {}
        each = {name: one.to_json_value() for name, one in self.figures.items()}
        return {**first, "flattering": self.heard > 0, "heard_share": round(self.heard, 4), **each}

    def lines(self) -> list[str]:
        """For a person."""
        lines = ["Fusion of videos, by the device's own path"]
        if self.heard:
            lines.append(
                f"{self.heard:.0%} are of actors whom the models have heard: they flatter."
            )
        for name, one in self.figures.items():
            lines += ["", f"{name}: {one.count} clips", f"  {summary(one)}", "", table(one)]
        return lines


def judge_videos(clips: Sequence[Clip], path: DevicePath, progress: Progress) -> VideoResult:
    """Look at and listen to each clip as if it were an answer.

    A clip's probabilities are the normalised geometric mean of its windows'.

    Raises:
        DataError: in none of them is anybody seen or heard.
        RecordingError: a clip cannot be decoded.
    """
    said: dict[str, list[npt.NDArray[np.float64]]] = {name: [] for name in SENSES}
    truth: dict[str, list[int]] = {name: [] for name in SENSES}
    for clip in with_progress(clips, "Watching", progress):
        for name, windows in _fused(clip.path, path).items():
            if windows:
                said[name].append(_of_clip(windows))
                truth[name].append(clip.label)
    figures = {
        name: judged
        for name in SENSES
        if said[name]
        and (judged := judge(np.stack(said[name]), np.array(truth[name]), CLASSES)) is not None
    }
    if not figures:
        raise DataError(f"In none of the {len(clips)} videos is anybody seen or heard.")
    heard = np.mean([clip.speaker in path.speakers for clip in clips])
    return VideoResult(figures, float(heard))


def _fused(video: Path, path: DevicePath) -> dict[str, tuple[FusedObservation, ...]]:
    """What the device says of a clip by its voice, its face, and both."""
    seeing, blind = Fusion(path.fusion), Fusion(path.fusion)
    end_s = 0.0
    for frame in RecordingCamera(video).frames():
        sighting = path.face.sight(frame)
        seeing.see(sighting, path.expression.observe(frame, sighting))
        end_s = frame.time_s
    block = AudioBlock(0.0, samples_of(video))
    heard = path.activity.accept(block) + path.activity.finish()
    voice = [one for window in heard.windows for one in path.voice.observe(window)]
    sound = [measure_prosody(AudioBlock(one.start_s, one.samples)) for one in heard.ended]
    end_s = max(end_s, block.duration_s)
    return {
        "voice": blind.finish(voice, sound, end_s).windows,
        "face": seeing.finish((), sound, end_s).windows,
        "fused": seeing.finish(voice, sound, end_s).windows,
    }


def _of_clip(windows: Sequence[FusedObservation]) -> npt.NDArray[np.float64]:
    shares = np.array([[one.probabilities[name] for name in CLASSES] for one in windows])
    means = np.exp(np.log(np.maximum(shares, _LEAST)).mean(axis=0))
    result: npt.NDArray[np.float64] = means / means.sum()
    return result
