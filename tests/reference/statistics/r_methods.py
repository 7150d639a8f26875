"""Which function of `pilotage.statistics` answers for which R line of methods.csv.

Each takes one data set of data_sets.json and gives its numbers under the names of reference.csv;
a tuple is one number per time, group or probability.
"""

from collections.abc import Callable, Iterable
from typing import Any

from pilotage.statistics import (
    correlation,
    groups,
    locations,
    paired,
    proportions,
    rates,
    several_groups,
    simon,
    survival,
    survival_groups,
    two_by_two,
)

Numbers = dict[str, Any]
Method = Callable[..., Numbers]

BY_NORMAL = {"method": "asymptotic"}
CORRECTED = {"method": "asymptotic", "continuity": True}
T_TEST = ("statistic", "df", "p", "estimate", "low", "high")
BOUNDS = ("low", "high")
SHARES = (0, 0.05, 0.1, 0.25, 0.3, 0.5, 0.75, 0.9, 1)


def answer(
    function: Callable[..., object], *fields: str, keys: Iterable[str] = (), **options: object
) -> Method:
    """The function with the parts of a data set in `keys` (else all) in order, and its fields."""

    def numbers(**data: Any) -> Numbers:
        found = function(*(data[key] for key in keys or data), **options)
        return {field: getattr(found, field) for field in fields}

    return numbers


# -- counts -------------------------------------------------------------------------------------


def share(function: Callable[..., object], *fields: str, **options: object) -> Method:
    return answer(function, *fields or ("low", "high"), keys=("events", "n"), **options)


def binomial(alternative: str) -> Method:
    return answer(proportions.binomial_test, "p", alternative=alternative)


COUNTS = {
    "clopper_pearson": share(proportions.clopper_pearson),
    "clopper_pearson_90": share(proportions.clopper_pearson, level=0.90),
    "clopper_pearson_99": share(proportions.clopper_pearson, level=0.99),
    "upper_bound": share(proportions.upper_bound, "high"),
    "lower_bound": share(proportions.lower_bound, "low"),
    "rule_of_three": answer(proportions.rule_of_three, "high", keys=["n"]),
    "wilson": share(proportions.wilson),
    "wilson_90": share(proportions.wilson, level=0.90),
    "wilson_99": share(proportions.wilson, level=0.99),
    "wilson_continuity": share(proportions.wilson, continuity=True),
    "wilson_continuity_prop_test": share(proportions.wilson, continuity=True),
    "jeffreys": share(proportions.jeffreys),
    "agresti_coull": share(proportions.agresti_coull),
    "mid_p": share(proportions.mid_p),
    "blaker": share(proportions.blaker),
    "blaker_90": share(proportions.blaker, level=0.90),
    "binomial_test": binomial("two-sided"),
    "binomial_test_greater": binomial("greater"),
    "binomial_test_less": binomial("less"),
}

# -- rates --------------------------------------------------------------------------------------

OBSERVED = ("events", "exposure")
RATES = {
    "poisson_rate": answer(rates.poisson_rate, "low", "high", keys=OBSERVED),
    "poisson_rate_90": answer(rates.poisson_rate, "low", "high", keys=OBSERVED, level=0.90),
    "poisson_test": answer(rates.poisson_test, "p"),
    "poisson_test_greater": answer(rates.poisson_test, "p", alternative="greater"),
    "poisson_test_less": answer(rates.poisson_test, "p", alternative="less"),
}

# -- tables -------------------------------------------------------------------------------------


def log_odds_ratio(**data: Any) -> Numbers:
    import math

    found = two_by_two.fisher_exact(**data)
    values = {name: getattr(found, name) for name in ("estimate", "low", "high")}
    return {name: math.log(value) if value else -math.inf for name, value in values.items()}


TABLES = {
    "fisher_exact": answer(two_by_two.fisher_exact, "p"),
    "fisher_odds_ratio": answer(two_by_two.fisher_exact, "estimate", "low", "high"),
    "fisher_log_odds_ratio": log_odds_ratio,
    "chi_squared": answer(two_by_two.chi_squared, "statistic", "p"),
    "chi_squared_yates": answer(two_by_two.chi_squared, "statistic", "p", continuity=True),
    "difference_newcombe": answer(two_by_two.difference, "estimate", "low", "high"),
    "difference_newcombe_continuity": answer(
        two_by_two.difference, "estimate", "low", "high", continuity=True
    ),
    "mcnemar_exact": answer(two_by_two.mcnemar, "p"),
    "mcnemar": answer(two_by_two.mcnemar, "statistic", "p", **BY_NORMAL),
    "mcnemar_continuity": answer(two_by_two.mcnemar, "statistic", "p", **CORRECTED),
}

