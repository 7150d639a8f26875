"""Why a value that follows from doses or assessments cannot be known: what leaves it open."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import polars as pl

from pilotage.rules.dosed import frequency_missing, unit_missing
from pilotage.rules.inputs import Input
from pilotage.rules.record import Record
from pilotage.rules.states import inputs
from pilotage.rules.wording import label_of, problem_words

OF_DOSES = (
    "treatment phase", "relapses in taper", "dose step", "weeks at dose step", "cycle",
    "day of cycle", "week of cycle", "study day",
)  # fmt: skip
"""What follows from the doses."""
OF_ASSESSMENTS = ("response", "best response", "relapse")
"""What follows from the assessments of the parameter that is classified."""
EPOCH = date(1970, 1, 1)
Row = dict[str, Any]


def cause(record: Record, subject: str, on: date, found: Input) -> str | None:
    """What leaves a value open on a day, in words with its row or its day; None where it follows
    from neither doses nor assessments, or where they tell everything."""
    state = record.protocol.state.get(found.name)
    if state is None or found.problem not in ("not computed", "date incomplete"):
        return None
    if state.derivation in OF_DOSES:
        rows = list(_doubtful(record, subject, on))
        if rows:
            return rows[-1]
    if state.derivation in OF_ASSESSMENTS and found.problem == "not computed":
        return _assessment(record, subject, on)
    return _since(record, subject, on) if state.derivation == "treatment phase" else None


def _doubtful(record: Record, subject: str, on: date) -> Iterator[str]:
    """What is wrong with the doses that began, or may have begun, before a day, in order."""
    own = pl.col("USUBJID").cast(pl.String) == subject
    rows = record.datasets.adex.filter(own).sort("ASTDT", "EXSEQ").to_dicts()
    begun = [row for row in rows if row["ASTDT"] is None or row["ASTDT"] < on]
    drug = [row for row in begun if row["EXDOSE"] is None or row["EXDOSE"] > 0]
    for row in drug:
        wrong = _wrong(row)
        if wrong is not None:
            yield f"{wrong} (EX {row['EXSEQ']})"
    dated = [row for row in drug if row["ASTDT"] is not None and row["AENDT"] is not None]
    for one, other in pairwise(dated):
        if other["ASTDT"] < one["AENDT"] or other["ASTDT"] == one["ASTDT"]:
            yield f"the doses EX {one['EXSEQ']} and EX {other['EXSEQ']} overlap"


def _wrong(row: Row) -> str | None:
    when = row["EXSTDTC"]
    if row["EXDOSE"] is None:
        return (
            f"the dose of {when} is missing" if when else "the dose and its first day are missing"
        )
    if when is None:
        return "the first day of a dose is missing"
    if row["ASTDT"] is None:
        return f"the first day of the dose of {when} is not complete"
    if row["AENDT"] is None:
        return f"the last day of the dose of {when} is not complete ({row['EXENDTC']})"
    if row["EXDOSU"] is None:
        return unit_missing(row["ASTDT"])
    if row["EXDOSFRQ"] is None:
        return frequency_missing(row["ASTDT"])
    return None


def _since(record: Record, subject: str, on: date) -> str | None:
    """From which day on the phase is not known, where the doses are: then it rests on assessments
    that are not."""
    place = int((record.subjects == subject).arg_max() or 0)
    day = (on - EPOCH).days
    events = record.phases.events.rows.filter(
        (pl.col("SUBJECT") == place) & (pl.col("FIRST") < day)
    ).sort("FIRST")
    open_since = None
    for row in events.to_dicts():
        if row["PHASE"] is not None:
            open_since = None
        elif open_since is None:
            open_since = EPOCH + timedelta(days=row["FIRST"])
    if open_since is None:
        return None
    because = _assessment(record, subject, open_since)
    if because is not None:
        return f"on {open_since} {because}"
    return f"what the assessments up to {open_since} say of response and relapse is not known"


def _assessment(record: Record, subject: str, on: date) -> str | None:
    """What is wrong on a day with the value that is classified, or with its baseline."""
    assessed = record.assessments
    if assessed is None:
        return None
    names = (assessed.parameter, f"{assessed.parameter}.BASE")
    for name, found in inputs(record, subject, on, names).items():
        if found.problem is not None:
            return f"{label_of(record.study, name)} is not known: {problem_words(found)}"
    return None
