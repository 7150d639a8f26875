"""ADTTE: time to response and to relapse, from the anchors that the study names."""

import polars as pl

from pilotage.datasets.exposure import Exposure
from pilotage.datasets.relapse import first_responses, relapse_facts
from pilotage.instruments.division import quotient
from pilotage.study.protocol import Protocol, TimeToEvent, text_of

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


def times_to_event(
    adqs: pl.DataFrame, adrs: pl.DataFrame, exposure: Exposure, protocol: Protocol
) -> pl.DataFrame:
    """One row per subject who can have the event: days from STARTDT to the event (CNSR 0) or to the
    last assessment with a known score (CNSR 1, never before STARTDT), the first day counted as 1.
    A subject whose start is not known keeps its row, with nothing in it."""
    empty = pl.DataFrame(schema={**SCHEMA, "USUBJID": adqs.schema["USUBJID"]})
    if not protocol.time_to_event or protocol.relapse is None:
        return empty
    code = protocol.relapse.classification
    parameter = protocol.classifications[code].parameter
    findings = adqs.lazy()
    assessed = adrs.lazy().filter(pl.col("PARAMCD") == code)
    response = first_responses(assessed, protocol.relapse.after)
    facts = relapse_facts(findings, protocol).select(
        "USUBJID", "ADT", "SEQ", "IS_RELAPSE", "SRCSEQ", "SRCITEMS"
    )
    answered = assessed.select(
        "USUBJID",
        "ADT",
        "SRCSEQ",
        "SRCITEMS",
        IS_RESPONSE=pl.col("AVALC") == protocol.relapse.after,
    )
    events = {
        "response": answered.filter("IS_RESPONSE"),
        "relapse": facts.filter("IS_RELAPSE"),
    }
    last_seen = (
        findings.filter((pl.col("PARAMCD") == parameter) & pl.col("AVAL").is_not_null())
        .group_by("USUBJID")
        .agg(LAST_SEEN=pl.col("ADT").max())
    )
    parts = [empty.lazy()]
    for name, time in protocol.time_to_event.items():
        start = starts(time, exposure, response)
        parts.append(_times(start, events[time.event], last_seen, name=name, time=time))
    return pl.concat(parts, how="vertical_relaxed").collect(engine="in-memory")


def starts(time: TimeToEvent, exposure: Exposure, response: pl.LazyFrame) -> pl.LazyFrame:
    """USUBJID, STARTDT of the subjects who reach the anchor; STARTDT is missing where the first
    dose has no complete date."""
    match time.start:
        case "first dose":
            treated = exposure.subjects.lazy().filter("DOSED")
            return treated.select("USUBJID", STARTDT="TRTSDT")
        case "first response":
            return response.select("USUBJID", STARTDT="RESPDT")
        case "first dose reduction after response":
            known = reductions(exposure.changes.lazy(), response)
            return pl.concat([known, unknown_starts(exposure, response)])
        case "withdrawal after response":
            known = withdrawals(exposure.cycles.lazy(), response)
            return pl.concat([known, unknown_starts(exposure, response)])


def unknown_starts(exposure: Exposure, response: pl.LazyFrame) -> pl.LazyFrame:
    """Subjects with a response whose doses leave open when they were reduced or stopped."""
    known = exposure.cycles.lazy().select("USUBJID")
    return response.join(known, on="USUBJID", how="anti").select(
        "USUBJID", STARTDT=pl.lit(None, dtype=pl.Date)
    )


def reductions(changes: pl.LazyFrame, response: pl.LazyFrame) -> pl.LazyFrame:
    """The first day after the day of response on which the mean daily dose is lower than on the day
    before; missing where a dose that is not known comes first."""
    lower = pl.col("AFTER") < pl.col("BEFORE")
    return (
        changes.join(response, on="USUBJID")
        .filter(pl.col("DATE") > pl.col("RESPDT"))
        .with_columns(LOWER=lower)
        .filter(pl.col("LOWER").fill_null(True))
        .sort("USUBJID", "DATE")
        .unique("USUBJID", keep="first", maintain_order=True)
        .select("USUBJID", STARTDT=pl.when(pl.col("LOWER")).then(pl.col("DATE")))
    )


def withdrawals(cycles: pl.LazyFrame, response: pl.LazyFrame) -> pl.LazyFrame:
    """The last dose day of the first cycle that ended on or after the day of response. A cycle that
    goes on at the data cut has not ended."""
    return (
        cycles.filter(~pl.col("ONGOING"))
        .join(response, on="USUBJID")
        .filter(pl.col("CYCENDT") >= pl.col("RESPDT"))
        .group_by("USUBJID")
        .agg(STARTDT=pl.col("CYCENDT").min())
    )


def _times(
    start: pl.LazyFrame,
    events: pl.LazyFrame,
    last_seen: pl.LazyFrame,
    *,
    name: str,
    time: TimeToEvent,
) -> pl.LazyFrame:
    first_event = (
        events.join(start, on="USUBJID")
        .filter(pl.col("ADT") > pl.col("STARTDT"))
        .sort("USUBJID", "ADT", "SRCSEQ")
        .unique("USUBJID", keep="first", maintain_order=True)
        .select("USUBJID", "SRCSEQ", "SRCITEMS", EVENTDT="ADT")
    )
    happened = pl.col("EVENTDT").is_not_null()
    known = pl.col("STARTDT").is_not_null()
    elapsed = (pl.col("ADT") - pl.col("STARTDT")).dt.total_days()
    censored = pl.max_horizontal("LAST_SEEN", "STARTDT")
    return (
        start.join(first_event, on="USUBJID", how="left")
        .join(last_seen, on="USUBJID", how="left")
        .with_columns(
            ADT=pl.when(known).then(pl.when(happened).then("EVENTDT").otherwise(censored))
        )
        .select(
            "USUBJID",
            "STARTDT",
            "ADT",
            "SRCSEQ",
            "SRCITEMS",
            PARAMCD=pl.lit(name),
            PARAM=pl.lit(text_of(time.label)),
            AVAL=(elapsed + 1).cast(pl.Float64),
            AVALWK=quotient(elapsed, 7),
            CNSR=pl.when(known).then((~happened).cast(pl.Int64)),
            EVNTDESC=pl.when(~known)
            .then(pl.lit("the start is not known"))
            .when(happened)
            .then(pl.lit(time.event))
            .otherwise(pl.lit("last assessment with a known score")),
            SRCDOM=pl.when(happened).then(pl.lit("QS")),
        )
        .select(list(SCHEMA))
    )
