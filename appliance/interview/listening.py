"""Takes an answer in while it is given: sound in one thread, the face in another.

Sound is never skipped; it waits in its queue while the machine is busy. The face is looked at less
often then.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from appliance.devices.buffers import BlockQueue, LatestFrame
from appliance.domain.health import Health, Status
from appliance.domain.observations import FaceObservation, Observations, Span
from appliance.interview.face_rate import FaceRate
from appliance.interview.pipeline import Heard, Pipeline, Senses

_WAIT_S = 0.2
"""How long a thread waits for media before it looks whether it is to end."""

_LATE_S = 1.5
"""Sound that was made before the end of the answer may come from the microphone this much later."""

_JOIN_S = 60.0
"""Longer than the slowest recogniser takes for its longest segment."""

_BUSY = 0.9
_IDLE = 0.5
_SELDOM_HZ = 5.0


@dataclass(frozen=True, slots=True)
class Media:
    """Where live media comes from.

    Attributes:
        frames: the newest frame.
        blocks: sound; whoever listens is its only reader.
        clock: that of the frames and blocks: monotonic seconds.
    """

    frames: LatestFrame
    blocks: BlockQueue
    clock: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who is told of an answer while it is given, each on a thread of its own; must be quick.

    Attributes:
        heard: of every block.
        seen: of every face that was looked at.
    """

    heard: Callable[[Heard], None]
    seen: Callable[[FaceObservation], None]


@dataclass(frozen=True, slots=True)
class Load:
    """How busy perception is.

    Attributes:
        sound: seconds of work for a second of sound; above 1 it falls behind.
        face: share of the time that the face's thread works.
        face_rate_hz: looks at the face a second.
        waiting_s: seconds of sound that wait.
    """

    sound: float
    face: float
    face_rate_hz: float
    waiting_s: float

    def health(self) -> Health:
        """The same, in words."""
        details = {
            "sound_load": round(self.sound, 3),
            "face_load": round(self.face, 3),
            "face_rate_hz": round(self.face_rate_hz, 1),
            "waiting_s": round(self.waiting_s, 2),
        }
        if self.sound > _BUSY:
            words = f"This machine needs {self.sound:.1f} s for a second of sound."
            advice = "Use a faster machine, or a smaller speech model."
            return Health("perception", Status.WARNING, words, advice, details)
        if self.face_rate_hz < _SELDOM_HZ:
            words = f"The face is looked at {self.face_rate_hz:.1f} times a second, to save time."
            advice = "Use a faster machine, or a smaller speech model."
            return Health("perception", Status.WARNING, words, advice, details)
        words = f"Perception keeps up: {self.sound:.0%} of the time goes to sound."
        return Health("perception", Status.HEALTHY, words, "", details)


