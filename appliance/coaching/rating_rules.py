"""The rules by which measures become ratings of one to five.

Each rule begins at a level and goes up or down by steps, one limit of one measure each; all steps
of a measure go the same way, so that a rating never falls when a measure gets better. The page "How
this is rated" and docs/ratings.md are written from these same rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from appliance.coaching.pace_limits import PACES, PaceLimits

LEVELS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Step:
    """One limit of a measure.

    Attributes:
        measure: its name.
        side: on which side of the limit the step is taken.
        limit: in the measure's unit; the limit itself belongs to "at_least" and not to "below".
        levels: how far the step goes, up or down.
    """

    measure: str
    side: Literal["at_least", "above", "below"]
    limit: float
    levels: int

    def holds(self, value: float) -> bool:
        """Whether a value takes the step."""
        if self.side == "at_least":
            return value >= self.limit
        return value > self.limit if self.side == "above" else value < self.limit


@dataclass(frozen=True, slots=True)
class Cap:
    """What keeps a rating from going beyond a level.

    Attributes:
        measure: its name.
        above: a value over this limit caps the rating.
        at_most: the level that is then the highest.
    """

    measure: str
    above: float
    at_most: int


@dataclass(frozen=True, slots=True)
class Rule:
    """How one rating follows from measures.

    Attributes:
        name: stable identifier; its title and anchors are found by it in the language's sentences.
        starts_at: level without any step.
        steps: all of them are taken that hold; a measure that is not known takes none.
        caps: limits of the outcome.
        needs: measures without which there is no rating.
        enough: of all measures in the steps, how many must be known.
        of_content: a gate that closes lowers or forbids it.
    """

    name: str
    starts_at: int
    steps: tuple[Step, ...]
    caps: tuple[Cap, ...] = ()
    needs: tuple[str, ...] = ()
    enough: int = 1
    of_content: bool = False

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures that it rests on, each once, in order."""
        steps = [step.measure for step in self.steps]
        return tuple(dict.fromkeys([*steps, *(cap.measure for cap in self.caps)]))

    def level(self, values: Mapping[str, float]) -> int | None:
        """The rating; None where too little is known.

        Args:
            values: the known measures, by name.
        """
        stepped = dict.fromkeys(step.measure for step in self.steps)
        if any(name not in values for name in self.needs):
            return None
        if sum(name in values for name in stepped) < self.enough:
            return None
        level = self.starts_at + sum(
            step.levels
            for step in self.steps
            if step.measure in values and step.holds(values[step.measure])
        )
        for cap in self.caps:
            if values.get(cap.measure, float("-inf")) > cap.above:
                level = min(level, cap.at_most)
        return max(LEVELS[0], min(LEVELS[-1], level))


def _rising(measure: str, *limits: float) -> tuple[Step, ...]:
    return tuple(Step(measure, "at_least", limit, 1) for limit in limits)


def _falling(measure: str, *limits: float) -> tuple[Step, ...]:
    return tuple(Step(measure, "above", limit, -1) for limit in limits)


_OF_CONTENT = (
    Rule(
        "relevance",
        starts_at=1,
        steps=_rising("relevance", 12, 35, 66, 85),
        caps=(Cap("empty_phrases", above=5, at_most=2),),
        needs=("relevance",),
        of_content=True,
    ),
    Rule(
        "structure",
        starts_at=1,
        steps=_rising("structure", 1, 2, 3, 4),
        needs=("structure",),
        of_content=True,
    ),
    Rule(
        "specificity",
        starts_at=1,
        steps=_rising("details", 2, 4, 6, 9),
        needs=("details",),
        of_content=True,
    ),
    Rule(
        "clarity",
        starts_at=5,
        steps=(
            *_falling("fillers", 2, 7),
            *_falling("restarts", 2, 12),
            *_falling("filled_pauses", 2.5, 6),
            *_falling("sentence_length", 24, 35),
        ),
        needs=("fillers", "restarts"),
        of_content=True,
    ),
)

_PRESENCE = Rule(
    "presence",
    starts_at=1,
    steps=_rising("facing_camera", 15, 30, 40, 60),
    needs=("facing_camera",),
)


def _delivery(pace: PaceLimits) -> Rule:
    return Rule(
        "delivery",
        starts_at=5,
        steps=(
            Step("pace", "below", pace.slow, -1),
            Step("pace", "below", pace.very_slow, -1),
            *_falling("pace", pace.fast, pace.very_fast),
            *_falling("filled_pauses", 3.5, 7),
            *_falling("long_pauses", 2, 4),
            Step("loudness", "below", -38, -1),
            Step("loudness", "above", -10, -1),
            Step("pitch_variation", "below", 1.5, -1),
        ),
        needs=("pace",),
        enough=3,
    )


RULES: Mapping[str, tuple[Rule, ...]] = {
    language: (*_OF_CONTENT, _delivery(pace), _PRESENCE) for language, pace in PACES.items()
}
"""The rules by language. Limits of content are set on the development half of the golden answers;
limits of delivery are the bands of the measures, and as far again."""
