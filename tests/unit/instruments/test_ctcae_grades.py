"""CTC grades from measurements: missing limits, tolerance at bounds, one value = all values.

The bounds themselves are in tests/reference/test_ctcae_bounds.py.
"""

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pilotage.instruments.ctcae import (
    TERMS,
    VERSIONS,
    clinical_terms,
    grade,
    grade_columns,
    with_grades,
)

pytestmark = pytest.mark.requirement("P-54")

BY_TERM_AND_VERSION = [(term, version) for term in TERMS for version in VERSIONS]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "neutrophils, lln, expected",
    [
        (0.9, None, 3),
        (1.19, None, 2),
        (1.4, None, 2),
        (1.4, 1.3, 2),
        (1.6, None, None),
        (1.6, 1.5, 0),
        (1.6, 1.6, 0),
        (1.6, 2.0, 1),
        (None, 2.0, None),
    ],
)
def test_a_number_bound_wins_and_a_missing_limit_is_missing(version, neutrophils, lln, expected):
    assert grade("NEUT", neutrophils, lln=lln, version=version) == expected


@pytest.mark.parametrize("term", ["ALT", "CREAT"])
def test_multiples_of_a_missing_limit_cannot_be_graded(term):
    assert grade(term, 400, version="3.0") is None


@pytest.mark.parametrize(
    "alt, uln, baseline, expected",
    [
        (40, 40, None, 0),
        (41, 40, None, None),
        (900, 40, None, None),
        (41, 40, 40, 1),
        (74, 40, 50, 0),
        (75, 40, 50, 1),
        (150, 40, 50, 1),
        (151, 40, 50, 2),
        (251, 40, 50, 3),
        (1001, 40, 50, 4),
        (801, 40, 40, 4),
        (801, 40, 50, 3),
        (41, None, 40, None),
    ],
)
def test_alt_5_is_measured_on_the_baseline_where_that_was_abnormal(alt, uln, baseline, expected):
    assert grade("ALT", alt, uln=uln, baseline=baseline, version="5.0") == expected


@pytest.mark.parametrize(
    "version, creatinine, uln, baseline, expected",
    [
        # both known: the worse of the two
        ("4.03", 61, 100, 60, 1),
        ("5.0", 61, 100, 60, 0),
        ("4.03", 60, 100, 60, 0),
        ("4.03", 91, 100, 60, 2),
        ("5.0", 91, 100, 60, 2),
        ("5.0", 181, 100, 60, 3),
        ("5.0", 601, 100, 60, 4),
        ("5.0", 101, 100, 90, 1),
        # baseline missing: only what the baseline cannot raise is known
        ("4.03", 90, 100, None, None),
        ("5.0", 90, 100, None, None),
        ("5.0", 160, 100, None, None),
        ("4.03", 301, 100, None, 3),
        ("5.0", 301, 100, None, 3),
        ("5.0", 601, 100, None, 4),
        # limit missing: 6 x the limit could still be exceeded
        ("5.0", 181, None, 60, None),
        ("5.0", 60, None, 60, None),
        # 3.0 knows no baseline
        ("3.0", 91, 100, 60, 0),
        ("3.0", 160, 100, None, 2),
    ],
)
def test_creatinine_is_graded_on_limit_and_baseline(version, creatinine, uln, baseline, expected):
    assert grade("CREAT", creatinine, uln=uln, baseline=baseline, version=version) == expected


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "weight, expected",
    [(60, 0), (57.01, 0), (57, 1), (54.01, 1), (54, 2), (48.01, 2), (48, 3), (70, 0)],
)
def test_weight_loss_includes_its_lower_bound(version, weight, expected):
    assert grade("WEIGHT", weight, baseline=60, version=version) == expected


def test_weight_without_baseline_cannot_be_graded():
    assert grade("WEIGHT", 48, version="3.0") is None