# -- designs ------------------------------------------------------------------------------------

DESIGN = ("r1", "n1", "r", "n", "early_stop", "expected_n", "type_1_error", "power")


def two_stage(criterion: simon.Criterion) -> Method:
    def numbers(p0: float, p1: float, alpha: float, beta: float) -> Numbers:
        found = simon.two_stage(p0, p1, alpha=alpha, beta=beta, criterion=criterion, largest_n=70)
        return {field: getattr(found, field) for field in DESIGN}

    return numbers


def characteristics(p0: float, p1: float, **_: float) -> Numbers:
    found = simon.characteristics(2, 13, 7, 34, p=(p0 + p1) / 2)
    return {name: getattr(found, name) for name in ("accepted", "early_stop", "expected_n")}


def single_stage(p0: float, p1: float, alpha: float, beta: float) -> Numbers:
    found = simon.single_stage(p0, p1, alpha=alpha, beta=beta)
    return {name: getattr(found, name) for name in ("n", "r", "type_1_error", "power")}


DESIGNS = {
    "simon_optimal": two_stage("optimal"),
    "simon_minimax": two_stage("minimax"),
    "two_stage_characteristics": characteristics,
    "single_stage": single_stage,
}

# -- samples ------------------------------------------------------------------------------------


def quantiles(definition: locations.Definition) -> Method:
    def numbers(values: list[float]) -> Numbers:
        found = [locations.quantile(values, p, definition=definition) for p in SHARES]
        return {"quantile": tuple(found)}

    return numbers


SUMMARY = ("n", "mean", "sd", "sem", "median", "q1", "q3", "minimum", "maximum")
EXACT_HL = ("estimate", "low", "high", "achieved")
SAMPLES = {
    "summary": answer(locations.summarise, *SUMMARY),
    "mean_interval": answer(locations.mean_interval, "low", "high"),
    "mean_interval_99": answer(locations.mean_interval, "low", "high", level=0.99),
    "quantile_sas_5": quantiles("SAS 5"),
    "quantile_sas_4": quantiles("SAS 4"),
    "quantile_r_7": quantiles("R 7"),
    "median_interval": answer(locations.median_interval, "estimate", "low", "high"),
    "hodges_lehmann": answer(locations.hodges_lehmann, *EXACT_HL),
    "hodges_lehmann_90": answer(locations.hodges_lehmann, *EXACT_HL, level=0.90),
    "hodges_lehmann_asymptotic": answer(locations.hodges_lehmann, *BOUNDS, **BY_NORMAL),
    "hodges_lehmann_continuity": answer(locations.hodges_lehmann, *BOUNDS, **CORRECTED),
}

# -- pairs and groups ---------------------------------------------------------------------------


def signed_rank(zeros: str, *fields: str, **options: object) -> Method:
    return answer(paired.signed_rank, *fields, zeros=zeros, **options)


RANKED = ("statistic", "p")
PAIRS = {
    "paired_t": answer(paired.paired_t, *T_TEST),
    "paired_t_90": answer(paired.paired_t, *T_TEST, level=0.90),
    "signed_rank_wilcox_exact": signed_rank("wilcox", *RANKED),
    "signed_rank_wilcox_exact_coin": signed_rank("wilcox", "p"),
    "signed_rank_pratt_exact": signed_rank("pratt", "p"),
    "signed_rank_wilcox_asymptotic": signed_rank("wilcox", *RANKED, **BY_NORMAL),
    "signed_rank_wilcox_continuity": signed_rank("wilcox", *RANKED, **CORRECTED),
    "signed_rank_pratt_asymptotic": signed_rank("pratt", "p", **BY_NORMAL),
    "sign_test": answer(paired.sign_test, *RANKED),
}
SHIFT = locations.hodges_lehmann_shift
GROUPS = {
    "pooled_t": answer(groups.pooled_t, *T_TEST),
    "pooled_t_90": answer(groups.pooled_t, *T_TEST, level=0.90),
    "welch_t": answer(groups.welch_t, *T_TEST),
    "welch_t_90": answer(groups.welch_t, *T_TEST, level=0.90),
    "mann_whitney_exact": answer(groups.mann_whitney, *RANKED),
    "mann_whitney_exact_coin": answer(groups.mann_whitney, "p"),
    "mann_whitney_asymptotic": answer(groups.mann_whitney, *RANKED, **BY_NORMAL),
    "mann_whitney_continuity": answer(groups.mann_whitney, *RANKED, **CORRECTED),
    "hodges_lehmann_shift": answer(SHIFT, *EXACT_HL),
    "hodges_lehmann_shift_90": answer(SHIFT, *EXACT_HL, level=0.90),
    "hodges_lehmann_shift_asymptotic": answer(SHIFT, *BOUNDS, **BY_NORMAL),
    "hodges_lehmann_shift_continuity": answer(SHIFT, *BOUNDS, **CORRECTED),
}
F_TEST = ("statistic", "df", "df_within", "p")
SEVERAL = {
    "kruskal_wallis": answer(several_groups.kruskal_wallis, "statistic", "df", "p"),
    "anova": answer(several_groups.anova, *F_TEST),
    "welch_anova": answer(several_groups.welch_anova, *F_TEST),
    "brown_forsythe": answer(several_groups.brown_forsythe, *F_TEST),
}
CORRELATED = ("statistic", "estimate", "p")
BIVARIATE = {
    "pearson": answer(correlation.pearson, "statistic", "p", "estimate", "low", "high"),
    "spearman_asymptotic": answer(correlation.spearman, *CORRELATED, **BY_NORMAL),
    "spearman_exact": answer(correlation.spearman, "estimate", "p"),
    "spearman_exact_cor_test": answer(correlation.spearman, "estimate", "p"),
    "kendall_exact": answer(correlation.kendall, *CORRELATED),
    "kendall_asymptotic": answer(correlation.kendall, *CORRELATED, **BY_NORMAL),
    "kendall_continuity": answer(correlation.kendall, *CORRELATED, **CORRECTED),
}

