"""Response and times to events of the reference derivation (standard library only)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from oracle_dates import after, on_or_before, planned_week, study_day, visit_name
from oracle_doses import Treatment
from oracle_findings import Out, Record

ACTIVITY = "CLASIACT"
RELAPSE_SCORE = 4
WEEK_12_LAST_DAY = 99


def response(value: Fraction | None, base: Fraction | None) -> str | None:
    """CR, PR, MR or NR; None where it cannot be known."""
    if value is None:
        return None
    if value == 0:
        return "CR"
    if base is None:
        return None
    if base > 0 and 100 * (value - base) / base <= -50:
        return "PR"
    return "NR" if value >= base else "MR"


def flare(value: Fraction | None, base: Fraction | None) -> str | None:
    """SEVERE above 12 points over the baseline, MILD above 3, else NONE; None if not known."""
    if value is None or base is None:
        return None
    return "SEVERE" if value - base > 12 else "MILD" if value - base > 3 else "NONE"


@dataclass(frozen=True, slots=True)
class Classification:
    """A category at each assessment, and the foremost one by a last study day (None: ever)."""

    code: str
    parameter: str
    category: Callable[[Fraction | None, Fraction | None], str | None]
    order: tuple[str, ...]
    summaries: Mapping[str, int | None]


RESPONSES = ("CR", "PR", "MR", "NR")
CLASSIFICATIONS = (
    Classification(
        "OVRLRESP", ACTIVITY, response, RESPONSES, {"RESPW12": WEEK_12_LAST_DAY, "BESTRESP": None}
    ),
    Classification("SKINRESP", "CLASISKN", response, RESPONSES, {"BESTSKIN": None}),
    Classification("FLARE", "SLEDAI", flare, ("SEVERE", "MILD", "NONE"), {"MAXFLARE": None}),
)


def foremost(
    order: tuple[str, ...], certain: Iterable[str | None], possible: Iterable[str | None]
) -> str | None:
    """The foremost of the certain categories; unknown if a possible one goes before it."""
    found = min((order.index(each) for each in certain if each), default=len(order))
    perhaps = min((order.index(each) for each in possible if each), default=len(order))
    return order[found] if found <= perhaps and found < len(order) else None


def response_rows(treatment: Treatment, scores: Sequence[Record]) -> list[Out]:
    """The category at each post-baseline assessment, and the summaries once per subject."""
    rows: list[Out] = []
    if treatment.first_dose is not None:
        for each in CLASSIFICATIONS:
            rows += classified_rows(each, scores, treatment.first_dose)
    return rows


def classified_rows(rule: Classification, scores: Sequence[Record], first_dose: date) -> list[Out]:
    answers = [
        (each, rule.category(each.value, each.base))
        for each in scores
        if each.code == rule.parameter and after(each.when, first_dose)
    ]
    rows: list[Out] = []
    for each, answer in answers:
        day = study_day(each.day, first_dose)
        rows.append(
            {
                "PARAMCD": rule.code,
                "SRCSEQ": each.seq,
                "AVALC": answer,
                "ADT": each.day,
                "ADY": day,
                "AVISIT": visit_name(planned_week(day)),
                "AVISITN": planned_week(day),
            }
        )
    for code, last_day in rule.summaries.items():
        limit = date.max if last_day is None else first_dose + timedelta(days=last_day - 1)
        within = [answer for each, answer in answers if on_or_before(each.when, limit)]
        perhaps = [answer for each, answer in answers if on_or_before(each.when, limit) is None]
        rows.append({"PARAMCD": code, "AVALC": foremost(rule.order, within, perhaps)})
    return rows


def time_rows(treatment: Treatment, scores: Sequence[Record]) -> list[Out]:
    """TTCR, TTREL, TTRELT and TTRELW; known scores with a known day only."""
    first = treatment.first_dose
    if first is None:
        return []
    known = sorted(
        (each.day, each.value)
        for each in scores
        if each.code == ACTIVITY and each.day and each.value is not None
    )
    cleared = next((day for day, value in known if day > first and value == 0), None)
    rows = [_time_row("TTCR", first, cleared, known)]
    if cleared is None:
        return rows
    ended = [cycle.end for cycle in treatment.cycles if not cycle.ongoing and cycle.end >= cleared]
    starts = {
        "TTREL": cleared,
        "TTRELT": treatment.first_reduction_after(cleared),
        "TTRELW": min(ended, default=None),
    }
    for code, start in starts.items():
        if start is not None:
            relapses = (day for day, value in known if day > start and value >= RELAPSE_SCORE)
            rows.append(_time_row(code, start, next(relapses, None), known))
    return rows


def _time_row(
    code: str,
    start: date,
    event: date | None,
    known: Sequence[tuple[date, Fraction]],
) -> Out:
    last = max([start, *(day for day, _ in known)])
    end = event or last
    return {
        "PARAMCD": code,
        "STARTDT": start,
        "ADT": end,
        "AVAL": (end - start).days + 1,
        "CNSR": 0 if event else 1,
        "AVALWK": (end - start).days / 7,
    }
