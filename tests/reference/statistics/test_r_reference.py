"""Every method against R: reference.csv and methods.csv, written by make_reference.R.

The tolerance is absolute, and for numbers above 10,000 a 10^14th of the number, which is what a
float holds. Where R refuses the data, or answers and we do not, without_answer.csv says why.
"""

import csv
import inspect
import json
import math
import re
from collections import defaultdict
from pathlib import Path

import pytest
from r_methods import METHODS

from pilotage.statistics import (
    NotComputable,
    correlation,
    groups,
    locations,
    paired,
    proportions,
    rates,
    several_groups,
    simon,
    survival,
    survival_groups,
    two_by_two,
)

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
DATA = json.loads((HERE / "data_sets.json").read_text(encoding="utf-8"))


def rows(file):
    lines = (HERE / file).read_text(encoding="utf-8").splitlines(keepends=True)
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


KIND = {row["method"]: row["kind"] for row in rows("methods.csv")}
TOLERANCE = {row["method"]: float(row["tolerance"]) for row in rows("methods.csv")}
LINE = {row["method"]: row["line"] for row in rows("methods.csv")}
WITHOUT_ANSWER = {
    (row["method"], row["data_set"]): row["reason"] for row in rows("without_answer.csv")
}
REFERENCE = defaultdict(dict)
for row in rows("reference.csv"):
    REFERENCE[row["method"], row["data_set"]][row["quantity"]] = row["value"]

ANSWERED = [case for case in REFERENCE if case not in WITHOUT_ANSWER]


def computed(method, data_set):
    """Our numbers under the names of the reference; one of several is "low.1", "low.2" ..."""
    found = {}
    for name, value in METHODS[method](**DATA[KIND[method]][data_set]).items():
        if isinstance(value, tuple):
            found |= {f"{name}.{place}": one for place, one in enumerate(value, 1)}
        else:
            found[name] = value
    return found


def differing(found, expected, tolerance):
    """The quantities that are not those of R. NA of R is None of ours, and infinity is infinity."""
    wrong = sorted(found.keys() ^ expected.keys())
    for name in found.keys() & expected.keys():
        ours, theirs = found[name], expected[name]
        if theirs == "NA" or ours is None:
            same = (theirs == "NA") == (ours is None)
        else:
            number = float(theirs)
            limit = max(tolerance, 1e-14 * abs(number)) if math.isfinite(number) else 0
            same = ours == number or abs(ours - number) <= limit
        if not same:
            wrong.append(f"{name}: {ours} and not {theirs}")
    return wrong


@pytest.mark.requirement("P-70", "P-71")
@pytest.mark.parametrize(("method", "data_set"), ANSWERED)
def test_numbers_are_those_of_r(method, data_set):
    expected = REFERENCE[method, data_set]
    assert differing(computed(method, data_set), expected, TOLERANCE[method]) == []


@pytest.mark.parametrize(("method", "data_set"), WITHOUT_ANSWER)
def test_where_there_is_no_number_the_reason_is_told(method, data_set):
    with pytest.raises(NotComputable) as caught:
        computed(method, data_set)
    assert caught.value.reason == WITHOUT_ANSWER[method, data_set]


@pytest.mark.parametrize("method", METHODS)
def test_comparison_bites(method):
    """One number moved by ten times the tolerance is noticed, and so is one that is left out."""
    case = next(case for case in ANSWERED if case[0] == method)
    found, expected, tolerance = computed(*case), REFERENCE[case], TOLERANCE[method]
    for name, value in found.items():
        if value is not None and math.isfinite(value):
            moved = found | {name: value + max(10 * tolerance, 1e-12 * abs(value))}
            assert differing(moved, expected, tolerance) != []
    assert differing({}, expected, tolerance) != []


def test_every_r_line_has_its_function_and_each_its_r_line():
    assert set(METHODS) == set(KIND) == {method for method, _ in REFERENCE}


def test_reference_does_not_shrink():
    assert len(METHODS) >= 90
    assert min(len(data_sets) for data_sets in DATA.values()) >= 20
    for method, kind in KIND.items():
        assert [case[1] for case in REFERENCE if case[0] == method] == list(DATA[kind])
    assert len(WITHOUT_ANSWER) <= 0.12 * len(REFERENCE)
    assert WITHOUT_ANSWER.keys() <= REFERENCE.keys()


def test_reference_names_the_versions_that_made_it():
    for file in ("reference.csv", "methods.csv"):
        header = (HERE / file).read_text(encoding="utf-8").partition("\n")[0]
        assert header.startswith("# make_reference.R with R 4.")
        assert "survival 3." in header


def test_the_statistics_page_has_the_r_line_and_the_tolerance_of_every_method():
    page = (ROOT / "docs/reference/statistics.md").read_text(encoding="utf-8")
    blocks = "".join(re.findall(r"^```r\n(.*?)^```$", page, re.DOTALL | re.MULTILINE))
    expected = {
        method: method_block(method, line, TOLERANCE[method]) for method, line in LINE.items()
    }
    assert [method for method, block in expected.items() if block not in blocks] == []
    assert len(re.findall(r"^# ", blocks, re.MULTILINE)) == len(LINE)


def method_block(method, line, tolerance):
    """How the page shows a method: its name, its tolerance where it is not 1e-10, its R line."""
    name = method if tolerance == 1e-10 else f"{method} (to {tolerance:g})"
    return f"# {name}\n{line}\n"


def test_the_statistics_page_names_every_public_function():
    page = (ROOT / "docs/reference/statistics.md").read_text(encoding="utf-8")
    functions = [
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for module in MODULES
        for name, thing in vars(module).items()
        if inspect.isfunction(thing)
        and thing.__module__ in (module.__name__, *EXPOSED.get(module, ()))
        and not name.startswith("_")
        and name not in SHARED
    ]
    assert [name for name in functions if f"`{name}`" not in page] == []
    assert len(functions) > 40


MODULES = [
    correlation,
    groups,
    locations,
    paired,
    proportions,
    rates,
    several_groups,
    simon,
    survival,
    survival_groups,
    two_by_two,
]
EXPOSED = {
    locations: ["pilotage.statistics.pseudomedian"],
    survival: ["pilotage.statistics.competing"],
}
SHARED = {"mean", "standard_deviation", "checked_counts"}
