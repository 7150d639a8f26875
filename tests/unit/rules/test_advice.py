"""Advice about one subject on one day, and a dose that was entered beside it."""

from dataclasses import replace

import pytest
from record_examples import Cells, built_in, count, dose, fact, kept, on, score

from pilotage.rules import (
    UNKNOWN,
    Advice,
    Decision,
    DoseComparison,
    Record,
    advise,
    compare_dose,
    missing_tests,
)
from pilotage.rules.advice import names_another_dose
from pilotage.rules.advices import advices_on
from pilotage.study import Study

PROTOCOL = built_in().protocol
PROPOSING = PROTOCOL.model_copy(update={"dose_proposals": True})


def review(day: int, **answers: str) -> list[Cells]:
    """The reasons to stop, all of them answered."""
    usual = dict.fromkeys(("CONSWD", "LIFETHR", "FLAREALT", "PHYSSTOP"), "N")
    return [fact(code, answer, day) for code, answer in (usual | answers).items()]


def counts(day: int, **results: object) -> list[Cells]:
    usual = {"NEUT": 4, "WBC": 6, "PLAT": 250, "HGB": 130}
    units = {"HGB": "g/L"}
    limits = {"NEUT": "1.8", "WBC": "4", "PLAT": "150", "HGB": "120"}
    return [
        count(
            value, day, code, LBORRESU=units.get(code, "10*9/L"), LBORNRLO=limits[code], LBORNRHI=""
        )
        for code, value in (usual | results).items()
    ]


def not_bearing(day: int) -> list[Cells]:
    """Neither of childbearing potential nor lactating."""
    return [{"RPTESTCD": code, "RPORRES": "N", "RPDTC": day} for code in ("CHILDPOT", "LACTAT")]


def treated(
    *scores: tuple[int, int],
    of: Study | None = None,
    doses: list[Cells] | None = None,
    **more: list[Cells],
) -> Record:
    """A woman who cannot bear children, under 5 mg a day since day 1, seen on day 29."""
    rows = [score(12, 1), *(score(total, day) for day, total in scores)]
    tables: dict[str, list[Cells]] = {
        "ex": doses or [dose("5 mg QD", 1)],
        "qs": [*rows, score(4, 1, "SLEDAI", QSCAT="SLEDAI-2K")],
        "rp": not_bearing(1),
        "fa": review(29),
        "lb": counts(29),
    }
    return kept(of, **tables | more)


def compare(
    record: Record, entered: str, day: int = 29, *, protocol: object = PROTOCOL
) -> DoseComparison:
    return compare_dose(advise(record, "S1", on(day)), entered, protocol)  # type: ignore[arg-type]


# -- a dose that was entered -----------------------------------------------------------------------


@pytest.mark.requirement("P-31", "P-32", "P-33")
@pytest.mark.parametrize(
    "total, conforms, source",
    [(12, "10 mg QD", "P-31"), (6, "5 mg QD", "P-32"), (0, "5 mg QOD", "P-33")],
)
def test_a_dose_conforms_or_deviates(total: int, conforms: str, source: str) -> None:
    record = treated((29, total))
    for step in (s.step for s in PROTOCOL.treatment.ladder):
        found = compare(record, step)
        assert found.verdict == ("conforms" if step == conforms else "deviates"), step
        assert source in found.source


def test_no_dose_is_named_unless_the_study_proposes_doses() -> None:
    record = treated((29, 12))
    assert compare(record, "5 mg QD").expected is None
    assert compare(record, "5 mg QD", protocol=PROPOSING).expected == "10 mg QD"


def test_a_reason_that_names_a_dose_is_not_said_where_doses_are_not_proposed() -> None:
    record = treated((15, 12), fa=review(15), lb=counts(15))
    silent = compare(record, "10 mg QD", 15)
    assert (silent.verdict, silent.reason) == (
        "deviates", "the dosing rule of P-30 applies here, and it leads to another dose"
    )  # fmt: skip
    told = compare(record, "10 mg QD", 15, protocol=PROPOSING)
    assert (told.reason, told.expected) == ("5 mg/day for 4 weeks", "5 mg QD")


@pytest.mark.requirement("P-17")
@pytest.mark.parametrize("consent, passed", [(2, False), (1, True), ("2020-01", True)])
def test_consent_after_the_day_is_no_consent_on_it(consent: int | str, passed: bool) -> None:
    agreed = {"QNAM": "RFICWRIT", "QVAL": "Y"}
    of = kept(dm=[{"RFICDTC": consent}], suppdm=[agreed], ex=[dose("5 mg QD", 1)])
    one, several = advise(of, "S1", on(1)), advices_on(of, [("S1", on(1))], for_dose=True)
    for each in (one, *several):
        (found,) = [a for a in each.eligibility if a.criterion.id == "IN08"]
        assert (found.passed is not False) is passed
    said = compare_dose(one, "5 mg QD", PROTOCOL)
    assert ("not eligible (IN08)" in said.reason) is not passed


