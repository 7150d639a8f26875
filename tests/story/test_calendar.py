"""From the command line: what is due, the calendar of a subject, and its iCalendar file."""

import json
from datetime import date, timedelta
from pathlib import Path

import icalendar
import polars as pl
import pytest
from commands import run

from pilotage.study import builtin_studies

STUDY = "lenalidomide_cle"
COHORT = builtin_studies()[STUDY] / "cohort"


def first_dose(subject: str) -> date:
    rows = pl.read_csv(COHORT / "ex.csv", infer_schema=False)
    return date.fromisoformat(min(rows.filter(pl.col("USUBJID") == subject)["EXSTDTC"]))


START = first_dose("SYN-15")
AT = START + timedelta(days=26)
"""Week 4 is due from study day 26 on; the third weekly count was taken on day 22."""


@pytest.mark.requirement("P-41", "P-44")
def test_the_calendar_of_a_subject_fits_a_terminal() -> None:
    ended = run("calendar", STUDY, COHORT, "SYN-15", "--at", AT)
    assert (ended.status, ended.err) == (0, [])
    assert ended.out[0] == f"SYN-15 on {AT}"
    assert max(len(line) for line in ended.out) <= 80
    target = START + timedelta(days=28)
    window = f"{target - timedelta(days=3):%m-%d}..{target + timedelta(days=3):%m-%d}"
    week_4 = next(line for line in ended.out if line.endswith("Week 4"))
    assert week_4.split() == ["29", str(target), window, "due", "Week", "4"]
    baseline = next(line for line in ended.out if "Baseline" in line)
    assert baseline.split()[3:5] == ["done", str(START)]


def test_without_a_subject_what_is_due_stands_with_the_most_urgent_first() -> None:
    ended = run("calendar", STUDY, COHORT, "--at", AT)
    assert ended.status == 0
    assert ended.out[0] == f"Overdue and due on {AT}"
    rows = [line.split() for line in ended.out if line.startswith("SYN-")]
    assert {row[1] for row in rows} <= {"due", "overdue"}
    assert ["SYN-15", "due", str(START + timedelta(days=28))] in [row[:3] for row in rows]
    document = json.loads("\n".join(run("calendar", STUDY, COHORT, "--at", AT, "--json").out))
    waiting = [row for row in document if row["STATUS"] in ("due", "overdue")]
    assert len(rows) == len(waiting)
    assert max(len(line) for line in ended.out) <= 80


def test_the_day_is_the_data_cut_unless_another_is_asked_for() -> None:
    ended = run("calendar", STUDY, COHORT)
    cut = json.loads((COHORT / "manifest.json").read_text())["data_cut"]
    assert ended.out[0] == f"Overdue and due on {cut}"


def test_the_document_holds_every_contact_of_the_subject() -> None:
    ended = run("calendar", STUDY, COHORT, "SYN-03", "--json")
    rows = json.loads("\n".join(ended.out))
    assert {row["USUBJID"] for row in rows} == {"SYN-03"}
    week_8 = next(row for row in rows if row["ID"] == "WEEK_8")
    assert week_8["TARGET"] == str(first_dose("SYN-03") + timedelta(days=56))
    assert week_8["DAY"] == 57
    everybody = json.loads("\n".join(run("calendar", STUDY, COHORT, "--json").out))
    assert [row for row in everybody if row["USUBJID"] == "SYN-03"] == rows


# -- the iCalendar file ----------------------------------------------------------------------------


@pytest.fixture
def written(tmp_path: Path) -> Path:
    file = tmp_path / "new folder" / "syn-15.ics"
    ended = run("calendar", STUDY, COHORT, "SYN-15", "--at", AT, "--ics", file)
    assert ended.status == 0
    return file


def test_the_file_can_be_read_and_has_an_event_for_each_contact_to_come(written: Path) -> None:
    read = icalendar.Calendar.from_ical(written.read_bytes())
    events = read.walk("VEVENT")
    week_6 = next(e for e in events if str(e["SUMMARY"]) == "SYNTHETIC: SYN-15: Week 6")
    target = START + timedelta(days=42)
    assert week_6.decoded("DTSTART") == target
    assert week_6.decoded("DTEND") == target + timedelta(days=1)
    window = f"{target - timedelta(days=3)} to {target + timedelta(days=3)}"
    assert f"Window: {window}" in str(week_6["DESCRIPTION"])
    assert str(week_6["UID"]) == "LEN-CLE-SYN-15-WEEK-6-day43@pilotage"
    assert all(str(event["SUMMARY"]).startswith("SYNTHETIC: ") for event in events)
    assert str(read["X-WR-CALNAME"]).startswith("SYNTHETIC: ")
    starts = [event.decoded("DTSTART") for event in events]
    assert all(type(start) is date for start in starts)
    assert min(starts) >= AT
    identifiers = [str(event["UID"]) for event in events]
    assert len(set(identifiers)) == len(identifiers)


def test_the_same_data_give_the_same_bytes_and_say_nothing_of_the_person(
    written: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again.ics"
    run("calendar", STUDY, COHORT, "SYN-15", "--at", AT, "--ics", again)
    content = written.read_bytes()
    assert again.read_bytes() == content
    cut = json.loads((COHORT / "manifest.json").read_text())["data_cut"].replace("-", "")
    assert content.count(f"DTSTAMP:{cut}T000000Z".encode()) == content.count(b"DTSTAMP:")
    assert content.count(b"DTSTAMP:") == content.count(b"BEGIN:VEVENT") > 0
    events = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert {key for event in events for key in event} == {
        *("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "TRANSP")
    }


def test_a_contact_keeps_its_identifier_while_the_days_go_by(tmp_path: Path) -> None:
    found = []
    for at in (AT - timedelta(days=10), AT):
        file = tmp_path / f"{at}.ics"
        run("calendar", STUDY, COHORT, "SYN-15", "--at", at, "--ics", file)
        events = icalendar.Calendar.from_ical(file.read_bytes()).walk("VEVENT")
        found.append({str(e["UID"]): e.decoded("DTSTART") for e in events})
    earlier, later = found
    assert {uid: earlier[uid] for uid in later if uid in earlier}.items() <= later.items()
    assert "LEN-CLE-SYN-15-WEEK-6-day43@pilotage" in earlier


# -- refused ---------------------------------------------------------------------------------------


def test_an_unknown_subject_is_one_line_with_the_nearest(tmp_path: Path) -> None:
    ended = run("calendar", STUDY, COHORT, "SYN-99", "--ics", tmp_path / "x.ics")
    assert (ended.status, ended.out) == (1, [])
    assert ended.err == ["dm.csv: there is no subject 'SYN-99'; did you mean 'SYN-09'?"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["calendar", "review"])
@pytest.mark.parametrize("day", ["2011-02-30", "yesterday", "2011-02"])
def test_a_day_that_is_none_is_refused_in_one_line(command: str, day: str) -> None:
    ended = run(command, STUDY, COHORT, "--at", day)
    assert (ended.status, ended.out) == (1, [])
    assert ended.err == [f"--at: '{day}' is no day; write year, month and day, as 2009-03-15"]


def test_a_file_among_the_inputs_is_refused() -> None:
    ended = run("calendar", STUDY, COHORT, "--ics", COHORT / "calendar.ics")
    assert ended.status == 1
    assert not (COHORT / "calendar.ics").exists()
