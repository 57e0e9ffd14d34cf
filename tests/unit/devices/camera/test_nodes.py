"""Cameras are found among a machine's many video nodes, and known again after they moved."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.devices.camera.nodes import (
    cameras,
    csi_sensors_of_jetson,
    find_camera,
    require_usable,
)
from appliance.domain.errors import DeviceError, DeviceUnusableError
from tests.cameras import VIDEO_M2M, FixtureMachine, held_open

_NOBODY = 65534


def test_a_webcam_is_one_camera_although_it_has_two_nodes(fixture: FixtureMachine) -> None:
    node = fixture.add_webcam(0)
    (camera,) = cameras(fixture.machine)
    assert (camera.path, camera.name, camera.is_usb) == (node, "Webcam: Webcam", True)
    assert camera.identity.endswith("/v4l/by-id/usb-Maker_Webcam_0001-video-index0")


def test_parts_of_a_pis_pipeline_are_no_cameras(fixture: FixtureMachine) -> None:
    fixture.add(0, "unicam-image")
    fixture.add(10, "bcm2835-codec-decode", VIDEO_M2M)
    fixture.add(14, "bcm2835-isp-capture0")
    fixture.add(19, "some-codec", VIDEO_M2M)
    assert cameras(fixture.machine) == []
    webcam = fixture.add_webcam(1)
    assert [camera.path for camera in cameras(fixture.machine)] == [webcam]


def test_usb_comes_first_and_ten_comes_after_two(fixture: FixtureMachine) -> None:
    fixture.add(0, "loopback")
    fixture.add_webcam(10, "ten", "1-3")
    fixture.add_webcam(2, "two", "1-2")
    names = [camera.path.name for camera in cameras(fixture.machine)]
    assert names == ["video2", "video10", "video0"]


def test_a_camera_is_known_again_under_another_number(fixture: FixtureMachine) -> None:
    first = fixture.add_webcam(0, "mine")
    identity = find_camera("", fixture.machine).identity
    fixture.unplug(first)
    fixture.add_webcam(2, "other", "1-2")
    moved = fixture.add_webcam(4, "mine")
    assert find_camera(identity, fixture.machine).path == moved


def test_without_links_the_node_itself_is_the_identity(fixture: FixtureMachine) -> None:
    node = fixture.add(3, "loopback")
    assert find_camera(str(node), fixture.machine).identity == str(node)


@pytest.mark.parametrize("identity", ["", "/dev/v4l/by-id/usb-Gone-video-index0"])
def test_a_camera_that_is_not_there_may_come(fixture: FixtureMachine, identity: str) -> None:
    with pytest.raises(DeviceError, match=identity or "There is no camera") as caught:
        find_camera(identity, fixture.machine)
    assert not isinstance(caught.value, DeviceUnusableError)
    assert "Plug it in" in caught.value.advice


def test_the_metadata_node_is_refused_where_it_is_asked_for(fixture: FixtureMachine) -> None:
    fixture.add_webcam(0)
    identity = str(fixture.root / "dev/v4l/by-id/usb-Maker_Webcam_0001-video-index1")
    with pytest.raises(DeviceUnusableError, match="is no camera"):
        require_usable(find_camera(identity, fixture.machine).path, fixture.machine)


@contextmanager
def _as_nobody() -> Iterator[None]:
    """Without a superuser's rights, which ignore permissions."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)


def test_a_node_that_may_not_be_opened_names_the_group_and_the_command() -> None:
    with tempfile.TemporaryDirectory() as folder:
        fixture = FixtureMachine(Path(folder))
        node = fixture.add_webcam(0)
        Path(folder).chmod(0o755)
        node.chmod(0o000)
        with _as_nobody(), pytest.raises(DeviceUnusableError) as caught:
            require_usable(find_camera("", fixture.machine).path, fixture.machine)
    assert "group 'video'" in caught.value.args[0]
    assert "sudo usermod -aG video $USER" in caught.value.advice


def _answers(fixture: FixtureMachine, code: int) -> FixtureMachine:
    def query(descriptor: int) -> bytes:
        raise OSError(code, os.strerror(code))

    fixture.machine = replace(fixture.machine, query_capability=query)
    return fixture


def test_a_busy_node_names_who_holds_it(fixture: FixtureMachine) -> None:
    node = fixture.add_webcam(0)
    machine = _answers(fixture, errno.EBUSY).machine
    with held_open(node) as pid, pytest.raises(DeviceError, match=f"process {pid}") as caught:
        require_usable(node, machine)
    assert not isinstance(caught.value, DeviceUnusableError)
    with pytest.raises(DeviceError, match="in use by another program, or it hangs"):
        require_usable(node, machine)
    with node.open(), pytest.raises(DeviceError, match="the booth still holds it"):
        require_usable(node, machine)


def test_a_node_of_a_device_that_has_just_gone(fixture: FixtureMachine) -> None:
    node = fixture.add_webcam(0)
    with pytest.raises(DeviceError, match="cannot be opened: No such device"):
        require_usable(node, _answers(fixture, errno.ENODEV).machine)


def test_the_sensors_of_a_jetson_are_named_in_order(fixture: FixtureMachine) -> None:
    fixture.add(0, "vi-output, imx219 9-0010")
    fixture.add(1, "vi-output, imx219 10-0010")
    fixture.add_webcam(2)
    assert csi_sensors_of_jetson(fixture.machine) == [
        "vi-output, imx219 9-0010",
        "vi-output, imx219 10-0010",
    ]