class Listening:
    """One answer that is being given. Begin it once, and end or cancel it.

    Args:
        senses: perception; this answer has them alone until it has ended.
        media: where frames and sound come from.
        listeners: who is told meanwhile.
        face_rate: how often to look at the face.
    """

    def __init__(
        self,
        senses: Senses,
        media: Media,
        listeners: Listeners,
        face_rate: FaceRate | None = None,
    ) -> None:
        self._pipeline = Pipeline(senses)
        self._media = media
        self._listeners = listeners
        self._face_rate = face_rate or FaceRate()
        self._pausing = threading.Lock()
        self._begin_s = 0.0
        self._pauses: list[Span] = []
        self._paused_s: float | None = None
        self._end_s: float | None = None
        self._cancelled = threading.Event()
        self._fault: BaseException | None = None
        self._sound = _Work(media.clock)
        self._face = _Work(media.clock)
        self._threads = (
            threading.Thread(
                target=self._guard, args=(self._hear_all,), name="booth-hears", daemon=True
            ),
            threading.Thread(
                target=self._guard, args=(self._see_all,), name="booth-sees", daemon=True
            ),
        )

    def begin(self) -> None:
        """Take in what is said and seen from now on."""
        self._begin_s = self._media.clock()
        for thread in self._threads:
            thread.start()

    def pause(self) -> None:
        """Take nothing in until `resume`; the answer's time stands still."""
        with self._pausing:
            if self._paused_s is None:
                self._paused_s = self._media.clock()

    def resume(self) -> None:
        """Go on after `pause`."""
        with self._pausing:
            if self._paused_s is not None:
                self._pauses.append(Span(self._paused_s, self._media.clock()))
                self._paused_s = None

    def end(self, missing: Mapping[str, str], notes: tuple[str, ...] = ()) -> Observations:
        """The answer is over: wait until all of it is understood, and tell what was found.

        Nothing is found in one that was forgotten.

        Args:
            missing: senses that were not available, with the reason.
            notes: what else a reader must know.

        Raises:
            BoothError: perception failed in the middle.
        """
        self._end_s = self._paused_s or self._media.clock()
        self._join()
        if self._fault is not None:
            self._pipeline.abandon()
            raise self._fault
        if self._cancelled.is_set():
            self._pipeline.abandon()
            return Observations(0.0)
        return self._pipeline.finish(dict(missing), notes)

    def cancel(self) -> None:
        """The answer is not wanted: forget it."""
        self._cancelled.set()
        self._join()
        self._pipeline.abandon()

    def forget(self) -> None:
        """Nobody waits for the answer any more: `end`, which somebody else calls, drops it."""
        self._cancelled.set()

    @property
    def fault(self) -> BaseException | None:
        """What ended perception before the answer ended, None while all is well."""
        return self._fault

    def load(self) -> Load:
        """How busy the machine is with this answer."""
        return Load(
            sound=self._sound.seconds / max(self._sound.media_s, 1.0),
            face=self._face.seconds / max(self._media.clock() - self._begin_s, 1.0),
            face_rate_hz=self._face_rate.rate_hz,
            waiting_s=self._media.blocks.waiting_s,
        )

    def _join(self) -> None:
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(_JOIN_S)

    def _guard(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  # told by `fault` and by `end`
            self._fault = error

    def _hear_all(self) -> None:
        while not self._done():
            block = self._media.blocks.get(_WAIT_S)
            if block is None:
                continue
            if self._ends_before(block.time_s):
                return
            time_s = self._time_of(block.time_s)
            if time_s is None:
                continue
            shifted = replace(block, time_s=time_s)
            with self._sound.of(block.duration_s):
                heard = self._pipeline.hear(shifted, ahead=self._has_time())
            self._listeners.heard(heard)
            if self._ends_before(block.end_s):
                return

    def _ends_before(self, clock_s: float) -> bool:
        return self._end_s is not None and self._end_s <= clock_s

    def _has_time(self) -> bool:
        """Whether sound may be worked on that may have to be worked on again."""
        load = self.load()
        return load.sound < _IDLE and load.waiting_s < _WAIT_S

    def _time_of(self, clock_s: float) -> float | None:
        """When something was, on the answer's own clock; None where it is no part of the answer."""
        with self._pausing:
            pauses = list(self._pauses)
            if self._paused_s is not None:
                pauses.append(Span(self._paused_s, float("inf")))
        if clock_s < self._begin_s or any(p.start_s <= clock_s < p.end_s for p in pauses):
            return None
        over_s = sum(pause.duration_s for pause in pauses if pause.end_s <= clock_s)
        return clock_s - self._begin_s - over_s

    def _done(self) -> bool:
        """Whether no more sound of the answer can come."""
        if self._cancelled.is_set() or self._fault is not None:
            return True
        if self._end_s is None or self._media.blocks.waiting_s > 0:
            return False
        return self._media.clock() - self._end_s > _LATE_S

    def _see_all(self) -> None:
        number = 0
        while self._end_s is None and not self._cancelled.is_set() and self._fault is None:
            now_s = self._media.clock()
            self._face_rate.adapt(now_s, self._media.blocks.waiting_s)
            pause_s = self._face_rate.pause_s(now_s)
            if pause_s > 0:
                self._cancelled.wait(min(pause_s, _WAIT_S))
                continue
            taken = self._media.frames.after(number, _WAIT_S)
            if taken is None:
                continue
            number, frame = taken
            time_s = self._time_of(frame.time_s)
            if time_s is None:
                continue
            shifted = replace(frame, time_s=time_s)
            with self._face.of(0.0):
                seen = self._pipeline.see(shifted)
            self._listeners.seen(seen)


class _Work:
    """Adds up how long work took."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.seconds = 0.0
        self.media_s = 0.0

    @contextmanager
    def of(self, media_s: float) -> Iterator[None]:
        """Time what is done within, on so many seconds of media."""
        begin_s = self._clock()
        yield
        self.seconds += self._clock() - begin_s
        self.media_s += media_s
