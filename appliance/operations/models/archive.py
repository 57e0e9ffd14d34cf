"""A model's zip archive becomes a folder that can be verified ever after."""

import hashlib
import os
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ConfigDict, ValidationError

from appliance.domain.errors import ModelError, OutputError
from appliance.operations.models.checksum import file_fault

RECORD_FILE = "booth-record.json"
"""What lies in an unpacked folder and tells what its files should be."""

# Small Vosk models unpack to about twice their archive; a zip bomb to a thousand times and more.
_MOST_EXPANSION = 20
_FREE_OF_EXPANSION = 1_000_000  # bytes, so that tiny files of one letter pass
_MOST_FILES = 10_000
_CHUNK = 1 << 20  # bytes


class FileRecord(BaseModel):
    """What one unpacked file should be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: str
    size_bytes: int


class FolderRecord(BaseModel):
    """What an unpacked folder came from, and what it should hold.

    Attributes:
        url: where the archive came from.
        sha256: of the archive, which was checked before it was unpacked.
        language: two letters, ISO 639-1.
        files: by their path in the folder, with forward slashes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    sha256: str
    language: str
    files: dict[str, FileRecord]

    @property
    def size_bytes(self) -> int:
        """All files together."""
        return sum(file.size_bytes for file in self.files.values())


def top_folder(archive: Path) -> str:
    """Look through an archive before anything is written; give the one folder that it holds.

    Raises:
        ModelError: it is no zip archive, or one that must not be unpacked.
    """
    with _opened(archive) as bundle:
        entries = bundle.infolist()
        faults = (_entry_fault(entry) for entry in entries)
        if fault := next((fault for fault in faults if fault), None):
            raise ModelError(f"The archive {_name(archive)} was not unpacked: it holds {fault}.")
        names = [entry.filename for entry in entries]
        tops = {PurePosixPath(name).parts[0] for name in names}
        files = [PurePosixPath(entry.filename) for entry in entries if not entry.is_dir()]
        if len(tops) != 1 or not files or any(len(file.parts) < 2 for file in files):
            raise ModelError(
                f"The archive {_name(archive)} was not unpacked: it does not hold just one folder."
            )
        if len({PurePosixPath(name) for name in names}) < len(names) or len(names) > _MOST_FILES:
            raise ModelError(
                f"The archive {_name(archive)} was not unpacked: it holds a name twice, or more "
                f"than {_MOST_FILES:,} files."
            )
        unpacked = sum(entry.file_size for entry in entries)
        if unpacked > _FREE_OF_EXPANSION + _MOST_EXPANSION * archive.stat().st_size:
            raise ModelError(
                f"The archive {_name(archive)} was not unpacked: it would grow to {unpacked:,} "
                f"bytes, more than {_MOST_EXPANSION} times its size."
            )
        return tops.pop()


def unpack(archive: Path, target: Path) -> dict[str, FileRecord]:
    """Unpack what `top_folder` has looked through; the one folder in it becomes `target`.

    Every file is flushed to the disk, since a booth is switched off by its plug.

    Args:
        archive: a zip archive.
        target: a folder that does not exist yet. It stays half filled where this fails.

    Raises:
        ModelError: the archive is damaged.
        OutputError: the disk is full or may not be written to.
    """
    with _opened(archive) as bundle, _written(target):
        files = [entry for entry in bundle.infolist() if not entry.is_dir()]
        _require_space(target.parent, sum(entry.file_size for entry in files))
        target.mkdir()
        records = {}
        for entry in files:
            name = PurePosixPath(*PurePosixPath(entry.filename).parts[1:])
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            records[str(name)] = _unpack_file(bundle, entry, path)
        return records


