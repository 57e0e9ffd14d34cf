"""What a measure is called, in what unit it comes, and how a value is placed against its band."""

from collections.abc import Iterable
from dataclasses import dataclass

from appliance.domain.report import Band, Evidence, Measure, MeasureStatus

_NO_BAND = "Told without judging: no band is known."


@dataclass(frozen=True, slots=True)
class MeasureKind:
    """Everything about a measure but its value.

    Attributes:
        name: stable identifier, snake_case.
        title: what a person calls it.
        unit: of the value and the band.
        band: None where good speakers differ too widely for one.
    """

    name: str
    title: str
    unit: str
    band: Band | None

    def unrated(self, reason: str) -> Measure:
        """The measure that could not be taken, with the reason, a whole sentence."""
        return Measure(
            name=self.name,
            title=self.title,
            value=None,
            unit=self.unit,
            band=self.band,
            status="unrated",
            reason=reason,
            says=reason,
        )

    def grade(
        self,
        value: float,
        says: str,
        comments: dict[MeasureStatus, str] | None = None,
        evidence: Iterable[Evidence] = (),
    ) -> Measure:
        """The measure with its value.

        Args:
            value: in `unit`.
            says: the fact, a whole sentence.
            comments: what follows it, by the place of the value.
            evidence: places that the value rests on.
        """
        status = self._place(value)
        return Measure(
            name=self.name,
            title=self.title,
            value=value,
            unit=self.unit,
            band=self.band,
            status=status,
            reason=_NO_BAND if self.band is None else None,
            says=f"{says} {(comments or {}).get(status, '')}".strip(),
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
