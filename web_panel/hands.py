"""What a person does on a screen, whether by a form or by a program."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Literal, get_args

from appliance.domain.questions import Competency, Role
from appliance.interview.front_desk import FrontDesk
from appliance.interview.session_events import Gave, Kind, State, chose
from web_panel.screens import version_of
from web_panel.visit import Visit
from web_panel.words import languages, say

Act = Literal[
    "start",
    "go_on",
    "back",
    "answer",
    "finish",
    "pause",
    "skip",
    "again",
    "to_report",
    "leave",
    "active",
]
"""What a person can do that needs no more words."""

ACTS: tuple[Act, ...] = get_args(Act)

LONGEST_ANSWER = 20_000
"""Characters of a typed answer: more than anybody types in an interview."""

NO_QUESTIONS = say("There are no questions for that choice. Choose another.")

_TAKEN_S = 1.0
"""How long somebody waits for the booth to take what was done; a turn comes sooner."""

_LOOK_S = 0.02

_LONGER = 3.0
"""How many times longer a silence may last for who wants that."""


class Taken(Enum):
    """What became of something that a person did."""

    DONE = "done"
    """The booth took it; what takes long may still go on."""
    PASSED = "passed"
    """It was done on a screen that is not there any more."""
    TWICE = "twice"
    """Something was done on this screen just before."""
    IGNORED = "ignored"
    """It means nothing on this screen."""
    NO_QUESTIONS = "no_questions"
    """There are none for that choice."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What helps a person, as they can choose it on the screen.

    Attributes:
        longer_pauses: a silence may last longer before the booth asks.
        no_fillers: "um" and its kin are not counted.
        no_pace: pace is not measured.
        no_gaze: where the head points is not measured.
        larger_text: the screen has larger letters.
    """

    longer_pauses: bool
    no_fillers: bool
    no_pace: bool
    no_gaze: bool
    larger_text: bool


class Hands:
    """Takes what a person does on a screen, once, and only on the screen that is there.

    Args:
        desk: the booth.
        visit: what the panel remembers of the person.
    """

    def __init__(self, desk: FrontDesk, visit: Visit) -> None:
        self._desk = desk
        self._booth = desk.booth
        self._visit = visit

    def act(self, version: str, act: Act) -> Taken:
        """Do what needs no more words.

        Args:
            version: names the screen on which it is done.
            act: what is done.
        """
        return self._do(version, lambda: self._booth.do(Kind(act)))

    def agree(self, version: str, agreed: Gave) -> Taken:
        """Agree to what is sensed and sent, and go on."""
        return self._do(version, lambda: self._booth.do(agreed))

    def choose(self, version: str, role: Role, focus: Competency | None, count: int) -> Taken:
        """Choose a set of questions.

        Args:
            version: names the screen on which it is done.
            role: the kind of work.
            focus: what the questions look for; None for a balance.
            count: how many.
        """
        drawn = self._desk.draw(role, focus, count)
        if not drawn:
            return Taken.NO_QUESTIONS
        return self._do(version, lambda: self._booth.do(chose(*drawn)))

    def answer(self, version: str, text: str) -> Taken:
        """Give a typed answer; only so much of it counts as anybody types."""
        typed = text.strip()[:LONGEST_ANSWER]
        return self._do(version, lambda: self._booth.type_answer(typed))

    def keep_draft(self, version: str, text: str) -> Taken:
        """Keep what was typed so far, as often as it comes."""
        number = self._visit.number
        if version != self._version():
            return Taken.PASSED
        self._visit.keep_draft(version, text[:LONGEST_ANSWER], number)
        return Taken.DONE

    def draft(self) -> str:
        """What was typed so far on the screen that is there."""
        return self._visit.draft(self._version())

    def propose(
        self, *, voice: bool, camera: bool, expression: bool, wording: bool = False
    ) -> None:
        """Show what going on would agree to; no screen is left by that."""
        self._booth.propose(voice=voice, camera=camera, expression=expression, wording=wording)

    def need(self, needs: Needs) -> None:
        """Say what helps; it counts where a person is asked what they agree to."""
        site = self._desk.settings.accommodations
        factor = max(site.silence_factor, _LONGER) if needs.longer_pauses else 1.0
        before = self._booth.turns
        self._booth.accommodate(
            site.model_copy(
                update={
                    "silence_factor": factor,
                    "no_fillers": needs.no_fillers,
                    "no_pace": needs.no_pace,
                    "no_gaze": needs.no_gaze,
                    "larger_text": needs.larger_text,
                }
            )
        )
        end_s = time.monotonic() + _TAKEN_S
        while not self._is_over(before) and time.monotonic() < end_s:
            time.sleep(_LOOK_S)

    @property
    def needs(self) -> Needs:
        """What helps the person who is there."""
        known = self._booth.accommodations
        return Needs(
            longer_pauses=known.silence_factor > 1.0,
            no_fillers=known.no_fillers,
            no_pace=known.no_pace,
            no_gaze=known.no_gaze,
            larger_text=known.larger_text,
        )

    def speak(self, version: str, language: str) -> bool:
        """Show everything in a language until the person is gone; whether there is that one.

        Where nobody is there yet, who chooses one is, and begins.
        """
        if language not in languages():
            return False
        number = self._visit.number
        resting = self._booth.session.state is State.ATTRACT
        taken = self.act(version, "start") is Taken.DONE if resting else version == self._version()
        if taken:
            self._visit.speak(language, number)
        return True

    def stay(self) -> None:
        """Somebody is still there, on whichever screen."""
        self._booth.do(Kind.ACTIVE)

    def _version(self) -> str:
        return version_of(self._booth.snapshot())

    def _do(self, version: str, act: Callable[[], None]) -> Taken:
        """Do it, unless the screen has changed since, and wait until it is taken."""
        if version != self._version():
            return Taken.PASSED
        if not self._visit.takes(version):
            return Taken.TWICE
        before = self._booth.turns
        act()
        end_s = time.monotonic() + _TAKEN_S
        while time.monotonic() < end_s:
            is_over = self._is_over(before)
            if self._version() != version:
                return Taken.DONE
            if is_over:
                return Taken.IGNORED
            time.sleep(_LOOK_S)
        return Taken.DONE

    def _is_over(self, before: int) -> bool:
        """Whether the booth has taken what was done after so many turns."""
        return self._booth.turns >= before + 2  # one may have begun before it was done
