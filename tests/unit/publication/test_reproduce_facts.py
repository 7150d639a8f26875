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


# -- side effects after withdrawal -----------------------------------------------------------------

AFTER = "kind: all, group: side_effects_resolved, of: side_effects"
ADEX = """
USUBJID | AVAL | CYCLE | ASTDT      | AENDT
X-01    | 5    | 1     | 2010-01-10 | 2010-02-10
X-01    | 2.5  | 1     | 2010-02-20 | 2010-03-10
X-01    | 5    | 2     | 2010-06-01 | 2010-12-31
"""
EVENT = "USUBJID | TRTEMFL | AETERM | AEOUT | AEACN | AENDT\nX-01 | Y | Rash | {} | {} | {}"
RESOLVED, WITHDRAWN, KEPT = "RECOVERED/RESOLVED", "DRUG WITHDRAWN", "DOSE NOT CHANGED"
UNKNOWN = "cannot be computed"


@pytest.mark.parametrize(
    ("outcome", "action", "end", "verdict"),
    [
        (RESOLVED, WITHDRAWN, "2010-03-10", "differs"),  # the last day of the drug
        (RESOLVED, WITHDRAWN, "2010-03-11", "same"),
        (RESOLVED, KEPT, "2010-03-11", "same"),  # the dosing says it, whatever the form
        (RESOLVED, KEPT, "2010-02-15", "differs"),  # a pause of the first cycle
        (RESOLVED, KEPT, "2010-05-31", "same"),
        (RESOLVED, KEPT, "2010-06-01", "differs"),  # the drug was given again
        (RESOLVED, WITHDRAWN, "", "same"),  # by the form alone
        (RESOLVED, KEPT, "", UNKNOWN),
        (RESOLVED, "", "", UNKNOWN),
        (RESOLVED, "UNKNOWN", "", UNKNOWN),
        ("RECOVERING/RESOLVING", WITHDRAWN, "", "same"),
        ("RECOVERED/RESOLVED WITH SEQUELAE", WITHDRAWN, "2010-03-11", "differs"),
        ("NOT RECOVERED/NOT RESOLVED", WITHDRAWN, "", "differs"),
        ("UNKNOWN", WITHDRAWN, "2010-03-11", UNKNOWN),
        ("", WITHDRAWN, "2010-03-11", UNKNOWN),
    ],
)
def test_side_effects_resolved_after_withdrawal_where_the_drug_had_been_withdrawn(
    outcome: str, action: str, end: str, verdict: str
) -> None:
    adae = EVENT.format(outcome, action, end)
    assert held(AFTER, adsl=ADSL, adae=adae, adex=ADEX).verdict == verdict


def test_every_side_effect_of_a_subject_has_to_resolve_after_withdrawal() -> None:
    adae = EVENT.format(RESOLVED, WITHDRAWN, "2010-03-11")
    more = f"{adae}\nX-01 | Y | Fatigue | {RESOLVED} | {KEPT} | 2010-02-01"
    assert held(AFTER, adsl=ADSL, adae=more, adex=ADEX).ours == "0 of 1"
    before = more.replace("Y | Fatigue", "N | Fatigue")
    assert held(AFTER, adsl=ADSL, adae=before, adex=ADEX).ours == "1 of 1"


def test_without_known_doses_it_is_not_known_whether_the_drug_was_withdrawn() -> None:
    adae = EVENT.format(RESOLVED, KEPT, "2010-03-11")
    assert held(AFTER, adsl=ADSL, adae=adae).verdict == UNKNOWN
    undated = "USUBJID | AVAL | CYCLE | ASTDT | AENDT\nX-01 | 5 | | 2010-01-10 | "
    assert held(AFTER, adsl=ADSL, adae=adae, adex=undated).verdict == UNKNOWN


# -- those of whom the plan does not know it -------------------------------------------------------


def test_those_of_whom_the_plan_does_not_know_it_leave_a_none_open() -> None:
    name = "PROTEINURIA_NEW/SAFFL/-/-"
    claim = f"kind: none, group: proteinuria_new, of: enrolled, result: {name}/count"
    numbers = {f"{name}/count": (0.0, 12), f"{name}/unknown": (0.0, 12)}
    assert (held(claim, numbers).verdict, held(claim, numbers).ours) == ("same", "0 of 12")
    numbers[f"{name}/unknown"] = (3.0, 12)
    found = held(claim, numbers)  # three are left out of the twelve
    assert (found.verdict, found.why) == (UNKNOWN, "It is not known of 3 of 15")
    numbers[f"{name}/count"] = (1.0, 12)
    assert held(claim, numbers).verdict == "differs"


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


