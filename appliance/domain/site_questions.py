"""The file of questions of a site's own, as staff see it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SiteQuestions:
    """The file that the settings name.

    Attributes:
        path: of the file; empty where none is named.
        count: how many questions are in it.
        fault: what is wrong with it, and what to do; empty where nothing is.
    """

    path: str
    count: int = 0
    fault: str = ""


@dataclass(frozen=True, slots=True)
class KeptQuestions:
    """A file that was taken.

    Attributes:
        path: where it is now.
        count: how many questions are in it.
        is_named: whether the settings name it; where they cannot be changed, a person must.
    """

    path: str
    count: int
    is_named: bool
