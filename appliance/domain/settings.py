"""All settings of a booth, with their defaults, bounds and one-line descriptions."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StrictBool,
    StrictInt,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from appliance.domain.questions import Role

Profile = Literal["self", "observations"]

_LOCAL_ENDINGS = (".local", ".lan", ".home.arpa", ".internal", ".localhost", ".localdomain")
"""Names that no public server can have: RFC 6762, 8375 and 6761, ICANN's .internal, and habit."""

_LOCAL_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"),
        *("::1/128", "fc00::/7", "fe80::/10"),
    )
)
"""Loopback, RFC 1918 and 4193, and link-local. `is_private` differs between Pythons."""

_NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?")
_NUMBER = re.compile(r"(.*\.)?(\d+|0x[0-9a-f]*)")  # which resolvers take for an IPv4 address


@dataclass(frozen=True, slots=True)
class Takes:
    """What a setting takes, in words, where its type and bounds do not say it."""

    words: str


def _local_address(address: str) -> str:
    """A web address in the site's own network: what is sent there does not leave the house."""
    parts = urlsplit(address)  # which raises ValueError, too, and so does its port
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0:
        raise ValueError("no web address")
    if parts.username is not None or parts.query or parts.fragment or not address.isprintable():
        raise ValueError("more than an address")
    if not _is_local(parts.hostname):
        raise ValueError("not of the own network")
    return f"{parts.scheme}{address[len(parts.scheme) :]}".rstrip("/")  # which is in small letters


def _local_host(host: str) -> str:
    """A machine in the site's own network and its port, such as "printer.lan:9100", or none."""
    if not host:
        return host
    parts = urlsplit(f"//{host}")
    if parts.netloc != host or not parts.hostname or not parts.port or "@" in host:
        raise ValueError("no host and port")
    if not host.isprintable() or not _is_local(parts.hostname):
        raise ValueError("not of the own network")
    return host


