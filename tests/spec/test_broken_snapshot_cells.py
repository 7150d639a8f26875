"""Which texts are numbers, --SEQ and dates in a snapshot, and what is said of the others."""

import pytest
from snapshot_examples import FILES, changed, errors, write_files

from pilotage.snapshot import read_snapshot

NO_DATE = "which is not a date of ISO 8601; write 2009-03-15, 2009-03-15T09:30, 2009-03 or 2009"
NO_NUMBER = "which is not a number; write digits with a decimal point, such as 1.5"
NO_SEQUENCE = "which is not a whole number from 1 upwards"

NUMBERS = {
    "1 190": NO_NUMBER,
    "<0.5": NO_NUMBER,
    "NaN": NO_NUMBER,
    "inf": NO_NUMBER,
    "1e999": NO_NUMBER,
    "1e-999": NO_NUMBER,
    "1_0": NO_NUMBER,
    "１１": NO_NUMBER,
    "٣": NO_NUMBER,
    "0x10": NO_NUMBER,
    " 4": NO_NUMBER,
    "NA": NO_NUMBER,
    "4.": None,
    "+4": None,
    "1e5": None,
    "": None,
}


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_is_digits_with_a_point(text, tmp_path):
    files = changed("qs.csv", "11,11,0", f"11,{text},0")
    said = NUMBERS[text]
    if said is None:
        read_snapshot(write_files(tmp_path / "snapshot", files))
    else:
        assert errors(tmp_path / "snapshot", files) == [f"qs.csv:2: QSSTRESN is {text!r}, {said}"]


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "a", "9007199254740993000", "1e-1"])
@pytest.mark.parametrize("table", ["lb", "qs"])
def test_a_sequence_counts_from_one(table, text, tmp_path):
    files = changed(f"{table}.csv", "S01,1,", f"S01,{text},")
    assert errors(tmp_path / "snapshot", files) == [
        f"{table}.csv:2: {table.upper()}SEQ is {text!r}, {NO_SEQUENCE}"
    ]


@pytest.mark.parametrize("text", ["Week 4", "1a", "1,5"])
def test_the_number_of_a_visit_is_a_number(text, tmp_path):
    files = changed("qs.csv", "4,4,4,", f'4,4,"{text}",')
    assert errors(tmp_path / "snapshot", files) == [f"qs.csv:3: VISITNUM is {text!r}, {NO_NUMBER}"]


@pytest.mark.parametrize("text", ["", "-1", "0", "4.01", "1000"])
def test_a_visit_may_have_any_number_or_none(text, tmp_path):
    files = changed("qs.csv", "4,4,4,", f"4,4,{text},")
    read = read_snapshot(write_files(tmp_path / "snapshot", files)).tables["qs"]["VISITNUM"]
    assert read.to_list() == [0, float(text) if text else None, 0]


def test_ages_and_doses_are_not_negative(tmp_path):
    files = changed("dm.csv", ",34,", ",-34,") | {
        "ex.csv": FILES["ex.csv"].replace("DRUG,2.5", "DRUG,-2.5")
    }
    assert errors(tmp_path / "snapshot", files) == [
        "dm.csv:2: AGE is '-34', but it cannot be below 0",
        "ex.csv:3: EXDOSE is '-2.5', but it cannot be below 0",
    ]


DATES = {
    "2009-02-30": "but February 2009 has 28 days",
    "2009-02-29": "but February 2009 has 28 days",
    "2009-04-31": "but April 2009 has 30 days",
    "2009-13": "but there is no month 13",
    "2009-00-10": "but there is no month 00",
    "2009-01-00": "but there is no day 00",
    "2009---32": "but a month has 31 days",
    "--02-30": "but February has 29 days",
    "0209-03-15": "but its year is not between 1900 and 2100",
    "9999-12-31": "but its year is not between 1900 and 2100",
    "15/03/2009": NO_DATE,
    "03-15-2009": NO_DATE,
    "20090315": NO_DATE,
    "09-03-15": NO_DATE,
    "2009-3-5": NO_DATE,
    "2009-03-15 09:30": NO_DATE,
    "2009-03-15T": NO_DATE,
    "2009-03T09:30": NO_DATE,
    "UN-MAR-2009": NO_DATE,
    "２００９-03-15": NO_DATE,
    " 2009-03-15": NO_DATE,
    "----": NO_DATE,
    "2009-03-15T24:00": "but the hour 24 does not exist; midnight is T00:00 of the next day",
    "2009-03-15T09:60": "but its time does not exist; the last second of a day is T23:59:59",
    "2009-03-15T23:59:60": "but its time does not exist; the last second of a day is T23:59:59",
    "2009-03-15T09:30+19:00": "but its zone does not exist; zones go from -14:00 to +14:00",
}


@pytest.mark.parametrize("text", DATES)
def test_a_date_is_a_possible_date_of_iso_8601(text, tmp_path):
    files = changed("qs.csv", "2009-02-16", text)
    assert errors(tmp_path / "snapshot", files) == [f"qs.csv:3: QSDTC is {text!r}, {DATES[text]}"]


@pytest.mark.parametrize("column", ["RFICDTC", "RFSTDTC", "BRTHDTC", "DTHDTC"])
def test_every_column_of_dates_is_read(column, tmp_path):
    files = changed("dm.csv", "RFICDTC", column, "2009-01-12", "2009-01-32")
    message = f"dm.csv:3: {column} is '2009-01-32', but January 2009 has 31 days"
    assert message in errors(tmp_path / "snapshot", files)


@pytest.mark.parametrize(
    "name, old, new, expected",
    [
        ("ex.csv", "2009-03-01", "2009-01-18",
         ["ex.csv:2: EXENDTC (2009-01-18) is before EXSTDTC (2009-01-19)"]),
        ("ex.csv", "2009-03-01", "2008",
         ["ex.csv:2: EXENDTC (2008) is before EXSTDTC (2009-01-19)"]),
        ("ae.csv", "2009-02-20", "2009-01-31",
         ["ae.csv:2: AEENDTC (2009-01-31) is before AESTDTC (2009-02)"]),
    ],
)  # fmt: skip
def test_an_end_is_not_before_its_start(name, old, new, expected, tmp_path):
    assert errors(tmp_path / "snapshot", changed(name, old, new)) == expected


@pytest.mark.parametrize("end", ["2009-01", "2009", "2009-01-19", ""])
def test_an_end_that_may_be_on_or_after_the_start_is_read(end, tmp_path):
    files = changed("ex.csv", "2009-03-01", end)
    assert read_snapshot(write_files(tmp_path / "snapshot", files)).tables["ex"].height == 2
