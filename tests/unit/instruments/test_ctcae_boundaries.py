"""Grades at every boundary: of each multiple and of each version, of the tolerance between numbers
that count as equal, and of what can be a measurement at all.

The multiples are those of NCI CTEP, Common Terminology Criteria for Adverse Events 3.0 (2006),
4.03 (2010) and 5.0 (2017), as in tests/reference/test_ctcae_bounds.py.
"""

import polars as pl
import pytest

from pilotage.instruments.ctcae import TERMS, VERSIONS, grade, grade_columns, with_grades

LIMIT, HIGH_BASELINE = 40.0, 50.0
ROW = ("AVAL", "ANRLO", "ANRHI", "BASE")


def graded(
    term: str,
    version: str,
    value: float,
    *,
    lln: float | None = None,
    uln: float | None = None,
    baseline: float | None = None,
) -> int | None:
    """The grade of one value; a frame of it gives the same in both ways."""
    alone = grade(term, value, lln=lln, uln=uln, baseline=baseline, version=version)
    schema = dict.fromkeys(ROW, pl.Float64)
    frame = pl.DataFrame([(value, lln, uln, baseline)], schema=schema, orient="row")
    column = frame.select(grade_columns(term, version=version)).to_series()
    named = frame.with_columns(PARAMCD=pl.lit("X")).lazy()
    joined = with_grades(named, {"X": term}, version=version).collect()["ATOXGR"]
    assert column.to_list() == joined.to_list() == [alone]
    return alone


# term | version | of what | inclusive | multiples for grade 1, 2...
MULTIPLES = """
    ALT   | 3.0  | ULN  | no  | 1 2.5 5 20
    ALT   | 4.03 | ULN  | no  | 1 3 5 20
    ALT   | 5.0  | ULN  | no  | 1 3 5 20
    CREAT | 3.0  | ULN  | no  | 1 1.5 3 6
    CREAT | 4.03 | ULN  | no  | 1 1.5 3 6
    CREAT | 5.0  | ULN  | no  | 1 1.5 3 6
    CREAT | 4.03 | BASE | no  | 1 1.5 3
    ALT   | 5.0  | BASE | yes | 1.5
    ALT   | 5.0  | BASE | no  | - 3 5 20
    CREAT | 5.0  | BASE | no  | - 1.5 3
"""
CASES = [
    (term, version, of, inclusive == "yes", grade_of, float(multiple))
    for line in MULTIPLES.strip().splitlines()
    for term, version, of, inclusive, row in [[cell.strip() for cell in line.split("|")]]
    for grade_of, multiple in enumerate(row.split(), start=1)
    if multiple != "-"
]


@pytest.mark.parametrize("term, version, of, inclusive, grade_of, multiple", CASES)
def test_each_multiple_divides_two_grades(
    term: str, version: str, of: str, inclusive: bool, grade_of: int, multiple: float
) -> None:
    base = HIGH_BASELINE if of == "BASE" else LIMIT
    limit = 1000.0 if (term, of) == ("CREAT", "BASE") else LIMIT
    normal = LIMIT if (term, version) == ("ALT", "5.0") else 1000.0
    baseline = base if of == "BASE" else normal

    def at(value: float) -> int | None:
        return graded(term, version, value, uln=limit, baseline=baseline)

    bound, step = base * multiple, 0.001 * base
    milder = 0 if (term, version, of, multiple) == ("CREAT", "5.0", "BASE", 1.5) else grade_of - 1
    assert [at(bound - step), at(bound), at(bound + step)] == [
        milder,
        grade_of if inclusive else milder,
        grade_of,
    ]


def test_no_multiple_of_a_limit_or_baseline_is_worse_than_the_last_one() -> None:
    for term, version, worst in (("ALT", "5.0", 4), ("CREAT", "4.03", 4), ("CREAT", "3.0", 4)):
        assert graded(term, version, 1e6, uln=LIMIT, baseline=LIMIT) == worst
    assert graded("CREAT", "4.03", 999, uln=1000, baseline=10) == 3
    assert graded("CREAT", "5.0", 999, uln=1000, baseline=10) == 3


@pytest.mark.parametrize(
    "baseline, expected",
    [(LIMIT, 1), (LIMIT * (1 + 1e-6), 0), (LIMIT * (1 - 1e-6), 1), (39.9, 1), (40.1, 0)],
)
def test_a_baseline_at_the_limit_is_normal(baseline: float, expected: int) -> None:
    assert graded("ALT", "5.0", 41, uln=LIMIT, baseline=baseline) == expected


@pytest.mark.parametrize("value, expected", [(39.9, 0), (LIMIT, 0), (LIMIT * (1 + 1e-6), None)])
def test_within_the_limit_no_baseline_is_needed(value: float, expected: int | None) -> None:
    assert graded("ALT", "5.0", value, uln=LIMIT) == expected


