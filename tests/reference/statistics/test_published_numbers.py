"""The statistics against numbers printed in papers, books and certified data sets."""

import pytest

from pilotage.statistics import (
    groups,
    locations,
    paired,
    proportions,
    simon,
    survival,
    two_by_two,
)

# Newcombe 1998, Stat Med 17:857, table I, four decimals: methods 3 and 4 (score, without and with
# continuity correction), 5 (Clopper-Pearson) and 6 (mid-P)
NEWCOMBE = [
    # events, n, Wilson, with correction, Clopper-Pearson, mid-P
    (81, 263, (0.2553, 0.3662), (0.2535, 0.3682), (0.2527, 0.3676), (0.2544, 0.3658)),
    (15, 148, (0.0624, 0.1605), (0.0598, 0.1644), (0.0578, 0.1617), (0.0601, 0.1581)),
    (0, 20, (0.0000, 0.1611), (0.0000, 0.2005), (0.0000, 0.1684), (0.0000, 0.1391)),
    (1, 29, (0.0061, 0.1718), (0.0018, 0.1963), (0.0009, 0.1776), (0.0017, 0.1585)),
]


@pytest.mark.parametrize(("events", "n", "wilson", "corrected", "exact", "mid_p"), NEWCOMBE)
def test_intervals_of_proportions_printed_by_newcombe(events, n, wilson, corrected, exact, mid_p):
    for found, printed in (
        (proportions.wilson(events, n), wilson),
        (proportions.wilson(events, n, continuity=True), corrected),
        (proportions.clopper_pearson(events, n), exact),
        (proportions.mid_p(events, n), mid_p),
    ):
        assert (found.low, found.high) == pytest.approx(printed, abs=5e-5)


# Newcombe 1998, Stat Med 17:873, table II, method 10, four decimals
DIFFERENCES = [
    ((56, 70, 48, 80), (0.0524, 0.3339)),
    ((9, 10, 3, 10), (0.1705, 0.8090)),
    ((5, 56, 0, 29), (-0.0381, 0.1926)),
    ((0, 10, 0, 20), (-0.1611, 0.2775)),
]


@pytest.mark.parametrize(("table", "printed"), DIFFERENCES)
def test_intervals_of_differences_printed_by_newcombe(table, printed):
    found = two_by_two.difference(*table)
    assert (found.low, found.high) == pytest.approx(printed, abs=5e-5)


def test_lady_tasting_tea():
    """Fisher 1935, The Design of Experiments; R, ?fisher.test: odds ratio 6.408309."""
    found = two_by_two.fisher_exact(3, 4, 1, 4)
    assert (found.p, found.estimate) == pytest.approx((34 / 70, 6.408309), abs=5e-5)


def test_agresti_approval_ratings():
    """Agresti 1990, p. 350; R, ?mcnemar.test: chi-squared 16.818, p 4.115e-05."""
    found = two_by_two.mcnemar(86, 150, method="asymptotic", continuity=True)
    assert found.statistic == pytest.approx(16.818, abs=5e-4)
    assert found.p == pytest.approx(4.115e-05, abs=5e-9)


def test_single_stage_design_printed_by_khan():
    """Khan, Sarker and Hackshaw 2012, Br J Cancer 107:1801, of A'Hern's 10 % against 20 %.

    n 78, exact alpha 4.53 %, power 80.81 % (cut, not rounded).
    """
    found = simon.single_stage(0.1, 0.2, alpha=0.05, beta=0.2)
    assert found.n == 78
    assert (found.type_1_error, found.power) == pytest.approx((0.0453, 0.8081), abs=1e-4)


