"""How the benchmarks measure on a machine that other work may share.

The rules, fixed before anything is measured:

- a round is: probe, ours, peer, peer, ours, probe. The ratio is taken inside the round, of the
  means of its two passes; the median and the range over the rounds are told.
- five rounds; three where a round takes longer than 20 seconds, one where longer than 90.
- the probe is the same work always. A round is left out when its slower probe took more than 1.5
  times the processor seconds of the fastest probe of the whole run: by the probe alone, never by
  the result. Rounds that are left out are made again, three at most for a task. Where fewer than
  half of the rounds are left, all count and the table says so.
- before a time counts, both must have the same results.
- every pass is kept in the log, also those of rounds that are left out.
"""

import gc
import json
import os
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

ROUNDS = 5
FEWER_ROUNDS = ((90.0, 1), (20.0, 3))
"""Where a round takes longer than so many seconds on the clock, only so many are made."""
MORE_ROUNDS = 3
TOO_SLOW = 1.5
ORDER = ("ours", "peer", "peer", "ours")


@dataclass(frozen=True, slots=True)
class Task:
    """Something that is measured. `check` says in words where ours and the peer differ; without a
    `peer` ours is measured alone."""

    name: str
    what: str
    ours: Callable[[], object]
    peer_is: str = "none: alone"
    peer: Callable[[], object] | None = None
    check: Callable[[], list[str]] | None = None


@dataclass(frozen=True, slots=True)
class Pass:
    """What one run took: seconds on the clock and of the processor (all threads and child
    processes)."""

    wall: float
    cpu: float


@dataclass(slots=True)
class Round:
    """The passes of a round, and the processor seconds of its slower probe."""

    ours: list[Pass] = field(default_factory=list)
    peer: list[Pass] = field(default_factory=list)
    probe: float = 0.0


@dataclass(frozen=True, slots=True)
class Measured:
    """What became of a task: its rounds that count, how many were left out, and the words of the
    check where ours and the peer differ (then nothing was measured)."""

    task: Task
    rounds: list[Round]
    left_out: int = 0
    noisy: bool = False
    differs: tuple[str, ...] = ()

    def seconds(self, who: str, kind: str) -> float:
        """The median over the rounds."""
        return median(mean(getattr(each, who), kind) for each in self.rounds)

    def ratios(self, kind: str) -> list[float]:
        """Time of the peer over our time, round by round: above 1 ours is faster."""
        return [mean(each.peer, kind) / mean(each.ours, kind) for each in self.rounds]


def mean(passes: list[Pass], kind: str) -> float:
    return sum(getattr(each, kind) for each in passes) / len(passes)


class Log:
    """Every pass as a line of JSON, as soon as it is over."""

    def __init__(self, file: Path | None) -> None:
        self.file = file
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)

    def write(self, **line: Any) -> None:
        if self.file is not None:
            with self.file.open("a", encoding="utf-8") as out:
                out.write(json.dumps(line, ensure_ascii=False) + "\n")


def processor_seconds() -> float:
    """Of this process with its threads, and of its children that have ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def timed(work: Callable[[], object]) -> Pass:
    gc.collect()
    clock, processor = time.perf_counter(), processor_seconds()
    result = work()
    taken = Pass(time.perf_counter() - clock, processor_seconds() - processor)
    del result
    return taken


def probe() -> Pass:
    """The same work always: random normals, and columns added in memory."""

    def work() -> float:
        draw = np.random.Generator(np.random.PCG64(1))
        numbers = draw.standard_normal(4_000_000)
        total = 0.0
        for _ in range(5):
            total += float((2.5 * numbers + numbers).sum())
        return total

    return timed(work)


class Probes:
    """The probes of a run; the fastest is what a quiet moment of the machine looks like."""

    def __init__(self) -> None:
        self.fastest = min(probe().cpu for _ in range(3))

    def take(self) -> float:
        seconds = probe().cpu
        self.fastest = min(self.fastest, seconds)
        return seconds

    def too_slow(self, each: Round) -> bool:
        return each.probe > TOO_SLOW * self.fastest


def measure(
    task: Task, probes: Probes, log: Log, tell: Callable[[str], None], *, rounds: int | None = None
) -> Measured:
    """The rounds of a task after one run of each that does not count."""
    if task.check is not None:
        if differs := tuple(task.check()):
            return Measured(task, [], differs=differs)
    else:
        task.ours()
    made: list[Round] = []
    wanted = rounds or ROUNDS
    most = wanted + (0 if rounds else MORE_ROUNDS)
    for number in range(1, most + 1):
        started = time.perf_counter()
        made.append(one_round(task, number, probes, log, tell))
        if not rounds and number == 1:
            wanted = rounds_for(time.perf_counter() - started)
            most = wanted + (MORE_ROUNDS if wanted > 1 else 0)
        if number >= wanted and sum(not probes.too_slow(each) for each in made) >= wanted:
            break
        if number >= most:
            break
    good = [each for each in made if not probes.too_slow(each)]
    if 2 * len(good) < wanted:
        return Measured(task, made, noisy=True)
    return Measured(task, good, left_out=len(made) - len(good))


def rounds_for(seconds: float) -> int:
    """How many rounds are made of a task whose first took so long on the clock."""
    return next((number for limit, number in FEWER_ROUNDS if seconds > limit), ROUNDS)


def one_round(
    task: Task, number: int, probes: Probes, log: Log, tell: Callable[[str], None]
) -> Round:
    made = Round(probe=probes.take())
    for who, work in passes(task):
        taken = timed(work)
        getattr(made, who).append(taken)
        log.write(
            task=task.name, round=number, who=who, wall=taken.wall, cpu=taken.cpu,
            load=os.getloadavg()[0],
        )  # fmt: skip
    made.probe = max(made.probe, probes.take())
    log.write(task=task.name, round=number, who="probe", cpu=made.probe, load=os.getloadavg()[0])
    peer = f", peer {mean(made.peer, 'cpu'):.3g} s" if made.peer else ""
    late = " (the probe was slow)" if probes.too_slow(made) else ""
    tell(f"  round {number}: ours {mean(made.ours, 'cpu'):.3g} s of the processor{peer}{late}")
    return made


def passes(task: Task) -> Iterator[tuple[str, Callable[[], object]]]:
    for who in ORDER:
        if who == "ours":
            yield who, task.ours
        elif task.peer is not None:
            yield who, task.peer
