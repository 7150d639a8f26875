"""The bounds of the CTC, written out as published, against the engine.

Source of the tables: NCI CTEP, Common Terminology Criteria for Adverse Events 3.0 (9 August 2006),
4.03 (14 June 2010), 5.0 (27 November 2017). A cell such as `<1.5-1.0` is read here on its own, as
the half-open interval that it is, and not by the engine's tables.
"""

import re
from itertools import pairwise

import pytest

from pilotage.instruments.ctcae import VERSIONS, grade
from pilotage.instruments.units import convert

pytestmark = pytest.mark.requirement("P-54")

LOW = """
    term | version | 1         | 2          | 3          | 4
    NEUT | 3.0     | <LLN-1.5  | <1.5-1.0   | <1.0-0.5   | <0.5
    NEUT | 4.03    | <LLN-1.5  | <1.5-1.0   | <1.0-0.5   | <0.5
    NEUT | 5.0     | <LLN-1.5  | <1.5-1.0   | <1.0-0.5   | <0.5
    WBC  | 3.0     | <LLN-3.0  | <3.0-2.0   | <2.0-1.0   | <1.0
    WBC  | 4.03    | <LLN-3.0  | <3.0-2.0   | <2.0-1.0   | <1.0
    WBC  | 5.0     | <LLN-3.0  | <3.0-2.0   | <2.0-1.0   | <1.0
    PLAT | 3.0     | <LLN-75.0 | <75.0-50.0 | <50.0-25.0 | <25.0
    PLAT | 4.03    | <LLN-75.0 | <75.0-50.0 | <50.0-25.0 | <25.0
    PLAT | 5.0     | <LLN-75.0 | <75.0-50.0 | <50.0-25.0 | <25.0
    HGB  | 3.0     | <LLN-100  | <100-80    | <80-65     | <65
    HGB  | 4.03    | <LLN-100  | <100-80    | <80        | -
    HGB  | 5.0     | <LLN-100  | <100-80    | <80        | -
"""
HIGH = """
    term  | version | 1       | 2       | 3     | 4
    ALT   | 3.0     | >1-2.5  | >2.5-5  | >5-20 | >20
    ALT   | 4.03    | >1-3    | >3-5    | >5-20 | >20
    CREAT | 3.0     | >1-1.5  | >1.5-3  | >3-6  | >6
"""
LLN = {"NEUT": 2.0, "WBC": 4.0, "PLAT": 150.0, "HGB": 120.0}
ULN = {"ALT": 40.0, "CREAT": 90.0}


def rows(text: str) -> list[tuple[str, str, dict[int, str]]]:
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return [(term, version, dict(enumerate(cells, start=1))) for term, version, *cells in lines[1:]]


def inside(value: float, cell: str, limit: float) -> bool:
    """Whether a value lies in a published interval: first number excluded, last included."""
    if cell == "-":
        return False
    sign, first, last = re.fullmatch(r"([<>])(LLN|[0-9.]+)(?:-([0-9.]+))?", cell).groups()
    outer = limit if first == "LLN" else float(first)
    if sign == "<":
        return value < outer and (last is None or value >= float(last))
    return value > outer and (last is None or value <= float(last))


def sweep(cells: dict[int, str], limit: float) -> list[float]:
    """Every printed bound, a step on either side of it, and a grid over the whole range."""
    bounds = [float(number) for cell in cells.values() for number in re.findall(r"[0-9.]+", cell)]
    around = [bound + step for bound in [*bounds, limit] for step in (-0.01, 0, 0.01)]
    highest = max([*bounds, limit]) * 1.2
    return sorted({*around, *(highest * part / 200 for part in range(201))})


@pytest.mark.parametrize("term, version, cells", rows(LOW))
def test_low_values_have_the_published_grade_with_no_gap_and_no_overlap(term, version, cells):
    limit = LLN[term]
    for value in sweep(cells, limit):
        grades = [number for number, cell in cells.items() if inside(value, cell, limit)]
        assert len(grades) == (1 if value < limit else 0), value
        assert grade(term, value, lln=limit, version=version) == (grades or [0])[0], value


