"""Hosts that somebody has just typed are asked as the booth would ask them."""

import subprocess
from pathlib import Path

import pytest
from pydantic import SecretStr

from appliance.domain.errors import WrongUsageError
from appliance.domain.health import Status
from appliance.domain.settings import Ollama
from appliance.operations.administration.host_check import HostCheck
from tests.connections import watched
from tests.ollama_server import ollama_server

_MODEL = "llama3.2:3b"


def test_a_host_behind_a_proxy_gets_the_token_of_now() -> None:
    settings = [Ollama(token=SecretStr("old")), Ollama(token=SecretStr("n3w"))]
    with ollama_server(_MODEL) as server:
        check = HostCheck(lambda: settings.pop(0))
        for token in ("old", "n3w"):
            (found,) = check.ask(server.host, f" {_MODEL} ")
            assert found.status is Status.HEALTHY
            assert server.asked[-1].headers["authorization"] == f"Bearer {token}"


def test_an_https_host_is_known_by_the_sites_certificate(tmp_path: Path) -> None:
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"),
            *("-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)),
        ],
        check=True,
        capture_output=True,
    )
    with ollama_server(_MODEL, tls=(cert, key)) as server:
        (known,) = HostCheck(lambda: Ollama(certificate=str(cert))).ask(server.host, _MODEL)
        (unknown,) = HostCheck(Ollama).ask(server.host, _MODEL)
    assert (known.status, unknown.status) == (Status.HEALTHY, Status.WARNING)


def test_nobody_elsewhere_is_asked() -> None:
    check = HostCheck(lambda: Ollama(token=SecretStr("s3cret")))
    with watched() as seen, pytest.raises(WrongUsageError):
        check.ask("http://example.org", _MODEL)
    assert (seen.addresses, seen.names) == ([], [])
