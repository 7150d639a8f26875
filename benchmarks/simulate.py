"""How fast trials are simulated, beside a kernel of the same trial written by hand.

Run with `make bench`. Both are fed by NumPy PCG64 generators and timed in one run, round by round
in the order ours, peer, peer, ours; the ratio is what counts, of the seconds of the processor: the
times themselves move with the machine. Before a time counts both must say the same of the trial,
within Monte-Carlo error. The plain engine, which asks the rules of the bedside, is timed too.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from peers.simulate_by_hand import COUNTS, trials_by_hand

from pilotage.simulation.plain.trial import trial as plain_trial
from pilotage.simulation.trials.columns import counted
from pilotage.simulation.trials.plans import Plan, plans_of
from pilotage.simulation.trials.run import run_plan
from pilotage.study import Study, load_study

STUDY = "lenalidomide_cle"
SUBJECTS = 15
ROUNDS = 5
OF_CORES = 10
"""So many times the trials, so that a run with two workers has a middle."""
AGREE = 5.0
"""The two means may differ by so many Monte-Carlo standard errors."""


def generator(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def ours(plan: Plan, trials: int, seed: int) -> dict[str, np.ndarray]:
    assert plan.kernel is not None
    made = plan.kernel.run(plan.numbers, generator(seed), count=trials, subjects=SUBJECTS)
    names = [column.name for column in counted(plan.scheme)]
    return {name: made.out[:, names.index(name)] for name in COUNTS}


def by_hand(plan: Plan, trials: int, seed: int) -> dict[str, np.ndarray]:
    out = np.zeros((trials, len(COUNTS)), dtype=np.int64)
    numbers = plan.numbers
    named = np.array([numbers[name] for name in NEEDED])
    trials_by_hand(
        generator(seed), trials, SUBJECTS, named, numbers.fall[0], numbers.back[0],
        numbers.daily, numbers.plan, out,
    )  # fmt: skip
    return {name: out[:, at] for at, name in enumerate(COUNTS)}


NEEDED = (
    "dropout", "missed", "late_sd", "l0_mean", "l0_sd", "l0_low", "l0_high", "pace0", "clear0",
    "back0_mean", "back0_sd", "back0_low", "back0_high", "noise0",
    *(f"o{at}_{part}" for at in range(1, 5) for part in ("mean", "sd", "low", "high")),
    *(f"{part}{at}" for at in range(1, 5) for part in ("within", "shift")),
    *(f"{part}{at}" for at in range(3) for part in ("chance", "from", "to")),
    "lasting0", *(f"left0_{part}" for part in ("mean", "sd", "low", "high")),
)  # fmt: skip
"""The numbers of the built-in study that the peer is given, in its order."""


def disagreements(first: dict[str, np.ndarray], second: dict[str, np.ndarray]) -> list[str]:
    found = []
    for name in COUNTS:
        one, other = first[name], second[name]
        error = np.sqrt(one.var() / len(one) + other.var() / len(other))
        apart = abs(one.mean() - other.mean())
        if apart > AGREE * error + 1e-12:
            found.append(f"{name}: {one.mean():.4f} ours, {other.mean():.4f} by hand")
    return found


def seconds(run: Callable[[], object]) -> float:
    """Of the processor, all threads."""
    start = time.process_time()
    run()
    return time.process_time() - start


def counts_at_visits(study: Study) -> Study:
    """The study with a blood count at every visit and no contact for a count alone."""
    protocol, form = study.protocol, "haematology"
    visits = tuple(
        visit.model_copy(update={"forms": (*dict.fromkeys((*visit.forms, form)),)})
        for visit in protocol.schedule.visits
    )
    later = protocol.schedule.afterwards
    assert later is not None
    later = later.model_copy(update={"forms": (*later.forms, form)})
    changes = {"visits": visits, "afterwards": later, "series": ()}
    schedule = protocol.schedule.model_copy(update=changes)
    return replace(study, protocol=protocol.model_copy(update={"schedule": schedule}))


def main(trials: int) -> int:
    study = load_study(STUDY)
    for words, each in (
        ("the study as it is", study),
        ("blood counts at the visits alone", counts_at_visits(study)),
    ):
        if not _beside(words, plans_of(each, "base", {}, tell=print)[0], trials):
            return 1
    _cores(OF_CORES * trials)
    return 0


def _beside(words: str, plan: Plan, trials: int) -> bool:
    """Ours beside the peer, round by round."""
    print(f"{words}: {len(plan.scheme.contacts)} planned contacts")
    wrong = disagreements(ours(plan, 5000, 1), by_hand(plan, 5000, 2))
    if wrong:
        print("not the same trial:", *wrong, sep="\n  ")
        return False
    ratios, mine, peers = [], [], []
    for round_ in range(ROUNDS):
        pair: list[float] = [0.0, 0.0]
        for which in (0, 1, 1, 0):
            run = (ours, by_hand)[which]
            pair[which] += seconds(lambda run=run, seed=round_: run(plan, trials, seed)) / 2
        ratios.append(pair[1] / pair[0])
        mine.append(pair[0])
        peers.append(pair[1])
        print(f"round {round_ + 1}: ours {pair[0]:.3f} s, by hand {pair[1]:.3f} s", flush=True)
    visits = ours(plan, 500, 3)["VISITS"].mean() * trials
    contacts = visits / statistics.median(mine) / 1e6
    low, high = min(ratios), max(ratios)
    median = statistics.median(ratios)
    print(f"speed against the kernel by hand: {median:.2f} ({low:.2f}-{high:.2f})")
    print(f"{contacts:.1f} million visits a second; 100,000 trials take "
          f"{statistics.median(mine) * 100_000 / trials:.2f} s of the processor")  # fmt: skip
    _plain(plan, statistics.median(mine) / trials)
    return True


def _plain(plan: Plan, ours_of_a_trial: float) -> None:
    plain_trial(plan.scheme, plan.numbers, generator(1), SUBJECTS)
    slow = seconds(lambda: plain_trial(plan.scheme, plan.numbers, generator(2), SUBJECTS))
    print(f"{slow / ours_of_a_trial:,.0f} times the plain engine")


def _cores(trials: int) -> None:
    """A run into a folder with one and two workers, in the order 1, 2, 2, 1: on the clock, which
    tells nothing where other work shares the machine, and of the processor; and how much of it the
    thread that hands out the work does itself, which no other worker can take from it."""
    study, clock, processor, alone = load_study(STUDY), {1: 0.0, 2: 0.0}, {1: 0.0, 2: 0.0}, 0.0
    plan = plans_of(study, "base", {})[0]
    for workers in (1, 2, 2, 1):
        with tempfile.TemporaryDirectory() as folder:
            start, handing_out = time.perf_counter(), time.thread_time()
            processor[workers] += seconds(
                lambda workers=workers, folder=folder: run_plan(
                    study, plan, trials=trials, seed=1, workers=workers, folder=Path(folder)
                )
            )
            clock[workers] += time.perf_counter() - start
            alone += time.thread_time() - handing_out
    print(f"two cores: {clock[1] / clock[2] / 2:.0%} of twice the speed of one on the clock, "
          f"{processor[1] / processor[2]:.0%} by seconds of the processor; "
          f"{alone / sum(processor.values()):.1%} of them handing out the work")  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000))
