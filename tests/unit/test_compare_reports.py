"""Reports of two machines are held together figure by figure."""

from typing import Any

from tests.tools.compare_reports import compare


def _report(*, clarity: float | None = 4, pace: float = 160.0, face: bool = True) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "ratings": [{"name": "clarity", "value": clarity}],
        "measures": [{"name": "pace", "value": pace}, {"name": "fillers", "value": 0.0}],
        "face": {"visible_ratio": 0.9} if face else None,
        "voice": {"hop_s": 0.1},
        "fusion": [{"start_s": 0.0}],
    }


def _apart(there: dict[str, Any]) -> list[str]:
    return [name for name, *_, close in compare(_report(), there) if not close]


def test_small_differences_between_processors_are_close() -> None:
    assert _apart(_report()) == []
    assert _apart(_report(clarity=5, pace=175.0)) == []


def test_what_is_too_far_off_or_missing_is_named() -> None:
    assert _apart(_report(clarity=2)) == ["ratings.clarity"]
    assert _apart(_report(clarity=None)) == ["ratings.clarity"]
    assert _apart(_report(pace=177.0)) == ["measures.pace"]
    assert _apart(_report(face=False)) == ["face"]
    less = _report()
    less["measures"].pop()
    assert _apart(less) == ["measures.fillers"]
