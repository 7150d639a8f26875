"""Trials by the thousand: the same for any number of workers, resumed, refused, and as exact
mathematics says."""

import dataclasses
import math
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.stats import binom
from simulated_studies import generator, models, study

from pilotage.findings import InputErrors
from pilotage.simulation.scenarios import cases, changed_models
from pilotage.simulation.scheme import scheme_of
from pilotage.simulation.trials import run
from pilotage.simulation.trials.blocks import FOLDER, MADE_OF, Blocks
from pilotage.simulation.trials.characteristics import characteristics
from pilotage.simulation.trials.chunks import generator_of
from pilotage.simulation.trials.columns import SUCCESS_MASK, TOX_MASK
from pilotage.simulation.trials.plans import plan_of, plans_of
from pilotage.simulation.trials.results import CHARACTERISTICS, SUMMARY, write_results
from pilotage.simulation.trials.run import Simulated, simulate
from pilotage.statistics.proportions import clopper_pearson

NAME = "lenalidomide_cle"
keep = Blocks.keep


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*")) if path.is_file()
    }  # fmt: skip


def written(folder: Path, *, workers: int = 1, trials: int = 700, seed: int = 3) -> Simulated:
    done = simulate(study(NAME), trials=trials, seed=seed, workers=workers, folder=folder)
    write_results(folder, done)
    return done[0]


# -- the same bytes --------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes_for_any_number_of_workers(tmp_path: Path) -> None:
    for workers in (1, 2, 3):
        written(tmp_path / str(workers), workers=workers)
    first = files(tmp_path / "1")
    assert set(first) == {MADE_OF, SUMMARY, CHARACTERISTICS, f"{FOLDER}/block-00000.parquet"}
    assert first == files(tmp_path / "2") == files(tmp_path / "3")


def test_another_seed_gives_other_trials() -> None:
    one, other = (simulate(study(NAME), trials=50, seed=seed)[0] for seed in (1, 2))
    assert not next(iter(one.frames())).equals(next(iter(other.frames())))


def test_more_trials_begin_with_the_same_ones() -> None:
    few, more = (
        pl.concat(simulate(study(NAME), trials=trials, seed=1)[0].frames()) for trials in (250, 600)
    )
    assert more.head(250).equals(few)
    assert more["TRIAL"].to_list() == list(range(1, 601))


def test_a_run_that_was_interrupted_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "CHUNKS_OF_BLOCK", 1)
    written(tmp_path / "whole", trials=1700)

    def interrupted(done: int, of: int) -> None:
        if done > 1000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(study(NAME), trials=1700, seed=3, folder=tmp_path / "parts", progress=interrupted)
    before = files(tmp_path / "parts")
    assert 2 <= len(before) < 1 + 7
    assert SUMMARY not in before
    kept = []
    monkeypatch.setattr(
        Blocks,
        "keep",
        lambda self, number, trials: (kept.append(number), keep(self, number, trials)),
    )
    written(tmp_path / "parts", trials=1700)
    assert sorted(kept) == list(range(len(before) - 1, 7))
    assert files(tmp_path / "parts") == files(tmp_path / "whole")


def test_a_block_that_was_cut_short_is_made_again(tmp_path: Path) -> None:
    written(tmp_path)
    whole = files(tmp_path)
    block = tmp_path / FOLDER / "block-00000.parquet"
    block.write_bytes(block.read_bytes()[:100])
    written(tmp_path)
    assert files(tmp_path) == whole


def test_a_file_that_was_being_written_does_not_keep_a_run_from_going_on(tmp_path: Path) -> None:
    written(tmp_path / "whole")
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / f".{MADE_OF}.unfinished").write_text("{")
    written(tmp_path / "parts")
    assert files(tmp_path / "parts") == files(tmp_path / "whole")


def test_another_run_is_not_mixed_with_one_that_is_there(tmp_path: Path) -> None:
    written(tmp_path / "run")
    with pytest.raises(InputErrors, match=r"holds another simulation \(seed 3 there, 4 here\)"):
        written(tmp_path / "run", seed=4)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("mine")
    with pytest.raises(InputErrors, match="is not empty"):
        written(tmp_path / "other")
    with pytest.raises(InputErrors, match="is a file; name a folder"):
        written(tmp_path / "other" / "letter.txt")


def test_a_grid_is_not_mixed_with_anything_else(tmp_path: Path) -> None:
    def grid(folder: Path, trials: int = 3) -> None:
        write_results(
            folder, simulate(study(NAME), trials=trials, seed=3, scenario="effect", folder=folder)
        )

    written(tmp_path / "run", trials=3)
    before = files(tmp_path / "run")
    with pytest.raises(InputErrors, match="holds the simulation of one scenario"):
        grid(tmp_path / "run")
    assert files(tmp_path / "run") == before
    grid(tmp_path / "grid")
    again = files(tmp_path / "grid")
    grid(tmp_path / "grid")
    assert files(tmp_path / "grid") == again
    (tmp_path / "grid" / "mine").mkdir()
    with pytest.raises(InputErrors, match="that of the same grid"):
        grid(tmp_path / "grid")


