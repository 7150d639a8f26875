"""ADQS: every questionnaire row, the totals of its items, baseline, change and analysis visit."""

import polars as pl

from pilotage.datasets.baseline import with_baseline, with_change
from pilotage.datasets.exposure import Exposure
from pilotage.datasets.remarks import remark
from pilotage.datasets.scores import with_totals
from pilotage.datasets.timing import with_cycle, with_timing
from pilotage.datasets.windows import with_record_for_analysis, with_visit
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
    findings = [_refused(valued, parameters, file), _not_numbers(valued, parameters, file)]
    rows, found = with_totals(_with_time(valued), protocol, file=file)
    timed = with_timing(rows.drop("TIME"), "QSDTC", subjects)
    findings += [*found, undated(timed, parameters, "QSDTC", file)]
    named = timed.with_columns(
        PARAMCD=pl.col("QSTESTCD").cast(pl.Categorical),
        PARCAT1=pl.col("QSCAT"),
        PARAM=labels(parameters, pl.col("QSTESTCD")),
        AVALU=pl.col("QSTESTCD").replace_strict(
            {c: p.unit for c, p in parameters.items()}, default=None, return_dtype=pl.String
        ),
        SRCDOM=pl.lit("QS"),
        SRCSEQ=pl.col("QSSEQ"),
    )
    derived = with_change(with_baseline(named))
    visited = with_record_for_analysis(with_visit(derived, protocol.analysis_windows))
    return with_cycle(visited, exposure.cycles), findings


def labels(parameters: dict[str, Parameter], code: pl.Expr) -> pl.Expr:
    """The label of a parameter of the study; for any other test, its code."""
    known = {c: text_of(p.label) for c, p in parameters.items()}
    return code.replace_strict(known, default=code, return_dtype=pl.String)


def undated(
    rows: pl.DataFrame, parameters: dict[str, Parameter], column: str, file: str
) -> pl.LazyFrame:
    """A finding for each known value of a parameter whose date is not complete."""
    partial = rows.lazy().filter(
        pl.col("PARAMCD" if "PARAMCD" in rows.columns else "QSTESTCD").is_in(list(parameters))
        & pl.col("AVAL").is_not_null()
        & pl.col("ADT").is_null()
    )
    words = pl.format(
        f"{column} '{{}}' is not complete: the value enters no visit and no time to event",
        pl.col(column).fill_null(""),
    )
    return remark(partial, words, file=file)


def _with_time(qs: pl.DataFrame) -> pl.DataFrame:
    from pilotage.snapshot.dates import with_interval

    dated = with_interval(qs, "QSDTC")
    return dated.rename({"QSDTC_TIME": "TIME"}).drop("QSDTC_FIRST", "QSDTC_LAST")


def _refused(rows: pl.DataFrame, parameters: dict[str, Parameter], file: str) -> pl.LazyFrame:
    """Errors: stated scores outside their range, or not whole where only whole ones exist."""
    bounds = pl.DataFrame(
        [
            (code, *p.range, p.whole_numbers, _expected(p.range, whole=p.whole_numbers))
            for code, p in parameters.items()
        ],
        schema=["QSTESTCD", "LEAST", "MOST", "WHOLE", "EXPECTED"],
        orient="row",
        strict=False,
    ).cast({"LEAST": pl.Float64, "MOST": pl.Float64})
    value = pl.col("AVAL")
    outside = ~value.is_between(pl.col("LEAST"), pl.col("MOST"))
    broken = pl.col("WHOLE") & (value != value.round(0))
    wrong = rows.lazy().join(bounds.lazy(), on="QSTESTCD").filter(outside | broken)
    words = pl.format("{} is {}; it must be {}", "QSTESTCD", "AVAL", "EXPECTED")
    return remark(wrong, words, file=file, severity="error")


def _expected(bounds: tuple[float, float], *, whole: bool) -> str:
    return f"{'a whole number ' if whole else ''}from {bounds[0]:g} to {bounds[1]:g}"


def _not_numbers(rows: pl.DataFrame, parameters: dict[str, Parameter], file: str) -> pl.LazyFrame:
    text = rows.lazy().filter(
        pl.col("QSTESTCD").is_in(list(parameters))
        & pl.col("AVAL").is_null()
        & pl.col("QSORRES").is_not_null()
    )
    words = pl.format("{} is '{}', not a number: the value is missing", "QSTESTCD", "QSORRES")
    return remark(text, words, file=file)
