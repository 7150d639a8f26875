"""What a snapshot that is read holds: types, missing cells, lines, warnings; and that neither the
order of rows nor damage of any kind can surprise a caller."""

import random
import tempfile
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from snapshot_examples import CORE, FILES, MUTATIONS, changed, contents, damaged, write_files

from pilotage.findings import InputErrors
from pilotage.snapshot import Snapshot, read_snapshot


def read(tmp_path: Path, files=FILES) -> Snapshot:
    return read_snapshot(write_files(tmp_path / "snapshot", files))


def warnings(tmp_path: Path, files) -> list[str]:
    snapshot = read(tmp_path, files)
    assert all(finding.severity == "warning" for finding in snapshot.findings)
    return [str(finding) for finding in snapshot.findings]


def test_cells_are_text_but_for_the_numbers_of_the_standard(tmp_path):
    tables = read(tmp_path).tables
    kinds = {
        f"{table}.{name}": kind
        for table, frame in tables.items()
        for name, kind in frame.schema.items()
        if kind != pl.String
    }
    assert kinds == {
        "dm.AGE": pl.Float64, "ex.EXDOSE": pl.Float64, "qs.QSSTRESN": pl.Float64,
        "qs.VISITNUM": pl.Float64, "lb.VISITNUM": pl.Float64,
        "ex.EXSEQ": pl.Int64, "qs.QSSEQ": pl.Int64, "lb.LBSEQ": pl.Int64, "ae.AESEQ": pl.Int64,
        "ds.DSSEQ": pl.Int64,
        **{f"{table}.SRCLINE": pl.Int64 for table in tables},
    }  # fmt: skip


def test_an_empty_cell_is_missing_and_text_stays_as_it_was_typed(tmp_path):
    files = changed("lb.csv", "NEUT,3.2", 'NEUT,"<0,50"', "Screening", " VISIT\u00a01 ", "1.8", "")
    lb = read(tmp_path, files).tables["lb"]
    cells = lb.select("LBORRES", "LBORNRLO", "VISIT").row(0)
    assert cells == ("<0,50", None, " VISIT\u00a01 ")


def test_srcline_is_the_line_of_the_file(tmp_path):
    files = changed("ae.csv", '"Rash, itching"', '"Rash,\nitching"')
    files["ae.csv"] += "T1,AE,S01,1,Gout,MILD,N,2009,\n"
    ae = read(tmp_path, files).tables["ae"]
    assert ae.select("USUBJID", "SRCLINE").rows() == [("S01", 4), ("S02", 2)]


def test_a_table_without_rows_is_there_and_an_absent_one_is_not(tmp_path):
    files = {**CORE, "ae.csv": FILES["ae.csv"].splitlines()[0]}
    snapshot = read(tmp_path, files)
    assert list(snapshot.tables) == ["dm", "ex", "qs", "ae"]
    assert snapshot.tables["ae"].height == 0
    assert snapshot.tables["ae"].schema["AESEQ"] == pl.Int64


def test_ex_and_qs_may_have_no_rows(tmp_path):
    files = {name: text.splitlines()[0] + "\n" for name, text in CORE.items()} | {
        "dm.csv": CORE["dm.csv"]
    }
    assert read(tmp_path, files).data_cut == date(2009, 1, 12)


def test_further_tables_of_sdtm_are_read(tmp_path):
    extra = {"mh.csv": "USUBJID,MHTERM\nS01,Gout\n", "suppdm.csv": "USUBJID,QNAM\nS02,X\n"}
    snapshot = read(tmp_path, {**CORE, **extra})
    assert list(snapshot.tables) == ["dm", "ex", "qs", "mh", "suppdm"]
    assert snapshot.findings == ()


def test_file_names_may_be_in_upper_case(tmp_path):
    files = {name.upper(): text for name, text in FILES.items()}
    snapshot = read(tmp_path, files)
    assert snapshot.file("qs") == "QS.CSV"
    assert snapshot.file("lb") == "LB.CSV"
    assert snapshot.file("vs") == "vs.csv"


@pytest.mark.parametrize(
    "files, expected",
    [
        (
            changed("dm.csv", "SEX", "SEX,RACEX", "34,F", "34,F,a", "51,M", "51,M,b"),
            ["dm.csv:1: the column 'RACEX' is not one that SDTM knows for DM; kept; did you mean "
             "'RACE'?"],
        ),
        (
            changed("qs.csv", "T1,QS,S02", "T1,LB,S02"),
            ["qs.csv:4: DOMAIN is 'LB', not 'QS'"],
        ),
        (
            {**FILES, "qs.csv": FILES["qs.csv"].replace("T1,QS", "T2,QS")},
            ["qs.csv:2: STUDYID is 'T2', in dm 'T1'; all rows are read as one study (and 2 more "
             "rows)"],
        ),
        (
            {**FILES, "qs.csv": FILES["qs.csv"].replace("T1,QS", "{T1},QS")} | {
                "dm.csv": FILES["dm.csv"].replace("T1,DM", "{0}},DM")},
            [f"{name}:2: STUDYID is '{other}', in dm '{{0}}}}'; all rows are read as "
             f"one study{more}"
             for name, other, more in [
                 ("ex.csv", "T1", " (and 1 more row)"), ("qs.csv", "{T1}", " (and 2 more rows)"),
                 ("lb.csv", "T1", ""), ("ae.csv", "T1", ""), ("ds.csv", "T1", "")]],
        ),
        (
            {name: text.replace("S01", " S01") for name, text in FILES.items()},
            ["dm.csv:2: USUBJID is ' S01', which begins or ends with a blank; it is read as it "
             "stands"],
        ),
        (
            changed("qs.csv", "T09:30", "T09:30+02:00"),
            ["qs.csv:4: QSDTC is '2009-01-12T09:30+02:00', whose zone is not used: its day is the "
             "day of that place"],
        ),
        (
            {**FILES, "readme.txt": "hello", "ts.csv": "TSPARM\nx\n", ".hidden": ""},
            ["readme.txt: not read: its name is not that of a table with subjects (dm.csv, "
             "ex.csv …)",
             "ts.csv: not read: its name is not that of a table with subjects (dm.csv, ex.csv …)"],
        ),
    ],
)  # fmt: skip
def test_what_is_odd_but_can_be_read_is_a_warning(files, expected, tmp_path):
    assert warnings(tmp_path, files) == expected


