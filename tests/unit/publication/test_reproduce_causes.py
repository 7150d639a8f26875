"""Each cause by hand: a claim that differs by one thing, and that it is found and no other."""

from collections.abc import Collection, Mapping
from types import MappingProxyType

import pytest
from reproduce_examples import Numbers, held

from pilotage.publication.reproduce import Followed
from pilotage.publication.reproduce.model import Held

NOTHING: Mapping[str, str] = MappingProxyType({})


def causes(
    claim: str,
    numbers: Numbers = MappingProxyType({}),
    *,
    followed: Followed | None = None,
    beside: Collection[str] = (),
    **tables: str,
) -> Held:
    return held(
        claim, numbers, followed=followed, synthetic=followed is not None, beside=beside,
        explained=True, **tables,
    )  # fmt: skip


def kinds(found: Held) -> list[str]:
    return [cause.kind for cause in found.causes]


# -- in the paper ----------------------------------------------------------------------------------

DAMAGE = "CLASI_D_BASELINE/SAFFL/-/-/"


def test_a_number_that_no_data_give_is_shown_with_its_arithmetic() -> None:
    claim = "kind: mean, group: enrolled, variable: CLASIDAM, at: baseline, printed: '2.39', " \
            f"value: 2.39, result: {DAMAGE}mean"  # fmt: skip
    found = causes(claim, {f"{DAMAGE}mean": (2.2, 15)}, beside=["R-01"])
    (cause,) = found.causes
    assert cause.kind == "arithmetic"
    assert cause.words == "rounded as usual, no data could give this number"
    assert "35 / 15 = 2.3333" in cause.evidence


def test_a_claim_that_another_one_excludes_names_it_and_says_that_it_holds_here() -> None:
    claim = "kind: count, group: sle, value: 9, printed: nine, same_fact_as: R-15, " \
            "result: SLE/SAFFL/-/-/count Y"  # fmt: skip
    found = causes(claim, {"SLE/SAFFL/-/-/count Y": (6, 15)})
    (cause,) = found.causes
    assert (cause.kind, cause.claims) == ("other claims", ("R-15",))
    said = "it cannot be true together with R-15 ('Six patients'); in these data R-15 holds"
    assert cause.words == said
    assert cause.evidence[-1].startswith("results 1.8: “Six patients (40%)")


AGE = "kind: median, group: enrolled, variable: AGE, value: 40, result: AGE/SAFFL/-/-/median"
OLDER = {"AGE/SAFFL/-/-/median": (44, 15)}


def test_what_invented_subjects_were_not_built_to_meet_is_said_and_what_excludes_it() -> None:
    left = Followed(frozenset(), {"X-01": "cannot stand beside R-15 ('Six patients'); left"})
    found = causes(AGE, OLDER, followed=left, beside=["R-15"])
    assert kinds(found) == ["other claims", "built otherwise"]
    assert found.causes[0].claims == ("R-15",)
    assert "cannot stand beside R-15" in found.causes[1].evidence[0]


def test_of_other_data_it_counts_for_nothing_how_subjects_were_built() -> None:
    left = Followed(frozenset(), {"X-01": "left"})
    found = held(AGE, OLDER, followed=left, explained=True)
    assert kinds(found) == []
    assert "built otherwise" not in found.tried


# -- how the number was cut or meant ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("ours", "printed", "words"),
    [
        (3.267, "3.26", "ours is what is printed, with its further decimals cut off"),
        (2.345, "2.34", "ours is what is printed, with a half rounded to the even digit"),
    ],
)
def test_another_rounding_is_named(ours: float, printed: str, words: str) -> None:
    claim = f"kind: mean, group: enrolled, variable: BSA, printed: '{printed}', " \
            f"value: {printed}, result: AGE/SAFFL/-/-/mean"  # fmt: skip
    found = causes(claim, {"AGE/SAFFL/-/-/mean": (ours, 15)})
    assert kinds(found) == ["rounding"]
    assert found.causes[0].words == words


P = "CLASI_A_WEEK_2/SAFFL/-/2/p_paired_t"
ADQS = "USUBJID | PARAMCD | AVISITN | AVAL | ABLFL | ANL01FL\nS1 | CLASIACT | 0 | 4 | Y | "
P_CLAIM = "kind: p_value, group: not stated, test: not named, value: {}, printed: P = {}, " \
          "result: CLASI_A_WEEK_2/SAFFL/-/2/p_*"  # fmt: skip


