"""What follows from the study alone is worked out once, not for every data cut."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import finalize

from pilotage.study.protocol import Protocol

Found = TypeVar("Found")


def once_per_study(work: Callable[[Protocol], Found]) -> Callable[[Protocol], Found]:
    """Keep the answer for as long as the protocol lives; it must not be changed, nor hold the
    protocol itself. A protocol cannot be a key, for it holds dictionaries; its id can."""
    known: dict[int, Found] = {}

    @wraps(work)
    def kept(protocol: Protocol) -> Found:
        key = id(protocol)
        if key not in known:
            known[key] = work(protocol)
            finalize(protocol, known.pop, key, None)
        return known[key]

    return kept
