"""Synthetic subjects live under the rules: the tables, asked again about the finished data, give
every dose that was taken. What a table is told here comes from the datasets, not from the making.
"""

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from cohort_examples import SUBJECTS, cohort, datasets, step_on, study

from pilotage.rules import UNKNOWN, Decision, decide, decide_any

PROTOCOL = study().protocol
STEPS = [step.step for step in PROTOCOL.treatment.ladder]
COUNTS = ("NEUT", "WBC", "PLAT", "HGB")


@functools.cache
def of_subject(dataset: str, subject: str) -> list[dict[str, Any]]:
    frame = getattr(datasets(), dataset).filter(pl.col("USUBJID") == subject)
    if dataset == "adqs":
        frame = frame.filter(pl.col("PARAMCD").is_in(["CLASIACT", "SLEDAI"]))
    found: list[dict[str, Any]] = frame.to_dicts()
    return found


def rows(dataset: str, subject: str, **wanted: str) -> list[dict[str, Any]]:
    return [
        row
        for row in of_subject(dataset, subject)
        if all(row[column] == value for column, value in wanted.items())
    ]


def week_of(day: int) -> int | None:
    """The nominal week of a day of a cycle."""
    windows = PROTOCOL.analysis_windows
    later = [(week, 1 + 7 * week - 41, 1 + 7 * week + 42) for week in range(60, 400, 12)]
    every = [(w.week, w.first_day, w.last_day) for w in windows.rows] + later
    return 0 if day <= 1 else next((w for w, low, high in every if low <= day <= high), None)


@dataclass
class Replay:
    """A subject's standing, from the datasets and the decisions so far."""

    subject: str
    phase: str = "before start"
    step: str = "stop"
    ended: bool = False
    changes: list[date] = field(default_factory=list)
    relapses_in_taper: set[date] = field(default_factory=set)

    def contacts(self) -> Iterator[tuple[date, bool]]:
        """Every day with a visit (True) or only a blood count (False), from the first dose on."""
        start = rows("adsl", self.subject)[0]["TRTSDT"]
        mine = pl.col("USUBJID") == self.subject
        visits = set(cohort().tables["sv"].filter(mine)["SVSTDTC"].str.to_date())
        tests = {row["ADT"] for row in rows("adlb", self.subject, PARAMCD="NEUT")}
        yield from ((day, day in visits) for day in sorted(visits | tests) if day >= start)

    def state(self, day: date) -> dict[str, Any]:
        score = self._last("adqs", "CLASIACT", day, days=7)
        response = self._last("adrs", "OVRLRESP", day, days=7)
        relapses = [r["ADT"] for r in rows("adrs", self.subject, PARAMCD="RELAPSE")]
        seen = [d for d in relapses if d <= day]
        cleared = [r["ADT"] for r in rows("adrs", self.subject, PARAMCD="OVRLRESP", AVALC="CR")]
        open_since = [d for d in seen if not any(d < c <= day for c in cleared)]
        grades = {
            f"{code}.GRADE": self._last("adlb", code, day, days=30, column="ATOXGR")
            for code in COUNTS
        }
        change = self._last("adqs", "SLEDAI", day, days=30, column="CHG")
        return {
            "PHASE": self.phase,
            "DOSE_STEP": self.step,
            "WEEK": self._week(day),
            "WEEKS_AT_STEP": self._weeks_at_step(day),
            "RESPONSE": response,
            "BEST_RESPONSE": self._best(day),
            "RELAPSE": None if score is None else "yes" if open_since else "no",
            "TAPER_RELAPSES": sum(d in self.relapses_in_taper for d in seen),
            "SLEDAI.CHG": change,
            "SEX": "F",
            **grades,
        }

    def note_relapse(self, day: date) -> None:
        seen = {r["ADT"] for r in rows("adrs", self.subject, PARAMCD="RELAPSE")}
        if day in seen and self.phase in ("taper", "off treatment", "maintenance"):
            self.relapses_in_taper.add(day)

    def _last(
        self, dataset: str, parameter: str, day: date, *, days: int, column: str | None = None
    ) -> Any:
        """The last value up to a day that is not older than so many days."""
        column = column or ("AVALC" if dataset == "adrs" else "AVAL")
        known = [
            (row["ADT"], row[column])
            for row in rows(dataset, self.subject, PARAMCD=parameter)
            if row["ADT"] <= day and row["ADT"] >= day - timedelta(days=days)
        ]
        return max(known)[1] if known else None

    def _best(self, day: date) -> object:
        order = ["CR", "PR", "MR", "NR"]
        found = [
            row["AVALC"]
            for row in rows("adrs", self.subject, PARAMCD="OVRLRESP")
            if row["ADT"] <= day
        ]
        return min(found, key=order.index) if found else None

    def _week(self, day: date) -> int | None:
        begun = [r for r in rows("adex", self.subject) if r["ASTDT"] <= day and self.changes]
        if not begun:
            return 0
        cycle = max(r["CYCLE"] for r in begun)
        start = min(r["ASTDT"] for r in begun if r["CYCLE"] == cycle)
        return week_of((day - start).days + 1)

    def _weeks_at_step(self, day: date) -> int:
        return round((day - self.changes[-1]).days / 7) if self.changes else 0

    def carry_out(self, decision: Decision, day: date) -> None:
        before = self.step
        match decision.action:
            case "start" | "reintroduce":
                self.step, self.phase = decision.to or "", "treatment"
            case "raise":
                self.step = decision.to or ""
            case "lower":
                self.step = STEPS[STEPS.index(self.step) - 1]
                self.phase = "off treatment" if self.step == "stop" else "taper"
            case "maintain":
                self.step, self.phase = decision.to or "", "maintenance"
            case "stop":
                self.step, self.phase, self.ended = "stop", "off treatment", True
        if self.step != before:
            self.changes.append(day)


