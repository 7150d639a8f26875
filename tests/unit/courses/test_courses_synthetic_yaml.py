"""synthetic.yaml is read strictly: every mistake at once, each with its line."""

import re
from pathlib import Path

import pytest

from pilotage.courses import load_nature, nature_findings, write_cohort
from pilotage.findings import InputErrors
from pilotage.study import Study, load_study, new_study


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return new_study(tmp_path / "study")


def edited(folder: Path, *changes: tuple[str, str]) -> Study:
    """The study of the template with synthetic.yaml changed; each text must be there once."""
    path = folder / "synthetic.yaml"
    text = path.read_text()
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path.write_text(text)
    return load_study(folder)


def line_of(folder: Path, words: str) -> int:
    lines = (folder / "synthetic.yaml").read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


def test_a_new_study_has_a_nature_and_makes_a_cohort(folder: Path, tmp_path: Path) -> None:
    study = load_study(folder)
    assert nature_findings(study) == ()
    made = write_cohort(study, tmp_path / "snapshot", seed=1, subjects=20)
    assert made.findings == ()
    assert made.synthetic
    assert set(made.tables["ex"]["EXDOSE"]) == {10.0, 20.0}
    assert made.tables["qs"]["QSTESTCD"].unique().to_list() == ["SCORE"]
    assert made.tables["qs"]["QSSTRESN"].is_between(0, 10).all()


def test_a_study_without_one_says_what_is_missing(folder: Path, tmp_path: Path) -> None:
    (folder / "synthetic.yaml").unlink()
    study = load_study(folder)
    assert nature_findings(study) == ()
    with pytest.raises(InputErrors) as raised:
        write_cohort(study, tmp_path / "snapshot", seed=1, subjects=1)
    assert re.match(r"synthetic\.yaml: there is no such file in .*invented", str(raised.value))
    assert not (tmp_path / "snapshot").exists()


MISTAKES = """
history.pregnant: -> history.pregnent:
    'history.pregnent' is no item of a form; did you mean 'history.pregnant'?
{"N": 1} -> {"No": 1}
    'No' is no answer here; allowed are 'yes', 'no', 'Y' or 'N'
{"N": 1} -> {"N": 0.5, "Y": 0.4}
    the probabilities of history.pregnant add up to 0.9; they must add up to 1
sex: {F: 0.5, M: 0.5} -> sex: {F: 0.5, W: 0.5}
    'W' is no answer here; allowed are 'F' or 'M'
sex: {F: 0.5, M: 0.5} -> sex: {F: 0.5, M: 0.6}
    the probabilities of sex add up to 1.1; they must add up to 1
range: [18, 80] -> range: [80, 18]
    demography.age.range is 80 to 18; the lower one comes first
range: [18, 80] -> range: [18, 130]
    the range 18 to 130 is not inside 0 to 120, which the study allows
last: 2024-08-31 -> last: 2024-01-31
    'last' is before 'first' (2024-02-01)
cut: 2024-12-31 -> cut: 2024-09-10
    the data cut must be at least 14 days (screening) after 'last'
screening_days: [1, 14] -> screening_days: [14, 1]
    recruitment.screening_days is 14 to 1; the lower one comes first
screening_days: [1, 14] -> screening_days: [1, 21]
    screening_days are 1 to 21, but the visit ENTRY may only take place 1 to 14 days before
    the first dose
follow_up_days: [60, 180] -> follow_up_days: [180, 60]
    recruitment.follow_up_days is 180 to 60; the lower one comes first
SCORE: -> SCOER:
    'SCOER' is no parameter of this study; did you mean 'SCORE'?
{10 mg QD: 0.15, -> {10 mg: 0.15,
    '10 mg' is no step of the dose ladder; did you mean '10 mg QD'?
{stop: 0.1, -> {off: 0.1,
    'off' is no step of the dose ladder
range: [4, 8] -> range: [4, 12]
    the range 4 to 12 is not inside 0 to 10, which the study allows
NEUT: { -> NEUTS: {
    'NEUTS' is no parameter of this study; did you mean 'NEUT'?
normal: {low: 1.8, high: 7.5} -> normal: {low: 7.5, high: 1.8}
    stable.NEUT.normal is 7.5 to 1.8; the lower one comes first
severity: MILD -> severity: MILDD
    'MILDD' is no severity of the study; did you mean 'MILD'?
days: [2, 40] -> days: [40, 2]
    events.0.days is 40 to 2; the lower one comes first
noise_sd: 0.7 -> true_lasting: {share: 1.2, left: {mean: 0.5, sd: 0, range: [0, 1]}}
    'share' is 1.2; it must be
noise_sd: 0.7 -> true_lasting: {share: 0.2, left: {mean: 0.5, sd: 0, range: [0, 2]}}
    entry 2 of 'range' is 2; it must be
noise_sd: 0.7 -> true_lasting: {share: 0.2, left: {mean: 0.5, sd: 0, range: [0.6, 0.2]}}
    responding.SCORE.true_lasting.left.range is 0.6 to 0.2; the lower one comes first
true_missed_visit: 0.03 -> true_missed_visit: 1.5
    'true_missed_visit' is 1.5; it must be
true_missed_visit: 0.03 -> true_mised_visit: 0.03
    'true_mised_visit' is not a part of synthetic.yaml; did you mean 'true_missed_visit'?
cut: 2024-12-31 -> cut: 2024-13-31
    'cut' is '2024-13-31'; it must be
"""
"""What is changed -> to what, and what is said of it."""


