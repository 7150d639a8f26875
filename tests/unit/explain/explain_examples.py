"""Small lives: a man in the built-in study, day by day.

Days are written as numbers: 1 is the first dose, on 6 January 2020, and -1 the day before it. What
a test says nothing about is as it should be.
"""

import functools
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from written_tables import written

from pilotage.explain import Day, Entry, Life, explain
from pilotage.explain.case import Case, case_of
from pilotage.snapshot import Snapshot
from pilotage.study import Study, load_study

FIRST_DOSE = date(2020, 1, 6)
Cells = Mapping[str, object]
Tables = Mapping[str, Sequence[Cells]]

USUAL: Mapping[str, Mapping[str, object]] = {
    "dm": {"AGE": 44, "SEX": "M", "RFICDTC": "2019-12-23"},
    "ex": {"EXTRT": "LENALIDOMIDE", "EXDOSE": 5, "EXDOSU": "mg", "EXDOSFRQ": "QD",
           "EXSTDTC": "2020-01-06", "EXENDTC": ""},
    "qs": {"QSCAT": "CLASI", "QSTESTCD": "CLASIACT", "QSORRES": 10, "QSSTRESN": 10,
           "VISITNUM": "", "VISIT": "", "QSDTC": ""},
    "lb": {"LBTESTCD": "NEUT", "LBORRES": "3.5", "LBORRESU": "10*9/L", "LBORNRLO": "1.8",
           "LBORNRHI": "7.5", "VISITNUM": "", "VISIT": "", "LBDTC": ""},
    "fa": {"FATESTCD": "", "FAORRES": "N", "FADTC": ""},
    "ae": {"AETERM": "Nausea", "AESEV": "MILD", "AESER": "N", "AESTDTC": "", "AEENDTC": "",
           "AETOXGR": "", "AEOUT": ""},
    "ds": {"DSDECOD": "COMPLETED", "DSSTDTC": "", "DSCAT": "DISPOSITION EVENT", "DSSCAT": "",
           "DSTERM": ""},
    "sv": {"VISITNUM": "", "VISIT": "", "SVSTDTC": ""},
    "dv": {"DVTERM": "", "DVDECOD": "", "DVSTDTC": ""},
}  # fmt: skip


@functools.cache
def built_in() -> Study:
    return load_study("lenalidomide_cle")


def on(day: int) -> date:
    """The date of a study day."""
    return FIRST_DOSE + timedelta(days=day - 1 if day > 0 else day)


def score(day: int, value: object) -> Cells:
    return {"QSDTC": on(day), "QSORRES": value, "QSSTRESN": value}


def blood(day: int, **values: object) -> list[Cells]:
    """A blood count; all values normal but those that are given."""
    normal: dict[str, tuple[object, str, str, str]] = {
        "NEUT": ("3.5", "10*9/L", "1.8", "7.5"), "WBC": ("6", "10*9/L", "4", "11"),
        "PLAT": ("250", "10*9/L", "150", "400"), "HGB": ("140", "g/L", "120", "160"),
    }  # fmt: skip
    return [
        {"LBTESTCD": code, "LBORRES": values.get(code, value), "LBORRESU": unit,
         "LBORNRLO": low, "LBORNRHI": high, "LBDTC": on(day)}
        for code, (value, unit, low, high) in normal.items()
    ]  # fmt: skip


REVIEW = ("CONSWD", "LIFETHR", "FLAREALT", "PHYSSTOP", "SYSEXAC", "AEANY", "BGCHANGE")


def review(day: int, *, without: Iterable[str] = (), **answers: str) -> list[Cells]:
    """The questions of a visit; all answered no but those that are given."""
    return [
        {"FATESTCD": code, "FAORRES": answers.get(code, "N"), "FADTC": on(day)}
        for code in REVIEW
        if code not in set(without)
    ]


def dose(
    first: int | str, last: int | str | None = None, *, mg: object = 5, often: str = "QD"
) -> Cells:
    def written(day: int | str | None) -> object:
        return "" if day is None else on(day) if isinstance(day, int) else day

    return {"EXDOSE": mg, "EXDOSFRQ": often, "EXSTDTC": written(first), "EXENDTC": written(last)}


def visits(*days: int) -> list[Cells]:
    return [{"SVSTDTC": on(day)} for day in days]


def treated(
    scores: Mapping[int, object], doses: Sequence[Cells] | None = None
) -> dict[str, list[Cells]]:
    """A life with a visit, a blood count and all answers on each day of a score."""
    days = list(scores)
    return {
        "ex": list(doses or [dose(1)]),
        "qs": [score(day, value) for day, value in scores.items()],
        "lb": [row for day in days for row in blood(day)],
        "fa": [row for day in days for row in review(day)],
        "sv": visits(*days),
    }


def snapshot(**tables: Iterable[Cells]) -> Snapshot:
    """A snapshot without a manifest."""
    return written({"dm": [{}], "ex": [], "qs": [], **tables}, USUAL)


def life(at: int | date | None = None, **tables: Iterable[Cells]) -> Life:
    return explain(built_in(), snapshot(**tables), "S01", on(at) if isinstance(at, int) else at)


def case(at: int, **tables: Iterable[Cells]) -> Case:
    return case_of(built_in(), snapshot(**tables), "S01", on(at))


def told(of: Life, day: int | str) -> Day:
    """The one day of a life, by its number or its date as it was written."""
    written = on(day).isoformat() if isinstance(day, int) else day
    (found,) = (each for each in of.days if each.written == written)
    return found


def entry(of: Life, day: int | str, kind: str) -> Entry:
    """The one entry of a kind on a day."""
    (found,) = (each for each in told(of, day).entries if each.kind == kind)
    return found


def said(of: Life, day: int | str, kind: str) -> list[str]:
    """What the entries of a kind say on a day; nothing where the day is not told."""
    written = on(day).isoformat() if isinstance(day, int) else day
    days = [each for each in of.days if each.written == written]
    return [each.what for one in days for each in one.entries if each.kind == kind]
