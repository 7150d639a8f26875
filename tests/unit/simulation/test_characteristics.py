"""What a simulated decision does, beside exact mathematics; and that it ends the trial."""

import functools
import math
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from simulated_studies import deciding, generator, scheme, study

from pilotage.simulation import nature
from pilotage.simulation.burdens import Counts, Rehearsals, rows_of
from pilotage.simulation.burdens.counts import COUNTED
from pilotage.simulation.compiled.kernel import kernel_of
from pilotage.simulation.compiled.numbers import days_since, numbers_of
from pilotage.simulation.design.decisions import NoPlan, endpoint_day, plan_for, plan_of
from pilotage.simulation.design.steady import steady_size
from pilotage.simulation.load import load_simulation
from pilotage.simulation.model import Bayes, Decision, Exact, Simon, Toxicity
from pilotage.simulation.plain.trial import trial as plain_trial
from pilotage.simulation.scenarios import Case, changed_models
from pilotage.simulation.scheme import scheme_of
from pilotage.simulation.trials import plans, run
from pilotage.simulation.trials.characteristics import (
    PARTS,
    Characteristic,
    Judged,
    called,
    characteristics,
    part_of,
)
from pilotage.simulation.trials.columns import SUCCESS_MASK, TOX_MASK, Column
from pilotage.simulation.trials.results import write_results
from pilotage.simulation.trials.run import Simulated
from pilotage.simulation.trials.totals import Sum, Totals
from pilotage.statistics.distributions import at_least, beta_above
from pilotage.statistics.interim import plan_characteristics
from pilotage.statistics.simon import single_stage

NAME = "template"
MANY = 200_000


def case_of(
    decision: Decision,
    subjects: int,
    *,
    rate: float | None = None,
    toxicity: float = 0.0,
    **more: float,
) -> Case:
    """The study with another decision; with a `rate` nothing happens but success or failure."""
    simulation, described = load_simulation(study(NAME))
    described, simulation = changed_models(
        described, simulation, {"trial.subjects": subjects, **more}
    )
    simulation = simulation.model_copy(update={"decision": decision})
    return Case("a case", "", described, simulation, rate, toxicity, {})


@functools.cache
def fixed(
    decision: Decision, subjects: int, rate: float, toxicity: float = 0.0, trials: int = MANY
) -> Simulated:
    case = case_of(decision, subjects, rate=rate, toxicity=toxicity)
    return run.run_plan(study(NAME), plans.plan_of(study(NAME), case), trials=trials, seed=7)


def told(done: Simulated) -> dict[str, Characteristic]:
    return {row.name: row for row in characteristics(done)}


def within(row: Characteristic, wanted: float, trials: int) -> bool:
    """Within four Monte-Carlo standard errors; those of a share are of the wanted one."""
    share = row.unit == "share of trials"
    error = math.sqrt(wanted * (1 - wanted) / trials) if share else row.error
    return abs(row.value - wanted) <= 4 * error + 1 / trials


# -- exact mathematics -----------------------------------------------------------------------------

EXACT = Exact(kind="exact", null=0.2)
LOOKING = Bayes(
    kind="bayes", null=0.2, looks=(5, 10, 15), success=0.9, futility=0.2, early_success=0.99,
    toxicity=Toxicity(limit=0.2, stop=0.8),
)  # fmt: skip
CASES: tuple[tuple[Decision, int, float, float], ...] = (
    (EXACT, 15, 0.2, 0.0),
    (EXACT, 15, 0.5, 0.0),
    (Simon(kind="simon", null=0.2, alternative=0.4), 43, 0.2, 0.0),
    (Simon(kind="simon", null=0.2, alternative=0.4), 43, 0.4, 0.0),
    (LOOKING, 20, 0.2, 0.1),
    (LOOKING, 20, 0.5, 0.25),
)


