"""What is no answer is told as such, kindly, and what is one is let through."""

import pytest

from appliance.coaching.gates import find_gate
from appliance.coaching.question_bank import find_question, load_questions
from appliance.coaching.spoken import spoken
from appliance.domain.observations import Observations, Transcript
from tests.answers import answer, said_at
from tests.coaches import tools_of

QUESTION = find_question(load_questions("en"), "solved-problem")

REAL = (
    "Our label printer at the warehouse jammed every evening so I cleaned the rollers and wrote a "
    "short list of checks for the late shift, and since then it has hardly jammed at all."
)

GERMAN = (
    "Letztes Jahr war in unserer Firma der Drucker kaputt und ich habe ihn dann mit einem Kollegen "
    "wieder in Gang gebracht."
)


def gate(text: str, language: str = "en", confidence: float = 0.9) -> str | None:
    seen: Observations = answer(said=said_at(text, confidence=confidence))
    tools = tools_of(language)
    return find_gate(seen, spoken(seen.transcript, tools.language), QUESTION, tools)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", "silence"),
        ("um uh", "silence"),
        ("Fine.", "too_short"),
        ("Yeah I fixed the printer once", "too_short"),
        ("I don't know, sorry", "refusal"),
        ("Can we skip this one please", "refusal"),
        ("Um, honestly nothing comes to mind right now, can we move on?", "refusal"),
        (
            "I would rather not, it was a hard year for us all at home. Could we leave it?",
            "refusal",
        ),
        ("la la lo la la lo la mm la la lo la la la lo mm la lo", "gibberish"),
        ("Tell me about a time you solved a problem at work.", "repeats_question"),
        ("So the question is about a time when I solved a problem at work.", "repeats_question"),
        ("asdf qwer zxcv hjkl asdf poiu lkjh mnbv qwer tyui ghjk vbnm fghj", "gibberish"),
        (
            "banana window seven purple engine carpet horse lemon bucket tractor piano cloud spoon",
            "gibberish",
        ),
        (GERMAN, "wrong_language"),
        (
            "El año pasado se rompió la impresora y yo la arreglé con un compañero.",
            "wrong_language",
        ),
        ("Un jour la machine était en panne et je suis allé chercher une pièce.", "wrong_language"),
        (REAL, None),
        (REAL.lower().replace(".", "").replace(",", ""), None),
    ],
)
def test_each_gate_closes_before_its_own_kind_of_answer(text: str, name: str | None) -> None:
    assert gate(text) == name


def test_words_that_the_recogniser_was_not_sure_of_are_not_judged() -> None:
    assert gate(REAL, confidence=0.35) == "unsure"


def test_a_refusal_that_turns_into_an_answer_is_an_answer() -> None:
    assert gate(f"I don't know, let me think. {REAL}") is None


def test_a_refusal_inside_of_a_story_is_no_refusal() -> None:
    story = (
        "My boss asked me for the keys, and I would rather not give those away, so I called the "
        "office first, wrote down who came and when, and locked the store myself in the evening."
    )
    assert gate(story) is None


PASSED_ON = (
    "I forgot to pass the message on. I called the customer, apologised, and set up a shared list "
    "so that we always pass messages on."
)
STEP_BY_STEP = (
    "Tuve que dar un paso difícil. Hablé con mi jefe paso a paso, y al final el equipo terminó el "
    "proyecto a tiempo."
)


@pytest.mark.parametrize(("language", "text"), [("en", PASSED_ON), ("es", STEP_BY_STEP)])
def test_words_that_decline_alone_are_parts_of_stories(language: str, text: str) -> None:
    assert gate(text, language) is None


def test_who_says_a_thing_again_and_again_still_says_something() -> None:
    assert (
        gate("Very, very, very busy we were, and I, I, I served and I served and I served.") is None
    )


def test_names_and_numbers_are_no_gibberish() -> None:
    text = (
        "In 2019 Kowalczyk and Oyelaran from Brightwater moved 340 pallets to Zeebrugge and I did "
        "the papers for it with Mister Haverkamp."
    )
    assert gate(text) is None


def test_each_language_knows_its_own() -> None:
    assert gate(GERMAN, "de") is None
    assert gate(REAL, "de") == "wrong_language"


def test_without_ears_no_gate_is_needed() -> None:
    tools = tools_of()
    seen = answer([], (), missing={"sound": "The recording has no sound."})
    assert (
        find_gate(seen, spoken(Transcript("x", "en", ()), tools.language), QUESTION, tools) is None
    )
