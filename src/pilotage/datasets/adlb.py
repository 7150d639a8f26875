"""ADLB: every laboratory row in the study's unit, graded, with baseline, change and visit."""

import polars as pl

from pilotage.datasets.adqs import labels, undated
from pilotage.datasets.baseline import with_baseline, with_change
from pilotage.datasets.exposure import Exposure
from pilotage.datasets.remarks import remark
from pilotage.datasets.timing import with_cycle, with_timing
from pilotage.datasets.windows import with_record_for_analysis, with_visit
from pilotage.instruments.ctcae import grade_columns
from pilotage.instruments.division import quotient
from pilotage.instruments.units import (
    IncompatibleUnits,
    UnknownUnit,
    conversion,
    number_columns,
)
from pilotage.study.protocol import Parameter, Protocol


def laboratory(
    lb: pl.DataFrame, subjects: pl.DataFrame, exposure: Exposure, protocol: Protocol, *, file: str
) -> tuple[pl.DataFrame, list[pl.LazyFrame]]:
    """Every row of LB as a finding in the study's unit. Returns rows, findings.

    AVAL is missing, with a finding, where the result is no plain number or has no unit; an unknown
    unit is an error of the input. Limits of normal are converted with the value.
    """
    parameters = {c: p for c, p in protocol.parameters.items() if p.domain == "LB"}
    converted, findings = _converted(lb, parameters, file)
    timed = with_timing(converted, "LBDTC", subjects)
    findings.append(undated(timed, parameters, "LBDTC", file))
    named = timed.with_columns(
        PARAM=labels(parameters, pl.col("LBTESTCD")),
        SRCDOM=pl.lit("LB"),
        SRCSEQ=pl.col("LBSEQ"),
        SEQ=pl.col("LBSEQ"),
    )
    derived = with_grade(with_change(with_baseline(named)), protocol)
    visited = with_record_for_analysis(with_visit(derived, protocol.analysis_windows))
    return with_cycle(visited, exposure.cycles), findings


def with_grade(rows: pl.DataFrame, protocol: Protocol) -> pl.DataFrame:
    """Add ATOXGR, the toxicity grade 0-4 by the study's criteria, and ATOXHI, the highest grade
    that the value may have. ATOXGR is missing where a limit of normal that it needs is missing;
    both are, for a parameter that is not graded and for a missing value."""
    ungraded = rows.with_columns(
        ATOXGR=pl.lit(None, dtype=pl.Int64), ATOXHI=pl.lit(None, dtype=pl.Int64)
    )
    if protocol.toxicity is None:
        return ungraded
    version = protocol.toxicity.version
    present = set(rows["PARAMCD"].unique().to_list())
    terms = {c: p.grade for c, p in protocol.parameters.items() if p.grade and c in present}
    parts = [ungraded.filter(~pl.col("PARAMCD").is_in(list(terms)))]
    for code, term in terms.items():
        own = rows.filter(pl.col("PARAMCD") == code)
        graded = own.with_columns(ATOXGR=grade_columns(term, version=version))
        open_grades = graded["ATOXGR"].null_count() > graded["AVAL"].null_count()
        bound = grade_columns(term, version=version, highest=True)
        parts.append(graded.with_columns(ATOXHI=bound if open_grades else pl.col("ATOXGR")))
    return pl.concat(parts)


def _converted(
    lb: pl.DataFrame, parameters: dict[str, Parameter], file: str
) -> tuple[pl.DataFrame, list[pl.LazyFrame]]:
    """Add PARAMCD, AVAL, AVALU, ANRLO, ANRHI."""
    factors, wrong = _factors(lb, parameters)
    pair = ["LBTESTCD", "LBORRESU"]
    rows = (
        lb.lazy()
        .join(factors.lazy(), on=pair, how="left", nulls_equal=True, maintain_order="left")
        .with_columns(
            NUMBER=number_columns("LBORRES", unit="LBORRESU"),
            LOW=number_columns("LBORNRLO", unit="LBORRESU"),
            HIGH=number_columns("LBORNRHI", unit="LBORRESU"),
            DECLARED=pl.col("LBTESTCD").is_in(list(parameters)),
        )
    )

    def in_unit(column: str) -> pl.Expr:
        return quotient(pl.col(column) * pl.col("TIMES"), pl.col("OVER"))

    converted = rows.with_columns(
        PARAMCD=pl.col("LBTESTCD").cast(pl.Categorical),
        AVAL=in_unit("NUMBER"),
        ANRLO=in_unit("LOW"),
        ANRHI=in_unit("HIGH"),
        AVALU=pl.col("UNIT"),
    ).collect(engine="in-memory")
    findings = [
        remark(
            converted.lazy().join(wrong.lazy(), on=pair),
            pl.col("PROBLEM"),
            when=pl.col("LBORRES").is_not_null(),
            file=file,
            severity="error",
        ),
        *_remarks(converted, file),
        _implausible(converted, parameters, file),
    ]
    return converted.drop("NUMBER", "LOW", "HIGH", "DECLARED", "TIMES", "OVER", "UNIT"), findings


