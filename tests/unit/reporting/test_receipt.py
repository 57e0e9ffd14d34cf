"""A strip of paper for people without a phone."""

import pytest

from appliance.domain.paper import CODE_PAGE, Strip
from appliance.domain.report import (
    Advice,
    ClassProbabilities,
    Evidence,
    FacePart,
    FusionWindow,
    Question,
    Rating,
    Report,
    Suggestion,
    VoicePart,
)
from appliance.reporting.plain_letters import plain
from appliance.reporting.receipt import Paper, receipt
from tests.reports import report_of

QUOTE = "So I rang five hotels and carried twenty heaters to the rooms."


def written(strip: Strip) -> str:
    return "\n".join(line.text for line in strip)


def flowing(strip: Strip) -> str:
    return " ".join(written(strip).split())


@pytest.mark.parametrize("width", [32, 48])
@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_no_line_is_wider_than_the_paper_and_every_letter_is_one_of_the_printers(
    width: int, language: str
) -> None:
    strip = receipt([report_of(language), report_of(language)], Paper(width, language))
    assert max(len(line.text) for line in strip) == width
    for line in strip:
        assert line.text == line.text.encode(CODE_PAGE).decode(CODE_PAGE)
        assert line.text.isprintable()


def test_it_tells_what_went_well_what_to_try_how_it_came_across_and_what_might_be_asked() -> None:
    strip = receipt([report_of()], Paper(48))
    text = flowing(strip)
    assert text.startswith("Interview practice -")
    assert "1. Tell me about a time" in text
    assert f'What went well "{QUOTE}" You told what you did.' in text
    assert "What to try Tell how it ended." in text
    assert "A listener might ask How many guests stayed?" in text
    assert "Structure    ####-  clear" in written(strip)
    assert "Specificity  ##---  getting there" in written(strip)
    assert "Not rated: Presence, Delivery. We did not see a face." in text
    assert text.endswith("Nothing of this is kept in the booth.")


def test_ratings_stand_in_columns_or_where_titles_are_long_in_two_lines() -> None:
    assert "Specificity ##--- getting there" in written(receipt([report_of()], Paper(32)))
    german = written(receipt([report_of("de")], Paper(32, "de")))
    assert "Bezug zur Frage\n  ####-  klar" in german
    assert "Bezug zur Frage  ####-  klar" in written(receipt([report_of("de")], Paper(48, "de")))


def test_fixed_words_are_in_the_language_of_the_screen_or_english() -> None:
    assert "Nichts davon bleibt in der Kabine." in flowing(receipt([], Paper(48, "de")))
    assert "Nada de esto se guarda en la cabina." in flowing(receipt([], Paper(48, "es")))
    assert "Nothing of this is kept in the booth." in flowing(receipt([], Paper(48, "fr")))


def test_who_keeps_a_record_is_not_told_that_nothing_is_kept() -> None:
    strip = receipt([report_of()], Paper(48, says_nothing_is_kept=False))
    assert "kept in the booth" not in flowing(strip)


def test_a_long_question_and_a_long_quote_are_shortened() -> None:
    asked = Question(id="x", competency="x", role="x", text="Why " + "would you go there " * 20)
    place = Evidence(quote="word " * 80, start_s=0.0, end_s=1.0)
    advice = Advice(
        source="standard",
        model=None,
        strengths=(Suggestion(measure="structure", text="Good.", evidence=(place,)),),
        next_steps=(),
    )
    report = report_of().model_copy(update={"question": asked, "advice": advice})
    strip = receipt([report], Paper(32))
    assert sum(line.bold for line in strip) == 1 + 3 + 1 + 1
    assert written(strip).count("...") == 2
    assert flowing(strip).count("word") == 24
    assert "What to try" not in flowing(strip)


def test_a_sentence_that_quotes_is_not_quoted_again() -> None:
    place = Evidence(quote=QUOTE, start_s=0.0, end_s=1.0)
    items = [f"You said: “{QUOTE}” Well told.", f"Dijo: «{QUOTE[:20]}…» Bien.", QUOTE]
    for text in items:
        item = Suggestion(measure="structure", text=text, evidence=(place,))
        advice = Advice(source="standard", model=None, strengths=(item,), next_steps=())
        report = report_of().model_copy(update={"advice": advice})
        assert flowing(receipt([report], Paper(48))).count("So I rang five") == 1


def test_what_face_and_voice_may_have_shown_is_not_on_it() -> None:
    shown = ClassProbabilities(start_s=0.0, end_s=1.0, probabilities={"happiness": 0.9})
    both = FusionWindow(
        start_s=0.0,
        end_s=1.0,
        probabilities={"happiness": 0.9},
        sources=("face", "voice"),
        abstained=False,
    )
    estimated = report_of().model_copy(
        update={
            "face": FacePart(visible_ratio=1.0, samples=(), expression=(shown,)),
            "voice": VoicePart(
                segments=(shown,),
                speech=(),
                pauses=(),
                filled_pauses=(),
                hop_s=0.1,
                pitch_hz=(),
                loudness_dbfs=(),
            ),
            "fusion": (both,),
        }
    )
    assert receipt([estimated], Paper(48)) == receipt([report_of()], Paper(48))


def test_a_report_without_ratings_or_question_is_told_as_far_as_it_goes() -> None:
    bare: Report = report_of().model_copy(update={"question": None, "ratings": ()})
    text = flowing(receipt([bare], Paper(32)))
    assert "1. typed" in text
    assert "How it came across" not in text


def test_a_rating_says_its_whole_reason() -> None:
    rating = Rating(
        name="presence",
        title="Presence",
        value=None,
        says="You typed this answer.",
        reason="You typed this answer.",
        measures=(),
    )
    report = report_of().model_copy(update={"ratings": (rating,)})
    assert "Not rated: Presence. You typed this answer." in flowing(receipt([report], Paper(48)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“Ja”, sagte „sie‟ – so’s …", '"Ja", sagte "sie" - so\'s ...'),
        ("Über Öl, Straße, ÄÖÜ", "Über Öl, Straße, ÄÖÜ"),
        ("¿Qué pasó mañana? ¡Ángel, Íñigo, Óscar, Úrsula!", None),
        ("«así» naïve façade", None),
        ("Łukasz Dvořák, Šíma, Nguyễn", "Lukasz Dvorák, Síma, Nguyen"),
        ("e\u0301te\u0301", "été"),
        ("5 €, 3\u00a0kg → ½", "5 EUR, 3 kg -> ½"),
        ("ﬁne ① 日本 🙂", "fine 1 ?? ?"),
        ("soft\u00adhyphen\u200b", "softhyphen"),
        ("a\x1bp\x00b\r\nc\x10\x04", "a p b c"),
    ],
)
def test_letters_that_a_printer_lacks_are_replaced_and_none_commands_it(
    text: str, expected: str | None
) -> None:
    assert plain(text) == (text if expected is None else expected)


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "Worded by the language model llama3.2:3b."),
        ("de", "Formuliert vom Sprachmodell llama3.2:3b."),
        ("es", "Redactado por el modelo de lenguaje llama3.2:3b."),
    ],
)
def test_words_of_a_model_are_told_as_such(language: str, says: str) -> None:
    standard = report_of(language)
    advice = standard.advice.model_copy(update={"source": "ollama", "model": "llama3.2:3b"})
    worded = standard.model_copy(update={"advice": advice})
    assert says in flowing(receipt([worded], Paper(48, language)))
    assert says not in flowing(receipt([standard], Paper(48, language)))
