"""The command as a person runs it."""

import pytest

from appliance.cli import main
from tests.commands import Result, Run


@pytest.fixture
def booth(capfd: pytest.CaptureFixture[str]) -> Run:
    """Run the command in this process; usage errors end with SystemExit."""

    def run(*arguments: object) -> Result:
        capfd.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = int(end.code or 0)
        captured = capfd.readouterr()
        return Result(code, captured.out, captured.err)

    return run
