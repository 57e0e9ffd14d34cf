"""Sentences from what recognisers write, with full stops and without."""

from appliance.coaching.language import load_language
from appliance.coaching.spoken import Spoken, find_phrases, spoken
from appliance.domain.observations import Transcript, Word
from tests.answers import said_at

ENGLISH = load_language("en")


def said(words: tuple[Word, ...]) -> Spoken:
    return spoken(Transcript("x", "en", words), ENGLISH)


def test_full_stops_end_sentences() -> None:
    told = said(said_at("I was late. Why? The bus broke down! I called my manager"))
    assert [one.text for one in told.sentences] == [
        "I was late.",
        "Why?",
        "The bus broke down!",
        "I called my manager",
    ]
    assert [one.place for one in told.sentences] == [0, 1, 2, 3]


def test_a_sentence_knows_when_it_was_said() -> None:
    told = said(said_at("I was late. The bus broke down.", per_minute=60))
    place = told.sentences[1].evidence
    assert (place.quote, place.start_s, place.end_s) == ("The bus broke down.", 3, 7)


def test_without_full_stops_a_pause_ends_a_sentence() -> None:
    words = said_at("the bus broke down near the old mill", per_minute=60)
    later = tuple(
        Word(word.text, word.start_s + 9, word.end_s + 9, 0.9)
        for word in said_at("my manager was not pleased", per_minute=60)
    )
    assert [one.text for one in said(words + later).sentences] == [
        "the bus broke down near the old mill",
        "my manager was not pleased",
    ]


def test_without_full_stops_and_pauses_clauses_begin_at_their_words() -> None:
    text = (
        "last year i worked in a kitchen where the oven failed on a friday so i rang the owner and "
        "asked for a second one but she was away and i borrowed one from the cafe next door"
    )
    told = [one.text for one in said(said_at(text)).sentences]
    assert told[0].endswith("friday")
    assert told[1].startswith("so i rang")
    assert told[-1].startswith(("but she", "and i borrowed"))


def test_no_sentence_ends_with_a_word_with_which_none_ends() -> None:
    words = said_at("i went to the", per_minute=60)
    later = tuple(
        Word(word.text, word.start_s + 9, word.end_s + 9, 0.9) for word in said_at("station alone")
    )
    assert len(said(words + later).sentences) == 1


def test_sounds_that_fill_pauses_are_in_no_sentence() -> None:
    told = said(said_at("Um, I was, uh, late."))
    assert told.sentences[0].tokens == ("i", "was", "late")
    assert len(told.words) == 5


def test_nothing_said_has_no_sentences() -> None:
    assert spoken(None, ENGLISH).sentences == ()
    assert said(()).tokens == ()


def test_the_longest_phrase_is_found_and_none_overlaps() -> None:
    tokens = ["in", "the", "end", "we", "won", "in", "the", "end"]
    assert list(find_phrases(tokens, ["in", "in the end", "the end we"])) == [
        (0, "in the end"),
        (5, "in the end"),
    ]
