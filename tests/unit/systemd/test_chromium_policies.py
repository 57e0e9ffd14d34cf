"""What Chromium may do on a booth's own screen."""

import json
from pathlib import Path

import pytest

_SYSTEMD = Path(__file__).parents[3] / "systemd"
_POLICIES = json.loads((_SYSTEMD / "chromium-policies.json").read_text(encoding="utf-8"))


def test_it_opens_the_address_of_the_unit_and_no_other() -> None:
    unit = (_SYSTEMD / "interview-booth-kiosk.service").read_text(encoding="utf-8")
    (address,) = _POLICIES["URLAllowlist"]
    assert unit.split("ExecStart=")[1].split("\nTimeoutStartSec")[0].endswith(f" {address}/")
    assert {"*", "chrome://*", "file://*", "view-source:*"} <= set(_POLICIES["URLBlocklist"])


@pytest.mark.parametrize(
    ("policy", "value"),
    [
        ("AllowFileSelectionDialogs", False),
        ("DeveloperToolsAvailability", 2),
        ("DownloadRestrictions", 3),
        ("IncognitoModeAvailability", 2),
        ("PasswordManagerEnabled", False),
        ("PrintingEnabled", False),
    ],
)
def test_ways_to_files_tools_and_paper_are_closed(policy: str, value: object) -> None:
    assert _POLICIES[policy] == value


def test_no_page_may_see_or_hear_who_is_at_the_booth() -> None:
    """Camera and microphone are the booth's own, and only after consent."""
    for policy in ("AudioCaptureAllowed", "ScreenCaptureAllowed", "VideoCaptureAllowed"):
        assert _POLICIES[policy] is False
