"""What a listener can hold on to."""

import pytest

from appliance.coaching.details import details, find_details, own_part
from appliance.coaching.language import load_language
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


@pytest.mark.parametrize(
    ("language", "figures", "none"),
    [
        (
            "en",
            "eleven people, twenty-four chairs, twenty-one, a hundred, ninety, 3000",
            "one of the chairs, someone, the second one, the third shelf, first, at once, one-off",
        ),
        (
            "de",
            "elf Leute, vierundzwanzig Stühle, einundzwanzig, dreihundert, zweieinhalb, 12",
            "einer der Stühle, ein Tisch, eine Frau, eins, der zweite, die dritte, Achtung",
        ),
        (
            "es",
            "once personas, veintitrés sillas, veintiún, cuatrocientos, treinta y dos, 15",
            "uno de ellos, un día, una mesa, la primera, el segundo, tercero, unos, ninguno",
        ),
    ],
)
def test_numbers_in_words_are_figures_and_articles_and_ordinals_are_none(
    language: str, figures: str, none: str
) -> None:
    pack = load_language(language)
    for phrase in figures.lower().split(", "):
        assert sum(pack.details.is_number(word) or word.isdigit() for word in phrase.split()), (
            phrase
        )
    for phrase in none.lower().split(", "):
        assert not any(pack.details.is_number(word) for word in phrase.split()), phrase


def test_a_number_of_two_words_is_one_figure_and_no_thing() -> None:
    found = find_details(said("We set up twenty-four.").sentences, TOOLS.language, TOOLS.vocabulary)
    assert found.figures == {"twenty-four"}
    assert not found.things


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


@pytest.mark.parametrize(
    ("language", "word"),
    [
        ("de", "dreizehn" * 2000 + "x"),
        ("es", "doscientos" * 2000 + "x"),
        ("en", "two-" * 4000 + "x"),
    ],
)
def test_a_typed_word_of_any_length_is_judged_at_once(language: str, word: str) -> None:
    details = load_language(language).details
    assert not details.is_number(word)
    assert details.is_number(word[:-1].removesuffix("-"))
