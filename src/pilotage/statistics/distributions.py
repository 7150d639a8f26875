"""Tails and quantiles of the distributions that P values and intervals come from."""

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


def chi_squared_p(x: float, df: float) -> float:
    """The probability of a value of the chi-squared distribution of at least x."""
    from scipy.special import gammaincc

    return float(gammaincc(df / 2, x / 2))


def f_p(f: float, df: float, df_within: float) -> float:
    """The probability of a value of the F distribution of at least f."""
    from scipy.special import betainc

    return float(betainc(df_within / 2, df / 2, df_within / (df_within + df * f)))


def at_most(events: int, n: int, share: float) -> float:
    """The binomial probability of `events` or fewer among n."""
    from scipy.special import betainc

    if events < 0:
        return 0.0
    return 1.0 if events >= n else float(betainc(n - events, events + 1, 1 - share))


ATTAINED = 1 + 1e-12
"""A level that a chance attains is held by it; rounding can put the chance above by less than this
factor (0.1 squared is 0.010000000000000002)."""


def at_least(events: int, n: int, share: float) -> float:
    """The binomial probability of `events` or more among n."""
    from scipy.special import betainc

    if events > n:
        return 0.0
    return 1.0 if events <= 0 else float(betainc(events, n - events + 1, share))


def beta_above(a: float, b: float, limit: float) -> float:
    """The probability that a value of the beta distribution with parameters a and b is above a
    limit between 0 and 1."""
    from scipy.special import betainc

    return float(betainc(b, a, 1 - limit))