@pytest.mark.parametrize(("decision", "subjects", "rate", "toxicity"), CASES)
def test_trials_with_a_fixed_response_end_as_exact_mathematics_says(
    decision: Decision, subjects: int, rate: float, toxicity: float
) -> None:
    rows = told(fixed(decision, subjects, rate, toxicity))
    wanted = plan_characteristics(plan_for(decision, subjects), p=rate, toxicity=toxicity)
    for name, exact in (
        ("ACCEPTED", wanted.accepted), ("GIVEN_UP", wanted.given_up), ("BIAS", wanted.bias),
        ("TOO_TOXIC", wanted.too_toxic), ("EARLY", wanted.early), ("N", wanted.expected_n),
        ("COVERAGE_95", wanted.coverage()), ("SUCCESSES", rate), ("TOX_IN_TIME", toxicity),
    ):  # fmt: skip
        assert rows[name].exact == pytest.approx(exact, abs=1e-12)
    for row in rows.values():
        assert row.exact is not None
        assert within(row, row.exact, MANY), row


@pytest.mark.parametrize(
    ("null", "alternative", "criterion", "n", "expected_n", "ends_early"),
    [
        (0.05, 0.25, "optimal", 17, 12.0, 0.63),
        (0.10, 0.30, "optimal", 29, 15.0, 0.74),
        (0.20, 0.40, "optimal", 43, 20.6, 0.75),
        (0.30, 0.50, "optimal", 46, 23.6, 0.72),
        (0.05, 0.25, "minimax", 16, 13.8, 0.54),
        (0.10, 0.30, "minimax", 25, 19.5, 0.55),
        (0.20, 0.40, "minimax", 33, 22.3, 0.72),
    ],
)
def test_simulated_two_stage_trials_are_those_of_the_published_table(
    null: float, alternative: float, criterion: str, n: int, expected_n: float, ends_early: float
) -> None:
    """Simon 1989, table 1, alpha 0.05, beta 0.20: as printed, so to half of the last digit."""
    decision = Simon.model_validate(
        {"kind": "simon", "null": null, "alternative": alternative, "criterion": criterion}
    )
    trials = 50_000
    rows = told(fixed(decision, n, null, trials=trials))
    assert abs(rows["N"].value - expected_n) <= 0.05 + 4 * rows["N"].error
    assert abs(rows["EARLY"].value - ends_early) <= 0.005 + 4 * rows["EARLY"].error
    assert rows["ACCEPTED"].value <= 0.05 + 4 * rows["ACCEPTED"].error


def test_early_stopping_makes_the_proportion_of_a_trial_too_low_and_the_trials_show_it() -> None:
    bias = told(fixed(*CASES[3][:3]))["BIAS"]
    assert bias.value < -20 * bias.error


def test_the_error_of_the_bias_is_how_far_it_moves_with_the_seed() -> None:
    """Without the part that successes and size share, it would be about twice as large."""
    plan = plans.plan_of(study(NAME), case_of(LOOKING, 20))
    found = [
        told(run.run_plan(study(NAME), plan, trials=60, seed=seed))["BIAS"] for seed in range(40)
    ]
    spread = float(np.std([each.value for each in found], ddof=1))
    error = float(np.mean([each.error for each in found if each.error is not None]))
    assert error / spread == pytest.approx(1, abs=0.35)


def test_trials_of_which_none_ended_early_have_no_bias_at_all() -> None:
    decision = Bayes(kind="bayes", null=0.2, looks=(1,), futility=0.001)
    bias = told(lived(decision, 15, trials=40))["BIAS"]
    assert (bias.value, bias.error) == (0, 0)


def test_dropping_out_is_the_exponential_distribution_at_whole_days() -> None:
    """The chance to be gone by study day d is 1 - exp(-h (d - 1)), with h the hazard of a day that
    leaves 1 - true_dropout_per_week after seven: the code keeps whole days alone, and at a whole
    day nothing is lost by it."""
    case, weekly = case_of(EXACT, 10, **{"subject.true_dropout_per_week": 0.03}), 0.03
    made = scheme_of(study(NAME), case.nature, case.simulation)
    random, per_day = generator(3), numbers_of(made)["dropout"]
    days = np.array([nature.dropout_day(random, per_day) for _ in range(50_000)])
    for day in (2, 8, 29, 85, 365):
        wanted = 1 - (1 - weekly) ** ((day - 1) / 7)
        error = math.sqrt(wanted * (1 - wanted) / len(days))
        assert abs(np.mean(days <= day) - wanted) <= 4 * error


