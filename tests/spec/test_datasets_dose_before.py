"""The dose at which something was found: the step taken on the day before."""

import polars as pl
import pytest

from pilotage.datasets.dose_before import with_dose_before
from pilotage.study import load_study

DOSES = """
    USUBJID | ASTDT      | AENDT      | ONGOFL | DOSESTEP
    S1      | 2020-01-01 | 2020-01-31 | N      | 5 mg QD
    S1      | 2020-02-01 | 2020-02-10 | N      | 5 mg QOD
    S1      | 2020-03-01 |            | Y      | 10 mg QD
    S2      |            | 2020-01-31 | N      | 5 mg QD
    S3      | 2020-01-01 | 2020-01-31 | N      |
"""


def table(text: str) -> pl.DataFrame:
    heading, *rows = [
        [c.strip() or None for c in line.split("|")] for line in text.split("\n") if line.strip()
    ]
    frame = pl.DataFrame(dict(zip(map(str, heading), zip(*rows, strict=True), strict=True)))
    return frame.with_columns(pl.col(c).str.to_date() for c in frame.columns if c.endswith("DT"))


@pytest.mark.requirement("P-87")
@pytest.mark.parametrize(
    "subject, day, step",
    [
        ("S1", "2020-01-02", "5 mg QD"),
        ("S1", "2020-02-01", "5 mg QD"),  # lowered on the day itself
        ("S1", "2020-02-02", "5 mg QOD"),
        ("S1", "2020-02-11", "5 mg QOD"),
        ("S1", "2020-02-12", "stop"),
        ("S1", "2020-03-01", "stop"),  # begun again on the day itself
        ("S1", "2021-01-01", "10 mg QD"),  # goes on at the data cut
        ("S1", "2019-12-31", "stop"),
        ("S1", None, None),
        ("S2", "2020-01-15", None),  # nobody knows since when
        ("S3", "2020-01-15", None),  # no step of the ladder
        ("S4", "2020-01-15", "stop"),
    ],
)
def test_the_step_of_the_day_before(subject: str, day: str | None, step: str | None) -> None:
    assessed = pl.DataFrame(
        {"USUBJID": [subject], "ADT": [day]}, schema_overrides={"ADT": pl.String}
    )
    assessed = assessed.with_columns(pl.col("ADT").str.to_date())
    protocol = load_study("lenalidomide_cle").protocol
    assert with_dose_before(assessed, table(DOSES), protocol)["DOSEBEF"].to_list() == [step]


def test_the_rows_keep_their_order() -> None:
    days = pl.Series(["2020-02-02", "2020-01-02", None, "2020-02-12"]).str.to_date()
    assessed = pl.DataFrame({"USUBJID": ["S1"] * 4, "ADT": days})
    protocol = load_study("lenalidomide_cle").protocol
    found = with_dose_before(assessed, table(DOSES), protocol)
    assert found["ADT"].to_list() == days.to_list()
    assert found["DOSEBEF"].to_list() == ["5 mg QOD", "5 mg QD", None, "stop"]
