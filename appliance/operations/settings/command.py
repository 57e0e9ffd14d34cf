"""What `booth config` prints, and the two files that are made of the settings themselves."""

import json
import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from appliance.domain.settings import Section, Settings
from appliance.operations.settings.loaded import Loaded
from appliance.operations.settings.loading import load
from appliance.operations.settings.wording import as_toml, takes


def show_settings(options: Namespace, environment: Mapping[str, str]) -> bool:
    """Print every setting with where it is from; True says that nothing is wrong.

    Args:
        options: `config`, a file or None, and `json`.
        environment: of the process.
    """
    loaded = load(environment, options.config)
    if options.json:
        value = {
            "settings": {
                f"{section}.{key}": {"value": shown, "origin": str(loaded.origins[section, key])}
                for section, key, shown in _values(loaded.settings)
            },
            "mistakes": [str(mistake) for mistake in loaded.mistakes],
            "warnings": [str(warning) for warning in loaded.warnings],
        }
        sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.write(_table(loaded))
    return not loaded.mistakes


def check_settings(options: Namespace, environment: Mapping[str, str]) -> bool:
    """Print what is wrong with the settings, one line each; True says that nothing is.

    A variable that does nothing is told, and is no mistake.

    Args:
        options: `config`, a file or None.
        environment: of the process.
    """
    loaded = load(environment, options.config)
    for mistake in (*loaded.mistakes, *loaded.warnings):
        sys.stdout.write(f"{mistake}\n")
    if not loaded.mistakes:
        sys.stdout.write("The settings are right.\n")
    return not loaded.mistakes


def example_file() -> str:
    """A settings file in which every setting has its default, as a comment."""
    lines = ["# Settings of an Interview Booth. Every line shows the default, or an example where"]
    lines += ["# there is none: remove its '#' to change it. 'booth config check' tells what is"]
    lines += ["# wrong."]
    for name, section in _sections():
        lines += ["", f"[{name}]"]
        for key, shown in _fields(section):
            info = type(section).model_fields[key]
            lines += [f"# {info.description} ({takes(info)})"]
            lines += [f"#{key} = {as_toml(_example(shown, info))}"]
    return "\n".join(lines) + "\n"


def _example(default: Any, info: FieldInfo) -> Any:
    return info.examples[0] if default is None and info.examples else default


def reference() -> str:
    """Every setting, as the document of the settings lists it."""
    lines = []
    for name, section in _sections():
        lines += ["", f"## [{name}]", "", (section.__class__.__doc__ or "").splitlines()[0], ""]
        lines += ["| setting | default | takes | what it is |", "|---|---|---|---|"]
        for key, shown in _fields(section):
            info = type(section).model_fields[key]
            lines += [f"| `{key}` | `{as_toml(shown)}` | {takes(info)} | {info.description} |"]
    return "\n".join(lines).lstrip() + "\n"


def _table(loaded: Loaded) -> str:
    rows = [
        (f"{section}.{key}", as_toml(shown), str(loaded.origins[section, key]))
        for section, key, shown in _values(loaded.settings)
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    lines = [f"{key:<{widths[0]}}  {value:<{widths[1]}}  {origin}" for key, value, origin in rows]
    lines += [f"\n{mistake}" for mistake in (*loaded.mistakes, *loaded.warnings)]
    return "\n".join(lines) + "\n"


def _sections() -> Iterator[tuple[str, Section]]:
    settings = Settings()
    for name in Settings.model_fields:
        yield name, getattr(settings, name)


def _values(settings: Settings) -> Iterator[tuple[str, str, Any]]:
    for name in Settings.model_fields:
        for key, shown in _fields(getattr(settings, name)):
            yield name, key, shown


def _fields(section: Section) -> Iterator[tuple[str, Any]]:
    """Each setting as TOML and JSON can hold it; a secret is told to be there, and no more."""
    for key in section.__class__.model_fields:
        value = getattr(section, key)
        if isinstance(value, SecretStr):
            value = "***" if value.get_secret_value() else ""
        yield key, list(value) if isinstance(value, tuple) else value
