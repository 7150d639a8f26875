"""`pilotage simulate`, as it is typed."""

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pilotage.cli import app
from pilotage.simulation.compiled import kernel
from pilotage.simulation.trials.results import CHARACTERISTICS, SUMMARY
from pilotage.study import new_study


def typed(*words: str) -> tuple[int, str]:
    made = CliRunner().invoke(app, ["simulate", *words])
    return made.exit_code, made.output


def test_it_tells_each_number_with_its_error_and_what_it_leaves_out(tmp_path: Path) -> None:
    out = tmp_path / "run"
    status, said = typed("lenalidomide_cle", "--trials", "200", "--seed", "3", "--out", str(out))
    assert status == 0, said
    assert "±" in said
    assert "not simulated: row 9 of stopping: stopping_review.physician_stops" in said
    assert f"\n{out}: 200 trials, seed 3\n" in said
    assert {path.name for path in out.iterdir()} >= {SUMMARY, CHARACTERISTICS, "trials"}


def test_a_setting_makes_another_truth() -> None:
    words = ("lenalidomide_cle", "--trials", "50", "--scenario", "fixed_response")
    status, said = typed(*words, "--set", "true_cr=1")
    assert status == 0, said
    assert "1 ± 0" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--trials", "0"), "--trials: 0 is no number of trials"),
        (("--seed", "-1"), "--seed: -1 is no seed"),
        (("--scenario", "nothing"), "--scenario: there is no scenario 'nothing'"),
        (("--scenario", "fixed_response", "--set", "true_cr=2"), "--set: 'true_cr' cannot be 2"),
        (("--set", "subject.true_missed_visit=1.2"), "--set: 'subject.true_missed_visit' cannot"),
        (
            ("--set", "true_cr=0.3"),
            "--set: 'true_cr' is a value of the scenario fixed_response alone",
        ),
        (("--set", "true_cr=0.3", "--set", "true_cr=0.4"), "--set: 'true_cr' is set twice"),
        (("--set", "trial.subjects=12", "--subjects", "15"), "--subjects: 'trial.subjects' is set"),
        (("--set", "trial.follow_up_days=50"), "--set: the endpoint counts up to day 99"),
        (("--set", "true_cr"), "--set: 'true_cr' is no setting; write PATH=VALUE"),
        (("--set", "true_cr=nan"), "--set: 'true_cr=nan' is no setting"),
    ],
)
def test_what_cannot_be_simulated_is_refused_in_a_line(words: tuple[str, ...], said: str) -> None:
    status, output = typed("lenalidomide_cle", *words)
    assert status == 1
    assert said in output
    assert "Traceback" not in output


def test_a_number_of_subjects_that_the_decision_cannot_have_is_told_of_the_option(
    tmp_path: Path,
) -> None:
    folder = new_study(tmp_path / "study")
    path = folder / "simulation.yaml"
    text = path.read_text("utf-8").replace("subjects: 10", "subjects: 18")
    exact = 'kind: exact, "null": 0.2, level: 0.05'
    assert exact in text
    path.write_text(text.replace(exact, "kind: simon, null: 0.2, alternative: 0.5"), "utf-8")
    for words, place in (
        (("--subjects", "15"), "--subjects"),
        (("--set", "trial.subjects=15"), "--set"),
    ):
        status, said = typed(str(folder), "--trials", "10", *words)
        assert status == 1
        assert f"{place}: 'subjects' is 15; Simon's optimal design has 18" in said
        assert "simulation.yaml:" not in said


def test_a_setting_of_what_a_grid_goes_along_is_refused(tmp_path: Path) -> None:
    path = "responding.SCORE.true_decline_per_week.10 mg QD"
    folder = new_study(tmp_path / "study")
    status, said = typed(str(folder), "--scenario", "effect", "--set", f"{path}=0.1")
    assert status == 1
    assert f"--set: the grid 'effect' goes along '{path}'" in said


def test_one_trial_has_no_error_and_its_rate_is_told_from_nothing(tmp_path: Path) -> None:
    out = tmp_path / "run"
    words = ("lenalidomide_cle", "--trials", "1", "--subjects", "1", "--out", str(out))
    status, said = typed(*words)
    assert status == 0, said
    assert "±" not in said
    assert "one trial does not tell how far another would lie from it: it has no error" in said
    assert "cannot be told from null, 0.2" in said
    assert "--subjects: 'subjects' is 1; were every one of them a success" in said
    for name in (SUMMARY, CHARACTERISTICS):
        with (out / name).open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        without = {row["MCSE"] for row in rows if row["NAME"] != "BIAS"}
        assert without == {""}, name


def test_a_study_with_errors_that_nobody_answered_is_refused(tmp_path: Path) -> None:
    folder = new_study(tmp_path / "study")
    path = folder / "protocol.yaml"
    text = path.read_text("utf-8")
    hole = text.replace("  otherwise: hold\n", "  otherwise: not stated\n", 1)
    assert hole != text
    path.write_text(hole, "utf-8")
    status, said = typed(str(folder), "--trials", "10")
    assert status == 1
    assert "the study has open errors; mend them, or answer them in open_questions.md" in said


def test_without_the_compiler_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "find_spec", lambda name: None)
    status, said = typed("lenalidomide_cle", "--trials", "10")
    assert status == 1
    assert "numba: is not installed" in said
    assert "pip install 'pilotage[simulation]'" in said
