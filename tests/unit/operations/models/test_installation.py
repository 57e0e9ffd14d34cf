"""Fetching a model gives the folder that speech recognition looks for, whole, or none."""

import fcntl
import os
import tempfile
from pathlib import Path

import pytest

from appliance.domain.errors import DownloadError, ModelError, OutputError, WrongUsageError
from appliance.operations.models.archive import folder_problem
from appliance.operations.models.installation import (
    Archive,
    archive_for,
    fetch,
    is_there,
    wanted_archives,
)
from appliance.operations.models.manifest import load_manifest
from appliance.perception.speech.selection import model_language
from appliance.perception.speech.vosk import model_fault
from tests.file_server import FileServer
from tests.vosk_archives import ENGLISH, FILES, vosk_archive, zipped

_NOBODY = 65534


def quiet(done: int, total: int | None) -> None:
    """Nobody watches."""


def english(server: FileServer) -> Archive:
    return Archive("English", server.url(), server.sha256, ENGLISH, "en")


def recognisable(models_dir: Path) -> list[str]:
    """The folders that speech recognition would load."""
    return [f.name for f in models_dir.iterdir() if f.is_dir() and model_language(f.name)]


def test_a_fetched_model_is_whole_and_alone_in_its_place(
    server: FileServer, tmp_path: Path
) -> None:
    folder = fetch(english(server), tmp_path, quiet)

    assert folder == tmp_path / ENGLISH
    assert model_language(folder.name) == "en"
    assert model_fault(folder) is None
    assert folder_problem(folder, server.sha256) is None
    assert list(tmp_path.iterdir()) == [folder]
    assert is_there(english(server), tmp_path)


def test_a_half_fetched_model_is_never_chosen_and_is_gone_on_with(
    server: FileServer, tmp_path: Path
) -> None:
    seen: list[list[str]] = []
    server.cut_after = 100_000
    with pytest.raises(DownloadError):
        fetch(english(server), tmp_path, lambda *_: seen.append(recognisable(tmp_path)))
    assert seen
    assert not any(seen)
    assert [path.name for path in tmp_path.iterdir()] == [f"{ENGLISH}.zip.part"]

    server.cut_after = None
    fetch(english(server), tmp_path, quiet)

    assert recognisable(tmp_path) == [ENGLISH]
    assert server.sent == [100_000, len(server.content) - 100_000]


def test_a_damaged_model_and_what_a_power_cut_left_are_replaced(
    server: FileServer, tmp_path: Path
) -> None:
    fetch(english(server), tmp_path, quiet)
    (tmp_path / ENGLISH / "graph" / "HCLG.fst").write_bytes(b"cut")
    for leftover in (f".{ENGLISH}.new", f".{ENGLISH}.old"):
        (tmp_path / leftover / "am").mkdir(parents=True)
    assert not is_there(english(server), tmp_path)

    folder = fetch(english(server), tmp_path, quiet)

    assert folder_problem(folder, server.sha256) is None
    assert list(tmp_path.iterdir()) == [folder]


def test_a_damaged_model_stays_until_another_has_come(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / ENGLISH).mkdir()
    (tmp_path / ENGLISH / "mine").touch()
    server.status = 404
    with pytest.raises(DownloadError):
        fetch(english(server), tmp_path, quiet)

    assert (tmp_path / ENGLISH / "mine").exists()


def test_a_link_to_a_model_is_replaced_and_what_it_leads_to_is_left(
    server: FileServer, tmp_path: Path
) -> None:
    elsewhere, models_dir = tmp_path / "elsewhere", tmp_path / "models"
    elsewhere.mkdir()
    models_dir.mkdir()
    (elsewhere / "mine").touch()
    (models_dir / ENGLISH).symlink_to(elsewhere, target_is_directory=True)

    fetch(english(server), models_dir, quiet)

    assert not (models_dir / ENGLISH).is_symlink()
    assert (elsewhere / "mine").exists()


def test_an_archive_that_was_copied_in_needs_no_network(server: FileServer, tmp_path: Path) -> None:
    copied = tmp_path / f"{ENGLISH}.zip"
    copied.write_bytes(server.content)

    folder = fetch(english(server), tmp_path, quiet)

    assert folder_problem(folder, server.sha256) is None
    assert server.sent == []
    assert copied.exists()


def test_a_copy_that_is_another_file_is_told_and_left(server: FileServer, tmp_path: Path) -> None:
    copied = tmp_path / f"{ENGLISH}.zip"
    copied.write_bytes(b"another")
    with pytest.raises(ModelError, match=f"should have {server.sha256}.*Copy it again"):
        fetch(english(server), tmp_path, quiet)

    assert recognisable(tmp_path) == []
    assert copied.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a file that is not one's own")
