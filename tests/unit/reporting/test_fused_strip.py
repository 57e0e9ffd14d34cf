"""The strip of both together: named where it is sure, blank where it is not."""

import pytest

from appliance.domain.observations import PictureOffset
from appliance.domain.report import FusionWindow, Report
from appliance.reporting.html import render_html
from appliance.reporting.timeline_picture import WIDE, timeline_svg
from tests.reports import report_of

TITLE = "Both together; where it is blank: not sure"


def fused(start_s: float, name: str, *, sure: bool, sources: tuple[str, ...]) -> FusionWindow:
    return FusionWindow.model_validate(
        {
            "start_s": start_s,
            "end_s": start_s + 3,
            "probabilities": {name: 0.8, "calm": 0.2},
            "sources": sources,
            "abstained": not sure,
        }
    )


def report(*windows: FusionWindow) -> Report:
    return report_of().model_copy(update={"duration_s": 30.0, "fusion": windows})


def run(name: str, begin_s: int, end_s: int, *, sure: bool = True) -> list[FusionWindow]:
    return [
        fused(half / 2, name, sure=sure, sources=("face", "voice"))
        for half in range(2 * begin_s, 2 * end_s)
    ]


def test_what_both_say_is_named() -> None:
    svg = timeline_svg(report(*run("happy", 0, 12), *run("sad", 12, 27)), WIDE)
    assert TITLE in svg
    assert ">bright<" in svg
    assert ">sad tone<" in svg


def test_where_it_is_not_sure_it_names_nothing() -> None:
    svg = timeline_svg(report(*run("happy", 0, 12), *run("sad", 12, 27, sure=False)), WIDE)
    assert ">bright<" in svg
    assert ">sad tone<" not in svg


def test_how_far_camera_and_microphone_were_apart_is_told_where_it_was_put_right() -> None:
    both = report(*run("happy", 0, 27))

    def page(*offsets: PictureOffset) -> str:
        return render_html(both.model_copy(update={"picture_offsets": offsets}))

    late, unknown = PictureOffset(5.0, -0.64, corrected=True), PictureOffset(20.0, None, False)
    assert "Camera and microphone were 0.6 s apart" in page(late, unknown)
    small = PictureOffset(5.0, 0.12, corrected=False)
    assert "s apart" not in page(small, unknown)


@pytest.mark.parametrize("sources", [("face",), ("voice",)])
def test_one_sense_alone_has_no_strip_of_both(sources: tuple[str, ...]) -> None:
    alone = [fused(float(second), "happy", sure=True, sources=sources) for second in range(27)]
    assert TITLE not in timeline_svg(report(*alone), WIDE)


@pytest.mark.parametrize("none", [(), None])
def test_without_fusion_there_is_no_strip(none: tuple[FusionWindow, ...] | None) -> None:
    bare = report().model_copy(update={"fusion": none})
    assert TITLE not in timeline_svg(bare, WIDE)
