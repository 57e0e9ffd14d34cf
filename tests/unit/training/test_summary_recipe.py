"""The text model's recipe, on made-up interviews of MediaSum's form."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from appliance.domain.errors import DataError
from models_tflite.training.summary import mediasum
from models_tflite.training.summary.__main__ import MODEL_FILE
from models_tflite.training.summary.__main__ import main as train
from models_tflite.training.summary.mediasum import read_interviews

SUBJECTS = {
    "bees": "A beekeeper tells how her hives survived the winter on a city roof.",
    "trains": "A driver explains why night trains are coming back to small stations.",
    "bread": "A baker describes how old rye grains return to village ovens.",
    "rivers": "An engineer reports how a dam was opened so that salmon swim upstream.",
    "chess": "A teacher talks about the chess club that fills her school on Saturdays.",
    "bicycles": "A mechanic shows how broken bicycles become cargo bikes for the poor.",
}


def interview(number: int, program: str, subject: str) -> dict[str, Any]:
    summary = SUBJECTS[subject]
    return {
        "id": f"made-up-{number}",
        "program": program,
        "date": "2020-01-01",
        "url": "",
        "title": subject,
        "summary": summary,
        "utt": [
            f"Welcome. Today we speak about {subject}.",
            f"Thank you. {summary} That was a good year for all of us.",
            "And what comes next?",
            f"We hope that more people will care about {subject}.",
        ],
        "speaker": ["HOST", "GUEST", "HOST", "GUEST"],
    }


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    names = list(SUBJECTS)
    entries = [
        interview(n, program, names[n % len(names)])
        for n, program in enumerate(p for p in ("Dawn", "Noon", "Dusk", "Night") for _ in range(6))
    ]
    path = tmp_path / "tiny.json"
    path.write_text(json.dumps(entries), encoding="utf-8")
    return path


def test_the_recipe_tells_own_summaries_from_others_and_writes_its_weights(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert train(["--data", str(tiny), "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "24 interviews of 4 programs, 48 pairs" in printed
    assert "5 folds by program: accuracy 1.000" in printed
    with np.load(out / MODEL_FILE, allow_pickle=False) as arrays:
        assert arrays["names"].tolist() == ["sentiment", "keyword_coverage", "fluency"]
        assert arrays["weights"][1] > 0
    first = (out / MODEL_FILE).read_bytes()
    assert train(["--data", str(tiny), "--out", str(out)]) == 0
    assert (out / MODEL_FILE).read_bytes() == first


def test_a_file_is_read_bit_by_bit(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = list(read_interviews(tiny))
    monkeypatch.setattr(mediasum, "_CHUNK", 50)
    assert list(read_interviews(tiny)) == whole
    assert len(whole) == 24


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"id": 1}', "no list of interviews"),
        ('[{"id": "a"', "breaks off or is damaged at interview 1"),
        ('[{"id": "a", "program": "b", "summary": "c"}]', "Interview 1 .* has no 'utt'"),
        ("[3]", "Interview 1 .* is no object"),
        ('[{"id": "a", "program": "b", "summary": "c", "utt": [1]}]', "no text"),
    ],
)
def test_a_file_of_another_form_is_a_clear_fault(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=words):
        list(read_interviews(path))


def test_a_missing_file_and_a_single_program_end_with_one_line(
    tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(["--data", str(tmp_path / "none.json"), "--out", str(tmp_path)]) != 0
    assert "cannot be read" in capsys.readouterr().err
    lone = [entry for entry in json.loads(tiny.read_text()) if entry["program"] == "Dawn"]
    tiny.write_text(json.dumps(lone))
    assert train(["--data", str(tiny), "--out", str(tmp_path)]) != 0
    assert "too few programs" in capsys.readouterr().err