@pytest.mark.parametrize("term, version, cells", rows(HIGH))
def test_high_multiples_have_the_published_grade_with_no_gap_and_no_overlap(term, version, cells):
    for multiple in sweep(cells, 1.0):
        grades = [number for number, cell in cells.items() if inside(multiple, cell, 1.0)]
        assert len(grades) == (1 if multiple > 1 else 0), multiple
        answer = grade(term, multiple * ULN[term], uln=ULN[term], version=version)
        assert answer == (grades or [0])[0], multiple


def test_grades_never_become_milder_as_a_value_gets_worse():
    for term, version, cells in rows(LOW):
        grades = [
            grade(term, value, lln=LLN[term], version=version) for value in sweep(cells, LLN[term])
        ]
        assert all(worse >= better for worse, better in pairwise(grades))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "term, per_mm3, expected",
    [
        ("NEUT", 2000, 0), ("NEUT", 1999, 1), ("NEUT", 1500, 1), ("NEUT", 1499, 2),
        ("NEUT", 1190, 2), ("NEUT", 1000, 2), ("NEUT", 999, 3), ("NEUT", 500, 3), ("NEUT", 499, 4),
        ("WBC", 4000, 0), ("WBC", 3999, 1), ("WBC", 3000, 1), ("WBC", 2999, 2), ("WBC", 2000, 2),
        ("WBC", 1999, 3), ("WBC", 1000, 3), ("WBC", 999, 4),
        ("PLAT", 150_000, 0), ("PLAT", 149_999, 1), ("PLAT", 75_000, 1), ("PLAT", 74_999, 2),
        ("PLAT", 50_000, 2), ("PLAT", 49_999, 3), ("PLAT", 25_000, 3), ("PLAT", 24_999, 4),
    ],
)  # fmt: skip
def test_counts_per_mm3_at_the_printed_bounds(version, term, per_mm3, expected):
    count = convert(per_mm3, "/mm3", "10*9/L")
    assert grade(term, count, lln=LLN[term], version=version) == expected


@pytest.mark.parametrize(
    "version, g_per_dl, expected",
    [
        ("3.0", 12.0, 0), ("3.0", 11.9, 1), ("3.0", 10.0, 1), ("3.0", 9.9, 2), ("3.0", 8.0, 2),
        ("3.0", 7.9, 3), ("3.0", 6.5, 3), ("3.0", 6.4, 4),
        ("4.03", 8.0, 2), ("4.03", 7.9, 3), ("4.03", 6.4, 3), ("4.03", 1.0, 3),
        ("5.0", 10.0, 1), ("5.0", 9.9, 2), ("5.0", 8.0, 2), ("5.0", 7.9, 3), ("5.0", 6.4, 3),
    ],
)  # fmt: skip
def test_haemoglobin_in_g_per_dl_at_the_printed_bounds(version, g_per_dl, expected):
    haemoglobin = convert(g_per_dl, "g/dL", "g/L")
    limit = convert(12.0, "g/dL", "g/L")
    assert grade("HGB", haemoglobin, lln=limit, version=version) == expected


@pytest.mark.parametrize("uln", [0.9, 1.1, 1.2, 1.3])
@pytest.mark.parametrize("multiple, expected", [(1, 0), (1.5, 1), (3, 2), (6, 3)])
def test_creatinine_in_mg_per_dl_at_a_multiple_of_its_limit(uln, multiple, expected):
    value = convert(round(uln * multiple, 3), "mg/dL", "umol/L", analyte="CREAT")
    limit = convert(uln, "mg/dL", "umol/L", analyte="CREAT")
    assert grade("CREAT", value, uln=limit, version="3.0") == expected
    assert grade("CREAT", value + 0.1, uln=limit, version="3.0") == expected + 1


def test_the_bounds_bite():
    assert not inside(1.0, "<1.0-0.5", 2.0)
    assert inside(1.0, "<1.5-1.0", 2.0)
    assert grade("NEUT", 1.0, lln=2.0, version="3.0") != 3
