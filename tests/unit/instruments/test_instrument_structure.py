"""What every instrument keeps: its form, and one subject scored as all subjects are."""

from random import Random

import polars as pl
import pytest
from all_at_once import open_items, totals
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotage.instruments import Instrument, Item, Score, instruments
from pilotage.instruments.instrument import not_allowed

EVERY = list(instruments.values())
EVERY_SCORE = [
    pytest.param(instrument, score, id=score.code)
    for instrument in EVERY
    for score in instrument.scores
]
RECORDED = [None, 0, 1, 2, 3, 4, 5, 6, 7, 8, 100, 101, -1, 0.5, 1.0, float("nan")]
Assessment = dict[str, float | None]


def random_assessment(instrument: Instrument, random: Random) -> Assessment:
    """Complete and legal, or mostly absent, with or without missing and illegal values."""
    odd = random.choice([0, 0, 0.02, 0.3])
    absent = random.choice([0, 0.5, 0.9, 1])

    def value(allowed: tuple[int, ...]) -> float | None:
        if random.random() < odd:
            return random.choice(RECORDED)
        return 0 if random.random() < absent else random.choice(allowed)

    return {item.code: value(item.allowed) for item in instrument.items}


def wide(instrument: Instrument, assessments: list[Assessment]) -> pl.DataFrame:
    schema = {item.code: pl.Float64 for item in instrument.items}
    return pl.DataFrame(assessments, schema=schema)


def test_instruments_are_found_by_their_name():
    assert set(instruments) == {"clasi", "sledai_2k", "acr_1997", "rule_of_nines"}
    assert all(instruments[name].name == name for name in instruments)


def test_codes_are_test_codes_and_unique_over_all_instruments():
    codes = [part.code for each in EVERY for part in (*each.items, *each.scores)]
    assert len(codes) == len(set(codes))
    assert all(code.isalnum() and code == code.upper() and len(code) <= 8 for code in codes)


@pytest.mark.parametrize("instrument", EVERY, ids=lambda each: each.name)
def test_an_instrument_names_its_source_and_short_labels(instrument):
    assert any(character.isdigit() for character in instrument.citation)
    labels = [item.label for item in instrument.items]
    assert len(labels) == len(set(labels))
    assert all(0 < len(label) <= 80 for label in labels)


@pytest.mark.parametrize("instrument", EVERY, ids=lambda each: each.name)
def test_items_lie_in_declared_regions_and_allow_zero(instrument):
    regions = {region.code for region in instrument.regions}
    assert {item.region for item in instrument.items} - {None} == regions
    assert all(region.sides for region in instrument.regions)
    assert all(0 in item.allowed for item in instrument.items)


@pytest.mark.parametrize("instrument, score", EVERY_SCORE)
def test_the_highest_items_make_the_highest_total_and_zeros_make_zero(instrument, score):
    highest = {item.code: max(item.allowed) for item in instrument.items}
    nothing = dict.fromkeys(highest, 0)
    assert instrument.score(score.code, highest).total == score.high
    assert instrument.score(score.code, nothing).total == score.low == 0


@pytest.mark.parametrize("instrument, score", EVERY_SCORE)
def test_a_score_depends_on_its_own_items_only(instrument, score):
    own = {item.code: min(item.allowed) for item in instrument.items if item.code in score.items}
    assert instrument.score(score.code, own).total == 0
    frame = pl.DataFrame({code: [0] for code in score.items})
    assert totals(instrument, score.code, frame).item() == 0


@pytest.mark.parametrize("instrument, score", EVERY_SCORE)
def test_an_empty_assessment_has_no_total_and_names_its_open_items(instrument, score):
    scored = instrument.score(score.code, {})
    assert scored.total is None
    assert set(score.items) - set(scored.open_items) <= {"DYSDUR"}


@pytest.mark.parametrize("instrument, score", EVERY_SCORE)
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32), size=st.integers(1, 40))
def test_one_assessment_is_scored_as_all_are(instrument: Instrument, score: Score, seed, size):
    random = Random(seed)
    assessments = [random_assessment(instrument, random) for _ in range(size)]
    frame = wide(instrument, assessments)
    all_totals = totals(instrument, score.code, frame)
    all_open = open_items(instrument, score.code, frame)
    one_by_one = [instrument.score(score.code, values) for values in assessments]
    assert all_totals.to_list() == [scored.total for scored in one_by_one]
    assert [set(row) for row in all_open] == [set(scored.open_items) for scored in one_by_one]
    for scored in one_by_one:
        assert (scored.total is None) == bool(scored.open_items)
        assert scored.total is None or score.low <= scored.total <= score.high


def test_what_is_missing_is_not_forbidden_and_what_lies_outside_is():
    items = (
        Item("A", "a", (0, 1), None, "group"),
        Item("B", "b", (0, 3, 4), None, "group"),
    )
    rows = [
        (0, 1.0, False), (0, 3.0, True), (1, 3.0, False), (1, 1.0, True), (1, 5.0, True),
        (0, -1.0, True), (1, -1.0, True), (1, 3.5, True), (0, 0.5, True), (1, 1e300, True),
        (0, None, False), (None, 7.0, False),
    ]  # fmt: skip
    schema = {"ITEM": pl.UInt32, "VALUE": pl.Float64, "WRONG": pl.Boolean}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    found = frame.select(not_allowed(items, item=pl.col("ITEM"), value=pl.col("VALUE")))
    assert found.to_series().to_list() == frame["WRONG"].to_list()


def test_whole_number_totals_are_integers_and_shares_are_floats():
    for instrument in EVERY:
        frame = pl.DataFrame({item.code: [0] for item in instrument.items})
        for score in instrument.scores:
            expected = pl.Float64 if score.code == "BSA" else pl.Int64
            assert totals(instrument, score.code, frame).dtype == expected


def test_an_unknown_score_is_refused_with_the_nearest_name():
    with pytest.raises(ValueError, match="CLASI has no score 'CLASIAKT'; did you mean 'CLASIACT'"):
        instruments["clasi"].score("CLASIAKT", {})
    with pytest.raises(ValueError, match="SLEDAI-2K has no score 'BSA'"):
        instruments["sledai_2k"].score("BSA", {})


def test_check_names_an_unknown_item_with_the_nearest_one():
    assert instruments["clasi"].check({"ERYSCLP": 1}) == [
        "CLASI has no item 'ERYSCLP'; did you mean 'ERYSCALP'?"
    ]


def test_check_names_a_stated_score_that_cannot_be():
    assert instruments["clasi"].check({"CLASIACT": 71, "CLASIDAM": -1, "CLASISKN": 4.5}) == [
        "CLASI CLASIACT is 71; allowed are whole numbers 0 to 70",
        "CLASI CLASIDAM is -1; allowed are whole numbers 0 to 56",
        "CLASI CLASISKN is 4.5; allowed are whole numbers 0 to 65",
    ]
    assert instruments["clasi"].check({"CLASIACT": 70, "CLASIDAM": 0.0}) == []
    assert instruments["rule_of_nines"].check({"BSA": 18.5}) == []
    assert instruments["rule_of_nines"].check({"BSA": 100.5}) == [
        "RULE OF NINES BSA is 100.5; allowed are 0 to 100"
    ]


def test_check_names_every_mistake_and_no_missing_value():
    assert instruments["clasi"].check({"ERYSCALP": 4, "SCLFEET": None, "MUCOSA": 2}) == [
        "CLASI ERYSCALP is 4; allowed are 0, 1, 2, 3",
        "CLASI MUCOSA is 2; allowed are 0, 1",
    ]
