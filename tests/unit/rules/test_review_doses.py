"""Doses, stops and supplies beside the protocol."""

import polars as pl
import pytest
from calendar_examples import Cells, count, on, pregnancy_test, visit
from review_examples import counts, no_reason_to_stop, reviewed, skin, systemic, verdict_at

SEEN = [visit(0, -21), visit(1, 1)]


# -- doses -----------------------------------------------------------------------------------------


@pytest.mark.requirement("P-30", "P-31", "P-32", "P-33")
@pytest.mark.parametrize(
    "score, dose, verdict",
    [
        (20, 10, "conforms"),  # no improvement: raised
        (20, 5, "deviates"),
        (10, 5, "conforms"),  # one half: kept
        (10, 10, "deviates"),
        (15, 5, "conforms"),  # below one half: kept
        (0, 5, "deviates"),  # complete: lowered
    ],
)
def test_a_dose_at_week_4_is_held_against_the_response(score: int, dose: int, verdict: str) -> None:
    later = [{"EXENDTC": on(29)}, {"EXSTDTC": on(30), "EXDOSE": dose}] if dose != 5 else [{}]
    found = reviewed(
        40, sv=[*SEEN, visit(3, 29)], ex=later, qs=[*skin(B=20, D29=score), *systemic(-1, 29)],
        lb=counts(-1, 29), fa=no_reason_to_stop(1, 29),
    )  # fmt: skip
    step = {5: "5 mg QD", 10: "10 mg QD"}[dose]
    assert verdict_at(found, 29) == ("visit", step, verdict)
    off = found.dv.filter(pl.col("DVDECOD") == "DOSE NOT AS PLANNED")
    assert off.filter(pl.col("DVSTDTC") == str(on(29))).height == (verdict == "deviates")


def test_a_change_of_dose_apart_from_visits_is_judged_on_its_day() -> None:
    doses = [{"EXENDTC": on(14)}, {"EXSTDTC": on(15), "EXDOSE": 10}]
    found = reviewed(20, sv=SEEN, ex=doses, qs=[*skin(B=20), *systemic(-1)], lb=counts(-1, 14),
                     fa=no_reason_to_stop(1))  # fmt: skip
    assert verdict_at(found, 15)[:2] == ("change of dose", "10 mg QD")
    assert [row["DATE"] for row in found.doses.to_dicts()].count(on(14)) == 0


@pytest.mark.parametrize(
    "qs, expected",
    [
        (
            skin(B=20),
            "Response at the last assessment: too old (20 points of 2020-01-21, 29 days old; "
            "at most 7 days)",
        ),  # the only score is 30 days old
        ([], "Response at the last assessment: not recorded"),
    ],
)
def test_without_a_score_of_the_visit_there_is_no_advice_and_it_says_what_is_missing(
    qs: list[Cells], expected: str
) -> None:
    found = reviewed(40, sv=[*SEEN, visit(3, 29)], qs=[*qs, *systemic(-1)], lb=counts(-1, 29),
                     fa=no_reason_to_stop(29))  # fmt: skip
    (row,) = found.doses.filter(pl.col("DATE") == on(29)).to_dicts()
    assert row["VERDICT"] == "CANNOT ADVISE"
    assert row["MISSING"] == expected
    assert row["REASON"].startswith("not known whether this holds: ")
    assert row["EXPECTED"] is None
    assert found.dv.filter(pl.col("DVDECOD") == "DOSE NOT AS PLANNED").is_empty()


def test_what_a_visit_on_the_day_of_the_question_decided_is_not_known_yet() -> None:
    made = {"sv": [*SEEN, visit(3, 29)], "qs": [*skin(B=20, D29=20), *systemic(-1, 29)],
            "lb": counts(-1, 29), "fa": no_reason_to_stop(29)}  # fmt: skip
    assert reviewed(29, **made).doses.filter(pl.col("DATE") == on(29)).is_empty()
    assert verdict_at(reviewed(30, **made), 29)[2] == "deviates"


