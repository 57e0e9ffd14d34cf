"""The document holds: what it says is taken is taken, and nothing comes but what it says."""

import gc
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
import schemathesis
from flask import Flask
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from appliance.interview.session_events import Kind, State, chose, consented
from tests.api import Program, code_of
from tests.kiosk import QUESTION
from tests.panel import ServedBooth, served
from web_panel.admin_sessions import Shown
from web_panel.answers import tell_problems
from web_panel.api.document import Document
from web_panel.api.models import Life
from web_panel.screens import version_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CONSENT = (Kind.START, Kind.GO_ON)
CHOOSE = (*CONSENT, consented(voice=False, camera=False, expression=False))
SCREENS = {
    "/api/v1/session/consent": CONSENT,
    "/api/v1/session/choice": CHOOSE,
    "/api/v1/session/answer": (*CHOOSE, chose(QUESTION), Kind.ANSWER),
}
"""The way to the screen on which a call means something."""

EXAMPLES = hypothesis.settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)
PIN = "482913"
STREAM = "/api/v1/events"


class OnThisMachine:
    """An application as a program on its own machine reaches it."""

    def __init__(self, booth: ServedBooth) -> None:
        self._app = booth.app

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        return self._app({**environ, "REMOTE_ADDR": "127.0.0.1"}, start)


@pytest.fixture(scope="module")
def booth(
    models_dir: Path, sample: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedBooth]:
    with served(models_dir, sample, folder=tmp_path_factory.mktemp("panel")) as one:
        assert one.panel.office is not None
        one.panel.office.pin.set(PIN)
        yield one


@pytest.fixture
def document(booth: ServedBooth) -> schemathesis.BaseSchema:
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", OnThisMachine(booth))
    checks = document.config.checks
    for check in (checks.positive_data_acceptance, checks.negative_data_rejection):
        check.expected_statuses = [*check.expected_statuses, "413"]  # texts can be too large, too
    return document


def headers_of(booth: ServedBooth) -> dict[str, str]:
    """Of somebody who may do everything, and has just looked at the screen."""
    return {
        "X-Booth-Token": booth.panel.doors.kiosk_token,
        "Authorization": f"Bearer {booth.panel.doors.sessions.begin(Shown.BEARER)}",
        "If-Match": f'"{version_of(booth.booth.snapshot())}"',
    }


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_call_is_answered_as_the_document_says(
    booth: ServedBooth, document: schemathesis.BaseSchema, mode: GenerationMode
) -> None:
    for found in document.exclude(path=STREAM).get_all_operations():
        assert isinstance(found, Ok), found.err()
        operation = found.ok()
        if mode is GenerationMode.NEGATIVE and not operation.body:
            continue
        booth.does(Kind.LEAVE, *SCREENS.get(operation.path, ()))

        @EXAMPLES
        @hypothesis.given(case=operation.as_strategy(mode))
        def holds(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate(headers=headers_of(booth))

        holds()


def test_a_report_is_as_the_document_says(
    booth: ServedBooth, document: schemathesis.BaseSchema
) -> None:
    booth.does(Kind.LEAVE, *SCREENS["/api/v1/session/answer"])
    booth.booth.type_answer("I wrote a plan, and we followed it until the shop was open again.")
    booth.comes_to(State.REVIEW)
    for path, numbers in (("/api/v1/answers", {}), ("/api/v1/answers/{number}", {"number": 0})):
        case = document[path]["GET"].Case(path_parameters=numbers)
        assert case.call_and_validate(headers=headers_of(booth)).status_code == 200


def test_nothing_of_the_api_is_left_out_of_the_document(booth: ServedBooth) -> None:
    paths = booth.app.test_client().get("/api/v1/openapi.json").get_json()["paths"]
    there = {
        rule.rule.replace("<int:", "{").replace(">", "}")
        for rule in booth.app.url_map.iter_rules()
        if rule.rule.startswith(("/api/", "/healthz", "/readyz", "/metrics"))
    }
    assert set(paths) == there


def test_the_document_needs_no_other_address(booth: ServedBooth) -> None:
    rules = {rule.rule for rule in booth.app.url_map.iter_rules()}
    assert not any("apidoc" in rule or "swagger" in rule for rule in rules)
    assert "://" not in booth.app.test_client().get("/api/v1/openapi.json").text


def test_a_view_that_tells_something_else_has_a_fault_and_tells_no_word_of_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = Flask(__name__)

    @app.get("/api/odd")
    @Document().of(Life)
    def odd() -> dict[str, str]:
        return {"status": "ok", "heard": "marigold"}

    tell_problems(app)
    answer = app.test_client().get("/api/odd")
    assert answer.status_code == 500
    assert code_of(answer) == "internal_error"
    assert "marigold" not in answer.text + caplog.text


def test_a_panel_that_was_used_and_is_gone_is_kept_by_nobody(
    models_dir: Path, sample: Path
) -> None:
    with served(models_dir, sample) as one:
        program = Program(one)
        program.looks()
        program.acts("start")
        kept = weakref.ref(one.booth)
    del one, program
    gc.collect()
    assert kept() is None
