"""Counts of subjects, with numbers worked out by hand."""

import math

import pytest
from analysis_examples import made, one, run, subjects, value

CR = {
    "kind": "proportion",
    "dataset": "ADRS",
    "where": "PARAMCD == 'BESTRESP'",
    "event": "AVALC == 'CR'",
    "missing": "no event",
}
BEST = """
    USUBJID | PARAMCD  | AVALC
    --------+----------+------
    S1      | BESTRESP | CR
    S2      | BESTRESP | PR
    S3      | BESTRESP | CR
    S4      | BESTRESP |
    S4      | OVRLRESP | CR
"""


@pytest.mark.requirement("P-60", "P-70")
def test_missing_counts_as_no_event_or_is_left_out() -> None:
    datasets = made(adsl=subjects(5), adrs=BEST)  # S4 has no category, S5 no row
    counted = run(CR, datasets)
    assert (value(counted, "count"), value(counted, "unknown")) == (2, 2)
    assert (value(counted, "proportion"), one(counted, "count")["N"]) == (2 / 5, 5)
    left_out = run({**CR, "missing": "left out"}, datasets)
    assert (value(left_out, "count"), value(left_out, "unknown")) == (2, 2)
    assert (value(left_out, "proportion"), one(left_out, "count")["N"]) == (2 / 3, 3)


def test_a_result_says_how_missing_values_were_counted() -> None:
    datasets = made(adsl=subjects(5), adrs=BEST)
    assert one(run(CR, datasets), "count")["MISSING"] == "2 not known: counted as no event"
    left_out = run({**CR, "missing": "left out"}, datasets)
    assert one(left_out, "count")["MISSING"] == "2 not known: left out"


@pytest.mark.requirement("P-60", "P-86")
def test_intervals_are_exact_and_wilson() -> None:
    """By their definitions: at an exact bound the tail beyond 2 of 5 is 2.5 %; Wilson's bounds are
    1.96 standard errors, as they are at the bound, away from 2/5."""
    results = run(CR, made(adsl=subjects(5), adrs=BEST))
    low, high = value(results, "clopper_pearson_low"), value(results, "clopper_pearson_high")
    assert sum(binomial(k, low) for k in (2, 3, 4, 5)) == pytest.approx(0.025, abs=1e-12)
    assert sum(binomial(k, high) for k in (0, 1, 2)) == pytest.approx(0.025, abs=1e-12)
    for bound in (value(results, "wilson_low"), value(results, "wilson_high")):
        error = math.sqrt(bound * (1 - bound) / 5)
        assert abs(bound - 2 / 5) == pytest.approx(1.959963984540054 * error, abs=1e-12)
    assert one(results, "wilson_low")["METHOD"] == "Wilson 95 %"


def binomial(events: int, share: float) -> float:
    """The probability of so many events among 5."""
    return math.comb(5, events) * share**events * (1 - share) ** (5 - events)


@pytest.mark.requirement("P-87")
def test_a_zero_carries_its_exact_upper_bound() -> None:
    none = "USUBJID | PARAMCD | AVALC\n" + "\n".join(f"S{n} | BESTRESP | NR" for n in range(1, 16))
    results = run(CR, made(adsl=subjects(15), adrs=none))
    assert (value(results, "count"), value(results, "clopper_pearson_low")) == (0, 0)
    assert value(results, "clopper_pearson_high") == pytest.approx(0.2180194, abs=1e-7)


def test_a_subject_with_several_rows_counts_once() -> None:
    rows = "USUBJID | PARAMCD | AVALC\nS1 | BESTRESP | CR\nS1 | BESTRESP | CR\nS2 | BESTRESP | NR"
    results = run(CR, made(adsl=subjects(2), adrs=rows))
    assert (value(results, "count"), value(results, "proportion")) == (1, 0.5)


