"""Makes answers ready to be given, as a person agreed to and needs it, and judges them."""

import threading
from dataclasses import replace

from appliance.coaching.coach import Coach, Wishes
from appliance.coaching.cue import Cue, LiveCue
from appliance.coaching.pace_limits import PACES
from appliance.coaching.question_bank import BankQuestion
from appliance.domain.errors import BoothError
from appliance.domain.observations import Observations
from appliance.domain.report import Report
from appliance.domain.settings import Accommodations, Settings
from appliance.interview.answer import Answer, typed
from appliance.interview.end_of_answer import EndOfAnswer, Patience
from appliance.interview.listening import Media
from appliance.interview.pipeline import Senses
from appliance.interview.session import Consent
from appliance.interview.warm_up import WarmUp
from appliance.perception.voice_description import VoiceBaseline

_LEFTOVER_S = 30.0
"""An answer that nobody waits for any more has the models until it is understood."""

_SOURCE = "booth"


class StuckError(BoothError, RuntimeError):
    """A part of the booth hangs, and only a new start helps."""

    code = "stuck"


class Answering:
    """Begins one answer at a time: all of them use the same models.

    Args:
        senses: perception.
        media: where frames and sound come from.
        coach: judges the answers.
        settings: of the site.
    """

    def __init__(self, senses: Senses, media: Media, coach: Coach, settings: Settings) -> None:
        self._senses = senses
        self._media = media
        self._coach = coach
        self._settings = settings
        self._before: Answer | None = None
        self._baseline = VoiceBaseline()
        self._learning: VoiceBaseline | None = None

    def begin(
        self,
        question: BankQuestion,
        consent: Consent,
        needs: Accommodations,
        before: Report | None = None,
    ) -> Answer:
        """Begin to take an answer in.

        Args:
            question: that is answered.
            consent: what the person agreed to.
            needs: what they need.
            before: the report of their attempt before.

        Raises:
            StuckError: the answer before it is still being understood, and does not come to an end.
        """
        self._wait_for_models()
        senses = self._agreed(consent)
        limits = self._settings.interview
        patience = Patience(
            silence_s=limits.silence_s, asked_s=limits.asked_s, most_s=limits.longest_answer_s
        ).longer(needs.silence_factor)
        language = self._coach.language
        open_ends = language.open_ends | language.filled_pauses
        self._before = Answer(
            senses,
            self._media,
            EndOfAnswer(patience, open_ends),
            lambda seen: self.judge(seen, question, needs, before),
            self._cue(needs),
        )
        self._before.begin()
        # While somebody begins to speak there is time for it; once they have ended there is none.
        threading.Thread(
            target=self._coach.prepare, args=(question,), name="prepare", daemon=True
        ).start()
        return self._before

    def _cue(self, needs: Accommodations) -> LiveCue | None:
        """Hints while somebody speaks, but for what they do not want."""
        unwanted = {Cue.PACE: needs.no_pace, Cue.FACING: needs.no_gaze}
        leave_out = frozenset(cue for cue, off in unwanted.items() if off)
        on = self._settings.interview.live_cue
        pace = PACES[self._coach.language.code]
        return LiveCue(leave_out=leave_out, pace=pace) if on else None

    def warm_up(self, consent: Consent) -> WarmUp:
        """Begin to look and listen before the first question.

        Args:
            consent: what the person agreed to.

        Raises:
            StuckError: the answer of somebody before is still being understood.
        """
        self._wait_for_models()
        warm_up = WarmUp(self._agreed(consent), self._media)
        warm_up.begin()
        return warm_up

    def _wait_for_models(self) -> None:
        if self._before is not None and not self._before.wait(_LEFTOVER_S):
            raise StuckError("Perception does not come back.", "The booth must be started again.")

    @property
    def windows_known(self) -> int:
        """Windows of the person's voice that are known, which is how well it is."""
        return self._baseline.count

    def _agreed(self, consent: Consent) -> Senses:
        """Perception as far as the person agreed to it."""
        self._learning = None
        if not consent.expression:
            return replace(self._senses, expression=None, voice=None, fusion=None)
        self._learning = self._baseline.copy()
        return replace(self._senses, baseline=self._learning)

    def keep_voice(self, *, counts: bool) -> None:
        """The warm-up or an answer has ended.

        Args:
            counts: what it taught of the person's voice is kept; else it was not wanted.
        """
        if counts and self._learning is not None:
            self._baseline = self._learning
        self._learning = None

    def forget(self) -> None:
        """Forget the person: their voice, and the last answer, also where it is still worked on."""
        self._baseline, self._learning = VoiceBaseline(), None
        if self._before is not None:
            self._before.forget()
        if self._before is not None and self._before.wait(0.0):
            self._before = None

    def judge_typed(
        self, text: str, question: BankQuestion, needs: Accommodations, before: Report | None
    ) -> Report:
        """The report of an answer in writing."""
        return self.judge(typed(text, self._settings.site.language), question, needs, before)

    def judge(
        self,
        seen: Observations,
        question: BankQuestion,
        needs: Accommodations,
        before: Report | None = None,
    ) -> Report:
        """The report of what was found, without what the person does not want measured."""
        unwanted = {
            "pace": needs.no_pace,
            "filled_pauses": needs.no_fillers,
            "fillers": needs.no_fillers,
            "restarts": needs.no_fillers,
            "facing_camera": needs.no_gaze,
        }
        return self._coach.report(
            seen,
            source=_SOURCE,
            question=question,
            before=before,
            wishes=Wishes(
                frozenset(name for name, off in unwanted.items() if off),
                self._settings.loads_emotion_models,
            ),
        )


def missing_by(consent: Consent) -> dict[str, str]:
    """The senses that a person did not agree to, with the reason."""
    missing = {}
    if not consent.voice:
        missing["sound"] = "You chose not to be heard."
    if not consent.camera:
        missing["picture"] = "You chose not to be seen."
    return missing
