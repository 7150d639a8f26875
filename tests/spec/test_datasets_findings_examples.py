"""What the package says about values that it cannot use: a finding for each, and its place."""

from __future__ import annotations

import pytest
from dataset_examples import clasi_items, derive_snapshot, read_tables

SCORES = "QSDTC | QSORRES\n D1 | 9"


def findings(**texts: str) -> list[tuple[str, str]]:
    """Place and message of each finding."""
    found = derive_snapshot(read_tables(**texts)).findings
    return [(row["WHERE"], row["MESSAGE"]) for row in found.to_dicts()]


@pytest.mark.requirement("P-54")
@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("haemolysed | 10*9/L", "haemolysed"),
        ("<0.5 | 10*9/L", "<0.5"),
        (">100 | 10*9/L", ">100"),
        ("1.190 | /mm3", "1.190"),
        ("1.19 |", "no unit"),
    ],
)
def test_a_laboratory_value_that_cannot_be_used_is_a_finding(cells: str, said: str):
    ((where, message),) = findings(qs=SCORES, lb=f"LBORRES | LBORRESU\n 2.5 | 10*9/L\n {cells}")
    assert where == "lb.csv:3"
    assert said in message


def test_usable_and_empty_values_are_no_findings():
    assert findings(qs=SCORES, lb="LBORRES | LBORRESU\n 1.190 | 10*9/L\n | 10*9/L\n 9 | /uL") == []


@pytest.mark.requirement("P-50")
def test_a_total_with_an_open_item_is_a_finding_that_names_the_item():
    items = clasi_items("D29", ALOPECIA="")
    ((where, message),) = findings(
        qs="\n".join(["QSTESTCD | QSDTC | QSORRES", "CLASIACT | D1 | 9", *items])
    )
    assert where.startswith("qs.csv")
    assert "CLASIACT" in message
    assert "ALOPECIA" in message


@pytest.mark.requirement("P-63")
@pytest.mark.parametrize("start", ["2020", "--01-15", "----15"])
def test_an_event_that_is_counted_without_a_complete_date_is_a_finding(start: str):
    ((where, message),) = findings(qs=SCORES, ae=f"AESTDTC\n D-3\n {start}")
    assert where == "ae.csv:3"
    assert f"'{start}' is not complete: treatment-emergent" in message
