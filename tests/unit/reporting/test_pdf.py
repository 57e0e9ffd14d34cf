"""Reports on paper: all answers in one PDF whose words can be read, and nothing fetched."""

import io
import re
import sys

import pypdf
import pytest

from appliance.coaching.messages import load_messages
from appliance.coaching.question_bank import find_question, load_questions
from appliance.coaching.rating_guide import rating_guide
from appliance.domain.observations import Span
from appliance.domain.report import RatingGuide
from appliance.reporting.html import render_html
from appliance.reporting.pdf import PdfError, render_pdf
from tests.answers import answer, looks, said_at
from tests.coaches import coach_of

BANK = load_questions("en")
TEXTS = {
    "solved-problem": "Last winter the heating of our hotel failed and I carried twenty heaters.",
    "team-goal": "In May eight of us painted the clubhouse, and I bought the paint in Leeds.",
}


def page(question: str, guide: RatingGuide | None = None) -> str:
    said = said_at(TEXTS[question])
    seen = answer([Span(0.0, said[-1].end_s)], said, faces=looks(said[-1].end_s))
    report = coach_of().report(seen, source="answer", question=find_question(BANK, question))
    return render_html(report, guide)


def test_all_answers_come_in_one_pdf_whose_words_can_be_read() -> None:
    made = pypdf.PdfReader(io.BytesIO(render_pdf([page(question) for question in TEXTS])))
    text = " ".join(" ".join(sheet.extract_text().split()) for sheet in made.pages)
    for question, said in TEXTS.items():
        assert find_question(BANK, question).text in text
        assert said.rstrip(".") in text
    assert "How it came across" in text
    for sheet in made.pages:
        assert sheet.extract_text().strip(), "a page is empty"


def test_how_ratings_are_made_is_told_on_paper_too() -> None:
    guide = rating_guide(load_messages("en"))
    pdf = pypdf.PdfReader(io.BytesIO(render_pdf([page("team-goal", guide)])))
    text = " ".join(" ".join(sheet.extract_text().split()) for sheet in pdf.pages)
    assert guide.title in text
    for rated in guide.ratings:
        for level in rated.levels:
            assert level in text, level


def test_the_timeline_is_drawn_in_its_colours() -> None:
    pdf = pypdf.PdfReader(io.BytesIO(render_pdf([page("team-goal")])))
    contents = [sheet.get_contents() for sheet in pdf.pages]
    drawn = b"".join(one.get_data() for one in contents if one is not None)
    soft = re.compile(rb"0\.847\d* 0\.901\d* 0\.89\d* rg")
    assert soft.search(drawn), "the loudness is not in the soft colour"


def test_what_a_page_names_elsewhere_is_not_fetched(capsys: pytest.CaptureFixture[str]) -> None:
    evil = "<html><head></head><body><p>Words</p><img src='file:///etc/passwd'></body></html>"
    made = pypdf.PdfReader(io.BytesIO(render_pdf([evil])))
    assert made.pages[0].extract_text().strip() == "Words"
    assert not made.pages[0].images


def test_without_pango_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoPango:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")

    for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [NoPango(), *sys.meta_path])
    with pytest.raises(PdfError, match="Pango is missing"):
        render_pdf(["<p>Words</p>"])
