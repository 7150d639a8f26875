"""Analysing: the built-in plan alone, for nobody else reads it; and the statistics that it asks for
beside those of SciPy, statsmodels and lifelines, on the same numbers."""

import math
from collections.abc import Iterator
from functools import partial
from importlib.resources import as_file, files

import numpy as np
from measuring import Task
from peers.statistics_by_others import by_others

from pilotage.analysis import analyse
from pilotage.datasets import derive
from pilotage.snapshot import read_snapshot
from pilotage.statistics.groups import mann_whitney, welch_t
from pilotage.statistics.locations import summarise
from pilotage.statistics.paired import paired_t
from pilotage.statistics.proportions import clopper_pearson, wilson
from pilotage.statistics.survival import kaplan_meier
from pilotage.study import load_study

STUDY = "lenalidomide_cle"
Samples = list[tuple[list[float], list[float], list[bool]]]


def tasks(*, quick: bool) -> Iterator[Task]:
    study = load_study(STUDY)
    with as_file(files("pilotage.studies") / STUDY / "cohort") as folder:
        datasets = derive(study, read_snapshot(folder))
    rows = analyse(study, datasets).height
    what = f"the built-in analysis plan on its cohort: {rows:,} numbers, each with its rows"
    yield Task("analyse", what, partial(analyse, study, datasets))
    sizes = ((15, 200),) if quick else ((15, 200), (10_000, 3))
    for subjects, times in sizes:
        samples = made_up_samples(subjects, times)
        ours, peer = partial(by_ours, samples), partial(by_others, samples)
        yield Task(
            name=f"statistics {subjects:,}",
            what=f"{times} samples of {subjects:,}: summary, two intervals of a proportion, paired "
            "and Welch's t, Mann-Whitney, Kaplan-Meier with its interval",
            ours=ours,
            peer_is="SciPy, statsmodels, lifelines",
            peer=peer,
            check=partial(disagreements, ours, peer),
        )


def made_up_samples(subjects: int, times: int) -> Samples:
    """Two columns of scores, and whether the time that the first is ended in an event."""
    draw = np.random.Generator(np.random.PCG64(subjects))
    found = []
    for _ in range(times):
        first = draw.integers(1, 71, subjects).astype(float)
        second = np.maximum(0, first - draw.integers(-3, 20, subjects))
        events = draw.random(subjects) < 0.6
        found.append((first.tolist(), second.tolist(), events.tolist()))
    return found


def by_ours(samples: Samples) -> list[list[float]]:
    """For each sample the same numbers in the same order as the peer."""
    return [numbers(*each) for each in samples]


def numbers(first: list[float], second: list[float], events: list[bool]) -> list[float]:
    described = summarise(first)
    assert described.mean is not None
    assert described.sd is not None
    exact, score = (each(sum(events), len(events)) for each in (clopper_pearson, wilson))
    change, welch = paired_t(second, first), welch_t(first, second)
    ranks = mann_whitney(first, second, method="asymptotic")
    curve = kaplan_meier(first, events)
    place = len(curve.times) // 2
    return [
        described.mean,
        described.sd,
        described.minimum or 0.0,
        described.maximum or 0.0,
        exact.low,
        exact.high,
        score.low,
        score.high,
        change.p,
        welch.p,
        ranks.p,
        curve.survival[place],
        curve.low[place] or 0.0,
        curve.high[place] or 0.0,
    ]


def disagreements(ours: partial[list[list[float]]], peer: partial[list[list[float]]]) -> list[str]:
    for place, (mine, other) in enumerate(zip(ours(), peer(), strict=True)):
        for number, (one, two) in enumerate(zip(mine, other, strict=True)):
            if not math.isclose(one, two, rel_tol=1e-6, abs_tol=1e-9):
                return [f"sample {place}, number {number}: {one!r} ours, {two!r} theirs"]
    return []
