"""With how many decimals a column is written: those that its values need, and no false ones."""

import polars as pl
import pytest
from report_examples import context, output, result, template, texts

from pilotage.report.context import most_places, places
from pilotage.report.layouts.counts import baseline


@pytest.mark.parametrize(
    ("values", "digits"),
    [
        ([1.0, 5.0, 12.0], 0),
        ([2.0, 22.1, 1.8], 1),
        ([14.0] * 14 + [4.96], 0),  # a single value does not decide for all
        ([14.0] * 8 + [4.96, 5.25], 2),  # two of ten do
        ([13.995, 15.0, 13.995, 4.995, 4.96, 20.0], 0),  # no number of decimals is theirs
        ([0.921, 0.8904, 1.1], 2),
        ([5.0] * 9 + [5.5], 1),  # of one digit, nothing is rounded away
        ([0.0, 0.0], 0),
        ([], 0),
    ],
)
def test_a_column_of_subjects_has_the_decimals_of_nearly_all_its_values(values, digits):
    assert most_places(pl.Series(values, dtype=pl.Float64)) == digits


def test_elsewhere_every_value_is_written_as_it_is():
    assert places(pl.Series([14.0] * 14 + [4.96])) == 2
    assert places(pl.Series([14.0, 15.0, None])) == 0


@pytest.mark.requirement("P-81")
def test_durations_in_months_have_one_decimal_their_means_too(tmp_path, small):
    study = template(tmp_path, ("sap.yaml", "    variable: AGE\n", "    variable: TRTDURM\n"))
    values = {
        "n": 3, "mean": 12.445, "sd": 7.179, "median": 11.17, "q1": 9.232, "q3": 16.05,
        "minimum": 0.22998, "maximum": 29.54,
    }  # fmt: skip
    rows = [result(name, value, 3, analysis="AGE") for name, value in values.items()]
    table = baseline(output("baseline", "AGE"), context(study, small, *rows))
    assert [row[1] for row in texts(table)[1:]] == [
        "12.4 (7.2)", "11.2 (9.2 to 16.1)", "0.2 to 29.5",
    ]  # fmt: skip
