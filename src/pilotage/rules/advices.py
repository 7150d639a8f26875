"""What the protocol says of many moments at once."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from pilotage.rules.advice import Advice, advise
from pilotage.rules.consent import consented
from pilotage.rules.decide import Decision, decide, decide_any
from pilotage.rules.eligibility import CriterionAnswer, check_eligibility
from pilotage.rules.record import Record
from pilotage.rules.states import states
from pilotage.study.namespace import PHASES
from pilotage.study.protocol import StateKind
from pilotage.study.versions import version_on

STANDING: tuple[StateKind, StateKind] = ("dose step", "treatment phase")
"""What the state of a study may call the step before a day and the phase of treatment."""


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
    criteria: tuple[CriterionAnswer, ...] = ()
    if entry or phase == PHASES[0]:
        found = check_eligibility(protocol.eligibility, values)  # type: ignore[arg-type]
        criteria = consented(found, record, subject, day)
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
