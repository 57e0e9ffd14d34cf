"""What a booth is made of."""

import queue
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from appliance.coaching.coach import Coach
from appliance.coaching.question_bank import BankQuestion
from appliance.devices.controls.button import ButtonEvent
from appliance.devices.equipment import Equipment
from appliance.domain.health import Health
from appliance.domain.settings import Settings
from appliance.interview.pipeline import Senses
from appliance.storage.store import Store


@dataclass(frozen=True, slots=True)
class Wiring:
    """What a booth is made of.

    Attributes:
        equipment: its devices.
        senses: perception.
        coach: judges answers in the language of the site.
        questions: that can be practised.
        settings: of the site.
        store: what is kept; None where nothing can be.
        clock: monotonic seconds.
        chance: decides which questions come where nobody chooses.
        presses: what was done with the button; the booth takes it out.
        standing: parts of which the start found that something is wrong; so it is until the next.
    """

    equipment: Equipment
    senses: Senses
    coach: Coach
    questions: Sequence[BankQuestion]
    settings: Settings
    store: Store | None
    clock: Callable[[], float]
    chance: random.Random = field(default_factory=random.Random)
    presses: "queue.SimpleQueue[ButtonEvent]" = field(default_factory=queue.SimpleQueue)
    standing: tuple[Health, ...] = ()
