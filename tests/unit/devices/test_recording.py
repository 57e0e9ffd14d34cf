"""What is no recording is refused in one sentence that says what and what to do."""

from pathlib import Path

import pytest

from appliance.devices.recording import probe
from appliance.domain.errors import RecordingError, RecordingNotFoundError
from tests.media import grey, tone, write_recording


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(RecordingNotFoundError, match="There is no recording"):
        probe(tmp_path / "missing.mp4")


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(RecordingNotFoundError, match="is a folder"):
        probe(tmp_path)


def test_zero_bytes(tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    with pytest.raises(RecordingError, match="0 bytes"):
        probe(tmp_path / "empty.mp4")


@pytest.mark.parametrize("content", [b"hello world\n" * 50, bytes(range(256)) * 40])
def test_something_else_under_the_name_of_a_video(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "text.mp4").write_bytes(content)
    with pytest.raises(RecordingError, match="damaged or no recording"):
        probe(tmp_path / "text.mp4")


def test_subtitles_are_neither_picture_nor_sound(tmp_path: Path) -> None:
    (tmp_path / "words.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nhello\n")
    with pytest.raises(RecordingError, match="neither picture nor sound"):
        probe(tmp_path / "words.srt")


def test_a_video_cut_off_before_its_index(tmp_path: Path) -> None:
    whole = write_recording(tmp_path / "whole.mp4", [grey(64, 48)] * 25, sound=tone(440, 1))
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[:600])
    with pytest.raises(RecordingError, match="damaged or no recording"):
        probe(cut)


def test_a_playlist_cannot_make_the_booth_use_the_network(tmp_path: Path) -> None:
    playlist = tmp_path / "list.mp4"
    playlist.write_text(
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://127.0.0.1:9/part.ts\n"
    )
    with pytest.raises(RecordingError):
        probe(playlist)


def test_what_a_recording_holds(tmp_path: Path) -> None:
    both = probe(write_recording(tmp_path / "a.mp4", [grey(64, 48)] * 50, sound=tone(440, 2)))
    assert (both.has_picture, both.has_sound) == (True, True)
    assert both.duration_s == pytest.approx(2, abs=0.1)
    picture = probe(write_recording(tmp_path / "b.mp4", [grey(64, 48)] * 25))
    assert (picture.has_picture, picture.has_sound) == (True, False)
    sound = probe(write_recording(tmp_path / "c.wav", sound=tone(440, 1)))
    assert (sound.has_picture, sound.has_sound) == (False, True)
