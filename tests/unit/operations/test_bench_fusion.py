"""Fusion over a long interview costs little, and holds no more at its end."""

from pathlib import Path

import pytest

from appliance.operations.bench.command import Bench
from appliance.operations.bench.fusion import FusionCost, measure_fusion
from appliance.operations.bench.running_booth import environment_of
from appliance.operations.bench.stages import Stage
from appliance.perception.fusion.model import FusionModel


def test_an_interview_takes_no_more_memory_than_its_first_answer(models_dir: Path) -> None:
    cost = measure_fusion(FusionModel(models_dir), answers=4, answer_s=8.0)
    assert cost.windows == 4 * 11
    assert cost.media_s == 32.0
    assert cost.window_ms > 0
    assert 0 < cost.most_kib < 1.2 * cost.first_kib


def test_a_measured_booth_has_the_profile_of_the_site_and_none_of_its_other_settings() -> None:
    here = {"PATH": "/bin", "BOOTH_SITE_PROFILE": "self", "BOOTH_PRINTER_ON": "true"}
    booth = environment_of(here, "observations", "folder", 8123)
    assert booth["BOOTH_SITE_PROFILE"] == "observations"
    assert booth["PATH"] == "/bin"
    assert "BOOTH_PRINTER_ON" not in booth


def test_what_fusion_costs_is_told_and_that_a_profile_loads_none() -> None:
    stages = (Stage("fusion", 1000, 0.25, 0.0005),)
    cost = FusionCost(1000, 0.25, 600.0, 300.0, 310.0)
    told = Bench("a machine", stages, cost, None)
    assert "over 5 answers of 120 s: 300 KiB in the first, 310 KiB in any" in told.to_text()
    assert told.to_json_value()["fusion"]["most_kib"] == 310.0
    assert cost.window_ms == pytest.approx(0.25)
    without = Bench("a machine", (), None, None)
    assert "loads no model" in without.to_text()
    assert without.to_json_value()["fusion"] is None