@pytest.mark.requirement("P-36")
@pytest.mark.parametrize("reason, action", [
    ("WITHDRAWAL BY SUBJECT", UNKNOWN), ("PHYSICIAN DECISION", "stop"), ("COMPLETED", "hold"),
])  # fmt: skip
def test_a_reason_to_end_treatment_that_is_no_code_of_the_study_is_not_no_reason(
    reason: str, action: str
) -> None:
    ended: list[Cells] = [{"DSDECOD": reason, "DSSTDTC": 15}]
    of = treated((15, 12), ds=ended, fa=review(15), lb=counts(15))
    assert advise(of, "S1", on(15)).dosing.action == action


def test_a_dose_that_conforms_is_told_its_reason_in_full() -> None:
    record = treated((15, 12), fa=review(15), lb=counts(15))
    found = compare(record, "5 mg QD", 15)
    assert (found.verdict, found.reason) == ("conforms", "5 mg/day for 4 weeks")


@pytest.mark.parametrize("given, reason", [
    ("5 mg QD", "5 mg/day for 4 weeks"),
    ("5 mg QOD", "not known whether the dosing rule of P-30 applies here"),
])  # fmt: skip
def test_a_rule_that_is_not_known_to_hold_names_no_dose_but_the_one_given(
    given: str, reason: str
) -> None:
    advice = advise(treated((15, 12), fa=review(15), lb=counts(15)), "S1", on(15))
    open_ = replace(advice.dosing, action=UNKNOWN, missing=("WEEK",))
    found = compare_dose(replace(advice, dosing=open_), given, PROTOCOL)
    assert (found.verdict, found.reason) == (UNKNOWN, reason)


@pytest.mark.requirement("P-13")
def test_a_criterion_that_failed_is_told_although_it_speaks_of_a_dose() -> None:
    advice = advise(treated(), "S1", on(1))
    failed = [replace(each, passed=each.criterion.id != "IN04") for each in advice.eligibility]
    found = compare_dose(replace(advice, eligibility=tuple(failed)), "5 mg QD", PROTOCOL)
    assert found.verdict == "deviates"
    assert found.reason.startswith("not eligible (IN04): Prednisone below 10 mg/day")


def test_a_reason_to_stop_is_told_although_it_speaks_of_a_dose() -> None:
    advice = advise(treated((29, 6)), "S1", on(29))
    stop = Decision("stop", "Prednisone of 10 mg or more", ("P-36",))
    found = compare_dose(replace(advice, stopping=[stop]), "5 mg QD", PROTOCOL)
    assert (found.verdict, found.reason) == ("deviates", "Prednisone of 10 mg or more")


@pytest.mark.parametrize(
    "words, entered, named",
    [
        ("5 mg/day for 4 weeks", "5 mg QD", False),
        ("5 mg a day", "5 mg QD", False),
        ("5 mg daily", "5 mg QD", False),
        ("5 mg/day for 4 weeks", "5 mg QOD", True),
        ("5 mg", "5 mg QOD", True),  # three steps have it
        ("5 mg QOD", "5 mg QOD", False),
        ("5 mg QOD", "5 mg QD", True),
        ("8 weeks of 10 mg/day", "10 mg QD", False),
        ("8 weeks of 10 mg/day", "5 mg QD", True),
        ("8 weeks of 10mg", "5 mg QD", True),
        ("2.5 mg, 15 mg, 110 mg", "5 mg QD", False),
        ("No clinical improvement", "5 mg QD", False),
        ("5 mg/day", "", True),
    ],
)
def test_words_that_name_another_dose(words: str, entered: str, named: bool) -> None:
    assert names_another_dose(words, entered, PROTOCOL.treatment) is named


def test_what_is_no_step_of_the_ladder_deviates() -> None:
    found = compare(treated((29, 12)), "7.5 mg QD")
    assert (found.verdict, found.reason) == (
        "deviates", "7.5 mg QD is no step of the dose ladder"
    )  # fmt: skip


@pytest.mark.parametrize(
    "scores, problem", [((), "missing"), (((20, 6),), "too old"), (((29, ""),), "no unit or value")]
)
def test_without_a_usable_score_no_dose_is_judged(
    scores: tuple[tuple[int, int], ...], problem: str
) -> None:
    found = compare(treated(*scores), "5 mg QD")
    assert (found.verdict, found.expected) == (UNKNOWN, None)
    (response,) = (each for each in found.missing if each.name == "RESPONSE")
    assert response.problem == ("too old" if not scores else problem)


@pytest.mark.requirement("P-36")
def test_a_reason_to_stop_comes_before_the_dosing_table() -> None:
    record = treated((29, 12), lb=counts(29, NEUT=0.9))
    assert compare(record, "stop").verdict == "conforms"
    found = compare(record, "10 mg QD")
    assert (found.verdict, found.source) == ("deviates", ("P-36",))
    assert found.reason == "Grade 3 myelosuppression: neutrophils"


