"""What a booth is made of."""

import queue
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from appliance.coaching.language import LanguagePack
from appliance.devices.controls.button import ButtonEvent
from appliance.devices.equipment import Equipment
from appliance.domain.report import Question
from appliance.domain.settings import Settings
from appliance.interview.pipeline import Senses
from appliance.storage.store import Store


@dataclass(frozen=True, slots=True)
class Wiring:
    """What a booth is made of.

    Attributes:
        equipment: its devices.
        senses: perception.
        language: what depends on the language.
        questions: that can be practised.
        settings: of the site.
        store: what is kept; None where nothing can be.
        clock: monotonic seconds.
        presses: what was done with the button; the booth takes it out.
    """

    equipment: Equipment
    senses: Senses
    language: LanguagePack
    questions: Sequence[Question]
    settings: Settings
    store: Store | None
    clock: Callable[[], float]
    presses: "queue.SimpleQueue[ButtonEvent]" = field(default_factory=queue.SimpleQueue)
