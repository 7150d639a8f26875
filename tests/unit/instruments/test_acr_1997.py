"""ACR criteria: 4 of 11 classify, and unknown stays unknown only while it matters."""

import polars as pl
import pytest
from all_at_once import totals

from pilotage.instruments import instruments
from pilotage.instruments.acr_1997 import CRITERIA

pytestmark = pytest.mark.requirement("P-53")

ACR = instruments["acr_1997"]
CODES = [item.code for item in CRITERIA]


def criteria(pattern: str) -> dict[str, int | None]:
    """Eleven signs: + present, - absent, ? open."""
    assert len(pattern) == 11
    return dict(zip(CODES, [{"+": 1, "-": 0, "?": None}[sign] for sign in pattern], strict=True))


CASES = [
    ("+++--------", 0),
    ("++++-------", 1),
    ("+++++++++++", 1),
    ("-----------", 0),
    ("++++???????", 1),
    ("???????++++", 1),
    ("+++-------?", None),
    ("++--------?", 0),
    ("++------??-", None),
    ("----?---???", None),
    ("-----?---??", 0),
    ("???????????", None),
]


def test_there_are_eleven_criteria():
    assert len(CODES) == 11


@pytest.mark.parametrize("pattern, expected", CASES)
def test_four_of_eleven_classify_and_unknown_counts_only_while_it_matters(pattern, expected):
    scored = ACR.score("ACRSLE", criteria(pattern))
    assert scored.total == expected
    if expected is None:
        assert len(scored.open_items) == pattern.count("?")


def test_all_subjects_at_once():
    frame = pl.DataFrame(
        [criteria(pattern) for pattern, _ in CASES], schema=dict.fromkeys(CODES, pl.Int64)
    )
    classified = totals(ACR, "ACRSLE", frame).to_list()
    assert classified == [expected for _, expected in CASES]


def test_the_count_needs_every_criterion():
    assert ACR.score("ACRCOUNT", criteria("+++++------")).total == 5
    assert ACR.score("ACRCOUNT", criteria("+++++-----?")).open_items == ("ACRANA",)
