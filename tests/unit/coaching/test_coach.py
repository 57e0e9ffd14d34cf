"""What coaching puts into the report besides measures and advice."""

from dataclasses import replace

import pytest

from appliance.coaching.coach import Wishes
from appliance.coaching.messages import load_messages
from appliance.domain.observations import ExpressionObservation, FusedObservation, PictureOffset
from appliance.domain.report import ClassProbabilities
from appliance.interview.answer import typed
from appliance.interview.answering import missing_by
from appliance.interview.session import Consent
from tests.answers import answer
from tests.coaches import coach_of


def _windows(duration_s: float, *shown: tuple[float, float]) -> tuple[ClassProbabilities, ...]:
    """Windows of an answer with estimates, each a time and a share of happiness."""
    estimates = tuple(
        ExpressionObservation(time_s, {"neutral": 1 - share, "happiness": share}, 0.5)
        for time_s, share in shown
    )
    seen = replace(answer(), duration_s=duration_s, expressions=estimates)
    report = coach_of().report(seen, source="clip", question=None)
    assert report.face is not None
    assert report.face.expression is not None
    return report.face.expression


def test_expression_estimates_are_averaged_over_windows_of_one_to_two_seconds() -> None:
    windows = _windows(5.1, (0.0, 0.2), (1.6, 0.4), (1.8, 0.1), (5.1, 0.7))
    assert [(w.start_s, w.end_s) for w in windows] == [
        pytest.approx((0.0, 1.7)),
        pytest.approx((1.7, 3.4)),
        pytest.approx((3.4, 5.1)),
    ]
    assert [w.probabilities["happiness"] for w in windows] == pytest.approx([0.3, 0.1, 0.7])
    assert all(sum(w.probabilities.values()) == pytest.approx(1) for w in windows)


def test_a_window_in_which_no_face_was_measured_is_left_out() -> None:
    windows = _windows(6.0, (0.5, 0.2), (5.0, 0.4))
    assert [(w.start_s, w.end_s) for w in windows] == [(0.0, 2.0), (4.0, 6.0)]


def test_a_single_frame_is_a_window() -> None:
    assert len(_windows(0.0, (0.0, 0.5))) == 1
    assert _windows(3.0) == ()


def test_why_a_sense_is_missing_is_told_in_the_language_of_the_report() -> None:
    seen = replace(answer([], ()), missing={"picture": "You chose not to be seen."})
    report = coach_of("de").report(seen, source="booth", question=None)
    facing = next(one for one in report.measures if one.name == "facing_camera")
    assert facing.reason == "Sie wollten nicht gesehen werden."


def test_a_reason_that_nobody_foresaw_is_told_as_it_is() -> None:
    seen = replace(answer([], ()), missing={"picture": "The lens is covered."})
    report = coach_of("de").report(seen, source="booth", question=None)
    facing = next(one for one in report.measures if one.name == "facing_camera")
    assert facing.reason == "The lens is covered."


def test_the_reasons_that_the_booth_gives_are_known_in_every_language() -> None:
    given = {*missing_by(Consent()).values(), *typed("Yes", "en").missing.values()}
    for language in ("en", "de", "es"):
        messages = load_messages(language)
        assert all(messages.has("missing", reason) for reason in given)


def test_what_face_and_voice_say_together_is_told_with_its_sources() -> None:
    fused = FusedObservation(0.0, 3.0, {"calm": 0.4, "sad": 0.6}, ("face", "voice"), True, True)
    apart = PictureOffset(15.0, 0.6, corrected=True)
    seen = replace(answer(), fusion=(fused,), picture_offsets=(apart,))
    report = coach_of().report(seen, source="clip", question=None)
    assert report.to_json_value()["fusion"] == [
        {
            "start_s": 0.0,
            "end_s": 3.0,
            "probabilities": {"calm": 0.4, "sad": 0.6},
            "sources": ["face", "voice"],
            "abstained": True,
            "own_baseline": True,
        }
    ]
    assert report.to_json_value()["picture_offsets"] == [
        {"at_s": 15.0, "late_s": 0.6, "corrected": True}
    ]
    without = coach_of().report(
        seen, source="clip", question=None, wishes=Wishes(frozenset(), estimates=False)
    )
    assert not {"fusion", "picture_offsets"} & set(without.to_json_value())
