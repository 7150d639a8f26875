"""How long may be searched."""

import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class Budget:
    """So many seconds, or so many searches; None for no limit.

    Each search is bounded in deterministic time and the order of the searches is fixed, so that a
    limit in searches gives the same on every machine. A limit in seconds is looked at between two
    searches only: what is then known is what a longer run knew at that point.
    """

    seconds: float | None = None
    searches: int | None = None
    done: int = 0
    begun: float = field(default_factory=time.monotonic)

    @property
    def spent(self) -> bool:
        """Is the time over?"""
        if self.searches is not None and self.done >= self.searches:
            return True
        return self.seconds is not None and time.monotonic() - self.begun >= self.seconds
