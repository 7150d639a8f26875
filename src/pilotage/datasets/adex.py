"""ADEX: every dose row, with its days, mean daily dose, cycle and step of the ladder."""

import polars as pl

from pilotage.datasets.exposure import Exposure, dosing_frequency
from pilotage.datasets.small_plans import as_written
from pilotage.datasets.study_day import study_day
from pilotage.study.protocol import Protocol


def doses(exposure: Exposure, subjects: pl.DataFrame, protocol: Protocol) -> pl.DataFrame:
    """Every row of EX. AVAL is the mean daily dose in the study's dose unit; ADURN the days from
    start
    to end (for an ongoing dose, to the data cut); DOSESTEP the step of the ladder, missing where
    the dose is none of them."""
    steps = pl.DataFrame(
        [(step.dose, step.frequency, step.step) for step in protocol.treatment.ladder if step.dose],
        schema={"EXDOSE": pl.Float64, "FREQUENCY": pl.String, "DOSESTEP": pl.String},
        orient="row",
    )
    none = next((step.step for step in protocol.treatment.ladder if not step.dose), None)
    return (
        exposure.rows.lazy()
        .join(subjects.lazy().select("USUBJID", "TRTSDT"), on="USUBJID", how="left")
        .with_columns(FREQUENCY=dosing_frequency())
        .join(steps.lazy(), on=["EXDOSE", "FREQUENCY"], how="left")
        .drop("FREQUENCY")
        .with_columns(
            PARAMCD=pl.lit("MDD"),
            PARAM=pl.lit("Mean daily dose"),
            AVAL=pl.col("MDD"),
            AVALU=pl.lit(protocol.treatment.unit),
            ADURN=(pl.col("AENDT") - pl.col("ASTDT")).dt.total_days() + 1,
            ONGOFL=pl.when(pl.col("ONGOING")).then(pl.lit("Y")).otherwise(pl.lit("N")),
            DOSESTEP=pl.when(pl.col("EXDOSE") == 0).then(pl.lit(none)).otherwise("DOSESTEP"),
            SRCDOM=pl.lit("EX"),
            SRCSEQ=pl.col("EXSEQ"),
        )
        .with_columns(ASTDY=study_day("ASTDT"), AENDY=study_day("AENDT"))
        .pipe(as_written)
    )