def write_record(folder: Path, record: FolderRecord) -> None:
    """Put the record into its folder.

    Raises:
        OutputError: it cannot be written.
    """
    with _written(folder), (folder / RECORD_FILE).open("x", encoding="utf-8") as file:
        file.write(record.model_dump_json(indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_record(folder: Path) -> FolderRecord | None:
    """The record of an unpacked folder; None where it was not the booth that unpacked it.

    Raises:
        ModelError: there is one, and it cannot be used.
    """
    try:
        return FolderRecord.model_validate_json((folder / RECORD_FILE).read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        raise ModelError(f"'{folder / RECORD_FILE}' is damaged.") from error


def folder_fault(folder: Path, record: FolderRecord) -> str | None:
    """What is wrong with an unpacked folder, as the end of a sentence; None where it is whole."""
    for name, file in record.files.items():
        if fault := file_fault(folder / name, file.sha256, file.size_bytes):
            return f"its file {name} {fault}"
    known = {RECORD_FILE, *record.files}
    there = (path.relative_to(folder) for path in folder.rglob("*") if not path.is_dir())
    strangers = sorted(path.as_posix() for path in there if path.as_posix() not in known)
    return f"it holds a file that its archive did not: {strangers[0]}" if strangers else None


def folder_problem(folder: Path, sha256: str | None) -> str | None:
    """What is wrong with a model's folder, as the end of a sentence; None where it is whole.

    Args:
        folder: a folder that need not have been unpacked by the booth.
        sha256: of the archive that it should be from; None takes any.
    """
    if not folder.is_dir():
        return "is missing"
    try:
        record = read_record(folder)
    except ModelError:
        return f"cannot be checked: its {RECORD_FILE} is damaged"
    if record is None:
        return "cannot be checked: it was not fetched by 'booth models fetch'"
    if sha256 is not None and record.sha256 != sha256:
        return "was unpacked from another archive than the one that is wanted"
    fault = folder_fault(folder, record)
    return f"is damaged: {fault}" if fault else None


def put_in_place(staged: Path, folder: Path, aside: Path) -> None:
    """Rename `staged` to `folder`; what was there before is removed, by way of `aside`.

    Where that fails, what was there before stands in its place again.

    Raises:
        OutputError: the folder cannot be renamed.
    """
    with _written(folder):
        if folder.is_symlink():
            folder.unlink()
        elif folder.exists():
            folder.rename(aside)
        try:
            staged.rename(folder)
        except OSError:
            if aside.exists():
                aside.rename(folder)
            raise
        descriptor = os.open(folder.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        remove_tree(aside)


def remove_tree(folder: Path) -> None:
    """Remove a folder with all that is in it, if it is there.

    Raises:
        OutputError: something cannot be removed.
    """
    with _written(folder):
        if folder.exists():
            shutil.rmtree(folder)


def _name(archive: Path) -> str:
    return archive.name.removesuffix(".part")


def _entry_fault(entry: zipfile.ZipInfo) -> str | None:
    """Why an entry must not be unpacked, or None."""
    name = entry.filename
    parts: Sequence[str] = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\\" in name or not name.isprintable():
        return f"a name that leads out of its folder ({name!a})"
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return f"something that is neither file nor folder ({name})"
    if entry.flag_bits & 1:
        return f"an encrypted file ({name})"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return f"a file that is packed in an unusual way ({name})"
    if parts[1:] == (RECORD_FILE,):
        return f"a file that only the booth writes ({name})"
    return None


def _unpack_file(bundle: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> FileRecord:
    digest, size = hashlib.sha256(), 0
    with bundle.open(entry) as packed, path.open("xb") as file:
        while chunk := packed.read(_CHUNK):  # zipfile gives no more than the size it looked up
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return FileRecord(sha256=digest.hexdigest(), size_bytes=size)


def _require_space(folder: Path, wanted: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < wanted:
        raise OutputError(
            f"Unpacking takes {wanted:,} bytes in '{folder}', where {free:,} are free.",
            "Free some space, then run the same command again.",
        )


@contextmanager
def _opened(archive: Path) -> Iterator[zipfile.ZipFile]:
    """An open archive; whatever its bytes make of zipfile is an error of the model."""
    try:
        with zipfile.ZipFile(archive) as bundle:
            yield bundle
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise ModelError(
            f"The archive {_name(archive)} is no intact zip archive: {error}."
        ) from error


@contextmanager
def _written(path: Path) -> Iterator[None]:
    """Whatever the disk refuses is an error of the output."""
    try:
        yield
    except (OutputError, ModelError):
        raise
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(
            f"'{error.filename or path}' could not be written: {reason}.",
            "Free some space or choose another folder with '--models-dir', then run it again.",
        ) from error
