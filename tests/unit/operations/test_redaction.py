"""What tells a person, a place or one device is left out of what the booth says of itself."""

import pytest

from appliance.domain.health import Health, Status
from appliance.operations.administration.redaction import GONE, Redaction


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("http://ollama.lan:11434 does not answer.", "ollama"),
        ("Write to Mara.Quill@example.org now.", "Quill"),
        ("'/home/mara quill/booth.toml' cannot be read.", "quill"),
        ("/home/mara/booth.toml:3: wrong", "mara"),
        ("/var/lib/interview-booth is full", "/var/lib"),
        ("dc:a6:32:01:02:03 is there", "a6:32"),
        ("DC-A6-32-01-02-03 is there", "A6-32"),
        ("from 192.168.1.20 it came", "168.1"),
        ("from fe80::dea6:32ff:fe01:203 it came", "dea6"),
        ("serial 10000000f2c4a1b0", "f2c4"),
        ("usb C920SN0042X works", "SN0042X"),
        ("The Corner Library has it.", "Library"),
        ("as pi runs", "pi "),
        ("token=tok-marigold-9", "marigold"),
    ],
)
def test_what_looks_private_is_left_out(text: str, gone: str) -> None:
    assert gone not in Redaction(["Corner Library", "pi", ""]).text(text)


@pytest.mark.parametrize(
    "text",
    [
        "The clock says 2026-11-26.",
        "0.52 on 4 cores over the last minute.",
        "Raspberry Pi 5 Model B Rev 1.0, 4 cores, aarch64.",
        "Run 'booth doctor' again; if it stays so, start the machine again.",
        "Python 3.11.2; 19 libraries load.",
        "The microphone sent nothing for 5 s.",
    ],
)
def test_what_helps_stays(text: str) -> None:
    assert Redaction(["pi", "library"]).text(text) == text


def test_of_a_device_its_name_and_identity_are_left_out_and_its_figures_stay() -> None:
    details = {
        "device": "Mara's Webcam",
        "found": [{"name": "Mara's Webcam", "identity": "usb-046d_SN0042"}],
        "drops": 3,
        "kind": "gpio",
        "versions": {"opencv": "4.10.0.84"},
    }
    told = Redaction([]).part(
        Health("camera", Status.HEALTHY, "Mara's Webcam works.", details=details)
    )
    assert told["message"] == f"{GONE} works."
    assert told["details"] == {"drops": 3, "kind": "gpio", "versions": {"opencv": "4.10.0.84"}}
