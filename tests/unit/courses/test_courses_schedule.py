"""Contacts of synthetic subjects keep to the study's schedule."""

import polars as pl
import pytest
from cohort_examples import cohort, datasets, study, with_day

from pilotage.courses.calendar import contacts
from pilotage.courses.load import load_nature
from pilotage.courses.measures import setting

SCHEDULE = study().protocol.schedule


@pytest.mark.requirement("P-40", "P-41")
def test_every_visit_lies_in_its_window() -> None:
    allowed = {}
    for visit in SCHEDULE.visits:
        assert not isinstance(visit.window, str)
        before, after = visit.window
        allowed[visit.number] = (visit.day - before, visit.day + after)
    planned = with_day("sv", "SVSTDTC").filter(pl.col("VISITNUM").is_in(list(allowed)))
    assert set(planned["VISITNUM"]) == set(allowed)
    for number, day in planned.select("VISITNUM", "DAY").rows():
        low, high = allowed[number]
        assert low <= day <= high, f"visit {number} on day {day}"


@pytest.mark.requirement("P-41")
def test_visits_go_on_every_12_weeks_after_the_planned_ones() -> None:
    last = max(visit.number for visit in SCHEDULE.visits)
    later = with_day("sv", "SVSTDTC").filter(pl.col("VISITNUM") > last)
    assert later.height > 0
    for number, day in later.select("VISITNUM", "DAY").rows():
        assert abs(day - (337 + 84 * (number - last))) <= 7


@pytest.mark.requirement("P-42")
def test_the_score_is_measured_at_every_visit_from_the_first_dose() -> None:
    visits = with_day("sv", "SVSTDTC").filter(pl.col("DAY") >= 1).select("USUBJID", "SVSTDTC")
    scored = datasets().adqs.filter(pl.col("PARAMCD") == "CLASIACT").select("USUBJID", "QSDTC")
    without = visits.join(scored, left_on=["USUBJID", "SVSTDTC"], right_on=["USUBJID", "QSDTC"],
                          how="anti")  # fmt: skip
    assert without.is_empty()


@pytest.mark.requirement("P-44")
def test_blood_counts_are_planned_weekly_for_8_weeks_and_then_every_4_weeks() -> None:
    targets = [*range(8, 58, 7), *range(85, 400, 28)]
    counts = sorted(day for day, forms in planned(last_day=400) if "haematology" in forms)
    after_start = [day for day in counts if day > 1]
    assert len(after_start) == len(targets)
    for day, target in zip(after_start, targets, strict=True):
        assert abs(day - target) <= 3


@pytest.mark.requirement("P-44")
def test_blood_counts_are_taken_on_the_days_that_were_planned() -> None:
    counts = with_day("lb", "LBDTC").filter(pl.col("LBTESTCD") == "NEUT")
    gaps = counts.sort("USUBJID", "DAY").with_columns(
        GAP=pl.col("DAY") - pl.col("DAY").shift(1).over("USUBJID")
    )
    early = gaps.filter(pl.col("DAY").is_between(9, 57))["GAP"]
    late = gaps.filter(pl.col("DAY") > 85)["GAP"]
    assert early.median() == 7
    assert late.median() == 28


def planned(*, last_day: int) -> list[tuple[int, tuple[str, ...]]]:
    """Day and forms of the contacts of a subject."""
    import numpy as np

    made = contacts(
        setting(study(), load_nature(study())),
        np.random.default_rng(1),
        consent_day=-20,
        last_day=last_day,
    )
    return [(contact.day, contact.forms) for contact in made]


@pytest.mark.parametrize("last_day", [1, 14, 60, 337, 1000])
def test_contacts_are_in_order_and_end_with_the_follow_up(last_day: int) -> None:
    days = [day for day, _ in planned(last_day=last_day)]
    assert days == sorted(days)
    assert days[-1] <= last_day
    assert 0 not in days
    assert 1 in days


@pytest.mark.requirement("P-33")
def test_in_taper_the_score_is_never_older_than_four_weeks_while_visits_are_kept() -> None:
    """The table of activities asks for it: between visits 12 weeks apart there are others."""
    unplanned = cohort().tables["sv"].filter(pl.col("VISITNUM").is_null())
    assert unplanned.height > 0
    assert unplanned["VISIT"].str.starts_with("Unscheduled").all()
