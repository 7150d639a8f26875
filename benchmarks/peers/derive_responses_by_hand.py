"""ADRS and ADTTE by hand (see `derive_by_hand`)."""

from collections.abc import Mapping

import polars as pl
from peers.derived_columns import (
    ASEQ,
    NO_TEXT,
    OF_ADRS,
    OF_ADTTE,
    PER_DAY,
    STEPS,
    SUBJECT,
)


def categories(adqs: pl.LazyFrame, doses: pl.LazyFrame) -> list[pl.LazyFrame]:
    """The assessments in their categories, for each classification; the first is the response."""
    after = adqs.filter(pl.col("ADY") > 1)
    activity = _with_dose_before(after.filter(pl.col("PARAMCD") == "CLASIACT"), doses)
    response = _ranked(
        activity.with_columns(PARAMCD=pl.lit("OVRLRESP"), PARAM=pl.lit("Response")),
        {
            "CR": pl.col("AVAL") == 0,
            "PR": (pl.col("BASE") > 0) & (pl.col("PCHG") <= -50),
            "MR": pl.col("CHG") < 0,
            "NR": pl.col("CHG") >= 0,
        },
    )
    other = after.filter(pl.col("PARAMCD") == "SLEDAI").with_columns(DOSEBEF=NO_TEXT)
    before = pl.col("SCORE").forward_fill().shift().over(SUBJECT).fill_null(pl.col("BASE"))
    since = other.with_columns(SCORE=pl.col("AVAL")).with_columns(CHG=pl.col("SCORE") - before)
    flares = [
        ("FLARE", "Systemic flare", other, pl.col("CHG") > 3),
        ("FLAREVIS", "Systemic flare since the last visit (alternative)", since, pl.col("CHG") > 3),
        (
            "FLARESEL",
            "Systemic flare, score part of SELENA (alternative)",
            since,
            pl.col("CHG") >= 3,
        ),
    ]
    judged = [response]
    for code, label, rows, mild in flares:
        named = rows.with_columns(PARAMCD=pl.lit(code), PARAM=pl.lit(label))
        judged.append(_ranked(named, {"SEVERE": pl.col("CHG") > 12, "MILD": mild, "NONE": ~mild}))
    return judged


def responses(judged: list[pl.LazyFrame], treated: pl.LazyFrame) -> pl.LazyFrame:
    """ADRS: all categories, the summaries, the relapses."""
    everything = [*judged, *_summaries(judged, treated), _relapses(judged[0])]
    rows = [each.select("STUDYID", SUBJECT, *OF_ADRS[3:]) for each in everything]
    ordered = pl.concat(rows).sort(SUBJECT, maintain_order=True)
    return ordered.with_columns(ASEQ).select(OF_ADRS)


def _ranked(rows: pl.LazyFrame, held: Mapping[str, pl.Expr]) -> pl.LazyFrame:
    """The first category that holds, and its rank."""
    name, rank = NO_TEXT, pl.lit(None, dtype=pl.Float64)
    for place, (code, condition) in reversed(list(enumerate(held.items(), start=1))):
        name = pl.when(condition).then(pl.lit(code)).otherwise(name)
        rank = pl.when(condition).then(pl.lit(float(place))).otherwise(rank)
    return rows.with_columns(AVALC=name, AVAL=rank, SCORE=pl.col("AVAL"))


def _with_dose_before(rows: pl.LazyFrame, doses: pl.LazyFrame) -> pl.LazyFrame:
    given = doses.select(
        SUBJECT, BEGUN="ASTDT", ENDED="AENDT", STEP=pl.col("EXDOSFRQ").replace_strict(STEPS)
    ).sort("BEGUN")
    taken = pl.col("ENDED") >= pl.col("BEFORE")
    return (
        rows.with_columns(BEFORE=pl.col("ADT") - pl.duration(days=1))
        .sort("BEFORE")
        .join_asof(given, left_on="BEFORE", right_on="BEGUN", by=SUBJECT)
        .with_columns(DOSEBEF=pl.when(taken).then("STEP").otherwise(pl.lit("stop")))
        .sort(SUBJECT, "ADT", "SRCSEQ")
    )


SUMMARIES = (
    (0, "RESPW12", "Best response by week 12", 99),
    (0, "BESTRESP", "Best response", None),
    (None, "BESTSKIN", "Best response on skin items alone (sensitivity)", None),
    (1, "MAXFLARE", "Worst systemic flare", None),
    (2, "MAXFLVIS", "Worst systemic flare since the last visit (alternative)", None),
    (3, "MAXFLSEL", "Worst systemic flare, score part of SELENA (alternative)", None),
)
CARRIED = ("AVALC", "AVAL", *OF_ADRS[7:])


def _summaries(judged: list[pl.LazyFrame], treated: pl.LazyFrame) -> list[pl.LazyFrame]:
    """For each summary a row for each treated subject: the best category, on its first day."""
    everyone = treated.select(SUBJECT)
    found = []
    for place, code, label, until in SUMMARIES:
        rows = judged[place or 0].filter(pl.col("AVAL").is_not_null())
        if place is None:
            rows = rows.filter(False)  # the score of the skin items is not among the data
        if until:
            rows = rows.filter(pl.col("ADY") <= until)
        row = pl.col("ROW").get(pl.col("AVAL").arg_min())
        best = rows.join(rows.group_by(SUBJECT).agg(row).select("ROW"), on="ROW", how="semi")
        found.append(
            everyone.join(best.select(SUBJECT, *CARRIED), on=SUBJECT, how="left").with_columns(
                STUDYID=pl.lit("BENCH"), PARAMCD=pl.lit(code), PARAM=pl.lit(label)
            )
        )
    return found


