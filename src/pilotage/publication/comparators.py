"""What the sign of a claim asks of two numbers."""

from collections.abc import Callable
from fractions import Fraction

from pilotage.publication.claims import Comparator


def comparison(comparator: Comparator) -> Callable[[Fraction | float, Fraction | float], bool]:
    """Does the first number stand to the second as the sign says?"""
    match comparator:
        case "<":
            return lambda one, two: one < two
        case "<=":
            return lambda one, two: one <= two
        case ">":
            return lambda one, two: one > two
        case ">=":
            return lambda one, two: one >= two
    return lambda one, two: one == two