def mistakes() -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    for line in MISTAKES.strip().splitlines():
        if line.startswith(" "):
            old, new, message = found.pop()
            found.append((old, new, f"{message} {line.strip()}".strip()))
        else:
            old, _, new = line.partition(" -> ")
            found.append((old, new, ""))
    return found


@pytest.mark.parametrize("old, new, message", mistakes(), ids=[new for _, new, _ in mistakes()])
def test_each_mistake_is_told_with_its_line(folder: Path, old: str, new: str, message: str) -> None:
    found = [str(finding) for finding in nature_findings(edited(folder, (old, new)))]
    line = line_of(folder, new)
    assert [text for text in found if text.startswith(f"synthetic.yaml:{line}: {message}")], found
    assert len(found) == 1, found


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(folder: Path) -> None:
    chosen = [mistakes()[at] for at in (0, 7, 13, 18, 20)]
    study = edited(folder, *[(old, new) for old, new, _ in chosen])
    with pytest.raises(InputErrors) as raised:
        load_nature(study)
    places = [finding.where for finding in raised.value.findings]
    assert len(places) == len(chosen)
    lines = [int(place.removeprefix("synthetic.yaml:")) for place in places]
    assert lines == sorted(lines)


def test_a_parameter_that_no_form_records_is_told(folder: Path) -> None:
    protocol = folder / "protocol.yaml"
    text = protocol.read_text().replace("LBTESTCD = NEUT", "LBTESTCD = NEUTRO")
    protocol.write_text(text)
    assert [finding.message for finding in nature_findings(load_study(folder))] == [
        "no form of the study records 'NEUT'"
    ]


def test_a_number_stands_under_quantities_and_an_answer_under_facts(folder: Path) -> None:
    study = edited(
        folder,
        ('  history.pregnant: {"N": 1}', '  demography.age: {"40": 1}'),
        (
            "responding:",
            "quantities:\n  history.pregnant: {mean: 1, sd: 0, range: [0, 1]}\nresponding:",
        ),
    )
    assert [finding.message for finding in nature_findings(study)] == [
        "'demography.age' is a number; put it under 'quantities'",
        "'history.pregnant' is no number; put it under 'facts'",
    ]


def test_a_file_that_is_no_yaml_is_told_once(folder: Path) -> None:
    (folder / "synthetic.yaml").write_text("pilotage: [1\n")
    assert len(nature_findings(load_study(folder))) == 1


def test_a_study_without_a_visit_on_day_1_cannot_have_a_first_dose(folder: Path) -> None:
    protocol = folder / "protocol.yaml"
    text = protocol.read_text()
    assert text.count("      day: 1\n") == 1
    protocol.write_text(text.replace("      day: 1\n", "      day: 2\n"))
    assert [finding.message for finding in nature_findings(load_study(folder))] == [
        "the schedule has no visit on day 1, the day of the first dose"
    ]


COMES = {
    "symptoms.tierd": (
        "Y",
        "N",
        0.1,
        "'symptoms.tierd' is no item of a form; did you mean 'symptoms.tired'?",
    ),
    "symptoms.tired": ("Yes", "N", 0.1, "'Yes' is no answer here; allowed are 'yes', 'no', 'Y' or"),
    "symptoms.tired ": ("Y", "No", 0.1, "'No' is no answer here; allowed are 'yes', 'no', 'Y' or"),
    "symptoms.tired  ": ("Y", "Y", 0.1, "'symptoms.tired' says the same before and after: 'Y'"),
    "symptoms.tired   ": ("Y", "N", 1.5, "'true_per_week' is 1.5; it must be"),
    "symptoms.tired    ": ("yes", "Y", 0.1, "'symptoms.tired' says the same before and after"),
    "symptoms.score": ("Y", "N", 0.1, "'symptoms.score' has no answers to choose from"),
    "history.pregnant": ("Y", "N", 0.1, "'history.pregnant' is answered under 'facts'"),
    "history.ill": ("Y", "N", 0.1, "'history.ill' is not asked of everybody"),
    "adverse_events.serious": (
        "Y",
        "N",
        0.1,
        "'adverse_events' is no form that a visit or a series",
    ),
}
"""An item, the answer that comes, the one until then, the chance in a week; what is said of it."""


