"""What the functions of this package answer with."""

from dataclasses import dataclass
from typing import Literal

Method = Literal["exact", "asymptotic"]
ZeroRule = Literal["pratt", "wilcox"]
Alternative = Literal["two-sided", "greater", "less"]


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
    """A test and everything a printed P value has to name.

    `statistic`: t, F, H or chi-squared; the rank sum of the rises (signed rank); U of the first
    group (Mann-Whitney); a count (binomial, sign, Fisher's and exact McNemar tests); S (Spearman,
    Kendall).
    `n`: pairs, subjects, or values of all groups together; `group_sizes` has them apart.
    `estimate`, `low`, `high`, `level`: what is tested, and its interval; None where there is none.
    `df`: degrees of freedom, `df_within` also those of the denominator of F.
    `ties`: how many ranked values share their rank with another; None where nothing is ranked.
    `zeros`: the rule for zero differences; `zero_differences`: how many there are, whatever the
    rule. Both are None in the tests of groups; t tests of pairs have no rule.
    """

    __test__ = False  # pytest shall not take the class for a test

    method: str
    statistic: float
    p: float
    n: int
    group_sizes: tuple[int, ...] | None = None
    df: float | None = None
    df_within: float | None = None
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    level: float | None = None
    ties: int | None = None
    zeros: ZeroRule | None = None
    zero_differences: int | None = None
    continuity: bool = False
    alternative: Alternative = "two-sided"
