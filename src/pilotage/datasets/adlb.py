"""ADLB: every laboratory row in the study's unit, graded, with baseline, change and visit."""

from collections.abc import Mapping

import polars as pl

from pilotage.datasets.adqs import beside, labels, placed, unplaced
from pilotage.datasets.baseline import with_baseline, with_change
from pilotage.datasets.exposure import Exposure
from pilotage.datasets.laboratory_findings import about_results, limits_reversed
from pilotage.datasets.laboratory_units import PAIR, SCHEMA, LabTest, tests_of, unit_table
from pilotage.datasets.timing import with_timing
from pilotage.instruments.ctcae import with_grades
from pilotage.instruments.division import quotient
from pilotage.instruments.units import number_columns
from pilotage.study.protocol import Protocol


def laboratory(
    lb: pl.DataFrame, subjects: pl.DataFrame, exposure: Exposure, protocol: Protocol, *, file: str
) -> tuple[pl.DataFrame, list[pl.LazyFrame]]:
    """Every row of LB as a finding in the unit of its test. Returns rows, findings.

    AVAL is missing, with a finding, where the result is no plain number or has no unit; an unknown
    unit is an error of the input, and so is one that does not convert to the unit of a parameter.
    Of other tests each row is kept in a unit that depends on its own unit alone, and BASE and CHG
    compare rows of one unit. Limits of normal are converted with the value.
    """
    parameters = {c: p for c, p in protocol.parameters.items() if p.domain == "LB"}
    converted, findings = _converted(lb, tests_of(protocol), file)
    narrow = converted.select(
        *("USUBJID", "LBTESTCD", "LBDTC", "LBSEQ", "SRCLINE"),
        *("PARAMCD", "AVAL", "AVALU", "ANRLO", "ANRHI"),
    )
    timed = with_timing(narrow, "LBDTC", subjects)
    named = timed.with_columns(
        PARAM=labels(parameters, pl.col("LBTESTCD")),
        SRCDOM=pl.lit("LB"),
        SRCSEQ=pl.col("LBSEQ"),
        SEQ=pl.col("LBSEQ"),
    )
    derived = with_grade(with_change(with_baseline(named)), protocol)
    findings += unplaced(derived, parameters, "LBDTC", file)
    rows = beside(converted, placed(derived, exposure, protocol))
    return rows.with_columns(PARAMCD=pl.col("LBTESTCD").cast(pl.Categorical)), findings


def with_grade(rows: pl.DataFrame, protocol: Protocol) -> pl.DataFrame:
    """Add ATOXGR, the toxicity grade 0-4 by the study's criteria, and ATOXHI, the highest grade
    that the value may have. ATOXGR is missing where a limit of normal that it needs is missing;
    both are, for a parameter that is not graded and for a missing value."""
    terms, version = {}, ""
    if protocol.toxicity is not None:
        terms = {c: p.grade for c, p in protocol.parameters.items() if p.grade}
        version = protocol.toxicity.version
    return with_grades(rows.lazy(), terms, version=version).collect(engine="in-memory")


def _converted(
    lb: pl.DataFrame, tests: Mapping[str, LabTest], file: str
) -> tuple[pl.DataFrame, list[pl.LazyFrame]]:
    """Add AVAL, AVALU, ANRLO, ANRHI, and PARAMCD, here the series of comparable values: the code of
    the test, with its unit where that is not the unit of the study."""
    units = unit_table(lb, tests)
    cells = pl.col("CELLS")
    rows = (
        lb.lazy()
        .join(units.lazy(), on=PAIR, how="left", nulls_equal=True, maintain_order="left")
        .with_columns(
            NUMBER=number_columns("LBORRES", single_cells=cells),
            LOW=number_columns("LBORNRLO", single_cells=cells),
            HIGH=number_columns("LBORNRHI", single_cells=cells),
        )
    )

    def in_unit(column: str) -> pl.Expr:
        return quotient(pl.col(column) * pl.col("TIMES"), pl.col("OVER"))

    def limit(column: str) -> pl.Expr:
        return pl.when(~limits_reversed().fill_null(False)).then(in_unit(column))

    converted = rows.with_columns(
        PARAMCD=pl.col("SERIES").cast(pl.Categorical),
        AVAL=in_unit("NUMBER"),
        ANRLO=limit("LOW"),
        ANRHI=limit("HIGH"),
        AVALU=pl.col("UNIT"),
    ).collect(engine="in-memory")
    findings = about_results(converted, units, tests, file=file)
    return converted.drop("NUMBER", "LOW", "HIGH", *SCHEMA), findings
