"""The dose that was given, beside what the protocol says of the day."""

from datetime import date

import polars as pl
import pytest
from explain_examples import (
    Cells,
    blood,
    case,
    dose,
    entry,
    life,
    on,
    review,
    said,
    score,
    told,
    treated,
    visits,
)

from pilotage.explain import Life
from pilotage.explain.life import explain
from pilotage.rules.prescriptions import doses

QOD, TEN = {"often": "QOD"}, {"mg": 10}
NO_ANSWER, CLEAR = {1: 10, 29: 10}, {1: 10, 29: 0}


def taken(scores: dict[int, object], *doses: Cells, at: int = 60) -> Life:
    return life(at, **treated(scores, doses))


def test_a_dose_that_stays_as_the_protocol_says() -> None:
    found = entry(taken({1: 10, 15: 9}, dose(1)), 15, "dose")
    assert (found.what, found.mark) == ("5 mg QD kept: conforms", "")
    assert found.why == "5 mg/day for 4 weeks"
    assert [source.id for source in found.sources] == ["P-30"]
    assert [source.heading for source in found.sources] == ["Start at 5 mg a day for four weeks"]
    assert [(each.name, each.value) for each in found.inputs] == [
        ("PHASE", "treatment"),
        ("WEEK", 2),
    ]


def test_a_change_on_the_day_of_a_visit_is_decided_there() -> None:
    found = entry(taken(CLEAR, dose(1, 28), dose(29, **QOD)), 29, "dose")
    assert found.what == "5 mg QD → 5 mg QOD: conforms"
    assert found.rows == (("EX", 2),)


def test_a_change_on_the_day_after_a_visit_is_decided_at_the_visit() -> None:
    of = taken(CLEAR, dose(1, 29), dose(30, **QOD))
    assert said(of, 29, "dose") == ["5 mg QD → 5 mg QOD: conforms"]
    assert said(of, 30, "dose") == []


def test_a_change_two_days_after_a_visit_is_a_decision_of_its_own() -> None:
    of = taken(CLEAR, dose(1, 30), dose(31, **QOD))
    assert said(of, 29, "dose") == ["5 mg QD kept: deviates"]
    assert said(of, 31, "dose") == ["5 mg QD → 5 mg QOD: conforms"]


def test_the_first_dose_is_told_on_its_day_although_a_visit_was_the_day_before() -> None:
    tables = treated({-1: 10, 15: 9})
    of = life(60, **tables)
    assert said(of, -1, "dose") == []
    assert said(of, 1, "dose")[0].startswith("CANNOT ADVISE: first dose 5 mg QD; eligibility")


def test_a_dose_that_deviates_says_why_and_names_no_other_step() -> None:
    found = entry(taken(NO_ANSWER, dose(1)), 29, "dose")
    assert (found.what, found.mark) == ("5 mg QD kept: deviates", "against")
    assert found.why == "No clinical improvement"
    assert "10 mg" not in str(found)


def test_a_rule_that_is_not_followed_and_its_heading_name_no_other_dose() -> None:
    found = entry(taken({1: 10, 15: 9}, dose(1, 14), dose(15, **TEN)), 15, "dose")
    assert (found.what, found.why) == (
        "5 mg QD → 10 mg QD: deviates",
        "the dosing rule of P-30 applies here, and it leads to another dose",
    )  # fmt: skip
    assert [each.heading for each in found.sources] == ["the dosing rule"]


def test_a_study_that_proposes_doses_says_which_was_expected() -> None:
    kept = case(60, **treated(NO_ANSWER, [dose(1)]))
    protocol = kept.protocol.model_copy(update={"dose_proposals": True})
    from dataclasses import replace

    study = replace(kept.study, protocol=protocol)
    of = explain(study, kept.snapshot, "S01", on(60))
    assert said(of, 29, "dose") == ["5 mg QD kept: deviates, 10 mg QD was expected"]


def test_no_answer_without_an_assessment_and_what_is_missing() -> None:
    tables = treated({1: 10})
    tables["sv"] = visits(1, 29)
    tables["lb"] += blood(29)
    tables["fa"] += review(29)
    found = entry(life(60, **tables), 29, "dose")
    assert found.mark == "unknown"
    assert found.what == "CANNOT ADVISE: 5 mg QD kept; not known whether this holds"
    (missing,) = found.inputs
    assert (missing.name, missing.problem) == ("RESPONSE", "too old")


def test_no_answer_where_a_reason_to_stop_is_not_known() -> None:
    tables = treated(CLEAR, [dose(1, 28), dose(29, **QOD)])
    tables["lb"] = [{**row, "LBORRESU": ""} for row in tables["lb"]]
    found = entry(life(60, **tables), 29, "dose")
    assert found.what == "CANNOT ADVISE: 5 mg QD → 5 mg QOD; not known whether this holds"
    assert found.why == "Grade 3 myelosuppression: neutrophils"
    assert [(each.name, each.problem) for each in found.inputs] == [
        ("NEUT.GRADE", "no unit or value")
    ]


