"""What a manifest says of a snapshot, and what is said when the folder is another one."""

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from snapshot_examples import CORE, FILES, errors, write_files

from pilotage.snapshot import ProtocolVersion, read_snapshot, write_snapshot


@pytest.fixture
def signed(tmp_path) -> dict[str, str]:
    """The files of a snapshot as `write_snapshot` leaves them, the manifest among them."""
    files = {**CORE, "ae.csv": FILES["ae.csv"]}
    tables = read_snapshot(write_files(tmp_path / "foreign", files)).tables
    write_snapshot(
        tables,
        tmp_path / "signed",
        study="T1",
        cut=date(2009, 6, 30),
        synthetic=True,
        protocol_versions=[ProtocolVersion("1.0", date(2008, 9, 1))],
        seed=20,
    )
    return {path.name: path.read_text() for path in (tmp_path / "signed").iterdir()}


def test_a_manifest_gives_origin_data_cut_and_versions(signed, tmp_path):
    snapshot = read_snapshot(write_files(tmp_path / "snapshot", signed))
    assert snapshot.manifest is not None
    assert snapshot.manifest.study == "T1"
    assert snapshot.manifest.seed == 20
    assert snapshot.manifest.protocol_versions == (ProtocolVersion("1.0", date(2008, 9, 1)),)
    assert (snapshot.synthetic, snapshot.data_cut) == (True, date(2009, 6, 30))


def test_without_a_manifest_the_latest_date_is_the_data_cut_and_nothing_is_synthetic(tmp_path):
    snapshot = read_snapshot(write_files(tmp_path / "snapshot"))
    assert snapshot.manifest is None
    assert (snapshot.synthetic, snapshot.data_cut) == (False, date(2009, 3, 1))


@pytest.mark.parametrize(
    "latest, cut", [("2010", date(2010, 1, 1)), ("2010---15", date(2010, 1, 15))]
)
def test_a_partial_date_counts_for_the_data_cut_with_its_first_possible_day(latest, cut, tmp_path):
    files = {**CORE, "ae.csv": FILES["ae.csv"].replace("2009-02-20", latest)}
    assert read_snapshot(write_files(tmp_path / "snapshot", files)).data_cut == cut


def test_a_date_after_the_data_cut_is_a_warning(signed, tmp_path):
    signed["manifest.json"] = signed["manifest.json"].replace("2009-06-30", "2009-02-16")
    snapshot = read_snapshot(write_files(tmp_path / "snapshot", signed))
    assert [str(finding) for finding in snapshot.findings] == [
        "ex.csv:2: EXENDTC is '2009-03-01', after the cut 2009-02-16",
        "ae.csv:2: AEENDTC is '2009-02-20', after the cut 2009-02-16",
    ]


def test_a_changed_table_is_an_error(signed, tmp_path):
    signed["qs.csv"] = signed["qs.csv"].replace("Week 4", "Week 5")
    [line] = errors(tmp_path / "snapshot", signed)
    assert line.startswith("qs.csv: the file was changed after the snapshot was written (sha256 ")


def test_line_ends_are_part_of_a_table(signed, tmp_path):
    signed["dm.csv"] = signed["dm.csv"].replace("\n", "\r\n")
    [line] = errors(tmp_path / "snapshot", signed)
    assert line.startswith("dm.csv: the file was changed after the snapshot was written (sha256 ")


