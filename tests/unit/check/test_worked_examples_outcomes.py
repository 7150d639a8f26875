"""Worked examples: every kind of expectation can fail, and says what came out and why."""

from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest
from worked_example_studies import FIRST, differences_of, found_in, mistakes_in

from pilotage.check.worked_examples import worked_example_findings
from pilotage.study import load_study
from pilotage.study.load import builtin_studies

FALL = "29: {adverse_events.term: Fall, adverse_events.start: 29, adverse_events.serious: yes}"
COUNT = "NEUT: {value: 4.0, unit: 10*9/L, low: 1.8}"


@pytest.mark.parametrize(
    ("records", "expected", "said"),
    [
        (
            "-7: {demography.age: 17}",
            "eligible: yes",
            "eligible is 'no' (because IN01 is failed: Aged 18 years or more; AGE is 17), expected "
            "'yes'",
        ),
        (
            "29: {SCORE: 8}",
            "criteria: {IN02: failed}",
            "IN02 is 'passed' (because Symptom score of 4 or more; SCORE is 8), expected 'failed'",
        ),
        (
            "29: {SCORE: 8}",
            "waits_for: []",
            "eligibility waits for 'NEUT', expected none",
        ),
        (
            "29: {SCORE: 4}",
            "state: {RESPONSE: NR}",
            "RESPONSE is 'PR' (because recorded on 2024-04-01), expected 'NR'",
        ),
        (
            "29: {SCORE: 8}",
            "dosing: hold",
            "dosing is 'raise' (because no response after four weeks; WEEK is 4 and RESPONSE is "
            "'NR' and DOSE_STEP is '10 mg QD'), expected 'hold'",
        ),
        (
            "29: {SCORE: 0}",
            "step: 20 mg QD",
            "the step of dosing is '10 mg QD' (because complete response; RESPONSE is 'CR'), "
            "expected '20 mg QD'",
        ),
        (
            "",
            "missing: [WEEK]",
            "dosing misses 'RESPONSE' (because complete response; RESPONSE is unknown), expected "
            "'WEEK'",
        ),
        (
            "29: {SCORE: 0, history.pregnant: no, " + COUNT + "}",
            "entered: {20 mg QD: conforms}",
            "20 mg QD, when it is entered, is 'deviates' (because complete response), expected "
            "'conforms'",
        ),
        (
            "29: {NEUT: 0.9 10*9/L}",
            "stops: [pregnancy]",
            "reasons to stop are 'neutropenia of grade 3 or 4' (because NEUT.GRADE is 3), expected "
            "'pregnancy'",
        ),
        (
            "",
            "blocks: []",
            "reasons not to dispense are 'no blood count of the last 14 days' (because "
            "NEUT.AGE_DAYS is 35), expected none",
        ),
        (
            "-7: {visit: ENTRY}, 1: {visit: START}",
            "contacts: {due: [blood_count]}",
            "contacts that are due: 'WEEK_4', 'blood_count' (because Week 4, planned for "
            "2024-04-01; Blood count, planned for 2024-04-01), expected 'blood_count'",
        ),
        (
            "-7: {visit: ENTRY}, 1: {visit: START}, 29: {SCORE: 8}",
            "deviations: {ASSESSMENT MISSED: 0}",
            "ASSESSMENT MISSED is found 3 times (because Blood count, planned for 2024-03-11: "
            "missed;",
        ),
        (
            FALL,
            "reporting: {Fall: due}",
            "the report of 'Fall' is 'unknown' (because called serious, and not all criteria are "
            "answered (death, hospital); when the site learnt of it is not recorded), expected "
            "'due'",
        ),
        (FALL, "reporting: {}", "serious events are 'Fall', expected none"),
        ("", "reporting: {Fall: due}", "serious events are none, expected 'Fall'"),
        (
            FALL,
            "queries: []",
            "queries are 'Fall: called serious, and not all criteria are answered (death, "
            "hospital)', expected none",
        ),
        ("", "queries: [Fall]", "queries are none, expected 'Fall'"),
        (
            "29: {NEUT: 0.9 10*9/L}",
            "queries: [is grade 2]",
            "queries are 'Neutrophils 0.9 10*9/L is grade 3, and no adverse event is recorded for "
            "that day', expected 'is grade 2'",
        ),
    ],
)  # fmt: skip
def test_each_kind_of_expectation_can_fail(
    records: str, expected: str, said: str, tmp_path: Path
) -> None:
    (difference,) = differences_of(tmp_path, records=records, expect=expected)
    assert difference.startswith(said)


