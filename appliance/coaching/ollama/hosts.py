"""All Ollama hosts of a site, in the order in which they are asked."""

import ssl
import threading
from collections.abc import Callable, Iterator

from appliance.coaching.ollama.call import Call
from appliance.coaching.ollama.host import Address, Host, HostError
from appliance.domain.settings import Ollama

_LOAD_S = 120.0
"""A cold load from a slow disk takes a minute and more."""


class Hosts:
    """Chooses whom to ask. Threads may share it.

    Args:
        hosts: the first choice first.
    """

    def __init__(self, hosts: tuple[Host, ...]) -> None:
        self._hosts = hosts
        self._lock = threading.Lock()
        self._loading: Call | None = None

    @property
    def are_there(self) -> bool:
        """Whether a site has any."""
        return bool(self._hosts)

    def candidates(self) -> Iterator[Host]:
        """Those that may be asked now, one after the other; a breaker that is open is left out."""
        for host in self._hosts:
            if host.breaker.admits():
                yield host

    def preload(self) -> threading.Thread | None:
        """Have the first host that can load the model, in a thread; None where one does already."""
        with self._lock:
            if self._loading is not None or not self._hosts:
                return None
            call = self._loading = Call()
        thread = threading.Thread(target=self._load, args=(call,), name="preload", daemon=True)
        thread.start()
        return thread

    def stop_preload(self) -> None:
        """Nobody needs the model any more."""
        with self._lock:
            if self._loading is not None:
                self._loading.cut()
            self._loading = None

    def _load(self, call: Call) -> None:
        try:
            any(_loads(host, call) for host in self.candidates())
        finally:
            with self._lock:
                if self._loading is call:
                    self._loading = None


def _loads(host: Host, call: Call) -> bool:
    """Whether a host has the model loaded now; its breaker is told."""
    if call.was_cut():
        host.breaker.given_up()
        return False
    try:
        host.load(call, _LOAD_S)
    except HostError:
        (host.breaker.given_up if call.was_cut() else host.breaker.failed)()
        return False
    host.breaker.succeeded()
    return True


def hosts_of(settings: Ollama, clock: Callable[[], float]) -> Hosts:
    """The hosts that a site has set.

    Args:
        settings: where they are.
        clock: monotonic seconds.
    """
    if not settings.hosts:
        return Hosts(())
    trust = trust_of(settings)
    token = settings.token.get_secret_value()
    return Hosts(
        tuple(Host(Address(url, settings.model, token, trust), clock) for url in settings.hosts)
    )


def trust_of(settings: Ollama) -> ssl.SSLContext:
    """By which https hosts are known: the system's own authorities, and the site's.

    A file that cannot be read leaves it at the system's, so that less is trusted and not more.

    Args:
        settings: with the site's certificate.
    """
    trust = ssl.create_default_context()
    if settings.certificate:
        try:
            trust.load_verify_locations(settings.certificate)
        except (OSError, ssl.SSLError):
            return trust
    return trust