@pytest.mark.requirement("P-36")
@pytest.mark.parametrize(
    "rows, name, problem",
    [
        (counts(29, NEUT=""), "NEUT.GRADE", "no unit or value"),
        ([{**row, "LBORRESU": ""} for row in counts(29)], "WBC.GRADE", "no unit or value"),
        (counts(-3), "HGB.GRADE", "too old"),
        ([], "PLAT.GRADE", "missing"),
    ],
)
def test_where_a_reason_to_stop_is_not_known_no_dose_is_judged(
    rows: list[Cells], name: str, problem: str
) -> None:
    advice = advise(treated((29, 12), lb=rows), "S1", on(29))
    assert compare_dose(advice, "10 mg QD", PROTOCOL).verdict == UNKNOWN
    assert advice.inputs[name].problem == problem
    assert {d.action for d in advice.stopping} == {UNKNOWN}


@pytest.mark.parametrize("entered", ["5 mg QD", "stop"])
def test_nobody_starts_whose_eligibility_is_not_known(entered: str) -> None:
    record = kept()
    found = compare(record, entered, 1)
    assert found.verdict == UNKNOWN
    assert {each.problem for each in found.missing} == {"missing"}


def test_nobody_starts_who_is_not_eligible() -> None:
    record = kept(dm=[{"AGE": 17}])
    assert compare(record, "5 mg QD", 1).verdict == "deviates"
    assert compare(record, "stop", 1).verdict == "conforms"
    assert compare(record, "5 mg QD", 1).reason.startswith("not eligible (IN01): ")


@pytest.mark.requirement("P-35")
def test_a_step_that_held_and_is_not_named_is_read_from_the_doses() -> None:
    rows = PROTOCOL.dosing.rows
    unnamed = tuple(r.model_copy(update={"to": None}) if r.do == "maintain" else r for r in rows)
    table = PROTOCOL.dosing.model_copy(update={"rows": unnamed})
    study = replace(built_in(), protocol=PROTOCOL.model_copy(update={"dosing": table}))
    doses = [dose("5 mg QD", 1, 28), dose("5 mg QOD", 29, 56), dose("5 mg QD", 57, 112),
             dose("5 mg QOD", 113, 140), dose("5 mg TIW", 141)]  # fmt: skip
    scores = ((29, 0), (57, 4), (113, 0), (141, 0), (169, 5))
    seen = {"fa": review(169), "lb": counts(169), "rp": not_bearing(169)}
    record = treated(*scores, of=study, doses=doses, **seen)
    advice = advise(record, "S1", on(169))
    assert (advice.dosing.action, advice.held) == ("maintain", "5 mg QOD")
    assert compare_dose(advice, "5 mg QOD", study.protocol).verdict == "conforms"


# -- advice ----------------------------------------------------------------------------------------


def advice_on(day: int) -> Advice:
    return advise(treated((29, 0)), "S1", on(day))


def test_advice_answers_every_table_and_names_the_version() -> None:
    found = advice_on(29)
    assert (found.subject, found.on, found.version and found.version.id) == ("S1", on(29), "1.0")
    assert (found.dosing.action, found.dosing.to, found.phase, found.step) == (
        "lower", None, "treatment", "5 mg QD"
    )  # fmt: skip
    assert (list(found.stopping), list(found.dispensing)) == ([], [])
    assert len(found.eligibility) == 22


def test_every_name_of_an_answer_is_an_input_with_its_rows() -> None:
    found = advice_on(29)
    answers = [found.dosing, *found.stopping, *found.activities, *found.deviations]
    for answer in answers:
        assert set(answer.inputs) | set(answer.missing) <= set(found.inputs)
        for name, value in answer.inputs.items():
            given = found.inputs[name]
            assert given.value == value
            assert (given.rows != ()) or given.value in (None, 0), name


def test_before_the_first_version_there_is_no_version() -> None:
    assert advise(kept(), "S1", on("2001-01-01")).version is None


def test_the_record_of_one_subject_gives_the_same_advice() -> None:
    record = kept(
        dm=[{"USUBJID": "S1"}, {"USUBJID": "S2", "AGE": 17}],
        ex=[dose("5 mg QD", 1), dose("5 mg QD", 5, EXSEQ=2, USUBJID="S2")],
    )
    assert advise(record, "S1", on(9)) == advise(record.only(["S1"]), "S1", on(9))
    with pytest.raises(KeyError):
        advise(record, "S3", on(9))


# -- what eligibility waits for --------------------------------------------------------------------


def test_the_cheapest_missing_test_comes_first() -> None:
    waiting = missing_tests(advise(kept(), "S1", on(-10)))
    costs = [test.cost for test in waiting]
    assert costs == sorted(costs)
    assert (waiting[0].cost, waiting[-1].cost) == (1, 5)
    assert (waiting[-1].input.name, waiting[-1].criteria) == ("diagnosis.histology", ("IN02",))
    assert "AGE" not in {test.input.name for test in waiting}


def test_nothing_is_waited_for_once_a_criterion_keeps_the_subject_out() -> None:
    assert missing_tests(advise(kept(dm=[{"AGE": 17}]), "S1", on(-10))) == ()
