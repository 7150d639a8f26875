"""Order, day and baseline of measured values, whatever order they come in."""

from datetime import date

import polars as pl
import pytest

from pilotage.datasets.exposure import Exposure, exposure
from pilotage.datasets.placing import Measured, placed
from pilotage.datasets.questions import question_table, scales_of
from pilotage.study import load_study

PROTOCOL = load_study("lenalidomide_cle").protocol
WHO = pl.Enum(["S1", "S2"])


def taken() -> Exposure:
    """Both subjects take the drug from 1 January to 31 March 2020."""
    texts = {"EXDOSU": "mg", "EXDOSFRQ": "QD", "EXSTDTC": "2020-01-01", "EXENDTC": "2020-03-31"}
    ex = pl.DataFrame({"USUBJID": ["S1", "S2"], "EXSEQ": [1, 1], "EXDOSE": [5.0, 5.0]})
    ex = ex.with_columns(pl.col("USUBJID").cast(WHO), SRCLINE=pl.col("EXSEQ") + 1)
    ex = ex.with_columns(pl.lit(text).alias(name) for name, text in texts.items())
    return exposure(ex, cut=date(2021, 1, 1), unit="mg", gap=14, file="ex.csv")


def measured(*rows: tuple[str, str, int, int, float | None, int]) -> Measured:
    """Values: subject, date, CODE, SERIES, AVAL, SEQ."""
    names = ["USUBJID", "DTC", "CODE", "SERIES", "AVAL", "SEQ"]
    frame = pl.DataFrame(rows, schema=names, orient="row").with_row_index("ROW")
    kinds = {"USUBJID": WHO, "CODE": pl.UInt32, "SERIES": pl.UInt32, "AVAL": pl.Float64}
    return Measured(frame.cast(kinds), frame)


def place(*domains: Measured) -> list[pl.DataFrame]:
    return placed(domains, taken(), PROTOCOL)


ROWS = [
    ("S1", "2020-01-01", 0, 0, 8.0, 1),
    ("S1", "2020-01-01", 1, 1, 3.0, 2),
    ("S1", "2020-01-29", 0, 0, 4.0, 3),
    ("S1", "2020-01-29", 1, 1, 3.0, 4),
    ("S2", "2019-12-20", 0, 0, 6.0, 1),
    ("S2", "2020-01-29", 0, 0, None, 2),
]


def test_rows_stand_by_subject_test_date_and_number() -> None:
    (found,) = place(measured(*reversed(ROWS)))
    assert found.select("USUBJID", "CODE", "SEQ").rows() == [
        ("S1", 0, 1),
        ("S1", 0, 3),
        ("S1", 1, 2),
        ("S1", 1, 4),
        ("S2", 0, 1),
        ("S2", 0, 2),
    ]


@pytest.mark.parametrize("seed", range(5))
def test_the_order_in_which_rows_come_says_nothing(seed: int) -> None:
    """Neither those of one day, which are looked at once where they stand together."""
    (expected,) = place(measured(*ROWS))
    shuffled = pl.Series(ROWS, dtype=pl.Object).shuffle(seed).to_list()
    (found,) = place(measured(*shuffled))
    assert found.drop("ROW").equals(expected.drop("ROW"))


def test_values_of_another_series_share_order_but_no_baseline() -> None:
    (found,) = place(
        measured(
            ("S1", "2020-01-01", 0, 0, 8.0, 1),
            ("S1", "2020-01-10", 0, 1, 5.0, 2),
            ("S1", "2020-01-29", 0, 0, 4.0, 3),
        )
    )
    assert found["SEQ"].to_list() == [1, 2, 3]
    assert found["BASE"].to_list() == [8.0, None, 8.0]
    assert found["CHG"].to_list() == [0.0, None, -4.0]


def test_domains_with_the_same_numbers_stay_apart() -> None:
    first, second = place(measured(*ROWS), measured(("S1", "2020-01-10", 0, 0, 1.0, 1)))
    assert first.height == len(ROWS)
    assert second.select("AVAL", "BASE", "ABLFL", "ADY", "CYCLE").rows() == [
        (1.0, None, None, 10, 1)
    ]


def test_of_equally_near_records_the_later_one_stands_for_the_visit() -> None:
    (found,) = place(
        measured(
            ("S1", "2020-01-28", 0, 0, 1.0, 1),
            ("S1", "2020-01-30", 0, 0, 2.0, 2),
            ("S1", "2020-01-30", 0, 0, 3.0, 3),
        )
    )
    assert found["AVISIT"].to_list() == ["Week 4"] * 3
    assert found["ANL01FL"].to_list() == [None, None, "Y"]


def test_a_domain_without_rows_has_its_columns() -> None:
    (full, empty) = place(measured(*ROWS), Measured(measured(*ROWS).rows.clear(), pl.DataFrame()))
    assert empty.height == 0
    assert empty.schema == full.schema


def test_questions_are_numbered_in_alphabetical_order_with_every_score_among_them() -> None:
    scales = scales_of(PROTOCOL)
    names = [("CLASI", "ERYSCALP"), ("OTHER", "PAIN"), (None, "PAIN"), ("CLASI", "CLASIACT")]
    table = question_table(names, scales, PROTOCOL)
    assert table["QUESTION"].to_list() == list(range(table.height))
    codes = table["QSTESTCD"].to_list()
    assert codes == sorted(codes)
    assert table.filter(pl.col("QSTESTCD") == "PAIN")["CODE"].n_unique() == 1
    assert {each.parameter for each in scales.scores} <= set(codes)
    by_code = {row["QSTESTCD"]: row for row in table.to_dicts()}
    assert by_code["ERYSCALP"]["ITEM"] is not None
    assert not by_code["ERYSCALP"]["OWN"]
    assert by_code["PAIN"]["ITEM"] is None
    assert by_code["PAIN"]["PARAM"] == "PAIN"
    activity = by_code["CLASIACT"]
    assert (activity["OWN"], activity["LOW"], activity["HIGH"]) == (True, 0.0, 70.0)
    assert activity["EXPECTED"] == "a whole number from 0 to 70"