def test_what_comes_out_as_expected_is_no_finding(tmp_path: Path) -> None:
    records = (
        "-7: {visit: ENTRY}, 1: {visit: START}, "
        f"29: {{SCORE: 4, history.pregnant: no, {COUNT}}}"
    )
    expected = (
        "eligible: yes, criteria: {IN01: passed, EX02: passed}, waits_for: [], "
        "state: {RESPONSE: PR, SCORE.PCHG: -50, NEUT.GRADE: 0}, dosing: hold, step: 10 mg QD, "
        "missing: [], entered: {10 mg QD: conforms, 20 mg QD: deviates}, stops: [], blocks: [], "
        "contacts: {due: [WEEK_4], done: [ENTRY, START, blood_count]}, "
        "deviations: {ASSESSMENT MISSED: 3, VISIT MISSED: 0}"
    )
    assert differences_of(tmp_path, records=records, expect=expected) == []


def test_serious_events_and_queries_come_out_as_expected(tmp_path: Path) -> None:
    records = FALL.replace("}", ", NEUT: 0.9 10*9/L}")
    expected = "reporting: {Fall: unknown}, queries: [Neutrophils 0.9, not all criteria]"
    assert differences_of(tmp_path, records=records, expect=expected) == []


CLOCK = """\
pilotage: 1
day_one: 2010-03-01
examples:
  - name: She
    records:
      15:
        adverse_event.term: Fall
        adverse_event.began: 15
        adverse_event.serious: yes
        adverse_event.hospital: yes
        adverse_event.learnt: 2010-03-15T10:00
"""


@pytest.mark.parametrize(
    "reported, expected, said",
    [
        ("2010-03-16T10:00", "{status: reported in time, hours: 24}", []),
        (
            "2010-03-16T10:00",
            "{status: reported in time, hours: 23.9}",
            ["took 24 hours (because learnt 2010-03-15T10:00, reported 2010-03-16T10:00), "
             "expected 23.9"],
        ),
        (
            "2010-03-16T10",  # the hour is known, the minute is not
            "{status: unknown, hours: 24}",
            ["has left 24 to 24.9833 hours (because when exactly is not recorded), expected 24"],
        ),
        (
            "2010-03-16T10:01",
            "reported in time",
            ["is 'reported late' (because learnt 2010-03-15T10:00, reported 2010-03-16T10:01), "
             "expected 'reported in time'"],
        ),
        (None, "{status: overdue, hours: -14}", []),
        (
            None,
            "{status: overdue, hours: -13}",
            ["has left -14 hours (because learnt 2010-03-15T10:00), expected -13"],
        ),
    ],
)  # fmt: skip
def test_the_hours_of_a_report_are_compared_to_the_minute(
    reported: str | None, expected: str, said: list[str], tmp_path: Path
) -> None:
    ignored = ignore_patterns("cohort", "as_published")
    copy = copytree(builtin_studies()["lenalidomide_cle"], tmp_path / "copy", ignore=ignored)
    more = f"        adverse_event.reported: {reported}\n" if reported else ""
    expect = f"    expect: [{{on: 16, reporting: {{Fall: {expected}}}}}]\n"
    (copy / "worked_examples.yaml").write_text(CLOCK + more + expect, encoding="utf-8")
    found = [each.message for each in worked_example_findings(load_study(copy))]
    start = "She: on 2010-03-16 (study day 16) the report of 'Fall' "
    assert found == [start + words for words in said]


def test_only_what_is_named_is_compared(tmp_path: Path) -> None:
    (difference,) = differences_of(tmp_path, records="29: {SCORE: 8}", expect="dosing: lower")
    assert difference.startswith("dosing is 'raise'")


def test_every_difference_is_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    example = """\
- name: Second thoughts
  like: treated
  records: {29: {SCORE: 8}}
  expect:
  - on: 29
    dosing: hold
    state:
      WEEK: 8
  - on: 2024-04-02
    dosing: hold
- name: Another
  like: eligible
  expect: [{on: 1, dosing: start}]
"""
    at = FIRST + 4
    said = found_in(tmp_path, example)
    assert [words.partition(" is ")[0] for words in said] == [
        f"worked_examples.yaml:{at + 1}: Second thoughts: on 2024-04-01 (study day 29) dosing",
        f"worked_examples.yaml:{at + 3}: Second thoughts: on 2024-04-01 (study day 29) WEEK",
        f"worked_examples.yaml:{at + 5}: Second thoughts: on 2024-04-02 dosing",
    ]


# -- unknown stays unknown -------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_what_is_not_known_is_neither_yes_nor_no(answer: str, tmp_path: Path) -> None:
    (difference,) = differences_of(
        tmp_path, of="eligible", records="29: {SCORE: 8}", expect=f"eligible: {answer}"
    )
    assert difference.startswith("eligible is 'unknown' (because EX02 is unknown: ")
    assert difference.endswith(f"NEUT is unknown), expected '{answer}'")


