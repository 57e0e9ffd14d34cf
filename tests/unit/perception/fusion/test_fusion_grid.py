"""Every observation is placed by its own time: late, missing and out of order."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from appliance.domain.observations import (
    ExpressionObservation,
    FusedObservation,
    VoiceObservation,
)
from appliance.perception.fusion.classes import CLASSES
from appliance.perception.fusion.grid import HOP_S, WINDOW_S, FusionGrid
from appliance.perception.fusion.model import FusionModel
from tests.unit.perception.fusion.test_fusion_model import model as fusion_model

RANGE_DB = 40.0


@pytest.fixture
def model(tmp_path: Path) -> FusionModel:
    plain = np.ones((2, 2), np.float32)
    return fusion_model(tmp_path, temperatures=plain, weights=plain, reliance=0 * plain)


def voice(start_s: float, name: str, *, share: float = 0.9, own: bool = False) -> VoiceObservation:
    others = (1 - share) / (len(CLASSES) - 1)
    shares = {other: share if other == name else others for other in CLASSES}
    return VoiceObservation(start_s, start_s + 3.0, shares, 1.0, own)


def face(time_s: float, name: str, quality: float = 1.0) -> ExpressionObservation:
    return ExpressionObservation(time_s, {name: 0.8, "contempt": 0.2}, quality)


def likely(fused: FusedObservation) -> str:
    return max(fused.probabilities, key=lambda name: fused.probabilities[name])


def test_windows_lie_on_one_grid(model: FusionModel) -> None:
    grid = FusionGrid(model)
    for index in range(8):
        grid.hear(voice(index * 1.5, "happy"), RANGE_DB)
    told = list(grid.finish(10.0))
    assert [one.start_s for one in told] == [index * HOP_S for index in range(15)]
    assert all(one.end_s == one.start_s + WINDOW_S for one in told)
    assert all(sum(one.probabilities.values()) == pytest.approx(1) for one in told)


def test_order_of_arrival_does_not_matter(model: FusionModel) -> None:
    def fused(order: Callable[[list[int]], list[int]]) -> list[FusedObservation]:
        grid = FusionGrid(model)
        names = ("happy", "sad", "angry", "calm")
        for index in order(list(range(4))):
            grid.hear(voice(index * 1.5, names[index]), RANGE_DB)
            grid.look(index * 1.5 + 0.2, face(index * 1.5 + 0.2, "happiness"))
        return list(grid.finish(7.5))

    forwards, backwards = fused(lambda places: places), fused(lambda places: places[::-1])
    assert len(forwards) == len(backwards) == 10
    for one, other in zip(forwards, backwards, strict=True):
        assert one.probabilities == pytest.approx(other.probabilities)
        assert (one.sources, one.abstained) == (other.sources, other.abstained)


def test_without_speech_the_voice_does_not_vote(model: FusionModel) -> None:
    grid = FusionGrid(model)
    grid.hear(voice(0.0, "angry"), RANGE_DB)
    for tenth in range(100):
        grid.look(tenth / 10, face(tenth / 10, "happiness"))
    told = list(grid.finish(10.0))
    spoken = [one.start_s for one in told if "voice" in one.sources]
    assert max(spoken) == 1.5, "the window from 2 s on shares less than half with the speech"
    assert [one for one in told if one.start_s >= 2.0 and one.sources != ("face",)] == []


def test_a_stretch_where_nobody_is_seen_or_heard_is_a_gap(model: FusionModel) -> None:
    grid = FusionGrid(model)
    grid.hear(voice(0.0, "happy"), RANGE_DB)
    grid.hear(voice(10.0, "sad"), RANGE_DB)
    told = list(grid.finish(13.0))
    starts = [one.start_s for one in told]
    assert starts == [0.0, 0.5, 1.0, 1.5, 8.5, 9.0, 9.5, 10.0]
    assert [likely(one) for one in told] == ["happy"] * 4 + ["sad"] * 4


def test_a_change_is_told_where_it_is(model: FusionModel) -> None:
    grid = FusionGrid(model)
    for tenth in range(200):
        name = "happiness" if tenth < 100 else "sadness"
        grid.look(tenth / 10, face(tenth / 10, name))
    changes = [one.start_s + WINDOW_S / 2 for one in grid.finish(20.0) if likely(one) == "sad"]
    assert changes[0] == pytest.approx(10.0, abs=2 * HOP_S)


def test_live_a_result_comes_half_a_second_after_its_window(model: FusionModel) -> None:
    grid = FusionGrid(model)
    told: list[tuple[float, FusedObservation]] = []
    for tenth in range(100):
        now_s = tenth / 10
        grid.look(now_s, face(now_s, "happiness"))
        told.extend((now_s, one) for one in grid.until(now_s))
    delays = [now_s - one.end_s for now_s, one in told]
    assert len(told) > 10
    assert max(delays) == pytest.approx(HOP_S, abs=0.11)


def test_what_comes_too_late_is_counted_and_not_used(model: FusionModel) -> None:
    grid = FusionGrid(model)
    grid.look(1.0, face(1.0, "happiness"))
    list(grid.until(10.0))
    grid.look(2.0, face(2.0, "anger"))
    grid.hear(voice(0.0, "angry"), RANGE_DB)
    assert (grid.too_late, grid.held) == (2, 0)
    grid.look(9.9, face(9.9, "anger"))
    assert grid.held == 1


def test_frames_without_a_face_take_weight_from_those_with_one(model: FusionModel) -> None:
    def fused(*, unseen: bool) -> FusedObservation:
        grid = FusionGrid(model)
        grid.hear(voice(0.0, "angry", share=0.6), RANGE_DB)
        for tenth in range(30):
            gone = unseen and tenth % 5 > 0
            grid.look(tenth / 10, None if gone else face(tenth / 10, "happiness", 0.5))
        (told,) = grid.finish(3.0)
        return told

    assert likely(fused(unseen=False)) == "happy"
    assert likely(fused(unseen=True)) == "angry"


def test_a_face_without_quality_has_no_say(model: FusionModel) -> None:
    grid = FusionGrid(model)
    grid.hear(voice(0.0, "angry"), RANGE_DB)
    grid.look(1.0, face(1.0, "happiness", 0.0))
    (told,) = grid.finish(3.0)
    assert told.sources == ("voice",)


def test_below_the_threshold_it_is_not_sure(model: FusionModel) -> None:
    grid = FusionGrid(model)
    grid.hear(voice(0.0, "sad", share=0.3), RANGE_DB)
    (told,) = grid.finish(3.0)
    assert told.abstained
    assert likely(told) == "sad"


def test_the_persons_own_baseline_is_told_and_not_mixed_with_everybodys(model: FusionModel) -> None:
    grid = FusionGrid(model)
    grid.hear(voice(0.0, "sad"), RANGE_DB)
    grid.hear(voice(1.5, "happy", own=True), RANGE_DB)
    told = list(grid.finish(4.5))
    assert [one.own_baseline for one in told] == [False, False, True, True]
    assert [likely(one) for one in told] == ["sad", "sad", "happy", "happy"]


def test_a_short_answer_is_one_window(model: FusionModel) -> None:
    grid = FusionGrid(model)
    seen = voice(0.2, "happy")
    grid.hear(VoiceObservation(0.2, 1.1, seen.probabilities, 1.0), RANGE_DB)
    (told,) = grid.finish(1.4)
    assert (told.start_s, told.end_s, told.sources) == (0.0, 1.4, ("voice",))


def test_nothing_at_all_gives_nothing(model: FusionModel) -> None:
    assert list(FusionGrid(model).finish(0.0)) == []
    assert list(FusionGrid(model).finish(60.0)) == []


def test_two_hours_take_little_memory_and_less_than_a_millisecond_a_window(
    model: FusionModel,
) -> None:
    grid = FusionGrid(model)
    most, windows = 0, 0
    begun_s = time.process_time()
    for second in range(7200):
        if second % 3 == 0:
            grid.hear(voice(float(second), "happy"), RANGE_DB)
        for tenth in range(10):
            now_s = second + tenth / 10
            grid.look(now_s, face(now_s, "happiness"))
        windows += sum(1 for _ in grid.until(float(second)))
        most = max(most, grid.held)
    took_ms = 1000 * (time.process_time() - begun_s) / windows
    assert windows > 14_000
    assert most < 70, "looks of four seconds and the voice over them"
    assert took_ms < 3, "on any machine; docs/fusion.md tells what it is on one"
