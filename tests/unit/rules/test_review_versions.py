"""The review of an amended study: each matter under the version of the protocol of its day."""

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest
from calendar_examples import Cells, amended, built_in, on, visit
from review_examples import counts, no_reason_to_stop, reviewed, skin, systemic

from pilotage.conditions import parse
from pilotage.study import Study

SEEN = [visit(0, -21), visit(1, 1)]


def changed(**parts: Any) -> Study:
    """The built-in study with other parts of its protocol."""
    return replace(built_in(), protocol=built_in().protocol.model_copy(update=parts))


def event(day: int, learnt: str = "") -> Cells:
    criteria = {"AESDTH": "N", "AESLIFE": "N", "AESHOSP": "Y", "AESDISAB": "N"}
    return {"AETERM": "Fall", "AESER": "Y", "AESTDTC": on(day), "AEDTC": learnt, **criteria}


# -- adverse events --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "since, status",
    [
        (30, "reported late"),  # learnt on day 29: 24 hours
        (29, "reported in time"),  # 72 hours
        (20, "reported in time"),
    ],
)
def test_the_clock_is_that_of_the_version_on_the_day_the_site_learnt(
    since: int, status: str
) -> None:
    events = built_in().protocol.adverse_events
    slower = changed(adverse_events=events.model_copy(update={"reporting_hours": 72}))
    told = [{"IDVARVAL": 1, "QNAM": "REPORTED", "QVAL": f"{on(31)}T08:00"}]
    found = reviewed(60, amended(built_in(), slower, since), sv=SEEN,
                     ae=[event(20, f"{on(29)}T08:00")], suppae=told)  # fmt: skip
    assert found.serious_events["STATUS"].to_list() == [status]


def test_an_event_is_serious_by_the_criteria_of_its_version() -> None:
    events = built_in().protocol.adverse_events
    fewer = {c: text for c, text in events.serious_criteria.items() if c != "AESHOSP"}
    later = changed(adverse_events=events.model_copy(update={"serious_criteria": fewer}))
    row = {**event(20), "AESER": "N"}
    for since, number in [(21, 1), (20, 0)]:
        found = reviewed(60, amended(built_in(), later, since), sv=SEEN, ae=[row])
        assert found.serious_events.height == number


@pytest.mark.parametrize("since, days", [(30, [29]), (29, []), (37, [29, 36])])
def test_a_value_is_asked_about_from_the_grade_of_the_version_of_its_day(
    since: int, days: list[int]
) -> None:
    events = built_in().protocol.adverse_events
    later = changed(adverse_events=events.model_copy(update={"query_laboratory_grade_from": 3}))
    safe = counts(-1)
    found = reviewed(60, amended(built_in(), later, since), sv=SEEN,
                     lb=[*safe, *counts(29, 36, NEUT=1.2)], ae=[])  # fmt: skip
    asked = found.queries.filter(pl.col("DOMAIN") == "LB")["DATE"].to_list()
    assert asked == [on(day) for day in days]


# -- screening -------------------------------------------------------------------------------------


@pytest.mark.parametrize("since, passed", [(2, "failed"), (1, "passed"), (-5, "passed")])
def test_a_criterion_is_that_of_the_version_of_the_first_dose(since: int, passed: str) -> None:
    eligibility = built_in().protocol.eligibility
    adult = eligibility.inclusion[0]
    assert adult.id == "IN01"
    sixteen = changed(
        eligibility=eligibility.model_copy(
            update={"inclusion": (adult.model_copy(update={"when": parse("AGE >= 16")}),
                                  *eligibility.inclusion[1:])}
        )
    )  # fmt: skip
    found = reviewed(10, amended(built_in(), sixteen, since), dm=[{"AGE": 17}], sv=SEEN)
    assert found.screening_log["IN01"].to_list() == [passed]
    entered = found.dv.filter(pl.col("DVDECOD") == "ENTERED NOT ELIGIBLE")
    assert entered.height == (passed == "failed")


def test_a_criterion_that_a_version_does_not_have_is_neither_passed_nor_failed() -> None:
    eligibility = built_in().protocol.eligibility
    fewer = eligibility.model_copy(update={"inclusion": eligibility.inclusion[1:]})
    study = amended(built_in(), changed(eligibility=fewer), 1)
    keys = [{"USUBJID": "S01"}, {"USUBJID": "S02"}]
    doses = [{"USUBJID": "S01"}, {"USUBJID": "S02", "EXSTDTC": on(-1)}]
    log = reviewed(10, study, dm=keys, ex=doses, sv=SEEN).screening_log
    said = dict(log.select("USUBJID", "IN01").rows())
    assert said == {"S01": None, "S02": "passed"}


# -- doses and breaches ----------------------------------------------------------------------------


def with_other_step() -> Study:
    """Version 2.0 knows no 10 mg QD: the step is 12 mg QD there."""
    treatment = built_in().protocol.treatment
    ladder = tuple(
        each.model_copy(update={"step": "12 mg QD", "dose": 12}) if each.dose == 10 else each
        for each in treatment.ladder
    )
    return changed(treatment=treatment.model_copy(update={"ladder": ladder}))


@pytest.mark.parametrize("since, verdict", [(16, "conforms"), (15, "deviates"), (10, "deviates")])
def test_a_dose_is_a_step_of_the_ladder_of_its_day(since: int, verdict: str) -> None:
    found = reviewed(
        20, amended(built_in(), with_other_step(), since), sv=[*SEEN, visit(2, 15)],
        qs=[*skin(B=20, D15=10), *systemic(-1, 15)], lb=counts(-1, 15),
        fa=no_reason_to_stop(1, 15), ex=[{"EXDOSE": 10}],
    )  # fmt: skip
    (row,) = found.doses.filter(pl.col("DATE") == on(15)).to_dicts()
    assert (row["ENTERED"], row["VERDICT"]) == ("10 mg QD", verdict)


def test_a_breach_is_one_of_the_version_of_its_day() -> None:
    answers = [{"FATESTCD": "BGCHANGE", "FAORRES": "Y", "FADTC": on(29)}]
    for since, number in [(30, 1), (29, 0)]:
        study = amended(built_in(), changed(deviations=None), since)
        found = reviewed(40, study, sv=[*SEEN, visit(3, 29)], fa=answers)
        assert found.dv.filter(pl.col("DVDECOD") == "BREACH").height == number


def test_of_a_version_that_is_not_kept_no_dose_is_judged() -> None:
    study = amended(built_in(), built_in(), 10, kept=False)
    found = reviewed(20, study, sv=[*SEEN, visit(2, 15)], qs=skin(B=20))
    words = "version 1.0 of the protocol is not kept in the study folder"
    first = found.doses.filter(pl.col("DATE") == date(2020, 1, 22))
    assert first.select("VERDICT", "REASON").rows() == [("CANNOT ADVISE", words)]
