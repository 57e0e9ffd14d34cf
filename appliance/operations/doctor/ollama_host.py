"""Whether the Ollama hosts answer, and have the model."""

import ssl
from collections.abc import Sequence
from contextlib import closing

import httpx
import ollama

from appliance.coaching.ollama.call import Call
from appliance.coaching.ollama.host import Address, client_of
from appliance.coaching.ollama.hosts import certificate_fault, trust_of
from appliance.coaching.ollama.lookup import NoAddressError, NotLocalError
from appliance.domain.health import Health, Status
from appliance.domain.settings import Ollama

_ANSWERS_S = 3.0
_WITHOUT = "Feedback comes in the booth's own words until then."


def check_ollama(settings: Ollama) -> list[Health]:
    """Ask every host which models it has, in the way in which the booth asks for words.

    Args:
        settings: where the hosts are, the model, and how they are known.
    """
    if not settings.hosts:
        message = "No Ollama host is set. Feedback comes in the booth's own words."
        return [Health("Ollama", Status.SKIPPED, message)]
    trust = trust_of(settings)
    return [
        *_check_certificate(settings),
        *(_check_host(host, settings, trust) for host in settings.hosts),
    ]


def _check_certificate(settings: Ollama) -> list[Health]:
    fault = certificate_fault(settings)
    if fault is None:
        return []
    message = f"The certificate '{settings.certificate}' {fault}. https hosts may not be known."
    advice = "Set ollama.certificate to a file in PEM form that the booth can read."
    details: dict[str, object] = {"certificate": settings.certificate}
    return [Health("Ollama", Status.WARNING, message, advice, details)]


def _check_host(host: str, settings: Ollama, trust: ssl.SSLContext) -> Health:
    model = settings.model
    details: dict[str, object] = {"host": host, "model": model}
    try:
        address = Address(host, model, settings.token.get_secret_value(), trust)
        with closing(client_of(address, Call(), httpx.Timeout(_ANSWERS_S))) as client:
            answer = client.list()
        names = sorted(one.model for one in answer.models if one.model)
    except NotLocalError as error:
        fault = f"leads out of your own network, to {error.address}: nothing is sent there"
        advice = "Set the host's address as a number, or have its name lead to it."
    except NoAddressError:
        fault = "has a name that nobody in your network knows"
        advice = "Set the host's address as a number, or make its name known."
    except (ConnectionError, httpx.ConnectError):
        fault, advice = "does not answer", "Start Ollama there, and check the address."
    except httpx.TimeoutException:
        fault = f"does not answer within {_ANSWERS_S:.0f} s"
        advice = "Check the address, the network and the host's firewall."
    except ollama.ResponseError as error:
        fault = f"refuses: {error.error} (HTTP {error.status_code})"
        advice = "Look into the host's own log."
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, TypeError) as error:
        fault = f"gives no answer that Ollama would give ({type(error).__name__})"
        advice = "Check the address: another program may listen there."
    else:
        details["models"] = names
        if _has(names, model):
            message = f"{host} answers, and has {model}."
            return Health("Ollama", Status.HEALTHY, message, details=details)
        fault, advice = f"answers, but has no {model}", f"Run there: ollama pull {model}"
    return Health("Ollama", Status.WARNING, f"{host} {fault}. {_WITHOUT}", advice, details)


def _has(names: Sequence[str], model: str) -> bool:
    """Whether a model is among names; one without a tag is the latest."""
    wanted = model if ":" in model else f"{model}:latest"
    return wanted in names or model in names
