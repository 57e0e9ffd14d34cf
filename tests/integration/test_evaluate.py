"""`booth evaluate` as a person runs it, on small parts of the real data with the real models."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from appliance.cli import DONE, FAILED, WRONG_USAGE, main
from appliance.perception.expression import EXPRESSIONS, FER2013_LABELS
from tests.ollama_server import ollama_server
from tests.words import plainly

Run = Callable[..., tuple[int, str, str]]

FIGURES = {
    "n",
    "accuracy",
    "accuracy_interval",
    "unweighted_average_recall",
    "recalls",
    "classes",
    "confusion",
    "expected_calibration_error",
}


@pytest.fixture
def booth(capfd: pytest.CaptureFixture[str]) -> Run:
    """Run `booth evaluate` in this process: exit code, stdout and stderr."""

    def run(*arguments: object) -> tuple[int, str, str]:
        capfd.readouterr()
        try:
            code = main(["evaluate", *(str(argument) for argument in arguments)])
        except SystemExit as end:
            code = int(end.code or 0)
        captured = capfd.readouterr()
        return code, captured.out, captured.err

    return run


def assert_figures(value: dict[str, Any], classes: tuple[str, ...]) -> None:
    assert set(value) >= FIGURES
    assert value["classes"] == list(classes)
    assert np.shape(value["confusion"]) == (len(classes), len(classes))
    assert np.sum(value["confusion"]) == value["n"]
    assert np.trace(value["confusion"]) == pytest.approx(value["n"] * value["accuracy"], abs=0.1)
    low, high = value["accuracy_interval"]
    assert low <= value["accuracy"] <= high


@pytest.fixture
def few_faces(shared_data: Path, tmp_path: Path) -> Path:
    """Sixty of FER2013's validation faces, of which ten are also a training part."""
    with np.load(shared_data / "fer2013.npz") as file:
        arrays = {
            f"validation_{name}": file[f"validation_{name}"][:60]
            for name in ("images", "labels", "ferplus_votes")
        }
    training = {f"train_{name[11:]}": array[:10] for name, array in arrays.items()}
    np.savez(tmp_path / "few.npz", **arrays, **training)
    return tmp_path / "few.npz"


@pytest.mark.data
def test_expressions_are_judged_by_both_kinds_of_labels(booth: Run, few_faces: Path) -> None:
    code, out, err = booth("expression", "--data", few_faces, "--json")
    assert (code, err) == (DONE, "")
    value = json.loads(out)
    assert (value["task"], value["labels"], value["flattering"]) == ("expression", "ferplus", False)
    assert_figures(value, EXPRESSIONS)
    other = value["heads"]["fer2013"]
    assert_figures(other, FER2013_LABELS)
    assert (other["n"], other["without_copies"]["n"]) == (60, 50)
    assert value["n"] < 60, "votes that are level are no truth"
    assert (value["faces"], value["copies"], value["faces_not_found"]) == (60, 10, 0)
    assert_figures(value["without_copies"], EXPRESSIONS)
    assert booth("expression", "--data", few_faces, "--json")[1] == out


@pytest.mark.data
def test_a_person_gets_tables_and_is_told_what_flatters(booth: Run, few_faces: Path) -> None:
    code, out, err = booth("expression", "--data", few_faces, "--part", "train")
    assert (code, err) == (DONE, "")
    assert "10 faces, train part of few.npz" in out
    assert "which the model has seen: its figures flatter" in out
    assert "8 contempt" in out
    assert "7 surprise" in out


@pytest.mark.data
def test_speech_is_judged_through_the_real_recogniser(
    booth: Run, shared_data: Path, tmp_path: Path
) -> None:
    source = shared_data / "librispeech"
    lines = (source / "transcripts.tsv").read_text().splitlines(keepends=True)[1:3]
    for line in lines:
        shutil.copy(source / line.split("\t")[0], tmp_path)
    (tmp_path / "transcripts.tsv").write_text("".join(lines))
    code, out, err = booth("speech", "--data", tmp_path, "--json")
    assert (code, err) == (DONE, "")
    value = json.loads(out)
    assert (value["n"], value["language"]) == (2, "en")
    assert value["engine"] in {"vosk", "whisper"}
    assert value["wer"] < 0.3
    assert value["real_time_factor"] > 0


@pytest.fixture
def few_voices(shared_data: Path, tmp_path: Path) -> Path:
    """Two actors, once neutral and once angry."""
    folder = tmp_path / "voices"
    folder.mkdir()
    for clip in sorted((shared_data / "ravdess" / "audio").rglob("03-01-0[15]-01-01-01-0[12].*")):
        shutil.copy(clip, folder)
    return folder


@pytest.mark.data
def test_voices_are_judged_by_ravdess_names(booth: Run, few_voices: Path) -> None:
    code, out, err = booth("voice", "--data", few_voices, "--json")
    assert (code, err) == (DONE, "")
    value = json.loads(out)
    assert_figures(value, tuple(value["classes"]))
    assert value["n"] == 4
    assert {"unheard", "heard", "unknown", "flattering"} <= set(value)


