"""What is known of a value on a day: which record counts, how old it may be, and what cannot be
used."""

from datetime import date

import polars as pl
import pytest
from record_examples import Cells, built_in, count, dose, fact, kept, known, on, score, value

from pilotage.rules import Record, maximum_age, names_of_tables, states
from pilotage.study import Study, load_study
from pilotage.study.new import TEMPLATE


def changed(**parameters: object) -> Study:
    """The built-in study with another maximum age of parameters."""
    protocol = built_in().protocol
    new = {
        code: protocol.parameters[code].model_copy(update={"max_age_days": age})
        for code, age in parameters.items()
    }
    update = {"parameters": {**protocol.parameters, **new}}
    from dataclasses import replace

    return replace(built_in(), protocol=protocol.model_copy(update=update))


# -- which record counts ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "day, expected", [(-11, None), (-10, 3.0), (4, 3.0), (5, 2.0), (9, 2.0), (10, 4.0)]
)
def test_the_last_record_on_or_before_the_day_counts(day: int, expected: float | None) -> None:
    of = kept(lb=[count(4, 10), count(3, -10), count(2, 5)])
    assert value(of, "NEUT", day) == expected


@pytest.mark.parametrize(
    "rows",
    [
        [count(3, "2020-02-01T15:00"), count(4, "2020-02-01T09:00")],
        [count(4, "2020-02-01T15:00"), count(3, "2020-02-01T16:30")],
        [count("", "2020-02-01T09:00"), count(3, "2020-02-01T15:00")],  # the first was lost
        [count(3, "2020-02-01"), count("3.0", "2020-02-01")],
        [count(3, "2020-02-01"), count("3000", "2020-02-01T09:00", LBORRESU="/uL")],
    ],
)
def test_of_one_day_the_later_time_counts(rows: list[Cells]) -> None:
    assert value(kept(lb=rows), "NEUT", "2020-02-01") == 3


@pytest.mark.parametrize(
    "rows",
    [
        [count(4, "2020-02-01"), count(3, "2020-02-01")],
        [count(4, "2020-02-01"), count(3, "2020-02-01T09:00")],
        [count(4, "2020-02-01T09:00"), count(3, "2020-02-01")],
        [count(4, "2020-02-01T09:00"), count(3, "2020-02-01T09:00")],
        [count(5, "2020-02-01T07:00"), count(4, "2020-02-01"), count(3, "2020-02-01T09:00")],
    ],
)
def test_which_of_two_values_of_one_day_is_the_last_is_never_guessed(rows: list[Cells]) -> None:
    of = kept(lb=[count(2, "2020-01-25"), *rows])
    found = known(of, "NEUT", "2020-02-03")
    assert (found.value, found.problem) == (None, "values differ")
    assert found.recorded is not None
    assert sorted(found.recorded.split(" and ")) == [
        "3 10*9/L of 2020-02-01, 2 days old", "4 10*9/L of 2020-02-01, 2 days old"
    ]  # fmt: skip
    assert len(found.rows) == 2
    assert value(of, "NEUT", "2020-01-31") == 2
    assert value(of, "NEUT.AGE_DAYS", "2020-02-03") == 2
    assert known(of, "NEUT", "2020-03-03").problem == "too old"


def test_values_of_one_day_with_the_same_grade_leave_no_doubt_about_it() -> None:
    of = kept(lb=[count("1.4", "2020-02-01"), count("1.2", "2020-02-01")])
    assert value(of, "NEUT", "2020-02-01") is None
    assert value(of, "NEUT.GRADE", "2020-02-01") == 2


@pytest.mark.parametrize(
    "totals, response, relapse",
    [((5, 0), None, None), ((4, 6), "PR", "yes"), ((3, 2), "PR", "no"), ((0, 0), "CR", "no")],
)
def test_assessments_of_one_day_that_count_as_different_things_are_not_known(
    totals: tuple[int, int], response: str | None, relapse: str | None
) -> None:
    scores = [score(12, 1), score(0, 8), *(score(total, 15) for total in totals)]
    of = kept(ex=[dose("5 mg QD", 1)], qs=scores)
    assert (value(of, "RESPONSE", 15), value(of, "RELAPSE", 15)) == (response, relapse)
    at_times = [score(5, "2020-02-05T08:00"), score(0, "2020-02-05T15:00")]
    timed = kept(ex=[dose("5 mg QD", 1)], qs=[score(12, 1), score(0, 8), *at_times])
    assert (value(timed, "RESPONSE", 15), value(timed, "RELAPSE", 15)) == ("CR", "no")


