"""Results by analysis, population and statistic: the only source of the report's numbers."""

from dataclasses import dataclass

import polars as pl

NOT_COLLECTED = "not collected"


@dataclass(frozen=True, slots=True)
class Found:
    """A row of results, as far as a report needs it."""

    id: str
    statistic: str
    value: float | None
    n: int | None
    text: str | None
    level: str | None
    visit_number: int | None
    visit: str | None
    at: float | None
    method: str | None
    missing: str | None
    unit: str | None
    parameter: str | None
    status: str
    reason: str | None


COLUMNS = (
    "RESULTID", "STATISTIC", "VALUE", "N", "TEXT", "LEVEL", "AVISITN", "AVISIT", "AT", "METHOD",
    "MISSING", "UNIT", "PARAMCD", "STATUS", "REASON",
)  # fmt: skip
"""The columns of results behind the fields of Found, in their order."""


class Lookup:
    """Rows of the results frame, grouped by analysis and population in the frame's order."""

    def __init__(self, results: pl.DataFrame) -> None:
        self._rows: dict[tuple[str, str], list[Found]] = {}
        self._one: dict[tuple[str, str, str, str | None, int | None], Found] = {}
        chosen = results.select("ANALYSIS", "POPULATION", *COLUMNS)
        for analysis, population, *values in chosen.iter_rows():
            found = Found(*values)
            self._rows.setdefault((analysis, population), []).append(found)
            if found.at is None:
                key = (analysis, population, found.statistic, found.level, found.visit_number)
                self._one.setdefault(key, found)

    def rows(self, analysis: str, population: str) -> list[Found]:
        return self._rows.get((analysis, population), [])

    def find(
        self,
        analysis: str,
        population: str,
        statistic: str,
        *,
        level: str | None = None,
        visit: int | None = None,
    ) -> Found | None:
        """The one row with the statistic (of a level, of a visit), or None. Points of curves have
        no place here: take them from `rows`."""
        return self._one.get((analysis, population, statistic, level, visit))

    def not_collected(self, analysis: str, population: str) -> Found | None:
        """The row that says that nobody collected the data of the analysis; else None."""
        rows = self.rows(analysis, population)
        return rows[0] if rows and rows[0].status == NOT_COLLECTED else None

    def nothing(self, analysis: str, population: str) -> Found | None:
        """The row that says why the analysis has no result in the population; else None."""
        rows = self.rows(analysis, population)
        return rows[0] if len(rows) == 1 and rows[0].value is None else None

    def levels(self, analysis: str, *populations: str) -> list[str | None]:
        """The levels of an analysis in any of the populations, in the order of the results."""
        rows = [row for population in populations for row in self.rows(analysis, population)]
        return list(dict.fromkeys(row.level for row in rows))

    def visits(self, analysis: str, *populations: str) -> list[tuple[int, str]]:
        """The analysis visits of an analysis in any of the populations, in order of time."""
        rows = [row for population in populations for row in self.rows(analysis, population)]
        found = {row.visit_number: row.visit or "" for row in rows if row.visit_number is not None}
        return sorted(found.items())


def value_of(row: Found | None) -> float | None:
    return None if row is None else row.value
