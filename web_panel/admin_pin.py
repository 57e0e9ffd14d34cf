"""The PIN of the administrator: chosen by a person, kept as a hash that is slow to guess at."""

import threading
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

from argon2 import Parameters, PasswordHasher, Type, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from appliance.domain.errors import StorageError, WrongUsageError
from web_panel.device_secret import read_private, unusable, write_private

FILE = "admin-pin"
FEWEST_DIGITS = 4
MOST_DIGITS = 12

_PASSES = 2
_MEMORY_KIB = 32 * 1024
_LANES = 1
"""Fit for a Raspberry Pi; more than OWASP asks for at least (2 passes, 19 MiB, 1 lane; 2023)."""

_MOST_TIMES = 8
"""A hash that claims to need more than this many times our cost is damaged; it is not tried."""

_HASH_BYTES = 32
"""A shorter one was cut."""

_MOST_BYTES = 512
_STEPS = {0, 1, 9}
"""From one digit to the next, modulo 10: the same, up and down."""


class NoSuchPinError(WrongUsageError):
    """That is no PIN."""

    code = "no_such_pin"


class WeakPinError(WrongUsageError):
    """Anybody would try that PIN first."""

    code = "weak_pin"


class AdminPin:
    """The PIN, in a file for its owner alone. Threads may share it.

    One hash is computed at a time, so that many guesses at once cannot use up the memory. Counting
    the guesses is up to the caller.

    Args:
        folder: of the panel; made for its owner alone where it is missing.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._lock = threading.Lock()
        self._hasher = PasswordHasher(
            time_cost=_PASSES,
            memory_cost=_MEMORY_KIB,
            parallelism=_LANES,
            hash_len=_HASH_BYTES,
            type=Type.ID,
        )

    @property
    def is_set(self) -> bool:
        """Whether somebody chose a PIN; true too where its file is damaged.

        Raises:
            StorageError: that cannot be told.
        """
        try:
            self._path.lstat()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise unusable(self._path, error) from error
        return True

    def set(self, pin: str) -> None:
        """Keep a PIN in place of the one before.

        Args:
            pin: 4 to 12 digits.

        Raises:
            WrongUsageError: it is none, or one of the first that anybody would try; the message
                never quotes it.
            StorageError: it could not be kept; the one before still holds.
        """
        if not _is_pin(pin):
            raise NoSuchPinError(
                f"A PIN has {FEWEST_DIGITS} to {MOST_DIGITS} digits and nothing else.",
                "Choose one that you will remember; six digits are better than four.",
            )
        if _is_weak(pin):
            raise WeakPinError(
                "This PIN would be among the first that anybody tries.",
                "Choose digits that are not all the same and do not just count up or down.",
            )
        with self._lock:
            self._keep(pin)

    def matches(self, pin: str) -> bool:
        """Whether this is the PIN; never where none is set.

        A hash of another cost than today's is replaced as soon as the PIN is right.

        Args:
            pin: as it was typed.

        Raises:
            StorageError: the file cannot be read, or is damaged; what cannot be a PIN is not
                compared, and so never raises.
        """
        if not _is_pin(pin):
            return False
        with self._lock:
            kept = self._kept()
            if kept is None:
                return False
            try:
                self._hasher.verify(kept, pin)
            except VerifyMismatchError:
                return False
            except (VerificationError, InvalidHashError) as error:
                raise self._damaged() from error
            if self._hasher.check_needs_rehash(kept):
                with suppress(StorageError):  # the PIN is right all the same
                    self._keep(pin)
            return True

    def _keep(self, pin: str) -> None:
        write_private(self._path, f"{self._hasher.hash(pin)}\n".encode("ascii"))

    def _kept(self) -> str | None:
        """The hash in the file; None where there is no file."""
        content = read_private(self._path, _MOST_BYTES)
        if content is None:
            return None
        try:
            kept = content.decode("ascii").strip()
            parameters = extract_parameters(kept)
        except (UnicodeDecodeError, InvalidHashError) as error:
            raise self._damaged() from error
        if not _is_whole(parameters):
            raise self._damaged()
        return kept

    def _damaged(self) -> StorageError:
        return StorageError(
            f"'{self._path}' does not hold the PIN of the administrator: it is damaged.",
            "Delete it on the device itself, start the booth again, and choose a new PIN.",
        )


def _is_pin(text: str) -> bool:
    """Only the digits 0 to 9: others look the same on the screen and are not."""
    return text.isascii() and text.isdigit() and FEWEST_DIGITS <= len(text) <= MOST_DIGITS


def _is_weak(pin: str) -> bool:
    """All the same digit, or one run up or down; 0 follows 9, as on a keyboard."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return len(steps) == 1 and steps <= _STEPS


def _is_whole(parameters: Parameters) -> bool:
    """Whether a hash is of our kind and length, and of a cost that we can bear."""
    return (
        parameters.type is Type.ID
        and parameters.hash_len == _HASH_BYTES
        and parameters.time_cost <= _PASSES * _MOST_TIMES
        and parameters.memory_cost <= _MEMORY_KIB * _MOST_TIMES
        and parameters.parallelism <= _LANES * _MOST_TIMES
    )