def test_a_test_that_was_not_done_is_no_record() -> None:
    of = kept(lb=[count(3, 5), count("", 9, LBSTAT="NOT DONE")])
    assert value(of, "NEUT", 10) == 3
    asked = fact("HISTOL", "Y", 5), fact("HISTOL", "", 9)
    not_asked = {**asked[1], "FASTAT": "NOT DONE"}
    assert value(kept(fa=asked), "diagnosis.histology", 10) is None
    assert value(kept(fa=[asked[0], not_asked]), "diagnosis.histology", 10) == "yes"


def test_an_older_value_does_not_stand_in_for_one_that_cannot_be_used() -> None:
    of = kept(lb=[count(3, 5), count(0.9, 9, LBORRESU="")])
    found = known(of, "NEUT", 10)
    assert (value(of, "NEUT", 10), found.problem) == (None, "no unit or value")
    assert found.recorded == "0.9 of 2020-01-30, 1 day old"
    assert value(of, "NEUT", 8) == 3


# -- age -------------------------------------------------------------------------------------------


@pytest.mark.requirement("P-22")
@pytest.mark.parametrize("name", ["NEUT", "NEUT.CHG", "NEUT.PCHG", "NEUT.GRADE"])
def test_a_count_is_known_for_30_days(name: str) -> None:
    of = kept(ex=[dose("5 mg QD", 1)], lb=[count(3, 1), count(2, 10)])
    assert value(of, name, 40) is not None
    assert value(of, name, 41) is None
    found = known(of, name, 41)
    assert (found.problem, found.age_days, found.max_age_days) == ("too old", 31, 30)
    assert found.recorded == "2 10*9/L of 2020-01-31, 31 days old"


def test_baseline_and_the_age_of_a_value_do_not_age() -> None:
    of = kept(ex=[dose("5 mg QD", 1)], lb=[count(3, 1), count(2, 10)])
    assert value(of, "NEUT.BASE", 400) == 3
    assert value(of, "NEUT.AGE_DAYS", 400) == 390


@pytest.mark.parametrize("name", ["NEUT", "NEUT.GRADE"])
def test_a_parameter_without_a_maximum_age_is_unknown_to_decisions(name: str) -> None:
    of = kept(changed(NEUT="not stated"), lb=[count(3, 5)])
    assert value(of, name, 5) is None
    assert known(of, name, 5).problem == "no maximum age"
    assert value(of, "NEUT.AGE_DAYS", 5) == 0


def test_an_item_without_a_maximum_age_is_unknown_to_decisions_only() -> None:
    of = kept(fa=[fact("PHOTOSEN", "Y", 1)])
    assert value(of, "diagnosis.photosensitivity", 1) is None
    assert known(of, "diagnosis.photosensitivity", 1).problem == "no maximum age"
    frame = pl.DataFrame({"USUBJID": ["S1"], "DATE": [on(900)]})
    raw = states(of, frame, ["diagnosis.photosensitivity"], aged=False)
    assert raw.item(0, "diagnosis.photosensitivity") == "yes"


@pytest.mark.parametrize("name", ["lenalidomide_cle", str(TEMPLATE)])
def test_every_name_that_a_table_uses_has_a_maximum_age_or_needs_none(name: str) -> None:
    protocol = load_study(name).protocol
    asked = names_of_tables(protocol)
    assert [each for each in asked if maximum_age(each, protocol) == "not stated"] == []


@pytest.mark.parametrize(
    "name, days",
    [
        ("NEUT", 30), ("NEUT.GRADE", 30), ("NEUT.BASE", "none needed"),
        ("RESPONSE", 7), ("RELAPSE", 7), ("BEST_RESPONSE", "none needed"), ("PHASE", "none needed"),
        ("clasi.eryface", 7), ("clasi.clasidam", 100), ("haematology.neutrophils", 30),
        ("diagnosis.histology", 3650), ("diagnosis.photosensitivity", "not stated"),
        ("pregnancy_test.tested", "none needed"), ("PREG_TEST_DAYS", "none needed"),
    ],
)  # fmt: skip
def test_how_old_each_kind_of_name_may_be(name: str, days: object) -> None:
    assert maximum_age(name, built_in().protocol) == days


