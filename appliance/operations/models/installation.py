"""Fetching models, and putting them where they are looked for."""

import fcntl
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from appliance.domain.errors import BoothError, ModelError, OutputError, WrongUsageError
from appliance.operations.models.archive import (
    FolderRecord,
    folder_fault,
    folder_problem,
    put_in_place,
    remove_tree,
    top_folder,
    unpack,
    write_record,
)
from appliance.operations.models.checksum import sha256_of
from appliance.operations.models.download import Limits, Progress, address_fault, download
from appliance.operations.models.manifest import Manifest, ModelEntry, archive_name
from appliance.perception.speech.selection import model_language
from appliance.perception.speech.vosk import model_fault


@dataclass(frozen=True, slots=True)
class Archive:
    """What can be fetched.

    Attributes:
        name: what people call it.
        url: where from; `archive_for` has checked it.
        sha256: of the archive, in lower case.
        folder: where it goes in the models folder; None takes the archive's own.
        language: two letters; None takes what the folder's name says.
    """

    name: str
    url: str
    sha256: str
    folder: str | None = None
    language: str | None = None


def wanted_archives(
    manifest: Manifest, names: Sequence[str], languages: Sequence[str] | None
) -> tuple[Archive, ...]:
    """What of the manifest is to be fetched.

    Args:
        manifest: all models.
        names: only these, by name or by folder.
        languages: without names, those of these languages and the required ones; None takes all.

    Raises:
        WrongUsageError: a name or a language is none of a model that can be fetched.
    """
    entries = [entry for entry in manifest.model if entry.url is not None]
    choices = ", ".join(entry.place for entry in entries)
    for name in names:
        if not any(name in (entry.name, entry.place) for entry in entries):
            raise WrongUsageError(
                f"'{name}' is no model that can be fetched.", f"Those are: {choices}."
            )
    if names:
        entries = [e for e in entries if e.name in names or e.place in names]
    elif languages is not None:
        for language in languages:
            if not any(language == entry.language for entry in entries):
                raise WrongUsageError(
                    f"The manifest has no model for the language '{language}'.",
                    "Give the address and the sha256 of one with '--url' and '--sha256'.",
                )
        entries = [e for e in entries if e.required or e.language in languages]
    return tuple(_of_entry(entry) for entry in entries)


def archive_for(url: str, sha256: str, language: str | None) -> Archive:
    """An archive that the manifest does not know, by the word of the administrator.

    Raises:
        WrongUsageError: the address is not safe, or the hash or the language is none.
    """
    if fault := address_fault(url):
        raise WrongUsageError(f"The address '{url}' {fault}.")
    name = archive_name(url)
    if not name.endswith(".zip") or name.startswith(".") or not name.removesuffix(".zip"):
        raise WrongUsageError(f"The address '{url}' does not end with the name of a zip archive.")
    digest = sha256.lower()
    if len(digest) != 64 or any(c not in "0123456789abcdef" for c in digest):
        raise WrongUsageError(f"'{sha256}' is no sha256, which has 64 hexadecimal digits.")
    if language is not None and not re.fullmatch("[a-z]{2,3}", language):
        message = f"'{language}' is no language: it has two or three small letters, such as 'es'."
        raise WrongUsageError(message)
    return Archive(name.removesuffix(".zip"), url, digest, None, language)


def is_there(archive: Archive, models_dir: Path) -> bool:
    """Whether an archive is unpacked in the models folder, and whole."""
    if archive.folder is not None:
        folders: Iterable[Path] = (models_dir / archive.folder,)
    else:
        folders = (f for f in models_dir.iterdir() if f.is_dir() and model_language(f.name))
    return any(folder_problem(folder, archive.sha256) is None for folder in folders)