def test_a_p_value_that_is_usually_a_limit_may_be_one() -> None:
    found = causes(P_CLAIM.format("0.01", "0.01"), {P: (0.0004, 15)}, adqs=ADQS)
    assert kinds(found) == ["limit"]
    assert "'P < 0.01' would be met" in found.causes[0].words
    assert kinds(causes(P_CLAIM.format("0.013", "0.013"), {P: (0.0004, 15)}, adqs=ADQS)) == []
    assert kinds(causes(P_CLAIM.format("0.01", "0.01"), {P: (0.4, 15)}, adqs=ADQS)) == []


def test_a_number_that_is_the_limit_itself_is_not_below_it() -> None:
    claim = AGE.replace("value: 40", "value: 44, comparator: '<', reading: Younger")
    found = causes(claim, OLDER)
    assert kinds(found) == ["limit"]
    assert "'at most 44' would be met" in found.causes[0].words


# -- another statistic -----------------------------------------------------------------------------


def test_another_measure_of_spread_is_named() -> None:
    claim = "kind: sd, group: enrolled, variable: CLASIDAM, printed: ± {0}, value: {0}, " \
            f"result: {DAMAGE}sd"  # fmt: skip
    numbers = {f"{DAMAGE}sd": (3.0, 16)}
    for printed, label in (("0.75", "SEM"), ("2.90", "SD with n in place of n - 1")):
        found = causes(claim.format(printed), numbers)
        assert kinds(found) == ["spread"]
        assert label in found.causes[0].words


DELAY = "kind: {}, group: cr, variable: TTCR, value: {}"
CR = "USUBJID | PARAMCD | AVALC\n" + "\n".join(f"S{n} | BESTRESP | CR" for n in range(1, 6))
WEEKS = (2, 4, 6, 8, 30)


def waited(claim: str, *, weeks: tuple[int, ...] = WEEKS, **more: str) -> Held:
    """Beside five subjects, all with a complete response after so many weeks."""
    rows = [f"S{at} | TTCR | 0 | {each}" for at, each in enumerate(weeks, start=1)]
    subjects = "USUBJID | EVALFL\n" + "\n".join(f"S{n} | {'N' if n == 5 else 'Y'}" for n in WHO)
    return causes(
        claim, adsl=subjects, adrs=CR,
        adtte="USUBJID | PARAMCD | CNSR | AVALWK\n" + "\n".join(rows), **more,
    )  # fmt: skip


WHO = range(1, 6)


def test_of_values_of_the_datasets_mean_and_median_are_tried_for_each_other() -> None:
    found = waited(DELAY.format("median", 10))
    assert (found.ours, kinds(found)) == ("6", ["centre"])
    assert found.causes[0].words == "it is called a median, and it is the mean"


def test_of_values_of_the_datasets_other_spreads_are_tried() -> None:
    found = waited(DELAY.format("sd", "10.2") + ", printed: '10.2'")
    assert (found.ours, kinds(found)) == ("11.4", ["spread"])
    assert found.causes[0].words.endswith("SD with n in place of n - 1")


# -- whom, when, of what ---------------------------------------------------------------------------


def test_another_population_is_named() -> None:
    numbers = {**OLDER, "AGE/EVALFL/-/-/median": (40, 14)}
    found = causes(AGE, numbers)
    assert kinds(found) == ["population"]
    assert "Evaluable, n = 14" in found.causes[0].words


def test_of_values_of_the_datasets_another_population_is_named_and_who_makes_it() -> None:
    found = waited(DELAY.format("mean", 5))
    assert kinds(found) == ["population", "one subject"]
    assert "Evaluable, n = 4" in found.causes[0].words
    assert found.causes[1].subjects == ("S5",)


def test_another_definition_that_the_claim_names_is_told() -> None:
    claim = "kind: count, group: cr, of: evaluable, value: 12, " \
            "result: [CR/SAFFL/-/-/count, CR_SKIN/SAFFL/-/-/count]"  # fmt: skip
    found = causes(claim, {"CR/SAFFL/-/-/count": (9, 15), "CR_SKIN/SAFFL/-/-/count": (12, 15)})
    assert kinds(found) == ["definition"]
    assert found.causes[0].results == ("CR_SKIN/SAFFL/-/-/count",)


