"""Writing a snapshot: what is written is what is read, byte for byte the same, all or nothing."""

import errno
import json
import os
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pilotage.findings import InputErrors
from pilotage.snapshot import ProtocolVersion, check_tables, read_snapshot, write_snapshot

DM = pl.DataFrame(
    {"STUDYID": "T1", "DOMAIN": "DM", "USUBJID": ["S01", "S02"], "AGE": [34.0, 51.5],
     "SEX": ["F", None], "RFICDTC": [date(2009, 1, 5), None]}
)  # fmt: skip
EX = pl.DataFrame(
    {"STUDYID": "T1", "DOMAIN": "EX", "USUBJID": ["S01"], "EXSEQ": [1], "EXTRT": ["DRUG"],
     "EXDOSE": [5.0], "EXDOSU": ["mg"], "EXDOSFRQ": ["QD"], "EXSTDTC": ["2009-01-19"],
     "EXENDTC": [None]}
)  # fmt: skip
QS = pl.DataFrame(
    {"STUDYID": "T1", "DOMAIN": "QS", "USUBJID": ["S01"], "QSSEQ": [1], "QSCAT": ["SCALE"],
     "QSTESTCD": ["SCORE"], "QSORRES": ["007"], "QSSTRESN": [7.0], "VISITNUM": [0.0],
     "VISIT": ["Screening, first"], "QSDTC": ["2009-01"]}
)  # fmt: skip
TABLES = {"qs": QS, "dm": DM, "ex": EX}


def write(folder: Path, tables=TABLES, **changes):
    settings = {
        "study": "T1",
        "cut": date(2009, 6, 30),
        "synthetic": True,
        "protocol_versions": [ProtocolVersion("1.0", date(2008, 9, 1))],
    }
    return write_snapshot(tables, folder, **(settings | changes))


def tree(folder: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def refusal(folder: Path, tables=TABLES, **changes) -> str:
    """What is said when nothing is written; and indeed nothing is."""
    before = tree(folder.parent)
    with pytest.raises(InputErrors) as caught:
        write(folder, tables, **changes)
    assert tree(folder.parent) == before
    return str(caught.value)


def test_the_files_are_plain_csv(tmp_path):
    write(tmp_path / "cut")
    assert (tmp_path / "cut" / "dm.csv").read_text() == (
        "STUDYID,DOMAIN,USUBJID,AGE,SEX,RFICDTC\nT1,DM,S01,34,F,2009-01-05\nT1,DM,S02,51.5,,\n"
    )
    assert '007,7,0,"Screening, first",2009-01\n' in (tmp_path / "cut" / "qs.csv").read_text()
    assert sorted(path.name for path in (tmp_path / "cut").iterdir()) == [
        "dm.csv", "ex.csv", "manifest.json", "qs.csv",
    ]  # fmt: skip


def test_the_manifest_counts_bytes_and_rows(tmp_path):
    manifest = write(tmp_path / "cut", seed=3)
    assert read_snapshot(tmp_path / "cut").manifest == manifest
    written = json.loads((tmp_path / "cut" / "manifest.json").read_text())
    assert written["files"]["dm.csv"]["rows"] == 2
    assert written["files"]["dm.csv"]["bytes"] == (tmp_path / "cut" / "dm.csv").stat().st_size
    assert (written["study"], written["seed"], written["synthetic"]) == ("T1", 3, True)


def test_the_same_tables_give_the_same_bytes(tmp_path):
    write(tmp_path / "a")
    write(tmp_path / "b", dict(reversed(TABLES.items())))
    assert tree(tmp_path / "a") == tree(tmp_path / "b")


def test_a_snapshot_that_was_read_can_be_written_again(tmp_path):
    write(tmp_path / "a")
    write(tmp_path / "b", read_snapshot(tmp_path / "a").tables)
    assert tree(tmp_path / "a") == tree(tmp_path / "b")


TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8
) | st.sampled_from(
    ['a"b', "a,b", "a\nb", "a\r\nb", "a\rb", "007", " x ", "é", "NA", "#", '"', "\ufeffx"]
)
NUMBER = st.floats(allow_nan=False, allow_infinity=False) | st.none()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=st.lists(st.tuples(TEXT, TEXT, NUMBER), min_size=1, max_size=6))
def test_what_is_written_is_read(rows, tmp_path_factory):
    folder = tmp_path_factory.mktemp("round")
    qs = pl.DataFrame(
        {
            **{name: [QS[name][0]] * len(rows) for name in QS.columns},
            "QSSEQ": range(1, len(rows) + 1),
            "QSORRES": [first or None for first, _, _ in rows],
            "VISIT": [second or None for _, second, _ in rows],
            "QSSTRESN": [number for _, _, number in rows],
        },
        schema_overrides={"QSSTRESN": pl.Float64, "QSORRES": pl.String, "VISIT": pl.String},
    )
    blank = pl.col(pl.String).str.strip_chars(" \t\r\n") == ""
    expected = qs.with_columns(pl.when(~blank).then(pl.col(pl.String)))
    write(folder / "cut", {**TABLES, "qs": qs})
    assert read_snapshot(folder / "cut").tables["qs"].drop("SRCLINE").equals(expected)


