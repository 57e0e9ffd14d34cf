"""What the panel needs of a booth besides its events and news: a preview, and sets of questions."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

import cv2

from appliance.coaching.messages import Messages
from appliance.coaching.question_bank import BankQuestion
from appliance.coaching.question_sets import question_set
from appliance.coaching.rating_guide import rating_guide
from appliance.domain.media import Frame
from appliance.domain.questions import SET_LENGTHS, Competency, Role
from appliance.domain.report import RatingGuide, Report
from appliance.interview.booth import Booth
from appliance.interview.paper_desk import PaperDesk
from appliance.interview.record_book import RecordBook
from appliance.interview.session_events import State
from appliance.interview.wiring import Wiring

_PREVIEW_WIDTH_PX = 480
_JPEG_QUALITY = 75


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person can choose before the first question.

    Attributes:
        roles: kinds of work, the site's own first.
        focuses: what questions can look for.
        lengths: how many questions a set may have.
    """

    roles: tuple[Role, ...]
    focuses: tuple[Competency, ...]
    lengths: tuple[int, ...]


class FrontDesk:
    """A booth as the panel sees it. Any thread may call anything.

    Args:
        booth: the interview.
        wiring: what the booth is made of.
        messages: of the language, by which ratings are explained.
        simulated: a recording stands in for camera and microphone, which people are told.
    """

    def __init__(
        self, booth: Booth, wiring: Wiring, messages: Messages, *, simulated: bool = False
    ) -> None:
        self.booth = booth
        self.simulated = simulated
        self.settings = wiring.settings
        self.records = RecordBook(wiring, lambda: booth.given)
        self.paper = PaperDesk(wiring.equipment.printer, lambda: booth.given)
        self._frames = wiring.equipment.frames
        self._questions = tuple(wiring.questions)
        self._chance = wiring.chance
        self._messages = messages

    @property
    def choices(self) -> Choices:
        """What a person can choose; only what there are questions for."""
        there = {question.role for question in self._questions}
        own = self.settings.interview.role
        roles = sorted(
            (role for role in get_args(Role) if role in there), key=lambda role: role != own
        )
        sought = {question.competency for question in self._questions}
        focuses = tuple(one for one in get_args(Competency) if one in sought)
        return Choices(tuple(roles), focuses, SET_LENGTHS)

    def draw(self, role: Role, focus: Competency | None, count: int) -> tuple[str, ...]:
        """The ids of a set of questions; fewer than asked where there are not so many.

        Args:
            role: the kind of work.
            focus: what the questions look for; None for a balance.
            count: how many.
        """
        fitting = [one for one in self._questions if focus in {None, one.competency}]
        there = sum(question.role in {role, "general"} for question in fitting)
        chosen = question_set(fitting, min(count, there), self._chance, role)
        return tuple(question.id for question in chosen)

    def count(self) -> Mapping[tuple[Role, Competency], int]:
        """How many questions there are of each kind of work that look for each competency."""
        return Counter((one.role, one.competency) for one in self._questions)

    def question(self, name: str) -> BankQuestion | None:
        """A question of the bank, by its id."""
        return next((one for one in self._questions if one.id == name), None)

    def preview(self) -> bytes | None:
        """What the camera sees now, mirrored, as JPEG; None where nobody agreed to be seen.

        Only before and while somebody answers: no picture is shown of who is gone.
        """
        session = self.booth.session
        looked_at = {State.CHECK, State.CHOOSE, State.ASK, State.LISTEN}
        if session.state not in looked_at or not (session.sensing and session.consent.camera):
            return None
        frame = self._frames.snapshot()
        return None if frame is None else _jpeg(frame)

    def report(self, number: int) -> Report | None:
        """The report of an answer; None where there is none.

        Args:
            number: of the answer, from 0.
        """
        given = self.booth.given
        return given[number].outcome.report if number < len(given) else None

    def guide(self) -> RatingGuide:
        """How ratings are made."""
        return rating_guide(self._messages)


def _jpeg(frame: Frame) -> bytes | None:
    height, width = frame.image.shape[:2]
    size = (_PREVIEW_WIDTH_PX, round(height * _PREVIEW_WIDTH_PX / width))
    small = cv2.resize(frame.image, size, interpolation=cv2.INTER_AREA)
    mirrored = cv2.cvtColor(cv2.flip(small, 1), cv2.COLOR_RGB2BGR)
    done, encoded = cv2.imencode(".jpg", mirrored, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    return encoded.tobytes() if done else None