def test_what_another_sentence_of_the_paper_is_about_is_named() -> None:
    ends = ", low: 2, high: 12, printed: 2 to 12"
    claim = "kind: range, group: cr, variable: TTCR, " \
            "result: {low: TTCR/EVALFL/-/-/minimum_among_events, " \
            "high: TTCR/EVALFL/-/-/maximum_among_events}"  # fmt: skip
    own, other = "TTCR/EVALFL/-/-/{}_among_events", "TTCR_DLE_SCLE/EVALFL/-/-/{}_among_events"
    numbers = {
        own.format("minimum"): (2, 12), own.format("maximum"): (32, 12),
        other.format("minimum"): (2, 8), other.format("maximum"): (12, 8),
    }  # fmt: skip
    found = causes(claim + ends, numbers, beside=["R-42"])
    assert kinds(found) == ["definition"]
    assert found.causes[0].claims == ("R-42",)


def test_another_time_is_named() -> None:
    name = "SLEDAI_COURSE/SAFFL/-/{}/mean_visit"
    claim = "kind: mean, group: enrolled, variable: SLEDAI, at: week_2, printed: '2.1', " \
            f"value: 2.1, result: {name.format(2)}"  # fmt: skip
    found = causes(claim, {name.format(2): (3.4, 15), name.format(8): (2.1, 14)})
    assert kinds(found) == ["time"]
    assert "week 8" in found.causes[0].words


SHARE = "kind: percentage, group: arthritis, of: sle, value: 14, printed: 14%, " \
        "result: ARTHRITIS_SEEN/SAFFL/-/-/proportion"  # fmt: skip


def test_another_denominator_that_the_paper_prints_is_named() -> None:
    numbers = {"ARTHRITIS_SEEN/SAFFL/-/-/proportion": (1 / 6, 6)}
    found = causes(SHARE, numbers, beside=["R-15", "R-78"])
    assert kinds(found) == ["denominator"]
    assert found.causes[0].words.startswith("1 of 7 is 14%: R-78 ('seven patients') prints 7")
    assert kinds(causes(SHARE, numbers)) == []


def test_another_group_of_which_it_is_the_share_is_named() -> None:
    claim = "kind: percentage, group: cr, of: evaluable, value: 40, printed: 40%"
    adsl = "USUBJID | EVALFL\n" + "\n".join(f"S{n} | {'N' if n > 4 else 'Y'}" for n in WHO)
    adrs = "USUBJID | PARAMCD | AVALC\n" + "\n".join(
        f"S{n} | BESTRESP | {'CR' if n < 3 else 'PR'}" for n in WHO
    )
    found = causes(claim, adsl=adsl, adrs=adrs)
    assert found.ours == "50 %"
    assert "denominator" in kinds(found)
    assert found.causes[0].words.startswith("2 of 5 is 40%: as a share of ")


def test_another_test_is_named_with_how_many_were_tried() -> None:
    numbers = {P: (0.0002, 15), P.replace("paired_t", "signed_rank_exact"): (0.0031, 15)}
    found = causes(P_CLAIM.format("0.0031", "0.0031"), numbers, adqs=ADQS)
    assert kinds(found) == ["test"]
    assert "signed_rank" in found.causes[0].words


COURSE = "SLEDAI_CHANGES/SAFFL/-/{}/{}"


def over_visits(*p: float) -> Held:
    """A claim of no change at any visit, beside visits with these P values."""
    numbers = {}
    for at, value in enumerate(p):
        week = 4 * (at + 1)
        numbers[COURSE.format(week, "mean_change")] = (0.5, 15)
        numbers[COURSE.format(week, "p_paired_t")] = (value, 15)
    return causes(
        "kind: change, group: enrolled, variable: SLEDAI, at: follow_up, direction: none, "
        f"result: {COURSE.format('*', 'p_*')}",
        numbers,
    )


def test_of_a_claim_about_all_visits_those_are_named_at_which_it_is_not_so() -> None:
    found = over_visits(0.4, 0.02, 0.3, 0.6)
    (cause,) = found.causes
    assert (cause.kind, cause.results) == ("time", (COURSE.format(8, "p_paired_t"),))
    assert cause.words == "it is not as said at week 8; at the other 3 it is"
    assert over_visits(0.4, 0.02, 0.03, 0.04).causes == ()