def test_one_known_event_outweighs_an_unknown_row_and_no_known_row_does() -> None:
    rows = """
        USUBJID | PARAMCD  | AVALC
        S1      | BESTRESP |
        S1      | BESTRESP | CR
        S2      | BESTRESP |
        S2      | BESTRESP | NR
    """
    results = run(CR, made(adsl=subjects(2), adrs=rows))
    assert (value(results, "count"), value(results, "unknown")) == (1, 1)


def test_where_no_subject_is_known_there_is_no_proportion() -> None:
    adsl = "USUBJID | SAFFL\nS1 | N\nS5 | Y\nS6 | Y"
    results = run({**CR, "missing": "left out"}, made(adsl=adsl, adrs=BEST))
    assert (value(results, "count"), value(results, "unknown"), one(results, "count")["N"]) == (
        0, 2, 0,
    )  # fmt: skip
    for statistic in ("proportion", "clopper_pearson_low", "wilson_high"):
        row = one(results, statistic)
        assert (row["VALUE"], row["STATUS"]) == (None, "not computed")
        assert row["REASON"]


@pytest.mark.requirement("P-63", "P-64", "P-82")
def test_in_a_dataset_of_events_no_row_is_no_event() -> None:
    serious = {
        "kind": "proportion",
        "dataset": "ADAE",
        "where": "TRTEMFL == 'Y'",
        "event": "AESER == 'Y'",
        "missing": "no event",
    }
    rows = """
        USUBJID | TRTEMFL | AESER
        S1      | Y       | Y
        S2      | Y       | N
        S3      | N       | Y
        S4      |         | Y
        S5      |         | N
        S6      | Y       |
    """
    results = run(serious, made(adsl=subjects(7), adae=rows))
    # S4: perhaps under treatment, and serious; S6: under treatment, perhaps serious; S7 had none
    assert (value(results, "count"), value(results, "unknown")) == (1, 2)
    assert one(results, "count")["N"] == 7


def test_a_row_that_may_not_belong_to_the_analysis_answers_nothing() -> None:
    """A value of unknown day is neither an event nor the lack of one."""
    toxic = {
        "kind": "proportion",
        "dataset": "ADLB",
        "where": "AVISITN >= 2",
        "event": "AVAL < 1",
        "missing": "left out",
    }
    rows = "USUBJID | AVISITN | AVAL\nS1 | | 0.5\nS2 | | 3\nS3 | 2 | 3\nS3 | | 0.5\nS4 | 2 | 0.5"
    results = run(toxic, made(adsl=subjects(4), adlb=rows))
    assert (value(results, "count"), value(results, "unknown")) == (1, 3)


def test_a_record_without_the_flag_of_the_chosen_record_is_known_not_to_be_chosen() -> None:
    chosen = {
        "kind": "proportion",
        "dataset": "ADQS",
        "where": "ANL01FL == 'Y'",
        "event": "AVAL == 0",
        "missing": "left out",
    }
    rows = "USUBJID | ANL01FL | AVAL\nS1 | Y | 5\nS1 | | 0\nS2 | Y | 0"
    results = run(chosen, made(adsl=subjects(2), adqs=rows))
    assert (value(results, "count"), value(results, "unknown")) == (1, 0)


@pytest.mark.requirement("P-87")
def test_groups_are_counted_apart_and_the_unknown_group_too() -> None:
    adsl = """
        USUBJID | SAFFL | SUBTYPE
        S1      | Y     | DLE
        S2      | Y     | DLE
        S3      | Y     | LEP
        S4      | Y     |
        S5      | N     | LEP
    """
    results = run({**CR, "by": "SUBTYPE"}, made(adsl=adsl, adrs=BEST))
    counts = {
        level: (value(results, "count", LEVEL=level), one(results, "count", LEVEL=level)["N"])
        for level in ("DLE", "LEP", "not known")
    }
    assert counts == {"DLE": (1, 2), "LEP": (1, 1), "not known": (0, 1)}
    assert set(results["GROUP"]) == {"SUBTYPE"}


