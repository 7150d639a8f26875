"""The same numbers by SciPy, statsmodels and lifelines, called as their manuals show."""

import numpy as np
from lifelines import KaplanMeierFitter
from scipy import stats
from statsmodels.stats.proportion import proportion_confint


def by_others(samples: list[tuple[list[float], list[float], list[bool]]]) -> list[list[float]]:
    return [numbers(*each) for each in samples]


def numbers(first: list[float], second: list[float], events: list[bool]) -> list[float]:
    x, y = np.asarray(first), np.asarray(second)
    happened, n = sum(events), len(events)
    exact = proportion_confint(happened, n, method="beta")
    score = proportion_confint(happened, n, method="wilson")
    ranks = stats.mannwhitneyu(x, y, use_continuity=False, method="asymptotic")
    fitted = KaplanMeierFitter().fit(x, np.asarray(events))
    times = np.unique(x)
    middle = times[len(times) // 2]
    curve, bounds = fitted.survival_function_, fitted.confidence_interval_survival_function_
    low, high = bounds.loc[middle]
    return [
        float(x.mean()),
        float(x.std(ddof=1)),
        float(x.min()),
        float(x.max()),
        *map(float, exact),
        *map(float, score),
        float(stats.ttest_rel(y, x).pvalue),
        float(stats.ttest_ind(x, y, equal_var=False).pvalue),
        float(ranks.pvalue),
        float(curve.loc[middle].iloc[0]),
        float(low),
        float(high),
    ]
