"""How many words a minute serve a listener, by language.

The limits of English are those of Microsoft's Speaker Coach, and as far again. Other languages put
the same into fewer, longer words, so theirs are the English ones times how many words a minute
adults read aloud of the same texts: 228 in English, 179 in German, 218 in Spanish
(Trauzettel-Klosinski and Dietz, Standardized Assessment of Reading Performance: IReST, 2012),
rounded to five.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PaceLimits:
    """Words a minute.

    Attributes:
        very_slow: below it, a listener waits.
        slow: the lower end of the band.
        fast: the upper end of the band.
        very_fast: above it, a listener falls behind.
        source: of the band.
    """

    very_slow: float
    slow: float
    fast: float
    very_fast: float
    source: str


_SCALED = "Microsoft Speaker Coach, scaled by reading aloud (IReST, 2012)"

PACES: Mapping[str, PaceLimits] = {
    "en": PaceLimits(80, 100, 165, 190, "Microsoft Speaker Coach"),
    "de": PaceLimits(65, 80, 130, 150, _SCALED),
    "es": PaceLimits(75, 95, 160, 180, _SCALED),
}
