"""ADLB: every laboratory row in the study's unit, graded, with baseline, change and visit."""

from dataclasses import dataclass
from functools import cache

import polars as pl

from pilotage.datasets.laboratory_findings import about_results, limits_reversed
from pilotage.datasets.laboratory_units import PAIR, tests_of, unit_table
from pilotage.datasets.placing import Measured, unplaced
from pilotage.datasets.small_plans import improved
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
    rows = converted[_KEPT].rename({"UNIT": "AVALU", "LBDTC": "DTC", "LBSEQ": "SEQ"})
    return Laboratory(Measured(rows, lb.drop("SRCLINE")), findings)


_KEPT = [
    *("USUBJID", "AVAL", "ANRLO", "ANRHI", "SRCLINE", "CODE", "SERIES", "ROW"),
    *("UNIT", "LBDTC", "LBSEQ"),
]


def laboratory_dataset(
    placed: pl.DataFrame, given: Laboratory, protocol: Protocol, *, file: str
) -> tuple[pl.DataFrame, list[pl.LazyFrame]]:
    """ADLB of the placed rows. Returns rows, findings."""
    parameters = {c: p for c, p in protocol.parameters.items() if p.domain == "LB"}
    labels = {code: text_of(parameter.label) for code, parameter in parameters.items()}
    source = given.measured.source[placed["ROW"]]
    code = pl.col("PARAMCD")
    label = code.replace_strict(labels, default=code, return_dtype=pl.String)
    judged = placed[_JUDGED].hstack([source["LBTESTCD"].alias("PARAMCD")])
    said = with_grade(judged.lazy().with_columns(PARAM=label), protocol)
    named = [
        pl.Series("SRCDOM", ["LB"]).new_from_index(0, placed.height),
        placed["SEQ"].alias("SRCSEQ"),
    ]
    rows = placed.hstack([*said[["PARAMCD", "PARAM", "ATOXGR", "ATOXHI"]], *named])
    carried = [column for column in source.columns if column != "USUBJID"]
    return source[carried].hstack(rows[_DERIVED]), unplaced(rows, parameters, "LBDTC", file)


_JUDGED = ["AVAL", "ANRLO", "ANRHI", "BASE"]


_DERIVED = [
    *("USUBJID", "PARAMCD", "AVAL", "ANRLO", "ANRHI", "AVALU", "SEQ", "SRCLINE"),
    *("DATE_FIRST", "DATE_LAST", "TIME", "TRTSDT", "ADT", "ADTF", "POST", "ADY"),
    *("PARAM", "SRCDOM", "SRCSEQ", "BASE", "ABLFL", "CHG", "PCHG", "ATOXGR", "ATOXHI"),
    *("AVISITN", "AVISIT", "ANL01FL", "ANL02FL", "CYCLE", "ONTRTFL"),
]


def with_grade(rows: pl.LazyFrame, protocol: Protocol) -> pl.DataFrame:
    """Add ATOXGR, the toxicity grade 0-4 by the study's criteria, and ATOXHI, the highest grade
    that the value may have. ATOXGR is missing where a limit of normal that it needs is missing;
    both are, for a parameter that is not graded and for a missing value."""
    terms, version = {}, ""
    if protocol.toxicity is not None:
        terms = {c: p.grade for c, p in protocol.parameters.items() if p.grade}
        version = protocol.toxicity.version
    graded = with_grades(rows, terms, version=version)
    return graded.pipe(improved)


_NUMBERS = {"LBORRES": "NUMBER", "LBORNRLO": "LOW", "LBORNRHI": "HIGH"}


@cache
def _numbers(*, cells: bool) -> list[pl.Expr]:
    """The numbers of the results and limits; `cells`: some are counts of single cells, and whether
    a number is written as one must be looked at."""
    single = pl.col("CELLS") if cells else None
    return [number_columns(text, single_cells=single).alias(n) for text, n in _NUMBERS.items()]


def _in_unit(column: str) -> pl.Expr:
    return quotient(pl.col(column) * pl.col("TIMES"), pl.col("OVER"))


_AS_LIMIT = pl.when(~limits_reversed().fill_null(False))
_VALUES = [
    _in_unit("NUMBER").alias("AVAL"),
    _AS_LIMIT.then(_in_unit("LOW")).alias("ANRLO"),
    _AS_LIMIT.then(_in_unit("HIGH")).alias("ANRHI"),
]


def _converted(lb: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """Add AVAL, ANRLO, ANRHI, what the unit means (see `unit_table`), and the number ROW."""
    return (
        lb.lazy()
        .select("USUBJID", *PAIR, "LBORRES", "LBORNRLO", "LBORNRHI", "LBDTC", "LBSEQ", "SRCLINE")
        .with_row_index("ROW")
        .join(units.lazy(), on=PAIR, how="left", nulls_equal=True, maintain_order="left")
        .with_columns(_numbers(cells=bool(units["CELLS"].any())))
        .with_columns(_VALUES)
        .pipe(improved)
    )
