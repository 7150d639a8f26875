"""Rows of a file: as strict as typing, all of them or none, every mistake with its line."""

from collections.abc import Callable

import pytest

from pilotage.capture.actions import NotPermitted, Refused, access
from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.entries import save_entry
from pilotage.capture.actions.importing import import_rows
from pilotage.capture.actions.subjects import open_contact, screen_subject
from pilotage.capture.content import answers_of
from pilotage.capture.import_mapping import read_mapping
from pilotage.capture.imports import ImportedRow, read_laboratory, read_spreadsheet
from pilotage.capture.models import AuditEvent, Contact, Entry, ItemVersion, Subject
from pilotage.capture.planned import planned
from pilotage.findings import InputErrors
from pilotage.forms.answer import Answer

LABORATORY = """SUBJECT,DATE,TEST,VALUE,UNIT,LOW,HIGH
01-001,2026-11-02,NEUT,2.1,10*9/L,1.8,7.5
01-001,2026-11-02,Haemoglobin,131,g/L,120,160
"""
SHEET = """Patient,Visit,Weight,Temp
01-001,02.11.2026,70.5,36.9
01-001,09.11.2026,n.d.,37.0
"""
MAPPING = b"""subject: Patient
date: Visit
date_format: "%d.%m.%Y"
missing: {n.d.: not done}
columns:
  Weight: {item: vital_signs.weight, unit: kg}
  Temp: {item: vital_signs.temperature, unit: Cel}
"""


def laboratory(text: str) -> tuple[ImportedRow, ...]:
    return read_laboratory(planned(), text.encode(), file="lab.csv")


def sheet(text: str, mapping: bytes = MAPPING) -> tuple[ImportedRow, ...]:
    study = planned()
    columns = read_mapping(study, mapping, file="mapping.yaml")
    return read_spreadsheet(study, text.encode(), columns, file="old.csv")


def refused(read: Callable[[], object]) -> list[str]:
    with pytest.raises(InputErrors) as found:
        read()
    return [f"{finding.where}: {finding.message}" for finding in found.value.findings]


@pytest.fixture
def nurse(people: dict[str, Actor]) -> Actor:
    return people["nurse"]


@pytest.fixture
def visit(subject: Subject, nurse: Actor) -> Contact:
    return open_contact(
        subject, by=nurse, planned="WEEK_2", number=2, label="Week 2", held_on="2026-11-02"
    )


def test_lines_of_one_sheet_become_one_form_with_units_limits_and_the_day() -> None:
    (row,) = laboratory(LABORATORY)
    assert (row.lines, row.subject, row.form) == ((2, 3), "01-001", "haematology")
    assert row.answers == {
        "neutrophils": Answer("2.1", "10*9/L", "1.8", "7.5"),
        "haemoglobin": Answer("131", "g/L", "120", "160"),
        "sampled": Answer("2026-11-02"),
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("01-001,2026-11-02,NEUT,2.1,,,", "Neutrophils has no unit; the form knows 10*9/L"),
        ("01-001,2026-11-02,NEUT,2.1,mg/dL,,", "Neutrophils has the unit 'mg/dL'"),
        ('01-001,2026-11-02,NEUT,"2,1",10*9/L,,', "Neutrophils: "),
        ("01-001,02/11/2026,NEUT,2.1,10*9/L,,", "the date is '02/11/2026'"),
        ("01-001,2026-11-02,NEUTS,2.1,10*9/L,,", "asks for the test 'NEUTS'; did you mean 'NEUT'?"),
        (",2026-11-02,NEUT,2.1,10*9/L,,", "SUBJECT is empty"),
        ("01-001,2026-11-02,NEUT,2.2,10*9/L,,", "has another haematology.neutrophils"),
    ],
)
def test_a_line_that_would_have_to_be_guessed_at_is_refused(line: str, said: str) -> None:
    (words,) = refused(lambda: laboratory(f"{LABORATORY}{line}\n"))
    assert words.startswith("lab.csv:4: ")
    assert said in words


def test_every_mistake_of_a_file_is_told_at_once() -> None:
    text = "SUBJECT,DATE,TEST,VALUE,UNIT\n01-001,x,NEUT,2.1,10*9/L\n01-001,2026-11-02,NEUT,a,b\n"
    assert [words.partition(": ")[0] for words in refused(lambda: laboratory(text))] == [
        "lab.csv:2",
        "lab.csv:3",
    ]


def test_a_spreadsheet_is_read_by_its_mapping() -> None:
    first, second = sheet(SHEET)
    assert (first.day, first.answers["weight"]) == ("2026-11-02", Answer("70.5", "kg"))
    assert second.answers["weight"] == Answer(missing="not done", why="'n.d.' in old.csv")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b", unit: kg", b"", "mapping.yaml:6: column 'Weight' holds numbers: name its unit (kg)"),
        (b"vital_signs.weight", b"vital_signs.wieght", "did you mean 'weight'?"),
        (b"vital_signs.weight", b"vitals.weight", "the study has no form 'vitals'"),
        (b"date: Visit\n", b"", "date is missing: vital_signs is filled at a visit"),
        (b"not done", b"forgotten", "'n.d.' stands for not done, unknown or not applicable"),
        (b"unit: kg", b"units: kg", "'units' is not known here"),
    ],
)
def test_a_mapping_is_checked_beside_the_study(old: bytes, new: bytes, said: str) -> None:
    words = refused(lambda: sheet(SHEET, MAPPING.replace(old, new)))
    assert said in words[0]


def test_a_column_of_the_mapping_that_the_file_lacks_is_named() -> None:
    words = refused(lambda: sheet(SHEET.replace("Temp", "Temperature")))
    assert "the mapping names the column 'Temp', which is not there or empty" in words[0]


