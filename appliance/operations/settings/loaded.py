"""Settings as they were read: what holds, where each is from, and what was wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from appliance.domain.health import Health, Status
from appliance.domain.settings import Settings


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a setting is from.

    Attributes:
        file: the settings file; None for a default or the environment.
        line: in the file, where that is known.
        variable: of the environment; None for a default or the file.
        is_caution: no default, but what is safest while the settings are damaged.
    """

    file: Path | None = None
    line: int | None = None
    variable: str | None = None
    is_caution: bool = False

    def __str__(self) -> str:
        if self.variable is not None:
            return f"environment {self.variable}"
        if self.file is None:
            return "caution, since settings are wrong" if self.is_caution else "default"
        return f"{self.file}:{self.line}" if self.line is not None else str(self.file)


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something that is wrong with the settings.

    Attributes:
        where: the file with its line, or the variable.
        key: such as "camera.width_px"; empty where the whole file is wrong.
        words: what is wrong and what to do, in a sentence or two.
    """

    where: Origin
    key: str
    words: str

    def __str__(self) -> str:
        """One line, whatever somebody has called a key."""
        key = f" {self.key}:" if self.key else ""
        line = f"{self.where}:{key} {self.words}"
        return "".join(letter if letter.isprintable() else "?" for letter in line)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings, where each is from, and what was wrong.

    What is wrong is left out, so that a booth with mistakes in its settings still starts.

    Attributes:
        settings: what holds.
        origins: of each setting, by section and key.
        mistakes: all of them, in the order of the file, then of the environment.
        warnings: of variables that look like settings and are none.
    """

    settings: Settings
    origins: Mapping[tuple[str, str], Origin]
    mistakes: tuple[Mistake, ...] = ()
    warnings: tuple[Mistake, ...] = ()

    def health(self) -> tuple[Health, ...]:
        """What a running booth says of mistakes in its settings; nothing where there are none."""
        if not self.mistakes:
            return ()
        more = f" And {len(self.mistakes) - 1} more." if len(self.mistakes) > 1 else ""
        advice = "'booth config check' tells what to write instead."
        return (Health("settings", Status.CRITICAL, f"{self.mistakes[0]}{more}", advice),)
