"""The normal and the t distribution: two-sided P values and quantiles."""

import math


def normal_p(z: float) -> float:
    """The probability of a standard normal value at least as far from 0 as z."""
    return math.erfc(abs(z) / math.sqrt(2))


def normal_quantile(level: float) -> float:
    """The z with `level` of the standard normal distribution between -z and z.

    Source: Wichura 1988, algorithm AS 241, as in R's qnorm.
    """
    from statistics import NormalDist

    return NormalDist().inv_cdf((1 + level) / 2)


def student_p(t: float, df: float) -> float:
    """The probability of a value of the t distribution at least as far from 0 as t.

    Through the incomplete beta function, which keeps the digits of a very small P.
    """
    from scipy.special import betainc

    return float(betainc(df / 2, 0.5, df / (df + t * t)))


def student_quantile(level: float, df: float) -> float:
    """The t with `level` of the t distribution between -t and t."""
    from scipy.special import stdtrit

    return float(stdtrit(df, (1 + level) / 2))
