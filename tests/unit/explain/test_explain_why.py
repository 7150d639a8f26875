"""A name traced to its rows: how it comes about, rows of datasets, lines of the snapshot."""

import pytest
from explain_examples import built_in, case, dose, on, score, snapshot, treated, visits

from pilotage.explain import Trace, UnknownName, why
from pilotage.explain.why import trace

SCORES: dict[int, object] = {-7: 9, 1: 10, 29: 4}


def traced(name: str, at: int = 29, **tables: object) -> Trace:
    return trace(case(at, **(tables or treated(SCORES))), name)  # type: ignore[arg-type]


def places(found: Trace) -> list[str]:
    return [each.where for each in found.snapshot]


# -- names -----------------------------------------------------------------------------------------


def test_a_value_leads_to_its_line() -> None:
    found = traced("CLASIACT")
    assert found.answer == f"4 points, of {on(29)}"
    assert places(found) == ["qs.csv:4"]
    assert found.snapshot[0].cells["QSORRES"] == "4"
    assert [each.where for each in found.datasets] == ["ADQS S01.3"]


def test_a_baseline_leads_to_the_last_value_up_to_the_first_dose() -> None:
    assert traced("CLASIACT.BASE").answer == f"10 points, of {on(1)}"
    assert places(traced("CLASIACT.BASE")) == ["qs.csv:3"]


@pytest.mark.parametrize(
    "name, answer, how",
    [
        ("CLASIACT.CHG", "−6 points", "the value − the baseline: 4 − 10 = −6"),
        ("CLASIACT.PCHG", "−60 %", "100 × (the value − the baseline) / the baseline: "
                                   "100 × (4 − 10) / 10 = −60"),
    ],
)  # fmt: skip
def test_a_change_shows_its_sum_and_what_is_behind_it(name: str, answer: str, how: str) -> None:
    found = traced(name)
    assert found.answer == f"{answer}, of {on(29)}"
    assert found.how[0] == how
    assert [each.name for each in found.behind] == ["CLASIACT", "CLASIACT.BASE"]


def test_a_response_tries_its_categories_in_order() -> None:
    found = traced("RESPONSE")
    assert found.answer == f"PR, of {on(29)}"
    assert [step.what.rpartition(": ")[2] for step in found.steps] == ["no", "yes", "yes", "no"]
    assert [each.where for each in found.datasets] == ["ADRS S01.1"]
    assert places(found) == ["qs.csv:4"]


def test_a_grade_shows_its_rules_and_the_limits_that_came_with_the_value() -> None:
    found = traced("NEUT.GRADE")
    assert found.answer == f"0, of {on(29)}"
    assert "grade 3: VALUE < 1" in found.how
    assert found.snapshot[0].cells["LBORNRLO"] == "1.8"
    assert found.snapshot[0].where == "lb.csv:10"


def test_a_value_that_cannot_be_used_says_why() -> None:
    found = traced("CLASIACT", 60)
    assert found.mark == "unknown"
    assert found.answer == f"not known: too old (4 points of {on(29)}, 31 days old; at most 7 days)"
    assert places(found) == ["qs.csv:4"]


def test_a_total_leads_to_every_item() -> None:
    from pilotage.instruments import instruments

    items = instruments["clasi"].items
    rows = [{**score(29, min(item.allowed)), "QSTESTCD": item.code} for item in items]
    found = traced("CLASIACT", ex=[dose(1)], qs=[score(1, 10), *rows], sv=visits(1, 29))
    (dataset,) = found.datasets
    assert len(found.snapshot) > 20
    assert places(found)[0] == "qs.csv:3"
    assert dataset.cells["AVAL"] == found.answer.partition(" ")[0]


def test_a_phase_leads_to_every_dose_before_the_day() -> None:
    tables = treated({1: 10, 29: 0}, [dose(1, 28), dose(29, often="QOD")])
    found = traced("PHASE", 40, **tables)
    assert found.answer == "taper"
    assert [(step.what, step.why) for step in found.steps] == [
        (f"{on(1)}: 5 mg QD", "treatment"),
        (f"{on(29)}: 5 mg QOD", "taper"),
    ]
    assert places(found) == ["ex.csv:2", "ex.csv:3"]


def test_an_answer_of_a_supplement_leads_to_both_rows() -> None:
    supplement = [{"RDOMAIN": "DM", "QNAM": "RFICWRIT", "QVAL": "Y"}]
    found = traced("consent.signed", ex=[dose(1)], qs=[score(1, 10)], suppdm=supplement)
    assert places(found) == ["dm.csv:2", "suppdm.csv:2"]


