"""Finds, for many moments at once, the last record of a name on or before the day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from pilotage.rules.inputs import AgeLimit, Problem
from pilotage.snapshot.dates import with_interval

Whole = npt.NDArray[np.int64]
Truth = npt.NDArray[np.bool_]

PROBLEMS: tuple[Problem | None, ...] = (
    None,
    "missing",
    "too old",
    "no maximum age",
    "no unit or value",
    "date incomplete",
    "not computed",
    "values differ",
)
"""The problems by their number; 0 is none."""

MISSING, TOO_OLD, NO_LIMIT, NO_VALUE, UNDATED, NOT_COMPUTED, DIFFER = range(1, 8)

_DAYS = 17  # bits of a key that hold the day: days since 1970 up to the year 2328
NEVER, ALWAYS = -(2**31), 2**31


@dataclass(frozen=True)
class Moments:
    """Subjects (their place in the record; -1 for an unknown one) on days since 1970."""

    subject: Whole
    day: Whole

    def __len__(self) -> int:
        return len(self.day)

    @cached_property
    def key(self) -> Whole:
        return key_of(self.subject, self.day)

    def earlier(self, days: int) -> "Moments":
        return Moments(self.subject, self.day - days)


def key_of(subject: Whole, day: Whole) -> Whole:
    """One number by which subjects, and the days of a subject, are in order."""
    return (subject << _DAYS) + np.clip(day, 0, 2**_DAYS - 1)


@dataclass(frozen=True)
class Records:
    """The records of one name in the order of subjects and dates; FIRST and LAST are the days since
    1970 between which each lies. Of one day the later time comes later, then the higher number."""

    rows: pl.DataFrame

    @cached_property
    def subject(self) -> Whole:
        return self.rows["SUBJECT"].to_numpy().astype(np.int64)

    @cached_property
    def first(self) -> Whole:
        return self.rows["FIRST"].to_numpy().astype(np.int64)

    @cached_property
    def last(self) -> Whole:
        return self.rows["LAST"].to_numpy().astype(np.int64)

    @cached_property
    def key(self) -> Whole:
        return key_of(self.subject, self.first)

    def undated_rows(self, row: Whole) -> Truth:
        """Whether the dates of these rows are not complete; -1 is no row."""
        if not len(self.first):
            return np.zeros(len(row), dtype=np.bool_)
        loose: Truth = (self.first != self.last)[row] & (row >= 0)
        return loose

    @cached_property
    def of_one_day(self) -> Mapping[int, Sequence[int]]:
        """The rows of every day that has more than one, in order, by the last of them."""
        dated = np.flatnonzero(self.first == self.last)
        if len(np.unique(self.key[dated])) == len(dated):
            return {}
        days = pl.DataFrame({"DAY": self.key[dated], "ROW": dated})
        groups = days.group_by("DAY").agg("ROW").filter(pl.col("ROW").list.len() > 1)["ROW"]
        return {rows[-1]: rows for rows in groups.to_list()}

    @cached_property
    def rivals(self) -> Mapping[int, Sequence[int]]:
        """Of every day with several rows, by the last of them in order: the others that may be the
        last one too, since a time is missing or the same."""
        found = {}
        for last, rows in self.of_one_day.items():
            times = self.rows["TIME"].gather(list(rows)).to_list()
            own = [r for r, t in zip(rows, times, strict=True) if t is None or t == times[-1]]
            if len(own) > 1:
                found[last] = [row for row in own if row != last]
        return found

    @cached_property
    def undated(self) -> Whole:
        """The subjects with a record whose date is not complete."""
        return np.unique(self.subject[self.first != self.last])


def records(raw: pl.DataFrame, subjects: pl.Series) -> Records:
    """The rows in order, with SUBJECT, FIRST, LAST and TIME. Needs USUBJID, DTC and ORDER."""
    place = pl.col("USUBJID").cast(pl.String).cast(pl.Enum(subjects), strict=False).to_physical()
    dated = with_interval(raw, "DTC").rename({"DTC_TIME": "TIME"})
    days = [
        pl.col(f"DTC_{end}").to_physical().cast(pl.Int64).fill_null(unknown).alias(end)
        for end, unknown in (("FIRST", NEVER), ("LAST", ALWAYS))
    ]
    ordered = (
        dated.lazy()
        .with_columns(*days, SUBJECT=place.cast(pl.Int64))
        .drop("DTC_FIRST", "DTC_LAST")
        .filter(pl.col("SUBJECT").is_not_null())
        .sort("SUBJECT", "FIRST", "TIME", "ORDER", nulls_last=False)
        .collect(engine="in-memory")
    )
    return Records(ordered)


@dataclass(frozen=True, slots=True)
class Found:
    """For each moment the row of the records that is judged (-1: there is none), and the number of
    the problem that keeps its value from being used."""

    row: Whole
    problem: Whole

    def only(self, place: Whole) -> "Found":
        return Found(self.row[place], self.problem[place])


def look_up(kept: Records, at: Moments, limit: AgeLimit, asked: pl.Series | None = None) -> Found:
    """The last record on or before each day, unless its value is missing, it is too old, or it
    cannot be known which record is the last one. `asked` is what is read of the records, by which
    those of one day may differ: VALUE where nothing else is."""
    row, problem = last_on_or_before(kept, at)
    found = row >= 0
    values = kept.rows["VALUE"]
    if len(values):
        null = values.is_null().to_numpy()
        useless = found & null[np.where(found, row, 0)] & (problem == 0)
        problem[useless] = NO_VALUE
        if len(kept.undated):
            _agree(kept, at, Found(row, problem), values if asked is None else asked, limit)
        if kept.rivals:
            _disagree(kept, row, problem, values if asked is None else asked)
        if isinstance(limit, int):
            _age(kept, at, row, problem, limit)
    if limit == "not stated":
        problem[found & (problem == 0)] = NO_LIMIT
    return Found(row, problem)


def _agree(kept: Records, at: Moments, found: Found, asked: pl.Series, limit: AgeLimit) -> None:
    """Where the last record is not known but all that may be it say the same, and none is too old,
    what they say is known."""
    for place in np.flatnonzero(found.problem == UNDATED):
        day = int(at.day[place])
        own = np.flatnonzero((kept.subject == at.subject[place]) & (kept.first <= day))
        sure = kept.first[own[kept.last[own] <= day]]
        if not len(sure) or kept.first[own].min() == NEVER:
            continue  # perhaps there is none at all
        rows = own[np.minimum(kept.last[own], day) >= sure.max()]
        said = asked.gather(rows)
        young = not isinstance(limit, int) or day - kept.first[rows].min() <= limit
        usable = not (said.null_count() or kept.rows["VALUE"].gather(rows).null_count())
        if young and usable and said.n_unique() == 1:
            dated = rows[kept.first[rows] == kept.last[rows]]
            found.row[place] = dated[-1] if len(dated) else rows[-1]
            found.problem[place] = 0


def _disagree(kept: Records, row: Whole, problem: Whole, asked: pl.Series) -> None:
    """Where two rows may be the last one of their day, what they say must be the same."""
    pairs = [(last, other) for last, others in kept.rivals.items() for other in others]
    own, other = (asked.gather([pair[end] for pair in pairs]) for end in (0, 1))
    differing = [pairs[at][0] for at in own.ne_missing(other).arg_true()]
    unsure = np.isin(row, differing) & np.isin(problem, (0, NO_VALUE))
    problem[unsure] = DIFFER


def _age(kept: Records, at: Moments, row: Whole, problem: Whole, limit: int) -> None:
    place = np.where(row >= 0, row, 0)
    judged = (row >= 0) & np.isin(problem, (0, DIFFER))
    surely, perhaps = at.day - kept.last[place] > limit, at.day - kept.first[place] > limit
    problem[judged & perhaps] = UNDATED
    problem[judged & surely] = TOO_OLD


def last_on_or_before(kept: Records, at: Moments) -> tuple[Whole, Whole]:
    """The row of the last record on or before each day (-1: none), with problems so far."""
    row = np.searchsorted(kept.key, at.key, side="right").astype(np.int64) - 1
    problem = np.zeros(len(at), dtype=np.int64)
    if len(kept.key):
        other = kept.subject[np.where(row >= 0, row, 0)] != at.subject
        row[other | (at.subject < 0) | (at.day == NEVER)] = -1
    else:
        row[:] = -1
    problem[row < 0] = MISSING
    if len(kept.undated):
        _settle_undated(kept, at, row, problem)
    return row, problem


def _settle_undated(kept: Records, at: Moments, row: Whole, problem: Whole) -> None:
    """Subjects with incomplete dates: which record is the last one must be known, and that it does
    not lie after the day."""
    places = np.flatnonzero(np.isin(at.subject, kept.undated) & (at.day != NEVER))
    if not len(places):
        return
    asked = pl.DataFrame({"PLACE": places, "SUBJECT": at.subject[places], "DAY": at.day[places]})
    every = pl.DataFrame(
        {
            "SUBJECT": kept.subject,
            "ROW": np.arange(len(kept.subject)),
            "FIRST": kept.first,
            "LAST": kept.last,
        }
    )
    latest = pl.col("FIRST").max().over("PLACE")
    loose = pl.col("FIRST") != pl.col("LAST")
    candidates = (
        asked.join(every, on="SUBJECT")
        .filter(pl.col("FIRST") <= pl.col("DAY"))
        .filter(pl.col("LAST") >= latest)
        .group_by("PLACE")
        .agg(
            ROW=pl.col("ROW").max(),
            LOOSE=pl.col("ROW").filter(loose).max(),
            SURE=((pl.col("FIRST") == pl.col("LAST")).all())
            | ((pl.len() == 1) & (pl.col("LAST") <= pl.col("DAY")).all()),
        )
    )
    chosen = candidates["PLACE"].to_numpy()
    row[places], problem[places] = -1, MISSING
    sure = candidates["SURE"].to_numpy()
    of_row = (candidates[name].fill_null(-1).to_numpy() for name in ("ROW", "LOOSE"))
    row[chosen] = np.where(sure, *of_row)  # where it is not known, the incomplete date is why
    problem[chosen] = np.where(sure, 0, UNDATED)


def gathered(column: pl.Series, found: Found) -> pl.Series:
    """The values of the rows found; null where there is a problem."""
    usable = (found.problem == 0) & (found.row >= 0)
    return taken(column, np.where(usable, found.row, -1))


def taken(column: pl.Series, row: Whole) -> pl.Series:
    """The values in these rows; null for row -1."""
    if not len(column):
        return column.clear(len(row))
    place = pl.Series(row)
    return column.gather(place.set(place < 0, None))
