"""What happens to the phase of each subject at its events, for all subjects at once: the first
event of each, then the second."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from pilotage.conditions import Condition, columns
from pilotage.rules.columns import answer_number
from pilotage.rules.moments import Truth, Whole
from pilotage.study.namespace import PHASES
from pilotage.study.protocol import Protocol, Treatment

BEFORE, TREATMENT, TAPER, OFF, MAINTENANCE = range(len(PHASES))
"""The phases by their place in PHASES."""

UNKNOWN_PHASE = -1

NO_LONGER_TREATED = (TAPER, OFF, MAINTENANCE)
"""Phases in which a relapse is one while reducing the dose or after withdrawal."""

Words = npt.NDArray[np.str_]

FOLDED = ("treatment phase", "relapses in taper")
"""What the dosing table may ask and what is found here."""


def folded_names(protocol: Protocol) -> dict[str, str]:
    """The names that the study gives to phase and relapses in taper."""
    return {
        name: state.derivation
        for name, state in protocol.state.items()
        if state.derivation in FOLDED
    }


def no_drug(treatment: Treatment) -> int | None:
    """The place in the ladder of the step without drug."""
    return next((at for at, step in enumerate(treatment.ladder) if not step.dose), None)


def folded(
    protocols: Sequence[Protocol | None], told: pl.DataFrame, present: Protocol, subjects: int
) -> pl.DataFrame:
    """PHASE and RELAPSES after each event; null where they are not known.

    VERSION is the place in `protocols` of the one in force on the day of the event. Where that is
    None, no table says what the day should bring: a change makes the phase by its direction alone.
    """
    phase = np.zeros(subjects, dtype=np.int64)  # the place in PHASES; -1 is unknown
    none = 0 if present.relapse else -1
    count = np.full(subjects, none, dtype=np.int64)  # -1 is unknown
    phases, counts = (np.empty(told.height, dtype=np.int64) for _ in range(2))
    numbered = told.with_row_index("PLACE").with_columns(
        NUMBER=pl.int_range(pl.len()).over("SUBJECT")
    )
    tables = [each and _Table(each, numbered.schema) for each in protocols]
    in_order = numbered.sort("NUMBER", "SUBJECT").partition_by(
        "NUMBER", "VERSION", maintain_order=True
    )
    for events in in_order:
        table = tables[events["VERSION"][0]]
        subject, place = events["SUBJECT"].to_numpy(), events["PLACE"].to_numpy()
        before, here = phase[subject], events["HERE"].to_numpy()
        counted = count[subject] + np.where(np.isin(before, NO_LONGER_TREATED), here, 0)
        unknown = (count[subject] < 0) | ((before < 0) & (here > 0))
        count[subject] = np.where(unknown, -1, counted)
        phase[subject] = (
            table.phase_after(events, before, count[subject])
            if table
            else _without_table(events, before)
        )
        phases[place], counts[place] = phase[subject], count[subject]
    return pl.DataFrame([_words(phases).alias("PHASE"), _or_null(counts).alias("RELAPSES")])


def _words(phase: Whole) -> pl.Series:
    return pl.Series([*PHASES, None], dtype=pl.String).gather(
        np.where(phase < 0, len(PHASES), phase)
    )


def _or_null(count: Whole) -> pl.Series:
    found = pl.Series(count)
    return found.set(found < 0, None)


class _Table:
    """The dosing table, asked about one event of each subject at a time."""

    def __init__(self, protocol: Protocol, schema: pl.Schema) -> None:
        self.names = folded_names(protocol)
        kinds = {"treatment phase": pl.String(), "relapses in taper": pl.Int64()}
        named = {name: kinds[kind] for name, kind in self.names.items()}
        self.answer = answer_number(protocol.dosing, {**schema, **named})
        ladder, rows = protocol.treatment.ladder, protocol.dosing.rows
        steps = {step.step: at for at, step in enumerate(ladder)}
        self.highest, self.none = len(ladder) - 1, no_drug(protocol.treatment)
        self.actions = np.array([str(row.do) for row in rows])
        self.named_step = np.array([steps.get(row.to or "", -1) for row in rows])
        self.may_reopen = _may_reopen(protocol, pl.Schema({**schema, **named}))
        self.otherwise = protocol.dosing.otherwise

    def phase_after(self, events: pl.DataFrame, before: Whole, count: Whole) -> Whole:
        """The phase after the event: what the table's action makes it where the dose conforms to
        it, else what the direction of the change makes it."""
        told = {"treatment phase": _words(before), "relapses in taper": _or_null(count)}
        state = events.with_columns(told[kind].alias(name) for name, kind in self.names.items())
        answer = state.select(self.answer).to_series().to_numpy()
        action, step = self._asked(answer, events)
        changed = events["CHANGED"].to_numpy()
        same = (events["NEWSTEP"].fill_null(-2).to_numpy() == step) & (step >= 0)
        # a dose that stays is judged only where another phase can begin with it
        conforms = same & (changed | np.isin(action, ("start", "reintroduce", "maintain")))
        none = (events["NEWDOSE"] == 0).fill_null(False).to_numpy()
        found = np.where(changed, _by_direction(events, before), before)
        # whether treatment or maintenance began here may rest on a relapse of unknown day
        after_taper = np.isin(before, (*NO_LONGER_TREATED, UNKNOWN_PHASE))
        uncounted = events["BLURRED"].to_numpy() & (count < 0)
        open_ = (events["UNCLEAR"].to_numpy() | uncounted) & (action == "") & after_taper
        leads = state.select(self.may_reopen).to_series().to_numpy()
        found = np.where(open_ & leads & ~none, UNKNOWN_PHASE, found)
        return np.where(conforms, _by_action(action, none, before), found)

    def _asked(self, answer: Whole, events: pl.DataFrame) -> tuple[Words, Whole]:
        """The action of the table ('' where it is unknown) and the step to which it leads (-1 where
        that is not known)."""
        row, known = np.maximum(answer, 0) // 2, answer % 2 == 1
        action = np.where(known & (answer >= 0), self.actions[row], "")
        action = np.where(answer == -1, "" if self.otherwise == "not stated" else "hold", action)
        old, held = (events[c].cast(pl.Int64).fill_null(-1).to_numpy() for c in ("OLDSTEP", "HELD"))
        cases = {
            "start": np.ones_like(old),
            "reintroduce": np.ones_like(old),
            "raise": np.minimum(old + 1, self.highest),
            "lower": np.maximum(old - 1, 0),
            "maintain": held,
            "hold": old,
            "stop": np.full_like(old, -1 if self.none is None else self.none),
        }
        step = np.full_like(old, -1)
        for name, place in cases.items():
            # without the old step nobody knows what is higher or lower
            known = (old >= 0) | np.isin(name, ("start", "reintroduce", "maintain", "stop"))
            step = np.where((action == name) & known, place, step)
        named = self.named_step[row]
        return action, np.where((action != "") & (answer >= 0) & (named >= 0), named, step)


def _may_reopen(protocol: Protocol, schema: pl.Schema) -> pl.Expr:
    """May a row to which a relapse leads answer, and is its step the dose from the day on?"""
    steps = [step.step for step in protocol.treatment.ladder]
    found = [pl.repeat(False, pl.len(), dtype=pl.Boolean)]
    for row in protocol.dosing.rows:
        if row.do in ("start", "reintroduce", "maintain") and isinstance(row.when, Condition):
            place = steps.index(row.to) if row.to else 1
            held = row.do == "maintain" and row.to is None  # any step may have held
            leads = pl.lit(True) if held else pl.col("NEWSTEP") == place
            found.append(columns(row.when, schema).fill_null(True) & leads)
    return pl.any_horizontal(found).fill_null(False)


def _without_table(events: pl.DataFrame, before: Whole) -> Whole:
    return np.where(events["CHANGED"].to_numpy(), _by_direction(events, before), before)


def _by_action(action: Words, none: Truth, before: Whole) -> Whole:
    """`none`: no drug from the day on."""
    found = before.copy()
    found[np.isin(action, ("start", "reintroduce"))] = TREATMENT
    found[action == "lower"] = TAPER
    found[(action == "stop") | ((action == "lower") & none)] = OFF
    found[action == "maintain"] = MAINTENANCE
    return found


def _by_direction(events: pl.DataFrame, before: Whole) -> Whole:
    """No dose: off treatment. Less after the response: taper. More, out of taper or without drug:
    treatment. Otherwise the phase stays, once treatment has begun."""
    new, old = (events[c].fill_null(np.nan).to_numpy() for c in ("NEWDOSE", "OLDDOSE"))
    responded = events["RESPONDED"].cast(pl.Int64).fill_null(-1).to_numpy()
    found = before.copy()
    found[(new > old) & np.isin(before, (TAPER, OFF))] = TREATMENT
    found[(new < old) & (responded < 0) & (before != TAPER)] = UNKNOWN_PHASE
    found[(new < old) & (responded == 1)] = TAPER
    found[before == BEFORE] = TREATMENT
    found[new == 0] = OFF
    found[np.isnan(new)] = UNKNOWN_PHASE
    return found
