"""Who can have an event: not at risk, not known, and no event are three answers."""

import pytest
from analysis_examples import made, one, run, study, subjects, value

from pilotage.statistics.proportions import clopper_pearson
from pilotage.study.parameters_read import codes_read
from pilotage.study.sap import ProportionAnalysis

RELAPSE = {
    "kind": "proportion",
    "dataset": "ADTTE",
    "where": "PARAMCD == 'TTREL'",
    "event": "CNSR == 0",
    "missing": "left out",
}
TIMES = """
    USUBJID | PARAMCD | AVALWK | CNSR
    S1      | TTREL   | 3      | 0
    S2      | TTREL   | 9      | 1
    S3      | TTREL   |        |
    S4      | TTCR    | 20     | 1
"""


@pytest.mark.requirement("P-65")
def test_who_cannot_have_the_event_is_not_at_risk_and_not_unknown() -> None:
    results = run(RELAPSE, made(adsl=subjects(5), adtte=TIMES))
    assert [value(results, s) for s in ("count", "unknown", "not_at_risk")] == [1, 1, 2]
    row = one(results, "count")
    assert row["N"] == 2
    assert row["MISSING"] == (
        "2 not at risk (no 'Time from complete response to relapse'): left out; "
        "1 not known: left out"
    )
    counted = run({**RELAPSE, "missing": "no event"}, made(adsl=subjects(5), adtte=TIMES))
    assert (value(counted, "count"), one(counted, "count")["N"]) == (1, 3)


@pytest.mark.requirement("P-65", "P-87")
def test_a_count_of_rows_may_say_what_no_row_is() -> None:
    twice = {
        "kind": "proportion",
        "dataset": "ADRS",
        "where": "PARAMCD == 'RELAPSE'",
        "event": "AVAL >= 2",
        "missing": "left out",
    }
    rows = "USUBJID | PARAMCD | AVAL\nS1 | RELAPSE | 1\nS1 | RELAPSE | 2\nS2 | RELAPSE | 1"
    scores = "USUBJID | PARAMCD | AVAL\nS3 | CLASIACT | 5"
    datasets = made(adsl=subjects(3), adrs=rows, adqs=scores)
    found = {
        said: (value(results, "count"), value(results, "unknown"), one(results, "count")["N"])
        for said in ("not at risk", "not known", "no event")
        for results in [run({**twice, "without_row": said}, datasets)]
    }
    assert found == {"not at risk": (1, 0, 2), "not known": (1, 1, 2), "no event": (1, 0, 3)}


@pytest.mark.requirement("P-87")
def test_subjects_of_whom_it_is_not_asked_are_not_at_risk() -> None:
    adsl = """
        USUBJID | SAFFL | SUBTYPE
        S1      | Y     | DLE
        S2      | Y     | SCLE
        S3      | Y     | LEP
        S4      | Y     |
        S5      | N     | DLE
    """
    rows = "USUBJID | PARAMCD | AVALC\nS1 | BESTRESP | CR\nS2 | BESTRESP | PR\nS3 | BESTRESP | CR"
    response = {
        "kind": "proportion",
        "dataset": "ADRS",
        "event": "AVALC == 'CR'",
        "missing": "no event",
        "among": "SUBTYPE in ('DLE', 'SCLE')",
    }
    results = run(response, made(adsl=adsl, adrs=rows))
    row = one(results, "count")
    assert (row["VALUE"], row["N"]) == (1, 2)
    assert row["MISSING"] == (
        "0 not known: counted as no event; "
        "1 not at risk (not: Subtype is one of (DLE, SCLE)): left out; "
        "1 of whom it is not known whether they are at risk: left out"
    )
    (nobody,) = run({**response, "among": "SUBTYPE == 'ACLE'"}, made(adsl=adsl, adrs=rows)).rows(
        named=True
    )
    assert (nobody["VALUE"], nobody["N"], nobody["REASON"]) == (None, 0, "no subject at risk")


@pytest.mark.requirement("P-87")
def test_categories_may_leave_out_who_has_no_row() -> None:
    """Of three subjects two relapsed, one on an unknown dose."""
    doses = {"kind": "categories", "dataset": "ADRS", "variable": "DOSEBEF"}
    doses |= {"where": "PARAMCD == 'RELAPSE' and AVAL == 1", "without_row": "not at risk"}
    rows = "USUBJID|PARAMCD|AVAL|DOSEBEF\nS1|RELAPSE|1|5 mg QOD\nS1|RELAPSE|2|stop\nS2|RELAPSE|1|"
    results = run(doses, made(adsl=subjects(3), adrs=rows))
    assert (value(results, "count 5 mg QOD"), value(results, "proportion 5 mg QOD")) == (1, 0.5)
    assert (value(results, "count stop"), value(results, "count not known")) == (0, 1)
    assert one(results, "count 5 mg QOD")["MISSING"] == (
        "1 without a value: in n, counted as 'not known'; 1 not at risk (no 'Relapse'): left out"
    )


# -- several parameters ----------------------------------------------------------------------------

TOXIC = {
    "kind": "proportion",
    "dataset": "ADLB",
    "where": "PARAMCD in ('NEUT', 'PLAT') and AVAL is not missing",
    "event": "AVAL < 1",
    "missing": "left out",
}
COUNTS = """
    USUBJID | PARAMCD | AVAL
    S1      | NEUT    | 3
    S1      | PLAT    | 200
    S2      | NEUT    | 3
    S3      | PLAT    | 0.5
    S4      | NEUT    | 3
    S4      | PLAT    |
    S4      | WBC     | 5
"""


