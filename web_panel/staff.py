"""What the administrator's side needs of the booth besides its interviews."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from appliance.domain.health import Examined, Health
from appliance.domain.setting_form import SettingForm
from appliance.domain.site_questions import KeptQuestions, SiteQuestions
from appliance.domain.support import SupportFile
from appliance.storage.store import Store


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


class Examination(Protocol):
    """A look at the booth that takes a while."""

    @property
    def is_running(self) -> bool:
        """Whether it goes on now."""
        ...

    @property
    def last(self) -> Examined | None:
        """What was found last; None before the first look."""
        ...

    def begin(self) -> bool:
        """Look from now on; False where a look goes on already."""
        ...


class QuestionsDesk(Protocol):
    """Shows and takes questions of the site's own."""

    def look(self) -> SiteQuestions:
        """The file that the settings name now."""
        ...

    def keep(self, content: bytes, name: str) -> KeptQuestions:
        """Keep a file in which nothing is wrong.

        Raises:
            BoothError: something is, or it could not be kept.
        """
        ...


class Support(Protocol):
    """Makes what staff send to whoever helps them; nothing in it tells a person or the site."""

    def files(self, parts: Iterable[Health], metrics: bytes) -> tuple[SupportFile, ...]:
        """All files, as they are now.

        Args:
            parts: how the booth does.
            metrics: its figures.
        """
        ...


class HostCheck(Protocol):
    """Asks Ollama hosts whether they answer."""

    def ask(self, hosts: str, model: str) -> tuple[Health, ...]:
        """Ask them; takes some seconds at most.

        Args:
            hosts: with commas between.
            model: that they should have.

        Raises:
            BoothError: an address is none of the own network.
        """
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

    @property
    def doctor(self) -> Examination:
        """Of all but the devices."""
        ...

    @property
    def sensors(self) -> Examination:
        """Of camera and microphone, which must be free."""
        ...

    @property
    def questions(self) -> QuestionsDesk:
        """Of the site's own."""
        ...

    @property
    def store(self) -> Store | None:
        """What is kept; None where nothing can be."""
        ...

    @property
    def support(self) -> Support:
        """For whoever helps."""
        ...

    @property
    def hosts(self) -> HostCheck:
        """Of Ollama."""
        ...
