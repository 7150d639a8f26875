"""Answers that come: said once, at the first contact that asks, an exponential time after the first
dose; in both engines, in a cohort and in a rehearsal."""

import functools
import math

import numpy as np
import polars as pl
import pytest
from simulated_studies import NO_LOOKS, deciding, generator, models, study, with_coming
from test_simulation_oracle import differences

from pilotage.courses.awaited import Awaited
from pilotage.courses.chance import per_day
from pilotage.courses.cohort import cohort_tables
from pilotage.courses.nature import Nature
from pilotage.simulation.compiled.emit import kernel_text
from pilotage.simulation.compiled.emit_rules import STOPPED_BY
from pilotage.simulation.compiled.numbers import numbers_of
from pilotage.simulation.model import Conduct
from pilotage.simulation.plain.life import Life
from pilotage.simulation.plain.trial import trial as plain_trial
from pilotage.simulation.rehearsal import rehearse
from pilotage.simulation.scenarios import cases, changed_models
from pilotage.simulation.scheme import Scheme, scheme_of

NAME = "lenalidomide_cle"
WITHDRAWN, LIFE = "stopping_review.consent_withdrawn", "stopping_review.life_threatening"
PHYSICIAN = "stopping_review.physician_stops"


def coming(per_week: float, **rates: float) -> Nature:
    """Every answer at one rate, but those that are named."""
    nature = with_coming(NAME, models(NAME)[1], per_week)
    paths = {f"occurrences.{name}.true_per_week": rate for name, rate in rates.items()}
    return changed_models(nature, models(NAME)[0], paths)[0]


def calm(nature: Nature, **changes: float) -> Scheme:
    """Nobody stays away or is stopped for anything but what comes, and the drug is taken for good:
    half of each disease is left, and that asks for no other dose."""
    simulation = models(NAME)[0].model_copy(update={"subject": Conduct()})
    every = {f"events.{event.term}.true_probability": 0.0 for event in nature.events}
    every |= {f"stable.{code}.true_drug_shift": 0.0 for code in nature.stable}
    lasting = "responding.CLASIACT.true_lasting"
    every |= {f"{lasting}.share": 1.0, f"{lasting}.left.mean": 0.5, "trial.follow_up_days": 200.0}
    every |= {f"{lasting}.left.range.0": 0.5, f"{lasting}.left.range.1": 0.5}
    nature, simulation = changed_models(nature, simulation, {**every, **changes})
    return scheme_of(study(NAME), nature, simulation)


def lives(made: Scheme, count: int, seed: int) -> tuple[Life, ...]:
    made = deciding(made, NO_LOOKS, count)
    return plain_trial(made, numbers_of(made), generator(seed), count).lives


# -- both engines ----------------------------------------------------------------------------------


@functools.cache
def scheme() -> Scheme:
    simulation, _ = models(NAME)
    return scheme_of(study(NAME), coming(0.02), simulation)


def test_rows_that_wait_for_an_answer_act_alike_in_both_engines() -> None:
    assert differences(scheme(), subjects=50, seed=3, compiled=False) == ""
    counts: dict[str, float] = {}
    for life in lives(scheme(), 50, seed=3):
        counts = {
            key: counts.get(key, 0) + life.counts.get(key, 0) for key in {*counts, *life.counts}
        }
    rows = study(NAME).protocol.stopping.rows
    waiting = [f"{name} == 'yes'" for name in (WITHDRAWN, LIFE, PHYSICIAN)]
    acting = [at for at, row in enumerate(rows, 1) if str(row.when) in waiting]
    assert len(acting) == 3
    assert all(counts[f"STOPPED_RULE_{at}"] > 0 for at in acting)


@pytest.mark.slow
def test_the_compiled_kernel_lets_the_same_rows_act() -> None:
    assert differences(scheme(), subjects=300, seed=4, compiled=True) == ""


def test_no_row_that_waits_for_such_an_answer_is_left_out_once_a_rate_is_set() -> None:
    simulation, _ = models(NAME)
    none, zero, some = (
        scheme_of(study(NAME), nature, simulation)
        for nature in (
            coming(0).model_copy(update={"occurrences": {}}),
            coming(0),
            coming(0, **{LIFE: 0.001}),
        )
    )
    row = next(
        at for at, row in enumerate(study(NAME).protocol.stopping.rows, 1) if LIFE in str(row.when)
    )
    words = f"row {row} of stopping: {LIFE}"
    assert f"{words} is not described" in none.silent
    assert f"{words} never comes (true_per_week 0)" in zero.silent
    assert not any(said.startswith(words) for said in some.silent)
    assert set(some.silent) == set(zero.silent) - {f"{words} never comes (true_per_week 0)"}
    assert some.stopping == tuple(sorted({*zero.stopping, row - 1}))


def test_what_never_comes_costs_no_draw_and_no_line_of_a_kernel() -> None:
    simulation, _ = models(NAME)
    none, zero = (
        scheme_of(study(NAME), nature, simulation)
        for nature in (coming(0).model_copy(update={"occurrences": {}}), coming(0))
    )
    assert kernel_text(none) == kernel_text(zero)
    assert numbers_of(none).names == numbers_of(zero).names