def test_a_dose_that_is_no_step_of_the_ladder() -> None:
    (what,) = said(taken(CLEAR, dose(1, 28), dose(29, mg=7)), 29, "dose")
    assert what == "5 mg QD → 7 mg QD: deviates"


def test_doses_that_overlap_are_not_known() -> None:
    (what,) = said(taken(CLEAR, dose(1, 40), dose(29, **TEN)), 29, "dose")
    assert what == ("CANNOT ADVISE: which dose was taken from here on is not known: doses overlap")


def test_a_dose_without_unit_or_frequency_says_so() -> None:
    start = "CANNOT ADVISE: which dose was taken from here on is not known: "
    bare = {**dose(1), "EXDOSU": ""}
    assert said(taken(CLEAR, bare), 29, "dose") == [
        f"{start}the unit of the dose of {on(1)} is missing"
    ]
    seldom = dose(29, often="")
    assert said(taken(CLEAR, dose(1, 28), seldom), 29, "dose") == [
        f"{start}how often the dose of {on(29)} was taken is missing"
    ]


def test_a_dose_with_an_incomplete_date_is_not_known() -> None:
    (what,) = said(taken(CLEAR, dose(1, 28), dose("2020-02", **QOD)), 29, "dose")
    assert what == (
        "CANNOT ADVISE: which dose was taken from here on is not known: its date is not complete"
    )


def test_without_drug_after_treatment() -> None:
    scores: dict[int, object] = {1: 10, 29: 0, 57: 0, 85: 0, 113: 0}
    of = taken(scores, dose(1, 28), dose(29, 56, **QOD), dose(57, 84, often="TIW"), at=120)
    assert said(of, 85, "dose") == ["5 mg TIW → no drug: conforms"]
    assert said(of, 113, "dose") == ["no drug: conforms"]
    assert said(of, 113, "stopping") == []
    assert said(of, 113, "dispensing") == []


NOT_YET = "5 mg QD so far: not judged yet, a dose decided on this day may begin on the next"


def now(of: Life) -> list[str]:
    return [each.what for each in of.now.entries if each.kind == "dose"]


def test_on_the_day_itself_there_is_no_verdict_that_the_next_morning_may_turn_round() -> None:
    tables = treated(CLEAR, [dose(1, 29), dose(30, **QOD)])
    today, tomorrow = life(29, **tables), life(30, **tables)
    found = entry(today, 29, "dose")
    assert (found.what, found.mark) == (NOT_YET, "")
    assert found.why == "Complete response: the dose is decreased progressively"
    assert now(today) == [NOT_YET]
    assert said(tomorrow, 29, "dose") == ["5 mg QD → 5 mg QOD: conforms"]
    assert now(tomorrow) == [f"5 mg QOD, begun on this day as decided on {on(29)}"]
    assert now(life(31, **tables)) == ["to keep 5 mg QOD: conforms"]


def test_a_dose_that_begins_on_the_day_is_judged_on_it_and_stays_so_judged() -> None:
    tables = treated(CLEAR, [dose(1, 28), dose(29, **QOD)])
    verdict = ["5 mg QD → 5 mg QOD: conforms"]
    assert now(life(29, **tables)) == verdict
    assert [said(life(at, **tables), 29, "dose") for at in (29, 30, 60)] == [verdict] * 3


def test_on_the_day_itself_what_cannot_be_known_is_told() -> None:
    tables = treated(CLEAR)
    tables["lb"] = []
    found = entry(life(29, **tables), 29, "dose")
    assert found.mark == "unknown"
    assert found.what == (
        "CANNOT ADVISE: 5 mg QD so far; what the protocol says of this day is not known"
    )
    assert [(each.name, each.problem) for each in found.inputs] == [("NEUT.GRADE", "missing")]


def test_the_doses_judged_by_a_day_are_those_that_the_review_of_that_day_judges() -> None:
    tables = treated({1: 10, 29: 0, 57: 0}, [dose(1, 29), dose(30, 56, **QOD), dose(57, mg=10)])
    for at in (1, 2, 28, 29, 30, 56, 57, 58):
        of, told_of = case(at, **tables), life(at, **tables)
        days = pl.DataFrame({"USUBJID": ["S01"] * 3, "DATE": [on(1), on(29), on(57)]})
        seen = days.filter(pl.col("DATE") <= on(at))
        judged = dict(doses(of.record, seen, at=on(at)).select("DATE", "VERDICT").iter_rows())
        told_verdicts = {
            day.on: each.what.partition(":")[0] if each.mark == "unknown" else each.what.split()[-1]
            for day in told_of.days
            for each in day.entries
            if each.kind == "dose" and "so far" not in each.what
        }
        assert told_verdicts == judged, at


LOW_AT_29 = "Grade 3 myelosuppression: neutrophils"


