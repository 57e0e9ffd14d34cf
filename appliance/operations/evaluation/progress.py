"""How an evaluation says how far it is."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Progress = Callable[[str, float], None]
"""Told what is being done, and the share of it that is done, 0..1."""

_Item = TypeVar("_Item")


def with_progress(items: Sequence[_Item], doing: str, progress: Progress) -> Iterator[_Item]:
    """Yield the items, and after each tell how many of them are done."""
    for number, item in enumerate(items, start=1):
        yield item
        progress(doing, number / len(items))