def _relapses(response: pl.LazyFrame) -> pl.LazyFrame:
    """The first after a complete response, and each further one after the score was clear again."""
    seen = _after_response(response).filter((pl.col("SCORE") >= 4) | (pl.col("SCORE") == 0))
    again = pl.col("SCORE") >= 4
    return (
        seen.filter(again & ~again.shift(fill_value=False).over(SUBJECT))
        .with_columns(
            PARAMCD=pl.lit("RELAPSE"),
            PARAM=pl.lit("Relapse after response"),
            AVALC=pl.lit("RELAPSE"),
            AVAL=pl.int_range(1, pl.len() + 1).over(SUBJECT).cast(pl.Float64),
        )
    )  # fmt: skip


def _first_response(response: pl.LazyFrame) -> pl.LazyFrame:
    return (
        response.filter(pl.col("AVALC") == "CR").group_by(SUBJECT).agg(RESPDT=pl.col("ADT").min())
    )


def _after_response(response: pl.LazyFrame) -> pl.LazyFrame:
    return (
        response.filter(pl.col("SCORE").is_not_null())
        .join(_first_response(response), on=SUBJECT, maintain_order="left")
        .filter(pl.col("ADT") > pl.col("RESPDT"))
    )


def times(
    response: pl.LazyFrame,
    treated: pl.LazyFrame,
    cycles: pl.LazyFrame,
    doses: pl.LazyFrame,
) -> pl.LazyFrame:
    first = _first_response(response)
    ended = (
        cycles.filter("ENDED")
        .join(first, on=SUBJECT)
        .filter(pl.col("CYCENDT") >= pl.col("RESPDT"))
        .group_by(SUBJECT)
        .agg(STARTDT=pl.col("CYCENDT").min())
    )
    starts = [
        (
            "TTCR",
            "Time to complete response",
            "response",
            treated.select(SUBJECT, STARTDT="TRTSDT"),
        ),
        (
            "TTREL",
            "Time from complete response to relapse",
            "relapse",
            first.select(SUBJECT, STARTDT="RESPDT"),
        ),
        (
            "TTRELT",
            "Time from dose reduction or withdrawal after complete response to relapse",
            "relapse",
            _reductions(doses, first),
        ),
        (
            "TTRELW",
            "Time from withdrawal after complete response to relapse",
            "relapse",
            ended,
        ),
    ]
    seen = response.filter(pl.col("SCORE").is_not_null())
    events = {
        "response": seen.filter(pl.col("AVALC") == "CR"),
        "relapse": seen.filter(pl.col("SCORE") >= 4),
    }
    last = seen.group_by(SUBJECT).agg(LAST=pl.col("ADT").max())
    rows = [
        _time(code, label, event, start, events[event], last)
        for code, label, event, start in starts
    ]
    return pl.concat(rows).sort(SUBJECT, "PARAMCD").with_columns(ASEQ).select(OF_ADTTE)


def _reductions(doses: pl.LazyFrame, first: pl.LazyFrame) -> pl.LazyFrame:
    """The first day after the response with less drug than the day before: of the next dose, or the
    day after a dose that no other follows at once."""
    mean = pl.col("EXDOSE") * pl.col("EXDOSFRQ").replace_strict(PER_DAY)
    following = pl.col("ASTDT").shift(-1).over(SUBJECT)
    less = mean.shift(-1).over(SUBJECT) < mean
    on = pl.col("AENDT") + pl.duration(days=1)
    stops = (following > on).fill_null(True)
    return (
        doses.with_columns(STARTDT=pl.when((stops & ~pl.col("ONGOING")) | (~stops & less)).then(on))
        .join(first, on=SUBJECT)
        .filter(pl.col("STARTDT") > pl.col("RESPDT"))
        .group_by(SUBJECT)
        .agg(pl.col("STARTDT").min())
    )


def _time(
    code: str,
    label: str,
    event: str,
    starts: pl.LazyFrame,
    events: pl.LazyFrame,
    last: pl.LazyFrame,
) -> pl.LazyFrame:
    first = (
        events.select(SUBJECT, "ADT", "SRCSEQ")
        .join(starts, on=SUBJECT, maintain_order="left")
        .filter(pl.col("ADT") > pl.col("STARTDT"))
        .group_by(SUBJECT)
        .agg(pl.col("ADT").first(), pl.col("SRCSEQ").first())
    )
    happened, since = pl.col("ADT").is_not_null(), pl.col("LAST") > pl.col("STARTDT")
    censored = pl.when(since).then("LAST").otherwise("STARTDT")
    words = (
        pl.when(happened).then(pl.lit(event))
        .when(since).then(pl.lit("last assessment with a known score"))
        .otherwise(pl.lit("no assessment with a known score after the start"))
    )  # fmt: skip
    days = (pl.col("ADT") - pl.col("STARTDT")).dt.total_days()
    return (
        starts.join(first, on=SUBJECT, how="left")
        .join(last, on=SUBJECT, how="left")
        .with_columns(
            EVNTDESC=words,
            CNSR=pl.when(happened).then(0).otherwise(1).cast(pl.Int64),
            SRCDOM=pl.when(happened).then(pl.lit("QS")),
            ADT=pl.coalesce("ADT", censored),
        )
        .select(
            SUBJECT,
            "ADT",
            "STARTDT",
            "EVNTDESC",
            "CNSR",
            "SRCDOM",
            "SRCSEQ",
            STUDYID=pl.lit("BENCH"),
            PARAMCD=pl.lit(code),
            PARAM=pl.lit(label),
            AVAL=(days + 1).cast(pl.Float64),
            AVALWK=days / 7,
            SRCITEMS=NO_TEXT,
        )
    )
