"""What a model may say of a fact, and what it may not, in each language."""

from importlib import resources

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
