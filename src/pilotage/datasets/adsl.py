"""ADSL: one row per subject, with populations, treatment, follow-up and disposition."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache

import polars as pl

from pilotage.datasets.exposure import Exposure
from pilotage.datasets.small_plans import as_written
from pilotage.datasets.study_day import complete
from pilotage.instruments.division import quotient
from pilotage.snapshot.dates import with_interval
from pilotage.snapshot.tables import is_date, known_columns
from pilotage.study.sap import Population

ASIDE = "~"
"""Begins the names of source columns that SDTM does not know, while the datasets are derived: they
can then not be taken for a column of the derivation."""

DAYS_PER_MONTH = 30.4375
"""A month of a duration: the 365.25 days of a year in twelve parts."""

NOT_A_DISPOSITION = (
    "INFORMED CONSENT OBTAINED",
    "ELIGIBILITY CRITERIA MET",
    "ENTERED INTO TRIAL",
    "ENROLLED",
    "RANDOMIZED",
)
"""Milestones of DSDECOD: they end nothing. Source: CDISC SDTM IG, DS."""


def subjects(
    tables: Mapping[str, pl.DataFrame],
    exposure: Exposure,
    contacts: pl.DataFrame,
    populations: Mapping[str, Population],
    *,
    cut: date,
) -> pl.DataFrame:
    """One row per row of DM, with every column of DM kept.

    Durations are days: CYC1DAYS of the first cycle, TRTDURD the sum of the cycles, FUPDURD from the
    first dose to the last contact, both days counted; TRTDURM and FUPDURM are the same in months.
    Missing for subjects never treated.
    """
    disposition = dispositions(tables.get("ds"))
    dm = tables["dm"]
    consented = with_interval(dm[["RFICDTC"]], "RFICDTC").select(_CONSENTED)
    treated = exposure.of(dm["USUBJID"], *exposure.subjects.columns[1:])
    base = (
        pl.DataFrame([*dm, *consented, *treated])
        .lazy()
        .join(contacts.lazy(), on="USUBJID", how="left", maintain_order="left")
    )
    if disposition is None:
        base = base.with_columns(
            DCSREAS=pl.lit(None, dtype=pl.String),
            DCSREASP=pl.lit(None, dtype=pl.String),
            DCSDT=pl.lit(None, dtype=pl.Date),
        )
    else:
        base = base.join(disposition, on="USUBJID", how="left", maintain_order="left")
    return (
        base.with_columns(
            _WAS_DOSED,
            screen_failure(dm.columns).alias("FAILED"),
            *_FOLLOWED,
            pl.lit(cut).alias("DATACUT"),
            pl.lit("DM").alias("SRCDOM"),
            pl.lit(None, dtype=pl.Int64).alias("SRCSEQ"),
        )
        .with_columns(_flag(name, each.rule, each.days) for name, each in populations.items())
        .pipe(as_written)
    )


_CONSENTED = complete("RFICDTC_FIRST", "RFICDTC_LAST").alias("RFICDT")
_WAS_DOSED = pl.when(pl.col("IN_EX").is_null()).then(False).otherwise("DOSED").alias("DOSED")
_GOES_ON = pl.when("ONGOING").then(pl.lit("Y")).otherwise(pl.lit("N"))
_DAYS_FOLLOWED = (pl.col("LSTCNTDT") - pl.col("TRTSDT")).dt.total_days() + 1
_FOLLOWED = [
    pl.when(_WAS_DOSED).then(_GOES_ON).alias("TRTONGFL"),
    _DAYS_FOLLOWED.alias("FUPDURD"),
    quotient(_DAYS_FOLLOWED, DAYS_PER_MONTH).alias("FUPDURM"),
    quotient(pl.col("TRTDURD"), DAYS_PER_MONTH).alias("TRTDURM"),
]


def screen_failure(columns: Sequence[str]) -> pl.Expr:
    """Did the subject fail screening? Said by the disposition, or by the arm (SDTM IG, DM)."""
    said = [pl.col("DCSREAS") == "SCREEN FAILURE"]
    if "ARMCD" in columns:
        said.append(pl.col("ARMCD") == "SCRNFAIL")
    if "ARMNRS" in columns:
        said.append(pl.col("ARMNRS") == "SCREEN FAILURE")
    return pl.any_horizontal(each.fill_null(False) for each in said)


@cache
def _flag(name: str, rule: str, days: int | None) -> pl.Expr:
    condition = member(rule, days)
    return pl.when(condition).then(pl.lit("Y")).when(~condition).then(pl.lit("N")).alias(name)


def member(rule: str, days: int | None) -> pl.Expr:
    """Does a subject belong to a population of this rule? Null where it cannot be known."""
    match rule:
        case "screened":
            return pl.col("USUBJID").is_not_null()
        case "enrolled":
            return ~pl.col("FAILED") | pl.col("DOSED").fill_null(False)
        case "treated":
            return pl.col("DOSED")
        case "first cycle lasts":
            least = days or 1
            return pl.col("DOSED") & (
                pl.when(pl.col("CYC1DAYS_LEAST") >= least)
                .then(True)
                .when(pl.col("CYC1DAYS_MOST") < least)
                .then(False)
            )
    raise ValueError(f"{rule!r} is not the rule of a population")


_NO_MILESTONE = pl.col("DSCAT").fill_null("") != "PROTOCOL MILESTONE"
_ENDS_SOMETHING = pl.col("DSDECOD").is_not_null() & ~pl.col("DSDECOD").is_in(NOT_A_DISPOSITION)


def dispositions(ds: pl.DataFrame | None) -> pl.LazyFrame | None:
    """USUBJID, DCSREAS, DCSREASP (its reason in words, where they were written down), DCSDT: the
    last disposition event of each subject. None where DS is absent."""
    if ds is None:
        return None
    in_words = pl.col("DSTERM") if "DSTERM" in ds.columns else pl.lit(None, dtype=pl.String)
    events = with_interval(ds, "DSSTDTC").lazy()
    if "DSCAT" in ds.columns:
        events = events.filter(_NO_MILESTONE)
    return (
        events.filter(_ENDS_SOMETHING)
        .sort("USUBJID", "DSSTDTC_FIRST", "DSSEQ", nulls_last=False)
        .unique("USUBJID", keep="last", maintain_order=True)
        .select(
            "USUBJID",
            DCSREAS="DSDECOD",
            DCSREASP=in_words,
            DCSDT=complete("DSSTDTC_FIRST", "DSSTDTC_LAST"),
        )
    )


def last_contacts(tables: Mapping[str, pl.DataFrame], subject: pl.DataType) -> pl.DataFrame:
    """USUBJID (as `subject`), LSTCNTDT: the latest date of any row of the subject in a column of
    SDTM; an incomplete date counts with its first possible day."""
    columns = [
        (table, column)
        for name, table in tables.items()
        for column in _dates_of(name, tuple(table.columns))
    ]
    who = pl.concat([table["USUBJID"] for table, _ in columns], rechunk=True)
    dates = pl.concat([table[column] for table, column in columns], rechunk=True)
    latest = (
        pl.DataFrame([who, dates.alias("DATE")])
        .lazy()
        .filter(_ANOTHER)
        .with_columns(_WHO.cast(subject), _IN_ORDER)
        .group_by("USUBJID")
        .agg(_DATE.max())
        .pipe(as_written)
    )
    days = with_interval(latest, "DATE")
    return pl.DataFrame([days["USUBJID"], days["DATE_FIRST"].alias("LSTCNTDT")])


_WHO, _DATE = pl.col("USUBJID"), pl.col("DATE")
# rows that stand together mostly share their date, and one of them is enough
_ANOTHER = _DATE.ne_missing(_DATE.shift()) | _WHO.ne_missing(_WHO.shift())
# the order of ISO texts is the order of their first possible days, but for a missing month
_IN_ORDER = _DATE.str.replace("---", "-01-", literal=True)


@lru_cache(maxsize=200)
def _dates_of(table: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(date_columns(table, columns))


def date_columns(name: str, columns: Iterable[str]) -> Iterator[str]:
    """The dates of a table that SDTM knows, but for the date of birth."""
    known = known_columns(name)
    for column in filter(is_date, columns):
        if column != "BRTHDTC" and (known is None or column in known):
            yield column