# -- the trial ends where its decision ends it -----------------------------------------------------


def lived(decision: Decision, subjects: int, trials: int = 500, **more: float) -> Simulated:
    case = case_of(decision, subjects, **more)
    return run.run_plan(study(NAME), plans.plan_of(study(NAME), case), trials=trials, seed=1)


def test_each_trial_ends_where_its_own_subjects_end_it() -> None:
    done = lived(LOOKING, 20, **{"stable.NEUT.true_drug_shift": -2.2})
    endings = set()
    decision = plan_of(done.case.simulation)
    for row in pl.concat(done.frames()).iter_rows(named=True):
        fared = [
            [bool(row[mask] >> at & 1) for at in range(20)] for mask in (SUCCESS_MASK, TOX_MASK)
        ]
        ending, n = decision.ending(*fared)
        assert row["N"] == n
        of_row = (row["ACCEPTED"], row["GIVEN_UP"], row["TOO_TOXIC"])
        assert of_row == tuple(ending == name for name in ("accepted", "given up", "too toxic"))
        assert row["EARLY"] == (n < 20)
        endings.add((ending, n))
    assert len(endings) > 6


def test_subjects_who_live_by_the_rules_end_the_trial_as_often_as_their_rate_says() -> None:
    """Subjects are alike and do not know of each other: the exact recursion holds at their rate."""
    done = lived(Simon(kind="simon", null=0.2, alternative=0.4), 43, trials=3000)
    rows = told(done)
    rate = rows["TRUE_RATE"]
    assert rate.value == rows["SUCCESSES"].value
    for shift in (-2, 2):
        wanted = plan_characteristics(plan_for(done.case.simulation.decision, 43), p=rate.value)
        near = plan_characteristics(
            plan_for(done.case.simulation.decision, 43), p=rate.value + shift * rate.error
        )
        for name, of in (("ACCEPTED", "accepted"), ("EARLY", "early"), ("N", "expected_n")):
            room = 4 * rows[name].error + abs(getattr(near, of) - getattr(wanted, of))
            assert abs(rows[name].value - getattr(wanted, of)) <= room
    assert rows["BIAS"].exact is None
    assert abs(rows["BIAS"].value - wanted.bias) <= 4 * rows["BIAS"].error + 1e-3
    assert rows["BIAS"].error > 0


def test_recruitment_waits_for_the_look() -> None:
    """All subjects of a stage give consent on one day, and those of the second when the endpoint
    of the first is known."""
    more = {"trial.recruited_per_month": 1e9, "subject.true_late_days.sd": 0.0}
    done = lived(Simon(kind="simon", null=0.2, alternative=0.4), 43, **more)
    trials = pl.concat(done.frames())
    went_on = trials.filter(pl.col("EARLY") == 0)["DURATION_DAYS"]
    ended = trials.filter(pl.col("EARLY") == 1)["DURATION_DAYS"]
    assert min(len(went_on), len(ended)) > 20
    made = scheme_of(study(NAME), done.case.nature, done.case.simulation)
    consent, simulation = made.contacts[0].day, done.case.simulation
    wait = days_since(consent, endpoint_day(simulation))
    longest = days_since(consent, simulation.trial.follow_up_days)
    assert ended.max() < longest + 1
    assert wait + longest - 30 < went_on.min() <= went_on.max() < wait + longest + 1


