"""Each verdict by hand: the claim, what ours are, what is said of it."""

import pytest
from reproduce_examples import held

from pilotage.publication.reproduce import Followed, Reproduction

CR = "kind: percentage, group: cr, of: evaluable, value: 86, printed: 86%, " \
     "result: [CR/EVALFL/-/-/proportion, CR/SAFFL/-/-/proportion]"  # fmt: skip
EVALUABLE, TREATED = "CR/EVALFL/-/-/proportion", "CR/SAFFL/-/-/proportion"


def test_the_first_result_named_is_meant() -> None:
    found = held(CR, {EVALUABLE: (12 / 14, 14), TREATED: (12 / 15, 15)})
    assert (found.verdict, found.ours) == ("same", "86 %")
    assert [(each.text, each.fits) for each in found.others] == [("80 %", False)]


def test_another_population_that_fits_is_named_and_the_claim_differs() -> None:
    found = held(CR, {EVALUABLE: (11 / 14, 14), TREATED: (14 / 15, 15)})
    assert (found.verdict, found.ours) == ("differs", "79 %")
    assert found.fitting == ()
    found = held(CR, {EVALUABLE: (11 / 14, 14), TREATED: (6 / 7, 7)})
    assert found.verdict == "differs"
    assert [each.population for each in found.fitting] == ["SAFFL"]


def test_a_population_that_the_claim_does_not_name_is_a_candidate_too() -> None:
    claim = "kind: median, group: enrolled, variable: AGE, value: 40, result: AGE/SAFFL/-/-/median"
    found = held(claim, {"AGE/SAFFL/-/-/median": (41, 15), "AGE/EVALFL/-/-/median": (40, 14)})
    assert found.verdict == "differs"
    assert [(each.population, each.n) for each in found.fitting] == [("EVALFL", 14)]


# -- synthetic data --------------------------------------------------------------------------------


def test_what_a_synthetic_cohort_was_built_to_meet_is_met_by_construction() -> None:
    numbers = {EVALUABLE: (12 / 14, 14), TREATED: (0.8, 15)}
    built = Followed(frozenset({"X-01"}))
    assert held(CR, numbers, synthetic=True, followed=built).verdict == "met by construction"
    assert held(CR, numbers, synthetic=True).verdict == "same"


def test_in_other_data_nothing_is_met_by_construction() -> None:
    numbers = {EVALUABLE: (12 / 14, 14), TREATED: (0.8, 15)}
    assert held(CR, numbers, followed=Followed(frozenset({"X-01"}))).verdict == "same"


def test_a_cohort_may_meet_a_claim_in_another_reading() -> None:
    numbers = {EVALUABLE: (11 / 14, 14), TREATED: (6 / 7, 7)}
    found = held(CR, numbers, synthetic=True, followed=Followed(frozenset({"X-01"})))
    assert (found.verdict, found.ours, found.ours_in_full) == (
        "met by construction", "86 %", "86 %, n = 7",
    )  # fmt: skip
    assert found.read is not None
    assert found.plan is not None
    assert (found.read.label, found.plan.label) == ("CR, Treated, n = 7", "CR, Evaluable, n = 14")
    assert found.plan.text == "79 %"


def test_in_the_plans_reading_no_other_is_named() -> None:
    numbers = {EVALUABLE: (12 / 14, 14), TREATED: (6 / 7, 7)}
    found = held(CR, numbers, synthetic=True, followed=Followed(frozenset({"X-01"})))
    assert (found.ours_in_full, found.read, found.plan) == ("86 %, n = 14", None, None)


def test_a_number_met_by_cutting_its_decimals_shows_what_was_cut() -> None:
    name = "SLEDAI_BASELINE/SAFFL/-/-/mean"
    claim = "kind: mean, group: enrolled, variable: SLEDAI, printed: '3.26', value: 3.26, result: "
    followed = Followed(frozenset({"X-01"}))
    found = held(claim + name, {name: (49 / 15, 15)}, synthetic=True, followed=followed)
    assert (found.verdict, found.ours) == ("met by construction", "3.26 (3.267, truncated)")
    assert found.ours_in_full == "3.26 points (3.267, truncated), n = 15"
    assert found.plan is None


