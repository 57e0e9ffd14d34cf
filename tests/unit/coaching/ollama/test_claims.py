"""What a model may say of a fact, and what it may not, in each language."""

from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest
import tomli

from appliance.coaching.ollama.claims import Complaint, Rules
from appliance.coaching.ollama.facts import QUOTED, Fact, Kind
from appliance.coaching.ollama.reading import grade_of
from appliance.coaching.ollama.worded import Worded, checked
from tests.coaches import tools_of

RULES = {language: Rules(tools_of(language)) for language in ("en", "de", "es")}

ENDING = Fact(
    name="strength_1",
    kind="strength",
    measure="structure",
    says="You told how it ended: “In the end nobody left.” That is what a listener waits for.",
    sentence="s1",
    lead="“In the end nobody left.”",
    quotes=("In the end nobody left.",),
)
PACE = Fact(
    name="next_step_1",
    kind="next_step",
    measure="pace",
    says="You spoke at about 51 words a minute. A little more flow would help the listener along.",
)
FOLLOW_UP = Fact(
    name="follow_up",
    kind="follow_up",
    measure="",
    says="How many customers were there?",
    asked="Tell me about a problem.",
    quotes=("Eleven people waited, and Marek wrote down their names.",),
)
DE = Fact(
    name="strength_1",
    kind="strength",
    measure="structure",
    says="Sie haben erzählt, wie es ausging: „Am Ende ging niemand.“ Darauf wartet man.",
    sentence="s1",
    quotes=("Am Ende ging niemand.",),
)
ES = Fact(
    name="strength_1",
    kind="strength",
    measure="structure",
    says="Contó cómo terminó: «Al final no se fue nadie.» Eso espera quien escucha.",
    sentence="s1",
    quotes=("Al final no se fue nadie.",),
)


TOO_HARD = (
    "You told how it ended, which is what a listener waits for when they want to know what came of "
    "it, and how it all went on from there to the end of it and then to what came after that."
)


def said(fact: Fact, text: str, language: str = "en") -> str:
    """The name of the complaint; empty where the words may be shown."""
    found = checked(fact, fact.sentence, text, RULES[language])
    return found.name if isinstance(found, Complaint) else ""


@pytest.mark.parametrize(
    ("fact", "text", "language"),
    [
        (ENDING, "You told how it ended. That is what a listener waits for.", "en"),
        (ENDING, "You said how it ended, so a listener knows what came of it!", "en"),
        (PACE, "Let the words flow a little more, so that it is easy to follow you.", "en"),
        (FOLLOW_UP, "How many people did you write down with Marek?", "en"),
        (DE, "Sie haben erzählt, wie es ausging. Darauf wartet man beim Zuhören.", "de"),
        (ES, "Usted contó cómo terminó. Eso es lo que espera quien escucha.", "es"),
    ],
)
def test_plain_words_for_a_fact_may_be_shown(fact: Fact, text: str, language: str) -> None:
    assert said(fact, text, language) == ""


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("You told how it ended, and you were very confident.", "banned"),
        ("You told how it ended, like an honest person.", "banned"),
        ("You told how it ended. You are hireable.", "banned"),
        ("You told how it ended. You seemed calm.", "banned"),
        ("You told how it ended. I give it five stars.", "banned"),
        ("You told how it ended. My diagnosis is clear.", "banned"),
        ("You told how it ended, but it was not much.", "tone"),
        ("I liked how you told how it ended.", "person"),
        ("You told how it ended for 93 people.", "number"),
        ("You told how it ended for twelve people.", "number"),
        ("You told how it ended with Sarah.", "name"),
        ("Sarah told how it ended. A listener waits for that.", "name"),
        ("You said “nobody left” and that is how it ended.", "quotation"),
        ("You said 'nobody left' and that is how it ended.", "quotation"),
        ("You told how it ended, at a good pace.", "topic"),
        ("You told how it ended, with a warm smile.", "topic"),
        ("You told how it ended, with your eyes on the camera.", "topic"),
        ("You told about rockets, dragons, wizards and castles.", "unsupported"),
        ("It is easy to follow you.", "off_fact"),
        ("You told how it ended, and saved a child from a fire.", "unsupported"),
        ("You told", "length"),
        ("**You** told how it ended.", "length"),
        ("You told how it ended 😀.", "length"),
        ("You told how it ended. " * 15, "length"),
        (TOO_HARD, "reading"),
        ("Sie haben erzählt, wie es ausging, und das ist gut.", "language"),
        ("Contó cómo terminó, y eso es lo que se espera.", "language"),
    ],
)
def test_what_is_more_or_other_than_the_fact_is_not_shown(text: str, complaint: str) -> None:
    assert said(ENDING, text) == complaint


