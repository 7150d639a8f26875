"""The phase of treatment and the relapses in taper: both follow from the doses that were taken, the
relapses that were seen, and what the dosing table said, day by day.

What happens to each subject is gone through in order, for all subjects at once: the first event of
each, then the second. An event is a day on which the dose changed, or an assessment or a visit on
which a phase can change although the dose stays.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pilotage.conditions import Condition, names_in
from pilotage.rules.fold import BEFORE, folded, folded_names, no_drug
from pilotage.rules.moments import (
    ALWAYS,
    NOT_COMPUTED,
    UNDATED,
    Moments,
    Records,
    Whole,
    last_on_or_before,
    taken,
)
from pilotage.snapshot.dates import with_interval
from pilotage.study.namespace import PHASES
from pilotage.study.protocol import Protocol

if TYPE_CHECKING:
    from pilotage.rules.record import Record

JUDGED = ("response", "relapse", "best response")
"""What the dosing table may ask of the assessments."""

Known = tuple[pl.Series, Whole]
"""Values, and the number of the problem of each that is missing."""


@dataclass(frozen=True)
class Phases:
    """The events of every subject, with the PHASE after each and the number of RELAPSES so far."""

    record: "Record"
    events: Records

    def phase(self, at: Moments) -> Known:
        """The phase on each day, before anything is prescribed on it."""
        row, _ = last_on_or_before(self.events, at.earlier(1))
        values = taken(self.events.rows["PHASE"], row)
        values = values.set(pl.Series(row < 0), PHASES[BEFORE])
        doubt = self.record.doses.change_before(at).problem
        return _settled(values, doubt)

    def relapses(self, at: Moments) -> Known:
        """Relapses in taper up to each day, that day's too."""
        row, _ = last_on_or_before(self.events, at)
        found = taken(self.events.rows["RELAPSES"], row)
        values = found.set(pl.Series(row < 0), 0)
        doubt = self.record.doses.change_before(at).problem.copy()
        assessed = self.record.assessments
        if assessed is None or self.record.protocol.relapse is None:
            doubt[:] = NOT_COMPUTED
        else:
            doubt[assessed.is_unclear(at)] = UNDATED
        return _settled(values, doubt)

    def standing(self, subject: str, on: date) -> tuple[str | None, str | None, str | None]:
        """The step of the ladder before a day, the phase of treatment, and the step at which a
        relapse was last cleared."""
        ladder = [step.step for step in self.record.protocol.treatment.ladder]
        at = self.record.moments(pl.DataFrame({"USUBJID": [subject], "DATE": [on]}))
        phase, problem = self.phase(at)
        dose = _dose(self.record, at)[1][0]
        held = None
        if self.record.assessments is not None and self.record.protocol.relapse is not None:
            held = _relapse(self.record, at)[2][0]
        step = None if problem[0] or dose is None else ladder[dose]
        return step, phase[0], None if held is None else ladder[held]


def _settled(values: pl.Series, problem: Whole) -> Known:
    problem = np.where((problem == 0) & values.is_null().to_numpy(), NOT_COMPUTED, problem)
    return values.set(pl.Series(problem > 0), None), problem


def phases_of(record: "Record") -> Phases:
    """Go through the events of all subjects, each under the version in force on its day."""
    events = _events(record)
    if events.is_empty():
        nothing = events.with_columns(
            PHASE=pl.lit(None, pl.String), RELAPSES=pl.lit(None, pl.Int64)
        )
        return Phases(record, _as_records(nothing))
    rulings, version = record.versions.of_days(events["DAY"])
    parts = [
        _with_state(rulings[at] or record, some).with_columns(VERSION=pl.lit(at))
        for (at,), some in events.with_columns(VERSION=version).partition_by(
            "VERSION", as_dict=True, include_key=False
        ).items()
    ]  # fmt: skip
    told = pl.concat(parts, how="diagonal").sort("SUBJECT", "DAY")
    protocols = [None if ruling is None else ruling.protocol for ruling in rulings]
    after = folded(protocols, told, record.protocol, len(record.subjects))
    return Phases(record, _as_records(events.hstack(after)))


def _as_records(events: pl.DataFrame) -> Records:
    return Records(events.with_columns(FIRST="DAY", LAST="DAY"))


# -- the events ------------------------------------------------------------------------------------


def _events(record: "Record") -> pl.DataFrame:
    """SUBJECT and DAY of each, in order."""
    changes = record.doses.changes.rows.select("SUBJECT", DAY="FIRST")
    parts = [changes]
    assessed = record.assessments
    if "sv" in record.snapshot.tables:
        parts.append(_complete(_visits(record)))
    if assessed is not None:
        # An assessment may have been made on the first day that its incomplete date allows, on the
        # last one, and on the day after anything else.
        parts.append(assessed.judged.rows.select("SUBJECT", DAY="FIRST"))
        loose = assessed.judged.rows.filter(pl.col("FIRST") != pl.col("LAST"))
        loose = loose.select("SUBJECT", FROM="FIRST", TO="LAST")
        near = pl.concat(parts).join(loose, on="SUBJECT")
        near = near.filter((pl.col("DAY") >= pl.col("FROM")) & (pl.col("DAY") < pl.col("TO")))
        parts.append(near.select("SUBJECT", DAY=pl.col("DAY") + 1))
        parts.append(loose.filter(pl.col("TO") < ALWAYS).select("SUBJECT", DAY="TO"))
    begun = changes.group_by("SUBJECT").agg(BEGUN=pl.col("DAY").min())
    return (
        pl.concat(parts)
        .unique()
        .join(begun, on="SUBJECT")
        .filter(pl.col("DAY") >= pl.col("BEGUN"))
        .drop("BEGUN")
        .sort("SUBJECT", "DAY")
    )


