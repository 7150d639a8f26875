"""`pilotage design`, from the terminal."""

import json

import pytest
from typer.testing import CliRunner

from pilotage.cli import app


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["design", *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_the_designs_stand_side_by_side() -> None:
    code, out, _ = run("--null", "0.2", "--alternative", "0.5")
    assert code == 0
    for name in ("Exact, one stage", "Simon, optimal", "Simon, minimax", "Bayesian, with looks"):
        assert sum(line.startswith(name) for line in out.splitlines()) == 2
    assert "follows: subjects: 17" in out


def test_one_kind_as_a_document() -> None:
    code, out, _ = run("--null", "0.2", "--alternative", "0.5", "--kind", "simon", "--json")
    assert code == 0
    assert [design["kind"] for design in json.loads(out)["designs"]] == ["simon", "simon"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--null", "0.5", "--alternative", "0.2"), "design: null is 0.5 and the alternative 0.2"),
        (
            ("--null", "0.2", "--alternative", "0.5", "--kind", "bayesian"),
            "--kind: 'bayesian' is no kind of design; write exact, simon, bayes or all",
        ),
    ],
)
def test_a_question_that_no_trial_answers_is_one_line(
    arguments: tuple[str, ...], words: str
) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (1, "")
    assert err.startswith(words)
    assert len(err.splitlines()) == 1


def test_no_design_within_the_largest_size_is_exit_1() -> None:
    code, out, _ = run("--null", "0.2", "--alternative", "0.5", "--largest-n", "5")
    assert code == 1
    assert "no single-stage design with at most 5 subjects" in out


def test_what_was_chosen_by_whom_stands_beside_what_follows() -> None:
    code, out, _ = run("lenalidomide_cle", "--alternative", "0.5")
    assert code == 0
    for line in (
        "  chosen: null: 0.2 (simulation.yaml)",
        "  chosen: alternative: 0.5 (option)",
        "  chosen: alpha: 0.05 (simulation.yaml)",
        "  chosen: power: 0.8 (default)",
        "  follows: subjects: 17",
    ):
        assert line in out.splitlines()
    rows = [line for line in out.splitlines() if line.startswith("As the study has it  ")]
    assert [row.split()[5:8] for row in rows] == [["15", "0.018", "0.696"]]


def test_a_study_that_states_no_alternative_is_asked_for_one() -> None:
    code, out, err = run("lenalidomide_cle")
    assert (code, out) == (1, "")
    assert err.startswith("--alternative: is missing (simulation.yaml states none)")


def test_the_document_names_who_chose_each_number() -> None:
    _, out, _ = run("lenalidomide_cle", "--alternative", "0.5", "--json")
    found = json.loads(out)
    assert found["chosen_by"]["null"] == "simulation.yaml"
    assert found["chosen_by"]["alternative"] == "option"
    assert found["study"]["looks"][0]["accept_at"] == 7


def test_an_option_that_would_do_nothing_is_one_line_and_no_answer() -> None:
    code, out, err = run("--null", "0.2", "--alternative", "0.5", "--toxicity", "0.1")
    assert (code, out) == (1, "")
    assert err.startswith("--toxicity: no design watches toxicity")
    assert len(err.splitlines()) == 1


def test_type_1_errors_are_told_at_their_worst_case() -> None:
    toxic = ("--kind", "bayes", "--toxic", "0.3", "0.8", "--toxicity", "0.2")
    code, out, _ = run("--null", "0.3", "--alternative", "0.6", *toxic)
    assert code == 0
    assert "type I is that without toxicity, where it is largest" in out
    _, made, _ = run("--null", "0.3", "--alternative", "0.6", *toxic, "--json")
    (found,) = json.loads(made)["designs"]
    assert 0.05 >= found["type_1_error"] > found["at_null"]["accepted"]
