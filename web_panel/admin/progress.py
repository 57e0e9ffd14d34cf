"""How far somebody has set the booth up, so that it can be left and taken up again."""

from contextlib import suppress
from pathlib import Path

from appliance.domain.errors import StorageError
from web_panel.device_secret import read_private, write_private

FILE = "set-up"
STEPS = ("site", "devices", "ollama", "retention", "done")

_FINISHED = "finished"
_MOST_BYTES = 32


class SetUp:
    """The step that comes next, in a file; where it cannot be kept, the first comes again.

    Args:
        folder: of the panel.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    @property
    def next(self) -> str:
        """The step that comes next; the last one where all are done."""
        kept = self._kept()
        return kept if kept in STEPS else STEPS[-1 if kept == _FINISHED else 0]

    @property
    def is_finished(self) -> bool:
        """Whether somebody came to the end."""
        return self._kept() == _FINISHED

    def did(self, step: str) -> None:
        """A step is done, or was left out; who came to the end has been there for good.

        Args:
            step: one of `STEPS`.
        """
        if self.is_finished:
            return
        after = (*STEPS, _FINISHED)[STEPS.index(step) + 1]
        with suppress(StorageError):
            write_private(self._path, after.encode("ascii"))

    def _kept(self) -> str:
        try:
            content = read_private(self._path, _MOST_BYTES) or b""
        except StorageError:
            return ""
        return content.decode("ascii", errors="replace").strip()
