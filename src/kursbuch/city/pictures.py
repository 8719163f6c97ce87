"""Takes in a logo: whatever was uploaded is decoded and drawn anew, so that only pixels get through."""

from __future__ import annotations

import hashlib
import io
import warnings
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000  # about what a phone takes; decoded it stays below 200 MB
SIDE = 512
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


class PictureError(ValueError):
    """What was uploaded is no picture that can be taken. The first argument says which: "large", "unknown"."""


def redraw_logo(file: IO[bytes]) -> tuple[str, bytes]:
    """A file name made of the content's digest, and the picture as PNG of at most 512 pixels a side."""
    raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise PictureError("large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(raw), formats=FORMATS) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise PictureError("large")
                drawn = ImageOps.exif_transpose(image).convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureError("large") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        if isinstance(error, PictureError):
            raise
        raise PictureError("unknown") from None
    drawn.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    clean = Image.new("RGBA", drawn.size)
    clean.paste(drawn)  # no metadata comes along
    out = io.BytesIO()
    clean.save(out, "PNG", optimize=True)
    content = out.getvalue()
    return f"{hashlib.sha256(content).hexdigest()[:16]}.png", content