@pytest.mark.parametrize(
    "uln, multiple, milder",
    [(40.4, 2.5, 1), (0.1, 2.5, 1), (33.3, 5, 2), (41.7, 20, 3), (36.6, 1, 0)],
)
def test_a_product_that_floats_miss_is_still_the_boundary(uln, multiple, milder):
    exact = uln * multiple
    for value in (exact, exact * (1 + 1e-12), exact * (1 - 1e-12)):
        assert grade("ALT", value, uln=uln, version="3.0") == milder
    assert grade("ALT", exact * (1 + 1e-7), uln=uln, version="3.0") == milder + 1


def test_a_bound_met_by_rounding_error_alone_is_not_crossed():
    third_of_three = 0.1 + 0.2 + 0.2 + 1.0  # 1.5 with the noise of a sum
    assert grade("NEUT", third_of_three - 4e-16, lln=1.0, version="3.0") == 0


@pytest.mark.parametrize("nonsense", [float("nan"), float("inf"), float("-inf"), -0.5])
def test_what_cannot_be_a_measurement_is_missing(nonsense):
    assert grade("NEUT", nonsense, lln=2.0, version="3.0") is None
    assert grade("NEUT", 1.6, lln=nonsense, version="3.0") is None
    assert grade("ALT", 30, uln=nonsense, version="3.0") is None


def test_a_limit_or_baseline_of_zero_says_nothing():
    assert grade("ALT", 30, uln=0, version="3.0") is None
    assert grade("CREAT", 30, uln=100, baseline=0, version="5.0") is None


def test_zero_is_a_count():
    assert grade("NEUT", 0, version="3.0") == 4


def test_unknown_terms_and_versions_are_refused_with_what_there_is():
    with pytest.raises(ValueError, match="no term 'neutr'; did you mean 'NEUT'"):
        grade("neutr", 1.0, version="3.0")
    with pytest.raises(ValueError, match=r"no toxicity criteria '4.0'; there are 3.0, 4.03, 5.0"):
        grade_columns("NEUT", version="4.0")
    with pytest.raises(ValueError, match=r"no toxicity criteria '2.0'"):
        clinical_terms("2.0")


BOUNDS = [0.5, 1.0, 1.5, 2.0, 3.0, 25.0, 50.0, 65.0, 75.0, 80.0, 100.0]
MULTIPLES = [0.8, 0.9, 0.95, 1.0, 1.5, 2.5, 3.0, 5.0, 6.0, 20.0]
NOISE = [1.0, 1 + 1e-12, 1 - 1e-12, 1 + 1e-6, 1 - 1e-6]
LIMIT = st.sampled_from([None, 1.3, 1.5, 2.0, 33.3, 40.4, 100.0, 150.0, 0.0, -1.0])
NEAR_A_BOUND = st.builds(
    lambda bound, multiple, noise: bound * multiple * noise,
    st.sampled_from([*BOUNDS, 1.3, 33.3, 40.4, 150.0]),
    st.sampled_from(MULTIPLES),
    st.sampled_from(NOISE),
)
ANY_NUMBER = st.one_of(st.none(), st.floats(), NEAR_A_BOUND, NEAR_A_BOUND)
ROW = st.tuples(ANY_NUMBER, st.one_of(LIMIT, st.floats()), LIMIT, st.one_of(LIMIT, NEAR_A_BOUND))
LARGE = (1e308, 1e308, 1e308, 1e308)


@pytest.mark.parametrize("term, version", BY_TERM_AND_VERSION)
@settings(max_examples=15, deadline=None)
@given(rows=st.lists(ROW, min_size=1, max_size=30))
@example(rows=[LARGE, (1e99, None, 1e99, 1e99), (5e-324, 5e-324, 5e-324, 5e-324)])
def test_one_value_is_graded_as_all_are(term, version, rows):
    schema = dict.fromkeys(("AVAL", "ANRLO", "ANRHI", "BASE"), pl.Float64)
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    at_once = frame.select(GRADE=grade_columns(term, version=version))
    assert at_once.schema["GRADE"] == pl.Int64
    assert at_once["GRADE"].to_list() == [
        grade(term, value, lln=lln, uln=uln, baseline=baseline, version=version)
        for value, lln, uln, baseline in rows
    ]