def test_an_unknown_column_is_kept(tmp_path):
    files = changed("dm.csv", "SEX", "SEX,^.*$", "34,F", "34,F,a", "51,M", "51,M,b")
    assert read(tmp_path, files).tables["dm"]["^.*$"].to_list() == ["a", "b"]


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32))
def test_the_order_of_rows_changes_nothing(seed):
    shuffled = {}
    for name, text in {**FILES, "sv.csv": "USUBJID,VISIT\nS02,b\nS01,\nS01,a\n"}.items():
        header, *rows = text.splitlines(keepends=True)
        random.Random(seed).shuffle(rows)
        shuffled[name] = header + "".join(rows)
    with tempfile.TemporaryDirectory() as folder:
        first = read_snapshot(
            write_files(Path(folder) / "a", {**FILES, "sv.csv": shuffled["sv.csv"]})
        )
        second = read_snapshot(write_files(Path(folder) / "b", shuffled))
    assert first.data_cut == second.data_cut
    for table, frame in first.tables.items():
        assert frame.drop("SRCLINE").equals(second.tables[table].drop("SRCLINE"))


def test_rows_come_in_the_order_of_their_numbers_not_of_their_texts(tmp_path):
    rows = [f"T1,QS,S01,{n},CLASI,CLASIACT,1,1,0,V,2009-02-01\n" for n in (10, 9, 100)]
    files = {**CORE, "qs.csv": CORE["qs.csv"].splitlines()[0] + "\n" + "".join(rows)}
    assert read(tmp_path, files).tables["qs"]["QSSEQ"].to_list() == [9, 10, 100]


@settings(max_examples=60, deadline=None)
@given(MUTATIONS, st.sets(st.sampled_from(sorted(FILES)), max_size=1))
def test_damage_of_any_kind_is_input_errors_or_nothing(mutations, lost):
    with tempfile.TemporaryDirectory() as folder:
        write_files(Path(folder) / "snapshot", damaged(mutations, lost))
        before = contents(Path(folder))
        with suppress(InputErrors):
            read_snapshot(Path(folder) / "snapshot")
        assert contents(Path(folder)) == before


@pytest.mark.parametrize(
    "column, texts",
    [
        (pl.Series("AGE", [34, 51]), [34.0, 51.0]),
        (pl.Series("AGE", [34.5, None]), [34.5, None]),
        (pl.Series("RFICDTC", [date(2009, 1, 5), None]), ["2009-01-05", None]),
        (pl.Series("RFICDTC", [datetime(2009, 1, 5, 9, 30), None]), ["2009-01-05T09:30:00", None]),
        (pl.Series("SEX", ["F", "M"], dtype=pl.Categorical), ["F", "M"]),
        (pl.Series("SEX", [None, None], dtype=pl.Null), [None, None]),
        (pl.Series("SUBJID", [7.0, 0.1]), ["7", "0.1"]),
        (pl.Series("SUBJID", [2**60, 1]), [str(2**60), "1"]),
    ],
)
def test_a_parquet_column_is_read_as_its_text(column, texts, tmp_path):
    files = {name: text for name, text in CORE.items() if name != "dm.csv"}
    folder = write_files(tmp_path / "snapshot", files)
    dm = pl.read_csv(CORE["dm.csv"].encode()).with_columns(column)
    dm.write_parquet(folder / "dm.parquet")
    assert read_snapshot(folder).tables["dm"][column.name].to_list() == texts


@pytest.mark.parametrize(
    "column, message",
    [
        (pl.Series("AGE", [34.0, float("nan")]), "dm.parquet:3: AGE is nan; leave the cell empty"),
        (pl.Series("SEX", [True, False]),
         "dm.parquet:1: the column 'SEX' holds Boolean, which is neither text, a number nor a "
         "date"),
        (pl.Series("SEX", [["F"], []]),
         "dm.parquet:1: the column 'SEX' holds List(String), which is neither text, a number nor a "
         "date"),
        (pl.Series("RFICDTC", ["2009-02-30", None]),
         "dm.parquet:2: RFICDTC is '2009-02-30', but February 2009 has 28 days"),
    ],
)  # fmt: skip
def test_a_parquet_column_that_is_no_text_is_an_error(column, message, tmp_path):
    files = {name: text for name, text in CORE.items() if name != "dm.csv"}
    folder = write_files(tmp_path / "snapshot", files)
    pl.read_csv(CORE["dm.csv"].encode()).with_columns(column).write_parquet(folder / "dm.parquet")
    with pytest.raises(InputErrors) as caught:
        read_snapshot(folder)
    assert message in str(caught.value).splitlines()