def _factors(
    lb: pl.DataFrame, parameters: dict[str, Parameter]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """For each test and unit in the data: the exact factor (TIMES / OVER) to the study's unit, and
    the pairs that cannot be converted with the reason. A test that the study does not declare stays
    in its own unit."""
    known: list[dict[str, object]] = []
    wrong: list[dict[str, object]] = []
    for code, unit in (
        lb.select("LBTESTCD", "LBORRESU").unique().sort("LBTESTCD", "LBORRESU").rows()
    ):
        pair = {"LBTESTCD": code, "LBORRESU": unit}
        parameter = parameters.get(code)
        if parameter is None:
            known.append(pair | {"TIMES": 1.0, "OVER": 1.0, "UNIT": unit})
            continue
        if unit is None:
            known.append(pair | {"TIMES": None, "OVER": None, "UNIT": parameter.unit})
            continue
        try:
            factor = conversion(unit, parameter.unit, analyte=code)
        except (UnknownUnit, IncompatibleUnits) as problem:
            wrong.append(pair | {"PROBLEM": f"{code}: {problem}"})
            continue
        known.append(
            pair
            | {
                "TIMES": float(factor.numerator),
                "OVER": float(factor.denominator),
                "UNIT": parameter.unit,
            }
        )
    pair_types: dict[str, pl.DataType | type[pl.DataType]] = {
        "LBTESTCD": lb.schema["LBTESTCD"],
        "LBORRESU": lb.schema["LBORRESU"],
    }
    factor_types: dict[str, pl.DataType | type[pl.DataType]] = {
        "TIMES": pl.Float64,
        "OVER": pl.Float64,
        "UNIT": pl.String,
    }
    return (
        pl.DataFrame(known, schema=pair_types | factor_types),
        pl.DataFrame(wrong, schema=pair_types | {"PROBLEM": pl.String()}),
    )


def _remarks(rows: pl.DataFrame, file: str) -> list[pl.LazyFrame]:
    present = pl.col("LBORRES").is_not_null()
    declared = rows.lazy().filter("DECLARED")
    undeclared = rows.lazy().filter(~pl.col("DECLARED")).unique("LBTESTCD", keep="first")
    unit = pl.col("LBORRESU").fill_null("no unit")
    return [
        remark(
            declared,
            when=present & pl.col("NUMBER").is_null(),
            message=pl.format(
                "{} is '{}' ({}), not a plain number: the value is missing",
                "LBTESTCD",
                "LBORRES",
                unit,
            ),
            file=file,
        ),
        remark(
            declared,
            when=present & pl.col("LBORRESU").is_null(),
            message=pl.format(
                "{} {} has no unit: the value is missing and is not graded", "LBTESTCD", "LBORRES"
            ),
            file=file,
        ),
        remark(
            undeclared,
            pl.format(
                "{} is not a parameter of the study: its rows are kept as they are", "LBTESTCD"
            ),
            file=file,
            severity="note",
        ).with_columns(WHERE=pl.lit(file), USUBJID=pl.lit(None, dtype=pl.String)),
        *[
            remark(
                declared,
                when=pl.col(column).is_not_null() & pl.col(number).is_null(),
                message=pl.format(
                    "{} {} is '{}', not a plain number: the limit is missing",
                    "LBTESTCD",
                    pl.lit(column),
                    column,
                ),
                file=file,
            )
            for column, number in (("LBORNRLO", "LOW"), ("LBORNRHI", "HIGH"))
        ],
    ]


def _implausible(rows: pl.DataFrame, parameters: dict[str, Parameter], file: str) -> pl.LazyFrame:
    """A finding for a value outside the range that the study expects: perhaps the wrong unit."""
    bounds = pl.DataFrame(
        [(code, *p.range, p.unit) for code, p in parameters.items()],
        schema={
            "PARAMCD": rows.schema["PARAMCD"],
            "LEAST": pl.Float64,
            "MOST": pl.Float64,
            "EXPECTED": pl.String,
        },
        orient="row",
    )
    outside = (
        rows.lazy()
        .join(bounds.lazy(), on="PARAMCD")
        .filter(~pl.col("AVAL").is_between(pl.col("LEAST"), pl.col("MOST")))
    )
    words = pl.format(
        "{} is {} {}, outside the expected {} to {}: is the unit right?",
        "PARAMCD",
        "AVAL",
        "EXPECTED",
        "LEAST",
        "MOST",
    )
    return remark(outside, words, file=file)