def test_a_dose_without_a_unit_is_not_judged() -> None:
    found = reviewed(40, sv=[*SEEN, visit(3, 29)], ex=[{"EXDOSU": ""}], qs=[*skin(B=20, D29=10)])
    assert found.doses.select("VERDICT", "REASON").unique().rows() == [
        ("CANNOT ADVISE", f"the unit of the dose of {on(1)} is missing")
    ]
    later = [{"EXENDTC": on(29)}, {"EXSTDTC": on(30), "EXDOSU": "", "EXDOSFRQ": "QOD"}]
    two = reviewed(40, sv=[*SEEN, visit(3, 29)], ex=later, qs=[*skin(B=20, D29=10)])
    (row,) = two.doses.filter(pl.col("DATE") == on(29)).to_dicts()
    assert row["REASON"] == f"the unit of the dose of {on(30)} is missing"


def test_a_subject_without_drug_needs_no_answer_about_stopping() -> None:
    """Withdrawn after a complete response: the reasons to stop are not asked any more."""
    doses = [{"EXENDTC": on(57)}]
    scores = skin(B=20, D29=0, D57=0, D169=0)
    found = reviewed(180, sv=[*SEEN, visit(5, 57), visit(9, 169)], ex=doses, qs=scores)
    assert verdict_at(found, 169) == ("visit", "stop", "conforms")


def test_no_word_of_a_review_proposes_a_dose() -> None:
    found = reviewed(
        40, sv=[*SEEN, visit(3, 29)], qs=[*skin(B=20, D29=20), *systemic(-1, 29)],
        lb=counts(-1, 29), fa=no_reason_to_stop(29),
    )  # fmt: skip
    (row,) = found.doses.filter(pl.col("DATE") == on(29)).to_dicts()
    assert (row["VERDICT"], row["EXPECTED"]) == ("deviates", None)
    assert "10 mg" not in row["REASON"]


# -- reasons to stop -------------------------------------------------------------------------------


@pytest.mark.requirement("P-36")
@pytest.mark.parametrize(
    "last, went_on",
    [("", "Y"), (on(60), "Y"), (on(30), "Y"), (on(29), "N"), (on(28), "N")],
)
def test_a_reason_to_stop_says_whether_treatment_went_on(last: object, went_on: str | None) -> None:
    found = reviewed(90, sv=SEEN, ex=[{"EXENDTC": last}], lb=[count(29, LBORRES="0.9")])
    rows = found.stops.to_dicts()
    assert [row["WENTON"] for row in rows] == [went_on]
    assert rows[0]["REASON"] == "Grade 3 myelosuppression: neutrophils"
    off = found.dv.filter(pl.col("DVDECOD") == "TREATMENT NOT STOPPED")
    assert off.height == (went_on == "Y")


@pytest.mark.requirement("P-36")
@pytest.mark.parametrize(
    "doses, told",
    [
        ([{"EXENDTC": on(60)}], f"dose 5 mg QD on {on(29)}"),
        (
            [{"EXENDTC": on(40)}, {"EXDOSE": 10, "EXSTDTC": on(41), "EXENDTC": on(60)}],
            f"dose 5 mg QD on {on(29)}, 10 mg QD on {on(41)}",
        ),
    ],
)
def test_treatment_after_a_reason_to_stop_is_one_deviation_that_names_the_doses(
    doses: list[Cells], told: str
) -> None:
    found = reviewed(90, sv=[*SEEN, visit(3, 29)], ex=doses, lb=[count(29, LBORRES="0.9")])
    treatment = found.dv.filter(pl.col("DVCAT") == "TREATMENT").select("DVDECOD", "DVTERM").rows()
    words = "Treatment went on after a reason to stop: Grade 3 myelosuppression: neutrophils"
    assert treatment == [("TREATMENT NOT STOPPED", f"{words} ({told})")]


def test_a_dose_that_was_off_protocol_before_the_reason_to_stop_is_another_deviation() -> None:
    """10 mg a day from day 15 on is not what the protocol says, and went on after day 29."""
    doses = [{"EXENDTC": on(14)}, {"EXDOSE": 10, "EXSTDTC": on(15), "EXENDTC": on(60)}]
    found = reviewed(
        90, sv=[*SEEN, visit(2, 15), visit(3, 29)], ex=doses, qs=skin(B=20, D15=20),
        lb=[*counts(-1, 15), count(29, LBORRES="0.9")], fa=no_reason_to_stop(15),
        rp=[{"RPTESTCD": c, "RPORRES": "N", "RPDTC": on(15)} for c in ("CHILDPOT", "LACTAT")],
    )  # fmt: skip
    treatment = found.dv.filter(pl.col("DVCAT") == "TREATMENT").select("DVDECOD", "DVSTDTC").rows()
    assert treatment == [
        ("DOSE NOT AS PLANNED", str(on(15))), ("TREATMENT NOT STOPPED", str(on(29))),
    ]  # fmt: skip