@pytest.mark.requirement("P-60")
def test_each_population_stands_apart() -> None:
    adsl = "USUBJID | SAFFL | EVALFL\nS1 | Y | Y\nS2 | Y | N\nS3 | Y |\nS4 | N | N"
    results = run({**CR, "populations": ["SAFFL", "EVALFL"]}, made(adsl=adsl, adrs=BEST))
    assert value(results, "count", POPULATION="SAFFL") == 2
    assert value(results, "count", POPULATION="EVALFL") == 1
    row = one(results, "count", POPULATION="EVALFL")
    assert row["N"] == 1
    assert row["MISSING"] == (
        "0 not known: counted as no event; "
        "1 of whom it is not known whether they belong to the population: left out"
    )


# -- categories ------------------------------------------------------------------------------------

CATEGORIES = {"kind": "categories", "dataset": "ADRS", "variable": "AVALC"}


@pytest.mark.requirement("P-70")
def test_subjects_are_counted_in_each_category_and_without_one() -> None:
    rows = "USUBJID | AVALC\nS1 | CR\nS2 | PR\nS3 | CR\nS4 |"
    results = run(CATEGORIES, made(adsl=subjects(5), adrs=rows))
    assert dict(results.select("STATISTIC", "VALUE").rows()) == {
        "count CR": 2,
        "proportion CR": 0.4,
        "count PR": 1,
        "proportion PR": 0.2,
        "count not known": 2,
    }
    assert set(results["N"]) == {5}


def test_a_subject_may_be_in_two_categories_but_in_each_only_once() -> None:
    rows = "USUBJID | AVALC\nS1 | CR\nS1 | CR\nS1 | PR\nS2 | PR"
    results = run(CATEGORIES, made(adsl=subjects(2), adrs=rows))
    assert (value(results, "count CR"), value(results, "count PR")) == (1, 2)


def test_numbers_are_categories_too() -> None:
    adsl = "USUBJID | SAFFL | NCYCLES\nS1 | Y | 1\nS2 | Y | 2\nS3 | Y | 1"
    analysis = {"kind": "categories", "dataset": "ADSL", "variable": "NCYCLES"}
    results = run(analysis, made(adsl=adsl))
    assert (value(results, "count 1"), value(results, "count 2")) == (2, 1)


def test_a_category_that_is_called_not_known_is_not_taken_for_a_missing_one() -> None:
    rows = "USUBJID | AVALC\nS1 | not known\nS2 |"
    results = run(CATEGORIES, made(adsl=subjects(2), adrs=rows))
    assert dict(results.filter(results["STATISTIC"].str.starts_with("count")).select(
        "STATISTIC", "VALUE").rows()) == {"count 'not known'": 1, "count not known": 1}  # fmt: skip


@pytest.mark.requirement("P-62", "P-70")
def test_a_category_that_nobody_is_in_counts_0_in_the_order_of_the_study() -> None:
    best = {**CATEGORIES, "where": "PARAMCD == 'BESTRESP'"}
    results = run(best, made(adsl=subjects(5), adrs=BEST))
    counts = results.filter(results["STATISTIC"].str.starts_with("count"))
    assert counts.select("STATISTIC", "VALUE").rows() == [
        ("count CR", 2), ("count PR", 1), ("count MR", 0), ("count NR", 0), ("count not known", 2),
    ]  # fmt: skip
    assert (value(results, "proportion NR"), one(results, "count NR")["SOURCES"]) == (0, None)
    assert set(results["MISSING"]) == {"2 without a value: in n, counted as 'not known'"}


@pytest.mark.requirement("P-80")
@pytest.mark.parametrize(
    "variable, answers",
    [("SUBTYPE", ["ACLE", "SCLE", "DLE", "LEP", "LET"]), ("SLE", ["Y", "N"]), ("SEX", ["F", "M"])],
)
def test_the_answers_that_a_form_offers_are_categories(variable: str, answers: list[str]) -> None:
    adsl = f"USUBJID | SAFFL | {variable}\nS1 | Y | {answers[0]}\nS2 | Y | OTHER"
    results = run({**CATEGORIES, "dataset": "ADSL", "variable": variable}, made(adsl=adsl))
    counts = results.filter(results["STATISTIC"].str.starts_with("count"))
    names = [name.removeprefix("count ") for name in counts["STATISTIC"]]
    assert names == [*answers, *(["U"] if variable == "SEX" else []), "OTHER"]
    assert value(results, f"count {answers[1]}") == 0


