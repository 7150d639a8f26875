"""ADTTE: time to response and to relapse, from the anchors that the study names."""

from collections.abc import Mapping
from functools import cache

import polars as pl

from pilotage.datasets.exposure import Exposure
from pilotage.datasets.relapse import Responses
from pilotage.datasets.small_plans import as_written
from pilotage.datasets.study_day import complete
from pilotage.instruments.division import quotient
from pilotage.study.protocol import Anchor, Protocol, TimeToEvent, text_of

SCHEMA = {
    "USUBJID": pl.String,
    "PARAMCD": pl.String,
    "PARAM": pl.String,
    "STARTDT": pl.Date,
    "ADT": pl.Date,
    "AVAL": pl.Float64,
    "AVALWK": pl.Float64,
    "CNSR": pl.Int64,
    "EVNTDESC": pl.String,
    "SRCDOM": pl.String,
    "SRCSEQ": pl.Int64,
    "SRCITEMS": pl.String,
}

KEYS = ["PARAMCD", "USUBJID"]


def times_to_event(
    adqs: pl.DataFrame, found: Responses | None, exposure: Exposure, protocol: Protocol
) -> pl.DataFrame:
    """One row per subject who can have the event: days from STARTDT to the event (CNSR 0) or to the
    last assessment with a known score (CNSR 1, never before STARTDT), the first day counted as 1.

    Where a date is not complete, what it leaves open is missing: STARTDT, ADT and AVAL, and CNSR
    where it is not known whether the event came after the start.
    """
    if not protocol.time_to_event or found is None:
        return pl.DataFrame(schema={**SCHEMA, "USUBJID": adqs.schema["USUBJID"]})
    times = protocol.time_to_event
    open_doses = unknown_starts(exposure, found.first)
    begun = {
        start: starts(start, exposure, found, open_doses)
        for start in {time.start for time in times.values()}
    }
    started = pl.concat(
        begun[time.start].select(
            "USUBJID",
            "START_FIRST",
            "START_LAST",
            PARAMCD=pl.lit(name),
            EVENT=pl.lit(time.event),
        )
        for name, time in times.items()
    )
    started = started.pipe(as_written).lazy()  # it is asked twice
    last_seen = (
        found.seen.lazy()
        .group_by("USUBJID")
        .agg(SEEN_FIRST=pl.col("DATE_FIRST").max(), SEEN_LAST=pl.col("DATE_LAST").max())
    )
    rows = started.join(first_events(started, found), on=KEYS, how="left").join(
        last_seen, on="USUBJID", how="left"
    )
    return _described(rows, times).pipe(as_written)


def starts(
    anchor: Anchor, exposure: Exposure, found: Responses, open_doses: pl.LazyFrame
) -> pl.LazyFrame:
    """USUBJID, START_FIRST, START_LAST of the subjects who reach the anchor: the days between which
    it lies. Both are missing where it is not known, or not known to have been reached."""
    match anchor:
        case "first dose":
            return (
                exposure.subjects.lazy()
                .filter("DOSED")
                .select("USUBJID", START_FIRST="TRTSDT_MIN", START_LAST="TRTSDT_MAX")
            )
        case "first response":
            return found.first.lazy().select(
                "USUBJID", START_FIRST="RESP_FIRST", START_LAST="RESP_LAST"
            )
        case "first dose reduction after response":
            known = reductions(exposure.changes.lazy(), found.first.lazy())
        case "withdrawal after response":
            known = withdrawals(exposure.cycles.lazy(), found.first.lazy())
    both = pl.when(pl.col("START_LAST").is_not_null())
    sure = known.with_columns(
        START_FIRST=both.then("START_FIRST"), START_LAST=both.then("START_LAST")
    )
    return pl.concat([sure, open_doses])


def unknown_starts(exposure: Exposure, response: pl.DataFrame) -> pl.LazyFrame:
    """Subjects with a response whose doses leave open when they were reduced or stopped."""
    never = pl.lit(None, dtype=pl.Date)
    return (
        response.lazy()
        .join(exposure.cycles.lazy(), on="USUBJID", how="anti")
        .select("USUBJID", START_FIRST=never, START_LAST=never)
    )


def reductions(changes: pl.LazyFrame, response: pl.LazyFrame) -> pl.LazyFrame:
    """The first day after the day of response on which the mean daily dose is lower than on the day
    before. A change to or from a dose that is not known may be it."""
    lower = pl.col("AFTER") < pl.col("BEFORE")
    after = changes.join(response, on="USUBJID").filter(
        (pl.col("DATE") > pl.col("RESP_FIRST")) & lower.fill_null(True)
    )
    certain = lower.fill_null(False) & (pl.col("DATE") > pl.col("RESP_LAST"))
    return after.group_by("USUBJID").agg(
        START_FIRST=pl.col("DATE").min(), START_LAST=pl.col("DATE").filter(certain).min()
    )


