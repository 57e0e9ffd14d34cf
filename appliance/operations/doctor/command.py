"""What `booth doctor` prints."""

import json
import os
import shutil
import sys
from argparse import Namespace

from appliance.domain.health import Status, worst
from appliance.operations.doctor.doctor import Booth, examine
from appliance.operations.doctor.table import table


def run_doctor(options: Namespace, booth: Booth) -> bool:
    """Examine the booth and print what was found; True says that nothing critical fails.

    Args:
        options: `json`.
        booth: what to look at.
    """
    watched = sys.stderr.isatty()
    try:
        found = examine(booth, _show if watched else _keep_quiet)
    finally:
        if watched:
            sys.stderr.write("\r\x1b[K")
    gravest = worst(found)
    if options.json:
        value = {"status": gravest.value, "checks": [part.to_json_value() for part in found]}
        sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")
    else:
        colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        width = shutil.get_terminal_size().columns
        sys.stdout.write(table(found, width, colour=colour) + "\n")
    return gravest is not Status.CRITICAL


def _show(share: float) -> None:
    """Rewrite one line on a terminal in place."""
    sys.stderr.write(f"\r\x1b[KLooking at everything {share:4.0%}")
    sys.stderr.flush()


def _keep_quiet(_: float) -> None:
    """Show nothing: nobody watches."""