# -- events ----------------------------------------------------------------------------------------

EVENTS = {"kind": "events", "dataset": "ADAE", "where": "TRTEMFL == 'Y'", "term": "AETERM"}
ADAE = """
    USUBJID | TRTEMFL | AETERM
    S1      | Y       | RASH
    S1      | Y       | RASH
    S2      | Y       | RASH
    S2      | Y       | FEVER
    S3      | N       | FEVER
    S3      |         | FEVER
"""


@pytest.mark.requirement("P-82")
def test_events_and_subjects_are_counted_in_all_and_by_term() -> None:
    results = run(EVENTS, made(adsl=subjects(4), adae=ADAE))
    counts = {
        level: (value(results, "subjects", LEVEL=level), value(results, "events", LEVEL=level))
        for level in ("any", "RASH", "FEVER")
    }
    assert counts == {"any": (2, 4), "RASH": (2, 3), "FEVER": (1, 1)}
    assert value(results, "proportion", LEVEL="any") == 0.5
    assert one(results, "subjects", LEVEL="any")["MISSING"] == (
        "1 events of which it is not known whether they belong here: left out; "
        "without a recorded event: counted as no event"
    )


def test_without_an_event_zero_is_counted() -> None:
    results = run(EVENTS, made(adsl=subjects(4)))
    assert value(results, "subjects", LEVEL="any") == 0
    assert value(results, "clopper_pearson_high", LEVEL="any") == pytest.approx(1 - 0.025**0.25)


@pytest.mark.requirement("P-63")
def test_a_severity_that_no_event_had_counts_0() -> None:
    rows = "USUBJID | AESEV\nS1 | MILD\nS1 | FATAL"
    results = run({**EVENTS, "where": None, "term": "AESEV"}, made(adsl=subjects(2), adae=rows))
    counts = results.filter(results["STATISTIC"] == "events").select("LEVEL", "VALUE").rows()
    assert counts == [("any", 2), ("MILD", 1), ("MODERATE", 0), ("SEVERE", 0), ("FATAL", 1)]


@pytest.mark.parametrize(
    "level, written", [(0.95, "95 %"), (0.975, "97.5 %"), (0.9, "90 %"), (0.9995, "99.95 %")]
)
def test_a_level_keeps_its_digits(level: float, written: str) -> None:
    results = run({**EVENTS, "level": level}, made(adsl=subjects(4), adae=ADAE))
    row = one(results, "clopper_pearson_low", LEVEL="any")
    assert row["METHOD"] == f"Clopper-Pearson {written}"
    upper = run({**EVENTS, "level": level}, made(adsl=subjects(4)))
    tail = (1 - level) / 2
    assert value(upper, "clopper_pearson_high", LEVEL="any") == pytest.approx(1 - tail**0.25)


def test_a_term_that_is_missing_or_called_any_has_a_level_of_its_own() -> None:
    rows = "USUBJID | TRTEMFL | AETERM\nS1 | Y | any\nS2 | Y |\nS2 | Y | not known"
    results = run(EVENTS, made(adsl=subjects(2), adae=rows))
    levels = dict(results.filter(results["STATISTIC"] == "events").select("LEVEL", "VALUE").rows())
    assert levels == {"any": 3, "'any'": 1, "not known": 1, "'not known'": 1}


def test_events_in_groups_have_group_and_term_as_their_level() -> None:
    adsl = "USUBJID | SAFFL | SUBTYPE\nS1 | Y | DLE\nS2 | Y | LEP"
    results = run({**EVENTS, "by": "SUBTYPE"}, made(adsl=adsl, adae=ADAE))
    assert value(results, "events", LEVEL="DLE: RASH") == 2
    assert value(results, "events", LEVEL="LEP: any") == 2
    assert results["RESULTID"].is_unique().all()
