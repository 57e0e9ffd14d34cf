"""What the panel tells whoever looks after the booth."""

from pathlib import Path

from appliance.interview.session_events import Kind
from tests.panel import served


def test_a_booth_that_works_lives_is_ready_and_tells_figures_of_no_person(
    models_dir: Path, sample: Path
) -> None:
    with served(models_dir, sample) as booth:
        client = booth.app.test_client()
        assert client.get("/healthz").json == {"status": "ok"}
        assert client.get("/readyz").json == {"status": "ready"}
        booth.does(Kind.START)
        figures = client.get("/metrics").text
        assert 'booth_state{state="welcome"} 1.0' in figures
        assert 'booth_state{state="attract"} 0.0' in figures
        assert 'booth_part_status{part="camera",' in figures
        assert "booth_event_streams 0.0" in figures
    closed = booth.app.test_client().get("/readyz")
    assert closed.status_code == 503
    assert closed.json == {"error": {"code": "not_ready", "message": "Not ready: booth."}}
