"""Blocks of trials made on a Ray cluster, and what is said where one fails.

Ray is spoken to by a process of its own (`cluster_process`): whatever happens to the cluster, to
Ray or to that process, this one gives up after a while, says so in a line, and the blocks that are
missing are made here. A block is the same wherever it is made.
"""

import multiprocessing
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from urllib.parse import urlsplit

from pilotage.findings import InputErrors, error
from pilotage.simulation.trials.chunks import Made, Span
from pilotage.simulation.trials.cluster_process import (
    AUTO,
    LOCAL,
    Alive,
    Lost,
    Over,
    converse,
    packed,
)
from pilotage.simulation.trials.plans import Plan

OPTION = "--cluster"
SCHEME, PORT = "ray", 10001
REACH_SECONDS = 20
"""So long somebody may take to be there at all,"""
ANSWER_SECONDS = 40
"""so long a cluster to let this machine in: Ray tries three times, with pauses,"""
START_SECONDS = 60
"""so long a local one to start,"""
SILENT_SECONDS = 60
"""and so long either may say nothing: it is heard from every second, also while it draws."""
END_SECONDS = 10
MOST_LOST = 3
"""So many blocks may fail, each after Ray tried it again, before a cluster is given up."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a cluster is; without a host the Ray of this machine, started if need be."""

    text: str
    host: str | None = None
    port: int = PORT


class _Failed(Exception):
    """Why a cluster makes no blocks, in the reader's words."""


def address_of(text: str) -> Address:
    """What `--cluster` says. Raises InputErrors where it is no cluster, or Ray is missing."""
    if find_spec("ray") is None:
        words = f"is not installed; {OPTION} needs it: pip install 'pilotage[cluster]'"
        raise InputErrors([error("ray", words)])
    if text == AUTO:
        return Address(text)
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port or PORT
    except ValueError:
        host, port = None, PORT
    if host is None or parts.scheme != SCHEME or parts.path or parts.username is not None:
        words = f"'{text}' is no cluster; write {AUTO} or ray://HOST:PORT, as ray://10.0.0.5:10001"
        raise InputErrors([error(OPTION, words)])
    return Address(text, host, port)


def by_cluster(
    plan: Plan,
    seed: int,
    spans: Sequence[Span],
    *,
    address: Address,
    workers: int | None,
    take: Callable[[Made], None],
    tell: Callable[[str], None],
) -> list[Span]:
    """Make the blocks on a cluster and hand each to `take`, in any order; at most `workers` at a
    time. Gives back those that it did not make, and has then told why."""
    left = {span.number: span for span in spans}
    processes = set[str]()
    try:
        for made, by in _made(plan, seed, spans, address, workers):
            take(made)
            processes.add(by)
            del left[made.span.number]
            if not left:
                break
    except _Failed as problem:
        tell(f"{OPTION} {address.text}: {problem}; the trials that are missing are simulated here")
    if processes:
        count, number = len(spans) - len(left), len(processes)
        tell(f"{OPTION} {address.text}: {_of(count, 'block')} by {_of(number, 'process', 'es')}")
    return list(left.values())


def _of(number: int, noun: str, plural: str = "s") -> str:
    return f"{number:,} {noun}{'' if number == 1 else plural}"


def _made(
    plan: Plan, seed: int, spans: Sequence[Span], address: Address, workers: int | None
) -> Iterator[tuple[Made, str]]:
    _reach(address)
    ways = [(address.text, ANSWER_SECONDS)]
    if address.host is None:
        # a Ray that is there is joined; what is left of one that ended must not stand in the way
        ways = [(AUTO, REACH_SECONDS), (LOCAL, START_SECONDS)]
    work = packed(plan, seed)
    for at, (way, seconds) in enumerate(ways, 1):
        with _process(way, workers, work, spans) as (process, answers):
            try:
                # it has begun; it is ready
                next(_answers(answers, START_SECONDS))
                next(told := _answers(answers, seconds))
            except _Failed:
                process.kill()
                if at == len(ways):
                    raise
                continue
            yield from _blocks(told)
            return


def _reach(address: Address) -> None:
    """Is somebody there at all? Asked first, since Ray needs half a minute to say no."""
    if address.host is None:
        return
    try:
        socket.create_connection((address.host, address.port), timeout=REACH_SECONDS).close()
    except OSError as problem:
        reason = problem.strerror or "no answer"
        raise _Failed(f"cannot be reached ({reason.lower()})") from None


@contextmanager
def _process(
    way: str, workers: int | None, work: object, spans: Sequence[Span]
) -> Iterator[tuple[SpawnProcess, Connection]]:
    """The process that speaks to Ray. It ends when nobody listens to it any more."""
    method = multiprocessing.get_context("spawn")
    here, there = method.Pipe()
    process = method.Process(
        target=converse, args=(there, way, workers, work, tuple(spans)), daemon=True
    )
    process.start()
    there.close()
    try:
        yield process, here
    finally:
        here.close()
        process.join(END_SECONDS)
        if process.is_alive():
            process.kill()
            process.join()
        process.close()


def _answers(connection: Connection, seconds: float) -> Iterator[object]:
    """What the process says, the first of it in so many seconds."""
    until = time.monotonic() + seconds
    while True:
        if not connection.poll(max(until - time.monotonic(), 0)):
            raise _Failed(f"does not answer within {seconds:g} seconds")
        try:
            answer = connection.recv()
        except (EOFError, OSError):
            raise _Failed("the connection was lost") from None
        if isinstance(answer, Over):
            raise _Failed(answer.words)
        seconds = SILENT_SECONDS
        until = time.monotonic() + seconds
        yield answer


def _blocks(answers: Iterator[object]) -> Iterator[tuple[Made, str]]:
    lost = 0
    for answer in answers:
        match answer:
            case (Made() as made, str(by)):
                yield made, by
            case Lost(words):
                lost += 1
                if lost == MOST_LOST:
                    raise _Failed(words)
            case Alive():
                pass
