"""What a camera and a microphone have in common: something that is opened, read, and closed."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

T_co = TypeVar("T_co", covariant=True)


class Source(Protocol[T_co]):
    """An open device. One thread opens it, reads it and closes it; none is ever shared."""

    def read(self) -> T_co | None:
        """Return the next sample, or None where none came within about a fifth of a second.

        Raises:
            DeviceError: it gives no more samples as it is, and must be opened anew.
            DeviceUnusableError: opening it anew would not help.
            EndOfRecordingError: a recording is over.
        """
        ...

    def close(self) -> None:
        """Let go of the device; does nothing the second time."""
        ...

    def complaint(self) -> str | None:
        """What is wrong with the samples although they come, such as a black picture; one sentence.

        May be called from any thread.
        """
        ...

    def details(self) -> Mapping[str, Any]:
        """Name what was opened and how (device, size, rate), in values that JSON can hold.

        May be called from any thread.
        """
        ...


Opener = Callable[[], Source[T_co]]
"""Opens a device. Raises DeviceError and DeviceUnusableError as `Source.read` does."""
