"""The code by which a person finds their practice record again: five words, known to them alone."""

import difflib
import re
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from mnemonic import Mnemonic

from appliance.domain.errors import WrongUsageError

WORDS = 5
"""Of 2,048 words: 55 bits, each guess at the cost of `Cost`."""

_SHORTEST = 4
"""No two words share their first four letters."""


class WrongCodeError(WrongUsageError):
    """What was typed is no code.

    Attributes:
        place: of the first word that is none of a code's, from 1; None where it has more or fewer
            words than a code.
    """

    code = "wrong_code"

    def __init__(self, message: str, place: int | None = None) -> None:
        super().__init__(message)
        self.place = place


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess costs (RFC 9106, second recommended option).

    Attributes:
        iterations: passes.
        lanes: threads.
        memory_kib: memory.
    """

    iterations: int = 3
    lanes: int = 4
    memory_kib: int = 64 * 1024


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """What a code opens; never stored.

    Attributes:
        mark: finds the rows.
        seal: opens them.
    """

    mark: bytes
    seal: bytes


def new_code() -> str:
    """A code that nobody had before."""
    words = _words()
    return " ".join(secrets.choice(words) for _ in range(WORDS))


def read_code(text: str) -> str:
    """A code as a person typed it, in its one form.

    Letters may be large or small, words divided by anything, and cut after four letters.

    Raises:
        WrongCodeError: it is no code; the message never quotes it.
    """
    typed = re.findall(r"[a-z]+", text.casefold())
    if len(typed) != WORDS:
        raise WrongCodeError(f"A code has {WORDS} words; these are {len(typed)}.")
    return " ".join(_known(word, place) for place, word in enumerate(typed, start=1))


def keys_of(code: str, salt: bytes, cost: Cost) -> Keys:
    """What a code opens; takes some tenths of a second on purpose.

    Args:
        code: as `read_code` gives it.
        salt: of this booth, 16 bytes.
        cost: of one guess.
    """
    root = Argon2id(
        salt=salt,
        length=32,
        iterations=cost.iterations,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    ).derive(code.encode())
    return Keys(*(HKDFExpand(SHA256(), 32, use).derive(root) for use in (b"mark", b"seal")))


def _known(word: str, place: int) -> str:
    words = _words()
    if word in words:
        return word
    begun = [known for known in words if len(word) >= _SHORTEST and known.startswith(word)]
    near = begun or difflib.get_close_matches(word, words, n=1, cutoff=0.8)
    if near:
        return near[0]
    raise WrongCodeError(f"Word {place} of the code is none that codes are made of.", place)


def _words() -> list[str]:
    """The list of BIP-39, chosen so that no word is taken for another."""
    return Mnemonic("english").wordlist
