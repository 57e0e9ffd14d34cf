"""Reads MediaSum's interviews (Zhu et al. 2021), one at a time: the whole file is gigabytes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from appliance.domain.errors import DataError

_CHUNK = 1 << 20

_SPACE = " \t\r\n,"


@dataclass(frozen=True, slots=True)
class Interview:
    """One broadcast interview.

    Attributes:
        id: as in the file.
        program: that it was part of.
        summary: written by the broadcaster.
        utterances: what was said, in order.
    """

    id: str
    program: str
    summary: str
    utterances: tuple[str, ...]


def read_interviews(path: Path) -> Iterator[Interview]:
    """Read interviews from a JSON array of objects, in its order.

    Args:
        path: MediaSum's `news_dialogue.json`, or a file of its form.

    Raises:
        DataError: the file is missing or not of that form; it says at which interview.
    """
    try:
        with path.open(encoding="utf-8") as file:
            for number, value in enumerate(_objects(file, path), 1):
                yield _interview(value, number, path)
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"The interviews '{path}' cannot be read: {error}.") from error


def _objects(file: Any, path: Path) -> Iterator[Any]:
    """The elements of a JSON array, decoded as soon as each is whole."""
    decoder = json.JSONDecoder()
    text = file.read(_CHUNK).lstrip()
    if not text.startswith("["):
        raise DataError(f"'{path}' holds no list of interviews.", "It has to begin with '['.")
    text, ended = text[1:], False
    number = 1
    while True:
        text = text.lstrip(_SPACE)
        if text.startswith("]"):
            return
        try:
            value, end = decoder.raw_decode(text)
        except json.JSONDecodeError as error:
            if ended:
                raise DataError(
                    f"'{path}' breaks off or is damaged at interview {number}."
                ) from error
            more = file.read(_CHUNK)
            ended = not more
            text += more
            continue
        yield value
        number += 1
        text = text[end:]
        if len(text) < _CHUNK:
            text += file.read(_CHUNK)


def _interview(value: Any, number: int, path: Path) -> Interview:
    fields = {"id": str, "program": str, "summary": str, "utt": list}
    if not isinstance(value, dict):
        raise DataError(f"Interview {number} of '{path}' is no object.")
    for name, kind in fields.items():
        if not isinstance(value.get(name), kind):
            raise DataError(f"Interview {number} of '{path}' has no '{name}' of the right kind.")
    if not all(isinstance(one, str) for one in value["utt"]):
        raise DataError(f"Interview {number} of '{path}' has an utterance that is no text.")
    return Interview(value["id"], value["program"], value["summary"], tuple(value["utt"]))
