"""Items of an instrument that add up to a wanted total."""

from bisect import bisect_right
from collections.abc import Sequence
from functools import partial
from statistics import median

import numpy as np

from pilotage.instruments import Instrument, Score


def items_for_total(
    instrument: Instrument, score: Score, wanted: float, preference: Sequence[str]
) -> dict[str, int]:
    """Values for the items of a score whose total is `wanted`, or the nearest total below it that
    the preferred order of items reaches.

    Each item rises as far as it can before the next one: the same preference gives the same places
    at every visit, and as the total falls the places heal in the reverse order.
    """
    allowed = {i.code: sorted(i.allowed) for i in instrument.items if i.code in score.items}
    values = {code: steps[0] for code, steps in allowed.items()}

    def highest(code: str) -> int | None:
        """The highest value of the item with which the total is still allowed."""
        at = bisect_right(allowed[code], wanted, key=partial(_total_with, score, values, code))
        return allowed[code][at - 1] if at else None

    reached, before = _total(score, values), -1.0
    while before < reached < wanted:
        before = reached
        for code in (code for code in preference if code in allowed):
            value = highest(code)
            if value is not None and _total_with(score, values, code, value) > reached:
                values[code] = value
                reached = _total(score, values)
    return values


def preference(instrument: Instrument, random: np.random.Generator) -> tuple[str, ...]:
    """The order in which the items of one subject rise: region after region, items without a region
    after them, and those that weigh most last."""
    regions = [region.code for region in instrument.regions]
    region_order = dict(zip(regions, random.permutation(len(regions)).tolist(), strict=True))
    item_order = random.permutation(len(instrument.items)).tolist()
    heavy = _heavy(instrument)

    def place(at: int) -> tuple[bool, bool, int, int]:
        item = instrument.items[at]
        if item.region is None:
            return True, item.code in heavy, 0, item_order[at]
        return False, item.code in heavy, region_order[item.region], at

    return tuple(instrument.items[at].code for at in sorted(range(len(item_order)), key=place))


def _heavy(instrument: Instrument) -> frozenset[str]:
    """The items without a region that alone add more to a score than most others do."""
    highest = {item.code: max(item.allowed) for item in instrument.items if item.region is None}
    lowest = {item.code: min(item.allowed) for item in instrument.items}
    heavy: set[str] = set()
    for score in instrument.scores:
        own = [code for code in score.items if code in highest]
        weights = {code: _total(score, {**lowest, code: highest[code]}) for code in own}
        heavy |= {code for code in own if weights[code] > median(weights.values())}
    return frozenset(heavy)


def _total_with(score: Score, values: dict[str, int], code: str, value: int) -> float:
    return _total(score, {**values, code: value})


def _total(score: Score, values: dict[str, int]) -> float:
    found = score.total(values).total
    assert found is not None, f"every item of {score.code} has a value"
    return found
