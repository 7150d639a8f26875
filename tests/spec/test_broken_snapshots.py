"""What a snapshot may not hold: each case damages the small snapshot of `snapshot_examples` in one
place and gives every line that a person then reads. Nothing is ever written."""

import pytest
from snapshot_examples import CORE, FILES, Files, changed, errors, write_files

from pilotage.findings import InputErrors
from pilotage.snapshot import read_snapshot


def without(*names: str) -> dict[str, str]:
    return {name: content for name, content in CORE.items() if name not in names}


def in_bytes(name: str, old: bytes, new: bytes) -> Files:
    data = FILES[name].encode()
    assert data.count(old) == 1
    return {**CORE, name: data.replace(old, new)}


def test_the_small_snapshot_is_in_order(tmp_path):
    snapshot = read_snapshot(write_files(tmp_path / "snapshot"))
    assert snapshot.findings == ()
    assert list(snapshot.tables) == ["dm", "ex", "qs", "lb", "ae", "ds"]


NO_SEQUENCE = "which is not a whole number from 1 upwards"
NEEDS_MARKS = "a cell that holds a comma needs quotation marks"

FILES_AND_TABLES: dict[str, tuple[Files, list[str]]] = {
    "dm is not there": (
        without("dm.csv"),
        ["dm.csv: the table dm is missing; a snapshot has dm, ex and qs, each .csv or .parquet"],
    ),
    "ex and qs are not there": (
        without("ex.csv", "qs.csv"),
        [
            "ex.csv: the table ex is missing; a snapshot has dm, ex and qs, each .csv or .parquet",
            "qs.csv: the table qs is missing; a snapshot has dm, ex and qs, each .csv or .parquet",
        ],
    ),
    "a table is there in a form that is not read": (
        {**without("dm.csv"), "dm.xlsx": "PK"},
        [
            "dm.csv: the table dm is missing; a snapshot has dm, ex and qs, each .csv or .parquet "
            "('dm.xlsx' cannot be read)"
        ],
    ),
    "a table is there twice": (
        {**CORE, "qs.parquet": b"PAR1"},
        ["qs.csv: 'qs.csv' and 'qs.parquet' both hold the table qs; keep one of them"],
    ),
    "a table is there in upper and in lower case": (
        {**CORE, "DM.csv": FILES["dm.csv"]},
        ["DM.csv: 'DM.csv' and 'dm.csv' both hold the table dm; keep one of them"],
    ),
    "a file is empty": (
        {**CORE, "lb.csv": ""},
        ["lb.csv: the file is empty; even a table without rows has a line of names"],
    ),
    "a file is nothing but line ends": (
        {**CORE, "ex.csv": "\n\r\n\n"},
        ["ex.csv: the file is empty; even a table without rows has a line of names"],
    ),
    "dm has no rows": (
        {**CORE, "dm.csv": "STUDYID,DOMAIN,USUBJID,AGE,SEX,RFICDTC\n"},
        ["dm.csv: the table has no rows; a snapshot has at least one subject"],
    ),
    "a file called Parquet is something else": (
        {**without("lb.csv"), "lb.parquet": b"not Parquet"},
        ["lb.parquet: the file is not Parquet, or it is damaged"],
    ),
    "a further table of SDTM is damaged": (
        {**CORE, "mh.csv": "USUBJID,MHSEQ\nS01,1\nS01,1\nS9,x\n"},
        [
            "mh.csv:3: MHSEQ 1 of 'S01' is in line 2 already",
            f"mh.csv:4: MHSEQ is 'x', {NO_SEQUENCE}",
            "mh.csv:4: subject 'S9' is not in dm.csv",
        ],
    ),
    "no table has a date": (
        {
            "dm.csv": "STUDYID,DOMAIN,USUBJID,AGE,SEX,RFICDTC\nT1,DM,S01,34,F,\n",
            "ex.csv": FILES["ex.csv"].splitlines()[0],
            "qs.csv": FILES["qs.csv"].splitlines()[0],
        },
        ["{folder}: no table has a date, so the day of the data cut is not known; add a manifest"],
    ),
}  # fmt: skip

