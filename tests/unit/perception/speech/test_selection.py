from pathlib import Path

import pytest

from appliance.domain.errors import ModelError
from appliance.perception.speech.selection import can_hear, choose_transcriber
from appliance.perception.speech.transcriber import Transcriber, Utterance
from tests.sound import in_blocks, spoken
from tests.unit.perception.speech.conftest import transcribe


def install(models_dir: Path, name: str, korean_model_dir: Path) -> None:
    (models_dir / name).symlink_to(korean_model_dir, target_is_directory=True)


def test_with_an_english_vosk_model_vosk_is_what_runs(
    tmp_path: Path, korean_model_dir: Path
) -> None:
    install(tmp_path, "vosk-model-small-en-us-0.15", korean_model_dir)

    transcriber: Transcriber = choose_transcriber(tmp_path, "en")

    assert (transcriber.engine, transcriber.language) == ("vosk", "en")
    events = transcribe(transcriber, in_blocks(spoken("안녕하세요", "ko")))
    assert any(isinstance(event, Utterance) for event in events)


@pytest.mark.parametrize("folder", ["", "not made yet"])
def test_english_without_a_vosk_model_is_heard_by_whisper(tmp_path: Path, folder: str) -> None:
    transcriber: Transcriber = choose_transcriber(tmp_path / folder, "en-US")

    assert (transcriber.engine, transcriber.language) == ("whisper", "en")


def test_a_model_of_another_language_is_not_used(tmp_path: Path, korean_model_dir: Path) -> None:
    install(tmp_path, "vosk-model-small-ko-0.22", korean_model_dir)

    assert choose_transcriber(tmp_path, "en").engine == "whisper"
    assert choose_transcriber(tmp_path, "ko").engine == "vosk"


def test_a_language_without_any_model_says_which_to_install(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"'es'.*vosk-model-small-es.*" + str(tmp_path)):
        choose_transcriber(tmp_path, "es")


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["vosk-model-small-en-us-0.4", "vosk-model-small-en-us-0.15"], "small-en-us-0.15"),
        (["vosk-model-en-us-0.22", "vosk-model-small-en-us-0.15"], "small-en-us-0.15"),
        (["vosk-model-small-es-0.42", "vosk-model-en-us-0.22-lgraph"], "en-us-0.22-lgraph"),
    ],
)
def test_the_newest_small_model_is_preferred_and_never_passed_over(
    tmp_path: Path, names: list[str], chosen: str
) -> None:
    for name in names:
        (tmp_path / name).mkdir()
    (tmp_path / "vosk-model-small-en-us-9.zip").write_bytes(b"an archive")

    with pytest.raises(ModelError, match=f"vosk-model-{chosen} is not whole"):
        choose_transcriber(tmp_path, "en")


def test_what_can_be_heard_is_what_a_recogniser_would_be_chosen_for(
    tmp_path: Path, korean_model_dir: Path
) -> None:
    install(tmp_path, "vosk-model-small-ko-0.22", korean_model_dir)
    (tmp_path / "vosk-model-small-es-0.42").mkdir()
    heard = {one: can_hear(tmp_path, one) for one in ("en", "en-US", "ko", "es", "de")}
    assert heard == {"en": True, "en-US": True, "ko": True, "es": False, "de": False}
    assert can_hear(tmp_path / "not made yet", "en")
