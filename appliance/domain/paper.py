"""A strip of paper, as a receipt printer prints it: lines of plain letters."""

from collections.abc import Sequence
from dataclasses import dataclass

CODE_PAGE = "cp850"
"""Letters of Western Europe as every ESC/POS printer has them; it has no typographic quotes."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a strip.

    Attributes:
        text: letters of `CODE_PAGE` alone, no longer than the paper is wide.
        bold: it is a title.
    """

    text: str = ""
    bold: bool = False


Strip = Sequence[Line]
"""From top to bottom."""