@pytest.mark.requirement("P-36", "P-54")
def test_no_toxicity_is_known_only_where_every_cell_line_was_measured() -> None:
    """S2 and S4 have no platelets; S3 has no neutrophils, but one low line is enough for yes."""
    results = run(TOXIC, made(adsl=subjects(4), adlb=COUNTS))
    assert (value(results, "count"), value(results, "unknown")) == (1, 2)
    assert one(results, "count")["N"] == 2


@pytest.mark.requirement("P-54")
def test_a_lower_bound_reaches_up_to_where_all_who_are_not_known_had_the_event() -> None:
    """As above; S5 was never measured. To leave out who is not known would give 1 of 2."""
    bound = {**TOXIC, "missing": "lower bound"}
    results = run(bound, made(adsl=subjects(5), adlb=COUNTS))
    row = one(results, "count")
    assert (row["VALUE"], row["N"]) == (1, 5)
    words = "3 not known: counted as no event, so that the proportion is a lower bound"
    assert row["MISSING"] == words
    # the three who may have had it can make it 4 of 5: the interval must not exclude that
    assert value(results, "proportion") == 0.2
    assert value(results, "clopper_pearson_low") == clopper_pearson(1, 5).low
    assert value(results, "clopper_pearson_high") == clopper_pearson(4, 5).high
    method = "Clopper-Pearson 95 %, with 3 not known as events"
    assert one(results, "clopper_pearson_high")["METHOD"] == method


@pytest.mark.requirement("P-60")
@pytest.mark.parametrize(
    ("where", "unknown"),
    [("PARAMCD == 'NEUT' and AVAL is not missing", 2), (TOXIC["where"], 3)],
)
def test_whether_a_proportion_is_a_lower_bound_is_the_word_of_the_plan(where, unknown) -> None:
    """Whatever the number of parameters: a response that is missing may count as none without
    widening the interval, and a single test may be bounded."""
    datasets = made(adsl=subjects(5), adlb=COUNTS)
    plain = run({**TOXIC, "where": where, "missing": "no event"}, datasets)
    bounded = run({**TOXIC, "where": where, "missing": "lower bound"}, datasets)
    events = value(plain, "count")
    for name in ("count", "unknown", "proportion", "clopper_pearson_low", "wilson_low"):
        assert value(plain, name) == value(bounded, name)
    assert value(plain, "unknown") == unknown
    assert one(plain, "count")["MISSING"] == f"{unknown} not known: counted as no event"
    assert value(plain, "clopper_pearson_high") == clopper_pearson(int(events), 5).high
    assert value(bounded, "clopper_pearson_high") == clopper_pearson(int(events) + unknown, 5).high


def test_a_lower_bound_of_which_everything_is_known_is_the_proportion_itself() -> None:
    rows = "USUBJID | PARAMCD | AVAL\nS1 | NEUT | 0.5\nS2 | NEUT | 3"
    one_line = {**TOXIC, "where": "PARAMCD == 'NEUT'", "missing": "lower bound"}
    results = run(one_line, made(adsl=subjects(2), adlb=rows))
    assert value(results, "unknown") == 0
    assert value(results, "clopper_pearson_high") == clopper_pearson(1, 2).high
    assert one(results, "clopper_pearson_high")["METHOD"] == "Clopper-Pearson 95 %"


def test_a_lower_bound_needs_one_value_that_answers() -> None:
    """Platelets were counted before the start only: 0 of 2 would say that nobody was toxic."""
    where = "PARAMCD in ('NEUT', 'PLAT') and AVISITN > 0 and AVAL is not missing"
    bound = {**TOXIC, "where": where, "missing": "lower bound"}
    before = "USUBJID | PARAMCD | AVISITN | AVAL\nS1 | PLAT | 0 | 200\nS2 | PLAT | 0 | 200"
    (row,) = run(bound, made(adsl=subjects(2), adlb=before)).rows(named=True)
    assert (row["STATISTIC"], row["STATUS"]) == ("count", "not computed")
    assert row["REASON"] == "nobody has a value of NEUT or PLAT that answers"
    after = before + "\nS1 | PLAT | 2 | 200"
    results = run(bound, made(adsl=subjects(2), adlb=after))
    assert (value(results, "count"), value(results, "unknown")) == (0, 2)


def test_no_proportion_over_several_tests_leaves_out_who_lacks_one() -> None:
    for analysis in study().sap.analyses:
        if isinstance(analysis, ProportionAnalysis) and analysis.dataset in ("ADLB", "ADQS"):
            several = len(codes_read(analysis, study().protocol)) > 1
            assert not several or analysis.missing == "lower bound", analysis.id


def test_of_one_parameter_its_own_rows_are_enough() -> None:
    one_line = {**TOXIC, "where": "PARAMCD == 'NEUT' and AVAL is not missing"}
    results = run(one_line, made(adsl=subjects(4), adlb=COUNTS))
    assert (value(results, "count"), value(results, "unknown")) == (0, 1)


def test_parameters_are_read_off_any_form_of_the_condition() -> None:
    for where in (
        "(PARAMCD == 'NEUT' or PARAMCD == 'PLAT') and AVAL is not missing",
        "AVAL is not missing and not PARAMCD not in ('PLAT', 'NEUT')",
    ):
        results = run({**TOXIC, "where": where}, made(adsl=subjects(4), adlb=COUNTS))
        assert (value(results, "count"), value(results, "unknown")) == (1, 2), where
