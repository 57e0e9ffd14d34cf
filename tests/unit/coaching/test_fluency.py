"""How sentences run: what fills, what is begun again, how long, how varied."""

import pytest

from appliance.coaching import fluency
from appliance.coaching.spoken import Spoken, spoken
from appliance.domain.observations import Transcript
from tests.answers import said_at
from tests.coaches import tools_of

TOOLS = tools_of()
ENGLISH, SAYS = TOOLS.language, TOOLS.messages


def said(text: str) -> Spoken:
    return spoken(Transcript("x", "en", said_at(text)), ENGLISH)


def fillers(text: str) -> list[str]:
    return [one.quote for one in fluency.filler_words(said(text), ENGLISH, SAYS).evidence]


def restarts(text: str) -> list[str]:
    return [one.quote for one in fluency.restarts(said(text), ENGLISH, SAYS).evidence]


@pytest.mark.parametrize(
    "text",
    [
        "I like working with children.",
        "It looked like rain that day.",
        "We would like to thank them.",
        "She felt like a member of the crew.",
        "There was nothing like that in the manual.",
    ],
)
def test_like_with_a_meaning_is_no_filler(text: str) -> None:
    assert fillers(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It was like five in the morning.", ["like"]),
        ("And he was standing there, like, totally lost.", ["like,"]),
        ("The van was, you know, completely full.", ["you know,"]),
        ("It was sort of broken and stuff.", ["sort of", "and stuff."]),
    ],
)
def test_what_only_fills_is_found_with_its_place(text: str, found: list[str]) -> None:
    assert fillers(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I I went to the shop.", ["I I"]),
        ("We had to we had to call the owner.", ["We had to we had to"]),
        ("I called the, the the plumber.", ["the, the", "the the"]),
        ("So I was going to, I mean the keys were gone.", []),
        ("It was a very very long day.", []),
        ("He had had enough of it.", []),
        ("I wanted to sta- start again.", ["wanted to sta-"]),
    ],
)
def test_what_is_begun_again_is_found(text: str, found: list[str]) -> None:
    assert restarts(text) == found


def test_fillers_are_counted_for_every_hundred_words() -> None:
    measure = fluency.filler_words(said("You know it was " + "fine weather " * 8), ENGLISH, SAYS)
    assert measure.value == pytest.approx(100 / 20)
    assert measure.status == "above"


def test_the_mean_sentence_tells_the_length_and_the_longest_is_shown() -> None:
    measure = fluency.sentence_length(
        said("Two doors. Two doors stand open. " + "Doors " * 40), ENGLISH, SAYS
    )
    assert measure.value == pytest.approx((2 + 4 + 40) / 3)
    assert measure.evidence[0].quote.startswith("Doors Doors")


def test_clauses_joined_by_and_are_one_sentence_where_no_full_stops_are_written() -> None:
    text = (
        "i went to the market early that day and i bought some bread for my aunt and i came home "
        "on the bus and we ate it all together in the garden"
    )
    joined = fluency.sentence_length(said(text), ENGLISH, SAYS)
    assert joined.value == len(text.split())


def test_words_that_link_are_counted() -> None:
    measure = fluency.connectives(
        said("First I called them because the pump leaked. As a result we stopped."), ENGLISH, SAYS
    )
    assert [one.quote for one in measure.evidence] == ["First", "because", "As a result"]


def test_the_range_of_words_hardly_depends_on_the_length() -> None:
    text = (
        "We opened the shop at seven and the queue went round the corner, so I gave out numbers, "
        "carried the crates inside, and asked my cousin to weigh the fish while I took the money. "
        "Nobody complained, three people came back on Monday, and the owner bought a ticket "
        "machine from a closing bakery. Later that summer we sold more bread than in any month "
        "before, and the mayor wrote a letter about our street. "
    )
    once = fluency.vocabulary_range(said(text), SAYS).value
    twice = fluency.vocabulary_range(said(text + " " + text), SAYS).value
    assert once is not None
    assert twice is not None
    assert twice == pytest.approx(once, rel=0.35)
    poor = fluency.vocabulary_range(said("it was good and we were good and " * 10), SAYS).value
    assert poor is not None
    assert poor < once / 3


def test_a_short_answer_has_no_range_yet() -> None:
    measure = fluency.vocabulary_range(said("It was good."), SAYS)
    assert measure.value is None
    assert measure.reason == "Too short to tell: it takes 50 words."
