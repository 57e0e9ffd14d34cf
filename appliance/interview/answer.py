"""One answer, from its first word to its report."""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from appliance.coaching.cue import Cue, LiveCue, Moment
from appliance.domain.errors import BoothError
from appliance.domain.observations import FaceObservation, Observations, Transcript, Word
from appliance.domain.report import Report
from appliance.interview.end_of_answer import EndOfAnswer, Hint
from appliance.interview.listening import Listeners, Listening, Load, Media
from appliance.interview.pipeline import Heard, Senses

_CAPTION_WORDS = 24
"""What fits under the question."""

_PACE_WORDS = 25
"""Words by which the pace is told while somebody speaks: about ten seconds."""

_PACE_OLD_S = 6.0
"""Words that were said longer ago say nothing of the pace now; recognisers are seconds behind."""

_TYPED = "typed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an answer.

    Attributes:
        report: None where it could not be understood.
        fault: why, one sentence.
        standard: the report before a language model worded it; None where none did.
    """

    report: Report | None
    fault: str | None = None
    standard: Report | None = None

    @property
    def in_own_words(self) -> Report | None:
        """The report in the booth's own words alone: what may be taken for facts."""
        return self.standard or self.report

    def shown_as(self, report: Report) -> "Outcome":
        """The same with other words on the screen; the booth's own stay beside them.

        Args:
            report: with words of a language model.
        """
        return replace(self, report=report, standard=self.in_own_words)


class Answer:
    """An answer that is being given. Use it from one thread; others may look.

    Args:
        senses: perception; this answer has them alone.
        media: where frames and sound come from.
        end: decides when it is over by itself.
        judge: makes the report of what was found.
        cue: decides on hints while it is given; None where they are off.
    """

    def __init__(
        self,
        senses: Senses,
        media: Media,
        end: EndOfAnswer,
        judge: Callable[[Observations], Report],
        cue: LiveCue | None = None,
    ) -> None:
        self._listening = Listening(senses, media, Listeners(self._hear, self._see))
        self._end = end
        self._judge: Callable[[Observations], Report] | None = judge
        self._cues = cue
        self._cue = Cue.NONE
        self._word_ends_s: deque[float] = deque(maxlen=_PACE_WORDS)
        self._words: list[str] = []
        self._partial = ""
        self._heard_s = 0.0
        self._speaking = False
        self._face: FaceObservation | None = None
        self._outcome: Outcome | None = None
        self._worker: threading.Thread | None = None

    def begin(self) -> None:
        """Take in what is said and seen from now on."""
        self._listening.begin()

    def pause(self) -> None:
        """Take nothing in until `resume`."""
        self._listening.pause()

    def resume(self) -> None:
        """Go on after `pause`."""
        self._listening.resume()

    def cancel(self) -> None:
        """Forget it."""
        if self._worker is None:
            self._listening.cancel()

    def finish(self, missing: Mapping[str, str]) -> None:
        """It is over: understand it, in a thread of its own; `outcome` tells when that is done.

        Args:
            missing: senses that were not available, with the reason.
        """
        self._worker = threading.Thread(
            target=self._understand, args=(dict(missing),), name="booth-answer", daemon=True
        )
        self._worker.start()

    def wait(self, timeout_s: float) -> bool:
        """Wait until nothing works on it any more; whether that is so."""
        if self._worker is not None:
            self._worker.join(timeout_s)
        return self._worker is None or not self._worker.is_alive()

    def forget(self) -> None:
        """Forget what was said, and what comes of it: nobody waits for it any more."""
        self._judge = None
        self._listening.forget()
        self._words.clear()
        self._word_ends_s.clear()
        self._partial = ""
        self._face = self._outcome = None

    @property
    def outcome(self) -> Outcome | None:
        """What became of it; None while that is not known."""
        return self._outcome

    @property
    def is_over(self) -> bool:
        """Whether it is over by itself: silence, or its greatest length."""
        return self._end.is_over

    @property
    def hint(self) -> Hint:
        """What the person should know now."""
        return self._end.hint

    @property
    def cue(self) -> Cue:
        """The quiet hint that holds now."""
        return self._cue

    def look(self, loudness_dbfs: float) -> None:
        """Decide anew on the hint; once or twice a second.

        Args:
            loudness_dbfs: of the sound now.
        """
        if self._cues is not None:
            facing = self._face.toward_camera if self._face is not None else None
            self._cue = self._cues.update(
                Moment(self._heard_s, self._speaking, self._pace_wpm(), loudness_dbfs, facing)
            )

    @property
    def fault(self) -> BaseException | None:
        """What ended perception in the middle of it; None while all is well."""
        return self._listening.fault

    @property
    def captions(self) -> str:
        """The last words that were understood."""
        words = [*self._words[-_CAPTION_WORDS:], *([self._partial] if self._partial else [])]
        return " ".join(words)

    @property
    def is_spoken(self) -> bool:
        """Whether somebody speaks now."""
        return self._speaking

    @property
    def heard_s(self) -> float:
        """Seconds of sound that were listened to."""
        return self._heard_s

    @property
    def face_in_view(self) -> bool | None:
        """Whether a face was there at the last look; None before the first."""
        return None if self._face is None else self._face.face_count > 0

    def load(self) -> Load:
        """How busy the machine is with it."""
        return self._listening.load()

    def _hear(self, heard: Heard) -> None:
        if self._judge is None:
            return  # forgotten: what was still being listened to is nobody's any more
        self._heard_s = heard.end_s
        self._speaking = heard.speaking
        self._words.extend(word.text for word in heard.words)
        self._word_ends_s.extend(word.end_s for word in heard.words)
        if heard.words or heard.partial is not None:
            self._partial = heard.partial or ""
        self._end.hear(heard)

    def _pace_wpm(self) -> float | None:
        """Words a minute over the last of them; None where they are too few, or too long ago."""
        ends_s = list(self._word_ends_s)
        if len(ends_s) < _PACE_WORDS or self._heard_s - ends_s[-1] > _PACE_OLD_S:
            return None
        return 60 * (len(ends_s) - 1) / max(ends_s[-1] - ends_s[0], 1.0)

    def _see(self, face: FaceObservation) -> None:
        self._face = face if self._judge is not None else None

    def _understand(self, missing: dict[str, str]) -> None:
        try:
            seen = self._listening.end(missing)
            judge = self._judge
            if judge is not None:
                self._outcome = Outcome(judge(self._told(seen)))
        except BoothError as error:
            self._outcome = Outcome(None, error.args[0])
        except Exception as error:  # noqa: BLE001  # the interview goes on without this answer
            self._outcome = Outcome(None, f"It failed: {type(error).__name__}.")
        finally:
            if self._judge is None:  # forgotten while it was judged
                self._words.clear()
                self._partial, self._outcome = "", None

    def _told(self, seen: Observations) -> Observations:
        """The same, with what never came named as missing."""
        missing = dict(seen.missing)
        if not self._heard_s:
            missing.setdefault("sound", "No sound came from the microphone.")
        if self._face is None:
            missing.setdefault("picture", "No picture came from the camera.")
        return replace(seen, missing=missing)


def typed(text: str, language: str) -> Observations:
    """What is known of an answer that was typed: its words, and no more.

    Args:
        text: of the answer.
        language: two letters, ISO 639-1.
    """
    reason = "The answer was typed."
    words = tuple(Word(word, 0.0, 0.0, 1.0) for word in text.split())
    return Observations(
        duration_s=0.0,
        transcript=Transcript(_TYPED, language, words),
        missing={"sound": reason, "picture": reason},
    )