# -- decisions -------------------------------------------------------------------------------------


def test_a_decision_about_the_dose_walks_its_table_up_to_the_row_that_answers() -> None:
    found = traced("dosing")
    assert found.answer.startswith("5 mg QD so far: not judged yet")
    assert "“Partial response: the dose is sustained”" in found.how
    assert [step.what for step in found.steps[:-1]] == [
        f"row {n} does not hold" for n in range(1, len(found.steps))
    ]
    assert found.steps[-1].what == f"row {len(found.steps)} holds"
    assert {"PHASE", "RESPONSE", "WEEK"} == {each.name for each in found.behind}


def test_the_walk_tells_conditions_and_never_what_a_row_would_do() -> None:
    found = traced("dosing", **treated({1: 10, 29: 10}))
    assert found.answer.startswith("5 mg QD so far: not judged yet")
    assert not any("raise" in step.why.lower() for step in found.steps)
    headings = {source.heading for step in found.steps for source in step.sources}
    assert not any("10 mg" in heading for heading in headings)


def test_reasons_to_stop_are_all_asked() -> None:
    tables = treated(SCORES)
    tables["lb"] = [{**row, "LBORRES": "0.9"} if row["LBTESTCD"] == "NEUT" else row
                    for row in tables["lb"]]  # fmt: skip
    found = traced("stopping", **tables)
    assert len(found.steps) == 9
    assert found.answer == "stop: Grade 3 myelosuppression: neutrophils"
    assert [each.name for each in found.behind] == ["NEUT.GRADE"]


def test_a_criterion_by_its_id() -> None:
    found = traced("in03", qs=[score(-7, 9)], at=-7)
    assert found.answer == "IN03 is not known"
    assert found.mark == "unknown"


@pytest.mark.parametrize(
    "name", ["eligibility", "dispensing", "activities", "deviations", "STOPPING"]
)
def test_every_decision_can_be_traced(name: str) -> None:
    assert traced(name).answer


# -- variables of datasets -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, answer, lines",
    [
        ("ADSL.TRTSDT", str(on(1)), ["ex.csv:2"]),
        ("trtsdt", str(on(1)), ["ex.csv:2"]),
        ("ADSL.RFICDT", "2019-12-23", ["dm.csv:2"]),
        ("ADSL.SAFFL", "Y", ["ex.csv:2"]),
        ("CLASIABL", "10", ["qs.csv:3"]),
        ("BESTRESP", f"PR, of {on(29)}", ["qs.csv:4"]),
        ("ADRS.OVRLRESP", f"PR, of {on(29)}", ["qs.csv:4"]),
        ("ADEX.DOSESTEP", "5 mg QD", ["ex.csv:2"]),
        ("ADTTE.TTCR", f"29, of {on(29)}", []),
    ],
)
def test_a_variable_leads_to_its_lines(name: str, answer: str, lines: list[str]) -> None:
    found = traced(name)
    assert found.answer == answer
    assert places(found) == lines


def test_the_last_contact_leads_to_every_row_of_that_date() -> None:
    found = traced("ADSL.LSTCNTDT", at=29)
    assert {place.partition(":")[0] for place in places(found)} == {
        "qs.csv", "lb.csv", "fa.csv", "sv.csv",
    }  # fmt: skip


def test_a_parameter_without_rows_says_so() -> None:
    assert traced("ADRS.RELAPSE").answer == "no row of the subject"


# -- what nobody knows -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, hint",
    [
        ("RESPONCE", "; did you mean 'RESPONSE'?"),
        ("NEUT.GRAD", "; did you mean 'NEUT.GRADE'?"),
        ("dosin", "; did you mean 'dosing'?"),
        ("IN3", "; did you mean 'IN03'?"),
        ("ADSL.TRTSTD", "; did you mean 'ADSL.TRTSDT'?"),
        ("qqqqqq", ""),
    ],
)
def test_an_unknown_name_names_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(UnknownName) as unknown:
        traced(name)
    assert unknown.value.hint.startswith(hint)
    assert bool(unknown.value.hint) == bool(hint)


def test_an_unknown_subject_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        why(built_in(), snapshot(), "S99", "RESPONSE")


def test_nothing_later_is_used() -> None:
    assert traced("BEST_RESPONSE", 28).mark == "unknown"
    assert traced("ADSL.TRTEDT", 20).answer == str(on(20))