def test_the_scenarios_of_the_built_in_study_let_answers_come() -> None:
    from pilotage.simulation.load import load_simulation

    simulation, nature = load_simulation(study(NAME))
    stopping = {}
    for name in ("base", "thrombosis", "withdrawal"):
        case = cases(nature, simulation, name, {})[0]
        stopping[name] = len(scheme_of(study(NAME), case.nature, case.simulation).stopping)
    assert stopping == {"base": 4, "thrombosis": 5, "withdrawal": 6}


# -- when and how often ----------------------------------------------------------------------------


def test_by_each_contact_as_many_have_said_so_as_the_exponential_has_it() -> None:
    """Whoever says so is stopped there; the others go on."""
    weekly, count = 0.06, 400
    made = calm(coming(0, **{LIFE: weekly}))
    asked = [c.day for c in made.contacts if "stopping_review" in c.forms and c.day > 1]
    assert len(asked) > 6
    stopped = [
        told.day
        for life in lives(made, count, seed=6)
        for told in life.told
        if told.action >= STOPPED_BY
    ]
    assert set(stopped) <= set(asked)
    for day in asked:
        wanted = 1 - (1 - weekly) ** ((day - 1) / 7)
        error = math.sqrt(wanted * (1 - wanted) / count)
        assert abs(sum(each <= day for each in stopped) / count - wanted) <= 4 * error, day


def test_an_answer_is_given_once_and_never_before_it_has_come() -> None:
    life = lives(scheme(), 1, seed=1)[0]
    name = scheme().facts[0].name
    life.truth.comes[name] = 40
    said = [life.truth.has_come(name, day) for day in (1, 39, 40, 47, 400)]
    assert said == [False, False, True, False, False]


def test_a_share_of_1_a_week_comes_at_once_and_one_of_0_never() -> None:
    assert per_day(1) > 100
    assert per_day(0) == 0
    assert per_day(0.5) == pytest.approx(math.log(2) / 7)


# -- a cohort and a rehearsal ----------------------------------------------------------------------


def test_in_a_cohort_answers_come_at_the_same_rate() -> None:
    weekly, count = 0.03, 20_000
    nature, random = coming(0, **{LIFE: weekly}), generator(8)
    awaited = Awaited(study(NAME).protocol, nature)
    days = []
    for _ in range(count):
        awaited.expect(random)
        days.append(awaited.due[LIFE])
    assert awaited.due.keys() == {LIFE}
    for day in (20, 100, 300):
        wanted = 1 - (1 - weekly) ** ((day - 1) / 7)
        error = math.sqrt(wanted * (1 - wanted) / count)
        assert abs(np.mean(np.array(days) <= day) - wanted) <= 4 * error


@functools.cache
def answers(rate: float) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The answers to the form of reasons to stop, and the doses, of a small cohort."""
    nature = coming(0, **{LIFE: rate}).model_copy(update={"true_missed_visit": 0.0})
    tables = cohort_tables(study(NAME), nature, seed=4, subjects=4)
    return tables["fa"].filter(pl.col("FATESTCD") == "LIFETHR"), tables["ex"]


def test_in_a_cohort_an_answer_is_recorded_at_each_contact_and_ends_treatment() -> None:
    found, doses = answers(0.15)
    said = found.group_by("USUBJID").agg(
        YES=(pl.col("FAORRES") == "Y").sum(),
        FIRST=pl.col("FADTC").filter(pl.col("FAORRES") == "Y").first(),
    )
    assert said["YES"].max() == 1
    came = said.drop_nulls("FIRST")
    assert came.height > 0
    last = doses.group_by("USUBJID").agg(LAST=pl.col("EXENDTC").last())
    both = came.join(last, on="USUBJID").with_columns(pl.col("LAST").fill_null("9999"))
    assert (both["LAST"] < both["FIRST"]).all()
    assert (found["FAORRES"] == "N").any()


def test_in_a_cohort_what_never_comes_is_not_recorded_and_costs_no_draw() -> None:
    assert answers(0)[0].height == 0
    nature = coming(0)
    none = cohort_tables(
        study(NAME), nature.model_copy(update={"occurrences": {}}), seed=4, subjects=1
    )
    zero = cohort_tables(study(NAME), nature, seed=4, subjects=1)
    assert none.keys() == zero.keys()
    assert all(none[name].equals(zero[name]) for name in none)


def test_in_a_rehearsal_what_has_come_stands_in_the_entries() -> None:
    settings = {
        f"occurrences.{LIFE}.true_per_week": 1.0,
        "events.Vomiting.true_probability": 0.0,
        "subject.true_entry_error": 0.0,
        "subject.true_missed_visit": 0.0,
    }
    made = rehearse(study(NAME), seed=2, subjects=1, settings=settings)
    form, _, item = LIFE.partition(".")
    entered = [line.line.said for line in made.lines if line.line.said.get("form") == form]
    said = [line["value"] for line in entered if line["item"] == item]
    assert said == ["yes"]
    others = {line["item"]: line["value"] for line in entered}
    assert (others["consent_withdrawn"], others["physician_stops"]) == ("no", "no")
