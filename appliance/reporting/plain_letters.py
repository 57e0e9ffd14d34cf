"""Text in the letters that a receipt printer has."""

import unicodedata

from appliance.domain.paper import CODE_PAGE

_INSTEAD = str.maketrans(
    {
        **dict.fromkeys("“”„‟\u2033", '"'),
        **dict.fromkeys("‘’\u201a\u201b\u2032", "'"),
        **dict.fromkeys("•\u2212", "-"),
        "\u2039": "<",
        "\u203a": ">",
        "…": "...",
        "→": "->",
        "€": "EUR",
        "œ": "oe",
        "Œ": "OE",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ẞ": "SS",
    }
)
_UNKNOWN = "?"


def plain(text: str) -> str:
    """Text as the code page of receipt printers has it, in one line.

    Marks that it lacks become those of a typewriter, and letters lose the accents that it does not
    know. No control character comes through: with one, what somebody typed could command a printer.
    """
    composed = unicodedata.normalize("NFC", text).translate(_INSTEAD)
    kept = "".join(map(_letter, composed))
    return " ".join(kept.split())


def _letter(letter: str) -> str:
    if letter.isspace():
        return " "
    category = unicodedata.category(letter)
    if category == "Pd":
        return "-"
    if category.startswith("C"):
        return " " if category == "Cc" else ""
    if _is_known(letter):
        return letter
    bare = unicodedata.normalize("NFKD", letter)
    found = "".join(part for part in bare if not unicodedata.combining(part) and _is_known(part))
    return found or ("" if unicodedata.combining(letter) else _UNKNOWN)


def _is_known(letter: str) -> bool:
    try:
        letter.encode(CODE_PAGE)
    except UnicodeEncodeError:
        return False
    return letter.isprintable()
