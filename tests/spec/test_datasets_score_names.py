"""Rows of QS that nearly belong to an instrument, and two numbers in one row that disagree."""

from __future__ import annotations

import pytest
from dataset_examples import clasi_items, derive_snapshot, read_tables

pytestmark = pytest.mark.requirement("P-50")

HEADING = "QSTESTCD | QSDTC | QSORRES"


def findings(
    *lines: str, category: str = "CLASI", **stated: str
) -> tuple[list[tuple[str, str]], list[dict[str, object]]]:
    """Place and message of each warning about these rows under one QSCAT, and the rows of ADQS.
    `stated` gives QSSTRESN by QSTESTCD."""
    tables = read_tables(qs="\n".join([HEADING, *lines]))
    for row in tables["qs"]:
        row["QSCAT"] = category
        row["QSSTRESN"] = stated.get(row["QSTESTCD"], "")
    derived = derive_snapshot(tables)
    warnings = [f for f in derived.findings.to_dicts() if f["SEVERITY"] == "warning"]
    return [(f["WHERE"], f["MESSAGE"]) for f in warnings], derived.adqs.to_dicts()


@pytest.mark.parametrize("category", ["clasi", "CLASI ", "C.L.A.S.I.", "CLASSI"])
def test_a_category_that_is_nearly_that_of_an_instrument_is_named_once(category: str):
    found, rows = findings(*clasi_items("D1"), *clasi_items("D29"), category=category)
    ((where, message),) = found
    assert where == "qs.csv:2"
    assert f"QSCAT {category!r} is not known; did you mean 'CLASI'?" in message
    assert "CLASIACT" not in [row["PARAMCD"] for row in rows]


@pytest.mark.parametrize("category", ["DLQI", "SF-36", "SKIN PHOTOGRAPHS"])
def test_another_questionnaire_is_nobodys_mistake(category: str):
    found, _ = findings("DLQI01 | D1 | 2", category=category)
    assert found == []


@pytest.mark.parametrize(
    ("category", "said"),
    [
        ("SKIN", "stand under QSCAT 'SKIN', not 'CLASI'"),
        ("SLEDAI-2K", "stand under QSCAT 'SLEDAI-2K', not 'CLASI'"),
        ("", "stand without QSCAT, not 'CLASI'"),
    ],
)
def test_items_under_another_category_are_named_together(category: str, said: str):
    found, _ = findings(*clasi_items("D1"), category=category)
    ((where, message),) = found
    assert where == "qs.csv:2"
    assert said in message
    assert "ALOPECIA, ERYABDOM, ERYARMS and 26 more" in message


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("ERYNOZE", "CLASI has no item 'ERYNOZE'; did you mean 'ERYNOSE'?"),
        ("erynose", "CLASI has no item 'erynose'; did you mean 'ERYNOSE'?"),
        ("CLASI_ACT", "CLASI has no item 'CLASI_ACT'; did you mean 'CLASIACT'?"),
        ("XYZ", "CLASI has no item 'XYZ'; it enters no total"),
    ],
)
def test_a_code_that_the_instrument_does_not_have_is_named_once(code: str, said: str):
    found, rows = findings(
        "CLASIACT | D1 | 9", f"{code} | D1 | 1", f"{code} | D29 | 1", "BSA | D1 | 9"
    )
    ((where, message),) = found
    assert where == "qs.csv:3"
    assert said in message
    assert [row["PARAMCD"] for row in rows].count(code) == 2


@pytest.mark.parametrize(
    ("original", "standard", "said"),
    [
        ("5", "50", "CLASIACT is '5' in QSORRES and 50 in QSSTRESN: QSSTRESN counts"),
        ("5", "5.0", None),
        ("+5.0", "5", None),
        ("see note", "5", None),
        ("", "5", None),
        ("NaN", "5", None),
    ],
)
def test_a_standard_number_that_differs_from_the_recorded_one_counts_with_a_warning(
    original: str, standard: str, said: str | None
):
    found, (row,) = findings(f"CLASIACT | D1 | {original}", CLASIACT=standard)
    assert found == ([("qs.csv:2", said)] if said else [])
    assert row["AVAL"] == float(standard)


def test_other_questionnaires_may_code_an_answer_as_another_number():
    found, _ = findings("DLQI01 | D1 | 4", category="DLQI", DLQI01="3")
    assert found == []


@pytest.mark.parametrize("code", ["clasiact", "CLASI_ACT", "CLASACT"])
def test_a_code_that_is_nearly_a_parameter_is_named_once_wherever_it_stands(code: str):
    found, rows = findings(f"{code} | D1 | 9", f"{code} | D29 | 3", category="SKIN")
    ((where, message),) = found
    assert where == "qs.csv:2"
    assert message == (
        f"QSTESTCD {code!r} is no parameter of the study; did you mean 'CLASIACT'? "
        "It enters no analysis"
    )
    assert "CLASIACT" not in [row["PARAMCD"] for row in rows]


@pytest.mark.parametrize("code", ["DLQI", "PAIN", "SKIN"])
def test_a_code_of_another_questionnaire_is_nobodys_mistake(code: str):
    found, _ = findings(f"{code} | D1 | 9", category="SKIN")
    assert found == []
