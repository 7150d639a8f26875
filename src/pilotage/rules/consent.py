"""What was done to a subject before the date of informed consent, and who could not enter then."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import polars as pl

from pilotage.conditions import Condition, names_in
from pilotage.datasets.facts import read_target
from pilotage.rules.answers import HAPPENED
from pilotage.rules.eligibility import CriterionAnswer
from pilotage.rules.record import Record
from pilotage.rules.rulings import only_of, rulings
from pilotage.rules.wording import label_of
from pilotage.snapshot.dates import with_interval
from pilotage.study.protocol import Criterion, Protocol

EARLY: Mapping[str, pl.DataType] = {
    "USUBJID": pl.String(), "DATE": pl.Date(), "CONSENT": pl.Date(), "WRITTEN": pl.String(),
    "WHAT": pl.String(),
}  # fmt: skip


def before_consent(record: Record, *, at: date) -> pl.DataFrame:
    """USUBJID, DATE, CONSENT (its first possible day), WRITTEN (as it was recorded) and WHAT: the
    first dose, and the first answer about eligibility, where it was surely taken or given before
    the day of consent. Results of a day that say when something
    happened, not when it was asked, do not count."""
    dm = with_interval(record.snapshot.tables["dm"], "RFICDTC")
    consents = dm.select("USUBJID", CONSENT="RFICDTC_FIRST", WRITTEN="RFICDTC").filter(
        pl.col("CONSENT") <= at
    )
    started = record.datasets.adsl.select(
        pl.col("USUBJID").cast(pl.String), DATE="TRTSDT", WHAT=pl.lit("the first dose")
    )
    parts = [started]
    known = rulings(record, at=at)
    for place, ruling in enumerate(known):
        for name in _names(ruling.record.protocol):
            rows = ruling.record.records(name).rows
            rows = rows.filter(~pl.col("SRCDOM").str.to_lowercase().is_in([*HAPPENED, "dm", "mh"]))
            last = pl.col("LAST").cast(pl.Int32, strict=False).cast(pl.Date)
            said = f"an answer ({label_of(ruling.record.study, name)})"
            answers = rows.select(pl.col("USUBJID").cast(pl.String), DATE=last, WHAT=pl.lit(said))
            parts.append(only_of(answers, "DATE", place, known))
    found = pl.concat(parts).join(consents, on="USUBJID")
    early = found.filter((pl.col("DATE") < pl.col("CONSENT")) & (pl.col("DATE") <= at))
    dose = pl.col("WHAT") == "the first dose"
    answers = early.filter(~dose).sort("DATE", "WHAT").unique("USUBJID", keep="first")
    both = pl.concat([early.filter(dose), answers]).sort("USUBJID", "DATE", "WHAT")
    return both.select(list(EARLY))


def consented(
    answers: tuple[CriterionAnswer, ...], record: Record, subject: str, on: date
) -> tuple[CriterionAnswer, ...]:
    """The answers about eligibility on a day. On one that surely lies before the date of consent
    the criteria of consent are not met, whatever else their form says."""
    if consent_later(record, subject, on) is None:
        return answers
    return tuple(
        replace(each, passed=False, inputs={}, missing=())
        if of_consent(each.criterion, record.protocol)
        else each
        for each in answers
    )


def consent_later(record: Record, subject: str, on: date) -> str | None:
    """The date of a consent that surely lies after a day, as it was recorded; None without one."""
    consent = record.consents.get(subject)
    if consent is None or consent <= on:
        return None
    dm = record.snapshot.tables["dm"]
    return str(dm.filter(pl.col("USUBJID").cast(pl.String) == subject)["RFICDTC"][0])


def of_consent(criterion: Criterion, protocol: Protocol) -> bool:
    """Does a criterion ask for nothing but the answers of the form with the date of consent?"""
    if not isinstance(criterion.when, Condition):
        return False
    forms = {
        name
        for name, form in protocol.forms.items()
        for item in form.items.values()
        if (t := read_target(item.target)).domain == "dm" and t.variable == "RFICDTC"
    }
    return {name.partition(".")[0] for name in names_in(criterion.when)} <= forms


def _names(protocol: Protocol) -> tuple[str, ...]:
    criteria = [*protocol.eligibility.inclusion, *protocol.eligibility.exclusion]
    names = (n for c in criteria if isinstance(c.when, Condition) for n in names_in(c.when))
    return tuple(n for n in dict.fromkeys(names) if n not in protocol.state)
