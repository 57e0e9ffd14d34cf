"""A still portrait that sways, breathes, blinks, speaks and leans out of the picture.

All geometry is in pixels of one portrait, which matplotlib ships: the official picture of Commodore
Grace Hopper (512 x 600, a work of the United States Navy, in the public domain). Every motion is
written backwards: from a place in the new picture to the place of the portrait that shows there.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter, map_coordinates

WIDTH, HEIGHT = 640, 480
DARK = (74, 30, 30)  # red, green, blue of the inside of the mouth and of the lashes

FloatArray = npt.NDArray[np.floating[Any]]
ImageArray = npt.NDArray[np.uint8]

# Her outline in the portrait, clockwise from the lower left, in pixels.
OUTLINE = (
    (18, 600), (22, 500), (26, 460), (28, 430), (34, 412), (41, 400), (49, 386), (56, 381),
    (62, 380), (72, 373), (90, 367), (120, 360), (140, 352), (165, 344), (185, 334), (196, 321),
    (203, 314), (203, 305), (200, 298), (185, 292), (172, 285), (164, 275), (161, 262),
    (165, 250), (165, 236), (161, 226), (156, 215), (154, 205), (154, 195), (156, 187),
    (158, 182), (151, 180), (148, 165), (148, 135), (150, 115), (158, 101), (165, 93),
    (173, 85), (177, 74), (182, 64), (192, 53), (205, 45), (218, 41), (220, 36), (228, 30),
    (240, 25), (252, 23.5), (266, 24), (280, 26), (292, 34), (299, 41), (310, 43), (325, 48),
    (338, 57), (347, 68), (352, 79), (353, 86), (360, 87), (365, 93), (368, 104), (370, 122),
    (371, 138), (370, 155), (368, 172), (367, 181), (372, 185), (375, 192), (376, 200),
    (373, 215), (369, 230), (365, 245), (362, 262), (360, 280), (355, 290), (348, 298),
    (340, 303), (332, 301), (330, 308), (331, 314), (337, 322), (350, 332), (362, 341),
    (380, 348), (400, 357), (420, 366), (440, 371), (455, 374), (470, 381), (483, 388),
    (490, 391), (497, 401), (502, 415), (508, 440), (512, 470), (512, 600),
)  # fmt: skip


@dataclass(frozen=True)
class Pose:
    """Where the head is in one frame.

    Attributes:
        lean: 0 sits in the picture, 1 has leaned out of it to the right.
        yaw_deg: turned to the picture's right is positive; looks right up to about 15 degrees.
        roll_deg: tilted clockwise is positive.
        sway_px: head and shoulders moved to the right, in pixels of the portrait.
        nod_px: head moved down, in pixels of the portrait.
        breath: scale of the body less 1.
        mouth_px: how far the lips are apart, in pixels of the portrait.
        lids: 0 open to 1 shut.
    """

    lean: float
    yaw_deg: float
    roll_deg: float
    sway_px: float
    nod_px: float
    breath: float
    mouth_px: float
    lids: float


def smooth(share: FloatArray | float) -> FloatArray:
    """Rise from 0 to 1 with level ends as `share` goes from 0 to 1."""
    x = np.clip(share, 0, 1)
    return np.asarray(x * x * (3 - 2 * x), np.float32)


class MovingPortrait:
    """The portrait cut out of its background, and how it moves."""

    zoom = 1.25  # 512 px wide becomes 640
    supersampling = 2.5  # of the portrait, so that bilinear sampling stays sharp
    axis_x, head_radius, jaw_radius = 265.0, 121.0, 76.0
    neck_y, seat_y = 372.0, 640.0  # what the head tilts on, what the body leans on
    lean_rad, lean_px = 0.42, 235.0
    nose = (268.0, 228.0)
    mouth_x, mouth_y, mouth_slope, mouth_half = 268.0, 279.5, -0.05, 36.0
    eyes = ((222.5, 185.0), (305.5, 182.5))  # the edge of each upper lid
    eye_half, eye_height = 13.0, 10.0

    def __init__(self, path: Path) -> None:
        picture = Image.open(path).convert("RGB")
        rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
        self._x, self._y = (columns + 0.5) / self.zoom, (rows + 0.5) / self.zoom
        self._backdrop = self._plain_backdrop(np.asarray(picture, np.float32))
        self._person = self._cut_out(picture)

    def _plain_backdrop(self, picture: FloatArray) -> FloatArray:
        """Continue the portrait's own blue over the whole picture, (HEIGHT, WIDTH, 3)."""

        def terms(x: FloatArray, y: FloatArray) -> FloatArray:
            y = y / 300
            return np.stack([np.ones_like(x), y, y * y, np.abs(x - self.axis_x) / 256], axis=-1)

        y, x = np.mgrid[0:330, 390:512].astype(np.float32)  # blue and nothing else
        blue = picture[0:330, 390:512].reshape(-1, 3)
        shade = np.linalg.lstsq(terms(x, y).reshape(-1, 4), blue, rcond=None)[0]
        return np.asarray(terms(self._x, self._y) @ shade, np.float32)

    def _cut_out(self, picture: Image.Image) -> list[FloatArray]:
        """Colours and opacity of the person, each (rows, columns), enlarged by `supersampling`."""
        size = (
            round(picture.width * self.supersampling),
            round(picture.height * self.supersampling),
        )
        mask = Image.new("L", size)
        outline = [(x * self.supersampling, y * self.supersampling) for x, y in OUTLINE]
        ImageDraw.Draw(mask).polygon(outline, fill=255)
        opacity = gaussian_filter(np.asarray(mask, np.float32) / 255, 1.2 * self.supersampling / 2)
        colours = np.asarray(picture.resize(size, Image.Resampling.LANCZOS), np.float32)
        return [colours[:, :, 0], colours[:, :, 1], colours[:, :, 2], opacity]

    def frame(self, pose: Pose) -> ImageArray:
        """Draw one picture, (HEIGHT, WIDTH, 3)."""
        x, y = self._moved(self._x, self._y, pose)
        x = self._turned(x, y, pose.yaw_deg)
        y, gap = self._speaking(x, y, pose.mouth_px)
        y, lashes = self._blinking(x, y, pose.lids)
        places = np.stack([y, x]) * self.supersampling - 0.5
        *colours, opacity = (
            map_coordinates(layer, places, order=1, mode="nearest") for layer in self._person
        )
        person = np.stack(colours, axis=-1)
        person += np.maximum(gap, lashes)[:, :, None] * (np.asarray(DARK, np.float32) - person)
        shown = self._backdrop + opacity[:, :, None] * (person - self._backdrop)
        return np.asarray(np.clip(np.rint(shown), 0, 255), np.uint8)

    def _moved(self, x: FloatArray, y: FloatArray, pose: Pose) -> tuple[FloatArray, FloatArray]:
        """The body leans, sways and breathes, the head tilts on the neck."""
        turn = pose.lean * self.lean_rad
        x, y = x - self.axis_x - pose.lean * self.lean_px, y - self.seat_y
        x, y = (
            x * np.cos(turn) + y * np.sin(turn) + self.axis_x,
            y * np.cos(turn) - x * np.sin(turn) + self.seat_y,
        )
        head = smooth((420 - y) / 110)
        x = x - pose.sway_px - (x - self.axis_x) * pose.breath
        y = y - head * pose.nod_px - (y - 460) * pose.breath
        roll = np.deg2rad(pose.roll_deg) * head
        return x - roll * (self.neck_y - y), y + roll * (self.axis_x - x)

    def _turned(self, x: FloatArray, y: FloatArray, yaw_deg: float) -> FloatArray:
        """Turn the head: a cylinder that narrows to the jaw, and a nose that stands out of it."""
        yaw = np.deg2rad(yaw_deg) * smooth((348 - y) / 28)
        radius = self.head_radius + (self.jaw_radius - self.head_radius) * smooth((y - 235) / 90)
        angle = np.arcsin(np.clip((x - self.axis_x) / radius, -1, 1))
        # The middle turns by the whole yaw and the silhouette stays: nothing unseen is uncovered.
        turned = self.axis_x + radius * np.sin(angle - yaw * np.cos(angle))
        x = np.where(np.abs(x - self.axis_x) < radius, turned, x)
        across, along = (x - self.nose[0]) / 24, (y - self.nose[1]) / 26
        bulge = np.exp(-0.5 * (np.square(across) + np.square(along)))
        return np.asarray(x - 13 * np.sin(yaw) * bulge, np.float32)

    def _speaking(
        self, x: FloatArray, y: FloatArray, open_px: float
    ) -> tuple[FloatArray, FloatArray]:
        """Lower the jaw below the line of the lips; the second value is the opacity of the gap."""
        line = self.mouth_y + self.mouth_slope * (x - self.mouth_x)
        below = y - line
        half = self.mouth_half + 0.35 * np.clip(below, 0, 60)
        across = np.clip(1 - np.square((x - self.mouth_x) / half), 0, 1)
        drop = open_px * across
        gap = smooth((below + 0.6) / 1.2) * smooth((drop - below + 0.6) / 1.2) * smooth(drop / 2)
        lowered = np.maximum(line, y - drop * smooth((352 - y) / 60))
        lifted = np.minimum(line, y + 0.15 * drop * smooth((below + 18) / 18))
        return np.where(below > 0, lowered, lifted), gap

    def _blinking(self, x: FloatArray, y: FloatArray, shut: float) -> tuple[FloatArray, FloatArray]:
        """Lower the lids, of skin from under the eyes; the second value is the lashes' opacity."""
        lashes = np.zeros_like(y)
        for eye_x, lid in self.eyes:
            reach = np.clip(1 - np.square((x - eye_x) / self.eye_half), 0, 1)
            bow = np.sqrt(reach)
            edge = lid + shut * self.eye_height * bow
            lashes += 0.6 * shut * smooth(1.3 - np.abs(y - edge)) * smooth(3 * reach)
            covered = (y > lid + 3 - 4 * bow) & (y < edge)
            y = np.where(covered, lid + 1.2 * self.eye_height + 0.5 * (edge - y), y)
        return y, lashes