def _is_local(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        is_name = _NAME.fullmatch(host) and not _NUMBER.fullmatch(host)
        return bool(is_name) and ("." not in host or host.endswith(_LOCAL_ENDINGS))
    return _is_in_the_house(address)


def is_local_address(number: str) -> bool:
    """Whether an address is one of the own network: what is sent there does not leave the house.

    Args:
        number: such as "192.168.1.20" or "fe80::1%2".

    Raises:
        ValueError: it is no address.
    """
    address = ipaddress.ip_address(number)
    return _is_in_the_house(getattr(address, "ipv4_mapped", None) or address)


def _is_in_the_house(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return any(address in network for network in _LOCAL_NETWORKS)


def _quarter_turn(degrees: int) -> int:
    if degrees not in {0, 90, 180, 270}:
        raise ValueError("no quarter turn")
    return degrees


Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
LocalAddress = Annotated[str, AfterValidator(_local_address)]
LocalHost = Annotated[str, AfterValidator(_local_host)]
QuarterTurn = Annotated[StrictInt, AfterValidator(_quarter_turn), Takes("0, 90, 180 or 270")]
AlsaOutput = Annotated[
    str,
    StringConstraints(
        pattern=r"^((plughw|hw|sysdefault|default|dmix|front|hdmi)(:[A-Za-z0-9_=,.-]+)?"
        r"|pulse|pipewire)?$"
    ),
    Takes(
        'an output such as "plughw:1,0" or "default", by one of the names plughw, hw, sysdefault, '
        "default, dmix, front, hdmi, pulse and pipewire, or nothing"
    ),
]
"""Not all that ALSA takes: its names can write files and run programs, too."""
Key = Annotated[str, StringConstraints(pattern=r"^(KEY|BTN)_[A-Z0-9_]+$")]


class Section(BaseModel):
    """Settings that belong together."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Accommodations(Section):
    """What a person may need; a site sets what is on from the start."""

    no_pace: StrictBool = Field(default=False, description="pace is not measured")
    no_fillers: StrictBool = Field(
        default=False, description='"um", filler words and restarts are not counted'
    )
    no_gaze: StrictBool = Field(default=False, description="where the head points is not measured")
    no_camera: StrictBool = Field(default=False, description="the camera stays off")
    typed_answers: StrictBool = Field(default=False, description="answers are typed, never spoken")
    larger_text: StrictBool = Field(default=False, description="the screen has larger letters")
    silence_factor: Number = Field(
        default=1.0, ge=1.0, le=10.0, description="how many times longer a silence may last"
    )


class Site(Section):
    """The booth as a whole."""

    profile: Profile = Field(
        default="self",
        description='"self" estimates expression and voice for the person alone, where they agree; '
        '"observations", for workplaces and education, loads no such model',
    )
    language: Annotated[str, Takes("two letters, as ISO 639-1 has them")] = Field(
        default="en", pattern=r"^[a-z]{2}$", description="language of questions and answers"
    )
    name: str = Field(
        default="", max_length=60, description="name of the site, shown on the first screen"
    )
    questions: str = Field(
        default="", description="a file with questions of the site's own, see docs/questions.md"
    )


class Camera(Section):
    """The camera."""

    backend: Literal["auto", "picamera2", "v4l2", "gstreamer"] = Field(
        default="auto", description="what the camera is read through"
    )
    identity: str = Field(
        default="",
        description="lasting name of the device, by 'booth doctor --json'; empty: the first one",
    )
    width_px: StrictInt = Field(default=1280, ge=160, le=3840, description="width of the picture")
    height_px: StrictInt = Field(default=720, ge=120, le=2160, description="height of the picture")
    rate_hz: StrictInt = Field(default=15, ge=5, le=60, description="pictures a second")
    rotation_deg: QuarterTurn = Field(default=0, description="clockwise turn that makes it upright")


class Microphone(Section):
    """The microphone."""

    identity: str = Field(
        default="",
        description="lasting name of the device, by 'booth doctor --json'; empty: the system's own",
    )


class Speaker(Section):
    """The loudspeaker."""

    on: StrictBool = Field(default=True, description="questions are said aloud")
    voice: Literal["auto", "hibari", "espeak-ng"] = Field(
        default="auto", description='who says them; "auto" is the best for the language'
    )
    output: AlsaOutput = Field(default="", description="ALSA's name of the output; empty: its own")


class Printer(Section):
    """A receipt printer, for people without a phone."""

    kind: Literal["none", "usb", "network"] = Field(
        default="none", description="how the printer is connected"
    )
    path: str = Field(
        default="", description='its file, such as "/dev/usb/lp0"; empty: the first one on USB'
    )
    host: Annotated[
        LocalHost, Takes('a host in your own network and its port, such as "192.168.1.30:9100"')
    ] = Field(default="", description="where a printer in the network is")
    width: Literal[32, 48] = Field(
        default=32, description="letters in a line: 32 on paper of 58 mm, 48 on 80 mm"
    )

    @model_validator(mode="after")
    def _has_a_host_in_the_network(self) -> "Printer":
        if self.kind == "network" and not self.host:
            words = "Set printer.host, too, where the printer in the network is."
            raise PydanticCustomError("host", "{words}", {"words": words, "keys": ("kind",)})
        return self


Pin = Annotated[StrictInt, Field(ge=0, le=40)] | None
PINS = ("button_pin", "red_pin", "green_pin", "blue_pin")


class Controls(Section):
    """Button and lights; pins are BCM numbers on a Raspberry Pi, places on a Jetson.

    Either all four pins are set, or none.
    """

    kind: Literal["auto", "gpio", "jetson", "keyboard", "terminal", "none"] = Field(
        default="auto", description="what serves as the button"
    )
    button_pin: Pin = Field(
        default=None,
        examples=[17],
        description="pin of the button; set all four pins, or none for the usual places",
    )
    red_pin: Pin = Field(default=None, examples=[23], description="pin of the red LED")
    green_pin: Pin = Field(default=None, examples=[24], description="pin of the green LED")
    blue_pin: Pin = Field(default=None, examples=[25], description="pin of the blue LED")
    pull_up: StrictBool = Field(
        default=True, description="true for a button to ground, false for one to 3.3 V"
    )
    active_high: StrictBool = Field(
        default=True, description="true for LEDs to ground, false for LEDs to 3.3 V"
    )
    keys: Annotated[tuple[Key, ...], Takes('a list of one key or more, such as "KEY_SPACE"')] = (
        Field(
            default=("KEY_SPACE", "KEY_ENTER", "KEY_KPENTER"),
            min_length=1,
            description="keys of a keyboard or USB button, by the kernel's names",
        )
    )

    @model_validator(mode="after")
    def _has_four_pins_or_none(self) -> "Controls":
        """Which places the others have depends on the board, so that some alone might collide."""
        pins = {name: getattr(self, name) for name in PINS}
        given = {name: pin for name, pin in pins.items() if pin is not None}
        if given and len(given) < len(pins):
            lacking = ", ".join(name for name in pins if name not in given)
            words = f"Set all four pins, or none for the usual places. Missing: {lacking}."
            raise PydanticCustomError("pins", "{words}", {"words": words, "keys": tuple(given)})
        if len(set(given.values())) < len(given):
            words = "Two of the four pins are the same. Give each a pin of its own."
            raise PydanticCustomError("pins", "{words}", {"words": words, "keys": tuple(given)})
        return self


class Interview(Section):
    """How an interview goes."""

    questions: StrictInt = Field(
        default=3, ge=1, le=12, description="how many questions are asked where nobody chooses"
    )
    role: Role = Field(
        default="general", description="kind of work they are for where nobody chooses"
    )
    live_cue: StrictBool = Field(
        default=True, description="one quiet hint at a time while somebody speaks"
    )
    silence_s: Number = Field(
        default=4.0, ge=1.0, le=60.0, description='silence after which "still thinking?" is asked'
    )
    asked_s: Number = Field(
        default=4.0, ge=1.0, le=60.0, description="further silence that ends an answer"
    )
    longest_answer_s: Number = Field(
        default=180.0, ge=30.0, le=900.0, description="longest that an answer may be"
    )
    away_s: Number = Field(
        default=60.0,
        ge=15.0,
        le=600.0,
        description="time without a face, voice or touch that ends an interview",
    )


class Ollama(Section):
    """Hosts on the LAN that word the feedback; none is needed."""

    hosts: Annotated[
        tuple[LocalAddress, ...],
        Takes('a list of addresses in your own network, such as "http://192.168.1.20:11434"'),
    ] = Field(default=(), description="Ollama hosts, in the order in which they are asked")
    model: str = Field(
        default="llama3.2:3b", min_length=1, description="language model that the hosts have"
    )
    token: SecretStr = Field(
        default=SecretStr(""), description="bearer token of a proxy before the hosts"
    )
    certificate: str = Field(
        default="",
        description="a file with the authority by which https hosts are known; empty: the system's",
    )
    deadline_s: Number = Field(
        default=20.0,
        ge=2.0,
        le=120.0,
        description="time after which the booth's own words stay, whatever still comes",
    )


class Panel(Section):
    """The screen."""

    port: StrictInt = Field(
        default=8080, ge=1024, le=65535, description="port on which the panel listens"
    )
    lan: StrictBool = Field(default=False, description="other machines may open the panel, too")
    screen_keyboard: Literal["auto", "always", "never"] = Field(
        default="auto",
        description="keys on the booth's own screen: where a finger touches a field, always, never",
    )


class Storage(Section):
    """What is kept."""

    practice_record: StrictBool = Field(
        default=True,
        description="people may keep a record, sealed by a code of their own",
    )
    retention_days: StrictInt = Field(
        default=90, ge=1, le=730, description="days until a record is deleted"
    )


class Settings(Section):
    """Everything that can be set."""

    site: Site = Site()
    camera: Camera = Camera()
    microphone: Microphone = Microphone()
    speaker: Speaker = Speaker()
    printer: Printer = Printer()
    controls: Controls = Controls()
    interview: Interview = Interview()
    ollama: Ollama = Ollama()
    panel: Panel = Panel()
    storage: Storage = Storage()
    accommodations: Accommodations = Accommodations()

    @property
    def loads_emotion_models(self) -> bool:
        """Whether the models of expression and voice may be opened at all."""
        return self.site.profile == "self"


CAUTIOUS: Mapping[tuple[str, str], Any] = MappingProxyType(
    {
        ("site", "profile"): "observations",
        ("storage", "practice_record"): False,
        ("storage", "retention_days"): 730,
    }
)
"""What holds where nobody can tell what the site has chosen, since its settings are damaged.

No estimates where they may be forbidden, nothing kept where that may be unwanted, and nothing
deleted for good that should have stayed.
"""