def test_what_another_number_than_the_printed_one_was_asked_stands_beside_it() -> None:
    claim = CR.replace("value: 86", "value: 50, comparator: '>', reading: Most")
    found = held(claim, {EVALUABLE: (12 / 14, 14), TREATED: (0.4, 15)})
    assert (found.verdict, found.ours) == ("same", "86 % (more than 50 %)")
    assert found.remarks == ("Most",)
    adtte = "USUBJID | PARAMCD | CNSR | AVALWK\nX-06 | TTCR | 0 | {}"
    claim = "kind: value, group: subject_6, variable: TTCR, value: 6, comparator: <=, remark: Gone"
    found = held(claim, adsl="USUBJID\nX-06", adtte=adtte.format("2"))
    assert (found.verdict, found.ours_in_full) == ("same", "2 weeks (at most 6)")
    assert found.remarks == ("Gone",)
    found = held(claim, adsl="USUBJID\nX-06", adtte=adtte.format("7"))
    assert (found.verdict, found.ours_in_full) == ("differs", "7 weeks (at most 6)")


def test_a_cohort_that_misses_what_it_was_built_to_meet_differs() -> None:
    numbers = {EVALUABLE: (0.5, 14), TREATED: (0.5, 15)}
    found = held(CR, numbers, synthetic=True, followed=Followed(frozenset({"X-01"})))
    assert found.verdict == "differs"
    assert found.why == "The cohort was built to meet it; it does not meet this"


def test_a_claim_that_says_the_same_as_a_followed_one_is_met_with_it() -> None:
    claim = f"{CR}, same_fact_as: R-32"
    followed = Followed(frozenset({"R-32"}))
    numbers = {EVALUABLE: (12 / 14, 14), TREATED: (0.8, 15)}
    assert held(claim, numbers, synthetic=True, followed=followed).verdict == "met by construction"
    numbers[EVALUABLE] = (0.5, 14)
    found = held(claim, numbers, synthetic=True, followed=followed)
    assert found.verdict == "differs"
    assert found.why.startswith("The cohort was built to meet R-32, which says the same")
    left = Followed(frozenset({"R-32"}), {"X-01": "left"})
    assert held(claim, numbers, synthetic=True, followed=left).why.endswith("; left")


def test_the_reason_why_a_cohort_leaves_a_claim_stands_beside_it() -> None:
    left = Followed(frozenset(), {"X-01": "another claim excludes it"})
    numbers = {EVALUABLE: (0.5, 14), TREATED: (0.5, 15)}
    why = "Not built into the cohort; another claim excludes it"
    assert held(CR, numbers, synthetic=True, followed=left).why == why


# -- what is no result, and what cannot be computed ------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("kind: count, group: cr, value: 4, about: literature", "Of other studies"),
        ("kind: identifier, value: '7.5', what: Version", "A name, "),
        ("kind: threshold, role: inclusion, variable: AGE, value: 18", "A limit"),
        ("kind: duration, value: 4, unit: weeks, what: Wait, not_a_result: plan", "A rule or the"),
        ("kind: count, group: centres, value: 2, not_a_result: instrument", "How an instrument"),
        ("kind: duration, value: 4, unit: weeks, what: Wait, not_a_result: mention", "Names a"),
        ("kind: duration, value: 2, unit: weeks, what: Wait, same_fact_as: R-34", "Names a time"),
    ],
)  # fmt: skip
def test_some_claims_are_no_result_of_the_data(claim: str, reason: str) -> None:
    found = held(claim)
    assert (found.verdict, found.ours) == ("not a result", "")
    assert found.why.startswith(reason)
    assert not found.unbound


def test_a_result_whose_data_are_missing_cannot_be_computed() -> None:
    claim = (
        "kind: duration, value: 4, unit: weeks, what: Wait, not_computable: Nobody wrote it down"
    )
    found = held(claim)
    assert (found.verdict, found.why) == ("cannot be computed", "Nobody wrote it down")
    found = held(f"{claim}, about: literature")
    assert found.verdict == "cannot be computed"
    found = held("kind: duration, value: 2, unit: weeks, what: Wait, same_fact_as: D-43")
    assert found.why.startswith("The data of the earlier cohort")


def test_what_is_no_result_does_not_decide_whether_the_paper_agrees() -> None:
    limit = held("kind: threshold, role: inclusion, variable: AGE, value: 18")
    absent = held("kind: duration, value: 4, unit: weeks, what: Wait, not_computable: Not written")
    assert Reproduction((limit, absent), synthetic=False).agrees
    differs = held(CR, {EVALUABLE: (0.5, 14), TREATED: (0.5, 15)})
    assert not Reproduction((limit, differs), synthetic=False).agrees


def test_a_result_that_could_not_be_computed_says_why() -> None:
    found = held(CR, {EVALUABLE: (None, 14), TREATED: (0.5, 15)})
    assert (found.verdict, found.why) == ("cannot be computed", "Nobody to count")
    assert not found.unbound


def test_a_result_that_the_plan_does_not_give_is_unbound() -> None:
    found = held(CR, {TREATED: (0.5, 15)})
    assert (found.verdict, found.unbound) == ("cannot be computed", True)
    assert found.why == "The results have no CR/EVALFL/-/-/proportion"


