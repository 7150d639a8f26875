"""Which dose a subject was on, on a day."""

import polars as pl

NO_DRUG = ""
"""Stands for the step without drug; the report says it in words."""


def steps_on(adex: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """USUBJID, ROW, STEP, ASEQ for each row of `asked` (USUBJID, ROW, DAY): the step of the ladder
    in force on the day, and the row of ADEX that says so.

    Of doses that overlap it is the one that began last. On a day without drug after a dose STEP is
    NO_DRUG, and the row is the last one begun before. No row where nothing was taken up to the day,
    and where a dose of the subject, or a date of one, is not complete: it might be in force.
    """
    complete = pl.all_horizontal(pl.col("ASTDT", "AENDT", "EXDOSE").is_not_null())
    begun = (
        adex.filter(complete.all().over("USUBJID"))
        .join(asked.filter(pl.col("DAY").is_not_null()), on="USUBJID", maintain_order="left")
        .filter(pl.col("ASTDT") <= pl.col("DAY"))
        .sort("USUBJID", "ROW", "ASTDT", "ASEQ")
    )
    taken = begun.filter((pl.col("AENDT") >= pl.col("DAY")) & (pl.col("EXDOSE") > 0))
    rest = begun.join(taken, on=["USUBJID", "ROW"], how="anti", maintain_order="left")
    found = [
        _last(taken).select("USUBJID", "ROW", STEP=step(), ASEQ="ASEQ"),
        _last(rest).select("USUBJID", "ROW", STEP=pl.lit(NO_DRUG), ASEQ="ASEQ"),
    ]
    return pl.concat(found).sort("USUBJID", "ROW")


def _last(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.unique(["USUBJID", "ROW"], keep="last", maintain_order=True)


def step() -> pl.Expr:
    """DOSESTEP; of a dose that is no step of the ladder, its dose, unit and frequency."""
    written = pl.concat_str(
        pl.col("EXDOSE").cast(pl.String).str.strip_suffix(".0"),
        "EXDOSU",
        "EXDOSFRQ",
        separator=" ",
        ignore_nulls=True,
    )
    return pl.coalesce("DOSESTEP", written)
