"""The contacts that a table of activities asks for: a form that is needed because something holds.

A need arises on the day on which its condition begins to hold, and again when a form that the
condition names is filled anew and it still holds. It is met by data of the form from that day on;
of a log, whose pages are dated by what happened, since the visit before. It has no window: it is
`due` until it is met, `missed` when the same need arises again, when its condition holds no more,
or when the subject has left.

A row of the table asks on the days of those versions of the protocol that have it, each day as the
version in force on it understands its names. With the last day of its last version a need is over.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from pilotage.conditions import Condition, columns, names_in
from pilotage.rules.expected import Course
from pilotage.rules.rulings import states_on
from pilotage.study.protocol import ActivityRow, Protocol, text_of

ONE_DAY = pl.duration(days=1)


@dataclass(frozen=True, slots=True)
class Asking:
    """A row of the table, the last protocol that has it, and the first and the last day on which it
    asks (None: from the beginning; up to the day of the question)."""

    row: ActivityRow
    protocol: Protocol
    since: date | None
    until: date | None


def activities(course: Course) -> pl.DataFrame:
    """USUBJID KIND ID LABEL TARGET FIRST STATUS DONE FORMS REMARK SOURCE of every need up to the
    day of the question, and of those of which nobody can know whether they are there. A row of a
    table has a condition."""
    moments = _moments(course)
    found = [
        _needs(asking, number, _in_force(moments, asking), course)
        for number, asking in enumerate(rows_asking(course))
    ]
    return pl.concat(found, how="diagonal")


def rows_asking(course: Course) -> Iterator[Asking]:
    """Each row of the tables, once for each run of versions that have it."""
    known = [ruling for ruling in course.rulings if ruling.kept]
    tables = [_rows(ruling.record.protocol) for ruling in known]
    for place, (ruling, rows) in enumerate(zip(known, tables, strict=True)):
        for row in rows:
            if place and row in tables[place - 1]:
                continue
            last = place
            while last + 1 < len(known) and row in tables[last + 1]:
                last += 1
            yield Asking(row, known[last].record.protocol, ruling.since, known[last].until)


def _rows(protocol: Protocol) -> list[ActivityRow]:
    return [row for row in protocol.schedule.activities.rows if isinstance(row.when, Condition)]


def _in_force(moments: pl.DataFrame, asking: Asking) -> pl.DataFrame:
    """The moments on the days on which a row asks."""
    if asking.since is not None:
        moments = moments.filter(pl.col("DAY") >= asking.since)
    return moments if asking.until is None else moments.filter(pl.col("DAY") <= asking.until)


def _names(row: ActivityRow) -> tuple[str, ...]:
    return tuple(names_in(row.when)) if isinstance(row.when, Condition) else ()


def _moments(course: Course) -> pl.DataFrame:
    """USUBJID, DAY, BEFORE (the last day seen before it): every day on which a subject was seen,
    the day before it, and the day of the question; none after the end of participation."""
    complete = course.seen.filter(pl.col("FROM") == pl.col("TO"))
    seen = complete.select("USUBJID", DAY="FROM").unique()
    today = course.anchors.select("USUBJID", DAY=pl.lit(course.at))
    eves = seen.with_columns(DAY=pl.col("DAY") - ONE_DAY)
    days = pl.concat([seen, eves, today]).unique()
    begun = seen.group_by("USUBJID").agg(BEGUN=pl.col("DAY").min())
    left = course.ends.select("USUBJID", OVER="TO")
    inside = days.join(begun, on="USUBJID").join(left, on="USUBJID", how="left").filter(
        (pl.col("DAY") >= pl.col("BEGUN"))
        & (pl.col("OVER").is_null() | (pl.col("DAY") <= pl.col("OVER")))
    )  # fmt: skip
    earlier = seen.select("USUBJID", BEFORE="DAY").sort("BEFORE")
    return inside.select("USUBJID", "DAY").sort("DAY").join_asof(
        earlier, left_on="DAY", right_on="BEFORE", by="USUBJID", strategy="backward",
        allow_exact_matches=False, check_sortedness=False,
    ).sort("USUBJID", "DAY")  # fmt: skip


def _needs(asking: Asking, number: int, moments: pl.DataFrame, course: Course) -> pl.DataFrame:
    """The needs of one row of the table, each as it stands."""
    row = asking.row
    known = states_on(course.rulings, moments.select("USUBJID", DATE="DAY"), _names(row))
    asked = pl.concat([moments, known.drop("USUBJID", "DATE")], how="horizontal")
    held = asked.select(
        "USUBJID",
        "DAY",
        "BEFORE",
        HOLDS=columns(row.when, asked.schema),  # type: ignore[arg-type]
    )
    anew = course.found.days.filter(pl.col("FORM").is_in(list(_forms(row))))
    anew = anew.select("USUBJID", DAY="FROM", ANEW=pl.lit(True)).unique()
    held = held.join(anew, on=["USUBJID", "DAY"], how="left", maintain_order="left")
    before = pl.col("HOLDS").shift(1).over("USUBJID").fill_null(False)
    arises = pl.col("HOLDS") & (~before | pl.col("ANEW").fill_null(False))
    ends = pl.when(~pl.col("HOLDS")).then("DAY").backward_fill().over("USUBJID")
    ends = pl.coalesce(ends, pl.lit(asking.until, pl.Date))
    previous = pl.col("DAY").shift(1).over("USUBJID")
    marked = held.with_columns(ENDS=ends, PREVIOUS=previous, WAS=before)
    needs = marked.filter(arises.fill_null(False))
    needs = _first_days(needs, row, course)
    needs = needs.with_columns(AGAIN=pl.col("DAY").shift(-1).over("USUBJID"))
    return pl.concat(
        [_stood(needs, asking, course), _open(held, row, course)], how="diagonal"
    ).with_columns(
        KIND=pl.lit("activity"),
        ID=pl.lit(row.form),
        LABEL=pl.lit(text_of(asking.protocol.forms[row.form].label)),
        FORMS=pl.lit([row.form]),
        SOURCE=pl.lit(list(row.sources)),
        ROW=pl.lit(number),
    )


def _forms(row: ActivityRow) -> Iterable[str]:
    """The forms that a condition names, but for the one it asks for."""
    return {name.partition(".")[0] for name in _names(row) if "." in name} - {row.form}


def _first_days(needs: pl.DataFrame, row: ActivityRow, course: Course) -> pl.DataFrame:
    """DAY moved to the first day on which the condition held, where time alone made it hold:
    between the moment before, at which it did not, and the day found."""
    still = needs.with_columns(LOW=pl.coalesce("PREVIOUS", "DAY"), HIGH="DAY")
    still = still.with_columns(LOW=pl.when("WAS").then("HIGH").otherwise("LOW"))
    while True:
        apart = (still["HIGH"] - still["LOW"]).dt.total_days()
        if not (apart > 1).any():
            return still.with_columns(DAY="HIGH").drop("LOW", "HIGH")
        half = pl.duration(days=(pl.col("HIGH") - pl.col("LOW")).dt.total_days() // 2)
        middle = still.select("USUBJID", DATE=pl.col("LOW") + half)
        known = states_on(course.rulings, middle, _names(row))
        holds = known.select(columns(row.when, known.schema)).to_series().fill_null(False)  # type: ignore[arg-type]
        still = still.with_columns(HELD=holds, MIDDLE=middle["DATE"])
        wide = (pl.col("HIGH") - pl.col("LOW")).dt.total_days() > 1
        still = still.with_columns(
            HIGH=pl.when(wide & pl.col("HELD")).then("MIDDLE").otherwise("HIGH"),
            LOW=pl.when(wide & ~pl.col("HELD")).then("MIDDLE").otherwise("LOW"),
        ).drop("HELD", "MIDDLE")


def _stood(needs: pl.DataFrame, asking: Asking, course: Course) -> pl.DataFrame:
    """How each need stands: met by the first data in time, before it arises again."""
    row = asking.row
    data = course.found.days.filter((pl.col("FORM") == row.form) & pl.col("FROM").is_not_null())
    complete = data.filter(pl.col("FROM") == pl.col("TO")).select("USUBJID", DONE="FROM").unique()
    log = asking.protocol.forms[row.form].repeating
    since = pl.coalesce("BEFORE" if log else pl.lit(None), pl.col("DAY") - ONE_DAY)
    numbered = needs.with_row_index("NEED").with_columns(SINCE=since)
    in_time = (pl.col("DONE") > pl.col("SINCE")) & (
        pl.col("AGAIN").is_null() | (pl.col("DONE") < pl.col("AGAIN"))
    )
    met = numbered.join(complete, on="USUBJID").filter(in_time)
    first = met.group_by("NEED").agg(pl.col("DONE").min())
    doubtful = numbered.join(
        data.filter(pl.col("FROM") < pl.col("TO")).select("USUBJID", "TO"), on="USUBJID"
    ).filter(pl.col("TO") > pl.col("SINCE"))
    known = numbered.join(first, on="NEED", how="left").join(
        doubtful.select("NEED", DOUBT=pl.lit(True)).unique(), on="NEED", how="left"
    )
    over = known.join(course.ends.select("USUBJID", LEFT="TO"), on="USUBJID", how="left")
    no_more = (
        pl.col("AGAIN").is_not_null() | pl.col("ENDS").is_not_null() | pl.col("LEFT").is_not_null()
    )
    nowhere = pl.lit(row.form in course.found.nowhere)
    status = (
        pl.when(pl.col("DONE").is_not_null()).then(pl.lit("done"))
        .when(nowhere | pl.col("DOUBT").is_not_null()).then(pl.lit("unknown"))
        .when(no_more).then(pl.lit("missed"))
        .otherwise(pl.lit("due"))
    )  # fmt: skip
    why = text_of(row.why)
    return over.select(
        "USUBJID", TARGET="DAY", FIRST="DAY", DONE="DONE", STATUS=status, REMARK=pl.lit(why)
    )


def _open(held: pl.DataFrame, row: ActivityRow, course: Course) -> pl.DataFrame:
    """Those of whom it cannot be known on the day of the question whether the need is there, also
    not from answers that have grown old since: those are asked anew at the next visit."""
    words = f"not known whether this holds: {text_of(row.why)}"
    unknown = held.filter(pl.col("HOLDS").is_null() & (pl.col("DAY") == course.at))
    asked = unknown.select("USUBJID", DATE="DAY")
    known = states_on(course.rulings, asked, _names(row), aged=False)
    never = known.filter(columns(row.when, known.schema).is_null())  # type: ignore[arg-type]
    return never.select("USUBJID", STATUS=pl.lit("unknown"), REMARK=pl.lit(words))
