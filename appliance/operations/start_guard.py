"""Notices starts that did not come to anything, so that a booth does not start in vain for ever."""

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from appliance.domain.whole_file import discard_unfinished

FILE = "starting.json"

_ENOUGH = 2
"""Starts in vain after which the booth starts in safe mode."""

_LONGEST_WORDS = 500

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Before:
    """What became of the starts before this one.

    Attributes:
        in_vain: how many in a row did not come to anything.
        words: what the last of them said; empty where it said nothing, as one that was killed.
        code: of the fault that ended it; empty where there was none.
    """

    in_vain: int = 0
    words: str = ""
    code: str = ""

    @property
    def calls_for_safe_mode(self) -> bool:
        """Whether there were enough."""
        return self.in_vain >= _ENOUGH


class StartGuard:
    """Keeps one small file while the booth starts. A disk that cannot be written guards nothing.

    A start that said nothing and was the last of its boot was cut short by the end of the machine,
    such as a power cut: that is no fault of the booth, and does not count.

    Args:
        folder: where the booth keeps things.
        boot: names the boot of the machine; the one that Linux gave it where it is left out.
    """

    def __init__(self, folder: Path, boot: str | None = None) -> None:
        self._file = folder / FILE
        self._boot = _this_boot() if boot is None else boot

    def begin(self) -> Before:
        """A start begins: tell of those before it, and count this one until it is `completed`.

        What a power cut left of files that were being written is deleted.
        """
        discard_unfinished(self._file.parent)
        before = self._read()
        self._write(Before(before.in_vain + 1))
        return before

    def failed(self, words: str, code: str) -> None:
        """The start failed.

        Args:
            words: why; nothing about a person.
            code: of the fault.
        """
        self._write(Before(self._read().in_vain, words[:_LONGEST_WORDS], code))

    def completed(self) -> None:
        """The booth runs, or was stopped on purpose."""
        with suppress(OSError):
            self._file.unlink(missing_ok=True)

    def _read(self) -> Before:
        try:
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            before = Before(int(kept["in_vain"]), str(kept["words"]), str(kept.get("code", "")))
            was_cut_short = kept.get("boot", self._boot) != self._boot and not before.words
        except (OSError, ValueError, KeyError, TypeError):
            return Before()
        return Before(max(0, before.in_vain - 1)) if was_cut_short else before

    def _write(self, now: Before) -> None:
        kept = {**asdict(now), "boot": self._boot}
        beside = self._file.with_suffix(".new")
        with suppress(OSError):
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with beside.open("w", encoding="utf-8") as file:
                json.dump(kept, file)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._file)


def _this_boot() -> str:
    """What Linux calls this boot; empty where it does not tell, so that all are one."""
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return ""
