"""Each kind of entry of a life: what it says, and what it says first where nobody knows."""

from dataclasses import replace
from datetime import date

import pytest
from explain_examples import (
    blood,
    built_in,
    dose,
    entry,
    life,
    on,
    review,
    said,
    score,
    snapshot,
    told,
    treated,
    visits,
)

from pilotage.explain import explain, why
from pilotage.explain.model import Part
from pilotage.study import Study
from pilotage.study.protocol import ProtocolVersion
from pilotage.study.versions import KeptVersion


def parts(found: tuple[Part, ...], mark: str) -> list[str]:
    return [part.what for part in found if part.mark == mark]


# -- before treatment ------------------------------------------------------------------------------


def test_consent_and_its_source() -> None:
    found = entry(life(60), "2019-12-23", "consent")
    assert found.what == "informed consent"
    assert found.rows == (("DM", 0),)
    assert [source.id for source in found.sources] == ["P-01", "P-17"]


def test_eligibility_that_is_not_known_says_so_first_and_what_is_wanted() -> None:
    found = entry(life(60, qs=[score(-14, 9)]), "2019-12-23", "eligibility")
    assert found.mark == "unknown"
    assert found.what.startswith("CANNOT ADVISE: eligibility waits for ")
    (age,) = [part for part in found.parts if part.what == "IN01 holds"]
    assert [(each.name, each.value) for each in age.inputs] == [("AGE", 44)]
    (platelets,) = [part for part in found.parts if part.what == "EX03A is not known"]
    assert [each.problem for each in platelets.inputs] == ["missing"]
    assert any(part.what.startswith("wanted, cheapest first: ") for part in found.parts)


def test_one_criterion_that_fails_settles_eligibility() -> None:
    found = entry(life(60, dm=[{"AGE": 17}], qs=[score(-14, 9)]), "2019-12-23", "eligibility")
    assert (found.what, found.mark) == ("not eligible: IN01", "against")
    assert found.parts[0].what == "IN01 does not hold"
    assert found.parts[0].why == "Aged over 18 years, read as 18 or older"
    assert [source.id for source in found.parts[0].sources] == ["P-10"]


def test_eligibility_is_not_asked_after_the_first_dose() -> None:
    assert said(life(60, **treated({1: 10, 29: 9})), 29, "eligibility") == []


@pytest.mark.requirement("P-17")
@pytest.mark.parametrize(
    "consent, what",
    [
        ("2019-12-24", "IN08 does not hold: informed consent is dated later (2019-12-24)"),
        ("2020-01", "IN08 does not hold: informed consent is dated later (2020-01)"),
        ("2019-12-23", "IN08 holds"),
        ("2019-12", "IN08 is not known"),  # it may be any day of the month
    ],
)
def test_before_a_later_consent_it_is_said_that_it_is_dated_later(consent: str, what: str) -> None:
    supplement = [{"RDOMAIN": "DM", "QNAM": "RFICWRIT", "QVAL": "Y"}]
    seen = [{"SVSTDTC": "2019-12-23", "VISITNUM": 0}]
    tables = {"dm": [{"RFICDTC": consent}], "suppdm": supplement, "sv": seen, "qs": []}
    found = entry(life(date(2019, 12, 23), **tables), "2019-12-23", "eligibility")
    (part,) = [each for each in found.parts if each.what.startswith("IN08")]
    assert part.what == what


@pytest.mark.parametrize("written", ["2020-02-24", "2020-02"])
def test_a_subject_who_left_is_told_with_the_date_as_it_was_recorded(written: str) -> None:
    ended = [{"DSDECOD": "DEATH", "DSSTDTC": written}]
    (now,) = life(60, **(dict(treated({1: 10, 29: 9})) | {"ds": ended})).now.entries
    assert now.what == f"left the trial on {written}; nothing is decided any more"


# -- visits and assessments ------------------------------------------------------------------------


