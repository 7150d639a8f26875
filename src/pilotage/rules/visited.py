"""On which days a subject was seen, and which forms of a visit have no data."""

from collections.abc import Iterable
from datetime import date

import polars as pl

from pilotage.datasets.facts import read_target
from pilotage.rules.asked import asked
from pilotage.rules.evidence import Evidence
from pilotage.rules.record import Record
from pilotage.snapshot import Snapshot
from pilotage.snapshot.dates import with_interval
from pilotage.study import Study
from pilotage.study.protocol import Protocol

VISITS = "visits"
"""The chain of the visits proper. A planned contact that is a test alone is a chain of its own."""

SEEN = {
    "USUBJID": pl.String, "CHAIN": pl.String, "FROM": pl.Date, "TO": pl.Date, "UNTIL": pl.Date,
    "NUMBER": pl.Float64, "LOOSE": pl.Boolean, "NAMED": pl.String, "SRCSEQ": pl.Int64,
}  # fmt: skip


def tests_alone(protocol: Protocol) -> dict[str, tuple[str, ...]]:
    """The visits whose forms do not ask for the date of a visit, with their forms; none in a study
    that asks for it nowhere."""
    dated = {
        name
        for name, form in protocol.forms.items()
        if any(read_target(item.target).domain == "sv" for item in form.items.values())
    }
    visits = protocol.schedule.visits
    return {v.id: v.forms for v in visits if dated and not dated & set(v.forms)}


def days_seen(study: Study, snapshot: Snapshot, found: Evidence, *, at: date) -> pl.DataFrame:
    """USUBJID CHAIN FROM TO (first and last possible day) UNTIL NUMBER LOOSE NAMED SRCSEQ: the
    rows of SV up to a day. A snapshot without SV: the days on which a form of a visit was filled.
    Contacts that are a test alone are seen by the data of their forms."""
    alone = tests_alone(study.protocol)
    numbers = {v.number: v.id for v in study.protocol.schedule.visits if v.id in alone}
    sv = snapshot.tables.get("sv")
    if sv is None or "SVSTDTC" not in sv.columns:
        seen = _by_forms(study.protocol, found, alone)
    else:
        seen = _by_rows(sv)
    own = pl.col("NUMBER").replace_strict(numbers, default=VISITS, return_dtype=pl.String)
    seen = seen.with_columns(CHAIN=own if numbers else pl.lit(VISITS))
    tests = [_of_tests(found, visit, forms) for visit, forms in alone.items()]
    rows = pl.concat([pl.DataFrame(schema=SEEN), seen.select(list(SEEN)), *tests])
    return rows.filter((pl.col("FROM") <= at).fill_null(True))


def _by_rows(sv: pl.DataFrame) -> pl.DataFrame:
    rows = with_interval(sv, "SVSTDTC")
    rows = with_interval(rows, "SVENDTC") if "SVENDTC" in sv.columns else rows
    until = "SVENDTC_LAST" if "SVENDTC" in sv.columns else "SVSTDTC_LAST"
    number, has_numbers = _number(sv)
    planned = pl.lit(True)
    if "SVUPDES" in sv.columns:
        planned = pl.col("SVUPDES").is_null()
    return rows.select(
        "USUBJID",
        FROM="SVSTDTC_FIRST",
        TO="SVSTDTC_LAST",
        UNTIL=pl.max_horizontal(until, "SVSTDTC_LAST"),
        NUMBER=number,
        LOOSE=planned & pl.lit(not has_numbers),
        NAMED="VISIT" if "VISIT" in sv.columns else pl.lit(None, pl.String),
        SRCSEQ="SVSEQ" if "SVSEQ" in sv.columns else pl.lit(None, pl.Int64),
    )


def _number(sv: pl.DataFrame) -> tuple[pl.Expr, bool]:
    if "VISITNUM" not in sv.columns:
        return pl.lit(None, pl.Float64), False
    return pl.col("VISITNUM"), sv["VISITNUM"].null_count() < sv.height


