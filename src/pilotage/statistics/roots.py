"""Where a function crosses zero."""

from collections.abc import Callable


def root(function: Callable[[float], float], low: float, high: float) -> float:
    """The place between low and high where the function changes its sign, to the last digits.

    An end at which it is 0 already is returned at once. ValueError where the signs are equal.

    Source: Brent 1973, Algorithms for Minimization without Derivatives, chapter 4.
    """
    from scipy.optimize import brentq

    for end in low, high:
        if function(end) == 0:
            return end
    return float(brentq(function, low, high, xtol=1e-300, rtol=4 * 2.0**-52, maxiter=500))
