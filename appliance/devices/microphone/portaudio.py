"""PyAudio, its inputs, and its errors in words."""

import ctypes
import importlib
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from appliance.devices.machine import THE_BOOTH_ITSELF, Machine
from appliance.devices.microphone.cards import Card, rank, recording_cards
from appliance.domain.errors import DeviceError, DeviceUnusableError

# Of portaudio.h: PaErrorCode.
NO_SUCH_RATE, NO_SUCH_CHANNELS = -9997, -9998
_UNAVAILABLE = -9985

_NO_MICROPHONE = "There is no microphone."
_PLUG_IN = "Plug one in; the booth takes it as soon as it is there."

LOCK = threading.RLock()
"""PortAudio is one for the whole process, and may be called by one thread at a time, but for the
streams' own threads (portaudio.h)."""

_ALSA_HANDLER = ctypes.CFUNCTYPE(
    None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p
)
_TEXT_HANDLER = ctypes.CFUNCTYPE(None, ctypes.c_char_p)

# Each writes about every device that this machine does not have, straight to stderr. What
# PortAudio itself writes when a stream breaks cannot be held back: it exports no way to.
_CHATTERERS = (
    ("libasound.so.2", "snd_lib_error_set_handler", _ALSA_HANDLER),
    ("libjack.so.0", "jack_set_error_function", _TEXT_HANDLER),
    ("libjack.so.0", "jack_set_info_function", _TEXT_HANDLER),
)


@dataclass(frozen=True, slots=True)
class Input:
    """Something that PortAudio can record from.

    Attributes:
        index: PortAudio's, until it is initialised again.
        name: what PortAudio calls it.
        rate_hz: its own sample rate.
        channels: at most.
        card: the sound card behind it; None for a sound server.
    """

    index: int
    name: str
    rate_hz: int
    channels: int
    card: Card | None

    @property
    def identity(self) -> str:
        """Its lasting name."""
        return self.card.identity if self.card is not None else self.name

    def rank(self, identity: str) -> int | None:
        """How sure it is that this is meant; see `cards.rank`."""
        if self.card is None:
            return rank(identity, "", "", self.name)
        return rank(identity, self.card.usb_path, self.card.usb_id, self.card.name)


class PortAudio:
    """PyAudio, initialised, and quiet until it is ended. Use it with `LOCK` held.

    It looks for devices when it is initialised, and only then.

    Attributes:
        library: PyAudio's module.
        audio: its `PyAudio`.
    """

    def __init__(self, library: Any) -> None:
        self.library = library
        self._held: list[tuple[Callable[[object], object], object]] = []
        self._silence()
        try:
            self.audio = library.PyAudio()
        except BaseException:
            self._let_speak()
            raise

    def end(self) -> None:
        """Let go of it."""
        self.audio.terminate()
        self._let_speak()

    def _silence(self) -> None:
        """Keep the sound libraries from writing to stderr; what matters, their errors tell."""
        for name, function, kind in _CHATTERERS:
            with suppress(OSError, AttributeError):
                setter = getattr(ctypes.CDLL(name), function)
                handler = kind(lambda *_: None)
                setter(handler)
                # The handler must live as long as it may be called.
                self._held.append((setter, handler))

    def _let_speak(self) -> None:
        for setter, _ in self._held:
            setter(None)
        self._held.clear()


def library() -> Any:
    """PyAudio's module.

    Raises:
        DeviceUnusableError: it, or PortAudio, is not installed.
    """
    try:
        return importlib.import_module("pyaudio")
    except (ImportError, OSError) as error:
        raise DeviceUnusableError(
            f"PyAudio cannot be loaded: {error}.", "Run ./setup.sh again."
        ) from error


def inputs(audio: Any, machine: Machine) -> list[Input]:
    """The first input of every card, and the sound servers, in PortAudio's order.

    PortAudio leaves out a card that it cannot open, as one in use.
    """
    cards = recording_cards(machine)
    found = []
    for index in range(audio.get_device_count()):
        info = audio.get_device_info_by_index(index)
        if info["maxInputChannels"] < 1:
            continue
        name = str(info["name"])
        card = next((card for card in cards if f"({card.device})" in name), None)
        if card is None and "(hw:" in name:
            continue
        found.append(
            Input(index, name, int(info["defaultSampleRate"]), int(info["maxInputChannels"]), card)
        )
    return found


