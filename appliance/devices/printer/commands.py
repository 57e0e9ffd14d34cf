"""What a printer is sent: a strip in the commands of ESC/POS, and a question for its paper.

python-escpos writes the commands, into memory. Its own printers are not used: they wait for as long
as a device does, and that for files makes one where there is no device.
"""

from appliance.domain.errors import DeviceUnusableError
from appliance.domain.paper import CODE_PAGE, Strip

ASKS_FOR_PAPER = b"\x10\x04\x04"
"""DLE EOT 4, which a printer answers at once, also while it prints nothing."""

_STATUS_BITS, _STATUS = 0b1001_0011, 0b0001_0010
_NO_PAPER = 0b0110_0000


def to_commands(strip: Strip) -> bytes:
    """A strip, which is cut off at its end.

    Args:
        strip: lines no wider than the paper.

    Raises:
        DeviceUnusableError: the library that knows the commands is not installed.
    """
    try:
        # Here, since it reads a table of all printers, and few booths have one.
        from escpos.printer import Dummy  # noqa: PLC0415
    except ImportError as error:
        raise DeviceUnusableError(
            "The library python-escpos is not installed.", "Run ./setup.sh again."
        ) from error
    sheet = Dummy()
    sheet.hw("INIT")
    sheet.magic.force_encoding(CODE_PAGE.upper())
    for line in strip:
        sheet.set(bold=line.bold)
        sheet.text(f"{line.text}\n")
    sheet.cut()
    commands: bytes = sheet.output
    return commands


def says_no_paper(answer: bytes) -> bool:
    """Whether a printer's answer says that it has no paper; one that says nothing may have some."""
    return any(byte & _STATUS_BITS == _STATUS and byte & _NO_PAPER for byte in answer)
