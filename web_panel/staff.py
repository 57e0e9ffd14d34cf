"""What the administrator's side needs of the booth besides its interviews."""

from collections.abc import Mapping
from typing import Protocol

from appliance.domain.setting_form import SettingForm


class SettingsDesk(Protocol):
    """Shows and changes the settings."""

    def look(self) -> SettingForm:
        """The settings as they are in file and environment now."""
        ...

    def write(self, typed: Mapping[str, str], version: str) -> SettingForm:
        """Write what differs; nothing where something is wrong, which the form then tells.

        Raises:
            BoothError: the file cannot be changed, or was changed meanwhile ("settings_changed").
        """
        ...


class Restart(Protocol):
    """Ends the booth so that it is started again."""

    @property
    def is_possible(self) -> bool:
        """Whether anything starts it again."""
        ...

    def now(self) -> None:
        """End it."""
        ...


class Versions(Protocol):
    """Which version of the booth this is."""

    @property
    def running(self) -> str:
        """That runs."""
        ...

    def installed(self) -> str:
        """That a new start would run."""
        ...


class Staff(Protocol):
    """All of it."""

    @property
    def settings(self) -> SettingsDesk:
        """Of the site."""
        ...

    @property
    def restart(self) -> Restart:
        """Of the booth."""
        ...

    @property
    def versions(self) -> Versions:
        """Of the booth."""
        ...
