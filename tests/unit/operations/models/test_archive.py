"""An archive is looked through before it is unpacked, and its folder can be checked ever after."""

import stat
import zipfile
from pathlib import Path

import pytest

from appliance.domain.errors import ModelError
from appliance.operations.models.archive import (
    RECORD_FILE,
    FolderRecord,
    folder_problem,
    top_folder,
    unpack,
    write_record,
)
from tests.vosk_archives import ENGLISH, FILES, vosk_archive, zipped


def archive(folder: Path, content: bytes) -> Path:
    path = folder / "model.zip.part"
    path.write_bytes(content)
    return path


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    folder = tmp_path / ENGLISH
    files = unpack(archive(tmp_path, vosk_archive()), folder)
    write_record(folder, FolderRecord(url="here", sha256="0" * 64, language="en", files=files))
    return folder


@pytest.mark.parametrize(
    "name",
    [
        "model/../../etc/cron.d/x",
        "/etc/passwd",
        "..",
        "model\\..\\x",
        "model/a\nb",
        "model/a\x1b[2J",
    ],
)
def test_a_name_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    path = archive(tmp_path, zipped({"model/a": b"a", name: b"x"}))
    with pytest.raises(ModelError, match="leads out of its folder"):
        top_folder(path)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_are_refused(tmp_path: Path, kind: int) -> None:
    content = zipped({"model/a": b"/etc/passwd"}, {"model/a": kind | 0o777})
    with pytest.raises(ModelError, match="neither file nor folder"):
        top_folder(archive(tmp_path, content))


@pytest.mark.parametrize(
    "files", [{"one/a": b"", "two/a": b""}, {"a": b""}, {"model/": b""}, {}, {"a": b"", "a/b": b""}]
)
def test_what_is_not_one_folder_is_refused(tmp_path: Path, files: dict[str, bytes]) -> None:
    with pytest.raises(ModelError, match=r"^The archive model.zip was not .*just one folder"):
        top_folder(archive(tmp_path, zipped(files)))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_packings_are_refused_before_anything_is_written(
    tmp_path: Path, method: int
) -> None:
    path = archive(tmp_path, zipped({"model/a": b"a"}, method=method))
    with pytest.raises(ModelError, match="packed in an unusual way"):
        top_folder(path)


def test_two_spellings_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="a name twice"):
        top_folder(archive(tmp_path, zipped({"model/a": b"1", "model//a": b"2"})))


def test_what_would_fill_the_disk_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path, zipped({"model/a": bytes(20_000_000)}))
    with pytest.raises(ModelError, match="would grow to 20,000,000 bytes"):
        top_folder(path)


def test_a_record_of_somebody_else_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path, zipped({f"model/{RECORD_FILE}": b"{}"}))
    with pytest.raises(ModelError, match="only the booth writes"):
        top_folder(path)


@pytest.mark.parametrize("content", [b"", b"<html>no such file</html>", vosk_archive()[:-5000]])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ModelError, match="is no intact zip archive"):
        top_folder(archive(tmp_path, content))


def test_a_damaged_file_in_an_archive_is_found(tmp_path: Path) -> None:
    content = bytearray(vosk_archive())
    content[100_000] ^= 255
    path = archive(tmp_path, bytes(content))
    assert top_folder(path) == ENGLISH
    with pytest.raises(ModelError, match="is no intact zip archive"):
        unpack(path, tmp_path / "new")


def test_an_unpacked_folder_holds_the_files_and_has_no_problem(unpacked: Path) -> None:
    assert {name: (unpacked / name).read_bytes() for name in FILES} == FILES
    assert folder_problem(unpacked, None) is None
    assert folder_problem(unpacked, "0" * 64) is None


def test_a_graph_that_was_cut_short_is_found(unpacked: Path) -> None:
    graph = unpacked / "graph" / "HCLG.fst"
    graph.write_bytes(graph.read_bytes()[:5000])

    problem = folder_problem(unpacked, None)

    assert problem == (
        "is damaged: its file graph/HCLG.fst has 5,000 bytes and should have 100,004"
    )


def test_a_changed_a_lost_and_a_new_file_are_found(unpacked: Path) -> None:
    (unpacked / "graph" / "new.fst").write_bytes(b"new")
    assert "holds a file that its archive did not: graph/new.fst" in str(
        folder_problem(unpacked, None)
    )
    (unpacked / "conf" / "mfcc.conf").unlink()
    assert "conf/mfcc.conf is missing" in str(folder_problem(unpacked, None))
    (unpacked / "am" / "final.mdl").write_bytes(bytes(200_000))
    assert "am/final.mdl has the sha256" in str(folder_problem(unpacked, None))


def test_what_cannot_be_checked_is_no_better_than_damaged(unpacked: Path) -> None:
    assert "another archive" in str(folder_problem(unpacked, "1" * 64))
    (unpacked / RECORD_FILE).write_text("{")
    assert f"its {RECORD_FILE} is damaged" in str(folder_problem(unpacked, None))
    (unpacked / RECORD_FILE).unlink()
    assert "not fetched by" in str(folder_problem(unpacked, None))
    assert folder_problem(unpacked.parent / "nowhere", None) == "is missing"
