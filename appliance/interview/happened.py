"""What the booth is told besides the events of the session."""

from dataclasses import dataclass

from appliance.devices.controls.button import ButtonEvent
from appliance.domain.settings import Accommodations
from appliance.interview.session_events import Event


@dataclass(frozen=True, slots=True)
class Typed:
    """An answer in writing."""

    text: str


@dataclass(frozen=True, slots=True)
class Needs:
    """What a person needs."""

    accommodations: Accommodations


Happened = Event | ButtonEvent | Typed | Needs
