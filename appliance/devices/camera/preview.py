"""A small picture of what the camera sees, for the panel."""

import io

from PIL import Image

from appliance.domain.media import Frame


def preview_jpeg(frame: Frame, longest_side_px: int = 640, quality: int = 75) -> bytes:
    """Make a JPEG of a frame, scaled down to `longest_side_px` where it is larger.

    Args:
        frame: such as the newest one of `LatestFrame.snapshot`.
        longest_side_px: of the picture that is made.
        quality: of the JPEG, 1..95.
    """
    picture = Image.fromarray(frame.image)
    picture.thumbnail((longest_side_px, longest_side_px))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return file.getvalue()
