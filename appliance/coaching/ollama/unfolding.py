"""A flat JSON object of texts, read while it comes: each member as soon as it is whole."""

import json
import re
from collections.abc import Iterator

_LONGEST = 6000
"""Characters of the whole object."""

_TEXT = r'"(?:[^"\\\x00-\x1f]|\\.)*"'
_BEGINS = re.compile(r"\s*\{")
_MEMBER = re.compile(rf"\s*({_TEXT})\s*:\s*({_TEXT})")
_NO_MEMBER = re.compile(rf"\s*(?:[^\s\"]|{_TEXT}\s*(?:[^\s:]|:\s*[^\s\"]))")
_BETWEEN = re.compile(r"\s*([,}])")


class NoObjectError(ValueError):
    """What comes is no flat JSON object of texts."""


class Unfolding:
    """Takes the pieces of one object, in order."""

    def __init__(self) -> None:
        self._rest = ""
        self._length = 0
        self._expects = "begin"
        self._seen: set[str] = set()

    def feed(self, piece: str) -> Iterator[tuple[str, str]]:
        """The members that a piece completes, as name and text.

        Raises:
            NoObjectError: it cannot become such an object any more.
        """
        self._length += len(piece)
        if self._length > _LONGEST:
            raise NoObjectError("It is too long.")
        self._rest += piece
        while (member := self._next()) is not None:
            if member:
                yield member

    def close(self) -> None:
        """The last piece has come.

        Raises:
            NoObjectError: the object is not whole.
        """
        if self._expects != "nothing" or self._rest.strip():
            raise NoObjectError("It breaks off.")

    def _next(self) -> tuple[str, str] | tuple[()] | None:
        """A member, or nothing where a mark was read; None where more must come first."""
        if self._expects == "begin":
            return self._mark(_BEGINS, "{", "member")
        if self._expects == "member":
            return self._member()
        if self._expects == "between":
            return self._mark(_BETWEEN, ",}", "member")
        if self._rest.strip():
            raise NoObjectError("Something follows it.")
        return None

    def _mark(self, pattern: "re.Pattern[str]", marks: str, then: str) -> tuple[()] | None:
        found = pattern.match(self._rest)
        if found is None:
            if self._rest.strip():
                raise NoObjectError(f"None of '{marks}' is where it must be.")
            return None
        self._rest = self._rest[found.end() :]
        self._expects = "nothing" if found.group().endswith("}") else then
        return ()

    def _member(self) -> tuple[str, str] | None:
        found = _MEMBER.match(self._rest)
        if found is None:
            if _NO_MEMBER.match(self._rest):
                raise NoObjectError("A member is no text.")
            return None
        try:
            name, text = (json.loads(one) for one in found.groups())
        except ValueError as error:
            raise NoObjectError("A text is no JSON.") from error
        if name in self._seen:
            raise NoObjectError("A member comes twice.")
        self._seen.add(name)
        self._rest = self._rest[found.end() :]
        self._expects = "between"
        return name, text
