"""A small snapshot in order, and how to damage it: the ground of the specification of snapshots."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from hypothesis import strategies as st

from pilotage.findings import InputErrors
from pilotage.snapshot import read_snapshot

Files = Mapping[str, str | bytes]

FILES: Mapping[str, str] = {
    "dm.csv": """\
STUDYID,DOMAIN,USUBJID,AGE,SEX,RFICDTC
T1,DM,S01,34,F,2009-01-05
T1,DM,S02,51,M,2009-01-12
""",
    "ex.csv": """\
STUDYID,DOMAIN,USUBJID,EXSEQ,EXTRT,EXDOSE,EXDOSU,EXDOSFRQ,EXSTDTC,EXENDTC
T1,EX,S01,1,DRUG,5,mg,QD,2009-01-19,2009-03-01
T1,EX,S02,1,DRUG,2.5,mg,QOD,2009-01-26,
""",
    "qs.csv": """\
STUDYID,DOMAIN,USUBJID,QSSEQ,QSCAT,QSTESTCD,QSORRES,QSSTRESN,VISITNUM,VISIT,QSDTC
T1,QS,S01,1,CLASI,CLASIACT,11,11,0,Screening,2009-01-05
T1,QS,S01,2,CLASI,CLASIACT,4,4,4,Week 4,2009-02-16
T1,QS,S02,1,CLASI,CLASIACT,8,8,0,Screening,2009-01-12T09:30
""",
    "lb.csv": """\
STUDYID,DOMAIN,USUBJID,LBSEQ,LBTESTCD,LBORRES,LBORRESU,LBORNRLO,LBORNRHI,VISITNUM,VISIT,LBDTC
T1,LB,S01,1,NEUT,3.2,10*9/L,1.8,7.7,0,Screening,2009-01-05
""",
    "ae.csv": """\
STUDYID,DOMAIN,USUBJID,AESEQ,AETERM,AESEV,AESER,AESTDTC,AEENDTC
T1,AE,S02,1,"Rash, itching",MILD,N,2009-02,2009-02-20
""",
    "ds.csv": """\
STUDYID,DOMAIN,USUBJID,DSSEQ,DSDECOD,DSSTDTC
T1,DS,S01,1,COMPLETED,2009---15
""",
}
"""No fault and no warning. Dates with a time, without a day, without a month; a comma in a cell."""

CORE = {name: FILES[name] for name in ("dm.csv", "ex.csv", "qs.csv")}
"""The tables that must be there."""


def write_files(folder: Path, files: Files = FILES) -> Path:
    """Write files byte for byte into a new folder."""
    folder.mkdir(parents=True)
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name).write_bytes(data)
    return folder


def changed(name: str, *changes: str, files: Mapping[str, str] = CORE) -> dict[str, str]:
    """The files that must be there, and one file with places changed: old, new, old, new…; each old
    text must be there exactly once."""
    text = files.get(name, FILES[name])
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        assert text.count(old) == 1, f"{old!r} is not in {name} exactly once"
        text = text.replace(old, new)
    return {**files, name: text}


PIECES = st.sampled_from(
    [b"", b",", b'"', b"\n", b"\r", b"\r\n", b"\x00", b"\xff", b"\xef\xbb\xbf", b";", b"\t", b" ",
     b"-", b"S01", b"S9", b"NaN", b"1e999", b"2009-02-30", b"T24:00", "é\u202e１".encode(), b"^.*$",
     b"USUBJID", b"SRCLINE", b"\n\n", b'""', b"0", b"-1"]
)  # fmt: skip
Mutation = tuple[str, float, int, bytes]
MUTATIONS = st.lists(
    st.tuples(st.sampled_from(sorted(FILES)), st.floats(0, 1), st.integers(0, 12), PIECES),
    min_size=1,
    max_size=4,
)
"""Damage: a file, a place in it, how many bytes are lost there, what stands there instead."""


def damaged(mutations: Iterable[Mutation], lost: Iterable[str]) -> dict[str, bytes]:
    """All files after some damage, without some that are lost."""
    files = {name: text.encode() for name, text in FILES.items()}
    for name, place, length, piece in mutations:
        start = int(place * len(files[name]))
        files[name] = files[name][:start] + piece + files[name][start + length :]
    return {name: data for name, data in files.items() if name not in lost}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file under a folder with its bytes."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def errors(folder: Path, files: Files) -> list[str]:
    """What a person reads when the files are read as a snapshot; reading must change nothing."""
    write_files(folder, files)
    before = contents(folder.parent)
    with pytest.raises(InputErrors) as caught:
        read_snapshot(folder)
    assert contents(folder.parent) == before
    assert all(finding.severity == "error" for finding in caught.value.findings)
    return str(caught.value).splitlines()