def test_above_the_limit_a_normal_baseline_has_no_say() -> None:
    """70 is 3.5 times the baseline, which is normal, and less than twice the limit."""
    assert graded("ALT", "5.0", 70, uln=LIMIT, baseline=20) == 1


def test_far_below_its_baseline_but_above_the_limit_alt_has_no_grade() -> None:
    assert graded("ALT", "5.0", 80, uln=LIMIT, baseline=60) == 0
    assert graded("ALT", "5.0", 39, uln=LIMIT, baseline=20) == 0


# -- equal but for the noise of floats ------------------------------------------------------------


@pytest.mark.parametrize("part, equal", [(0.995e-9, True), (1.005e-9, False)])
def test_numbers_that_differ_by_less_than_one_part_in_a_billion_are_equal(
    part: float, equal: bool
) -> None:
    below, above = 1 - part, 1 + part
    assert graded("NEUT", "3.0", 1.5 * below, lln=2) == (1 if equal else 2)
    assert graded("NEUT", "3.0", 2 * below, lln=2) == (0 if equal else 1)
    assert graded("ALT", "3.0", 100 * above, uln=LIMIT) == (1 if equal else 2)
    assert graded("ALT", "3.0", LIMIT * above, uln=LIMIT) == (0 if equal else 1)
    assert graded("WEIGHT", "3.0", 57 * above, baseline=60) == (1 if equal else 0)
    assert graded("ALT", "5.0", 75 * below, uln=LIMIT, baseline=50) == (1 if equal else 0)
    assert graded("ALT", "5.0", 41, uln=LIMIT, baseline=LIMIT * above) == (1 if equal else 0)


@pytest.mark.parametrize("part", [-1.005e-9, -0.995e-9, 0, 0.995e-9, 1.005e-9])
def test_on_the_milder_side_of_a_bound_no_tolerance_is_needed(part: float) -> None:
    assert graded("NEUT", "3.0", 1.5 * (1 + abs(part)), lln=2) == 1
    assert graded("ALT", "3.0", 100 * (1 - abs(part)), uln=LIMIT) == 1
    assert graded("WEIGHT", "3.0", 57 * (1 - abs(part)), baseline=60) == 1
    assert graded("ALT", "5.0", 75 * (1 + abs(part)), uln=LIMIT, baseline=50) == 1


# -- what can be a measurement --------------------------------------------------------------------

ALMOST, TOO_LARGE = 0.995e100, 1e100


def test_a_number_of_a_hundred_digits_is_no_measurement_and_no_limit() -> None:
    assert graded("ALT", "3.0", ALMOST, uln=LIMIT) == 4
    assert graded("ALT", "3.0", TOO_LARGE, uln=LIMIT) is None
    assert graded("ALT", "3.0", 41, uln=ALMOST) == 0
    assert graded("ALT", "3.0", 41, uln=TOO_LARGE) is None
    assert graded("NEUT", "3.0", 1.6, lln=ALMOST) == 1
    assert graded("NEUT", "3.0", 1.6, lln=TOO_LARGE) is None
    assert graded("WEIGHT", "3.0", 60, baseline=ALMOST) == 3
    assert graded("WEIGHT", "3.0", 60, baseline=TOO_LARGE) is None


@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_is_a_count_and_a_lower_limit_but_no_upper_limit_and_no_baseline(
    version: str,
) -> None:
    assert graded("NEUT", version, 0, lln=2) == 4
    assert graded("NEUT", version, 1.6, lln=0) == 0
    assert graded("NEUT", version, 1.6, lln=-1e-9) is None
    assert graded("NEUT", version, -1e-9, lln=2) is None
    assert graded("WEIGHT", version, 0, baseline=60) == 3
    assert graded("WEIGHT", version, 60, baseline=0) is None
    assert graded("WEIGHT", version, 1e-9, baseline=1e-9) == 0
    assert graded("ALT", version, 0, uln=0, baseline=LIMIT) is None
    assert graded("ALT", version, 1e-9, uln=1e-9, baseline=1e-9) == 0


@pytest.mark.parametrize(
    "term, least",
    [
        ("NEUT", 0.005),  # counts below are zero or in another unit
        ("WBC", 0.02),
        ("PLAT", 1),
        ("HGB", 15),  # a number in g/dL lies below
        ("ALT", 0),
        ("CREAT", 5),  # a number in mg/dL lies below
        ("WEIGHT", 20),
    ],
)
def test_the_least_value_that_is_hardly_a_mistake_of_the_unit(term: str, least: float) -> None:
    assert TERMS[term].least == least
