"""Carries one call to a host of the own network, and takes no more than it should."""

import ssl
import time
from collections.abc import Iterator
from contextlib import suppress

import httpx

from appliance.coaching.ollama.call import Call, CutOffError
from appliance.coaching.ollama.lookup import Lookup

_LARGEST_BYTES = 1_000_000
"""An answer has some thousand; each word comes wrapped in a line of about 150 bytes."""

_LEAST_S = 0.05
"""For an address whose turn comes late; nought would be no time-out but another way of asking."""


class CallTransport(httpx.BaseTransport):
    """Carries one call, and nothing else: no proxy, no compressed answer, no key of somebody else.

    It connects to addresses as numbers, each of which was looked at before, so that the system does
    not ask for the name again and get another address.

    Args:
        call: that it carries.
        trust: by which an https host is known.
        token: bearer token; empty for none, whatever the environment holds.
        lookup: of the host's name.
    """

    def __init__(self, call: Call, trust: ssl.SSLContext, token: str, lookup: Lookup) -> None:
        self._call = call
        self._token = token
        self._lookup = lookup
        self._inner = httpx.HTTPTransport(verify=trust, trust_env=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, and watch over what comes."""
        limit_s = request.extensions["timeout"]["connect"]
        ends_s = time.monotonic() + limit_s
        *others, last = self._lookup.addresses(request.url.host, self._call, limit_s)
        for place, address in enumerate(others):
            share_s = (ends_s - time.monotonic()) / (len(others) + 1 - place)
            with suppress(httpx.ConnectError, httpx.ConnectTimeout):
                return self._sent(request, address, share_s)
        return self._sent(request, last, ends_s - time.monotonic())

    def close(self) -> None:
        """Let go of the connection."""
        self._inner.close()

    def _sent(self, request: httpx.Request, address: str, connect_s: float) -> httpx.Response:
        """What comes of a request to one address; the host is still called by its name."""
        if self._call.was_cut():
            raise CutOffError("The call was cut off.")
        headers = request.headers.copy()
        headers["Accept-Encoding"] = "identity"
        headers.pop("Authorization", None)
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        timeout = {**request.extensions["timeout"], "connect": max(_LEAST_S, connect_s)}
        more = {"sni_hostname": request.url.host, "trace": self._call.connected, "timeout": timeout}
        response = self._inner.handle_request(
            httpx.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=headers,
                stream=request.stream,
                extensions={**request.extensions, **more},
            )
        )
        stream = response.stream
        encoding = response.headers.get("Content-Encoding", "identity")
        if encoding != "identity" or not isinstance(stream, httpx.SyncByteStream):
            response.close()
            raise CutOffError("The answer is compressed, which was not asked for.")
        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=_Watched(stream, self._call),
            extensions=response.extensions,
        )


class _Watched(httpx.SyncByteStream):
    """The body of an answer, as far as it is wanted."""

    def __init__(self, stream: httpx.SyncByteStream, call: Call) -> None:
        self._stream = stream
        self._call = call

    def __iter__(self) -> Iterator[bytes]:
        taken = 0
        for piece in self._stream:
            taken += len(piece)
            if taken > _LARGEST_BYTES:
                raise CutOffError("The answer does not come to an end.")
            if self._call.was_cut():
                raise CutOffError("The call was cut off.")
            yield piece

    def close(self) -> None:
        self._stream.close()
