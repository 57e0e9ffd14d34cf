"""Which recogniser a machine uses."""

import re
from pathlib import Path

from appliance.domain.errors import ModelError
from appliance.perception.speech.transcriber import Transcriber
from appliance.perception.speech.vosk import VoskTranscriber, model_fault
from appliance.perception.speech.whisper import WhisperTranscriber, packaged_model_dir

# As on https://alphacephei.com/vosk/models: "vosk-model-small-en-us-0.15", "vosk-model-ja-0.22".
_MODEL_NAME = re.compile(r"vosk-model-(?:small-)?(?P<language>[a-z]+)-.*")


def choose_transcriber(models_dir: Path, language: str) -> Transcriber:
    """Load the best recogniser that there is for a language.

    A Vosk model is preferred, since it gives words while a person speaks; for English without one,
    the packaged Whisper. A Vosk model that is there but damaged is an error and not passed over:
    somebody chose it.

    Args:
        models_dir: where the administrator puts models; need not exist.
        language: such as "en" or "en-us"; only the part before a hyphen counts.

    Raises:
        ModelError: there is no model for the language, or it cannot be loaded.
    """
    wanted = language.casefold().partition("-")[0]
    model_dir = _vosk_model(models_dir, wanted)
    if model_dir is not None:
        return VoskTranscriber(model_dir, wanted)
    if wanted == WhisperTranscriber.language:
        return WhisperTranscriber(packaged_model_dir())
    raise ModelError(
        f"There is no speech recogniser for the language '{wanted}'.",
        f"Fetch one with 'booth models fetch --language {wanted}', or put the folder of a Vosk "
        f"model, such as vosk-model-small-{wanted}-0.22, into {models_dir}.",
    )


def can_hear(models_dir: Path, language: str) -> bool:
    """Whether there is a whole recogniser for a language; `choose_transcriber` loads it.

    Args:
        models_dir: as there.
        language: as there.
    """
    wanted = language.casefold().partition("-")[0]
    model_dir = _vosk_model(models_dir, wanted)
    if model_dir is not None:
        return not model_fault(model_dir)
    try:
        return wanted == WhisperTranscriber.language and packaged_model_dir().is_dir()
    except ModelError:
        return False


def model_language(folder_name: str) -> str | None:
    """The language of the Vosk model that a folder of that name holds, such as "en".

    None says that the name is none of a Vosk model's, and that such a folder is never loaded.
    """
    match = _MODEL_NAME.fullmatch(folder_name)
    return match["language"] if match else None


def _vosk_model(models_dir: Path, language: str) -> Path | None:
    """The folder that comes last by name, numbers compared as numbers.

    So a newer version wins over an older one, and a small model, made for devices, over a large.
    """
    if not models_dir.is_dir():
        return None
    fitting = (
        folder
        for folder in models_dir.iterdir()
        if model_language(folder.name) == language and folder.is_dir()
    )
    return max(fitting, key=_natural_order, default=None)


def _natural_order(folder: Path) -> list[tuple[int, str]]:
    return [
        (int(part), "") if part.isdecimal() else (-1, part)
        for part in re.split(r"(\d+)", folder.name)
    ]
