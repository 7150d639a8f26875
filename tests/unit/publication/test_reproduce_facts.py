"""What is counted and read in the datasets themselves: groups, single subjects, values, words."""

import pytest
from reproduce_examples import held

ADSL = """
USUBJID | SEX | SLE | DSDNABL | EVALFL | TRTDURD | TRTSDT     | RFICDT     | TRTONGFL
X-01    | F   | Y   | 20      | Y      | 300      | 2010-01-10 | 2009-01-05 | Y
X-02    | F   | Y   | 3       | Y      | 90       | 2010-01-10 | 2010-06-01 | N
X-03    | F   | N   | 4       | N      | 7        | 2010-01-10 | 2010-12-24 | N
X-04    | M   | N   | 40      | Y      | 200      | 2010-01-10 | 2010-02-01 | N
"""
POSITIVE = "kind: count, group: dsdna_positive, of: sle, value: 1"


def test_members_of_two_groups_are_counted() -> None:
    found = held(POSITIVE, adsl=ADSL)
    assert (found.verdict, found.ours) == ("same", "1")
    assert [(each.text, each.population) for each in found.others if each.fits] == [
        ("1", "SCRNFL"), ("1", "ENRLFL"), ("1", "SAFFL"), ("1", "EVALFL"),
    ]  # fmt: skip


def test_a_share_is_of_the_whole_that_the_claim_names() -> None:
    claim = "kind: percentage, group: dsdna_positive, of: sle, value: 50, printed: 50%"
    assert held(claim, adsl=ADSL).verdict == "same"
    found = held(claim.replace("of: sle", "of: enrolled").replace("50", "67"), adsl=ADSL)
    assert (found.verdict, found.ours) == ("differs", "50 %")
    assert [each.label for each in found.fitting] == [
        "Patients with anti-dsDNA antibodies at entry, of: All patients; Evaluable, n = 3"
    ]


def test_a_share_may_be_of_a_population_in_place_of_the_whole_that_is_named() -> None:
    claim = "kind: percentage, group: dsdna_positive, of: sle, value: 33, printed: 33%"
    found = held(claim, adsl=ADSL)
    assert (found.verdict, found.ours) == ("differs", "50 %")
    assert [each.label.partition(", as")[2] for each in found.fitting] == [
        " a share of: Evaluable, n = 3"
    ]


def test_a_count_with_an_unknown_member_is_no_count() -> None:
    found = held(POSITIVE, adsl=ADSL.replace("20      |", "        |"))
    assert (found.verdict, found.why) == ("cannot be computed", "It is not known of 1 subject")


def test_all_is_broken_by_one_subject_and_open_by_one_unknown() -> None:
    claim = "kind: all, group: female, of: sle"
    assert (held(claim, adsl=ADSL).verdict, held(claim, adsl=ADSL).ours) == ("same", "2 of 2")
    assert held(claim.replace("sle", "enrolled"), adsl=ADSL).ours == "3 of 4"
    assert held(claim.replace("sle", "enrolled"), adsl=ADSL).verdict == "differs"
    found = held(claim, adsl=ADSL.replace("X-02    | F ", "X-02    |   "))
    assert (found.verdict, found.why) == ("cannot be computed", "It is not known of 1 of 2")


def test_none_is_broken_by_one_subject_and_open_by_one_unknown() -> None:
    claim = "kind: none, group: insomnia, of: enrolled"
    adae = "USUBJID | TRTEMFL | AETERM\nX-01 | Y | Rash\nX-02 | {} | Insomnia"
    assert held(claim, adsl=ADSL, adae=adae.format("N")).verdict == "same"
    found = held(claim, adsl=ADSL, adae=adae.format("Y"))
    assert (found.verdict, found.ours) == ("differs", "1 of 4")
    assert held(claim, adsl=ADSL, adae=adae.format("")).verdict == "cannot be computed"


def test_nobody_is_neither_all_nor_none() -> None:
    found = held("kind: all, group: female, of: nephritis", adsl=ADSL.replace("SLE", "NEPHHX"))
    assert found.verdict == "same"
    nobody = ADSL.replace("SLE", "NEPHHX").replace("| Y   |", "| N   |")
    found = held("kind: all, group: female, of: nephritis", adsl=nobody)
    assert found.why == "There is nobody of whom it could be said"


def test_no_row_is_unknown_except_of_events() -> None:
    claim = "kind: none, group: neutropenia, of: side_effects"
    adae = "USUBJID | TRTEMFL | AETERM\nX-01 | Y | Rash"
    found = held(claim, adsl=ADSL, adae=adae)
    assert (found.verdict, found.why) == ("cannot be computed", "It is not known of 1 of 1")
    adlb = "USUBJID | PARAMCD | ADY | AVAL | ATOXGR\nX-01 | NEUT | 20 | 1.2 | {}"
    assert held(claim, adsl=ADSL, adae=adae, adlb=adlb.format(1)).verdict == "same"
    assert held(claim, adsl=ADSL, adae=adae, adlb=adlb.format(2)).verdict == "differs"


# -- single subjects -------------------------------------------------------------------------------


def test_a_subject_is_known_by_the_number_of_the_paper() -> None:
    claim = "kind: value, group: subject_3, variable: TRTDUR, value: 1, unit: weeks"
    assert held(claim, adsl=ADSL).verdict == "same"
    assert held(claim.replace("_3", "_1"), adsl=ADSL).ours == "43"


def test_the_number_within_the_site_counts_before_the_unique_one() -> None:
    claim = "kind: value, group: subject_3, variable: TRTDUR, value: 13, unit: weeks"
    adsl = "USUBJID | SUBJID | TRTDURD\nX-03 | 1 | 7\nX-04 | 003 | 90"
    assert held(claim, adsl=adsl).verdict == "same"