@pytest.mark.parametrize("ending", ["", ".part"])
def test_an_archive_that_belongs_to_root_is_told_in_words(server: FileServer, ending: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        models_dir = Path(name)
        archive = models_dir / f"{ENGLISH}.zip{ending}"
        archive.write_bytes(server.content[:1000])
        archive.chmod(0o600)
        os.chown(models_dir, _NOBODY, _NOBODY)
        os.seteuid(_NOBODY)
        try:
            with pytest.raises(OutputError, match=r"may not be used by this user\. Remove it"):
                fetch(english(server), models_dir, quiet)
        finally:
            os.seteuid(0)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (zipped({f"{ENGLISH}/README": b"hello"}), "lacks am/final.mdl, so it is no Vosk model"),
        (zipped({f"{ENGLISH}/../../x": b"x"}), "leads out of its folder"),
        (vosk_archive("vosk-model-small-en-us-0.14"), "and not 'vosk-model-small-en-us-0.15'"),
        (b"no archive", "is no intact zip archive"),
    ],
)
def test_an_archive_with_the_right_hash_and_the_wrong_content_leaves_nothing(
    server: FileServer, tmp_path: Path, content: bytes, says: str
) -> None:
    server.content = content
    with pytest.raises(ModelError, match=says):
        fetch(english(server), tmp_path, quiet)

    assert list(tmp_path.iterdir()) == []


def test_two_fetches_do_not_mix(server: FileServer, tmp_path: Path) -> None:
    other = os.open(tmp_path, os.O_RDONLY)
    try:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(OutputError, match="Another 'booth models fetch'"):
            fetch(english(server), tmp_path, quiet)
    finally:
        os.close(other)
    fetch(english(server), tmp_path, quiet)


@pytest.mark.parametrize(
    ("inside", "language", "folder"),
    [
        ("vosk-model-small-fr-0.22", None, "vosk-model-small-fr-0.22"),
        ("vosk-model-small-fr-0.22", "fr", "vosk-model-small-fr-0.22"),
        ("vosk-model-small-cn-0.22", "zh", "vosk-model-small-zh-cn-0.22"),
        ("ours", "en", "vosk-model-en-ours"),
    ],
)
def test_a_model_of_the_administrator_is_put_where_its_language_finds_it(
    server: FileServer, tmp_path: Path, inside: str, language: str | None, folder: str
) -> None:
    server.content = vosk_archive(inside)
    archive = archive_for(server.url("a.zip"), server.sha256.upper(), language)

    assert fetch(archive, tmp_path, quiet) == tmp_path / folder
    assert model_language(folder) == (language or "fr")
    assert is_there(archive, tmp_path)


def test_a_model_that_hides_its_language_needs_it_said(server: FileServer, tmp_path: Path) -> None:
    server.content = vosk_archive("ours")
    with pytest.raises(ModelError, match="Say it with '--language'"):
        fetch(archive_for(server.url("a.zip"), server.sha256, None), tmp_path, quiet)


@pytest.mark.parametrize(
    ("url", "sha256", "language", "says"),
    [
        ("http://example.org/a.zip", "0" * 64, None, "does not begin with https://"),
        ("https://example.org/a.tar.gz", "0" * 64, None, "end with the name of a zip archive"),
        ("https://example.org/.zip", "0" * 64, None, "end with the name of a zip archive"),
        ("https://example.org/a.zip", "0" * 63, None, "64 hexadecimal digits"),
        ("https://example.org/a.zip", "g" * 64, None, "64 hexadecimal digits"),
        ("https://example.org/a.zip", "0" * 64, "../x", "no language"),
        ("https://example.org/a.zip", "0" * 64, "english", "no language"),
        ("https://example.org/a.zip", "0" * 64, "x", "no language"),
    ],
)
def test_what_is_given_wrongly_is_said(
    url: str, sha256: str, language: str | None, says: str
) -> None:
    with pytest.raises(WrongUsageError, match=says):
        archive_for(url, sha256, language)


def test_names_and_languages_choose_what_is_fetched(models_dir: Path) -> None:
    manifest = load_manifest(models_dir)

    def folders(names: list[str], languages: list[str] | None) -> list[str | None]:
        return [archive.folder for archive in wanted_archives(manifest, names, languages)]

    spanish = "vosk-model-small-es-0.42"
    assert folders([], ["en"]) == [ENGLISH]
    assert folders([], ["es"]) == [spanish]
    assert folders([], None) == [ENGLISH, spanish]
    assert folders([spanish], None) == folders(["Vosk Spanish, small"], None) == [spanish]
    with pytest.raises(WrongUsageError, match=r"'voice_forest.npz' is no model that can be.*es-0"):
        folders(["voice_forest.npz"], None)
    with pytest.raises(WrongUsageError, match=r"'fr'.*--url"):
        folders([], ["fr"])


def test_the_archive_of_these_tests_is_what_vosk_would_accept(tmp_path: Path) -> None:
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    assert model_fault(tmp_path) is None
