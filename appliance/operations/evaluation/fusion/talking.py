"""Whether the offset of camera and microphone is found on real clips, shifted by us."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from appliance.devices.camera.recording import RecordingCamera
from appliance.domain.errors import DataError
from appliance.domain.media import AudioBlock
from appliance.domain.observations import ProsodyTrack
from appliance.operations.evaluation.fusion.sounds import samples_of
from appliance.operations.evaluation.progress import Progress, with_progress
from appliance.perception.face import FaceObserver
from appliance.perception.fusion.clock_offset import find_offsets, mouth_opening
from appliance.perception.prosody import measure_prosody

SHIFTS_S = (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0)

_SUFFIXES = (".mp4", ".mpg", ".flv", ".mkv", ".mov")


@dataclass(frozen=True, slots=True)
class Repair:
    """One clip at one rate of looks.

    Attributes:
        name: of the clip.
        looks_hz: looks a second.
        found_s: by the shift, what was found; None where it was not known.
    """

    name: str
    looks_hz: float
    found_s: dict[float, float | None]

    @property
    def left_s(self) -> dict[float, float | None]:
        """What is left of each shift after it was repaired, by how the clip was itself."""
        itself = self.found_s[0.0] or 0.0
        return {
            shift: None if found is None else found - shift - itself
            for shift, found in self.found_s.items()
        }

    def to_json_value(self) -> dict[str, Any]:
        """For programs."""
        found, left = (
            {str(shift): None if one is None else round(one, 2) for shift, one in values.items()}
            for values in (self.found_s, self.left_s)
        )
        return {"clip": self.name, "looks_hz": self.looks_hz, "found_s": found, "left_s": left}

    def line(self) -> str:
        """For a person."""
        told = ", ".join(
            f"{shift:+g} s {'not known' if found is None else f'{found:+.2f} s'}"
            for shift, found in self.found_s.items()
        )
        return f"{self.name}, {self.looks_hz:g} looks a second: {told}"


def judge_repairs(
    folder: Path, observer: FaceObserver, rates_hz: Sequence[float], progress: Progress
) -> list[Repair]:
    """Shift the picture of each clip, and find the offset.

    Raises:
        DataError: there is no clip in the folder.
        RecordingError: a clip cannot be decoded.
    """
    paths = sorted(path for path in folder.glob("*") if path.suffix in _SUFFIXES)
    if not paths:
        raise DataError(f"No recording is in '{folder}'.")
    repairs = []
    for path in with_progress(paths, "Watching mouths", progress):
        samples = samples_of(path)
        sound = [measure_prosody(AudioBlock(0.0, samples))] if len(samples) else []
        mouth = _mouth(path, observer, max(rates_hz))
        for rate_hz in rates_hz:
            seen = _thinned(mouth, rate_hz)
            found = {shift: _found(seen, sound, shift) for shift in SHIFTS_S}
            repairs.append(Repair(path.name, rate_hz, found))
    return repairs


def _mouth(path: Path, observer: FaceObserver, rate_hz: float) -> list[tuple[float, float]]:
    mouth = []
    for frame in RecordingCamera(path, rate_hz).frames():
        landmarks = observer.sight(frame).landmarks
        if landmarks is not None:
            mouth.append((frame.time_s, mouth_opening(landmarks.points)))
    return mouth


def _thinned(mouth: list[tuple[float, float]], rate_hz: float) -> list[tuple[float, float]]:
    kept: list[tuple[float, float]] = []
    for look in mouth:
        if not kept or look[0] - kept[-1][0] >= 1 / rate_hz - 1e-3:
            kept.append(look)
    return kept


def _found(
    mouth: list[tuple[float, float]], sound: list[ProsodyTrack], shift_s: float
) -> float | None:
    offsets = find_offsets([(time_s + shift_s, opening) for time_s, opening in mouth], sound)
    known = [one.picture_late_s for one in offsets if one.picture_late_s is not None]
    return float(np.mean(known)) if known else None