# -- what is written, and what it means ------------------------------------------------------------


@pytest.mark.parametrize(
    "cells, expected",
    [
        ({"LBORRES": "1500", "LBORRESU": "/mm3"}, 1.5),
        ({"LBORRES": "1.190", "LBORRESU": "/mm3"}, None),
        ({"LBORRES": "1.190", "LBORRESU": "10*9/L"}, 1.19),
        ({"LBORRES": "<0.5"}, None),
        ({"LBORRES": "haemolysed"}, None),
        ({"LBORRES": ""}, None),
    ],
)
def test_a_count_that_is_no_plain_number_is_unknown(
    cells: dict[str, object], expected: float | None
) -> None:
    of = kept(lb=[count(3, 1), {**count("", 5), **cells}])
    assert value(of, "NEUT", 5) == expected
    assert value(of, "haematology.neutrophils", 5) == expected


@pytest.mark.parametrize(
    "unit, expected", [("kg", 61.0), ("", None), ("g", 0.061), ("cm", None), ("stone", None)]
)
def test_where_a_site_chooses_the_unit_it_has_to_say_which(
    unit: str, expected: float | None
) -> None:
    of = kept(vs=[{"VSORRES": "61", "VSORRESU": unit, "VSDTC": 5}])
    frame = pl.DataFrame({"USUBJID": ["S1"], "DATE": [on(5)]})
    found = states(of, frame, ["vital_signs.weight"], aged=False).item(0, 2)
    assert found == (pytest.approx(expected) if expected else None)


def test_a_form_that_prints_its_unit_is_read_in_it() -> None:
    rows = [{"CMCAT": "BACKGROUND", "CMTRT": "PREDNISONE", "CMDOSE": "7.5", "CMDTC": 1}]
    assert value(kept(cm=rows), "background_therapy.prednisone_dose", 1) == 7.5
    in_grams = [{**rows[0], "CMDOSE": "0.0075", "CMDOSU": "g"}]
    found = value(kept(cm=in_grams), "background_therapy.prednisone_dose", 1)
    assert found == pytest.approx(7.5)
    odd = [{**rows[0], "CMDOSU": "tablets"}]
    assert value(kept(cm=odd), "background_therapy.prednisone_dose", 1) is None


@pytest.mark.parametrize("answer, expected", [("Y", "yes"), ("N", "no"), ("U", None), ("y", None)])
def test_yes_and_no(answer: str, expected: str | None) -> None:
    of = kept(fa=[fact("HISTOL", answer, 1)])
    assert value(of, "diagnosis.histology", 1) == expected


@pytest.mark.parametrize("answer, expected", [("POSITIVE", "POSITIVE"), ("positive", None)])
def test_a_choice_that_the_study_does_not_have_is_unknown(
    answer: str, expected: str | None
) -> None:
    of = kept(lb=[count(answer, 1, "HCG", LBTPT="REGULAR", LBORRESU="")])
    assert value(of, "pregnancy_test.result", 1) == expected


def test_open_items_leave_a_score_unknown() -> None:
    of = kept(qs=[score(0, 5), score(1, 9, "ERYFACE")])
    assert (value(of, "CLASIACT", 8), value(of, "CLASIACT", 9)) == (0, None)
    found = known(of, "CLASIACT", 9)
    assert (found.problem, found.rows) == ("no unit or value", (("QS", 2),))
    assert str(found.recorded).startswith("items are open")
    assert value(of, "clasi.eryface", 9) == 1


# -- dates -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written, day, problem",
    [
        ("2019", "2020-02-01", None),  # somewhere in 2019: young enough for a fact of the history
        ("2020-02", "2020-02-15", "date incomplete"),  # it may lie after the day
        ("2020-02", "2020-02-29", None),
        ("2010", "2020-02-15", "date incomplete"),  # it may be too old
        ("2008", "2020-02-15", "too old"),
        ("", "2020-02-15", "date incomplete"),
    ],
)
def test_an_incomplete_date_must_not_decide(written: str, day: str, problem: str | None) -> None:
    of = kept(fa=[fact("HISTOL", "Y", written)])
    assert known(of, "diagnosis.histology", day).problem == problem
    assert (value(of, "diagnosis.histology", day) is None) is (problem is not None)