MANY_ROWS = st.lists(st.tuples(st.sampled_from([*TERMS, "OTHER"]), ROW), min_size=1, max_size=40)


@pytest.mark.parametrize("version", VERSIONS)
@settings(max_examples=25, deadline=None)
@given(rows=MANY_ROWS)
def test_rows_of_many_terms_are_graded_as_each_term_is(version, rows):
    schema = ["PARAMCD", "AVAL", "ANRLO", "ANRHI", "BASE"]
    types = {"PARAMCD": pl.Categorical} | dict.fromkeys(schema[1:], pl.Float64)
    given_rows = [(code, *numbers) for code, numbers in rows]
    frame = pl.DataFrame(given_rows, schema=schema, orient="row", strict=False).cast(types)
    graded = with_grades(frame.lazy(), {term: term for term in TERMS}, version=version).collect()
    assert graded.drop("ATOXGR", "ATOXHI").equals(frame)
    for term in TERMS:
        own = graded.filter(pl.col("PARAMCD") == term)
        alone = own.select(
            ATOXGR=grade_columns(term, version=version),
            ATOXHI=grade_columns(term, version=version, highest=True),
        )
        assert own.select("ATOXGR", "ATOXHI").equals(alone)
    other = graded.filter(pl.col("PARAMCD") == "OTHER")
    assert other["ATOXGR"].null_count() == other["ATOXHI"].null_count() == other.height


def test_without_terms_nothing_is_graded():
    frame = pl.LazyFrame({"PARAMCD": ["NEUT"], "AVAL": [0.1]})
    assert with_grades(frame, {}, version="3.0").collect()["ATOXGR"].to_list() == [None]


def test_columns_may_have_other_names_and_unneeded_ones_may_be_absent():
    frame = pl.DataFrame({"result": [1.19, 1.6], "low": [1.5, None]})
    graded = frame.select(grade_columns("NEUT", version="3.0", value="result", lln="low"))
    assert graded.to_series().to_list() == [2, None]


def test_terms_say_what_they_need():
    needs = {
        (term, version): TERMS[term].references(version) for term, version in BY_TERM_AND_VERSION
    }
    assert needs["NEUT", "3.0"] == ("LLN",)
    assert needs["ALT", "3.0"] == needs["ALT", "4.03"] == ("ULN",)
    assert needs["ALT", "5.0"] == ("ULN", "BASE")
    assert needs["CREAT", "3.0"] == ("ULN",)
    assert needs["CREAT", "4.03"] == needs["CREAT", "5.0"] == ("ULN", "BASE")
    assert needs["WEIGHT", "5.0"] == ("BASE",)


@pytest.mark.parametrize("version", VERSIONS)
def test_clinical_terms_have_descriptions_for_consecutive_grades(version):
    terms = clinical_terms(version)
    assert set(terms) == {
        "NEUROPATHY", "INSOMNIA", "VOMITING", "DIARRHOEA", "WEIGHT LOSS", "THROMBOSIS",
    }  # fmt: skip
    for term in terms.values():
        grades = list(term.grades)
        assert grades == list(range(grades[0], grades[-1] + 1))
        assert set(grades) <= {1, 2, 3, 4, 5}
        assert all(term.grades.values())


def test_grades_that_a_version_lacks_are_absent():
    assert 5 in clinical_terms("3.0")["NEUROPATHY"].grades
    assert 5 not in clinical_terms("5.0")["NEUROPATHY"].grades
    assert 4 in clinical_terms("3.0")["INSOMNIA"].grades
    assert max(clinical_terms("4.03")["INSOMNIA"].grades) == 3
    assert max(clinical_terms("3.0")["WEIGHT LOSS"].grades) == 3
    assert min(clinical_terms("3.0")["THROMBOSIS"].grades) == 2
