"""Settings as a form shows them: each as text that a person can change, with where it is from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum


class FieldKind(str, Enum):
    """How a setting is typed in."""

    CHECK = "check"
    """Ticked or not: "on" or "off"."""
    CHOICE = "choice"
    WHOLE = "whole"
    """A whole number."""
    NUMBER = "number"
    TEXT = "text"
    LIST = "list"
    """With commas between."""
    SECRET = "secret"  # noqa: S105 - a kind
    """Never shown: its text is always empty."""


class Source(str, Enum):
    """Where a value is from."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"
    """It goes before the file, so that a form cannot change it."""
    CAUTION = "caution"
    """What is safest while the settings are damaged."""


@dataclass(frozen=True, slots=True)
class SettingField:
    """One setting.

    Attributes:
        section: such as "camera".
        key: such as "width_px".
        kind: how it is typed in.
        typed: its value as text.
        description: what it is.
        takes: which values, in words.
        default: as TOML writes it.
        source: where the value is from.
        place: the file with its line, or the variable; empty for a default.
        choices: all values, of a choice.
        least: of a number; None where there is no bound.
        most: likewise.
        mistake: what is wrong with it, in a sentence; empty where nothing is.
        advice: what else can be done about it, and where; mostly empty.
        is_locked: a form does not change it, wherever its value is from.
        is_set: whether there is a value; of a secret, nothing else can be told.
    """

    section: str
    key: str
    kind: FieldKind
    typed: str
    description: str
    takes: str
    default: str
    source: Source = Source.DEFAULT
    place: str = ""
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    mistake: str = ""
    advice: str = ""
    is_locked: bool = False
    is_set: bool = True

    @property
    def name(self) -> str:
        """Section and key, such as "camera.width_px"."""
        return f"{self.section}.{self.key}"

    @property
    def is_fixed(self) -> bool:
        """Whether a form cannot change it."""
        return self.is_locked or self.source is Source.ENVIRONMENT

    def filled_in(self, typed: Mapping[str, str]) -> "SettingField":
        """The same with what somebody typed; a secret is not shown, nor what they cannot change.

        Args:
            typed: by the settings' names.
        """
        if self.is_fixed or self.kind is FieldKind.SECRET:
            return self
        return replace(self, typed=typed.get(self.name, self.typed))


@dataclass(frozen=True, slots=True)
class SettingSection:
    """Settings that belong together.

    Attributes:
        name: such as "camera".
        description: what they are about.
        fields: in order.
    """

    name: str
    description: str
    fields: tuple[SettingField, ...]

    @property
    def is_wrong(self) -> bool:
        """Whether a setting of it has a mistake."""
        return any(field.mistake for field in self.fields)


@dataclass(frozen=True, slots=True)
class SettingForm:
    """All settings, as they are in the file and the environment now.

    Attributes:
        sections: in order.
        file: where they are kept.
        version: names what the file holds; a change says on which version it was made.
        obstacle: why the file cannot be changed from here, and what to do; empty where it can.
        mistakes: of the file as a whole, and of names in it that are no settings.
        is_refused: what was typed is wrong, and nothing was written.
        is_pending: they differ from those by which the booth runs until it is started again.
    """

    sections: tuple[SettingSection, ...]
    file: str
    version: str
    obstacle: str = ""
    mistakes: tuple[str, ...] = ()
    is_refused: bool = False
    is_pending: bool = False

    @property
    def is_right(self) -> bool:
        """Whether no setting has a mistake."""
        return not any(section.is_wrong for section in self.sections)

    def filled_in(self, typed: Mapping[str, str], version: str) -> "SettingForm":
        """The same with what somebody typed, and the version of the file that they saw.

        Args:
            typed: by the settings' names.
            version: of the form into which it was typed.
        """
        sections = tuple(
            replace(part, fields=tuple(field.filled_in(typed) for field in part.fields))
            for part in self.sections
        )
        return replace(self, sections=sections, version=version)

    def changed(self, name: str, change: Callable[[SettingField], SettingField]) -> "SettingForm":
        """The same with one setting shown otherwise.

        Args:
            name: such as "camera.width_px".
            change: gives the setting as it is to be shown.
        """
        sections = tuple(
            replace(
                part,
                fields=tuple(change(one) if one.name == name else one for one in part.fields),
            )
            for part in self.sections
        )
        return replace(self, sections=sections)

    def field(self, name: str) -> SettingField:
        """A setting by its name, such as "camera.width_px"."""
        return next(one for part in self.sections for one in part.fields if one.name == name)