def test_a_subject_who_is_not_there_cannot_be_asked() -> None:
    found = held("kind: all, group: sle, of: subject_12", adsl=ADSL)
    assert found.verdict == "cannot be computed"
    assert found.why == "No subject of the snapshot has the number 12"


def test_answers_of_forms_count_after_the_first_dose() -> None:
    claim = "kind: none, group: medication_changed, of: enrolled"
    rows = "USUBJID | FATESTCD | FAORRES | FADTC\n"
    rows += "\n".join(f"X-0{at} | BGCHANGE | N | 2010-02-01" for at in (1, 2, 3))
    found = held(claim, adsl=ADSL, snapshot={"fa": rows})
    assert found.why == "It is not known of 1 of 4"
    asked = f"{rows}\nX-04 | BGCHANGE | Y | 2010-01-10\nX-04 | BGCHANGE | N | 2010-03-01"
    found = held(claim, adsl=ADSL, snapshot={"fa": asked})
    assert (found.verdict, found.ours) == ("same", "0 of 4")
    later = asked.replace("Y | 2010-01-10", "Y | 2010-01-11")
    found = held(claim, adsl=ADSL, snapshot={"fa": later})
    assert (found.verdict, found.ours) == ("differs", "1 of 4")


def test_that_somebody_was_asked_at_all_can_be_a_group() -> None:
    claim = "kind: count, group: nerve_conduction_repeated, of: enrolled, value: 1"
    rows = "USUBJID | NVTESTCD | NVORRES | NVDTC\nX-02 | CONCLUS | NORMAL | 2010-05-01"
    assert held(claim, adsl=ADSL, snapshot={"nv": rows}).verdict == "same"
    found = held(claim, adsl=ADSL, snapshot={"nv": rows.replace("-05-01", "-01-01")})
    assert found.why == "It is not known of 4 subjects"


# -- values, dates ---------------------------------------------------------------------------------


def test_a_statistic_is_of_the_values_of_the_group() -> None:
    claim = "kind: median, group: sle, variable: TRTDUR, value: 195, unit: days"
    assert held(claim, adsl=ADSL).verdict == "same"
    claim = "kind: range, group: evaluable, variable: TRTDUR, low: 90, high: 300, unit: days, " \
            "printed: 90 to 300"  # fmt: skip
    assert held(claim, adsl=ADSL).verdict == "same"


def test_a_date_is_as_exact_as_the_printed_one() -> None:
    claim = "kind: date, group: enrolled, variable: CONSENT, what: Begin, value: '{}'"
    assert held(claim.format("2009-01"), adsl=ADSL).verdict == "same"
    assert held(claim.format("2009-01-06"), adsl=ADSL).verdict == "differs"
    last = claim.replace("what: Begin", "what: End, end: last")
    assert held(last.format("2010"), adsl=ADSL).verdict == "same"


# -- words -----------------------------------------------------------------------------------------

YEAR = "CLASI_D_YEAR/EVALFL/-/48"
CHANGE = "kind: change, group: enrolled, variable: CLASIDAM, direction: {}, significance: {}, " \
         "result: CLASI_D_YEAR/EVALFL/-/48/p_*"  # fmt: skip


@pytest.mark.parametrize(
    ("direction", "significance", "mean", "p", "verdict"),
    [
        ("none", "not stated", 0.5, 0.05, "same"),
        ("none", "not stated", 0.5, 0.0499, "differs"),
        ("increase", "not significant", 0.1, 0.4, "same"),
        ("increase", "not significant", 0.0, 0.4, "differs"),
        ("increase", "not significant", 0.1, 0.04, "differs"),
        ("decrease", "significant", -2.0, 0.01, "same"),
        ("decrease", "significant", -2.0, 0.05, "differs"),
        ("no increase", "not stated", 0.5, 0.2, "same"),
        ("no increase", "not stated", -0.5, 0.001, "same"),
        ("no increase", "not stated", 0.5, 0.001, "differs"),
        ("no decrease", "not stated", -0.5, 0.001, "differs"),
    ],
)
def test_a_change_is_as_said_by_direction_and_significance(
    direction: str, significance: str, mean: float, p: float, verdict: str
) -> None:
    numbers = {f"{YEAR}/p_paired_t": (p, 14), f"{YEAR}/mean_change": (mean, 14)}
    assert held(CHANGE.format(direction, significance), numbers).verdict == verdict


def test_every_test_of_a_change_is_a_candidate() -> None:
    numbers = {f"{YEAR}/p_paired_t": (0.06, 14), f"{YEAR}/p_welch_t": (0.01, 14)}
    numbers |= {f"{YEAR}/mean_change": (1.0, 14)}
    found = held(CHANGE.format("none", "not stated"), numbers)
    assert (found.verdict, found.ours) == ("same", "mean change +1.00, p_paired_t P = 0.060")
    assert [each.fits for each in found.others if each.value is not None] == [False]


def test_one_group_has_more_than_another() -> None:
    claim = "kind: comparison, group: sle, than: skin_only, share: female, comparator: '>'"
    found = held(claim, adsl=ADSL)
    assert (found.verdict, found.ours) == ("same", "2 of 2 against 1 of 2")
    assert held(claim.replace(">", "<"), adsl=ADSL).verdict == "differs"
    claim = "kind: comparison, group: sle, than: skin_only, variable: TRTDUR, comparator: '>'"
    assert held(claim, adsl=ADSL).verdict == "same"
