"""Small snapshots for the review of what was recorded."""

from datetime import date

import polars as pl
from calendar_examples import Cells, built_in, count, on, snapshot

from pilotage.datasets import derive
from pilotage.instruments import instruments
from pilotage.rules.departures import Review, review
from pilotage.study import Study


def reviewed(at: int | date, study: Study | None = None, **tables: object) -> Review:
    cut = snapshot(**tables)  # type: ignore[arg-type]
    day = on(at) if isinstance(at, int) else at
    of = study or built_in()
    return review(of, cut, derive(of, cut), day)


def skin(**totals: int) -> list[Cells]:
    """Stated totals of the activity score: day written D29 for 29, B for the day before the first
    dose."""
    days = {"B": -1} | {f"D{day}": day for day in range(1, 400)}
    return [
        {"QSTESTCD": "CLASIACT", "QSORRES": value, "QSSTRESN": value, "QSDTC": on(days[when])}
        for when, value in totals.items()
    ]


def no_reason_to_stop(*days: int) -> list[Cells]:
    codes = ("CONSWD", "LIFETHR", "FLAREALT", "PHYSSTOP")
    return [{"FATESTCD": c, "FAORRES": "N", "FADTC": on(day)} for day in days for c in codes]


def counts(*days: int, **cells: object) -> list[Cells]:
    """Full counts without harm."""
    values = {"NEUT": 3.5, "WBC": 6, "PLAT": 250, "HGB": 130} | cells
    units = {"HGB": "g/L"}
    limits = {"NEUT": (1.8, 7.5), "WBC": (4, 11), "PLAT": (150, 400), "HGB": (120, 160)}
    return [
        count(
            day,
            LBTESTCD=code,
            LBORRES=value,
            LBORRESU=units.get(code, "10*9/L"),
            LBORNRLO=limits[code][0],
            LBORNRHI=limits[code][1],
        )
        for day in days
        for code, value in values.items()
    ]


def systemic(*days: int) -> list[Cells]:
    """SLEDAI of 0, as its items."""
    scale = instruments["sledai_2k"]
    return [
        {"QSCAT": scale.category, "QSTESTCD": item.code, "QSORRES": 0, "QSSTRESN": 0,
         "QSDTC": on(day)}
        for day in days
        for item in scale.items
    ]  # fmt: skip


def verdict_at(found: Review, day: int) -> tuple[str, str, str]:
    (row,) = found.doses.filter(pl.col("DATE") == on(day)).to_dicts()
    return row["AT"], row["ENTERED"], row["VERDICT"]
