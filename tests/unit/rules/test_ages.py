"""The age at informed consent: as it is stated, and as the date of birth makes it.

An age below 0 is refused when the snapshot is read.
"""

from datetime import date

import pytest
from calendar_examples import built_in, snapshot
from record_examples import kept, known
from review_examples import reviewed

from pilotage.rules.ages import doubtful_ages

AT = date(2020, 1, 10)
SETTLE = "settle which of the two is right"


def doubt(**cells: object) -> list[str]:
    """What speaks against the age of a subject who consented on 1 January 2020."""
    dm = snapshot(dm=[cells]).tables["dm"]
    return doubtful_ages(dm, built_in().protocol)["DOUBT"].to_list()


@pytest.mark.requirement("P-10")
@pytest.mark.parametrize(
    "age, impossible",
    [(0, False), (120, False), (121, True), (250, True), ("", False)],
)
def test_an_age_outside_the_range_of_the_study_is_in_doubt(age: object, impossible: bool) -> None:
    said = [f"{age} years is no possible age, which is 0 to 120"]
    assert doubt(AGE=age) == (said if impossible else [])


@pytest.mark.requirement("P-10")
@pytest.mark.parametrize(
    "born, age, agrees",
    [
        ("2002-01-01", 18, True),  # the birthday
        ("2002-01-02", 18, False),  # the day before it
        ("2002-01-02", 17, True),
        ("2002-01-01", 17, False),
        ("2001-12", 18, True),
        ("2001-12", 17, False),
        ("2002-01", 18, True),  # either
        ("2002-01", 17, True),
        ("2001", 18, True),
        ("2001", 19, True),  # born on the first of January
        ("2001", 20, False),
        ("2000", 19, True),
        ("2000", 20, True),  # born on the first of January
        ("2000", 21, False),
        ("", 18, True),  # nothing to compare with
        ("2021-05-05", 18, False),  # born after consent
    ],
)
def test_an_age_agrees_with_the_date_of_birth_on_some_possible_day(
    born: str, age: int, agrees: bool
) -> None:
    assert (doubt(BRTHDTC=born, AGE=age) == []) is agrees


def test_a_date_of_consent_that_is_not_complete_may_be_any_of_its_days() -> None:
    born = {"BRTHDTC": "2002-01-15", "RFICDTC": "2020-01"}
    assert doubt(AGE=17, **born) == doubt(AGE=18, **born) == []
    assert doubt(AGE=19, **born) == [
        "19 years (AGE), but the date of birth 2002-01-15 (BRTHDTC) makes 17 to 18 at the informed "
        f"consent of 2020-01: {SETTLE}"
    ]


def test_an_age_that_is_not_in_years_is_not_compared() -> None:
    assert doubt(AGE=500, AGEU="MONTHS", BRTHDTC="1970") == []


@pytest.mark.requirement("P-10")
@pytest.mark.parametrize(
    "cells, said",
    [
        ({"AGE": 44, "BRTHDTC": "2003-05-02"},
         "44 years (AGE), but the date of birth 2003-05-02 (BRTHDTC) makes 16 at the informed "
         f"consent of 2020-01-01: {SETTLE}"),
        ({"AGE": 250}, "250 years is no possible age, which is 0 to 120"),
    ],
)  # fmt: skip
def test_eligibility_does_not_rest_on_an_age_in_doubt_and_says_what_to_settle(
    cells: dict[str, object], said: str
) -> None:
    found = reviewed(AT, dm=[cells])
    (row,) = found.screening_log.to_dicts()
    assert (row["IN01"], row["ELIGIBLE"]) == ("unknown", "unknown")
    assert f"Age in completed years (no value that can be used ({said}); IN01)" in row["MISSING"]
    assert (f"Age: {said}", "DM", "Y") in found.queries.select("QUERY", "DOMAIN", "CERTAIN").rows()


def test_an_age_that_agrees_is_not_asked_about_and_is_used() -> None:
    found = reviewed(AT, dm=[{"AGE": 44, "BRTHDTC": "1975"}])
    assert found.screening_log["IN01"].to_list() == ["passed"]
    assert found.queries.is_empty()


def test_the_item_of_the_form_is_in_doubt_like_the_age() -> None:
    record = kept(dm=[{"AGE": 250}])
    for name in ("AGE", "demography.age"):
        found = known(record, name, 5)
        assert found.problem == "no unit or value"
        assert found.recorded is not None
        assert found.recorded.startswith("250 years is no possible age, which is 0 to 120")


def test_nothing_is_asked_before_the_day_of_consent() -> None:
    cells = {"AGE": 250, "RFICDTC": "2020-01-11"}
    for at, number in [(AT, 0), (date(2020, 1, 11), 1)]:
        asked = reviewed(at, dm=[cells], qs=[], rp=[]).queries
        assert asked.height == number
