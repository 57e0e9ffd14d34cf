"""One Ollama host: the official client, with time-outs, and with every fault under one name."""

import ssl
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import httpx
import ollama

from appliance.coaching.ollama.breaker import Breaker
from appliance.coaching.ollama.call import Call
from appliance.coaching.ollama.lookup import Lookup, NoAddressError, NotLocalError
from appliance.coaching.ollama.transport import CallTransport
from appliance.domain.errors import BoothError

_CONNECT_S = 2.0
"""A host in the house is found and takes a connection within milliseconds, or is not there."""

_KEEP_ALIVE = "30m"
"""How long a host keeps the model loaded after it was asked: longer than an interview."""

_LONGEST_ANSWER = 700
"""Tokens at most; four items of two sentences have about 200."""

_TEMPERATURE = 0.3
"""Low, since the facts are given; above nought, so that a second try is another."""

_CONTEXT = 4096
"""Tokens of prompt and answer together, the same for loading: another size loads anew."""


class HostError(BoothError, OSError):
    """A host did not do what it was asked. `kind` is stable, for counts and logs."""

    code = "ollama_host"

    def __init__(self, kind: str) -> None:
        super().__init__(f"The Ollama host failed: {kind}.")
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Asking:
    """What a host is asked.

    Attributes:
        messages: of the chat, as Ollama takes them.
        schema: of the answer.
    """

    messages: Sequence[Mapping[str, str]]
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a host is, and how it is asked.

    Attributes:
        url: such as "http://192.168.1.20:11434".
        model: that words the feedback.
        token: bearer token of a proxy before it; empty for none.
        trust: by which an https host is known.
        lookup: of its name.
    """

    url: str
    model: str
    token: str = field(repr=False)
    trust: ssl.SSLContext
    lookup: Lookup = field(default_factory=Lookup, repr=False)


class Host:
    """Asks one host, each time on a connection of its own. Threads may share it.

    Args:
        address: of the host.
        clock: monotonic seconds, for its breaker.
    """

    def __init__(self, address: Address, clock: Callable[[], float]) -> None:
        self.breaker = Breaker(clock)
        self._address = address

    @property
    def url(self) -> str:
        """Where it is."""
        return self._address.url

    @property
    def model(self) -> str:
        """The model that it is asked for."""
        return self._address.model

    def load(self, call: Call, read_s: float) -> None:
        """Have the model loaded and kept; nothing else is sent.

        Args:
            call: by which it can be cut off, since a cold load takes long.
            read_s: longest silence.

        Raises:
            HostError: it could not.
        """
        self._guarded(call, lambda: self._load(call, read_s))

    def talk(self, asking: Asking, call: Call, read_s: float) -> Generator[str, None, None]:
        """The words of the model, as they come.

        Args:
            asking: what is asked.
            call: by which it can be cut off.
            read_s: longest silence.

        Raises:
            HostError: it refused, fell silent, hung up or made no sense.
        """
        words = self._talk(asking, call, read_s)
        with closing(words):
            while (piece := self._guarded(call, lambda: next(words, None))) is not None:
                yield piece

    def _load(self, call: Call, read_s: float) -> None:
        with closing(client_of(self._address, call, _patience(read_s))) as client:
            client.chat(self.model, [], keep_alive=_KEEP_ALIVE, options={"num_ctx": _CONTEXT})

    def _talk(self, asking: Asking, call: Call, read_s: float) -> Generator[str, None, None]:
        done = False
        with closing(client_of(self._address, call, _patience(read_s))) as client:
            for part in client.chat(
                self.model,
                list(asking.messages),
                stream=True,
                format=dict(asking.schema),
                keep_alive=_KEEP_ALIVE,
                options={
                    "temperature": _TEMPERATURE,
                    "num_predict": _LONGEST_ANSWER,
                    "num_ctx": _CONTEXT,
                },
            ):
                done = bool(part.done)
                if part.message.content:
                    yield part.message.content
        if not done:
            raise HostError("hung_up")

    def _guarded(self, call: Call, ask: Callable[[], Any]) -> Any:
        """Do something with the host, and let no fault out but under its own name."""
        try:
            return ask()
        except HostError:
            raise
        except Exception as error:  # noqa: BLE001  # three libraries raise here, each in its way
            kind = "cut_off" if call.was_cut() else _kind_of(error)
        raise HostError(kind)


def client_of(address: Address, call: Call, timeout: httpx.Timeout) -> ollama.Client:
    """A client that goes to one host and nowhere else, whatever the environment says.

    Args:
        address: of the host.
        call: that it makes.
        timeout: of each step.
    """
    return ollama.Client(
        host=address.url,
        timeout=timeout,
        follow_redirects=False,
        trust_env=False,
        transport=CallTransport(call, address.trust, address.token, address.lookup),
    )


def _patience(read_s: float) -> httpx.Timeout:
    return httpx.Timeout(read_s, connect=_CONNECT_S)


def _kind_of(error: Exception) -> str:
    """A stable name for what went wrong; the message may quote what was sent, and is left out."""
    if isinstance(error, ollama.ResponseError):
        return "mid_stream" if error.status_code < 0 else f"http_{error.status_code}"
    kinds = (kind for types, kind in _KINDS if isinstance(error, types))
    return next(kinds, type(error).__name__)


_KINDS: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((NotLocalError,), "not_local"),
    ((NoAddressError,), "no_address"),
    ((httpx.ConnectTimeout,), "no_connection"),
    ((httpx.TimeoutException,), "silent"),
    ((ConnectionError, httpx.ConnectError), "refused"),
    ((httpx.HTTPError, OSError), "hung_up"),
    ((ValueError, TypeError, AttributeError), "no_sense"),
)
"""The first that fits; what is no JSON, or not of Ollama's shape, is of the last."""
