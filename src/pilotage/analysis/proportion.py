"""Subjects with something: how many of how many, and the intervals of the proportion."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl

from pilotage.analysis.results import Result, Scope, confidence
from pilotage.analysis.risk import without, without_row
from pilotage.analysis.select import Selection, parameter, sources
from pilotage.conditions import columns
from pilotage.statistics import Interval, NotComputable
from pilotage.statistics.proportions import clopper_pearson, wilson
from pilotage.study import Study
from pilotage.study.sap import ProportionAnalysis

INTERVALS: dict[str, tuple[str, Callable[..., Interval]]] = {
    "clopper_pearson": ("Clopper-Pearson", clopper_pearson),
    "wilson": ("Wilson", wilson),
}


@dataclass(frozen=True, slots=True)
class _Answers:
    """Of a group: subjects with the event, of whom it is not known, and who are not at risk; and
    the rows that show the event. `seen`: some row says of somebody whether the event was there."""

    events: int
    unknown: int
    apart: int
    rows: pl.DataFrame
    seen: bool


def proportion(analysis: ProportionAnalysis, chosen: Selection, study: Study) -> Iterator[Result]:
    """count, unknown, proportion and its intervals. A subject counts who has a row with the event;
    one for whom it cannot be known counts as no event, or is left out, as the analysis says; one
    who cannot have the event is not at risk and never counts.

    Of several parameters a subject often has some only. Who has the event is known by one of them,
    who has not by all: to leave out the others would raise the proportion, to count them as no
    event makes it a lower bound, whose interval has its upper end as if they all had it. Where no
    value answers for anybody it is not computed.
    """
    found = _answers(analysis, chosen)
    counted = analysis.missing == "no event"
    n = chosen.n - found.apart - (0 if counted else found.unknown)
    said = f"{found.unknown} not known: {'counted as no event' if counted else 'left out'}"
    bound = counted and len(chosen.codes) > 1
    if bound:
        said = f"{said}, so that the proportion is a lower bound"
        if not found.seen:
            reason = f"nobody has a value of {' or '.join(chosen.codes)} that answers"
            yield Scope(n=n, level=chosen.level, missing=said).absent("count", reason)
            return
    conditional = without_row(analysis) == "not at risk"
    if conditional:
        said = f"{found.apart} not at risk ({without(chosen.codes, study)}): left out; {said}"
    scope = Scope(
        n=n,
        level=chosen.level,
        parameter=parameter(chosen.rows),
        missing=said,
        sources=sources(found.rows),
    )
    yield scope.number("count", found.events, "count of subjects")
    yield scope.number("unknown", found.unknown, "count of subjects")
    if conditional:
        yield scope.number("not_at_risk", found.apart, "count of subjects")
    perhaps = found.unknown if bound else 0
    yield from proportion_rows(
        scope, found.events, n, analysis.intervals, analysis.level, perhaps=perhaps
    )


def proportion_rows(
    scope: Scope,
    events: int,
    n: int,
    methods: tuple[str, ...],
    level: float,
    *,
    perhaps: int = 0,
) -> Iterator[Result]:
    """The proportion, then low and high of each interval. `perhaps` are subjects who may have the
    event: the interval reaches up to where it would if all of them had it."""
    yield scope.maybe("proportion", events / n if n else None, "events / subjects", "no subject")
    for method in methods:
        name, compute = INTERVALS[method]
        said = f"{name} {confidence(level)}"
        try:
            interval = compute(events, n, level=level)
            highest = compute(events + perhaps, n, level=level)
        except NotComputable as reason:
            yield scope.absent(f"{method}_low", str(reason), said)
            yield scope.absent(f"{method}_high", str(reason), said)
        else:
            yield scope.number(f"{method}_low", interval.low, said)
            upper = f"{said}, with {perhaps} not known as events" if perhaps else said
            yield scope.number(f"{method}_high", highest.high, upper)


def _answers(analysis: ProportionAnalysis, chosen: Selection) -> _Answers:
    """How many subjects gave each answer, and the rows that show the event."""
    found = answers_by_subject(analysis, chosen)
    events, open_answers, left = found.select(
        YES=pl.col("ANSWER").fill_null(False).sum(),
        OPEN=(pl.col("ANSWER").is_null() & ~pl.col("APART")).sum(),
        APART=pl.col("APART").sum(),
    ).row(0)
    event = chosen.rows.select(EVENT=columns(analysis.event))["EVENT"]
    rows = chosen.rows.filter(event)
    return _Answers(events, open_answers, left, rows, seen=event.null_count() < event.len())


def answers_by_subject(analysis: ProportionAnalysis, chosen: Selection) -> pl.DataFrame:
    """USUBJID, ANSWER (null: it cannot be known, or the subject is not at risk) and APART (not at
    risk) of each subject asked.

    A row that may or may not belong to the analysis can only make the answer unknown. Where the
    analysis names several parameters, a subject has no event only with a row of each; without any
    row that belongs to it, the subject is what the analysis says of such.
    """
    event = columns(analysis.event)
    perhaps = chosen.undecided.with_columns(EVENT=event).filter(pl.col("EVENT").fill_null(True))
    judged = chosen.rows.with_columns(EVENT=event)
    code = pl.col("PARAMCD") if len(chosen.codes) > 1 else pl.lit("")
    per_subject = pl.concat(
        [
            judged.select("USUBJID", "EVENT", CODE=code.cast(pl.String)),
            perhaps.select(
                "USUBJID",
                EVENT=pl.lit(None, dtype=pl.Boolean),
                CODE=pl.lit(None, dtype=pl.String),
            ),
        ]
    )
    answers = per_subject.group_by("USUBJID").agg(
        YES=pl.col("EVENT").any(),
        OPEN=pl.col("EVENT").is_null().any(),
        SEEN=pl.col("CODE").drop_nulls().n_unique(),
        ROWS=pl.len(),
    )
    everyone = chosen.subjects.select("USUBJID").join(answers, on="USUBJID", how="left")
    yes, is_open = pl.col("YES").fill_null(False), pl.col("OPEN").fill_null(False)
    seen, rows = pl.col("SEEN").fill_null(0), pl.col("ROWS").fill_null(0)
    no_row = without_row(analysis)
    apart = (rows == 0) & (no_row == "not at risk")
    needed = 0 if no_row == "no event" else max(1, len(chosen.codes))
    unknown = ~yes & ~apart & (is_open | (seen < needed))
    answer = pl.when(yes).then(True).when(~unknown & ~apart).then(False)
    return everyone.select("USUBJID", ANSWER=answer, APART=apart)