COLUMNS: dict[str, tuple[Files, list[str]]] = {
    "a required column is not there": (
        changed("dm.csv", ",SEX", ",RACE"),
        ["dm.csv:1: the column SEX is missing"],
    ),
    "a required column is in lower case": (
        changed("qs.csv", "QSSTRESN", "qsstresn"),
        ["qs.csv:1: the column QSSTRESN is missing; did you mean 'qsstresn'?"],
    ),
    "a required column is misspelt": (
        changed("ae.csv", "AESTDTC", "AESTDCT"),
        ["ae.csv:1: the column AESTDTC is missing; did you mean 'AESTDCT'?"],
    ),
    "the name of a column begins with a blank": (
        changed("lb.csv", "LBORRESU", " LBORRESU"),
        ["lb.csv:1: the column LBORRESU is missing; did you mean ' LBORRESU'?"],
    ),
    "a further table has no USUBJID": (
        {**CORE, "mh.csv": "USUBJ,MHTERM\nS01,Gout\n"},
        ["mh.csv:1: the column USUBJID is missing; did you mean 'USUBJ'?"],
    ),
    "a column is there twice": (
        changed("qs.csv", "VISIT,", "QSCAT,"),
        ["qs.csv:1: the column 'QSCAT' stands in cells 5 and 10"],
    ),
    "a column has no name": (
        changed("qs.csv", "VISIT,", " ,"),
        ["qs.csv:1: cell 10 of the header is empty"],
    ),
    "a column has a name of Pilotage's own": (
        changed("qs.csv", "VISIT,", "SRCLINE,"),
        ["qs.csv:1: the name SRCLINE is kept for the line of a row; rename the column"],
    ),
    "cells are separated by semicolons": (
        {**CORE, "ae.csv": FILES["ae.csv"].replace(",", ";")},
        ["ae.csv:1: the cells are separated by semicolons; separate them by commas"],
    ),
    "cells are separated by tabs": (
        {**CORE, "qs.csv": FILES["qs.csv"].replace(",", "\t")},
        ["qs.csv:1: the cells are separated by tabs; separate them by commas"],
    ),
}  # fmt: skip

SHAPE: dict[str, tuple[Files, list[str]]] = {
    "a row has more cells than the header": (
        changed("qs.csv", "11,11,", "11,11,,"),
        [f"qs.csv:2: the row has 12 cells, the header 11; {NEEDS_MARKS}"],
    ),
    "a comma in a cell has no quotation marks around it": (
        changed("ae.csv", '"Rash, itching"', "Rash, itching"),
        [f"ae.csv:2: the row has 10 cells, the header 9; {NEEDS_MARKS}"],
    ),
    "a row has fewer cells than the header": (
        changed("qs.csv", "11,11,", "11,"),
        ["qs.csv:2: the row has 10 cells, the header 11"],
    ),
    "one row has a cell too many, the next one too few": (
        changed("qs.csv", "11,11,", "11,11,,", "4,4,4", "4,4"),
        [
            f"qs.csv:2: the row has 12 cells, the header 11; {NEEDS_MARKS}",
            "qs.csv:3: the row has 10 cells, the header 11",
        ],
    ),
    "a line between rows is empty": (
        changed("qs.csv", "T1,QS,S02", "\nT1,QS,S02"),
        ["qs.csv:4: the line is empty"],
    ),
    "the other rows of a file with a bad row are checked too": (
        changed("qs.csv", "11,11,", "11,", "2009-02-16", "2009-02-31"),
        [
            "qs.csv:2: the row has 10 cells, the header 11",
            "qs.csv:3: QSDTC is '2009-02-31', but February 2009 has 28 days",
        ],
    ),
    "a quotation mark is never closed": (
        changed("qs.csv", "Week 4", '"Week 4'),
        ["qs.csv:3: the quotation mark of a cell is never closed"],
    ),
    "a quotation mark stands inside a cell": (
        changed("qs.csv", "Week 4", 'Week "4"'),
        ["qs.csv:3: a quotation mark stands inside a cell; write the whole cell in quotation "
         "marks and this one twice"],
    ),
    "text follows a closing quotation mark": (
        changed("qs.csv", "Week 4", '"Week" 4'),
        ["qs.csv:3: text follows the closing quotation mark of a cell; a quotation mark inside a "
         "cell is written twice"],
    ),
    "a cell that is not closed runs into a later one": (
        changed("qs.csv", "11,0,", '11,0,"', "Week 4", '"Week 4"'),
        ["qs.csv:2: text follows the closing quotation mark of a cell in line 3; a quotation mark "
         "inside a cell is written twice"],
    ),
    "lines end with CR alone": (
        {**CORE, "dm.csv": FILES["dm.csv"].replace("\n", "\r")},
        ["dm.csv:1: a carriage return stands alone; end lines with LF or CR LF, not with CR"],
    ),
    "a CR stands in a cell without quotation marks": (
        changed("qs.csv", "Week 4", "Week\r4"),
        ["qs.csv:3: a carriage return stands alone; end lines with LF or CR LF, not with CR"],
    ),
}  # fmt: skip

