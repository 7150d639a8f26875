"""Pictures for a demonstration: drawn by this program, marked as such, and the same at each start.

They stand where a site would keep photographs, so that the pages of pictures show something. No
picture of a person is in them: a shape, some blots on it, and a band that says SYNTHETIC.
"""

import io
from functools import cache
from random import Random
from typing import Final

from pilotage.capture.entry_forms.pictures import Picture, cleaned

SIZE: Final = (480, 600)
GROUND, SKIN, EDGE = (226, 231, 235), (222, 196, 176), (120, 104, 94)
BAND, INK = (138, 75, 0), (255, 255, 255)
BLOTS: Final = 22
FADES: Final = (1.0, 0.25)
"""How strong the blots of the first picture of a subject are, and of every later one."""
OUTLINE: Final = (
    *((205, 40), (275, 40), (282, 110), (370, 140), (425, 250), (440, 480), (392, 484), (372, 300)),
    *((362, 600), (118, 600), (108, 300), (88, 484), (40, 480), (55, 250), (110, 140), (198, 110)),
)


@cache
def drawn(subject: str, number: int) -> Picture:
    """The picture of a page of the subject: the first strong, later ones faint.

    The blots follow from the subject's code alone, so those of one subject lie in one place.
    """
    from PIL import Image, ImageDraw, ImageFont

    chance, strength = Random(subject), FADES[min(number, len(FADES)) - 1]
    image = Image.new("RGB", SIZE, GROUND)
    pen = ImageDraw.Draw(image)
    pen.polygon(OUTLINE, fill=SKIN, outline=EDGE)
    for _ in range(BLOTS):
        x, y = chance.uniform(140, 340), chance.uniform(165, 500)
        wide, high = chance.uniform(8, 26), chance.uniform(7, 18)
        size, colour = 0.5 + 0.5 * strength, _mixed(SKIN, (176, 52, 46), strength)
        pen.ellipse((x - wide * size, y - high * size, x + wide * size, y + high * size), colour)
    pen.rectangle((0, 520, SIZE[0], SIZE[1]), BAND)
    pen.text((20, 530), "SYNTHETIC", INK, font=ImageFont.load_default(34))
    pen.text((20, 572), f"{subject}, picture {number}: drawn by a program", INK,
             font=ImageFont.load_default(18))  # fmt: skip
    file = io.BytesIO()
    image.save(file, "PNG")
    return cleaned(file.getvalue())


def _mixed(
    ground: tuple[int, int, int], colour: tuple[int, int, int], share: float
) -> tuple[int, int, int]:
    red, green, blue = (round(g + (c - g) * share) for g, c in zip(ground, colour, strict=True))
    return red, green, blue
