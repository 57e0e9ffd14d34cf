"""Speed of each stage of perception and coaching, on the packaged sample."""

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from appliance.coaching.coach import Coach
from appliance.devices.camera.recording import RecordingCamera
from appliance.devices.microphone.recording import RecordingMicrophone
from appliance.interview.pipeline import Pipeline, Senses, feed


@dataclass(frozen=True, slots=True)
class Stage:
    """What one stage took.

    Attributes:
        name: of the stage.
        calls: how often it was called.
        total_s: all calls together.
        share: of the length of what was seen and heard; 1 is all of one core in real time.
    """

    name: str
    calls: int
    total_s: float
    share: float

    @property
    def mean_ms(self) -> float:
        """One call on average."""
        return 1000 * self.total_s / self.calls if self.calls else 0.0


class _Clock:
    """Counts the time in calls of what it wraps."""

    def __init__(self) -> None:
        self.calls: dict[str, int] = defaultdict(int)
        self.total_s: dict[str, float] = defaultdict(float)

    def timed(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **named: Any) -> Any:
            began_s = time.perf_counter()
            try:
                return call(*arguments, **named)
            finally:
                self.calls[name] += 1
                self.total_s[name] += time.perf_counter() - began_s

        return called


class _Timed:
    """A part of perception whose calls are timed, and which is otherwise as it was."""

    def __init__(self, name: str, part: Any, clock: _Clock) -> None:
        self._name = name
        self._part = part
        self._clock = clock

    def __getattr__(self, attribute: str) -> Any:
        found = getattr(self._part, attribute)
        return self._clock.timed(self._name, found) if callable(found) else found


def measure_stages(recording: Path, senses: Senses, coach: Coach) -> tuple[Stage, ...]:
    """Send a recording through perception and coaching, as fast as the machine can.

    Args:
        recording: with picture and sound.
        senses: perception.
        coach: judges what was said.
    """
    clock = _Clock()
    began_s = time.perf_counter()
    pipeline = Pipeline(_watched(senses, clock))
    camera, microphone = RecordingCamera(recording), RecordingMicrophone(recording)
    feed(pipeline, camera.frames(), microphone.blocks(), lambda _: None)
    seen = pipeline.finish({}, ())
    clock.timed("coaching", coach.report)(seen, source=recording.name, question=None)
    clock.calls["everything"], clock.total_s["everything"] = 1, time.perf_counter() - began_s
    return tuple(
        Stage(name, clock.calls[name], total_s, total_s / seen.duration_s)
        for name, total_s in clock.total_s.items()
    )


def _watched(senses: Senses, clock: _Clock) -> Senses:
    def watched(name: str, part: Any) -> Any:
        return None if part is None else _Timed(name, part, clock)

    return replace(
        senses,
        face=watched("face", senses.face),
        expression=watched("expression", senses.expression),
        activity=watched("voice activity", senses.activity),
        transcriber=watched("speech recognition", senses.transcriber),
        voice=watched("voice estimates", senses.voice),
    )
