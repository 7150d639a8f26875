"""What the processes do that rehearse: one rehearsal after the other, of one study."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from pilotage.findings import Finding, InputErrors
from pilotage.simulation.burdens.counts import Counts, counts_of
from pilotage.simulation.model import Setting
from pilotage.simulation.rehearsal import rehearse, told
from pilotage.study import Study


@dataclass(frozen=True, slots=True)
class Task:
    """One rehearsal that is to be made: of which scenario (by its place), its number and seed, how
    many are included, and what differs from the files."""

    place: int
    number: int
    seed: int
    subjects: int
    settings: Mapping[str, Setting]


Answer = Counts | tuple[Finding, ...]
"""A rehearsal, or why it cannot be made."""


def answer(study: Study, task: Task) -> Answer:
    """Make a rehearsal: that of `pilotage rehearse` with its seed, subjects and settings."""
    try:
        made = rehearse(study, seed=task.seed, subjects=task.subjects, settings=task.settings)
    except InputErrors as problem:
        return problem.findings
    return counts_of(task.number, told(made))


# -- in a process of its own -----------------------------------------------------------------------

_studies: list[Study] = []
"""The study that this process rehearses."""


def begin(study: Study) -> None:
    """Who asked decides when this process ends, and it ends with them at the latest."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    _studies[:] = [study]


def _end_with_the_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def answer_here(task: Task) -> Answer:
    return answer(_studies[0], task)
