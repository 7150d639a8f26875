"""The pictures of a demonstration are drawn, and the same each time."""

import io

from PIL import Image, ImageStat

from pilotage.capture.demo_pictures import drawn


def reddest(content: bytes) -> float:
    """How far red stands above green on the whole of a picture."""
    with Image.open(io.BytesIO(content)) as picture:
        red, green, _blue = ImageStat.Stat(picture.convert("RGB")).mean
    return red - green


def test_the_same_page_of_the_same_subject_is_drawn_alike():
    first = drawn("S-01", 1)
    drawn.cache_clear()
    assert drawn("S-01", 1) == first


def test_every_page_of_every_subject_has_a_picture_of_its_own():
    pictures = {drawn(who, number).sha256 for who in ("S-01", "S-02") for number in (1, 2)}
    assert len(pictures) == 4


def test_a_later_picture_is_paler_than_the_first():
    assert reddest(drawn("S-01", 2).content) < reddest(drawn("S-01", 1).content)


def test_a_picture_is_small():
    assert len(drawn("S-01", 1).content) < 50_000
