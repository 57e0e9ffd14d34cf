"""What `booth models` prints."""

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from appliance.domain.errors import BoothError, WrongUsageError
from appliance.operations.models.download import Progress
from appliance.operations.models.installation import (
    Archive,
    archive_for,
    fetch,
    is_there,
    wanted_archives,
)
from appliance.operations.models.manifest import load_manifest
from appliance.operations.models.status import ModelStatus, State, inspect

DEFAULT_LANGUAGE = "en"

_HEADINGS = ("NAME", "FILE", "SIZE", "LICENCE", "LANGUAGE", "STATE")
_ABSENT = (State.MISSING, State.OPTIONAL_MISSING)
_BAR = 24  # characters


def list_models(options: Namespace, models_dir: Path) -> bool:
    """Print what there is, with its state; always done.

    Args:
        options: `json`.
        models_dir: the folder with the manifest.

    Raises:
        ManifestError: there is no usable manifest.
    """
    found = inspect(load_manifest(models_dir), models_dir)
    there = [model for model in found if model.state not in _ABSENT]
    total = sum(model.size_bytes or 0 for model in there)
    if options.json:
        _print_json({"models": _entries(found), "there": len(there), "total_bytes": total})
        return True
    rows = [_HEADINGS, *(_row(model) for model in found)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        sys.stdout.write("  ".join(cells).rstrip() + "\n")
    sys.stdout.write(f"\n{len(there)} of {len(found)} are there, {_megabytes(total)} in all.\n")
    return True


def verify_models(options: Namespace, models_dir: Path) -> bool:
    """Print how each model is; True says that none has a fault.

    Args:
        options: `names` and `json`.
        models_dir: the folder with the manifest.

    Raises:
        ManifestError: there is no usable manifest.
        WrongUsageError: there is no model of a name.
    """
    found = inspect(load_manifest(models_dir), models_dir, options.names)
    faults = [m for m in found if m.state not in (State.OK, State.OPTIONAL_MISSING)]
    if options.json:
        _print_json({"ok": not faults, "models": _entries(found)})
        return not faults
    for model in found:
        told = f"{model.name}: ok." if model.state is State.OK else _sentence(model)
        sys.stdout.write(f"{told}\n")
    whole = sum(model.state is State.OK for model in found)
    optional = len(found) - whole - len(faults)
    parts = [f"{whole} whole"]
    parts += [f"{optional} optional and missing"] if optional else []
    parts += [f"{len(faults)} with a fault"] if faults else []
    sys.stdout.write(f"\n{', '.join(parts)}.\n")
    return not faults


def fetch_models(options: Namespace, models_dir: Path, say: Callable[[str], None]) -> bool:
    """Fetch what is asked for and not there; True says that all of it is there now.

    One that fails does not keep the others from being fetched.

    Args:
        options: `names`, `all`, `language`, `url`, `sha256` and `debug`.
        models_dir: the folder with the manifest, where models go.
        say: told each fault, one line.

    Raises:
        ManifestError: there is no usable manifest.
        WrongUsageError: the options do not go together, or name no model.
    """
    if not models_dir.is_dir():
        raise WrongUsageError(f"There is no folder '{models_dir}'.")
    tell = None if options.debug else say
    archives = _asked_for(options, models_dir)
    failed = [archive for archive in archives if not _fetch_one(archive, models_dir, tell)]
    return not failed


def _asked_for(options: Namespace, models_dir: Path) -> Sequence[Archive]:
    if (options.url is None) != (options.sha256 is None):
        raise WrongUsageError(
            "'--url' and '--sha256' go together: a model without a known hash is not installed."
        )
    language = options.language.casefold().partition("-")[0] if options.language else None
    if options.url is not None:
        if options.names or options.all:
            raise WrongUsageError("'--url' fetches one model: give no other with it.")
        return [archive_for(options.url, options.sha256, language)]
    if bool(options.names) + bool(options.all) + bool(language) > 1:
        raise WrongUsageError("Give names, '--language' or '--all', one of them.")
    languages = None if options.all else [language or DEFAULT_LANGUAGE]
    return wanted_archives(load_manifest(models_dir), options.names, languages)


def _fetch_one(archive: Archive, models_dir: Path, say: Callable[[str], None] | None) -> bool:
    """Fetch one; without `say`, a fault is raised."""
    if is_there(archive, models_dir):
        sys.stdout.write(f"{archive.name}: there already, and whole.\n")
        return True
    sys.stdout.write(f"{archive.name}: fetching {archive.url}\n")
    sys.stdout.flush()
    try:
        folder = _fetch_watched(archive, models_dir)
    except BoothError as error:
        if say is None:
            raise
        say(f"{archive.name}: {error}")
        return False
    sys.stdout.write(f"{archive.name}: checked, and unpacked into {folder}\n")
    return True


def _fetch_watched(archive: Archive, models_dir: Path) -> Path:
    """Fetch one, with a bar where somebody watches."""
    if not sys.stderr.isatty():
        return fetch(archive, models_dir, _keep_quiet)
    try:
        return fetch(archive, models_dir, _bar())
    finally:
        sys.stderr.write("\r\x1b[K")


def _bar() -> Progress:
    """Rewrites one line of the terminal in place, whenever it would look different."""
    shown = ""

    def show(done: int, total: int | None) -> None:
        nonlocal shown
        line = _megabytes(done)
        if total:
            filled = done * _BAR // total
            line = f"[{'#' * filled:<{_BAR}}] {done / total:4.0%}  {line} of {_megabytes(total)}"
        if line != shown:
            shown = line
            sys.stderr.write(f"\r{line}\x1b[K")
            sys.stderr.flush()

    return show


def _keep_quiet(done: int, total: int | None) -> None:
    """Show nothing: nobody watches."""


def _sentence(model: ModelStatus) -> str:
    optional = "It is optional." if model.state is State.OPTIONAL_MISSING else None
    return " ".join(part for part in (model.problem, optional, model.advice) if part)


def _row(model: ModelStatus) -> tuple[str, ...]:
    size = "-" if model.size_bytes is None else _megabytes(model.size_bytes)
    licence, language = model.licence or "-", model.language or "-"
    return (model.name, model.place, size, licence, language, model.state.value)


def _entries(models: Sequence[ModelStatus]) -> list[dict[str, object]]:
    return [asdict(model) for model in models]


def _print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:,.1f} MB"
