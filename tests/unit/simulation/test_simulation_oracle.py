"""The kernel and the plain engine live the same lives, contact by contact, also under rules that
nobody wrote."""

from dataclasses import replace

import numpy as np
import pytest
from simulated_studies import (
    NO_LOOKS,
    STUDIES,
    deciding,
    generator,
    models,
    mutants,
    scheme,
    study,
    with_lasting,
)

from pilotage.simulation.compiled.emit import AFTER_VALUES, TRACED
from pilotage.simulation.compiled.kernel import Kernel, kernel_of
from pilotage.simulation.compiled.numbers import numbers_of
from pilotage.simulation.model import Bayes, Conduct, Days, Decision, Simon, Toxicity
from pilotage.simulation.plain.trial import bits, told_rows
from pilotage.simulation.plain.trial import trial as plain_trial
from pilotage.simulation.scenarios import changed_models
from pilotage.simulation.scheme import Scheme, scheme_of
from pilotage.simulation.trials.columns import MASK_BITS, counted


def differences(made: Scheme, *, subjects: int, seed: int, compiled: bool) -> str:
    """What differs first between both engines in a trial without looks; else nothing."""
    return differences_of_trial(deciding(made, NO_LOOKS, subjects), seed=seed, compiled=compiled)


def differences_of_trial(made: Scheme, *, seed: int, compiled: bool) -> str:
    """The same of a trial that ends where its decision ends it."""
    numbers, subjects = numbers_of(made), made.simulation.trial.subjects
    kernel = kernel_of(made, traced=True) if compiled else in_python(made)
    got = kernel.run(
        numbers, generator(seed), count=1, subjects=subjects, traced=True, python=not compiled
    )
    want = plain_trial(made, numbers, generator(seed), subjects)
    rows = np.array(list(told_rows(made, want.lives)))
    names = [*TRACED, *(each.code for each in made.measured), *AFTER_VALUES]
    for told, expected in zip(got.rows, rows, strict=False):
        same = (told == expected) | (np.isnan(told) & np.isnan(expected))
        if not same.all():
            both = zip(names, told, expected, strict=True)
            return f"{[(n, a, b) for n, a, b in both]}"
    if len(got.rows) != len(rows):
        return f"{len(got.rows)} contacts, not {len(rows)}"
    for column, found in zip(counted(made), got.out[0], strict=True):
        if found != want.counts.get(column.name, 0):
            return f"{column.name} {found}, not {want.counts.get(column.name, 0)}"
    amounts = (want.counts.get("DRUG_AMOUNT", 0), want.duration)
    if not np.allclose(got.amounts[0], amounts, rtol=1e-12):
        return f"{got.amounts[0]}, not {amounts}"
    marks = [[life.success for life in want.lives], [life.toxic_in_time for life in want.lives]]
    for at, each in enumerate(marks):
        words = [bits(each[n : n + MASK_BITS]) for n in range(0, subjects, MASK_BITS)]
        if words != got.masks[0, at].tolist():
            return f"mask {at}"
    return ""


def in_python(made: Scheme) -> Kernel:
    """The text of the kernel, not compiled: for rules that are asked once."""
    from pilotage.simulation.compiled.emit import kernel_text

    space: dict[str, object] = {}
    exec(compile(kernel_text(made, traced=True, cache=False), "kernel", "exec"), space)  # noqa: S102
    return Kernel("python", made, space["trials"])  # type: ignore[arg-type]


@pytest.mark.parametrize("name", STUDIES)
def test_both_engines_live_the_same_lives(name: str) -> None:
    assert differences(scheme(name), subjects=40, seed=1, compiled=False) == ""


@pytest.mark.parametrize("name", STUDIES)
def test_both_engines_live_the_same_lives_where_every_disease_clears(name: str) -> None:
    simulation, nature = models(name)
    made = scheme_of(study(name), with_lasting(nature, None), simulation)
    assert differences(made, subjects=40, seed=1, compiled=False) == ""


def test_the_compiled_kernel_lives_the_same_lives() -> None:
    assert differences(scheme("lenalidomide_cle"), subjects=300, seed=1, compiled=True) == ""


WATCHED = Bayes(
    kind="bayes", null=0.3, looks=(2, 4, 6), futility=0.3, early_success=0.9, success=0.9,
    toxicity=Toxicity(limit=0.1, stop=0.8),
)  # fmt: skip
DECISIONS: tuple[tuple[Decision, int], ...] = (
    (Simon(kind="simon", null=0.2, alternative=0.5), 18),
    (WATCHED, 9),
)


@pytest.mark.parametrize("name", STUDIES)
def test_both_engines_end_a_trial_at_the_same_look(name: str) -> None:
    endings = set()
    for decision, subjects in DECISIONS:
        made = deciding(scheme(name), decision, subjects)
        for seed in range(4):
            assert differences_of_trial(made, seed=seed, compiled=False) == ""
            ended = plain_trial(made, numbers_of(made), generator(seed), subjects)
            endings.add((ended.ending, len(ended.lives) < subjects))
    assert len(endings) > 1


@pytest.mark.parametrize("name", STUDIES)
def test_both_engines_end_a_trial_alike_under_randomly_changed_rules(name: str) -> None:
    for seed, (said, made) in enumerate(mutants(name, seed=2, count=3)):
        watched = deciding(made, WATCHED, 9)
        assert differences_of_trial(watched, seed=seed, compiled=False) == "", said


