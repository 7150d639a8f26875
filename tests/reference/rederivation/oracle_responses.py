"""Response and times to events of the reference derivation (standard library only)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import product

from oracle_dates import When, after, on_or_before, planned_week, study_day, visit_name
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


def flare_of_selena(value: Fraction | None, base: Fraction | None) -> str | None:
    """The score part of the SELENA definition: SEVERE above 12 points, MILD from 3."""
    if value is None or base is None:
        return None
    return "SEVERE" if value - base > 12 else "MILD" if value - base >= 3 else "NONE"


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
    since_last: bool = False  # the change since the assessment before, not since the baseline


RESPONSES = ("CR", "PR", "MR", "NR")
FLARES = ("SEVERE", "MILD", "NONE")
CLASSIFICATIONS = (
    Classification(
        "OVRLRESP", ACTIVITY, response, RESPONSES, {"RESPW12": WEEK_12_LAST_DAY, "BESTRESP": None}
    ),
    Classification("SKINRESP", "CLASISKN", response, RESPONSES, {"BESTSKIN": None}),
    Classification("FLARE", "SLEDAI", flare, FLARES, {"MAXFLARE": None}),
    Classification("FLAREVIS", "SLEDAI", flare, FLARES, {"MAXFLVIS": None}, since_last=True),
    Classification(
        "FLARESEL", "SLEDAI", flare_of_selena, FLARES, {"MAXFLSEL": None}, since_last=True
    ),
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
    return rows + relapse_rows(treatment, scores)


def classified_rows(rule: Classification, scores: Sequence[Record], first_dose: date) -> list[Out]:
    assessed = [
        each
        for each in scores
        if each.code == rule.parameter and each.when and after(each.when, first_dose) is not False
    ]
    before = values_before(assessed) if rule.since_last else [each.base for each in assessed]
    answers = [
        (each, rule.category(each.value, base)) for each, base in zip(assessed, before, strict=True)
    ]
    rows: list[Out] = []
    for each, answer in answers:
        if not after(each.when, first_dose):
            continue
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
        within = [
            answer
            for each, answer in answers
            if on_or_before(each.when, limit) and after(each.when, first_dose)
        ]
        perhaps = [
            answer
            for each, answer in answers
            if on_or_before(each.when, limit) is not False
            and (on_or_before(each.when, limit) is None or not after(each.when, first_dose))
        ]
        rows.append({"PARAMCD": code, "AVALC": foremost(rule.order, within, perhaps)})
    return rows


def values_before(assessed: Sequence[Record]) -> list[Fraction | None]:
    """For each assessment the value of the one before, of the first the baseline. Nothing where one
    of the known values has no complete date: its place among the others is open."""
    known = [each for each in assessed if each.value is not None]
    if any(each.day is None for each in known):
        return [None] * len(assessed)
    known.sort(key=lambda each: (each.day, each.when.time, each.seq or 0))
    place = {id(each): number for number, each in enumerate(known)}
    found: list[Fraction | None] = []
    for each in assessed:
        number = place.get(id(each), 0)
        found.append(known[number - 1].value if number else each.base)
    return found


def relapse_rows(treatment: Treatment, scores: Sequence[Record]) -> list[Out]:
    """Each relapse after the first response, a further one only after the score was 0 again: those
    that every order of the open dates gives, with their day where it is the same in all."""
    first = treatment.first_dose
    if first is None:
        return []
    known = [
        each
        for each in scores
        if each.code == ACTIVITY and each.value is not None and after(each.when, first)
    ]
    cleared = [each.when.last for each in known if each.value == 0]
    if not cleared:
        return []
    later = [each for each in known if each.when.first > min(cleared)]
    events = [each for each in later if each.value >= RELAPSE_SCORE or each.value == 0]
    orders = [_relapses_in_order(order) for order in _orders(events)]
    certain = min(len(order) for order in orders)
    return [
        {
            "PARAMCD": "RELAPSE",
            "AVAL": number + 1,
            "ADT": _same([order[number] for order in orders]),
        }
        for number in range(certain)
    ]


def _orders(events: list[Record]) -> list[list[Record]]:
    """Every order that the dates allow: each open date on its first and on its last day."""
    spans = [sorted({each.when.first, each.when.last}) for each in events]
    orders = []
    for days in product(*spans):
        placed = sorted(
            zip(days, events, strict=True),
            key=lambda pair: (pair[0], pair[1].when.time, pair[1].seq or 0),
        )
        orders.append([each for _, each in placed])
    return orders


def _relapses_in_order(order: list[Record]) -> list[Record]:
    found: list[Record] = []
    clear = True
    for each in order:
        if each.value >= RELAPSE_SCORE and clear:
            found.append(each)
        clear = each.value == 0
    return found


def _same(records: list[Record]) -> date | None:
    return records[0].day if len({id(each) for each in records}) == 1 else None


Span = tuple[date, date]
"""The days between which something lies."""


def time_rows(treatment: Treatment, scores: Sequence[Record]) -> list[Out]:
    """TTCR, TTREL, TTRELT and TTRELW; known scores from after the first dose only."""
    first = treatment.first_dose
    if first is None:
        return []
    known = [
        (each.when, each.value)
        for each in scores
        if each.code == ACTIVITY
        and each.value is not None
        and each.when
        and after(each.when, first) is not False
    ]
    cleared = [when for when, value in known if value == 0]
    relapses = [when for when, value in known if value >= RELAPSE_SCORE]
    seen = [when for when, _ in known]
    rows = [_time_row("TTCR", (first, first), cleared, seen)]
    certain = [when.last for when in cleared if after(when, first)]
    if not certain:
        return rows
    early = min(max(when.first, first + timedelta(days=1)) for when in cleared)
    late = min(certain)
    starts = {
        "TTREL": (early, late),
        "TTRELT": tuple(treatment.first_reduction_after(day) for day in (early, late)),
        "TTRELW": tuple(_end_of_cycle(treatment, day) for day in (early, late)),
    }
    for code, (begin, end) in starts.items():
        if begin is not None and end is not None:
            rows.append(_time_row(code, (begin, end), relapses, seen))
        elif begin is not None:
            rows.append({"PARAMCD": code, "STARTDT": None, "ADT": None, "AVAL": None, "CNSR": None})
    return rows


def _end_of_cycle(treatment: Treatment, day: date) -> date | None:
    """The end of the first cycle that has ended, on the day or later."""
    ends = [cycle.end for cycle in treatment.cycles if not cycle.ongoing and cycle.end >= day]
    return min(ends, default=None)


def _time_row(code: str, start: Span, events: Sequence[When], seen: Sequence[When]) -> Out:
    """A start and an event of which a part of the date may be missing: what that leaves open is
    missing, and an event that certainly came after the start is an event."""
    certain = [when for when in events if when.first > start[1]]
    possible = [when for when in events if when.last > start[0]]
    begun = start[0] if start[0] == start[1] else None
    day: date | None = None
    if certain:
        earliest, latest = min(w.first for w in possible), min(w.last for w in certain)
        day = earliest if earliest == latest else None
    elif not possible and begun:
        spans = [(when.first, when.last) for when in seen if when.last > begun]
        first, last = (max((span[end] for span in spans), default=begun) for end in (0, 1))
        day = last if first == last else None
    elapsed = (day - begun).days if day and begun else None
    return {
        "PARAMCD": code,
        "STARTDT": begun,
        "ADT": day,
        "AVAL": None if elapsed is None else elapsed + 1,
        "CNSR": 0 if certain else None if possible else 1,
        "AVALWK": None if elapsed is None else elapsed / 7,
    }
