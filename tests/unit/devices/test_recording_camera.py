"""A recording as a camera: upright pictures at the times at which they were taken."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from appliance.devices.camera.recording import RecordingCamera
from appliance.domain.media import Frame, ImageArray
from tests.media import grey, write_recording


def _half_white(width: int, height: int) -> ImageArray:
    """White above, black below."""
    picture = grey(width, height, 0)
    picture[: height // 2] = 255
    return picture


def _play(path: Path, rate_hz: float = 5.0) -> list[Frame]:
    return list(RecordingCamera(path, rate_hz).frames())


def test_five_frames_a_second_are_taken_from_twenty_five(tmp_path: Path) -> None:
    frames = _play(write_recording(tmp_path / "clip.mp4", [grey(64, 48)] * 50))
    assert [frame.time_s for frame in frames] == pytest.approx(np.arange(10) * 0.2, abs=0.001)


def test_every_frame_of_a_slow_recording_is_taken(tmp_path: Path) -> None:
    frames = _play(write_recording(tmp_path / "slow.mp4", [grey(64, 48)] * 4, rate_hz=2))
    assert [frame.time_s for frame in frames] == pytest.approx([0, 0.5, 1.0, 1.5], abs=0.001)


def test_a_varying_frame_rate_keeps_each_frame_at_its_own_time(tmp_path: Path) -> None:
    times_s = [0, 0.1, 0.5, 0.6, 2.0, 2.04, 2.5]
    path = write_recording(tmp_path / "vfr.mkv", [grey(64, 48)] * 7, times_s=times_s)
    assert [f.time_s for f in _play(path, 100)] == pytest.approx(times_s, abs=0.002)
    sampled = [frame.time_s for frame in _play(path)]
    assert sampled == pytest.approx([0, 0.5, 0.6, 2.0, 2.5], abs=0.002)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_picture_filmed_sideways_is_turned_upright(tmp_path: Path, degrees: int) -> None:
    upright = _half_white(64, 48)
    # The camera was held turned by so much, and says so in the file.
    stored = np.ascontiguousarray(np.rot90(upright, degrees // 90))
    plain = write_recording(tmp_path / "plain.mp4", [stored] * 5)
    path = tmp_path / "turned.mp4"
    with av.open(str(plain)) as source, av.open(str(path), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    _set_rotation(path, degrees)
    picture = _play(path)[0].image
    assert picture.shape == upright.shape
    assert picture[:20].mean() > 200
    assert picture[-20:].mean() < 50


def _set_rotation(path: Path, degrees: int) -> None:
    """Write the display matrix of the first track's header (ISO 14496-12, `tkhd`)."""
    content = bytearray(path.read_bytes())
    place = content.index(b"tkhd") + 4 + 4 + 36
    turn = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}[degrees]
    for row, (first, second) in enumerate([turn[:2], turn[2:]]):
        for column, value in enumerate((first, second)):
            at = place + 12 * row + 4 * column
            content[at : at + 4] = (value * 65536).to_bytes(4, "big", signed=True)
    path.write_bytes(content)


@pytest.mark.parametrize(("width", "height"), [(333, 187), (51, 35), (1, 1), (35, 250)])
def test_odd_sizes_come_as_they_are(tmp_path: Path, width: int, height: int) -> None:
    path = write_recording(tmp_path / "odd.mkv", [grey(width, height)] * 3, codec="ffv1")
    assert _play(path)[0].image.shape == (height, width, 3)


def test_a_4k_picture_is_scaled_to_what_a_face_needs(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "4k.mp4", [_half_white(3840, 2160)] * 2)
    frame = _play(path)[0]
    assert frame.image.shape == (720, 1280, 3)
    assert frame.image.dtype == np.uint8
    assert frame.image[:300].mean() > 250


def test_pixels_that_are_not_square_are_made_so(tmp_path: Path) -> None:
    path = tmp_path / "wide.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 360, 288, "yuv420p"
        stream.codec_context.sample_aspect_ratio = Fraction(16, 15)
        container.mux(stream.encode(av.VideoFrame.from_ndarray(grey(360, 288), format="rgb24")))
        container.mux(stream.encode(None))
    assert _play(path)[0].image.shape == (288, 384, 3)


def test_colours_arrive_as_red_green_blue(tmp_path: Path) -> None:
    red = np.zeros((48, 64, 3), np.uint8)
    red[..., 0] = 255
    picture = _play(write_recording(tmp_path / "red.mp4", [red] * 3))[0].image
    assert picture[..., 0].mean() > 230
    assert picture[..., 1:].mean() < 25


def test_sound_alone_gives_no_frame_not_even_the_cover_of_a_song(tmp_path: Path) -> None:
    cover, song = tmp_path / "cover.png", tmp_path / "song.mp3"
    with av.open(str(cover), "w") as container:
        stream = container.add_stream("png", rate=1)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "rgb24"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(grey(64, 64), format="rgb24")))
        container.mux(stream.encode(None))
    _write_song_with_cover(song, cover.read_bytes())
    with av.open(str(song)) as container:
        assert container.streams.video, "the song has a cover"
    assert _play(song) == []


def _write_song_with_cover(path: Path, picture: bytes) -> None:
    """An MP3 behind an ID3v2.3 tag with an attached picture."""
    body = b"\x00image/png\x00\x03\x00" + picture
    frame = b"APIC" + len(body).to_bytes(4, "big") + b"\x00\x00" + body
    size = bytes((len(frame) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    with av.open(str(path), "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=44_100, layout="mono")
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 44_100), np.float32), "fltp", "mono")
        sound.sample_rate = 44_100
        container.mux(stream.encode(sound))
        container.mux(stream.encode(None))
    path.write_bytes(b"ID3\x03\x00\x00" + size + frame + path.read_bytes())


def test_a_damaged_picture_ends_the_frames_and_says_when(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (20, 48, 64, 3), np.uint8)
    path = write_recording(tmp_path / "clip.mkv", list(noise), codec="ffv1")
    content = bytearray(path.read_bytes())
    content[len(content) // 2 :] = bytes(len(content) - len(content) // 2)
    path.write_bytes(content)
    camera = RecordingCamera(path, rate_hz=100)
    frames = list(camera.frames())
    assert 0 < len(frames) < 20


@pytest.mark.data
def test_real_clips_play_to_their_end_at_five_frames_a_second(clips: Path) -> None:
    for clip in sorted(clips.iterdir()):
        camera = RecordingCamera(clip)
        frames = list(camera.frames())
        gaps = np.diff([frame.time_s for frame in frames])
        assert camera.fault is None, clip.name
        assert gaps.mean() == pytest.approx(0.2, abs=0.005), clip.name
