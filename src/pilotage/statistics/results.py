"""What the functions of this package answer with."""

from dataclasses import dataclass
from typing import Literal

Method = Literal["exact", "asymptotic"]
ZeroRule = Literal["pratt", "wilcox"]


class NotComputable(ValueError):
    """The values are good, and still the statistic does not exist for them.

    `reason` is a phrase for a reader of the results: "fewer than two pairs".
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate and its two-sided confidence interval, in the unit of the values."""

    estimate: float
    low: float
    high: float
    level: float
    method: str
    n: int


@dataclass(frozen=True, slots=True)
class Test:
    """A two-sided test and everything a printed P value has to name.

    `statistic`: t; the rank sum of the rises (signed rank); U of the first group (Mann-Whitney).
    `n`: pairs, or values of both groups together; `group_sizes` has both apart.
    `estimate`, `low`, `high`, `level`, `df`: the difference and its interval; None in rank tests.
    `ties`: how many ranked values share their rank with another; None in t tests.
    `zeros`: the rule for zero differences; `zero_differences`: how many there are, whatever the
    rule. Both are None in the tests of groups; t tests of pairs have no rule.
    """

    __test__ = False  # pytest shall not take the class for a test

    method: str
    statistic: float
    p: float
    n: int
    group_sizes: tuple[int, int] | None = None
    df: float | None = None
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    level: float | None = None
    ties: int | None = None
    zeros: ZeroRule | None = None
    zero_differences: int | None = None
    continuity: bool = False
