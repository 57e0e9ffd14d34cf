"""A hard story well told is no hard attitude."""

import pytest
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from appliance.coaching.spoken import spoken
from appliance.domain.observations import Transcript
from appliance.domain.report import Measure
from tests.answers import said_at
from tests.coaches import tools_of

TOOLS = tools_of()

OUTAGE = (
    "One night our booking system crashed and nobody could pay. Customers complained, the alarm "
    "went off every minute, and my colleague was angry because he had warned us about this "
    "failure. I stopped the broken job, blocked the bad requests, and told the support desk what "
    "was wrong. After forty minutes the errors were gone, and we never had that outage again."
)


def closing(text: str) -> Measure:
    assert TOOLS.tone is not None
    return TOOLS.tone.closing(
        spoken(Transcript("x", "en", said_at(text)), TOOLS.language), TOOLS.messages
    )


def test_a_good_story_about_an_outage_is_not_taken_for_a_bad_attitude() -> None:
    plain = SentimentIntensityAnalyzer().polarity_scores(OUTAGE)["compound"]
    assert plain < -0.2
    measure = closing(OUTAGE)
    assert measure.value is not None
    assert measure.value >= 0
    assert "even note" in measure.says


def test_hard_words_about_people_at_the_end_are_told() -> None:
    measure = closing(
        "We opened at nine. There was a queue. My manager was an idiot and I hate people like that."
    )
    assert measure.value is not None
    assert measure.value < -0.25
    assert "hard word about people" in measure.says
    assert "idiot" in measure.evidence[0].quote


def test_a_bright_end_is_told() -> None:
    measure = closing("It was a mess. We tidied up. Everyone was happy and we loved the result.")
    assert "bright" in measure.says


def test_nobody_is_rated_by_it() -> None:
    assert closing(OUTAGE).band is None


@pytest.mark.parametrize("text", ["We lost two games.", "He refused to stop the machine."])
def test_a_problem_alone_has_no_tone(text: str) -> None:
    assert closing(text).value == 0
