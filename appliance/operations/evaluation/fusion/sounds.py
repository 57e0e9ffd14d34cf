"""Voices as the device describes them, kept between runs since describing takes minutes."""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from appliance.devices.microphone.recording import RecordingMicrophone
from appliance.domain.media import SAMPLE_RATE_HZ, AudioBlock, FloatArray
from appliance.domain.observations import ProsodyTrack, Span
from appliance.domain.whole_file import write_whole
from appliance.operations.evaluation.fusion.fingerprint import fingerprint
from appliance.operations.evaluation.ravdess import Clip
from appliance.perception import speech_probability
from appliance.perception.prosody import HOP_S, measure_loudness, spoken_range_db
from appliance.perception.voice_activity import VoiceActivity
from appliance.perception.voice_description import VoiceDescriber, description_names
from appliance.perception.voice_features import TooLittleVoiceError

_SHORTEST = 400  # samples, of which a loudness can be told


@dataclass(frozen=True, slots=True, eq=False)
class Sounds:
    """Described stretches of voice.

    Attributes:
        values: (n, values) float32; zeros where there is too little voice.
        range_db: (n,) range of loudness of the speech in it; 0 where no speech is found.
        voiced: (n,) whether there is enough voice.
    """

    values: FloatArray
    range_db: npt.NDArray[np.float64]
    voiced: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Take:
    """Sound without a break, and which stretches of it are described.

    Attributes:
        samples: (n,) float32 at 16 kHz.
        spans: the stretches.
    """

    samples: FloatArray
    spans: Sequence[Span]


class SoundStore:
    """Describes sounds once, and keeps that in a folder, by name.

    What is kept belongs to the clips and to the code that describes: a change of either describes
    anew.

    Args:
        models: the folder with the model files.
        folder: for what is kept; made if it is missing.
        clips: all clips of the evaluation.
    """

    def __init__(self, models: Path, folder: Path, clips: list[Clip]) -> None:
        self._describer = VoiceDescriber(models)
        self._activity = VoiceActivity(models / speech_probability.MODEL_FILE)
        self._folder = folder / fingerprint(models, [clip.path for clip in clips])

    def of(self, name: str, takes: Iterable[Take]) -> Sounds:
        """Describe sounds, or read what is kept of them.

        Args:
            name: of the set.
            takes: made only where they are needed.

        Raises:
            OutputError: the folder cannot be written.
        """
        path = self._folder / f"{name}.npz"
        if not path.is_file():
            described = [one for take in takes for one in self._described(take)]
            values, ranges, voiced = zip(*described, strict=True)
            file = io.BytesIO()
            np.savez(file, values=np.stack(values), range_db=ranges, voiced=voiced)
            write_whole({path: file.getvalue()})
        with np.load(path, allow_pickle=False) as kept:
            return Sounds(kept["values"], kept["range_db"], kept["voiced"])

    def _described(self, take: Take) -> Iterator[tuple[FloatArray, float, bool]]:
        tracks = self._spoken(take.samples)
        for span in take.spans:
            first, end = (round(time_s * SAMPLE_RATE_HZ) for time_s in (span.start_s, span.end_s))
            sound = take.samples[first:end]
            try:
                values = self._describer.describe(sound) if len(sound) >= _SHORTEST else None
            except TooLittleVoiceError:
                values = None
            known = _nothing() if values is None else values
            yield known, spoken_range_db(tracks, span), values is not None

    def _spoken(self, samples: FloatArray) -> list[ProsodyTrack]:
        """Loudness where somebody speaks, as the device finds it; pitch is left out."""
        heard = self._activity.accept(AudioBlock(0.0, samples)) + self._activity.finish()
        tracks = []
        for segment in heard.ended:
            loudness = tuple(measure_loudness(segment.samples).tolist())
            start_s = segment.start_s + HOP_S / 2
            tracks.append(ProsodyTrack(start_s, HOP_S, (None,) * len(loudness), loudness))
        return tracks


def whole(samples: FloatArray) -> Take:
    """A sound that is described as one."""
    return Take(samples, [Span(0.0, len(samples) / SAMPLE_RATE_HZ)])


def samples_of(path: Path) -> FloatArray:
    """All samples of a clip.

    Raises:
        RecordingError: it cannot be decoded.
    """
    blocks = [block.samples for block in RecordingMicrophone(path).blocks()]
    return np.concatenate([np.zeros(0, np.float32), *blocks])


def joined(parts: list[Sounds]) -> Sounds:
    """Sets of sounds as one."""
    return Sounds(
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.range_db for part in parts]),
        np.concatenate([part.voiced for part in parts]),
    )


def _nothing() -> FloatArray:
    return np.zeros(len(description_names()), np.float32)
