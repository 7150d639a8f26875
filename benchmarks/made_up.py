"""Made-up snapshots of any size, for the benchmarks of deriving and analysing.

Each subject has two doses (some with a gap, some ongoing at the data cut), 20 visits four weeks
apart of which 3 % were missed, three scores and two blood counts at each visit. All dates are
complete, so that a peer need not know how incomplete dates are read. Same seed, same tables.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from pilotage.snapshot import Snapshot

STUDY = "BENCH"
FIRST_DAY = date(2018, 1, 1)
CUT = date(2022, 6, 30)
VISITS = 20
SCORES = ("CLASIACT", "CLASIDAM", "SLEDAI")
MISSED = 0.03


def snapshot(subjects: int, *, seed: int = 1, first: int = 0) -> Snapshot:
    """A snapshot as `read_snapshot` gives it; the subjects are numbered from `first`."""
    tables = made_up(subjects, seed=seed, first=first)
    return Snapshot(
        folder=Path(),
        tables=tables,
        files={name: f"{name}.csv" for name in tables},
        records={},
        manifest=None,
        findings=(),
        synthetic=True,
        data_cut=CUT,
    )


def made_up(subjects: int, *, seed: int = 1, first: int = 0) -> Mapping[str, pl.DataFrame]:
    """The tables dm, ex, qs and lb, their rows in the order of their keys."""
    draw = np.random.Generator(np.random.PCG64((seed, first)))
    names = pl.select(_named(pl.int_range(first, first + subjects))).to_series()
    starts = draw.integers(0, 700, subjects)
    seen = np.ones((subjects, VISITS), dtype=bool)
    seen[:, 1:] = draw.random((subjects, VISITS - 1)) >= MISSED
    late = draw.integers(-3, 4, (subjects, VISITS))
    late[:, 0] = 0
    days = starts[:, None] + 28 * np.arange(VISITS) + late
    return {
        "dm": _people(names, starts, draw),
        "ex": _doses(names, starts, draw),
        "qs": _scores(names, days, seen, draw),
        "lb": _counts(names, days, seen, draw),
    }


def _named(number: pl.Expr) -> pl.Expr:
    return pl.format("S{}", number.cast(pl.String).str.zfill(7)).alias("USUBJID")


def _dates(days: np.ndarray) -> pl.Series:
    """Days since FIRST_DAY as ISO texts."""
    known = pl.Series(days, dtype=pl.Int64) * 86_400_000
    return (known.cast(pl.Duration("ms")) + FIRST_DAY).cast(pl.Date).cast(pl.String)


def _table(domain: str, columns: Mapping[str, object]) -> pl.DataFrame:
    frame = pl.DataFrame(columns).with_columns(
        STUDYID=pl.lit(STUDY), DOMAIN=pl.lit(domain), SRCLINE=pl.int_range(2, pl.len() + 2)
    )
    own = [name for name in columns if name != "USUBJID"]
    return frame.select("STUDYID", "DOMAIN", "USUBJID", *own, "SRCLINE")


def _people(names: pl.Series, starts: np.ndarray, draw: np.random.Generator) -> pl.DataFrame:
    return _table(
        "DM",
        {
            "USUBJID": names,
            "AGE": draw.integers(18, 80, len(names)).astype(float),
            "SEX": pl.Series(draw.random(len(names)) < 0.8).cast(pl.String).replace(
                {"true": "F", "false": "M"}
            ),
            "RFICDTC": _dates(starts - 14),
        },
    )  # fmt: skip


def _doses(names: pl.Series, starts: np.ndarray, draw: np.random.Generator) -> pl.DataFrame:
    number = len(names)
    middle = starts + draw.integers(60, 200, number)
    second = middle + 1 + np.where(draw.random(number) < 0.2, 40, 0)
    end = second + draw.integers(30, 300, number)
    ends = _dates(np.stack([middle, end], axis=1).ravel())
    ongoing = np.zeros((number, 2), dtype=bool)
    ongoing[:, 1] = draw.random(number) < 0.05
    rows = {
        "USUBJID": names.gather(np.repeat(np.arange(number), 2)),
        "EXSEQ": np.tile([1, 2], number),
        "EXTRT": pl.Series(["DRUG"]).new_from_index(0, 2 * number),
        "EXDOSE": np.full(2 * number, 5.0),
        "EXDOSU": pl.Series(["mg"]).new_from_index(0, 2 * number),
        "EXDOSFRQ": pl.Series(["QD", "QOD"] * number),
        "EXSTDTC": _dates(np.stack([starts, second], axis=1).ravel()),
        "EXENDTC": ends.set(pl.Series(ongoing.ravel()), None),
    }
    return _table("EX", rows)


def _at_visits(
    names: pl.Series, days: np.ndarray, seen: np.ndarray, domain: str, tests: int
) -> tuple[dict[str, object], np.ndarray]:
    """USUBJID, --SEQ, VISITNUM, VISIT, --DTC of so many rows at each visit, and which cells of
    subjects x visits x tests they are."""
    wide = np.repeat(seen[:, :, None], tests, axis=2)
    kept = np.flatnonzero(wide.ravel())
    who, visit = kept // (VISITS * tests), kept // tests % VISITS
    order = np.cumsum(wide.reshape(len(names), -1), axis=1).ravel()[kept]
    labels = pl.Series([f"Visit {n}" for n in range(VISITS)])
    return {
        "USUBJID": names.gather(who),
        f"{domain}SEQ": order.astype(np.int64),
        "VISITNUM": visit.astype(float),
        "VISIT": labels.gather(visit),
        f"{domain}DTC": _dates(days.ravel()).gather(who * VISITS + visit),
    }, kept


def _scores(
    names: pl.Series, days: np.ndarray, seen: np.ndarray, draw: np.random.Generator
) -> pl.DataFrame:
    """Activity that falls to nothing in most subjects and comes back in many; damage; SLEDAI."""
    number, visits = len(names), np.arange(VISITS)
    lowest, shape = draw.integers(3, 16, (number, 1)), (number, VISITS)
    fall = draw.integers(4, 40, (number, 1)) - draw.integers(0, 6, (number, 1)) * visits
    back = draw.integers(0, 4, (number, 1)) * np.maximum(0, visits - lowest)
    active = np.clip(np.maximum(fall, 0) + back + draw.integers(-1, 2, shape), 0, 70)
    damage = np.clip(draw.integers(0, 20, (number, 1)) + draw.integers(-1, 2, shape), 0, 56)
    other = np.clip(draw.integers(0, 16, (number, 1)) + draw.integers(-4, 5, shape), 0, 105)
    columns, kept = _at_visits(names, days, seen, "QS", len(SCORES))
    values = pl.Series(np.stack([active, damage, other], axis=2).ravel()[kept], dtype=pl.Int64)
    test = kept % len(SCORES)
    rows = {
        "USUBJID": columns["USUBJID"],
        "QSSEQ": columns["QSSEQ"],
        "QSCAT": pl.Series(["CLASI", "CLASI", "SLEDAI-2K"]).gather(test),
        "QSTESTCD": pl.Series(SCORES).gather(test),
        "QSORRES": values.cast(pl.String),
        "QSSTRESN": values.cast(pl.Float64),
    }
    return _table("QS", rows | columns)


def _counts(
    names: pl.Series, days: np.ndarray, seen: np.ndarray, draw: np.random.Generator
) -> pl.DataFrame:
    shape = (len(names), VISITS)
    neutrophils = np.maximum(2, np.rint(draw.normal(32, 12, shape))).astype(int)
    platelets = np.maximum(20, np.rint(draw.normal(230, 60, shape))).astype(int)
    columns, kept = _at_visits(names, days, seen, "LB", 2)
    tenths = pl.Series(np.stack([neutrophils, platelets], axis=2).ravel()[kept])
    test = pl.Series(kept % 2, dtype=pl.UInt32)
    whole, tenth = tenths.cast(pl.String), (tenths // 10).cast(pl.String)
    counted = pl.DataFrame([tenth.alias("W"), (tenths % 10).cast(pl.String).alias("T")])
    written = counted.select(pl.format("{}.{}", "W", "T")).to_series()
    rows = {
        "USUBJID": columns["USUBJID"],
        "LBSEQ": columns["LBSEQ"],
        "LBTESTCD": pl.Series(["NEUT", "PLAT"]).gather(test),
        "LBORRES": written.zip_with(test == 0, whole),
        "LBORRESU": pl.Series(["10*9/L"]).new_from_index(0, len(test)),
        "LBORNRLO": pl.Series(["1.8", "150"]).gather(test),
        "LBORNRHI": pl.Series(["7.7", "400"]).gather(test),
    }
    return _table("LB", rows | columns)
