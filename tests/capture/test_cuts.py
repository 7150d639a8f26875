"""A data cut is the record as it stood after an event, whatever happened since."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from pilotage.capture import trail
from pilotage.capture.actions import Refused
from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.cutting import cut_data
from pilotage.capture.actions.entries import save_entry
from pilotage.capture.actions.subjects import change_contact, open_contact
from pilotage.capture.cuts import SNAPSHOT, tables_as_of
from pilotage.capture.models import AuditEvent, Contact, DataCut, Entry, Subject
from pilotage.capture.verify_trail import verify
from pilotage.forms.answer import Answer
from pilotage.snapshot import read_snapshot

DAY = date(2026, 11, 23)
CONSENT = {"signed": Answer("yes"), "signed_on": Answer("2026-11-01")}
PERSON = {"age": Answer("41", "years"), "sex": Answer("F"), "race": Answer("WHITE")}


@dataclass(frozen=True)
class Site:
    """A subject with a screening visit, and who works there."""

    subject: Subject
    contact: Contact
    nurse: Actor
    manager: Actor
    data: Path

    def save(self, form: str, answers: dict[str, Answer], reason: str = "") -> None:
        entry = Entry.objects.filter(contact=self.contact, form=form).first()
        save_entry(
            self.subject, contact=self.contact, form=form, answers=answers, by=self.nurse,
            reason=reason, revision=entry.revision if entry else None,
        )  # fmt: skip

    def save_log(self, form: str, answers: dict[str, Answer]) -> None:
        save_entry(
            self.subject, contact=None, form=form, answers=answers, by=self.nurse, revision=None
        )

    def cut(self, name: str, *, head: int | None = None, key: str | None = None) -> DataCut:
        return cut_data(name, by=self.manager, day=DAY, head=head, key=key)


@pytest.fixture
def at(
    subject: Subject, people: dict[str, Actor], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Site:
    monkeypatch.setattr(settings, "DATA", tmp_path)
    contact = open_contact(
        subject, by=people["nurse"], planned="SCREENING", number=0, label="Screening",
        held_on="2026-11-01",
    )  # fmt: skip
    made = Site(subject, contact, people["nurse"], people["data_manager"], tmp_path)
    made.save("consent", CONSENT)
    made.save("demography", PERSON)
    return made


def _remove(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize(
    "name, touch, fault",
    [
        ("dm.csv", lambda path: path.write_bytes(path.read_bytes() + b" "), "dm.csv was changed"),
        ("dm.csv", _remove, "dm.csv was taken away"),
        ("zz.csv", lambda path: path.write_bytes(b"USUBJID"), "zz.csv was added"),
        ("manifest.json", lambda path: path.write_bytes(b"{}"), "its manifest is not the one"),
        ("manifest.json", _remove, "its files are gone"),
    ],
)
def test_verifying_finds_what_was_done_to_the_files_of_a_cut(
    at: Site, name: str, touch: Callable[[Path], object], fault: str
) -> None:
    made = at.cut("first")
    assert verify().sound
    touch(at.data / made.folder / SNAPSHOT / name)
    (found,) = verify().faults
    assert (found.where, fault in found.what) == ("data cut first", True)


@pytest.mark.both_engines
def test_a_cut_is_a_snapshot_that_is_read_strictly(at: Site) -> None:
    made = at.cut("first")
    cut = read_snapshot(at.data / made.folder / SNAPSHOT)
    assert cut.data_cut == DAY
    assert not cut.synthetic
    assert cut.tables["dm"].select("USUBJID", "AGE", "AGEU", "SEX", "RACE", "RFICDTC").row(0) == (
        "01-001", 41.0, "YEARS", "F", "WHITE", "2026-11-01",
    )  # fmt: skip
    assert cut.tables["sv"].select("VISITNUM", "VISIT", "SVSTDTC").rows() == [
        (0.0, "Screening", "2026-11-01")
    ]


def cell(head: int, table: str, column: str) -> str | None:
    """The cell of the first row of a table as of an event."""
    found: str | None = tables_as_of(head, DAY).tables.frames[table][column][0]
    return found


def test_tables_that_a_form_can_fill_are_there_without_rows(at: Site) -> None:
    made = at.cut("first")
    cut = read_snapshot(at.data / made.folder / SNAPSHOT)
    assert {"ae", "cm", "suppae", "lb", "dv"} <= set(cut.tables)
    assert cut.tables["ae"].is_empty()


def test_what_was_written_after_the_event_is_not_in_the_cut(at: Site) -> None:
    before = trail.head().seq
    at.save("demography", {"age": Answer("42", "years")}, reason="Counted wrongly")
    ages = {head: cell(head, "dm", "AGE") for head in (before, before + 1)}
    assert ages == {before: "41", before + 1: "42"}


@pytest.mark.both_engines
def test_the_day_of_a_contact_is_that_of_then(at: Site) -> None:
    before = trail.head().seq
    change_contact(
        at.contact, by=at.nurse, label="Screening", held_on="2026-11-03", reason="Wrong day"
    )
    days = [cell(head, "sv", "SVSTDTC") for head in (before, before + 1)]
    assert days == ["2026-11-01", "2026-11-03"]


def test_the_trail_names_the_cut_its_event_and_its_digest(at: Site) -> None:
    head = trail.head().seq
    made = at.cut("first")
    event = AuditEvent.objects.get(pk=made.event_id)
    told = json.loads(event.details)
    assert (event.action, event.place, made.head) == ("data cut", "first", head)
    assert (told["head"], told["digest"], told["day"]) == (head, made.digest, "2026-11-23")


def test_the_same_key_gives_the_same_cut(at: Site) -> None:
    made = at.cut("first", key="k")
    assert at.cut("first", key="k") == made
    assert DataCut.objects.count() == 1


def test_a_later_cut_as_of_an_earlier_event_has_the_same_bytes(at: Site) -> None:
    head = trail.head().seq
    first = at.cut("first")
    at.save("demography", {"age": Answer("42", "years")}, reason="Counted wrongly")
    assert at.cut("again", head=head).digest == first.digest
    assert at.cut("now").digest != first.digest
    with pytest.raises(Refused, match="The trail has the events 1 to"):
        at.cut("beyond", head=10_000)


def test_a_value_that_the_datasets_refuse_is_cut_and_told(at: Site) -> None:
    at.save("haematology", {"sampled": Answer("2026-11-01"),
                            "neutrophils": Answer("2", "furlong")})  # fmt: skip
    made = at.cut("first")
    (said,) = json.loads(AuditEvent.objects.get(pk=made.event_id).details)["refused"]
    assert said.startswith("lb.csv:2: 01-001: ")
    assert "furlong" in said
    cut = read_snapshot(at.data / made.folder / SNAPSHOT)
    assert cut.tables["lb"]["LBORRESU"].to_list() == ["furlong"]


@pytest.mark.parametrize("name", ["", "a b", "../x", ".hidden", "a" * 81])
def test_the_name_of_a_cut_is_the_name_of_a_folder(at: Site, name: str) -> None:
    with pytest.raises(Refused, match="The name of a cut has letters"):
        at.cut(name)


def test_a_name_is_used_once(at: Site) -> None:
    at.cut("first")
    with pytest.raises(Refused, match="There is a data cut first already"):
        at.cut("first")


def test_a_record_that_is_no_snapshot_is_refused_by_line_and_subject(at: Site) -> None:
    at.save_log(
        "adverse_event", {"term": Answer("Cough"), "began": Answer("2026-11-09"),
                          "ended": Answer("2026-11-02")},
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        at.cut("first")
    assert str(refused.value).splitlines() == [
        "The record cannot be cut:",
        "ae.csv:2: 01-001: AEENDTC (2026-11-02) is before AESTDTC (2026-11-09)",
    ]
    assert not (at.data / "cuts" / "first").exists()
    assert not DataCut.objects.exists()