def fetch(
    archive: Archive, models_dir: Path, progress: Progress, limits: Limits | None = None
) -> Path:
    """Download, check, unpack and verify a model; then put its folder in place, in one step.

    An archive of the right name that somebody copied into the models folder is taken instead of
    the network. Until the last step, nothing in the folder has a name that a recogniser looks for.

    Args:
        archive: what to fetch.
        models_dir: where its folder goes.
        progress: told how the download goes.
        limits: what the download may cost.

    Returns:
        The model's folder.

    Raises:
        DownloadError: it did not arrive; what has arrived is kept for the next try.
        ModelError: it arrived and is no model that the booth can use; nothing is kept.
        OutputError: the disk is full or may not be written to.
    """
    copied = models_dir / archive_name(archive.url)
    partial = copied.with_name(copied.name + ".part")
    with _alone(models_dir), _readable():
        if copied.is_file():
            _require_hash(copied, archive.sha256)
            return _install(copied, archive, models_dir)
        download(archive.url, archive.sha256, partial, progress, limits)
        try:
            folder = _install(partial, archive, models_dir)
        except ModelError:
            partial.unlink()
            raise
        partial.unlink()
        return folder


def _of_entry(entry: ModelEntry) -> Archive:
    return Archive(entry.name, entry.url or "", entry.sha256, entry.place, entry.language)


def _require_hash(copied: Path, sha256: str) -> None:
    found = sha256_of(copied)
    if found != sha256:
        raise ModelError(
            f"'{copied}' has the sha256 {found} and should have {sha256}.",
            "Copy it again, or remove it so that it is fetched.",
        )


def _install(source: Path, archive: Archive, models_dir: Path) -> Path:
    """Unpack a checked archive beside its place, verify what was written, and rename it."""
    top = top_folder(source)
    if archive.folder not in (None, top):
        raise ModelError(f"The archive holds the folder '{top}' and not '{archive.folder}'.")
    name = _folder_name(top, archive.language)
    staged, aside = models_dir / f".{name}.new", models_dir / f".{name}.old"
    try:
        remove_tree(staged)
        remove_tree(aside)
        files = unpack(source, staged)
        record = FolderRecord(
            url=archive.url,
            sha256=archive.sha256,
            language=model_language(name) or "",
            files=files,
        )
        write_record(staged, record)
        if fault := folder_fault(staged, record):
            raise OutputError(
                f"What was written differs from the archive: {fault}.", "Check the disk."
            )
        if fault := model_fault(staged):
            raise ModelError(f"The archive's folder '{top}' {fault}, so it is no Vosk model.")
        put_in_place(staged, models_dir / name, aside)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return models_dir / name


def _folder_name(top: str, language: str | None) -> str:
    """The name under which speech recognition finds a model of that language.

    Most archives are named so; where one says its language otherwise ("vosk-model-small-cn-0.22"
    is Chinese, "zh"), the language that the administrator gave is put before it.
    """
    found = model_language(top)
    if language is None and found is None:
        raise ModelError(
            f"The archive's folder '{top}' does not say which language it is for.",
            "Say it with '--language', if it is a Vosk model.",
        )
    if language in (None, found):
        return top
    rest = top.removeprefix("vosk-model-")
    size = "small-" if rest.startswith("small-") else ""
    return f"vosk-model-{size}{language}-{rest.removeprefix('small-')}"


@contextmanager
def _alone(models_dir: Path) -> Iterator[None]:
    """Hold the models folder against a second fetch, as long as this process lives."""
    try:
        descriptor = os.open(models_dir, os.O_RDONLY)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(f"'{models_dir}' cannot be opened: {reason}.") from error
    try:
        _lock(descriptor, models_dir)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _readable() -> Iterator[None]:
    """Say in our own words that an archive belongs to somebody else, often to root."""
    try:
        yield
    except PermissionError as error:
        if isinstance(error, BoothError):
            raise
        raise OutputError(
            f"'{error.filename}' may not be used by this user.",
            "Remove it, or change whose it is, for example with 'chown'.",
        ) from error


def _lock(descriptor: int, models_dir: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise OutputError(
            f"Another 'booth models fetch' is at work in '{models_dir}'.", "Wait for its end."
        ) from error
