"""Kaplan-Meier against R: survival.json, written by make_reference.R.

R lines: fit <- survfit(Surv(time, event) ~ 1, conf.type = interval, conf.int = level)
         fit$time, fit$n.risk, fit$n.event, fit$n.censor, fit$surv, fit$std.err * fit$surv,
         fit$lower, fit$upper, summary(fit)$table (median and its bounds)
Tolerance: absolute 1e-10. Where R has no number (NA), neither have we; only the standard error at
survival 0, which R calls infinite on its logarithmic scale, is 0 here: R's number is not compared.
"""

import json
from pathlib import Path

import pytest

from pilotage.statistics import survival

CASES = json.loads((Path(__file__).parent / "survival.json").read_text())["cases"]
FITS = [
    pytest.param(case, fit, id=f"{case['name']}, {fit['interval']} {fit['level']}")
    for case in CASES
    for fit in case["fits"]
]
COLUMNS = ["times", "at_risk", "events", "censored", "survival", "low", "high"]
MEDIANS = ["median", "median_low", "median_high"]


def agree(found: list[float | None], expected: list[float | None]) -> None:
    """Numbers to the tolerance; None only where None is expected."""
    assert [number is None for number in found] == [number is None for number in expected]
    numbers = [number for number in expected if number is not None]
    assert [n for n in found if n is not None] == pytest.approx(numbers, abs=1e-10, rel=0)


def fitted(case: dict, fit: dict) -> survival.KaplanMeier:
    return survival.kaplan_meier(
        case["time"], case["event"], level=fit["level"], interval=fit["interval"]
    )


@pytest.mark.parametrize(("case", "fit"), FITS)
def test_curve_and_its_bounds_are_those_of_survfit(case, fit):
    found = fitted(case, fit)
    for column in COLUMNS:
        agree(list(getattr(found, column)), fit[column])


@pytest.mark.parametrize(("case", "fit"), FITS)
def test_greenwood_error_is_that_of_survfit(case, fit):
    found = fitted(case, fit)
    expected = [0 if error is None else error for error in fit["standard_error"]]
    agree(list(found.standard_error), expected)


@pytest.mark.parametrize(("case", "fit"), FITS)
def test_median_and_its_bounds_are_those_of_survfit(case, fit):
    found = fitted(case, fit)
    for name in MEDIANS:
        agree([getattr(found, name)], [fit[name]])


def test_comparison_of_survival_bites():
    case = next(case for case in CASES if case["name"].startswith("Freireich 1963, 6"))
    log_log, plain = case["fits"][:2]
    found = fitted(case, log_log)
    for column in COLUMNS:
        wrong = [*log_log[column][:-1], log_log[column][-1] + 1e-9]
        with pytest.raises(AssertionError):
            agree(list(getattr(found, column)), wrong)
    with pytest.raises(AssertionError):  # the other scale is another number
        agree(list(found.low), plain["low"])
    with pytest.raises(AssertionError):  # not reached is not a number
        agree([found.median_high], [35])
