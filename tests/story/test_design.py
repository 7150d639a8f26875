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