def after_low_counts(*doses: Cells, scores: dict[int, object] | None = None) -> Life:
    """Neutrophils of grade 3 on day 29, and normal again from day 43 on."""
    tables = treated(scores or {1: 10, 29: 6, 43: 6, 57: 6}, doses)
    days = [day for day in (scores or {1: 0, 43: 0, 57: 0}) if day != 29]
    tables["lb"] = [row for day in days for row in blood(day)] + blood(29, NEUT="0.9")
    return life(100, **tables)


@pytest.mark.requirement("P-36")
def test_after_a_reason_to_stop_every_dose_deviates_whatever_came_later() -> None:
    of = after_low_counts(dose(1, 49), dose(50, mg=10))
    assert said(of, 29, "dose") == ["5 mg QD kept: deviates"]
    assert entry(of, 29, "dose").why == LOW_AT_29
    for day, what in [(43, "5 mg QD kept"), (50, "5 mg QD → 10 mg QD"), (57, "10 mg QD kept")]:
        found = entry(of, day, "dose")
        assert (found.what, found.mark) == (f"{what}: deviates", "against")
        assert found.why == f"no drug after the reason to stop of {on(29)}: {LOW_AT_29}"
        assert [source.id for source in found.sources] == ["P-36"]


@pytest.mark.requirement("P-36")
def test_without_drug_after_a_reason_to_stop_is_as_the_protocol_asks() -> None:
    found = entry(after_low_counts(dose(1, 28)), 43, "dose")
    assert (found.what, found.why) == ("no drug: conforms", LOW_AT_29)


@pytest.mark.requirement("P-35", "P-36")
@pytest.mark.parametrize("score_then, verdict", [(8, "conforms"), (3, "deviates")])
def test_drug_is_taken_again_only_as_the_dosing_table_asks(score_then: int, verdict: str) -> None:
    """A relapse on day 57 asks for it; a score of 3 after one of 0 is none."""
    scores: dict[int, object] = {1: 20, 29: 0, 57: score_then, 71: score_then}
    of = after_low_counts(dose(1, 29), dose(57), scores=scores)
    assert said(of, 57, "dose") == [f"no drug → 5 mg QD: {verdict}"]
    assert said(of, 71, "dose") == [f"5 mg QD kept: {verdict}"]


def test_a_dose_that_cannot_be_judged_deviates_after_a_reason_to_stop_all_the_same() -> None:
    of = after_low_counts(dose(1, 49), {**dose(50), "EXDOSU": ""})
    assert said(of, 57, "dose") == ["5 QD kept: deviates"]
    assert said(of, 50, "dose") == ["5 mg QD → 5 QD: deviates"]


def test_on_the_day_of_a_reason_to_stop_a_dose_without_unit_is_not_known() -> None:
    of = after_low_counts({**dose(1), "EXDOSU": ""})
    assert said(of, 29, "dose")[0].startswith("CANNOT ADVISE: which dose was taken from here on")
    assert said(of, 43, "dose") == ["5 QD kept: deviates"]


def test_days_are_counted_from_the_first_dose() -> None:
    of = taken(CLEAR, dose(1, 28), dose(29, **QOD))
    assert (told(of, 29).study_day, told(of, 29).week) == (29, 4)
    assert told(of, 1).week == 0
    assert told(life(60, **{**treated(CLEAR), "qs": [score(-7, 9)]}), -7).study_day == -7


def test_at_a_first_dose_of_unknown_day_eligibility_is_told_for_its_days() -> None:
    tables = treated({1: 10, 29: 6}, [dose("2020-01", 28)])
    found = [
        (day.on, each.what)
        for day in life(60, **tables).days
        for each in day.entries
        if each.kind == "eligibility" and "first dose" in each.what
    ]
    assert [on_day for on_day, _ in found] == [date(2020, 1, 1)]
    assert found[0][1].startswith(
        "CANNOT ADVISE: first dose on a day from 2020-01-01 to 2020-01-31; eligibility waits for"
    )


def test_a_stop_on_one_of_two_values_of_a_day_names_its_row() -> None:
    tables = treated({1: 10, 29: 6})
    morning = [{**row, "LBDTC": f"{on(29)}T08:00"} for row in blood(29, NEUT="0.9")]
    tables["lb"] += morning[:1]
    found = entry(life(60, **tables), 29, "stopping")
    assert found.what == "stop: Grade 3 myelosuppression: neutrophils"
    assert [(each.name, each.value, each.rows) for each in found.inputs] == [
        ("NEUT.GRADE", 3, (("LB", 9),))
    ]


@pytest.mark.parametrize("written", ["2010-13-40", "yesterday", "2010-02"])
def test_a_day_that_is_none_is_answered_in_one_line(written: str) -> None:
    from typer.testing import CliRunner

    from pilotage.cli import app

    ended = CliRunner().invoke(app, ["explain", "lenalidomide_cle", "none", "S1", "--at", written])
    assert ended.exit_code == 1
    assert ended.output.strip() == (
        f"--at: '{written}' is no day; write year, month and day, as 2009-03-15"
    )