# -- refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ({"trials": 0}, "--trials: 0 is no number of trials"),
        ({"trials": 10**9}, "--trials"),
        ({"seed": -1}, "--seed: -1 is no seed"),
        ({"seed": 2**63}, "--seed"),
        ({"subjects": 0}, "--subjects: 0 is no number of subjects"),
        ({"workers": 0}, "--workers: 0 is no number of workers"),
    ],
)
def test_numbers_with_which_nothing_can_be_simulated_are_refused(
    numbers: dict[str, int], said: str
) -> None:
    with pytest.raises(InputErrors) as raised:
        simulate(study(NAME), **{"trials": 1, "seed": 1, **numbers})  # type: ignore[arg-type]
    assert said in str(raised.value)


def test_a_scenario_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputErrors, match=r"no scenario 'no_efect'; did you mean 'no_effect'\?"):
        simulate(study(NAME), trials=1, seed=1, scenario="no_efect")


def test_a_response_that_nothing_describes_is_refused() -> None:
    simulation, nature = models(NAME)
    nothing = nature.model_copy(update={"responding": {}})
    with pytest.raises(ValueError, match=r"^CLASIACT$"):
        scheme_of(study(NAME), nothing, simulation)


# -- exact mathematics -----------------------------------------------------------------------------


def fixed(trials: int, *, rate: float, subjects: int = 15) -> Simulated:
    return simulate(
        study(NAME), trials=trials, seed=11, subjects=subjects, scenario="fixed_response",
        settings={"true_cr": rate},
    )[0]  # fmt: skip


def check_binomial(done: Simulated, rate: float) -> None:
    """Each number of successes as often as the binomial distribution has it, within four
    Monte-Carlo standard errors and one trial, since a rare number comes once or never; and so often
    does the exact interval hold the true rate."""
    shares = {row.name: row for row in characteristics(done)}
    n, covered, exact = done.subjects, 0.0, 0.0
    for number in range(n + 1):
        wanted = binom.pmf(number, n, rate)
        row = shares.get(f"SUCCESSES_{number}")
        found = row.value if row else 0.0
        error = math.sqrt(wanted * (1 - wanted) / done.trials)
        assert abs(found - wanted) <= 4 * error + 1 / done.trials, number
        interval = clopper_pearson(number, n)
        inside = interval.low <= rate <= interval.high
        covered, exact = covered + found * inside, exact + wanted * inside
    assert abs(covered - exact) <= 4 * math.sqrt(exact * (1 - exact) / done.trials)
    power = sum(row.value for name, row in shares.items() if _at_least(name, 8))
    wanted = binom.sf(7, n, rate)
    assert abs(power - wanted) <= 4 * math.sqrt(wanted * (1 - wanted) / done.trials)


def _at_least(name: str, number: int) -> bool:
    word, _, last = name.rpartition("_")
    return word == "SUCCESSES" and int(last) >= number


@pytest.mark.parametrize("rate", [0.2, 0.5])
def test_a_fixed_response_is_the_binomial_distribution(rate: float) -> None:
    check_binomial(fixed(20_000, rate=rate), rate)


@pytest.mark.slow
@pytest.mark.parametrize("rate", [0.05, 0.2, 0.5, 0.9])
def test_a_fixed_response_is_the_binomial_distribution_at_200000_trials(rate: float) -> None:
    check_binomial(fixed(200_000, rate=rate), rate)


@pytest.mark.parametrize(("rate", "successes"), [(0, 0), (1, 15)])
def test_a_response_that_never_or_always_comes(rate: float, successes: int) -> None:
    frame = next(iter(fixed(20, rate=rate).frames()))
    assert set(frame["SUCCESSES"]) == {successes}
    assert set(frame[SUCCESS_MASK]) == {2**successes - 1}
    assert set(frame[TOX_MASK]) == {0}


def test_a_constant_hazard_of_dropping_out_is_the_exponential_distribution() -> None:
    from pilotage.simulation import nature

    random, per_day = generator(5), 0.01
    days = np.array([nature.dropout_day(random, per_day) for _ in range(20_000)])
    for day in (30, 100, 300):
        # day d after the first dose: gone from study day d + 2 on at the latest
        stays = math.exp(-per_day * day)
        error = math.sqrt(stays * (1 - stays) / len(days))
        assert abs(np.mean(days >= day + 2) - stays) <= 4 * error


def test_dropping_out_shows_in_the_trials_at_its_rate() -> None:
    simulation, nature = models("template")
    weekly, last = 0.01, simulation.trial.follow_up_days
    calm = {f"events.{event.term}.true_probability": 0 for event in nature.events}
    changes = {**calm, "subject.true_dropout_per_week": weekly, "subject.true_late_days.sd": 0,
               "stable.NEUT.true_drug_shift": 0}  # fmt: skip
    nature, simulation = changed_models(nature, simulation, changes)
    case = cases(nature, simulation, "base", {})[0]
    plan = plan_of(study("template"), case)
    done = run.run_plan(study("template"), plan, trials=1500, seed=1)
    wanted = 1 - (1 - weekly) ** ((last - 1) / 7)
    error = math.sqrt(wanted * (1 - wanted) / (1500 * 10))
    assert abs(done.totals.mean("DROPPED_OUT") / 10 - wanted) <= 4 * error


