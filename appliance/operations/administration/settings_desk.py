"""Shows and changes the settings of the booth for its administrator."""

import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pydantic import SecretStr

from appliance.domain.setting_form import SettingForm
from appliance.domain.settings import Settings
from appliance.operations.administration.languages import (
    LANGUAGE,
    CanHear,
    language_fault,
    with_languages,
)
from appliance.operations.settings.environment import Place
from appliance.operations.settings.form import sections_of, typed_of, values_of
from appliance.operations.settings.loaded import Loaded
from appliance.operations.settings.loading import file_that_holds, load, settings_file
from appliance.operations.settings.writing import obstacle, version_of, write_settings

_PORT = ("panel", "port")
_WHY_LOCKED = (
    "It cannot be changed here: the booth's own screen opens this port, and would find nothing at "
    "another. Change it in the file and in interview-booth-kiosk.service together."
)


class SettingsDesk:
    """The settings file of a booth that runs. Threads may share it.

    Args:
        environment: of the process.
        config: the settings file; None for the booth's own.
        running: the settings by which the booth runs.
        can_hear: whether there is a recogniser for a language; the booth does not start without.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        config: Path | None,
        running: Settings,
        can_hear: CanHear = lambda _: True,
    ) -> None:
        self._environment = environment
        self._config = config
        self._running = running
        self._can_hear = can_hear
        self._path = settings_file(environment, config)
        self._lock = threading.Lock()

    def look(self) -> SettingForm:
        """The settings as they are in file and environment now."""
        with self._lock:
            version = version_of(self._holds())
            return self._form(self._load(), version)

    def write(self, typed: Mapping[str, str], version: str) -> SettingForm:
        """Write what differs from what holds; nothing at all unless everything typed is right.

        Args:
            typed: by the settings' names; what is not there, or fixed by the environment, stays. A
                secret that is there is set, also to nothing.
            version: of the form into which it was typed.

        Returns:
            The form as it is now; where something is wrong, with what was typed and the mistakes.

        Raises:
            SettingsChangedError: the file holds something else than the form showed.
            WrongUsageError, StorageError: the file cannot be changed.
        """
        with self._lock:
            loaded = self._load()
            changes = {
                place: value
                for place, value in values_of(typed).items()
                if self._is_change(loaded, place, typed[".".join(place)])
            }
            mistakes = {}
            if fault := language_fault(changes.get(LANGUAGE), self._can_hear):
                mistakes[".".join(LANGUAGE)] = fault
            else:
                wrong = write_settings(
                    self._path, changes, version, self._environment, self._holds()
                )
                mistakes = {one.key: one.words for one in wrong}
            if not mistakes:
                return self._form(self._load(), version_of(self._path))
            told = replace(self._form(loaded, version, mistakes), is_refused=True)
            return told.filled_in(typed, version)

    def _is_change(self, loaded: Loaded, place: Place, text: str) -> bool:
        """Whether something else was typed than the form showed, or what it showed was no choice.

        A cautious value that somebody saw and sent is their choice: by itself it would give way to
        the default as soon as the mistake is mended.
        """
        origin = loaded.origins[place]
        if origin.variable is not None or place == _PORT:
            return False
        if origin.is_caution or any(mistake.key == ".".join(place) for mistake in loaded.mistakes):
            return True
        section, key = place
        value = getattr(getattr(loaded.settings, section), key)
        if isinstance(value, SecretStr):
            return text != value.get_secret_value()
        return text.strip() != typed_of(value)

    def _holds(self) -> Path:
        return file_that_holds(self._environment, self._config)

    def _load(self) -> Loaded:
        return load(self._environment, self._config)

    def _form(
        self, loaded: Loaded, version: str, mistakes: Mapping[str, str] | None = None
    ) -> SettingForm:
        """The form; with other mistakes than the file's own where somebody made them."""
        own = {one.key: one.words for one in loaded.mistakes}
        sections = sections_of(loaded, own if mistakes is None else mistakes)
        shown = {field.name for section in sections for field in section.fields}
        form = SettingForm(
            sections=sections,
            file=str(self._path),
            version=version,
            obstacle=obstacle(self._path),
            mistakes=tuple(str(one) for one in loaded.mistakes if one.key not in shown),
            is_pending=loaded.settings != self._running,
        )
        locked = form.changed(
            ".".join(_PORT), lambda field: replace(field, is_locked=True, advice=_WHY_LOCKED)
        )
        return with_languages(locked, self._can_hear)
