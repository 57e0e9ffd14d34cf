"""A measure's name and band, and how a value is placed against the band."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from appliance.coaching.messages import Messages
from appliance.domain.report import Band, Evidence, Measure, MeasureStatus


@dataclass(frozen=True, slots=True)
class MeasureKind:
    """Everything about a measure but its value and its words.

    Attributes:
        name: stable identifier, snake_case; its title, unit and sentences are found by it.
        band: None where good speakers differ too widely for one.
    """

    name: str
    band: Band | None

    def unrated(self, reason: str, messages: Messages) -> Measure:
        """The measure that could not be taken, with the reason, a whole sentence."""
        return Measure(
            name=self.name,
            title=messages.say(self.name, "title"),
            value=None,
            unit=messages.say(self.name, "unit"),
            band=self.band,
            status="unrated",
            reason=reason,
            says=reason,
        )

    def grade(
        self,
        value: float,
        messages: Messages,
        evidence: Iterable[Evidence] = (),
        says: str = "says",
        **figures: Any,
    ) -> Measure:
        """The measure with its value.

        Args:
            value: in the measure's unit.
            messages: of the language: the fact, and what follows it by the place of the value.
            evidence: places that the value rests on.
            says: the name of the sentence that tells the fact.
            figures: what the sentences tell besides `value`.
        """
        status = self._place(value)
        sentences = [messages.say(self.name, says, value=value, **figures)]
        if messages.has(self.name, status):
            sentences.append(messages.say(self.name, status, value=value, **figures))
        return Measure(
            name=self.name,
            title=messages.say(self.name, "title"),
            value=value,
            unit=messages.say(self.name, "unit"),
            band=self.band,
            status=status,
            reason=messages.say("reasons", "no_band") if self.band is None else None,
            says=" ".join(sentences),
            evidence=tuple(evidence),
        )

    def _place(self, value: float) -> MeasureStatus:
        """Where a value lies; the ends of a band belong to it."""
        if self.band is None:
            return "unrated"
        if self.band.low is not None and value < self.band.low:
            return "below"
        if self.band.high is not None and value > self.band.high:
            return "above"
        return "in_band"