def _complete(rows: pl.DataFrame) -> pl.DataFrame:
    dated = rows.filter(pl.col("FIRST") == pl.col("LAST"))
    return dated.select("SUBJECT", DAY="FIRST")


def _visits(record: "Record") -> pl.DataFrame:
    table = record.snapshot.tables["sv"]
    if "SVSTDTC" not in table.columns:
        return pl.DataFrame(schema=dict.fromkeys(("SUBJECT", "FIRST", "LAST"), pl.Int64))
    place = pl.col("USUBJID").cast(pl.String).cast(pl.Enum(record.subjects), strict=False)
    dated = with_interval(table.filter(pl.col("SVSTDTC").is_not_null()), "SVSTDTC")
    return dated.select(
        SUBJECT=place.to_physical().cast(pl.Int64),
        FIRST=pl.col("SVSTDTC_FIRST").to_physical().cast(pl.Int64),
        LAST=pl.col("SVSTDTC_LAST").to_physical().cast(pl.Int64),
    ).filter(pl.col("FIRST").is_not_null())


def _with_state(record: "Record", events: pl.DataFrame) -> pl.DataFrame:
    """Add what the dosing table asks on the day but phase and relapses, with its doubts, and the
    dose before the day and from the day on."""
    from pilotage.rules.several import recorded_or_not, surely_recorded
    from pilotage.rules.values import column

    subject, day = (events[name].to_numpy() for name in ("SUBJECT", "DAY"))
    at = Moments(subject, day)
    told = events.with_columns(_dose(record, at))
    assessed = record.assessments
    if assessed is None or record.protocol.relapse is None:
        told = told.with_columns(
            HERE=pl.lit(0, pl.Int64), RESPONDED=False, HELD=None, UNCLEAR=False, BLURRED=False
        )
    else:
        told = told.with_columns(_relapse(record, at))
    found = {name: column(record, name, at) for name in _asked(record.protocol)}
    marks = recorded_or_not(found, at, record.protocol.dosing)
    undated = np.zeros(len(at), dtype=np.bool_)
    for name, known in found.items():
        variable = record.protocol.state.get(name)
        if variable is not None and variable.derivation in JUDGED:
            undated |= known.problem == UNDATED
    told = told.with_columns(known.values.alias(name) for name, known in found.items())
    told = told.with_columns(UNCLEAR=pl.col("UNCLEAR") | pl.Series(undated))
    told = told.with_columns(surely_recorded(found, at, record.protocol.dosing))
    if marks:
        open_ = pl.any_horizontal(pl.col(mark.name).is_not_null() for mark in marks)
        told = told.with_columns(marks).with_columns(UNCLEAR=pl.col("UNCLEAR") | open_)
    return told


def _asked(protocol: Protocol) -> list[str]:
    rows = [row for row in protocol.dosing.rows if isinstance(row.when, Condition)]
    used = dict.fromkeys(name for row in rows for name in names_in(row.when))  # type: ignore[arg-type]
    return [name for name in used if name not in folded_names(protocol)]


def _dose(record: "Record", at: Moments) -> list[pl.Series]:
    """The step and the mean daily dose before the day (OLD) and from the day on (NEW)."""
    changes = record.doses.changes
    none = no_drug(record.protocol.treatment)
    before = record.doses.change_before(at).row
    after, _ = last_on_or_before(changes, at)
    found = [pl.Series("CHANGED", before != after)]
    for word, row in (("OLD", before), ("NEW", after)):
        step, dose = taken(changes.rows["STEP"], row), taken(changes.rows["MDD"], row)
        never = pl.Series(row < 0)
        found.append(step.set(never, none).alias(f"{word}STEP"))
        found.append(dose.set(never, 0.0).alias(f"{word}DOSE"))
    return found


def _relapse(record: "Record", at: Moments) -> list[pl.Series]:
    """HERE: the relapses that begin on the day. RESPONDED: was the response seen up to the day?
    Null where an assessment that may have been it cannot be judged or dated. HELD: the step at
    which the relapse was last cleared, but not the one without drug. UNCLEAR: does an incomplete
    date leave open whether there is a relapse? BLURRED: is there an assessment with such a date?"""
    assessed, relapse = record.assessments, record.protocol.relapse
    assert assessed is not None
    assert relapse is not None
    rows = assessed.judged.rows
    begins = _complete(rows.filter("EVENT")).group_by("SUBJECT", "DAY").agg(HERE=pl.len())
    asked = pl.DataFrame({"SUBJECT": at.subject, "DAY": at.day})
    here = asked.join(begins, on=["SUBJECT", "DAY"], how="left", maintain_order="left")
    best, _, problem = assessed.best(at)
    wanted = assessed.codes.index(relapse.after) + 1
    responded = (best <= wanted).fill_null(False)
    open_ = (problem > 0) | assessed.may_have_responded(at)
    cleared = rows.filter(pl.col("CLEAR") & (pl.col("FIRST") == pl.col("LAST")))
    kept = Records(cleared)
    step = taken(
        record.doses.changes.rows["STEP"],
        record.doses.change_before(Moments(kept.subject, kept.first)).row,
    )
    under_drug = (step > 0).fill_null(False)
    holding = Records(cleared.with_columns(HELD=step).filter(under_drug))
    row, _ = last_on_or_before(holding, at)
    return [
        here["HERE"].fill_null(0).cast(pl.Int64),
        responded.set(pl.Series(open_) & ~responded, None).alias("RESPONDED"),
        taken(holding.rows["HELD"], row).alias("HELD"),
        pl.Series("UNCLEAR", assessed.is_unclear(at)),
        pl.Series("BLURRED", assessed.is_blurred(at)),
    ]
