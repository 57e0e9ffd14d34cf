"""Whether the Ollama hosts answer, and have the model."""

from collections.abc import Sequence

import httpx
import ollama

from appliance.domain.health import Health, Status

_ANSWERS_S = 3.0
_WITHOUT = "Feedback comes in the booth's own words until then."


def check_ollama(hosts: Sequence[str], model: str) -> list[Health]:
    """Ask every host which models it has.

    Args:
        hosts: addresses, such as "http://192.168.1.20:11434".
        model: the one that words the feedback.
    """
    if not hosts:
        message = "No Ollama host is set. Feedback comes in the booth's own words."
        return [Health("Ollama", Status.SKIPPED, message)]
    return [_check_host(host, model) for host in hosts]


def _check_host(host: str, model: str) -> Health:
    details: dict[str, object] = {"host": host, "model": model}
    try:
        answer = ollama.Client(host=host, timeout=_ANSWERS_S).list()
        names = sorted(one.model for one in answer.models if one.model)
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