def test_a_trial_without_a_look_is_what_it_was_before() -> None:
    """Another null rate changes what is concluded, and nothing else."""
    one, other = (
        pl.concat(lived(Exact(kind="exact", null=null), 10, trials=100).frames())
        for null in (0.2, 0.6)
    )
    concluded = ["ACCEPTED", "GIVEN_UP"]
    assert one.drop(concluded).equals(other.drop(concluded))
    assert (one["ACCEPTED"] > other["ACCEPTED"]).any()
    assert set(one["N"]) == {10}
    assert set(one["EARLY"]) == {0}


# -- what is told ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (0.2, "type I error, since the true rate, 0.2, is not above null, 0.2"),
        (0.1, "type I error, since the true rate, 0.1, is not above null, 0.2"),
        (0.3, "power, since the true rate, 0.3, is above null, 0.2"),
    ],
)
def test_accepting_is_power_or_an_error_by_the_true_rate(rate: float, said: str) -> None:
    assert told(fixed(EXACT, 15, rate, trials=500))["ACCEPTED"].label.endswith(f": {said}")


def test_a_rate_too_near_to_the_null_one_is_called_neither() -> None:
    done = lived(EXACT, 10, trials=50)
    rate = told(done)["TRUE_RATE"].value
    done = lived(Exact(kind="exact", null=rate), 10, trials=50)
    assert "cannot be told from null" in told(done)["ACCEPTED"].label


@pytest.mark.parametrize(
    ("each", "null", "said"),
    [
        ([(1, 0)], 0.2, "cannot be told from null"),
        ([(1, 1)], 0.2, "cannot be told from null"),
        ([(5, 0), (5, 0), (5, 0)], 0.2, "cannot be told from null"),
        ([(10, 10)], 0.95, "cannot be told from null"),
        ([(20, 0), (20, 0), (20, 0)], 0.2, "type I error"),
        ([(5, 5), (5, 5), (5, 5)], 0.2, "power"),
    ],
)
def test_few_subjects_who_all_fare_alike_tell_their_rate_from_a_far_one_alone(
    each: list[tuple[int, int]], null: float, said: str
) -> None:
    """Trials that all agree have an error of 0: the exact interval is not deceived by it."""
    totals = Totals((Column("N", ""), Column("SUCCESSES", "")))
    totals.add(pl.DataFrame(each, schema=["N", "SUCCESSES"], orient="row"))
    rate, error = totals.of_a_subject("SUCCESSES")
    assert error == (0 if len(each) > 1 else None)
    assert said in called(Judged(totals, {}, plan_for(EXACT, 20), null, rate, error, None))


def test_every_characteristic_has_its_part_and_comes_once() -> None:
    rehearsed = Counts(1, 1, 5, 1, {each.name: 2 for each in COUNTED})
    counted = rows_of(Rehearsals(20, (rehearsed,)))
    rows = list(characteristics(lived(LOOKING, 20, trials=50), counted))
    assert len({row.name for row in rows}) == len(rows)
    assert list(dict.fromkeys(part_of(row.name) for row in rows)) == list(PARTS)
    exact = [name for names in PARTS.values() for name in names if not name.endswith("*")]
    assert set(exact) <= {row.name for row in rows}


def test_numbers_of_a_subject_count_those_who_were_included() -> None:
    done = lived(LOOKING, 20)
    trials = pl.concat(done.frames())
    rows = told(done)
    assert trials["N"].n_unique() > 2
    visits, n = trials["VISITS"].to_numpy(), trials["N"].to_numpy()
    ratio = visits.sum() / n.sum()
    assert rows["VISITS"].value == pytest.approx(ratio, rel=1e-12)
    error = np.std(visits - ratio * n, ddof=1) / n.mean() / math.sqrt(len(n))
    assert rows["VISITS"].error == pytest.approx(error, rel=1e-9)
    assert rows["VISITS_OF_TRIAL"].value == pytest.approx(visits.mean(), rel=1e-12)


def test_sums_of_squares_of_large_counts_do_not_wrap() -> None:
    found = Sum()
    found.add(pl.Series([3_000_000_000, 3_000_000_002]), pl.Series([10**10, 10**10]))
    assert found.squares == 3_000_000_000**2 + 3_000_000_002**2
    assert found.with_n == 6_000_000_002 * 10**10


