"""Before the first question: can the person be seen and heard? And how does their voice sound?"""

from contextlib import suppress
from dataclasses import replace

from appliance.domain.errors import BoothError
from appliance.domain.media import AudioBlock
from appliance.domain.observations import FaceObservation
from appliance.interview.listening import Listeners, Listening, Media
from appliance.interview.pipeline import Heard, Senses
from appliance.perception.speech.transcriber import SpeechEvent
from appliance.perception.voice_activity import VoiceUpdate

_HEARD_S = 1.0
"""Speech after which somebody is heard."""


class WarmUp:
    """Looks and listens, and keeps nothing but how the voice sounds on the whole.

    Args:
        senses: perception; nobody else may use it meanwhile.
        media: where frames and sound come from.
    """

    def __init__(self, senses: Senses, media: Media) -> None:
        wordless = replace(senses, transcriber=_NoWords(), expression=None, fusion=None)
        self._listening = Listening(wordless, media, Listeners(self._hear, self._see))
        self._face: FaceObservation | None = None
        self._spoken_s = 0.0
        self._end_s = 0.0
        self._speaking = False

    def begin(self) -> None:
        """Look and listen from now on."""
        self._listening.begin()

    def end(self, *, learns: bool) -> None:
        """Stop, and forget what was seen and said.

        Args:
            learns: how the voice sounded is kept for this person, all of it.
        """
        if not learns:
            self._listening.cancel()
            return
        with suppress(BoothError):  # a model that fails will say so in the answer
            self._listening.end({})

    @property
    def face_in_view(self) -> bool | None:
        """Whether a face was there at the last look; None before the first."""
        return None if self._face is None else self._face.face_count > 0

    @property
    def is_spoken(self) -> bool:
        """Whether somebody speaks now."""
        return self._speaking

    @property
    def is_heard(self) -> bool:
        """Whether somebody spoke for long enough to be heard well."""
        return self._spoken_s >= _HEARD_S

    def _hear(self, heard: Heard) -> None:
        self._speaking = heard.speaking
        if heard.speaking:
            self._spoken_s += heard.end_s - self._end_s
        self._end_s = heard.end_s

    def _see(self, face: FaceObservation) -> None:
        self._face = face


class _NoWords:
    """Recognises nothing: what is said in the warm-up is nobody's business."""

    engine = "none"
    language = ""

    def accept(self, block: AudioBlock, voice: VoiceUpdate) -> list[SpeechEvent]:  # noqa: ARG002
        """No words."""
        return []

    def finish(self, voice: VoiceUpdate) -> list[SpeechEvent]:  # noqa: ARG002
        """No words."""
        return []

    def reset(self) -> None:
        """Nothing to forget."""