@pytest.mark.requirement("P-36")
@pytest.mark.parametrize("value, stops", [("1.0", 0), ("0.99", 1)])
def test_grade_3_begins_below_one(value: str, stops: int) -> None:
    found = reviewed(90, sv=SEEN, ex=[{"EXENDTC": on(60)}], lb=[count(29, LBORRES=value)])
    assert found.stops.height == stops


def test_what_happened_after_the_day_of_the_reason_is_not_known_on_that_day() -> None:
    found = reviewed(29, sv=SEEN, lb=[count(29, LBORRES="0.9")])
    assert found.stops["WENTON"].to_list() == [None]


# -- supplies --------------------------------------------------------------------------------------

CAN_BEAR = [
    {"RPTESTCD": code, "RPORRES": value, "RPDTC": on(-21)}
    for code, value in (("CHILDPOT", "Y"), ("LACTAT", "N"), ("CONTRADQ", "Y"))
]


@pytest.mark.requirement("P-20")
@pytest.mark.parametrize(
    "tests, verdict",
    [
        ([pregnancy_test(57)], "conforms"),
        ([pregnancy_test(29)], "conforms"),  # 28 days old
        ([pregnancy_test(28)], "deviates"),  # 29 days old
        ([], "deviates"),
        ([{**pregnancy_test(57), "LBORRES": "POSITIVE"}], "deviates"),
        ([{**pregnancy_test(57), "LBORRES": "INVALID"}], "deviates"),
    ],
)
def test_a_supply_needs_a_valid_pregnancy_test(tests: list[Cells], verdict: str) -> None:
    found = reviewed(60, sv=SEEN, rp=CAN_BEAR, lb=tests, da=[{"DADTC": on(57)}])
    assert found.supplies["VERDICT"].to_list() == [verdict]
    off = found.dv.filter(pl.col("DVDECOD") == "SUPPLY NOT AS PLANNED")
    assert off.height == (verdict == "deviates")


def test_returned_capsules_are_no_supply() -> None:
    found = reviewed(60, sv=SEEN, da=[{"DADTC": on(57), "DATESTCD": "RETAMT"}])
    assert found.supplies.is_empty()


@pytest.mark.requirement("P-20", "P-35")
def test_a_relapse_without_drug_waits_until_a_supply_is_allowed() -> None:
    """The dosing table reintroduces; without a valid pregnancy test nothing may be handed out."""
    scores = skin(B=20, D29=0, D85=8)
    made = {"sv": [*SEEN, visit(3, 29), visit(6, 85)], "ex": [{"EXENDTC": on(30)}], "qs": scores}
    lasting = [{**row, "RPDTC": on(84)} for row in CAN_BEAR]
    blocked = reviewed(90, rp=lasting, **made)
    assert verdict_at(blocked, 85) == ("visit", "stop", "conforms")
    free = reviewed(90, rp=[{"RPTESTCD": c, "RPORRES": "N", "RPDTC": on(84)}
                            for c in ("CHILDPOT", "LACTAT")], **made)  # fmt: skip
    assert verdict_at(free, 85)[2] != "conforms"


# -- why nothing can be advised --------------------------------------------------------------------


