"""The vocabulary of faults.

Every error the booth raises on purpose descends from `BoothError` and from the standard exception
it narrows. `code` is stable: the command line, the panel and the logs refer to it. The message is
one sentence of what happened and why; `advice` is one sentence of what to do.
"""


class BoothError(Exception):
    """A fault that the booth understands.

    Attributes:
        code: stable identifier of the kind of fault.
        advice: what the person can do about it, one sentence; may be empty.
        exit_code: what a command that ends with this fault returns to the shell.
    """

    code = "booth_error"
    exit_code = 1

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice

    def __str__(self) -> str:
        message = super().__str__()
        return f"{message} {self.advice}" if self.advice else message


class WrongUsageError(BoothError, ValueError):
    """A command or a setting was given something it does not take."""

    code = "wrong_usage"
    exit_code = 2


class RecordingError(BoothError, ValueError):
    """A recording cannot be decoded."""

    code = "recording_unreadable"


class RecordingNotFoundError(BoothError, FileNotFoundError):
    """The recording is not there, or is a folder."""

    code = "recording_not_found"


class DeviceError(BoothError, OSError):
    """A device does not work now, and may work again: it is opened again after a while."""

    code = "device_fault"


class DeviceUnusableError(DeviceError):
    """A device cannot work until a person changes something: it is not opened again."""

    code = "device_unusable"


class EndOfRecordingError(BoothError, EOFError):
    """A recording that stands in for a device has come to its end."""

    code = "recording_ended"


class ModelError(BoothError, RuntimeError):
    """A model file is missing, damaged, or not the model that the code expects."""

    code = "model_unusable"


class DataError(BoothError, ValueError):
    """Labelled data is missing, or is not what a model can be judged by or trained on."""

    code = "labelled_data_unusable"


class ManifestError(BoothError, ValueError):
    """The list of the models is missing, or says something that it must not."""

    code = "manifest_invalid"


class DownloadError(BoothError, OSError):
    """A file could not be fetched, or what came is not what was asked for."""

    code = "download_failed"


class OutputError(BoothError, OSError):
    """A result could not be written."""

    code = "output_not_written"


class StorageError(BoothError, OSError):
    """Something could not be kept, read or deleted."""

    code = "storage_fault"
