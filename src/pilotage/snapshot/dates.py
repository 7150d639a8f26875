"""Dates as SDTM writes them: ISO 8601 text that may stop early or leave out the month.

| text | meaning | first to last possible day |
|---|---|---|
| `2009-03-15` | a day | that day |
| `2009-03-15T09:30` | a day with a time (hour, minute, second, fraction) | that day |
| `2009-03` | a month | 2009-03-01 to 2009-03-31 |
| `2009` | a year | 2009-01-01 to 2009-12-31 |
| `2009---15` | a day of an unknown month | 2009-01-15 to 2009-12-15 |
| `--03-15`, `--03`, `----15` | the year is unknown | not known |

A zone (`Z`, `+02:00`) may follow a time; it is kept in the text and not used: study days are the
days of the place where the date was written. The hour 24, the second 60 and years outside 1900 to
2100 are refused. Everything here agrees with `partial_date`, the reader of one value.

Source: SDTM IG 3.4, section 4.4.2 (partial dates); ISO 8601.
"""

import re
from calendar import month_name, monthrange
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

import polars as pl

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100

EXPECTED: Final = "write 2009-03-15, 2009-03-15T09:30, 2009-03 or 2009"

_TIME: Final = (
    r"T([01][0-9]|2[0-3])(:[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?)?"
    r"(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?"
)
_DAY: Final = rf"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}({_TIME})?$"
_MONTH: Final = r"^[0-9]{4}-[0-9]{2}$"
_YEAR: Final = r"^[0-9]{4}$"
_DAY_OF_UNKNOWN_MONTH: Final = r"^[0-9]{4}---[0-9]{2}$"
_ZONE: Final = r"T.*(Z|[+-][0-9:]+)$"

# Looser than the patterns above, so that what is wrong with a date can be said in words.
_PARTS: Final = re.compile(
    r"(?:(?P<year>[0-9]{4})|-)"
    r"(?:-(?:(?P<month>[0-9]{2})|-)(?:-(?P<day>[0-9]{2})"
    r"(?:T(?P<hour>[0-9]{2})(?::(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]{1,9})?)?)?"
    r"(?P<zone>Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?)?)?",
)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """What a text says about a day: the first and last possible day (None: the year is unknown)
    and the time as written, without fraction of a zone (None: no time)."""

    first: date | None
    last: date | None
    time: str | None = None


def partial_date(text: str) -> PartialDate:
    """Read one date. Raises ValueError, saying what is wrong with it in a few words."""
    found = _PARTS.fullmatch(text)
    # What is unknown at the end is left off: neither `2009--` nor `-` is a date.
    if found is None or not (found["month"] or found["day"] or len(text) == 4):
        raise ValueError(f"which is not a date of ISO 8601; {EXPECTED}")
    year, month, day, hour, minute, second = (
        None if found[name] is None else int(found[name])
        for name in ("year", "month", "day", "hour", "minute", "second")
    )
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"but its year is not between {FIRST_YEAR} and {LAST_YEAR}")
    _check_day(year, month, day)
    if hour is not None:
        if year is None or month is None:
            raise ValueError(f"a time without a full date; {EXPECTED}")
        _check_time(hour, minute, second, found["zone"])
    return PartialDate(
        first=None if year is None else date(year, month or 1, day or 1),
        last=None if year is None else _last_day(year, month, day),
        time=None if hour is None else text[11:].removesuffix(found["zone"] or ""),
    )


def _check_day(year: int | None, month: int | None, day: int | None) -> None:
    if month is not None and not 1 <= month <= 12:
        raise ValueError(f"but there is no month {month:02}")
    if day is None:
        return
    if day == 0:
        raise ValueError("but there is no day 00")
    # 2000 is a leap year: where the year is unknown, 29 February is possible.
    days = 31 if month is None else monthrange(2000 if year is None else year, month)[1]
    if day > days:
        named = "a month" if month is None else month_name[month]
        when = "" if year is None or month is None else f" {year}"
        raise ValueError(f"but {named}{when} has {days} days")


def _check_time(hour: int, minute: int | None, second: int | None, zone: str | None) -> None:
    if hour == 24:
        raise ValueError("but the hour 24 does not exist; midnight is T00:00 of the next day")
    if hour > 23 or (minute or 0) > 59 or (second or 0) > 59:
        raise ValueError("but its time does not exist; the last second of a day is T23:59:59")
    if zone and zone != "Z" and (int(zone[1:3]) > 14 or int(zone[3:].strip(":") or 0) > 59):
        raise ValueError("but its zone does not exist; zones go from -14:00 to +14:00")


