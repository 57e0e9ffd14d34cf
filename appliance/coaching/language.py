"""What depends on the language of an interview, read from `lexicons/`."""

from dataclasses import dataclass
from importlib import resources

import tomli

from appliance.domain.errors import WrongUsageError


@dataclass(frozen=True, slots=True)
class LanguagePack:
    """Words of one language.

    Attributes:
        code: two letters, ISO 639-1.
        filled_pauses: spellings of "um" and its kin, lower case.
        open_ends: words with which no sentence ends, lower case.
    """

    code: str
    filled_pauses: frozenset[str]
    open_ends: frozenset[str]


def load_language(code: str) -> LanguagePack:
    """Read the pack of a language.

    Raises:
        WrongUsageError: there is no pack for it.
    """
    lexicons = resources.files("appliance.coaching") / "lexicons"
    known = sorted(
        item.name.removesuffix(".toml")
        for item in lexicons.iterdir()
        if item.name.endswith(".toml")
    )
    if code not in known:
        raise WrongUsageError(
            f"There is no language pack '{code}'.", f"Choose one of: {', '.join(known)}."
        )
    table = tomli.loads((lexicons / f"{code}.toml").read_text(encoding="utf-8"))
    return LanguagePack(code, frozenset(table["filled_pauses"]), frozenset(table["open_ends"]))
