"""Doses beside the protocol, at every visit and every change of dose."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import polars as pl

from pilotage.rules.advice import Advice, DoseComparison, advise, compare_dose
from pilotage.rules.decide import UNKNOWN, Decision, decide, decide_any
from pilotage.rules.eligibility import check_eligibility
from pilotage.rules.fold import no_drug
from pilotage.rules.inputs import Input
from pilotage.rules.record import Record
from pilotage.rules.states import inputs, states
from pilotage.study.namespace import PHASES
from pilotage.study.protocol import StateKind
from pilotage.study.versions import version_on

DOSES: Mapping[str, pl.DataType] = {
    "USUBJID": pl.String(), "DATE": pl.Date(), "AT": pl.String(), "ENTERED": pl.String(),
    "VERDICT": pl.String(), "REASON": pl.String(), "EXPECTED": pl.String(),
    "MISSING": pl.String(), "SOURCE": pl.String(),
}  # fmt: skip
ONE_DAY = timedelta(days=1)
STANDING: tuple[StateKind, StateKind] = ("dose step", "treatment phase")
"""What the state of a study may call the step before a day and the phase of treatment."""
Taken = list[tuple[date, date | None, str | None]]


def doses_taken(record: Record, *, at: date) -> dict[str, Taken]:
    """For each subject the stretches of dose begun up to a day: first day, last day (None: goes on)
    and step of the ladder (None: none of its steps)."""
    ex = record.datasets.adex.filter((pl.col("EXDOSE") > 0) & (pl.col("ASTDT") <= at))
    goes_on = (pl.col("ONGOFL") == "Y") | (pl.col("AENDT") >= at)
    last = pl.when(~goes_on).then("AENDT")
    rows = ex.sort("USUBJID", "ASTDT", "EXSEQ").select("USUBJID", "ASTDT", last, "DOSESTEP").rows()
    found: dict[str, Taken] = {}
    for subject, first, end, step in rows:
        found.setdefault(subject, []).append((first, end, step))
    return found


def unit_missing(day: date) -> str:
    """Why a dose cannot be judged."""
    return f"the unit of the dose of {day} is missing"


def _without_unit(record: Record) -> set[tuple[str, date]]:
    """The subjects and first days of doses that have no unit."""
    bare = record.datasets.adex.filter((pl.col("EXDOSE") > 0) & pl.col("EXDOSU").is_null())
    return set(bare.select(pl.col("USUBJID").cast(pl.String), "ASTDT").drop_nulls().rows())


def _begun(taken: Taken, day: date) -> date | None:
    """The first day of the dose taken on a day."""
    own = [first for first, last, _ in taken if first <= day and (last is None or day <= last)]
    return own[-1] if own else None


def step_on(taken: Taken, day: date, none: str) -> str | None:
    """The step taken on a day; None where the dose is no step of the ladder."""
    steps = [step for first, last, step in taken if first <= day and (last is None or day <= last)]
    return steps[-1] if steps else none


def doses(record: Record, visits: pl.DataFrame, *, at: date) -> pl.DataFrame:
    """Every dose beside the protocol: VERDICT is conforms, deviates or CANNOT ADVISE.

    `visits` (USUBJID, DATE) are days on which a dose was decided. A dose that begins on the day of
    a visit or the day after it is the one decided there; any other change is judged on its day.
    """
    taken = doses_taken(record, at=at)
    steps = [step.step for step in record.protocol.treatment.ladder]
    none = steps[no_drug(record.protocol.treatment) or 0]
    days: dict[str, list[date]] = {}
    for subject, day in visits.select("USUBJID", "DATE").unique().sort("DATE").rows():
        days.setdefault(subject, []).append(day)
    moments = [
        (subject, day, where, entered, begun)
        for subject, own in taken.items()
        for day, where, entered, begun in _decided(own, days.get(subject, []), none, at)
    ]
    judged = [(subject, day) for subject, day, *_ in moments]
    advices = advices_on(record, judged, for_dose=True)
    rows: list[tuple[object, ...]] = []
    bare = _without_unit(record)
    for (subject, day, where, entered, begun), advice in zip(moments, advices, strict=True):
        if begun is not None and (subject, begun) in bare:
            why, named = unit_missing(begun), entered or "none of the ladder"
            rows.append((subject, day, where, named, UNKNOWN, why, None, f"EXDOSU: {why}", ""))
            continue
        ruling = record.under_version_on(day) or record
        found = compare_dose(advice, entered or "this dose", ruling.protocol)
        if found.verdict != "conforms" and entered == none:
            allowed = allows_no_drug(advice, without=advice.step == none)
            if allowed is not None:
                found = DoseComparison("conforms", allowed.reason, allowed.source)
        rows.append(_dose_row(record, subject, day, where, entered, found, advice))
    return pl.DataFrame(rows, schema=DOSES, orient="row")


def allows_no_drug(advice: Advice, *, without: bool) -> Decision | None:
    """What allows to give no drug, whatever a reason to stop would say: that the dosing table asks
    for none, or that a subject `without` drug may not be given any. None where nothing does."""
    asked = advice.dosing
    if asked.action == "stop" or (asked.action == "hold" and without):
        return asked
    blocks = [each for each in advice.dispensing if each.known]
    return blocks[0] if without and blocks else None


def _decided(
    taken: Taken, visits: list[date], none: str, at: date
) -> Iterator[tuple[date, str, str | None, date | None]]:
    """The days on which a dose was decided, what they are, the dose, and when it began. What
    a visit on the last day decided is not known yet: a dose that begins the day after lies beyond
    it."""
    start = taken[0][0]
    changes = {first for first, _, _ in taken}
    changes |= {last + ONE_DAY for _, last, _ in taken if last and last + ONE_DAY <= at}
    changes = {
        day
        for day in changes
        if day == start or step_on(taken, day, none) != step_on(taken, day - ONE_DAY, none)
    }
    at_visits = [day for day in visits if start <= day < at or (day == at and at in changes)]
    for day in at_visits:
        follows = day not in changes and day + ONE_DAY in changes
        own = day + ONE_DAY if follows else day
        yield day, "visit", step_on(taken, own, none), _begun(taken, own)
    explained = {*at_visits, *(day + ONE_DAY for day in at_visits)}
    for day in sorted(changes - explained):
        yield day, "change of dose", step_on(taken, day, none), _begun(taken, day)


def _dose_row(
    record: Record, subject: str, day: date, where: str, entered: str | None,
    found: DoseComparison, advice: Advice,
) -> tuple[object, ...]:  # fmt: skip
    names = _ruling_names(advice) if found.verdict == "CANNOT ADVISE" else ()
    missing = missing_words(record, subject, day, names)
    return (
        subject, day, where, entered or "none of the ladder", found.verdict, found.reason,
        found.expected, missing, ", ".join(found.source),
    )  # fmt: skip


def _ruling_names(advice: Advice) -> tuple[str, ...]:
    """The names that keep an answer about the dose unknown."""
    if advice.phase == PHASES[0] and advice.dosing.action == "start":
        return tuple(name for a in advice.eligibility if a.passed is None for name in a.missing)
    unknown = [advice.dosing] if not advice.dosing.known else [*advice.stopping]
    return tuple(name for decision in unknown for name in decision.missing)


def missing_words(record: Record, subject: str, day: date, names: tuple[str, ...]) -> str | None:
    """`NEUT: too old (0.9 of 2010-01-02)`: what is wrong with each of the names."""
    if not names:
        return None
    known = inputs(record, subject, day, dict.fromkeys(names))
    return "; ".join(_said(known[name]) for name in dict.fromkeys(names))


def _said(found: Input) -> str:
    recorded = f" ({found.recorded})" if found.recorded else ""
    return f"{found.name}: {found.problem or 'known'}{recorded}"


def advices_on(
    record: Record,
    moments: list[tuple[str, date]],
    *,
    for_entry: bool = False,
    for_dose: bool = False,
) -> list[Advice]:
    """What `advise` says of each moment, for many moments at once, without the inputs and without
    activities. Eligibility is asked `for_entry`, and `for_dose` before a start; what only a dose is
    judged by, `for_dose`."""
    frame = pl.DataFrame(moments, schema={"USUBJID": pl.String, "DATE": pl.Date}, orient="row")
    derived = {v.derivation: name for name, v in record.protocol.state.items()}
    names = [*record.names, *(derived[kind] for kind in STANDING if kind in derived)]
    known = states(record, frame, names).rows(named=True)
    return [
        _advice(
            record,
            subject,
            day,
            state,
            entry=for_entry,
            standing=_standing(derived) if for_dose else None,
        )
        for (subject, day), state in zip(moments, known, strict=True)
    ]


def _standing(derived: Mapping[StateKind, str]) -> tuple[str, ...]:
    """The names by which the study itself calls the dose step and the phase; none without both."""
    return tuple(derived[kind] for kind in STANDING) if set(STANDING) <= set(derived) else ()


def _advice(
    record: Record,
    subject: str,
    day: date,
    state: dict[str, object],
    *,
    entry: bool,
    standing: tuple[str, ...] | None,
) -> Advice:
    if record.under_version_on(day) is not record:
        return advise(record, subject, day)
    protocol = record.protocol
    values = {name: value for name, value in state.items() if name not in ("USUBJID", "DATE")}

    def any_of(table: object) -> list[Decision]:
        return [] if table is None else list(decide_any(table, values))  # type: ignore[arg-type]

    dosing = decide(protocol.dosing, values)  # type: ignore[arg-type]
    step, phase, held = (None, None, None)
    if standing is not None:
        asks_more = dosing.action == "maintain" and dosing.to is None
        if standing and not asks_more:
            step, phase = (str(v) if (v := state[name]) is not None else None for name in standing)
        else:
            step, phase, held = record.phases.standing(subject, day)
    asked = entry or phase == PHASES[0]
    criteria = check_eligibility(protocol.eligibility, values) if asked else ()  # type: ignore[arg-type]
    return Advice(
        subject=subject,
        on=day,
        version=version_on(protocol, day),
        eligibility=criteria,
        dosing=dosing,
        stopping=any_of(protocol.stopping),
        dispensing=any_of(protocol.dispensing),
        activities=(),
        deviations=any_of(protocol.deviations),
        step=step,
        phase=phase,
        held=held,
    )
