"""The screening log: what every criterion says of each subject, and what is still missing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import polars as pl

from pilotage.rules.advice import Advice, missing_tests
from pilotage.rules.entry import eligibility_between, first_dose_between
from pilotage.rules.inputs import Input
from pilotage.rules.prescriptions import advices_on
from pilotage.rules.record import Record
from pilotage.rules.rulings import rulings
from pilotage.rules.standing import first_doses
from pilotage.rules.states import inputs
from pilotage.rules.wording import label_of, problem_words
from pilotage.snapshot.dates import with_interval
from pilotage.study.protocol import text_of

WORDS = {True: "passed", False: "failed", None: "unknown"}
FAILED, ENTERED = "SCREEN FAILURE", "ENTERED INTO TRIAL"


def screening_log(record: Record, *, at: date) -> pl.DataFrame:
    """One row per subject who had consented by a day: CONSENT, STATUS (screening, entered, treated,
    screen failure), JUDGED (the day of the answers: that of the first dose or of the screen
    failure, else the day of the question), ELIGIBLE (yes, no, unknown), FAILED (the criteria not
    met, in words), MISSING (what is missing to know, cheapest first), REASON (of a screen failure,
    as recorded), and a column for each criterion: passed, failed, unknown; null where it is none
    of the version of the protocol of that day.

    Where the date of the first dose is not complete, JUDGED is the last day on which it can have
    been, and a criterion is known where it says the same on all of them."""
    criteria = [
        each.id
        for ruling in reversed(rulings(record, at=at))
        for each in (*ruling.record.protocol.eligibility.inclusion,
                     *ruling.record.protocol.eligibility.exclusion)
    ]  # fmt: skip
    starts = _incomplete_starts(record, at)
    standing = _standing(record, starts, at).sort("CONSENT", "USUBJID").rows()
    moments = [(subject, judged) for subject, _, _, judged, _ in standing]
    advices = advices_on(record, moments, for_entry=True)
    rows = [
        _row(record, known, _over_days(record, advice, starts), sure=known[0] not in starts)
        for known, advice in zip(standing, advices, strict=True)
    ]
    columns = {
        "USUBJID": pl.String, "CONSENT": pl.Date, "STATUS": pl.String, "JUDGED": pl.Date,
        "ELIGIBLE": pl.String, "FAILED": pl.String, "MISSING": pl.String, "REASON": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema={**columns, **dict.fromkeys(criteria, pl.String)})


Span = tuple[date, date] | None
"""The first and the last day on which a first dose may have been taken; None without a year."""


def _incomplete_starts(record: Record, at: date) -> dict[str, Span]:
    """The subjects whose first dose was begun, but on a day that is not known."""
    begun = first_doses(record.snapshot, record.datasets, at=at)
    unknown = begun.filter(pl.col("START").is_null())
    known = unknown.join(_doses_without_year(record), on="USUBJID", how="left")
    some = known.filter(pl.col("DOSED") | pl.col("UNDATED").fill_null(False))
    return {name: first_dose_between(record, name, at) for name in some["USUBJID"]}


def _doses_without_year(record: Record) -> pl.DataFrame:
    """USUBJID, UNDATED: subjects with a dose of which not even the year is known."""
    ex = with_interval(record.snapshot.tables["ex"].filter(pl.col("EXDOSE") > 0), "EXSTDTC")
    undated = ex.filter(pl.col("EXSTDTC_FIRST").is_null())
    return undated.select("USUBJID", UNDATED=pl.lit(True)).unique()


def _over_days(record: Record, advice: Advice, starts: Mapping[str, Span]) -> Advice:
    """The advice with the eligibility of all days on which the first dose may have been taken."""
    if advice.subject not in starts:
        return advice
    span = starts[advice.subject]
    if span is not None:
        found = eligibility_between(record, advice.subject, *span)
    else:
        found = tuple(replace(each, passed=None, missing=()) for each in advice.eligibility)
    return replace(advice, eligibility=found)


def _standing(record: Record, starts: Mapping[str, Span], at: date) -> pl.DataFrame:
    """USUBJID, CONSENT, STATUS, JUDGED, REASON."""
    dm = with_interval(record.snapshot.tables["dm"], "RFICDTC")
    consented = dm.filter((pl.col("RFICDTC_FIRST") <= at).fill_null(True)).select(
        "USUBJID", CONSENT="RFICDTC_FIRST"
    )
    start = record.datasets.adsl.select(pl.col("USUBJID").cast(pl.String), "TRTSDT")
    known = consented.join(start, on="USUBJID", how="left").with_columns(
        TRTSDT=pl.when(pl.col("TRTSDT") <= at).then("TRTSDT")
    )
    known = known.join(_decided(record, at), on="USUBJID", how="left")
    spans = [(name, span[1] if span else at) for name, span in starts.items()]
    schema = {"USUBJID": pl.String, "BY": pl.Date}
    dosed = pl.DataFrame(spans, schema=schema, orient="row")
    known = known.join(dosed, on="USUBJID", how="left").with_columns(
        TRTSDT=pl.coalesce("TRTSDT", "BY")
    )
    status = (
        pl.when(pl.col("TRTSDT").is_not_null()).then(pl.lit("treated"))
        .when(pl.col("DSDECOD") == FAILED).then(pl.lit("screen failure"))
        .when(pl.col("DSDECOD") == ENTERED).then(pl.lit("entered"))
        .otherwise(pl.lit("screening"))
    )  # fmt: skip
    failed = pl.when(pl.col("DSDECOD") == FAILED).then("DECIDED")
    return known.select(
        "USUBJID",
        "CONSENT",
        STATUS=status,
        JUDGED=pl.coalesce("TRTSDT", failed, pl.lit(at)),
        REASON=pl.when(pl.col("DSDECOD") == FAILED).then("DSTERM"),
    )


def _decided(record: Record, at: date) -> pl.DataFrame:
    """USUBJID, DSDECOD, DECIDED, DSTERM: entry, or why there was none."""
    ds = record.snapshot.tables.get("ds")
    schema = {"USUBJID": pl.String, "DSDECOD": pl.String, "DECIDED": pl.Date, "DSTERM": pl.String}
    if ds is None:
        return pl.DataFrame(schema=schema)
    term = "DSTERM" if "DSTERM" in ds.columns else pl.lit(None, pl.String)
    rows = with_interval(ds.filter(pl.col("DSDECOD").is_in([FAILED, ENTERED])), "DSSTDTC")
    found = rows.select("USUBJID", "DSDECOD", DECIDED="DSSTDTC_LAST", DSTERM=term)
    inside = found.filter((pl.col("DECIDED") <= at).fill_null(True))
    return inside.sort("DECIDED").unique("USUBJID", keep="last", maintain_order=True)


Known = tuple[str, date, str, date, str | None]
"""USUBJID, CONSENT, STATUS, JUDGED, REASON."""


def _row(record: Record, known: Known, advice: Advice, *, sure: bool) -> dict[str, object]:
    """`sure`: is the day known on which the subject was to be eligible?"""
    subject, consent, status, judged, reason = known
    ruling = record.under_version_on(judged) or record
    open_ = {n for a in advice.eligibility if a.passed is None for n in a.missing}
    if advice.eligible is None and open_:
        missing = inputs(ruling, subject, judged, sorted(open_))
        advice = replace(advice, inputs=missing)
    failed = [answer.criterion for answer in advice.eligibility if answer.passed is False]
    waiting = [
        f"{label_of(ruling.study, test.input.name)} ({_wanting(test.input, sure=sure)}; "
        f"{', '.join(test.criteria)})"
        for test in missing_tests(advice)
    ]
    return {
        "USUBJID": subject,
        "CONSENT": consent,
        "STATUS": status,
        "JUDGED": judged,
        "ELIGIBLE": {True: "yes", False: "no", None: "unknown"}[advice.eligible],
        "FAILED": "; ".join(f"{c.id} {text_of(c.why)}" for c in failed) or None,
        "MISSING": "; ".join(waiting) or None,
        "REASON": reason,
        **{a.criterion.id: WORDS[a.passed] for a in advice.eligibility},
    }


def _wanting(found: Input, *, sure: bool) -> str:
    """What is wrong with an input; of one that is there, that it is not so on each of the days."""
    if sure or found.problem is not None:
        return problem_words(found)
    return "not the same on every day on which the first dose may have been taken"