def _by_forms(protocol: Protocol, found: Evidence, alone: Iterable[str]) -> pl.DataFrame:
    """The days on which a form of a visit was filled that no series asks for and that is no log."""
    schedule = protocol.schedule
    visits = [visit.forms for visit in schedule.visits if visit.id not in set(alone)]
    visits += [schedule.afterwards.forms] if schedule.afterwards else []
    forms = {form for asked_for in visits for form in asked_for}
    forms -= {series.form for series in schedule.series}
    forms -= {name for name, form in protocol.forms.items() if form.repeating}
    known = pl.col("FORM").is_in(list(forms)) & pl.col("FROM").is_not_null()
    days = found.days.filter(known).group_by("USUBJID", "FROM", "TO").agg(
        NUMBER=pl.col("VISITNUM").max()
    )  # fmt: skip
    loose = days["NUMBER"].null_count() == days.height
    return days.with_columns(
        UNTIL=pl.col("TO"),
        LOOSE=pl.lit(loose),
        NAMED=pl.lit(None, pl.String),
        SRCSEQ=pl.lit(None, pl.Int64),
    )


def _of_tests(found: Evidence, chain: str, forms: Iterable[str]) -> pl.DataFrame:
    rows = found.days.filter(pl.col("FORM").is_in(list(forms)))
    return rows.select("USUBJID", "FROM", "TO").unique().select(
        "USUBJID", CHAIN=pl.lit(chain), FROM="FROM", TO="TO", UNTIL="TO",
        NUMBER=pl.lit(None, pl.Float64), LOOSE=pl.lit(True), NAMED=pl.lit(None, pl.String),
        SRCSEQ=pl.lit(None, pl.Int64),
    )  # fmt: skip


def forms_without_data(record: Record, done: pl.DataFrame, found: Evidence) -> pl.DataFrame:
    """N, FORMSMISS: the forms of visits that were made of which nothing is recorded.

    `done`: N USUBJID VISITNUM FORMS FIRST LAST DONE UNTIL. A form has data where a row of it lies
    in the window of the visit or on a day of the visit, or carries its number, or has no date. Logs
    are not expected at a visit, nor forms that are not asked of the subject; of forms for which
    the snapshot has no place nothing is known, and nothing is said.
    """
    logs = {name for name, form in record.protocol.forms.items() if form.repeating}
    unsaid = list(logs | found.nowhere)
    wanted = done.explode("FORMS").rename({"FORMS": "FORM"})
    wanted = wanted.filter(pl.col("FORM").is_not_null() & ~pl.col("FORM").is_in(unsaid))
    wanted = wanted.with_columns(DAY="UNTIL")
    wanted = asked(record, wanted).filter(pl.col("ASKED").fill_null(True))
    missing = wanted.join(_filled(wanted, found.days), on=["N", "FORM"], how="anti")
    return missing.group_by("N").agg(FORMSMISS=pl.col("FORM").sort())


def _filled(wanted: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """N and FORM of the forms that have data."""
    keys = ["USUBJID", "FORM"]
    timeless = wanted.join(days.filter(pl.col("FROM").is_null()), on=keys, how="semi")
    numbered = days.filter(pl.col("VISITNUM").is_not_null()).select(*keys, "VISITNUM").unique()
    by_number = wanted.join(numbered, on=[*keys, "VISITNUM"], how="semi")
    spans = wanted.select(
        "N", *keys,
        BEGIN=pl.min_horizontal("FIRST", "DONE"), STOP=pl.max_horizontal("LAST", "UNTIL"),
    ).sort("STOP")  # fmt: skip
    dated = days.filter(pl.col("FROM").is_not_null()).select(*keys, "FROM", "TO").sort("FROM")
    by_day = spans.join_asof(
        dated, left_on="STOP", right_on="FROM", by=keys, strategy="backward",
        check_sortedness=False,
    ).filter(pl.col("TO") >= pl.col("BEGIN"))  # fmt: skip
    parts = [frame.select("N", "FORM") for frame in (timeless, by_number, by_day)]
    return pl.concat(parts).unique()
