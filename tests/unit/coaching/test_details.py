"""What a listener can hold on to."""

from appliance.coaching.details import details, find_details, own_part
from appliance.coaching.spoken import Spoken, spoken
from appliance.domain.observations import Transcript
from tests.answers import said_at
from tests.coaches import tools_of

TOOLS = tools_of()

CONCRETE = (
    "In March 2021 I drove a van for Meyer and Sons in Leeds. On a Tuesday the ramp broke with "
    "fourteen fridges inside, so I rang Ahmed and we built one from two doors."
)
GENERAL = (
    "I think it is important to work well together and to communicate. Good communication is the "
    "key to success and I always try to help people when there is a problem."
)


def said(text: str) -> Spoken:
    return spoken(Transcript("x", "en", said_at(text)), TOOLS.language)


def test_figures_times_names_and_things_are_told_apart() -> None:
    found = find_details(said(CONCRETE).sentences, TOOLS.language, TOOLS.vocabulary)
    assert found.figures == {"2021", "fourteen", "two"}
    assert found.times == {"march", "tuesday"}
    assert found.names == {"meyer", "sons", "leeds", "ahmed"}
    assert {"ramp", "fridge", "door"} <= found.things


def test_general_words_are_no_details() -> None:
    found = find_details(said(GENERAL).sentences, TOOLS.language, TOOLS.vocabulary)
    assert found.exact == 0
    assert found.count < 1


def test_the_sentence_with_most_details_is_quoted_first() -> None:
    measure = details(
        said(f"I liked it there. {CONCRETE}"), TOOLS.language, TOOLS.vocabulary, TOOLS.messages
    )
    assert measure.evidence[0].quote.startswith("In March 2021")
    assert measure.evidence[0].label == "figure"
    assert measure.status == "in_band"


def test_i_and_we_are_a_prompt_and_never_points() -> None:
    alone = own_part(said("I did it. We watched."), TOOLS.language, TOOLS.messages)
    assert (alone.value, alone.band, alone.status) == (50, None, "unrated")
    shared = own_part(said("We did it. We won. I cheered."), TOOLS.language, TOOLS.messages)
    assert "your own part" in shared.says
    assert [one.quote for one in shared.evidence] == ["We did it.", "We won."]
    nobody = own_part(said("It rained."), TOOLS.language, TOOLS.messages)
    assert nobody.value is None