@pytest.mark.both_engines
def test_rows_are_saved_through_the_action_and_the_file_is_named_in_the_trail(
    subject: Subject, visit: Contact, nurse: Actor
) -> None:
    content = LABORATORY.replace("01-001", subject.usubjid)
    report = import_rows(laboratory(content), file="lab.csv", content=content.encode(), by=nurse)
    (saved,) = report.saved
    assert saved.entry is not None
    assert answers_of(saved.entry)["neutrophils"] == Answer("2.1", "10*9/L", "1.8", "7.5")
    assert (saved.entry.contact, report.lines, report.unchanged) == (visit, ((2, 3),), 0)
    event = AuditEvent.objects.order_by("-seq").first()
    assert event is not None
    assert (event.action, event.place, event.role) == ("rows imported", "lab.csv", "nurse")


def test_a_file_that_was_taken_before_changes_nothing(
    subject: Subject, visit: Contact, nurse: Actor
) -> None:
    rows = laboratory(LABORATORY.replace("01-001", subject.usubjid))
    import_rows(rows, file="lab.csv", content=b"", by=nurse)
    versions = ItemVersion.objects.count()
    report = import_rows(rows, file="lab.csv", content=b"", by=nurse)
    assert (report.saved, report.unchanged) == ((), 1)
    assert ItemVersion.objects.count() == versions


def test_one_row_that_cannot_be_taken_leaves_the_record_as_it_was(
    subject: Subject, visit: Contact, nurse: Actor
) -> None:
    events = AuditEvent.objects.count()
    text = LABORATORY.replace("01-001", subject.usubjid) + "99-001,2026-11-02,NEUT,2,10*9/L,,\n"
    text += f"{subject.usubjid},2026-12-24,NEUT,2,10*9/L,,\n"
    words = refused(lambda: import_rows(laboratory(text), file="lab.csv", content=b"", by=nurse))
    assert words == [
        "lab.csv:4: there is no subject '99-001'; did you mean '01-001'?",
        "lab.csv:5: 01-001 has no contact on 2026-12-24 that fills haematology",
    ]
    assert (AuditEvent.objects.count(), Entry.objects.count()) == (events, 0)


def test_a_day_without_a_contact_opens_one_only_where_that_is_asked_for(
    subject: Subject, nurse: Actor
) -> None:
    rows = laboratory(LABORATORY.replace("01-001", subject.usubjid))
    import_rows(rows, file="lab.csv", content=b"", by=nurse, open_contacts=True)
    (contact,) = Contact.objects.all()
    assert (contact.planned, contact.held_on) == ("", "2026-11-02")


def test_a_value_that_differs_from_the_record_needs_a_reason(
    subject: Subject, visit: Contact, nurse: Actor
) -> None:
    entry = save_entry(
        subject, contact=visit, form="haematology", by=nurse, revision=None,
        answers={"neutrophils": Answer("1.2", "10*9/L")},
    ).entry  # fmt: skip
    assert entry is not None
    rows = laboratory(LABORATORY.replace("01-001", subject.usubjid))
    (words,) = refused(lambda: import_rows(rows, file="lab.csv", content=b"", by=nurse))
    assert "neutrophils is 1.2 in the record, 2.1 in the file; a change needs a reason" in words
    import_rows(rows, file="lab.csv", content=b"", by=nurse, reason="The laboratory corrected it")
    assert answers_of(entry)["neutrophils"].value == "2.1"


def test_a_log_gets_new_pages_and_the_same_page_once(subject: Subject, nurse: Actor) -> None:
    mapping = b"subject: Patient\ncolumns:\n  Drug: {item: medication.drug}\n"
    rows = sheet(f"Patient,Drug\n{subject.usubjid},Aspirin\n{subject.usubjid},Insulin\n", mapping)
    import_rows(rows, file="old.csv", content=b"", by=nurse)
    report = import_rows(rows, file="old.csv", content=b"", by=nurse)
    pages = Entry.objects.filter(form="medication").order_by("repeat")
    assert [answers_of(page)["drug"].value for page in pages] == ["Aspirin", "Insulin"]
    assert report.unchanged == 2


def test_a_file_without_rows_is_refused(nurse: Actor) -> None:
    with pytest.raises(Refused, match="has no rows"):
        import_rows((), file="lab.csv", content=b"", by=nurse)


def test_the_same_key_takes_a_file_once(subject: Subject, visit: Contact, nurse: Actor) -> None:
    rows = laboratory(LABORATORY.replace("01-001", subject.usubjid))
    import_rows(rows, file="lab.csv", content=b"", by=nurse, key="k")
    with pytest.raises(Refused, match="was imported already"):
        import_rows(rows, file="lab.csv", content=b"", by=nurse, key="k")


def test_a_file_finds_out_nothing_about_another_site(
    subject: Subject, visit: Contact, nurse: Actor
) -> None:
    """A code of another site is told apart from none neither by its refusal nor by a hint."""
    other = access.add_site("02", "Second site", by=Actor.system("tests"))
    screen_subject(other, by=Actor.system("tests"), usubjid="02-777")
    words = [
        refused(
            lambda code=code: import_rows(
                laboratory(LABORATORY.replace("01-001", code)), file="l", content=b"", by=nurse
            )
        )
        for code in ("02-777", "02-778")
    ]
    assert words[0] == ["l:2: there is no subject '02-777'"]
    assert words[1] == ["l:2: there is no subject '02-778'"]


def test_who_may_not_import_writes_nothing(
    subject: Subject, visit: Contact, people: dict[str, Actor]
) -> None:
    rows = laboratory(LABORATORY.replace("01-001", subject.usubjid))
    with pytest.raises(NotPermitted):
        import_rows(rows, file="lab.csv", content=b"", by=people["monitor"])
    assert not Entry.objects.exists()
