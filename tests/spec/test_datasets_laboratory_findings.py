"""What is said about laboratory values: each wrong one once, results in words without a flood."""

from __future__ import annotations

import pytest
from dataset_examples import derive_snapshot, read_tables

from pilotage.findings import InputErrors

pytestmark = pytest.mark.requirement("P-54")

HEADING = "LBTESTCD | LBORRES | LBORRESU | LBORNRLO | LBORNRHI\n"


def findings(*lines: str, severity: str = "warning") -> list[tuple[str, str]]:
    """Place and message of each finding about these rows of LB."""
    tables = read_tables(qs="QSDTC | QSORRES\n D1 | 9", lb=HEADING + "\n".join(lines))
    found = derive_snapshot(tables).findings.to_dicts()
    return [(f["WHERE"], f["MESSAGE"]) for f in found if f["SEVERITY"] == severity]


@pytest.mark.parametrize("test", ["NEUT", "LYM", "CRP"])
def test_an_unknown_unit_is_an_error_for_every_test(test: str):
    with pytest.raises(InputErrors, match=rf"lb.csv:3: .*{test}: unit 'mgr/dL' is not known"):
        findings(f"{test} | 1 | mg/dL ||" if test == "CRP" else "WBC | 4 | 10*9/L ||",
                 f"{test} | 1 | mgr/dL ||")  # fmt: skip


def test_a_unit_that_does_not_convert_is_an_error_for_a_parameter_only():
    with pytest.raises(InputErrors, match="NEUT: % is a fraction"):
        findings("NEUT | 55 | % ||")
    ((where, message),) = findings("LYM | 20 | % ||")
    assert where == "lb.csv"
    assert "LYM is in units that do not convert into each other (%, 10*9/L)" in message


@pytest.mark.parametrize("test", ["NEUT", "LYM"])
@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("<0.5 | 10*9/L ||", "'<0.5' (10*9/L), not a plain number"),
        ("1.190 | /mm3 ||", "'1.190' (/mm3), not a plain number"),
        ("haemolysed | 10*9/L ||", "'haemolysed'"),
        ("haemolysed | ||", "'haemolysed' (no unit)"),
        ("1.19 | ||", "1.19 has no unit: the value is missing"),
        ("1.19 | 10*9/L | 9 | 3", "a lower limit 9 above its upper limit 3"),
        ("1.19 | 10*9/L | low | 3", "LBORNRLO is 'low', not a plain number"),
    ],
)
def test_each_row_that_cannot_be_used_is_a_finding(test: str, cells: str, said: str):
    found = findings(f"{test} | 2 | 10*9/L | 1 | 8", f"{test} | {cells}", f"{test} | {cells}")
    assert [where for where, _ in found] == ["lb.csv:3", "lb.csv:4"]
    assert all(said in message and test in message for _, message in found)


def test_equal_results_of_a_test_of_which_the_study_says_nothing_share_a_finding():
    rows = (
        ["CRP | <5 | mg/L ||"] * 3 + ["CRP | <3 | mg/L ||"] + ["URATE | 5 | ||", "URATE | 6 | ||"]
    )
    assert findings(*rows) == [
        ("lb.csv:2", "CRP is '<5' (mg/L), not a plain number: the value is missing "
                     "(3 rows, the first here)"),
        ("lb.csv:5", "CRP is '<3' (mg/L), not a plain number: the value is missing"),
        ("lb.csv:6", "URATE has results without a unit: their values are missing "
                     "(2 rows, the first here)"),
    ]  # fmt: skip


def test_results_in_words_have_one_note_for_their_test():
    rows = ["PROT | NEGATIVE | ||", "PROT | 1+ | ||", "PROT | 1 | ||", "ANA | POSITIVE | ||"]
    rows += ["CULTURE | NO GROWTH | ||"] * 3
    assert findings(*rows) == []
    notes = findings(*rows, severity="note")
    assert sorted(message.split()[0] for _, message in notes) == ["ANA", "CULTURE", "PROT"]
    assert all("is not a parameter of the study" in message for _, message in notes)


@pytest.mark.parametrize(
    ("cells", "is_doubted"),
    [
        ("NEUT | 1.19 | /mm3", True),
        ("NEUT | 7.7 | /uL", True),
        ("NEUT | 4 | /mm3", True),
        ("NEUT | 1190.5 | /mm3", False),
        ("NEUT | 40 | /mm3", False),
        ("NEUT | 0 | /mm3", False),
        ("NEUT | 1.19 | 10*9/L", False),
        ("NEUT | 1190 | 10*9/L", True),
        ("PLAT | 150 | /mm3", True),
        ("PLAT | 150 | 10*9/L", False),
        ("HGB | 12.5 | g/L", True),
        ("HGB | 12.5 | g/dL", False),
        ("CREAT | 1.1 | umol/L", True),
        ("CREAT | 1.1 | mg/dL", False),
        ("LYM | 1.2 | /mm3", True),
        ("LYM | 500 | 10*9/L", True),
        ("LYM | 1200 | /mm3", False),
    ],
)
def test_a_value_hardly_compatible_with_its_unit_is_doubted(cells: str, is_doubted: bool):
    found = findings(f"{cells} | |")
    assert [where for where, _ in found] == ["lb.csv:2"] * is_doubted
    for _, message in found:
        assert "outside the expected" in message
        assert "is the unit right?" in message
