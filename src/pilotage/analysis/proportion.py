"""Subjects with something: how many of how many, and the intervals of the proportion."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import polars as pl

from pilotage.analysis.results import Result, Scope, confidence
from pilotage.analysis.risk import inapplicable, without, without_row
from pilotage.analysis.select import Selection, parameter
from pilotage.conditions import columns, names_in
from pilotage.statistics import Interval, NotComputable
from pilotage.statistics.proportions import clopper_pearson, wilson
from pilotage.study import Study
from pilotage.study.sap import ProportionAnalysis

INTERVALS: dict[str, tuple[str, Callable[..., Interval]]] = {
    "clopper_pearson": ("Clopper-Pearson", clopper_pearson),
    "wilson": ("Wilson", wilson),
}

TREATED = {
    "no event": "counted as no event",
    "left out": "left out",
    "lower bound": "counted as no event, so that the proportion is a lower bound",
}
"""What becomes of a subject of whom the answer is not known."""


@dataclass(frozen=True, slots=True)
class _Answers:
    """Of a group: subjects with the event, of whom it is not known, who are not at risk, and who
    were not asked; the rows that show the event, and the `others`. `seen`: some row says of
    somebody whether the event was there."""

    events: int
    unknown: int
    without_row: int
    not_asked: int
    rows: pl.DataFrame
    others: pl.DataFrame
    seen: bool


def proportion(analysis: ProportionAnalysis, chosen: Selection, study: Study) -> Iterator[Result]:
    """count, unknown, proportion and its intervals. A subject counts who has a row with the event;
    one of whom it cannot be known counts as no event, or is left out, as the analysis says; one
    who cannot have the event, or was not asked, never counts.

    As a lower bound, who is not known counts as no event, and in the upper end of the intervals as
    one: the interval excludes nothing that is possible. Of several parameters a subject often has
    some only; who has the event is known by one of them, who has not by all. Where no value answers
    for anybody, a lower bound is not computed.
    """
    found = _answers(analysis, chosen)
    bound = analysis.missing == "lower bound"
    n = chosen.n - found.without_row - found.not_asked
    if analysis.missing == "left out":
        n -= found.unknown
    said = _treated(analysis, found, study, chosen)
    looked_at = (chosen.rows, chosen.undecided)
    if bound and not found.seen:
        reason = f"nobody has a value of {' or '.join(chosen.codes)} that answers"
        considered = chosen.considered(*looked_at)
        scope = Scope(n=n, level=chosen.level, missing=said, considered=considered)
        yield scope.absent("count", reason)
        return
    scope = Scope(
        n=n,
        level=chosen.level,
        parameter=parameter(chosen.rows),
        missing=said,
        sources=chosen.counted(found.rows),
        considered=chosen.considered(found.others, chosen.undecided),
    )
    yield scope.number("count", found.events, "count of subjects")
    # who is not known, or not at risk, has no row that is counted
    apart_from = replace(scope, sources=None, considered=chosen.considered(*looked_at))
    yield apart_from.number("unknown", found.unknown, "count of subjects")
    if without_row(analysis) == "not at risk" or found.not_asked:
        apart = found.without_row + found.not_asked
        yield apart_from.number("not_at_risk", apart, "count of subjects")
    perhaps = found.unknown if bound else 0
    yield from proportion_rows(
        scope, found.events, n, analysis.intervals, analysis.level, perhaps=perhaps
    )


def _treated(analysis: ProportionAnalysis, found: _Answers, study: Study, chosen: Selection) -> str:
    """How those without an answer are treated, in words."""
    said = f"{found.unknown} not known: {TREATED[analysis.missing]}"
    if found.not_asked:
        asked = [name for name in names_in(analysis.event) if name in chosen.inapplicable]
        said = f"{inapplicable(found.not_asked, asked, study)}; {said}"
    if without_row(analysis) == "not at risk":
        why = without(chosen.codes, study)
        said = f"{found.without_row} not at risk ({why}): left out; {said}"
    return said


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
    events, open_answers, apart, not_asked = found.select(
        YES=pl.col("ANSWER").fill_null(False).sum(),
        OPEN=(pl.col("ANSWER").is_null() & ~pl.col("APART")).sum(),
        APART=pl.col("APART").sum(),
        NOT_ASKED=pl.col("NOT_ASKED").sum(),
    ).row(0)
    event = chosen.rows.select(EVENT=columns(analysis.event))["EVENT"]
    rows, others = chosen.rows.filter(event), chosen.others(chosen.rows, event)
    seen = event.null_count() < event.len()
    return _Answers(events, open_answers, apart - not_asked, not_asked, rows, others, seen)


def answers_by_subject(analysis: ProportionAnalysis, chosen: Selection) -> pl.DataFrame:
    """USUBJID, ANSWER (null: it cannot be known, or the subject is apart), APART (not at risk, or
    an item that the event names was not asked) and NOT_ASKED (the latter) of each subject.

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
    left = chosen.left_out(names_in(analysis.event)).with_columns(LEFT=pl.lit(True))
    everyone = (
        chosen.subjects.select("USUBJID")
        .join(answers, on="USUBJID", how="left")
        .join(left, on="USUBJID", how="left")
    )
    yes, is_open = pl.col("YES").fill_null(False), pl.col("OPEN").fill_null(False)
    seen, rows = pl.col("SEEN").fill_null(0), pl.col("ROWS").fill_null(0)
    no_row = without_row(analysis)
    apart = (rows == 0) & (no_row == "not at risk")
    needed = 0 if no_row == "no event" else max(1, len(chosen.codes))
    unknown = ~yes & ~apart & (is_open | (seen < needed))
    # an answer that the other items give stands, whatever was not asked
    not_asked = unknown & pl.col("LEFT").fill_null(False)
    answer = pl.when(yes).then(True).when(~unknown & ~apart).then(False)
    return everyone.select("USUBJID", ANSWER=answer, APART=apart | not_asked, NOT_ASKED=not_asked)
