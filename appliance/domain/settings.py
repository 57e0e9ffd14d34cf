"""All settings of a booth, with their defaults, bounds and one-line descriptions."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

Profile = Literal["self", "observations"]


def _web_address(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("an address such as http://192.168.1.20:11434")
    return address.rstrip("/")


def _quarter_turn(degrees: int) -> int:
    if degrees not in {0, 90, 180, 270}:
        raise ValueError("0, 90, 180 or 270")
    return degrees


WebAddress = Annotated[str, AfterValidator(_web_address)]
QuarterTurn = Annotated[int, AfterValidator(_quarter_turn)]


class Section(BaseModel):
    """Settings that belong together."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Accommodations(Section):
    """What a person may need; a site sets what is on from the start."""

    no_pace: bool = Field(default=False, description="do not measure how fast somebody speaks")
    no_fillers: bool = Field(default=False, description='do not count "um" and its kin')
    no_gaze: bool = Field(default=False, description="do not measure where the head points")
    no_camera: bool = Field(default=False, description="never look")
    typed_answers: bool = Field(default=False, description="answers are typed, never spoken")
    larger_text: bool = Field(default=False, description="larger letters on the screen")
    silence_factor: float = Field(
        default=1.0, ge=1.0, le=10.0, description="how many times longer a silence may be"
    )


class Site(Section):
    """The booth as a whole."""

    profile: Profile = Field(
        default="self",
        description='"self" estimates expression and voice for the person alone, where they agree; '
        '"observations" loads no such model (for workplaces and education)',
    )
    language: str = Field(default="en", pattern=r"^[a-z]{2}$", description="two letters, ISO 639-1")
    name: str = Field(default="", max_length=60, description="shown on the first screen")


class Camera(Section):
    """The camera."""

    identity: str = Field(
        default="", description="its lasting name, as 'booth doctor --json' has it"
    )
    width_px: int = Field(default=1280, ge=160, le=3840, description="width that it is asked for")
    height_px: int = Field(default=720, ge=120, le=2160, description="height that it is asked for")
    rate_hz: int = Field(default=15, ge=5, le=60, description="pictures a second")
    rotation_deg: QuarterTurn = Field(default=0, description="clockwise turn that makes it upright")


class Microphone(Section):
    """The microphone."""

    identity: str = Field(
        default="", description="its lasting name, as 'booth doctor --json' has it"
    )


class Speaker(Section):
    """The loudspeaker."""

    on: bool = Field(default=True, description="questions are said aloud")
    output: str = Field(default="", description='ALSA\'s name of the output, such as "plughw:1,0"')


class Controls(Section):
    """Button and lights; pins are BCM numbers on a Raspberry Pi, places on a Jetson."""

    kind: Literal["auto", "gpio", "jetson", "keyboard", "terminal", "none"] = Field(
        default="auto", description="what to listen to"
    )
    button_pin: int | None = Field(default=None, ge=0, le=40, description="of the button")
    red_pin: int | None = Field(default=None, ge=0, le=40, description="of the red LED")
    green_pin: int | None = Field(default=None, ge=0, le=40, description="of the green LED")
    blue_pin: int | None = Field(default=None, ge=0, le=40, description="of the blue LED")


class Interview(Section):
    """How an interview goes."""

    questions: int = Field(default=3, ge=1, le=12, description="asked where nobody chooses")
    silence_s: float = Field(
        default=4.0, ge=1.0, le=60.0, description='silence before "still thinking?" is asked'
    )
    asked_s: float = Field(default=4.0, ge=1.0, le=60.0, description="more silence ends an answer")
    longest_answer_s: float = Field(default=180.0, ge=30.0, le=900.0, description="greatest length")
    away_s: float = Field(
        default=60.0,
        ge=15.0,
        le=600.0,
        description="without a face, voice or touch",
    )


class Ollama(Section):
    """Hosts on the LAN that word the feedback; none is needed."""

    hosts: tuple[WebAddress, ...] = Field(
        default=(), description="addresses in the order in which they are asked"
    )
    model: str = Field(default="llama3.2:3b", min_length=1, description="the model that they have")
    token: SecretStr = Field(default=SecretStr(""), description="a proxy's bearer token")


class Panel(Section):
    """The screen."""

    port: int = Field(default=8080, ge=1, le=65535, description="where the panel listens")
    lan: bool = Field(default=False, description="other machines may open it, too")


class Storage(Section):
    """What is kept."""

    practice_record: bool = Field(
        default=True,
        description="people may keep a record of theirs by a code",
    )
    retention_days: int = Field(default=90, ge=1, le=730, description="until a record is deleted")


class Settings(Section):
    """Everything that can be set."""

    site: Site = Site()
    camera: Camera = Camera()
    microphone: Microphone = Microphone()
    speaker: Speaker = Speaker()
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