@pytest.mark.parametrize(
    "day, expected", [("2020-01-31", "yes"), ("2020-02-10", None), ("2020-03-10", "no")]
)
def test_which_of_two_records_is_the_last_must_be_known(day: str, expected: str | None) -> None:
    rows = [("Y", "2020-01-20"), ("N", "2020-02"), ("N", "2020-03-05")]
    of = kept(fa=[fact("HISTOL", answer, when) for answer, when in rows])
    assert value(of, "diagnosis.histology", day) == expected


@pytest.mark.parametrize(
    "second, day, expected",
    [
        ("1.4", "2020-02-10", 2),  # whichever is the last, and whether or not it lies after the day
        ("0.9", "2020-02-10", None),
        ("", "2020-02-10", None),
        ("1.4", "2020-02-20", None),  # the first is too old, and the other may be
        ("1.4", "2020-03-02", 2),
        ("1.4", "2020-03-03", None),  # it may be too old
    ],
)
def test_records_that_say_the_same_need_no_order(
    second: str, day: str, expected: int | None
) -> None:
    of = kept(lb=[count("1.2", "2020-01-20"), count(second, "2020-02")])
    assert value(of, "NEUT.GRADE", day) == expected


def test_what_is_not_known_for_an_incomplete_date_names_the_row_that_has_it() -> None:
    of = kept(lb=[count("1.4", "2020-02"), count("0.9", "2020-02-08")])
    found = known(of, "NEUT.GRADE", "2020-02-10")
    assert (found.problem, found.rows, found.recorded) == (
        "date incomplete", (("LB", 1),), "1.4 10*9/L of 2020-02"
    )  # fmt: skip
    assert value(of, "NEUT.GRADE", "2020-01-31") is None
    assert known(of, "NEUT.GRADE", "2020-01-31").problem == "missing"


@pytest.mark.parametrize(
    "version, term, before, later, grade",
    [
        ("5.0", "CREAT", 100, 50, 1),  # twice the baseline of day 1, which nobody knows yet
        ("4.03", "CREAT", 100, 50, 1),
        ("3.0", "CREAT", 100, 50, 1),
        ("5.0", "ALT", 100, 30, 0),  # itself an abnormal baseline
    ],
)
def test_before_the_first_dose_a_grade_does_not_rest_on_a_later_baseline(
    version: str, term: str, before: int, later: int, grade: int
) -> None:
    from dataclasses import replace

    protocol = built_in().protocol
    toxicity = protocol.toxicity.model_copy(update={"version": version})  # type: ignore[union-attr]
    study = replace(built_in(), protocol=protocol.model_copy(update={"toxicity": toxicity}))
    unit = {"LBORRESU": {"CREAT": "umol/L", "ALT": "U/L"}[term], "LBORNRLO": "", "LBORNRHI": 90}
    rows = [count(before, -10, term, **unit), count(later, 1, term, **unit)]
    assert value(kept(study, ex=[dose("5 mg QD", 1)], lb=rows), f"{term}.GRADE", -5) == grade
    assert value(kept(study, lb=rows[:1]), f"{term}.GRADE", -5) == grade


@pytest.mark.parametrize("day, expected", [("2019-12-31", None), ("2020-01-01", "yes")])
def test_an_answer_about_the_person_counts_from_informed_consent(
    day: str, expected: str | None
) -> None:
    of = kept(suppdm=[{"QNAM": "RFICWRIT", "QVAL": "Y"}])
    assert value(of, "consent.signed", day) == expected


def test_age_and_sex_are_timeless() -> None:
    of = kept()
    assert (value(of, "AGE", "2019-01-01"), value(of, "SEX", "2019-01-01")) == (44, "F")
    assert known(of, "AGE", 1).on is None


def test_an_age_in_months_is_not_an_age_in_years() -> None:
    assert value(kept(dm=[{"AGEU": "MONTHS"}]), "AGE", 1) is None
    assert value(kept(dm=[{"AGEU": ""}]), "AGE", 1) == 44


