"""What is said about laboratory results that cannot be used, or that look wrong."""

from collections.abc import Iterator, Mapping
from functools import cache

import polars as pl

from pilotage.datasets.laboratory_units import LabTest
from pilotage.datasets.remarks import SCHEMA, Check, remark, remarks

FRACTION_BELOW = 100
"""A count of single cells below it that is not a whole number is more likely one of thousands."""


def about_results(
    rows: pl.DataFrame, units: pl.DataFrame, tests: Mapping[str, LabTest], *, file: str
) -> list[pl.LazyFrame]:
    """Findings about converted rows (with NUMBER, LOW, HIGH) and about the tests among them.

    A test whose unit the study names has a finding for every row that cannot be used; of any other
    test, equal results share one.
    """
    found = remarks(rows, _of_every_row(), file=file)
    if not units["MEASURED"].all():
        found += [_shared(rows, check, file) for check in _of_other_tests()]
    return [*found, _about_tests(units, tests, file)]


def _shared(rows: pl.DataFrame, check: Check, file: str) -> pl.LazyFrame:
    """One finding for all rows with the same message, on the first of their lines."""
    alike = (
        rows.lazy()
        .filter(check.when)
        .group_by(WORDS=check.message)
        .agg(pl.col("USUBJID").sort_by("SRCLINE").first(), pl.col("SRCLINE").min(), ROWS=pl.len())
    )
    words = pl.col("WORDS")
    counted = pl.format("{} ({} rows, the first here)", words, "ROWS")
    message = pl.when(pl.col("ROWS") > 1).then(counted).otherwise(words)
    return remark(alike, message, file=file, severity=check.severity)


_PRESENT = pl.col("LBORRES").is_not_null()
_UNIT = pl.col("LBORRESU").fill_null("no unit")
_NO_NUMBER = pl.format(
    "{} is '{}' ({}), not a plain number: the value is missing", "LBTESTCD", "LBORRES", _UNIT
)


@cache
def _of_every_row() -> tuple[Check, ...]:
    return (*_unusable(), *_limits(), _implausible())


def _unusable() -> Iterator[Check]:
    wrong = pl.col("PROBLEM").is_not_null()
    is_number = pl.col("NUMBER").is_not_null()
    measured = pl.col("MEASURED")
    yield Check(
        wrong & _PRESENT & (measured | is_number), message=pl.col("PROBLEM"), severity="error"
    )
    yield Check(measured & _PRESENT & ~is_number & ~wrong, message=_NO_NUMBER)
    yield Check(
        measured & is_number & pl.col("LBORRESU").is_null(),
        message=pl.format(
            "{} {} has no unit: the value is missing and is not graded", "LBTESTCD", "LBORRES"
        ),
    )


@cache
def _of_other_tests() -> tuple[Check, ...]:
    """Results in words and without a unit need no finding of their own: that of their test says
    what becomes of them."""
    other = ~pl.col("MEASURED") & _PRESENT
    is_number = pl.col("NUMBER").is_not_null()
    has_unit = pl.col("LBORRESU").is_not_null()
    bound = pl.col("LBORRES").str.contains(r"^\s*[<>≤≥]")
    coded = pl.col("CODED")
    words = pl.format("{} has results without a unit: their values are missing", "LBTESTCD")
    return (
        Check(other & ~is_number & (has_unit | (bound & ~coded)), message=_NO_NUMBER),
        Check(other & is_number & ~has_unit & ~coded, message=words),
    )


def _limits() -> Iterator[Check]:
    for column, number in (("LBORNRLO", "LOW"), ("LBORNRHI", "HIGH")):
        yield Check(
            pl.col("MEASURED") & pl.col(column).is_not_null() & pl.col(number).is_null(),
            message=pl.format(
                "{} {} is '{}', not a plain number: the limit is missing",
                "LBTESTCD",
                pl.lit(column),
                column,
            ),
        )
    yield Check(
        limits_reversed(),
        message=pl.format(
            "{} has a lower limit {} above its upper limit {}: both limits are missing",
            "LBTESTCD",
            "LBORNRLO",
            "LBORNRHI",
        ),
    )


def limits_reversed() -> pl.Expr:
    """Is the lower limit of normal above the upper one? Null where either is missing."""
    return pl.col("LOW") > pl.col("HIGH")


def _implausible() -> Check:
    """A value outside the range that the study expects, or that no one lives with, or a fraction of
    a cell: perhaps the unit is wrong."""
    value, number = pl.col("AVAL"), pl.col("NUMBER")
    too_low = (value < pl.col("LOWEST")) | ((value > 0) & (value < pl.col("LEAST")))
    outside = (too_low | (value > pl.col("MOST"))).fill_null(False)
    parts = (number > 0) & (number < FRACTION_BELOW) & (number != number.floor())
    words = pl.format(
        "{} is {} {}, outside the expected {} to {}: is the unit right?",
        "LBTESTCD",
        "AVAL",
        "UNIT",
        pl.max_horizontal("LOWEST", "LEAST"),
        "MOST",
    )
    cells = pl.format(
        "{} is {} {}, outside the expected whole numbers of cells: is the unit right?",
        "LBTESTCD",
        "LBORRES",
        "LBORRESU",
    )
    return Check(
        outside | (pl.col("MEASURED") & pl.col("CELLS") & parts).fill_null(False),
        message=pl.when(outside).then(words).otherwise(cells),
    )


def _about_tests(units: pl.DataFrame, tests: Mapping[str, LabTest], file: str) -> pl.LazyFrame:
    """A note for each test that is no parameter, and a warning where its units do not convert."""
    kept: dict[str, set[str]] = {}
    for code, unit in units.select("LBTESTCD", "UNIT").rows():
        kept.setdefault(code, set()).update([] if unit is None else [unit])
    found = []
    for code, its_units in kept.items():
        test = tests.get(code, LabTest(code))
        if test.parameter:
            continue
        words = f"{code} is not a parameter of the study: its rows are kept and not graded"
        found.append(("note", file, None, f"{words}; what is no number stays a text"))
        its_units |= {test.unit} if test.unit else set()
        if len(its_units) > 1:
            words = f"{code} is in units that do not convert into each other"
            words = f"{words} ({', '.join(sorted(its_units))})"
            found.append(("warning", file, None, f"{words}: BASE and CHG compare values of one"))
    return pl.LazyFrame(found, schema=SCHEMA, orient="row")