def test_the_same_numbers_come_from_blocks_of_any_worker_and_of_a_run_taken_up_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "CHUNKS_OF_BLOCK", 1)
    case = case_of(LOOKING, 20, rate=0.4, toxicity=0.1)
    made = plans.plan_of(study(NAME), case)
    found = []
    for workers, folder in ((1, "one"), (3, "three"), (2, "one")):
        done = run.run_plan(
            study(NAME), made, trials=900, seed=2, workers=workers, folder=tmp_path / folder
        )
        write_results(tmp_path / folder, [done])
        found.append((tmp_path / folder / "operating_characteristics.csv").read_bytes())
    assert found[0] == found[1] == found[2]
    assert found[0].splitlines()[0].endswith(b",VALUE,MCSE,EXACT")


# -- decisions -------------------------------------------------------------------------------------


def test_an_exact_decision_needs_the_fewest_successes_that_hold_its_level() -> None:
    for n in (1, 5, 15, 60):
        needed = plan_for(EXACT, n).looks[0].accept_at
        assert needed is not None
        assert at_least(needed, n, 0.2) <= 0.05 < at_least(needed - 1, n, 0.2)


def test_a_level_that_is_attained_is_held() -> None:
    """0.1 squared is 0.010000000000000002 in floating point."""
    decision = Exact(kind="exact", null=0.1, level=0.01)
    assert plan_for(decision, 2).looks[0].accept_at == 2
    found = single_stage(0.1, 0.9, alpha=0.01, beta=0.19)
    assert (found.r + 1, found.n) == (2, 2)
    assert steady_size(0.1, 0.9, alpha=0.01, power=0.729, largest_n=50) == 2


def test_a_bayesian_decision_looks_at_its_looks_and_at_the_end() -> None:
    plan = plan_for(LOOKING, 20)
    assert [look.n for look in plan.looks] == [5, 10, 15, 20]
    for look in plan.looks:
        certain = 0.99 if look.n < 20 else 0.9
        if look.accept_at is not None:
            assert beta_above(1 + look.accept_at, 1 + look.n - look.accept_at, 0.2) >= certain
    assert [look.n for look in plan_for(LOOKING, 15).looks] == [5, 10, 15]


@pytest.mark.parametrize(
    ("decision", "subjects", "said"),
    [
        (Simon(kind="simon", null=0.2, alternative=0.4), 20, "Simon's optimal design has 43"),
        (Simon(kind="simon", null=0.2, alternative=0.4), 44, "write 43"),
        (Simon(kind="simon", null=0.3, alternative=0.31), 20, "choose larger errors"),
        (LOOKING, 14, "'subjects' is 14, and the decision looks after 15"),
    ],
)
def test_a_trial_of_another_size_than_its_decision_is_refused(
    decision: Decision, subjects: int, said: str
) -> None:
    with pytest.raises(NoPlan, match=said):
        plan_for(decision, subjects)


def test_a_decision_for_another_number_of_subjects_never_runs() -> None:
    made = deciding(scheme(NAME), EXACT, 9)
    with pytest.raises(ValueError, match="one for 9 subjects"):
        kernel_of(made).run(numbers_of(made), generator(1), count=1, subjects=10)
    with pytest.raises(ValueError, match="one for 9 subjects"):
        plain_trial(made, numbers_of(made), generator(1), 10)


def test_the_terminal_tells_the_exact_number_beside_and_what_looks_change(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from pilotage.cli.simulate import _tell

    _tell(fixed(EXACT, 15, 0.2, trials=500))
    without = capsys.readouterr().out
    _tell(fixed(*CASES[3][:3]))
    looked_at = capsys.readouterr().out
    assert "type I error, since the true rate, 0.2, is not above null, 0.2" in without
    assert " (exactly 0.01806)" in without
    assert "Subjects included" not in without
    assert "Subjects included, subjects of a trial (exactly 37.94)" in looked_at