TEXT: dict[str, tuple[Files, list[str]]] = {
    "a byte is not UTF-8": (
        in_bytes("qs.csv", b"Week 4", b"W\xf6che 4"),
        ["qs.csv:3: byte 35 of the line, 0xF6 ('ö' in Windows-1252), is not UTF-8; save the file "
         "as UTF-8"],
    ),
    "bytes of two lines are not UTF-8": (
        in_bytes("dm.csv", b"S01,34,F,2009-01-05\nT1", b"S01,34,\xff,2009-01-05\n\xe9"),
        [
            "dm.csv:2: byte 14 of the line, 0xFF ('ÿ' in Windows-1252), is not UTF-8; save the "
            "file as UTF-8",
            "dm.csv:3: byte 1 of the line, 0xE9 ('é' in Windows-1252), is not UTF-8; save the "
            "file as UTF-8",
        ],
    ),
    "a file is UTF-16": (
        {**CORE, "dm.csv": FILES["dm.csv"].encode("utf-16")},
        ["dm.csv: the file is UTF-16; save it as UTF-8"],
    ),
    "a file is UTF-16 and does not say so": (
        {**CORE, "dm.csv": FILES["dm.csv"].encode("utf-16-le")},
        ["dm.csv: the file is UTF-16; save it as UTF-8"],
    ),
    "a byte is NUL": (
        changed("qs.csv", "Week 4", "Week\x004"),
        ["qs.csv:3: byte 38 of the line is NUL; the file is damaged or no text"],
    ),
    "two files with byte order marks are joined": (
        {**CORE, "ds.csv": ("\ufeff" + FILES["ds.csv"]) * 2},
        ["ds.csv:3: a byte order mark begins the line; have two files been joined?"],
    ),
}  # fmt: skip

