"""Mistakes in worked_examples.yaml: all at once, each with its line."""

from pathlib import Path

import pytest
from worked_example_studies import FIRST, HEAD, found_in, mistakes_in, study_with

from pilotage.check import study_findings, study_may_go_live
from pilotage.check.worked_examples import examples_that_hold, worked_example_findings
from pilotage.study import load_study
from pilotage.study.worked_examples import (
    Example,
    Expectation,
    Reported,
    TakenDose,
    WorkedExamples,
)

RECORDED = [
    ("NEUTS: 4", "'NEUTS' is neither an item of a form nor a parameter; did you mean 'NEUT'?"),
    (
        "history.pregant: no",
        "'history.pregant' is neither an item of a form nor a parameter; did you mean "
        "'history.pregnant'?",
    ),
    (
        "NEUT: 3.5",
        "'3.5' has no unit; write one, as in '3.5 10*9/L', or {value: 3.5, unit: none}",
    ),
    ("NEUT: 3.5 parsecs", "the unit 'parsecs' does not convert to '10*9/L'"),
    (
        "NEUT: {value: 3.5, unit: g/L}",
        "the unit 'g/L' does not convert to '10*9/L'",
    ),
    ("NEUT: {value: 3.5}", "records.5.NEUT needs 'unit'"),
    (
        "NEUT: haemolysed",
        "'haemolysed' is no number with a unit, such as '4.5 10*9/L'; what a laboratory writes "
        "instead is {value: …, unit: none}",
    ),
    ("SCORE: 11", "11 is outside the range of SCORE, 0 to 10"),
    ("SCORE: 3.5", "3.5 is no whole number, as SCORE must be"),
    ("SCORE: 3 points", "'3 points' is no score; write a number, without a unit"),
    ("symptoms.score: 11", "11 is outside the range of SCORE, 0 to 10"),
    ("demography.age: 17.5", "17.5 is no whole number"),
    (
        "demography.age: old",
        "'old' is no number; what a laboratory writes instead is {value: …, unit: none}",
    ),
    ("demography.sex: W", "'W' is none of its answers"),
    ("history.pregnant: maybe", "'maybe' is none of its answers"),
    ("history.pregnant: true", "'history.pregnant' is true; it must be "),
    ("demography.consent: 0", "'0' is neither a date nor a study day"),
    ("demography.consent: 2024-02-30", "'2024-02-30' is neither a date nor a study day"),
    ("visit: WEEK4", "'WEEK4' is no visit of the schedule; did you mean 'WEEK_4'?"),
]

EXPECTED = [
    ("eligible: maybe", "'eligible' is 'maybe'; it must be 'yes', 'no' or 'unknown'"),
    ("criteria: {IN1: passed}", "'IN1' is no criterion; did you mean 'IN01'?"),
    (
        "criteria: {IN01: true}",
        "'IN01' is true; it must be 'passed', 'failed' or 'unknown'",
    ),
    ("waits_for: [NEUTS]", "'NEUTS' is no name of the study; did you mean 'NEUT'?"),
    ("missing: [RESPONS]", "'RESPONS' is no name of the study; did you mean 'RESPONSE'?"),
    ("state: {PHASES: taper}", "'PHASES' is no name of the study; did you mean 'PHASE'?"),
    (
        "state: {RESPONSE: XR}",
        "'XR' is none of 'CR', 'PR', 'NR' or 'unknown'",
    ),
    ("state: {NEUT: low}", "'low' is no number and not 'unknown'"),
    (
        "state: {NEUT: unknown (old)}",
        "'old' is none of 'missing', 'too old', ",
    ),
    ("dosing: riase", "'dosing' is 'riase'; it must be "),
    ("step: 20mg QD", "'20mg QD' is no step of the ladder; did you mean '20 mg QD'?"),
    ("entered: {15 mg QD: conforms}", "'15 mg QD' is no step of the ladder; did you mean "),
    ("stops: [pregnant]", "'pregnant' is no reason to stop; did you mean 'pregnancy'?"),
    ("stops: unknown", "'stops' is 'unknown'; it must be a list, or 'CANNOT ADVISE'"),
    ("blocks: [because]", "'because' is no reason not to dispense"),
    ("contacts: {deu: [WEEK_4]}", "'deu' is none of 'upcoming', 'due', "),
    (
        "contacts: {due: [WEEK4]}",
        "'WEEK4' is no visit, test or activity of the schedule; did you mean 'WEEK_4'?",
    ),
    ("deviations: {BREACHES: 1}", "'BREACHES' is no kind of deviation; did you mean 'BREACH'?"),
    ("deviations: {BREACH: -1}", "'BREACH' is -1; it must be a whole number of at least 0"),
    ("reporting: {Fall: late}", "'Fall' is 'late'; it must be "),
    ("reporting: {Fall: {status: late}}", "'status' is 'late'; it must be "),
    ("reporting: {Fall: {hours: 24}}", "reporting.Fall needs 'status'"),
    ("queries: ['']", "entry 1 of 'queries' is ''; it must be text"),
    ("elegible: yes", "'elegible' is not a part of entry 1 of expect; did you mean 'eligible'?"),
]