def test_a_candidate_that_fits_only_when_cut_gives_way_to_one_that_fits_as_printed() -> None:
    numbers = {**OLDER, "AGE/EVALFL/-/-/median": (40.7, 14), "AGE/SAFFL/-/-/mean": (40.2, 15)}
    assert kinds(causes(AGE, numbers)) == ["centre"]


# -- one subject -----------------------------------------------------------------------------------


def test_a_count_that_is_off_by_one_says_who_it_could_be() -> None:
    claim = "kind: count, group: cr, of: evaluable, value: {}"
    adsl = "USUBJID\nS1\nS2\nS3"
    adrs = "USUBJID | PARAMCD | AVALC\nS1 | BESTRESP | CR\nS2 | BESTRESP | CR\nS3 | BESTRESP | PR"
    more, less = (causes(claim.format(n), adsl=adsl, adrs=adrs).causes for n in (3, 1))
    assert [(each.kind, each.subjects) for each in more] == [("one subject", ("S3",))]
    assert [(each.kind, each.subjects) for each in less] == [("one subject", ("S1", "S2"))]
    assert causes(claim.format(0), adsl=adsl, adrs=adrs).causes == ()


def test_all_but_one_says_who_the_one_is() -> None:
    claim = "kind: {}, group: cr, of: evaluable"
    adsl = "USUBJID\nS1\nS2\nS3"
    adrs = "USUBJID | PARAMCD | AVALC\nS1 | BESTRESP | {}\nS2 | BESTRESP | {}\nS3 | BESTRESP | {}"
    found = causes(claim.format("all"), adsl=adsl, adrs=adrs.format("CR", "PR", "CR"))
    assert [(each.kind, each.subjects) for each in found.causes] == [("one subject", ("S2",))]
    found = causes(claim.format("none"), adsl=adsl, adrs=adrs.format("PR", "PR", "CR"))
    assert [(each.kind, each.subjects) for each in found.causes] == [("one subject", ("S3",))]
    found = causes(claim.format("all"), adsl=adsl, adrs=adrs.format("PR", "PR", "CR"))
    assert found.causes == ()


def test_a_range_without_one_subject_names_him() -> None:
    found = waited("kind: range, group: cr, variable: TTCR, low: 2, high: 8, printed: 2 to 8")
    assert [(each.kind, each.subjects) for each in found.causes] == [("one subject", ("S5",))]
    assert found.causes[0].words == "without S5 it is what is printed: n = 4"


# -- nothing found, nothing recorded ---------------------------------------------------------------


def test_where_no_cause_is_found_it_is_said_what_was_looked_for() -> None:
    found = causes(AGE, OLDER)
    assert found.causes == ()
    assert found.no_cause.startswith("No cause found among: whether any data could give the number")
    assert "another rounding" in found.no_cause
    assert "another population" in found.no_cause


def test_what_agrees_is_not_explained() -> None:
    found = causes(AGE, {"AGE/SAFFL/-/-/median": (40, 15)})
    assert (found.verdict, found.causes, found.tried, found.no_cause) == ("same", (), (), "")


def test_of_what_is_not_recorded_the_table_and_its_form_items_are_named() -> None:
    claim = "kind: value, group: subject_15, variable: NEUTGR, value: 2, unit: grade"
    found = held(claim, absent=["lb"], explained=True)
    (cause,) = found.causes
    assert (found.verdict, cause.kind) == ("cannot be computed", "not recorded")
    assert cause.evidence[0].startswith("the snapshot has no lb.csv; ")


def test_of_whom_it_is_not_recorded_is_said_with_the_form_item() -> None:
    claim = "kind: none, group: neurological_symptoms, of: enrolled"
    adsl = "USUBJID | TRTSDT\nS1 | 2020-01-01\nS2 | 2020-01-01"
    found = held(claim, adsl=adsl, explained=True)
    (cause,) = found.causes
    assert cause.kind == "not recorded"
    assert any("neurology.new_symptoms: no answer" in line for line in cause.evidence)


def test_a_group_that_nothing_records_is_named() -> None:
    claim = "kind: comparison, group: enrolled, than: earlier_cohort, share: side_effects, " \
            "comparator: '<', not_computable: The other data are not here"  # fmt: skip
    (cause,) = held(claim, explained=True).causes
    assert cause.words == "The other data are not here"
    assert cause.evidence[0].startswith("no dataset and no form item holds who is in 'Patients of")
