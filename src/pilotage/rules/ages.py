"""The age of a subject at informed consent: as it is stated, and as the date of birth makes it."""

from collections.abc import Iterator
from datetime import date

import polars as pl

from pilotage.datasets.facts import read_target
from pilotage.rules.query_row import Asked
from pilotage.snapshot.dates import with_interval
from pilotage.study.protocol import Protocol

POSSIBLE = (0.0, 130.0)
"""The ages that nobody needs to ask about where the study states no range; the highest age on
record is 122 years."""

DOUBT: dict[str, pl.DataType] = {"USUBJID": pl.String(), "CONSENT": pl.Date(), "DOUBT": pl.String()}


def doubtful_ages(dm: pl.DataFrame, protocol: Protocol) -> pl.DataFrame:
    """USUBJID, CONSENT (its first possible day), DOUBT: the subjects whose age no decision may rest
    on, and why: it is impossible, or it is not the age that the date of birth makes at informed
    consent. Of dates that are not complete every possible day counts. Only ages in years are
    judged; without the one or the other date nothing is compared."""
    if not {"AGE", "RFICDTC"} <= set(dm.columns):
        return pl.DataFrame(schema=DOUBT)
    born = pl.col("BRTHDTC") if "BRTHDTC" in dm.columns else pl.lit(None, pl.String)
    unit = pl.col("AGEU") if "AGEU" in dm.columns else pl.lit(None, pl.String)
    rows = dm.select(
        pl.col("USUBJID").cast(pl.String), "RFICDTC", pl.col("AGE").cast(pl.Float64),
        BRTHDTC=born, YEARS=in_years(unit),
    )  # fmt: skip
    dated = with_interval(with_interval(rows, "RFICDTC"), "BRTHDTC").with_columns(
        LEAST=_completed_years("BRTHDTC_LAST", "RFICDTC_FIRST"),
        MOST=_completed_years("BRTHDTC_FIRST", "RFICDTC_LAST"),
    )
    low, high = _possible(protocol)
    impossible = ~pl.col("AGE").is_between(low, high)
    differs = ~pl.col("AGE").is_between("LEAST", "MOST")
    doubt = (
        pl.when(impossible).then(_impossible(low, high)).when(differs).then(_differs())
    )  # fmt: skip
    found = dated.filter("YEARS").with_columns(DOUBT=doubt).filter(pl.col("DOUBT").is_not_null())
    return found.select("USUBJID", CONSENT="RFICDTC_FIRST", DOUBT="DOUBT")


def with_doubt(dm: pl.DataFrame, doubtful: pl.DataFrame) -> pl.DataFrame:
    """Add DOUBT of `doubtful_ages`, null where nothing speaks against the age. USUBJID must be
    text."""
    found = doubtful.select("USUBJID", "DOUBT")
    return dm.join(found, on="USUBJID", how="left", maintain_order="left")


def in_years(unit: pl.Expr) -> pl.Expr:
    """Is an age with this unit (AGEU) in years? Without a unit it is."""
    return unit.is_null() | unit.str.to_lowercase().is_in(["years", "year", "a"])


def ages_asked(doubtful: pl.DataFrame, *, at: date) -> Iterator[Asked]:
    """What to ask of the ages (`doubtful_ages`) of subjects who had, or may have, consented by a
    day."""
    for subject, consent, doubt in doubtful.sort("USUBJID").rows():
        if consent is None or consent <= at:
            yield subject, consent, "DM", None, f"Age: {doubt}", "Y"


def _possible(protocol: Protocol) -> tuple[float, float]:
    """The range of the state variable, else of the item, that is the age."""
    ranges = [state.range for state in protocol.state.values() if state.derivation == "age"]
    for form in protocol.forms.values():
        for item in form.items.values():
            target = read_target(item.target)
            if (target.domain, target.variable) == ("dm", "AGE"):
                ranges.append(item.range)
    low, high = next((each for each in ranges if each is not None), POSSIBLE)
    return float(low), float(high)


def _completed_years(born: str, day: str) -> pl.Expr:
    """Completed years from a date of birth to a day. Who was born on 29 February is a year older on
    1 March of the other years."""
    then, now = pl.col(born).dt, pl.col(day).dt
    before_birthday = (now.month() < then.month()) | (
        (now.month() == then.month()) & (now.day() < then.day())
    )
    years = now.year().cast(pl.Int64) - then.year().cast(pl.Int64)
    return years - before_birthday.cast(pl.Int64)


def _number(value: pl.Expr) -> pl.Expr:
    return value.cast(pl.String).str.strip_suffix(".0")


def _impossible(low: float, high: float) -> pl.Expr:
    return pl.format(
        "{} years is no possible age, which is {} to {}",
        _number(pl.col("AGE")), pl.lit(f"{low:g}"), pl.lit(f"{high:g}"),
    )  # fmt: skip


def _differs() -> pl.Expr:
    one = pl.col("LEAST") == pl.col("MOST")
    least, most = (pl.col(end).cast(pl.String) for end in ("LEAST", "MOST"))
    made = pl.when(one).then(least).otherwise(pl.format("{} to {}", least, most))
    return pl.format(
        "{} years (AGE), but the date of birth {} (BRTHDTC) makes {} at the informed consent "
        "of {}: settle which of the two is right",
        _number(pl.col("AGE")), "BRTHDTC", made, "RFICDTC",
    )  # fmt: skip