def test_words_about_another_sentence_are_not_shown() -> None:
    found = checked(ENDING, "s2", "You told how it ended. That helps.", RULES["en"])
    assert found == Complaint("sentence")


@pytest.mark.parametrize(
    "text",
    ["Tell me how many there were.", "How many were there? And who?", "Were there 40 of them?"],
)
def test_a_follow_up_is_one_question_without_new_figures(text: str) -> None:
    assert said(FOLLOW_UP, text)


@pytest.mark.parametrize(
    ("fact", "text", "language", "complaint"),
    [
        (DE, "Sie haben erzählt, wie es ausging, und wirkten selbstbewusst.", "de", "banned"),
        (DE, "Sie haben erzählt, wie es mit Zbigniew ausging.", "de", "name"),
        (DE, "Sie haben erzählt, wie es für zwölf Leute ausging.", "de", "number"),
        (DE, "You told how it ended, and that is good.", "de", "language"),
        (ES, "Usted contó cómo terminó, con mucha confianza.", "es", "banned"),
        (ES, "Usted contó cómo terminó con Zbigniew.", "es", "name"),
        (ES, "Usted contó cómo terminó para doce personas.", "es", "number"),
        (ES, "You told how it ended, and that is good.", "es", "language"),
    ],
)
def test_the_rules_hold_in_other_languages(
    fact: Fact, text: str, language: str, complaint: str
) -> None:
    assert said(fact, text, language) == complaint


TURNED = {
    "en": [
        "You did not tell how it ended.",
        "You didn't tell how it ended.",
        "You never told how it ended.",
        "Nobody could see how it ended.",
        "You told how it ended, but that is all.",
        "You told hardly anything of how it ended.",
        "You told little of how it ended.",
        "You told less of how it ended.",
        "You told only how it ended.",
        "You could tell how it ended.",
        "You need to tell how it ended.",
        "You left out how it ended.",
        "You told how it ended at last.",
        "How it ended is far from clear.",
        "Tell how it ended next time.",
        "You told how it ended, so people stop to listen.",
        "That is the least that a listener waits for when it ended.",
        "It is too much to tell how it ended.",
        "You should tell how it ended.",
        "You told how it ended without what came of it.",
    ],
    "de": [
        "Sie haben nicht erzählt, wie es ausging.",
        "Sie haben nie erzählt, wie es ausging.",
        "Sie haben kaum erzählt, wie es ausging.",
        "Sie haben wenig erzählt, wie es ausging.",
        "Sie haben nur erzählt, wie es ausging.",
        "Sie haben fast erzählt, wie es ausging.",
        "Sie haben erzählt, wie es ausging, aber das ist alles.",
        "Sie haben keinem erzählt, wie es ausging.",
        "Sie könnten erzählen, wie es ausging.",
        "Sie müssen erzählen, wie es ausging.",
        "Erzählen Sie das nächste Mal, wie es ausging, sonst wartet man.",
        "Sie haben ohne das erzählt, wie es ausging.",
    ],
    "es": [
        "Usted no contó lo que pasó ni cómo terminó.",
        "Usted nunca contó lo que pasó al final.",
        "Usted contó poco de cómo terminó.",
        "Usted casi contó cómo terminó.",
        "Usted contó menos de cómo terminó.",
        "Usted contó solo lo que pasó y cómo terminó.",
        "Usted contó cómo terminó, pero eso es lo que hay.",
        "Usted contó a nadie lo que pasó y cómo terminó.",
        "Usted contó lo que pasó sin el final.",
        "A usted le falta lo que pasó al final.",
    ],
}
"""Praise that lists can see is none any more."""

