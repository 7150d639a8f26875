"""Blocks made by the threads of this machine: every part of the work, drawing, adding up and
writing, is done by them, and no thread waits for the end of a block before it begins the next.

Memory is bounded: there are never more than three blocks between the first draw and the file.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import polars as pl

from pilotage.simulation.compiled.kernel import Counted
from pilotage.simulation.trials.chunks import Made, Span, chunk_of, frame_of, totals_of
from pilotage.simulation.trials.plans import Plan

Keep = Callable[[Span, pl.DataFrame], pl.DataFrame | None]
"""Puts the trials of a block where they are kept; gives them back where they are to be kept in
memory."""
Drawn = tuple[Span, list[Future[Counted]]]


def cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def by_threads(
    plan: Plan,
    seed: int,
    spans: Sequence[Span],
    *,
    workers: int | None,
    keep: Keep,
    take: Callable[[Made], None],
    progress: Callable[[int], None],
) -> None:
    """Make the blocks and hand each to `take`, in order. `progress` is told the trials of each
    chunk."""

    def finished(span: Span, counted: list[Counted]) -> Made:
        trials = frame_of(plan, counted, first=span.before)
        return Made(span, totals_of(plan, trials), keep(span, trials))

    with ThreadPoolExecutor(workers or cores()) as pool:
        try:
            drawn: Drawn | None = None
            finishing: Future[Made] | None = None
            for span in (*spans, None):
                following = _begun(pool, plan, seed, span) if span else None
                if drawn is not None:
                    counted = _counted(drawn, progress)
                    if finishing is not None:
                        take(finishing.result())
                    finishing = pool.submit(finished, drawn[0], counted)
                drawn = following
            if finishing is not None:
                take(finishing.result())
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _begun(pool: ThreadPoolExecutor, plan: Plan, seed: int, span: Span) -> Drawn:
    chunks = span.chunks()
    return span, [pool.submit(chunk_of, plan, seed, chunk, count) for chunk, count in chunks]


def _counted(drawn: Drawn, progress: Callable[[int], None]) -> list[Counted]:
    span, futures = drawn
    counted = []
    for (_, count), future in zip(span.chunks(), futures, strict=True):
        counted.append(future.result())
        progress(count)
    futures.clear()
    return counted