def with_questions(folder: Path) -> None:
    """Two more questions in the template: one of everybody, one of women."""
    protocol = folder / "protocol.yaml"
    text = protocol.read_text()
    for form, item, when in (
        ("symptoms", "tired", ""),
        ("history", "ill", "demography.sex == 'F'"),
    ):
        head = f"  {form}:\n"
        start = text.index("    items:\n", text.index(head)) + len("    items:\n")
        asked = f', when: "{when}"' if when else ""
        target = f"FA.FAORRES where FATESTCD = {item.upper()}"
        parts = f"label: So?, type: yes_no, target: {target}, max_age_days: 35{asked}"
        text = f"{text[:start]}      {item}: {{{parts}}}\n{text[start:]}"
    protocol.write_text(text)


@pytest.mark.parametrize("item", COMES)
def test_an_answer_that_cannot_come_is_told_with_its_line(folder: Path, item: str) -> None:
    answer, otherwise, rate, message = COMES[item]
    with_questions(folder)
    said = f'answer: "{answer}", otherwise: "{otherwise}", true_per_week: {rate}'
    new = f"occurrences:\n  {item.strip()}: {{{said}}}\nresponding:"
    found = [str(each) for each in nature_findings(edited(folder, ("responding:", new)))]
    assert len(found) == 1, found
    assert found[0].startswith(f"synthetic.yaml:{line_of(folder, said)}: {message}")


def test_an_answer_that_may_come_is_no_mistake(folder: Path) -> None:
    with_questions(folder)
    said = 'answer: "Y", otherwise: "N", true_per_week: 0'
    new = f"occurrences:\n  symptoms.tired: {{{said}}}\nresponding:"
    assert nature_findings(edited(folder, ("responding:", new))) == ()


def test_yes_and_no_may_be_said_as_conditions_say_them(folder: Path) -> None:
    with_questions(folder)
    comes = "answer: yes, otherwise: no, true_per_week: 0.1"
    study = edited(
        folder,
        ('{"N": 1}', "{no: 0.9, yes: 0.1}"),
        ("responding:", f"occurrences:\n  symptoms.tired: {{{comes}}}\nresponding:"),
    )
    assert nature_findings(study) == ()
    nature = load_nature(study)
    assert nature.facts["history.pregnant"] == {"N": 0.9, "Y": 0.1}
    tired = nature.occurrences["symptoms.tired"]
    assert (tired.answer, tired.otherwise) == ("Y", "N")


def test_an_answer_that_is_said_in_two_ways_is_one_answer(folder: Path) -> None:
    study = edited(folder, ('{"N": 1}', '{no: 0.5, "N": 0.25, "Y": 0.25}'))
    assert nature_findings(study) == ()
    assert load_nature(study).facts["history.pregnant"] == {"N": 0.75, "Y": 0.25}


@pytest.mark.parametrize(
    ("day", "doubts"), [("2024-01-14", 1), ("2024-01-15", 0), ("2024-01-16", 0)]
)
def test_recruiting_before_the_version_under_which_subjects_live_is_a_doubt_and_no_mistake(
    folder: Path, day: str, doubts: int
) -> None:
    study = edited(folder, ("first: 2024-02-01", f"first: {day}"))
    assert study.protocol.versions[-1].date.isoformat() == "2024-01-15"
    found = nature_findings(study)
    assert [(finding.severity, str(finding)) for finding in found] == doubts * [
        (
            "warning",
            f"synthetic.yaml:{line_of(folder, day)}: 'first' is {day}, before version 1.0 of the "
            "protocol (2024-01-15): subjects live under that version, and days before it cannot be "
            "judged by any; recruit from its day on",
        )
    ]
    assert load_nature(study).recruitment.first.isoformat() == day


def test_of_an_amended_protocol_the_last_version_counts(folder: Path) -> None:
    protocol = folder / "protocol.yaml"
    text = protocol.read_text()
    (first,) = [
        line
        for line in text.splitlines()
        if line.strip().startswith("- {id: ") and "2024-01-15" in line
    ]
    second = first.replace("2024-01-15", "2024-03-01").replace('"1.0"', '"1.1"')
    assert second.count("1.1") == 1
    protocol.write_text(text.replace(first, f"{first}\n{second}"))
    (found,) = nature_findings(load_study(folder))
    assert found.severity == "warning"
    assert "before version 1.1 of the protocol (2024-03-01)" in found.message
    assert "days before it are judged by the one of the day" in found.message