def test_a_table_that_nobody_collected_answers_nothing() -> None:
    claim = "kind: none, group: insomnia, of: enrolled"
    found = held(claim, absent=["ae"])
    assert (found.verdict, found.why) == ("cannot be computed", "The snapshot has no table ae")


def test_a_category_that_nobody_has_counts_zero() -> None:
    claim = "kind: count, group: scle, value: 0, result: SUBTYPE/SAFFL/-/-/count SCLE"
    found = held(claim, {"SUBTYPE/SAFFL/-/-/count DLE": (15, 15)})
    assert (found.verdict, found.ours) == ("same", "0")


def test_a_level_that_nobody_has_cannot_be_computed() -> None:
    name = "TTCR_BY_SUBTYPE/EVALFL/SUBTYPE={}/-/median_among_events"
    said = f"kind: median, group: cr_profundus, variable: TTCR, value: 13, result: {name}"
    claim = said.format("LEP")
    found = held(claim, {name.format("DLE"): (6, 9)})
    assert (found.verdict, found.why) == ("cannot be computed", "Nobody has SUBTYPE LEP")
    assert not found.unbound


# -- what is easily taken for something else -------------------------------------------------------


def test_an_sd_may_be_that_of_the_population_or_a_standard_error() -> None:
    name = "AGE/SAFFL/-/-/sd"
    claim = f"kind: sd, group: enrolled, variable: AGE, printed: '±2.00', value: 2, result: {name}"
    found = held(claim, {name: (4.0, 4)})
    assert (found.verdict, found.ours) == ("differs", "4.00")
    assert [each.label for each in found.fitting] == ["SEM: AGE, Treated, n = 4"]
    claim = claim.replace("2.00", "3.46").replace("value: 2", "value: 3.46")
    found = held(claim, {name: (4.0, 4)})
    assert [each.label for each in found.fitting] == [
        "SD with n in place of n - 1: AGE, Treated, n = 4"
    ]


def test_a_mean_may_be_the_median() -> None:
    results = {"AGE/SAFFL/-/-/mean": (42.0, 15), "AGE/SAFFL/-/-/median": (40.0, 15)}
    claim = "kind: mean, group: enrolled, variable: AGE, value: 40, result: AGE/SAFFL/-/-/mean"
    found = held(claim, results)
    assert [each.label for each in found.fitting] == ["median: AGE, Treated, n = 15"]


def test_a_number_that_fits_truncated_differs_and_shows_one_more_decimal() -> None:
    name = "SLEDAI_BASELINE/SAFFL/-/-/mean"
    claim = "kind: mean, group: enrolled, variable: SLEDAI, printed: '3.26', value: 3.26, result: "
    claim += name
    found = held(claim, {name: (49 / 15, 15)})
    assert found.meant is not None
    assert (found.verdict, found.ours, found.meant.how) == ("differs", "3.267", "truncated")


def test_times_are_told_in_the_unit_of_the_claim() -> None:
    name = "FOLLOW_UP/SAFFL/-/-/median"
    claim = f"kind: median, group: enrolled, variable: FUPDUR, value: 15, result: {name}"
    assert held(claim, {name: (456.0, 15)}).verdict == "same"  # 14.98 months
    assert held(claim, {name: (472.0, 15)}).verdict == "differs"  # 15.51 months


def test_a_range_is_the_same_where_both_ends_are() -> None:
    claim = "kind: range, group: enrolled, variable: AGE, printed: 28 to 53, low: 28, high: 53, " \
            "result: {low: AGE/SAFFL/-/-/minimum, high: AGE/SAFFL/-/-/maximum}"  # fmt: skip
    low, high = "AGE/SAFFL/-/-/minimum", "AGE/SAFFL/-/-/maximum"
    assert held(claim, {low: (28, 15), high: (53, 15)}).verdict == "same"
    found = held(claim, {low: (28, 15), high: (54, 15)})
    assert (found.verdict, found.ours) == ("differs", "28 to 54")


def test_a_time_among_those_with_the_event_is_of_these() -> None:
    name = "TTCR_DLE_SCLE/EVALFL/-/-"
    claim = "kind: median, group: cr_dle_or_scle, variable: TTCR, value: 6, result: "
    numbers = {f"{name}/median_among_events": (6.0, 10), f"{name}/events": (8.0, 10)}
    found = held(f"{claim}{name}/median_among_events", numbers)
    assert found.ours_in_full == "6 weeks, n = 8"
    found = held(f"{claim}{name}/median", {f"{name}/median": (6.0, 10), **numbers})
    assert found.ours_in_full == "6 weeks, n = 10"