def _last_day(year: int, month: int | None, day: int | None) -> date:
    month = month or 12
    return date(year, month, day or monthrange(year, month)[1])


def first_day(text: pl.Expr) -> pl.Expr:
    """The first possible day of each date; null where the date is missing, is not a date, or its
    year is unknown."""
    shape = text.str.len_bytes()
    return _day(
        pl.when((shape >= 10) & text.str.contains(_DAY)).then(text.str.slice(0, 10))
        .when((shape == 7) & text.str.contains(_MONTH)).then(text + "-01")
        .when((shape == 4) & text.str.contains(_YEAR)).then(text + "-01-01")
        .when((shape == 9) & text.str.contains(_DAY_OF_UNKNOWN_MONTH))
        .then(text.str.slice(0, 4) + "-01-" + text.str.slice(7, 2))
    )  # fmt: skip


def last_day(text: pl.Expr) -> pl.Expr:
    """The last possible day of each date; null where `first_day` is."""
    first = first_day(text)
    shape = text.str.len_bytes()
    return (
        pl.when(shape >= 10).then(first)
        .when(first.is_null()).then(None)
        .when(shape == 7).then(first.dt.month_end())
        .when(shape == 4).then(_day(text.str.slice(0, 4) + "-12-31"))
        .when(shape == 9).then(_day(text.str.slice(0, 4) + "-12-" + text.str.slice(7, 2)))
    )  # fmt: skip


def time_of_day(text: pl.Expr) -> pl.Expr:
    """The time of each date as written, without its zone; null where there is none."""
    return pl.when(first_day(text).is_not_null()).then(text.str.extract("T([0-9:.]+)"))


def _day(text: pl.Expr) -> pl.Expr:
    day = text.str.to_date("%Y-%m-%d", strict=False)
    return pl.when(day.dt.year().is_between(FIRST_YEAR, LAST_YEAR)).then(day)


def with_interval(frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Add for each column <column>_FIRST and <column>_LAST (first and last possible day) and
    <column>_TIME (the time as written, HH:MM or HH:MM:SS, so that the order of the texts is the
    order in time).

    All three are null where the column is null; FIRST and LAST also where the year is unknown.
    """
    days = frame.select(map(_whole_day, columns))
    for column, day in zip(columns, days, strict=True):
        if not _are_days(day, frame[column]):
            frame = frame.with_columns(_interval(column))
            continue
        none = pl.Series(f"{column}_TIME", [None], pl.String).new_from_index(0, frame.height)
        read = pl.DataFrame([day.alias(f"{column}_FIRST"), day.alias(f"{column}_LAST"), none])
        frame = frame[[name for name in frame.columns if name not in read.columns]].hstack(read)
    return frame


@cache
def _whole_day(column: str) -> pl.Expr:
    text = pl.col(column)
    return pl.when(text.str.len_bytes() == 10).then(text.str.to_date("%Y-%m-%d", strict=False))


@cache
def _interval(column: str) -> tuple[pl.Expr, ...]:
    text = pl.col(column)
    return (
        first_day(text).alias(f"{column}_FIRST"),
        last_day(text).alias(f"{column}_LAST"),
        time_of_day(text).alias(f"{column}_TIME"),
    )


def _are_days(days: pl.Series, texts: pl.Series) -> bool:
    """Are these the dates of the texts? They are where all texts are whole days, as most are."""
    if days.null_count() != texts.null_count():
        return False
    # compared by Polars: Python has no date of the year 0, which a text can name
    inside = days.is_between(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
    return bool(inside.all())


@dataclass(frozen=True, slots=True)
class Survey:
    """What some texts are as dates: `wrong` says of each that is no possible date what is
    wrong with it, `zoned` are those with a zone, `latest` is the latest first possible day."""

    wrong: dict[str, str]
    zoned: list[str]
    latest: date | None


_TEXT: Final = pl.col("text")
_READ: Final = (_TEXT, first_day(_TEXT).alias("FIRST"), _TEXT.str.contains(_ZONE).alias("ZONED"))


def survey(texts: pl.Series) -> Survey:
    """Look through texts, none of them missing."""
    read = texts.to_frame("text").select(_READ)
    unread = read["FIRST"].is_null()
    wrong = {}
    for value in read["text"].filter(unread):
        try:
            partial_date(value)
        except ValueError as problem:
            wrong[value] = str(problem)
    latest = read["FIRST"].max()
    return Survey(
        wrong=wrong,
        zoned=read["text"].filter(read["ZONED"] & ~unread).to_list(),
        latest=latest if isinstance(latest, date) else None,
    )
