"""The counts of rehearsals as characteristics of the design, each beside its Monte-Carlo error."""

from collections.abc import Iterator, Sequence
from math import sqrt
from statistics import fmean, stdev

from pilotage.simulation.burdens.counts import COUNTED, Rehearsals
from pilotage.simulation.trials.characteristics import Characteristic

OF_WEEK = ("ALERTS", "QUERIES")
"""What is told of a week of the whole trial too."""
MOST, WEEKS = "MOST_ALERTS_IN_A_WEEK", "WEEKS_REHEARSED"


def rows_of(found: Rehearsals) -> Iterator[Characteristic]:
    """Every count of an included subject, then of a trial, then what a week of it brings; the
    standard error of a mean is the standard deviation between rehearsals, divided by the root of
    their number. Nothing without a rehearsal."""
    if not found.counts:
        return
    for what in COUNTED:
        each = [counts.of[what.name] / found.subjects for counts in found.counts]
        yield _row(what.name, what.label, "of a subject", each)
    for what in COUNTED:
        each = [float(counts.of[what.name]) for counts in found.counts]
        yield _row(f"{what.name}_OF_TRIAL", what.label, "of a trial", each)
    for what in COUNTED:
        if what.name in OF_WEEK:
            each = [counts.of[what.name] / counts.weeks for counts in found.counts]
            yield _row(f"{what.name}_OF_WEEK", what.label, "of a week", each)
    most = [float(counts.most_in_a_week) for counts in found.counts]
    yield _row(MOST, "Most alerts of one subject in a week", "of a trial", most)
    weeks = [float(counts.weeks) for counts in found.counts]
    label = "From the first contact to the data cut of a rehearsal"
    yield _row(WEEKS, label, "weeks of a trial", weeks)


def _row(name: str, label: str, unit: str, each: Sequence[float]) -> Characteristic:
    error = stdev(each) / sqrt(len(each)) if len(each) > 1 else None
    return Characteristic(name, label, unit, fmean(each), error, rehearsals=len(each))