SHARE = "kind: value, group: subject_3, variable: NEUTPCT, value: 33"
ADLB = """
USUBJID | PARAMCD | ADY | ADT        | AVAL | AVALU
X-03    | NEUT    | 1   | 2010-01-10 | 0.9  | 10*9/L
X-03    | NEUT    | 30  | 2010-02-08 | 3.00 | 10*9/L
X-03    | WBC     | 30  | 2010-02-08 | 6.00 | 10*9/L
X-03    | NEUT    | 57  | 2010-03-07 | 1.19 | 10*9/L
X-03    | WBC     | 57  | 2010-03-07 | 3.61 | 10*9/L
X-03    | NEUT    | 90  | 2010-04-09 | 1.20 | 10*9/L
X-03    | WBC     | 90  | 2010-04-09 | 12.0 | 10*9/L
"""


def test_a_share_is_of_the_value_of_the_same_day() -> None:
    """Of the day of the lowest count, which is not that of the lowest share."""
    found = held(SHARE.replace("subject_3", "skin_only"), adsl=ADSL, adlb=ADLB)
    assert found.why == "1 of the group have no known value"
    found = held(SHARE, adsl=ADSL, adlb=ADLB)
    assert (found.verdict, found.ours_in_full) == ("same", "33 %")
    assert held(SHARE, adsl=ADSL, adlb=ADLB.replace("3.61", "3.50")).ours == "34"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("57  | 2010-03-07 | 3.61 | 10*9/L", "57  | 2010-03-08 | 3.61 | 10*9/L"),
        ("3.61 | 10*9/L", "3610 | /uL"),
        ("3.61 | 10*9/L", "0 | 10*9/L"),
        ("3.61 | 10*9/L", "| 10*9/L"),
        ("3.61 | 10*9/L", "3.61 | 10*9/L\nX-03 | WBC | 57 | 2010-03-07 | 5 | 10*9/L"),
        ("57  | 2010-03-07", "57  |"),
    ],
    ids=["another day", "another unit", "zero", "missing", "two of a day", "no date"],
)
def test_a_share_of_nothing_certain_is_not_known(old: str, new: str) -> None:
    found = held(SHARE, adsl=ADSL, adlb=ADLB.replace(old, new))
    why = "No subject of the snapshot has the number 3 and such a value"
    assert (found.verdict, found.why) == ("cannot be computed", why)


def test_a_time_may_end_with_a_date_of_a_form() -> None:
    claim = "kind: duration, group: subject_3, variable: PICTURE, value: 3, unit: months, what: To"
    rows = "USUBJID | PRTRT | PRSTDTC\nX-03 | PHOTOGRAPH | 2010-01-10\n"
    rows += "X-03 | PHOTOGRAPH | {}\nX-03 | BIOPSY | 2012-01-01"
    found = held(claim, adsl=ADSL, snapshot={"pr": rows.format("2010-04-04")})  # 84 days
    assert (found.verdict, found.ours_in_full) == ("same", "3 months")
    found = held(claim, adsl=ADSL, snapshot={"pr": rows.format("2010-03-21")})  # 70 days
    assert (found.verdict, found.ours) == ("differs", "2")
    found = held(claim, adsl=ADSL, snapshot={"pr": rows.format("2010-04")})
    assert found.ours == "0"


def test_a_date_is_as_exact_as_the_printed_one() -> None:
    claim = "kind: date, group: enrolled, variable: CONSENT, what: Begin, value: '{}'"
    assert held(claim.format("2009-01"), adsl=ADSL).verdict == "same"
    assert held(claim.format("2009-01-06"), adsl=ADSL).verdict == "differs"
    last = claim.replace("what: Begin", "what: End, end: last")
    assert held(last.format("2010"), adsl=ADSL).verdict == "same"


# -- words -----------------------------------------------------------------------------------------


def test_one_group_has_more_than_another() -> None:
    claim = "kind: comparison, group: sle, than: skin_only, share: female, comparator: '>'"
    found = held(claim, adsl=ADSL)
    assert (found.verdict, found.ours) == ("same", "2 of 2 against 1 of 2")
    assert held(claim.replace(">", "<"), adsl=ADSL).verdict == "differs"
    claim = "kind: comparison, group: sle, than: skin_only, variable: TRTDUR, comparator: '>'"
    assert held(claim, adsl=ADSL).verdict == "same"
