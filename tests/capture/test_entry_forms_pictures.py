"""Pictures are known by their content, lose what the camera wrote into them, and belong to one
subject."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from doors import signed_in
from PIL import Image

from pilotage.capture.actions import subjects
from pilotage.capture.actions.acting import Actor
from pilotage.capture.content import answers_of
from pilotage.capture.entry_forms import pictures
from pilotage.capture.entry_forms.pictures import Unusable, cleaned
from pilotage.capture.models import Entry, Site, StoredFile, Subject

ORIENTATION, PLACE, DEVICE = 0x0112, 0x8825, 0x0110
HIDDEN = re.compile(r'<input type="hidden" name="(key|revision)" value="([^"]*)"')


def picture(kind: str = "JPEG", *, size: tuple[int, int] = (40, 20), turned: int = 0) -> bytes:
    """A picture, red on the left and blue on the right, with what a camera writes into it."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    told = Image.Exif()
    told[DEVICE] = "Camera of a person"
    told[PLACE] = {1: "N", 2: (41.0, 25.0, 30.0)}
    if turned:
        told[ORIENTATION] = turned
    written = io.BytesIO()
    image.save(written, kind, exif=told)
    return written.getvalue()


@pytest.mark.parametrize(
    "kind, kept", [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/jpeg")]
)
def test_nothing_that_the_camera_wrote_is_kept(kind: str, kept: str):
    before = picture(kind)
    after = cleaned(before)
    assert b"Camera of a person" in before
    assert b"Camera of a person" not in after.content
    with Image.open(io.BytesIO(after.content)) as image:
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert image.size == (40, 20)
    assert after.media_type == kept


def test_a_picture_stands_upright_without_its_orientation():
    with Image.open(io.BytesIO(cleaned(picture(turned=6)).content)) as image:
        assert image.size == (20, 40)
        red = image.convert("RGB").getpixel((10, 5))
    assert isinstance(red, tuple)
    assert red[0] > 200


def test_the_same_picture_is_kept_as_the_same_bytes():
    assert cleaned(picture()).sha256 == cleaned(picture()).sha256


@pytest.mark.parametrize(
    "content, hint",
    [
        (b"", "no JPEG, PNG or WebP"),
        (b"GIF89a" + b"\0" * 50, "no JPEG, PNG or WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "no JPEG"),
        (b"%PDF-1.7\n", "no JPEG, PNG or WebP"),
        (b"MZ" + b"\0" * 100, "no JPEG, PNG or WebP"),
        (picture()[:200], "damaged"),
        (b"\0" * (pictures.LARGEST + 1), "larger than 20 MB"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(content: bytes, hint: str):
    with pytest.raises(Unusable, match=hint):
        cleaned(content)


def test_a_script_behind_a_picture_is_not_kept():
    after = cleaned(picture() + b"<script>alert(1)</script>")
    assert b"script" not in after.content


def test_a_picture_of_too_many_pixels_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pictures, "MOST_PIXELS", 100)
    with pytest.raises(Unusable, match="too many pixels"):
        cleaned(picture())


# -- in the pages ----------------------------------------------------------------------------------


@pytest.fixture
def nurse(subject: Subject) -> Client:
    return signed_in("nurse")


def log(subject: Subject) -> str:
    return f"/subjects/{subject.usubjid}/log/photograph"


def taken(nurse: Client, subject: Subject, content: bytes = b"", **answers: str):
    """Send the next page of the log of photographs."""
    page = nurse.get(f"{log(subject)}/new/").content.decode()
    at = re.search(r'<form method="post" action="([^"]+)" class="entry"', page)
    assert at is not None
    sent: dict[str, object] = dict(HIDDEN.findall(page))
    sent |= {f"i-{item}": value for item, value in answers.items()} | {"act": "stay"}
    if content:
        sent["i-picture"] = SimpleUploadedFile("Mary Smith 1970.jpg", content, "image/jpeg")
    return nurse.post(at[1], sent)


def shot(moment: str, consent: str = "yes", pair: str = "1") -> dict[str, str]:
    return {
        "taken": "2026-01-19", "area": "Back", "moment": moment, "pair": pair,
        "publication_consent": consent,
    }  # fmt: skip


def test_an_uploaded_picture_is_kept_without_its_name_and_shown(nurse: Client, subject: Subject):
    answer = taken(nurse, subject, picture(), **shot("BEFORE"))
    assert answer.status_code == 302
    entry = Entry.objects.get(form="photograph")
    stored = StoredFile.objects.get()
    assert answers_of(entry)["picture"].value == stored.sha256
    assert stored.name == "picture.jpg"
    shown = nurse.get(f"/subjects/{subject.usubjid}/pictures/{stored.sha256}/")
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert shown.content == bytes(stored.content)


def test_what_is_no_picture_saves_nothing(nurse: Client, subject: Subject):
    answer = taken(nurse, subject, b"%PDF-1.7", **shot("BEFORE"))
    assert answer.status_code == 422
    assert "no JPEG, PNG or WebP picture" in answer.content.decode()
    assert not Entry.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_picture_outlives_a_mistake_beside_it(nurse: Client, subject: Subject):
    answer = taken(nurse, subject, picture(), **(shot("BEFORE") | {"taken": "19.1.2026"}))
    assert answer.status_code == 422
    stored = StoredFile.objects.get()
    assert f'name="i-picture" value="{stored.sha256}"' in answer.content.decode()
    assert taken(nurse, subject, **shot("BEFORE"), picture=stored.sha256).status_code == 302


def test_a_picture_of_another_subject_cannot_be_taken_over(
    nurse: Client, subject: Subject, people: dict[str, Actor]
):
    taken(nurse, subject, picture(), **shot("BEFORE"))
    sha256 = StoredFile.objects.get().sha256
    other = subjects.screen_subject(Site.objects.get(code="01"), by=people["nurse"])
    assert taken(nurse, other, **shot("BEFORE"), picture=sha256).status_code == 422
    assert nurse.get(f"/subjects/{other.usubjid}/pictures/{sha256}/").status_code == 404


def test_a_pair_may_be_published_when_every_picture_of_it_may(nurse: Client, subject: Subject):
    taken(nurse, subject, picture(), **shot("BEFORE"))
    taken(nurse, subject, picture(size=(44, 20)), **shot("AFTER", consent="no"))
    taken(nurse, subject, picture(size=(48, 20)), **shot("BEFORE", pair="2"))
    page = nurse.get("/photographs/").content.decode()
    assert page.count("<figure>") == 3
    first, second = page.split("<h2>")[1:]
    assert "not for publication" in first
    assert "may be published" in second
    assert nurse.get(f"/photographs/?subject={subject.usubjid}x").status_code == 200