def test_a_response_with_its_numbers_and_its_rule() -> None:
    found = entry(life(60, **treated({1: 10, 29: 4})), 29, "response")
    assert found.what == "Partial response (PR)"
    assert found.why.endswith("relative change of CLASI activity from baseline is at most -50 %")
    assert [(each.name, each.value) for each in found.inputs] == [
        ("CLASIACT", 4), ("CLASIACT.BASE", 10), ("CLASIACT.PCHG", -60),
    ]  # fmt: skip
    assert found.rows == (("QS", 2),)


def test_a_response_without_a_baseline_is_not_known() -> None:
    found = entry(life(60, **treated({29: 4})), 29, "response")
    assert found.what == "CANNOT ADVISE: response is not known"
    assert [(each.name, each.problem) for each in found.inputs] == [("CLASIACT.BASE", "missing")]


def test_a_relapse_is_told_with_the_value_that_makes_it() -> None:
    scores: dict[int, object] = {1: 10, 29: 0, 43: 3, 50: 4}
    of = life(60, **treated(scores, [dose(1, 28), dose(29, often="QOD")]))
    assert said(of, 43, "relapse") == []
    found = entry(of, 50, "relapse")
    assert (found.what, found.why) == ("relapse 1", "CLASI activity is at least 4 points")
    assert [each.value for each in found.inputs] == [4]


def test_visits_in_and_outside_their_windows() -> None:
    of = life(120, **treated({1: 10, 29: 9, 61: 9}))
    assert said(of, 29, "visit") == ["in its window"]
    late = entry(of, 61, "visit")
    assert late.what.startswith("1 day late (window ")
    assert late.mark == "against"


def test_a_visit_that_was_missed_stands_on_its_target() -> None:
    of = life(120, **treated({1: 10, 29: 9, 57: 9}))
    assert [what for what in said(of, 15, "contact") if "Week 2" in what] == [
        f"missed: Week 2 (window {on(12)} to {on(18)})"
    ]


def test_forms_without_data_are_named_at_their_visit() -> None:
    of = life(60, **treated({1: 10, 29: 9}))
    (part,) = entry(of, 29, "visit").parts
    assert part.what.startswith("no data of: ")


# -- reasons to stop, dispensing, activities, deviations -------------------------------------------


def test_a_reason_to_stop_on_a_day_without_a_visit() -> None:
    tables = treated({1: 10, 15: 9})
    of = life(60, **{**tables, "lb": [*tables["lb"], *blood(22, NEUT="0.99")]})
    found = entry(of, 22, "stopping")
    assert (found.what, found.mark) == ("stop: Grade 3 myelosuppression: neutrophils", "against")
    assert [(each.name, each.value) for each in found.inputs] == [("NEUT.GRADE", 3)]
    assert said(of, 22, "dose") == ["5 mg QD kept: deviates"]


def test_a_value_at_the_bound_is_no_reason_to_stop() -> None:
    tables = treated({1: 10, 15: 9})
    of = life(60, **{**tables, "lb": [*tables["lb"], *blood(22, NEUT="1.0")]})
    assert said(of, 22, "stopping") == []


def test_reasons_to_stop_that_nobody_asked_about_are_not_known() -> None:
    tables = treated({1: 10, 15: 9})
    tables["fa"] = [*review(1, without=["CONSWD"]), *review(15, without=["CONSWD"])]
    found = entry(life(60, **tables), 15, "stopping")
    assert found.what == "CANNOT ADVISE: 1 reason to stop cannot be judged"
    assert parts(found.parts, "unknown") == ["Withdrawal of consent"]


def test_a_known_reason_outweighs_what_is_not_known() -> None:
    tables = treated({1: 10, 15: 9})
    tables["fa"] = [*review(1), *review(15, without=["CONSWD"], PHYSSTOP="Y")]
    assert said(life(60, **tables), 15, "stopping") == ["stop: Physician's decision"]


def test_dispensing_is_blocked_while_childbearing_potential_is_open() -> None:
    tables = treated({1: 10, 15: 9})
    found = entry(life(60, dm=[{"SEX": "F"}], **tables), 15, "dispensing")
    assert found.what == "blocked: Childbearing potential is not recorded"
    assert found.mark == "against"
    assert said(life(60, **tables), 15, "dispensing") == ["nothing stands against dispensing"]


