"""Uploaded pictures: known by their content, not by their name, and kept without what the camera
wrote into them (place, time, device, thumbnail)."""

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

LARGEST: Final = 20 * 1024 * 1024
"""Bytes of an upload."""
MOST_PIXELS: Final = 60_000_000
KEPT: Final = {"JPEG": ("image/jpeg", "jpg"), "PNG": ("image/png", "png"),
               "WEBP": ("image/jpeg", "jpg")}  # fmt: skip
"""The formats that are read, and as what each is kept: media type and ending."""


class Unusable(ValueError):
    """The upload cannot be kept; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept: new bytes that hold pixels and nothing else."""

    content: bytes
    media_type: str
    name: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def cleaned(content: bytes) -> Picture:
    """The picture drawn anew, upright. Raises Unusable for what is no picture or too large.

    The name of the upload is not kept: it may name a person.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    if len(content) > LARGEST:
        raise Unusable(_("The file is larger than 20 MB: save the picture smaller."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=tuple(KEPT)) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise Unusable(_("The picture has too many pixels: save it smaller."))
                media_type, ending = KEPT[opened.format or ""]
                kind = "PNG" if ending == "png" else "JPEG"
                plain = ImageOps.exif_transpose(opened)
                plain = plain.convert("RGBA" if kind == "PNG" and _has_alpha(plain) else "RGB")
                drawn = Image.frombytes(plain.mode, plain.size, plain.tobytes())
    except Unusable:
        raise
    except UnidentifiedImageError as problem:
        raise Unusable(_("The file is no JPEG, PNG or WebP picture: save it as one.")) from problem
    except (OSError, ValueError, SyntaxError, KeyError, Image.DecompressionBombError,
            Image.DecompressionBombWarning) as problem:  # fmt: skip
        raise Unusable(_("The picture is damaged, or too large: choose another file.")) from problem
    written = io.BytesIO()
    drawn.save(written, kind, **({"quality": 92} if kind == "JPEG" else {}))
    return Picture(written.getvalue(), media_type, f"picture.{ending}")


def _has_alpha(image: object) -> bool:
    mode = getattr(image, "mode", "")
    return "A" in mode or "transparency" in getattr(image, "info", {})