@pytest.mark.parametrize(("recorded", "said"), RECORDED)
def test_what_cannot_be_recorded_is_told(recorded: str, said: str, tmp_path: Path) -> None:
    example = (
        f"- {{name: She, records: {{5: {{{recorded}}}}}, expect: [{{on: 1, eligible: unknown}}]}}"
    )
    (mistake,) = mistakes_in(tmp_path, example)
    assert mistake.startswith(said)


@pytest.mark.parametrize(("expected", "said"), EXPECTED)
def test_what_cannot_be_expected_is_told(expected: str, said: str, tmp_path: Path) -> None:
    (mistake,) = mistakes_in(tmp_path, f"- {{name: She, expect: [{{on: 1, {expected}}}]}}")
    assert mistake.startswith(said)


def test_all_mistakes_are_told_at_once_each_with_its_line(tmp_path: Path) -> None:
    example = """\
- name: She
  like: eligble
  source: P-99
  without: [symptoms, history.*]
  records:
    0: {SCORE: 3}
    2024-02-30: {SCORE: 3}
  doses:
  - {step: 10 mg QD, from: 0}
  - {step: 10 mg QD, from: 9, to: 3}
  - {step: 10 mg QD, from: 2}
  - {step: 15 mg, from: 2}
  expect:
  - {on: 1}
- name: She
  without: [NEUT]
  expect:
  - {on: 0, eligible: yes}
"""
    assert found_in(tmp_path, example) == [
        f"worked_examples.yaml:{FIRST + line}: {said}"
        for line, said in [
            (1, "'eligble' is none of the starts; did you mean 'eligible'?"),
            (2, "source 'P-99' is not a heading of protocol.md"),
            (3, "'symptoms' is neither an item nor a parameter; did you mean 'symptoms.*'?"),
            (5, "'0' cannot be a name here; it must be a study day such as 29 or -7, or a date "
                "such as 2024-03-31"),
            (6, "there is no day 2024-02-30"),
            (8, "there is no day 0"),
            (9, "the last day lies before the first"),
            (10, "the dose begins before the one above it has ended"),
            (11, "'15 mg' is no step of the ladder"),
            (11, "the dose begins before the one above it has ended"),
            (13, "nothing is expected"),
            (14, "another example is called 'She' already"),
            (15, "there is nothing to leave out without 'like'"),
            (17, "there is no day 0"),
        ]
    ]  # fmt: skip


