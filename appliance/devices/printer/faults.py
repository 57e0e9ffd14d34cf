"""What can be wrong with a printer."""

from appliance.domain.errors import DeviceError


class PrinterMissingError(DeviceError):
    """It is not there, switched off, or was unplugged."""

    code = "printer_missing"


class PrinterBusyError(DeviceError):
    """It is printing something of ours."""

    code = "printer_busy"


class PrinterStalledError(DeviceError):
    """It is there, and takes nothing."""

    code = "printer_stalled"


class NoPaperError(DeviceError):
    """It says that it has no paper."""

    code = "printer_no_paper"
