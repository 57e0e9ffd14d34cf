"""What the doctor does many of: a check."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from appliance.domain.health import Health, Status

Findings = Health | Sequence[Health]


@dataclass(frozen=True, slots=True)
class Check:
    """Something to look at.

    Attributes:
        name: of the part that is looked at, such as "camera".
        limit_s: seconds after which nobody waits for it any longer.
        run: looks, in a thread of its own; it may take long, and may raise anything.
        if_it_fails: how grave it is where `run` raises, or gives no answer in time.
    """

    name: str
    limit_s: float
    run: Callable[[], Findings]
    if_it_fails: Status = Status.CRITICAL
