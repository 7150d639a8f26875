"""simulation.yaml is read strictly: every mistake at once, each with its line."""

import dataclasses
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML
from typer.testing import CliRunner

from pilotage.cli import app
from pilotage.findings import InputErrors
from pilotage.simulation.load import FILE, load_simulation, simulation_findings
from pilotage.simulation.scenarios import WrongSetting, cases, changed_models, paths
from pilotage.simulation.schema import SCHEMA, schema_text, write_schema
from pilotage.study import Study, builtin_studies, load_study, new_study
from pilotage.study.new import TEMPLATE

OTHERS = sorted((Path(__file__).parents[2] / "other_studies").iterdir())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return new_study(tmp_path / "study")


def edited(folder: Path, old: str, new: str) -> Study:
    path = folder / FILE
    text = path.read_text("utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), "utf-8")
    return load_study(folder)


def line_of(folder: Path, words: str) -> int:
    lines = (folder / FILE).read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


@pytest.mark.parametrize("study", [*builtin_studies(), *map(str, OTHERS), str(TEMPLATE)])
def test_every_simulation_yaml_that_is_there_is_sound(study: str) -> None:
    assert simulation_findings(load_study(study)) == ()


MISTAKES = """
subjects: 10 -> subjects: 0
    'subjects' is 0; it must be a whole number
recruited_per_month: 1 -> recruited_per_month: 1.0e-300
    'recruited_per_month' is 1e-300; it must be a number of at least 0.001
true_missed_visit: 0.03 -> true_missed_visit: 1.2
    'true_missed_visit' is 1.2; it must be a number of at least 0
true_missed_visit: 0.03 -> missed_visit: 0.03
    missed_visit
classification: OVRLRESP -> classification: OVERALL
    'OVERALL' is not what the study calls response: 'OVRLRESP'
codes: [CR] -> codes: [CRR]
    'CRR' is no category of OVRLRESP; there are 'CR', 'PR' or 'NR'; did you mean 'CR'?
kind: exact, "null": 0.2, level: 0.05 -> kind: simon, null: 0.4, alternative: 0.2
    'alternative' is 0.2; it must be above 'null'
kind: exact, "null": 0.2, level: 0.05 -> kind: bayes, null: 0.2, looks: [10, 5]
    the looks must rise
kind: exact, "null": 0.2, level: 0.05 -> kind: bayes, null: 0.2, looks: [5], early_success: 0.04
    'early_success' is 0.04; it must be above 'futility'
kind: exact, "null": 0.2, level: 0.05 -> kind: bayes, null: 0.2, looks: [5, 7.5]
    7.5
kind: exact, "null": 0.2, level: 0.05 -> kind: bayes, null: 0.2, looks: [5], futility: 1.5
    'futility' is 1.5
subjects: 10 -> subjects: 1
    'subjects' is 1; were every one of them a success, the decision could not accept
kind: exact, "null": 0.2, level: 0.05 -> kind: bayes, null: 0.2, looks: [4], ZERO
    the decision accepts after 10 subjects of whom none is a success
until_day: 71 -> until_day: 181
    the endpoint counts up to day 181 ('until_day'), and follow-up ends on day 180
follow_up_days: 180 -> follow_up_days: 0
    'follow_up_days' is 0
DECLINE.20 mg QD: 0 -> trial.follow_up_days: 70
    the endpoint counts up to day 71 ('until_day'), and follow-up ends on day 70
DECLINE.20 mg QD: 0 -> trial.subjects: 1
    'subjects' is 1; were every one of them a success
DECLINE.20 mg QD: 0 -> DECLINE.30 mg QD: 0
    there is no value 'responding.SCORE.true_decline_per_week.30 mg QD'
DECLINE.20 mg QD: 0 -> DECLINE.20 mg QD: 3
    'responding.SCORE.true_decline_per_week.20 mg QD' cannot be 3
DECLINE.20 mg QD: 0 -> stable.NEUT.baseline.mean: 3
    'stable.NEUT.baseline.mean' cannot be changed
[0, 0.1, 0.2, 0.3] -> [0, 7]
    cannot be 7
no_effect: -> base:
    'base' is a scenario of every study
remark: Virtual trials of invented subjects -> "remark: x\\nfitted_to: [{claims: [R-1], what: x}]"
    the study has no published.yaml
"""


def mistakes() -> list[tuple[str, str, str]]:
    decline = "responding.SCORE.true_decline_per_week"
    none = "futility: 0, success: 0.2, prior: [5, 5]"
    lines = MISTAKES.replace("DECLINE", decline).replace("ZERO", none).strip().splitlines()
    pairs = zip(lines[::2], lines[1::2], strict=True)
    return [(*first.split(" -> "), said.strip()) for first, said in pairs]  # type: ignore[misc]


@pytest.mark.parametrize(("old", "new", "said"), mistakes())
def test_a_mistake_is_told_with_its_line(folder: Path, old: str, new: str, said: str) -> None:
    new = json.loads(new) if new.startswith('"') else new
    study = edited(folder, old, new)
    findings = simulation_findings(study)
    assert len(findings) == 1, findings
    assert said in findings[0].message
    assert findings[0].where == f"{FILE}:{line_of(folder, new.splitlines()[-1])}"
    with pytest.raises(InputErrors):
        load_simulation(study)


EXACT, SIMON = 'kind: exact, "null": 0.2, level: 0.05', "kind: simon, null: 0.2, alternative: 0.5"


def test_a_trial_of_another_size_than_its_decision_is_told_by_check(folder: Path) -> None:
    edited(folder, EXACT, SIMON)
    made = CliRunner().invoke(app, ["check", str(folder)])
    assert made.exit_code == 1
    assert (
        f"error: {FILE}:{line_of(folder, 'subjects: 10')}: 'subjects' is 10; Simon's optimal "
        "design has 18 (8 in its first stage): write 18, or change 'decision'"
    ) in made.output


def test_a_scenario_of_another_size_than_the_decision_is_told(folder: Path) -> None:
    edited(folder, EXACT, SIMON)
    edited(folder, "subjects: 10", "subjects: 18")
    study = edited(
        folder, "responding.SCORE.true_decline_per_week.20 mg QD: 0", "trial.subjects: 9"
    )
    findings = simulation_findings(study)
    assert [each.where for each in findings] == [f"{FILE}:{line_of(folder, 'trial.subjects')}"]
    assert "'subjects' is 9; Simon's optimal design has 18" in findings[0].message


def test_the_size_of_a_scenario_is_looked_at_once_the_decision_can_be(folder: Path) -> None:
    edited(folder, EXACT, "kind: simon, null: 0.5, alternative: 0.2")
    study = edited(
        folder, "responding.SCORE.true_decline_per_week.20 mg QD: 0", "trial.subjects: 9"
    )
    assert ["'alternative' is 0.2" in each.message for each in simulation_findings(study)] == [True]


def test_less_for_early_success_than_at_the_end_is_a_warning(folder: Path) -> None:
    early = "kind: bayes, null: 0.2, looks: [5], success: 0.95, early_success"
    study = edited(folder, EXACT, f"{early}: 0.5")
    (finding,) = simulation_findings(study)
    assert finding.severity == "warning"
    assert finding.where == f"{FILE}:{line_of(folder, early)}"
    assert "'early_success' is 0.5, below 'success', 0.95" in finding.message
    assert load_simulation(study)[0].decision.kind == "bayes"
    assert simulation_findings(edited(folder, f"{early}: 0.5", f"{early}: 0.95")) == ()


def test_toxicity_is_watched_only_where_a_rule_can_see_it(folder: Path) -> None:
    watched = "kind: bayes, null: 0.2, looks: [5], toxicity: {limit: 0.3}"
    study = edited(folder, EXACT, watched)
    assert simulation_findings(study) == ()
    stopping = study.protocol.stopping
    rows = tuple(row for row in stopping.rows if "NEUT" not in str(row.when))
    assert rows != stopping.rows
    changes = {"stopping": stopping.model_copy(update={"rows": rows})}
    blind = dataclasses.replace(study, protocol=study.protocol.model_copy(update=changes))
    findings = simulation_findings(blind)
    assert [each.where for each in findings] == [f"{FILE}:{line_of(folder, watched)}"]
    assert "no row of stopping asks for a laboratory value" in findings[0].message


def test_the_defaults_cite_claims_that_the_paper_makes() -> None:
    study = load_study("lenalidomide_cle")
    text = (study.folder / FILE).read_text("utf-8")
    fitted = YAML(typ="safe").load(text)["fitted_to"]
    claims = [claim for each in fitted for claim in each["claims"]]
    known = (study.folder / "published.yaml").read_text("utf-8")
    assert claims
    assert all(f"id: {claim}\n" in known for claim in claims)


def test_a_study_without_one_says_what_is_missing(folder: Path) -> None:
    (folder / FILE).unlink()
    study = load_study(folder)
    assert simulation_findings(study) == ()
    with pytest.raises(InputErrors, match="there is no such file"):
        load_simulation(study)


def test_trials_without_subjects_are_told(folder: Path) -> None:
    (folder / "synthetic.yaml").unlink()
    assert [str(f) for f in simulation_findings(load_study(folder))] == [
        f"{FILE}: synthetic.yaml is missing: it says what the subjects of a simulation are like"
    ]


def test_check_looks_at_it(folder: Path) -> None:
    edited(folder, "codes: [CR]", "codes: [CRR]")
    made = CliRunner().invoke(app, ["check", str(folder)])
    assert made.exit_code == 1
    assert f"error: {FILE}:" in made.output


# -- scenarios -------------------------------------------------------------------------------------


def test_a_grid_is_a_scenario_for_each_combination(folder: Path) -> None:
    simulation, nature = load_simulation(load_study(folder))
    found = cases(nature, simulation, "effect", {"subject.true_missed_visit": 0})
    path = "responding.SCORE.true_decline_per_week.10 mg QD"
    shares = [case.nature.responding["SCORE"].true_decline_per_week["10 mg QD"] for case in found]
    assert shares == [0, 0.1, 0.2, 0.3]
    assert [case.settings[path] for case in found] == shares
    assert {case.simulation.subject.true_missed_visit for case in found} == {0}
    assert [case.name for case in found] == ["effect-1", "effect-2", "effect-3", "effect-4"]


def test_every_value_that_may_change_can_be_changed(folder: Path) -> None:
    simulation, nature = load_simulation(load_study(folder))
    every = [path for part in (simulation, nature) for path in paths(part)]
    for path in every:
        if path != "true_missed_visit":
            changed_models(nature, simulation, {path: 1})
    assert "events.VOMITING.true_probability" in every
    assert {"trial.follow_up_days", "subject.entry_delay_days.mean"} <= {*every}
    assert not [path for path in every if "baseline" in path]


@pytest.mark.parametrize(
    ("scenario", "settings", "said"),
    [
        ("efect", {}, "no scenario 'efect'; did you mean 'effect'?"),
        ("fixed_response", {"true_cr": 1.5}, "'true_cr' cannot be 1.5"),
        ("fixed_response", {"true_toxicity": -0.1}, "'true_toxicity' cannot be -0.1"),
        ("fixed_response", {"subject.true_missed_visit": 0.1}, "changes nothing in fixed_response"),
        ("base", {"true_cr": 0.5}, "(--scenario fixed_response)"),
        ("base", {"trial.follow_up_days": 70}, "up to day 71 ('until_day'), and follow-up ends"),
        ("effect", {"responding.SCORE.true_decline_per_week.10 mg QD": 0.5}, "the grid 'effect'"),
        ("base", {"true_missed_visit": 0.5}, "a simulation has subject.true_missed_visit"),
        ("base", {"trial.subjects": 0}, "'trial.subjects' cannot be 0"),
        ("base", {"remark": 1}, "there is no value 'remark'"),
        ("base", {"subject.true_missed_visit": float("nan")}, "cannot be nan"),
    ],
)
def test_a_scenario_outside_its_range_is_refused(
    folder: Path, scenario: str, settings: dict[str, float], said: str
) -> None:
    simulation, nature = load_simulation(load_study(folder))
    with pytest.raises(WrongSetting) as raised:
        cases(nature, simulation, scenario, settings)
    assert said in str(raised.value)


# -- the schema ------------------------------------------------------------------------------------


def test_the_schema_file_is_what_the_models_say() -> None:
    assert SCHEMA.read_text("utf-8") == schema_text(), "run: python -m pilotage.simulation.schema"
    Draft202012Validator.check_schema(json.loads(schema_text()))


@pytest.mark.parametrize("folder_", [TEMPLATE, *(load_study(s).folder for s in builtin_studies())])
def test_every_simulation_yaml_that_is_shipped_fits_it(folder_: Path) -> None:
    value = YAML(typ="safe").load((folder_ / FILE).read_text("utf-8"))
    assert list(Draft202012Validator(json.loads(schema_text())).iter_errors(value)) == []


def test_a_new_study_has_the_schema_that_its_simulation_yaml_names(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    assert CliRunner().invoke(app, ["new", str(folder)]).exit_code == 0
    start, _, schema = (folder / FILE).read_text("utf-8").splitlines()[0].partition("$schema=")
    assert start == "# yaml-language-server: "
    assert (folder / schema).read_bytes() == SCHEMA.read_bytes()
    assert write_schema(tmp_path / "schemas").read_bytes() == SCHEMA.read_bytes()
