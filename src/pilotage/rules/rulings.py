"""Which version of the protocol plans what: the versions in force up to a day, each with its days,
and what is known of the subjects under it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from pilotage.rules.record import Record
from pilotage.rules.states import states

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ruling:
    """A version of the protocol: its id, the first and the last day on which it was in force (None:
    from the beginning; up to the day of the question), and the record under it. The days before
    the first version go with that one.

    `kept` is False where the study folder does not keep the version: what it planned is not known,
    and `record` is that of the last one.
    """

    id: str
    since: date | None
    until: date | None
    record: Record
    kept: bool = True


def rulings(record: Record, *, at: date) -> tuple[Ruling, ...]:
    """The versions in force up to a day, in order; one that came later is not known on it."""
    versions = sorted(record.protocol.versions, key=lambda version: version.date)
    begun = [version for version in versions if version.date <= at] or versions[:1]
    last = record.versions.under(begun[-1].id) or record
    found = []
    for number, version in enumerate(begun):
        following = begun[number + 1].date if number + 1 < len(begun) else None
        own = record.versions.under(version.id)
        since = version.date if number else None
        until = None if following is None else following - ONE_DAY
        found.append(Ruling(version.id, since, until, own or last, own is not None))
    return tuple(found)


def place_on(day: pl.Expr, known: Sequence[Ruling]) -> pl.Expr:
    """The place of the version in force on a day; that of the last one where the day is unknown."""
    begun = [(day >= ruling.since).cast(pl.Int64) for ruling in known if ruling.since is not None]
    place = pl.sum_horizontal(pl.lit(0, pl.Int64), *begun)
    return pl.when(day.is_null()).then(len(known) - 1).otherwise(place)


def only_of(rows: pl.DataFrame, day: str, place: int, known: Sequence[Ruling]) -> pl.DataFrame:
    """The rows whose day lies in the days of a version; of an unknown day, those of the last."""
    return rows.filter(place_on(pl.col(day), known) == place) if len(known) > 1 else rows


def states_on(
    known: Sequence[Ruling], moments: pl.DataFrame, names: Iterable[str], *, aged: bool = True
) -> pl.DataFrame:
    """What `states` says of each moment (USUBJID, DATE) under the version in force on its day, in
    the order of the moments. Each of `names` is one of every version that is asked."""
    wanted = list(dict.fromkeys(names))
    if len(known) == 1:
        return states(known[0].record, moments, wanted, aged=aged)
    numbered = moments.select("USUBJID", "DATE").with_row_index("MOMENT")
    parts = []
    for place, ruling in enumerate(known):
        own = only_of(numbered, "DATE", place, known)
        if not own.is_empty():
            found = states(ruling.record, own, wanted, aged=aged)
            parts.append(found.select("USUBJID", "DATE", *wanted).with_columns(own["MOMENT"]))
    if not parts:
        return states(known[-1].record, moments, wanted, aged=aged)
    return pl.concat(parts, how="vertical_relaxed").sort("MOMENT").drop("MOMENT")
