"""Photographs made anew, so that nothing the camera wrote beside the picture is kept."""

import io
import warnings
from typing import NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

from api.errors import Malformed

LONGEST_PX = 1600
MOST_PIXELS = 60_000_000
MOST_SENT_BYTES = 12_000_000
MOST_KEPT_BYTES = 2_000_000
QUALITIES = (82, 65, 45)
FORMATS = ("JPEG", "PNG", "WEBP")
WAY_OUT = "Send a photograph as JPEG, PNG or WebP, of at most 12 MB and 60 million pixels."


class Picture(NamedTuple):
    """A picture as it is kept."""

    jpeg: bytes
    width_px: int
    height_px: int


def remake(sent: bytes, *, longest_px: int = LONGEST_PX, most_bytes: int = MOST_KEPT_BYTES) -> Picture:
    """
    Turn what a phone sent into a JPEG of at most so many pixels a side, upright, and without EXIF, GPS or comments.

    Raises
    ------
    Malformed
        When it is no picture, or too large a one.
    """
    if len(sent) > MOST_SENT_BYTES:
        raise Malformed("The photograph is too large.", WAY_OUT, code="photo_too_large")
    try:
        with warnings.catch_warnings():
            # What a camera wrote badly is thrown away here anyway.
            warnings.simplefilter("ignore")
            opened = Image.open(io.BytesIO(sent), formats=FORMATS)
            if opened.width * opened.height > MOST_PIXELS:
                raise Malformed("The photograph has too many pixels.", WAY_OUT, code="photo_too_large")
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Malformed(
            "This is not a photograph that can be read.", WAY_OUT, code="photo_unreadable"
        ) from error
    upright.thumbnail((longest_px, longest_px))
    # A new image has the pixels and nothing else.
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    for quality in QUALITIES:
        out = io.BytesIO()
        bare.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= most_bytes:
            break
    return Picture(out.getvalue(), bare.width, bare.height)