TURNED_ADVICE = {
    "en": [
        "Never let the words flow a little more.",
        "Let the words flow without more.",
        "You failed to let the words flow a little more.",
        "Let the words flow less, so that it is easy to follow you.",
        "The words do not flow a little more.",
    ],
    "de": ["Es ging nicht.", "Lassen Sie das weniger sein.", "Das war schlecht, und das ist so."],
    "es": ["Eso no es lo que se espera.", "Cuente lo que pasó sin eso.", "Eso que contó es malo."],
}

LEFT = {
    "en": [
        "Say how it ended.",
        "You told how it ended, which a listener has to wait for.",
    ],
    "de": ["Erzählen Sie, wie es ausging.", "Sie können erzählen, wie es ausging."],
    "es": ["Usted quería contar lo que pasó y cómo terminó."],
}
"""What no list can see: an order for praise, and a plain word with another sense."""


def each(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(language, text) for language, texts in table.items() for text in texts]


STRENGTHS = {"en": ENDING, "de": DE, "es": ES}


@pytest.mark.parametrize(("language", "text"), each(TURNED))
def test_praise_that_is_turned_into_blame_is_not_shown(language: str, text: str) -> None:
    assert said(STRENGTHS[language], text, language) == "tone"


@pytest.mark.parametrize(("language", "text"), each(TURNED_ADVICE))
def test_advice_that_is_turned_around_is_not_shown(language: str, text: str) -> None:
    fact = PACE if language == "en" else replace(STRENGTHS[language], kind="next_step")
    assert said(fact, text, language) == "tone"


@pytest.mark.parametrize(("language", "text"), each(LEFT))
def test_what_such_lists_cannot_see_is_told(language: str, text: str) -> None:
    """Whoever closes one of these gaps takes it out of the documents, too."""
    assert said(STRENGTHS[language], text, language) == ""
    documents = Path(__file__).parents[4] / "docs" / "feedback.md"
    assert text in " ".join(documents.read_text(encoding="utf-8").split())


def test_a_word_that_turns_is_no_fault_where_the_fact_itself_has_it() -> None:
    fact = replace(ENDING, measure="fillers", says="It was easy to follow, with hardly a stumble.")
    assert said(fact, "It was easy to follow you, with hardly a stumble.") == ""
    assert said(fact, "It was easy to follow you, with barely a stumble.") == "tone"


def test_every_complaint_has_words_in_every_language() -> None:
    names = set(RULES["en"].lists.reasons)
    for rules in RULES.values():
        assert set(rules.lists.reasons) == names
        assert set(rules.lists.topics) == set(RULES["en"].lists.topics)


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_what_coaching_itself_says_may_be_shown(language: str) -> None:
    """The rules are no stricter than the booth's own sentences, those that quote within apart."""
    path = resources.files("appliance.coaching") / "messages" / f"{language}.toml"
    table = tomli.loads(path.read_text(encoding="utf-8"))
    kinds: dict[str, Kind] = {"strengths": "strength", "next_steps": "next_step"}
    tried = 0
    for section, kind in kinds.items():
        for measure, wordings in table[section].items():
            for wording in wordings:
                bare = QUOTED.sub("", wording).strip()
                if QUOTED.search(wording) and not QUOTED.match(wording):
                    continue
                tried += 1
                fact = Fact("one", kind, _MEASURES.get(measure, measure), wording)
                assert said(fact, bare, language) == "", bare
    assert tried >= 5


_MEASURES = {
    **dict.fromkeys(("situation", "task", "action", "result"), "structure"),
    "clarity": "fillers",
    "no_event": "relevance",
}


def test_words_are_calm() -> None:
    found = checked(ENDING, "s1", "You told how it ended!\n That helps!", RULES["en"])
    assert isinstance(found, Worded)
    assert found.text == "You told how it ended. That helps."


def test_reading_grades_follow_published_formulas() -> None:
    """The first is Kincaid's own example of an easy text; figures by hand."""
    easy = "The cat sat on the mat. It was a warm day and the sun was out."
    assert grade_of(easy, "en") == pytest.approx(0.39 * 8 + 11.8 * 1 - 15.59, abs=0.05)
    hard = (
        "Organisational transformation necessitates interdisciplinary collaboration across all "
        "functional departments simultaneously."
    )
    assert grade_of(hard, "en") > 20
    assert grade_of("Am Ende ging niemand, und alle waren froh und zufrieden.", "de") < 6
    assert grade_of("Al final no se fue nadie y todos estaban muy contentos.", "es") < 6
