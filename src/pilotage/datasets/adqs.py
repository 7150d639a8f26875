"""ADQS: every questionnaire row, the totals of its items, baseline, change and analysis visit."""

import polars as pl

from pilotage.datasets.baseline import baselines_lost, with_baseline, with_change
from pilotage.datasets.exposure import Exposure
from pilotage.datasets.remarks import Check, remark, remarks
from pilotage.datasets.scores import with_totals
from pilotage.datasets.timing import with_cycle, with_timing
from pilotage.datasets.windows import (
    with_record_after_course,
    with_record_for_analysis,
    with_visit,
)
from pilotage.instruments.units import number_columns
from pilotage.study.protocol import Parameter, Protocol, text_of


def questionnaires(
    qs: pl.DataFrame, subjects: pl.DataFrame, exposure: Exposure, protocol: Protocol, *, file: str
) -> tuple[pl.DataFrame, list[pl.LazyFrame]]:
    """Every row of QS as a finding with AVAL, and the totals of the items. Returns rows, findings.

    AVAL is QSSTRESN, else QSORRES where it is a number, else missing. A score outside its range is
    an error of the input.
    """
    parameters = {c: p for c, p in protocol.parameters.items() if p.domain == "QS"}
    valued = qs.with_columns(
        AVAL=pl.coalesce("QSSTRESN", number_columns("QSORRES")), SEQ=pl.col("QSSEQ")
    )
    findings = remarks(valued, _value_checks(parameters), file=file)
    rows, found = with_totals(_with_time(valued), protocol, file=file)
    source = rows.drop("TIME")
    narrow = source.select("USUBJID", "QSTESTCD", "QSDTC", "AVAL", "SEQ", "SRCLINE")
    timed = with_timing(narrow, "QSDTC", subjects)
    named = timed.with_columns(
        PARAMCD=pl.col("QSTESTCD").cast(pl.Categorical),
        PARCAT1=source["QSCAT"],
        PARAM=labels(parameters, pl.col("QSTESTCD")),
        AVALU=pl.col("QSTESTCD").replace_strict(
            {c: p.unit for c, p in parameters.items()}, default=None, return_dtype=pl.String
        ),
        SRCDOM=pl.lit("QS"),
        SRCSEQ=source["QSSEQ"],
    )
    derived = with_change(with_baseline(named))
    findings += [*found, *unplaced(derived, parameters, "QSDTC", file)]
    return beside(source, placed(derived, exposure, protocol)), findings


def beside(source: pl.DataFrame, derived: pl.DataFrame) -> pl.DataFrame:
    """The columns of the source and those derived from a few of them, row by row. What is derived
    from narrow rows takes half the time."""
    return source.with_columns(derived.select(c for c in derived.columns if c not in source))


def placed(findings: pl.DataFrame, exposure: Exposure, protocol: Protocol) -> pl.DataFrame:
    """Add the analysis visit and the treatment cycle of each record, and the flags of the records
    that stand for a visit (ANL01FL) and for the time after the course (ANL02FL)."""
    windows, cycles = protocol.analysis_windows, exposure.cycles
    visited = with_record_for_analysis(with_visit(findings, windows))
    return with_cycle(with_record_after_course(visited, cycles, windows), exposure)


def labels(parameters: dict[str, Parameter], code: pl.Expr) -> pl.Expr:
    """The label of a parameter of the study; for any other test, its code."""
    known = {c: text_of(p.label) for c, p in parameters.items()}
    return code.replace_strict(known, default=code, return_dtype=pl.String)


def unplaced(
    rows: pl.DataFrame, parameters: dict[str, Parameter], column: str, file: str
) -> list[pl.LazyFrame]:
    """Findings: known values of parameters whose date is not complete, and subjects whose baseline
    is lost to one."""
    own = pl.col("PARAMCD").is_in(list(parameters))
    undated = own & pl.col("AVAL").is_not_null() & pl.col("ADT").is_null()
    if not rows.select(undated.any()).item():
        return []
    text, before = pl.col(column).fill_null(""), ~pl.col("POST")
    checks = [
        Check(
            undated & before,
            pl.format(f"{column} '{{}}' is not complete: the value is from before treatment", text),
        ),
        Check(
            undated & ~before.fill_null(False),
            pl.format(
                f"{column} '{{}}' is not complete: the value enters no visit, and what it shows "
                "has no day",
                text,
            ),
        ),
    ]
    words = pl.format(
        "{} has no baseline: which of its values is the last before treatment is not known",
        "PARAMCD",
    )
    lost = remark(baselines_lost(rows.filter(own)), words, file=file)
    return [*remarks(rows, checks, file=file), lost.with_columns(WHERE=pl.lit(file))]


def _with_time(qs: pl.DataFrame) -> pl.DataFrame:
    from pilotage.snapshot.dates import with_interval

    dated = with_interval(qs, "QSDTC")
    return dated.rename({"QSDTC_TIME": "TIME"}).drop("QSDTC_FIRST", "QSDTC_LAST")


def _value_checks(parameters: dict[str, Parameter]) -> list[Check]:
    """Errors: stated scores outside their range, or not whole where only whole ones exist. A text
    where a number should be is a finding."""
    code, value = pl.col("QSTESTCD"), pl.col("AVAL")
    checks = []
    for name, parameter in parameters.items():
        wrong = ~value.is_between(*parameter.range)
        if parameter.whole_numbers:
            wrong = wrong | (value != value.round(0))
        expected = _expected(parameter.range, whole=parameter.whole_numbers)
        words = pl.format(f"{name} is {{}}; it must be {expected}", value)
        checks.append(Check((code == name) & wrong, words, severity="error"))
    text = code.is_in(list(parameters)) & value.is_null() & pl.col("QSORRES").is_not_null()
    words = pl.format("{} is '{}', not a number: the value is missing", code, "QSORRES")
    return [*checks, Check(text, words)]


def _expected(bounds: tuple[float, float], *, whole: bool) -> str:
    return f"{'a whole number ' if whole else ''}from {bounds[0]:g} to {bounds[1]:g}"