def test_a_start_does_not_build_upon_itself(tmp_path: Path) -> None:
    head = HEAD.replace("  eligible:\n", "  eligible:\n    like: treated\n")
    example = "- {name: She, like: treated, expect: [{on: 1, eligible: yes}]}"
    found = found_in(tmp_path, example, head=head)
    assert [said.partition(": ")[2] for said in found] == [
        "the start 'eligible' builds upon itself",
        "the start 'treated' builds upon itself",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("examples: [", "this cannot be read as YAML"),
        ("pilotage: 1\nday_one: 2024-03-04\nexamples: []\n", "'examples' is empty; it needs"),
        (
            "pilotage: 1\nday_one: soon\nexamples: [{name: A, expect: [{on: 1, eligible: yes}]}]\n",
            "'day_one' is 'soon'; it must be a date such as 2024-03-31",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_no_file_without_examples(
    text: str, said: str, tmp_path: Path
) -> None:
    study = study_with(tmp_path, "")
    (study / "worked_examples.yaml").write_text(text, encoding="utf-8")
    loaded = load_study(study)
    (finding,) = worked_example_findings(loaded)
    assert (finding.severity, finding.kind) == ("error", "file")
    assert said in finding.message
    assert examples_that_hold(loaded, [finding]) == ""


# -- the page of the documentation -----------------------------------------------------------------


def test_the_example_of_the_page_holds_and_the_message_is_the_one_it_shows(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs/reference/worked-examples.md").read_text("utf-8")
    text = page.partition("```yaml\n")[2].partition("```")[0]
    shown = page.partition("```text\n")[2].partition("```")[0].strip()
    study = study_with(tmp_path, "")
    file = study / "worked_examples.yaml"
    file.write_text(text, encoding="utf-8")
    assert worked_example_findings(load_study(study)) == []
    file.write_text(text.replace("dosing: raise", "dosing: hold"), encoding="utf-8")
    (finding,) = worked_example_findings(load_study(study))
    assert shown == f"error: {finding.where}: worked-example: {finding.message}"


def test_the_page_names_every_key() -> None:
    page = (Path(__file__).parents[3] / "docs/reference/worked-examples.md").read_text("utf-8")
    models = (WorkedExamples, Example, Expectation, Reported, TakenDose)
    keys = {field.alias or key for m in models for key, field in m.model_fields.items()}
    assert [key for key in sorted(keys) if f"`{key}`" not in page] == []


# -- in the check ----------------------------------------------------------------------------------

ONE_OF_TWO = """\
- {name: She, source: P-10, like: eligible, expect: [{on: 1, eligible: no, dosing: hold}]}
- {name: He, like: eligible, expect: [{on: 1, eligible: yes}]}
"""


def test_an_example_that_comes_out_differently_keeps_a_study_from_going_live(
    tmp_path: Path,
) -> None:
    study = load_study(study_with(tmp_path, ONE_OF_TWO))
    found = [each for each in study_findings(study) if each.kind == "worked-example"]
    assert [(each.severity, each.source, each.example) for each in found] == [
        ("error", ("P-10",), "She"), ("error", ("P-10",), "She"),
    ]  # fmt: skip
    assert not study_may_go_live(found)
    assert examples_that_hold(study, found) == "1 of 2 worked examples hold"


def test_a_study_without_examples_says_nothing_of_them(tmp_path: Path) -> None:
    folder = study_with(tmp_path, "")
    (folder / "worked_examples.yaml").unlink()
    study = load_study(folder)
    assert worked_example_findings(study) == []
    assert examples_that_hold(study, []) == ""


def test_the_examples_of_the_built_in_study_hold() -> None:
    study = load_study("lenalidomide_cle")
    found = worked_example_findings(study)
    assert [str(each) for each in found] == []
    number = int(examples_that_hold(study, found).split()[0])
    assert number >= 45


def test_the_examples_are_no_part_of_the_digest_of_a_study(tmp_path: Path) -> None:
    """As little as those other files that no analysis reads."""
    folder = study_with(tmp_path, ONE_OF_TWO)
    before = load_study(folder).digest
    (folder / "worked_examples.yaml").unlink()
    assert load_study(folder).digest == before
