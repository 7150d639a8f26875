"""Ends of treatment and of participation that do not say, in the words of the study, why."""

import pytest
from calendar_examples import Cells, on
from record_examples import dose, kept, known
from review_examples import reviewed

from pilotage.rules import advise

REASON = "end_of_treatment.reason"
TREATMENT = "End of treatment of 2020-02-20: "
STUDY = "End of study participation of 2020-02-20: "


def end(reason: str, when: object = on(30), of: str = "TREATMENT") -> Cells:
    return {"DSDECOD": reason, "DSSTDTC": when, "DSSCAT": of}


def asked(*ends: Cells, at: int = 60) -> list[str]:
    found = reviewed(at, ex=[{"EXENDTC": on(29)}], ds=ends).queries
    return [query for query, domain in found.select("QUERY", "DOMAIN").rows() if domain == "DS"]


@pytest.mark.requirement("P-36")
def test_a_dated_end_without_a_reason_is_asked_about() -> None:
    missing = "“Reason for the end of treatment” has no answer"
    assert asked(end("")) == [TREATMENT + missing]
    assert asked(end("", of="STUDY")) == [
        f"{STUDY}“Reason for the end of participation” has no answer"
    ]


@pytest.mark.parametrize("at, number", [(29, 0), (30, 1)])
def test_an_end_is_asked_about_from_its_day_on(at: int, number: int) -> None:
    assert len(asked(end(""), at=at)) == number


@pytest.mark.requirement("P-36")
def test_a_reason_that_is_no_code_of_the_study_is_asked_about_with_the_codes() -> None:
    (said,) = asked(end("WITHDRAWAL BY SUBJECT", of="STUDY"))
    assert said == (
        f"{STUDY}'WITHDRAWAL BY SUBJECT' is no answer to “Reason for the end of participation”, "
        "which has COMPLETED, WITHDRAWAL OF CONSENT, ADVERSE EVENT, LOST TO FOLLOW-UP, PHYSICIAN "
        "DECISION, STUDY TERMINATED BY SPONSOR, DEATH, OTHER"
    )


def test_a_screen_failure_is_no_reason_to_end_a_treatment() -> None:
    (said,) = asked(end("SCREEN FAILURE"))
    assert said.startswith(f"{TREATMENT}'SCREEN FAILURE' is no answer to")


@pytest.mark.parametrize(
    "ends",
    [
        [end("COMPLETED")],
        [end("OTHER", of="STUDY")],
        [end("SCREEN FAILURE", of="STUDY")],
        [end("", "")],  # neither a day nor a reason: no end
        [end("WITHDRAWAL BY SUBJECT", of="SOMETHING ELSE")],
    ],
)
def test_other_dispositions_are_not_asked_about(ends: list[Cells]) -> None:
    assert asked(*ends) == []


def test_an_end_of_an_unknown_day_for_no_reason_of_the_study_is_asked_about() -> None:
    (said,) = asked(end("TIRED", ""))
    assert said.startswith("End of treatment of an unknown day: 'TIRED' is no answer to")


def test_a_foreign_reason_is_no_deviation() -> None:
    ends = [end("WITHDRAWAL BY SUBJECT"), end("WITHDRAWAL BY SUBJECT", of="STUDY")]
    dv = reviewed(60, ex=[{"EXENDTC": on(29)}], ds=ends).dv
    assert dv.filter(~dv["DVCAT"].is_in(["SCHEDULE"])).is_empty()


@pytest.mark.requirement("P-36")
@pytest.mark.parametrize(
    "day, problem", [(29, "missing"), (30, "no unit or value"), (90, "no unit or value")]
)
def test_an_end_without_a_reason_is_an_end_from_its_day_on(day: int, problem: str) -> None:
    record = kept(ex=[dose("5 mg QD", 1)], ds=[{"DSSTDTC": 30}])
    found = known(record, REASON, day)
    assert found.problem == problem
    dosing = advise(record, "S1", on(day)).dosing
    assert (REASON in dosing.missing) is (day >= 30)
    if day == 30:
        assert found.recorded is not None
        assert found.recorded.startswith("an end without a reason of 2020-02-20; the answers are")


def test_a_later_end_with_a_reason_settles_it() -> None:
    record = kept(
        ex=[dose("5 mg QD", 1)], ds=[{"DSSTDTC": 30}, {"DSSTDTC": 31, "DSDECOD": "OTHER"}]
    )
    assert known(record, REASON, 31).value == "OTHER"
    assert advise(record, "S1", on(31)).dosing.action == "stop"