def test_a_form_that_is_asked_for_and_what_became_of_it() -> None:
    tables = treated({1: 10, 15: 9})
    tables["fa"] = [*review(1), *review(15, SYSEXAC="Y")]
    what = " ".join(said(life(60, **tables), 15, "activity"))
    assert "SLEDAI-2K is asked for" in what


def test_a_breach_of_the_protocol() -> None:
    tables = treated({1: 10, 15: 9})
    tables["fa"] = [*review(1), *review(15, BGCHANGE="Y")]
    found = entry(life(60, **tables), 15, "deviation")
    assert found.what == "No change of concomitant baseline medication is allowed"
    assert found.mark == "against"


def test_deviations_that_were_recorded() -> None:
    of = life(60, dv=[{"DVTERM": "Took twice the dose", "DVSTDTC": on(9)}], **treated({1: 10}))
    assert said(of, 9, "deviation") == ["recorded: Took twice the dose"]


# -- events and ends -------------------------------------------------------------------------------


def test_an_adverse_event_with_its_grade() -> None:
    event = {"AESTDTC": on(9), "AEENDTC": on(12), "AETOXGR": "2", "AESEV": "MODERATE",
             "AEOUT": "RECOVERED/RESOLVED"}  # fmt: skip
    found = entry(life(60, ae=[event], **treated({1: 10})), 9, "adverse event")
    assert found.what == "Nausea: moderate, grade 2, not serious"
    assert found.parts[0].what == f"ended {on(12)}; outcome: recovered"
    assert found.rows == (("AE", 1),)


def test_a_serious_event_is_marked_and_says_whether_it_was_reported() -> None:
    event = {"AESTDTC": on(9), "AESER": "Y", "AESHOSP": "Y"}
    found = entry(life(60, ae=[event], **treated({1: 10})), 9, "adverse event")
    assert found.what.endswith("serious (required or prolonged hospitalisation)")
    assert found.mark == "against"
    assert "report" in found.parts[0].what


def test_events_on_incomplete_dates_stand_apart_and_have_no_study_day() -> None:
    events = [{"AESTDTC": "2020-02"}, {"AESTDTC": "", "AETERM": "Itching"}]
    of = life(60, ae=events, **treated({1: 10}))
    assert said(of, "2020-02", "adverse event") == ["Nausea: mild, not serious"]
    assert (told(of, "2020-02").study_day, told(of, "2020-02").week) == (None, None)
    assert said(of, "without a date", "adverse event") == ["Itching: mild, not serious"]
    assert of.days[-1].on is None


def test_the_end_of_treatment_and_of_participation() -> None:
    ends = [
        {"DSDECOD": "LACK OF EFFICACY", "DSSCAT": "TREATMENT", "DSSTDTC": on(40), "DSTERM": ""},
        {
            "DSDECOD": "WITHDRAWAL OF CONSENT",
            "DSSCAT": "STUDY",
            "DSSTDTC": on(50),
            "DSTERM": "Moved",
        },
    ]
    of = life(60, ds=ends, **treated({1: 10}, [dose(1, 39)]))
    assert said(of, 40, "disposition") == ["end of treatment: lack of efficacy"]
    assert said(of, 50, "disposition") == ["end of participation: withdrawal of consent (Moved)"]
    assert of.now.entries[0].what == f"left the trial on {on(50)}; nothing is decided any more"


# -- the whole -------------------------------------------------------------------------------------


def test_a_snapshot_of_three_tables_is_told_and_says_what_was_not_collected() -> None:
    of = life(29, ex=[dose(1)], qs=[score(-7, 10), score(29, 0)])
    assert said(of, 29, "response") == ["Complete response (CR)"]
    assert of.not_collected[:4] == (
        "laboratory values", "adverse events", "dispositions", "visits",
    )  # fmt: skip


