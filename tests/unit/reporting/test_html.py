"""The page that a person takes home."""

import re
from dataclasses import replace

import pytest

from appliance.coaching.question_bank import find_question, load_questions
from appliance.domain.observations import FilledPause, Observations, Span, Transcript, Word
from appliance.domain.report import ClassProbabilities, Report
from appliance.reporting.html import paragraphs, render_html
from appliance.reporting.timeline_picture import LOW, NARROW, WIDE, _side_by_side, timeline_svg
from tests.answers import answer, looks, words
from tests.coaches import coach_of


def _report(seen: Observations, source: str = "answer.mp4") -> Report:
    question = find_question(load_questions("en"), "solved-problem")
    return coach_of().report(seen, source=source, question=question)


@pytest.fixture
def spoken() -> Report:
    """Two sentences with a long pause between, an "um" that was written, one that was not."""
    said = (
        Word("Well,", 0.0, 0.4, 0.9),
        Word("um,", 0.5, 0.9, 0.9),
        Word("yes.", 1.0, 1.4, 0.9),
        Word("Then", 4.4, 4.8, 0.9),
        Word("no.", 5.6, 6.0, 0.9),
    )
    filled = [
        FilledPause(0.5, 0.9, "transcript", "um,", 0.9),
        FilledPause(4.9, 5.4, "sound", "um", 0.7),
    ]
    return _report(answer([Span(0, 1.4), Span(4.4, 6.0)], said, filled, looks(6)))


def test_the_page_needs_nothing_but_itself(spoken: Report) -> None:
    page = render_html(spoken)
    # Name spaces are names; nothing is fetched from them.
    addresses = set(re.findall(r"https?://[^\"'\s<)]+", page))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert "<script" not in page
    assert "<link" not in page
    assert set(re.findall(r"url\((.{5})", page)) <= {"data:", '"data', "#tim"} | {
        found for found in re.findall(r"url\((.{5})", page) if found.startswith("#")
    }


def test_the_same_report_gives_the_same_page(spoken: Report) -> None:
    assert render_html(spoken) == render_html(spoken)


def test_the_question_and_every_measure_stand_on_the_page(spoken: Report) -> None:
    page = render_html(spoken)
    assert "Tell me about a time you solved a problem at work." in page
    for measure in spoken.measures:
        assert measure.title in page


def test_fillers_and_pauses_stand_where_they_were(spoken: Report) -> None:
    first, second = paragraphs(spoken)
    assert [(p.kind, p.text) for p in first.pieces] == [
        ("word", "Well,"),
        ("filled", "um,"),
        ("word", "yes."),
        ("pause", "3.0 s"),
    ]
    assert [(p.kind, p.text) for p in second.pieces] == [
        ("word", "Then"),
        ("filled", "um"),
        ("word", "no."),
    ]


def test_a_pause_stands_before_the_word_that_the_recogniser_began_too_early() -> None:
    said = (Word("one", 0.0, 1.0, 0.9), Word("two", 1.1, 3.5, 0.9))
    report = _report(answer([Span(0, 1.0), Span(3.0, 3.5)], said, faces=looks(3)))
    kinds = [piece.kind for part in paragraphs(report) for piece in part.pieces]
    assert kinds == ["word", "pause", "word"]


def test_what_someone_says_cannot_become_part_of_the_page() -> None:
    said = (Word("<script>alert(1)</script>", 0.0, 1.0, 0.9),)
    page = render_html(_report(answer([Span(0, 1)], said), source="<b>.mp4"))
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "<b>.mp4" not in page


def test_what_was_not_measured_shows_a_dash_and_the_reason() -> None:
    missing = {
        "sound": "The recording has no sound.",
        "picture": "The recording has no picture.",
    }
    seen = answer([], (), faces=(), missing=missing)
    page = render_html(_report(replace(seen, transcript=None)))
    assert page.count('aria-label="not measured"') == 20
    assert page.count('aria-label="not rated"') == 6
    assert "The recording has no sound." in page
    assert "No sound" in page
    assert "No picture" in page


def test_notes_come_before_everything_else() -> None:
    page = render_html(_report(replace(answer(), notes=("The recording breaks off at 8 s.",))))
    assert page.index("breaks off") < page.index("In short")


def test_the_picture_shows_long_pauses_with_their_length(spoken: Report) -> None:
    for size in (WIDE, NARROW):
        picture = timeline_svg(spoken, size)
        assert "3.0 s" in picture
        assert "Facing the camera" in picture
        assert picture.startswith(f'<svg class="timeline {size.name}"')


def test_the_two_pictures_share_no_identifier(spoken: Report) -> None:
    wide, narrow = (
        set(re.findall(r'id="([^"]+)"', timeline_svg(spoken, size))) for size in (WIDE, NARROW)
    )
    assert wide
    assert wide & narrow == set()


