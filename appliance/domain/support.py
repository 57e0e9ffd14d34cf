"""A file that staff send to whoever helps them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SupportFile:
    """One file.

    Attributes:
        name: such as "settings.json".
        content: of it.
    """

    name: str
    content: bytes