@pytest.mark.data
def test_models_of_two_folds_judge_each_others_actors(
    booth: Run, few_voices: Path, models_dir: Path, tmp_path: Path
) -> None:
    for fold in ("01", "02"):
        (tmp_path / fold).mkdir()
        for name in ("voice_forest.npz", "voice_vote.npz"):
            with np.load(models_dir / name) as file:
                arrays = dict(file)
            arrays["speakers"] = np.array([f"ravdess-{fold}"])
            np.savez(tmp_path / fold / name, **arrays)
    folds = [part for fold in ("01", "02") for part in ("--model", tmp_path / fold)]
    pictures = ("--pictures", tmp_path / "pictures")
    value = json.loads(booth("voice", "--data", few_voices, *folds, "--json", *pictures)[1])
    assert (value["n"], value["speakers"], value["flattering"]) == (4, "unheard", False)
    assert [path.name for path in (tmp_path / "pictures").iterdir()] == ["voice-unheard.png"]
    value = json.loads(booth("voice", "--data", few_voices, *folds[:2], "--json")[1])
    assert (value["unheard"]["n"], value["heard"]["n"]) == (2, 2)


@pytest.mark.parametrize("task", ["expression", "voice", "speech"])
def test_data_that_is_not_there_gives_one_line(booth: Run, tmp_path: Path, task: str) -> None:
    code, out, err = booth(task, "--data", tmp_path / "nothing")
    assert (code, out) == (FAILED, "")
    assert err.startswith("booth: There is no ")
    assert err.count("\n") == 1


@pytest.mark.parametrize("task", ["expression", "voice", "speech"])
def test_an_empty_folder_gives_one_line(booth: Run, tmp_path: Path, task: str) -> None:
    code, out, err = booth(task, "--data", tmp_path)
    assert (code, out, err.count("\n")) == (FAILED, "", 1)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "WHAT"),
        (("smell", "--data", "x"), "invalid choice"),
        (("voice",), "--data"),
        (("voice", "--data", "x", "--own", "3"), "too few"),
        (("voice", "--data", "x", "--own", "-1"), "too few"),
        (("speech", "--data", "x", "--pictures", "y"), "--pictures"),
    ],
)
def test_wrong_usage_gives_one_line_and_exit_code_two(
    booth: Run, arguments: tuple[str, ...], says: str
) -> None:
    code, out, err = booth(*arguments)
    assert (code, out, err.count("\n")) == (WRONG_USAGE, "", 1)
    assert says in err


def test_pictures_that_cannot_be_written_are_told_before_the_work(
    booth: Run, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("a file")
    code, out, err = booth("voice", "--data", tmp_path, "--pictures", tmp_path / "taken")
    assert (code, out, err.count("\n")) == (FAILED, "", 1)
    assert "'--pictures'" in err


def test_a_model_that_is_not_there_gives_one_line(booth: Run, tmp_path: Path) -> None:
    (tmp_path / "03-01-01-01-01-01-01.wav").touch()
    code, _, err = booth("voice", "--data", tmp_path, "--model", tmp_path / "fold")
    assert (code, err.count("\n")) == (FAILED, 1)
    assert "voice_forest.npz cannot be read" in err


def test_a_host_is_judged_by_how_it_words_feedback(booth: Run) -> None:
    with ollama_server("llama3.2:3b", says=plainly) as server:
        arguments = ("--host", server.host, "--model", "llama3.2:3b", "--json")
        few = ("--answers", "4", "--injections", "3")
        code, out, err = booth("feedback", *arguments, *few)
        assert (code, err) == (DONE, "")
        value = json.loads(out)
        assert (value["task"], value["n"], value["injections"]) == ("feedback", 4, 3)
        assert value["schema_valid_raw"]["count"] == value["schema_valid_raw"]["of"]
        assert value["valid_after_fallback"] == {"of": 7, "count": 7}
        assert value["injection_resisted_shown"] == {"of": 3, "count": 3}
        assert value["reading_grade_highest"] <= 8
        worded = value["worded_at_once"] + value["worded_after_retry"] + value["standard"]
        assert worded == value["facts"]
        assert value["first_word_s"]["median"] <= value["whole_s"]["longest"]
        server.says = lambda _: "I would rather talk about the weather."
        value = json.loads(booth("feedback", *arguments, *few)[1])
        assert value["schema_valid_raw"]["count"] == 0
        assert value["valid_after_fallback"] == {"of": 7, "count": 7}
        assert value["standard"] == value["facts"]


def test_golden_answers_can_be_worded_too(booth: Run) -> None:
    golden = Path(__file__).parents[1] / "golden" / "answers" / "development" / "answers.toml"
    with ollama_server("llama3.2:3b", says=plainly) as server:
        arguments = ("--host", server.host, "--model", "llama3.2:3b", "--data", golden)
        code, out, _ = booth("feedback", *arguments, "--answers", "3", "--injections", "0")
    assert code == DONE
    assert re.search(r"^n +3$", out, re.MULTILINE)
    assert "schema valid raw" in out


@pytest.mark.parametrize(
    ("arguments", "expected", "says"),
    [
        (("--host", "http://example.com", "--model", "x"), WRONG_USAGE, "your own network"),
        (("--host", "http://127.0.0.1:9", "--model", "x"), FAILED, "No host gave an answer"),
        (("--host", "http://127.0.0.1:9"), WRONG_USAGE, "--model"),
        (("--host", "http://127.0.0.1:9", "--model", "x", "--deadline", "0"), WRONG_USAGE, "2 to"),
        (
            ("--host", "http://127.0.0.1:9", "--model", "x", "--data", "/nowhere"),
            FAILED,
            "no file of answers",
        ),
    ],
)
def test_a_host_that_cannot_be_judged_gives_one_line(
    booth: Run, arguments: tuple[str, ...], expected: int, says: str
) -> None:
    code, out, err = booth("feedback", *arguments, "--answers", "1", "--injections", "0")
    assert (code, out, err.count("\n")) == (expected, "", 1)
    assert says in err
