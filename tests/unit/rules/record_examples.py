"""Small snapshots for the state of a subject: one woman, S1, whose day 1 is 22 January 2020.

A day of the trial is written as a number: 1 is the first dose, -1 the day before it. A text is a
date as it stands in a file.
"""

import csv
import functools
import tempfile
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from pilotage.datasets import derive
from pilotage.rules import Input, Record, inputs, record, states
from pilotage.snapshot import Snapshot, read_snapshot
from pilotage.study import Study, load_study

FIRST_DOSE = date(2020, 1, 22)
Cells = Mapping[str, object]
USUAL: Mapping[str, dict[str, object]] = {
    "dm": {"AGE": 44, "SEX": "F", "RFICDTC": "2020-01-01", "AGEU": "YEARS"},
    "ex": {"EXTRT": "LENALIDOMIDE", "EXDOSE": 5, "EXDOSU": "mg", "EXDOSFRQ": "QD",
           "EXSTDTC": "", "EXENDTC": ""},
    "qs": {"QSCAT": "CLASI", "QSTESTCD": "CLASIACT", "QSORRES": "", "QSSTRESN": "",
           "VISITNUM": "", "VISIT": "", "QSDTC": ""},
    "lb": {"LBTESTCD": "NEUT", "LBORRES": "", "LBORRESU": "10*9/L", "LBORNRLO": "1.8",
           "LBORNRHI": "7.5", "VISITNUM": "", "VISIT": "", "LBDTC": "", "LBSTAT": "", "LBTPT": ""},
    "fa": {"FATESTCD": "", "FAORRES": "", "FADTC": "", "FASTAT": ""},
    "rp": {"RPTESTCD": "CHILDPOT", "RPORRES": "", "RPDTC": ""},
    "vs": {"VSTESTCD": "WEIGHT", "VSORRES": "", "VSORRESU": "", "VSDTC": ""},
    "cm": {"CMTRT": "", "CMCAT": "", "CMOCCUR": "", "CMDOSE": "", "CMDOSU": "", "CMDTC": ""},
    "suppdm": {"RDOMAIN": "DM", "QNAM": "", "QVAL": ""},
    "sv": {"VISITNUM": "", "VISIT": "", "SVSTDTC": ""},
    "ds": {"DSDECOD": "", "DSSTDTC": "", "DSSCAT": "TREATMENT"},
    "da": {"DADTC": ""},
}  # fmt: skip


@functools.cache
def built_in() -> Study:
    return load_study("lenalidomide_cle")


def on(day: int | str) -> date:
    """The date of a study day."""
    if isinstance(day, str):
        return date.fromisoformat(day)
    return FIRST_DOSE + timedelta(days=day - 1 if day > 0 else day)


def _cell(value: object, column: str) -> object:
    return on(value) if isinstance(value, int) and column.endswith("DTC") else value


def snapshot(**tables: Iterable[Cells]) -> Snapshot:
    """A snapshot without a manifest, with a data cut in 2030. Tables are dm, ex and qs, and what is
    named; cells that are not named hold the usual value, and USUBJID is S1."""
    given: dict[str, Iterable[Cells]] = {"dm": [{}], "ex": [], "qs": [], **tables}
    given["sv"] = [*given.get("sv", []), {"SVSTDTC": "2030-01-01", "VISIT": "Data cut"}]
    with tempfile.TemporaryDirectory() as folder:
        for name, rows in given.items():
            usual = {"STUDYID": "LEN-CLE", "DOMAIN": name.upper(), "USUBJID": "S1", **USUAL[name]}
            sequence = {} if name in ("dm", "suppdm") else {f"{name.upper()}SEQ": 0}
            columns = [*usual, *sequence]
            with (Path(folder) / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, columns, lineterminator="\n")
                writer.writeheader()
                for number, row in enumerate(rows, 1):
                    cells = {**usual, **dict.fromkeys(sequence, number), **row}
                    writer.writerow({c: _cell(v, c) for c, v in cells.items()})
        return read_snapshot(Path(folder))


def kept(study: Study | None = None, **tables: Iterable[Cells]) -> Record:
    of, data = study or built_in(), snapshot(**tables)
    return record(of, data, derive(of, data))


def known(of: Record, name: str, day: int | str, subject: str = "S1") -> Input:
    return inputs(of, subject, on(day), [name])[name]


def value(of: Record, name: str, day: int | str) -> Any:
    """The value of a name on a day; the state of all subjects says the same as that of one."""
    single = known(of, name, day)
    frame = pl.DataFrame({"USUBJID": ["S1"], "DATE": [on(day)]})
    assert states(of, frame, [name])[name].to_list() == [single.value]
    assert (single.value is None) is (single.problem is not None)
    return single.value


# -- rows ------------------------------------------------------------------------------------------


def count(result: object, day: int | str, code: str = "NEUT", **cells: object) -> Cells:
    return {"LBTESTCD": code, "LBORRES": result, "LBDTC": day, **cells}


def score(total: object, day: int | str, code: str = "CLASIACT", **cells: object) -> Cells:
    return {"QSTESTCD": code, "QSORRES": total, "QSSTRESN": total, "QSDTC": day, **cells}


def fact(code: str, answer: object, day: int | str, **cells: object) -> Cells:
    return {"FATESTCD": code, "FAORRES": answer, "FADTC": day, **cells}


DOSES = {"stop": (0, ""), "5 mg TIW": (5, "TIW"), "5 mg QOD": (5, "QOD"), "5 mg QD": (5, "QD"),
         "10 mg QD": (10, "QD")}  # fmt: skip


def dose(step: str, first: int | str, last: int | str = "", **cells: object) -> Cells:
    """A row of EX: a step of the ladder, its first and its last day ('' while it goes on)."""
    amount, often = DOSES[step]
    return {"EXDOSE": amount, "EXDOSFRQ": often, "EXSTDTC": first, "EXENDTC": last, **cells}
