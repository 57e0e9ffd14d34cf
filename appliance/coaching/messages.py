"""The sentences that coaching says, by language, read from `messages/`."""

from importlib import resources
from typing import Any
from zlib import crc32

import tomli

from appliance.domain.errors import WrongUsageError


class Messages:
    """Sentences of one language, each found by the measure that it is about and its own name.

    Args:
        table: sentences by section and name. A sentence is a format string, or a table of them:
            "one" and "other" by how many there are, and "none" where that has words of its own.
        language: two letters, ISO 639-1.
    """

    def __init__(self, table: dict[str, dict[str, Any]], language: str) -> None:
        self._table = table
        self.language = language

    def say(self, section: str, name: str, **values: Any) -> str:
        """A sentence with its figures.

        Args:
            section: what it is about.
            name: which one.
            values: for its braces; `count` chooses between one and many.

        Raises:
            KeyError: there is no such sentence.
        """
        form = self._table[section][name]
        if isinstance(form, dict):
            form = form[_plural(values["count"], form)]
        return str(form.format(**values))

    def choose(self, section: str, name: str, key: str, **values: Any) -> str:
        """One of several wordings of a sentence.

        Args:
            section: what it is about.
            name: which one.
            key: decides which wording; the same key gives the same wording again.
            values: for its braces.

        Raises:
            KeyError: there is no such sentence.
        """
        wordings = self._table[section][name]
        return str(wordings[crc32(key.encode()) % len(wordings)].format(**values))

    def has(self, section: str, name: str) -> bool:
        """Whether there is such a sentence."""
        return name in self._table.get(section, {})

    def clock(self, seconds: float) -> str:
        """A length of time: "42 seconds", "1 minute 5 seconds"."""
        minutes, rest = divmod(round(seconds), 60)
        parts = [self.say("units", "minutes", count=minutes)] if minutes else []
        parts += [self.say("units", "seconds", count=rest)] if rest or not minutes else []
        return " ".join(parts)


def load_messages(language: str) -> Messages:
    """Read the sentences of a language.

    Raises:
        WrongUsageError: there are none.
    """
    path = resources.files("appliance.coaching") / "messages" / f"{language}.toml"
    if not path.is_file():
        raise WrongUsageError(f"There are no sentences in the language '{language}'.")
    return Messages(tomli.loads(path.read_text(encoding="utf-8")), language)


def _plural(count: int, form: dict[str, str]) -> str:
    if count == 0 and "none" in form:
        return "none"
    return "one" if count == 1 else "other"
