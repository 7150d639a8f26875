"""Numbers in, numbers out: the statistics of a small trial. No study and no subject is known here.

One file per question: `proportions`, `locations`, `paired`, `groups`, `survival`; and `rounding`,
the only place where a number is rounded.

Two conventions hold everywhere:

- Missing is handled by the caller. None, NaN, an infinite number or a text among the values is
  refused with ValueError, and so is a level outside 0 to 1.
- What cannot be computed from good values raises `NotComputable`, which says why in a plain
  phrase ("fewer than two pairs"). `locations.summarise` alone answers with None for the
  statistics that one value or no value leaves undefined, and says why in `Summary.reason`; a
  bound or a median that survival data do not reach is None too.

P values are two-sided. NumPy and SciPy are imported inside the functions that need them.
"""

from pilotage.statistics import groups, locations, paired, proportions, rounding, survival
from pilotage.statistics.results import Interval, NotComputable, Test

__all__ = [
    "Interval",
    "NotComputable",
    "Test",
    "groups",
    "locations",
    "paired",
    "proportions",
    "rounding",
    "survival",
]
