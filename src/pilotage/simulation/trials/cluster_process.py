"""The process that speaks to Ray, and what Ray's own processes do: they make blocks.

What travels is the plan of a scenario (the study as it was read, its rules and numbers), so that no
machine of the cluster needs the study's folder; each writes the rules out and compiles them as this
one did. It must then draw the same first trials, or it is not asked for any.
"""

import dataclasses
import hashlib
import os
import platform
import signal
import sys
from collections.abc import Sequence
from importlib.metadata import version
from multiprocessing.connection import Connection
from typing import Any

from pilotage.simulation.compiled.kernel import kernel_of
from pilotage.simulation.trials.blocks import file_of
from pilotage.simulation.trials.chunks import Made, Span, block_of, chunk_of, totals_of
from pilotage.simulation.trials.plans import TRIALS_OF_CHUNK, Plan
from pilotage.simulation.trials.threads import cores

AUTO, LOCAL = "auto", "local"
PACKAGES = ("pilotage", "numpy", "numba", "polars", "ray")
TRIES = 3
"""So often Ray itself begins a block again whose process died."""
AHEAD = 2
"""So many blocks are asked for at a time for each processor, so that none waits for this one."""
STORE = 128 * 2**20
"""Bytes of a local Ray's memory for results; a block needs about one million."""
MOST_WORDS = 200


@dataclasses.dataclass(frozen=True, slots=True)
class Alive:
    """Nothing new."""


@dataclasses.dataclass(frozen=True, slots=True)
class Lost:
    """A block that was not made, and why."""

    words: str


@dataclasses.dataclass(frozen=True, slots=True)
class Over:
    """No more blocks will be made, and why."""

    words: str


@dataclasses.dataclass(frozen=True, slots=True)
class Work:
    """What a process needs to make blocks: the plan without its machine code, what made it, and a
    hash of the first trials."""

    plan: Plan
    seed: int
    rules: str
    versions: tuple[str, ...]
    first: str


def packed(plan: Plan, seed: int) -> Work:
    """The work as it travels. The rules are compiled here first: a local Ray finds them kept."""
    bare = dataclasses.replace(plan, kernel=None)
    return Work(bare, seed, plan.rules, _versions(), _first(plan, seed))


def _versions() -> tuple[str, ...]:
    found = tuple(f"{name} {version(name)}" for name in PACKAGES)
    return (f"Python {platform.python_version()}", *found)


def _first(plan: Plan, seed: int) -> str:
    """The hash of the first chunk: other versions, or another make of processor, would show."""
    made = chunk_of(plan, seed, 0, TRIALS_OF_CHUNK)
    found = hashlib.sha256(made.out.tobytes())
    found.update(made.amounts.tobytes())
    found.update(made.masks.tobytes())
    return found.hexdigest()


# -- in the processes of Ray -----------------------------------------------------------------------

_plans: dict[str, Plan] = {}
"""What this process made ready, by the hash of its first trials."""


def make(work: Work, span: Span) -> tuple[Made, str] | str:
    """A block and which process made it; or why this one cannot."""
    if (versions := _versions()) != work.versions:
        other = sorted(set(versions) - set(work.versions))
        wanted = sorted(set(work.versions) - set(versions))
        return f"a machine of it has {', '.join(other)} where {', '.join(wanted)} is needed"
    plan = _plans.get(work.first)
    if plan is None:
        kernel = kernel_of(work.plan.scheme) if work.plan.case.fixed is None else None
        plan = dataclasses.replace(work.plan, kernel=kernel)
        if plan.rules != work.rules or _first(plan, work.seed) != work.first:
            return "a machine of it does not draw the same trials as this one"
        _plans[work.first] = plan
    trials = block_of(plan, work.seed, span)
    made = Made(span, totals_of(plan, trials), file=file_of(trials))
    return made, f"{platform.node()} {os.getpid()}"


# -- in the process that speaks to Ray -------------------------------------------------------------


def converse(
    answers: Connection, way: str, workers: int | None, work: Work, spans: Sequence[Span]
) -> None:
    """Have the blocks made and send each, until all are, or nobody listens any more."""
    _quiet()
    try:
        import ray

        try:
            answers.send(Alive())
            _connect(way, workers)
            answers.send(Alive())
            _work(answers, workers, work, spans)
        finally:
            ray.shutdown()
    except (EOFError, BrokenPipeError):
        return
    except Exception as problem:
        _last_words(answers, problem)


def _quiet() -> None:
    """Nothing on the user's terminal, no telling of anybody, and the one who asked decides when it
    ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ["RAY_ENABLE_UV_RUN_RUNTIME_ENV"] = "0"
    os.environ["RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO"] = "0"
    os.environ.setdefault("RAY_CLIENT_RECONNECT_GRACE_PERIOD", "10")
    nothing = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    for number in (1, 2):
        os.dup2(nothing, number)


def _connect(way: str, workers: int | None) -> None:
    import ray

    told = {"logging_level": "ERROR", "log_to_driver": False}
    if way == AUTO:
        try:
            ray.init(address=AUTO, **told)
            return
        except ConnectionError:
            way = LOCAL
    if way == LOCAL:
        ray.init(
            address=LOCAL, num_cpus=workers or cores(), include_dashboard=False,
            object_store_memory=STORE, **told,
        )  # fmt: skip
    else:
        ray.init(address=way, **told)


def _work(answers: Connection, workers: int | None, work: Work, spans: Sequence[Span]) -> None:
    import ray

    task = ray.remote(num_cpus=1, max_retries=TRIES)(make)
    sent = ray.put(work)
    most = workers or AHEAD * max(int(ray.cluster_resources().get("CPU", 1)), 1)
    waiting, flying = list(reversed(spans)), dict[Any, Span]()
    while waiting or flying:
        while waiting and len(flying) < most:
            span = waiting.pop()
            flying[task.remote(sent, span)] = span
        ready, _ = ray.wait(list(flying), timeout=1.0)
        for each in ready:
            del flying[each]
            try:
                made = ray.get(each)
            except ray.exceptions.RayError as problem:
                answers.send(Lost(_words(problem)))
            else:
                answers.send(Over(made) if isinstance(made, str) else made)
        if not ready:
            answers.send(Alive())
        if answers.poll():
            return


def _last_words(answers: Connection, problem: Exception) -> None:
    try:
        answers.send(Over(_words(problem)))
    except OSError:
        return


def _words(problem: Exception) -> str:
    """The last line of what Ray says, which names the cause."""
    lines = [line.strip() for line in str(problem).splitlines() if line.strip()]
    said = lines[-1] if lines else type(problem).__name__
    return said if len(said) <= MOST_WORDS else f"{said[:MOST_WORDS]}…"