def test_a_subject_of_whom_nothing_is_known_yet() -> None:
    of = life(-60, **treated({1: 10}))
    assert of.story == ()
    assert [each.what for each in of.now.entries] == [
        "nothing is recorded on this day or before it"
    ]


def test_the_version_of_the_protocol_stands_on_each_day() -> None:
    assert {day.version for day in life(60, **treated({1: 10, 29: 9})).days} == {"1.0"}


def test_an_unknown_subject_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="S99"):
        explain(built_in(), snapshot(), "S99")


def test_visits_without_any_row_of_the_day_are_told() -> None:
    of = life(60, ex=[dose(1)], qs=[score(-7, 10)], sv=visits(-7, 1, 15))
    assert told(of, 15).title == "Week 2"


# -- versions of the protocol, and dates that are not complete -------------------------------------


def two_versions() -> Study:
    first, second = (
        ProtocolVersion(id=name, date=on(day), summary="")
        for name, day in (("1.0", 1), ("2.0", 40))
    )
    protocol = built_in().protocol.model_copy(update={"versions": (first, second)})
    return replace(built_in(), protocol=protocol)


def test_days_of_a_version_that_is_not_kept_say_so_and_nothing_else() -> None:
    of = explain(two_versions(), snapshot(**treated({-7: 9, 1: 10, 29: 9, 57: 9})), "S01", on(60))
    versions = {day.written: day.version for day in of.days}
    assert [versions[str(on(day))] for day in (-7, 1, 29, 57)] == [None, "1.0", "1.0", "2.0"]
    assert said(of, -7, "state") == [
        "CANNOT ADVISE: no version of the protocol was in force on this day"
    ]
    for day in (1, 29):
        assert said(of, day, "state") == [
            "CANNOT ADVISE: version 1.0 of the protocol is not kept in the study folder"
        ]
        assert said(of, day, "dose") == said(of, day, "stopping") == []
    assert said(of, 57, "dose")


def test_a_decision_under_a_version_that_is_not_kept_walks_no_table() -> None:
    found = why(two_versions(), snapshot(**treated({1: 10, 29: 9})), "S01", "dosing", on(29))
    assert found.mark == "unknown"
    assert found.answer.endswith("version 1.0 of the protocol is not kept in the study folder")
    assert found.steps == ()


def test_without_a_complete_day_of_the_first_dose_no_day_is_counted() -> None:
    tables = treated({1: 10, 29: 9}, [dose("2020-01")])
    tables["sv"] = [{"SVSTDTC": on(29), "VISITNUM": 3}]
    of = life(60, **tables)
    assert {(day.study_day, day.week) for day in of.days} == {(None, None)}
    assert said(of, 29, "visit") == ["planned; the day of the first dose is not known"]
    assert said(of, 29, "dose")[0].startswith("CANNOT ADVISE: which dose was taken from here on")


def test_a_form_that_an_amendment_dropped_is_named_by_its_own_version() -> None:
    """No chemistry at the visit of day 29, which version 1.0 planned."""
    study = two_versions()
    forms = {name: form for name, form in study.protocol.forms.items() if name != "chemistry"}
    visits = tuple(
        each.model_copy(update={"forms": tuple(n for n in each.forms if n != "chemistry")})
        for each in study.protocol.schedule.visits
    )
    schedule = study.protocol.schedule.model_copy(update={"visits": visits, "afterwards": None})
    protocol = study.protocol.model_copy(update={"forms": forms, "schedule": schedule})
    kept = {"1.0": KeptVersion(built_in().protocol, study.headings, {}, ())}
    amended = replace(study, protocol=protocol, kept=kept)
    tables = treated({1: 10, 29: 9})
    tables["sv"] = [{"SVSTDTC": on(1), "VISITNUM": 1}, {"SVSTDTC": on(29), "VISITNUM": 3}]
    of = explain(amended, snapshot(**tables), "S01", on(60))
    assert "Clinical chemistry" in str(entry(of, 29, "visit").parts)
