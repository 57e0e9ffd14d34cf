"""How a part of the booth is doing, as a value that the doctor, the panel and the metrics share."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any


class Status(str, Enum):
    """How well a part works; no data is not healthy."""

    HEALTHY = "healthy"
    WARNING = "warning"
    CRITICAL = "critical"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


_GRAVITY = (Status.SKIPPED, Status.HEALTHY, Status.UNKNOWN, Status.WARNING, Status.CRITICAL)


@dataclass(frozen=True, slots=True)
class Health:
    """How one part is doing.

    Attributes:
        name: of the part, such as "camera".
        status: how well it works.
        message: one sentence of what was found.
        advice: one sentence of what to do; empty where nothing is to be done.
        details: figures and names behind the message; values that JSON can hold.
    """

    name: str
    status: Status
    message: str
    advice: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    def to_json_value(self) -> dict[str, Any]:
        """The same as plain values."""
        return {**asdict(self), "status": self.status.value, "details": dict(self.details)}


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found when somebody looked.

    Attributes:
        at: when they had looked, by the wall clock.
        parts: what was found.
    """

    at: datetime
    parts: tuple[Health, ...]


def worst(parts: Iterable[Health]) -> Status:
    """The gravest status of all parts; skipped where there are none."""
    return max((part.status for part in parts), key=_GRAVITY.index, default=Status.SKIPPED)
