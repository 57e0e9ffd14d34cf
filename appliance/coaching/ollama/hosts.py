"""All Ollama hosts of a site, in the order in which they are asked."""

import ssl
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass

from appliance.coaching.ollama.breaker import Trial
from appliance.coaching.ollama.call import Call
from appliance.coaching.ollama.host import Address, Host, HostError
from appliance.domain.settings import Ollama

_LOAD_S = 120.0
"""A cold load from a slow disk takes a minute and more."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A host that may be asked now.

    Attributes:
        host: that is asked.
        trial: the turn at it; to be entered before anything else is done.
        others: how many more may be asked where it does not answer.
    """

    host: Host
    trial: Trial
    others: int


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

    def __len__(self) -> int:
        """How many a site has."""
        return len(self._hosts)

    def candidates(self, let_down: Collection[Host] = ()) -> Iterator[Candidate]:
        """Those that may be asked now, one after the other; a breaker that is open is left out.

        Args:
            let_down: hosts that failed whoever asks, which come last.
        """
        fresh = [host for host in self._hosts if host not in let_down]
        for place, host in enumerate((*fresh, *(one for one in self._hosts if one in let_down))):
            if (trial := host.breaker.admit()) is not None:
                others = sum(not one.breaker.is_open for one in fresh[place + 1 :])
                yield Candidate(host, trial, others)

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
            for candidate in self.candidates():
                with candidate.trial:
                    if call.was_cut() or _loads(candidate, call):
                        break
        finally:
            with self._lock:
                if self._loading is call:
                    self._loading = None


def _loads(candidate: Candidate, call: Call) -> bool:
    """Whether a host has the model loaded now; its breaker is told."""
    try:
        candidate.host.load(call, _LOAD_S)
    except HostError:
        if not call.was_cut():
            candidate.trial.failed()
        return False
    candidate.trial.succeeded()
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

    A file that cannot be read leaves it at the system's, so that less is trusted and not more;
    `certificate_fault` tells of it.

    Args:
        settings: with the site's certificate.
    """
    trust = ssl.create_default_context()
    if settings.certificate:
        with suppress(OSError):  # of which ssl.SSLError is one
            trust.load_verify_locations(settings.certificate)
    return trust


def certificate_fault(settings: Ollama) -> str | None:
    """What is wrong with the site's certificate; None where nothing is.

    Args:
        settings: with the certificate.
    """
    if not settings.certificate:
        return None
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(settings.certificate)
    except ssl.SSLError:
        return "holds no certificate"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return None