def test_a_changed_parquet_file_is_not_opened(signed, tmp_path):
    frame = pl.read_csv(signed.pop("ae.csv").encode(), infer_schema=False)
    frame.write_parquet(tmp_path / "ae.parquet")
    data = (tmp_path / "ae.parquet").read_bytes()
    signed["manifest.json"] = signed["manifest.json"].replace("ae.csv", "ae.parquet")
    damaged = data[: len(data) // 2] + data[len(data) // 2 + 1 :]
    [line] = errors(tmp_path / "snapshot", {**signed, "ae.parquet": damaged})
    assert line.startswith("ae.parquet: the file was changed after the snapshot was written")


def test_a_missing_table_is_an_error(signed, tmp_path):
    del signed["ae.csv"]
    assert errors(tmp_path / "snapshot", signed) == [
        "ae.csv: manifest.json names the file, but it is not in the folder"
    ]


def test_an_extra_table_is_an_error(signed, tmp_path):
    signed["mh.csv"] = "USUBJID,MHTERM\nS01,Gout\n"
    assert errors(tmp_path / "snapshot", signed) == [
        "mh.csv: manifest.json does not name the file; it was added later"
    ]


def test_a_count_of_rows_that_is_not_that_of_the_file_is_an_error(signed, tmp_path):
    manifest = json.loads(signed["manifest.json"])
    manifest["files"]["dm.csv"]["rows"] = 3
    size = manifest["files"]["dm.csv"]["bytes"]
    signed["manifest.json"] = json.dumps(manifest)
    assert errors(tmp_path / "snapshot", signed) == [
        f"dm.csv: the file has {size} bytes and 2 rows, but manifest.json says {size} bytes and 3 "
        "rows"
    ]


def test_a_changed_table_is_checked_like_any_other(signed, tmp_path):
    signed["qs.csv"] = signed["qs.csv"].replace("2009-02-16", "2009-02-30")
    listed = errors(tmp_path / "snapshot", signed)
    assert len(listed) == 2
    assert listed[1] == "qs.csv:3: QSDTC is '2009-02-30', but February 2009 has 28 days"


MANIFEST = {
    "pilotage": "0.1.0",
    "study": "T1",
    "data_cut": "2009-06-30",
    "synthetic": False,
    "seed": None,
    "protocol_versions": [{"id": "1", "date": "2008-09-01"}],
    "files": {},
}

FILE = {"sha256": "0" * 64, "bytes": 1, "rows": 1}

BROKEN = {
    "": "manifest.json:1: is not JSON: Expecting value at column 1",
    '{\n"study" "T1"}': "manifest.json:2: is not JSON: Expecting ':' delimiter at column 9",
    "[]": "manifest.json:1: is not an object of JSON: it begins with '{'",
    '{"a": 1, "a": 2}': "manifest.json: is not JSON that can be read: the key 'a' stands twice",
}


@pytest.mark.parametrize("text", BROKEN)
def test_a_manifest_that_is_not_json_is_an_error(text, tmp_path):
    files = {**CORE, "manifest.json": text}
    assert errors(tmp_path / "snapshot", files) == [BROKEN[text]]


def test_a_manifest_nested_without_end_is_an_error(tmp_path):
    [line] = errors(tmp_path / "snapshot", {**CORE, "manifest.json": "[" * 200_000})
    assert line.startswith("manifest.json: is not JSON that can be read: ")


def test_a_manifest_that_is_not_utf_8_is_an_error(tmp_path):
    files = {**CORE, "manifest.json": b'{"study": "\xe9"}'}
    assert errors(tmp_path / "snapshot", files) == [
        "manifest.json: byte 12 is not UTF-8; save the file as UTF-8"
    ]


@pytest.mark.parametrize(
    "change, message",
    [
        ({"study": " "}, "'study' is not the id of the study, as text"),
        ({"study": "T\ud800"}, "'study' is not the id of the study, as text"),
        ({"pilotage": 1}, "'pilotage' is not the version of Pilotage, as text"),
        ({"data_cut": "2009-06-31"}, "'data_cut' is not a day such as '2009-12-31'"),
        ({"data_cut": "20090630"}, "'data_cut' is not a day such as '2009-12-31'"),
        ({"synthetic": "no"}, "'synthetic' is not true or false"),
        ({"synthetic": 0}, "'synthetic' is not true or false"),
        ({"seed": True}, "'seed' is not a whole number or null"),
        ({"seed": 1.5}, "'seed' is not a whole number or null"),
        ({"protocol_versions": ["1"]}, "'protocol_versions' is not a list of {id, date}"),
        ({"files": {"dm.csv": {**FILE, "sha256": "xyz"}}},
         "'files' is not for each file its sha256, bytes and rows"),
        ({"files": {"dm.csv": {**FILE, "rows": -1}}},
         "'files' is not for each file its sha256, bytes and rows"),
        ({"signed_by": "me"}, "the key 'signed_by' is not known"),
    ],
)  # fmt: skip
def test_a_manifest_says_what_it_has_to_say(change, message, tmp_path):
    files = {**CORE, "manifest.json": json.dumps(MANIFEST | change)}
    assert errors(tmp_path / "snapshot", files) == [f"manifest.json: {message}"]


@pytest.mark.parametrize("key", MANIFEST)
def test_every_key_of_a_manifest_is_required(key, tmp_path):
    rest = {name: value for name, value in MANIFEST.items() if name != key}
    files = {**CORE, "manifest.json": json.dumps(rest)}
    assert errors(tmp_path / "snapshot", files) == [f"manifest.json: the key {key!r} is missing"]


def test_a_broken_manifest_does_not_hide_broken_tables(tmp_path):
    files = {**CORE, "manifest.json": "{", "dm.csv": FILES["dm.csv"].replace(",34,", ",x,")}
    assert [line.partition(":")[0] for line in errors(tmp_path / "snapshot", files)] == [
        "manifest.json", "dm.csv",
    ]  # fmt: skip


def test_two_manifests_are_an_error(signed, tmp_path):
    signed["Manifest.json"] = signed["manifest.json"]
    assert errors(tmp_path / "snapshot", signed) == [
        "Manifest.json: 'Manifest.json' and 'manifest.json' are both the manifest; keep one of them"
    ]


def test_tables_may_be_parquet(tmp_path):
    folder = write_files(tmp_path / "csv")
    expected = read_snapshot(folder).tables
    other = tmp_path / "parquet"
    other.mkdir()
    for name in FILES:
        table = name.removesuffix(".csv")
        expected[table].drop("SRCLINE").write_parquet(Path(other) / f"{table.upper()}.PARQUET")
    read = read_snapshot(other)
    assert read.file("qs") == "QS.PARQUET"
    for table, frame in expected.items():
        assert read.tables[table].drop("SRCLINE").equals(frame.drop("SRCLINE"))
        assert read.tables[table]["SRCLINE"].dtype == pl.Int64