def choose(audio: Any, identity: str, machine: Machine) -> list[Input]:
    """The inputs to try, the likeliest first; at least one.

    Args:
        audio: an initialised PyAudio.
        identity: a lasting name; empty for the system's default, and where that does not work,
            the first card that does, those on USB first.
        machine: where to look.

    Raises:
        DeviceError: there is none, or not the one that is wanted, or it is in use.
        DeviceUnusableError: there is one, and this user may not use it.
    """
    found = inputs(audio, machine)
    if identity:
        ranked = [(place, one) for one in found if (place := one.rank(identity)) is not None]
        if ranked:
            return [min(ranked, key=lambda pair: pair[0])[1]]
        require_free(machine, identity)
        raise DeviceError(
            f"The microphone '{identity}' is not there.",
            "Plug it in, or choose another one in the settings.",
        )
    default = _default_index(audio)
    usual = [one for one in found if one.index == default]
    others = [one for one in found if one.card is not None and one.index != default]
    others.sort(key=lambda one: not (one.card and one.card.usb_path))
    if not usual and not others:
        require_free(machine)
        raise DeviceError(_NO_MICROPHONE, _PLUG_IN)
    return [*usual, *others]


def require_free(machine: Machine, identity: str = "") -> None:
    """Say why PortAudio does not see a card that is there.

    Args:
        machine: where to look.
        identity: of the card that is wanted; empty for any.

    Raises:
        DeviceUnusableError: this user may not use it.
        DeviceError: it is in use.
    """
    require_permission(machine, identity)
    for card in _meant(machine, identity):
        raise busy(card, machine)


def busy(card: Card | None, machine: Machine) -> DeviceError:
    """The fault of a microphone that another program records from; names it, as far as seen."""
    holders = machine.holders(*card.nodes) if card is not None else []
    others = [name for name in holders if name != THE_BOOTH_ITSELF]
    who = " and ".join(others) or "another program"
    return DeviceError(f"The microphone is in use by {who}.", "Close that program.")


def require_permission(machine: Machine, identity: str = "") -> None:
    """Make sure that this user may record.

    Args:
        machine: where to look.
        identity: of the card that is wanted; empty for any.

    Raises:
        DeviceUnusableError: there are cards to record by, and none may be used.
    """
    cards = _meant(machine, identity)
    if cards and not any(card.may_be_used for card in cards):
        raise DeviceUnusableError(
            "Only the group 'audio' may use the microphone, and this user is not in it.",
            "Run `sudo usermod -aG audio $USER` and start the machine again.",
        )


def in_words(error: OSError, source: Input, machine: Machine) -> DeviceError:
    """What PortAudio's error at opening an input means."""
    code = error.errno if error.errno is not None else (error.args[0] if error.args else None)
    if source.card is None and not recording_cards(machine) and code != _UNAVAILABLE:
        return DeviceError(_NO_MICROPHONE, _PLUG_IN)
    if source.card is not None and not source.card.is_there:
        return DeviceError("The microphone was unplugged.", "Plug it in again.")
    if code == _UNAVAILABLE:
        return busy(source.card, machine)
    if code in {NO_SUCH_RATE, NO_SUCH_CHANNELS}:
        return DeviceError(
            f"The microphone '{source.name}' takes no sample rate that the booth knows.",
            "Close other programs that use it, or choose another microphone.",
        )
    return DeviceError(
        f"The microphone '{source.name}' cannot be opened: {error.args[-1]}.",
        "Unplug it and plug it in again.",
    )


def _meant(machine: Machine, identity: str) -> list[Card]:
    """The cards that an identity may mean; all where it is empty."""
    return [
        card
        for card in recording_cards(machine)
        if not identity or rank(identity, card.usb_path, card.usb_id, card.name) is not None
    ]


def _default_index(audio: Any) -> int | None:
    try:
        return int(audio.get_default_input_device_info()["index"])
    except OSError:
        return None