def test_a_two_hour_answer_still_makes_a_page_that_opens() -> None:
    speech = [Span(i * 10.0, i * 10.0 + 8.5) for i in range(720)]
    seen = replace(
        answer(speech, words(12_000, 100), faces=looks(7200)),
        prosody=(),
        transcript=Transcript("test", "en", words(12_000, 100)),
    )
    assert len(render_html(_report(seen))) < 3_000_000


def _estimated(report: Report, *shares: float) -> Report:
    """The report with an estimate of the face for every second."""
    assert report.face is not None
    windows = tuple(
        ClassProbabilities(
            start_s=float(second),
            end_s=second + 1.0,
            probabilities={"happiness": share, "neutral": 1 - share},
        )
        for second, share in enumerate(shares)
    )
    face = report.face.model_copy(update={"expression": windows})
    return report.model_copy(update={"face": face})


def test_estimates_are_drawn_as_what_they_are_and_only_where_there_are_some(
    spoken: Report,
) -> None:
    assert "estimated" not in timeline_svg(spoken, WIDE)
    drawn = timeline_svg(_estimated(spoken, 0.9, 0.8, 0.9, 0.4, 0.2, 0.3), WIDE)
    assert "Face, estimated and often wrong" in drawn
    assert "Voice, estimated" not in drawn
    assert ">smiling<" in drawn
    assert ">neutral<" in drawn


def test_on_a_low_screen_titles_stand_beside_and_marks_where_their_time_is(spoken: Report) -> None:
    report = _estimated(spoken, *[0.9] * 6)
    low = timeline_svg(report, LOW, (Span(0.0, 1.0),))
    assert "Face, estimated and often wrong" in low
    mark = re.search(r'class="mark mark-0" x="([\d.]+)"', low)
    assert mark is not None
    assert float(mark[1]) == LOW.left_px > LOW.titles_px
    height = re.search(r'viewBox="0 0 740 (\d+)', low)
    assert height is not None
    assert int(height[1]) < 200


def test_windows_that_overlap_are_drawn_side_by_side() -> None:
    windows = [
        ClassProbabilities(start_s=start_s, end_s=start_s + 3, probabilities={"calm": 1.0})
        for start_s in (0.0, 1.5, 3.0, 8.0)
    ]
    places = [(one.start_s, one.end_s) for one in _side_by_side(windows)]
    assert places == [(0.0, 2.25), (2.25, 3.75), (3.75, 6.0), (8.0, 11.0)]


def test_where_no_class_is_likelier_than_all_others_nothing_is_named(spoken: Report) -> None:
    assert spoken.face is not None
    window = ClassProbabilities(
        start_s=0.0, end_s=6.0, probabilities={"happiness": 0.4, "neutral": 0.3, "sadness": 0.3}
    )
    face = spoken.face.model_copy(update={"expression": (window,)})
    drawn = timeline_svg(spoken.model_copy(update={"face": face}), WIDE)
    assert "estimated" in drawn
    assert ">smiling<" not in drawn


def test_marks_are_where_their_places_are_and_hidden(spoken: Report) -> None:
    drawn = timeline_svg(spoken, WIDE, [Span(0.0, 3.0), Span(3.0, 99.0), Span(50.0, 60.0)])
    rects = re.findall(r'<rect class="mark mark-(\d)" x="([\d.]+)" y="4" width="([\d.]+)"', drawn)
    (first, left, width), (second, middle, _) = rects
    assert (first, second) == ("0", "1")
    assert float(left) + float(width) == pytest.approx(float(middle), abs=0.2)
    assert drawn.count('visibility="hidden"') == 2


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", ("Was gut war", "Lautstärke, Pausen und „äh“", "bis")),
        ("es", ("Qué salió bien", "Volumen, pausas y «eh»", "hasta")),
    ],
)
def test_the_page_and_its_picture_speak_the_language_of_the_report(
    spoken: Report, language: str, words: tuple[str, ...]
) -> None:
    page = render_html(spoken.model_copy(update={"language": language}))
    assert f'<html lang="{language}">' in page
    for word in words:
        assert word in page
    for english in ("What went well", "Loudness, pauses", "Usual:", "filled pause"):
        assert english not in page


def test_words_of_a_model_are_told_as_such(spoken: Report) -> None:
    advice = spoken.advice.model_copy(update={"source": "ollama", "model": "llama3.2:3b"})
    worded = spoken.model_copy(update={"advice": advice})
    assert "Worded by the language model llama3.2:3b." in render_html(worded)
    assert "Worded by" not in render_html(spoken)
