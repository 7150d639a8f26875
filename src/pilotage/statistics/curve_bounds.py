"""The interval around one height of a curve between 0 and 1, on a named scale.

The half width is taken on the scale and carried back, which keeps the bounds within 0 to 1 (plain
and log are cut there). `error` is the standard error of the height itself.
"""

import math
from collections.abc import Callable
from typing import Literal, get_args

IntervalScale = Literal["log-log", "plain", "log", "logit", "arcsine"]

Bounds = tuple[float | None, float | None]


def check_scale(interval: str) -> None:
    """ValueError unless the scale is one of IntervalScale."""
    if interval not in get_args(IntervalScale):
        *first, last = (repr(scale) for scale in get_args(IntervalScale))
        raise ValueError(f"the interval is {interval!r}; it must be {', '.join(first)} or {last}")


def bounds(height: float, error: float, z: float, interval: IntervalScale) -> Bounds:
    """The interval height ± z * error on the scale; (None, None) where the scale has none.

    At a height of 0 only plain has bounds, at 1 only plain and log: 0 and 1 themselves, since the
    error is 0 there.

    Source: Klein and Moeschberger 2003, Survival Analysis, section 4.3; as conf.type of R's survfit
    ("arcsin" there).
    """
    if (height == 0 and interval != "plain") or (height == 1 and interval not in ("plain", "log")):
        return None, None
    return _SCALES[interval](height, z * error)


def _plain(height: float, width: float) -> Bounds:
    return max(0.0, height - width), min(1.0, height + width)


def _log(height: float, width: float) -> Bounds:
    factor = math.exp(width / height)
    return height / factor, min(1.0, height * factor)


def _log_log(height: float, width: float) -> Bounds:
    # height ** exp(±w), with w the half width on the scale of log(-log(height))
    on_scale = width / (height * math.log(height))
    return height ** math.exp(-on_scale), height ** math.exp(on_scale)


def _logit(height: float, width: float) -> Bounds:
    odds, factor = height / (1 - height), math.exp(width / (height * (1 - height)))
    low, high = odds / factor, odds * factor
    return low / (1 + low), high / (1 + high)


def _arcsine(height: float, width: float) -> Bounds:
    centre = math.asin(math.sqrt(height))
    on_scale = width / (2 * math.sqrt(height * (1 - height)))
    low, high = max(0.0, centre - on_scale), min(math.pi / 2, centre + on_scale)
    return math.sin(low) ** 2, math.sin(high) ** 2


_SCALES: dict[IntervalScale, Callable[[float, float], Bounds]] = {
    "plain": _plain,
    "log": _log,
    "log-log": _log_log,
    "logit": _logit,
    "arcsine": _arcsine,
}
