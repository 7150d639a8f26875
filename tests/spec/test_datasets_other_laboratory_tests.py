"""Laboratory tests that are no parameter of the study: in which unit they are kept and compared.

Lymphocytes, aspartate aminotransferase and bilirubin stand on the study's forms with one unit; of
C-reactive protein, calcium and albumin the study says nothing; the dipstick is a choice. Each
example is derived twice, by the package and by the reference derivation.
"""

from __future__ import annotations

import pytest
from dataset_examples import Derive, both

pytestmark = [both, pytest.mark.requirement("P-44")]


def values(derive: Derive, table: str, *columns: str) -> list[list[object]]:
    """The cells of ADLB in these columns, a list for each row; numbers to nine digits."""
    rows = derive(lb=table).rows("adlb")
    return [
        [round(cell, 9) if isinstance(cell, float) else cell for cell in map(row.get, columns)]
        for row in rows
    ]


def test_a_test_of_the_forms_is_kept_and_compared_in_the_unit_of_its_form(derive: Derive):
    found = values(
        derive,
        """
        LBTESTCD | LBDTC | LBORRES | LBORRESU
        LYM      | D1    | 1.5     | 10*9/L
        LYM      | D29   | 1200    | /mm3
        AST      | D1    | 30      | U/L
        AST      | D29   | 1       | ukat/L
        BILI     | D1    | 1       | mg/dL
        BILI     | D29   | 34.2    | umol/L
        """,
        *("AVAL", "AVALU", "BASE", "CHG", "PCHG"),
    )
    assert found == [
        [1.5, "10*9/L", 1.5, 0, 0],
        [1.2, "10*9/L", 1.5, -0.3, -20],
        [30, "U/L", 30, 0, 0],
        [60, "U/L", 30, 30, 100],
        [17.1, "umol/L", 17.1, 0, 0],
        [34.2, "umol/L", 17.1, 17.1, 100],
    ]


def test_limits_of_normal_are_converted_with_the_value(derive: Derive):
    found = values(
        derive,
        """
        LBTESTCD | LBORRES | LBORRESU | LBORNRLO | LBORNRHI
        LYM      | 1200    | /mm3     | 1000     | 4000
        """,
        *("ANRLO", "ANRHI"),
    )
    assert found == [[1, 4]]


def test_any_other_test_is_kept_in_one_unit_for_each_thing_that_units_measure(derive: Derive):
    found = values(
        derive,
        """
        LBTESTCD | LBDTC | LBORRES | LBORRESU
        CRP      | D29   | 2       | mg/dL
        CRP      | D1    | 10      | mg/L
        """,
        *("AVAL", "AVALU", "BASE", "CHG"),
    )
    assert found == [[0.02, "g/L", 0.01, 0.01], [0.01, "g/L", 0.01, 0]]


def test_units_that_do_not_convert_are_never_compared(derive: Derive):
    found = values(
        derive,
        """
        LBTESTCD | LBDTC | LBORRES | LBORRESU
        CA       | D-5   | 2.5     | mmol/L
        CA       | D1    | 9       | mg/dL
        CA       | D29   | 2.4     | mmol/L
        CA       | D31   | 10      | mg/dL
        LYM      | D1    | 20      | %
        LYM      | D29   | 1.1     | 10*9/L
        """,
        *("AVALU", "ABLFL", "BASE", "CHG", "ANL01FL", "PARAMCD"),
    )
    assert [[cell or "" for cell in row] for row in found] == [
        ["mmol/L", "Y", 2.5, "", "Y", "CA"],
        ["g/L", "Y", 0.09, "", "Y", "CA"],
        ["mmol/L", "", 2.5, -0.1, "Y", "CA"],
        ["g/L", "", 0.09, 0.01, "Y", "CA"],
        ["%", "Y", 20, "", "Y", "LYM"],
        ["10*9/L", "", "", "", "Y", "LYM"],
    ]


def test_a_number_without_a_unit_and_what_is_no_number_are_missing(derive: Derive):
    found = values(
        derive,
        """
        LBTESTCD | LBORRES    | LBORRESU
        LYM      | 1.2        |
        LYM      | <0.5       | 10*9/L
        LYM      | 1.190      | /mm3
        LYM      | haemolysed | 10*9/L
        CRP      | 5          |
        CRP      | <5         | mg/L
        CRP      | 5          | mg/L
        """,
        *("AVAL", "CHG"),
    )
    assert found == [*[[None, None]] * 6, [0.005, 0]]


def test_a_result_in_words_is_kept_and_never_becomes_a_number(derive: Derive):
    found = values(
        derive,
        """
        LBTESTCD | LBORRESU | LBORRES
        PROT     |          | NEGATIVE
        PROT     |          | 1+
        PROT     |          | 1
        PROT     |          |
        """,
        *("AVAL", "AVALU", "BASE", "ABLFL"),
    )
    assert found == [[None] * 4] * 4


@pytest.mark.requirement("P-54")
def test_limits_in_the_wrong_order_are_both_missing(derive: Derive):
    found = values(
        derive,
        """
        LBTESTCD | LBORRES | LBORRESU | LBORNRLO | LBORNRHI
        NEUT     | 1.6     | 10*9/L   | 7.7      | 1.8
        NEUT     | 1.6     | 10*9/L   | 1.8      | 1.8
        ALT      | 90      | U/L      | 40       | 10
        LYM      | 1.2     | 10*9/L   | 4        | 1
        """,
        *("ANRLO", "ANRHI", "ATOXGR"),
    )
    assert found == [[None] * 3, [1.8, 1.8, 1], [None] * 3, [None] * 3]