@pytest.mark.parametrize("name", STUDIES)
def test_without_a_day_of_its_own_the_endpoint_ends_with_follow_up_in_both_engines(
    name: str,
) -> None:
    """A look at the end of follow-up cannot see a last visit that comes later."""
    given = scheme(name)
    last = given.simulation.endpoint.until_day
    assert last is not None
    trial = given.simulation.trial.model_copy(update={"follow_up_days": last - 8})
    late = Conduct(true_late_days=Days(mean=6, sd=6))
    seen = []
    for until in (None, last - 8, last + 90):
        endpoint = given.simulation.endpoint.model_copy(update={"until_day": until})
        changes = {"endpoint": endpoint, "trial": trial, "subject": late}
        simulation = given.simulation.model_copy(update=changes)
        made = scheme_of(given.study, given.nature, simulation)
        assert differences(made, subjects=60, seed=4, compiled=False) == ""
        watched = deciding(made, NO_LOOKS, 60)
        found = plain_trial(watched, numbers_of(watched), generator(4), 60)
        early = [
            [told for told in life.told if told.day > trial.follow_up_days] for life in found.lives
        ]
        assert any(early)
        seen.append(
            (
                found.counts.get("SUCCESSES", 0), found.counts.get("TOX_IN_TIME", 0),
                [life.early for life in found.lives],
            )
        )  # fmt: skip
    assert seen[0] == seen[1] == seen[2]


@pytest.mark.slow
def test_the_compiled_kernel_ends_trials_at_the_same_look() -> None:
    endings = set()
    for decision, subjects in DECISIONS:
        made = deciding(toxic(), decision, subjects)
        for seed in range(30):
            assert differences_of_trial(made, seed=seed, compiled=True) == ""
            ended = plain_trial(made, numbers_of(made), generator(seed), subjects)
            endings.add((ended.ending, len(ended.lives) < subjects))
    assert len(endings) == 6


def toxic() -> Scheme:
    """The built-in study with much toxicity and a disease that clears, so that each way to end a
    trial is met."""
    simulation, nature = models("lenalidomide_cle")
    changes = {
        "stable.NEUT.true_drug_shift": -1.4,
        "responding.CLASIACT.true_lasting.share": 0.0,
    }
    nature, simulation = changed_models(nature, simulation, changes)
    return scheme_of(study("lenalidomide_cle"), nature, simulation)


@pytest.mark.slow
@pytest.mark.parametrize("name", STUDIES)
@pytest.mark.parametrize("seed", range(5))
def test_both_engines_live_thousands_of_the_same_lives(name: str, seed: int) -> None:
    assert differences(scheme(name), subjects=1000, seed=10 + seed, compiled=True) == ""


@pytest.mark.parametrize("name", STUDIES)
def test_both_engines_agree_under_randomly_changed_rules(name: str) -> None:
    for seed, (said, made) in enumerate(mutants(name, seed=1, count=6)):
        assert differences(made, subjects=6, seed=seed, compiled=False) == "", said


@pytest.mark.slow
@pytest.mark.parametrize("name", STUDIES)
@pytest.mark.parametrize("seed", range(10))
def test_both_engines_agree_under_many_randomly_changed_rules(name: str, seed: int) -> None:
    for number, (said, made) in enumerate(mutants(name, seed=100 + seed, count=15)):
        assert differences(made, subjects=15, seed=number, compiled=False) == "", said


@pytest.mark.slow
@pytest.mark.parametrize("name", STUDIES)
def test_a_compiled_kernel_of_changed_rules_agrees_too(name: str) -> None:
    for said, made in mutants(name, seed=5, count=3):
        assert differences(made, subjects=200, seed=3, compiled=True) == "", said


def test_telling_every_contact_changes_no_count() -> None:
    made = deciding(scheme("lenalidomide_cle"), NO_LOOKS, 15)
    numbers = numbers_of(made)
    plain_run, traced = (
        kernel_of(made, traced=t).run(numbers, generator(4), count=20, subjects=15, traced=t)
        for t in (False, True)
    )
    assert (plain_run.out == traced.out).all()
    assert (plain_run.masks == traced.masks).all()
    assert (plain_run.amounts == traced.amounts).all()


def test_the_random_changes_reach_every_kind_of_answer() -> None:
    """So that the agreement above is about something: unknown answers, stops and relapses."""
    actions: set[int] = set()
    relapsed = 0
    for name in STUDIES:
        for number, (_, made) in enumerate(mutants(name, seed=1, count=4)):
            made = deciding(made, NO_LOOKS, 6)
            found = plain_trial(made, numbers_of(made), generator(number), 6)
            actions |= {told.action // 1000 for life in found.lives for told in life.told}
            relapsed += sum(life.relapses for life in found.lives)
    assert actions == {-1, 0, 1, 2, 3}
    assert relapsed > 0


def test_a_maintenance_dose_that_no_row_names_is_the_one_that_held() -> None:
    """The built-in study names it; without the names the last step that held is asked for."""
    given = study("lenalidomide_cle")
    rows = tuple(
        row.model_copy(update={"to": None} if row.do == "maintain" else {})
        for row in given.protocol.dosing.rows
    )
    dosing = given.protocol.dosing.model_copy(update={"rows": rows})
    protocol = given.protocol.model_copy(update={"dosing": dosing})
    simulation, nature = models("lenalidomide_cle")
    made = deciding(scheme_of(replace(given, protocol=protocol), nature, simulation), NO_LOOKS, 80)
    held = {row for row, each in enumerate(rows) if each.do == "maintain"}
    found = plain_trial(made, numbers_of(made), generator(2), 80)
    steps = {told.step for life in found.lives for told in life.told if told.action in held}
    assert len(steps) > 1
    assert differences(made, subjects=80, seed=2, compiled=False) == ""
