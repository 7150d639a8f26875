"""Rehearsals of the scenarios that were simulated, on processes of this machine.

The seed of a rehearsal follows from that of the simulation and its number alone: the result is the
same for any number of workers, and `pilotage rehearse` with that seed makes the rehearsal again.
"""

import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from pilotage.findings import InputErrors, error
from pilotage.simulation.burdens.counts import Counts, Rehearsals
from pilotage.simulation.burdens.kept import Kept, made_of
from pilotage.simulation.burdens.process import Answer, Task, answer, answer_here, begin
from pilotage.simulation.scenarios import FIXED
from pilotage.simulation.trials.run import Simulated
from pilotage.simulation.trials.threads import cores
from pilotage.study import Study

OPTION = "--rehearsals"
MOST_REHEARSALS = 1000
KEY = (1, 1)
"""What sets the seeds of rehearsals apart from the draws of trials, whose keys have one number."""

Progress = Callable[[int, int], None]
Take = Callable[[Task, Answer], None]


def check_rehearsals(count: int, scenario: str) -> None:
    """Raise InputErrors for a number of rehearsals that cannot be, and for any of them where there
    is nothing to rehearse."""
    if not 0 <= count <= MOST_REHEARSALS:
        words = f"{count} is no number of rehearsals; 0 to {MOST_REHEARSALS:,}"
        raise InputErrors([error(OPTION, words)])
    if count and scenario == FIXED:
        words = (
            f"in '{FIXED}' nothing happens but success or failure, so that there is nothing to "
            f"rehearse; leave {OPTION} out, or simulate another scenario"
        )
        raise InputErrors([error(OPTION, words)])


def seeds_of(seed: int, count: int) -> list[int]:
    """The seeds of the rehearsals, no two the same: the first are those of fewer rehearsals."""
    words = np.random.SeedSequence(seed, spawn_key=KEY).generate_state(2 * count)
    return list(dict.fromkeys(words.tolist()))[:count]


def rehearsals_of(
    done: Sequence[Simulated],
    *,
    count: int,
    workers: int | None = None,
    progress: Progress | None = None,
) -> dict[str, Rehearsals]:
    """So many rehearsals of each scenario, by its name; nothing for none. Those that lie in the
    folder of its trials are not made again.

    Raises InputErrors where one cannot be made.
    """
    if not count:
        return {}
    seeds = seeds_of(done[0].seed, count)
    runs = [_Run(each, seeds) for each in done]
    wanted = count * len(runs)
    tasks = [task for place, run in enumerate(runs) for task in run.missing(place)]

    def told() -> None:
        if progress:
            progress(sum(len(run.counts) for run in runs), wanted)

    def take(task: Task, answered: Answer) -> None:
        if not isinstance(answered, Counts):
            raise InputErrors(
                replace(each, message=f"rehearsal {task.number}, seed {task.seed}: {each.message}")
                for each in answered
            )
        runs[task.place].put(answered)
        told()

    told()
    _make(done[0].study, tasks, workers=workers or cores(), take=take)
    return {run.of.case.name: run.finished() for run in runs}


class _Run:
    """The rehearsals of one scenario, as far as they are there."""

    def __init__(self, of: Simulated, seeds: Sequence[int]) -> None:
        self.of, self.seeds = of, seeds
        self.kept: Kept | None = None
        self.counts: dict[int, Counts] = {}
        if of.blocks is not None:
            self.kept = Kept(of.blocks.folder, made_of(of.study, of.case, of.subjects))
            self.counts = {each.number: each for each in self.kept.read() if self._wanted(each)}

    def _wanted(self, counts: Counts) -> bool:
        return 1 <= counts.number <= len(self.seeds) and (
            counts.seed == self.seeds[counts.number - 1]
        )

    def missing(self, place: int) -> Iterator[Task]:
        for number, seed in enumerate(self.seeds, 1):
            if number not in self.counts:
                yield Task(place, number, seed, self.of.subjects, dict(self.of.case.settings))

    def put(self, counts: Counts) -> None:
        self.counts[counts.number] = counts
        if self.kept is not None:
            self.kept.write(self.counts.values())

    def finished(self) -> Rehearsals:
        if self.kept is not None:
            self.kept.write(self.counts.values())  # without those of a run with more of them
        return Rehearsals(self.of.subjects, tuple(self.counts[at] for at in sorted(self.counts)))


# -- on this process, or on several ----------------------------------------------------------------


def _make(study: Study, tasks: Sequence[Task], *, workers: int, take: Take) -> None:
    """Hand the answer to each task to `take`, in any order."""
    workers = min(workers, len(tasks))
    if workers > 1:
        _make_beside(study, tasks, workers, take)
        return
    for task in tasks:
        take(task, answer(study, task))


def _make_beside(study: Study, tasks: Iterable[Task], workers: int, take: Take) -> None:
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(
        workers, multiprocessing.get_context("spawn"), initializer=begin, initargs=(study,)
    )
    try:
        with _deaf():
            waiting = {pool.submit(answer_here, task): task for task in tasks}
        for future in as_completed(waiting):
            take(waiting[future], future.result())
    except BaseException as problem:
        for process in set(multiprocessing.active_children()) - others:
            process.terminate()  # nobody waits for a rehearsal that nobody wants any more
        pool.shutdown(cancel_futures=True)
        if isinstance(problem, BrokenProcessPool):
            words = "a process that rehearsed was ended; is memory short? Take fewer --workers"
            raise InputErrors([error(OPTION, words)]) from None
        raise
    pool.shutdown()


@contextmanager
def _deaf() -> Iterator[None]:
    """Processes that are begun here know nothing of Ctrl-C, from their first moment on."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
