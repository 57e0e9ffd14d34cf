"""Whether the booth lives, can be used, and what it measures of itself."""

from collections.abc import Callable, Iterator

from flask import Blueprint, Response, abort
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from appliance.domain.health import Health, Status
from appliance.interview.booth import Booth
from appliance.interview.session_events import State
from web_panel.access import Audience, for_
from web_panel.answers import problem
from web_panel.api.document import Document
from web_panel.api.models import Life


class _Figures(Collector):
    """Reads the figures when they are asked for."""

    def __init__(self, booth: Booth, streams: Callable[[], int]) -> None:
        self._booth = booth
        self._streams = streams

    def collect(self) -> Iterator[Metric]:
        """The figures of now."""
        state = GaugeMetricFamily("booth_state", "1 for what goes on now.", labels=["state"])
        for one in State:
            state.add_metric([one.value], float(self._booth.session.state is one))
        yield state
        parts = GaugeMetricFamily(
            "booth_part_status", "1 for how a part works.", labels=["part", "status"]
        )
        for part in self._booth.health():
            for status in Status:
                parts.add_metric([part.name, status.value], float(part.status is status))
        yield parts
        yield GaugeMetricFamily(
            "booth_turns", "Turns since the booth started.", self._booth.progress()["turns"]
        )
        yield GaugeMetricFamily("booth_event_streams", "Streams of news.", self._streams())


def metrics_of(booth: Booth, streams: Callable[[], int]) -> bytes:
    """The figures of now, as Prometheus reads them; they tell nothing of a person.

    Args:
        booth: that is looked after.
        streams: how many streams of news are open.
    """
    registry = CollectorRegistry()
    registry.register(_Figures(booth, streams))
    return generate_latest(registry)


def health(booth: Booth, streams: Callable[[], int], document: Document) -> Blueprint:
    """The views for whoever looks after the booth; they tell nothing of a person.

    Args:
        booth: that is looked after.
        streams: how many streams of news are open.
        document: in which they are described.
    """
    views = Blueprint("health", __name__)

    @views.get("/healthz")
    @for_(Audience.ANYONE)
    @document.of(Life)
    def healthz() -> Life:
        """See whether the panel lives."""
        return Life(status="ok")

    @views.get("/readyz")
    @for_(Audience.ANYONE)
    @document.of(Life, 503)
    def readyz() -> Life:
        """See whether an interview can be given."""
        faulty = [part.name for part in booth.health() if _stops(part)]
        if booth.news.is_closed or faulty:
            names = ", ".join(faulty) or "booth"
            abort(problem(503, "not_ready", f"Not ready: {names}."))
        return Life(status="ready")

    @views.get("/metrics")
    @for_(Audience.KIOSK)
    @document.of_plain("text/plain")
    def metrics() -> Response:
        """Read the booth's figures as Prometheus reads them."""
        return Response(metrics_of(booth, streams), content_type=CONTENT_TYPE_LATEST)

    return views


def _stops(part: Health) -> bool:
    """Whether no interview can be given: without a device typing still works, so none does."""
    return part.status is Status.CRITICAL and part.name in {"perception", "storage"}
