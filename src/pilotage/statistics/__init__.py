"""Numbers in, numbers out: the statistics of a small trial. No study and no subject is known here.

One file per question: `proportions`, `rates`, `two_by_two`, `locations`, `paired`, `groups`,
`several_groups`, `correlation`, `survival`, `survival_groups`, `simon`, `interim`; and `rounding`,
the only place where a number is rounded.

Two conventions hold everywhere:

- Missing is handled by the caller. None, NaN, an infinite number or a text among the values is
  refused with ValueError, and so is a level outside 0 to 1.
- What cannot be computed from good values raises `NotComputable`, which says why in a plain
  phrase ("fewer than two pairs"). None stands for a part of an answer that does not exist:
  statistics of one value or no value (`Summary.reason` says why), the bounds of a Hodges-Lehmann
  estimate of too few values (`HodgesLehmann.reason`), a bound or a median that survival data do
  not reach.

P values are two-sided unless `alternative` says otherwise. NumPy and SciPy are imported inside the
functions that need them.
"""

from pilotage.statistics import (
    correlation,
    groups,
    interim,
    locations,
    paired,
    proportions,
    rates,
    rounding,
    several_groups,
    simon,
    survival,
    survival_groups,
    two_by_two,
)
from pilotage.statistics.results import Interval, NotComputable, Test

__all__ = [
    "Interval",
    "NotComputable",
    "Test",
    "correlation",
    "groups",
    "interim",
    "locations",
    "paired",
    "proportions",
    "rates",
    "rounding",
    "several_groups",
    "simon",
    "survival",
    "survival_groups",
    "two_by_two",
]
