"""Of whom an item was not asked is in no denominator, and never unknown."""

import pytest
from analysis_examples import made, one, run, study, table, value

from pilotage.analysis.asked import not_asked

FACTS = """
    USUBJID | SAFFL | SEX | SUBTYPE | PRTHAL | THALNOEF | THALSEV | THALEFF | MENSCHNG
    S1      | Y     | F   | DLE     | Y      | Y        | N       |         | Y
    S2      | Y     | F   | DLE     | Y      | N        | Y       | BOTH    | N
    S3      | Y     | F   | SCLE    | N      |          |         |         |
    S4      | Y     | F   |         |        |          |         |         | N
    S5      | Y     | M   | LEP     | Y      |          | Y       |         |
    S6      | Y     | F   | LEP     | N      | Y        |         |         | N
"""
"""S3 and S6 never had the drug; S6 has an answer all the same. Of S4 nothing is known; of S5, a
man, the second question was left open."""


def left_out(*names: str) -> dict[str, list[str]]:
    found = not_asked(names, study().protocol, table(FACTS))
    return {name: sorted(subjects) for name, subjects in found.items()}


@pytest.mark.requirement("P-15", "P-80")
def test_who_was_not_asked_follows_from_the_condition_of_the_item() -> None:
    assert left_out("THALNOEF", "THALSEV") == {"THALNOEF": ["S3"], "THALSEV": ["S3", "S6"]}


def test_an_item_that_depends_on_one_that_was_not_asked_was_not_asked_either() -> None:
    """S1 answered that it was not severe; S3 and S6 were not even asked that."""
    assert left_out("THALEFF") == {"THALEFF": ["S1", "S3", "S6"]}


def test_an_item_may_depend_on_the_demography() -> None:
    assert left_out("MENSCHNG") == {"MENSCHNG": ["S5"]}


def test_an_item_without_a_condition_and_a_column_without_an_item_are_asked_of_everybody() -> None:
    assert left_out("PRTHAL", "SUBTYPE", "SEX", "SAFFL", "AGE") == {}


@pytest.mark.requirement("P-15", "P-80")
def test_a_proportion_leaves_out_who_was_not_asked_and_counts_who_did_not_answer() -> None:
    asked = {"kind": "proportion", "dataset": "ADSL", "event": "THALNOEF == 'Y'"}
    results = run({**asked, "missing": "no event"}, made(adsl=FACTS))
    row = one(results, "count")
    # asked: S1, S2, S5 and S6; perhaps S4, who stays
    assert (row["VALUE"], row["N"]) == (2, 5)
    assert row["MISSING"] == (
        "1 not asked (Thalidomide without effect not applicable): left out; "
        "2 not known: counted as no event"
    )
    assert [value(results, s) for s in ("unknown", "not_at_risk")] == [2, 1]
    fewer = run({**asked, "missing": "left out"}, made(adsl=FACTS))
    assert (value(fewer, "count"), one(fewer, "count")["N"]) == (2, 3)


def test_an_answer_that_the_other_items_give_stands() -> None:
    """Of S3 the drug is known not to have been taken: that is an answer without the second."""
    both = {"kind": "proportion", "dataset": "ADSL", "missing": "left out"}
    both["event"] = "PRTHAL == 'Y' and THALNOEF == 'Y'"
    results = run(both, made(adsl=FACTS))
    assert (value(results, "count"), one(results, "count")["N"]) == (1, 4)
    assert "not asked" not in one(results, "count")["MISSING"]


@pytest.mark.requirement("P-15", "P-87")
def test_a_group_of_whom_it_was_not_asked_is_not_the_unknown_group() -> None:
    rows = "USUBJID | PARAMCD | AVALC\n" + "\n".join(f"S{n} | BESTRESP | CR" for n in range(1, 7))
    response = {"kind": "proportion", "dataset": "ADRS", "event": "AVALC == 'CR'"}
    response |= {"missing": "no event", "by": "THALNOEF"}
    results = run(response, made(adsl=FACTS, adrs=rows))
    counts = {
        level: one(results, "count", LEVEL=level)["N"]
        for level in ("Y", "N", "not known", "not applicable")
    }
    assert counts == {"Y": 2, "N": 1, "not known": 2, "not applicable": 1}


def test_a_value_that_reads_like_our_word_stands_in_quotes() -> None:
    adsl = "USUBJID | SAFFL | SUBTYPE\nS1 | Y | not applicable"
    rows = "USUBJID | PARAMCD | AVALC\nS1 | BESTRESP | CR"
    response = {"kind": "proportion", "dataset": "ADRS", "event": "AVALC == 'CR'"}
    results = run({**response, "missing": "no event", "by": "SUBTYPE"}, made(adsl=adsl, adrs=rows))
    assert set(results["LEVEL"]) == {"'not applicable'"}


def test_categories_have_no_place_for_who_was_not_asked() -> None:
    effects = {"kind": "categories", "dataset": "ADSL", "variable": "THALEFF"}
    results = run(effects, made(adsl=FACTS))
    assert set(results["N"]) == {3}
    assert (value(results, "count BOTH"), value(results, "count not known")) == (1, 2)
    assert one(results, "count BOTH")["MISSING"] == (
        "2 without a value: in n, counted as 'not known'; "
        "3 not asked (Severe effect of thalidomide not applicable): left out"
    )


def test_where_nobody_is_asked_that_is_said_before_that_nobody_has_a_value() -> None:
    kinds = {"kind": "categories", "dataset": "ADSL", "variable": "SUBTYPE"}
    adsl = "USUBJID | SAFFL | SEX | SUBTYPE\nS1 | Y | F | "
    for among, said in (("SEX == 'M'", "no subject asked"), ("SEX == 'F'", "no value of SUBTYPE")):
        (row,) = run({**kinds, "among": among}, made(adsl=adsl)).rows(named=True)
        assert row["REASON"].startswith(said)


@pytest.mark.requirement("P-01")
def test_reasons_of_screen_failures_are_counted_as_they_were_written_down() -> None:
    why = {"kind": "categories", "dataset": "ADSL", "variable": "DCSREASP", "among": "SEX == 'F'"}
    adsl = "USUBJID | SAFFL | SEX | DCSREASP\nS1 | Y | F | IN03 not met\nS2 | Y | F |\nS3 | Y | M |"
    results = run(why, made(adsl=adsl))
    assert (value(results, "count IN03 not met"), value(results, "count not known")) == (1, 1)
    bare = made(columns={"ds": frozenset({"DSDECOD"})}, adsl=adsl)
    (row,) = run(why, bare).rows(named=True)
    assert (row["STATUS"], row["REASON"]) == (
        "not collected",
        "the table ds of the snapshot has no column DSTERM, from which DCSREASP is taken",
    )


@pytest.mark.requirement("P-15", "P-80")
def test_the_built_in_plan_counts_effects_of_a_drug_among_those_who_took_it() -> None:
    for analysis in study().sap.analyses:
        if analysis.id.startswith("THALIDOMIDE_"):
            assert str(analysis.among) == "PRTHAL == 'Y'", analysis.id
        if analysis.id.startswith("DLE_"):
            assert str(analysis.among) == "SUBTYPE == 'DLE'", analysis.id