# -- times --------------------------------------------------------------------------------------


def limits(found: Any) -> Numbers:
    return {"lower": found.low, "upper": found.high}


def curve_interval(interval: survival.IntervalScale, level: float = 0.95) -> Method:
    def numbers(times: list[float], events: list[bool]) -> Numbers:
        found = survival.kaplan_meier(times, events, level=level, interval=interval)
        medians = {"median_low": found.median_low, "median_high": found.median_high}
        return limits(found) | medians

    return numbers


def restricted_mean(share: float) -> Method:
    def numbers(times: list[float], events: list[bool]) -> Numbers:
        found = survival.restricted_mean(times, events, horizon=share * max(times))
        return {"estimate": found.estimate, "standard_error": (found.standard_error,)}

    return numbers


def incidence_interval(interval: survival.IntervalScale, level: float = 0.95) -> Method:
    def numbers(times: list[float], causes: list[str | None]) -> Numbers:
        return limits(
            survival.cumulative_incidence(
                times, causes, cause="relapse", level=level, interval=interval
            )
        )

    return numbers


CURVE = ("times", "at_risk", "events", "censored", "survival", "standard_error", "median")
CURVE_OF_A_CAUSE = ("times", "at_risk", "events", "competing", "censored", "incidence")
CURVE_OF_A_CAUSE += ("event_free", "standard_error")
INCIDENCE = survival.cumulative_incidence
LOG_RANK = ("observed", "expected", "statistic", "df", "p")
TIMES = {
    "kaplan_meier": answer(survival.kaplan_meier, *CURVE),
    "kaplan_meier_log_log": curve_interval("log-log"),
    "kaplan_meier_log_log_90": curve_interval("log-log", 0.90),
    "kaplan_meier_plain": curve_interval("plain"),
    "kaplan_meier_log": curve_interval("log"),
    "kaplan_meier_logit": curve_interval("logit"),
    "kaplan_meier_arcsine": curve_interval("arcsine"),
    "restricted_mean": restricted_mean(1),
    "restricted_mean_early": restricted_mean(0.75),
    "log_rank": answer(survival_groups.log_rank, *LOG_RANK),
    "peto_peto": answer(survival_groups.log_rank, *LOG_RANK, weight="Peto-Peto"),
    "cumulative_incidence": answer(INCIDENCE, *CURVE_OF_A_CAUSE, cause="relapse"),
    "cumulative_incidence_log_log": incidence_interval("log-log"),
    "cumulative_incidence_log_log_90": incidence_interval("log-log", 0.90),
    "cumulative_incidence_plain": incidence_interval("plain"),
    "cumulative_incidence_log": incidence_interval("log"),
    "cumulative_incidence_logit": incidence_interval("logit"),
    "cumulative_incidence_arcsine": incidence_interval("arcsine"),
    "cumulative_incidence_aalen": answer(
        INCIDENCE, "incidence", "standard_error", cause="relapse", variance="Aalen"
    ),
}

METHODS: dict[str, Method] = {
    **COUNTS,
    **RATES,
    **TABLES,
    **DESIGNS,
    **SAMPLES,
    **PAIRS,
    **GROUPS,
    **SEVERAL,
    **BIVARIATE,
    **TIMES,
}
