"""`pilotage rehearse`, as it is typed."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pilotage.cli import app
from pilotage.study import new_study


def typed(*words: object) -> tuple[int, str]:
    made = CliRunner().invoke(app, [str(word) for word in words])
    return made.exit_code, made.output


@pytest.mark.slow
def test_it_leaves_entries_and_a_record_that_every_command_accepts(tmp_path: Path) -> None:
    study, out = new_study(tmp_path / "study"), tmp_path / "rehearsal"
    status, said = typed("rehearse", study, "--subjects", 3, "--seed", 2, "--out", out)
    assert status == 0, said
    assert {path.name for path in out.iterdir()} == {
        "snapshot", "report", "entries.jsonl", "truth.jsonl", "rehearsal.json", "burden.csv",
    }  # fmt: skip
    assert said.startswith("synthetic: invented subjects, no patient data")
    told = ("3 subjects, ", "slips of typing: ", "alerts: ", "went astray: ", "days after the ",
            "decisions that could not be made: ")  # fmt: skip
    assert [words for words in told if words not in said] == []
    assert said.endswith(f"{out}: a rehearsal with 3 subjects, seed 2\n")
    assert "synthetic" in (out / "report/report.html").read_text("utf-8").lower()
    assert json.loads((out / "snapshot/manifest.json").read_text("utf-8"))["synthetic"] is True
    for command in ("review", "derive", "analyse"):
        more = () if command == "review" else ("--out", tmp_path / command)
        status, said = typed(command, study, out / "snapshot", *more)
        assert status == 0, said
    assert typed("check", study)[0] == 0


def test_a_scenario_and_a_setting_change_what_goes_wrong(tmp_path: Path) -> None:
    words = ("rehearse", new_study(tmp_path / "study"), "--subjects", 2, "--no-report")
    setting = ("--set", "subject.true_entry_error=0", "--set", "subject.true_missed_visit=0")
    status, said = typed(*words, *setting, "--out", tmp_path / "calm")
    assert status == 0, said
    assert "slips of typing: 0, 0 of them remain" in said
    assert "missed contact" not in said
    assert not (tmp_path / "calm/report").exists()
    known = json.loads((tmp_path / "calm/rehearsal.json").read_text("utf-8"))
    assert known["settings"] == {"subject.true_entry_error": 0, "subject.true_missed_visit": 0}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--scenario", "nothing"), "--scenario: there is no scenario 'nothing'"),
        (("--scenario", "fixed_response"), "nothing happens but success or failure"),
        (("--scenario", "effect"), "'effect' is a grid of "),
        (("--set", "subject.true_entry_error"), "is no setting; write PATH=VALUE"),
        (("--set", "subject.true_entry_error=2"), "--set: 'subject.true_entry_error'"),
    ],
)
def test_what_cannot_be_rehearsed_is_refused_in_a_line(
    words: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    study = new_study(tmp_path / "study")
    status, output = typed("rehearse", study, *words, "--out", tmp_path / "out")
    assert status == 1
    assert said in output
    assert output.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("words", [("--subjects", "0"), ("--seed", "-1")])
def test_a_number_that_is_none_is_refused(words: tuple[str, ...], tmp_path: Path) -> None:
    status, output = typed("rehearse", "lenalidomide_cle", *words, "--out", tmp_path / "out")
    assert status == 2
    assert "Input should be greater than or equal to" in output


@pytest.mark.parametrize("name", ["synthetic.yaml", "simulation.yaml"])
def test_a_study_without_a_file_that_it_needs_is_refused_in_a_line(
    name: str, tmp_path: Path
) -> None:
    study = new_study(tmp_path / "study")
    (study / name).unlink()
    status, output = typed("rehearse", study, "--out", tmp_path / "out")
    assert status == 1
    assert output.startswith(f"{name}: ")
    assert output.count("\n") == 1


def test_a_folder_that_holds_something_is_left_as_it_is(tmp_path: Path) -> None:
    study, out = new_study(tmp_path / "study"), tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("keep", "utf-8")
    status, output = typed("rehearse", study, "--out", out)
    assert status == 1
    assert output == f"{out}: exists already; name a new folder\n"
    assert [path.name for path in out.iterdir()] == ["mine.txt"]


def test_a_study_with_errors_that_nobody_answered_is_refused(tmp_path: Path) -> None:
    study = new_study(tmp_path / "study")
    path = study / "protocol.yaml"
    text = path.read_text("utf-8")
    hole = text.replace("  otherwise: hold\n", "  otherwise: not stated\n", 1)
    assert hole != text
    path.write_text(hole, "utf-8")
    status, output = typed("rehearse", study, "--out", tmp_path / "out")
    assert status == 1
    said = "the study has open errors; mend them, or answer them in open_questions.md"
    assert output.splitlines()[-1] == f"{study}: {said}"
    assert not (tmp_path / "out").exists()


def test_check_names_the_line_of_a_further_answer_that_no_form_takes(tmp_path: Path) -> None:
    study = new_study(tmp_path / "study")
    path = study / "simulation.yaml"
    text = path.read_text("utf-8").rstrip("\n")
    path.write_text(f'{text}\nrehearsed:\n  answers:\n    nothing.here: {{"Y": 1}}\n', "utf-8")
    line = text.count("\n") + 4
    status, output = typed("check", study)
    assert status == 1
    said = f"error: simulation.yaml:{line}: 'nothing.here' is no item of a form that is filled"
    assert said in output
    status, output = typed("rehearse", study, "--out", tmp_path / "out")
    assert status == 1
    assert f"simulation.yaml:{line}: 'nothing.here'" in output
