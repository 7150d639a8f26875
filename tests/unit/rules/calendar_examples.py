"""Small snapshots for the calendar: a subject of the built-in study, its days and rows.

A day of the plan is written as a number: 1 is the first dose, on 22 January 2020, and -1 the day
before it. Everything else is a date as it stands in a file.
"""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
from written_tables import written

from pilotage.datasets import derive
from pilotage.rules.calendar import contacts
from pilotage.snapshot import Snapshot
from pilotage.study import Study, load_study
from pilotage.study.protocol import Schedule
from pilotage.study.versions import KeptVersion

FIRST_DOSE = date(2020, 1, 22)
Cells = Mapping[str, object]
USUAL: Mapping[str, dict[str, object]] = {
    "dm": {"AGE": 44, "SEX": "F", "RFICDTC": "2020-01-01", "DTHDTC": ""},
    "ex": {"EXTRT": "LENALIDOMIDE", "EXDOSE": 5, "EXDOSU": "mg", "EXDOSFRQ": "QD",
           "EXSTDTC": "2020-01-22", "EXENDTC": ""},
    "qs": {"QSCAT": "CLASI", "QSTESTCD": "CLASIACT", "QSORRES": 10, "QSSTRESN": 10,
           "VISITNUM": "", "VISIT": "", "QSDTC": "2020-01-01"},
    "lb": {"LBTESTCD": "NEUT", "LBORRES": "3.5", "LBORRESU": "10*9/L", "LBORNRLO": "",
           "LBORNRHI": "", "VISITNUM": "", "VISIT": "", "LBDTC": "", "LBCAT": "", "LBTPT": ""},
    "ds": {"DSDECOD": "COMPLETED", "DSSTDTC": "", "DSCAT": "DISPOSITION EVENT", "DSSCAT": ""},
    "ae": {"AETERM": "Nausea", "AESEV": "MILD", "AESER": "N", "AESTDTC": "", "AEENDTC": ""},
    "sv": {"VISITNUM": "", "VISIT": "", "SVSTDTC": ""},
    "rp": {"RPTESTCD": "CHILDPOT", "RPORRES": "N", "RPDTC": "2020-01-01"},
    "fa": {"FATESTCD": "", "FAORRES": "", "FADTC": "", "VISITNUM": ""},
    "da": {"DATESTCD": "DISPAMT", "DAORRES": 28, "DADTC": ""},
    "suppae": {"RDOMAIN": "AE", "IDVAR": "AESEQ", "IDVARVAL": "", "QNAM": "", "QVAL": ""},
    "nv": {"NVTESTCD": "", "NVORRES": "", "NVCAT": "", "NVDTC": ""},
    "cm": {"CMTRT": "", "CMCAT": "", "CMOCCUR": "", "CMDTC": ""},
    "vs": {"VSTESTCD": "WEIGHT", "VSORRES": 60, "VSDTC": "", "VISITNUM": ""},
}  # fmt: skip


@functools.cache
def built_in() -> Study:
    return load_study("lenalidomide_cle")


def on(day: int) -> date:
    """The date of a study day."""
    return FIRST_DOSE + timedelta(days=day - 1 if day > 0 else day)


def visit(number: object, day: int | str, **cells: object) -> Cells:
    return {"VISITNUM": number, "SVSTDTC": on(day) if isinstance(day, int) else day, **cells}


def count(day: int | str, **cells: object) -> Cells:
    """A blood count."""
    return {"LBDTC": on(day) if isinstance(day, int) else day, **cells}


def pregnancy_test(day: int, when: str = "REGULAR") -> Cells:
    cells = {"LBTESTCD": "HCG", "LBORRES": "NEGATIVE", "LBORRESU": "", "LBTPT": when}
    return {**cells, "LBDTC": on(day)}


def snapshot(**tables: Iterable[Cells]) -> Snapshot:
    """A snapshot without a manifest. Tables that a test says nothing about hold the usual row: a
    woman who cannot bear children, treated since day 1."""
    return written(
        {"dm": [{}], "ex": [{}], "qs": [{}], "rp": [{}], "sv": [], "lb": []} | tables, USUAL
    )


def with_schedule(**changes: Any) -> Study:
    """The built-in study with another schedule."""
    study = built_in()
    schedule: Schedule = study.protocol.schedule.model_copy(update=changes)
    protocol = study.protocol.model_copy(update={"schedule": schedule})
    return replace(study, protocol=protocol)


def amended(old: Study, new: Study, day: int | date, *, kept: bool = True) -> Study:
    """A study that was changed into another one: version 2.0, in force from a day on."""
    since = on(day) if isinstance(day, int) else day
    (first,) = old.protocol.versions
    second = first.model_copy(update={"id": "2.0", "date": since})
    protocol = new.protocol.model_copy(update={"versions": (first, second)})
    before = KeptVersion(old.protocol, old.headings, dict(old.where), ())  # type: ignore[arg-type]
    return replace(new, protocol=protocol, kept={first.id: before} if kept else {})


def with_visit(identifier: str, of: Study | None = None, **changes: Any) -> Study:
    """A study (the built-in one) with one visit changed."""
    of = of or built_in()
    visits = tuple(
        each.model_copy(update=changes) if each.id == identifier else each
        for each in of.protocol.schedule.visits
    )
    schedule = of.protocol.schedule.model_copy(update={"visits": visits})
    return replace(of, protocol=of.protocol.model_copy(update={"schedule": schedule}))


def calendar(at: int | date, study: Study | None = None, **tables: Iterable[Cells]) -> pl.DataFrame:
    """The contacts of a snapshot on a day."""
    study, cut = study or built_in(), snapshot(**tables)
    return contacts(study, cut, derive(study, cut), on(at) if isinstance(at, int) else at)


def one(rows: pl.DataFrame, identifier: str, day: int | None = None) -> dict[str, Any]:
    """The one contact of an id (and a study day)."""
    found = rows.filter(pl.col("ID") == identifier)
    if day is not None:
        found = found.filter(pl.col("DAY") == day)
    (row,) = found.to_dicts()
    return row


def status(rows: pl.DataFrame, identifier: str, day: int | None = None) -> str:
    """Status of a contact: `done late 2`, `overdue`; `no row` where it is not in the calendar."""
    found = rows.filter(pl.col("ID") == identifier)
    if day is not None:
        found = found.filter(pl.col("DAY") == day)
    if found.is_empty():
        return "no row"
    (row,) = found.to_dicts()
    return f"{row['STATUS']} {row['DAYSOFF']}" if row["DAYSOFF"] else str(row["STATUS"])
