"""Grades and flags of a laboratory sheet after it was saved, by the datasets' own functions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from pilotage.capture.entry_forms.page import FormPage
from pilotage.capture.entry_forms.unit_words import unit_words
from pilotage.datasets.adlb import laboratory, with_grade
from pilotage.forms.answer import Answer
from pilotage.report.formats import plain
from pilotage.study import Study

Flag = Literal["low", "high", "normal"]

_SCHEMA: Final = {
    "USUBJID": pl.String, "LBTESTCD": pl.String, "LBORRES": pl.String, "LBORRESU": pl.String,
    "LBORNRLO": pl.String, "LBORNRHI": pl.String, "LBDTC": pl.String, "LBSEQ": pl.Int64,
    "SRCLINE": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LabResult:
    """A result in the unit of the study. `value` and `flag` are None where they cannot be known;
    `grade` is None where the test is not graded or the grade cannot be known, and then `highest` is
    the highest grade that it may have, None where the test is not graded."""

    item: str
    value: float | None
    unit: str
    flag: Flag | None
    grade: int | None
    highest: int | None

    @property
    def written(self) -> str:
        """Value and unit as text, with six digits; empty without a value."""
        if self.value is None:
            return ""
        return f"{plain(float(f'{self.value:.6g}'))} {unit_words(self.unit)}".rstrip()


def laboratory_results(
    study: Study,
    page: FormPage,
    answers: Mapping[str, Answer],
    baselines: Mapping[str, float] | None = None,
) -> dict[str, LabResult]:
    """Value, flag and toxicity grade of every laboratory line that has an answer, by item.

    `baselines` by LBTESTCD, in the unit of the study; without one a grade that needs it is not
    known.
    """
    lines = [
        (field, answers[field.item])
        for field in page.fields
        if field.is_laboratory and field.item in answers and answers[field.item].value
    ]
    if not lines:
        return {}
    rows = [
        ("", field.analyte, each.value, each.unit or None, each.low or None, each.high or None,
         None, number, number)
        for number, (field, each) in enumerate(lines, start=1)
    ]  # fmt: skip
    lb = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    converted = laboratory(lb, study.protocol, file="lb.csv").measured.rows.sort("ROW")
    base = pl.Series([(baselines or {}).get(field.analyte or "") for field, _ in lines],
                     dtype=pl.Float64)  # fmt: skip
    named = converted.with_columns(PARAMCD=lb["LBTESTCD"], BASE=base)
    graded = with_grade(named.lazy(), study.protocol).sort("ROW")
    return {
        field.item: LabResult(
            field.item,
            row["AVAL"],
            row["AVALU"] or "",
            _flag(row["AVAL"], row["ANRLO"], row["ANRHI"]),
            row["ATOXGR"],
            row["ATOXHI"],
        )
        for (field, _), row in zip(lines, graded.iter_rows(named=True), strict=True)
    }


def _flag(value: float | None, low: float | None, high: float | None) -> Flag | None:
    """Below, above or within the laboratory's limits of normal; None without those it needs."""
    if value is None:
        return None
    if low is not None and value < low:
        return "low"
    if high is not None and value > high:
        return "high"
    return "normal" if low is not None and high is not None else None
