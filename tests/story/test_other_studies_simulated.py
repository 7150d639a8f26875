"""A trial of another disease before its first subject: designed, simulated, rehearsed and played
from its folder alone. Doses go up and down here, and a return without drug is treated again."""

import json
import re
from math import comb
from pathlib import Path

import pytest
from commands import run

STUDY = Path(__file__).parents[1] / "other_studies" / "chronic_urticaria"

FIRST, GIVES_UP, ALL, NEEDED = 9, 6, 23, 18
"""Simon's optimal design for 0.6 against 0.85, alpha 0.05, beta 0.2: 9 subjects, no more after 6
successes or fewer; 23 in all, accepted with 18 or more."""


def binomial(n: int, k: int, p: float) -> float:
    return comb(n, k) * p**k * (1 - p) ** (n - k)


def accepted(p: float) -> float:
    """The chance that the design accepts a treatment of this rate, summed by hand."""
    rest = ALL - FIRST
    return sum(
        binomial(FIRST, k, p) * sum(binomial(rest, j, p) for j in range(NEEDED - k, rest + 1))
        for k in range(GIVES_UP + 1, FIRST + 1)
    )


def number(lines: list[str], words: str) -> float:
    """The number that `simulate` prints before the words."""
    (line,) = [line for line in lines if words in line]
    return float(line.split()[0])


def test_design_finds_the_boundaries_and_says_what_follows_from_the_study() -> None:
    ended = run("design", STUDY)
    assert (ended.status, ended.err) == (0, [])
    said = "\n".join(ended.out)
    assert f"after {FIRST} subjects: give up with {GIVES_UP} or fewer" in said
    assert f"after {ALL} subjects: accept with {NEEDED} successes or more" in said
    (own,) = [line for line in ended.out if line.startswith("As the study has it  ")]
    assert own.split()[5:8] == [f"{ALL}", f"{accepted(0.6):.3f}", f"{accepted(0.85):.3f}"]


def test_a_fixed_response_is_accepted_as_often_as_the_binomial_says() -> None:
    fixed = ("--scenario", "fixed_response", "--set", "true_cr=0.85", "--seed", 4)
    ended = run("simulate", STUDY, *fixed, "--trials", 20_000)
    assert ended.status == 0, ended.err
    (line,) = [line for line in ended.out if "The decision accepts" in line]
    value, exact = float(line.split()[0]), re.search(r"exactly ([0-9.]+)", line)
    assert exact is not None
    assert float(exact[1]) == pytest.approx(accepted(0.85), abs=1e-4)
    error = (accepted(0.85) * (1 - accepted(0.85)) / 20_000) ** 0.5
    assert abs(value - accepted(0.85)) < 4 * error


@pytest.mark.slow
def test_virtual_subjects_live_under_the_tables_of_the_study() -> None:
    """Where the drug does nothing nobody responds, relapses or is lowered to no drug: whoever does
    not leave for an event or stays away is stopped at the highest dose."""
    base = run("simulate", STUDY, "--trials", 500, "--seed", 2)
    nothing = run("simulate", STUDY, "--trials", 500, "--seed", 2, "--scenario", "no_effect")
    assert (base.status, nothing.status) == (0, 0), (base.err, nothing.err)
    response, stopped = "with the response that counts", "whose treatment was stopped"
    assert 0.8 < number(base.out, response) < 0.95
    assert number(base.out, "Subjects with a relapse") > 0.05
    assert number(base.out, stopped) < 0.15
    assert number(nothing.out, response) == number(nothing.out, "Subjects with a relapse") == 0
    assert number(nothing.out, stopped) > 0.8


def test_the_rehearsal_holds_under_the_study_s_own_rules(tmp_path: Path) -> None:
    out = tmp_path / "rehearsal"
    ended = run("rehearse", STUDY, "--subjects", 4, "--seed", 2, "--no-report", "--out", out)
    assert ended.status == 0, ended.err
    head, *lines = map(json.loads, (out / "entries.jsonl").read_text("utf-8").splitlines())
    assert (head["study"], head["subjects"], head["lines"]) == ("CSU-01", 7, len(lines))
    acts = [line["act"] for line in lines]
    assert (acts.count("screen"), acts.count("enrol"), acts.count("screen failure")) == (7, 4, 3)
    tracings = {line["at"] for line in lines if line.get("form") == "ecg"}
    assert len(tracings) > 7  # a test of its own calendar is done again, not only at entry
    review = run("review", STUDY, out / "snapshot")
    assert (review.status, review.err) == (0, [])
    assert "Screening: 4 treated, 3 screen failure" in review.out
    assert not any("is no answer to" in line for line in review.out)
