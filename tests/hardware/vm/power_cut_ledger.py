"""What was acknowledged before a power cut, and whether it is there after it."""

import json
from typing import Any

GONE_WHEN_FRESH = ("name", "secret", "pin", "records", "spare", "started", "completed")


class Ledger:
    """Remembers what was begun and what was acknowledged, and compares it with what is found.

    What was begun and not acknowledged may be there or not, whole. What was acknowledged must be.
    """

    def __init__(self) -> None:
        self._certain: dict[str, Any] = {}
        self._begun: dict[str, list[Any]] = {}

    def take(self, line: str) -> None:
        """Note a line of the machine's, if it is one of these facts."""
        word, _, rest = line.partition(" ")
        key, _, text = rest.partition(" ")
        if word == "will":
            self._begun.setdefault(key, []).append(_value(text))
        elif word == "did":
            self._certain[key] = _value(text)
            self._begun.pop(key, None)
        elif line == "fresh":
            for key in GONE_WHEN_FRESH:
                self._certain.pop(key, None)
                self._begun.pop(key, None)

    def possible(self, key: str) -> list[Any]:
        """What something may be by now."""
        certain = [self._certain[key]] if key in self._certain else []
        return [*certain, *self._begun.get(key, [])]

    def settle(self, found: dict[str, Any]) -> list[str]:
        """Compare with what is found, which is what holds from here on.

        Args:
            found: some of the facts after a cut.

        Returns:
            What is wrong.
        """
        wrong = [str(fault) for fault in found.get("faults", ())]
        if "ready_s" in found and found["ready_s"] is None:
            wrong.append(f"it is not ready: {found['words']}")
        for key in (*GONE_WHEN_FRESH, "release"):
            if key not in found:
                continue
            now = found[key]
            allowed = self.possible(key)
            if key not in self._certain:
                allowed += [None, 0]
            # A secret that is made and not used yet is nobody's.
            if now not in allowed and not (key == "secret" and key not in self._certain):
                wrong.append(f"{key} is {now}, not one of {allowed}")
            self._begun.pop(key, None)
            self._certain.pop(key, None)
            if now is not None:
                self._certain[key] = now
        return wrong


def _value(text: str) -> Any:
    """Numbers as numbers; PINs, names and digests stay text."""
    return json.loads(text) if text.isdigit() and len(text) < 4 else text
