"""Looks after devices, storage and the person, once a second."""

from collections.abc import Iterator

from appliance.domain.health import Health, Status
from appliance.interview.answer import Answer
from appliance.interview.presence import Presence
from appliance.interview.session import Session
from appliance.interview.session_events import Event, FaultBegan, FaultEnded, Kind
from appliance.interview.warm_up import WarmUp
from appliance.interview.wiring import Wiring

_FOR_STAFF = frozenset({"settings"})
"""Parts that a person at the booth is not told of: for them everything works."""


class Caretaker:
    """Turns what it finds into events of the session.

    Args:
        wiring: of the booth.
    """

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        self._presence = Presence(
            wiring.senses.face,
            wiring.equipment.frames,
            wiring.settings.interview.away_s,
            wiring.clock,
        )

    def sign(self) -> None:
        """Somebody did something."""
        self._presence.sign()

    def health(self, answer: Answer | None) -> tuple[Health, ...]:
        """How devices, storage, settings and, while somebody answers, perception do.

        Args:
            answer: that is being given.
        """
        store = self._wiring.store
        return (
            *self._wiring.equipment.health(),
            *(() if store is None else (store.health(),)),
            *self._wiring.standing,
            *(() if answer is None else (answer.load().health(),)),
        )

    def look(
        self, session: Session, answer: Answer | None, warm_up: WarmUp | None
    ) -> Iterator[Event]:
        """What happened since the last look.

        Args:
            session: of now.
            answer: that is being given.
            warm_up: that goes on.
        """
        self._wiring.equipment.check()
        for part in self.health(answer):
            if part.name in _FOR_STAFF:
                continue
            broken = part.status is Status.CRITICAL
            words = f"{part.message} {part.advice}".rstrip()
            if broken and session.faults.get(part.name) != words:
                yield FaultBegan(part.name, words)
            elif not broken and part.name in session.faults:
                yield FaultEnded(part.name)
        self._look_for_person(session, answer or warm_up)
        if self._presence.is_away:
            self._presence.sign()
            yield Kind.AWAY

    def _look_for_person(self, session: Session, watching: Answer | WarmUp | None) -> None:
        """Only where the camera may look can somebody be missed."""
        if not (session.sensing and session.consent.camera):
            self._presence.sign()
        elif watching is None:
            self._presence.look()
        elif watching.is_spoken or watching.face_in_view is not False:
            self._presence.sign()
