"""Health as a value."""

import json

import pytest

from appliance.domain.health import Health, Status, worst


@pytest.mark.parametrize(
    ("statuses", "gravest"),
    [
        ([], Status.SKIPPED),
        ([Status.SKIPPED, Status.HEALTHY], Status.HEALTHY),
        ([Status.HEALTHY, Status.UNKNOWN], Status.UNKNOWN),
        ([Status.UNKNOWN, Status.WARNING], Status.WARNING),
        ([Status.CRITICAL, Status.WARNING], Status.CRITICAL),
    ],
)
def test_the_gravest_part_counts(statuses: list[Status], gravest: Status) -> None:
    assert worst(Health("part", status, "") for status in statuses) is gravest


def test_it_is_plain_json() -> None:
    health = Health("camera", Status.WARNING, "Black.", "Uncover it.", {"width": 640})
    assert json.loads(json.dumps(health.to_json_value())) == {
        "name": "camera",
        "status": "warning",
        "message": "Black.",
        "advice": "Uncover it.",
        "details": {"width": 640},
    }
