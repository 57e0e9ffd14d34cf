"""German and Spanish: every sentence is there, and delivery, fillers, gates and questions work."""

import re
from pathlib import Path
from typing import Any

import pytest
import tomli

from appliance.coaching.language import known_languages, load_language
from appliance.coaching.messages import load_messages
from appliance.coaching.pace_limits import PACES
from appliance.coaching.question_bank import find_question, load_questions
from appliance.coaching.rating_guide import rating_guide
from appliance.domain.errors import WrongUsageError
from appliance.domain.report import Report
from tests.answers import answer, said_at
from tests.coaches import coach_of

_MESSAGES = Path(__file__).parents[3] / "appliance" / "coaching" / "messages"

STORY = {
    "de": (
        "Letztes Jahr war ich in einem Café in Bremen. Ich musste an einem Samstag für zwei "
        "kranke Kollegen einspringen. Da habe ich zuerst die Bestellungen sortiert und einen "
        "Zettel an die Tür gehängt. Am Ende waren alle vierzig Gäste zufrieden, und seitdem hängt "
        "der Zettel immer da."
    ),
    "es": (
        "El año pasado trabajaba en un café de Sevilla. Un sábado tenía que cubrir a dos "
        "compañeros enfermos. Primero puse los pedidos en orden y colgué una hoja en la puerta. "
        "Al final los cuarenta clientes se fueron contentos, y desde entonces la hoja sigue allí."
    ),
}


def report(language: str, text: str) -> Report:
    question = find_question(load_questions(language), "busy-day")
    return coach_of(language).report(answer(said=said_at(text)), source="x", question=question)


def _sentences(table: Any, path: str = "") -> dict[str, set[str]]:
    """Every sentence with the names in its braces; wordings of one thought together."""
    if isinstance(table, str):
        return {path: set(re.findall(r"{(\w+)", table))}
    if isinstance(table, list):
        return {path: set().union(*(re.findall(r"{(\w+)", one) for one in table))}
    found: dict[str, set[str]] = {}
    for name, value in table.items():
        found |= _sentences(value, f"{path}.{name}")
    return found


def test_three_languages_are_known() -> None:
    assert known_languages() == ("de", "en", "es")


@pytest.mark.parametrize("language", ["de", "es"])
def test_every_sentence_is_there_with_figures_that_english_has(language: str) -> None:
    tables = {
        code: _sentences(tomli.loads((_MESSAGES / f"{code}.toml").read_text(encoding="utf-8")))
        for code in ("en", language)
    }
    assert tables[language].keys() == tables["en"].keys()
    for name, figures in tables[language].items():
        assert figures <= tables["en"][name], name


@pytest.mark.parametrize("language", ["de", "es"])
def test_there_are_twelve_whole_questions(language: str) -> None:
    questions = load_questions(language)
    assert len(questions) == 12
    assert len({one.competency for one in questions}) == 10
    assert {one.id for one in questions} <= {one.id for one in load_questions("en")}
    for one in questions:
        assert one.references
        assert one.follow_ups
        assert one.shows
        assert len(one.keywords) >= 5


@pytest.mark.parametrize("language", ["de", "es"])
def test_a_story_is_measured_in_its_language(language: str) -> None:
    told = report(language, STORY[language])
    assert told.gate is None
    measures = {one.name: one for one in told.measures}
    assert measures["pace"].value is not None
    assert {one.label for one in measures["structure"].evidence} >= {"situation", "result"}
    assert measures["details"].status == "in_band"
    assert measures["relevance"].value is None
    assert measures["relevance"].reason == load_messages(language).say(
        "reasons", "no_sentence_model"
    )
    assert {one.name for one in told.ratings if one.value is not None} >= {"structure", "clarity"}
    english = {one.says for one in report_in_english().measures}
    assert not english & {one.says for one in told.measures}


def report_in_english() -> Report:
    question = find_question(load_questions("en"), "busy-day")
    text = "Last year I was in a café in Leeds. In the end all forty guests were happy with it."
    return coach_of("en").report(answer(said=said_at(text)), source="x", question=question)


@pytest.mark.parametrize("language", ["de", "es"])
def test_advice_on_content_comes_in_the_language_and_praise_needs_relevance(language: str) -> None:
    untold = STORY[language].split(". ")[0] + "." + STORY[language].split(".")[1] + "."
    advice = report(language, untold).advice
    assert "structure" in {item.measure for item in advice.next_steps}
    assert advice.follow_up is not None
    assert advice.follow_up.endswith("?")
    assert not {"structure", "details"} & {item.measure for item in advice.strengths}


@pytest.mark.parametrize(
    ("language", "text", "gate"),
    [
        ("de", "Dazu fällt mir nichts ein, nächste Frage bitte.", "refusal"),
        ("de", "Das war keine gute Zeit für mich, können wir das lassen?", "refusal"),
        ("de", "Gut.", "too_short"),
        (
            "de",
            "Erzählen Sie von einem Tag, an dem mehr zu tun war, als Zeit da war.",
            "repeats_question",
        ),
        ("de", STORY["es"], "wrong_language"),
        ("de", "asdf qwer zxcv hjkl asdf poiu lkjh mnbv qwer tyui ghjk vbnm fghj", "gibberish"),
        ("es", "No se me ocurre nada, la siguiente pregunta por favor.", "refusal"),
        ("es", "Fue una mala época para mí, ¿podemos dejarlo?", "refusal"),
        ("es", "Bien.", "too_short"),
        ("es", "Cuénteme de un día con más cosas que hacer que tiempo.", "repeats_question"),
        ("es", STORY["de"], "wrong_language"),
        ("es", "asdf qwer zxcv hjkl asdf poiu lkjh mnbv qwer tyui ghjk vbnm fghj", "gibberish"),
    ],
)
def test_gates_close_in_their_language(language: str, text: str, gate: str) -> None:
    told = report(language, text)
    assert told.gate is not None
    assert told.gate.name == gate
    assert told.advice.next_steps[0].text == load_messages(language).say("gates", gate)


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("de", "Das war sozusagen mein erster Tag und ich habe halt nicht gewusst wohin.", 2),
        ("es", "Fue, o sea, mi primer día y digamos que no sabía muy bien adónde ir.", 2),
    ],
)
def test_fillers_are_found(language: str, text: str, found: int) -> None:
    measures = {one.name: one for one in report(language, text).measures}
    assert len(measures["fillers"].evidence) == found


@pytest.mark.parametrize("language", ["de", "es"])
def test_how_it_is_rated_is_told_in_the_language(language: str) -> None:
    assert rating_guide(load_messages(language)) != rating_guide(load_messages("en"))
    assert load_language(language).filled_pauses


def test_every_language_has_its_pace_and_its_rules_tell_it() -> None:
    assert set(PACES) == set(known_languages())
    for language, pace in PACES.items():
        assert pace.very_slow < pace.slow < pace.fast < pace.very_fast
        delivery = rating_guide(load_messages(language)).ratings[4]
        for limit in (pace.very_slow, pace.slow, pace.fast, pace.very_fast):
            assert any(f" {limit:g} " in rule for rule in delivery.rules[:5]), (language, limit)


def test_a_language_without_sentences_is_refused() -> None:
    with pytest.raises(WrongUsageError, match="no sentences in the language 'xx'"):
        load_messages("xx")
