"""Settings as values: what they take, and what follows from them."""

import pytest
from pydantic import BaseModel, ValidationError

from appliance.domain.settings import (
    Accommodations,
    Camera,
    Ollama,
    Printer,
    Settings,
    Site,
    Speaker,
)

_SECTIONS = [type(getattr(Settings(), name)) for name in Settings.model_fields]


@pytest.mark.parametrize("section", _SECTIONS)
def test_every_setting_says_what_it_is(section: type[BaseModel]) -> None:
    for name, field in section.model_fields.items():
        assert field.description, name
        assert "\n" not in field.description
        assert "|" not in field.description, "it is a cell of a table"
        assert not field.description.endswith("."), "it is part of a sentence"


def test_settings_cannot_be_changed_in_place() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().camera.rate_hz = 5


def test_a_person_may_have_accommodations_of_their_own() -> None:
    site = Accommodations(larger_text=True)
    person = site.model_copy(update={"no_camera": True, "silence_factor": 2.0})
    assert (person.larger_text, person.no_camera, site.no_camera) == (True, True, False)


def test_only_the_profile_self_loads_emotion_models() -> None:
    assert Settings(site=Site(profile="self")).loads_emotion_models
    assert not Settings(site=Site(profile="observations")).loads_emotion_models


@pytest.mark.parametrize(
    "host",
    [
        "http://localhost:11434",
        "http://127.0.0.1",
        "http://[::1]:11434",
        "http://192.168.1.20:11434",
        "http://172.31.0.1",
        "http://10.0.0.2/ollama",
        "http://169.254.7.7",
        "http://[fe80::1]",
        "http://[fd12::1]",
        "https://nas2",
        "http://Pi4.local:11434",
        "http://jetson.lan",
        "http://box.home.arpa",
    ],
)
def test_a_host_of_the_own_network_is_taken(host: str) -> None:
    assert Ollama(hosts=(host + "/",)).hosts == (host,)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("HTTP://Pi4.local:11434", "http://Pi4.local:11434"),
        ("HTTPS://words.lan/", "https://words.lan"),
        ("Https://192.168.1.20:8443/ollama", "https://192.168.1.20:8443/ollama"),
    ],
)
def test_capitals_in_the_scheme_are_no_other_scheme(typed: str, kept: str) -> None:
    """A client that knows "https" alone would take "HTTPS" for neither, and ask another port."""
    assert Ollama(hosts=(typed,)).hosts == (kept,)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "nas:11434",
        "ftp://nas",
        "http://",
        "http://:11434",
        "http://nas:0",
        "http://nas:99999",
        "http://nas:port",
        "http://[::1",
        "http://8.8.8.8",
        "http://172.32.0.1",
        "http://0.0.0.0",
        "http://[2606:4700::1111]",
        "http://[::ffff:8.8.8.8]",
        "http://134744072",
        "http://0x08080808",
        "http://8.8",
        "http://example.com",
        "http://example.com.",
        "http://local.example.com",
        "http://me:word@nas",
        "http://me@nas",
        "http://nas@example.com",
        "http://8.8.8.8\\@nas",
        "http://na s",
        "http://na\ns",
        "http://nas?x",
        "http://nas#x",
        "http://-nas",
    ],
)
def test_a_host_elsewhere_is_refused(host: str) -> None:
    with pytest.raises(ValidationError):
        Ollama(hosts=(host,))


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_camera_turns_by_quarters(degrees: int) -> None:
    assert Camera(rotation_deg=degrees).rotation_deg == degrees
    with pytest.raises(ValidationError):
        Camera(rotation_deg=degrees + 1)


@pytest.mark.parametrize(
    "host", ["", "192.168.1.30:9100", "printer:9100", "Printer.local:1", "[fe80::1]:9100"]
)
def test_a_printer_may_be_in_the_own_network(host: str) -> None:
    assert Printer(host=host).host == host


@pytest.mark.parametrize(
    "host",
    [
        "printer",
        "192.168.1.30",
        "192.168.1.30:0",
        "192.168.1.30:99999",
        "8.8.8.8:9100",
        "prints.example.com:9100",
        "http://192.168.1.30:9100",
        "192.168.1.30:9100/queue",
        "me@192.168.1.30:9100",
        "192.168.1.30:9100?x",
        "print er:9100",
        "[::1:9100",
        ":9100",
    ],
)
def test_a_printer_elsewhere_is_refused(host: str) -> None:
    with pytest.raises(ValidationError):
        Printer(host=host)


def test_a_printer_in_the_network_needs_its_host() -> None:
    with pytest.raises(ValidationError, match=r"Set printer.host, too"):
        Printer(kind="network")
    assert Printer(kind="network", host="printer.lan:9100").kind == "network"


@pytest.mark.parametrize(
    "output",
    [
        "",
        "default",
        "hw:1",
        "plughw:1,0",
        "plughw:CARD=Device,DEV=0",
        "sysdefault:CARD=vc4hdmi0",
        "hdmi:CARD=b1,DEV=0",
        "dmix:CARD=USB2.0-Audio",
        "front:1",
        "pulse",
    ],
)
def test_an_output_of_a_card_is_taken(output: str) -> None:
    assert Speaker(output=output).output == output


@pytest.mark.parametrize(
    "output",
    [
        "file:'|touch /tmp/x',raw",
        "file:/etc/x,raw",
        "tee:hw,'|touch /tmp/x',raw",
        "plug:file",
        "plughw:1,0|sh",
        "plughw:'1'",
        'hw:"1"',
        "hw:{ type file }",
        "{ type file file '|sh' }",
        "hw:$(id)",
        "hw:1\n",
        "hw:1 file:x",
        "defaultfile:x",
        "pulse:evil",
        "/etc/passwd",
        "--help",
    ],
)
def test_an_output_that_could_write_a_file_or_run_a_program_is_refused(output: str) -> None:
    with pytest.raises(ValidationError):
        Speaker(output=output)
