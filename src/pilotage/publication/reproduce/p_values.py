"""Every P value that a printed one could be: all tests, over the possible n and populations."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import polars as pl

from pilotage.analysis.p_values import TESTS, in_full
from pilotage.publication.claims import PValueClaim
from pilotage.publication.reproduce.cause import Kind
from pilotage.publication.reproduce.facts import Facts
from pilotage.publication.reproduce.numbers import Sources, named
from pilotage.publication.reproduce.results import Number, statistic_of
from pilotage.statistics import NotComputable
from pilotage.statistics.paired import signed_rank
from pilotage.statistics.rounding import as_written
from pilotage.study.sap import ChangeAnalysis

UNPAIRED = ("pooled_t", "welch_t", "mann_whitney_exact", "mann_whitney_asymptotic")

ALL_TESTS = TESTS | {
    "signed_rank_exact, zeros dropped": partial(signed_rank, method="exact", zeros="wilcox"),
    "signed_rank_asymptotic, zeros dropped": partial(
        signed_rank, method="asymptotic", zeros="wilcox"
    ),
}
"""The tests of the plan, and the signed-rank test with the other rule for zero differences."""

NAMED: dict[str, tuple[str, ...]] = {
    "t test": ("paired_t", "pooled_t", "welch_t"),
    "paired t test": ("paired_t",),
    "Welch t test": ("welch_t",),
    "Mann-Whitney test": ("mann_whitney_exact", "mann_whitney_asymptotic"),
    "signed-rank test": ("signed_rank_exact", "signed_rank_asymptotic"),
}
"""Which tests of ours a test named by a paper may be; any where it names none."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """The values that a test compares, and how they were chosen."""

    handling: str
    after: list[float]
    before: list[float]
    paired: bool


def p_values(claim: PValueClaim, sources: Sources) -> list[Number]:
    """The P value meant, then every other. Meant is the first test of the first result named; where
    the paper names a test, the first that has this name."""
    patterns = named(claim.result)
    found = [n for pattern in patterns for n in sources.results.numbers(pattern)]
    admitted = NAMED.get(claim.test)
    if admitted is not None:
        found.sort(key=lambda number: _test_of(number) not in admitted)
    analyses = {
        pattern.partition("/")[0]: sources.results.analysis(pattern) for pattern in patterns
    }
    for analysis in analyses.values():
        if isinstance(analysis, ChangeAnalysis) and analysis.week is not None:
            found += _of_change(analysis, analysis.week, sources, known=found)
    return [replace(number, label=f"{number.label}; {_told(number)}") for number in found]


def _told(number: Number) -> str:
    """The test in a few words, with the rule for zero differences where it is not ours."""
    test = number.method.partition(";")[0]
    return f"{test}, zeros dropped" if "wilcox rule" in number.method else test


def _test_of(number: Number) -> str:
    return statistic_of(number.results[0]).removeprefix("p_") if number.results else ""


def _of_change(
    analysis: ChangeAnalysis, week: int, sources: Sources, *, known: list[Number]
) -> Iterator[Number]:
    """All tests on all pairs in all populations, but for those that the results hold."""
    held = {(n.population, _test_of(n)) for n in known if n.results}
    for name, label, members in sources.populations():
        chosen = [subject for subject, inside in members.items() if inside]
        for pairs in _pairs(analysis, week, chosen, sources.facts):
            for test in ALL_TESTS:
                if not pairs.paired and test not in UNPAIRED:
                    continue
                if pairs.handling == BOTH and (name, test) in held:
                    continue
                number = _p(test, pairs, f"{label}, {pairs.handling}")
                other: Kind | None = None if pairs.handling == BOTH else "subjects"
                yield replace(number, population=name, other=other)


BOTH = "both values"


def _pairs(
    analysis: ChangeAnalysis, week: int, subjects: list[str], facts: Facts
) -> Iterator[Pairs]:
    """Baseline and visit: of those with both; of all who have either (as two groups); and with the
    last value carried to the visit."""
    frame = facts.datasets.named()[analysis.dataset.lower()]
    rows = frame.filter(
        pl.col("USUBJID").is_in(subjects)
        & (pl.col("PARAMCD") == analysis.parameter)
        & pl.col("AVAL").is_not_null()
    )
    before = dict(rows.filter(pl.col("ABLFL") == "Y").select("USUBJID", "AVAL").rows())
    visits = rows.filter((pl.col("ANL01FL") == "Y") & pl.col("AVISITN").is_between(1, week))
    in_time = visits.sort("USUBJID", "AVISITN").select("USUBJID", "AVISITN", "AVAL").rows()
    after = {subject: value for subject, visit, value in in_time if visit == week}
    carried = before | {subject: value for subject, _, value in in_time if subject in before}
    pairs = [subject for subject in before if subject in after]
    yield Pairs(BOTH, [after[s] for s in pairs], [before[s] for s in pairs], paired=True)
    if len(pairs) < max(len(before), len(after)):
        yield Pairs("all values", list(after.values()), list(before.values()), paired=False)
    if len(pairs) < len(carried):
        last = [carried[subject] for subject in before]
        yield Pairs("last value carried forward", last, list(before.values()), paired=True)


def _p(test: str, pairs: Pairs, label: str) -> Number:
    n = len(pairs.after)
    size = f"n = {n}" if pairs.paired else f"n = {n} and {len(pairs.before)}"
    try:
        found = ALL_TESTS[test](pairs.after, pairs.before)
    except NotComputable as reason:
        return Number(f"{label}, {size}", n=n, method=test, reason=str(reason))
    return Number(f"{label}, {size}", as_written(found.p), n=n, method=in_full(found))
