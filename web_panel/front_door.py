"""The administrator's door: the PIN, who is signed in, and how often somebody may guess."""

import threading
from dataclasses import dataclass

from appliance.domain.errors import BoothError
from web_panel.access import is_loopback
from web_panel.admin_pin import AdminPin
from web_panel.admin_sessions import AdminSessions, Shown
from web_panel.throttle import Throttle


class WrongPinError(BoothError, PermissionError):
    """Somebody gave another PIN than that of the booth."""

    code = "wrong_pin"


class TooManyTriesError(BoothError, PermissionError):
    """Somebody must wait before they may give a PIN again.

    Attributes:
        wait_s: how long.
    """

    code = "too_many_tries"

    def __init__(self, wait_s: float) -> None:
        super().__init__("Too many tries.", f"Try again in {wait_s:.0f} s.")
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class FrontDoor:
    """Lets administrators in, and counts the guesses of others.

    Attributes:
        pin: of this booth.
        sessions: who is signed in.
        near: for whoever guesses at the booth itself.
        far: for whoever guesses from other machines, so that they lock out nobody at the booth.
        trying: one guess at a time.
    """

    pin: AdminPin
    sessions: AdminSessions
    near: Throttle
    far: Throttle
    trying: threading.Lock

    def sign_in(self, pin: str, who: str) -> str:
        """Sign a program in that knows the PIN, and give the token of its session.

        Args:
            pin: as it was typed.
            who: the address from which it came.

        Raises:
            WrongPinError: it is another.
            TooManyTriesError: whatever it is, they must wait.
            StorageError: the PIN cannot be read.
        """
        self.require_pin(pin, who)
        return self.sessions.begin(Shown.BEARER, is_near=is_loopback(who))

    def require_pin(self, pin: str, who: str) -> None:
        """Let nobody on who does not know the PIN.

        Args:
            pin: as it was typed.
            who: the address from which it came.

        Raises:
            WrongPinError, TooManyTriesError, StorageError: as `sign_in`.
        """
        throttle = self.near if is_loopback(who) else self.far
        with self.trying:
            wait_s = throttle.wait_s(who)
            if wait_s > 0:
                raise TooManyTriesError(wait_s)
            if not self.pin.matches(pin):
                throttle.failed(who)
                raise WrongPinError("That is not the PIN.")
            throttle.succeeded(who)