def stopped_by_event(subject: str) -> date | None:
    """The day on which an adverse event ended treatment."""
    terms = {row["AETERM"] for row in rows("adae", subject)}
    mine = cohort().tables["ds"].filter(pl.col("USUBJID") == subject)
    days = [row["DSSTDTC"] for row in mine.to_dicts() if row["DSTERM"] in terms]
    return date.fromisoformat(days[0]) if days else None


@pytest.mark.requirement("P-30", "P-31", "P-32", "P-33", "P-35", "P-36")
@pytest.mark.parametrize("subject", [f"SYN-{number:03d}" for number in range(1, SUBJECTS + 1)])
def test_every_dose_is_what_the_tables_say_at_that_contact(subject: str) -> None:
    replay, event = Replay(subject), stopped_by_event(subject)
    for day, visit in replay.contacts():
        if event and day >= event:
            replay.carry_out(Decision("stop"), event)
        if not replay.ended:
            replay.note_relapse(day)
            state = replay.state(day)
            stops = [d for d in decide_any(PROTOCOL.stopping, state) if d.action == "stop"]
            if stops and replay.step != "stop":
                replay.carry_out(stops[0], day)
            elif visit:
                replay.carry_out(decide(PROTOCOL.dosing, state), day)
        assert step_on(subject, day) == replay.step, day


@pytest.mark.requirement("P-36")
def test_no_dose_follows_a_stop() -> None:
    last = datasets().adex.group_by("USUBJID").agg(pl.col("AENDT").max())
    ends = cohort().tables["ds"].filter(pl.col("DSDECOD") != "COMPLETED")
    assert ends.height > 0
    both = ends.with_columns(pl.col("USUBJID").cast(pl.String)).join(last, on="USUBJID")
    assert both.filter(pl.col("AENDT") >= pl.col("DSSTDTC").str.to_date()).is_empty()


@pytest.mark.requirement("P-33", "P-35", "P-65")
def test_the_cohort_meets_the_situations_that_the_tables_are_about() -> None:
    """Otherwise the replay above would show nothing."""
    taken = datasets().adex
    assert set(taken["DOSESTEP"]) == set(STEPS) - {"stop"}
    assert taken["CYCLE"].max() >= 2  # type: ignore[operator]
    assert "RELAPSE" in datasets().adrs["PARAMCD"].to_list()
    assert UNKNOWN == "CANNOT ADVISE"