# Simon 1989, Control Clin Trials 10:1, table 1 (p1 - p0 = 0.20): r1/n1, r/n and expected subjects
SIMON = [
    # p0, alpha, beta, optimal, minimax
    (0.05, 0.10, 0.10, (0, 9, 2, 24, 14.5), (0, 13, 2, 20, 16.4)),
    (0.05, 0.05, 0.20, (0, 9, 2, 17, 12.0), (0, 12, 2, 16, 13.8)),
    (0.05, 0.05, 0.10, (0, 9, 3, 30, 16.8), (0, 15, 3, 25, 20.4)),
    (0.10, 0.10, 0.10, (1, 12, 5, 35, 19.8), (1, 16, 4, 25, 20.4)),
    (0.10, 0.05, 0.20, (1, 10, 5, 29, 15.0), (1, 15, 5, 25, 19.5)),
    (0.10, 0.05, 0.10, (2, 18, 6, 35, 22.5), (2, 22, 6, 33, 26.2)),
    (0.20, 0.10, 0.10, (3, 17, 10, 37, 26.0), (3, 19, 10, 36, 28.3)),
    (0.20, 0.05, 0.20, (3, 13, 12, 43, 20.6), (4, 18, 10, 33, 22.3)),
    (0.20, 0.05, 0.10, (4, 19, 15, 54, 30.4), (5, 24, 13, 45, 31.2)),
    (0.30, 0.10, 0.10, (7, 22, 17, 46, 29.9), (7, 28, 15, 39, 35.0)),
    (0.30, 0.05, 0.20, (5, 15, 18, 46, 23.6), (6, 19, 16, 39, 25.7)),
    (0.30, 0.05, 0.10, (8, 24, 24, 63, 34.7), (7, 24, 21, 53, 36.6)),
    (0.40, 0.10, 0.10, (7, 18, 22, 46, 30.2), (11, 28, 20, 41, 33.8)),
    (0.40, 0.05, 0.20, (7, 16, 23, 46, 24.5), (17, 34, 20, 39, 34.4)),
    (0.40, 0.05, 0.10, (11, 25, 32, 66, 36.0), (12, 29, 27, 54, 38.1)),
    (0.50, 0.10, 0.10, (11, 21, 26, 45, 29.0), (11, 23, 23, 39, 31.0)),
    (0.50, 0.05, 0.20, (8, 15, 26, 43, 23.5), (12, 23, 23, 37, 27.7)),
    (0.50, 0.05, 0.10, (13, 24, 36, 61, 34.0), (14, 27, 32, 53, 36.1)),
    (0.60, 0.10, 0.10, (6, 11, 26, 38, 25.4), (18, 27, 24, 35, 28.5)),
    (0.60, 0.05, 0.20, (7, 11, 30, 43, 20.5), (8, 13, 25, 35, 20.8)),
    (0.60, 0.05, 0.10, (12, 19, 37, 53, 29.5), (15, 26, 32, 45, 35.9)),
    (0.70, 0.10, 0.10, (6, 9, 22, 28, 17.8), (11, 16, 20, 25, 20.1)),
    (0.70, 0.05, 0.20, (4, 6, 22, 27, 14.8), (19, 23, 21, 26, 23.2)),
    (0.70, 0.05, 0.10, (11, 15, 29, 36, 21.2), (13, 18, 26, 32, 22.7)),
]


@pytest.mark.parametrize(("p0", "alpha", "beta", "optimal", "minimax"), SIMON)
def test_two_stage_designs_printed_by_simon(p0, alpha, beta, optimal, minimax):
    for criterion, printed in ("optimal", optimal), ("minimax", minimax):
        found = simon.two_stage(p0, p0 + 0.2, alpha=alpha, beta=beta, criterion=criterion)
        assert (found.r1, found.n1, found.r, found.n) == printed[:4]
        # one decimal; the minimax 11/16, 20/25 has 20.049 beside 20.1
        assert found.expected_n == pytest.approx(printed[4], abs=0.051)


@pytest.mark.requirement("P-87")
def test_zero_of_15_has_the_exact_upper_bound_of_21_8_per_cent():
    """Closed form where there is no event: (1 - high)^15 = 0.025."""
    bound = proportions.clopper_pearson(0, 15).high
    assert (1 - bound) ** 15 == pytest.approx(0.025, abs=1e-12)
    assert bound == pytest.approx(0.218, abs=5e-4)


def test_12_of_14_is_57_2_to_98_2_per_cent():
    """R: binom.test(12, 14)$conf.int gives 0.5718708 0.9822055."""
    found = proportions.clopper_pearson(12, 14)
    assert (found.low, found.high) == pytest.approx((0.5718708, 0.9822055), abs=5e-8)


# NIST StRD, univariate summary statistics: certified mean and standard deviation of data built to
# break careless arithmetic
NUM_ACC = [
    ("NumAcc1", [10000001, 10000003, 10000002], 10000002, 1.0, 0),
    ("NumAcc2", [1.2] + 500 * [1.1, 1.3], 1.2, 0.1, 1e-13),
    ("NumAcc3", [1000000.2] + 500 * [1000000.1, 1000000.3], 1000000.2, 0.1, 1e-9),
    # the values themselves are stored to 2e-9 only
    ("NumAcc4", [10000000.2] + 500 * [10000000.1, 10000000.3], 10000000.2, 0.1, 1e-8),
]


@pytest.mark.requirement("P-70")
@pytest.mark.parametrize(("name", "values", "mean", "sd", "tolerance"), NUM_ACC)
def test_mean_and_sd_certified_by_nist(name, values, mean, sd, tolerance):
    found = locations.summarise(values)
    assert found.mean == pytest.approx(mean, abs=tolerance, rel=0)
    assert found.sd == pytest.approx(sd, abs=tolerance, rel=0)


# Student's t, two-sided 5 %, three decimals, as in every table since Fisher 1925
STUDENT = [(1, 12.706), (2, 4.303), (5, 2.571), (10, 2.228), (14, 2.145), (30, 2.042)]