@pytest.mark.requirement("P-20")
@pytest.mark.parametrize("day, expected", [(9, None), (10, 0), (17, 7), (380, 370)])
def test_days_since_a_date(day: int, expected: int | None) -> None:
    of = kept(lb=[count("NEGATIVE", 10, "HCG", LBTPT="REGULAR", LBORRESU="")])
    assert value(of, "PREG_TEST_DAYS", day) == expected
    assert value(of, "pregnancy_test.tested", day) == (None if expected is None else on(10))


# -- baseline --------------------------------------------------------------------------------------


def with_counts() -> Record:
    rows = [count(4, -20), count(3, -5), count("", -1), count(6, 1), count(2, 10)]
    return kept(ex=[dose("5 mg QD", 1)], lb=rows)


@pytest.mark.parametrize("day, base", [(-21, None), (-20, 4), (-5, 3), (-1, 3), (1, 6), (300, 6)])
def test_before_the_first_dose_the_last_value_so_far_is_the_baseline(
    day: int, base: float | None
) -> None:
    assert value(with_counts(), "NEUT.BASE", day) == base


@pytest.mark.parametrize(
    "day, change, percent", [(-5, 0, 0), (-1, None, None), (1, 0, 0), (2, 0, 0), (10, -4, -66.667)]
)
def test_change_counts_from_the_baseline(
    day: int, change: float | None, percent: float | None
) -> None:
    of = with_counts()
    assert value(of, "NEUT.CHG", day) == change
    found = value(of, "NEUT.PCHG", day)
    assert found == (None if percent is None else pytest.approx(percent, abs=1e-3))


def test_a_grade_that_needs_a_limit_of_normal_is_not_computed_without_it() -> None:
    of = kept(lb=[count(1.6, 5, LBORNRLO="")])
    found = known(of, "NEUT.GRADE", 5)
    assert (found.value, found.problem, found.recorded) == (
        None, "not computed", "1.6 10*9/L of 2020-01-26"
    )  # fmt: skip
    assert value(kept(lb=[count(0.9, 5, LBORNRLO="")]), "NEUT.GRADE", 5) == 3


# -- where a value comes from ----------------------------------------------------------------------


def test_an_input_says_value_unit_day_age_and_rows() -> None:
    found = known(kept(lb=[count(4, 1), count(0.9, 10)]), "NEUT", 12)
    assert (found.value, found.unit, found.on, found.age_days, found.max_age_days) == (
        0.9, "10*9/L", on(10), 2, 30
    )  # fmt: skip
    assert (found.rows, found.problem, found.recorded) == ((("LB", 2),), None, None)


def test_nothing_recorded_is_missing() -> None:
    found = known(kept(), "NEUT", 12)
    assert (found.value, found.problem, found.rows, found.on) == (None, "missing", (), None)


def test_a_subject_or_a_name_that_nobody_knows() -> None:
    of = kept(lb=[count(4, 1)])
    with pytest.raises(KeyError):
        known(of, "NEUT", 1, subject="S9")
    with pytest.raises(KeyError):
        known(of, "NOTHING", 1)
    moments = pl.DataFrame({"USUBJID": ["S9", "S1", None, "S1"], "DATE": [on(1)] * 3 + [None]})
    assert states(of, moments, ["NEUT", "PHASE", "AGE"]).rows() == [
        ("S9", on(1), None, None, None),
        ("S1", on(1), 4.0, "before start", 44.0),
        (None, on(1), None, None, None),
        ("S1", None, None, None, None),
    ]


def test_the_long_frame_holds_every_record() -> None:
    of = kept(lb=[count(0.9, 5, LBORRESU="")], fa=[fact("HISTOL", "Y", "2019")])
    rows = of.known.filter(pl.col("NAME").is_in(["NEUT", "diagnosis.histology"]))
    columns = ["NAME", "DATE", "LATEST", "NUMBER", "TEXT", "SRCDOM", "SRCSEQ", "USABLE", "RECORDED"]
    assert rows.select(columns).sort("NAME").rows() == [
        ("NEUT", on(5), on(5), None, None, "LB", 1, False, "0.9"),
        ("diagnosis.histology", date(2019, 1, 1), date(2019, 12, 31), None, "yes", "FA", 1, True,
         "Y"),
    ]  # fmt: skip