def test_tables_that_could_not_be_read_are_not_written(tmp_path):
    tables = {"dm": DM, "ex": EX, "qs": QS.with_columns(QSDTC=pl.lit("2009-02-30"), VISIT=None)}
    assert refusal(tmp_path / "cut", tables) == (
        "qs.csv:2: QSDTC is '2009-02-30', but February 2009 has 28 days"
    )


@pytest.mark.parametrize(
    "tables, message",
    [
        ({"dm": DM, "ex": EX},
         "qs.csv: the table qs is missing; a snapshot has dm, ex and qs, each .csv or .parquet"),
        ({**TABLES, "notes": DM},
         "notes.csv: not read: its name is not that of a table with subjects (dm.csv, ex.csv …)"),
        ({**TABLES, "ex": EX.with_columns(EXDOSE=pl.lit(float("nan")))},
         "ex.csv:2: EXDOSE is 'NaN', which is not a number; write digits with a decimal point, "
         "such as 1.5"),
        ({**TABLES, "ex": EX.with_columns(EXTRT=pl.lit(True))},
         "ex.csv: the column EXTRT holds Boolean, which is no text"),
        ({**TABLES, "ex": EX.with_columns(EXTRT=pl.lit("a\x00"))},
         "ex.csv:2: byte 14 of the line is NUL; the file is damaged or no text"),
    ],
)  # fmt: skip
def test_what_is_no_snapshot_is_not_written(tables, message, tmp_path):
    assert refusal(tmp_path / "cut", tables) == message
    with pytest.raises(InputErrors) as caught:
        check_tables(tables)
    assert str(caught.value) == message


def test_tables_are_checked_without_a_trace(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Path, "open", None)
    check_tables(TABLES)
    assert tree(tmp_path) == {}


def test_a_study_without_a_name_is_not_written(tmp_path):
    assert refusal(tmp_path / "cut", study="") == (
        "manifest.json: 'study' is not the id of the study, as text"
    )


def test_a_new_folder_is_made_with_the_folders_above_it(tmp_path):
    write(tmp_path / "a" / "b" / "cut")
    assert read_snapshot(tmp_path / "a" / "b" / "cut").synthetic


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "cut").mkdir()
    write(tmp_path / "cut")
    assert read_snapshot(tmp_path / "cut").synthetic
    assert [path.name for path in tmp_path.iterdir()] == ["cut"]


@pytest.mark.parametrize("replace", [False, True])
def test_a_folder_with_other_files_is_refused(replace, tmp_path):
    (tmp_path / "cut").mkdir()
    (tmp_path / "cut" / "thesis.txt").write_text("years of work")
    assert refusal(tmp_path / "cut", replace=replace) == (
        f"{tmp_path / 'cut'}: the folder holds files and is no snapshot; name a new or an empty "
        "folder"
    )


def test_an_earlier_snapshot_is_kept_unless_asked(tmp_path):
    write(tmp_path / "cut")
    assert refusal(tmp_path / "cut") == (
        f"{tmp_path / 'cut'}: the folder holds a snapshot already; name a new folder, or ask to "
        "replace it"
    )


def test_an_earlier_snapshot_gives_way_as_a_whole(tmp_path):
    lb = pl.DataFrame({"STUDYID": "T1", "USUBJID": ["S01"]})
    write(tmp_path / "cut", {**TABLES, "mh": lb}, seed=1)
    write(tmp_path / "cut", seed=2, replace=True)
    snapshot = read_snapshot(tmp_path / "cut")
    assert snapshot.manifest is not None
    assert snapshot.manifest.seed == 2
    assert "mh" not in snapshot.tables
    assert [path.name for path in tmp_path.iterdir()] == ["cut"]


def test_an_earlier_snapshot_with_other_files_beside_it_is_kept(tmp_path):
    write(tmp_path / "cut")
    (tmp_path / "cut" / "notes.txt").write_text("mine")
    assert refusal(tmp_path / "cut", replace=True) == (
        f"{tmp_path / 'cut'}: the snapshot there is not replaced: its folder also holds 'notes.txt'"
    )


def test_a_file_is_not_replaced(tmp_path):
    (tmp_path / "cut").write_text("mine")
    assert refusal(tmp_path / "cut") == f"{tmp_path / 'cut'}: is not a folder; name a new one"


def test_a_full_disk_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    write(tmp_path / "old")
    monkeypatch.setattr(os, "fsync", full)
    message = "cannot be written: No space left on device"
    assert refusal(tmp_path / "cut") == f"{tmp_path / 'cut'}: {message}"
    assert refusal(tmp_path / "old", replace=True) == f"{tmp_path / 'old'}: {message}"


def test_when_the_swap_fails_the_earlier_snapshot_is_back(tmp_path, monkeypatch):
    write(tmp_path / "cut", seed=1)
    rename, calls = Path.rename, []

    def once_broken(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == 2:
            raise OSError(errno.EIO, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", once_broken)
    assert refusal(tmp_path / "cut", seed=2, replace=True) == (
        f"{tmp_path / 'cut'}: cannot be written: Input/output error"
    )