def test_a_dose_without_a_frequency_is_not_judged_and_later_days_say_which_row_it_was() -> None:
    doses = [{"EXDOSFRQ": "", "EXENDTC": on(29)}, {"EXSTDTC": on(30)}]
    found = reviewed(
        50, sv=[*SEEN, visit(3, 29), visit(4, 43)], ex=doses, lb=counts(-1, 29, 43),
        qs=[*skin(B=20, D29=10, D43=10), *systemic(-1, 29, 43)], fa=no_reason_to_stop(29, 43),
    )  # fmt: skip
    rows = {row["DATE"]: row for row in found.doses.to_dicts()}
    missing = f"how often the dose of {on(1)} was taken is missing"
    assert (rows[on(1)]["VERDICT"], rows[on(1)]["REASON"]) == ("CANNOT ADVISE", missing)
    assert rows[on(1)]["ENTERED"] == "5 mg"
    assert rows[on(43)]["VERDICT"] == "CANNOT ADVISE"
    assert rows[on(43)]["MISSING"] == f"Phase of treatment: not known, because {missing} (EX 1)"


@pytest.mark.parametrize(
    "first, because",
    [
        ({"EXDOSU": ""}, f"the unit of the dose of {on(1)} is missing (EX 1)"),
        ({"EXSTDTC": "2020-01"}, "the first day of the dose of 2020-01 is not complete (EX 1)"),
        ({"EXSTDTC": ""}, "the first day of a dose is missing (EX 1)"),
        ({"EXSTDTC": "", "EXDOSE": ""}, "the dose and its first day are missing (EX 1)"),
        (
            {"EXENDTC": "2020-02"},
            f"the last day of the dose of {on(1)} is not complete (2020-02) (EX 1)",
        ),
        ({"EXENDTC": on(40)}, "the doses EX 1 and EX 2 overlap"),
    ],
)
def test_a_phase_that_is_not_known_names_the_dose_that_leaves_it_open(
    first: Cells, because: str
) -> None:
    doses = [{"EXENDTC": on(29), **first}, {"EXSTDTC": on(30), "EXDOSFRQ": "QOD"}]
    found = reviewed(
        50, sv=[*SEEN, visit(3, 29), visit(4, 43)], ex=doses, lb=counts(-1, 29, 43),
        qs=[*skin(B=20, D29=10, D43=10), *systemic(-1, 29, 43)], fa=no_reason_to_stop(29, 43),
    )  # fmt: skip
    (row,) = found.doses.filter(pl.col("DATE") == on(43)).to_dicts()
    assert row["MISSING"] == f"Phase of treatment: not known, because {because}"


def test_a_response_without_a_baseline_says_so() -> None:
    found = reviewed(40, sv=[*SEEN, visit(3, 29)], qs=[*skin(D29=10), *systemic(-1, 29)],
                     lb=counts(-1, 29), fa=no_reason_to_stop(29))  # fmt: skip
    (row,) = found.doses.filter(pl.col("DATE") == on(29)).to_dicts()
    assert row["MISSING"] == (
        "Response at the last assessment: not known, because CLASI activity at baseline is not "
        "known: not recorded"
    )


def test_a_dose_that_is_no_step_is_named_as_it_was_recorded() -> None:
    found = reviewed(20, sv=SEEN, ex=[{"EXDOSE": 7.5}], qs=skin(B=20))
    (row,) = found.doses.filter(pl.col("DATE") == on(1)).to_dicts()
    assert (row["ENTERED"], row["VERDICT"]) == ("7.5 mg QD", "deviates")
    assert row["REASON"] == "7.5 mg QD is no step of the dose ladder"


def test_no_code_of_the_study_stands_in_what_is_missing() -> None:
    """Labels, where the study has them; and those with the same problem together."""
    found = reviewed(40, sv=[*SEEN, visit(3, 29)], qs=[*skin(B=20, D29=10), *systemic(-1, 29)])
    (row,) = found.doses.filter(pl.col("DATE") == on(29)).to_dicts()
    assert row["REASON"].startswith(f"not known whether this holds: {'Grade 3 myelosuppression'}")
    assert row["MISSING"].startswith("toxicity grade of Neutrophils, toxicity grade of Leukocytes")
    assert "GRADE" not in row["MISSING"]
    assert row["MISSING"].count("not recorded") == 1
    supplied = reviewed(60, sv=SEEN, rp=CAN_BEAR[:1], lb=[{**pregnancy_test(57), "LBDTC": "2020"}],
                        da=[{"DADTC": on(57)}])  # fmt: skip
    for row in (*supplied.stops_unknown.to_dicts(), *supplied.supplies.to_dicts()):
        assert "." not in (row["MISSING"] or "").replace("10*9/L", "")