def test_what_is_expected_to_be_unknown_may_not_be_known(tmp_path: Path) -> None:
    said = differences_of(
        tmp_path,
        records="29: {SCORE: 8}",
        expect="state: {RESPONSE: unknown, SCORE: unknown (too old)}, dosing: CANNOT ADVISE, "
        "blocks: CANNOT ADVISE",
    )
    assert [words.rpartition(", expected ")[2] for words in said] == [
        "'CANNOT ADVISE'", "'CANNOT ADVISE'", "'unknown'", "'unknown (too old)'",
    ]  # fmt: skip


def test_why_a_value_is_unknown_is_compared_where_it_is_said(tmp_path: Path) -> None:
    (difference,) = differences_of(
        tmp_path,
        records="29: {NEUT: {value: 0.9, unit: none}}",
        expect="state: {NEUT: unknown (too old), SCORE: unknown (too old), RESPONSE: unknown}",
    )
    assert difference == (
        "NEUT is 'unknown (no unit or value)' (because the record says 0.9 of 2024-04-01), "
        "expected 'unknown (too old)'"
    )


@pytest.mark.parametrize("stops", ["[]", "[pregnancy]"])
def test_no_reason_to_stop_is_only_said_where_every_reason_is_known(
    stops: str, tmp_path: Path
) -> None:
    (difference,) = differences_of(tmp_path, expect=f"stops: {stops}")
    assert difference.startswith("reasons to stop are 'CANNOT ADVISE' (because neutropenia")


def test_nothing_recorded_is_nothing_known(tmp_path: Path) -> None:
    expected = "eligible: unknown, criteria: {IN01: unknown}, state: {AGE: unknown (missing)}"
    example = f"- {{name: She, expect: [{{on: 1, {expected}}}]}}"
    assert mistakes_in(tmp_path, example) == []


def test_a_day_before_the_first_version_of_the_protocol_is_not_judged(tmp_path: Path) -> None:
    example = "- {name: She, like: eligible, expect: [{on: 2020-01-01, criteria: {IN01: passed}}]}"
    (difference,) = mistakes_in(tmp_path, example)
    assert "no version of the protocol was in force" in difference


# -- subjects --------------------------------------------------------------------------------------


def test_what_other_examples_record_changes_nothing(tmp_path: Path) -> None:
    her = "- {name: She, like: treated, expect: [{on: 29, deviations: {ASSESSMENT MISSED: 0}}]}\n"
    other = (
        "- name: He\n  like: treated\n  records: {9: {visit: unscheduled, "
        "adverse_events.term: Rash, adverse_events.start: 9, "
        "deviations.what: Missed, deviations.day: 9}}\n  expect: [{on: 9, dosing: CANNOT ADVISE}]\n"
    )
    alone, together = found_in(tmp_path, her), found_in(tmp_path, her + other)
    assert alone == together != []


def test_an_example_takes_over_what_its_start_says_but_for_what_it_says_itself(
    tmp_path: Path,
) -> None:
    example = """\
- name: Changed
  like: treated
  without: [NEUT, history.*]
  records: {-7: {demography.age: 50}, 20: {NEUT: 3.9 10*9/L}}
  doses: [{step: 20 mg QD, from: 1, to: 5}]
  expect:
  - {on: 1, state: {AGE: 50, SCORE: 8, NEUT: unknown (missing), history.pregnant: unknown}}
  - {on: 5, state: {DOSE_STEP: 20 mg QD}}
  - {on: 7, state: {DOSE_STEP: stop, PHASE: off treatment}}
  - {on: 20, state: {NEUT: 3.9}}
"""
    assert mistakes_in(tmp_path, example) == []


def test_a_date_is_the_study_day_that_falls_on_it(tmp_path: Path) -> None:
    example = """\
- name: By dates
  like: eligible
  records: {2024-04-01: {SCORE: 4}}
  doses: [{step: 10 mg QD, from: 2024-03-04}]
  expect:
  - {on: 29, state: {RESPONSE: PR}}
  - {on: 2024-04-01, state: {RESPONSE: PR}}
"""
    assert mistakes_in(tmp_path, example) == []


def test_units_are_converted_and_an_item_may_be_named_by_its_form(tmp_path: Path) -> None:
    records = "29: {blood_count.neut: 900 /uL, symptoms.score: 4}"
    expected = "state: {NEUT: 0.9, NEUT.GRADE: 3, RESPONSE: PR, blood_count.neut: 0.9}"
    assert differences_of(tmp_path, records=records, expect=expected) == []
