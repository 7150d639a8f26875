"""ADLB: every laboratory row in the study's unit, graded, with baseline, change and visit."""

from dataclasses import dataclass

import polars as pl

from pilotage.datasets.laboratory_findings import about_results, limits_reversed
from pilotage.datasets.laboratory_units import PAIR, tests_of, unit_table
from pilotage.datasets.placing import Measured, unplaced
from pilotage.instruments.ctcae import with_grades
from pilotage.instruments.division import quotient
from pilotage.instruments.units import number_columns
from pilotage.study.protocol import Protocol, text_of


@dataclass(frozen=True, slots=True)
class Laboratory:
    """The values of LB in the unit of their test."""

    measured: Measured
    findings: list[pl.LazyFrame]


def laboratory(lb: pl.DataFrame, protocol: Protocol, *, file: str) -> Laboratory:
    """Every row of LB as a value in the unit of its test.

    AVAL is missing, with a finding, where the result is no plain number or has no unit; an unknown
    unit is an error of the input, and so is one that does not convert to the unit of a parameter.
    Of other tests each row is kept in a unit that depends on its own unit alone, and BASE and CHG
    compare rows of one unit. Limits of normal are converted with the value.
    """
    tests = tests_of(protocol)
    units = unit_table(lb, tests)
    converted = _converted(lb, units)
    findings = about_results(converted, units, tests, file=file)
    rows = converted.select(
        *("USUBJID", "AVAL", "ANRLO", "ANRHI", "SRCLINE"),
        *("CODE", "SERIES", "ROW"),
        AVALU="UNIT",
        DTC="LBDTC",
        SEQ="LBSEQ",
    )
    return Laboratory(Measured(rows, lb.drop("SRCLINE")), findings)


def laboratory_dataset(
    placed: pl.DataFrame, given: Laboratory, protocol: Protocol, *, file: str
) -> tuple[pl.DataFrame, list[pl.LazyFrame]]:
    """ADLB of the placed rows. Returns rows, findings."""
    parameters = {c: p for c, p in protocol.parameters.items() if p.domain == "LB"}
    labels = {code: text_of(parameter.label) for code, parameter in parameters.items()}
    source = given.measured.source[placed["ROW"]]
    code = pl.col("PARAMCD")
    named = placed.with_columns(
        PARAMCD=source["LBTESTCD"], SRCDOM=pl.lit("LB"), SRCSEQ="SEQ"
    ).with_columns(PARAM=code.replace_strict(labels, default=code, return_dtype=pl.String))
    rows = with_grade(named, protocol)
    derived = rows.select(_DERIVED)
    return source.drop("USUBJID").hstack(derived), unplaced(rows, parameters, "LBDTC", file)


_DERIVED = [
    *("USUBJID", "PARAMCD", "AVAL", "ANRLO", "ANRHI", "AVALU", "SEQ", "SRCLINE"),
    *("DATE_FIRST", "DATE_LAST", "TIME", "TRTSDT", "ADT", "ADTF", "POST", "ADY"),
    *("PARAM", "SRCDOM", "SRCSEQ", "BASE", "ABLFL", "CHG", "PCHG", "ATOXGR", "ATOXHI"),
    *("AVISITN", "AVISIT", "ANL01FL", "ANL02FL", "CYCLE", "ONTRTFL"),
]


def with_grade(rows: pl.DataFrame, protocol: Protocol) -> pl.DataFrame:
    """Add ATOXGR, the toxicity grade 0-4 by the study's criteria, and ATOXHI, the highest grade
    that the value may have. ATOXGR is missing where a limit of normal that it needs is missing;
    both are, for a parameter that is not graded and for a missing value."""
    terms, version = {}, ""
    if protocol.toxicity is not None:
        terms = {c: p.grade for c, p in protocol.parameters.items() if p.grade}
        version = protocol.toxicity.version
    return with_grades(rows.lazy(), terms, version=version).collect(engine="in-memory")


def _converted(lb: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """Add AVAL, ANRLO, ANRHI, what the unit means (see `unit_table`), and the number ROW."""
    cells = pl.col("CELLS")

    def in_unit(column: str) -> pl.Expr:
        return quotient(pl.col(column) * pl.col("TIMES"), pl.col("OVER"))

    def limit(column: str) -> pl.Expr:
        return pl.when(~limits_reversed().fill_null(False)).then(in_unit(column))

    return (
        lb.lazy()
        .select("USUBJID", *PAIR, "LBORRES", "LBORNRLO", "LBORNRHI", "LBDTC", "LBSEQ", "SRCLINE")
        .with_row_index("ROW")
        .join(units.lazy(), on=PAIR, how="left", nulls_equal=True, maintain_order="left")
        .with_columns(
            NUMBER=number_columns("LBORRES", single_cells=cells),
            LOW=number_columns("LBORNRLO", single_cells=cells),
            HIGH=number_columns("LBORNRHI", single_cells=cells),
        )
        .with_columns(AVAL=in_unit("NUMBER"), ANRLO=limit("LOW"), ANRHI=limit("HIGH"))
        .collect(engine="in-memory")
    )
