"""How many alerts a rehearsal would have shown to the site, by subject and week.

An alert counts in the week of the day that it is about, a query about an event in that of its onset
and a query without a day in the last one. What the record shows at the end is counted, without the
web application, which asks more while the entries are played.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from pilotage.rules.departures import Review
from pilotage.simulation.rehearsal.happened import Slip

STOP, DOSE, UNKNOWN_DOSE = "reason to stop", "dose not as planned", "dose not to be judged"
UNKNOWN_STOP, SUPPLY = "reason to stop not to be judged", "supply not as planned"
UNKNOWN_SUPPLY, SERIOUS = "supply not to be judged", "serious event"
MISSED, LATE = "contact missed", "contact held late"
VALUE, EVENT = "laboratory value without an event", "query about an event"
OTHER_QUERY, CHECK = "other query of the review", "edit check"
MATTERS: Final = (
    STOP, SERIOUS, DOSE, UNKNOWN_DOSE, UNKNOWN_STOP, SUPPLY, UNKNOWN_SUPPLY, MISSED, LATE, VALUE,
    EVENT, OTHER_QUERY, CHECK,
)  # fmt: skip
OF_DOMAIN: Final = {"LB": VALUE, "AE": EVENT}
"""What a query of the review counts as, by its DOMAIN; of any other it is an OTHER_QUERY."""
QUERIES: Final = (CHECK, VALUE, EVENT, OTHER_QUERY)
"""The matters that ask the site something: a form on entry, and the review of the record."""
UNDECIDED: Final = (UNKNOWN_DOSE, UNKNOWN_STOP, UNKNOWN_SUPPLY)
"""Decisions that could not be made."""
NOT_IN_WINDOW: Final = {"missed": MISSED, "overdue": MISSED, "done late": LATE}
"""What a contact is called that was not held by the end of its window, and what that counts as."""

Alert = tuple[str, date, str]
"""USUBJID, the day it is about, and the matter."""
Onsets = Mapping[tuple[str, int], date]
"""The days on which events began, by USUBJID and AESEQ, as far as they are known."""


@dataclass(frozen=True, slots=True)
class Burden:
    """The alerts, counted: a row for each subject, week and matter. WEEK 1 is that of the subject's
    first contact. `subjects` are all that were screened, `weeks` the weeks of the whole trial."""

    table: pl.DataFrame
    subjects: int
    weeks: int

    @property
    def alerts(self) -> int:
        return int(self.table["ALERTS"].sum())

    def of(self, matter: str) -> int:
        return int(self.table.filter(MATTER=matter)["ALERTS"].sum())

    @property
    def most_in_a_week(self) -> int:
        """Of one subject."""
        weeks = self.table.group_by("USUBJID", "WEEK").agg(pl.col("ALERTS").sum())
        return int(weeks["ALERTS"].max() or 0)  # type: ignore[arg-type]


def burden_of(
    review: Review, slips: Iterable[Slip], begun: dict[str, date], events: pl.DataFrame | None
) -> Burden:
    """The alerts of a review and of the edit checks that asked; `begun` has the day of the first
    contact of each subject, `events` are the rows of AE."""
    counted = Counter(
        (subject, (day - begun[subject]).days // 7 + 1, matter)
        for subject, day, matter in _alerts(review, slips, _onsets(events))
        if subject in begun
    )
    order = {matter: at for at, matter in enumerate(MATTERS)}
    rows = sorted(counted.items(), key=lambda found: (*found[0][:2], order[found[0][2]]))
    schema = {"USUBJID": pl.String, "WEEK": pl.Int64, "MATTER": pl.String, "ALERTS": pl.Int64}
    table = pl.DataFrame([(*key, n) for key, n in rows], schema=schema, orient="row")
    weeks = -(-((review.at - min(begun.values(), default=review.at)).days + 1) // 7)
    return Burden(table, len(begun), weeks)


def _onsets(events: pl.DataFrame | None) -> Onsets:
    """Nothing where a study has no events."""
    if events is None:
        return {}
    days = pl.col("AESTDTC").str.slice(0, len("2009-01-01")).str.to_date("%Y-%m-%d", strict=False)
    dated = events.select("USUBJID", "AESEQ", DAY=days).drop_nulls()
    return {(subject, number): day for subject, number, day in dated.rows()}


def _alerts(review: Review, slips: Iterable[Slip], onsets: Onsets) -> Iterator[Alert]:
    for row in review.stops.filter(WENTON="Y").to_dicts():
        yield row["USUBJID"], row["DATE"], STOP
    for row in review.stops_unknown.drop_nulls("FROM").to_dicts():
        yield row["USUBJID"], row["FROM"], UNKNOWN_STOP
    for row in review.serious_events.drop_nulls("AESTDTC").to_dicts():
        if row["STATUS"] != "reported" and len(row["AESTDTC"]) >= len("2009-01-01"):
            yield row["USUBJID"], date.fromisoformat(row["AESTDTC"][:10]), SERIOUS
    for frame, off, unknown in (
        (review.doses, DOSE, UNKNOWN_DOSE),
        (review.supplies, SUPPLY, UNKNOWN_SUPPLY),
    ):
        for row in frame.filter(pl.col("VERDICT") != "conforms").drop_nulls("DATE").to_dicts():
            yield row["USUBJID"], row["DATE"], off if row["VERDICT"] == "deviates" else unknown
    late = review.contacts.filter(pl.col("STATUS").is_in(list(NOT_IN_WINDOW)))
    for row in late.drop_nulls("TARGET").to_dicts():
        yield row["USUBJID"], row["TARGET"], NOT_IN_WINDOW[row["STATUS"]]
    for row in review.queries.to_dicts():
        began = onsets.get((row["USUBJID"], row["SEQ"])) if row["DOMAIN"] == "AE" else None
        day = row["DATE"] or began or review.at
        yield row["USUBJID"], day, OF_DOMAIN.get(row["DOMAIN"], OTHER_QUERY)
    yield from ((each.subject, each.entered, CHECK) for each in slips if each.found == "edit check")