def test_the_defaults_of_the_built_in_study_are_near_what_they_are_fitted_to() -> None:
    """Complete response of 12 of 14, relapse of 9 of the 12: near, no more is said."""
    done = simulate(study(NAME), trials=400, seed=5)[0]
    response = done.totals.mean("BEST_CR") / 15
    relapse = done.totals.mean("RELAPSED") / done.totals.mean("BEST_CR")
    assert abs(response - 12 / 14) < 0.1
    assert abs(relapse - 9 / 12) < 0.25


def test_no_seed_shares_its_draws_with_another_whatever_its_size() -> None:
    """Of 64 bits the upper half must not be read as the number of a chunk."""
    seeds = (1, 2, 1 + 2**32, 1 + 2**33, 2**32, 2**63 - 1)
    first = {
        tuple(generator_of(seed, chunk).random(3)) for seed in seeds for chunk in (0, 1, 2, 2**32)
    }
    assert len(first) == len(seeds) * 4


# -- what is counted -------------------------------------------------------------------------------


def test_the_masks_say_which_subjects_succeeded_and_which_were_stopped_for_toxicity() -> None:
    frame = next(iter(simulate(study(NAME), trials=300, seed=2, scenario="toxic")[0].frames()))
    for mask, count in ((SUCCESS_MASK, "SUCCESSES"), (TOX_MASK, "TOX_IN_TIME")):
        bits = [int(value).bit_count() for value in frame[mask]]
        assert bits == frame[count].to_list()
    assert 0 < frame["TOX_IN_TIME"].sum() < frame["TOX"].sum()
    assert (frame["TOX_IN_TIME"] <= frame["TOX"]).all()
    assert (frame["TOX"] <= frame["STOPPED"]).all()


def test_more_subjects_than_a_number_has_bits_are_a_list_of_numbers() -> None:
    frame = next(iter(fixed(10, rate=0.5, subjects=130).frames()))
    bits = [sum(int(word).bit_count() for word in words) for words in frame[SUCCESS_MASK]]
    assert frame[SUCCESS_MASK].list.len().unique().to_list() == [3]
    assert bits == frame["SUCCESSES"].to_list()


def test_the_reasons_to_stop_add_up() -> None:
    frame = next(iter(simulate(study(NAME), trials=300, seed=2, scenario="toxic")[0].frames()))
    reasons = [name for name in frame.columns if name.startswith("STOPPED_")]
    assert (frame.select(pl.sum_horizontal(reasons)).to_series() == frame["STOPPED"]).all()
    events = [name for name in frame.columns if name.startswith("EVENT_")]
    assert (frame.select(pl.sum_horizontal(events)).to_series() == frame["EVENTS"]).all()


def test_trials_without_a_folder_are_kept_up_to_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "MOST_KEPT", 20)
    few, many = (simulate(study(NAME), trials=trials, seed=1)[0] for trials in (20, 21))
    assert sum(frame.height for frame in few.frames()) == 20
    assert many.totals.trials == 21
    with pytest.raises(ValueError, match="kept in a folder only"):
        next(many.frames())


def test_a_mean_and_its_error_are_those_of_the_trials() -> None:
    done = simulate(study(NAME), trials=400, seed=2)[0]
    trials = pl.concat(done.frames())
    for name in ("SUCCESSES", "DRUG_AMOUNT", "DURATION_DAYS"):
        values = trials[name].to_numpy().astype(float)
        assert math.isclose(done.totals.mean(name), values.mean(), rel_tol=1e-12)
        error = values.std(ddof=1) / math.sqrt(400)
        assert math.isclose(done.totals.error(name), error, rel_tol=1e-9)


def test_the_names_of_the_kernel_follow_from_the_rules_alone() -> None:
    """So that a scenario is not compiled anew, and another rule never meets an old kernel."""
    base, toxic = (plans_of(study(NAME), name, {})[0].kernel for name in ("base", "toxic"))
    assert base is not None
    assert toxic is not None
    assert base.rules == toxic.rules
    protocol = study(NAME).protocol
    rows = protocol.dosing.rows[:-1]
    dosing = protocol.dosing.model_copy(update={"rows": rows})
    changed = dataclasses.replace(
        study(NAME), protocol=protocol.model_copy(update={"dosing": dosing})
    )
    from pilotage.simulation.compiled.emit import kernel_text

    simulation, nature = models(NAME)
    texts = [kernel_text(scheme_of(each, nature, simulation)) for each in (study(NAME), changed)]
    assert texts[0] != texts[1]