def withdrawals(cycles: pl.LazyFrame, response: pl.LazyFrame) -> pl.LazyFrame:
    """The last dose day of the first cycle that ended on or after the day of response. A cycle that
    goes on at the data cut has not ended."""
    ended = cycles.join(response, on="USUBJID").filter(
        ~pl.col("ONGOING") & (pl.col("CYCENDT") >= pl.col("RESP_FIRST"))
    )
    certain = pl.col("CYCENDT") >= pl.col("RESP_LAST")
    return ended.group_by("USUBJID").agg(
        START_FIRST=pl.col("CYCENDT").min(), START_LAST=pl.col("CYCENDT").filter(certain).min()
    )


def first_events(started: pl.LazyFrame, found: Responses) -> pl.LazyFrame:
    """For each start with an event that may lie after it: HAPPENED, whether one certainly does, and
    the days EVENT_FIRST, EVENT_LAST between which the first one lies, with its source."""
    row = ["USUBJID", "DATE_FIRST", "DATE_LAST", "SRCSEQ", "SRCITEMS"]
    events = pl.concat(
        [
            found.rows.lazy().select(*row, EVENT=pl.lit("response")),
            found.seen.lazy().filter("IS_RELAPSE").select(*row, EVENT=pl.lit("relapse")),
        ]
    )
    certain = pl.col("DATE_FIRST") > pl.col("START_LAST")
    return (
        started.join(events, on=["USUBJID", "EVENT"])
        .filter(pl.col("DATE_LAST") > pl.col("START_FIRST"))
        .sort(*KEYS, "DATE_FIRST", "DATE_LAST", "SRCSEQ")
        .with_columns(CERTAIN=certain)
        .group_by(KEYS, maintain_order=True)
        .agg(_FIRST_EVENT)
    )


_FIRST_EVENT = [
    pl.col("SRCSEQ", "SRCITEMS").filter("CERTAIN").first(),
    pl.col("CERTAIN").any().alias("HAPPENED"),
    pl.col("DATE_FIRST").first().alias("EVENT_FIRST"),
    pl.col("DATE_LAST").filter("CERTAIN").min().alias("EVENT_LAST"),
]


def _described(rows: pl.LazyFrame, times: Mapping[str, TimeToEvent]) -> pl.LazyFrame:
    label = pl.col("PARAMCD").replace_strict(
        {name: text_of(time.label) for name, time in times.items()}, return_dtype=pl.String
    )
    first, *later = _described_in_steps()
    rows = rows.with_columns(*first, PARAM=label)
    for columns in later:
        rows = rows.with_columns(columns)
    return rows.select(list(SCHEMA))


@cache
def _described_in_steps() -> tuple[list[pl.Expr], ...]:
    """The columns of the dataset; those of a step need the columns of the steps before."""
    happened, start = pl.col("HAPPENED"), pl.col("STARTDT")
    since = pl.col("SEEN_LAST") > start
    last_day = pl.when(since).then(complete("SEEN_FIRST", "SEEN_LAST")).otherwise(start)
    elapsed = (pl.col("ADT") - start).dt.total_days()
    day = pl.when(happened).then("EVENTDT").when(happened.is_null()).then("CENSORED")
    known = pl.when(pl.col("START_FIRST").is_not_null())
    censored = pl.when(happened).then(pl.lit(0, dtype=pl.Int64)).when(happened.is_null())
    return (
        [
            complete("START_FIRST", "START_LAST").alias("STARTDT"),
            complete("EVENT_FIRST", "EVENT_LAST").alias("EVENTDT"),
        ],
        [pl.when(start.is_not_null()).then(last_day).alias("CENSORED")],
        [day.alias("ADT")],
        [
            (elapsed + 1).cast(pl.Float64).alias("AVAL"),
            quotient(elapsed, 7).alias("AVALWK"),
            known.then(censored.then(pl.lit(1, dtype=pl.Int64))).alias("CNSR"),
            _words(since).alias("EVNTDESC"),
            pl.when(happened).then(pl.lit("QS")).alias("SRCDOM"),
        ],
    )


def _words(since: pl.Expr) -> pl.Expr:
    """EVNTDESC; `since`: a known score was seen after the start."""
    happened, event = pl.col("HAPPENED"), pl.col("EVENT")
    return (
        pl.when(pl.col("START_FIRST").is_null())
        .then(pl.lit("the start is not known"))
        .when(happened & pl.col("EVENTDT").is_null())
        .then(pl.format("{}, on a date that is not complete", event))
        .when(happened)
        .then(event)
        .when(happened.is_not_null())
        .then(pl.format("{} on a date that may lie before the start", event))
        .when(since & pl.col("ADT").is_null())
        .then(pl.lit("last assessment with a known score, on a date that is not complete"))
        .when(pl.col("STARTDT").is_null() | since)
        .then(pl.lit("last assessment with a known score"))
        .otherwise(pl.lit("no assessment with a known score after the start"))
    )