@pytest.mark.parametrize(("df", "quantile"), STUDENT)
def test_interval_of_a_mean_uses_the_t_of_the_tables(df, quantile):
    found = locations.mean_interval(range(df + 1))
    sem = locations.summarise(range(df + 1)).sem
    assert (found.high - found.estimate) / sem == pytest.approx(quantile, abs=5e-4)


# Critical values of the smaller rank sum, two-sided P <= 0.05, no ties: University of York,
# Department of Mathematics, statistical tables, "wilcoxon"
SIGNED_RANK = [(6, 0), (7, 2), (8, 3), (9, 5), (10, 8), (11, 10), (12, 13), (13, 17), (14, 21)]
SIGNED_RANK += [(15, 25), (16, 29), (17, 34), (18, 40), (19, 46), (20, 52), (25, 89)]


@pytest.mark.requirement("P-71")
@pytest.mark.parametrize(("n", "critical"), SIGNED_RANK)
def test_signed_rank_turns_significant_at_the_tabled_sum(n, critical):
    assert signed_rank_p(n, falls=critical) <= 0.05
    assert signed_rank_p(n, falls=critical + 1) > 0.05


def signed_rank_p(n: int, *, falls: int) -> float:
    """Exact P of the differences 1 ... n in size, those that sum up to `falls` being negative."""
    differences, left = [], falls
    for size in range(n, 0, -1):
        negative = size <= left
        left -= size * negative
        differences.append(-size if negative else size)
    assert left == 0
    return paired.signed_rank(differences, n * [0]).p


# Critical values of U, two-sided P <= 0.05, no ties: Siegel 1956, Nonparametric Statistics, table K
# (after Auble 1953)
MANN_WHITNEY = [(5, 9, 7), (6, 9, 10), (7, 9, 12), (9, 9, 17), (10, 10, 23), (7, 15, 24)]
MANN_WHITNEY += [(15, 15, 64), (20, 20, 127)]


@pytest.mark.requirement("P-71")
@pytest.mark.parametrize(("n", "m", "critical"), MANN_WHITNEY)
def test_mann_whitney_turns_significant_at_the_tabled_u(n, m, critical):
    assert mann_whitney_p(n, m, u=critical) <= 0.05
    assert mann_whitney_p(n, m, u=critical + 1) > 0.05


def mann_whitney_p(n: int, m: int, *, u: int) -> float:
    """Exact P of a first group of n, each value placed above so many of the second that U is u."""
    full, rest = divmod(u, m)
    above = [m] * full + [rest] + [0] * (n - full - 1)
    first = [count + 0.5 + place / 1000 for place, count in enumerate(above)]
    found = groups.mann_whitney(first, range(1, m + 1))
    assert (found.statistic, found.ties) == (u, 0)
    return found.p


def test_hollander_and_wolfe_depression_scale():
    """Hollander and Wolfe 1973, p. 29: one-sided P 0.019, two-sided twice that.

    R, ?wilcox.test: wilcox.test(x, y, paired = TRUE, alternative = "greater"), V = 40, p 0.01953.
    """
    x = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30]
    y = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]
    found = paired.signed_rank(x, y)
    assert (found.statistic, found.p) == pytest.approx((40, 2 * 0.01953), abs=1e-5)


def test_hollander_and_wolfe_permeability():
    """Hollander and Wolfe 1973, p. 69: one-sided P 0.1272, two-sided twice that.

    R, ?wilcox.test: wilcox.test(x, y, alternative = "g"), W = 35, p 0.1272.
    """
    x = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
    y = [1.15, 0.88, 0.90, 0.74, 1.21]
    found = groups.mann_whitney(x, y)
    assert (found.statistic, found.p) == pytest.approx((35, 2 * 0.1272), abs=1e-4)


def test_freireich_6_mercaptopurine_survival_and_its_error():
    """Klein and Moeschberger 2003, Survival Analysis, section 4.2 (data of Freireich 1963)."""
    events = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    curve = survival.kaplan_meier(events + censored, [1] * len(events) + [0] * len(censored))
    printed = {
        6: (0.857, 0.0764),
        7: (0.807, 0.0869),
        10: (0.753, 0.0963),
        13: (0.690, 0.1068),
        16: (0.627, 0.1141),
        22: (0.538, 0.1282),
        23: (0.448, 0.1346),
    }
    found = dict(
        zip(curve.times, zip(curve.survival, curve.standard_error, strict=True), strict=True)
    )
    for time, (share, error) in printed.items():
        assert found[time][0] == pytest.approx(share, abs=5e-4)
        assert found[time][1] == pytest.approx(error, abs=6e-5)
    assert curve.median == 23


def test_published_numbers_bite():
    wrong = (0.2553, 0.3663)
    found = proportions.wilson(81, 263)
    assert (found.low, found.high) != pytest.approx(wrong, abs=5e-5)
    assert signed_rank_p(15, falls=24) < signed_rank_p(15, falls=25) <= 0.05
