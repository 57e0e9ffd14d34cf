"""What every recipe's command does around its work."""

import sys
from collections.abc import Iterable

from appliance.domain.errors import BoothError


def run(lines: Iterable[str]) -> int:
    """Print a recipe's lines as they come; return the exit code, after one line on a fault.

    Args:
        lines: what the recipe tells, made while it works.
    """
    try:
        for line in lines:
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
    except BoothError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0