KEYS: dict[str, tuple[Files, list[str]]] = {
    "a row has no subject": (
        changed("qs.csv", "T1,QS,S01,1", "T1,QS,,1"),
        ["qs.csv:2: USUBJID is missing"],
    ),
    "a row has a subject of blanks": (
        changed("qs.csv", "T1,QS,S01,1", 'T1,QS,"  ",1'),
        ["qs.csv:2: USUBJID is missing"],
    ),
    "a row has no number": (
        changed("ae.csv", "S02,1,", "S02,,"),
        ["ae.csv:2: AESEQ is missing"],
    ),
    "a number is there twice": (
        changed("qs.csv", "S01,2,", "S01,1,"),
        ["qs.csv:3: QSSEQ 1 of 'S01' is in line 2 already"],
    ),
    "a number is there twice, written in two ways": (
        changed("qs.csv", "S01,2,", "S01,01.0,"),
        ["qs.csv:3: QSSEQ 1 of 'S01' is in line 2 already"],
    ),
    "a subject is there twice": (
        {**CORE, "dm.csv": FILES["dm.csv"] + "T1,DM,S01,35,F,2009-01-06\n"},
        ["dm.csv:4: subject 'S01' is in line 2 already"],
    ),
    "two subjects look the same": (
        {**CORE, "dm.csv": FILES["dm.csv"] + "T1,DM,S01\u200b,35,F,\nT1,DM,S０2,35,F,\n"},
        [
            "dm.csv:4: subject 'S01\\u200b' is written like 'S01' but for signs that cannot be "
            "seen; a subject has one USUBJID",
            "dm.csv:5: subject 'S０2' is written like 'S02' but for signs that cannot be seen; "
            "a subject has one USUBJID",
        ],
    ),
    "a subject is not in dm": (
        changed("qs.csv", "T1,QS,S02", "T1,QS,S2"),
        ["qs.csv:4: subject 'S2' is not in dm.csv; did you mean 'S02'?"],
    ),
    "a subject is written with a blank": (
        changed("ae.csv", "T1,AE,S02", "T1,AE,S02 "),
        ["ae.csv:2: subject 'S02 ' is not in dm.csv; did you mean 'S02'?"],
    ),
    "a subject is like none in dm": (
        changed("ds.csv", "T1,DS,S01", "T1,DS,X-9000"),
        ["ds.csv:2: subject 'X-9000' is not in dm.csv"],
    ),
}  # fmt: skip

EVERYTHING = {**FILES_AND_TABLES, **COLUMNS, **SHAPE, **TEXT, **KEYS}


@pytest.mark.parametrize("case", EVERYTHING)
def test_a_broken_snapshot_is_refused(case, tmp_path):
    files, expected = EVERYTHING[case]
    folder = tmp_path / "snapshot"
    assert errors(folder, files) == [line.replace("{folder}", str(folder)) for line in expected]


def test_all_errors_of_all_tables_are_listed_in_order(tmp_path):
    files = changed("dm.csv", "2009-01-12", "2009-01-32")
    files = changed("qs.csv", "QS,S02,1", "QS,S03,", "S01,1,", "S01,x,", files=files)
    files = changed("ae.csv", "AESER", "AESERIOUS", files=files)
    files["notes.txt"] = "only a warning"
    assert errors(tmp_path / "snapshot", files) == [
        "dm.csv:3: RFICDTC is '2009-01-32', but January 2009 has 31 days",
        f"qs.csv:2: QSSEQ is 'x', {NO_SEQUENCE}",
        "qs.csv:4: QSSEQ is missing",
        "qs.csv:4: subject 'S03' is not in dm.csv; did you mean 'S02'?",
        "ae.csv:1: the column AESER is missing; did you mean 'AESERIOUS'?",
    ]


def test_a_fault_that_a_thousand_rows_share_is_listed_a_thousand_times(tmp_path):
    rows = [f"T1,QS,S01,{n},CLASI,CLASIACT,1,1,0,V,2009-02-30\n" for n in range(1, 1001)]
    files = {**CORE, "qs.csv": FILES["qs.csv"].splitlines()[0] + "\n" + "".join(rows)}
    listed = errors(tmp_path / "snapshot", files)
    assert len(listed) == 1000
    assert listed[-1] == "qs.csv:1001: QSDTC is '2009-02-30', but February 2009 has 28 days"


def test_a_folder_must_be_there(tmp_path):
    with pytest.raises(InputErrors) as caught:
        read_snapshot(tmp_path / "none")
    assert str(caught.value) == f"{tmp_path / 'none'}: there is no such folder"


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("dm")
    with pytest.raises(InputErrors) as caught:
        read_snapshot(tmp_path / "file")
    message = "is not a folder; a snapshot is a folder with dm.csv, ex.csv and qs.csv"
    assert str(caught.value) == f"{tmp_path / 'file'}: {message}"


def test_a_folder_in_place_of_a_file_is_an_error(tmp_path):
    folder = write_files(tmp_path / "snapshot", without("qs.csv"))
    (folder / "qs.csv").mkdir()
    with pytest.raises(InputErrors) as caught:
        read_snapshot(folder)
    assert str(caught.value) == "qs.csv: the file cannot be read: Is a directory"
